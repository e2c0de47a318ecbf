"""Her yes and her no, by purpose and recipient: never changed, the last one said holds, and it is obeyed."""

from pathlib import Path
from typing import Any

import pytest

from db import consent, erasure, judgements, records, settings, today
from db.errors import Refused
from db.exchange import exporting, importing
from db.exchange.reading import Source
from db.records import Why
from db.rules import roles
from db.vault.rebuild import rebuild, snapshot
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.desk import Desk
from tests.desks import At, exchange
from tests.erased import joined, working


def woman(store: Store, name: str = "Willow-27", **more: Any) -> str:
    return str(records.add(store, "person", {"pseudonym": name, "sharing_level": 4} | more)["ref"])


def refer(store: Store, her: str, **more: Any) -> dict[str, Any]:
    return records.add(store, "referral", {"person": her, "service": "housing"} | more)


def test_the_last_she_said_of_a_purpose_and_a_recipient_holds(store: Store, clock: Clock) -> None:
    her = woman(store)
    first = consent.give(store, her, "safeguarding", "housing", wording="2026-1")
    consent.give(store, her, "crime", "cps")
    clock.forward(60)
    no = consent.withdraw(store, her, "safeguarding", "housing")
    listed = consent.listing(store, her)
    assert [(one["recipient"], one["given"], one["holds"]) for one in listed] == [
        ("housing", False, True),
        ("cps", True, True),
        ("housing", True, False),
    ]
    assert (first["wording_version"], no["given"]) == ("2026-1", False)


def test_what_she_said_is_rebuilt_verified_and_never_altered(store: Store) -> None:
    her = woman(store)
    said = consent.give(store, her, "crime", "cps")
    before = snapshot(store)
    rebuild(store)
    assert snapshot(store) == before
    assert verify(store).ok
    record = records.find(store.cipher, store.id_key, said["ref"], ("consent",)).id
    with pytest.raises(Refused), store.write() as tx:
        tx.amend(record, {"given": 0})
    assert roles.allowed("alteration", None, "consent") == ()


@pytest.mark.parametrize(
    ("purpose", "recipient", "wording"),
    [("fun", "cps", None), ("crime", "the_sun", None), ("crime", "ukvi", None), ("crime", "cps", "1999-1")],
)
def test_a_code_that_does_not_exist_is_refused(
    store: Store, purpose: str, recipient: str, wording: str | None
) -> None:
    with pytest.raises(Refused):
        consent.give(store, woman(store), purpose, recipient, wording=wording)


@pytest.mark.parametrize(
    "whom",
    ["Immigration Enforcement", "border-force", "ICE team", "ukvi", "Home Office (ICE)", "Deportation"],
)
def test_no_referral_and_nothing_due_is_handed_to_immigration_enforcement(store: Store, whom: str) -> None:
    her = woman(store)
    for kind, raw in (
        ("referral", {"person": her, "service": whom}),
        ("referral", {"person": her, "service": "housing", "owner": whom}),
        ("followup", {"what": "ring", "due_on": "2026-12-01", "owner": whom}),
    ):
        with pytest.raises(Refused, match="Immigration enforcement is never a recipient"):
            records.add(store, kind, raw)
    made = refer(store, her, service="immigration advice at the law centre")
    with pytest.raises(Refused, match="never a recipient"):
        records.amend(store, "referral", made["ref"], {"service": whom})


@pytest.mark.parametrize("recipient", ["housing", "partner"])
@pytest.mark.parametrize("status", consent.UNDER_WAY)
def test_a_referral_is_not_sent_against_her_no_unless_it_says_why(
    store: Store, recipient: str, status: str
) -> None:
    her = woman(store)
    offered = refer(store, her)
    consent.withdraw(store, her, "safeguarding", recipient)
    with pytest.raises(Refused, match="she said no"):
        refer(store, her, status=status)
    with pytest.raises(Refused, match="she said no"):
        records.amend(store, "referral", offered["ref"], {"status": status})
    kept = records.amend(
        store, "referral", offered["ref"], {"status": status, "override_reason": "threat to life"}
    )
    assert kept["override_reason"] == "threat to life"
    assert refer(store, her, service="clinic", status="declined")["status"] == "declined"


