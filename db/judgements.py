"""Whether two records are of one: same, different, unsure. A judgement, never a rewrite; can be taken back.

Its id is the keyed hash of the sorted pair, so that two desks that judge one pair make one judgement.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from db import records
from db.errors import NotFound, Refused, Usage
from db.records import Why
from db.vault import fold, grouping, journal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from db.records import Found
    from db.vault.store import Store
    from db.vault.writing import Write

VERDICTS = ("same", "different", "unsure")
KINDS = ("person", "offender", "vehicle")
REPORTS = ("concern", "engagement")  # what a man may be kept away from: he is not whom it tells of


class Judgement(NamedTuple):
    """What was judged of a pair: the references in order of the records' ids, the verdict, a reason code."""

    one: str
    other: str
    verdict: str
    reason: str | None


class Merged(NamedTuple):
    """A group: the reference it goes by, whom that stands with, pairs in it that are judged different."""

    ref: str
    same_as: list[str]
    contradicts: list[str]


def judge(store: Store, ref: str, other: str, verdict: str, why: Why = Why()) -> Judgement:  # noqa: B008 - immutable
    """Judge whether two records are of one man, woman or car; a later judgement on the pair replaces it.

    A report or a contact and a man are judged, too: whether it tells of him, different or unsure alone.

    Raises:
        Usage: the verdict is not one.
        Refused: they are one record, of kinds that are not judged together, or one was erased; a report
            and a man are said to be the same, which only a link says.
        NotFound: a reference names nothing.
    """
    if verdict not in VERDICTS:
        raise Usage(f"verdict: is one of {', '.join(VERDICTS)}")
    with store.write(why.reason, why.note) as tx:
        one, two = _pair(store, tx, (ref, other), (*KINDS, *REPORTS))
        if verdict == "same" and one.kind != two.kind:
            raise Refused(_to_link(*sorted((one, two), key=lambda found: found.kind not in REPORTS)))
        _judge(store, tx, (one, two), verdict, why)
    return Judgement(one.ref, two.ref, verdict, why.reason)


def keep_apart(store: Store, tx: Write, reports: Iterable[bytes], men: Iterable[str]) -> None:
    """Judge, with what else a transaction writes, that reports do not tell of these men; who is gone is left.

    Args:
        store: the open unit.
        tx: its transaction.
        reports: ids of contacts and concerns.
        men: references.
    """
    for ref in men:
        with suppress(NotFound, Refused):  # erased, or merged into nothing, while the contact was typed
            for report in reports:
                _judge(
                    store, tx, _pair(store, tx, (tx.ref(report), ref), (*KINDS, *REPORTS)), "different", Why()
                )


def _pair(store: Store, tx: Write, refs: tuple[str, str], kinds: tuple[str, ...]) -> tuple[Found, Found]:
    one, two = sorted(
        (records.find(tx, store.id_key, text, kinds) for text in refs), key=lambda found: found.id
    )
    if one.id == two.id:
        raise Refused(f"{one.ref} is one record: judge two")
    if not _are_judged_together(one.kind, two.kind):
        raise Refused(
            f"{one.ref} and {two.ref} are not judged together: like is judged with like, a report with a man"
        )
    for found in (one, two):
        if found.state == "erased":
            raise Refused(f"{found.ref} was erased: nothing can be judged about it")
        _refuse_silent(tx, found)
    return one, two


def _refuse_silent(tx: Write, found: Found) -> None:
    """Refuse to judge of a contact of which, at level 0, only that it took place is kept."""
    if found.kind == "engagement" and records.engagement_levels(tx, [found.id.hex()])[found.id.hex()] == 0:
        raise Refused(f"{found.ref} is of sharing level 0, at which it tells of nobody: nothing is judged")


def silence(tx: Write, about: Found, beside: Found) -> None:
    """Take the officers' words out of the judgements about a record; what was judged stays.

    Args:
        tx: the transaction that empties the record.
        about: the record.
        beside: what is emptied, with which it goes: itself, or whom it hangs on.
    """
    for record in worded(tx, about.n):
        tx.redact(record, (), {}, beside.id.hex())


def worded(reader: Any, n: int) -> list[bytes]:
    """Return the ids of the judgements about record number *n* that hold an officer's words."""
    rows = reader.execute(
        "select r.id, r.heads from judgement as j cross join record as r on r.n = j.n "
        "where (j.one = ?1 or j.other = ?1) and r.state = 'present'",
        (n,),
    ).fetchall()
    return [record for record, heads in rows if any(step.note for step in fold.lineage(reader, heads))]


def _are_judged_together(kind: str, other: str) -> bool:
    if kind == other:
        return kind in KINDS
    both = {kind, other}
    return len(both.intersection(REPORTS)) == 1 and both <= {*REPORTS, "offender", "vehicle"}


def _to_link(report: Found, man: Found) -> str:
    if report.kind == "engagement":
        return f"{report.ref} tells of a man by a concern: 'concerns add --engagement {report.ref}' links him"
    return (
        f"{report.ref} is linked by 'concerns amend {report.ref} --{man.kind} {man.ref}', not by a judgement"
    )


def _judge(store: Store, tx: Write, pair: tuple[Found, Found], verdict: str, why: Why) -> None:
    one, two = pair
    fields: dict[str, Any] = {"one": one.id.hex(), "other": two.id.hex(), "verdict": verdict}
    tx.combine(pair_id(store, one.id, two.id), fields | {"reason": why.reason})


