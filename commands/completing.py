"""What may stand for a value on a command line that a shell completes: codes, lists, fields, files.

Only what beech itself knows; nothing that a unit holds, its own codes and its members' names included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Iterable

_LISTS = {"reason": "reason", "purpose": "purpose", "recipient": "recipient"}
_FILES = {"out", "from_json", "source"}
_NCRS = ("open", "late", "decided")


def offered(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return what may stand for a value that is no choice of its own; nothing where that cannot be told."""
    if param.name in _FILES and "FILE" in (param.metavar or ""):
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(one) for one in _values(ctx, param.name or "") if one.startswith(incomplete)]


def _values(ctx: click.Context, name: str) -> Iterable[str]:
    from db.rules import vocabulary

    if name in _LISTS:
        return vocabulary.codes(_LISTS[name])
    if ctx.command_path.endswith("vocabulary list"):
        return vocabulary.names()
    kind = _kind(ctx)
    if kind is None:
        return ()
    return _of_kind(kind, name)


def _of_kind(kind: str, name: str) -> Iterable[str]:
    from db.rules import vocabulary
    from db.rules.records import KINDS

    if name == "clear":
        return [field.name.replace("_", "-") for field in KINDS[kind].fields if not field.required]
    if name == "ncrs":
        return _NCRS
    field = KINDS[kind].field(name)
    if field is None or field.type not in ("code", "codes", "tagged") or field.of not in vocabulary.names():
        return ()
    known = vocabulary.vocabulary(field.of).entries.values()
    codes = [
        entry.code for entry in known if "stop" not in entry.more
    ]  # what is always refused is not offered
    return [f"{code}:" if field.type == "tagged" else code for code in codes]


def _kind(ctx: click.Context) -> str | None:
    """Return the kind of record whose group a command is in; None outside of them."""
    from commands.subjects import SUBJECTS

    words = ctx.command_path.split()
    made = SUBJECTS.get(words[1]) if len(words) > 1 else None
    return made.kind if made is not None else None
