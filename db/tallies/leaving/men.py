"""The men's ledger as it may leave: each count with the men behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.rules.disclosure import Cell, of_people
from db.tallies.definitions import HIGHEST, SUMS
from db.tallies.men import Men, highest, identified, outcome_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.tallies.scope import Scope

Counts = dict[tuple[str, ...], Cell]


def dealt_with(scope: Scope, left_out: list[int]) -> Counts:
    """Return the men identified and dealt with, what was done, and the outcomes of crimes.

    Args:
        scope: the period.
        left_out: concerns, by number, of women who said no: a man known by those alone is not counted.
    """
    men = Men(scope)
    made: Counts = {
        ("offenders_identified",): of_people(identified(scope, left_out)),
        ("offenders_dealt_with",): of_people(men.dealt_with),
        ("offenders_dealt_with_wide",): of_people(men.wide),
        ("offenders_dealt_with_new",): of_people(men.new()),
        ("offenders_released",): of_people(men.released()),
    }
    times = {(act.who, act.on, act.action) for act in men.acts}
    for measure, actions in SUMS.items():
        made[measure,] = _shares(who for who, _, action in times if action in actions)
    for name, under in highest(men).items():
        made["offenders_by_highest_action", name] = of_people(under)
    for kind in sorted({action for _, _, action in times}):
        made["actions_by_kind", kind] = _shares(who for who, _, action in times if action == kind)
    return made | _outcomes(men)


def _outcomes(men: Men) -> Counts:
    made: Counts = {}
    crimes: dict[str, dict[str, set[int]]] = {}
    for act in men.acts:
        if act.outcome is not None:
            crimes.setdefault(act.outcome, {}).setdefault(act.crime, set()).add(act.who)
    for code in sorted(crimes, key=outcome_order):
        shares: dict[int, int] = {}
        for behind in crimes[code].values():
            for who in behind:
                shares[who] = shares.get(who, 0) + 1
        made["outcomes_by_code", code] = Cell(len(crimes[code]), shares)
    return made


def differences(made: Counts) -> Counts:
    """Return what a reader can subtract: those dealt with in the wide sense alone, or never before."""
    rows = {name: set(made["offenders_by_highest_action", name].people or ()) for name, _ in HIGHEST}
    dealt = set(made["offenders_dealt_with",].people or ())
    wide = set(made["offenders_dealt_with_wide",].people or ())
    new = set(made["offenders_dealt_with_new",].people or ())
    released = set(made["offenders_released",].people or ())
    gravest = rows["charge"] | rows["caution"] | rows["arrest"]
    return {
        ("offenders_dealt_with_wide", "alone"): of_people(wide - dealt),
        ("offenders_dealt_with", "before"): of_people(dealt - new),
        ("offenders_dealt_with", "not released"): of_people(dealt - released),
        ("offenders_dealt_with", "arrested beside"): of_people(dealt - gravest),
        ("offenders_dealt_with_wide", "lesser"): of_people(wide - gravest),
    }


def _shares(behind: Iterable[int]) -> Cell:
    shares: dict[int, int] = {}
    for who in behind:
        shares[who] = shares.get(who, 0) + 1
    return Cell(sum(shares.values()), shares)
