"""What another desk writes of a contact before it hears that it was lowered to level 0 is found, and goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import doctor, erasure, judgements, records
from db.errors import Refused
from db.records import Why, silent
from db.vault.verify import verify
from tests.conftest import Unit
from tests.desks import At, exchange, two_of
from tests.erased import one

WHY = Why("correction")


@pytest.fixture
def two(founded: Unit, tmp_path: Path) -> Iterator[tuple[At, At]]:
    """Two desks of one unit."""
    with two_of(founded, tmp_path) as desks:
        yield desks


def lower(desk: At, ref: str) -> None:
    records.amend(desk.store, "engagement", ref, {"sharing_level": 0}, WHY)


def left_in(desk: At) -> bool:
    return any(b"zebralate" in (part.body or b"") for part in desk.parts())


@pytest.mark.parametrize("what", ["narrative", "refs", "people", "note", "followup", "judgement"])
def test_doctor_names_what_another_desk_added_and_lowering_it_again_takes_it(
    two: tuple[At, At], what: str
) -> None:
    a, b = two
    met = one(a.store, "engagement", at="now", narrative="she was cold")
    him = one(a.store, "offender", name="Gary Example")
    her = one(a.store, "person", pseudonym="Zebralate-27")
    exchange(a, b)
    lower(a, met)
    assert silent.left(a.store) == []
    b.clock.forward(3600)
    if what == "followup":
        due = one(b.store, "followup", what="ring", due_on="tomorrow", about=met)
    elif what == "judgement":
        judgements.judge(b.store, met, him, "different", Why("crime", "zebralate"))
    elif what == "note":
        records.amend(b.store, "engagement", met, {"sector": "Northgate"}, Why("correction", "zebralate"))
    else:
        value = {"narrative": "zebralate said it", "refs": ["bwv:zebralate"], "people": [her]}[what]
        records.amend(b.store, "engagement", met, {what: value}, WHY)
    exchange(a, b)
    for desk in two:
        (told,) = (said for said in doctor.unit(desk.store).findings if said.check == "levels")
        assert not told.ok
        assert f"beech engagements amend {met} --sharing-level 0" in str(told.mend)
    lower(a, met)
    exchange(a, b)
    for desk in two:
        assert silent.left(desk.store) == []
        assert verify(desk.store).faults == ()
        if what == "followup":
            assert records.show(desk.store, "followup", due)["about"] is None
        elif what != "people":
            assert not left_in(desk)
    before = len(a.parts())
    lower(a, met)
    assert len(a.parts()) == before


def test_a_concern_that_another_desk_put_on_it_is_named_until_it_is_erased(two: tuple[At, At]) -> None:
    a, b = two
    met = one(a.store, "engagement", at="now")
    exchange(a, b)
    lower(a, met)
    concern = one(b.store, "concern", engagement=met, weapon="knife")
    exchange(a, b)
    assert silent.left(a.store) == [met]
    with pytest.raises(Refused, match=concern):
        lower(a, met)
    for _ in range(2):
        erasure.erase(a.store, "concern", concern, WHY)
    assert silent.left(a.store) == []
    assert verify(a.store).ok


def test_what_is_rightly_written_of_a_contact_at_level_0_is_not_named(two: tuple[At, At]) -> None:
    a, _ = two
    met = one(a.store, "engagement", at="now", narrative="she was cold")
    lower(a, met)
    records.amend(a.store, "engagement", met, {"sector": "Northgate"}, Why("correction", "seen on the map"))
    assert silent.left(a.store) == []
