"""A restricted record is held and seen by nobody who gives no reason; a supervisor lifts it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from db import engagements, erasure, finding, judgements, pages, records, watchlist
from db.errors import Refused, Usage
from db.exchange import leaving
from db.records import Why
from db.rules import periods
from db.vault.store import Store
from db.vault.verify import verify
from tests import imports, tallied
from tests.conftest import Clock, Unit
from tests.erased import counted, joined, one, working


def test_a_restricted_person_is_in_no_list_and_shown_to_a_reason_alone(store: Store) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    assert erasure.restrict(store, "person", ref, Why("safeguarding")) == ref
    assert records.listing(store, "person") == []
    with pytest.raises(Usage, match="--reason CODE"):
        records.show(store, "person", ref)
    assert records.show(store, "person", ref, Why("safeguarding"))["pseudonym"] == "Willow-27"
    assert verify(store).ok


@pytest.mark.parametrize("look", [records.history, records.undo])
def test_nothing_of_a_restricted_record_is_told_without_a_reason(
    store: Store, look: Callable[[Store, str, str], object]
) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    erasure.restrict(store, "person", ref, Why("safeguarding"))
    with pytest.raises(Usage, match="--reason CODE"):
        look(store, "person", ref)
    with pytest.raises(Usage, match="--reason CODE"):
        records.amend(store, "person", ref, {"risk_by": "Jo"})


@pytest.mark.parametrize("look", [records.show, records.history, records.undo, pages.whole])
@pytest.mark.parametrize("merged", [False, True])
def test_what_is_of_a_restricted_woman_opens_with_a_reason_alone(
    store: Store, look: Callable[..., object], merged: bool
) -> None:
    her = one(store, "person", pseudonym="Willow-27")
    met = one(store, "engagement", at="now", people=[her], narrative="a canary")
    hers = {
        "engagement": met,
        "concern": one(store, "concern", engagement=met, person=her, injury="a canary"),
        "referral": one(store, "referral", person=her, service="housing"),
        "followup": one(store, "followup", what="a canary", about=met, due_on="2026-12-01"),
    }
    other = one(store, "person", pseudonym="Rowan-04")
    if merged:
        judgements.judge(store, her, other, "same", Why("correction"))
    erasure.restrict(store, "person", other if merged else her, Why("safeguarding"))
    for kind, ref in hers.items():
        assert records.state_of(store, kind, ref) == "restricted"
        with pytest.raises(Usage, match="of somebody who is restricted: say why with --reason CODE"):
            look(store, kind, ref)
        look(store, kind, ref, Why("safeguarding"))
    free = one(store, "engagement", at="now", people=[one(store, "person", pseudonym="Hazel-09")])
    look(store, "engagement", free)


def test_what_is_of_a_restricted_man_opens_with_a_reason_alone(store: Store) -> None:
    man = one(store, "offender", name="Gary Example")
    car = one(store, "vehicle", offender=man, vrm="NA12 XBO")
    his = {
        "vehicle": car,
        "sighting": one(store, "sighting", at="now", vehicle=car),
        "action": one(store, "action", offender=man, on="today", action="arrest"),
        "order": one(store, "order", offender=man, type="cbo"),
    }
    erasure.restrict(store, "offender", man, Why("audit"))
    for kind, ref in his.items():
        with pytest.raises(Usage, match="--reason CODE"):
            records.show(store, kind, ref)
        assert records.show(store, kind, ref, Why("audit"))["ref"] == ref


def test_a_restricted_engagement_is_not_found(store: Store) -> None:
    ref = one(store, "engagement", at="now", narrative="a heron by the bridge")
    erasure.restrict(store, "engagement", ref, Why("safeguarding"))
    assert finding.find(store, "heron") == []


def test_a_restricted_man_matches_nobody(store: Store) -> None:
    ref = str(
        watchlist.add_offender(store, {"aliases": ["Spider"], "vehicles": [{"vrm": "NA12 XBO"}]})["ref"]
    )
    described = watchlist.read_one(store, {"vehicles": [{"vrm": "NA12 XBO"}]})
    assert [hit["ref"] for hit in watchlist.match_each(store, [described])[0].hits] == [ref]
    erasure.restrict(store, "offender", ref, Why("audit"))
    assert watchlist.match_each(store, [described])[0].hits == []
    assert watchlist.list_offenders(store) == []


def test_a_restricted_woman_is_notcounted_and_her_engagement_is(store: Store) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    one(store, "engagement", at="now", people=[ref])
    before = counted(store)
    erasure.restrict(store, "person", ref, Why("safeguarding"))
    assert (before, counted(store)) == ((1, 1), (1, 0))


def test_restricting_takes_a_reason(store: Store) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    for call in (erasure.restrict, erasure.lift, erasure.erase):
        with pytest.raises(Usage, match="--reason"):
            call(store, "person", ref, Why())


def test_only_a_supervisor_lifts_a_restriction(store: Store, unit: Unit, clock: Clock) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    joined(store, unit, "Jo")
    with working(unit, clock, "Jo") as theirs:
        erasure.restrict(theirs, "person", ref, Why("safeguarding"))
        with pytest.raises(Refused, match="supervisor"):
            erasure.lift(theirs, "person", ref, Why("correction"))
        with pytest.raises(Refused, match="lift"):
            records.undo(theirs, "person", ref, Why("correction"))
        with pytest.raises(Refused, match="already"):
            records.strike(theirs, "person", ref, Why("correction"))
    erasure.lift(store, "person", ref, Why("correction"))
    assert [her["ref"] for her in records.listing(store, "person")] == [ref]
    assert verify(store).ok


def test_a_lifted_record_is_as_it_was_before(store: Store) -> None:
    ref = one(store, "person", pseudonym="Willow-27")
    records.strike(store, "person", ref, Why("correction"))
    erasure.restrict(store, "person", ref, Why("audit"))
    erasure.lift(store, "person", ref, Why("audit"))
    assert records.listing(store, "person") == []
    records.undo(store, "person", ref, Why("audit"))
    with pytest.raises(Refused, match="not restricted"):
        erasure.lift(store, "person", one(store, "person", pseudonym="Rowan-04"), Why("audit"))


def test_what_is_a_restricted_mans_is_in_no_list_no_export_and_opens_with_him_alone(store: Store) -> None:
    man = str(watchlist.add_offender(store, {"name": "Gary Example"})["ref"])
    car = one(store, "vehicle", offender=man, vrm="NA12 XBO")
    his = {
        "vehicle": [car],
        "sighting": [
            one(store, "sighting", at="now", **{kind: ref})
            for kind, ref in (("offender", man), ("vehicle", car))
        ],
        "action": [one(store, "action", offender=man, on="today", action="arrest")],
        "order": [one(store, "order", offender=man, type="cbo", expires_on="2026-12-01")],
        "followup": [
            one(store, "followup", what="ring about it", due_on="today", about=ref) for ref in (man, car)
        ],
    }
    loose = one(store, "vehicle", vrm="NA13 XBO")
    free = one(store, "sighting", at="now", vehicle=loose)
    for kind, refs in his.items():
        assert {row["ref"] for row in records.listing(store, kind)} >= set(refs)
    arrests = tallied.values(store, periods.month("2026-11"))["arrests"]
    erasure.restrict(store, "offender", man, Why("audit"))
    left = {kind: [row["ref"] for row in records.listing(store, kind)] for kind in his}
    assert left == dict.fromkeys(his, []) | {"vehicle": [loose], "sighting": [free]}
    with store.counts() as reader:
        for kind in ("vehicle", "sighting", "action", "order"):
            assert not {row.shape["ref"] for row in leaving.judge(reader, kind, [], "internal").rows} & set(
                his[kind]
            )
    assert tallied.values(store, periods.month("2026-11"))["arrests"] == arrests
    parts = pages.whole(store, "offender", man, Why("audit")).parts
    assert {row["ref"] for part in parts for row in part.rows} == {
        ref for kind in list(his)[:4] for ref in his[kind]
    }
    erasure.lift(store, "offender", man, Why("audit"))
    assert {row["ref"] for row in records.listing(store, "action")} == set(his["action"])


def test_a_restricted_record_is_changed_by_its_key_for_a_reason_alone(store: Store) -> None:
    rows: dict[str, tuple[dict[str, object], str, str]] = {
        "engagement": ({"at": "2026-11-20T21:00", "sector": "1"}, "sector", "2"),
        "offender": ({"name": "Gary Example"}, "hair", "grey"),
    }
    for kind, (raw, name, value) in rows.items():
        add = watchlist.add_offender if kind == "offender" else engagements.log
        ref = str(add(store, {"external_ref": "x", **raw})["ref"])
        erasure.restrict(store, kind, ref, Why("audit"))
        with pytest.raises(Usage, match=f"{ref} is restricted: say why with --reason CODE"):
            add(store, {"external_ref": "x", **raw, name: value})
        assert records.show(store, kind, ref, Why("audit"))[name] != value
        assert add(store, {"external_ref": "x", **raw, name: value}, Why("audit"))[name] == value
    assert verify(store).ok


def test_an_import_changes_a_restricted_record_for_a_reason_alone(store: Store, tmp_path: Path) -> None:
    desk = imports.Desk(store, tmp_path)
    row = {"external_ref": "x", "name": "Gary Example", "vehicles": [{"vrm": "NA12 XBO"}]}
    desk.lines("offender", row)
    (man,) = (one["ref"] for one in records.listing(store, "offender"))
    erasure.restrict(store, "offender", man, Why("audit"))
    assert desk.lines("offender", row).counts["same"] == 1
    for change in ({"hair": "grey"}, {"vehicles": [{"vrm": "NA13 XBO"}]}):
        done = desk.lines("offender", row | change)
        assert [one.why for one in done.problems] == [f"{man} is restricted: say why with --reason CODE"]
        assert desk.lines("offender", row | change, why=Why("audit")).applied
        row |= change
    assert verify(store).ok


@pytest.mark.parametrize("hidden", ["WOMEN", "MEN"])
def test_who_is_hidden_is_found_without_a_look_at_every_record(store: Store, hidden: str) -> None:
    with store.counts() as reader:
        plan = reader.execute(f"explain query plan {getattr(records.hidden, hidden)}").fetchall()
    steps = [step[3] for step in plan]
    assert any("INDEX record_aside" in step for step in steps)
    assert not [step for step in steps if step.startswith(("SCAN q", "SEARCH q USING INTEGER"))]
