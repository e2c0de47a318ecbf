"""Canaries in every field that takes words: under strace, nothing writes one anywhere in clear unasked.

``make leaks`` runs this, the day of names, and the terminal's own table.
"""

import json
import re
import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.rules.records import KINDS
from tests.desk import BEECH, at_terminal
from tests.test_strace_day import Day
from tests.torture import strace

WORDS = {"person": "people", "offender": "watchlist", "call": "calls"}
NEEDED: dict[str, dict[str, Any]] = {
    "person": {"pseudonym": "Willow-27"},
    "engagement": {"at": "2026-11-01T21:00", "sharing_level": 2, "people": ["P1"]},
    "concern": {"engagement": "engagement-1", "person": "P1", "sharing_level": 2},
    "referral": {"person": "P1"},
    "followup": {"due_on": "2026-12-01"},
    "offender": {},
    "vehicle": {},
    "sighting": {"at": "2026-11-01T22:00", "offender": "offender-1"},
    "action": {"offender": "offender-1", "on": "2026-11-02", "action": "arrest"},
    "order": {"offender": "offender-1", "type": "cbo"},
    "call": {"month": "2026-10", "source": "101", "count": 3},
}


def canary(kind: str, field: str) -> str:
    """A word that stands nowhere else, of letters that no rule reads anything into."""
    return "zq" + re.sub("[^a-z]", "", f"{kind}{field}") + "yx"


def planted(kind: str) -> tuple[dict[str, Any], list[str]]:
    """A record of a kind with a canary in each field that takes words; and the canaries."""
    made: dict[str, Any] = {"external_ref": f"{kind}-1"}
    if kind == "person":
        made["external_ref"] = "P1"
    said = []
    for field in KINDS[kind].fields:
        word = canary(kind, field.name)
        if field.name in ("external_ref", *NEEDED[kind]) or field.name == "wording_version":
            continue
        if field.type in ("text", "prose"):
            made[field.name] = f"{word} and more"
        elif field.type == "texts":
            made[field.name] = [word]
        elif field.type == "tagged":
            made[field.name] = [f"other:{word}"]
        elif field.name == "description":
            made[field.name] = {"mo_text": word}
        else:
            continue
        said.append(word)
    return made | NEEDED[kind], said


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """A unit under strace with a canary in every field; the files they came in lie outside its work."""
    place = tmp_path_factory.mktemp("leaks")
    made = Day(strace(), place)
    made("init", "--no-input", "--name", "Invented Unit", "--member", "Sam")
    for kind in NEEDED:
        path = place / f"{kind}.ndjson"
        path.write_text(json.dumps(planted(kind)[0]) + "\n")
        made("import", "people" if kind == "person" else f"{kind}s", str(path), "--apply")
    return made


CANARIES = [word for kind in NEEDED for word in planted(kind)[1]]


def unasked(day: Day) -> Iterator[str]:
    """What strace saw, without what went to stdout: that is what was asked for."""
    for path in sorted(day._traces.iterdir()):
        for line in path.read_text(errors="replace").splitlines():
            if not re.match(r"\d+\s+write\(1, ", line):
                yield line


def assert_no_canary(day: Day, *asked_for: Path) -> None:
    """No canary in a call, nor in a file that is left, but those that were asked for."""
    seen = "\n".join(unasked(day)).lower()
    found = [word for word in CANARIES if word in seen]
    assert not found
    for path, raw in day.written.items():
        if Path(path) not in asked_for:
            low = raw.lower()
            assert not [word for word in CANARIES if word.encode() in low], path


def test_every_kind_has_fields_that_carry_a_canary_and_they_are_held(day: Day) -> None:
    assert set(NEEDED) == set(KINDS)
    for kind in NEEDED:
        word = WORDS.get(kind, f"{kind}s")
        listed = day(word, "list", "-f", "ndjson").out.lower()
        for one in planted(kind)[1]:
            assert one in listed, (kind, one)


def test_no_command_writes_a_canary_but_where_it_was_asked_for(day: Day) -> None:
    ref = day("engagements", "list", "-f", "json").json[0]["ref"]
    day("find", "zqengagementnarrative")
    day("engagements", "show", ref)
    day("engagements", "history", ref)
    day("match", "--from-json", "-", stdin=json.dumps({"mo_text": canary("offender", "mo_text")}))
    day("log", "--from-json", "-", stdin=json.dumps({"at": "now", "narrative": CANARIES[0]}))
    day("log", "--from-json", "-", stdin=json.dumps({"at": "never", "narrative": CANARIES[0]}), codes=(5,))
    day("engagements", "amend", ref, "--narrative", "-", stdin=CANARIES[1])
    day("summary", "--month", "2026-11")
    for words in (("status",), ("doctor",), ("journal", "list"), ("journal", "verify"), ("backup",)):
        day(*words, codes=(0, 1, 5, 6))
    assert_no_canary(day)


def test_a_list_that_goes_into_a_file_is_in_that_file_alone(day: Day) -> None:
    out = day.work / "asked.csv"
    before = set(day._traces.iterdir())
    day("engagements", "list", "-f", "csv", "--out", str(out))
    for trace in set(day._traces.iterdir()) - before:
        assert canary("engagement", "partner") in trace.read_text().lower()
        trace.unlink()
    assert canary("engagement", "partner") in out.read_text().lower()
    assert_no_canary(day, out)
    out.unlink()


def test_a_kill_and_a_full_disk_leave_no_canary_behind(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    rows = day.work.parent / "rows.ndjson"
    rows.write_text(
        "".join(
            json.dumps({"external_ref": f"r{n}", "at": "2026-11-01T20:00", "narrative": CANARIES[2]}) + "\n"
            for n in range(400)
        )
    )
    # strace's own trace would not fit either: the limit is set by the program that it starts
    monkeypatch.setattr("tests.test_strace_day.BEECH", (str(limited(day.work.parent)), *BEECH[1:]))
    try:
        day("import", "engagements", str(rows), "--apply", codes=(9,))
        day("backup", codes=(9,))
    finally:
        monkeypatch.setattr("tests.test_strace_day.BEECH", BEECH)
        signal.signal(signal.SIGXFSZ, before)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert_no_canary(day)


def limited(place: Path) -> Path:
    """A python that finds the disk full at 60 KiB a file."""
    import sys

    path = place / "python"
    path.write_text(
        f"#!{sys.executable}\nimport os, resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (61440, 61440))\n"
        # -B: what Python compiles would be kept cut short, and the next program would read it
        f"os.execv({sys.executable!r}, [{sys.executable!r}, '-B', *sys.argv[1:]])\n"
    )
    path.chmod(0o700)
    return path


def test_completion_offers_no_canary(day: Day) -> None:
    for words in (
        "beech ",
        "beech engagements ",
        "beech engagements show ",
        "beech people amend --known-as ",
    ):
        ran = at_terminal(
            answers=[],
            _BEECH_COMPLETE="bash_complete",
            COMP_WORDS=words,
            COMP_CWORD=str(len(words.split())),
            BEECH_UNIT=str(day.unit),
            BEECH_PASSPHRASE_FILE=day.secrets["Sam"],
        )
        assert not [word for word in CANARIES if word in ran.out.lower()]
        assert "Willow" not in ran.out
