"""What a unit would use instead, whole processes by passphrase: an encrypted journal, a password manager.

A contact logged among N, beside ``jrnl`` with encryption; the unit opened and its standing told, beside
``keepassxc-cli ls`` of as many entries. What is not installed is told, and left out.
"""

import argparse
import json
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path

import data
from running import BEECH, apart, in_turns, took
from table import Row, absent, no_slower, report

CONTACT = "a man in a silver car followed her along the road, wants housing help"
MEN = 1_000  # entries of the password manager: a watchlist's length


def journal(folder: Path, count: int) -> list[str]:
    """Make an encrypted journal of *count* entries; returns the start of its command line."""
    jrnl = str(shutil.which("jrnl"))
    config = folder / "jrnl.yaml"
    plain = folder / "rows.txt"
    with plain.open("w", encoding="utf-8") as lines:
        for row in data.rows(count, 130):
            at = datetime.fromisoformat(row[1])
            lines.write(f"[{at:%Y-%m-%d %I:%M:%S %p}] {row[4]}. {row[7]}\n\n")
    config.write_text(
        f"colors: {{body: none, date: none, tags: none, title: none}}\ndefault_hour: 9\ndefault_minute: 0\n"
        f"editor: ''\nencrypt: false\nhighlight: false\nindent_character: '|'\njournals:\n"
        f"  default: {{journal: {plain}, encrypt: false}}\nlinewrap: 79\ntagsymbols: '@'\ntemplate: false\n"
        f"timeformat: '%F %r'\nversion: v4.6\n",
        encoding="utf-8",
    )
    command = [jrnl, "--config-file", str(config)]
    took([*command, "--encrypt"], given=f"{data.PASSPHRASE}\n{data.PASSPHRASE}\nn\n")
    assert plain.read_bytes().count(b"housing") == 0, "the journal is not encrypted"
    return command


def logging(folder: Path, unit: list[str], count: int, rounds: int) -> None:
    """Log a contact in both, in turns."""
    what = "a contact logged, whole process by passphrase"
    if shutil.which("jrnl") is None:
        print("jrnl is not installed: not compared")
        absent(what, "jrnl absent")
        return
    theirs = journal(folder, count)
    before = (folder / "rows.txt").stat().st_size
    contact = json.dumps({"at": "2026-11-01T21:30:00Z", "narrative": CONTACT})
    ours, other = in_turns(
        rounds,
        lambda: took([*unit, "log", "--from-json", "-"], given=contact),
        lambda: took([*theirs, CONTACT], given=f"{data.PASSPHRASE}\n"),
    )
    assert (folder / "rows.txt").stat().st_size > before, "jrnl kept nothing"
    print(f"a contact logged among {count:,}: beech {ours:.0f} ms, jrnl {other:.0f} ms")
    no_slower(Row(what, count, ours, "ms", other, "jrnl, encrypted"))


def passwords(folder: Path, count: int) -> list[str]:
    """Make a password database of *count* entries; returns the command that lists it."""
    sheet, made = folder / "men.xml", folder / "men.kdbx"
    entries = "".join(
        f"<Entry><String><Key>Title</Key><Value>Gary Example {n}</Value></String></Entry>"
        for n in range(count)
    )
    sheet.write_text(
        f"<KeePassFile><Root><Group><Name>Root</Name>{entries}</Group></Root></KeePassFile>", encoding="utf-8"
    )
    cli = str(shutil.which("keepassxc-cli"))
    took(
        [cli, "import", "-p", str(sheet), str(made)],
        given=f"{data.PASSPHRASE}\n{data.PASSPHRASE}\n",
    )
    return [cli, "ls", "-q", str(made)]


def opening(folder: Path, unit: list[str], rounds: int) -> None:
    """Open both by passphrase, in turns."""
    what = "opened by passphrase, whole process"
    if shutil.which("keepassxc-cli") is None:
        print("keepassxc-cli is not installed: not compared")
        absent(what, "keepassxc-cli absent")
        return
    theirs = passwords(folder, MEN)
    ours, other = in_turns(
        rounds,
        lambda: took([*unit, "status"]),
        lambda: took(theirs, given=f"{data.PASSPHRASE}\n"),
    )
    print(f"opened by passphrase: beech status {ours:.0f} ms, keepassxc-cli ls {other:.0f} ms")
    report(Row(what, 0, ours, "ms", other, f"keepassxc-cli ls, {MEN:,} entries"))


def main() -> int:
    """Make a unit, and measure beside each peer that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with apart() as folder:
        os.environ.update(HOME=str(folder), PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
        with data.found(folder / "unit") as store:
            data.fill(store, options.engagements)
        unit = [*BEECH, "--unit", str(folder / "unit")]
        logging(folder, unit, options.engagements, options.rounds)
        opening(folder, unit, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
