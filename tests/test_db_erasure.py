"""Nobody erases alone; with a record goes what is its own, and what is counted stays."""

import pytest

from db import erasure, records, watchlist
from db.errors import Locked, Refused
from db.vault import backup, opening, restoring
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.erased import FACE, WHY, Her, ask_and_empty, counted, gone, joined, one, working
from tests.pages import raw_pages

# who may


def test_the_first_call_restricts_and_the_second_empties_where_there_is_one_member(store: Store) -> None:
    her = Her(store)
    first = erasure.erase(store, "person", her.ref, WHY)
    assert (first.state, first.asked_by) == ("restricted", ("Sam",))
    assert erasure.is_asked(store, "person", her.ref)
    assert not gone(store, "person", her.ref)
    second = erasure.erase(store, "person", her.ref, WHY)
    assert (second.state, second.asked_by) == ("erased", ("Sam",))
    assert gone(store, "person", her.ref)
    with pytest.raises(Refused, match="before"):
        erasure.erase(store, "person", her.ref, WHY)
    assert verify(store).ok


def test_in_a_unit_of_several_a_second_member_empties(store: Store, unit: Unit, clock: Clock) -> None:
    her = Her(store)
    joined(store, unit, "Jo")
    erasure.erase(store, "person", her.ref, WHY)
    with pytest.raises(Refused, match="second member"):
        erasure.erase(store, "person", her.ref, WHY)
    with working(unit, clock, "Jo") as theirs:
        done = erasure.erase(theirs, "person", her.ref, WHY)
    assert (done.state, done.asked_by) == ("erased", ("Sam",))
    assert gone(store, "person", her.ref)
    assert verify(store).ok


def test_what_an_officer_asks_for_a_supervisor_empties(store: Store, unit: Unit, clock: Clock) -> None:
    her = Her(store)
    joined(store, unit, "Jo")
    with working(unit, clock, "Jo") as theirs:
        assert erasure.erase(theirs, "person", her.ref, WHY).state == "restricted"
    assert erasure.erase(store, "person", her.ref, WHY).state == "erased"
    assert verify(store).ok


def test_two_officers_do_not_suffice(store: Store, unit: Unit, clock: Clock) -> None:
    her = Her(store)
    joined(store, unit, "Jo")
    joined(store, unit, "Alex")
    with working(unit, clock, "Jo") as theirs:
        erasure.erase(theirs, "person", her.ref, WHY)
    with working(unit, clock, "Alex") as theirs, pytest.raises(Refused, match="supervisor"):
        erasure.erase(theirs, "person", her.ref, WHY)
    assert not gone(store, "person", her.ref)


def test_lifting_takes_the_request_back(store: Store) -> None:
    her = Her(store)
    erasure.erase(store, "person", her.ref, WHY)
    erasure.lift(store, "person", her.ref, WHY)
    assert not erasure.is_asked(store, "person", her.ref)
    assert erasure.erase(store, "person", her.ref, WHY).state == "restricted"


def test_a_session_may_ask_and_never_empties(store: Store, unit: Unit, clock: Clock) -> None:
    her = Her(store)
    made = opening.begin_session(store, unit.opened)
    with opening.with_session(unit.folder, made, FACE) as theirs:
        theirs.clock = clock
        assert erasure.erase(theirs, "person", her.ref, WHY).state == "restricted"
        with pytest.raises(Locked):
            erasure.erase(theirs, "person", her.ref, WHY)
    assert not gone(store, "person", her.ref)


def test_verify_names_an_erasure_that_nobody_else_agreed_to(store: Store, unit: Unit) -> None:
    joined(store, unit, "Jo")
    for event in ("erase", "erase_agreed", "erase_alone", "erase_with", "detach", "desk_new"):
        ref = one(store, "engagement", at="now", narrative="words")
        with store.write("audit") as tx:
            record = records.find(tx, store.id_key, ref, ("engagement",)).id
            tx.erase(record, {"event": event, "with": "ab" * 16})
        desk, seq = store.cipher.execute(
            "select desk, seq from erased where record = ?", (record,)
        ).fetchone()
        named = [fault.name for fault in verify(store).faults if fault.where == f"{desk:012x}/{seq}"]
        assert "erasure-not-agreed" in named, event


def test_verify_names_a_payload_that_is_missing_without_an_erasure_and_one_that_came_back(
    store: Store,
) -> None:
    kept, erased = (one(store, "engagement", at="now", narrative=words) for words in ("kept", "gone"))
    head = "select e.desk, e.seq, p.salt, p.body from entry as e join payload as p using (desk, seq) "
    head += "where e.record = (select id from record where ref = ?)"
    row = store.cipher.execute(head, (erased,)).fetchone()
    ask_and_empty(store, "engagement", erased)
    assert verify(store).ok
    with store.cipher.trusted() as c:
        c.execute("insert into payload (desk, seq, salt, body) values (?, ?, ?, ?)", row)
        assert "payload-after-erasure" in {fault.name for fault in verify(store).faults}
        c.execute("delete from payload where desk = ? and seq = ?", row[:2])
        desk, seq, *_ = c.execute(head, (kept,)).fetchone()
        c.execute("drop trigger payload_goes_only_by_erasure")
        c.execute("delete from payload where desk = ? and seq = ?", (desk, seq))
    assert "payload-missing" in {fault.name for fault in verify(store).faults}


