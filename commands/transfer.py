"""``beech import``: files into records, planned first, whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import asking, opening, printing
from commands.exits import Exit
from commands.options import Words, asked, command
from db.errors import Ambiguous, Refused, Usage
from db.exchange import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.exchange.importing import Outcome, Verdict
    from db.exchange.reading import Source
    from db.vault.store import Store


@command(
    "import",
    example="beech import offenders men.ndjson --apply",
    exits={
        Exit.USAGE: "the file cannot be read, is malformed, or has an unknown column; nothing was written",
        Exit.REFUSED: "a rule refuses a row: row, column and rule are named; nothing was written",
        Exit.AMBIGUOUS: "rows in conflict, and no other trouble; nothing was written",
    },
)
@click.argument("kind", type=Words(tuple(KINDS)))
@click.argument("file", type=click.Path(path_type=Path, allow_dash=False))
@click.option(
    "--apply", is_flag=True, help="carry it out; without it the plan is printed and nothing written"
)
@opening.with_store
def import_(store: Store, kind: str, file: Path, apply: bool) -> None:
    """Import records of a KIND from a CSV, JSON, NDJSON or XLSX FILE: all rows or none.

    Without --apply prints what each row would become: create, update, same, conflict, refused. A row's
    external_ref is the importer's own key: importing a file twice updates instead of doubling.
    """
    from db.exchange import importing, reading

    plan: list[Verdict] = []
    keep: Callable[[Verdict], None] = (lambda _: None) if apply else plan.append
    source = reading.Source(file)
    try:
        watch = importing.Watch(keep, _progress(source))
        done = importing.run(store, KINDS[kind], source, apply=apply, why=asking.why(), watch=watch)
    except Usage as error:
        raise Usage(f"{file.name}: {error}; nothing was written") from None
    finally:
        source.close()
        _clear()
    _print(done, plan)
    _end(done)


def _print(done: Outcome, plan: list[Verdict]) -> None:
    rows = [{"row": v.row, "verdict": v.verdict, "why": v.why} for v in plan or done.problems]
    if asked().format in ("json", "ndjson"):
        totals: dict[str, Any] = {"import": done.id if done.applied else None, "applied": done.applied}
        printing.emit({**totals, **done.counts, "rows": rows})
        return
    if rows:
        printing.emit(rows)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in done.counts.items() if count)
    changed = done.applied and done.counts["create"] + done.counts["update"]
    head = "imported" if changed else "nothing to write" if done.applied else "planned, nothing was written"
    printing.say(f"{head}: {counts or 'no rows'}" + (f" (import {done.id})" if changed else ""))


def _end(done: Outcome) -> None:
    """Say what keeps the import from being carried out, with its exit code."""
    refused, conflict = done.counts["refused"], done.counts["conflict"]
    if refused:
        raise Refused(
            f"{refused} rows are refused: mend them in the file and import it again; nothing was written"
        )
    if conflict:
        raise Ambiguous(
            f"{conflict} rows were changed here and in the file: amend the records or the file, "
            "then import it again; nothing was written"
        )
    if not done.applied and any(done.counts[verdict] for verdict in ("create", "update")):
        printing.say("add --apply to carry it out")


def _progress(source: Source) -> Callable[[int], None]:
    if not sys.stderr.isatty():
        return lambda _: None
    width = 40

    def show(done: int) -> None:
        full = width * done // max(source.size, 1)
        sys.stderr.write(f"\r[{'#' * full}{'.' * (width - full)}] {100 * done // max(source.size, 1):3d}%")
        sys.stderr.flush()

    return show


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * 60 + "\r")
