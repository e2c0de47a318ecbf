"""``beech match``: descriptions by options and by JSON, hits with their reasons."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from commands.__main__ import run
from commands.options import Frame
from db import watchlist
from db.vault.keys import Opened
from db.vault.store import Store
from tests.conftest import Unit


@pytest.fixture
def beech(unit: Unit, store: Store, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The unit with two men on its watchlist."""
    gary = {"name": "Gary Example", "aliases": ["Gaz"], "age_text": "late forties", "external_ref": "X1"}
    astra = {"vrm": "NA12 KBO", "make": "Vauxhall", "model": "Astra", "colour": "silver"}
    watchlist.add_offender(store, gary | {"vehicles": [astra]})
    watchlist.add_offender(store, {"aliases": ["Baz"], "vehicles": [{"vrm": "NA12 KBA", "colour": "red"}]})
    store.close()
    monkeypatch.setenv("BEECH_UNIT", str(unit.folder))
    return unit.opened


def stdin(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))


def matched(
    beech: Opened, capsys: pytest.CaptureFixture[str], *options: str, code: int = 0
) -> tuple[Any, str]:
    assert run(["match", *options, "-f", "json"], Frame(beech)) == code
    shown = capsys.readouterr()
    return json.loads(shown.out) if shown.out else None, shown.err


def test_one_description_answers_with_an_array_best_first(
    beech: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    hits, _ = matched(beech, capsys, "--vrm", "NA12 ?B?", "--colour", "silver", "--age", "45-49")
    assert [hit["label"] for hit in hits] == ['Gary Example ("Gaz")', '"Baz"']
    assert list(hits[0]) == ["ref", "label", "score", "band", "reasons", "weights"]
    assert list(hits[0]["reasons"][0]) == ["field", "asked", "found", "points", "why"]
    assert any(reason["points"] < 0 for reason in hits[1]["reasons"])


def test_a_table_says_who_and_why_in_plain_words(beech: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "--vrm", "NA12 ?B?", "--colour", "silver"], Frame(beech)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("POSSIBLE  O-")
    assert "  + plate: 5 known characters fit (asked NA12 ?B?, has NA12 KBO)" in lines
    assert any(line.startswith("  - colour: ") for line in lines)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (["--age", "late forties", "--vrm", "NA12 K"], "age"),
        (["--height", "175-185", "--vrm", "NA12 K"], "vrm"),
        (["--make", "vauxhall", "--model", "astra", "--colour", "silver"], "model"),
    ],
)
def test_options_describe_a_man_or_a_car(
    beech: Opened, capsys: pytest.CaptureFixture[str], options: list[str], field: str
) -> None:
    hits, _ = matched(beech, capsys, *options, "--weak")
    assert any(reason["field"] == field for hit in hits for reason in hit["reasons"])


