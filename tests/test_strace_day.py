"""An officer's whole day under strace: a name given to the identity form is in nothing that is written.

Traced is every process: what it writes and sends, the files it opens, its arguments and its environment.
"""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import PASSPHRASE
from tests.pages import raw_pages
from tests.torture import strace
from tests.traced import NEWCOMER, Day, everywhere, forms

GIVEN, FAMILY, PHONE, WORDS = "Zebratestina", "Zebrainventedova", "07700900987", "zebra safe at the mill"
BORN = "1991-03-07"
IDENTITY = {
    "given_name": GIVEN,
    "surname": FAMILY,
    "date_of_birth": BORN,
    "telephones": [PHONE],
    "safe_contact_words": WORDS,
    "notes": f"{GIVEN} has a sister",
}
WHY = ("--reason", "correction")


NAMES = [form for words in (GIVEN, FAMILY, PHONE, PHONE[1:], WORDS, BORN) for form in everywhere(words)]
PASSPHRASES = [form for words in (PASSPHRASE, NEWCOMER) for form in everywhere(words)]


@pytest.fixture(name="strace")
def installed() -> str:
    return strace()


def test_a_day_of_work_writes_no_name_in_clear_anywhere(strace: str, tmp_path: Path) -> None:
    day = Day(strace, tmp_path)
    day("init", "--no-input", "--name", "Invented Unit", "--member", "Sam")
    day("unlock", codes=(0, 3))  # 3: nothing here keeps a session
    her = day.ref("people", "add", "--pseudonym", "Willow-27", "--sex", "woman")
    day("people", "seal", her, "--from-json", "-", stdin=json.dumps(IDENTITY))
    contact = {"at": "yesterday 2130", "people": [her], "mentions": "stocky man in a silver astra"}
    met = day.ref("log", "--from-json", "-", stdin=json.dumps(contact))
    men = day.work / "men.ndjson"
    men.write_text(json.dumps({"external_ref": "M1", "aliases": ["Spider"], "build": "stocky"}) + "\n")
    day("import", "offenders", str(men), "--apply")
    day("engagements", "amend", met, "--sector", "Northgate")
    day("engagements", "strike", met, *WHY)
    day("engagements", "undo", met, *WHY)
    day("match", "--build", "stocky")
    day("find", "astra")
    day("people", "list")
    day("people", "show", her)
    day("people", "history", her)
    day("people", "seal", her, "--from-json", "-", stdin=json.dumps({"surname": FAMILY}))
    day("summary", "--month", "2026-11")
    day("status")
    day("journal", "list")
    day("journal", "verify")
    day("backup")
    code = day("members", "add", "Jo", "--role", "liaison", "-f", "json").json["joining_code"]
    day("members", "join", "Jo", "--no-input", stdin=code + "\n", member="Jo")
    day("people", "seal", her, "--from-json", "-", stdin=json.dumps(IDENTITY), member="Jo")
    day("members", "remove", "Jo", "--handover-to", "Sam", "--yes")
    day("people", "restrict", her, *WHY)
    day("people", "restrict", her, "--lift", *WHY)
    day("backup")
    day("journal", "verify")
    day("lock", codes=(0, 3))

    assert b"execve(" in day.traced
    assert b"unit.db" in day.traced
    for form in NAMES:
        assert form not in day.traced
        assert form not in day.said
    for form in PASSPHRASES:
        assert form not in day.traced
        assert form not in day.said
    for path, raw in day.written.items():
        assert not any(form in raw for form in (*NAMES, *PASSPHRASES)), path
    store, _ = opening.with_passphrase(day.unit, PASSPHRASE, "Sam", Face("script", "test"))
    with store:
        _holds_no_name(store)
        assert verify(store).ok


def _holds_no_name(store: Store) -> None:
    raw = raw_pages(store)
    assert b"Willow-27" in raw
    for form in NAMES:
        assert form not in raw


def test_strace_would_have_seen_a_name_that_is_written(strace: str, tmp_path: Path) -> None:
    day = Day(strace, tmp_path)
    day("init", "--no-input", "--name", "Invented Unit", "--member", "Sam")
    out = day.work / "people.json"
    day("people", "add", "--pseudonym", GIVEN, "-f", "json", "--out", str(out))
    assert GIVEN.encode() in day.traced
    assert GIVEN.encode() in day.written[str(out)]


def test_the_forms_of_a_name_are_found_in_what_holds_them() -> None:
    for coded in (
        base64.b64encode(b"ab" + GIVEN.encode() + b"yz"),
        f'"{GIVEN}"'.encode("utf-16-le"),
        GIVEN.encode().hex().encode(),
    ):
        assert any(form in coded for form in forms(GIVEN))


def test_strace_would_have_seen_a_name_in_any_form(strace: str, tmp_path: Path) -> None:
    day = Day(strace, tmp_path)
    said = [form for words in (GIVEN, PHONE) for form in forms(words)]
    shown = f"import os\nfor said in {said!r}: os.write(1, said), os.write(1, b'1' + said + b'9')"
    subprocess.run(day.line((sys.executable, "-S", "-c", shown)), check=True, capture_output=True)
    calls = [line for line in day.last.splitlines() if re.match(rb"\d+ +write\(", line)]
    assert len(calls) == 2 * len(said)
    for number, call in enumerate(calls):
        words = GIVEN if number < len(said) else PHONE
        assert any(form in call for form in everywhere(words)), call
