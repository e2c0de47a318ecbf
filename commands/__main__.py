"""Where the program starts: it makes its surroundings safe, runs one command, and says what went wrong.

Nothing but the standard library's built-in parts is loaded before the path is cleaned. One handler turns an
error into one sentence and an exit code; nothing that was typed and nothing of a record is repeated.
"""

# pathlib is not loaded before the path is clean:
# ruff: noqa: PTH118, PTH119, PTH120

import gc
import os
import sys

TYPE_CHECKING = False  # neither typing nor __future__ is loaded before the path is clean
if TYPE_CHECKING:
    from sys import UnraisableHookArgs
    from threading import ExceptHookArgs
    from types import TracebackType

    import click

    from commands.options import Frame


_SELDOM = 200_000  # objects between two collections: one command makes few cycles, and ends


def main() -> None:
    """Run beech as a program."""
    sys.excepthook = unexpected
    make_safe()
    gc.set_threshold(_SELDOM, 20, 50)
    try:
        code = run(sys.argv[1:]) if "_BEECH_COMPLETE" not in os.environ else complete()
    except KeyboardInterrupt:
        code = 130
    leave(code)


def make_safe() -> None:
    """Drop what the surroundings could put in our way: foreign modules, the screens' switches, core files.

    What Python itself obeys before a program starts (``sitecustomize`` and the like) is beyond it.
    """
    sys.path[:] = _trusted(sys.path)
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]
    os.umask(0o077)
    _open_streams()
    if sys.platform == "win32":
        import colorama

        colorama.just_fix_windows_console()
    from db.vault import files

    files.no_dumps()
    import threading

    sys.unraisablehook = _ignored
    threading.excepthook = _ignored


def _open_streams() -> None:
    """Let all three streams be UTF-8, and none be missing: the next file opened would take its place."""
    while (spare := os.open(os.devnull, os.O_RDWR)) < 3:
        continue
    os.close(spare)
    from io import TextIOWrapper

    for name, encoding, errors in (
        ("stdin", "utf-8-sig", "strict"),
        ("stdout", "utf-8", "backslashreplace"),
        ("stderr", "utf-8", "backslashreplace"),
    ):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8")  # noqa: PTH123, SIM115
            setattr(sys, name, nowhere)
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=errors)


def _trusted(path: "list[str]") -> "list[str]":
    """Return a module path without PYTHONPATH, the script's own folder and the working directory."""
    full = os.path.abspath
    ours = {full(os.path.join(__file__, "..", "..")), full(os.path.dirname(os.__file__))}
    doubted = {*map(full, os.environ.get("PYTHONPATH", "").split(os.pathsep)), full("")}
    doubted.add(full(os.path.dirname(sys.argv[0])))
    return [entry for entry in path if full(entry) in ours or full(entry) not in doubted]


def run(arguments: list[str], frame: "Frame | None" = None) -> int:
    """Run one command in this process and return its exit code.

    Args:
        arguments: without the program's name.
        frame: where a slot is open already.
    """
    import click

    from commands.exits import Exit, of
    from commands.group import beech
    from db.errors import BeechError

    try:
        with beech.make_context("beech", list(arguments), obj=frame) as context:
            beech.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except BeechError as error:
        _say(str(error))
        return of(error)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(f"{error.format_message()}\n")
        return Exit.USAGE
    except click.UsageError as error:
        _say(_usage(error))
        return Exit.USAGE
    except click.Abort:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.DONE
    return Exit.DONE


def complete() -> int:
    """Tell a shell what may stand next on its line."""
    from commands import completion

    completion.answer(os.environ[completion.VARIABLE])
    return 0


def leave(code: int) -> None:
    """End the process at once: nothing is left to tidy, and tidying would take a fifth of the time.

    A reader that went away is no error of ours.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        pass
    os._exit(int(code))


def _say(sentence: str) -> None:
    from commands.printing import say

    say(f"beech: {sentence}")


def _usage(error: "click.UsageError") -> str:
    """Return what is wrong with the line, without the values that stood on it."""
    import click

    from commands.options import Whole, Words

    see = f"; see '{error.ctx.command_path} --help'" if error.ctx else ""
    if isinstance(error, click.exceptions.NoSuchCommand):
        near = error.possibilities
        return f"no such command{': do you mean ' + ' or '.join(near) + '?' if near else see}"
    if isinstance(error, click.NoSuchOption):  # what was typed may hold a value, written together with a name
        like = error.possibilities or ()
        return f"no such option{': do you mean ' + ' or '.join(like) + '?' if like else see}"
    if isinstance(error, click.MissingParameter) or not isinstance(error, click.BadParameter):
        return error.format_message().rstrip(".") + see
    param = error.param
    ours = param is not None and isinstance(param.type, Words | Whole | click.Path)
    name = param.opts[0] if isinstance(param, click.Option) else "an argument"
    return f"{name} {error.message if ours else 'cannot take that value'}{see}"


def _ignored(error: "UnraisableHookArgs | ExceptHookArgs") -> None:
    """Say what Python can raise to nobody (in a thread, in a finaliser) as an unexpected error is said."""
    if error.exc_value is not None:
        unexpected(error.exc_type, error.exc_value, error.exc_traceback)


def unexpected(kind: type[BaseException], _: BaseException, trace: "TracebackType | None") -> None:
    """Say an unexpected error's type, file and line, never its text; BEECH_DEBUG=1 adds frames, no locals.

    It is what Python calls for an error that nobody caught; the process then ends with 1.
    """
    if issubclass(kind, KeyboardInterrupt):
        return
    from traceback import extract_tb

    frames = extract_tb(trace)
    where = f" in {os.path.basename(frames[-1].filename)}, line {frames[-1].lineno}" if frames else ""
    debug = os.environ.get("BEECH_DEBUG") == "1"
    hint = "" if debug else "; BEECH_DEBUG=1 shows the frames"
    sys.stderr.write(f"beech: unexpected {kind.__name__}{where}{hint}\n")
    for one in frames if debug else ():
        sys.stderr.write(f"  {one.filename}:{one.lineno} in {one.name}\n")


if __name__ == "__main__":
    main()
