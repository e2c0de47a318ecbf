"""Three desks with clocks of their own, whatever they do and in whatever order they meet: one outcome."""

import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from db import judgements, people, records
from db.engagements import answers
from db.errors import BeechError
from db.records import Why
from db.vault import emptying, fold, forks, restoring
from db.vault.rebuild import rebuild
from db.vault.verify import verify
from tests.conftest import Unit
from tests.desks import At
from tests.torture import LONG

HISTORIES = 1000 if LONG else 160
PARTS = 8

WORDS = ("waited by the bridge", "silver car again", "asked for housing", "Zoë said hello")
TYPED = {"engagement": "narrative", "offender": "name", "person": "safety", "vehicle": "colour"}


class History:
    """Three desks at work; what one does follows from the seed alone."""

    def __init__(self, folder: Path, unit: Unit, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing secret
        self.desks = [At(folder / f"{seed}-{name}", unit) for name in "abc"]
        for desk in self.desks:
            with desk.store.cipher.trusted() as connection:
                connection.execute("pragma synchronous = off")
            desk.clock.forward(self.random.choice([0, 0, -7200, 5400, 90_000]))
        self.kept: dict[int, Path] = {}
        (self.hazel,) = (
            self.desks[0]
            .store.cipher.execute(
                "select r.id from person as x join record as r on r.n = x.n where x.pseudonym = 'Hazel-31'"
            )
            .fetchone()
        )

    def close(self) -> None:
        for desk in self.desks:
            desk.close()
            shutil.rmtree(desk.folder)
        for path in self.kept.values():
            shutil.rmtree(path)

    def run(self) -> None:
        steps: list[Callable[[At], None]] = [
            *[self.make] * 4,
            *[self.twin] * 3,
            *[self.amend] * 6,
            *[self.erase] * 2,
            *[self.load] * 2,
            *[self.judge] * 3,
            self.strike,
            self.undo,
            self.seal,
            self.look,
            *[self.meet] * 4,
            self.step_clock,
            self.keep,
            self.restore,
        ]
        for _ in range(self.random.randint(6, 18)):
            desk = self.random.choice(self.desks)
            try:
                self.random.choice(steps)(desk)
            except (BeechError, IndexError):  # refused by a rule, or nothing of that kind is left
                continue

    def picked(self, desk: At, *kinds: str) -> tuple[str, bytes, str]:
        marks = ", ".join("?" * len(kinds))
        rows = desk.store.cipher.execute(
            f"select kind, id, ref from record where kind in ({marks}) and state <> 'erased' order by id",  # noqa: S608 - question marks
            kinds,
        ).fetchall()
        kind, record, ref = self.random.choice(rows)
        return str(kind), bytes(record), str(ref)

    def make(self, desk: At) -> None:
        kind = self.random.choice(["person", "engagement", "offender", "vehicle"])
        raw: dict[str, Any] = {"name": "Invented Man"}
        if kind == "person":
            raw = {"pseudonym": f"Willow-{self.random.randint(10, 99)}"}
        elif kind == "engagement":
            raw = {"at": "2026-11-20T21:00", "narrative": self.random.choice(WORDS), "sharing_level": "1"}
            women = desk.store.cipher.execute(
                "select ref from record where kind = 'person' and state = 'present'"
            )
            raw["people"] = [ref for (ref,) in women.fetchall()[:2]]
        elif kind == "vehicle":
            raw = {"make": "Ford"}
            men = desk.store.cipher.execute(
                "select ref from record where kind = 'offender' and state = 'present'"
            )
            raw |= dict(zip(["offender"], (ref for (ref,) in men), strict=False))
        records.add(desk.store, kind, raw)

    def twin(self, desk: At) -> None:
        """A record whose id begins like others': what they are called tells them apart all the same."""
        record = bytes.fromhex("abcde0") + self.random.randbytes(13)
        if self.random.random() < 0.5:
            record = bytes.fromhex("abcdef0123") + self.random.randbytes(11)
        with desk.store.write() as tx:
            tx.create_as("vehicle", record, {"make": "Ford"})

    def amend(self, desk: At) -> None:
        kind, _, ref = self.picked(desk, *TYPED)
        raw: dict[str, Any] = {TYPED[kind]: self.random.choice([*WORDS, None])}
        if kind == "engagement" and self.random.random() < 0.3:
            raw = {"sharing_level": "0", "narrative": None, "people": None}
        records.amend(desk.store, kind, ref, raw, Why("correction"))

    def erase(self, desk: At) -> None:
        _, record, _ = self.picked(desk, *TYPED)
        with desk.store.write("subject_access") as tx:
            tx.erase(record)

    def load(self, desk: At) -> None:
        """The same rows of one file, on whichever desk."""
        with desk.store.write() as tx:
            for ref in self.random.sample(["X1", "X2", "X3"], 2):
                fields: dict[str, Any] = {
                    "external_ref": ref,
                    "at": 1_790_000_000,
                    "contact": "spoke",
                    "people_unnamed": 0,
                    "sharing_level": 1,
                    "narrative": self.random.choice(WORDS[:2]),
                }
                records.put(desk.store, tx, "engagement", fields)

    def judge(self, desk: At) -> None:
        kind = self.random.choice(["offender", "person"])
        rows = desk.store.cipher.execute(
            "select ref from record where kind = ? and state <> 'erased' order by id", (kind,)
        ).fetchall()
        (one,), (other,) = self.random.sample(rows, 2) if len(rows) > 1 else [("O-0000",), ("O-0000",)]
        judgements.judge(desk.store, one, other, self.random.choice(judgements.VERDICTS), Why("correction"))

    def strike(self, desk: At) -> None:
        kind, _, ref = self.picked(desk, *TYPED)
        records.strike(desk.store, kind, ref, Why("correction"))

    def undo(self, desk: At) -> None:
        kind, _, ref = self.picked(desk, *TYPED)
        records.undo(desk.store, kind, ref, Why("correction"))

    def seal(self, desk: At) -> None:
        _, _, ref = self.picked(desk, "person")
        people.seal_identity(desk.store, ref, {"notes": self.random.choice(WORDS)}, Why())

    def look(self, desk: At) -> None:
        """Look for one of the women as she is called."""
        _, record, _ = self.picked(desk, "person")
        sql = "select pseudonym from person where n = (select n from record where id = ?)"
        answers.who(desk.store, desk.store.cipher.execute(sql, (record,)).fetchone()[0])

    def meet(self, desk: At) -> None:
        other = self.random.choice([one for one in self.desks if one is not desk])
        parts = other.parts()
        assert desk.bring(parts).faults == ()
        if self.random.random() < 0.3:
            assert desk.bring(parts).entries == 0

    def step_clock(self, desk: At) -> None:
        desk.clock.forward(self.random.choice([-4000, -60, 30, 600, 86_000]))

    def keep(self, desk: At) -> None:
        place = self.desks.index(desk)
        shutil.rmtree(self.kept.pop(place), ignore_errors=True) if place in self.kept else None
        with desk.store.cipher.trusted() as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        self.kept[place] = desk.folder.with_name(desk.folder.name + "-kept")
        shutil.copytree(desk.folder, self.kept[place])

    def restore(self, desk: At) -> None:
        """Put an older copy in the desk's place, as ``restoring.restore`` does, the passphrase known."""
        place = self.desks.index(desk)
        if place not in self.kept:
            return
        rows = desk.store.cipher.execute(
            "select x.record, x.desk, x.seq, e.detail from erased as x "
            "join entry as e on e.desk = x.desk and e.seq = x.seq"
        ).fetchall()
        erased = {record: restoring.Erasure((at, seq), json.loads(said)) for record, at, seq, said in rows}
        since = restoring.Since(erased, set(), emptied=emptying.by_woman(desk.store.cipher))
        desk.close()
        shutil.rmtree(desk.folder)
        shutil.copytree(self.kept[place], desk.folder)
        desk.store = desk.opened()
        with desk.store.cipher.trusted() as connection:
            connection.execute("pragma synchronous = off")
        restoring._repeat(desk.store, since)

    def check(self) -> None:
        """All meet: the rows are the same everywhere, and are what the entries say.

        Twice, for one who hears of an erasure then says which looks go with it.
        """
        first, *others = self.random.sample(self.desks, 3)
        for _ in range(2):
            for desk in others:
                assert first.bring(desk.parts()).faults == ()
            for desk in others:
                assert desk.bring(first.parts()).faults == ()
        rows = first.rows()
        for desk in self.desks:
            assert desk.rows() == rows
            assert verify(desk.store).faults == ()
            self._nothing_erased_is_left(desk)
        self._nothing_seen_is_lost(self.desks[0])
        before = self.desks[1].rows()
        rebuild(self.desks[1].store)
        assert self.desks[1].rows() == before

    def _nothing_erased_is_left(self, desk: At) -> None:
        for table in ("payload", "data_key"):
            (left,) = desk.store.cipher.execute(
                f"select count(*) from {table} as p join entry as e on e.desk = p.desk and e.seq = p.seq "  # noqa: S608 - fixed names
                "join erased as x on x.record = e.record "
                "join entry as o on o.desk = x.desk and o.seq = x.seq "
                "where e.at < o.at or json_extract(o.detail, '$.event') is not 'redact'"
            ).fetchone()
            assert left == 0
        if desk.store.cipher.execute("select 1 from erased where record = ?", (self.hazel,)).fetchone():
            assert not any(b"Hazel-31" in (part.body or b"") for part in desk.parts())

    def _nothing_seen_is_lost(self, desk: At) -> None:
        """Each field holds what was set by an entry on top of which nobody set it again."""
        open_now = {found.record: set(found.conflicts) for found in forks.open_conflicts(desk.store)}
        reader = desk.store.cipher
        for record, kind, heads, state in reader.execute(
            "select id, kind, heads, state from record where kind is not null and kind <> 'identity'"
        ).fetchall():
            steps = [s for s in fold.lineage(reader, heads) if s.record == record]
            past = ancestors(steps)
            if state == "erased":
                continue
            assert open_now.get(record, set()) == set(fold.conflicts(steps))
            folded = fold.fold(steps).fields
            hushed = kind == "engagement" and folded.get("sharing_level") == 0
            for field in {name for step in steps for name in step.set or {}}:
                setters = [s for s in steps if field in (s.set or {})]
                last = [s for s in setters if not any(s.head in past[t.head] for t in setters)]
                values = [(s.set or {})[field] for s in last]
                assert folded.get(field) in values or (
                    hushed and field in ("narrative", "mentions", "people")
                )
            expected = {
                fold.Conflict(field, *(s.head for s in pair))
                for pair in pairs(steps)
                for field in pair[0].changes().keys() & pair[1].changes().keys()
                if pair[0].changes()[field] != pair[1].changes()[field]
                and pair[0].head not in past[pair[1].head]
                and not any(field in s.changes() and {p.head for p in pair} <= past[s.head] for s in steps)
            }
            assert open_now.get(record, set()) == expected


def pairs(steps: list[fold.Step]) -> list[tuple[fold.Step, fold.Step]]:
    """Return every two entries, the earlier first."""
    ordered = sorted(steps, key=lambda s: (s.at, s.desk, s.seq))
    return [(one, two) for i, one in enumerate(ordered) for two in ordered[i + 1 :]]


def ancestors(steps: list[fold.Step]) -> dict[fold.Head, set[fold.Head]]:
    """Return all that each entry's author had seen, by following every base to its end."""
    by_head = {step.head: step for step in steps}
    found = {}
    for step in steps:
        seen: set[fold.Head] = set()
        left = list(step.base)
        while left:
            head = left.pop()
            if head not in seen:
                seen.add(head)
                left.extend(by_head[head].base if head in by_head else ())
        found[step.head] = seen
    return found


@pytest.fixture(scope="module")
def begun(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """A unit with something to work on, before its desks part."""
    desk = At(tmp_path_factory.mktemp("begun") / "unit", founded)
    for pseudonym in ("Willow-27", "Hazel-31"):
        records.add(desk.store, "person", {"pseudonym": pseudonym})
    for name in ("Invented One", "Invented Two", "Invented Three"):
        records.add(desk.store, "offender", {"name": name})
    for words in WORDS[:2]:
        records.add(desk.store, "engagement", {"at": "2026-11-20T21:00", "narrative": words})
    desk.close()
    return founded._replace(folder=desk.folder)


@pytest.fixture
def ram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in memory, where the system has one: three units a history are many files."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    folder = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("part", range(PARTS))
def test_three_desks_come_to_one_outcome_whatever_they_do_and_however_they_meet(
    part: int, begun: Unit, ram: Path
) -> None:
    for seed in range(part, HISTORIES, PARTS):
        history = History(ram, begun, seed)
        try:
            history.run()
            history.check()
        except BaseException as error:
            error.add_note(f"history {seed}")
            raise
        finally:
            history.close()
