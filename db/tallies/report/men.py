"""What the report says of the men for the unit alone: who is named and who is not, what a court said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from db import settings
from db.rules import vocabulary
from db.rules.sheets import Figure, Grid, Part
from db.tallies.definitions import IDENTIFIED, SUMS
from db.tallies.men import Men, identified
from db.tallies.scope import STANDING_FOR
from db.tallies.women import TOLD

if TYPE_CHECKING:
    from db.tallies.scope import Scope

NAMED, UNNAMED, NOBODY = "a man who is named", "a man on the watchlist, not named", "nobody on the watchlist"


def men(scope: Scope) -> Part:
    """Return the men met with who are not named, those disrupted, whom concerns are about, the charged."""
    ledger = Men(scope)
    met = identified(scope, (), vocabulary.codes("identity_confidence"))
    disrupted = settings.code_set(scope.reader, "disrupted")
    figures = (
        Figure(
            "offenders_not_identified",
            "Offenders not identified",
            len(met) - len(identified(scope)),
            None,
            "Different offenders with a concern, a sighting of them or their vehicle, or an action dated in "
            "the period who are neither named nor confirmed as keeper of a vehicle.",
        ),
        Figure(
            "offenders_disrupted",
            "Offenders disrupted",
            sum(not disrupted.codes.isdisjoint(kinds) for kinds in ledger.kinds.values()),
            None,
            "Different offenders with at least one of these in the period, for this unit: "
            f"{disrupted.label}.",
        ),
    )
    return Part("", figures=figures, grids=(_about(scope), _court(scope, ledger)))


def _about(scope: Scope) -> Grid:
    """Return the concerns of the period by whether it is known who he is."""
    told = TOLD.format(
        "select (select max(o.identity_confidence in (select value from json_each(:known))) "  # noqa: S608 - fixed text
        f"from offender_as as w join offender as o on o.n in {STANDING_FOR.format('w.who')} "
        "join record as m on m.n = o.n and m.state = 'present' where w.n = c.offender), count(*)"
    )
    rows = scope.rows(f"{told} group by 1", known=json.dumps(IDENTIFIED))
    counts: dict[int | None, int] = {row[0]: row[1] for row in rows}
    said = ((1, NAMED), (0, UNNAMED), (None, NOBODY))
    return Grid(
        "concerns_by_whom",
        "Concerns by whom they are about",
        ("about", "count"),
        tuple((words, counts.get(key, 0)) for key, words in said),
        "The concerns by the man they are linked to: named or confirmed as keeper of a vehicle, on the "
        "watchlist without that, or linked to nobody.",
    )


def _court(scope: Scope, ledger: Men) -> Grid:
    """Return the men charged in the period by whether they are convicted by now."""
    charged = [who for who, kinds in ledger.kinds.items() if not kinds.isdisjoint(SUMS["charges"])]
    ((convicted,),) = scope.rows(
        "select count(*) from json_each(:men) as j where exists (select 1 from offender as o "  # noqa: S608 - fixed text
        f"join record as m on m.n = o.n and m.state = 'present' where o.n in "
        f"{STANDING_FOR.format('j.value')} and o.category = 'convicted')",
        men=json.dumps(charged),
    )
    return Grid(
        "charged_by_result",
        "Offenders charged, by court result",
        ("result", "count"),
        (("convicted", convicted), ("no conviction entered", len(charged) - convicted)),
        "Different offenders charged or summonsed in the period by what is entered of them now. No court's "
        "dates are held: an acquittal, a case that is dropped and one that is open are not told apart.",
    )
