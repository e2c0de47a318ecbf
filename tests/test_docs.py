"""The guides: every command in them is run on a demo unit, in their order, and does what it is for.

A block of ``sh typed`` asks at a terminal, where nobody is in a test: it ends with 3 unless answered.
References in the guides stand for records of the demo, or for those that a command before them made.
"""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

from commands.group import COMMANDS, beech
from db.demo import building, place
from db.vault import keys, opening
from db.vault.store import Face
from tests.conftest import Clock, Unit
from tests.desk import ROOT, Desk, Ran

DOCS = ROOT / "docs"
SIZE = 280
JO = "quiet saddle orchard ninepins"
BLOCK = re.compile(r"^```(\w+)(?: ([\w.]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REF = re.compile(r"\b([A-Z])-[0-9A-HJKMNP-TV-Z]{4}\b")
MADE_BY = {
    "E-4D1N": "log --from-json",
    "C-8H2T": "concerns add",
    "O-4M2X": "watchlist add",
    "F-2W6K": "followups add",
}
COPY = "2026-11-24T120000Z-3fa9c1"


class Demo(NamedTuple):
    """A demo unit, its open slot, and what its records are called by kind of reference."""

    folder: Path
    opened: keys.Opened


class Block(NamedTuple):
    """A fenced block of a guide: its language, the word after it, what stands in it."""

    language: str
    word: str
    text: str


def blocks(name: str) -> list[Block]:
    return [Block(*found.groups("")) for found in BLOCK.finditer((DOCS / name).read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One demo as it was on 24 November 2026, never written to."""
    folder = tmp_path_factory.mktemp("demo") / "unit"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))
        store, _ = building.build(building.Ground(folder, (), Clock()), SIZE, 1)
        store.close()
        store, opened = opening.with_passphrase(folder, place.PASSPHRASE, None, Face("script", "test"))
        store.close()
    return Demo(folder, opened)


class Reader:
    """Somebody who types a guide's commands, one after the other, in an empty folder."""

    def __init__(self, desk: Desk, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.desk, self.folder, self.patch = desk, folder, patch
        self.refs: dict[str, str] = {}
        self.text = ""  # the guide's, with the commands that are to make records
        self.code = ""
        self.copy = ""
        self.secret(place.PASSPHRASE)
        self._taken: set[str] = set()
        self._listed: dict[str, list[dict[str, Any]]] = {}

    def secret(self, passphrase: str) -> None:
        """Let the environment name a passphrase."""
        file = self.folder.parent / "secret"
        file.write_text(passphrase)
        file.chmod(0o600)
        self.patch.setenv("BEECH_PASSPHRASE_FILE", str(file))

    def real(self, found: re.Match[str]) -> str:
        """Return the reference of a record that one in the guide stands for."""
        said = found[0]
        if said not in self.refs:
            assert f"beech {MADE_BY.get(said)}" not in self.text, f"{said} is used before it was made"
            self.refs[said] = self._spare(found[1])
        return self.refs[said]

    def _spare(self, letter: str) -> str:
        word = {"C": "concerns", "P": "people", "O": "watchlist", "F": "followups", "S": "sightings"}[letter]
        if word not in self._listed:
            self._listed[word] = self.desk(word, "list", "-f", "json").json
            if word == "people":  # a woman whose name is held comes first
                self._listed[word].sort(key=lambda one: one["ref"] not in self._named())
        wanted = {"people": ("sex", "woman"), "followups": ("done_on", None)}.get(word)
        spare = next(
            one["ref"]
            for one in self._listed[word]
            if one["ref"] not in self._taken and (wanted is None or one[wanted[0]] == wanted[1])
        )
        self._taken.add(spare)
        return str(spare)

    def _named(self) -> set[str]:
        face = Face("script", "test")
        with opening.with_opened(self.desk.unit.folder, self.desk.unit.opened, face) as store:
            sql = "select r.ref from identity as i join record as r on r.n = i.person"
            return {ref for (ref,) in store.cipher.execute(sql)}

    def type(self, line: str) -> Ran:
        """Type one line, and remember what it made."""
        command, _, source = REF.sub(self.real, line).replace(COPY, self.copy).partition(" < ")
        words = shlex.split(command)
        assert words[0] == "beech", line
        stdin = (self.folder / source).read_text() if source else self._answers(words)
        ran = self.desk(*words[1:], stdin=stdin)
        self._learn(line, words, ran)
        return ran

    def _answers(self, words: list[str]) -> str:
        if words[1:3] == ["members", "join"]:
            self.secret(JO)
            return self.code + "\n"
        return ""

    def _learn(self, line: str, words: list[str], ran: Ran) -> None:
        for said, maker in MADE_BY.items():
            if maker in line and said not in self.refs:
                made = next(one for one in REF.finditer(ran.out + ran.err) if one[1] == said[0])
                self.refs[said] = made[0]
        if words[1:3] in (["members", "add"], ["members", "reset"]):
            self.code = ran.out.split()[-1]
        if words[1:2] == ["backup"]:
            self.copy = self.desk("backups", "list", "-f", "json").json[-1]["backup"]
        self.secret(place.PASSPHRASE)
        if words[1:3] in (["members", "remove"], ["members", "rotate-names"]) or words[1:2] == ["restore"]:
            store, opened = opening.with_passphrase(
                self.desk.unit.folder, place.PASSPHRASE, "Demo", Face("script", "test")
            )
            store.close()
            self.desk.unit = self.desk.unit._replace(opened=opened)


@pytest.fixture
def reader(
    demo: Demo,
    unit: Unit,
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Reader:
    folder = tmp_path / "demo"
    shutil.copytree(demo.folder, folder)
    desk = Desk(unit._replace(folder=folder, opened=demo.opened), clock, monkeypatch, capsys)
    here = tmp_path / "here"
    here.mkdir()
    (here / "stick").mkdir(mode=0o700)
    monkeypatch.chdir(here)
    return Reader(desk, here, monkeypatch)


def allowed(line: str, word: str) -> set[int]:
    """Return the exit codes with which a line of a guide may end."""
    if word == "typed":
        return {0, 3}
    leaves = "--profile p" in line or "--profile headline" in line or "brief foi" in line
    return {0, 8} if leaves else {0}


@pytest.mark.parametrize("name", ["guide.md", "administration.md"])
def test_every_command_of_a_guide_does_what_it_says(name: str, reader: Reader, tmp_path: Path) -> None:
    reader.text = (DOCS / name).read_text(encoding="utf-8")
    for block in blocks(name):
        if block.language == "sh":
            for line in block.text.splitlines():
                if block.word == "apart":
                    line = f"{line} --unit {tmp_path / 'other'}"
                ran = reader.type(line)
                asks = block.word == "typed" and "it comes by prompt" in ran.err
                assert asks or ran.code in allowed(line, block.word), f"{line}: {ran.code} {ran.err}"
        else:
            assert block.word, f"a block of {block.language} in {name} has no file name"
            (reader.folder / block.word).write_text(REF.sub(reader.real, block.text), encoding="utf-8")
    written = {file.name for file in reader.folder.iterdir() if file.is_file() and file.stat().st_size}
    named = set(re.findall(r"--out ([\w.]+)", "".join(block.text for block in blocks(name))))
    assert named <= written


def test_the_guides_name_every_command_there_is() -> None:
    told = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("guide.md", "administration.md"))
    for table in COMMANDS.values():
        for name in (one for one in table if beech.get_command(click.Context(beech), one)):
            assert re.search(rf"\bbeech {name}\b|`{name}`", told), f"no guide says what {name} is for"


def told(text: str) -> list[list[str]]:
    """Return the words of every command of ours in a page's blocks of ``sh``, without what it is piped to."""
    found = []
    for block in (Block(*one.groups("")) for one in BLOCK.finditer(text)):
        for line in block.text.splitlines() if block.language == "sh" else ():
            words = shlex.split(line, comments=True)
            ends = (place for place, word in enumerate(words) if word in ("|", ">", "<"))
            if words[:1] == ["beech"]:
                found.append(words[1 : next(ends, len(words))])
    return found


def test_every_command_in_the_readme_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "men.xlsx").touch()
    commands = told((ROOT / "README.md").read_text(encoding="utf-8"))
    for words in commands:
        command: click.Command = beech
        context, rest = click.Context(beech), words
        while isinstance(command, click.Group):
            found = command.get_command(context, rest[0])
            assert found is not None, words
            command, rest = found, rest[1:]
        command.make_context(words[0], [*rest], parent=context)  # raises what is wrong with an option
    assert len(commands) > 15
