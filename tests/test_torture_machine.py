"""Random commands on a unit, beside a plain Python model of it: both always say the same."""

import os
import shutil
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from db import records, tallies
from db.errors import BeechError, Refused
from db.records import Why
from db.rules import periods
from db.vault import backup, opening, restoring
from db.vault.rebuild import rebuild, snapshot
from db.vault.store import Face
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.torture import LONG

MINUTES = int(os.environ.get("BEECH_MINUTES", "60")) if LONG else 0
FACE = Face("script", "test")
WHY = Why("correction")
WORDS = st.sampled_from(["by the bridge", "silver car, again", "wants housing", "Zoë said hello", "= 1 + 1"])
SECTORS = st.sampled_from(["3", "Northgate", "Old Quay"])
DAYS = st.integers(0, 60)  # before now, by the unit's clock: what lies ahead is refused
NEW: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "person": st.fixed_dictionaries({"sex": st.sampled_from(["woman", "unknown"])}),
    "engagement": st.fixed_dictionaries(
        {"days_ago": DAYS},
        optional={
            "sector": SECTORS,
            "narrative": WORDS,
            "contact": st.sampled_from(["spoke", "seen_only"]),
            "initiated_by": st.sampled_from(["flagged_down", "patrol"]),
            "people_unnamed": st.integers(0, 3),
        },
    ),
    "offender": st.fixed_dictionaries(
        {"hair": st.sampled_from(["grey", "brown"])}, optional={"mo_text": WORDS, "sector": SECTORS}
    ),
    "call": st.fixed_dictionaries(
        {
            "month": st.sampled_from(["2025-09", "2025-10"]),
            "source": st.sampled_from(["101", "999"]),
            "category": st.sampled_from(["asb", "kerb crawling"]),
            "count": st.integers(0, 99),
        }
    ),
}
CHANGE: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "person": st.fixed_dictionaries({"risk_grade": st.sampled_from(["high", "medium", None])}),
    "engagement": st.fixed_dictionaries({"sector": SECTORS}, optional={"narrative": WORDS}),
    "offender": st.fixed_dictionaries({"hair": st.sampled_from(["bald", "fair"])}),
    "call": st.fixed_dictionaries({"count": st.integers(0, 99)}),
}


class Held:
    """A record as the model has it: each version that stands, the newest last; fields and state."""

    def __init__(self, kind: str, fields: dict[str, Any]) -> None:
        self.kind = kind
        self.versions = [(fields, "present")]
        self.taken_back = self.brought_back = False

    @property
    def fields(self) -> dict[str, Any]:
        return self.versions[-1][0]

    @property
    def state(self) -> str:
        return "struck" if self.taken_back else self.versions[-1][1]

    @property
    def can_undo(self) -> bool:
        return len(self.versions) > 1 or not self.brought_back

    def undo(self) -> None:
        """Take back the last change; the creation itself is struck, and one undo more brings it back."""
        if len(self.versions) > 1:
            self.versions.pop()
        else:
            self.taken_back, self.brought_back = not self.taken_back, self.taken_back


