"""How the walk reads: plain text in 80 columns, a command as it is typed, then what it answers."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from db.rules.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from commands.demo.walk import Step

Record = dict[str, Any]

WIDTH = 80
INNER = 75  # of an answer's lines, which are set in by five
_COLUMNS = (40, 15, 20)

MEASURES = (
    *("people_engaged", "people_engaged_new", "engagements", "engagements_flagged_down", "concerns"),
    *("referrals_accepted", "followups_overdue", "offenders_identified", "offenders_dealt_with"),
    *("arrests", "cautions", "charges", "calls", "calls_change_percent"),
)


def page(steps: Iterable[Step]) -> Iterator[str]:
    """Return the walk, a step at a time."""
    for step in steps:
        yield f"\n{step.number}. {step.title}\n"
        yield "".join(f"   {line}\n" for line in wrapped(step.why, WIDTH - 3))
        if step.command:
            yield "\n"
        for place, line in enumerate(step.command):
            yield f"   {'$ ' if place == 0 or step.several else ''}{clean(line)}\n"
        if step.answer:
            yield "\n"
        yield "".join(f"     {line}\n" if line else "\n" for line in step.answer)


def wrapped(words: str, width: int, hanging: int = 0) -> list[str]:
    """Return text in lines of at most *width* columns; all but the first hang by so many."""
    import textwrap

    return textwrap.wrap(
        clean(words), width, subsequent_indent=" " * hanging, break_long_words=False, break_on_hyphens=False
    )


def hits(found: Sequence[Record]) -> list[str]:
    """Return hits as ``beech match`` tells them."""
    from commands.match import told

    return [line for said in told(found) for line in wrapped(said.rstrip(), INNER, 4)]


def record(shape: Record) -> list[str]:
    """Return what a record holds, a field a line."""
    held = {name: value for name, value in shape.items() if value not in (None, [], False)}
    width = max(len(name) for name in held) + 2
    return [f"{name:{width}}{'yes' if value is True else value}" for name, value in held.items()]


def beside(month: Record, whole: Record, since: str) -> list[str]:
    """Return the main measures of two summaries side by side, each with what it counts, and the notes."""
    short = {one["id"]: one for one in month["measures"]}
    lines = [_row("", month["period"]["label"], since)]
    for one in whole["measures"]:
        if one["id"] in MEASURES:
            lines.append(_row(one["label"], _shown(short[one["id"]]), _shown(one)))
            lines += [f"  {line}" for line in wrapped(one["definition"], INNER - 2)]
    return lines + [line for note in whole["notes"] for line in wrapped(f"- {note}", INNER, 2)]


def _row(label: str, month: str, whole: str) -> str:
    return f"{label:{_COLUMNS[0]}}{month:>{_COLUMNS[1]}}{whole:>{_COLUMNS[2]}}"


def _shown(measure: Record) -> str:
    if measure.get("withheld"):
        return "withheld"
    return "-" if measure["value"] is None else f"{measure['value']:,}"


def variable(name: str, value: Path) -> str:
    """Return the line that sets a variable in the shell."""
    if sys.platform == "win32":
        return f"$env:{name} = '{value}'"
    return f"export {name}={quote(str(value))}"


def path() -> list[str]:
    """Return the line that lets the shell find beech, where it does not find it already."""
    if shutil.which("beech") or sys.platform == "win32":
        return []
    return [f'export PATH={quote(str(Path(sys.executable).parent))}:"$PATH"']
