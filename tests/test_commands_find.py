"""``beech find``: what it prints, what it refuses, what it never takes as an argument."""

import io
import json
import sys

import pytest

from commands.__main__ import run
from commands.options import Frame
from db import engagements
from db.vault.keys import Opened
from db.vault.store import Store
from tests.conftest import Unit
from tests.desk import at_terminal


@pytest.fixture
def beech(unit: Unit, store: Store, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The unit with three engagements, found by the command line."""
    for words in ("Said he waits by the underpass", "a silver car, asked for 07700 900123", "silver =night"):
        engagements.log(store, {"at": "now", "narrative": words})
    store.close()
    monkeypatch.setenv("BEECH_UNIT", str(unit.folder))
    return unit.opened


def stdin(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))


def test_json_is_an_array_of_ref_kind_field_and_excerpt(
    beech: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["find", "silver", "car", "-f", "json"], Frame(beech)) == 0
    (hit,) = json.loads(capsys.readouterr().out)
    assert list(hit) == ["ref", "kind", "field", "excerpt"]
    assert (hit["kind"], hit["field"]) == ("engagement", "narrative")
    assert "silver car" in hit["excerpt"]


def test_nothing_found_is_no_error(beech: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["find", "nowhere", "-f", "json"], Frame(beech)) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["find", "nowhere"], Frame(beech)) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (
        "",
        "nothing holds these words; 'beech match' ranks the watchlist against a description\n",
    )


def test_csv_has_its_header_even_where_nothing_is_found(
    beech: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["find", "nowhere", "-f", "csv"], Frame(beech)) == 0
    assert capsys.readouterr().out == "ref,kind,field,excerpt\n"


@pytest.mark.parametrize("words", [["07700", "900123"], ["07700900123"], ["born", "12/03/1985"]])
def test_a_telephone_or_birth_date_as_an_argument_is_refused_and_not_repeated(
    beech: Opened, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(["find", *words], Frame(beech)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "not taken as an argument" in shown.err
    assert words[-1] not in shown.err


def test_the_same_words_are_taken_from_stdin(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, "07700 900123\n")
    assert run(["find", "-", "-f", "json"], Frame(beech)) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_without_words_and_without_a_terminal_it_says_so(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, "")
    assert run(["find"], Frame(beech)) == 2
    assert "nobody is at a terminal" in capsys.readouterr().err


def test_it_stops_at_its_limit_and_says_that_there_is_more(
    beech: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["find", "silver", "--limit", "1", "-f", "json"], Frame(beech)) == 0
    shown = capsys.readouterr()
    assert len(json.loads(shown.out)) == 1
    assert "there is more" in shown.err


def test_a_search_without_a_word_is_usage(beech: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["find", "?!"], Frame(beech)) == 2
    assert "at least one word" in capsys.readouterr().err


def test_a_reason_code_that_is_none_is_refused(beech: Opened) -> None:
    assert run(["find", "silver", "--reason", "nosiness"], Frame(beech)) == 5


def at_a_terminal(unit: Unit, store: Store, **variables: str) -> str:
    engagements.log(store, {"at": "now", "narrative": "a silver car by the river"})
    store.close()
    ran = at_terminal(
        *("find", "silver", "--unit", str(unit.folder)),
        answers=[],
        BEECH_PASSPHRASE_FILE=str(unit.secret),
        **variables,
    )
    assert ran.code == 0
    return ran.out


def test_a_hit_is_bold_on_a_terminal(unit: Unit, store: Store) -> None:
    assert "a \x1b[1msilver\x1b[22m car" in at_a_terminal(unit, store, TERM="xterm")


@pytest.mark.parametrize("plain", [{"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_hit_is_plain_where_no_colour_is_wanted(unit: Unit, store: Store, plain: dict[str, str]) -> None:
    shown = at_a_terminal(unit, store, **plain)
    assert "a silver car" in shown
    assert "\x1b" not in shown


def test_a_hit_is_plain_in_a_pipe(beech: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["find", "underpass"], Frame(beech)) == 0
    shown = capsys.readouterr().out
    assert "by the underpass" in shown
    assert shown.isascii()
    assert "\x1b" not in shown


def test_a_limit_of_none_does_not_say_that_nothing_was_found(
    beech: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["find", "silver", "--limit", "0"], Frame(beech)) == 0
    shown = capsys.readouterr()
    assert (shown.out, "nothing holds" in shown.err, "there is more" in shown.err) == ("", False, True)
