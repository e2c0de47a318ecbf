"""Finding a woman by her sealed name or number: a liaison's, the passphrase typed, every identity opened.

What was asked for is a name, so it is kept nowhere; the look keeps who was shown.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from db import people
from db.errors import Locked, Usage
from db.rules import telephones
from db.rules import text as texts
from db.rules.telephones import Agreement

if TYPE_CHECKING:
    from db.records import Record, Why
    from db.vault.keys import Opened
    from db.vault.store import Store

_FITS = (Agreement.SAME, Agreement.START, Agreement.END, Agreement.PATTERN, Agreement.PART)
_ALIKE = 85  # of 100, how alike a name is that was spelt another way
_DIGITS = 5  # a number has at least so many


def find_sealed(store: Store, opened: Opened, typed: str, why: Why) -> list[Record]:
    """Return whose sealed identity holds a name or a number: ``ref``, ``pseudonym``, ``field``, ``state``.

    Every word of a name has to be there, begun or spelt nearly so. The name itself is not told: ``reveal``
    does that. Restricted women are found, erased ones are not; merged ones come each by their own record.

    Raises:
        Usage: no reason was given, or nothing to look for.
        Locked: this member is no liaison.
    """
    if why.reason is None:
        raise Usage("say why a name is looked for, with --reason CODE")
    said = texts.one_line(typed).strip()
    number = telephones.normalise(said) if sum(map(str.isdigit, said)) >= _DIGITS else None
    words = [] if number else _words(said)
    if not words and number is None:
        raise Usage(f"nothing to look for: give a name, or {_DIGITS} digits of a number")
    if not opened.slot.identity_keys:
        raise Locked("only a liaison opens names: ask one")
    with store.consult("person", reason=why.reason, note=why.note) as look:
        look.detail["event"] = "find_sealed"
        found: list[tuple[int, str]] = []
        for n, _, fields in people.opened_all(look, store, opened):
            field = _field(fields, words, number)
            if field is not None:
                found.append((n, field))
        rows = [(look.execute(_HER, (n,)).fetchone(), field) for n, field in found]
        look.shown(len(rows), [row[3].hex() for row, _ in rows])
    return [{"ref": row[0], "pseudonym": row[1], "field": field, "state": row[2]} for row, field in rows]


_HER = "select r.ref, p.pseudonym, r.state, r.id from record as r join person as p on p.n = r.n where r.n = ?"


def _field(fields: Record, words: list[str], number: str | None) -> str | None:
    """Return which field of an identity holds it; None where none does."""
    if number is not None:
        held = [telephones.normalise(one) for one in fields.get("telephones") or ()]
        fits = any(one and telephones.compare(number, one).how in _FITS for one in held)
        return "telephones" if fits else None
    names = [word for key in ("given_name", "surname") for word in _words(fields.get(key) or "")]
    return "name" if all(any(_alike(word, name) for name in names) for word in words) else None


def _words(text: str) -> list[str]:
    """Return the words of a name in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return "".join(char if char.isalnum() else " " for char in bare).split()


def _alike(word: str, name: str) -> bool:
    if name.startswith(word):
        return True
    from rapidfuzz import fuzz

    return len(word) > 2 and fuzz.ratio(word, name) >= _ALIKE
