"""The tallies against a second counting: plain loops over what went in, sharing nothing with the SQL."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from db import judgements, records
from db.records import Why
from db.rules import periods
from db.vault.store import Store
from tests.tallied import put, values

DEALT = {"caution_simple", "caution_conditional", "arrest", "charge", "summons_postal_requisition"}
WIDE = DEALT | {"community_resolution", "course_attended", "outcome22", "pnd", "order_granted", "cpn"}
ACTIONS = sorted(WIDE | {"stop_and_speak", "nfa", "dispersal_s35"})
START, DAYS = date(2026, 8, 1), 115


class Made:
    """A random unit, and beside it what was entered, as plain values."""

    def __init__(self, store: Store, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - seeded, and nothing secret
        self.store = store
        self.kept: dict[str, list[dict[str, Any]]] = {}
        self.know()
        self.meet()
        self.do()
        self.join()
        self.hold_back()

    def know(self) -> None:
        for _ in range(8):
            self.add("person", pseudonym=f"W{self.draw.random()}")
            confidence = self.draw.choice(["unknown", "partial", "vehicle_keeper_confirmed", "named"])
            self.add("offender", hair="bald", identity_confidence=confidence)
        for _ in range(4):
            self.add("vehicle", make="ford", offender=self.ref("offender", 0.3))

    def meet(self) -> None:
        for _ in range(40):
            people = [p["ref"] for p in self.draw.sample(self.kept["person"], self.draw.randrange(4))]
            contact = self.draw.choice(["spoke", "spoke", "declined"])
            began = self.draw.choice(["flagged_down", "patrol", None])
            self.add("engagement", at=self.moment(), people=people, contact=contact, initiated_by=began)
        for _ in range(15):
            him, decision = self.ref("offender", 0.4), self.draw.choice([None, "crimed"])
            self.add("concern", engagement=self.ref("engagement"), offender=him, ncrs_decision=decision)

    def do(self) -> None:
        for _ in range(8):
            car = self.ref("vehicle", 0.5)
            him = self.ref("offender", 0.5 if car else 0)
            self.add("sighting", at=self.moment(), vehicle=car, offender=him)
        for _ in range(25):
            on, action = self.day().isoformat(), self.draw.choice(ACTIONS)
            unit = self.draw.random() < 0.8
            self.add("action", offender=self.ref("offender"), on=on, action=action, for_unit=unit)

    def join(self) -> None:
        """Merge some women and some men, now and then one that is merged already."""
        self.who: dict[str, str] = {}
        for kind in ("person", "offender"):
            for _ in range(self.draw.randrange(5)):
                one, other = (one["ref"] for one in self.draw.sample(self.kept[kind], 2))
                if self.stands_for(one) != self.stands_for(other):
                    judgements.merge(self.store, kind, (one, other), Why("correction"))
                    self.who[self.stands_for(one)] = self.stands_for(other)

    def stands_for(self, ref: Any) -> Any:
        while ref in self.who:
            ref = self.who[ref]
        return ref

    def as_one(self, refs: Any) -> set[Any]:
        return {self.stands_for(ref) for ref in refs}

    def hold_back(self) -> None:
        """Strike, restrict or erase some of it."""
        for one in [one for kept in self.kept.values() for one in kept]:
            if self.draw.random() < 0.15:
                one["state"] = self.draw.choice(["struck", "restricted", "erased"])
                put(self.store, one["ref"], one["state"])

    def add(self, kind: str, **fields: Any) -> None:
        made = records.add(self.store, kind, fields)
        self.kept.setdefault(kind, []).append(fields | {"ref": made["ref"], "state": "present"})

    def ref(self, kind: str, none: float = 0) -> Any:
        return None if self.draw.random() < none else self.draw.choice(self.kept[kind])["ref"]

    def day(self) -> date:
        return START + timedelta(days=self.draw.randrange(DAYS))

    def moment(self) -> str:
        minutes = self.draw.choice([0, 30, 60, 1380, 1410, self.draw.randrange(1440)])
        at = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=self.draw.randrange(DAYS), minutes=minutes)
        return at.isoformat()

    # the second counting

    def standing(self, kind: str) -> dict[str, dict[str, Any]]:
        return {one["ref"]: one for one in self.kept[kind] if one["state"] == "present"}

    def counted(self, first: date, last: date) -> dict[str, int]:
        people, men = self.standing("person"), self.standing("offender")
        contacts = [e for e in self.standing("engagement").values() if first <= local(e["at"]) <= last]
        spoke = [e for e in contacts if e["contact"] == "spoke"]
        engaged = self.as_one(p for e in spoke for p in e["people"] if p in people)
        before = self.as_one(
            p
            for e in self.standing("engagement").values()
            if e["contact"] == "spoke" and local(e["at"]) < first
            for p in e["people"]
            if p in people
        )
        there = {e["ref"] for e in contacts}
        concerns = [c for c in self.standing("concern").values() if c["engagement"] in there]
        known = self.as_one(
            r for r, m in men.items() if m["identity_confidence"] in ("named", "vehicle_keeper_confirmed")
        )
        met = {c["offender"] for c in concerns} | self.seen(first, last)
        gone = {o["ref"] for o in self.kept["offender"] if o["state"] == "struck"}
        acts = [
            (self.stands_for(a["offender"]), a["on"], a["action"], a["for_unit"], a["offender"] in men)
            for a in self.standing("action").values()
            if a["offender"] not in gone
        ]
        now = [a for a in acts if str(first) <= a[1] <= str(last)]
        met = self.as_one(m for m in met if m in men) | {a[0] for a in now if a[4]}
        ours = {a[:3] for a in now if a[3]}
        dealt = {a[0] for a in now if a[3] and a[4] and a[2] in DEALT}
        earlier = {a[0] for a in acts if a[3] and a[2] in DEALT and a[1] < str(first)}
        return {
            "people_engaged": len(engaged),
            "people_engaged_new": len(engaged - before),
            "engagements": len(spoke),
            "engagements_flagged_down": sum(e["initiated_by"] == "flagged_down" for e in spoke),
            "contacts_other": len(contacts) - len(spoke),
            "concerns": len(concerns),
            "concerns_undecided": sum(c["ncrs_decision"] is None for c in concerns),
            "offenders_identified": len(met & known),
            "offenders_dealt_with": len(dealt),
            "offenders_dealt_with_wide": len({a[0] for a in now if a[3] and a[4] and a[2] in WIDE}),
            "offenders_dealt_with_new": len(dealt - earlier),
            "arrests": sum(a[2] == "arrest" for a in ours),
            "cautions": sum(a[2] in ("caution_simple", "caution_conditional") for a in ours),
            "charges": sum(a[2] in ("charge", "summons_postal_requisition") for a in ours),
            "courses": sum(a[2] == "course_attended" for a in ours),
            "orders_granted": sum(a[2] == "order_granted" for a in ours),
        }

    def seen(self, first: date, last: date) -> set[Any]:
        cars = self.standing("vehicle")
        found = set()
        for sighting in self.standing("sighting").values():
            if first <= local(sighting["at"]) <= last:
                found.add(sighting["offender"])
                found.add(cars.get(sighting["vehicle"], {}).get("offender"))
        return found


def local(at: str) -> date:
    return datetime.fromisoformat(at).astimezone(ZoneInfo("Europe/London")).date()


@pytest.mark.parametrize("seed", range(8))
def test_every_measure_is_what_a_plain_count_of_the_same_records_gives(store: Store, seed: int) -> None:
    made = Made(store, seed)
    spans = [(START, START + timedelta(days=DAYS)), (START, date(2026, 10, 31))]  # the last, whole months
    spans += [(date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))]
    for _ in range(6):
        ends = sorted((made.day(), made.day()))
        spans.append((ends[0], ends[1]))
    for first, last in spans:
        expected = made.counted(first, last)
        told = values(store, periods.between(first, last))
        assert {name: told[name] for name in expected} == expected
