"""Referrals to services: their dates follow their status, and a yes of hers that is missing is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import consent, records
from db.records import Why

if TYPE_CHECKING:
    from db.records import Record
    from db.vault.store import Store

# the date that a status sets, today, where none is said and none stands
_DATES = {"sent": "sent_on", "accepted": "accepted_on", "engaged": "accepted_on"}


def add(store: Store, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Make a referral; returns its shape with ``prompts``.

    Raises:
        Refused: she said no to that service, and no override_reason is given.
        NotFound, Usage: as ``records.add``.
    """
    made = records.add(store, "referral", _dated(store, raw, {}), why)
    return made | {"prompts": _prompts(store, made)}


def amend(store: Store, ref: str, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Change a referral; a status that is reached sets its date. Returns its shape with ``prompts``.

    Raises:
        Refused: she said no to that service, and no override_reason is given.
        NotFound, Usage: as ``records.amend``.
    """
    stands: Record = {}
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, ("referral",))
        row = reader.execute("select sent_on, accepted_on from referral where n = ?", (found.n,)).fetchone()
    if row is not None:
        stands = dict(zip(("sent_on", "accepted_on"), row, strict=True))
    changed = records.amend(store, "referral", ref, _dated(store, raw, stands), why)
    return changed | {"prompts": _prompts(store, changed)}


def _dated(store: Store, raw: dict[str, Any], stands: Record) -> dict[str, Any]:
    name = _DATES.get(str(raw.get("status", "")).strip().lower())
    if name is None or name in raw or stands.get(name) is not None:
        return raw
    return raw | {name: records.today(store)}


def _prompts(store: Store, made: Record) -> list[Record]:
    if made["status"] not in consent.UNDER_WAY or made["consent"] or made["override_reason"]:
        return []
    with store.counts() as reader:
        her = records.find(reader, store.id_key, made["person"], ("person",))
        said = consent.for_service(reader, her.n, made["service"])
    if said is not None:
        return []
    return [
        {
            "code": "consent",
            "says": f"No yes of hers to this is kept: ask her, then 'beech people consent {made['person']} "
            "--give --purpose safeguarding --recipient SERVICE', or say why in override_reason.",
        }
    ]
