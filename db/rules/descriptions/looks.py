"""Build, hair, facial hair, accent and appearance as codes of the word list."""

from db.rules.descriptions.lexicon import nearby, scan

_HAIR = ("haircolour", "hairlength", "hairkind")


def read_codes(text: str, kind: str) -> list[str]:
    """Return the codes of one *kind* (build, face, accent, eth) that *text* names, in the order said.

    "No beard" is clean shaven; any other denied word says nothing.
    """
    found, _ = scan("words", text)
    codes = [f"{kind}.{f.code}" for f in found if f.kind == kind and not f.denied]
    if kind == "face" and not codes and any(f.kind == kind and f.denied for f in found):
        codes = ["face.clean"]
    return list(dict.fromkeys(codes))


def read_hair(text: str) -> list[str]:
    """Return the codes of hair colour, length and kind that *text* names."""
    found, _ = scan("words", text)
    codes = [f"{f.kind}.{f.code}" for f in found if f.kind in _HAIR and not f.denied]
    return list(dict.fromkeys(codes))


def near(code: str) -> frozenset[str]:
    """Return the codes that a witness may say for this one."""
    return nearby("words", code)
