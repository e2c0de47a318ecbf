"""Local time and UTC, and the periods the unit counts by."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.errors import Ambiguous, Refused, Usage
from db.rules import periods, values
from db.rules.fields import Kind
from db.rules.records import KINDS

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 21, 14, 7, tzinfo=LONDON)
moments = st.integers(-2_000_000_000, 4_000_000_000)


def local(text: str) -> int:
    """Return a local time, written in ISO 8601 without offset, as epoch seconds (first showing)."""
    return int(datetime.fromisoformat(text).replace(tzinfo=LONDON).timestamp())


def typed(text: str, now: datetime = MONDAY, fold: int | None = None) -> str:
    return periods.iso(periods.instant(text, now, fold).at)[:19]


# --- local time and UTC ------------------------------------------------------------------------------


@given(moments)
@example(local("2026-03-29T00:59:59"))
@example(local("2026-03-29T02:00:00"))
@example(local("2026-10-25T01:59:59"))
@example(local("2026-10-25T01:59:59") + 3600)
def test_an_instant_is_written_as_the_zone_database_has_it(at: int) -> None:
    expected = datetime.fromtimestamp(at, LONDON)
    assert periods.iso(at) == expected.isoformat()
    assert periods.to_local(at) == expected
    assert periods.local_day(at) == expected.date()


@given(moments)
def test_what_is_written_is_read_back_to_the_same_instant(at: int) -> None:
    assert periods.instant(periods.iso(at), MONDAY).at == at


def test_summer_and_winter_have_their_offsets() -> None:
    assert periods.iso(local("2026-07-01T12:00")) == "2026-07-01T12:00:00+01:00"
    assert periods.iso(local("2026-12-01T12:00")) == "2026-12-01T12:00:00+00:00"


@given(
    st.datetimes(datetime.fromisoformat("1972-01-01"), datetime.fromisoformat("2150-01-01")),
    st.sampled_from([0, 1]),
)
def test_a_local_time_becomes_the_instant_that_shows_it_or_is_refused(clock: datetime, fold: int) -> None:
    clock = clock.replace(microsecond=0)
    aware = clock.replace(tzinfo=LONDON, fold=fold)
    exists = aware.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == clock
    if exists:
        assert periods.from_local(clock, fold) == int(aware.timestamp())
    else:
        with pytest.raises(Refused):
            periods.from_local(clock, fold)


def test_the_hour_that_october_repeats_is_ambiguous_unless_said_which() -> None:
    with pytest.raises(Ambiguous, match=r"\+01:00 for the first"):
        periods.instant("25/10/2026 01:30", MONDAY)
    first = periods.instant("25/10/2026 01:30", MONDAY, fold=0)
    second = periods.instant("25/10/2026 01:30", MONDAY, fold=1)
    assert second.at - first.at == 3600
    assert (first.said, second.said) == ("Sun 25 Oct 2026 01:30 BST", "Sun 25 Oct 2026 01:30 GMT")


def test_an_offset_settles_the_repeated_hour() -> None:
    assert periods.iso(periods.instant("2026-10-25T01:30+00:00", MONDAY).at) == "2026-10-25T01:30:00+00:00"
    assert periods.iso(periods.instant("2026-10-25T01:30+01:00", MONDAY).at) == "2026-10-25T01:30:00+01:00"


@pytest.mark.parametrize("fold", [None, 0, 1])
def test_the_hour_that_march_skips_is_refused(fold: int | None) -> None:
    for text in ("29/03/2026 01:00", "2026-03-29T01:59", "2026-03-29 0130"):
        with pytest.raises(Refused, match="went forward"):
            periods.instant(text, MONDAY, fold)
    assert typed("29/03/2026 02:00") == "2026-03-29T02:00:00"


# --- periods -----------------------------------------------------------------------------------------


def test_a_period_is_named_as_people_say_it() -> None:
    assert periods.month("2026-10").label == "October 2026"
    assert periods.quarter("2026-Q3").label == "July to September 2026"
    assert periods.year("2026").label == "2026"
    assert periods.between(date(2026, 10, 1), date(2026, 10, 15)).label == "1 Oct 2026 to 15 Oct 2026"
    assert periods.between(date(2026, 10, 5), date(2026, 10, 5)).label == "5 Oct 2026"
    assert periods.between(date(2026, 10, 1), date(2026, 10, 31)) == periods.month("2026-10")
    assert periods.between(date(2025, 11, 1), date(2026, 1, 31)).label == "November 2025 to January 2026"
    assert periods.between(date(2025, 4, 1), date(2026, 3, 31)).label == "April 2025 to March 2026"


def test_a_period_is_whole_local_days_with_summer_time_right() -> None:
    start, end = periods.month("2026-10").bounds()
    assert (periods.iso(start), periods.iso(end)) == (
        "2026-10-01T00:00:00+01:00",
        "2026-11-01T00:00:00+00:00",
    )
    assert end - start == 31 * 86400 + 3600
    start, end = periods.month("2026-03").bounds()
    assert end - start == 31 * 86400 - 3600
    start, end = periods.between(date(2026, 10, 25), date(2026, 10, 25)).bounds()
    assert end - start == 25 * 3600


@given(st.integers(1901, 2198), st.integers(1, 12))
def test_months_follow_each_other_without_gap_or_overlap(years: int, number: int) -> None:
    period = periods.month(f"{years}-{number:02d}")
    before = periods.previous(period)
    assert before.bounds()[1] == period.bounds()[0]
    assert before.label == periods.month(f"{before.first:%Y-%m}").label
    assert periods.last_year(period) == periods.month(f"{years - 1}-{number:02d}")


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(0, 800))
def test_the_period_before_ends_where_the_period_begins(first: date, length: int) -> None:
    period = periods.between(first, first + timedelta(days=length))
    before = periods.previous(period)
    assert before.last + timedelta(days=1) == period.first
    assert abs((before.last - before.first) - (period.last - period.first)) <= timedelta(days=4)


def test_the_period_before_has_the_same_shape() -> None:
    assert periods.previous(periods.month("2026-03")).label == "February 2026"
    assert periods.previous(periods.quarter("2026-q1")).label == "October to December 2025"
    assert periods.previous(periods.year("2026")).label == "2025"
    fortnight = periods.between(date(2026, 10, 2), date(2026, 10, 15))
    assert periods.previous(fortnight).label == "18 Sep 2026 to 1 Oct 2026"


def test_the_same_period_a_year_before() -> None:
    assert periods.last_year(periods.quarter("2026Q3")).label == "July to September 2025"
    assert periods.last_year(periods.month("2025-02")).last == date(2024, 2, 29)
    leap = periods.between(date(2028, 1, 15), date(2028, 2, 29))
    assert periods.last_year(leap).last == date(2027, 2, 28)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-1", "10-2026", "2026", "", "٢٠٢٦-10", "1899-01", "2200-01"]
)
def test_a_month_that_is_none_is_a_usage_error(text: str) -> None:
    with pytest.raises(Usage):
        periods.month(text)


@pytest.mark.parametrize("text", ["2026-Q5", "Q3", "2026-3", ""])
def test_a_quarter_that_is_none_is_a_usage_error(text: str) -> None:
    with pytest.raises(Usage):
        periods.quarter(text)


@pytest.mark.parametrize("text", ["26", "20266", "next", ""])
def test_a_year_that_is_none_is_a_usage_error(text: str) -> None:
    with pytest.raises(Usage):
        periods.year(text)


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(Usage, match="before it begins"):
        periods.between(date(2026, 10, 2), date(2026, 10, 1))


def test_a_day_or_a_month_just_begun_does_not_lie_in_the_future_though_it_does_in_utc() -> None:
    now = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July, summer time
    action, call, offender = (KINDS[kind] for kind in ("action", "call", "offender"))

    def read(kind: Kind, name: str, typed: str) -> object:
        field = kind.field(name)
        assert field is not None
        return values.reader(field)(typed, now)

    assert read(action, "on", "today") == read(action, "on", "2026-07-01") == "2026-07-01"
    assert read(call, "month", "2026-07") == "2026-07"
    assert read(offender, "date_of_birth", "2026-07-01") == "2026-07-01"
    for kind, name, typed in (
        (action, "on", "2026-07-02"),
        (call, "month", "2026-08"),
        (offender, "date_of_birth", "2026-07-02"),
    ):
        with pytest.raises(Refused, match="future"):
            read(kind, name, typed)
