"""``beech demo``: build a synthetic unit, and walk aloud through the job on it, from log to press line.

It never asks anything, keeps no session, and touches no unit but its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import printing
from commands.exits import Exit
from commands.options import Whole, asked, command
from db.errors import Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.demo.walk import Step
    from db.demo.plan import Plan
    from db.vault.store import Store


@command(
    "demo",
    example="beech demo --dir ~/beech-demo --size small",
    exits={
        Exit.USAGE: "a size that is none",
        Exit.REFUSED: "a folder that holds anything but a former demo, or that is a unit's own",
    },
)
@click.option("--dir", "folder", metavar="DIR", help="an empty folder, a former demo, or one to make")
@click.option(
    "--size", metavar="small|large|N", default="small", help="large: 20,000 engagements; or how many"
)
@click.option("--seed", type=Whole(), help="another number invents other people")
def demo(folder: str | None, size: str, seed: int | None) -> None:
    """Build an invented unit and walk through the job on it: log, match, action, summary.

    Nobody in it is real. The same seed, size and day give the same people and the same numbers;
    references and keys are new each time. A former demo in the folder is replaced.
    """
    from commands.demo import pages, walk
    from db.demo import place, plan

    where = Path(folder).expanduser() if folder else place.default_folder()
    count = _count(size)
    store, planned = _build(where, count, plan.SEED if seed is None else seed)
    with store:
        ways = walk.Ways(where.resolve(), place.keep_passphrase())
        steps = walk.steps(store, planned, ways)
        if asked().format == "table":
            printing.put(pages.page(steps))
        else:
            printing.emit([_plain(step) for step in steps])


def _count(size: str) -> int:
    from db.demo import plan

    typed = size.strip().lower().replace(",", "")
    if typed in plan.SIZES:
        return plan.SIZES[typed]
    if not typed.isascii() or not typed.isdigit():
        raise Usage("--size takes small, large or a number of engagements")
    return int(typed)


def _build(where: Path, count: int, seed: int) -> tuple[Store, Plan]:
    from db.demo import building

    ground = building.Ground(where, _units())
    if not sys.stderr.isatty():
        return building.build(ground, count, seed)
    with click.progressbar(length=count, label="Building", file=sys.stderr) as bar:
        return building.build(ground, count, seed, _ticking(bar))


def _ticking(bar: Any) -> Callable[[int, int], None]:
    return lambda done, _: bar.update(done - bar.pos)


def _units() -> tuple[Path, ...]:
    """Return the folders of real units: the default one, and those that option and variable name."""
    from db.vault import files

    named = (str(asked().unit or ""), os.environ.get("BEECH_UNIT", ""))
    return (files.default_folder(), *(Path(name) for name in named if name))


def _plain(step: Step) -> dict[str, Any]:
    return {
        "step": step.number,
        "title": step.title,
        "command": "\n".join(step.command),
        "answer": list(step.answer),
    }