def test_too_vague_is_an_empty_answer_and_a_line_on_stderr(
    beech: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    hits, said = matched(beech, capsys, "--build", "stocky")
    assert hits == []
    assert "too vague" in said


def test_nobody_fits_is_no_error(beech: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    hits, _ = matched(beech, capsys, "--vrm", "XY99 ZZZ")
    assert hits == []
    assert run(["match", "--vrm", "XY99 ZZZ"], Frame(beech)) == 0
    assert "nobody on the watchlist fits" in capsys.readouterr().err
    assert run(["match", "--vrm", "NA12 KBO", "--limit", "0"], Frame(beech)) == 0
    said = capsys.readouterr().err
    assert "there is more" in said
    assert "nobody" not in said


def test_a_batch_answers_a_line_for_each_id(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, '{"id": 1, "vehicles": [{"vrm": "NA12 KBO"}]}\n\n{"id": "b", "build": "stocky"}\n')
    assert run(["match", "--from-json", "-", "-f", "json"], Frame(beech)) == 0
    shown = capsys.readouterr()
    first, second = map(json.loads, shown.out.splitlines())
    assert (first["id"], first["matches"][0]["label"]) == (1, 'Gary Example ("Gaz")')
    assert second == {"id": "b", "matches": []}
    assert shown.err.startswith("b: ")


def test_one_line_with_an_id_is_a_batch_of_one(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, '{"id": 1, "name": "Gary Example", "vehicles": [{"vrm": "NA12 KBO"}]}')
    assert run(["match", "--from-json", "-", "-f", "ndjson"], Frame(beech)) == 0
    assert json.loads(capsys.readouterr().out)["id"] == 1


def test_a_file_may_hold_one_description_over_several_lines(
    beech: Opened, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "said.json"
    file.write_text(json.dumps({"name": "Gaz", "vehicles": [{"vrm": "NA12 KBO"}]}, indent=1))
    hits, _ = matched(beech, capsys, "--from-json", str(file))
    assert hits[0]["band"] == "probable"


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("", 2, "is empty"),
        ("{", 2, "line 1"),
        ('{"id": 1}\n{"id": 2,\n', 2, "line 2"),
        ('{"id": 1, "name": "a"}\n["b"]\n', 2, "line 2: must be an object"),
        ('{"id": 1, "name": "a"}\n{"name": "b"}\n', 2, "line 2: each of several descriptions needs an id"),
        ('{"id": 1, "name": "a"}\n{"id": 2, "shoe_size": 9}\n', 2, "line 2"),
        ('{"id": 1, "name": "a"}\n{"id": 2, "nationality": "canary"}\n', 5, "line 2"),
        ('{"nationality": "canary"}', 5, "never held"),
        ('{"shoe_size": 9}', 2, "unknown field"),
        ('["canary"]', 2, "must be an object"),
        ('{"name": 3}', 5, "name: must be text"),
        ('{"id": 1, "name": "a"}\n{"id": 2, "surname": true}\n', 5, "line 2: surname: must be text"),
        ('{"telephones": [7700900123]}', 5, "telephones: must be text"),
        ('{"name": "a", "vehicles": [{"vrm": 12}]}', 5, "vrm: must be text"),
        ('{"vehicles": [{"vrx": "canary"}]}', 2, "it takes vrm, make, model, colour, body, marks"),
        ("[" * 100_000, 2, "is not JSON"),
    ],
)
def test_what_cannot_be_read_names_the_line_and_the_rule_never_the_value(
    beech: Opened,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    code: int,
    said: str,
) -> None:
    stdin(monkeypatch, typed)
    assert run(["match", "--from-json", "-", "-f", "json"], Frame(beech)) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert "canary" not in shown.err


def test_a_car_may_be_called_by_a_number(
    beech: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, '{"name": "Gary Example", "vehicles": [{"make": "Peugeot", "model": 208}]}')
    assert run(["match", "--from-json", "-", "-f", "json"], Frame(beech)) == 0
    assert json.loads(capsys.readouterr().out)


def test_nothing_described_or_described_twice_is_usage(
    beech: Opened, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["match"], Frame(beech)) == 2
    assert run(["match", "--colour", "red", "--from-json", "-"], Frame(beech)) == 2
    assert run(["match", "--from-json", str(tmp_path / "missing.json")], Frame(beech)) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_limit_holds_and_the_rest_is_announced(beech: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    hits, said = matched(beech, capsys, "--vrm", "NA12 KB?", "--limit", "1")
    assert len(hits) == 1
    assert "there is more" in said


def test_csv_has_its_header_even_where_nobody_fits(beech: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "--vrm", "XY99 ZZZ", "-f", "csv"], Frame(beech)) == 0
    assert capsys.readouterr().out == "ref,label,score,band,reasons\n"


# --- queued, judged


def test_pending_prints_whom_an_import_brought_and_who_he_may_be(
    beech: Opened, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "men.ndjson"
    path.write_text('{"external_ref": "N1", "name": "Gary Example", "vehicles": [{"vrm": "NA12 KBO"}]}\n')
    assert run(["import", "offenders", str(path), "--apply"], Frame(beech)) == 0
    capsys.readouterr()
    assert run(["match", "--pending", "-f", "json"], Frame(beech)) == 0
    out, err = capsys.readouterr()
    (line,) = [json.loads(one) for one in out.splitlines()]
    assert line["id"].startswith("O-")
    assert line["matches"][0]["label"] == 'Gary Example ("Gaz")'
    assert "with somebody on the watchlist" in err
    assert run(["match", "--pending"], Frame(beech)) == 0
    assert "nothing is queued" in capsys.readouterr().err
    assert run(["match", "--pending", "--vrm", "NA12"], Frame(beech)) == 2


def test_a_pair_is_judged_for_a_reason_and_told_back(
    beech: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["watchlist", "list", "-f", "json"], Frame(beech))
    why = ("--reason", "intelligence")
    one, other = [man["ref"] for man in json.loads(capsys.readouterr().out)][:2]
    assert run(["watchlist", "judge", one, other, "--different", *why, "-f", "json"], Frame(beech)) == 0
    judged = json.loads(capsys.readouterr().out)
    assert {judged["one"], judged["other"]} == {one, other}
    assert (judged["verdict"], judged["conflicts"]) == ("different", [])
    assert run(["watchlist", "judge", one, other, "--same"], Frame(beech)) == 2
    assert run(["watchlist", "judge", one, other, *why], Frame(beech)) == 2
    assert run(["watchlist", "judge", one, one, "--same", *why], Frame(beech)) == 5
    assert run(["watchlist", "judge", one, "O-0000", "--same", *why], Frame(beech)) == 4


def test_a_colour_or_make_alone_is_said_to_be_too_vague_and_not_to_fit_plates(
    beech: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in (("--colour", "silver"), ("--make", "vauxhall")):
        hits, said = matched(beech, capsys, *option, "--weak")
        assert (hits, "too vague" in said, "plate fits" in said) == ([], True, False)
