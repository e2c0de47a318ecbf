"""Import: every row is created, updated, the same, in conflict or refused; all land or none does.

The plan is the same work in a transaction that is rolled back, so what it says is what would happen.
"""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from db import prompts, records
from db.exchange.landing import Landing, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.exchange.reading import Source
    from db.records import Why
    from db.vault.store import Store

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
    """Who follows an import: told each row's verdict, in order, and now and then the bytes read."""

    tell: Callable[[Verdict], None] = lambda _: None
    tick: Callable[[int], None] = lambda _: None


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
    """
    ident = os.urandom(8).hex()
    counts = dict.fromkeys(VERDICTS, 0)
    problems: list[Verdict] = []
    try:
        with _in_bulk(store), store.write(why.reason, why.note, {"import": ident}) as tx:
            landing = Landing(store, tx, kind)
            for batch in source.batches(BATCH, kind):
                for verdict in landing.take(batch):
                    counts[verdict.verdict] += 1
                    watch.tell(verdict)
                    if verdict.why is not None and len(problems) < _PROBLEMS_MOST:
                        problems.append(verdict)
                watch.tick(source.done)
            changed = counts["create"] + counts["update"]
            if not apply or problems or not changed:
                raise _Back
            tx.flush()
            detail = {"import": ident, "file": source.digest(), "rows": sum(counts.values())}
            tx.chain.append("collection", kind, None, detail=detail)
    except _Back:
        if apply and landing.taken_out:
            prompts.take_out(store, landing.taken_out)
        return Outcome(ident, counts, tuple(problems), apply and not problems)
    return Outcome(ident, counts, tuple(problems), True)


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
