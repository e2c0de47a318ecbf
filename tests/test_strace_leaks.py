"""Canaries in every field that takes words: under strace, nothing writes one anywhere in clear unasked.

``make leaks`` runs this, the day of names, what completion offers and the terminal's own table; its long form
also every command on every kind.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from db.rules.records import FOLDED, KINDS
from tests.canaries import NEEDED, PLATES, SETTINGS, SETTLED, STEM, assert_no_canary, bare, canary, planted
from tests.torture import strace
from tests.traced import Day

WORDS = {"person": "people", "offender": "watchlist"}
WHY = ("--reason", "correction")
TO = ("--recipient", "partner", "--purpose", "safeguarding", "--reason", "safeguarding")
NOTED = f"{STEM}notedyx"
ROOM = 61440  # bytes a file, after which the disk is full
FULL = f"""
import resource, signal, sys
sys.dont_write_bytecode = True  # it would be kept cut short, and the next program would read it
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM}, {ROOM}))
"""
CRASH = """
from db import engagements
def broken(store, raw, *rest, **more):
    made = {name: str(value) for name, value in raw.items()}
    %s
engagements.log = broken
"""


def word_of(kind: str) -> str:
    """The command of a kind."""
    return WORDS.get(kind, f"{kind}s")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """A unit under strace with a canary in every field; the files they came in lie outside its work."""
    place = tmp_path_factory.mktemp("leaks")
    made = Day(strace(), place)
    made("init", "--no-input", "--name", "Invented Unit", "--member", "Sam")
    made("config", "apply", "-", "--yes", stdin=SETTINGS)
    for kind in NEEDED:
        path = place / f"{kind}.ndjson"
        path.write_text(json.dumps(planted(kind)[0]) + "\n")
        made("import", "people" if kind == "person" else f"{kind}s", str(path), "--apply")
    return made


def rows(day: Day, name: str) -> str:
    """A file of 400 contacts, each with a canary, outside the unit's work; returns its path."""
    path = day.work.parent / f"{name}.ndjson"
    told = {"at": "2026-11-01T20:00", "narrative": canary("engagement", name)}
    path.write_text("".join(json.dumps({"external_ref": f"{name}{n}", **told}) + "\n" for n in range(400)))
    return str(path)


@pytest.mark.parametrize("kind", FOLDED)
def test_every_field_that_is_typed_is_planted(kind: str) -> None:
    assert list(bare(kind)) == []
    assert set(NEEDED) == set(KINDS)


def test_what_is_planted_is_held_and_shown_to_who_asks(day: Day) -> None:
    for kind in NEEDED:
        listed = day(word_of(kind), "list", "-f", "ndjson").out.lower()
        for field, said in planted(kind)[1].items():
            for one in said:
                assert one.lower() in listed, (kind, field)
    settled = day("config", "show", "-f", "json").out
    assert not [one for one in SETTLED if one not in settled]


def test_no_command_writes_a_canary_but_where_it_was_asked_for(day: Day) -> None:
    ref = day("engagements", "list", "-f", "json").json[0]["ref"]
    day("find", "-", stdin=canary("engagement", "narrative"))
    day("engagements", "show", ref)
    day("engagements", "history", ref)
    day(
        "match",
        "--from-json",
        "-",
        stdin=json.dumps({"mo_text": NOTED, "vehicles": [{"vrm": PLATES[0]}]}),
    )
    day("log", "--from-json", "-", stdin=json.dumps({"at": "now", "narrative": NOTED}))
    day("log", "--from-json", "-", stdin=json.dumps({"at": "never", "narrative": NOTED}), codes=(5,))
    day("engagements", "amend", ref, "--narrative", "-", stdin=NOTED)
    day("engagements", "strike", ref, *WHY, "--note", "-", stdin=NOTED)
    day("engagements", "undo", ref, *WHY)
    day("summary", "--month", "2026-11")
    for words in (("status",), ("journal", "list"), ("journal", "verify"), ("backup",)):
        day(*words)
    day("doctor", codes=(0, 1, 5))
    assert_no_canary(day)


