"""What she reported: its duties said at once, the man matched at once, its recording decision on a clock.

A decision is who, when and why; the clock runs 24 hours from the telling (National Crime Recording Standard).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import prompts, records
from db.filters import DECIDE_SECONDS
from db.records import Why
from db.rules import periods
from db.rules.records import span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Filter, Record
    from db.vault.store import Store


class Clock(NamedTuple):
    """A crime-recording decision that is open: of which concern, told and due when (UTC epoch seconds)."""

    ref: str
    told_at: int
    due_at: int


def add(store: Store, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Make a concern; returns its shape with ``matches`` and ``prompts``.

    Whoever decides here how it is recorded is the decider, now, where nothing else is said.

    Raises:
        TakenOut: the alleged offender is police or partner staff: nothing is kept.
        Refused, NotFound, Usage: as ``records.add``.
    """
    made = records.add(store, "concern", _decided(store, prompts.taken_out(store, raw)), why)
    return made | look(store, made)


def amend(store: Store, ref: str, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Change a concern; returns its shape with ``matches``, where its description changed, and ``prompts``.

    Raises:
        TakenOut, Refused, NotFound, Usage: as for ``add`` and ``records.amend``.
    """
    raw = prompts.taken_out(store, raw)
    if "ncrs_decision" in raw and raw["ncrs_decision"] != _decision(store, ref):
        raw = _decided(store, raw)
    changed = records.amend(store, "concern", ref, raw, why)
    return changed | look(store, changed, matched=bool({"description", "vehicle"} & raw.keys()))


def _decision(store: Store, ref: str) -> str | None:
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, ("concern",))
        row = reader.execute("select ncrs_decision from concern where n = ?", (found.n,)).fetchone()
    return None if row is None else row[0]


def _decided(store: Store, raw: dict[str, Any]) -> dict[str, Any]:
    """Return a raw concern with who decided and when; a decision that is taken back takes both along."""
    if "ncrs_decision" not in raw:
        return raw
    if raw["ncrs_decision"] is None:
        return {"ncrs_by": None, "ncrs_at": None} | raw
    now = {"ncrs_by": store.member.name, "ncrs_at": periods.iso(store.now())}
    return raw | {key: value for key, value in now.items() if raw.get(key) is None}


def look(store: Store, made: Record, *, matched: bool = True) -> Record:
    """Return ``matches`` (whom on the watchlist she may mean) and ``prompts`` of a concern that was saved."""
    with store.counts() as reader:
        n, engagement = reader.execute(
            "select c.n, c.engagement from concern as c join record as r on r.n = c.n "
            "where r.id between ? and ? and r.ref = ?",
            (*span(made["ref"]), made["ref"]),
        ).fetchone()
    said = prompts.for_engagement(store, engagement, n)
    return {
        "matches": _matches(store, made) if matched else [],
        "prompts": [one._asdict() for one in said],
    }


def _matches(store: Store, made: Record) -> list[Record]:
    description = dict(made["description"] or {})
    if isinstance(made["vehicle"], dict):
        description["vehicles"] = [*description.get("vehicles", []), made["vehicle"]]
    if not description:
        return []
    from db import watchlist  # the matcher loads slowly, and status asks for the clocks alone

    if made["sector"]:
        description.setdefault("sector", made["sector"])
    return watchlist.match_each(store, [description])[0].hits


def listing(
    store: Store,
    filters: Sequence[Filter] = (),
    *,
    limit: int | None = None,
    why: Why = Why(),  # noqa: B008 - immutable
) -> list[Record]:
    """Return concerns; asked by their recording decision, each with ``told_at`` and ``ncrs_due_at``."""
    found = records.listing(store, "concern", filters, limit=limit, why=why)
    if not any(one.name == "ncrs" for one in filters):
        return found
    with store.counts() as reader:
        for one in found:
            (at,) = reader.execute(
                "select (select at from engagement where n = c.engagement) from concern as c "
                "join record as r on r.n = c.n where r.id between ? and ? and r.ref = ?",
                (*span(one["ref"]), one["ref"]),
            ).fetchone()
            due = None if at is None else periods.iso(at + DECIDE_SECONDS)
            one |= {"told_at": None if at is None else periods.iso(at), "ncrs_due_at": due}
    return found


def clocks(reader: Any) -> list[Clock]:
    """Return the open crime-recording decisions, the first due first; references and times, no person."""
    rows = reader.execute(
        "select r.ref, e.at from concern as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
        "join engagement as e on e.n = x.engagement "
        f"where r.state = 'present' and x.ncrs_decision is null and {records.visible('concern')} "
        "order by e.at, r.ref"
    ).fetchall()
    return [Clock(ref, at, at + DECIDE_SECONDS) for ref, at in rows]
