"""What the screens cost, in a real terminal of 80 by 24: paint, memory, keys, search, bytes a key.

Targets: lock painted in 0.45 s and 80 MiB; at 1,000,000 engagements list ready in 0.35 s, cursor p95 20 ms,
search p95 60 ms, echo p95 20 ms, under 400 bytes a key in view, 90 MiB. ``--peers`` puts posting, harlequin
and visidata into a venv that is thrown away, and starts each beside it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from data import PASSPHRASE, fill, found, write_csv
from table import Row, absent, at_most, report
from terminals import Terminal

PEERS = {"posting": b"request-001", "harlequin": b"Catalog", "visidata": b" rows"}
# what is installed with a peer: with tree-sitter 0.26 posting dies of a segmentation fault at its first paint
BESIDE = {"posting": ["tree-sitter<0.26"]}
REQUESTS = 200  # in the collection that posting is given to walk through
WORDS = (b"silver", b"underp", b"housing", b"thurs", b"willow", b"zz")
WHOLE = 0.6  # seconds without a byte after which the results of a letter have surely come
F3, F4, DOWN, END, PAGE = b"\x1bOR", b"\x1bOS", b"j", b"\x1b[F", b"\x1b[6~"


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 do not pass."""
    return sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]


def screens(program: list[str], here: dict[str, str], count: int) -> dict[str, float]:
    """Measure beech on the unit that the surroundings name; returns what peers are measured by, too."""
    paints, answered = [], []
    for _ in range(5):
        terminal = Terminal(program, here)
        paints.append(terminal.until(b"Passphrase"))
        terminal.send(b"x")  # at once: it waits until the screens are loaded
        answered.append(terminal.until("\u2022".encode()))
        terminal.rest()
        memory = terminal.mebibytes
        terminal.end()
    at_most(0.45, Row("screens: lock painted", count, statistics.median(paints), "s"))
    at_most(80.0, Row("screens: memory of the lock", count, memory, "MiB"))
    report(Row("screens: first letter of a passphrase taken", count, statistics.median(answered), "s"))
    print(
        f"lock painted in {statistics.median(paints):.2f} s, a letter typed then taken at "
        f"{statistics.median(answered):.2f} s (medians of 5), {memory:.0f} MiB"
    )
    terminal = Terminal(program, here)
    terminal.until(b"Passphrase")
    terminal.rest()
    terminal.send(PASSPHRASE.encode() + b"\r")
    terminal.until(b"Today")
    terminal.rest(1.0)
    ready = terminal.press(F4, b"E-")
    at_most(0.35, Row("screens: list ready", count, ready.last / 1000, "s"))
    print(f"{count:,} engagements: list ready in {ready.last / 1000:.2f} s")
    terminal.rest(3.0)
    downs = [terminal.press(DOWN) for _ in range(120)]
    held = [terminal.press(DOWN * 10) for _ in range(10)]
    at_most(20.0, Row("screens: cursor down, p95", count, p95([one.first for one in downs]), "ms"))
    in_view = sum(one.bytes for one in held) / 100
    at_most(400.0, Row("screens: bytes a key held down", count, in_view, "B"))
    print(
        f"cursor: p50 {statistics.median([one.first for one in downs]):.1f} ms, "
        f"p95 {p95([one.first for one in downs]):.1f} ms; "
        f"{in_view:.0f} bytes a key held down, "
        f"{sum(one.bytes for one in downs) / len(downs):.0f} with the preview of each row"
    )
    last = terminal.press(END)
    print(f"to the last row: {last.last:.0f} ms")
    pages = [terminal.press(PAGE) for _ in range(3)]
    assert pages
    search(terminal, count)
    at_most(90.0, Row("screens: memory after all of it", count, terminal.mebibytes, "MiB"))
    print(f"memory after all of it: {terminal.mebibytes:.0f} MiB")
    terminal.end()
    return {
        "lock painted": statistics.median(paints),
        "memory of the lock": memory,
        "cursor down, p95": p95([one.first for one in downs]),
        "bytes a key held down": in_view,
    }


