"""Commands under strace: every call that could carry a word out of a process, and how to look for one there.

strace prints bytes as C does, a NUL as an escape: what is looked for is written so as well.
"""

import base64
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import PASSPHRASE
from tests.desk import BEECH, SPARING, Ran

NEWCOMER = "quiet saddle orchard ninepins"
CALLS = (
    "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,openat,execve,memfd_create,sendfile,"
    "copy_file_range,splice,?rename,renameat,renameat2,?link,linkat,?symlink,symlinkat,?mkdir,mkdirat,setxattr"
)
_ESCAPED = {9: rb"\t", 10: rb"\n", 11: rb"\v", 12: rb"\f", 13: rb"\r", 34: rb"\"", 92: rb"\\"}
_ROOM = 1 << 24  # bytes of a string that strace prints


def forms(words: str) -> Iterator[bytes]:
    """Return words in the forms in which they could be written somewhere."""
    raw = words.encode()
    yield from (raw, raw.lower(), raw.hex().encode(), words.encode("utf-16-le"), words.encode("utf-32-le"))
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        yield coded[shift + shift // 2 + 1 : -4]


def traced(raw: bytes) -> bytes:
    """Return bytes as strace prints them; a NUL at the end, where the next byte has a say, is left out."""
    raw = raw.rstrip(b"\0")
    said = []
    for byte, after in zip(raw, (*raw[1:], 0), strict=True):
        octal = f"\\{byte:03o}" if 48 <= after <= 55 else f"\\{byte:o}"  # all three digits where one follows
        said.append(_ESCAPED.get(byte, bytes([byte]) if 32 <= byte < 127 else octal.encode()))
    return b"".join(said)


def everywhere(words: str) -> list[bytes]:
    """The forms of words, as they are and as strace prints them."""
    return sorted({one for form in forms(words) for one in (form, traced(form))})


class Day:
    """Commands run one after the other under strace, in a folder of their own."""

    def __init__(self, strace: str, place: Path) -> None:
        self._strace = strace
        self._traces = place / "traces"
        self._traces.mkdir()
        self.work = place / "work"
        for name in ("unit", "home", "tmp", "here"):
            (self.work / name).mkdir(parents=True, mode=0o700)
        self.unit = self.work / "unit"
        self.secrets = {"Sam": PASSPHRASE, "Jo": NEWCOMER}
        for name, passphrase in self.secrets.items():
            secret = place / name
            secret.write_text(passphrase + "\n")
            secret.chmod(0o600)
            self.secrets[name] = str(secret)
        self.said = b""
        self._past = 0  # traces that were looked through

    def env(self, member: str = "Sam") -> dict[str, str]:
        """The environment of a member's command."""
        home = self.work / "home"
        return {
            "HOME": str(home),
            "TMPDIR": str(self.work / "tmp"),
            "BEECH_UNIT": str(self.unit),
            "BEECH_MEMBER": member,
            "BEECH_PASSPHRASE_FILE": self.secrets[member],
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
        }

    def line(self, program: tuple[str, ...], *options: str) -> list[str]:
        """What starts a program under strace, with a trace of its own; core files are allowed."""
        trace = self._traces / f"{len(list(self._traces.iterdir())):03}"
        trace.touch()
        told = ("-f", "-v", "-y", "-qq", "-s", str(_ROOM), "-e", f"trace={CALLS}", "-o", str(trace), *options)
        allowed = 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"'
        return ["sh", "-c", allowed, "sh", self._strace, *told, *program]

    def screens(self) -> list[str]:
        """What starts the screens under strace."""
        told = [f"{name}={value}" for name, value in self.env().items() if name != "BEECH_PASSPHRASE_FILE"]
        return ["env", "-C", str(self.work / "here"), *told, *self.line(BEECH)]

    def __call__(
        self,
        *words: str,
        stdin: str = "",
        member: str = "Sam",
        codes: tuple[int, ...] = (0,),
        patch: str = "",
        options: tuple[str, ...] = (),
        more: tuple[tuple[str, str], ...] = (),
    ) -> Ran:
        """Run one command and ask for its exit code.

        Args:
            words: the command.
            stdin: what it reads.
            member: whose passphrase.
            codes: those that are right.
            patch: Python that runs in its process beforehand.
            options: more of strace's own.
            more: variables beside those of ``env``.
        """
        program = (*BEECH[:2], BEECH[2].replace(SPARING, SPARING + patch))
        done = subprocess.run(
            self.line((*program, *words), *options),
            input=stdin.encode(),
            capture_output=True,
            check=False,
            cwd=self.work / "here",
            env=os.environ | self.env(member) | dict(more),
            timeout=120,
        )
        self.said += done.stdout + done.stderr
        ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert ran.code in codes, (shlex.join(words), ran.code, ran.err)
        return ran

    def ref(self, *words: str, stdin: str = "") -> str:
        """Run a command that makes a record and return its reference."""
        return str(self(*words, "-f", "json", stdin=stdin).json["ref"])

    def past(self) -> None:
        """Look no more at what was traced until now."""
        self._past = len(list(self._traces.iterdir()))

    @property
    def last(self) -> bytes:
        """What strace saw of the last command."""
        return max(self._traces.iterdir()).read_bytes()

    @property
    def traced(self) -> bytes:
        """Everything that strace saw."""
        return b"\n".join(path.read_bytes() for path in sorted(self._traces.iterdir()))

    def _new(self) -> list[Path]:
        return sorted(self._traces.iterdir())[self._past :]

    def unasked(self, *asked_for: Path) -> bytes:
        """What strace saw since ``past``, but for what went to stdout, a terminal or a file asked for."""
        places = [
            f"\\d+<{re.escape(str(path.parent))}/\\.?{re.escape(path.name)}(?:\\.[0-9a-f]{{12}}\\.new)?>"
            for path in asked_for
        ]
        told = re.compile("|".join(["1<pipe:", "\\d+</dev/(?:pts/|tty)", *places]).encode())
        kept = []
        for line in b"\n".join(path.read_bytes() for path in self._new()).splitlines():
            call = re.match(rb"\d+\s+p?write(?:64|v)?\(", line)
            if call is None or not told.match(line, call.end()):
                kept.append(line)
        return b"\n".join(kept)

    @property
    def written(self) -> dict[str, bytes]:
        """Every file that is left, the unit's and those beside it."""
        return {str(path): path.read_bytes() for path in self.work.rglob("*") if path.is_file()}
