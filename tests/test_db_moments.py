"""Days and moments as officers type them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.errors import Ambiguous, BeechError, Refused, Usage
from db.rules import periods

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 21, 14, 7, tzinfo=LONDON)


def local(text: str) -> int:
    """Return a local time, written in ISO 8601 without offset, as epoch seconds (first showing)."""
    return int(datetime.fromisoformat(text).replace(tzinfo=LONDON).timestamp())


def typed(text: str, now: datetime = MONDAY, fold: int | None = None) -> str:
    return periods.iso(periods.instant(text, now, fold).at)[:19]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-23T21:14:07"),
        (" NOW ", "2026-11-23T21:14:07"),
        ("2050", "2026-11-23T20:50:00"),
        ("2130", "2026-11-22T21:30:00"),
        ("21:14", "2026-11-23T21:14:00"),
        ("21:15", "2026-11-22T21:15:00"),
        ("9:30", "2026-11-23T09:30:00"),
        ("21.10", "2026-11-23T21:10:00"),
        ("2050hrs", "2026-11-23T20:50:00"),
        ("0000", "2026-11-23T00:00:00"),
        ("9pm", "2026-11-23T21:00:00"),
        ("9.30 p.m.", "2026-11-22T21:30:00"),
        ("1030pm", "2026-11-22T22:30:00"),
        ("12am", "2026-11-23T00:00:00"),
        ("12pm", "2026-11-23T12:00:00"),
        ("noon", "2026-11-23T12:00:00"),
        ("today 2pm", "2026-11-23T14:00:00"),
        ("yesterday 2130", "2026-11-22T21:30:00"),
        ("yesterday at 21:30", "2026-11-22T21:30:00"),
        ("Yesterday, 2130", "2026-11-22T21:30:00"),
        ("2130 yesterday", "2026-11-22T21:30:00"),
        ("tonight 2050", "2026-11-23T20:50:00"),
        ("last night 2350", "2026-11-22T23:50:00"),
        ("last night 0150", "2026-11-23T01:50:00"),
        ("last friday 11pm", "2026-11-20T23:00:00"),
        ("11pm last friday", "2026-11-20T23:00:00"),
        ("last monday 9pm", "2026-11-16T21:00:00"),
        ("monday 9pm", "2026-11-23T21:00:00"),
        ("mon 2130", "2026-11-16T21:30:00"),
        ("Tues 0630", "2026-11-17T06:30:00"),
        ("21/11 23:40", "2026-11-21T23:40:00"),
        ("24/11 23:40", "2025-11-24T23:40:00"),
        ("21/11 2340", "2026-11-21T23:40:00"),
        ("21/11/2026 23:40", "2026-11-21T23:40:00"),
        ("21/11/26 23:40", "2026-11-21T23:40:00"),
        ("3/4/2026 23:40", "2026-04-03T23:40:00"),
        ("21.11.2026 23:40", "2026-11-21T23:40:00"),
        ("21 Nov 2026 23:40", "2026-11-21T23:40:00"),
        ("21st november 11.40pm", "2026-11-21T23:40:00"),
        ("-2h", "2026-11-23T19:14:07"),
        ("-30m", "2026-11-23T20:44:07"),
        ("-1h30m", "2026-11-23T19:44:07"),
        ("-90 mins", "2026-11-23T19:44:07"),
        ("2026-11-21T23:40", "2026-11-21T23:40:00"),
        ("2026-11-21 23:40:05", "2026-11-21T23:40:05"),
        ("2026-11-21 2340", "2026-11-21T23:40:00"),
        ("2026-11-21 11pm", "2026-11-21T23:00:00"),
        ("20261121T2340", "2026-11-21T23:40:00"),
        ("2026-07-21T23:40Z", "2026-07-22T00:40:00"),
        ("2026-11-21t23:40:00.900+02:00", "2026-11-21T21:40:00"),
    ],
)
def test_a_moment_is_read_as_officers_type_it(text: str, expected: str) -> None:
    assert typed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "soon", "2560", "2460", "24:00", "21:60", "13pm", "0am", "930", "9", "21", "-", "-h"),
        *("yesterday", "31/02/2026 21:30", "11/21/2026 21:30", "21/11", "2026-11-21", "2026-13-01T10:00"),
        *("21-11 23:40", "tonight 1500", "last night 1500", "0001-01-01T00:00", "2026-W47-1T10:00"),
        *("21/11/2026 23:40 21:30", "yesterday yesterday 2130", "friday 99:99", "٢١٣٠", "next friday 2130"),
        *("2300-01-01T10:00", "2026-11-21T23:40+25:00", "Kasia 07700 900123"),
    ],
)
def test_what_cannot_be_read_is_refused_and_never_repeated(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        periods.instant(text, MONDAY)
    assert str(refusal.value) in {_refusal("nothing like it"), _refusal("tonight 1400")}


def _refusal(text: str) -> str:
    with pytest.raises(Refused) as refusal:
        periods.instant(text, MONDAY)
    return str(refusal.value)


def test_a_clock_time_typed_after_midnight_is_the_evening_before() -> None:
    assert typed("2130", datetime(2026, 11, 24, 6, 30, tzinfo=LONDON)) == "2026-11-23T21:30:00"
    assert (
        periods.instant("2130", datetime(2026, 11, 24, 6, 30, tzinfo=LONDON)).said == "Mon 23 Nov 2026 21:30"
    )


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.datetimes(
        datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01"), timezones=st.just(LONDON)
    ),
)
@example(1, 30, datetime(2026, 10, 25, 1, 40, tzinfo=LONDON))
@example(1, 50, datetime(2026, 10, 25, 1, 10, tzinfo=LONDON, fold=1))
def test_a_bare_clock_time_is_never_ahead_and_never_a_day_behind(
    hour: int, minute: int, now: datetime
) -> None:
    at = periods.instant(f"{hour:02d}:{minute:02d}", now, fold=1).at if not _skipped(hour, now) else None
    if at is not None:
        assert not periods.is_future(at, now)
        assert now.timestamp() - at < 90_000  # the day on which October repeats an hour has 25
        assert periods.to_local(at).strftime("%H:%M") == f"{hour:02d}:{minute:02d}"


def _skipped(hour: int, now: datetime) -> bool:
    """Whether March skips that hour on the day before *now* or on its own day."""
    days = (now.date(), now.date() - timedelta(days=1))
    return hour == 1 and any(
        (day.month, day.weekday()) == (3, 6) and (day + timedelta(days=7)).month == 4 for day in days
    )


def test_a_bare_clock_time_in_the_repeated_hour_is_ambiguous_only_when_both_are_past() -> None:
    between_the_two = datetime(2026, 10, 25, 1, 40, tzinfo=LONDON)
    assert periods.instant("0130", between_the_two).at == local("2026-10-25T01:30")
    second_hour = datetime(2026, 10, 25, 1, 10, tzinfo=LONDON, fold=1)
    assert periods.instant("0150", second_hour).at == local("2026-10-25T01:50")
    with pytest.raises(Ambiguous):
        periods.instant("0130", datetime(2026, 10, 25, 9, 0, tzinfo=LONDON))


def test_a_bare_clock_time_before_the_skipped_hour_is_the_day_before() -> None:
    assert typed("0130", datetime(2026, 3, 29, 0, 30, tzinfo=LONDON)) == "2026-03-28T01:30:00"
    with pytest.raises(Refused):
        periods.instant("0130", datetime(2026, 3, 29, 9, 0, tzinfo=LONDON))


def test_hours_counted_back_are_elapsed_hours() -> None:
    after_the_repeat = datetime(2026, 10, 25, 3, 0, tzinfo=LONDON)
    assert typed("-2h", after_the_repeat) == "2026-10-25T01:00:00"
    assert periods.instant("-3h", after_the_repeat).at == local("2026-10-25T01:00")


def test_tonight_after_midnight_is_the_night_that_began_yesterday() -> None:
    small_hours = datetime(2026, 11, 24, 1, 0, tzinfo=LONDON)
    assert typed("tonight 2050", small_hours) == "2026-11-23T20:50:00"
    assert typed("tonight 0030", small_hours) == "2026-11-24T00:30:00"
    with pytest.raises(Refused, match="give the day"):
        periods.instant("last night 2330", small_hours)


def test_a_time_to_come_is_read_and_said_to_lie_ahead() -> None:
    ahead = periods.instant("today 2330", MONDAY).at
    assert periods.is_future(ahead, MONDAY)
    assert not periods.is_future(periods.instant("now", MONDAY).at, MONDAY)


def test_the_zone_of_now_does_not_change_what_is_read() -> None:
    assert typed("2130", MONDAY.astimezone(UTC)) == typed("2130")
    just_after_local_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert typed("yesterday 2130", just_after_local_midnight) == "2026-07-01T21:30:00"


@given(st.text() | st.text(alphabet="0123456789:./-hmpd yestrdaf"))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(text: str) -> None:
    for read in (periods.instant, periods.day, periods.when):
        try:
            read(text, MONDAY)
        except BeechError as error:
            assert str(error).endswith(".")  # noqa: PT017 - either outcome is right
    try:
        periods.partial_date(text)
    except BeechError as error:
        assert str(error).endswith(".")  # noqa: PT017


# --- days --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ahead", "behind"),
    [
        ("today", "2026-11-23", "2026-11-23"),
        ("Yesterday", "2026-11-22", "2026-11-22"),
        ("tomorrow", "2026-11-24", "2026-11-24"),
        ("7d", "2026-11-30", "2026-11-30"),
        ("+14 days", "2026-12-07", "2026-12-07"),
        ("2w", "2026-12-07", "2026-12-07"),
        ("-3d", "2026-11-20", "2026-11-20"),
        ("friday", "2026-11-27", "2026-11-20"),
        ("mon", "2026-11-30", "2026-11-23"),
        ("last monday", "2026-11-16", "2026-11-16"),
        ("21/11/2026", "2026-11-21", "2026-11-21"),
        ("21/11/26", "2026-11-21", "2026-11-21"),
        ("21/11", "2027-11-21", "2026-11-21"),
        ("23/11", "2026-11-23", "2026-11-23"),
        ("29/2", "2028-02-29", "2024-02-29"),
        ("2026-11-21", "2026-11-21", "2026-11-21"),
        ("21-11-2026", "2026-11-21", "2026-11-21"),
        ("1 Oct 2026", "2026-10-01", "2026-10-01"),
        ("3rd of december", "2026-12-03", "2025-12-03"),
    ],
)
def test_a_day_is_read_ahead_or_behind(text: str, ahead: str, behind: str) -> None:
    assert periods.day(text, MONDAY) == date.fromisoformat(ahead)
    assert periods.day(text, MONDAY, past=True) == date.fromisoformat(behind)


@pytest.mark.parametrize(
    "text", ["", "someday", "31/4/2026", "21.11", "21-11", "0d0", "12/13/2026", "1/1/1066"]
)
def test_a_day_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="not a day beech can read"):
        periods.day(text, MONDAY)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1985", "1985"),
        ("1985-03", "1985-03"),
        ("1985-03-12", "1985-03-12"),
        ("12/03/1985", "1985-03-12"),
        ("2/3/1985", "1985-03-02"),
        ("03/1985", "1985-03"),
        (" 1985 ", "1985"),
    ],
)
def test_a_date_may_lack_its_day_and_month(text: str, written: str) -> None:
    assert periods.partial_date(text) == written


@pytest.mark.parametrize(
    "text", ["", "85", "1985-13", "1985-00", "1985-02-30", "12/03/85", "03-1985", "1066", "about 1985"]
)
def test_a_partial_date_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="1985-03"):
        periods.partial_date(text)


def test_what_happened_may_be_a_day_or_a_moment() -> None:
    assert periods.when("yesterday", MONDAY) == date(2026, 11, 22)
    assert periods.when("21/11", MONDAY) == date(2026, 11, 21)
    assert periods.when("2050", MONDAY) == periods.Instant(local("2026-11-23T20:50"))


def test_days_at_the_ends_of_a_list_are_whole_and_a_time_narrows_them() -> None:
    assert periods.span("2026-10-25", "2026-10-25", MONDAY) == (
        local("2026-10-25T00:00"),
        local("2026-10-26T00:00"),
    )
    assert periods.span("yesterday 2130", "now", MONDAY) == (
        local("2026-11-22T21:30"),
        local("2026-11-23T21:14:07") + 1,
    )
    assert periods.span("friday", None, MONDAY) == (local("2026-11-20T00:00"), None)
    assert periods.span(None, "today", MONDAY) == (None, local("2026-11-24T00:00"))
    assert periods.span(None, None, MONDAY) == (None, None)
    with pytest.raises(Usage):
        periods.span("today", "yesterday", MONDAY)