def test_a_list_or_an_export_that_goes_into_a_file_is_in_that_file_alone(day: Day) -> None:
    listed, exported = day.work / "listed.csv", day.work / "exported.csv"
    sought = canary("engagement", "partner")
    day("engagements", "list", "-f", "csv", "--out", str(listed))
    assert sought.encode() in day.last
    sent = canary("vehicle", "make")
    day("export", "vehicles", *TO, "--out", str(exported))
    assert sent.encode() in day.last
    assert sought in listed.read_text()
    assert sent in exported.read_text()
    assert sought.encode() in day.unasked(exported)  # what is passed over is the file that is named, no other
    assert_no_canary(day, listed, exported)
    listed.unlink()
    exported.unlink()


def test_a_full_disk_leaves_no_canary_behind(day: Day) -> None:
    day("import", "engagements", rows(day, "full"), "--apply", codes=(9,), patch=FULL)
    day("backup", codes=(9,), patch=FULL)
    assert_no_canary(day)


def test_a_kill_in_the_midst_leaves_no_canary_behind(day: Day) -> None:
    killed = ("--inject=pwrite64:signal=KILL:when=60",)
    day("import", "engagements", rows(day, "killed"), "--apply", codes=(-signal.SIGKILL,), options=killed)
    assert day.last.count(b"unit.db-wal>") > 10, "it was killed before it wrote"
    killed = ("--inject=pwrite64:signal=KILL:when=6",)
    told = json.dumps({"at": "now", "narrative": canary("engagement", "killedlog")})
    day("log", "--from-json", "-", stdin=told, codes=(-signal.SIGKILL,), options=killed)
    assert b"unit.db-wal>" in day.last, "it was killed before it wrote"
    assert_no_canary(day)
    day("journal", "verify")
    assert canary("engagement", "killed") not in day("engagements", "list", "-f", "ndjson").out


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_crash_says_no_canary_and_leaves_none(day: Day, debug: str) -> None:
    told = json.dumps({"at": "now", "narrative": NOTED})
    patch = CRASH % "raise LookupError(str(raw))"
    ran = day("log", "--from-json", "-", stdin=told, codes=(1,), patch=patch, more=(("BEECH_DEBUG", debug),))
    assert "unexpected LookupError" in ran.err
    assert STEM not in ran.err
    assert_no_canary(day)


def test_a_program_that_aborts_leaves_no_core_file_of_what_it_held(day: Day) -> None:
    told = json.dumps({"at": "now", "narrative": NOTED})
    day(
        "log", "--from-json", "-", stdin=told, codes=(-signal.SIGABRT,), patch=CRASH % "import os; os.abort()"
    )
    assert list((day.work / "here").iterdir()) == []
    assert_no_canary(day)


def test_a_core_file_would_have_been_seen(tmp_path: Path) -> None:
    if not Path("/proc/sys/kernel/core_pattern").read_text().startswith("core"):
        pytest.skip("this machine keeps core files elsewhere")
    aborted = f"held = {STEM!r} * 2; import os; os.abort()"
    line = 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"'
    subprocess.run(["sh", "-c", line, "sh", sys.executable, "-S", "-c", aborted], check=False, cwd=tmp_path)
    cores = [path.read_bytes() for path in tmp_path.iterdir()]
    if not cores:
        pytest.skip("core files are not allowed here")
    assert STEM.encode() * 2 in cores[0]


def test_completion_offers_no_canary(day: Day) -> None:
    def offered(words: str, patch: str = "") -> str:
        asked = {"COMP_WORDS": f"beech {words}", "COMP_CWORD": str(words.count(" ") + 1)}
        return day(patch=patch, more=(("_BEECH_COMPLETE", "bash_complete"), *asked.items())).out.lower()

    for words in ("", "engagements show ", "people amend --known-as "):
        assert STEM not in offered(words)
    assert_no_canary(day)
    telling = f"from commands import completing; completing._values = lambda *_: ({STEM!r},)\n"
    assert STEM in offered("people add --sex ", telling)  # it would have been seen