# what goes and what stays


def test_with_her_go_her_name_her_concerns_and_referrals_and_what_was_due_and_her_contacts_stay(
    store: Store,
) -> None:
    her = Her(store)
    other = one(store, "person", pseudonym="Rowan-04")
    shared = one(store, "engagement", at="now", people=[her.ref, other])
    theirs = one(store, "concern", engagement=shared, weapon="of either")
    done = ask_and_empty(store, "person", her.ref)
    assert {her.concern, her.unsaid, her.referral, her.due} < set(done.along)
    kinds = (
        ("concern", her.concern),
        ("concern", her.unsaid),
        ("referral", her.referral),
        ("followup", her.due),
    )
    assert all(gone(store, kind, ref) for kind, ref in kinds)
    assert records.show(store, "concern", theirs)["weapon"] == "of either"
    assert records.show(store, "engagement", her.contact)["people"] == [her.ref]
    assert counted(store) == (2, 1)
    assert store.cipher.execute("select count(*) from identity").fetchone() == (0,)
    assert store.cipher.execute("select count(*) from data_key").fetchone() == (0,)
    assert verify(store).ok


def test_the_words_of_contacts_with_her_alone_go_with_her_and_those_with_others_are_told(
    store: Store, unit: Unit
) -> None:
    her = one(store, "person", pseudonym="Willow-27")
    other = one(store, "person", pseudonym="Rowan-04")
    words = {"narrative": "tigernarrative", "mentions": "tigermention in a van", "refs": ["custody:tigerref"]}
    alone = one(store, "engagement", at="now", people=[her], sector="Dockside", **words)
    shared = one(store, "engagement", at="now", people=[her, other], narrative="lionkept")
    unnamed = one(store, "engagement", at="now", people=[her], people_unnamed=1, narrative="lionkept too")
    made = backup.make(store)
    done = ask_and_empty(store, "person", her)
    assert (done.emptied, set(done.look_through)) == ((alone,), {shared, unnamed})
    shown = records.show(store, "engagement", alone)
    assert (shown["people"], shown["sector"], shown["sharing_level"]) == ([her], "Dockside", 1)
    assert (shown["narrative"], shown["mentions"], shown["refs"]) == (None, None, [])
    assert records.show(store, "engagement", shared)["narrative"] == "lionkept"
    assert b"tiger" not in raw_pages(store)
    assert verify(store).ok
    last = ask_and_empty(store, "person", other)
    assert (last.emptied, last.look_through) == ((shared,), ())
    assert b"lionkept too" in raw_pages(store)
    store.close()
    restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        assert records.show(restored, "engagement", alone)["sharing_level"] == 1
        assert b"tiger" not in raw_pages(restored)
        assert verify(restored).ok


def test_verify_names_a_redaction_that_no_erasure_goes_with(store: Store) -> None:
    her = one(store, "person", pseudonym="Willow-27")
    contact = one(store, "engagement", at="now", people=[her], narrative="a word")
    with store.write() as tx:
        ids = dict(tx.execute("select ref, id from record").fetchall())
        tx.redact(ids[contact], ("narrative",), {}, ids[her].hex())
    assert "erasure-not-agreed" in {fault.name for fault in verify(store).faults}


def test_with_a_man_go_his_cars_orders_and_sightings_and_his_arrest_stayscounted(store: Store) -> None:
    man = str(
        watchlist.add_offender(store, {"aliases": ["Spider"], "vehicles": [{"vrm": "NA12 XBO"}]})["ref"]
    )
    (car,) = records.listing(store, "vehicle")
    seen = one(store, "sighting", at="now", vehicle=car["ref"])
    order = one(store, "order", offender=man, type="cbo")
    arrest = one(store, "action", offender=man, on="today", action="arrest")
    done = ask_and_empty(store, "offender", man)
    assert set(done.along) == {car["ref"], seen, order}
    assert records.show(store, "action", arrest)["action"] == "arrest"
    assert verify(store).ok


def test_with_a_contact_go_its_concerns_and_the_woman_stays(store: Store) -> None:
    her = Her(store)
    done = ask_and_empty(store, "engagement", her.contact)
    assert set(done.along) == {her.concern, her.unsaid}
    assert records.show(store, "person", her.ref)["ref"] == her.ref
    assert verify(store).ok


def test_with_her_goes_what_is_due_about_a_contact_in_which_she_alone_was_met(store: Store) -> None:
    her, other = (one(store, "person", pseudonym=name) for name in ("Willow-27", "Rowan-04"))
    alone, shared = (one(store, "engagement", at="now", people=women) for women in ([her], [her, other]))
    due, stays = (
        one(store, "followup", what="a word of hers", due_on="2026-11-30", about=met)
        for met in (alone, shared)
    )
    unsaid = one(store, "concern", engagement=shared, injury="of either")
    assert due in ask_and_empty(store, "person", her).along
    assert gone(store, "followup", due)
    assert records.show(store, "followup", stays)["what"] == "a word of hers"
    last = ask_and_empty(store, "person", other)
    assert set(last.along) == {stays, unsaid}
    assert verify(store).ok
