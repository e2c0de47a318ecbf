"""Pseudonyms to offer for somebody new: a word of the list and a number, never anything that was typed.

One that any record of a person bears is taken, struck out or not: nobody gets another's.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.rules import vocabulary

if TYPE_CHECKING:
    from db.vault.store import Store

_NUMBERS = range(10, 100)


def offer(store: Store, count: int = 3) -> list[str]:
    """Return that many free pseudonyms, such as Willow-27, drawn at random."""
    with store.counts() as reader:
        return free(reader, count)


def free(reader: Any, count: int = 1) -> list[str]:
    """Return that many free pseudonyms, by a reader of the unit."""
    words = vocabulary.pseudonyms()
    found: list[str] = []
    last = _NUMBERS.stop
    while len(found) < count:
        drawn = f"{secrets.choice(words)}-{_NUMBERS.start + secrets.randbelow(last - _NUMBERS.start)}"
        if drawn not in found and not taken(reader, drawn):
            found.append(drawn)
        else:
            last += 1  # a full list grows longer numbers, so this always ends
    return found


class Called:
    """The pseudonyms of the unit, while many people are entered at once: each is one's alone."""

    def __init__(self, reader: Any) -> None:
        self._bearers: dict[str, tuple[bytes, str]] = {
            _folded(name): (record, ref)
            for record, ref, name in reader.execute(
                "select r.id, r.ref, x.pseudonym from person as x cross join record as r on r.n = x.n "
                "order by x.n desc"
            )
        }

    def take(self, pseudonym: str, record: bytes, said: str) -> None:
        """Give a pseudonym to a person by her id; *said* is how she is told of.

        Raises:
            Refused: another bears it.
        """
        bearer, name = self._bearers.setdefault(_folded(pseudonym), (record, said))
        if bearer != record:
            raise Refused(refusal(name))


def refusal(bearer: str) -> str:
    """Return what to say of a pseudonym that somebody bears."""
    return f"pseudonym: {bearer} has it already; another keeps the two apart"


def _folded(pseudonym: str) -> str:
    return pseudonym.strip().casefold()


def taken(reader: Any, pseudonym: str) -> str | None:
    """Return the reference of the person who bears a pseudonym, whatever its case; None where nobody does."""
    row = reader.execute(
        "select r.ref from person as x cross join record as r on r.n = x.n "
        "where x.pseudonym = ? collate nocase limit 1",
        (pseudonym.strip(),),
    ).fetchone()
    return None if row is None else str(row[0])