def merge(store: Store, kind: str, refs: tuple[str, str], why: Why) -> Merged:
    """Judge two records of a kind the same; returns their group. Nothing is rewritten, both keep their edits.

    Raises:
        Usage: no reason was given.
        Refused: they stand together already, or one was erased or struck out.
        NotFound: a reference names nothing.
    """
    _needs(why)
    with store.write(why.reason, why.note) as tx:
        one, two = _pair(store, tx, refs, (kind,))
        for found in (one, two):
            if found.state == "struck":
                raise Refused(f"{found.ref} was struck out: 'undo' brings it back, then it can be merged")
        if canonical(tx, one.n) == canonical(tx, two.n) and not _is_disputed(store, tx, one, two):
            raise Refused(f"{one.ref} and {two.ref} stand together already{_through(tx, one, two)}")
        _judge(store, tx, (one, two), "same", why)
        return _merged(tx, one.n)


def unmerge(store: Store, kind: str, refs: tuple[str, str], why: Why) -> tuple[Merged, Merged]:
    """Take back that two records are the same, at any time later; returns what each stands with now.

    What was judged of the pair before the merge holds again; where nothing was, they are judged unsure.

    Raises:
        Usage: no reason was given.
        Refused: they are not merged with one another; where others hold them together, these are named.
        NotFound: a reference names nothing.
    """
    _needs(why)
    with store.write(why.reason, why.note) as tx:
        one, two = sorted(
            (records.find(tx, store.id_key, text, (kind,)) for text in refs), key=lambda found: found.id
        )
        row = tx.execute(
            "select r.heads from judgement as j join record as r on r.n = j.n "
            "where r.id = ? and (j.verdict = 'same' or json_array_length(r.heads) > 1)",
            (pair_id(store, one.id, two.id),),
        ).fetchone()
        if row is None:
            together = one.n != two.n and canonical(tx, one.n) == canonical(tx, two.n)
            hint = _through(tx, one, two) if together else ""
            raise Refused(f"{one.ref} and {two.ref} are not merged with one another{hint}")
        told = [(step.set or {}).get("verdict") for step in fold.lineage(tx, row[0])]
        before = next((verdict for verdict in reversed(told) if verdict in ("different", "unsure")), "unsure")
        _judge(store, tx, (one, two), before, why)
        return _merged(tx, one.n), _merged(tx, two.n)


def _is_disputed(store: Store, tx: Write, one: Found, two: Found) -> bool:
    """Tell whether two desks judged the pair, unseen by one another: a new judgement settles it."""
    row = tx.execute(
        "select json_array_length(heads) from record where id = ?", (pair_id(store, one.id, two.id),)
    ).fetchone()
    return row is not None and row[0] > 1


def _needs(why: Why) -> None:
    if why.reason is None:
        raise Usage("say why, with --reason CODE")


def _through(tx: Write, one: Found, two: Found) -> str:
    """Return which merged pairs put both into one group, where it is not the pair itself."""
    pairs = tx.execute(
        "select a.ref, b.ref, j.one, j.other from judgement as j cross join record as r on r.n = j.n "
        "join record as a on a.n = j.one join record as b on b.n = j.other join same_as as s on s.n = j.one "
        "where j.verdict = 'same' and r.state = 'present' and s.canonical = ? order by j.n",
        (canonical(tx, one.n),),
    ).fetchall()
    if any({one.n, two.n} == {pair[2], pair[3]} for pair in pairs):
        return ""
    return f", by {', '.join(f'{a} with {b}' for a, b, *_ in pairs[:5])}"


def _merged(reader: Any, n: int) -> Merged:
    first = canonical(reader, n)
    ref, *others = refs_together(reader, n, first)
    pairs = [f"{a} {b}" for a, b, group in reader.execute(f"{_APART} order by 1, 2") if group == first]
    return Merged(ref, others, pairs)


def refs_together(reader: Any, n: int, first: int | None = None) -> list[str]:
    """Return the references of a record's group, that of *first* (by default its own) before the others."""
    first = n if first is None else first
    refs = {
        one: reader.execute("select ref from record where n = ?", (one,)).fetchone()[0]
        for one in grouping.together(reader, n)
    }
    return [refs.pop(first), *refs.values()]


def pair_id(store: Store, one: bytes, other: bytes) -> bytes:
    """Return the id of the judgement on a pair, whichever of the two is named first."""
    first, second = sorted((one.hex(), other.hex()))
    return journal.derived_id(store.id_key, "judgement", f"{first} {second}")


def canonical(reader: Any, n: int) -> int:
    """Return the local number of the record that stands for a record's group: itself where it is in none."""
    row = reader.execute("select canonical from same_as where n = ?", (n,)).fetchone()
    return int(row[0]) if row else n


_APART = (
    "select a.ref, b.ref, x.canonical from judgement as j cross join record as r on r.n = j.n "
    "join same_as as x on x.n = j.one join same_as as y on y.n = j.other "
    "join record as a on a.n = j.one join record as b on b.n = j.other "
    "where j.verdict = 'different' and r.state = 'present' and x.canonical = y.canonical"
)


def contradictions(store: Store, kind: str | None = None) -> list[tuple[str, str]]:
    """Return the references of pairs judged different that other judgements put into one group."""
    with store.counts() as reader:
        return apart(reader, kind)


def apart(reader: Any, kind: str | None = None) -> list[tuple[str, str]]:
    """Return what ``contradictions`` does, by a reader that is open already."""
    rows = reader.execute(f"{_APART} and (? is null or a.kind = ?) order by 1, 2", (kind, kind)).fetchall()
    return [(one, other) for one, other, _ in rows]
