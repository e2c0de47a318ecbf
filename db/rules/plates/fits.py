"""How well a pattern fits a plate, in bits, with the words that say why.

A small alignment: look-alikes cost little, one wrong, missing, extra or swapped character costs much, two
of them nearly all. Exact and nearly exact never tie, whatever the caller caps.
"""

from functools import lru_cache
from typing import NamedTuple

from db.rules.plates.formats import fold, worth
from db.rules.plates.patterns import symbols

_GLYPH = ("O0", "I1")
_PAIR = ("0ODQ", "1IL", "8B", "5S", "2Z", "6G", "VY")
_LOOSE = (
    "38B",
    "EF",
    "FP",
    "HKMR",
    "TVY",
    "MNW",
    "UV",
    "CG",
    "71T",
    "4A",
    "DB",
    "XK",
    "UO",
    "CO",
    "RP",
    "JI",
)
_PAIR_READ, _LOOSE_READ = (
    1.8,
    -1.0,
)  # a misreading that happens is a little evidence, a rare one a little against
_WRONG, _GAP, _SWAP, _SECOND = 4.5, 4.5, 4.0, 2.5
_NEVER = -99.0


class Fit(NamedTuple):
    """Bits for the fit (nought: it does not fit), how many characters are out, and the words for it."""

    bits: float
    errors: int
    why: str


@lru_cache(maxsize=4096)
def _alike(a: str, b: str) -> float | None:
    """Return the bits of *a* read for *b*; ``None`` where nobody would (source: domain.md 8.2)."""
    for groups, bits in ((_GLYPH, 3.0), (_PAIR, _PAIR_READ), (_LOOSE, _LOOSE_READ)):
        if any(a in group and b in group for group in groups):
            return bits
    return None


# A place in the table of an alignment: bits and errors so far, the symbols and characters last used. A plain
# tuple: every plate that is weighed makes some fifty.
_Place = tuple[float, int, tuple[int, int]]
_NOWHERE: _Place = (_NEVER, 9, (0, 0))
_BOTH, _SWAPPED, _NEEDLESS, _MISSING = (1, 1), (2, 2), (1, 0), (0, 1)


@lru_cache(maxsize=8192)
def _one(symbol: str, char: str, value: float) -> tuple[float, int]:
    """Return the bits of one symbol against one character worth *value*, and whether it is an error."""
    if symbol == "?" or char == "?":
        return 0.0, 0
    if symbol == char:
        return value, 0
    if len(symbol) > 1:
        return (value - 1.0, 0) if char in symbol else (-_WRONG, 1)
    bits = _alike(symbol, char)
    return (-_WRONG, 1) if bits is None else (min(bits, value - 0.4), 0)


def _end_cost(asked: tuple[str, ...]) -> float:
    """Return what a character beyond the pattern's ends costs: little where it is plainly part of a plate."""
    if "*" in asked:
        return _GAP
    if len(asked) <= 5 or (len(asked) == 6 and "?" in (asked[0], asked[-1])):
        return 0.35
    return 2.2 if len(asked) == 6 else _GAP


def _beyond(asked: tuple[str, ...], i: int, ends: float) -> tuple[float, int]:
    """Return what a character between asked[i - 1] and asked[i] costs, and whether it is an error."""
    if asked[i : i + 1] == ("*",):
        return 0.0, 0
    return (-ends, 0) if ends < _GAP and i in (0, len(asked)) else (-_GAP, 1)


def _align(asked: tuple[str, ...], found: str, most: int) -> list[list[_Place]]:
    """Return the table of the best alignment of a pattern with a plate, of those with at most so many errors.

    It has len(asked) + 1 rows of len(found) + 1 places; the last of all is what came out.
    """
    values, ends = worth(found), _end_cost(asked)
    first: list[_Place] = [(0.0, 0, (0, 0)), *[_NOWHERE] * len(found)]
    table = [_along(first, _beyond(asked, 0, ends), most)]
    for i, symbol in enumerate(asked, 1):
        row = _skipped(symbol, table[-1], most)
        if symbol != "*":
            row = _read(symbol, found, values, (table[-1], row), most)
        if i > 1:
            _swap(asked[i - 2 : i], found, values, (table[-2], row), most)
        table.append(_along(row, _beyond(asked, i, ends), most))
    return table


def _skipped(symbol: str, above: list[_Place], most: int) -> list[_Place]:
    """Return the row after a symbol that no character stands for."""
    if symbol == "*":
        return [(bits, errors, _NEEDLESS) for bits, errors, _ in above]
    return [
        (bits - (_GAP + _SECOND if errors else _GAP), errors + 1, _NEEDLESS) if errors < most else _NOWHERE
        for bits, errors, _ in above
    ]


