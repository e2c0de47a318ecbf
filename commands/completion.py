"""``beech completion``: what a shell needs to complete commands, options and codes.

Completing never opens the unit: nothing that the unit holds is ever offered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from commands import printing
from commands.options import Words, command

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

VARIABLE = "_BEECH_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


@command("completion", example='eval "$(beech completion bash)"')
@click.argument("shell", type=Words(SHELLS), metavar="SHELL")
def completion(shell: str) -> None:
    """Print what a SHELL (bash, zsh, fish) needs to complete commands, options and codes.

    bash, in ~/.bashrc: eval "$(beech completion bash)". zsh, in ~/.zshrc: eval "$(beech completion zsh)".
    fish, in ~/.config/fish/config.fish: beech completion fish | source.
    """
    from click.shell_completion import ShellComplete

    printing.put([ShellComplete.source(_of(shell)) + "\n"])  # past bash's own, which would run a bash


def _of(shell: str) -> ShellComplete:
    from click.shell_completion import get_completion_class

    from commands.group import beech

    return cast("type[ShellComplete]", get_completion_class(shell))(beech, {}, "beech", VARIABLE)


def answer(asked: str) -> None:
    """Print what may stand next on the line that a shell holds; nothing where that cannot be told.

    Args:
        asked: what the shell put into the variable, as ``bash_complete``.
    """
    from db.errors import BeechError

    shell, _, what = asked.partition("_")
    if shell not in SHELLS or what != "complete":
        return
    try:
        offered = _of(shell).complete()
    except (BeechError, click.ClickException, KeyError, ValueError):
        return
    click.echo(offered, nl=bool(offered))
