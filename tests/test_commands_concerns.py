"""``concerns`` at the command line: matches and duties beside what was saved, and what is stopped."""

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk, at_terminal


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def test_add_prints_matches_and_says_duties_on_stderr(desk: Desk) -> None:
    man = desk.ref("watchlist", "add", "--from-json", "-", stdin='{"vehicles": [{"vrm": "NA12 XBO"}]}')
    met = desk.ref("engagements", "add", "--at", "now")
    raw = f'{{"engagement": "{met}", "offence_guess": "ttk", "vehicle": {{"vrm": "NA12 XBO"}}}}'
    ran = desk("concerns", "add", "--from-json", "-", stdin=raw)
    assert ran.code == 0
    assert f"PROBABLE  {man}" in ran.out
    assert "Threat to her life" in ran.err
    assert "prompts" not in ran.out
    made = desk("concerns", "add", "--from-json", "-", "-f", "json", stdin=raw)
    assert [hit["ref"] for hit in made.json["matches"]] == [man]
    assert {one["code"] for one in made.json["prompts"]} >= {"threat_to_life", "crime_told"}
    assert "Threat to her life" in made.err


def test_list_by_the_recording_decision_says_when_it_is_due(desk: Desk) -> None:
    met = desk.ref("engagements", "add", "--at", "24/11/2026 09:00")
    desk.ref("concerns", "add", "--engagement", met)
    (row,) = desk("concerns", "list", "--ncrs", "open", "-f", "json").json
    assert row["ncrs_due_at"] == "2026-11-25T09:00:00+00:00"
    assert "ncrs due at" in desk("concerns", "list", "--ncrs", "open").out
    (plain,) = desk("concerns", "list", "-f", "json").json
    assert "ncrs_due_at" not in plain


@pytest.mark.parametrize(
    "words",
    [
        ("concerns", "add", "--engagement", "E1"),
        ("log", "--from-json", "-"),
        ("watchlist", "add", "--build", "thin"),
    ],
)
def test_police_or_partner_stops_and_shows_whom_to_go_to(desk: Desk, words: tuple[str, ...]) -> None:
    ran = desk(*words, "--police-or-partner", stdin='{"mentions": "tall"}')
    assert (ran.code, ran.out) == (5, "")
    for outside in ("professional standards", "IOPC", "nationaluglymugs.org"):
        assert outside in ran.err
    assert desk("watchlist", "list", "-f", "json").json == []
    assert desk("engagements", "list", "-f", "json").json == []


def test_log_asks_before_it_keeps_words_that_may_mean_police(unit: Unit) -> None:
    secret = {"BEECH_PASSPHRASE_FILE": str(unit.secret), "BEECH_UNIT": str(unit.folder)}
    answers = [("When", "now"), ("Who", "?1"), ("How", "1"), ("Where", ""), ("Car/man", "off duty copper")]
    ran = at_terminal("log", answers=[*answers, ("police or partner staff?", "y")], **secret)
    assert ran.code == 5
    assert "IOPC" in ran.out


def test_a_report_that_is_held_already_is_said_to_stand_when_he_turns_out_to_be_police(desk: Desk) -> None:
    at = desk.ref("log", "--from-json", "-", stdin='{"at": "now"}')
    ref = desk.ref("concerns", "add", "--engagement", at, "--behaviours", "follows")
    ran = desk("concerns", "amend", ref, "--police-or-partner")
    assert (ran.code, f"'beech concerns erase {ref}'" in ran.err) == (5, True), ran.err