def test_what_she_said_of_a_service_goes_before_what_she_said_of_agencies(store: Store) -> None:
    her = woman(store)
    consent.withdraw(store, her, "safeguarding", "partner")
    consent.give(store, her, "safeguarding", "housing")
    assert refer(store, her, status="sent")["status"] == "sent"


def test_a_referral_names_a_yes_of_hers_that_stands(store: Store, clock: Clock) -> None:
    her, other = woman(store), woman(store, "Rowan-04")
    yes = consent.give(store, her, "safeguarding", "housing")["ref"]
    theirs = consent.give(store, other, "safeguarding", "housing")["ref"]
    made = refer(store, her, consent=yes, status="sent")
    assert made["consent"] == yes
    with pytest.raises(Refused, match="not hers"):
        refer(store, her, consent=theirs)
    clock.forward(60)
    no = consent.withdraw(store, her, "safeguarding", "housing")
    assert no["stands_on"] == [made["ref"]]
    with pytest.raises(Refused, match="taken back"):
        refer(store, her, consent=yes)


def test_an_imported_referral_obeys_her_no(store: Store, tmp_path: Path) -> None:
    her = woman(store)
    consent.withdraw(store, her, "safeguarding", "housing")
    file = tmp_path / "referrals.csv"
    file.write_text(f"external_ref,person,service,status\nR1,{her},housing,accepted\n")
    source = Source(file)
    assert importing.run(store, "referral", source, apply=True).counts["refused"] == 1
    source.close()


def test_an_export_leaves_out_who_said_no_to_it(store: Store) -> None:
    her, other = woman(store), woman(store, "Rowan-04")
    consent.withdraw(store, her, "safeguarding", "partner")
    sent: list[list[str]] = []

    def deliver(made: exporting.Export) -> Any:
        sent.append([row["ref"] for row in made.rows])
        return lambda: None

    order = exporting.Order("person", "partner", "safeguarding")
    done = exporting.run(store, order, Why("safeguarding"), deliver)
    assert sent == [[other]]
    assert "said no" in exporting.said(done.left)
    exporting.run(store, order._replace(purpose="crime"), Why("safeguarding"), deliver)
    assert sorted(sent[1]) == sorted([her, other])


def test_her_records_no_to_statistics_keeps_her_out_of_what_leaves_for_them(store: Store) -> None:
    one, two, other = woman(store), woman(store, "Rowan-04"), woman(store, "Hazel-09")
    judgements.judge(store, one, two, "same", Why("correction"))
    records.amend(store, "person", two, {"statistics_consent": False})
    sent: list[set[str]] = []

    def deliver(made: exporting.Export) -> Any:
        sent.append({row["ref"] for row in made.rows})
        return lambda: None

    order = exporting.Order("person", "partner", "statistics")
    done = exporting.run(store, order, Why("safeguarding"), deliver)
    assert "2 are left out, about somebody who said no" in exporting.said(done.left)
    exporting.run(store, order._replace(purpose="safeguarding"), Why("safeguarding"), deliver)
    assert sent == [{other}, {one, two, other}]


def test_a_yes_without_the_words_and_a_no_to_statistics_say_what_is_still_to_do(store: Store) -> None:
    her = woman(store)
    (said,) = consent.give(store, her, "safeguarding", "partner")["prompts"]
    assert said["code"] == "wording"
    assert "I cannot promise to keep it secret" in said["says"]
    assert consent.give(store, her, "safeguarding", "partner", wording="2026-1")["prompts"] == []
    assert consent.withdraw(store, her, "safeguarding", "partner")["prompts"] == []
    (said,) = consent.withdraw(store, her, "statistics", "council")["prompts"]
    assert f"people amend {her} --statistics-consent no" in said["says"]


def test_her_no_holds_for_every_record_that_is_of_her(store: Store) -> None:
    one, two = woman(store), woman(store, "Rowan-04")
    consent.withdraw(store, one, "safeguarding", "housing")
    judgements.judge(store, one, two, "same", Why("correction"))
    with pytest.raises(Refused, match="she said no"):
        refer(store, two, status="sent")
    with store.counts() as reader:
        assert len(consent.withdrawn(reader, "safeguarding", "housing")) == 2
        assert consent.withdrawn(reader, "crime", "housing") == frozenset()