def search(terminal: Terminal, count: int) -> None:
    """Type words into Find, one letter after the other, and wait for each answer."""
    terminal.press(F3)
    terminal.rest(1.0)
    echoes, results = [], []
    for word in WORDS:
        for letter in word:
            answer = terminal.press(bytes([letter]), quiet=WHOLE)
            echoes.append(answer.first)
            results.append(answer.last)
        for _ in word:
            terminal.press(b"\x7f", quiet=WHOLE)
    at_most(20.0, Row("screens: echo of a letter, p95", count, p95(echoes), "ms"))
    at_most(60.0, Row("screens: search results, p95", count, p95(results), "ms"))
    print(
        f"search as you type: echo p95 {p95(echoes):.1f} ms, "
        f"results p50 {statistics.median(results):.1f} ms, p95 {p95(results):.1f} ms"
    )


def answering(terminal: Terminal) -> None:
    """Wait until the arrow is answered: posting paints seconds before it hears a key."""
    for _ in range(15):
        terminal.rest(1.0)
        if terminal.press(b"\x1b[B").bytes:
            return


def collection(folder: Path) -> Path:
    """Write the requests that posting lists."""
    folder.mkdir(exist_ok=True)
    for number in range(1, REQUESTS + 1):
        name = f"request-{number:03}"
        text = f"name: {name}\nurl: https://example.test/{number}\n"
        (folder / f"{name}.posting.yaml").write_text(text, encoding="utf-8")
    return folder


def peers(ours: dict[str, float], here: dict[str, str], source: Path, count: int, made: Path) -> None:
    """Start each peer that installs into the environment *made*: its paint, its memory, its bytes a key."""
    if not (made / "bin" / "pip").exists():
        venv.create(made, with_pip=True)
    requests = collection(source.parent / "requests")
    for name, words in PEERS.items():
        asked = [f"{made}/bin/pip", "install", "-q", name, *BESIDE.get(name, [])]
        if subprocess.run(asked, check=False, capture_output=True).returncode:
            print(f"{name}: does not install here")
            absent("screens: a peer", f"{name} absent")
            continue
        programs = {"visidata": ["vd", str(source)], "posting": ["posting", "--collection", str(requests)]}
        program = programs.get(name, [name])
        surroundings = here | {"HOME": str(made), "POSTING_FOCUS__ON_STARTUP": "collection"}
        terminal = Terminal([f"{made}/bin/{program[0]}", *program[1:]], surroundings)
        try:
            painted = terminal.until(words, 30.0)
            answering(terminal)
            downs = [terminal.press(b"\x1b[B") for _ in range(20)]
        except AssertionError:
            print(f"{name}: {terminal.ended() or 'goes on'}, and shows nothing within 30 s here")
        else:
            told = (
                ("lock painted", painted, "s"),
                ("memory of the lock", terminal.mebibytes, "MiB"),
                ("cursor down, p95", p95([one.first for one in downs]), "ms"),
                ("bytes a key held down", sum(one.bytes for one in downs) / len(downs), "B"),
            )
            for what, value, unit in told:
                report(Row(f"screens: {what}", count, ours[what], unit, value, name))
            print(f"{name}: " + ", ".join(f"{what} {value:.2f} {unit}" for what, value, unit in told))
        finally:
            terminal.end()


def main() -> None:
    """Build a unit, or take one that was built, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=1_000_000)
    parser.add_argument("--made", type=Path, help="a folder that an earlier run left (with --keep)")
    parser.add_argument("--keep", type=Path, help="build in this folder, and leave it there")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--venv", type=Path, help="an environment that has the peers; else one is made")
    options = parser.parse_args()
    program = Path(sys.executable).with_name("beech")
    beech = [str(program)] if program.exists() else [sys.executable, "-m", "commands"]
    with tempfile.TemporaryDirectory() as made:
        folder = options.made or options.keep or Path(made)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        if options.made is None:
            with found(folder / "unit") as store:
                fill(store, options.engagements)
        here = dict(os.environ) | {"BEECH_UNIT": str(folder / "unit")}
        here.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
        ours = screens(beech, here, options.engagements)
        if options.peers:
            write_csv(Path(made) / "e.csv", options.engagements)
            with_peers = options.venv or Path(made) / "peers"
            peers(ours, here, Path(made) / "e.csv", options.engagements, with_peers)


if __name__ == "__main__":
    main()