def _read(
    symbol: str, found: str, values: tuple[float, ...], rows: tuple[list[_Place], list[_Place]], most: int
) -> list[_Place]:
    """Return the row where the symbol is read for a character, or stays without one, as in the second row."""
    above, skipped = rows
    row = skipped[:1]
    for char, value, (bits, errors, _), other in zip(found, values, above, skipped[1:], strict=False):
        gain, wrong = _one(symbol, char, value)
        after = bits + gain - (_SECOND if wrong and errors else 0.0)
        better = errors + wrong <= most and after >= other[0]
        row.append((after, errors + wrong, _BOTH) if better else other)
    return row


def _swap(
    pair: tuple[str, ...],
    found: str,
    values: tuple[float, ...],
    rows: tuple[list[_Place], list[_Place]],
    most: int,
) -> None:
    """Put into the second row where a pair was read the other way round; the first row stands before both."""
    before, row = rows
    turned = pair[1] + pair[0]
    at = found.find(turned) if pair[0] != pair[1] else -1
    while at >= 0:
        bits, errors, _ = before[at]
        after = bits + values[at] + values[at + 1] - (_SWAP + _SECOND if errors else _SWAP)
        if errors < most and after >= row[at + 2][0]:
            row[at + 2] = (after, errors + 1, _SWAPPED)
        at = found.find(turned, at + 1)


def _along(row: list[_Place], beyond: tuple[float, int], most: int) -> list[_Place]:
    """Return the row where characters may also stand for no symbol."""
    gain, wrong = beyond
    said = [row[0]]
    for place in row[1:]:
        bits, errors, _ = said[-1]
        after = bits + gain - (_SECOND if wrong and errors else 0.0)
        better = errors + wrong <= most and after > place[0]
        said.append((after, errors + wrong, _MISSING) if better else place)
    return said


def _words(asked: tuple[str, ...], found: str, table: list[list[_Place]]) -> list[str]:
    """Return in words how a pattern differs from a plate, from its beginning on."""
    i, j = len(asked), len(found)
    said: list[str] = []
    while i or j:
        used, eaten = table[i][j][2]
        i, j = i - used, j - eaten
        said.append(_word(asked, found, (i, j), (used, eaten)))
    return [word for word in reversed(said) if word]


def _word(asked: tuple[str, ...], found: str, place: tuple[int, int], step: tuple[int, int]) -> str:
    i, j = place
    if step == _SWAPPED:
        return f"{asked[i]} and {asked[i + 1]} swapped"
    if step == _NEEDLESS:
        return "" if asked[i] in ("?", "*") else f"{asked[i]} too many"
    if step == _MISSING:
        return f"{found[j]} missing" if _beyond(asked, i, _end_cost(asked))[1] else ""
    symbol, char = asked[i], found[j]
    if "?" in (symbol, char) or char in symbol:
        return ""
    if len(symbol) > 1:
        return f"{char} is none of {symbol}"
    return f"{symbol} {'for' if _alike(symbol, char) is None else 'read for'} {char}"


def _anyhow(chars: str, found: str) -> Fit:
    left, bits = list(found), 0.0
    for char in chars:
        if char not in left:
            return Fit(0.0, 9, "does not have all of them")
        left.remove(char)
        bits += 0.8 if char.isdigit() else 1.8
    return Fit(bits, 0, f"has {', '.join(chars)}")


def _said(asked: str, steps: list[str], known: int) -> str:
    if steps:
        return "; ".join(steps)
    if "*" in asked or "?" in asked or "[" in asked or known < 5:
        return f"{known} known characters fit"
    return "part of the plate"


def _hopeless(asked: tuple[str, ...], found: str, most: int) -> bool:
    from rapidfuzz.distance import LCSseq

    seen = fold("".join(s for s in asked if len(s) == 1 and s not in "?*"))
    loose = 2 if len(seen) >= 6 else 1
    return LCSseq.similarity(seen, fold(found)) < len(seen) - most - loose


@lru_cache(maxsize=131072)
def compare(asked: str, found: str) -> Fit:
    """Weigh a pattern against a stored plate, itself perhaps partial.

    Up to four known characters allow no error, five and six one, seven two.
    """
    if "~" in asked:
        return _anyhow("".join(symbols(asked)).replace("?", "").replace("*", ""), found)
    if "*" in found and "*" not in asked:
        asked, found = found, asked
    held = "".join(s if len(s) == 1 else "?" for s in symbols(found) if s != "*")
    wanted = symbols(asked)
    if asked == held and "?" not in asked:
        return Fit(sum(worth(held)), 0, "same plate")
    known = sum(1 for s in wanted if s not in ("?", "*"))
    most = 0 if known <= 4 else 1 if known <= 6 else 2
    if not held or not known or ("?" not in held and _hopeless(wanted, held, most)):
        return Fit(0.0, 9, "another plate")
    table = _align(wanted, held, most)
    bits, errors, _ = table[-1][-1]
    if bits <= 0.5:
        return Fit(0.0, 9, "another plate")
    return Fit(bits, errors, _said(asked, _words(wanted, held, table), known))


def fits(asked: str, found: str) -> bool:
    """Tell whether a plate fits a pattern with no character out; look-alikes count as fitting."""
    fit = compare(asked, found)
    return fit.errors == 0 and fit.bits > 0
