"""What another desk writes of somebody before it hears of her erasure is found, and goes along."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import doctor, erasure, judgements, records
from db.errors import Refused
from db.vault.verify import verify
from tests.conftest import Unit
from tests.desks import At, exchange, two_of
from tests.erased import WHY, gone, one


@pytest.fixture
def two(founded: Unit, tmp_path: Path) -> Iterator[tuple[At, At]]:
    """Two desks of one unit."""
    with two_of(founded, tmp_path) as desks:
        yield desks


def test_what_another_desk_wrote_before_it_heard_of_her_erasure_goes_too(two: tuple[At, At]) -> None:
    a, b = two
    her = one(a.store, "person", pseudonym="Quill-27")
    exchange(a, b)
    erasure.erase(a.store, "person", her, WHY)
    assert erasure.erase(a.store, "person", her, WHY).state == "erased"
    assert erasure.left(a.store) == []
    b.clock.forward(3600)
    contact = one(b.store, "engagement", at="now", people=[her], narrative="zebralate said it")
    concern = one(b.store, "concern", engagement=contact, person=her, weapon="zebralate")
    one(b.store, "followup", what="ring zebralate", about=contact, due_on="tomorrow")
    exchange(a, b)
    exchange(a, b)
    assert erasure.left(a.store) == [her]
    (told,) = (said for said in doctor.unit(a.store).findings if said.check == "erasures")
    assert not told.ok
    assert her in str(told.mend)
    first = erasure.erase(a.store, "person", her, WHY)
    assert first.state == "restricted"
    done = erasure.erase(a.store, "person", her, WHY)
    assert done.state == "erased"
    assert done.emptied == (contact,)
    assert concern in done.along
    assert gone(a.store, "concern", concern)
    assert records.show(a.store, "engagement", contact, WHY)["people_unnamed"] == 1
    with pytest.raises(Refused, match="was erased before"):
        erasure.erase(a.store, "person", her, WHY)
    exchange(a, b)
    for desk in two:
        assert not any("zebralate" in str(part.body) for part in desk.parts())
        assert erasure.left(desk.store) == []
        assert verify(desk.store).faults == ()
    assert a.rows() == b.rows()


@pytest.mark.parametrize("kind", ["person", "offender"])
def test_what_another_desk_wrote_when_it_judged_before_it_heard_of_an_erasure_goes_too(
    two: tuple[At, At], kind: str
) -> None:
    a, b = two
    name = "pseudonym" if kind == "person" else "name"
    going, other = (one(a.store, kind, **{name: said}) for said in ("Quill-27", "Heron-3"))
    (car, another) = (one(a.store, "vehicle", vrm=vrm) for vrm in ("NA12 KBO", "NA12 KBA"))
    if kind == "offender":
        records.amend(a.store, "vehicle", car, {"offender": going})
    exchange(a, b)
    erasure.erase(a.store, kind, going, WHY)
    erasure.erase(a.store, kind, going, WHY)
    b.clock.forward(3600)
    said = records.Why("intelligence", "zebralate saw both")
    judgements.judge(b.store, going, other, "different", said)
    if kind == "offender":
        judgements.judge(b.store, car, another, "different", said)
    exchange(a, b)
    exchange(a, b)
    assert erasure.left(a.store) == [going]
    assert any("zebralate" in str(part.body) for part in a.parts())
    assert erasure.is_asked(a.store, kind, going)
    assert erasure.erase(a.store, kind, going, WHY).state == "erased"
    with pytest.raises(Refused, match="was erased before"):
        erasure.erase(a.store, kind, going, WHY)
    exchange(a, b)
    for desk in two:
        assert not any("zebralate" in str(part.body) for part in desk.parts())
        assert erasure.left(desk.store) == []
        assert verify(desk.store).faults == ()
        assert desk.rows() == a.rows()
    (verdict,) = a.store.cipher.execute(
        "select j.verdict from judgement as j join record as r on r.n in (j.one, j.other) where r.ref = ?",
        (going,),
    ).fetchone()
    assert verdict == "different"
