"""``beech import``: files into records, planned first, whole or not at all, and taken back whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import asking, opening, printing
from commands.exits import Exit
from commands.options import Command, Group, asked, command
from db.errors import Ambiguous, Refused, Usage
from db.exchange import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.exchange.importing import Outcome, Verdict
    from db.exchange.plans import Check, Writer
    from db.exchange.reading import Source
    from db.records import Record
    from db.vault.store import Store

_SHOWN_MOST = 200_000  # rows of a plan that are held to be printed
_EXITS = {
    Exit.USAGE: "the file cannot be read, is malformed, or has an unknown column; nothing was written",
    Exit.REFUSED: "a rule refuses a row: row, column and rule are named; nothing was written",
    Exit.AMBIGUOUS: "rows in conflict, or a plan that does not fit any more; nothing was written",
}


class Imports(Group):
    """A command for each kind, and those for whole imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return [*KINDS, "list", "undo"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make and return one; None where there is none of that name."""
        if cmd_name in KINDS:
            return of_kind(cmd_name, f"import {cmd_name}")
        return {"list": list_, "undo": undo}.get(cmd_name)


import_ = Imports(
    "import",
    help="Import records of a kind from CSV, JSON, NDJSON or XLSX, planned first; take a whole import back.",
    example="beech import offenders men.xlsx --apply",
)


_MATCHED = ("offender", "vehicle", "concern", "engagement")


def of_kind(word: str, line: str) -> Command:
    """Return the command that imports a kind, under the last word of its *line*."""

    def run(store: Store, file: Path, apply: bool, plan_out: Path | None, plan: Path | None) -> None:
        if plan_out is not None and (apply or plan is not None):
            raise Usage("--plan-out makes a plan: apply it afterwards, with --plan FILE --apply")
        if plan is not None and not apply:
            raise Usage("--plan FILE is for --apply: it carries that plan out")
        _import(store, KINDS[word], file, (apply, plan_out, plan))

    return Command(
        line.split()[-1],
        callback=opening.with_store(run),
        params=[
            click.Argument(["file"], type=click.Path(path_type=Path, allow_dash=False)),
            click.Option(["--apply"], is_flag=True, help="carry it out; without it nothing is written"),
            click.Option(
                ["--plan-out"],
                type=click.Path(path_type=Path),
                metavar="FILE",
                help="keep the plan: row numbers, verdicts, references, no value",
            ),
            click.Option(
                ["--plan"],
                type=click.Path(path_type=Path),
                metavar="FILE",
                help="carry out that plan, or nothing where file or records moved since",
            ),
        ],
        help=f"Import {word} from a CSV, JSON, NDJSON or XLSX FILE: all rows or none. Without --apply prints "
        "what each row would become: create, update, same, conflict, refused. A row's external_ref is the "
        "importer's own key: importing a file twice updates instead of doubling.",
        example=f"beech {line} {word}.csv --apply",
        exits=_EXITS,
    )


def _import(store: Store, kind: str, file: Path, how: tuple[bool, Path | None, Path | None]) -> None:
    from db.exchange import plans

    apply, plan_out, plan = how
    if plan is None:
        _follow(store, kind, file, (apply, plan_out), None)
        return
    check = plans.Check(store, kind, plan)
    try:
        before = check.applied(store)
        if before is not None:
            _say_before(check, file, before)
        else:
            _follow(store, kind, file, (apply, plan_out), check)
    finally:
        check.close()


def _say_before(check: Check, file: Path, before: str) -> None:
    """Say that the plan was carried out before, where this is the file that it was made of."""
    from db.exchange import reading

    source = reading.Source(file)
    try:
        counts = check.again(source)
    finally:
        source.close()
    if asked().format in ("json", "ndjson"):
        printing.emit({"import": None, "applied": True, **counts, "rows": []})
    printing.say(f"nothing to write: that plan was carried out before (import {before})")


def _follow(store: Store, kind: str, file: Path, how: tuple[bool, Path | None], check: Check | None) -> None:
    """Import a file, or plan to, and say what became of it."""
    from db.exchange import plans, reading

    apply, plan_out = how
    source = reading.Source(file)
    writer = None
    try:
        writer = plans.Writer(store, kind, plan_out) if plan_out is not None else None
        done, rows = _run(store, kind, source, apply, writer or check)
    except Usage as error:
        raise Usage(f"{file.name}: {error}; nothing was written") from None
    finally:
        source.close()
        if writer is not None:
            writer.drop()
        _clear()
    _print(done, rows)
    _end(done, kind, plan_out)


def _run(
    store: Store, kind: str, source: Source, apply: bool, follower: Writer | Check | None
) -> tuple[Outcome, list[Verdict]]:
    """Plan or carry out; returns what became of it, and the rows to print."""
    from db.exchange import importing, plans

    rows: list[Verdict] = []

    def keep(verdict: Verdict) -> None:
        if follower is not None:
            follower.tell(verdict)
        if not apply and (len(rows) < _SHOWN_MOST) and not isinstance(follower, plans.Writer):
            rows.append(verdict)

    watch = importing.Watch(keep, _progress(source))
    if follower is not None:
        id_ = follower.id if isinstance(follower, plans.Check) else None
        watch = watch._replace(begin=follower.begin, end=follower.end, plan=id_)
    done = importing.run(store, kind, source, apply=apply, why=asking.why(), watch=watch)
    if isinstance(follower, plans.Writer) and not done.problems:
        follower.keep()
    if (total := sum(done.counts.values())) > len(rows):
        if not apply and follower is None:
            printing.say(
                f"of {total} rows only the first in trouble are shown: --plan-out FILE keeps all of them"
            )
        rows = list(done.problems)
    return done, rows


def _print(done: Outcome, verdicts: list[Verdict]) -> None:
    rows = [{"row": v.row, "verdict": v.verdict, "why": v.why} for v in verdicts]
    changed = done.applied and done.counts["create"] + done.counts["update"]
    if asked().format in ("json", "ndjson"):  # an import that changed nothing is in no list, nor to be undone
        totals: dict[str, Any] = {"import": done.id if changed else None, "applied": done.applied}
        printing.emit({**totals, **done.counts, "rows": rows})
        return
    if rows:
        printing.emit(rows)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in done.counts.items() if count)
    head = "imported" if changed else "nothing to write" if done.applied else "planned, nothing was written"
    printing.say(f"{head}: {counts or 'no rows'}" + (f" (import {done.id})" if changed else ""))


def _end(done: Outcome, kind: str, plan_out: Path | None) -> None:
    """Say what keeps the import from being carried out, with its exit code."""
    refused, conflict = done.counts["refused"], done.counts["conflict"]
    if refused:
        raise Refused(
            f"{_rows(refused, 'is', 'are')} refused: mend the file and import it again; nothing was written"
        )
    if conflict:
        raise Ambiguous(
            f"{_rows(conflict, 'was', 'were')} changed here and in the file: amend the records or the file, "
            "then import it again; nothing was written"
        )
    changed = any(done.counts[verdict] for verdict in ("create", "update"))
    if done.applied and changed and kind in _MATCHED:
        printing.say("to be matched at a quiet desk, or now by 'beech match --pending'")
    if done.applied or not changed:
        return
    if plan_out is not None:
        printing.say(f"the plan is in {plan_out}; --plan {plan_out} --apply carries it out")
    else:
        printing.say("add --apply to carry it out")


def _rows(count: int, one: str, several: str) -> str:
    return f"1 row {one}" if count == 1 else f"{count} rows {several}"


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


@command("list", example="beech import list")
@opening.with_store
def list_(store: Store) -> None:
    """List the imports that were carried out, newest first: id, when, who, kind, rows, whether taken back."""
    from db.exchange import undoing

    printing.emit(
        undoing.listed(store),
        keys=("import", "at", "member", "kind", "rows", "undone"),
        empty="nothing was imported yet",
    )


@command(
    "undo",
    example="beech import undo 5f1c09d2ab34e781 --reason correction",
    exits={
        Exit.USAGE: "another member carried it out, and no --reason is given",
        Exit.NOT_FOUND: "no import has that id",
        Exit.REFUSED: "it was taken back before",
    },
)
@click.argument("ident", metavar="ID")
@opening.with_store
def undo(store: Store, ident: str) -> None:
    """Take a whole import back in one step: what it made is struck out, what it changed is set back.

    What was changed since, or is pointed at from elsewhere, stays as it is and is named.
    """
    from db.exchange import undoing

    done = undoing.undo(store, ident, asking.why())
    kept: list[Record] = [one._asdict() for one in done.kept]
    if asked().format in ("json", "ndjson"):
        printing.emit({"import": done.id, "struck": done.struck, "set_back": done.set_back, "kept": kept})
        return
    if kept:
        printing.emit(kept)
    stays = f"; {_rows(len(kept), 'above stays', 'above stay')} as changed since" if kept else ""
    printing.say(f"taken back: {done.struck} struck out, {done.set_back} set back{stays}")
