"""Nothing on its way out points at a woman: her no and her level bind what is pasted, handed out, shown."""

from pathlib import Path

import pytest

from db import consent, erasure, judgements, pasting, records, today
from db.briefs.agenda import read
from db.briefs.alert import alert
from db.briefs.handing import Handing
from db.briefs.meeting import meeting
from db.briefs.parade import parade
from db.engagements import answers
from db.errors import NotFound, Refused
from db.exchange import exporting, handing
from db.exchange.exporting import Order
from db.pages import seeking
from db.pasting import Going
from db.records import Why
from db.rules.sheets import paper
from db.vault.store import Store
from tests.conftest import Clock
from tests.erased import ask_and_empty
from tests.tallied import add, man, spoke, woman

WHY = Why("safeguarding")


class Case:
    """A woman called Ginny in the street, a contact with her and a concern, of sharing level 4."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.her = woman(store, "Willow-1", known_as=["Ginny"], sharing_level=4)
        self.contact = spoke(store, "2026-11-23 21:47", self.her, sharing_level=4, mentions="a silver Astra")
        self.concern = add(
            store,
            "concern",
            engagement=self.contact,
            person=self.her,
            behaviours=["follows"],
            happened_from="2026-11-21 23:12",
            sharing_level=4,
        )

    def text(self, kind: str, form: str, recipient: str = "internal", override: str | None = None) -> str:
        ref = self.concern if kind == "concern" else self.contact
        going = Going(form, recipient, "safeguarding", override=override)
        return pasting.text(self.store, kind, ref, going, WHY)


KINDS = pytest.mark.parametrize("kind", ["concern", "engagement"])


@KINDS
@pytest.mark.parametrize("recipient", ["cps", "court"])
def test_words_are_pasted_for_nobody_who_may_not_have_the_record_whole(
    store: Store, kind: str, recipient: str
) -> None:
    case = Case(store)
    assert "ENGAGEMENT LOG" in case.text(kind, "log", "council")
    with pytest.raises(Refused, match="facts about the man alone"):
        case.text(kind, "log", recipient)
    facts = case.text(kind, "intel", recipient)
    assert "November 2026" in facts
    assert "21 November" not in facts
    assert "23 November" not in facts


@KINDS
@pytest.mark.parametrize("form", ["log", "intel", "crime"])
def test_nothing_is_pasted_for_the_press(store: Store, kind: str, form: str) -> None:
    with pytest.raises(Refused, match="no record goes to the press"):
        Case(store).text(kind, form, "press")


@KINDS
@pytest.mark.parametrize("form", ["log", "intel", "crime"])
def test_nothing_is_pasted_against_her_no_without_a_code_that_says_why(
    store: Store, kind: str, form: str
) -> None:
    case = Case(store)
    consent.withdraw(store, case.her, "safeguarding", "council")
    with pytest.raises(Refused, match="said no"):
        case.text(kind, form, "council")
    assert "astra" in case.text(kind, form, "council", "threat_to_life").casefold()
    with pytest.raises(Refused, match="override"):
        case.text(kind, form, "council", "because I like to")


@KINDS
@pytest.mark.parametrize("how", ["no_contact", "restricted", "struck", "erased", "merged"])
def test_nothing_is_pasted_about_a_woman_who_is_out_of_every_list(store: Store, kind: str, how: str) -> None:
    case = Case(store)
    if how == "no_contact":
        records.amend(store, "person", case.her, {"status": "no_contact"}, WHY)
    elif how == "restricted":
        erasure.restrict(store, "person", case.her, WHY)
    elif how == "struck":
        records.strike(store, "person", case.her, WHY)
    elif how == "erased":
        case.text(kind, "intel")
        ask_and_empty(store, "person", case.her)
        if kind == "concern":  # it went with her
            return
    else:
        other = woman(store, "Otter-2")
        judgements.merge(store, "person", (case.her, other), WHY)
        records.amend(store, "person", other, {"status": "no_contact"}, WHY)
    for form in ("log", "intel", "crime"):
        with pytest.raises(Refused, match="wants no contact, or whose record"):
            case.text(kind, form)


def test_what_is_pasted_has_no_name_of_any_woman_nor_a_birth_date_in_any_of_its_fields(store: Store) -> None:
    case = Case(store)
    twin = woman(store, "Heron-3", known_as=["Jacks"])
    judgements.merge(store, "person", (case.her, twin), WHY)
    woman(store, "Finch-4", known_as=["Big Tina"])
    words = "Jacks and big-tina saw it, so did willow 1 and Finch-4, born 12/03/1985, on 21/11/2026"
    records.amend(
        store,
        "engagement",
        case.contact,
        {"narrative": words, "refs": ["custody:Ginny 77"], "sector": "by Ginny's"},
    )
    said = {"vehicles": [{"make": "the Astra of Ginny's ex", "colour": "silver"}]}
    records.amend(store, "concern", case.concern, {"description": said, "sector": "outside Big  Tina's flat"})
    for form in ("log", "intel", "crime"):
        text = case.text("concern", form).casefold()
        assert not [name for name in ("ginny", "jacks", "tina", "willow", "finch", "1985") if name in text]
        assert "outside [person]'s flat" in text
        assert "silver" in text
    assert "on 21/11/2026" in case.text("engagement", "log")


@pytest.mark.parametrize("recipient", ["partner", "council", "num"])
def test_a_no_to_partner_agencies_keeps_her_out_of_an_export_to_each_of_them(
    store: Store, clock: Clock, recipient: str
) -> None:
    her = woman(store, "Willow-1", sharing_level=5)
    other = woman(store, "Otter-2", sharing_level=5)
    consent.withdraw(store, her, "safeguarding", "partner")
    order = Order("person", recipient, "safeguarding")
    assert [row["ref"] for row in _exported(store, order)] == [other]
    clock.forward(1)  # of a yes and a no in one second the no holds
    consent.give(store, her, "safeguarding", recipient)
    assert len(_exported(store, order)) == 2


def test_a_no_to_partner_agencies_says_nothing_of_a_court(store: Store) -> None:
    her = woman(store, "Willow-1", sharing_level=5)
    consent.withdraw(store, her, "crime", "partner")
    assert [row["ref"] for row in _exported(store, Order("person", "court", "crime"))] == [her]


def _exported(store: Store, order: Order) -> list[records.Record]:
    return exporting.run(store, order, WHY, lambda _: lambda: None).rows


def test_today_does_not_name_a_woman_who_said_no_under_another_of_her_records(store: Store) -> None:
    one, other = woman(store, "Willow-1"), woman(store, "Otter-2")
    spoke(store, "2026-08-01 20:00", one)
    spoke(store, "2026-08-02 20:00", other)
    judgements.merge(store, "person", (one, other), WHY)
    assert [seen.last_on for seen in today.of(store).unseen] == ["2026-08-02"]
    records.amend(store, "person", other, {"status": "no_contact"}, WHY)
    assert today.of(store).unseen == []


def test_a_limitation_date_points_at_no_concern_of_a_woman_who_is_out_of_every_list(store: Store) -> None:
    case = Case(store)
    records.amend(store, "concern", case.concern, {"offence_guess": "soa51a", "happened_from": "2026-06-25"})
    assert [row["refs"] for row in today.of(store).limits] == [[case.concern]]
    records.amend(store, "person", case.her, {"status": "no_contact"}, WHY)
    assert today.of(store).limits == []


def test_what_the_street_calls_a_woman_is_on_no_sheet_and_in_no_export_in_whatever_field_it_was_typed(
    store: Store,
) -> None:
    her = woman(store, "Willow-1", known_as=["Ginny"], sharing_level=5, risk_grade="high")
    look = {"hair": "red", "marks": ["spider tattoo like Ginny has"], "build": "as big as Ginny's ex"}
    him = man(store, "Invented Man", **look)
    add(store, "vehicle", offender=him, colour="red", make="the van outside Ginny's")
    spoke(
        store, "now", her, sharing_level=5, narrative="Ginny spoke", refs=["bwv:Ginny 3"], sector="by Ginny's"
    )
    add(store, "sighting", at="now", offender=him, note="Ginny saw him", sector="near Ginny's flat")
    handed = Handing(("council",), "safeguarding")
    agenda = {"people": [{"person": her, "why": "Ginny is ill", "asks": [ASK]}]}
    sheets = [
        parade(store, 7, handed),
        alert(store, him, handed),
        meeting(store, read(agenda, ("council",), records.local_now(store)), handed),
    ]
    for sheet in sheets:
        assert "Ginny" not in "".join(paper.markdown(sheet))
    assert "Invented Man" in "".join(paper.markdown(sheets[0]))
    kinds = {"offender": (), "vehicle": (), "engagement": ("+narrative",), "sighting": ("+note",)}
    for kind, fields in kinds.items():
        rows = _exported(store, Order(kind, "council", "safeguarding", fields))
        assert len(rows) == 1
        assert "Ginny" not in str(rows)
    (back,) = _exported(store, Order("engagement", "internal", "safeguarding", ("+narrative",)))
    assert back["narrative"] == "Ginny spoke"


ASK = {"agency": "council", "ask": "a bed for Ginny", "owner": "Housing", "due_on": "2026-12-01"}


@pytest.mark.parametrize("how", ["no_contact", "merged", "restricted"])
def test_a_woman_who_said_no_is_named_by_no_search_no_hint_and_no_list_of_contacts(
    store: Store, how: str
) -> None:
    her = woman(store, "Willow-1", known_as=["Ginny"])
    contact = spoke(store, "now", her, narrative="Ginny spoke", mentions="an Astra", refs=["bwv:Ginny"])
    assert [one.ref for one in answers.who(store, "ginny")] == [her]
    assert "Willow-1" in str(pytest.raises(NotFound, answers.who, store, "Wilow-1").value)
    if how == "no_contact":
        records.amend(store, "person", her, {"status": "no_contact"}, WHY)
    elif how == "restricted":
        erasure.restrict(store, "person", her, WHY)
    else:
        other = woman(store, "Otter-2")
        judgements.merge(store, "person", (her, other), WHY)
        records.amend(store, "person", other, {"status": "no_contact"}, WHY)
    for typed in ("ginny", "Willow-1", "Will"):
        assert "Willow" not in str(pytest.raises(NotFound, answers.who, store, typed).value)
        assert seeking.seek(store, typed).people == []
    (listed,) = records.listing(store, "engagement")
    assert (listed["ref"], listed["people"], listed["refs"]) == (contact, [], [])
    assert (listed["narrative"], listed["mentions"]) == (None, None)


def test_no_card_is_made_of_the_car_of_a_man_who_is_restricted(store: Store) -> None:
    him = man(store, "Invented Man")
    car = add(store, "vehicle", offender=him, colour="red", make="ford")
    handed = Handing(("council",), "safeguarding")
    assert alert(store, car, handed)
    erasure.restrict(store, "offender", him, WHY)
    with pytest.raises(Refused, match="restricted"):
        alert(store, car, handed)


def test_a_continued_export_takes_back_whom_its_rows_may_point_at_no_longer(store: Store) -> None:
    her, other, third = (woman(store, f"Willow-{n}", sharing_level=4) for n in range(3))
    him = man(store, "Invented Man")
    met = spoke(store, "2026-11-20 20:00", her, other, third, sharing_level=4)
    told = {"engagement": met, "sharing_level": 4, "behaviours": ["follows"]}
    hers = add(store, "concern", person=her, **told)
    of_him = add(store, "concern", person=other, offender=him, **told)

    def sent(kind: str, cursor: str | None = None) -> exporting.Export:
        order = Order(kind, "council", "safeguarding", cursor=cursor)
        return exporting.run(store, order, WHY, lambda _: lambda: None)

    first = {kind: sent(kind) for kind in ("engagement", "concern")}
    assert sent("engagement", first["engagement"].release).rows == []
    records.amend(store, "person", her, {"sharing_level": 1})
    erasure.restrict(store, "offender", him, WHY)
    (contact,) = sent("engagement", first["engagement"].release).rows
    assert set(contact["people"]) == {other, third}
    concerns = {row["ref"]: row for row in sent("concern", first["concern"].release).rows}
    assert (concerns[hers]["person"], concerns[of_him]["offender"]) == (None, None)
    low = woman(store, "Otter-9", sharing_level=1)
    judgements.merge(store, "person", (third, low), WHY)
    (contact,) = sent("engagement", first["engagement"].release).rows
    assert contact["people"] == [other]


def test_an_export_that_no_entry_tells_of_leaves_no_file_behind(store: Store, tmp_path: Path) -> None:
    woman(store, "Willow-1", sharing_level=4)
    place, form = tmp_path / "people.csv", handing.Form("csv", "sidecar")
    with store.cipher.trusted() as connection:
        connection.execute(
            "create temp trigger full before insert on entry begin select raise(abort, 'no room'); end"
        )
    with pytest.raises(Exception, match="no room"):
        exporting.run(
            store,
            Order("person", "council", "safeguarding"),
            WHY,
            lambda made: handing.to_file(made, form, place, {}),
        )
    assert list(tmp_path.glob("*people*")) == list(tmp_path.glob(".people*")) == []
