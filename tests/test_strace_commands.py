"""The long form of ``make leaks``: every command that there is, on a unit with a canary in every field.

A command that needs somebody at a terminal (untraced), or that the day of names traces, is named.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from commands.group import beech
from commands.subjects import SUBJECTS
from db.rules.records import KINDS
from tests.canaries import NEEDED, SETTINGS, STEM, assert_no_canary, planted
from tests.torture import LONG, strace
from tests.traced import Day

pytestmark = pytest.mark.skipif(not LONG, reason="the long form: make leaks")

WHY = ("--reason", "correction")
TO = ("--recipient", "partner", "--purpose", "safeguarding", "--reason", "safeguarding")
NOTED = f"{STEM}notedyx"
ELSEWHERE = {
    **dict.fromkeys(("unlock", "lock", "members add", "members join", "members remove"), "the day of names"),
    "people seal": "the day of names",
    "people detach": "an identity that was sealed: untraced",
    **dict.fromkeys(
        ("people reveal", "people find-sealed", "members passphrase", "members recover", "keys"), "a terminal"
    ),
    **dict.fromkeys(("members rotate-names", "members role", "members reset"), "a terminal"),
    "demo": "a unit of its own, all invented",
}


def leaves(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command, by its words."""
    if not isinstance(group, click.Group):
        yield " ".join(path)
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*path, name))


class Tried(Day):
    """A day that keeps which commands were done."""

    def __init__(self, strace: str, place: Path) -> None:
        super().__init__(strace, place)
        self.done: set[str] = set()
        self.known = set(leaves(beech))
        self.wrong: list[object] = []

    def do(self, *words: str, stdin: str = "", codes: tuple[int, ...] = (0,)) -> str:
        """Run a command and look at what it wrote; returns its stdout."""
        ran = self(*words, stdin=stdin, codes=tuple(range(10)))
        assert STEM not in ran.err, words
        if ran.code not in codes:
            print(words, ran.code, ran.err)
            self.wrong.append((words, ran.code, ran.err))
        if ran.code == 0:
            self.done |= self.known & {" ".join(words[:2]), words[0]}
        assert_no_canary(self)
        return ran.out

    def first(self, word: str) -> str:
        """The reference of the first record of a list."""
        return str(json.loads(self.do(word, "list", "-f", "json"))[0]["ref"])


def test_every_command_writes_no_canary_but_where_it_was_asked_for(tmp_path: Path) -> None:
    day = Tried(strace(), tmp_path)
    day.do("init", "--no-input", "--name", "Invented Unit", "--member", "Sam")
    day.do("config", "apply", "-", "--yes", stdin=SETTINGS)
    words = {made.kind: word for word, made in SUBJECTS.items()}
    assert set(words) == set(KINDS)
    for kind in NEEDED:
        path = tmp_path / f"{kind}.ndjson"
        path.write_text(json.dumps(planted(kind)[0]) + "\n")
        day.do("import", "people" if kind == "person" else f"{kind}s", str(path), "--apply")
    for kind, word in words.items():
        _each(day, kind, word)
    _the_rest(day, tmp_path)
    assert not day.wrong
    assert day.known - day.done == set(ELSEWHERE)


def _each(day: Tried, kind: str, word: str) -> None:
    """What can be done with a record of any kind."""
    ref = day.first(word)
    for words in (("show", ref), ("history", ref), ("conflicts",)):
        day.do(word, *words)
    day.do(word, "add", "--from-json", "-", stdin=json.dumps(_again(day, kind)))
    name = next(name for name in reversed(planted(kind)[1]) if name not in ("external_ref", "pseudonym"))
    day.do(word, "amend", ref, "--from-json", "-", stdin=json.dumps({name: planted(kind)[0][name]}))
    day.do(word, "strike", ref, *WHY, "--note", "-", stdin=NOTED)
    day.do(word, "undo", ref, *WHY)
    day.do("export", "people" if kind == "person" else f"{kind}s", *TO)


