"""What is due, at the command line: whom to tell, the recording clock beside what is due, what is coming."""

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk, at_terminal


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def reported(desk: Desk) -> tuple[str, str]:
    """A man whom a woman reported, and her concern."""
    her = desk.ref("people", "add", "--pseudonym", "Willow-27", "--safe-contact", "text_only")
    met = desk.ref("engagements", "add", "--at", "24/11/2026 09:00", "--people", her)
    him = desk.ref("watchlist", "add", "--build", "stocky")
    concern = desk.ref("concerns", "add", "--engagement", met, "--person", her, "--offender", him)
    return him, concern


def test_an_action_offers_to_tell_her_and_makes_the_follow_up_where_it_is_wanted(desk: Desk) -> None:
    him, concern = reported(desk)
    done = ("actions", "add", "--offender", him, "--on", "today", "--action", "arrest")
    ran = desk(*done, "-f", "json")
    assert ran.code == 0
    assert [one["code"] for one in ran.json["prompts"]] == ["tell_her"]
    assert concern in ran.err
    assert desk("followups", "list", "-f", "json").json == []
    assert desk(*done, "--tell-her").code == 0
    (due,) = desk("followups", "list", "-f", "json").json
    assert due["about"] == concern


def test_at_a_terminal_it_is_asked(desk: Desk, unit: Unit) -> None:
    him, _ = reported(desk)
    secret = {"BEECH_PASSPHRASE_FILE": str(unit.secret)}
    done = ("actions", "add", "--offender", him, "--on", "24/11/2026", "--action", "arrest")
    ran = at_terminal(*done, answers=[("Make a follow-up to tell her?", "yes")], **secret)
    assert ran.code == 0
    assert "tell her what was done: arrest" in ran.out


def test_the_recording_clock_stands_beside_what_is_due_and_in_status(desk: Desk) -> None:
    _, concern = reported(desk)
    said = f"{concern}: its crime-recording decision is due Wed 25 Nov 2026 09:00"
    ran = desk("followups", "list", "-f", "json")
    assert (ran.json, said in ran.err) == ([], True)
    shown = desk("status", "-f", "json").json
    assert shown["due"]["decisions"] == 1
    assert said in shown["coming"]
    assert said in desk("status").err
    assert list(shown).index("overdue") < list(shown).index("counts")


def test_a_referral_that_is_accepted_has_its_day_and_is_handed_on(desk: Desk) -> None:
    her = desk.ref("people", "add", "--pseudonym", "Willow-27")
    ref = desk.ref("referrals", "add", "--person", her, "--service", "housing")
    ran = desk("referrals", "amend", ref, "--status", "accepted", "-f", "json")
    assert ran.json["accepted_on"] == "2026-11-24"
    assert "No yes of hers" in ran.err
    assert desk("referrals", "transfer", ref, "--to", "A Way Out", "-f", "json").json["owner"] == "A Way Out"
    assert desk("referrals", "done", ref, "-f", "json").json["status"] == "closed"
