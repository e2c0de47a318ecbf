"""The sums by month: what they are of, that every change keeps them, that they count as the contacts do."""

import random
import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from db import erasure, records, tallies
from db.records import Why
from db.rules import periods
from db.vault import monthly
from db.vault.rebuild import rebuild, snapshot
from db.vault.store import Store
from db.vault.verify import verify
from tests.furnished import tampering
from tests.tallied import add, put, spoke, values, woman

WHY = Why("correction", "read again")
YEARS = range(1972, 2038)


def rows(store: Store, table: str) -> list[tuple[Any, ...]]:
    with store.counts() as reader:
        found: list[tuple[Any, ...]] = reader.execute(f"select * from {table} order by 1, 2").fetchall()  # noqa: S608
        return found


def test_every_month_quarter_and_year_is_whole_months_of_the_sums() -> None:
    for year in YEARS:
        for month in range(1, 13):
            named = year * 100 + month
            assert monthly.months_of(*periods.month(f"{year}-{month:02d}").bounds()) == (named, named)
        assert monthly.months_of(*periods.year(str(year)).bounds()) == (year * 100 + 1, year * 100 + 12)
    assert monthly.months_of(*periods.quarter("2026-Q4").bounds()) == (202610, 202612)
    assert monthly.months_of(*periods.between(date(2020, 11, 1), date(2026, 1, 31)).bounds()) == (
        202011,
        202601,
    )


@pytest.mark.parametrize(("since", "until"), [(1, 0), (0, -1), (0, 3600), (-3600, 0), (86400, 0), (0, 86400)])
def test_what_is_not_whole_months_has_none(since: int, until: int) -> None:
    start, end = periods.month("2026-10").bounds()
    assert monthly.months_of(start + since, end + until) is None


def test_winters_of_before_1972_whose_clock_stood_an_hour_ahead_have_none() -> None:
    assert monthly.months_of(*periods.month("1971-01").bounds()) is None
    assert monthly.months_of(*periods.month("1969-07").bounds()) is None


def test_a_contact_is_of_the_month_that_the_clock_shows() -> None:
    base = sqlite3.connect(":memory:")
    for year in YEARS:
        for month in range(1, 13):
            start, _ = periods.month(f"{year}-{month:02d}").bounds()
            for at in (
                start - 7200,
                start - 3601,
                start - 1,
                start,
                start + 3599,
                start + 3600,
                start + 86399,
            ):
                (told,) = base.execute(f"select {monthly.MONTH} from (select ? as at) as e", (at,)).fetchone()  # noqa: S608
                assert str(told) == periods.local_day(at).strftime("%Y%m"), at


def test_the_sums_are_of_contacts_that_are_present(store: Store) -> None:
    one, other = woman(store, "Willow-27"), woman(store, "Rowan-04")
    spoke(store, "2026-10-31T23:30:00+00:00", one, other, sector="3", initiated_by="flagged_down")
    spoke(store, "2026-10-31T22:30:00+00:00", one, people_unnamed=2)
    spoke(store, "2026-09-30T23:30:00+00:00", one, contact="declined", people_unnamed=4)
    struck = spoke(store, "2026-10-02T12:00:00+00:00", one, sector="3")
    records.strike(store, "engagement", struck, WHY)
    assert [row[1:] for row in rows(store, "met_monthly")] == [(202610, 2), (202610, 1)]
    assert rows(store, "contacts_monthly") == [(202610, None, 1, 0, 1, 1, 2), (202610, "3", 1, 1, 0, 0, 0)]


def test_nothing_is_left_of_a_contact_that_was_the_only_one(store: Store) -> None:
    her = woman(store, "Willow-27")
    met = spoke(store, "2026-10-10T12:00:00+00:00", her)
    put(store, met, "erased")
    assert rows(store, "met_monthly") == rows(store, "contacts_monthly") == []


