"""An officer's whole day under strace: a name given to the identity form is in nothing that is written.

Traced is every process: what it writes and sends, the files it opens, its arguments and its environment.
"""

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests import torture
from tests.conftest import PASSPHRASE
from tests.desk import BEECH, ROOT, Ran
from tests.pages import raw_pages

GIVEN, FAMILY, PHONE, WORDS = "Zebratestina", "Zebrainventedova", "07700900987", "zebra safe at the mill"
IDENTITY = {
    "given_name": GIVEN,
    "surname": FAMILY,
    "date_of_birth": "1991-03-07",
    "telephones": [PHONE],
    "safe_contact_words": WORDS,
    "notes": f"{GIVEN} has a sister",
}
NEWCOMER = "quiet saddle orchard ninepins"
CALLS = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,openat,execve,memfd_create"
WHY = ("--reason", "correction")


def forms(words: str) -> Iterator[bytes]:
    """Return words in the forms in which they could be written somewhere."""
    raw = words.encode()
    yield from (raw, raw.lower(), raw.hex().encode(), words.encode("utf-16-le"), words.encode("utf-32-le"))
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        yield coded[shift + shift // 2 + 1 : -4]


NAMES = [form for words in (GIVEN, FAMILY, PHONE, PHONE[1:], WORDS) for form in forms(words)]
PASSPHRASES = [form for words in (PASSPHRASE, NEWCOMER) for form in forms(words)]


@pytest.fixture
def strace() -> str:
    return torture.strace()


class Day:
    """Commands run one after the other under strace, in a folder of their own."""

    def __init__(self, strace: str, place: Path) -> None:
        self._strace = strace
        self._traces = place / "traces"
        self._traces.mkdir()
        self.work = place / "work"
        for name in ("unit", "home", "tmp"):
            (self.work / name).mkdir(parents=True, mode=0o700)
        self.unit = self.work / "unit"
        self.secrets = {"Sam": PASSPHRASE, "Jo": NEWCOMER}
        for name, passphrase in self.secrets.items():
            secret = place / name
            secret.write_text(passphrase + "\n")
            secret.chmod(0o600)
            self.secrets[name] = str(secret)
        self.said = b""

    def __call__(
        self, *words: str, stdin: str = "", member: str = "Sam", codes: tuple[int, ...] = (0,)
    ) -> Ran:
        """Run one command and ask for its exit code."""
        home = self.work / "home"
        env = os.environ | {
            "HOME": str(home),
            "TMPDIR": str(self.work / "tmp"),
            "BEECH_UNIT": str(self.unit),
            "BEECH_MEMBER": member,
            "BEECH_PASSPHRASE_FILE": self.secrets[member],
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
        }
        trace = self._traces / f"{len(list(self._traces.iterdir()))}"
        line = [self._strace, "-f", "-v", "-qq", "-s", "65535", "-e", f"trace={CALLS}", "-o", str(trace)]
        done = subprocess.run(
            [*line, *BEECH, *words],
            input=stdin.encode(),
            capture_output=True,
            check=False,
            cwd=ROOT,
            env=env,
            timeout=120,
        )
        self.said += done.stdout + done.stderr
        ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert ran.code in codes, (words, ran.err)
        return ran

    def ref(self, *words: str, stdin: str = "") -> str:
        """Run a command that makes a record and return its reference."""
        return str(self(*words, "-f", "json", stdin=stdin).json["ref"])

    @property
    def traced(self) -> bytes:
        """Everything that strace saw."""
        return b"\n".join(path.read_bytes() for path in self._traces.iterdir())

    @property
    def written(self) -> dict[str, bytes]:
        """Every file that is left, the unit's and those beside it."""
        return {str(path): path.read_bytes() for path in self.work.rglob("*") if path.is_file()}


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