def test_what_she_said_goes_with_her_when_she_is_erased(store: Store, unit: Unit, clock: Clock) -> None:
    her = woman(store)
    said = consent.give(store, her, "crime", "cps")["ref"]
    joined(store, unit, "Jo")
    erasure.erase(store, "person", her, Why("subject_access"))
    with working(unit, clock, "Jo") as theirs:
        done = erasure.erase(theirs, "person", her, Why("subject_access"))
    assert said in done.along
    assert verify(store).ok


def test_today_says_whose_yes_was_given_in_words_that_have_changed_since(store: Store, clock: Clock) -> None:
    her, other, silent = (woman(store, name) for name in ("Willow-27", "Rowan-04", "Larch-18"))
    for one, words in ((her, "2026-1"), (other, "2026-1"), (silent, None)):
        consent.give(store, one, "safeguarding", "housing", wording=words)
    assert today.of(store).asking == []
    proposed = '[vocabulary.wording]\n2026-2 = {label = "Now", valid_from = 2026-11-01}\n'
    settings.apply(store, settings.propose(store, proposed, "unit.toml"), Why())
    clock.forward(60)
    consent.withdraw(store, other, "safeguarding", "housing")
    assert today.of(store).asking == [(her, "Willow-27", ["housing"])]
    consent.give(store, her, "safeguarding", "housing", wording="2026-2")
    assert today.of(store).asking == []


def test_people_consent_gives_withdraws_and_lists(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(unit, clock, monkeypatch, capsys)
    her = desk.ref("people", "add", "--pseudonym", "Willow-27")
    asked = ("--purpose", "safeguarding", "--recipient", "housing")
    assert desk("people", "consent", her, "--give", *asked, "--wording", "2026-1").code == 0
    sent = desk.ref("referrals", "add", "--person", her, "--service", "housing", "--status", "sent")
    ran = desk("people", "consent", her, "--withdraw", *asked)
    assert ran.code == 0
    assert sent in ran.err
    assert desk("people", "consent", her, "--give").code == 2
    rows = desk("people", "consent", her, "-f", "json").json
    assert [(row["given"], row["holds"]) for row in rows] == [(False, True), (True, False)]


def test_a_yes_to_another_purpose_takes_back_no_no_to_help(store: Store, clock: Clock) -> None:
    her = woman(store)
    consent.withdraw(store, her, "safeguarding", "housing")
    clock.forward(60)
    consent.give(store, her, "statistics", "housing")
    with pytest.raises(Refused, match="she said no"):
        refer(store, her, status="sent")


def test_a_no_to_a_service_of_the_units_own_holds_however_the_service_is_typed(store: Store) -> None:
    proposed = '[services]\ndrop = "The Blue Door"\n'
    settings.apply(store, settings.propose(store, proposed, "the file"), Why())
    her = woman(store)
    sent = refer(store, her, service="the blue door", status="sent")["ref"]
    assert consent.withdraw(store, her, "safeguarding", "drop")["stands_on"] == [sent]
    for typed in ("drop", "The Blue Door"):
        with pytest.raises(Refused, match="she said no"):
            refer(store, her, service=typed, status="sent")


def test_of_a_yes_and_a_no_in_one_second_at_two_desks_the_no_holds_at_both(
    founded: Unit, tmp_path: Path
) -> None:
    desks = [At(tmp_path / name, founded) for name in "ab"]
    one, other = desks
    women = [woman(one.store, name) for name in ("Willow-27", "Rowan-04")]
    exchange(*desks)
    for her, (first, second) in zip(women, (desks, desks[::-1]), strict=True):
        consent.withdraw(first.store, her, "safeguarding", "housing")
        consent.give(second.store, her, "safeguarding", "housing")
    exchange(*desks)
    for desk in desks:
        with desk.store.counts() as reader:
            assert len(consent.withdrawn(reader, "safeguarding", "housing")) == 2
        for her in women:
            with pytest.raises(Refused, match="she said no"):
                refer(desk.store, her, status="sent")
        desk.close()
