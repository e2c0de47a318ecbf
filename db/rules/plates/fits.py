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


class _State(NamedTuple):
    bits: float
    errors: int
    steps: tuple[str, ...]


@lru_cache(maxsize=4096)
def _alike(a: str, b: str) -> float | None:
    """Return the bits of *a* read for *b*; ``None`` where nobody would (source: domain.md 8.2)."""
    for groups, bits in ((_GLYPH, 3.0), (_PAIR, _PAIR_READ), (_LOOSE, _LOOSE_READ)):
        if any(a in group and b in group for group in groups):
            return bits
    return None


def _one(symbol: str, char: str, value: float) -> tuple[float, int, str]:
    if symbol == "?" or char == "?":
        return 0.0, 0, ""
    if len(symbol) > 1:
        return (value - 1.0, 0, "") if char in symbol else (-_WRONG, 1, f"{char} is none of {symbol}")
    if symbol == char:
        return value, 0, ""
    bits = _alike(symbol, char)
    if bits is None:
        return -_WRONG, 1, f"{symbol} for {char}"
    return min(bits, value - 0.4), 0, f"{symbol} read for {char}"


def _add(state: _State, bits: float, errors: int, step: str) -> _State:
    second = _SECOND if errors and state.errors else 0.0
    return _State(
        state.bits + bits - second, state.errors + errors, (*state.steps, step) if step else state.steps
    )


def _end_cost(asked: tuple[str, ...]) -> float:
    """Return what a character beyond the pattern's ends costs: little where it is plainly part of a plate."""
    if "*" in asked:
        return _GAP
    if len(asked) <= 5 or (len(asked) == 6 and "?" in (asked[0], asked[-1])):
        return 0.35
    return 2.2 if len(asked) == 6 else _GAP


def _moves(
    asked: tuple[str, ...], found: str, i: int, j: int, costs: tuple[tuple[float, ...], float]
) -> list[tuple[int, int, float, int, str]]:
    """Return the steps from asked[i:], found[j:]: (symbols used, characters used, bits, errors, word).

    *costs* are what each character of *found* is worth, and what one beyond the pattern's ends costs.
    """
    values, ends = costs
    moves: list[tuple[int, int, float, int, str]] = []
    if i < len(asked) and asked[i] == "*":
        moves.append((1, 0, 0.0, 0, ""))
        if j < len(found):
            moves.append((0, 1, 0.0, 0, ""))
        return moves
    if i < len(asked) and j < len(found):
        bits, errors, step = _one(asked[i], found[j], values[j])
        moves.append((1, 1, bits, errors, step))
        pair = asked[i : i + 2]
        if len(pair) == 2 and found[j : j + 2] == pair[1] + pair[0] and pair[0] != pair[1]:
            moves.append((2, 2, values[j] + values[j + 1] - _SWAP, 1, f"{pair[0]} and {pair[1]} swapped"))
    if j < len(found):
        outside = (i == 0 or i == len(asked)) and ends < _GAP
        moves.append(
            (0, 1, -ends if outside else -_GAP, 0 if outside else 1, "" if outside else f"{found[j]} missing")
        )
    if i < len(asked):
        moves.append((1, 0, -_GAP, 1, "" if asked[i] == "?" else f"{asked[i]} too many"))
    return moves


def _align(asked: tuple[str, ...], found: str, most: int) -> _State:
    costs = worth(found), _end_cost(asked)
    best: dict[tuple[int, int], _State] = {(0, 0): _State(0.0, 0, ())}
    for i in range(len(asked) + 1):
        for j in range(len(found) + 1):
            state = best.get((i, j))
            if state is None:
                continue
            for used, eaten, bits, errors, step in _moves(asked, found, i, j, costs):
                after = _add(state, bits, errors, step)
                place = (i + used, j + eaten)
                if after.errors <= most and after.bits > best.get(place, _State(_NEVER, 0, ())).bits:
                    best[place] = after
    return best.get((len(asked), len(found)), _State(_NEVER, 9, ()))


def _anyhow(chars: str, found: str) -> Fit:
    left, bits = list(found), 0.0
    for char in chars:
        if char not in left:
            return Fit(0.0, 9, "does not have all of them")
        left.remove(char)
        bits += 0.8 if char.isdigit() else 1.8
    return Fit(bits, 0, f"has {', '.join(chars)}")


def _said(asked: str, state: _State, known: int) -> str:
    if state.steps:
        return "; ".join(state.steps)
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
    state = _align(wanted, held, most)
    if state.bits <= 0.5:
        return Fit(0.0, 9, "another plate")
    return Fit(state.bits, state.errors, _said(asked, state, known))


def fits(asked: str, found: str) -> bool:
    """Tell whether a plate fits a pattern with no character out; look-alikes count as fitting."""
    fit = compare(asked, found)
    return fit.errors == 0 and fit.bits > 0
