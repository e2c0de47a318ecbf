"""``beech brief``: four sheets to hand out, one printable page each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import options, papers
from commands.exits import Exit
from commands.opening import with_store
from db.errors import Usage, Withheld
from db.rules import periods

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.briefs.handing import Handing
    from db.vault.store import Store

_REFUSED = {
    Exit.REFUSED: "a member who is no supervisor; an unknown recipient or purpose; what may not leave"
}
_PRESETS = (
    *("people", "offenders", "actions", "outcomes", "concerns", "calls"),
    *("offences", "ages", "sexes"),
)

brief = options.group("brief", help="Hand out a sheet: the parade, a meeting, a warning card, an answer.")


def _handed(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say to whom and why."""
    to = click.option(
        "--recipient",
        "recipients",
        multiple=True,
        metavar="CODE",
        help="who gets it: beech vocabulary list recipient",
    )
    why = click.option("--purpose", metavar="CODE", help="what for: beech vocabulary list purpose")
    return to(why(function))


def _handing(recipients: tuple[str, ...], purpose: str | None, *, most: int = 1) -> Handing:
    from db.briefs.handing import Handing

    papers.check_name()
    if not recipients or purpose is None:
        raise Usage("a sheet leaves the unit: say to whom with --recipient CODE and why with --purpose CODE")
    if len(recipients) > most:
        raise Usage("this sheet goes to one --recipient: run it again for another")
    return Handing(tuple(dict.fromkeys(recipients)), purpose)


def _today(store: Store) -> Any:
    return periods.local_day(store.now())


@brief.command(
    example="beech brief parade --days 7 --recipient internal --purpose crime --out parade.html",
    exits=_REFUSED,
    pages=papers.PAGES,
)
@click.option("--days", type=options.Whole(), default=7, help="of so many days up to today; 7 by default")
@_handed
@with_store
def parade(store: Store, days: int, recipients: tuple[str, ...], purpose: str | None) -> None:
    """Print cars and men of the last days for a shift.

    No woman is on it, and nothing says who told of a man.
    """
    from db.briefs import parade as room

    handed = _handing(recipients, purpose)
    papers.put(room.parade(store, days, handed), _today(store))


@brief.command(
    example="beech brief meeting --recipient council --recipient num --purpose safeguarding --out m.html "
    "--from-json - < agenda.json",
    exits={**_REFUSED, Exit.WITHHELD: "nobody lets it be shared with these agencies"},
    pages=papers.PAGES,
)
@click.option(
    "--from-json",
    "source",
    metavar="FILE|-",
    help="the agenda: on, and people, each with person, why, asks of agency, ask, owner, due_on",
)
@_handed
@with_store
def meeting(store: Store, source: str | None, recipients: tuple[str, ...], purpose: str | None) -> None:
    """Print the sheet of a multi-agency meeting: women by pseudonym, with what each agency is asked to do.

    Only who lets it be shared with every agency named is on it. Each ask is kept as a follow-up, and each
    agency's sight of each woman is journalled. Without an agenda: all of them who have anything open.
    """
    from commands import asking
    from db import records
    from db.briefs import agenda
    from db.briefs import meeting as room

    handed = _handing(recipients, purpose, most=12)
    raw = asking.one_object(source) if source else None
    planned = agenda.read(raw, handed.recipients, records.local_now(store))
    papers.put(room.meeting(store, planned, handed), _today(store))


@brief.command(
    example="beech brief alert O-4M2X --recipient num --purpose safeguarding --out card.html",
    exits={**_REFUSED, Exit.NOT_FOUND: "no man and no car has that reference"},
    pages=papers.PAGES,
)
@click.argument("ref")
@_handed
@with_store
def alert(store: Store, ref: str, recipients: tuple[str, ...], purpose: str | None) -> None:
    """Print the warning card of a man or a car, for women and outreach.

    Look, car, what he does, the area and the week: never a name, a street or a day. It is a draft until a
    supervisor approves it.
    """
    from db.briefs import alert as room

    handed = _handing(recipients, purpose)
    papers.put(room.alert(store, ref, handed), _today(store))


@brief.command(
    example="beech brief foi --preset actions --years 2023-2025 --recipient press --purpose statistics",
    exits={**_REFUSED, Exit.WITHHELD: "disclosure control leaves nothing: the refusal is printed"},
    pages=papers.PAGES,
)
@click.option("--preset", type=options.Words(_PRESETS), help=f"one of {', '.join(_PRESETS)}")
@click.option("--years", metavar="YYYY-YYYY", help="the years, the last one over")
@_handed
@with_store
def foi(
    store: Store, preset: str | None, years: str | None, recipients: tuple[str, ...], purpose: str | None
) -> None:
    """Print the answer to a freedom-of-information request: the unit's own records, by year, protected.

    They are records of this unit, not the force's recorded crime. Immigration is not held by design.
    """
    from db.briefs import foi as room

    handed = _handing(recipients, purpose)
    if preset is None:
        raise Usage(f"say what is asked for with --preset: {', '.join(_PRESETS)}")
    answer = room.foi(store, preset, _years(years), handed)
    papers.put(answer.sheet, _today(store))
    if answer.refused:
        raise Withheld("disclosure control leaves nothing of it: the words of a refusal were printed")


def _years(typed: str | None) -> tuple[int, int]:
    import re

    found = re.fullmatch(r"((?:19|20)\d\d)(?:-((?:19|20)\d\d))?", (typed or "").strip())
    if found is None:
        raise Usage("--years takes a year or two, as 2023-2025")
    return int(found[1]), int(found[2] or found[1])
