"""``beech journal``: its entries, and the check that it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import opening, printing
from commands.exits import Exit
from commands.journal_files import export, import_
from commands.options import Whole, Words, asked, group
from db import journals
from db.errors import Damaged

if TYPE_CHECKING:
    from db.vault.store import Store
    from db.vault.verify import Report

journal = group("journal", help="The journal: everything that happened, and the proof.")
journal.add_command(export)
journal.add_command(import_)


@journal.command("list", example="beech journal list --since today --operation consultation")
@click.option("--since", metavar="DAY", help="from this day or time on")
@click.option("--until", metavar="DAY", help="up to this day or time, included")
@click.option("--operation", type=Words(journals.OPERATIONS), help="of this kind")
@click.option("--limit", type=Whole(), help="the newest so many; all by default")
@opening.with_store
def list_(
    store: Store, since: str | None, until: str | None, operation: str | None, limit: int | None
) -> None:
    """List entries, newest first: when, who, which operation on which reference, why; no contents.

    It shows no person, so it is no look and leaves no entry.
    """
    from db import records
    from db.rules import periods

    start, end = periods.span(since, until, records.local_now(store))
    found = journals.entries(store, journals.Span(start, end, operation, limit))
    keys = (*journals.COLUMNS, "fields")
    printing.emit(found, columns=journals.COLUMNS, keys=keys, empty="no entries")


@journal.command(
    "verify",
    example="beech journal verify --since-last",
    exits={Exit.DAMAGED: "it has faults: each on a line of its own"},
)
@click.option("--since-last", is_flag=True, help="only what came after the last check that found nothing")
@opening.with_store
def verify(store: Store, since_last: bool) -> None:
    """Check the journal: pages, chain, signatures, roles, digests, and the records against it.

    A check that finds nothing is itself recorded; db/vault/FORMAT.md says what each fault means, and what
    cannot be caught.
    """
    from db.vault import session
    from db.vault import verify as checking

    kept = journals.witness(session.find_witness(store.unit.hex(), store.folder))
    report = checking.verify(store, since_last=since_last, witness=kept)
    if report.ok:
        journals.record_verification(store, report)
    _print(report)
    if not report.ok:
        raise Damaged(
            f"the journal has {len(report.faults)} faults: keep this copy, and compare or restore a backup"
        )


def _print(report: Report) -> None:
    faults = [{"fault": fault.name, "where": fault.where} for fault in report.faults]
    said = {
        "ok": report.ok,
        "entries": report.entries,
        "transactions": report.transactions,
        "records": report.records,
    }
    if asked().format in ("json", "ndjson"):
        printing.emit(said | {"faults": faults})
        return
    if asked().format != "table":
        printing.emit(faults, keys=("fault", "where"))
        return
    entries, records = f"{report.entries:,} entries", f"{report.records:,} records"
    lines = [f"{entries} in {report.transactions:,} transactions, {records} compared: "]
    lines.append("nothing wrong\n" if report.ok else f"{len(faults)} faults\n")
    lines += [f"{fault.name} {fault.where}\n" for fault in report.faults]
    printing.put(lines)
