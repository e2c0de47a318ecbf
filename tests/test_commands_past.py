"""``history --looks`` and ``conflicts`` on the command line."""

import pytest

from commands.subjects import SUBJECTS
from tests.conftest import Clock, Unit
from tests.desk import Desk


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def test_who_looked_at_her_is_told_with_the_command_and_why(desk: Desk) -> None:
    her = desk.ref("people", "add", "--pseudonym", "Willow-1")
    desk("people", "show", her, "--reason", "welfare")
    desk("people", "list")
    looks = desk("people", "history", her, "--looks", "-f", "json").json
    assert [(one["command"], one["how"], one["reason"]) for one in looks] == [
        ("people.show", "opened", "welfare"),
        ("people.list", "shown alone", None),
    ]
    assert desk("people", "history", "P-ZZZZ", "--looks").code == 4


def test_what_a_change_set_is_told_as_show_tells_it_and_whom_it_names_was_looked_at(desk: Desk) -> None:
    her = desk.ref("people", "add", "--pseudonym", "Willow-1")
    met = desk.ref("engagements", "add", "--at", "1/7/2026 23:40", "--people", her)
    (made,) = desk("engagements", "history", met, "-f", "json").json
    shown = desk("engagements", "show", met, "-f", "json").json
    assert made["values"] == {name: shown[name] for name in made["fields"]}
    looks = desk("people", "history", her, "--looks", "-f", "json").json
    assert [one["command"] for one in looks] == ["engagements.history", "engagements.show"]


def test_only_a_woman_has_looks(desk: Desk) -> None:
    him = desk.ref("watchlist", "add", "--build", "stocky")
    assert desk("watchlist", "history", him, "--looks").code == 2


@pytest.mark.parametrize("word", SUBJECTS)
def test_where_nothing_is_in_conflict_the_list_is_empty_and_no_error(desk: Desk, word: str) -> None:
    ran = desk(word, "conflicts", "-f", "json")
    assert (ran.code, ran.json) == (0, [])


def test_status_counts_the_conflicts(desk: Desk) -> None:
    assert desk("status", "-f", "json").json["conflicts"] == 0
