"""The coded lists as data: each code with its label, its source and the date it is valid from.

A list is one small file under vocabulary/, read when it is first asked for. What a unit adds to a list
stands in its settings and is handed in; hard stops and never-held fields can be neither changed nor named.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from db.errors import NotFound, Refused

_FOLDER = Path(__file__).with_name("vocabulary")
Added = frozenset[tuple[str, str]]  # what a unit adds: (vocabulary, code)
NONE: Added = frozenset()

_NO_LISTS = frozenset({"never_held", "pseudonyms", "sets"})


class Entry(NamedTuple):
    """A code of a list. ``more`` holds what only some lists say: mode, act, group, stop, rule, kind ..."""

    code: str
    label: str
    source: str
    valid_from: str
    valid_to: str | None
    more: dict[str, str]


class Vocabulary(NamedTuple):
    """A whole list, its codes in their order (for ordered lists, rising)."""

    name: str
    title: str
    source: str
    entries: dict[str, Entry]


class CodeSet(NamedTuple):
    """A named set of codes, whose label is printed under each figure made from it."""

    label: str
    of: str
    codes: frozenset[str]


@cache
def names() -> tuple[str, ...]:
    """Return the names of all lists."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml") if file.stem not in _NO_LISTS))


@cache
def vocabulary(name: str) -> Vocabulary:
    """Return a whole list.

    Raises:
        NotFound: there is no such list.
    """
    if not re.fullmatch("[a-z_]+", name) or name in _NO_LISTS or not (_FOLDER / f"{name}.toml").exists():
        raise NotFound(f"There is no list of codes of that name; the lists are {', '.join(names())}.")
    raw = _read(name)
    source, since = str(raw["source"]), str(raw["valid_from"])
    entries = {}
    for code, given in cast("dict[str, str | dict[str, object]]", raw["codes"]).items():
        more = (
            {"label": given} if isinstance(given, str) else {key: str(value) for key, value in given.items()}
        )
        entries[code] = Entry(
            code,
            more.pop("label"),
            more.pop("source", source),
            more.pop("valid_from", since),
            more.pop("valid_to", None),
            more,
        )
    return Vocabulary(name, str(raw["title"]), source, entries)


def codes(name: str) -> dict[str, str]:
    """Return the codes of a list with their labels, in the list's order."""
    return {entry.code: entry.label for entry in vocabulary(name).entries.values()}


def entry(name: str, code: str) -> Entry:
    """Return one code of a list.

    Raises:
        NotFound: the list, or the code in it, does not exist.
    """
    found = vocabulary(name).entries.get(code)
    if found is None:
        raise NotFound(f"The list {name} has no such code; it has {', '.join(vocabulary(name).entries)}.")
    return found


def stop(code: str) -> str:
    """Return the text of a hard stop or prompt: one line that says what to do."""
    return entry("hard_stop", code).label


def check(name: str, code: str, added: Collection[str] = ()) -> None:
    """Refuse what is no code of that list, and a code behind which stands a hard stop.

    Args:
        name: the list.
        code: what was given; it is never repeated, the message names the nearest codes.
        added: the codes that the unit's settings add.
    """
    entries = vocabulary(name).entries
    near = entries.get(code) or entries.get(plain(code))
    if near is not None and (behind := near.more.get("stop")):
        raise Refused(stop(behind))
    if code in entries:
        return
    if name == "recipient" and (refused := forbidden_recipient(code)):
        raise Refused(refused)
    if code not in added:
        raise Refused(f"{name} takes only its codes; {_nearest(name, code, [*codes(name), *added])}.")


def _nearest(name: str, code: str, known: list[str]) -> str:
    from difflib import get_close_matches

    folded = {one.casefold(): one for one in known}
    near = get_close_matches(plain(code), folded, n=3, cutoff=0.5)
    if near:
        return f"nearest: {', '.join(folded[one] for one in near)}"
    return (
        f"they are {', '.join(known)}"
        if len(known) <= 12
        else f"see `beech vocabulary list {name}` for all {len(known)}"
    )


@cache
def sets() -> dict[str, CodeSet]:
    """Return the named sets of codes that figures are made from (caution, arrest or charge ...)."""
    raw = cast("dict[str, dict[str, object]]", _read("sets"))
    return {
        name: CodeSet(str(one["label"]), str(one["of"]), frozenset(cast("list[str]", one["codes"])))
        for name, one in raw.items()
    }


def wording() -> Entry:
    """Return the words to be read to her before anything is written; the code is their version's id."""
    return [one for one in vocabulary("wording").entries.values() if one.valid_to is None][-1]


# --- what must not be held, and must not be told -----------------------------------------------------


@cache
def never_held() -> dict[str, str]:
    """Return the fields that do not exist because they could harm her, synonyms included, with the reason."""
    return _reasoned("fields")


def forbidden(field: str) -> str | None:
    """Return the sentence that refuses a field that is never held, or None.

    Ask only about a name that the record's kind does not have: `offence` is a field of an action and
    never one of a woman. Case, blanks, hyphens and camel case make no difference.
    """
    name = plain(field)
    known = never_held()
    found = next(
        (one for one in (name, name.removeprefix("her_"), name.removesuffix("s")) if one in known), None
    )
    return None if found is None else f"The field {found} is never held here: {known[found]}."


_ENFORCERS = re.compile(
    r"\bimmigration (?:and )?(?:enforcement|compliance|service|officers?|removals?|team)"
    r"|\bborder (?:force|agency)|\bukvi\b|\bukba\b|\buk visas\b|\bdeportation|\bice\b"
)


def forbidden_recipient(code: str) -> str | None:
    """Return the sentence that refuses a recipient whatever a unit's settings say, or None.

    A service that gives advice on immigration is none of these.
    """
    said = plain(code)
    refused = _reasoned("recipients")
    reason = refused.get(said) or (
        refused["immigration"] if _ENFORCERS.search(said.replace("_", " ")) else None
    )
    return None if reason is None else f"Immigration enforcement is never a recipient: {reason}."


@cache
def _reasoned(table: str) -> dict[str, str]:
    raw = cast("dict[str, dict[str, str]]", _read("never_held"))
    grouped = cast("dict[str, list[str]]", raw[table])
    return {name: raw["reasons"][group] for group, listed in grouped.items() for name in listed}


def plain(text: str) -> str:
    """Return a name in its plain spelling: `homeAddress`, `Home Address` -> `home_address`."""
    spaced = (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text.strip()).casefold().replace("'", "").replace("\u2019", "")
    )
    return re.sub(r"[^a-z0-9]+", "_", spaced).strip("_")


# --- words -------------------------------------------------------------------------------------------


@cache
def pseudonyms() -> tuple[str, ...]:
    """Return neutral nouns for pseudonyms such as `Willow-27`."""
    return tuple(cast("list[str]", _read("pseudonyms")["words"]))


@cache
def passphrase_words() -> tuple[str, ...]:
    """Return 4096 short common English words for generated passphrases.

    Drawn by a cryptographic random source, with repeats allowed, each word is 12 bits: six words are 72.
    """
    return tuple((_FOLDER / "passphrase_words.txt").read_text("ascii").split())


def _read(name: str) -> dict[str, object]:
    import tomllib  # two milliseconds that a command without codes does not spend

    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
