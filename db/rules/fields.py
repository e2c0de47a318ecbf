"""What a field of a record is, and a kind of record; the kinds themselves are in ``kinds``."""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """One field of a kind.

    ``type`` is one of: text, prose (several lines), texts (a list), code, codes (a list), tagged
    (a list of ``code:text``), whole (a number from 0), flag, instant, date, when (a date or an
    instant), birth (YYYY, YYYY-MM or YYYY-MM-DD), month, plate, grade, object (JSON), ref, refs
    (a list, kept in the link table).
    ``of`` names the vocabulary of a code or the kinds a reference may point at.
    ``free`` marks words somebody typed, which leave the unit only when asked for by name.
    """

    name: str
    type: str
    of: str = ""
    required: bool = False
    default: str | int | None = None
    free: bool = False


class Kind(NamedTuple):
    """A kind of record: its word, the letter of its spoken reference, its fields in order."""

    name: str
    letter: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Return the field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)