class Machine(RuleBasedStateMachine):
    """The unit and the model of it, given the same work."""

    unit: Unit
    refs = Bundle("refs")

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.folder = self.place / "unit"
        shutil.copytree(self.unit.folder, self.folder)
        self.clock = Clock()
        self.model: dict[str, Held] = {}
        self.number = 0
        self._open()

    def _open(self) -> None:
        self.store = opening.with_opened(self.folder, self.unit.opened, FACE)
        self.store.clock = self.clock

    def teardown(self) -> None:
        report = verify(self.store)
        before = snapshot(self.store)
        rebuild(self.store)
        assert snapshot(self.store) == before
        self.store.close()
        shutil.rmtree(self.place)
        assert report.ok, report.faults

    @rule(target=refs, kind=st.sampled_from(sorted(NEW)), data=st.data())
    def add(self, kind: str, data: st.DataObject) -> Any:
        raw: dict[str, Any] = data.draw(NEW[kind])
        if kind == "person":
            self.number += 1
            raw["pseudonym"] = f"Person-{self.number}"
        if kind == "engagement":
            now = datetime.fromtimestamp(self.clock() / 1000, UTC)
            raw["at"] = (now - timedelta(days=raw.pop("days_ago"), hours=2)).isoformat()
        if kind == "call" and self._was_struck(raw):
            with pytest.raises(Refused, match="struck out"):
                records.add(self.store, kind, raw, WHY)
            return multiple()
        made = records.add(self.store, kind, raw, WHY)
        ref = str(made["ref"])
        if ref in self.model:  # a call count that was there: its number is replaced
            self._set(ref, {"count": raw["count"]})
        else:
            self.model[ref] = Held(kind, {name: made[name] for name in made if name != "ref"})
        return ref

    def _was_struck(self, call: dict[str, Any]) -> bool:
        """Whether the call count that counts the same was struck out."""
        same = {name: call[name] for name in ("month", "source", "category")}
        return any(
            held.kind == "call" and held.state == "struck" and same.items() <= held.fields.items()
            for held in self.model.values()
        )

    def _set(self, ref: str, changed: dict[str, Any]) -> None:
        held = self.model[ref]
        after = held.fields | changed
        if after != held.fields:
            held.versions.append((after, held.versions[-1][1]))

    @rule(ref=refs, data=st.data())
    def amend(self, ref: str, data: st.DataObject) -> None:
        held = self.model[ref]
        changed: dict[str, Any] = data.draw(CHANGE[held.kind])
        if held.state == "struck":
            with pytest.raises(Refused, match="struck out"):
                records.amend(self.store, held.kind, ref, changed, WHY)
            return
        records.amend(self.store, held.kind, ref, changed, WHY)
        self._set(ref, changed)

    @rule(ref=refs)
    def strike(self, ref: str) -> None:
        held = self.model[ref]
        if held.state == "struck":
            with pytest.raises(Refused, match="already"):
                records.strike(self.store, held.kind, ref, WHY)
            return
        records.strike(self.store, held.kind, ref, WHY)
        held.versions.append((held.fields, "struck"))

    @rule(ref=refs)
    def undo(self, ref: str) -> None:
        held = self.model[ref]
        if not held.can_undo:
            with pytest.raises(Refused, match="no change left"):
                records.undo(self.store, held.kind, ref, WHY)
            return
        records.undo(self.store, held.kind, ref, WHY)
        held.undo()

    @rule(hours=st.integers(-48, 48))
    def time_passes(self, hours: int) -> None:
        self.clock.forward(hours * 3600)

    @rule()
    def the_program_is_started_again(self) -> None:
        self.store.close()
        self._open()

    @rule()
    def what_is_refused_changes_nothing(self) -> None:
        before = snapshot(self.store)
        with pytest.raises(BeechError):
            records.add(self.store, "engagement", {"at": "2026-11-21T23:40", "sharing_level": 9}, WHY)
        assert snapshot(self.store) == before

    @rule()
    def a_copy_is_made_and_put_back(self) -> None:
        made = backup.make(self.store)
        self.store.close()
        restoring.restore(self.folder, made.folder, (self.unit.passphrase, None), FACE)
        self._open()

    @invariant()
    def the_lists_say_what_the_model_says(self) -> None:
        for kind in NEW:
            told = {one.pop("ref"): one for one in records.listing(self.store, kind)}
            held = {r: h.fields for r, h in self.model.items() if h.kind == kind and h.state == "present"}
            assert {ref: _bare(one) for ref, one in told.items()} == {r: _bare(f) for r, f in held.items()}

    @invariant()
    def the_tallies_count_what_the_model_holds(self) -> None:
        told = tallies.summary(self.store, periods.Period(date(2025, 1, 1), date(2028, 12, 31), "always"))
        values = {one["id"]: one["value"] for one in told["measures"]}
        met = [h.fields for h in self.model.values() if h.kind == "engagement" and h.state == "present"]
        spoke = [one for one in met if one["contact"] == "spoke"]
        assert values["engagements"] == len(spoke)
        assert values["engagements_flagged_down"] == sum(
            one["initiated_by"] == "flagged_down" for one in spoke
        )
        assert values["contacts_other"] == len(met) - len(spoke)


def _bare(fields: dict[str, Any]) -> dict[str, Any]:
    """What is said of a record; a list that is empty and what is absent say the same."""
    return {name: value for name, value in fields.items() if value not in (None, [])}


@pytest.fixture
def machine(founded: Unit) -> type[Machine]:
    return type("OfUnit", (Machine,), {"unit": founded, "TestCase": None})


def test_whatever_is_done_in_any_order_the_unit_says_what_a_plain_model_says(machine: type[Machine]) -> None:
    chosen = settings(
        max_examples=10 if LONG else 2,
        stateful_step_count=60 if LONG else 12,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    end = time.monotonic() + 60 * MINUTES
    for number in count():
        print(f"seed {number}")  # shown where it fails: what is done follows from it
        run_state_machine_as_test(seed(number)(machine), settings=chosen)
        if time.monotonic() >= end:
            break
