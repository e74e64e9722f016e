"""How long each rung has, and which notices follow."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Severity
from flows.cases.clocks import notices
from flows.cases.notice import NoticeKind

LONDON = ZoneInfo("Europe/London")
SCHOOL = Calendar()
LADDER = (("dsl",), ("headteacher",), ("chair",))
FRIDAY_EVENING = datetime(2026, 3, 27, 20, 0, tzinfo=LONDON)


def case(severity, rungs=LADDER):
    """A case as it is when it has just been opened."""
    return Case("c1", "SP-7K2M4", "tell_the_lead", severity, FRIDAY_EVENING, rungs=rungs)


def due(severity, now=FRIDAY_EVENING, rungs=LADDER):
    """When each notice falls due, on the school's clock."""
    return [notice.due_at.astimezone(LONDON) for notice in notices(case(severity, rungs), SCHOOL, now)]


def at(day, hour, minute=0):
    """A moment of March 2026 at the school."""
    return datetime(2026, 3, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize("severity", Severity)
def test_the_first_rung_is_told_now_whatever_the_hour(severity):
    """A push is never held back until the school opens; only the waiting for an answer is counted in school hours."""
    assert due(severity)[0] == FRIDAY_EVENING


@pytest.mark.parametrize(("severity", "span"), [(Severity.IMMEDIATE, timedelta(minutes=5)), (Severity.HIGH, timedelta(hours=1))])
def test_what_is_urgent_climbs_through_the_night(severity, span):
    """Danger gives each rung five minutes and a serious concern an hour, by the wall clock, weekend or not."""
    elapsed = [moment.astimezone(UTC) - FRIDAY_EVENING.astimezone(UTC) for moment in due(severity)]
    assert elapsed == [timedelta(0), span, 2 * span, 3 * span]


def test_a_medium_matter_climbs_after_a_school_day_of_six_hours():
    """Reported on Friday evening, it climbs on Monday at 14:30; the change of the clocks in between costs nothing."""
    assert due(Severity.MEDIUM) == [
        FRIDAY_EVENING,
        at(30, 14, 30),
        datetime(2026, 3, 31, 13, 30, tzinfo=LONDON),
        datetime(2026, 4, 1, 12, 30, tzinfo=LONDON),
    ]


def test_a_medium_matter_never_outlasts_a_short_school_day():
    """Where school lasts three hours, "the same school day" is those three."""
    short = Calendar(opens=time(9, 0), closes=time(12, 0))
    assert notices(case(Severity.MEDIUM), short, at(30, 9))[1].due_at == at(30, 12)


def test_a_low_matter_climbs_after_two_school_days():
    """Reported on Friday evening, the first rung has all of Monday and Tuesday."""
    assert due(Severity.LOW)[1] == at(31, 15, 30)


def test_the_last_notice_asks_the_reporter_to_phone():
    """It stands one rung above the ladder, one more wait after the last rung was told."""
    sent = notices(case(Severity.HIGH), SCHOOL, FRIDAY_EVENING)
    assert [(notice.rung, notice.kind) for notice in sent] == [
        (0, NoticeKind.PUSH),
        (1, NoticeKind.PUSH),
        (2, NoticeKind.PUSH),
        (3, NoticeKind.PHONE),
    ]
    assert {notice.case for notice in sent} == {"c1"}


@pytest.mark.parametrize("severity", Severity)
def test_when_nobody_is_left_to_tell_the_reporter_hears_so_at_once(severity):
    """A report about everybody on the ladder must not wait for a rung that does not exist."""
    (only,) = notices(case(severity, rungs=()), SCHOOL, FRIDAY_EVENING)
    assert (only.kind, only.rung, only.due_at) == (NoticeKind.PHONE, 0, FRIDAY_EVENING)
