"""Whatever is done to a unit, the fold of each record, its row and a rebuild from nothing agree."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import people, records
from db.errors import BeechError
from db.exchange import importing, reading
from db.records import Why
from db.rules import limits
from db.vault import fold, opening
from db.vault.projection import read_fields
from db.vault.rebuild import rebuild, snapshot
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit

WORDS = st.sampled_from(["waited by the bridge", "silver car again", "asked for housing", "Zoë said hello"])
SECTORS = st.sampled_from(["1", "2", "North", None])

NEW = st.one_of(
    st.fixed_dictionaries({"kind": st.just("person"), "known_as": st.lists(WORDS, max_size=2)}),
    st.fixed_dictionaries(
        {"kind": st.just("engagement"), "narrative": WORDS, "sector": SECTORS, "mentions": st.none() | WORDS}
    ),
    st.fixed_dictionaries({"kind": st.just("offender"), "aliases": st.lists(WORDS, max_size=2)}),
    st.fixed_dictionaries({"kind": st.just("vehicle"), "colour": SECTORS, "make": st.just("Ford")}),
    st.fixed_dictionaries({"kind": st.just("followup"), "what": WORDS}),
)
PICK = st.integers(0, 30)
EXTERNAL = st.sampled_from(["X1", "X2", "X3", "X4"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), st.lists(st.tuples(NEW, PICK), min_size=1, max_size=5)),
        st.tuples(st.just("amend"), PICK, WORDS, SECTORS),
        st.tuples(st.just("strike"), PICK),
        st.tuples(st.just("undo"), PICK),
        st.tuples(st.just("erase"), PICK),
        st.tuples(st.just("redact"), PICK),
        st.tuples(st.just("seal"), PICK, WORDS),
        st.tuples(st.just("detach"), PICK),
        st.tuples(st.just("look"), PICK),
        st.tuples(st.just("import"), st.lists(st.tuples(EXTERNAL, WORDS, SECTORS), min_size=1, max_size=4)),
        st.tuples(st.just("clock"), st.integers(-4000, 4000)),
        st.tuples(st.just("elsewhere")),
    ),
    min_size=1,
    max_size=14,
)

TYPED = {"engagement": "narrative", "followup": "what", "offender": "name", "vehicle": "check_result"}


class History:
    """A unit that is worked on, and what a reader would expect of each record."""

    def __init__(self, folder: Path, unit: Unit) -> None:
        self.folder = folder
        self.clock = Clock()
        self.store = opening.with_opened(folder / "unit", unit.opened, Face("script", "test"))
        self.store.clock = self.clock
        self.ids: list[tuple[str, bytes]] = []
        self.past: dict[bytes, list[tuple[dict[str, Any], str]]] = {}
        self.taken_back: set[bytes] = set()

    def do(self, step: tuple[Any, ...]) -> None:
        """Do one step; what a rule refuses changes nothing."""
        name, *rest = step
        try:
            getattr(self, f"_{name}")(*rest)
        except BeechError:
            self.refused = step

    def _create(self, news: list[tuple[dict[str, Any], int]]) -> None:
        made: list[tuple[str, bytes, dict[str, Any]]] = []
        with self.store.write() as tx:
            for fields, pick in news:
                kind, whole = self._whole(fields, pick, [*self.ids, *((k, r) for k, r, _ in made)])
                made.append((kind, tx.create(kind, whole), whole))
        for kind, record, whole in made:
            self.ids.append((kind, record))
            self.past[record] = [(whole, "present")]

    def _whole(
        self, fields: dict[str, Any], pick: int, ids: list[tuple[str, bytes]]
    ) -> tuple[str, dict[str, Any]]:
        """Return a new record's kind and fields, pointing at what is there already where it can."""
        whole = {name: value for name, value in fields.items() if value not in (None, [])}
        kind = whole.pop("kind")
        needed: dict[str, dict[str, Any]] = {
            "person": {"pseudonym": f"Willow-{len(ids):02}", "sharing_level": 1, "status": "active"},
            "engagement": {"at": 1_790_000_000, "contact": "spoke", "people_unnamed": 0, "sharing_level": 1},
            "offender": {"category": "reported", "identity_confidence": "unknown"},
            "vehicle": {},
            "followup": {"due_on": "2026-12-01"},
        }
        whole |= needed[kind]
        women = [record.hex() for k, record in ids if k == "person"]
        men = [record.hex() for k, record in ids if k == "offender"]
        if kind == "engagement" and women:
            whole["people"] = sorted({women[pick % len(women)], women[-1]})
        if kind == "vehicle" and men:
            whole["offender"] = men[pick % len(men)]
        if kind == "followup" and ids:
            whole["about"] = ids[pick % len(ids)][1].hex()
        return kind, whole

    def _picked(self, pick: int) -> tuple[str, bytes]:
        if not self.ids:
            raise BeechError("nothing is there yet")
        return self.ids[pick % len(self.ids)]

    def _ref(self, record: bytes) -> str:
        with self.store.counts() as reader:
            return str(reader.execute("select ref from record where id = ?", (record,)).fetchone()[0])

    def _amend(self, pick: int, words: str, sector: str | None) -> None:
        kind, record = self._picked(pick)
        fields, state = self.past[record][-1]
        changed: dict[str, Any] = {TYPED.get(kind, "safety"): words}
        if kind == "engagement":
            changed = {"sector": sector} if fields.get("sharing_level") == 0 else changed | {"sector": sector}
        with self.store.write() as tx:
            tx.amend(record, changed)
        after = {k: v for k, v in (fields | changed).items() if v is not None}
        self.past[record].append((after, state))

    def _strike(self, pick: int) -> None:
        kind, record = self._picked(pick)
        records.strike(self.store, kind, self._ref(record), Why())
        self.past[record].append((self.past[record][-1][0], "struck"))

    def _undo(self, pick: int) -> None:
        kind, record = self._picked(pick)
        records.undo(self.store, kind, self._ref(record))
        if len(self.past[record]) > 1:
            self.past[record].pop()
            return
        fields, _ = self.past[record][0]  # the creation is taken back; one undo too many brings it back
        self.past[record] = [(fields, "present" if record in self.taken_back else "struck")]
        self.taken_back.add(record)

    def _erase(self, pick: int) -> None:
        _, record = self._picked(pick)
        with self.store.write("subject_access") as tx:
            tx.erase(record)
        self.past[record] = [({}, "erased")]

    def _redact(self, pick: int) -> None:
        kind, record = self._picked(pick)
        if kind == "engagement":
            with self.store.write("correction") as tx:
                tx.redact(record, limits.LEVEL_0, {"sharing_level": 0})
            fields, state = self.past[record][-1]
            kept = {name: value for name, value in fields.items() if name not in limits.LEVEL_0}
            self.past[record] = [(kept | {"sharing_level": 0}, state)]

    def _seal(self, pick: int, words: str) -> None:
        kind, record = self._picked(pick)
        if kind == "person":
            people.seal_identity(self.store, self._ref(record), {"notes": words}, Why())

    def _detach(self, pick: int) -> None:
        kind, record = self._picked(pick)
        if kind == "person":
            people.detach(self.store, self._ref(record), Why("correction"))

    def _look(self, pick: int) -> None:
        kind, record = self._picked(pick)
        records.history(self.store, kind, self._ref(record))

    def _import(self, rows: list[tuple[str, str, str | None]]) -> None:
        path = self.folder / "in.ndjson"
        lines = [
            {"external_ref": ref, "at": "2026-11-01T20:00", "narrative": text, "sector": sector}
            for ref, text, sector in rows
        ]
        path.write_text("\n".join(json.dumps(line) for line in lines))
        with closing(reading.Source(path)) as source:
            importing.run(self.store, "engagement", source, apply=True)

    def _clock(self, seconds: int) -> None:
        self.clock.forward(seconds)

    def _elsewhere(self) -> None:
        """Go on at another desk: the state folder forgets this file."""
        self.store.state_path().unlink(missing_ok=True)

    def check(self) -> None:
        """Ask that rows are what was done, that the fold says so, and that a rebuild changes nothing."""
        report = verify(self.store)
        assert report.faults == ()
        for kind, record in self.ids:
            fields, state = self.past[record][-1]
            n, heads, stored = self.store.cipher.execute(
                "select n, heads, state from record where id = ?", (record,)
            ).fetchone()
            folded = fold.fold(s for s in fold.lineage(self.store.cipher, heads) if s.record == record)
            assert (folded.fields, folded.state) == (fields, state)
            assert (read_fields(self.store.cipher, kind, n), stored) == (fields, state)
        numbers = self.store.cipher.execute("select n, id from record order by n").fetchall()
        before = snapshot(self.store)
        rebuild(self.store)
        assert snapshot(self.store) == before
        assert self.store.cipher.execute("select n, id from record order by n").fetchall() == numbers
        assert verify(self.store).faults == ()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_fold_projection_and_rebuild_agree_after_any_history(
    steps: list[tuple[Any, ...]], founded: Unit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("history")
    shutil.copytree(founded.folder, folder / "unit")
    history = History(folder, founded)
    try:
        for step in steps:
            history.do(step)
        history.check()
    finally:
        history.store.close()
        shutil.rmtree(folder)


def test_a_record_announced_before_it_came_is_rebuilt_as_it_was(store: Store) -> None:
    with store.write() as tx:
        tx.create("vehicle", {"make": "Ford", "offender": "ab" * 16})
    with store.write() as tx:
        tx.create_as(
            "offender", bytes.fromhex("ab" * 16), {"category": "reported", "identity_confidence": "unknown"}
        )
    before = snapshot(store)
    assert [row[0] for row in before["offender"]] == ["AB" * 16]
    rebuild(store)
    assert snapshot(store) == before
    assert verify(store).ok


def test_what_nobody_has_sent_yet_stands_as_absent_after_a_rebuild_too(store: Store) -> None:
    with store.write() as tx:
        tx.create("vehicle", {"make": "Ford", "offender": "ab" * 16})
    before = snapshot(store)
    rebuild(store)
    assert snapshot(store) == before
    assert verify(store).ok


def test_a_rebuild_that_fails_leaves_everything_as_it_was(store: Store) -> None:
    from unittest import mock

    records.add(store, "person", {"pseudonym": "Willow-27"})
    before = snapshot(store)
    with (
        mock.patch("db.vault.projection.row", side_effect=ZeroDivisionError),
        pytest.raises(ZeroDivisionError),
    ):
        rebuild(store)
    assert snapshot(store) == before
