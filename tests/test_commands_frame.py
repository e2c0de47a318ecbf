"""The frame: help, common options, formats, exit codes, a hostile environment."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from commands.__main__ import run
from commands.group import COMMANDS, beech
from commands.options import Frame, Helped
from db import errors
from tests.conftest import Clock, Unit
from tests.desk import ROOT, Desk, process


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Each command that exists, by its words, groups included."""

    def below(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield words, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None, f"{words} {name} is listed and cannot be loaded"
                yield from below(f"{words} {name}", found)

    yield from below("beech", beech)


def test_every_command_says_what_it_does_and_shows_one_example_of_itself() -> None:
    for words, command in every_command():
        assert command.help, f"{words} has no help"
        assert isinstance(command, Helped), f"{words} is made with click's own decorator"
        assert words.split()[-1] in command.example, f"{words} has no example of itself"


def test_every_commands_help_can_be_printed_and_names_what_every_command_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for words, _ in every_command():
        assert run([*words.split()[1:], "--help"]) == 0
        shown = capsys.readouterr().out
        assert {"Usage", "Example", "Everywhere"} <= {line.split(":")[0] for line in shown.splitlines()}, (
            words
        )


def test_beech_alone_prints_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    assert "Officers:" in capsys.readouterr().out


def test_help_is_grouped_by_who_uses_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    shown = capsys.readouterr().out
    places = [shown.index(title) for title in ("Everyone:", "Officers:", "Supervisors:", "Scripts:")]
    assert places == sorted(places)
    assert shown.index("Everyone:") < shown.index("\n  status") < shown.index("Officers:")


def test_help_omits_a_command_that_does_not_exist_yet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from commands.group import Place

    monkeypatch.setitem(COMMANDS["everyone"], "nowhere", Place("nowhere", "nowhere"))
    assert run(["--help"]) == 0
    assert "nowhere" not in capsys.readouterr().out
    assert run(["nowhere"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["peple"], "people"),
        (["status", "--formt", "json"], "--format"),
        (["-f", "yaml", "status"], "json"),
        (["people"], "Usage"),
        (["people", "show"], "ref"),
    ],
)
def test_a_line_that_cannot_be_read_ends_with_2_and_says_what_would_do(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said.lower() in captured.err.lower()


@pytest.mark.parametrize(
    "words",
    [
        ["Testina", "Inventedova"],
        ["status", "Testina"],
        ["people", "show", "P-7KQ2", "Testina"],
        ["people", "list", "--limit", "Testina"],
        ["-f", "Testina", "status"],
        ["journal", "list", "--operation", "Testina"],
        ["unlock", "--hours", "Testina"],
        ["people", "add", "--known-as", "Testina"],
        ["people", "list", "--note", "Testina"],
    ],
)
def test_what_was_typed_is_never_repeated_in_an_error(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    assert "Testina" not in "".join(capsys.readouterr())


ERRORS = {
    errors.Usage: 2,
    errors.Locked: 3,
    errors.NotFound: 4,
    errors.Refused: 5,
    errors.Damaged: 6,
    errors.Ambiguous: 7,
    errors.Withheld: 8,
    errors.Busy: 9,
}


@pytest.mark.parametrize("error", ERRORS)
def test_each_error_ends_with_its_own_code_and_one_sentence(
    error: type[errors.BeechError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> None:
        raise error("the rule\x1b[31m says so")

    monkeypatch.setattr("commands.group._load", lambda name: click.Command(name, callback=lambda: fail(None)))
    assert run(["status"]) == ERRORS[error]
    assert capsys.readouterr() == ("", "beech: the rule[31m says so\n")


def test_every_error_has_a_code() -> None:
    assert set(errors.BeechError.__subclasses__()) == set(ERRORS)


# options


@pytest.mark.parametrize(
    "words",
    [
        ["-f", "json", "people", "list"],
        ["people", "-f", "json", "list"],
        ["people", "list", "-f", "json"],
        ["-f", "csv", "people", "list", "--format", "json"],
    ],
)
def test_a_common_option_works_before_and_after_the_command_and_the_last_wins(
    words: list[str], desk: Desk
) -> None:
    assert desk(*words).json == []


def test_the_unit_is_found_by_option_else_variable_else_in_the_users_data_folder(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    assert desk("status", "-f", "json").json["folder"] == str(desk.unit.folder)
    elsewhere = desk("--unit", str(tmp_path / "elsewhere"), "journal", "list")
    assert elsewhere.code == 4
    monkeypatch.delenv("BEECH_UNIT")
    nowhere = process("status")
    assert nowhere.code == 4
    assert str(home / "data" / "beech") in nowhere.err
    assert "beech init" in nowhere.err


def test_the_reason_comes_by_option_or_variable_and_is_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk("people", "list", "--reason", "audit")
    monkeypatch.setenv("BEECH_REASON", "welfare")
    desk("people", "list")
    assert desk("people", "list", "--reason", "nosiness").code == 5
    told = desk("journal", "list", "--operation", "consultation", "-f", "json").json
    assert [entry["reason"] for entry in told] == ["welfare", "audit"]


def test_the_words_for_a_reason_come_from_stdin_and_stay_out_of_the_clear(desk: Desk) -> None:
    ref = desk.ref("people", "add", "--pseudonym", "Willow-27")
    desk(
        "people",
        "amend",
        ref,
        "--sex",
        "woman",
        "--reason",
        "correction",
        "--note",
        "-",
        stdin="her own words",
    )
    told = desk("people", "history", ref, "-f", "json").json
    assert told[-1]["note"] == "her own words"
    assert "her own words" not in desk("journal", "list", "-f", "json").out


def test_two_options_cannot_both_have_stdin(desk: Desk) -> None:
    ran = desk("engagements", "add", "--at", "now", "--narrative", "-", "--mentions", "-", stdin="words")
    assert ran.code == 2
    assert "stdin" in ran.err


# formats


def willow(desk: Desk) -> str:
    return desk.ref("people", "add", "--pseudonym", "Willow-27", "--sex", "woman")


def test_every_format_says_the_same(desk: Desk) -> None:
    ref = willow(desk)
    listed = desk("people", "list", "-f", "json").json
    assert [one["ref"] for one in listed] == [ref]
    assert [json.loads(line) for line in desk("people", "list", "-f", "ndjson").out.splitlines()] == listed
    (row,) = csv.DictReader(io.StringIO(desk("people", "list", "-f", "csv").out))
    assert list(row) == list(listed[0])
    assert (row["ref"], row["sex"]) == (ref, "woman")
    assert desk("people", "list", "-f", "md").out.splitlines()[2].startswith(f"| {ref} | Willow-27 | woman |")
    assert desk("people", "list").out.splitlines()[1].split() == [
        ref,
        "Willow-27",
        "woman",
        "unknown",
        "active",
    ]


def test_a_table_drops_columns_that_are_empty_everywhere(desk: Desk) -> None:
    willow(desk)
    header = desk("people", "list").out.splitlines()[0]
    assert "pseudonym" in header
    assert "risk grade" not in header


def test_a_piped_table_is_never_cut_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    desk.ref("sightings", "add", "--from-json", "-", stdin=json.dumps(sighting(desk, "word " * 60)))
    assert "word word word " * 19 in desk("sightings", "list").out


def sighting(desk: Desk, note: str) -> dict[str, str]:
    offender = desk.ref("watchlist", "add", "--build", "stocky")
    return {"at": "2026-11-23 21:30", "offender": offender, "note": note}


def test_a_cell_that_a_spreadsheet_would_run_is_shielded_in_csv_alone(desk: Desk) -> None:
    desk.ref("sightings", "add", "--from-json", "-", stdin=json.dumps(sighting(desk, "=1+1")))
    assert ",'=1+1" in desk("sightings", "list", "-f", "csv").out
    assert '"=1+1"' in desk("sightings", "list", "-f", "json").out


def test_lists_are_joined_and_flags_are_yes_or_no_in_csv(desk: Desk) -> None:
    desk("engagements", "add", "--at", "now", "--officers", "Sam", "--officers", "Jo; Max")
    (row,) = csv.DictReader(io.StringIO(desk("engagements", "list", "-f", "csv").out))
    assert row["officers"] == "Sam;Jo;Max"
    offender = desk.ref("watchlist", "add", "--build", "stocky")
    desk("actions", "add", "--offender", offender, "--on", "today", "--action", "arrest")
    (row,) = csv.DictReader(io.StringIO(desk("actions", "list", "-f", "csv").out))
    assert row["for_unit"] == "yes"


def test_an_empty_list_is_no_error_and_csv_still_has_its_header(desk: Desk) -> None:
    assert desk("people", "list") == (0, "", "none\n")
    assert desk("people", "list", "-f", "json").json == []
    assert desk("people", "list", "-f", "csv").out.startswith("ref,pseudonym,known_as,sex,")


def test_markdown_is_not_marked_up_by_what_is_in_it(desk: Desk) -> None:
    desk.ref("sightings", "add", "--from-json", "-", stdin=json.dumps(sighting(desk, "a|b <i>*x*</i>\nc")))
    assert "a\\|b \\<i\\>\\*x\\*\\</i\\> c" in desk("sightings", "list", "-f", "md").out


def test_out_writes_a_file_of_ones_own_whole_in_the_format_of_its_name(desk: Desk, tmp_path: Path) -> None:
    ref = willow(desk)
    place = tmp_path / "people.csv"
    place.write_text("before")
    place.chmod(0o644)
    ran = desk("people", "list", "--out", str(place), "--bom")
    assert (ran.code, ran.out) == (0, "")
    assert place.read_bytes().startswith(b"\xef\xbb\xbfref,")
    assert ref in place.read_text()
    assert place.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".people*")) == []


@pytest.mark.parametrize(
    "output",
    [("--out", "{}/none/people.csv"), ("--out", "{}/people.html"), ("--bom",), ("-f", "json", "--bom")],
)
def test_output_that_has_nowhere_to_go_is_refused_before_anything_is_changed(
    output: tuple[str, ...], desk: Desk, tmp_path: Path
) -> None:
    assert desk("people", "add", *(word.format(tmp_path) for word in output)).code == 2
    assert desk("people", "list", "-f", "json").json == []


def test_a_terminal_sees_no_steering_characters(desk: Desk) -> None:
    note = "\x1b[31mred\x07 \u202eevil \u200bend"
    desk.ref("sightings", "add", "--from-json", "-", stdin=json.dumps(sighting(desk, note)))
    shown = desk("sightings", "list").out
    assert "[31mred evil end" in shown
    assert not {"\x1b", "\x07", "\u202e", "\u200b"} & set(shown)


# input


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_stdin_is_read_in_utf8_with_and_without_mark_and_in_utf16(encoding: str, desk: Desk) -> None:
    ran = desk(
        "people", "add", "--from-json", "-", "-f", "json", stdin='{"pseudonym": "Zoë"}'.encode(encoding)
    )
    assert ran.json["pseudonym"] == "Zoë"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (b"{", "line 1"),
        (b"[]", "one JSON object"),
        (b"\xff\x00\xff", "UTF-8"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_malformed_json_ends_with_2_and_says_where(typed: bytes, said: str, desk: Desk) -> None:
    ran = desk("people", "add", "--from-json", "-", stdin=typed)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


# the process


def test_nothing_on_a_hostile_path_is_loaded(unit: Unit, tmp_path: Path) -> None:
    for module in ("click", "json", "typing", "re", "sqlcipher3", "nacl", "keyring", "tomllib", "__future__"):
        (tmp_path / f"{module}.py").write_text(f"import os\nos.write(2, b'loaded {module}')\n")
    script = f"import sys; sys.path.append({str(ROOT)!r}); from commands.__main__ import main; main()"
    started = [sys.executable, "-c", script, "status"]
    variables = {"PYTHONPATH": str(tmp_path), "BEECH_UNIT": str(unit.folder)}
    done = subprocess.run(
        started, capture_output=True, check=False, cwd=tmp_path, env=os.environ | variables, text=True
    )
    assert "loaded" not in done.stderr
    assert done.returncode == 0


def test_a_read_command_loads_nothing_that_it_does_not_need(strong: Unit) -> None:
    script = (
        "import sys; from commands.__main__ import run; code = run(['engagements', 'list']); "
        "print(code, *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    variables = {"BEECH_UNIT": str(strong.folder), "BEECH_PASSPHRASE_FILE": str(strong.secret)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=os.environ | variables,
        text=True,
    )
    code, *loaded = done.stdout.split()
    assert code == "0"
    slow = {"keyring", "phonenumbers", "rapidfuzz", "rich", "sqlite_utils", "textual", "xlsxwriter"}
    heavy = {"asyncio", "email", "http", "logging", "platformdirs", "sqlite3", "ssl", "subprocess", "tomllib"}
    assert not (slow | heavy) & set(loaded)


def test_the_screens_switches_and_a_wide_umask_are_set_aside_at_the_start() -> None:
    script = (
        f"import os, sys; sys.path.append({str(ROOT)!r}); os.umask(0); import commands.__main__ as start; "
        "start.make_safe(); print(os.environ.get('TEXTUAL_DEBUG'), os.umask(0), sys.stdout.encoding)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env=os.environ | {"TEXTUAL_DEBUG": "1", "PYTHONIOENCODING": "latin-1"},
        text=True,
    )
    assert done.stdout.split() == ["None", str(0o077), "utf-8"]


def test_an_unexpected_error_says_type_file_and_line_and_never_its_text(unit: Unit) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import commands.__main__ as start, db.vault.opening as vault\n"
        "def fail(*_): secret = 'Testina'; raise ValueError(secret)\n"
        "vault.unit_of = fail\n"
        "sys.argv = ['beech', 'status']\n"
        "start.main()\n"
    )
    for debug in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=False,
            env=os.environ | {"BEECH_DEBUG": debug},
            text=True,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert "unexpected ValueError in <string>, line 3" in done.stderr
        assert "Testina" not in done.stderr
        assert ("session.py" in done.stderr) is (debug == "1")


def test_a_reader_that_goes_away_is_no_error(unit: Unit) -> None:
    beech = f"{sys.executable} -m commands vocabulary"
    closed = subprocess.run(
        ["bash", "-c", f"{beech} list offence | head -c 1; echo ${{PIPESTATUS[0]}} >&2"],
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert closed.stderr == b"0\n"


def test_ctrl_c_ends_with_130_and_without_a_trace(unit: Unit, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\ntouch started\nsleep 30\n")
    slow.chmod(0o700)
    script = f"import sys; sys.path.append({str(ROOT)!r}); from commands.__main__ import main; main()"
    child = subprocess.Popen(
        [sys.executable, "-c", script, "people", "list"],
        env=os.environ | {"BEECH_UNIT": str(unit.folder), "BEECH_PASSPHRASE_COMMAND": str(slow)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        start_new_session=True,
    )
    while not (tmp_path / "started").exists():
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out, err) == (130, b"", b"")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"], Frame()) == 0
    assert capsys.readouterr().out.startswith("beech ")