def test_a_contact_that_is_changed_in_the_transaction_that_makes_it_counts_once(store: Store) -> None:
    her = woman(store, "Willow-27")
    with store.write() as tx:
        (record,) = tx.execute("select id from record where ref = ?", (her,)).fetchone()
        at = int(datetime(2026, 10, 10, tzinfo=UTC).timestamp())
        fields = {
            "at": at,
            "contact": "spoke",
            "people": [record.hex()],
            "people_unnamed": 0,
            "sharing_level": 1,
        }
        made = tx.create("engagement", fields)
        tx.amend(made, {"sector": "4"})
    assert [row[1:] for row in rows(store, "met_monthly")] == [(202610, 1)]
    assert rows(store, "contacts_monthly") == [(202610, "4", 1, 0, 0, 0, 0)]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("met_monthly", "contacts = contacts + 1"),
        ("met_monthly", "month = month + 1"),
        ("contacts_monthly", "other = other + 1"),
        ("contacts_monthly", "sector = 'elsewhere'"),
    ],
)
def test_a_sum_that_somebody_changed_is_named(store: Store, table: str, change: str) -> None:
    spoke(store, "2026-10-10T12:00:00+00:00", woman(store, "Willow-27"), sector="3")
    with tampering(store) as c:
        c.execute(f"update {table} set {change}")  # noqa: S608 - fixed text
        assert monthly.differing(store.cipher) == [table]
        c.execute(f"delete from {table}")  # noqa: S608 - fixed text
        assert monthly.differing(store.cipher) == [table]
    assert monthly.differing(store.cipher) == []


class Changing:
    """A random unit whose contacts are changed in every way there is."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.draw = random.Random(seed)  # noqa: S311 - seeded, and nothing secret
        self.women = [woman(store, f"W{number}") for number in range(5)]
        self.contacts = [add(store, "engagement", **self.drawn()) for _ in range(14)]

    def drawn(self) -> dict[str, Any]:
        hours = self.draw.choice([0, 1, 22, 23]) + 24 * self.draw.choice([0, 1, 29, 30, 31, 60, 61, 62])
        return {
            "at": (datetime(2026, 8, 1, tzinfo=UTC) + timedelta(hours=hours)).isoformat(),
            "people": self.draw.sample(self.women, self.draw.randrange(3)),
            "contact": self.draw.choice(["spoke", "spoke", "declined"]),
            "initiated_by": self.draw.choice(["flagged_down", "patrol", None]),
            "sector": self.draw.choice(["3", "4", None]),
            "people_unnamed": self.draw.randrange(3),
        }

    def change(self) -> None:
        """Change one contact; one that is gone or held back stays as it is."""
        ref = self.draw.choice(self.contacts)
        state = records.find(self.store.cipher, self.store.id_key, ref, ("engagement",)).state
        if state == "restricted":
            erasure.lift(self.store, "engagement", ref, WHY)
        elif state == "struck":
            records.undo(self.store, "engagement", ref, WHY)
        elif state == "present":
            self.draw.choice((self.amend, self.amend, self.strike, self.restrict, self.erase))(ref)

    def amend(self, ref: str) -> None:
        drawn = self.drawn()
        names = self.draw.sample(sorted(drawn), 2)
        records.amend(self.store, "engagement", ref, {name: drawn[name] for name in names}, WHY)

    def strike(self, ref: str) -> None:
        records.strike(self.store, "engagement", ref, WHY)

    def restrict(self, ref: str) -> None:
        erasure.restrict(self.store, "engagement", ref, WHY)

    def erase(self, ref: str) -> None:
        put(self.store, ref, "erased")


PERIODS = [
    *(periods.month(f"2026-{month:02d}") for month in (8, 9, 10)),
    *(periods.quarter("2026-Q3"), periods.year("2026")),
]


def all_values(store: Store) -> list[dict[str, Any]]:
    return [
        tallies.summary(store, period, sector=sector, compare="previous")
        for period in PERIODS
        for sector in (None, "3")
    ]


@pytest.mark.parametrize("seed", range(6))
def test_after_every_change_the_sums_count_what_the_contacts_do(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing = Changing(store, seed)
    for _ in range(25):
        changing.change()
        assert monthly.differing(store.cipher) == []
    assert verify(store).ok
    by_sums = all_values(store)
    with monkeypatch.context() as patch:
        patch.setattr(monthly, "months_of", lambda *_: None)
        assert all_values(store) == by_sums
    kept = snapshot(store)
    rebuild(store)
    assert snapshot(store) == kept


def test_a_period_that_is_not_whole_months_counts_its_days(store: Store) -> None:
    her = woman(store, "Willow-27")
    spoke(store, "2026-10-09T12:00:00+00:00", her)
    spoke(store, "2026-10-20T12:00:00+00:00", her)
    told = values(store, periods.between(date(2026, 10, 10), date(2026, 10, 31)))
    assert (told["people_engaged"], told["people_engaged_new"], told["engagements"]) == (1, 0, 1)
