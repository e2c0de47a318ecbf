"""Two desks release without knowledge of each other; then their registers meet."""

from pathlib import Path

import pytest

from db import doctor
from db.errors import Refused
from db.rules import periods
from db.tallies import leaving
from db.tallies.leaving import apart
from tests.conftest import Unit
from tests.desks import At, exchange
from tests.tallied import spoke, woman


def test_what_two_desks_released_apart_is_held_against_each_other_where_they_meet(
    founded: Unit, tmp_path: Path
) -> None:
    a, b = desks = At(tmp_path / "a", founded), At(tmp_path / "b", founded)
    for number in range(24):
        her = woman(a.store, f"Willow-{number}")
        spoke(a.store, f"2026-{'07' if number < 22 else '08'}-05 21:30", her)
    exchange(*desks)
    july, quarter = periods.month("2026-07"), periods.quarter("2026-Q3")
    leaving.leave(a.store, leaving.Wanted(july, "partner"))
    assert apart.met(a.store) == []
    leaving.leave(b.store, leaving.Wanted(quarter, "partner"))
    exchange(*desks)
    for desk in desks:
        assert [one.tells for one in apart.met(desk.store)] == [True]
        (found,) = [one for one in doctor.unit(desk.store).findings if one.check == "releases"]
        assert not found.ok
        with pytest.raises(Refused):
            leaving.leave(desk.store, leaving.Wanted(periods.month("2026-08"), "partner"))
    for desk in desks:
        desk.close()
