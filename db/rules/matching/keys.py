"""Key words by which a man can be found in an index, and those a description looks for.

Every key is lower-case a-z and 0-9 with a two-letter prefix, so that the plainest full-text tokenizer keeps
it whole.
"""

from typing import NamedTuple

from db.rules import plates
from db.rules.matching.normal import Normal
from db.rules.names import classes, skeleton
from db.rules.names.classes import stems


class Key(NamedTuple):
    """A key and about how many bits finding it is worth, before its frequency is looked up."""

    word: str
    bits: float


def _less(word: str) -> list[str]:
    """Return the word and its one-delete neighbours: two that share one are at most two edits apart."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def _safe(prefix: str, word: str) -> str:
    plain = "".join(c if c.isascii() and c.isalnum() else f"u{ord(c):x}" for c in word.lower())
    return prefix + plain


def _name(part: str) -> list[str]:
    found = [_safe("nt", part)]
    found += [_safe("nc", name) for name in sorted(classes(part))]
    found += [_safe("ns", bones) for bones in [skeleton(part)] if len(bones) >= 2]
    if len(part) >= 4:
        found += [_safe("nd", less) for less in _less(part)]
    for stem in sorted(stems(part)):
        found.append(_safe("nt", stem))
        found += [_safe("nc", name) for name in sorted(classes(stem))]
    return found


def _phone(number: str) -> list[str]:
    digits = "".join(c for c in number if c.isdigit())
    if "?" in number or "*" in number.strip("*"):
        return []
    if not number.startswith("*") and not number.endswith("*"):
        ends = [f"ph{digits}", f"pf{digits[:5]}", f"pl{digits[-5:]}", f"pe{digits[-4:]}"]
        return ends + [f"pd{less}" for less in _less(digits)[1:]]
    if number.endswith("*"):
        return [f"pf{digits[:5]}"] if len(digits) >= 5 else []
    return ([f"pl{digits[-5:]}"] if len(digits) >= 5 else []) + (
        [f"pe{digits[-4:]}"] if len(digits) >= 4 else []
    )


def _plate(pattern: str) -> list[str]:
    symbols = plates.symbols(pattern)
    chars = [plates.fold(s).lower() if len(s) == 1 and s not in "?*" else "" for s in symbols]
    found: list[str] = []
    if all(chars) and "~" not in pattern:
        found += [f"vd{less}" for less in _less("".join(chars))]
    for at in range(len(chars) - 2):
        if all(chars[at : at + 3]):
            found.append("vt" + "".join(chars[at : at + 3]))
    if "*" in symbols or "~" in pattern or len(symbols) < 6:
        return found
    for at in range(len(chars)):
        for skip in (1, 2):
            if at + skip < len(chars) and chars[at] and chars[at + skip]:
                found.append(f"v{'xy'[skip - 1]}{at}{chars[at]}{chars[at + skip]}")
    return found


def _born(normal: Normal) -> list[str]:
    born = normal.get("born", [])
    if not born:
        return []
    year, month, day = born
    found = [f"dy{year}"]
    if month:
        found.append(f"dm{year}{month:02d}")
    if month and day:
        found += [f"dd{year}{month:02d}{day:02d}", f"dd{year}{day:02d}{month:02d}", f"dn{month:02d}{day:02d}"]
    return found


def _bands(low: float, high: float, step: float) -> list[int]:
    return list(range(int(low // step), int(high // step) + 1))[:6]


def _body(normal: Normal) -> list[str]:
    """Return composite keys of age, height, build, hair and accent: single ones are too common."""
    years, tall = normal.get("years", []), normal.get("height", [])
    ages = [f"a{band}" for band in _bands(years[0] - 3, years[1] + 3, 10)] if years else []
    heights = [f"h{band}" for band in _bands(tall[0] - 3, tall[1] + 3, 8)] if tall else []
    builds = [code.split(".")[1] for code in normal.get("build", [])]
    hair = [code.split(".")[1] for code in normal.get("hair", [])]
    accents = [code.split(".")[1] for code in normal.get("accent", [])]
    found = [f"bh{a}{h}{b}" for a in ages for h in heights for b in builds]
    found += [f"ba{a}{x}" for x in accents for a in (*ages, *heights)]
    found += [f"bb{a}{b}{x}" for a in ages for b in builds for x in hair]
    return found


def _words(normal: Normal) -> list[str]:
    found = []
    for mark in normal.get("marks", []):
        plain = [concept.replace(".", "") for concept in mark if not concept.startswith("side.")]
        found += [_safe("mk", one) for one in plain]
        found += [_safe("mp", a + b) for i, a in enumerate(plain) for b in plain[i + 1 :] if a[:4] != b[:4]]
    found += [_safe("mo", concept.replace(".", "").replace("_", "")) for concept in normal.get("ways", [])]
    found += [_safe("ac", code.split(".")[1]) for code in normal.get("accent", [])]
    return found + [_safe("pw", word) for word in normal.get("sector", [])]


def _cars(normal: Normal) -> list[str]:
    found = []
    for car in normal.get("cars", []):
        found += _plate(car["vrm"])
        found += [f"cm{_safe('', code)}" for code in car["models"]]
        found += [
            f"cc{_safe('', a)}{_safe('', b)}" for a in (*car["makes"], *car["bodies"]) for b in car["colours"]
        ]
    return found


def keys(normal: Normal) -> list[str]:
    """Return the key words of a stored form, each once, in a fixed order."""
    found = [key for name in normal.get("names", []) for part in name for key in _name(part)]
    found += [key for number in normal.get("phones", []) for key in _phone(number)]
    return list(dict.fromkeys([*found, *_born(normal), *_body(normal), *_words(normal), *_cars(normal)]))


_BITS = {
    "nt": 8, "nc": 6, "ns": 5, "nd": 6, "ph": 20, "pd": 16, "pf": 4, "pl": 14, "pe": 11, "vd": 20, "vt": 9,
    "vx": 4, "vy": 4, "dd": 13, "dm": 8, "dn": 8, "dy": 5, "bh": 6, "ba": 5, "bb": 6, "mk": 3, "mp": 7,
    "mo": 3, "ac": 2, "pw": 2, "cm": 5, "cc": 5,
}  # fmt: skip


def query_keys(normal: Normal) -> list[Key]:
    """Return the keys a description looks for, dearest first; the index orders them again by rarity."""
    return sorted((Key(word, float(_BITS[word[:2]])) for word in keys(normal)), key=lambda key: -key.bits)
