"""Import: every row is created, updated, the same, in conflict or refused; all land or none does.

The plan is the same work in a transaction that is rolled back, so what it says is what would happen.
"""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from db import prompts, records
from db.errors import Ambiguous
from db.exchange import plans
from db.exchange.landing import Landing, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.exchange.reading import Source
    from db.records import Why
    from db.vault.store import Store
    from db.vault.writing import Write

__all__ = ["BATCH", "Outcome", "Verdict", "Watch", "run"]

BATCH = 1000
VERDICTS = ("create", "update", "same", "conflict", "refused")
_PROBLEMS_MOST = 200


class Outcome(NamedTuple):
    """An import's result. ``problems`` are the first 200 rows that were refused or in conflict."""

    id: str
    counts: dict[str, int]
    problems: tuple[Verdict, ...]
    applied: bool


class Watch(NamedTuple):
    """Who follows an import: told when it begins, each row's verdict, and now and then the bytes read.

    ``end`` is told the source's digest and the counts before anything lands, and may refuse it.
    ``plan`` is the id of the plan that is carried out.
    """

    tell: Callable[[Verdict], None] = lambda _: None
    tick: Callable[[int], None] = lambda _: None
    begin: Callable[[Any], None] = lambda _: None
    end: Callable[[str, dict[str, int]], None] = lambda _, __: None
    plan: str | None = None


class _Back(Exception):
    """No error: it takes the transaction back."""


def run(  # noqa: PLR0913 - three say what, three how
    store: Store,
    kind: str,
    source: Source,
    *,
    apply: bool,
    why: Why = records.Why(),  # noqa: B008 - immutable
    watch: Watch = Watch(),  # noqa: B008 - immutable
) -> Outcome:
    """Plan an import, or carry it out where every row allows it.

    Args:
        store: the open unit.
        kind: the kind's word.
        source: the file.
        apply: carry it out; without it, nothing is written.
        why: reason and note for the journal.
        watch: who follows it.

    Raises:
        Usage: the file cannot be read, or has an unknown column; nothing is written.
        Refused: a column is one that is never held; nothing is written.
        Ambiguous: the same file was imported before and would be doubled, or the plan does not fit any more.
    """
    ident = os.urandom(8).hex()
    counts = dict.fromkeys(VERDICTS, 0)
    problems: list[Verdict] = []
    try:
        with _in_bulk(store), store.write(why.reason, why.note, {"import": ident}) as tx:
            watch.begin(tx)
            landing, loose = Landing(store, tx, kind), 0
            for batch in source.batches(BATCH, kind):
                for verdict in landing.take(batch):
                    counts[verdict.verdict] += 1
                    loose += verdict.verdict == "create" and verdict.record is None
                    watch.tell(verdict)
                    if verdict.why is not None and len(problems) < _PROBLEMS_MOST:
                        problems.append(verdict)
                watch.tick(source.done)
            digest = source.digest()
            if not problems:
                watch.end(digest, counts)
            if not apply or problems or not counts["create"] + counts["update"]:
                raise _Back
            _close(tx, kind, ident, (digest, loose, sum(counts.values())), watch.plan)
    except _Back:
        if apply and landing.taken_out:
            prompts.take_out(store, landing.taken_out)
        return Outcome(ident, counts, tuple(problems), apply and not problems)
    return Outcome(ident, counts, tuple(problems), True)


def _close(tx: Write, kind: str, ident: str, what: tuple[str, int, int], plan: str | None) -> None:
    """Append the import's last entry, by which it can be taken back.

    Args:
        tx: the transaction.
        kind: what was imported.
        ident: the import's id.
        what: the file's digest, how many new records have no key, how many rows there are.
        plan: the id of the plan that was carried out, if any.

    Raises:
        Ambiguous: the very file was imported before, and its rows without a key would be doubled.
    """
    digest, loose, rows = what
    before = next(plans.standing(tx, "file", digest), None) if loose else None
    if before is not None:
        raise Ambiguous(
            f"this very file was imported before ({before}), and its rows without external_ref would be "
            "doubled; nothing was written"
        )
    tx.flush()
    detail = {"import": ident, "file": digest, "rows": rows}
    tx.chain.append("collection", kind, None, detail=detail | ({"plan": plan} if plan is not None else {}))


@contextmanager
def _in_bulk(store: Store) -> Iterator[None]:
    """Take more memory for pages, and do without the search for cycles: rows make none, and it takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        with store.cipher.roomy():
            yield
    finally:
        if was_on:
            gc.enable()
