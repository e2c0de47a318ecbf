"""From a reference as somebody writes it, spoken or the importer's own, to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.errors import Ambiguous, NotFound, Refused, Usage
from db.records.hidden import WOMEN, is_closed
from db.records.words import Found
from db.rules.records import LETTERS, heard, span
from db.rules.text import one_line
from db.vault import journal
from db.vault.making import REF_DIGITS
from db.vault.projection import read_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from db.records.words import Record, Why
    from db.vault.store import Store


_NEAREST = 3


def find(reader: Any, id_key: bytes, text: str, kinds: Sequence[str]) -> Found:
    """Return the record that a reference names: spoken, or the importer's own key.

    Raises:
        NotFound: nothing answers to it; the nearest references are named.
        Ambiguous: several do; the longer forms are named.
    """
    typed = one_line(text).strip()
    spoken_ref = heard(typed)
    kind = LETTERS.get(spoken_ref[:1], "")
    if spoken_ref[1:2] == "-" and kind in kinds:
        rows = reader.execute(
            "select n, id, kind, state, ref from record "
            "where id between ? and ? and ref = ? and kind = ? and state <> 'absent'",
            (*span(spoken_ref), spoken_ref, kind),
        ).fetchall()
        if len(rows) > 1:
            raise Ambiguous(f"{spoken_ref} names several records: use more of its letters")
        if rows:
            return Found(*rows[0])
        _refuse_short(reader, spoken_ref, kind)
    for kind in kinds:
        row = reader.execute(
            "select n, id, kind, state, ref from record where id = ? and state <> 'absent'",
            (journal.derived_id(id_key, kind, typed),),
        ).fetchone()
        if row is not None:
            return Found(*row)
    raise NotFound(_nearest(reader, typed, kinds))


def without_names(tx: Any, id_key: bytes, found: Found, raw: Record) -> Record:
    """Return a raw change without the record's own ref and external_ref: what is shown can be given back.

    Raises:
        NotFound: its ref names nothing.
        Refused: its ref is another's; or its external_ref is, which cannot be changed.
    """
    ref, external = raw.get("ref"), raw.get("external_ref")
    if ref is not None and find(tx, id_key, str(ref), (found.kind,)).id != found.id:
        raise Refused("ref: names another record than the one that is to be changed")
    if "external_ref" in raw and not _is_own(tx, id_key, found, external):
        raise Refused("external_ref: names the record; it cannot be changed")
    return {key: value for key, value in raw.items() if key not in ("ref", "external_ref")}


def _is_own(tx: Any, id_key: bytes, found: Found, external: Any) -> bool:
    if found.kind == "person":  # of whom the key itself is not kept
        return external is None or journal.derived_id(id_key, "person", str(external)) == found.id
    return bool(read_fields(tx, found.kind, found.n).get("external_ref") == external)


def _refuse_short(reader: Any, spoken_ref: str, kind: str) -> None:
    """Refuse what was a reference until another desk turned out to have given it too."""
    if len(spoken_ref) < 2 + REF_DIGITS:
        return
    longer = [
        ref
        for (ref,) in reader.execute(
            "select ref from record where id between ? and ? and kind = ? and state <> 'absent' order by id",
            (*span(spoken_ref), kind),
        )
        if ref.startswith(spoken_ref)
    ]
    if len(longer) > 1:
        raise Ambiguous(f"{spoken_ref} names several records: say which, {' or '.join(longer[:5])}")


def reason_where_restricted(found: Found, why: Why, reader: Any = None) -> None:
    """Ask for a reason where the record is restricted or, by *reader*, of somebody who is.

    Raises:
        Usage: it is, and none is given.
    """
    if why.reason is not None:
        return
    if found.state == "restricted":
        raise Usage(f"{found.ref} is restricted: say why with --reason CODE")
    if reader is not None and is_closed(reader, found.kind, found.n):
        raise Usage(f"{found.ref} is of somebody who is restricted: say why with --reason CODE")


def near_people(reader: Any, text: str) -> list[str]:
    """Return the women whose reference or pseudonym a text is most like, as both: the nearest first."""
    from rapidfuzz import fuzz, process, utils

    named = reader.execute(
        "select r.ref, x.pseudonym from person as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
        f"where r.state = 'present' and x.n not in ({WOMEN})"
    ).fetchall()
    near = process.extract(
        text,
        [f"{ref} {pseudonym}" for ref, pseudonym in named],
        scorer=fuzz.partial_ratio,
        processor=utils.default_process,
        limit=_NEAREST,
        score_cutoff=60,
    )
    return [shown for shown, _, _ in near]


def _nearest(reader: Any, typed: str, kinds: Sequence[str]) -> str:
    near: list[str] = []
    spoken_ref = heard(typed)
    kind = LETTERS.get(spoken_ref[:1], "") if spoken_ref[1:2] == "-" else ""
    if "person" in kinds and kind in ("", "person"):
        near = near_people(reader, typed)
    elif kind in kinds:
        near = [
            row[0]
            for row in reader.execute(
                "select ref from record where id between ? and ? and kind = ? and state = 'present' "  # noqa: S608 - fixed text
                f"and n not in ({WOMEN}) order by id limit 5",
                (*span(spoken_ref[:4]), LETTERS[spoken_ref[:1]]),
            )
        ]
    hint = f"; near it: {', '.join(near)}" if near else ""
    return f"no {' or '.join(kinds)} has that reference{hint}"


def state_of(store: Store, kind: str, ref: str) -> str:
    """Return how a record stands (present, struck, restricted, erased), for a face to ask why or to say so.

    What stands and is of somebody who is restricted is ``restricted`` here: it opens with a reason as well.

    Raises:
        NotFound: nothing of that kind answers to the reference.
    """
    with store.counts() as reader:
        found = find(reader, store.id_key, ref, (kind,))
        closed = found.state == "present" and is_closed(reader, found.kind, found.n)
        return "restricted" if closed else found.state


def resolver(store: Store, reader: Any) -> Callable[[str, Sequence[str]], str]:
    """Return the function that turns a reference into an id in hex, by this reader."""

    def resolve(text: str, kinds: Sequence[str]) -> str:
        return pointed(store, reader, text, kinds).id.hex()

    return resolve


def pointed(store: Store, reader: Any, text: str, kinds: Sequence[str]) -> Found:
    """Return the record that a reference names and another record may point at.

    Raises:
        NotFound, Ambiguous: as ``find``; or it was erased.
    """
    found = find(reader, store.id_key, text, kinds)
    if found.state == "erased":
        raise NotFound(f"{found.ref} was erased: nothing can point at it")
    return found
