"""Streams that close, fill up or hold no text, and errors that nobody foresaw: one sentence, no value."""

import json
import signal
import stat
from pathlib import Path

import pytest

from tests.attacks import (
    around,
    beech,
    command,
    ended,
    killed_at_the_end,
    start,
)
from tests.conftest import Unit
from tests.desk import Ran


@pytest.mark.parametrize("how", ["json", "csv", "table", "ndjson", "md"])
def test_a_reader_that_takes_one_line_and_goes_is_no_error(unit: Unit, tmp_path: Path, how: str) -> None:
    rows = tmp_path / "rows.ndjson"
    rows.write_text(
        "\n".join(json.dumps({"external_ref": f"x{n}", "at": "2026-10-01T20:00"}) for n in range(2000))
    )
    assert beech(unit, "import", "engagements", str(rows), "--apply").code == 0
    line = command(unit, "engagements", "list", "-f", how)
    with killed_at_the_end(start(line, around(unit.folder))) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        said = listing.stderr.read().decode()
        assert (listing.wait(60), said) == (0, "")


def with_streams(unit: Unit, closing: str, *words: str, stdin: bytes = b"") -> Ran:
    line = ["sh", "-c", f'exec "$@" {closing}', "sh", *command(unit, *words)]
    return ended(start(line, around(unit.folder)), stdin)


@pytest.mark.parametrize("closing", [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_no_traceback(unit: Unit, closing: str) -> None:
    for words, codes in ((("engagements", "list"), {0}), (("no-such-command",), {2}), (("log",), {0, 2})):
        ran = with_streams(unit, closing, *words)
        assert ran.code in codes, (words, ran)
        assert "Traceback" not in ran.err
        assert "unexpected" not in ran.err


def test_a_disk_that_is_full_behind_stdout_is_told_and_is_not_success(unit: Unit) -> None:
    ran = with_streams(unit, ">/dev/full", "status")
    assert ran.code not in (0, 1, 120), ran
    assert ran.err.splitlines()[-1].startswith("beech: ")
    assert "Traceback" not in ran.err
    assert "Exception ignored" not in ran.err


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "ascii:strict"}]
)  # fmt: skip
def test_text_goes_in_and_comes_out_as_utf8_whatever_the_locale(unit: Unit, env: dict[str, str]) -> None:
    answers = ["-2h", "", "", "", "żółty Škoda", "", "", "", "", "She said naïve — ☃", ""]
    ran = beech(unit, "log", "-f", "json", stdin="".join(f"{line}\n" for line in answers), env=env)
    assert ran.code == 0, ran
    assert (ran.json["mentions"], ran.json["narrative"]) == ("żółty Škoda", "She said naïve — ☃")
    assert "☃" in beech(unit, "engagements", "list", "-f", "csv", env=env).out


def test_bytes_that_are_no_text_at_a_question_are_no_traceback(unit: Unit) -> None:
    ran = beech(unit, "log", stdin=b"-2h\n" + b"\xff\xfe\x80\n" * 12)
    assert ran.code in (0, 2), ran
    assert "Traceback" not in ran.err
    assert "unexpected" not in ran.err


# --- what nobody foresaw

_FAULT = """
from db import records
def fails(*args, **more):
    name = "CANARY-LOCAL"
    raise {kind}("CANARY-MESSAGE")
import db.filters
db.filters.build = fails
"""


@pytest.mark.parametrize("kind", ["ValueError", "KeyError", "AssertionError", "MemoryError", "OSError"])
def test_an_unexpected_error_says_type_file_and_line_alone(unit: Unit, kind: str) -> None:
    patch = _FAULT.format(kind=kind)
    ran = beech(unit, "people", "list", patch=patch)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"beech: unexpected {kind} in ")
    assert "line" in ran.err
    assert len(ran.err.splitlines()) == 1
    with_frames = beech(unit, "people", "list", patch=patch, env={"BEECH_DEBUG": "1"})
    assert len(with_frames.err.splitlines()) > 3
    assert " in fails" in with_frames.err
    assert "CANARY" not in ran.err + with_frames.err


def test_an_error_that_python_ignores_is_not_printed_with_its_message(unit: Unit) -> None:
    patch = """
class Dying:
    def __del__(self): raise ValueError("CANARY-MESSAGE")
frame.kept = Dying()
import threading
def fails(): raise ValueError("CANARY-MESSAGE")
from commands import opening
whole = opening.folder
def folder():
    thread = threading.Thread(target=fails); thread.start(); thread.join()
    del frame.__dict__["kept"]
    opening.folder = whole
    return whole()
opening.folder = folder
"""
    ran = beech(unit, "people", "list", patch=patch)
    assert ran.code == 0, ran
    assert "CANARY" not in ran.out + ran.err


def test_a_process_is_ended_by_a_signal_without_a_word_of_what_it_held(unit: Unit) -> None:
    asking = start(command(unit, "log"), around(unit.folder))
    assert asking.stderr is not None
    asking.stderr.readline()
    asking.send_signal(signal.SIGTERM)
    ran = ended(asking)
    assert ran.code == -signal.SIGTERM
    assert "Traceback" not in ran.err


def test_the_files_that_beech_makes_are_its_owners_alone_whatever_the_umask(unit: Unit, home: Path) -> None:
    line = [
        "sh",
        "-c",
        'umask 000; exec "$@"',
        "sh",
        *command(unit, "engagements", "list", "--out", str(home / "o.csv")),
    ]
    assert ended(start(line, around(unit.folder))).code == 0
    for path in [*unit.folder.rglob("*"), *home.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
