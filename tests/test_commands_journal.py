"""The journal on the command line: what it lists, and what its check says."""

import pytest

from db import journals, records
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.desk import Desk


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def test_the_journal_lists_who_did_what_when_and_why_newest_first(desk: Desk, clock: Clock) -> None:
    ref = desk.ref("people", "add", "--pseudonym", "Willow-27")
    clock.forward(60)
    desk("people", "show", ref, "--reason", "welfare")
    newest, before = desk("journal", "list", "--limit", "2", "-f", "json").json
    assert (newest["operation"], newest["kind"], newest["ref"]) == ("consultation", "person", ref)
    assert (newest["reason"], newest["command"], newest["member"]) == ("welfare", "people.show", "Sam")
    assert newest["at"] == "2026-11-24T12:01:00+00:00"
    assert (before["operation"], before["command"]) == ("collection", "people.add")
    assert newest["seq"] == before["seq"] + 1


def test_the_journal_shows_no_contents(desk: Desk) -> None:
    desk.ref("engagements", "add", "--at", "now", "--narrative", "-", stdin="glad of a hot drink")
    desk.ref("people", "add", "--pseudonym", "Willow-27")
    for how in ("table", "json", "csv"):
        shown = desk("journal", "list", "-f", how).out
        assert "hot drink" not in shown
        assert "Willow" not in shown


def test_the_journal_is_narrowed_by_day_and_operation(desk: Desk, clock: Clock) -> None:
    desk("people", "list")
    clock.forward(24 * 3600)
    desk("people", "list")
    one_day = ("--since", "25/11/2026", "--until", "25/11/2026")
    assert [entry["at"][:10] for entry in desk("journal", "list", *one_day, "-f", "json").json] == [
        "2026-11-25"
    ]
    kept = desk("journal", "list", "--operation", "consultation", "-f", "json").json
    assert {entry["operation"] for entry in kept} == {"consultation"}
    assert len(kept) == 2
    assert desk("journal", "list", "--operation", "gossip").code == 2


def test_listing_the_journal_is_no_look(desk: Desk) -> None:
    before = desk("journal", "list", "-f", "json").json
    assert desk("journal", "list", "-f", "json").json == before


def test_a_check_that_finds_nothing_is_recorded_and_the_next_goes_on_from_there(desk: Desk) -> None:
    desk.ref("people", "add")
    whole = desk("journal", "verify", "-f", "json")
    assert whole.code == 0
    assert (whole.json["ok"], whole.json["faults"]) == (True, [])
    assert desk("journal", "list", "--limit", "1", "-f", "json").json[0]["event"] == "verify"
    desk.ref("people", "add")
    rest = desk("journal", "verify", "--since-last", "-f", "json").json
    assert rest["entries"] == 2
    assert "nothing wrong" in desk("journal", "verify").out


def test_a_fault_is_named_on_a_line_of_its_own_and_ends_with_6(desk: Desk, store: Store) -> None:
    made = records.add(store, "person", {"pseudonym": "Willow-27"})
    with store.cipher.trusted() as connection:
        connection.execute("update person set pseudonym = 'Rowan-04'")
        connection.execute("drop trigger entry_is_never_changed")
        connection.execute("update entry set role = 'liaison' where seq = 2")
    ran = desk("journal", "verify")
    assert ran.code == 6
    lines = ran.out.splitlines()
    assert f"{len(lines) - 1} faults" in lines[0]
    assert any(line.startswith("chain-broken ") for line in lines)
    assert "Rowan" not in ran.out + ran.err
    assert made["ref"] not in ran.err
    assert desk("journal", "list", "--limit", "1", "-f", "json").json[0]["event"] != "verify"
    found = desk("journal", "verify", "-f", "json")
    assert found.code == 6
    assert found.json["ok"] is False
    assert set(found.json["faults"][0]) == {"fault", "where"}


def test_a_witness_is_read_back_as_it_was_written(store: Store) -> None:
    records.add(store, "person", {"pseudonym": "Willow-27"})
    kept = journals.newest(store)
    witness = journals.witness(kept)
    assert witness is not None
    from db.vault.verify import verify

    assert verify(store, witness=witness).ok
    lost = (witness[0], witness[1], "00" * 32)
    assert [fault.name for fault in verify(store, witness=lost).faults] == ["witness-missing"]


@pytest.mark.parametrize("text", [None, "", "x", "1/2", "zz/2/00", "1/2/zz"])
def test_what_is_no_witness_is_none(text: str | None) -> None:
    assert journals.witness(text) is None


def test_the_coded_lists_are_shown_without_a_unit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEECH_UNIT", "/nowhere")
    assert "reason" in [one["name"] for one in desk("vocabulary", "list", "-f", "json").json]
    shown = desk("vocabulary", "list", "reason", "-f", "json").json
    assert {"code": "subject_access", "label": "subject access"}.items() <= shown[5].items()
    assert desk("vocabulary", "list", "nonsense").code == 4
