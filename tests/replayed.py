"""Five contacts, key by key: what the form is judged by. Played in the real screens by tests and by bench.

``keys`` count; ``words`` are the text of the note and of car/man, which nobody's count holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.seats import Seat

NAMED = {"\n": "enter", "\t": "tab", " ": "space", ",": "comma", "?": "question_mark"}


class Step(NamedTuple):
    """Keys that count, then words that do not. A key of more than one letter stands alone: ``f2``."""

    keys: tuple[str, ...]
    words: str = ""


def typed(text: str, words: str = "") -> Step:
    """Return the keys of a text, with Enter and Tab in it, and the words after it."""
    return Step(tuple(NAMED.get(one, one) for one in text), words)


def key(*names: str) -> Step:
    """Return keys by their names."""
    return Step(names)


class Contact(NamedTuple):
    """One of the five: what it is called, the target, its steps, the spreadsheet's cells for the same.

    ``rows`` are the cells typed in an open spreadsheet, a row each; "" is a cell passed over by Tab.
    """

    name: str
    target: int
    steps: tuple[Step, ...]
    rows: tuple[tuple[str, ...], ...]
    check: Callable[[dict[str, list[dict[str, Any]]]], bool]

    @property
    def keys(self) -> int:
        """How many keys it takes."""
        return sum(len(step.keys) for step in self.steps)

    @property
    def thoughts(self) -> int:
        """How many times one stops to think: before each step."""
        return len(self.steps)

    @property
    def words(self) -> int:
        """How many letters the note, and car/man, have."""
        return sum(len(step.words) for step in self.steps)


_VAN = ("kas", "ton", "ros", "bec", "mo", "jad", "she", "viv", "dee", "lou", "nat", "gem")
_TIMES = {0: "2205 ", 3: "2230 ", 6: "2250 ", 9: "2315 "}


def _van() -> tuple[Step, ...]:
    lines = tuple(typed(f"{_TIMES.get(place, '')}{name}\n") for place, name in enumerate(_VAN))
    return (key("f2", "f2"), typed("\n"), typed("awo\n"), typed("3\n"), typed("\n"), *lines)


# the spreadsheet's columns: date, time, officer, partner, woman, how, sector, needs, car/man, concern, when,
# hurt, crime decision, sharing, wording, note
_TODAY, _ME = "24/11", "sam"
CONTACTS = (
    Contact(
        "seen well",
        9,
        (key("f2"), typed("kas\n"), typed("\n\n\n", "seen well"), key("ctrl+s")),
        ((_TODAY, "2114", _ME, "", "P-7KQ2", *[""] * 10, "*seen well"),),
        lambda saved: saved["engagement"][0]["narrative"] == "seen well",
    ),
    Contact(
        "the same with time and sector",
        17,
        (
            key("f2"),
            typed("kas\n"),
            typed("\n\n\n", "seen well"),
            typed("\t2050"),
            typed("\t3"),
            key("ctrl+s"),
        ),
        ((_TODAY, "2050", _ME, "", "P-7KQ2", "", "3", *[""] * 8, "*seen well"),),
        lambda saved: saved["engagement"][0]["sector"] == "3",
    ),
    Contact(
        "four women at once",
        30,
        (
            key("f2"),
            typed("kas,"),
            typed("ton,"),
            typed("ros,"),
            typed("bec\n"),
            typed("\n\n\n", "all well, cold"),
            typed("\t2130"),
            typed("\t3"),
            key("ctrl+s"),
        ),
        tuple(
            (_TODAY, "2130", _ME, "", woman, "", "3", *[""] * 8, "*all well, cold")
            for woman in ("P-7KQ2", "P-9R2M", "P-4M2X", "P-77AB")
        ),
        lambda saved: len(saved["engagement"][0]["people"]) == 4,
    ),
    Contact(
        "twelve women from the van",
        85,
        _van(),
        tuple(("", _TIMES.get(place, "").strip(), name) for place, name in enumerate(_VAN)),
        lambda saved: len(saved["engagement"]) == 13,
    ),
    Contact(
        "flagged down, with concern, wording and crime decision",
        45,
        (
            key("f2"),
            typed("kas\n"),
            typed("1\n", 'silver astra NA12 ?B?, "Gaz", 40s, stocky'),
            typed("\nf\n"),
            typed("tonight 2050\n"),
            typed("n\n"),
            typed("l\n", "says he waits by the underpass"),
            typed("\t\t\t\t2"),
            typed("\ty"),
            key("ctrl+s"),
        ),
        (
            (
                *(_TODAY, "2114", _ME, "", "P-7KQ2", "flagged", "3", "", "*silver astra NA12 ?B?"),
                *("follows", "23/11 2050", "no", "later", "2", "yes", "*says he waits"),
            ),
        ),
        lambda saved: (
            saved["concern"][0]["behaviours"] == ["follows"]
            and saved["engagement"][0]["wording_version"] == "2026-1"
        ),
    ),
)


async def replay(seat: Seat, contact: Contact) -> None:
    """Press every key of a contact, once the unit is unlocked."""
    for step in contact.steps:
        await seat.press(*step.keys)
        if step.words:
            await seat.type(step.words)
