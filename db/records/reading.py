"""A record as it comes in: read field by field, and held against what other records forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import settings
from db.errors import Refused
from db.records.words import Record, local_now
from db.rules import values
from db.rules.records import KINDS, Field
from db.rules.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from db.vault.store import Store


def read_fields(
    store: Store, kind: str, raw: dict[str, Any], resolve: Callable[[str, Sequence[str]], str]
) -> Record:
    """Read a raw object of a kind into stored form; null stays None, absent stays absent.

    Args:
        store: for its clock.
        kind: the kind's word.
        raw: keys of the kind's fields, values as typed, from a cell or from JSON.
        resolve: turns a reference and the kinds it may be of into an id in hex.

    Raises:
        Refused: a value breaks a rule, or the field is one that is never held.
        Usage: a key is not known.
    """
    now, added = local_now(store), settings.added(store.cipher)
    fields: Record = {}
    for key, value in arrange(kind, raw).items():
        if _is_told(kind, key, value):
            continue
        field = KINDS[kind].field(key)
        if key == "external_ref" and kind == "person":
            fields[key] = None if value is None else one_ref(key, value)
        elif field is None:
            values.refuse_unknown(key, kind)
        elif value is None:
            fields[key] = None
        elif field.type in ("ref", "refs"):
            fields[key] = _pointed(field, value, resolve)
        else:
            fields[key] = values.reader(field, added)(value, now)
    if fields.get("owner"):
        fields["owner"] = _owner(store, fields["owner"])
    return fields


def _pointed(field: Field, value: Any, resolve: Callable[[str, Sequence[str]], str]) -> Any:
    """Return what a field points at, as an id in hex, or a list of them; None where the list is empty."""
    kinds = field.of.split()
    if field.type == "ref":
        return resolve(one_ref(field.name, value), kinds)
    listed = values.items(field.name, value)
    return list(dict.fromkeys(resolve(one_ref(field.name, one), kinds) for one in listed)) or None


def _is_told(kind: str, key: str, value: Any) -> bool:
    """Tell whether a key says nothing to keep: whom ``show`` tells a record is merged with, or no ref."""
    return (key == "same_as" and kind in ("person", "offender")) or (key == "ref" and value is None)


_NEXT_SHIFT = ("next shift", "next_shift", "the next shift")


def _owner(store: Store, said: str) -> str:
    """Return an owner as it is kept: a member by the name the journal has, the next shift, else an agency."""
    if said.casefold() in _NEXT_SHIFT:
        return "next shift"
    row = store.cipher.execute(
        "select name from member where lower(name) = lower(?) and state <> 'removed'", (said,)
    ).fetchone()
    return str(row[0]) if row else said


def one_ref(key: str, value: Any) -> str:
    """Return a reference as text."""
    typed = one_line(value).strip() if isinstance(value, str) else ""
    if not typed:
        raise Refused(f"{key}: must be a reference")
    return typed


def arrange(kind: str, raw: dict[str, Any]) -> dict[str, Any]:
    """Return a raw record with what a concern describes, a man or a car, under the name that is stored.

    Raises:
        Refused: the man is described twice.
    """
    if kind != "concern":
        return raw
    vehicle, offender = values.described(raw.get("vehicle")), values.described(raw.get("offender"))
    if isinstance(vehicle, dict):
        raw = {**raw, "vehicle": None, "vehicle_seen": vehicle}
    if isinstance(offender, dict):
        if raw.get("description") is not None:
            raise Refused("offender: is described here and in description; give one of them")
        raw = {**raw, "offender": None, "description": offender}
    return raw


def external_of(kind: str, fields: Record) -> str | None:
    """Return the importer's own key of a record; a call count's is made of what it counts."""
    if kind == "call":
        parts = [str(fields.get(name) or "") for name in ("month", "source", "category", "sector")]
        return "\x1f".join(parts)
    external: str | None = fields.get("external_ref")
    return external


_OF_CONTACT = {"referral": ("engagement",), "followup": ("about",)}


def check_related(
    reader: Any, kind: str, fields: Record, levels: Mapping[str, int | None] | None = None
) -> None:
    """Refuse what another record forbids; *levels* are those of engagements known already.

    Raises:
        Refused: a concern, referral or follow-up on a contact of which, at level 0, nothing is kept; a
            referral against her no.
    """
    if kind == "referral":
        from db import consent

        consent.check_referral(reader, fields)
    for name in _OF_CONTACT.get(kind, ()):
        if fields.get(name) and engagement_levels(reader, [fields[name]])[fields[name]] == 0:
            raise Refused(f"{name}: is of sharing level 0, at which nothing hangs on a contact; name none")
    if kind != "concern":
        return
    engagement = fields["engagement"]
    if levels is None or engagement not in levels:
        levels = engagement_levels(reader, [engagement])
    if levels[engagement] == 0:
        raise Refused("engagement: is of sharing level 0, at which no concern is kept")


def engagement_levels(reader: Any, engagements: Sequence[str]) -> dict[str, int | None]:
    """Return the sharing levels of engagements by their ids in hex; None where one is not held."""
    marks = ", ".join("?" * len(engagements))
    rows = reader.execute(
        "select r.id, x.sharing_level from record as r join engagement as x on x.n = r.n "  # noqa: S608 - question marks
        f"where r.id in ({marks})",
        [bytes.fromhex(engagement) for engagement in engagements],
    ).fetchall()
    return dict.fromkeys(engagements) | {record.hex(): level for record, level in rows}