def _again(day: Tried, kind: str) -> dict[str, object]:
    raw = planted(kind)[0] | {"external_ref": f"{STEM}again{kind}"}
    if kind == "person":
        raw |= {"pseudonym": f"{STEM}again"}
        del raw["external_ref"]
    if kind == "call":
        raw |= {"month": "2026-09"}
    return raw


def _the_rest(day: Tried, place: Path) -> None:
    """What is done with one kind alone, with pairs, with the unit."""
    she, other = (one["ref"] for one in json.loads(day.do("people", "list", "-f", "json"))[:2])
    met, told, him = day.first("engagements"), day.first("concerns"), day.first("watchlist")
    second = json.loads(day.do("watchlist", "list", "-f", "json"))[1]["ref"]
    (on,) = json.loads(day.do("engagements", "show", met, "-f", "json"))["people"]
    day.do("engagements", "reassign", met, "--from", on, "--to", other if on == she else she, *WHY)
    for word, one, two in (("people", she, other), ("watchlist", him, second)):
        day.do(word, "merge", one, two, *WHY, "--note", "-", stdin=NOTED)
        day.do(word, "unmerge", one, two, *WHY)
    day.do("watchlist", "judge", him, second, "--different", "--reason", "intelligence")
    day.do("watchlist", "sight", him, "--sighting-note", "-", "--at", "now", stdin=NOTED)
    day.do("people", "consent", she, "--give", "--purpose", "safeguarding", "--recipient", "housing")
    for word in ("referrals", "followups"):
        ref = day.first(word)
        day.do(word, "transfer", ref, "--to", "next shift")
        day.do(word, "done", ref, "--result", "-", stdin=NOTED)
    day.do("log", "--from-json", "-", stdin=json.dumps({"at": "now", "narrative": NOTED}))
    day.do("match", "--from-json", "-", stdin=json.dumps({"mo_text": NOTED}))
    day.do("find", "-", stdin=NOTED)
    day.do("summary", "--month", "2026-11")
    day.do("brief", "parade", "--recipient", "internal", "--purpose", "crime", *WHY)
    day.do("brief", "alert", him, "--recipient", "num", "--purpose", "safeguarding", *WHY, codes=(0, 5))
    day.do("brief", "meeting", "--recipient", "council", "--purpose", "safeguarding", *WHY, codes=(0, 8))
    answer = (
        "--preset",
        "actions",
        "--years",
        "2023-2025",
        "--recipient",
        "press",
        "--purpose",
        "statistics",
    )
    day.do("brief", "foi", *answer, *WHY)
    made = json.loads(day.do("releases", "list", "-f", "json"))
    day.do("releases", "show", made[0]["ref"])
    day.do("releases", "approve", made[0]["ref"], codes=(0, 5))
    day.do("export", "save", "weekly", "vehicles", *TO, "--out", str(day.work / "weekly.csv"))
    day.do("export", "recipes")
    day.do("export", "remove", "weekly")
    day.do("calls", "import", str(place / "call.ndjson"))
    imported = json.loads(day.do("import", "list", "-f", "json"))
    day.do("import", "undo", imported[0]["import"], *WHY, codes=(0, 5, 7))
    for words in ("status", "journal list", "journal verify", "members list", "vocabulary list sex"):
        day.do(*words.split())
    day.do("config", "show")
    day.do("doctor", codes=(0, 1, 5))
    day.do("completion", "bash")
    day.do("journal", "export", str(day.work / "desk.beech"))
    day.do("journal", "import", str(day.work / "desk.beech"))
    day.do("backup")
    for words in ("backups list", "backups verify", "backups drill", "backups prune --keep 1"):
        day.do(*words.split())
    name = json.loads(day.do("backups", "list", "-f", "json"))[0]["backup"]
    for word, ref in (("people", she), ("engagements", met), ("concerns", told), ("watchlist", him)):
        day.do(word, "restrict", ref, *WHY)
        day.do(word, "restrict", ref, "--lift", *WHY)
        day.do(word, "erase", ref, *WHY)
    day.do("restore", name, "--yes")
