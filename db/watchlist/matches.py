"""Who on the watchlist a description may mean, ranked, with reasons. A hit is a lead, never a link.

One consultation a command, however many descriptions; what was asked for stands in its payload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import judgements, records, settings
from db.errors import Refused, Usage
from db.rules import periods, readers, values
from db.rules.records import KINDS
from db.watchlist import pending
from db.watchlist.looking import Looking, Matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Why
    from db.vault.store import Store

Record = dict[str, Any]

LIMIT = 10
_WEIGHED = ("offender", "vehicle", "concern")
_ASKED_MOST = 500  # descriptions of one command kept in the journal's payload


def match(store: Store, description: Record, limit: int = LIMIT, weak: bool = False) -> list[Record]:
    """Return the hits for one description, as typed or from JSON; none where it is too vague to rank.

    Raises:
        Refused: a value breaks a rule, or a field is one that is never held.
        Usage: a key is not known.
    """
    return match_each(store, [read_one(store, description)], limit, weak)[0].hits


def read_one(store: Store, raw: Record) -> Record:
    """Return a description in stored form, each value read; ``id`` is left out.

    Raises:
        Refused: a value breaks a rule, a range is upside down, or a field is one that is never held.
        Usage: a key is not known.
    """
    if isinstance(raw.get("vehicles"), list):
        raw = raw | {"vehicles": [_without_ref(one) for one in raw["vehicles"]]}
        for one in raw["vehicles"]:
            _refuse_untyped("vehicle", one)
    _refuse_untyped("offender", raw)
    read = values.read_description(raw, records.local_now(store), added=settings.added(store.cipher))
    for low, high in (("approximate_age_from", "approximate_age_to"), ("height_from_cm", "height_to_cm")):
        if low in read and high in read and read[low] > read[high]:
            raise Refused(f"{high}: is less than {low}")
    return read


_WORDS = ("text", "prose", "plate", "texts")
_MAY_BE_NUMBER = ("model",)  # a car is called 208


def _refuse_untyped(kind: str, raw: Any) -> None:
    """Refuse a number or a truth value where words are compared: it would be like nobody, and say so of all.

    Raises:
        Refused: it names the key.
    """
    if not isinstance(raw, dict):
        return
    for key, value in raw.items():
        field = KINDS[kind].field(key)
        if field is None or field.type not in _WORDS or key in _MAY_BE_NUMBER:
            continue
        if any(isinstance(one, int | float) for one in (value if isinstance(value, list) else [value])):
            raise readers.refused(key, "must be text, in quotation marks")


def _without_ref(vehicle: Any) -> Any:
    return {k: v for k, v in vehicle.items() if k != "ref"} if isinstance(vehicle, dict) else vehicle


def match_each(
    store: Store,
    descriptions: Sequence[Record],
    limit: int = LIMIT,
    weak: bool = False,
    why: Why = records.Why(),  # noqa: B008 - immutable
) -> list[Matches]:
    """Rank the watchlist against each description in stored form; one consultation for all of them."""
    today = periods.local_day(store.now())
    with store.consult("offender", reason=why.reason, note=why.note) as look:
        asked = sorted({key for one in descriptions for key in one})
        if asked:
            look.detail["filters"] = asked
        look.asked(descriptions=list(descriptions[:_ASKED_MOST]))
        looking = Looking(look, today)
        found = [looking.match(one, limit, weak) for one in descriptions]
        look.shown(sum(len(one.hits) for one in found))
    return found


def match_record(
    store: Store,
    ref: str,
    limit: int = LIMIT,
    weak: bool = False,
    why: Why = records.Why(),  # noqa: B008 - immutable
) -> Matches:
    """Rank the watchlist against a man, a vehicle, a concern or what she said in a contact; one consultation.

    Who was judged not to be meant stays away until a strong fact is new.

    Raises:
        NotFound: the reference names none.
        Usage: it is restricted and no reason is given.
    """
    today = periods.local_day(store.now())
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, (*_WEIGHED, "engagement"))
        records.reason_where_restricted(found, why)
        row = reader.execute("select offender from vehicle where n = ?", (found.n,)).fetchone()
    n = row[0] if row is not None and row[0] is not None else found.n
    with store.consult(found.kind, found.id, reason=why.reason, note=why.note) as look:
        matches = pending.of_record(store, look, Looking(look, today), (n, found.kind), (limit, weak))
        look.shown(len(matches.hits))
    return matches


def with_matches(store: Store, made: Record) -> Record:
    """Return a man or a vehicle that was saved, with ``matches``: whom else on the list he may be."""
    return made | {"matches": match_record(store, made["ref"]).hits}


def judge(store: Store, refs: tuple[str, str], verdict: str, why: Why) -> Record:
    """Judge whether two men, or two vehicles, are one: same, different or unsure; a later word replaces it.

    A concern or a contact and a man: different keeps him away from what it says, until a strong fact is new.

    Returns:
        The pair, the verdict, the reason, and in ``conflicts`` the pairs judged different that now stand in
        one group: they are shown, nothing is undone.

    Raises:
        Usage: no reason was given, or the verdict is not one.
        Refused: they are one record, of different kinds, or one was erased.
        NotFound: a reference names nothing.
    """
    if why.reason is None:
        raise Usage("say why, with --reason CODE")
    with store.counts() as reader:
        for ref in refs:
            records.find(reader, store.id_key, ref, (*_WEIGHED, "engagement"))
    made = judgements.judge(store, *refs, verdict, why)
    with store.counts() as reader:
        found = records.find(reader, store.id_key, made.one, (*_WEIGHED, "engagement"))
        group = set(judgements.refs_together(reader, found.n))
        apart = judgements.apart(reader, found.kind)
    conflicts = [f"{one} {other}" for one, other in apart if one in group]
    return made._asdict() | {"conflicts": conflicts}
