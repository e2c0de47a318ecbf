"""What the benchmarks found, row by row, and the one table of all of them.

Each script reports here as it goes: a line of JSON for each figure, in the file that ``BEECH_BENCH`` names.
Where that is unset (a script run alone) nothing is written, and the script's own print is all.
"""

import json
import math
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nacl.signing import SigningKey

PLACE = "BEECH_BENCH"


class Row(NamedTuple):
    """One figure: what, of how many, ours and a peer's in one unit, the target and whether it is met.

    ``met`` is None where nothing is aimed at; ``ours`` is not a number where nothing could be had. A name
    is one script's, and of one unit: by it ``growth`` finds the same thing at other sizes.
    """

    what: str
    size: int
    ours: float
    unit: str
    peer: float | None = None
    by: str = ""
    target: str = ""
    met: bool | None = None


def report(row: Row) -> None:
    """Add a figure to the table, where one is being made."""
    place = os.environ.get(PLACE)
    if place:
        with Path(place).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")


def at_most(most: float, row: Row) -> None:
    """Report a figure that is to be no greater than *most*."""
    report(row._replace(target=row.target or f"<= {most:,g} {row.unit}".rstrip(), met=row.ours <= most))


def at_least(least: float, row: Row) -> None:
    """Report a figure that is to be no less than *least*."""
    report(row._replace(target=row.target or f">= {least:,g} {row.unit}".rstrip(), met=row.ours >= least))


def no_slower(row: Row) -> None:
    """Report a figure that is to be no greater than the peer's."""
    assert row.peer is not None
    report(row._replace(target="<= 1.00 of the peer", met=row.ours <= row.peer))


def absent(what: str, why: str) -> None:
    """Report that a figure could not be had here, and why: its row stands in the table all the same."""
    report(Row(what, 0, math.nan, "", by=why, target="not measured"))


def read(place: Path) -> list[Row]:
    """Return what was reported into a file."""
    if not place.exists():
        return []
    return [Row(*json.loads(line)) for line in place.read_text(encoding="utf-8").splitlines()]


def growth(rows: Iterable[Row]) -> str:
    """Return how figures grow, a line for each found at several sizes: what it is there, and its rise.

    The rise is how many times the cost of the smallest size the largest has, beside how many times its size.
    """
    held: dict[tuple[str, str], dict[int, Row]] = {}
    for row in rows:
        if row.size and row.ours > 0:
            held.setdefault((row.what, row.unit), {})[row.size] = row
    lines = []
    for (what, _), sizes in held.items():
        if len(sizes) < 2:
            continue
        first, last = sizes[min(sizes)], sizes[max(sizes)]
        told = ", ".join(f"{_number(sizes[size].ours)} at {size:,}" for size in sorted(sizes))
        rise = f"x{last.ours / first.ours:.2f} for x{last.size / first.size:,.0f}"
        lines.append(f"{what}: {told} ({first.unit or 'share'}); {rise}")
    return "\n".join(lines)


def machine() -> str:
    """Return processors, memory, system, Python and the disk in a line, and how busy it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cpus = Path("/proc/cpuinfo")
    models = [line for line in cpus.read_text().splitlines() if "model name" in line] if cpus.exists() else []
    name = models[0].partition(":")[2].strip() if models else platform.machine()
    return (
        f"{os.cpu_count()} x {name}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {disk(Path(tempfile.gettempdir()))}, {measure()}"
    )


def disk(folder: Path) -> str:
    """Return what a folder's file system is, where it is told, and what decides a save: its median fsync."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(50):
            file.write(bytes(4096))
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(1000 * (time.perf_counter() - start))
    return f"{_file_system(folder)}, {statistics.median(taken):.2f} ms an fsync"


def _file_system(folder: Path) -> str:
    """Return the kind of the mount that lies nearest above a folder."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return "a disk of unknown kind"
    told = [line.split()[1:3] for line in mounts.read_text(encoding="utf-8").splitlines()]
    above = [(place, kind) for place, kind in told if folder.resolve().is_relative_to(place)]
    return max(reversed(above), key=lambda one: len(one[0]))[1]  # of several at one place the last is seen


def measure() -> str:
    """Return what a figure is worth: how busy the machine is, and how fast at what costs beech its time.

    One machine does not do the same on two days. Targets in milliseconds are meant for some 0.25 s, and for
    the 24,000 signatures a second of the machine on which they were set.
    """
    return (
        f"load {os.getloadavg()[0]:.1f}, {yardstick():.2f} s a yardstick, {checks():,.0f} signatures a second"
    )


def checks() -> float:
    """Return how many Ed25519 signatures are checked a second."""
    key = SigningKey.generate()
    signed, checked = key.sign(bytes(300)), key.verify_key
    start, count = time.perf_counter(), 2_000
    for _ in range(count):
        checked.verify(signed)
    return count / (time.perf_counter() - start)


def yardstick() -> float:
    """Return the seconds of 5,000,000 additions."""
    start, total = time.perf_counter(), 0
    for number in range(5_000_000):
        total += number
    return time.perf_counter() - start


def shown(rows: Iterable[Row]) -> str:
    """Return the table as text, columns in line."""
    lines = [("what", "size", "beech", "peer", "ratio", "target", "")]
    for row in rows:
        peer = f"{_number(row.peer)} {row.unit} {row.by}" if row.peer is not None else row.by
        ratio = f"{row.ours / row.peer:.2f}" if row.peer else ""
        met = {True: "met", False: "MISSED", None: ""}[row.met]
        ours = "-" if math.isnan(row.ours) else f"{_number(row.ours)} {row.unit}".strip()
        lines.append((row.what, f"{row.size:,}" if row.size else "", ours, peer, ratio, row.target, met))
    widths = [max(len(line[at]) for line in lines) for at in range(7)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in (1, 2, 4) else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
