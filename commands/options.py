"""What every command understands, before its name and after it, and what a command's help has to show.

A command reads what was asked for with ``asked()``; the option nearest to the command's name wins.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from commands.exits import MEANING, Exit
from db.errors import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from click.shell_completion import CompletionItem

    from db.vault.keys import Opened

FORMATS = ("table", "json", "ndjson", "csv", "md")
_PAGES = (".html",)
_SUFFIXES = {f".{name}": name for name in (*FORMATS, "xlsx")} | {".jsonl": "ndjson", ".txt": "table"}


class Frame:
    """One run of the program: what its options said; a slot that is open already, another clock, if any."""

    def __init__(self, opened: Opened | None = None, clock: Callable[[], int] | None = None) -> None:
        self.given: dict[str, Any] = {}
        self.opened = opened
        self.clock = clock


class Asked(NamedTuple):
    """What the common options and variables ask for; ``format`` is xlsx by the name of ``out`` alone."""

    unit: Path | None
    member: str | None
    format: str
    out: Path | None
    bom: bool
    reason: str | None
    note: bool
    yes: bool
    no_input: bool


def frame() -> Frame:
    """Return the run that this command belongs to."""
    return click.get_current_context().find_root().ensure_object(Frame)


def asked() -> Asked:
    """Return what was asked for, with what the variables say where no option does."""
    given = frame().given
    unit = given.get("unit") or os.environ.get("BEECH_UNIT")
    out = given.get("out")
    place = Path(out) if out else None
    suffix = _SUFFIXES.get(place.suffix.lower()) if place else None
    return Asked(
        unit=Path(unit) if unit else None,
        member=given.get("member") or os.environ.get("BEECH_MEMBER") or None,
        format=given.get("format") or suffix or "table",
        out=place,
        bom=bool(given.get("bom")),
        reason=given.get("reason") or os.environ.get("BEECH_REASON") or None,
        note=bool(given.get("why_note")),
        yes=bool(given.get("yes")),
        no_input=bool(given.get("no_input")),
    )


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None and param.name is not None:
        ctx.find_root().ensure_object(Frame).given[param.name] = value


def _keep_note(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value not in (None, "-"):
        raise Usage(
            "--note takes '-' alone, and then the words from stdin or a prompt: "
            "an argument stays in the shell's history"
        )
    _keep(ctx, param, value)


class Words(click.Choice[str]):
    """One of some words; what was typed instead is never repeated."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Name the choices."""
        return f"takes one of {', '.join(str(choice) for choice in self.choices)}"


class Whole(click.ParamType[int, Any]):
    """A whole number from nought; what was typed instead is never repeated."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number."""
        if isinstance(value, int):
            return value
        if not str(value).isascii() or not str(value).isdigit():
            self.fail("takes a whole number", param, ctx)
        return int(value)


class Typed(click.types.StringParamType):
    """A text as it was typed; a shell is offered what beech knows of it, never what a unit holds."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return what may stand here."""
        from commands.completing import offered

        return offered(ctx, param, incomplete)


_TYPED = Typed()


def common() -> list[click.Parameter]:
    """Return the options that every command takes; made anew, for a parameter belongs to one command."""

    def option(*names: str, help: str, callback: Any = _keep, **more: Any) -> click.Option:
        return Common(names, help=help, expose_value=False, callback=callback, default=None, **more)

    return [
        option("--unit", metavar="DIR", help="the unit's folder (or BEECH_UNIT)"),
        option("--member", metavar="NAME", help="whose passphrase (or BEECH_MEMBER)"),
        option("-f", "--format", type=Words(FORMATS), help="table is the default"),
        option("--out", metavar="FILE", help="write to a file instead of stdout; FILE.xlsx is a spreadsheet"),
        option("--bom", is_flag=True, help="begin CSV with a byte-order mark, for Excel"),
        option("--reason", metavar="CODE", help="why (or BEECH_REASON): beech vocabulary list reason"),
        option(
            "--note",
            "why_note",  # a sighting has a note of its own
            metavar="-",
            help="words for the reason, from stdin or a prompt",
            callback=_keep_note,
        ),
        option("--yes", is_flag=True, help="do not ask whether to go on"),
        option("--no-input", is_flag=True, help="never prompt"),
    ]


