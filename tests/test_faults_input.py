"""What comes in broken or hostile: the row, the column and the rule are named, and never the value."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from commands.group import beech as root
from commands.subjects import SUBJECTS
from db import records, watchlist
from db.rules.records import KINDS
from db.vault.store import Store
from tests.attacks import assert_refused, assert_whole
from tests.conftest import Clock, Unit
from tests.desk import Desk

CANARY = "Canary Zebedee"
WHOLE = '{"at": "2026-11-21T23:40"}\n'


# --- nothing personal in any error


def assert_silent(line: list[str], code: int, said: str) -> None:
    """What was refused is not repeated, and nothing was unforeseen."""
    assert code != 1, (line, said)
    if code:
        assert "zebedee" not in said.casefold(), (line, said)


def every_command(group: click.Group, path: list[str]) -> Iterator[tuple[list[str], click.Command]]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from every_command(command, [*path, name])
        elif command is not None:
            yield [*path, name], command


@pytest.fixture
def empty(unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A unit with no record."""
    return Desk(unit, Clock(), monkeypatch, capsys)


@pytest.fixture
def desk(empty: Desk, unit: Unit, store: Store, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A unit with one record of the first kinds."""
    woman = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    records.add(store, "engagement", {"at": "2026-11-21T23:40", "people": [woman], "external_ref": "e1"})
    watchlist.add_offender(store, {"name": "Gary Example", "external_ref": "o1"})
    store.close()
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", str(unit.secret))
    monkeypatch.chdir(unit.folder.parent)  # what a command writes by the name it was given lands there
    return empty


_APART = {"demo", "init", "restore", "export"}  # tested where they make something


def test_no_command_repeats_what_it_refuses_on_stdin_in_an_argument_or_an_option(desk: Desk) -> None:
    woman = desk("people", "list", "-f", "json").json[0]["ref"]
    ran = 0
    for path, command in every_command(root, []):
        if path[0] in _APART:
            continue
        count = sum(isinstance(param, click.Argument) for param in command.params)
        options = [param.opts[0] for param in command.params if isinstance(param, click.Option)]
        piped = [param.opts[0] for param in command.params if getattr(param, "metavar", None) == "-"]
        lines = [
            [*path, *[CANARY] * count, "--yes", "--reason", "correction"],
            [*path, *[woman] * count, CANARY],
            *([*path, *[woman] * count, option, CANARY] for option in options),
            *([*path, *[woman] * count, option, "-"] for option in piped if path[0] != "members"),
            *([*path, *[woman] * count, option + CANARY] for option in options[::8]),
        ]
        if "--from-json" in options:
            lines.append([*path, *[woman] * count, "--from-json", "-", "--yes"])
        for line in lines:
            if "--out" in line or "--unit" in line or "--to" in line:
                continue
            if "--pseudonym" in line:  # it is taken, and may be told as the nearest from then on
                continue
            more = (json.dumps({CANARY: [CANARY]}), f'{{"narrative": "{CANARY}') if "-" in line else ()
            for typed in (CANARY, *more):
                done = desk(*line, stdin=typed)
                assert_silent(line, done.code, done.out + done.err)
                ran += 1
    assert ran > 1000


def test_no_field_of_any_kind_repeats_a_value_that_it_refuses(desk: Desk) -> None:
    base: dict[str, dict[str, Any]] = {
        "engagement": {"at": "2026-11-21T23:40"},
        "concern": {"engagement": "e1"},
        "sighting": {"at": "2026-11-21T23:40", "offender": "o1"},
        "action": {"offender": "o1", "on": "2026-11-21", "action": "arrest"},
        "order": {"offender": "o1", "type": "cbo"},
        "call": {"month": "2026-10", "source": "101", "category": "x", "count": 1},
    }
    values: list[Any] = [CANARY, [CANARY], {CANARY: CANARY}, [{"vrm": [CANARY]}], CANARY * 2000]
    for word, made in SUBJECTS.items():
        lines = [[word, "add"]] + [["log"]] * (word == "engagements") + [["match"]] * (word == "watchlist")
        for field in [*(field.name for field in KINDS[made.kind].fields), "vehicles", "nationality"]:
            for value in values if field != "pseudonym" else values[1:]:  # which may be told as the nearest
                typed = json.dumps(base.get(made.kind, {}) | {field: value})
                for line in lines:
                    done = desk(*line, "--from-json", "-", stdin=typed)
                    assert_silent([*line, field], done.code, done.out + done.err)
    for field in ("given_name", "surname", "date_of_birth", "telephones", "notes", "else"):
        for value in values:
            line = ["people", "seal", "P-0000", "--from-json", "-"]
            done = desk(*line, stdin=json.dumps({field: value}))
            assert_silent([*line, field], done.code, done.out + done.err)


# --- files that are no good


@pytest.mark.parametrize(
    ("name", "text", "code", "where"),
    [
        ("a.csv", f"at,narrative\n2026-11-21T23:40,x\n{CANARY},x\n", 5, ("3", "at:")),
        ("a.csv", f'at,narrative\n2026-11-21T23:40,"{CANARY}', 2, ("row 2", "not CSV")),
        ("a.csv", f"at,narrative\n{CANARY},{CANARY},{CANARY}\n", 2, ("row 2", "3 cells")),
        ("a.csv", f"{CANARY},{CANARY}\n1,2\n", 2, ("header",)),
        ("a.csv", f"at,shoes\n2026-11-21T23:40,{CANARY}\n", 2, ("column", "shoes")),
        ("a.csv", f"{CANARY},1985-03-04\n07700 900123,x\n", 2, ("first line",)),
        ("a.csv", f"at;narrative\n2026-11-21T23:40;{CANARY}\n", 2, ("first line",)),
        ("a.csv", f"at,sharing_level\n2026-11-21T23:40,{CANARY}\n", 5, ("2", "sharing_level")),
        ("a.csv", f"at,people\n2026-11-21T23:40,{CANARY}\n", 5, ("2", "people")),
        ("a.csv", f"at,nationality\n2026-11-21T23:40,{CANARY}\n", 5, ("nationality", "never held")),
        ("a.csv", f"at,at\n{CANARY},x\n", 2, ("column 2", "twice")),
        ("a.csv", "", 2, ("no header",)),
        ("a.csv", "at,narrative\n2026-11-21T23:40,\x00\udcff\n", 2, ("UTF-8",)),
        ("a.ndjson", f'{WHOLE}{{"at": {CANARY}}}\n', 2, ("row 2", "not JSON")),
        ("a.ndjson", f'{WHOLE}["{CANARY}"]\n', 2, ("row 2", "not a JSON object")),
        ("a.ndjson", f'{WHOLE}{{"at": "{CANARY}"}}\n', 5, ("2", "at:")),
        ("a.ndjson", f'{WHOLE}{{"at": "2026-11-21T23:40", "needs": ["{CANARY}"]}}\n', 5, ("2", "needs")),
        ("a.ndjson", WHOLE + "[" * 100_000, 2, ("row 2", "not JSON")),
        ("a.ndjson", WHOLE.replace("}", ', "sharing_level": Infinity}'), 5, ("sharing_level",)),
        ("a.json", f'[{{"at": "2026-11-21T23:40"}}, "{CANARY}"]', 2, ("row 2",)),
        ("a.json", f'{{"rows": "{CANARY}"}}', 2, ("array",)),
        ("a.json", f'[{{"at": "{CANARY}"', 2, ("line 1", "not JSON")),
        ("a.txt", CANARY, 2, ("format",)),
        (f"{CANARY}.csv", f"at\n{CANARY}\n", 5, ("2", "at:")),
    ],
)  # fmt: skip
def test_a_file_that_is_no_good_is_refused_with_row_column_and_rule(
    empty: Desk, tmp_path: Path, name: str, text: str, code: int, where: tuple[str, ...]
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode(errors="surrogateescape"))
    for words in (("import", "engagements", str(path)), ("import", "engagements", str(path), "--apply")):
        ran = empty(*words)
        assert ran.code == code, ran
        said = (ran.out + ran.err).replace(f"{CANARY}.csv", "")
        assert_silent(list(words), ran.code, said)
        for word in where:
            assert word in said
        assert "nothing was written" in said or "never held" in said or "format" in said
    assert empty("engagements", "list", "-f", "json").json == []
    assert_whole(empty.unit)


@pytest.mark.parametrize("what", ["missing.csv", ".", "/dev/null/x.csv"])
def test_a_file_that_cannot_be_opened_is_usage(empty: Desk, tmp_path: Path, what: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    path = tmp_path / ("folder.csv" if what == "." else what)
    assert_refused(empty("import", "people", str(path)), 2, "cannot be read")


def test_json_on_stdin_that_is_none_is_told_by_line_and_character(empty: Desk) -> None:
    for typed, word in (
        (f'{{"at": "now",\n "narrative": {CANARY}}}', "line 2"),
        (f'["{CANARY}"]', "one JSON object"),
        ("", "line 1"),
        ("[" * 200_000, "not JSON"),
        (f'{{"at": "now", "at2": "{CANARY}"', "not JSON"),
    ):
        for words in (("log", "--from-json", "-"), ("people", "add", "--from-json", "-")):
            ran = empty(*words, stdin=typed)
            assert_refused(ran, 2, word)
            assert_silent([*words], ran.code, ran.err)
