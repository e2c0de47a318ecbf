"""Key words by which a man is found in an index, and those that a description looks for.

Every key is lower-case a-z and 0-9 with a two-letter prefix, so that the plainest full-text tokenizer keeps
it whole. A name has one key a part: what it may be heard as is looked up among the parts that are there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from db.rules import plates
from db.rules.descriptions import looks
from db.rules.matching.normal import Normal
from db.rules.names import less_one, skeleton, spoken
from db.rules.names.classes import stems

YEARS, CENTIMETRES = 5, 4  # how wide the bands of birth years and heights are


class Group(NamedTuple):
    """Keys of which any will do, what fact they are of, and bits they are worth less than the very fact.

    Groups about one fact are other ways to say it. A key that ends in ``*`` is the beginning of one.
    """

    about: str
    words: tuple[str, ...]
    cost: float


def name_key(part: str) -> str:
    """Return the key of a part of a name."""
    return _safe("nt", part)


def _safe(prefix: str, word: str) -> str:
    word = word.lower()
    if word.isascii() and word.isalnum():
        return prefix + word
    return prefix + "".join(c if c.isascii() and c.isalnum() else f"u{ord(c):x}" for c in word)


def bones(part: str) -> list[str]:
    """Return what a part of a name is looked up by when it was misheard, misspelt or made a street form."""
    found = [f"s{skeleton(part)}"] if len(skeleton(part)) >= 2 else []
    if len(part) >= 3:
        found += [f"d{less}" for whole in (part, spoken(part)) for less in less_one(whole) if len(less) >= 2]
    found += [f"e{stem}" for stem in stems(part)]
    return sorted(set(found))


# telephones, births, bands


def _whole(number: str) -> bool:
    return "?" not in number and "*" not in number


def _phone(number: str) -> list[str]:
    digits = "".join(c for c in number if c.isdigit())
    if _whole(number):
        return [f"ph{digits}", f"pr{digits[::-1]}", *(f"pq{quad}" for quad in _quads(digits[-8:]))]
    heard = number.strip("*")
    if not heard.isdigit() or len(heard) < 4:
        return []
    ending = number.startswith("*") and not number.endswith("*")
    beginning = number.endswith("*") and not number.startswith("*")
    return [f"pr{heard[::-1]}"] * ending + [f"ph{heard}"] * beginning + [f"pq{q}" for q in _quads(heard[-8:])]


def _quads(digits: str) -> list[str]:
    return [digits[at : at + 4] for at in range(len(digits) - 3)]


def _phone_groups(number: str) -> list[Group]:
    digits = number.strip("*")
    if not digits.isdigit() or len(digits) < 3:
        runs = [run for run in digits.replace("?", "*").split("*") if len(run) >= 4]
        return [Group("telephones", (f"pq{run[-4:]}",), 2.0) for run in runs]
    back = digits[::-1]
    if number.startswith("*"):
        said = [Group("telephones", (f"pr{back}*",), 0.0)]
        said += [Group("telephones", (f"pr{back[:4]}*",), 2.0)] if len(digits) > 4 else []
        return said + [Group("telephones", tuple(f"pq{q}" for q in _quads(digits)), 2.0)] * (len(digits) >= 4)
    if number.endswith("*"):
        return [Group("telephones", (f"ph{digits}*",), 0.0)]
    endings = tuple(f"pr{back[:length]}" for length in range(4, len(digits)))
    beginnings = tuple(f"ph{digits[:length]}" for length in range(5, len(digits)))
    return [
        Group("telephones", (f"ph{digits}",), 0.0),
        Group("telephones", (*endings, *beginnings), 4.0),
        Group("telephones", (f"pr{back[:4]}*",), 4.0),
        Group("telephones", (f"ph{digits[:7]}*",), 8.0),
    ]


def _born(normal: Normal) -> list[str]:
    born = normal.get("born", [])
    if not born:
        return []
    year, month, day = born
    found = [f"dy{year}"]
    if month:
        found.append(f"dm{year}{month:02d}")
    if month and day:
        found += [f"dd{year}{month:02d}{day:02d}", f"dn{month:02d}{day:02d}", f"dx{year}{day:02d}"]
    return found


def _born_groups(normal: Normal) -> list[Group]:
    born = normal.get("born", [])
    if not born:
        return []
    year, month, day = born
    if not (month and day):
        return [Group("born", (f"dm{year}{month:02d}" if month else f"dy{year}",), 0.0)]
    parts = (f"dm{year}{month:02d}", f"dn{month:02d}{day:02d}", f"dx{year}{day:02d}")
    return [
        Group("born", (f"dd{year}{month:02d}{day:02d}",), 0.0),
        Group("born", (f"dd{year}{day:02d}{month:02d}",), 3.0),
        *(Group("born", (word,), 2.0) for word in parts),
        *([] if normal.get("years") else [Group("born", (f"dy{year}",), 1.0)]),
    ]


def _bands(low: float, high: float, step: int) -> list[int]:
    return list(range(int(low // step), int(high // step) + 1))[:8]


# looks, ways, cars

_CODED = (("bd", "build"), ("hr", "hair"), ("fc", "face"), ("ac", "accent"))


@lru_cache(maxsize=20_000)
def _code(prefix: str, code: str) -> str:
    return _safe(prefix, code.replace(".", "").replace("_", ""))


def _body(normal: Normal) -> list[str]:
    years, tall = normal.get("years", []), normal.get("height", [])
    found = [f"ag{band}" for band in _bands(years[0], years[1], YEARS)] if years else []
    found += [f"hb{band}" for band in _bands(tall[0], tall[1], CENTIMETRES)] if tall else []
    for prefix, field in _CODED:
        found += [_code(prefix, code) for code in normal.get(field, [])]  # type: ignore[attr-defined]
    return found


def _body_groups(normal: Normal) -> list[Group]:
    years, tall, found = normal.get("years", []), normal.get("height", []), []
    if years:
        bands = _bands(years[0] - 2, years[1] + 2, YEARS)
        found.append(Group("age", tuple(f"ag{band}" for band in bands), 0.5))
    if tall:
        bands = _bands(tall[0] - 2, tall[1] + 2, CENTIMETRES)
        found.append(Group("height", tuple(f"hb{band}" for band in bands), 0.5))
    for prefix, field in _CODED:
        for code in normal.get(field, []):  # type: ignore[attr-defined]
            about = code.split(".", 1)[0]
            found.append(Group(about, (_code(prefix, code),), 0.5))
            near = tuple(sorted(_code(prefix, other) for other in looks.near(code)))
            found += [Group(about, near, 1.5)] if near else []
    return found


def _pairs(mark: list[str]) -> list[str]:
    plain = [concept for concept in mark if not concept.startswith("side.")]
    return [_code("mp", a + b) for i, a in enumerate(plain) for b in sorted(plain[i + 1 :]) if a[:4] != b[:4]]


def _words(normal: Normal) -> list[str]:
    found = []
    for mark in normal.get("marks", []):
        found += [_code("mk", one) for one in mark if not one.startswith("side.")]
        found += _pairs(sorted(mark))
    found += [_code("mo", concept) for concept in normal.get("ways", [])]
    return found + [_safe("pw", word) for word in normal.get("sector", [])]


def _word_groups(normal: Normal) -> list[Group]:
    found = []
    for place, mark in enumerate(normal.get("marks", [])):
        telling = [one for one in mark if not one.startswith("side.")]
        found += [Group(f"mark {place} {one}", (_code("mk", one),), 0.5) for one in telling]
        found += [Group(f"mark {place} {pair}", (pair,), 1.0) for pair in _pairs(sorted(mark))]
    found += [Group(f"mo {one}", (_code("mo", one),), 1.0) for one in normal.get("ways", [])]
    return found + [Group(f"sector {word}", (_safe("pw", word),), 1.0) for word in normal.get("sector", [])]


def _plate_chars(pattern: str) -> list[str]:
    symbols = plates.symbols(pattern)
    return [plates.fold(s).lower() if len(s) == 1 and s not in "?*" else "" for s in symbols]


def _plate(pattern: str) -> list[str]:
    symbols, chars = plates.symbols(pattern), _plate_chars(pattern)
    found = [f"vc{char}" for char in sorted(set(chars) - {""})]
    if "~" in pattern:
        return found
    if all(chars):
        found += [f"vd{less}" for less in less_one("".join(chars))]
    for at in range(len(chars) - 2):
        if all(chars[at : at + 3]):
            found.append("vt" + "".join(chars[at : at + 3]))
    return found if "*" in symbols or len(symbols) < 6 else found + _in_place(chars)


def _in_place(chars: list[str]) -> list[str]:
    """Return the pairs of characters, next to each other or with one between, with where they stand."""
    return [
        f"v{'xy'[skip - 1]}{at}{chars[at]}{chars[at + skip]}"
        for at in range(len(chars))
        for skip in (1, 2)
        if at + skip < len(chars) and chars[at] and chars[at + skip]
    ]


def _plate_groups(pattern: str, car: int) -> list[Group]:
    found = _plate(pattern)
    if "~" in pattern:
        return [Group(f"plate {car} {word}", (word,), 0.0) for word in found]
    found = [word for word in found if not word.startswith("vc")]
    whole = [word for word in found if word.startswith("vd")]
    groups = [Group(f"plate {car}", (whole[0],), 0.0)] if whole else []
    groups += [Group(f"plate {car} near", tuple(whole[1:]), 2.0)] if len(whole) > 4 else []
    groups += [Group(f"plate {car} {word}", (word,), 4.0) for word in found if not word.startswith("vd")]
    symbols, chars = plates.symbols(pattern), _plate_chars(pattern)
    if "*" not in symbols and 3 <= len(symbols) < 6 and all(chars):
        groups += _swapped("".join(chars), car)
    if 3 <= len(symbols) < 6 and "*" not in symbols and not all(chars) and chars[0]:
        groups += _placed(chars, car)
    return groups


def _swapped(chars: str, car: int) -> list[Group]:
    """Return the runs that a short part has once two neighbours in it change places."""
    runs: set[str] = set()
    for at in range(len(chars) - 1):
        other = chars[:at] + chars[at + 1] + chars[at] + chars[at + 2 :]
        runs.update(f"vt{other[i : i + 3]}" for i in range(len(other) - 2))
    runs -= {f"vt{chars[i : i + 3]}" for i in range(len(chars) - 2)}
    return [Group(f"plate {car} swapped", (run,), 6.0) for run in sorted(runs)]


def _placed(chars: list[str], car: int) -> list[Group]:
    """Return the pairs of a part that has a gap, as they stand at the beginning of a plate."""
    return [
        Group(f"plate {car} {pair[2]} {'xy'.index(pair[1]) + 1}", (pair,), 1.0) for pair in _in_place(chars)
    ]


_CAR = (("ck", "makes"), ("cm", "models"), ("cb", "bodies"), ("co", "colours"))


def _cars(normal: Normal) -> list[str]:
    found = []
    for car in normal.get("cars", []):
        found += _plate(car["vrm"])
        for prefix, field in _CAR:
            found += [_safe(prefix, code.replace("_", "")) for code in car[field]]  # type: ignore[literal-required]
    return found


def _car_groups(normal: Normal) -> list[Group]:
    found = []
    for number, car in enumerate(normal.get("cars", [])):
        found += _plate_groups(car["vrm"], number)
        for prefix, field in _CAR:
            words = tuple(_safe(prefix, code.replace("_", "")) for code in car[field])  # type: ignore[literal-required]
            found += [Group(f"{field} {number}", words, 0.5)] if words else []
    return found


def keys(normal: Normal) -> list[str]:
    """Return the key words of a stored form, each once, in a fixed order."""
    found = [name_key(part) for name in normal.get("names", []) for part in name if len(part) > 1]
    found += [key for number in normal.get("phones", []) for key in _phone(number)]
    return list(dict.fromkeys([*found, *_born(normal), *_body(normal), *_words(normal), *_cars(normal)]))


def groups(normal: Normal) -> list[Group]:
    """Return what a description looks for, but for names: those are looked up among the parts there are."""
    found = [group for number in normal.get("phones", []) for group in _phone_groups(number)]
    found += [*_born_groups(normal), *_body_groups(normal), *_word_groups(normal), *_car_groups(normal)]
    return list(dict.fromkeys(found))