class Common(click.Option):
    """An option that every command takes; help lists them apart."""


class Helped(click.Command):
    """What command and group share: the common options, one worked example, exit codes that differ."""

    def __init__(
        self,
        *args: Any,
        example: str = "",
        exits: Mapping[Exit, str] | None = None,
        pages: Collection[str] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.params.extend(common())
        for param in self.params:
            if type(param.type) is click.types.StringParamType:
                param.type = _TYPED
        self.example = example
        self.exits = exits or {}
        self.pages = pages  # endings of the whole files that it writes beside the formats

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then what every command takes."""
        self._write_options(ctx, formatter, "Options", common=False)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        self._write_options(ctx, formatter, "Everywhere", common=True)

    def _write_options(
        self, ctx: click.Context, formatter: click.HelpFormatter, title: str, *, common: bool
    ) -> None:
        params = (param for param in self.get_params(ctx) if isinstance(param, Common) is common)
        lines = [line for param in params if (line := param.get_help_record(ctx)) is not None]
        if lines:
            with formatter.section(title):
                formatter.write_dl(lines)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example, and the exit codes where they say more than everywhere."""
        if self.example:
            with formatter.section("Example"):
                for line in self.example.splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
        if self.exits:
            with formatter.section("Exit codes"):
                formatter.write_dl([(str(int(code)), said) for code, said in self.exits.items()])


class Command(Helped):
    """A command. What stands where nothing belongs is refused without being repeated."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise click.UsageError("there is more on the line than this command takes", ctx)
        return rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, once it is sure that what it prints has a place to go: a change is never left unsaid."""
        self.check_output(asked())
        return super().invoke(ctx)

    def check_output(self, wanted: Asked) -> None:
        """Refuse what the common options ask for and this command cannot write."""
        if wanted.bom and wanted.format != "csv":
            raise Usage("--bom is for CSV: add -f csv")
        if wanted.out is not None and wanted.out.suffix.lower() in set(_PAGES).difference(self.pages):
            raise Usage(
                f"{wanted.out.suffix} cannot be written: name a .csv, .json, .ndjson, .md or .xlsx file"
            )
        if is_sheet(wanted) and wanted.format != "xlsx" and ".xlsx" not in self.pages:
            raise Usage(f"--out: {wanted.format} does not go into an .xlsx file: leave -f out")
        check_folder(wanted)


def is_sheet(wanted: Asked) -> bool:
    """Tell whether a spreadsheet is asked for, which the name of ``--out`` alone does."""
    return wanted.out is not None and wanted.out.suffix.lower() == ".xlsx"


def check_folder(wanted: Asked) -> None:
    """Refuse an ``--out`` whose folder is not there."""
    if wanted.out is not None and not wanted.out.parent.is_dir():
        raise Usage(f"--out: there is no folder {wanted.out.parent}")


class Group(Helped, click.Group):
    """Commands of one subject."""

    command_class = Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with its first sentence whole."""
        made = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        lines = [(name, one.get_short_help_str(200)) for name, one in made if one is not None]
        if lines:
            with formatter.section("Commands"):
                formatter.write_dl(lines)


Group.group_class = Group


def command(
    name: str | None = None,
    *,
    example: str,
    exits: Mapping[Exit, str] | None = None,
    pages: Collection[str] = (),
) -> Callable[[Callable[..., None]], Command]:
    """Make a command of a function: its docstring is the help, *example* one line that works."""
    return click.command(name, cls=Command, example=example, exits=exits, pages=pages)


def group(name: str, *, help: str) -> Group:
    """Return an empty group; ``@group.command(example=...)`` adds to it."""
    return Group(name, help=help, example=f"beech {name} --help")


def exit_codes() -> list[tuple[str, str]]:
    """Return every exit code with its meaning."""
    return [(str(int(code)), said) for code, said in MEANING.items()]
