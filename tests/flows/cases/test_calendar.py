"""School hours: what counts as open, when it opens next, and how long a wait in school hours is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.cases.calendar import Calendar, CalendarError

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)

PLAIN = Calendar()
YEAR = Calendar(
    terms=((date(2026, 1, 5), date(2026, 3, 27)), (date(2026, 4, 13), date(2026, 7, 21))),
    holidays=((date(2026, 2, 16), date(2026, 2, 20)), (date(2026, 5, 4), date(2026, 5, 4))),
)
# Its clocks go forward on a Friday at midnight, so an opening hour is really missing on a school day.
NIGHT_SCHOOL = Calendar(timezone="Africa/Cairo", opens=time(0, 0), closes=time(3, 0))

zones = st.sampled_from(("Europe/London", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "UTC"))
days = st.dates(date(2025, 9, 1), date(2027, 8, 31))
moments = st.datetimes(datetime(2025, 9, 1), datetime(2027, 8, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
spans = st.timedeltas(timedelta(0), timedelta(hours=60))


@st.composite
def calendars(draw):
    """A year as a school might enter it: any hours, some terms, some holidays, any of the zones."""
    opens, closes = sorted(draw(st.lists(st.times(), min_size=2, max_size=2, unique=True)))
    assume(opens.replace(second=0, microsecond=0) < closes.replace(second=0, microsecond=0))
    starts = sorted(draw(st.lists(days, max_size=3, unique=True)))
    terms = tuple((first, first + timedelta(days=draw(st.integers(0, 90)))) for first in starts)
    breaks = tuple((first, first + timedelta(days=draw(st.integers(0, 15)))) for first in draw(st.lists(days, max_size=3)))
    hours = (at.replace(second=0, microsecond=0) for at in (opens, closes))
    return Calendar(draw(zones), *hours, terms, breaks)


def london(*parts):
    """A moment on the school's own clock."""
    return datetime(*parts, tzinfo=LONDON)


def open_time(calendar, begin, end):
    """How long the school is open between two moments, added up day by day: what `after` must agree with."""
    zone = ZoneInfo(calendar.timezone)
    day, total = begin.astimezone(zone).date() - timedelta(days=1), timedelta(0)
    while day <= end.astimezone(zone).date() + timedelta(days=1):
        if calendar.is_school_day(day):
            opens, closes = (datetime.combine(day, at, zone).astimezone(UTC) for at in (calendar.opens, calendar.closes))
            total += max(min(closes, end) - max(opens, begin), timedelta(0))
        day += timedelta(days=1)
    return total


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        (london(2026, 1, 7, 8, 29, 59), False),
        (london(2026, 1, 7, 8, 30), True),
        (london(2026, 1, 7, 15, 29, 59), True),
        (london(2026, 1, 7, 15, 30), False),
        (london(2026, 1, 10, 10, 0), False),  # a Saturday
        (london(2026, 2, 18, 10, 0), False),  # half-term
        (london(2026, 4, 2, 10, 0), False),  # between two terms
        (london(2026, 7, 1, 9, 0), True),  # 08:00 by Greenwich: summer time counts
    ],
)
def test_open_on_school_days_between_the_bells(moment, open_):
    """The school is open from the moment it opens until the moment it closes, on its own clock, on school days only."""
    assert YEAR.is_open(moment) is open_


@pytest.mark.parametrize("day", [date(2025, 12, 24), date(2026, 7, 22), date(2030, 8, 5)])
def test_a_weekday_outside_everything_entered_counts_as_open(day):
    """Before the first and after the last term nothing is known, and what is not known holds nothing back."""
    assert YEAR.is_school_day(day)
    assert PLAIN.is_school_day(day)


def test_a_gap_too_long_to_be_a_break_is_a_forgotten_term():
    """Terms of two different years with nothing between them do not close the school for a year."""
    forgetful = Calendar(terms=((date(2025, 1, 6), date(2025, 4, 4)), (date(2026, 1, 5), date(2026, 4, 3))))
    assert forgetful.is_school_day(date(2025, 6, 11))


def test_a_wait_goes_on_after_the_weekend_the_clocks_change():
    """Half an hour is left on Friday, so one hour ends half an hour into Monday, by the new time."""
    assert PLAIN.after(london(2026, 3, 27, 15, 0), HOUR) == london(2026, 3, 30, 9, 0)
    assert PLAIN.after(london(2026, 10, 23, 15, 0), HOUR) == london(2026, 10, 26, 9, 0)


def test_an_hour_the_clocks_skip_is_not_counted():
    """On the night the clocks go forward, three hours of opening by the wall are two hours of waiting."""
    cairo = ZoneInfo("Africa/Cairo")
    before = datetime(2026, 4, 23, 12, 0, tzinfo=cairo)
    assert NIGHT_SCHOOL.after(before, 2 * HOUR) == datetime(2026, 4, 24, 3, 0, tzinfo=cairo)
    assert NIGHT_SCHOOL.after(before, 3 * HOUR) == datetime(2026, 4, 27, 1, 0, tzinfo=cairo)


def test_the_school_day_is_told_on_the_schools_own_clock():
    """A moment kept in UTC is shown as the people at the school would say it."""
    assert PLAIN.local(datetime(2026, 7, 1, 8, 0, tzinfo=UTC)).hour == 9
    assert PLAIN.school_day == 7 * HOUR


@given(calendars(), moments, spans)
def test_a_wait_holds_exactly_the_open_time_asked_for(calendar, now, span):
    """Across any term, holiday and change of clocks, the open time until the end of a wait is the wait."""
    assert open_time(calendar, now, calendar.after(now, span)) == span


@given(calendars(), moments, spans, spans)
def test_two_waits_one_after_the_other_are_one_long_wait(calendar, now, first, second):
    """Rungs are counted one after the other: nothing is lost or gained at the joints."""
    assume(second > timedelta(0))
    assert calendar.after(calendar.after(now, first), second) == calendar.after(now, first + second)


@given(calendars(), moments)
def test_the_next_opening_is_open_and_nothing_opens_before_it(calendar, now):
    """While the school is open that is now; otherwise it is the very first open moment to come."""
    opening = calendar.next_open(now)
    assert opening >= now
    assert calendar.is_open(opening)
    assert open_time(calendar, now, opening) == timedelta(0)
    assert (opening == now) is calendar.is_open(now)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"opens": time(16, 0)}, "opens"),
        ({"terms": ((date(2026, 3, 1), date(2026, 1, 1)),)}, "terms"),
        ({"holidays": ((date(2026, 3, 1), date(2026, 1, 1)),)}, "holidays"),
        ({"holidays": ((date(2026, 3, 1), date(2027, 1, 1)),)}, "holidays"),
    ],
)
def test_dates_that_make_no_sense_are_refused_by_their_key(settings, key):
    """A typing slip in the year must not silently close the school, or its clock, for good."""
    with pytest.raises(CalendarError, match=rf"^{key}"):
        Calendar(**settings)


def test_a_moment_without_a_time_zone_is_refused():
    """Nobody can tell whether the school is open then, and guessing could be an hour wrong."""
    with pytest.raises(ValueError, match="time zone"):
        PLAIN.is_open(datetime(2026, 1, 7, 10, 0))  # noqa: DTZ001 - the very mistake


def test_a_negative_wait_is_refused():
    """A wait that ends before it begins is a mistake of ours, not something to round to zero."""
    with pytest.raises(ValueError, match="shorter"):
        PLAIN.after(london(2026, 1, 7, 10, 0), -HOUR)
