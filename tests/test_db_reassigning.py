"""A contact moved from the wrong woman to the right one, with what hangs on it, and back in one step."""

import pytest

from db import engagements, judgements, members, records
from db.errors import NotFound, Refused, Usage
from db.records import Why
from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.erased import WORDS
from tests.tallied import add, spoke, woman

WHY = Why("correction")


class Put:
    """A contact on the wrong woman with all that can hang on it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.wrong, self.right = woman(store, "Willow-1"), woman(store, "Rowan-2")
        self.third = woman(store, "Hazel-3")
        self.contact = spoke(store, "2026-11-23 21:30", self.wrong, self.third)
        self.concern = add(store, "concern", engagement=self.contact, person=self.wrong)
        self.others = add(store, "concern", engagement=self.contact, person=self.third)
        self.referral = add(store, "referral", person=self.wrong, service="clinic", engagement=self.contact)
        self.due = add(store, "followup", what="ring", due_on="2026-12-01", about=self.concern)

    def move(self, why: Why = WHY) -> engagements.Reassigned:
        return engagements.reassign(self.store, self.contact, self.wrong, self.right, why)

    def whose(self) -> tuple[list[str], str, str, str, str]:
        def of(kind: str, ref: str, field: str) -> str:
            return str(records.show(self.store, kind, ref)[field])

        return (
            records.show(self.store, "engagement", self.contact)["people"],
            of("concern", self.concern, "person"),
            of("concern", self.others, "person"),
            of("referral", self.referral, "person"),
            of("followup", self.due, "about"),
        )


def test_a_contact_goes_with_its_concerns_and_the_referrals_that_came_from_it(store: Store) -> None:
    put = Put(store)
    done = put.move()
    assert (done.ref, set(done.moved), done.left) == (put.contact, {put.concern, put.referral}, [])
    assert put.whose() == ([put.right, put.third], put.right, put.third, put.right, put.concern)
    assert verify(store).ok


def test_one_undo_takes_the_whole_move_back(store: Store) -> None:
    put = Put(store)
    before = put.whose()
    put.move()
    assert records.undo(store, "engagement", put.contact) == put.contact
    assert put.whose() == before
    assert verify(store).ok


def test_what_was_changed_since_is_kept_by_the_undo(store: Store) -> None:
    put = Put(store)
    put.move()
    records.amend(store, "concern", put.concern, {"weapon": "knife"})
    records.amend(store, "referral", put.referral, {"person": put.third})
    records.undo(store, "engagement", put.contact)
    assert put.whose()[1] == put.wrong
    assert records.show(store, "concern", put.concern)["weapon"] == "knife"
    assert put.whose()[3] == put.third


def test_what_was_moved_along_is_not_moved_back_by_itself(store: Store) -> None:
    put = Put(store)
    put.move()
    with pytest.raises(Refused, match=f"'engagements undo {put.contact}' takes the whole move back"):
        records.undo(store, "concern", put.concern)


def test_the_history_of_each_says_that_it_was_moved_and_why(store: Store) -> None:
    put = Put(store)
    put.move()
    for kind, ref in (("engagement", put.contact), ("concern", put.concern)):
        told = records.history(store, kind, ref)[-1]
        assert (told["what"], told["reason"]) == ("reassign", "correction")


def test_where_the_right_woman_is_on_it_already_she_stays_once(store: Store) -> None:
    put = Put(store)
    put.right = put.third
    put.move()
    assert put.whose()[0] == [put.third]


def test_what_names_no_contact_is_told_and_left(store: Store, clock: Clock) -> None:
    put = Put(store)
    referral = add(store, "referral", person=put.wrong, service="housing")
    due = add(store, "followup", what="ring", due_on="2026-12-01", about=put.wrong)
    clock.forward(86400)
    add(store, "referral", person=put.wrong, service="clinic")
    assert put.move().left == [referral, due]
    assert records.show(store, "referral", referral)["person"] == put.wrong


def test_any_reference_of_a_merged_woman_names_her(store: Store) -> None:
    put = Put(store)
    alias = woman(store, "Red-9")
    judgements.merge(store, "person", (alias, put.wrong), WHY)
    put.wrong = alias
    assert len(put.move().moved) == 2


def test_it_is_refused_where_she_is_not_on_it_or_something_does_not_stand(store: Store) -> None:
    put = Put(store)
    gone = woman(store, "Ash-4")
    records.strike(store, "person", gone, WHY)
    for wrong, right, said in (
        (put.right, put.third, "is not on"),
        (put.wrong, put.wrong, "already"),
        (put.wrong, gone, "is struck"),
    ):
        with pytest.raises(Refused, match=said):
            engagements.reassign(store, put.contact, wrong, right, WHY)
    with pytest.raises(NotFound):
        engagements.reassign(store, put.contact, "P-ZZZZ", put.right, WHY)
    records.strike(store, "engagement", put.contact, WHY)
    with pytest.raises(Refused, match="is struck"):
        put.move()
    assert put.whose()[1] == put.wrong


def test_what_another_member_entered_is_moved_for_a_reason_alone(store: Store, unit: Unit) -> None:
    put = Put(store)
    code = members.add(store, unit.opened, "Jo", ())
    members.join(unit.folder, "Jo", code, WORDS, Face("script", "test"))
    theirs, _ = opening.with_passphrase(unit.folder, WORDS, "Jo", Face("script", "test"))
    with theirs:
        theirs.clock = store.clock
        put.store = theirs
        with pytest.raises(Usage, match="another member"):
            put.move(Why())
        assert put.whose()[1] == put.wrong
        put.move()
        with pytest.raises(Usage, match="another member"):
            records.undo(theirs, "engagement", put.contact)
        assert put.whose()[1] == put.right
