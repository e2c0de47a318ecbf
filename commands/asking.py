"""What is asked on a terminal, and what comes by stdin. Prompts go to stderr: stdout is data.

Passphrases are never echoed. With --no-input, and where there is no terminal, nothing is asked.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from commands.options import asked, frame
from commands.printing import say
from db.errors import Locked, Usage

if TYPE_CHECKING:
    from db.records import Why

_MOST = 16_000_000  # bytes of one stdin


def on_terminal() -> bool:
    """Tell whether somebody is there to be asked."""
    return not asked().no_input and sys.stdin.isatty()


def can_type() -> bool:
    """Tell whether a passphrase can be typed: at a terminal, even while stdin brings something else."""
    if asked().no_input or sys.stdin.isatty() or not sys.stderr.isatty():
        return on_terminal()
    try:
        with open("/dev/tty", "rb"):  # noqa: PTH123 - no path of ours
            return True
    except OSError:
        return sys.platform == "win32"


def read_line() -> str:
    """Return the next line of stdin as it stands; nothing at its end.

    Raises:
        Usage: it is not text.
    """
    try:
        return sys.stdin.readline()
    except UnicodeDecodeError:
        raise Usage("what came in is not text in UTF-8") from None


def line(prompt: str, default: str | None = None) -> str:
    """Ask for one line; *default* stands for an empty one.

    Raises:
        Usage: nobody is there, or the input ended.
    """
    if not on_terminal():
        raise Usage(f"{prompt.rstrip(': ').lower()} is missing, and nobody is at a terminal to be asked")
    hint = f" [{default}]" if default else ""
    sys.stderr.write(f"{prompt}{hint}: ")
    sys.stderr.flush()
    typed = read_line()
    if not typed:
        sys.stderr.write("\n")
        raise Usage("the input ended before the question was answered: nothing was done")
    return typed.strip() or default or ""


def lines(prompt: str) -> str:
    """Ask for words of several lines; an empty line ends them."""
    typed: list[str] = []
    said = f"{prompt} (an empty line ends it)"
    while one := line(said if not typed else "..."):
        typed.append(one)
    return "\n".join(typed)


def sure(question: str) -> bool:
    """Ask whether to go on; ``--yes`` answers for scripts.

    Raises:
        Usage: nobody is there to be asked, and ``--yes`` is not given.
    """
    if asked().yes:
        return True
    if not on_terminal():
        raise Usage("this asks whether to go on, and nobody is at a terminal: --yes goes on without asking")
    return line(f"{question} (yes/no)", "no").lower() in ("y", "yes")


def passphrase(prompt: str = "Passphrase") -> str:
    """Ask for a passphrase without echo, on the terminal itself.

    Raises:
        Locked: nobody is at a terminal.
    """
    if not can_type():
        raise Locked("a passphrase is typed at a terminal, and nobody is there")
    from getpass import getpass

    try:
        return getpass(f"{prompt}: ", stream=sys.stderr)
    except EOFError:
        raise Locked("the input ended before a passphrase came") from None


def from_stdin(what: str) -> str:
    """Return all of stdin as text (UTF-8, with BOM, or UTF-16); *what* names the option that asked.

    Raises:
        Usage: two options ask for it, it is no text, or it is far too long.
    """
    given = frame().given
    if given.setdefault("stdin", what) != what:
        raise Usage(f"{given['stdin']} and {what} both ask for stdin: only one of them can have it")
    if on_terminal():
        say(f"{what}: type or paste, then Ctrl-D")
    raw = sys.stdin.buffer.read(_MOST + 1)
    if len(raw) > _MOST:
        raise Usage(f"{what}: stdin holds more than {_MOST // 1_000_000} MB")
    return decoded(raw, what)


def decoded(raw: bytes, what: str) -> str:
    """Return bytes from outside as text.

    Raises:
        Usage: they are neither UTF-8 nor UTF-16 with its mark.
    """
    utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise Usage(f"{what}: is not text in UTF-8 or UTF-16") from None


def one_object(source: str) -> dict[str, Any]:
    """Return the JSON object in a file, or on stdin for ``-``.

    Raises:
        Usage: it cannot be read, or is not one object; says where, never what stands there.
    """
    import json
    from pathlib import Path

    what = "--from-json"
    if source == "-":
        typed = from_stdin(what)
    else:
        try:
            typed = decoded(Path(source).read_bytes(), what)
        except OSError as error:
            # the name is not repeated: it may be JSON that was typed in its place
            reason = (error.strerror or "error").lower()
            raise Usage(f"{what}: that file cannot be read ({reason}); '-' reads stdin") from None
    try:
        found = json.loads(typed)
    except json.JSONDecodeError as error:
        raise Usage(f"{what}: line {error.lineno}, character {error.colno}: is not JSON") from None
    except (ValueError, RecursionError):
        raise Usage(f"{what}: is not JSON") from None
    if not isinstance(found, dict):
        raise Usage(f"{what}: takes one JSON object")
    return found


def why(*, required: bool = False) -> Why:
    """Return why this is done: the reason's code, and the words that ``--note -`` or a prompt gives.

    Args:
        required: ask for it on a terminal where none was given.

    Raises:
        Usage: a reason is required, and nobody is there to be asked.
        Refused: it is no code.
    """
    from db.records import Why
    from db.rules import vocabulary

    wanted = asked()
    code, note = wanted.reason, None
    if code is None and required:
        known = ", ".join(vocabulary.codes("reason"))
        if not on_terminal():
            raise Usage(f"say why with --reason CODE or BEECH_REASON: {known}")
        code = line(f"Why ({known})").lower()
    if code is not None:
        vocabulary.check("reason", code)
    if wanted.note:
        note = from_stdin("--note") if not on_terminal() else lines("In words")
    elif required and on_terminal() and not wanted.yes:
        note = line("In words (may be empty)") or None
    return Why(code, note.strip() or None if note else None)
