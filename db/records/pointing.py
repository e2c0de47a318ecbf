"""What a record may newly point at: nothing that was struck out, and of a contact only who was met there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.rules.records import KINDS
from db.vault import grouping

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from db.records.words import Record

_GROUPS = {"person": "people", "offender": "watchlist"}  # others go by their plural


def refuse_struck(reader: Any, kind: str, fields: Record, before: Record | None = None) -> None:
    """Refuse a record that points at one that was struck out; where it did *before*, it may go on.

    Args:
        reader: anything with ``execute``.
        kind: the kind's word.
        fields: what is set, in stored form.
        before: what stood in the record.

    Raises:
        Refused: it points at one; how that is brought back is told, and which record stands for the same.
    """
    for name, record in _pointed(kind, fields, before or {}):
        row = reader.execute(
            "select n, kind, ref from record where id = ? and state = 'struck'", (bytes.fromhex(record),)
        ).fetchone()
        if row is not None:
            n, struck, ref = row
            group = _GROUPS.get(struck, f"{struck}s")
            raise Refused(
                f"{name}: {ref} was struck out: '{group} undo {ref}' brings it back{_instead(reader, n)}"
            )


def refuse_absent(
    reader: Any, kind: str, fields: Record, changed: Collection[str] = ("engagement", "person")
) -> None:
    """Refuse a concern of a woman, under any of her records, where only others were met in its contact.

    She may be one of those who are not named, and where nobody is named nothing speaks against it. What a
    third party told of her is hers wherever it was told.

    Args:
        reader: anything with ``execute``.
        kind: the kind's word.
        fields: the concern as it would stand, in stored form.
        changed: which fields a change sets; one that sets neither is no matter.

    Raises:
        Refused: others were met there; how she is put on the contact is told.
    """
    if kind != "concern" or not fields.get("person") or {"engagement", "person"}.isdisjoint(changed):
        return
    row = reader.execute(
        "select e.n, p.n, p.ref from record as e join record as p "
        "join engagement as x on x.n = e.n where e.id = ? and p.id = ? "
        "and coalesce(x.initiated_by, '') <> 'third_party' and x.people_unnamed = 0",
        (bytes.fromhex(fields["engagement"]), bytes.fromhex(fields["person"])),
    ).fetchone()
    if row is None:  # of a third party, of somebody not named, or not here yet
        return
    contact, person, her = row
    met = {
        one
        for (one,) in reader.execute(
            "select target from link where source = ? and field = 'people'", (contact,)
        ).fetchall()
    }
    if met and met.isdisjoint(grouping.together(reader, person)):
        raise Refused(
            f"person: {her} is not among the people of that contact: name her there first "
            "('engagements amend REF --people ...' takes all who were met)"
        )


def _pointed(kind: str, fields: Record, before: Record) -> Iterator[tuple[str, str]]:
    """Yield the field and the id in hex of each record that is pointed at and was not before."""
    for field in KINDS[kind].fields:
        if field.type == "ref" and fields.get(field.name) not in (None, before.get(field.name)):
            yield field.name, fields[field.name]
        elif field.type == "refs":
            stood = before.get(field.name) or ()
            yield from ((field.name, one) for one in fields.get(field.name) or () if one not in stood)


def _instead(reader: Any, n: int) -> str:
    for one in grouping.together(reader, n):
        row = reader.execute("select ref from record where n = ? and state = 'present'", (one,)).fetchone()
        if row is not None:
            return f", or name {row[0]}, which stands for the same"
    return ""
