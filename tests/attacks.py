"""How the tests run the program: a process of its own, real files, real exit codes.

``beech`` opens the unit by its founder's seed and saves the half second that ``by_passphrase`` spends.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from db import records
from db.vault import opening
from db.vault.store import Face
from db.vault.verify import verify
from tests.conftest import Unit
from tests.desk import BEECH, SPARING, Ran

ROOT = Path(__file__).parents[1]
ONE = '{"at": "2026-11-21T23:40", "narrative": "the last one there was room for"}'

# What commands.__main__ does, with a slot that is open already. PATCH is what one test changes beforehand.
_PROGRAM = """
import sys
from pathlib import Path
from commands import __main__ as program
sys.excepthook = program.unexpected
program.make_safe()
folder, seed, member, unit, genesis, patch, *words = sys.argv[1:]
from commands.options import Frame
from db.vault import keys
slot = keys.load(Path(folder) / "members.json").named(member)
frame = Frame(keys.Opened(slot, bytes.fromhex(seed), unit, bytes.fromhex(genesis)))
exec(patch)
try:
    code = program.run(words, frame)
except KeyboardInterrupt:
    code = 130
program.leave(code)
"""


def command(unit: Unit, *words: str, patch: str = "") -> list[str]:
    """The line that starts the program with the founder's slot open."""
    opened = unit.opened
    slot = [str(unit.folder), opened.seed.hex(), opened.slot.member, opened.unit, opened.genesis.hex()]
    return [sys.executable, "-c", _PROGRAM, *slot, SPARING + patch, *words]


def around(folder: Path, env: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that works on a unit."""
    return {**os.environ, "BEECH_UNIT": str(folder), **(env or {})}


def start(line: list[str], env: Mapping[str, str], folder: Path = ROOT) -> "subprocess.Popen[bytes]":
    """Start a process in a folder, with all three streams in pipes."""
    pipe = subprocess.PIPE
    return subprocess.Popen(line, env=dict(env), cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe)


def ended(process: "subprocess.Popen[bytes]", stdin: bytes = b"", timeout: float = 60) -> Ran:
    """Give a process its stdin and wait for it."""
    out, err = process.communicate(stdin, timeout=timeout)
    return Ran(process.returncode, out.decode(), err.decode())


def beech(
    unit: Unit, *words: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None, patch: str = ""
) -> Ran:
    """Run one command in a process of its own, the founder's slot open."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    return ended(start(command(unit, *words, patch=patch), around(unit.folder, env)), given)


def by_passphrase(unit: Unit, *words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
    """Run the program as a script would, with the passphrase in its file."""
    return program(
        *words,
        stdin=stdin,
        env=around(unit.folder, {"BEECH_PASSPHRASE_FILE": str(unit.secret), **(env or {})}),
    )


def program(*words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
    """Run the program in just this environment."""
    return ended(start([*BEECH, *words], env or os.environ), stdin)


def assert_refused(ran: Ran, code: int, *words: str) -> None:
    """The exit code, one sentence on stderr that holds these words, nothing on stdout, no traceback."""
    assert ran.code == code, ran
    assert not ran.out
    sentences = ran.err.splitlines()
    assert sentences, "nothing was said"
    assert sentences[-1].startswith("beech: ")
    assert "Traceback" not in ran.err
    assert "unexpected" not in ran.err
    for word in words:
        assert word in ran.err


def assert_whole(unit: Unit) -> None:
    """The unit opens and verifies."""
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        report = verify(store)
    assert report.ok, report.faults


def narratives(unit: Unit) -> list[str | None]:
    """The contacts in the unit, newest first, by what was written."""
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        return [one["narrative"] for one in records.listing(store, "engagement")]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@contextmanager
def killed_at_the_end(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """Leave no process behind, whatever the test finds."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
