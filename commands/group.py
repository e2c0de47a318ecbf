"""The root: every command's name and who uses it. A command's module is loaded when it is called.

A name whose module does not exist is not shown.
"""

from __future__ import annotations

from importlib import import_module, util
from typing import TYPE_CHECKING, NamedTuple, cast

import click

from commands.options import Group, exit_codes

if TYPE_CHECKING:
    from collections.abc import Callable


class Place(NamedTuple):
    """Where a command is written: a module of this package, and its name there."""

    module: str
    name: str


_KINDS = {
    "officer": (
        *("people", "engagements", "concerns", "referrals", "followups", "watchlist"),
        *("vehicles", "sightings", "actions", "orders"),
    ),
    "supervisor": ("calls",),
}

COMMANDS: dict[str, dict[str, Place]] = {
    "everyone": {
        "init": Place("init", "init"),
        "unlock": Place("session", "unlock"),
        "lock": Place("session", "lock"),
        "status": Place("session", "status"),
        "demo": Place("demo", "demo"),
        "doctor": Place("doctor", "doctor"),
        "completion": Place("completion", "completion"),
        "keys": Place("keys", "keys"),
        "vocabulary": Place("vocabulary", "vocabulary"),
        "config": Place("config", "config"),
    },
    "officer": {
        "log": Place("log", "log"),
        **{word: Place("kinds", "group_of") for word in _KINDS["officer"]},
        "match": Place("match", "match"),
        "find": Place("find", "find"),
    },
    "supervisor": {
        "summary": Place("summary", "summary"),
        **{word: Place("kinds", "group_of") for word in _KINDS["supervisor"]},
        "brief": Place("brief", "brief"),
        "releases": Place("releases", "releases"),
        "members": Place("members", "members"),
        "journal": Place("journal", "journal"),
    },
    "scripts": {
        "import": Place("transfer", "import_"),
        "export": Place("export", "export"),
        "backup": Place("backup", "backup"),
        "restore": Place("backup", "restore"),
        "backups": Place("backup", "backups"),
    },
}
_TITLES = {"everyone": "Everyone", "officer": "Officers", "supervisor": "Supervisors", "scripts": "Scripts"}


class Beech(Group):
    """The commands, each from its own module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands that exist."""
        return [name for table in COMMANDS.values() for name in table if self.get_command(ctx, name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load and return a command; None where there is none of that name."""
        return _load(cmd_name) if _exists(cmd_name) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; a name that is none is refused with the nearest."""
        if not args[0].startswith("-") and not _exists(args[0]):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by who uses them, then the exit codes."""
        for audience, table in COMMANDS.items():
            lines = [
                (name, made.get_short_help_str(200))
                for name in table
                if (made := self.get_command(ctx, name))
            ]
            if lines:
                with formatter.section(_TITLES[audience]):
                    formatter.write_dl(lines)
        with formatter.section("Exit codes"):
            formatter.write_dl(exit_codes())


def _place(name: str) -> Place | None:
    return next((table[name] for table in COMMANDS.values() if name in table), None)


def _exists(name: str) -> bool:
    place = _place(name)
    return place is not None and util.find_spec(f"commands.{place.module}") is not None


def _load(name: str) -> click.Command | None:
    place = cast("Place", _place(name))
    found = getattr(import_module(f"commands.{place.module}"), place.name, None)
    if found is None or isinstance(found, click.Command):
        return found
    return cast("Callable[[str], click.Command]", found)(name)


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from db.vault.keys import PROGRAM

        click.echo(f"beech {PROGRAM}")
        ctx.exit()


@click.group(
    "beech",
    cls=Beech,
    invoke_without_command=True,
    example="beech --unit ~/unit status",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="say which beech this is",
)
@click.option("--mouse", is_flag=True, help="the screens take the mouse, instead of the terminal's selecting")
@click.option("--ascii", is_flag=True, help="the screens draw with ASCII alone")
@click.pass_context
def beech(ctx: click.Context, mouse: bool, ascii: bool) -> None:
    """Records of a unit that protects street sex workers: encrypted, journalled, on this machine alone.

    Alone on a terminal it opens the screens; with a command it does that and ends.
    """
    if ctx.invoked_subcommand is not None:
        return
    from commands import screens

    if screens.are_wanted():
        ctx.exit(screens.run(mouse=mouse, ascii=ascii))
    click.echo(ctx.get_help())
