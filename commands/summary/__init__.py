"""``beech summary``: the tallies of a period, each number with its definition, or the press line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import options, papers, printing
from commands.exits import Exit
from commands.opening import with_store
from commands.summary import pages
from db import tallies
from db.errors import Refused, Usage
from db.rules import periods
from db.tallies.spans import Asked, Span, spanned

if TYPE_CHECKING:
    from db.vault.store import Store

PROFILES = ("internal", "partner", "public", "headline")


@options.command(
    "summary",
    example="beech summary --month 2026-10 --compare previous",
    pages=papers.PAGES,
    exits={
        Exit.USAGE: "a period that cannot be read, or two of them; what a press line does not take",
        Exit.REFUSED: "a period or sector that does not leave; what gives an earlier figure away",
        Exit.WITHHELD: "disclosure control leaves nothing of the period",
    },
)
@click.option("--month", metavar="YYYY-MM", help="a month; without any period, the one that runs")
@click.option("--quarter", metavar="YYYY-Qn", help="a quarter: 2026-Q3 is July to September")
@click.option("--year", metavar="YYYY", help="a year")
@click.option("--since", metavar="DAY", help="from this day (a time narrows it)")
@click.option("--until", metavar="DAY", help="to this day, included; without it, today")
@click.option("--sector", metavar="NAME", help="one sector only")
@click.option("--profile", type=options.Words(PROFILES), help="internal is the default: exact figures")
@click.option("--compare", type=options.Words(tuple(tallies.COMPARISONS)), help="beside another period")
@click.option(
    "--recipient", metavar="CODE", help="who gets the file of --out: beech vocabulary list recipient"
)
@click.option(
    "--coarser", is_flag=True, help="withhold what would give an earlier figure away, instead of refusing"
)
@click.option("--chart", is_flag=True, help="draw the breakdowns and the months, each mark with its value")
@click.option("--ascii", is_flag=True, help="draw in plain characters, as the Linux console needs it")
@click.option("--sentence", is_flag=True, help="print the press line alone")
@with_store
def summary(store: Store, **given: Any) -> None:
    """Count a period: women engaged, concerns, men dealt with, calls.

    Every number comes with its definition. The internal profile is exact and stays in the unit. What leaves
    is partner (under 5 withheld), public (1 to 7 withheld, the rest to the nearest 5) or headline (more than
    40), of whole months, quarters and years that are over, and a supervisor's to make. Each is entered in the
    register (beech releases list), and refused where it and an earlier one give away what is withheld.

    A file of --out (.xlsx with charts, .html to print, .md, .csv, .json) is a disclosure; of the internal
    profile, to --recipient internal alone.
    """
    _check(given)
    span = _span(store, given)
    if given["sentence"]:
        printing.put([_sentence(store, span, given) + "\n"])
        return
    told = _told(store, span, given)
    if options.asked().out is not None:
        _write(store, told, span, given)
    else:
        _print(told, given)


def _write(store: Store, told: dict[str, Any], span: Span, given: dict[str, Any]) -> None:
    """Write the report into a file; the exact one is journalled here, what leaves was where it was made."""
    from db.tallies import report

    today = periods.local_day(store.now())
    if told["profile"] == report.INTERNAL:
        sheet = report.hand_out(store, told, span.period, given["recipient"])
    else:
        sheet = report.sheet(told, today)
    form = options.asked().format
    if papers.is_page() or form in ("table", "md"):
        papers.put(sheet, today, drawn=given["chart"])
    elif form == "csv":
        printing.emit(pages.cells(told, sheet.facts), marking=sheet.marked)
    else:
        printing.emit({"marking": sheet.marked, "facts": report.facts(sheet)} | told)


def _print(told: dict[str, Any], given: dict[str, Any]) -> None:
    form = options.asked().format
    if form == "md":
        printing.put(pages.markdown(told))
    elif form == "table":
        printing.put(pages.page(told, pages.Drawn(given["chart"], given["ascii"] or papers.plain())))
    else:
        printing.emit(pages.cells(told) if form == "csv" else told)


def _check(given: dict[str, Any]) -> None:
    """Refuse what cannot be printed, before anything is counted."""
    papers.check_name()
    if given["sentence"] and papers.is_page():
        raise Usage("--sentence is one line of text: name a .txt file")
    if options.asked().out is None:
        return
    if given["profile"] is None or (given["profile"] == "internal" and given["recipient"] is None):
        raise Usage(
            "a file leaves the unit: --out needs --profile, and --profile internal a --recipient CODE"
        )


def _told(store: Store, span: Span, given: dict[str, Any]) -> dict[str, Any]:
    """Return the exact tallies, or what a profile that leaves prints of them."""
    compare, sector, recipient = given["compare"], given["sector"], given["recipient"]
    if given["profile"] in (None, "internal"):
        return tallies.summary(store, span.period, compare=compare, sector=sector, bounds=span.bounds)
    from db.tallies import leaving

    if span.bounds is not None:
        raise Refused("only whole days leave the unit: give --since and --until without a time")
    beside = tallies.COMPARISONS[compare](span.period) if compare else None
    return leaving.leave(
        store, leaving.Wanted(span.period, given["profile"], recipient, beside, sector, given["coarser"])
    )


def _span(store: Store, given: dict[str, Any]) -> Span:
    asked = Asked(*(given[name] for name in Asked._fields))
    span = spanned(asked, store.now())
    if any(asked):
        return span
    if given["sentence"]:  # a press line is of what is over
        span = span._replace(period=periods.previous(span.period))
    ends = "" if given["sentence"] else ", so far"
    printing.say(f"no period given: {span.period.label}{ends} (--month YYYY-MM names another)")
    return span


def _sentence(store: Store, span: Span, given: dict[str, Any]) -> str:
    if given["sector"] or given["compare"] or span.bounds:
        raise Usage(
            "a press line is of whole days and the whole unit: leave out --sector, --compare and times"
        )
    from db.tallies import press

    if given["profile"] not in (None, press.PROFILE) or given["recipient"] not in (None, press.RECIPIENT):
        raise Usage(f"a press line is of the {press.PROFILE} profile and for the {press.RECIPIENT}, no other")
    if given["coarser"] or given["chart"]:
        raise Usage("a press line stands alone: leave out --coarser and --chart")
    return press.sentence(store, span.period)
