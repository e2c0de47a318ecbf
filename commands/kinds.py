"""``people``, ``engagements``, ``concerns`` ... each a group with the same commands, made from one table.

``people`` has more in its own module; what is due (``followups``, ``referrals``) is done and handed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands import duties, erasing, judging, merging, moving, past, showing, verbs
from commands.options import Command, Group
from commands.subjects import SUBJECTS, Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

_GENERIC: dict[str, Callable[[str, Subject], Command]] = {
    "list": verbs.list_,
    "show": verbs.show,
    "add": verbs.add,
    "amend": verbs.amend,
    "strike": verbs.strike,
    "undo": verbs.undo,
    "history": past.history,
    "conflicts": past.conflicts,
}
_DUE: dict[str, Callable[[str, Subject], Command]] = {"done": duties.done, "transfer": duties.transfer}
_GOING: dict[str, Callable[[str, Subject], Command]] = {"restrict": erasing.restrict, "erase": erasing.erase}
_MERGING: dict[str, Callable[[str, Subject], Command]] = {"merge": merging.merge, "unmerge": merging.unmerge}
_JUDGING: dict[str, Callable[[str, Subject], Command]] = {"judge": judging.judge}
_MOVING: dict[str, Callable[[str, Subject], Command]] = {"reassign": moving.reassign}


def _import(word: str, made: Subject) -> Command:
    from commands import transfer

    return transfer.of_kind(word, f"{word} import")


_SINGLE = {**_DUE, "sight": verbs.sight, "import": _import}
_OWN: dict[str, tuple[str, ...]] = {
    "engagements": (*_GOING, *_MOVING),
    "concerns": tuple(_GOING),
    "watchlist": (*_GOING, *_JUDGING, *_MERGING, "sight"),
    "people": (*_GOING, *_MERGING, "consent", "seal", "reveal", "find-sealed", "detach"),
    "calls": ("import",),
    **dict.fromkeys(("referrals", "followups"), tuple(_DUE)),
}


class Kind(Group):
    """A kind's commands, each made when it is called: list, show, add, and what is its own."""

    def __init__(self, word: str, made: Subject) -> None:
        said = f"{made.said[0].upper()}{made.said[1:]}."
        super().__init__(word, help=said, example=f"beech {word} list")
        self._word, self._made = word, made

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return [*_GENERIC, *_OWN.get(self._word, ())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make and return one; None where there is none of that name."""
        if cmd_name == "show" and self._word in ("engagements", "concerns"):
            return showing.show(self._word, self._made)
        if cmd_name in _GENERIC:
            return _GENERIC[cmd_name](self._word, self._made)
        if cmd_name not in _OWN.get(self._word, ()):
            return None
        for table in (_GOING, _JUDGING, _MERGING, _MOVING):
            if cmd_name in table:
                return table[cmd_name](self._word, self._made)
        if self._word == "people":
            from commands import people

            return people.COMMANDS[cmd_name]
        return _SINGLE[cmd_name](self._word, self._made)


def group_of(word: str) -> Group:
    """Return the group of a kind."""
    return Kind(word, SUBJECTS[word])
