"""How far a case has climbed, and what "nothing has happened" does to its ladder and its clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Severity, Status, acknowledge
from flows.cases.climbing import AGAIN_AFTER, Climb, again_after, ahead, next_rung, one_up, told
from flows.cases.notice import NoticeKind

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CALENDAR = Calendar()
HOUR = timedelta(hours=1)
CASE = Case("1", "SP-22222", "tell_the_lead", Severity.HIGH, NOW, rungs=(("dsl",), ("deputy_dsl",), ("headteacher",)))
FRESH = (Climb(0, NOW, told=True), Climb(1, NOW + HOUR, told=False), Climb(2, NOW + 2 * HOUR, told=False))


def test_what_is_due_this_moment_counts_as_told():
    """A second tap, before the first card went out, must not count the same rung as still to come."""
    assert told(FRESH, NOW) == {0}
    assert told(FRESH, NOW + HOUR) == {0, 1}
    assert next_rung(CASE, FRESH, NOW) == 1
    assert next_rung(CASE, (*FRESH, Climb(1, NOW, told=False)), NOW) == 2


def test_what_comes_next_by_the_clock_is_the_first_rung_nobody_was_told_on():
    """A rung that was told early and stands there again later brings nobody new."""
    assert ahead(FRESH, NOW) == FRESH[1]
    assert ahead((*FRESH, Climb(1, NOW, told=True)), NOW) == FRESH[2]
    assert ahead(FRESH, NOW + 3 * HOUR) is None


def test_a_waiting_case_has_its_next_rung_told_now_and_stays_as_it_is():
    """Nobody has it: the clock runs already, and one notice is enough."""
    case, notices = one_up(CASE, 1, FRESH, CALENDAR, NOW)
    assert case == CASE
    assert [(one.rung, one.kind, one.due_at) for one in notices] == [(1, NoticeKind.PUSH, NOW)]


def test_a_case_that_somebody_has_is_open_again_and_climbs_from_there():
    """They keep sight of it, the rungs above are told one after the other, and at the end the reporter is told to phone."""
    taken = acknowledge(CASE, "lead", NOW)
    case, notices = one_up(taken, 1, FRESH[:1], CALENDAR, NOW + HOUR)
    assert (case.status, case.holder, case.acknowledged_at) == (Status.OPEN, "lead", None)
    assert [(one.rung, one.kind) for one in notices] == [(1, NoticeKind.PUSH), (2, NoticeKind.PUSH), (3, NoticeKind.PHONE)]
    assert [one.due_at for one in notices] == [NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR]


def test_the_ladder_is_used_up_once_everybody_was_told():
    """Also for a case that nobody at the school could be told of."""
    assert next_rung(CASE, FRESH, NOW + 5 * HOUR) is None
    assert next_rung(replace(CASE, rungs=()), (), NOW) is None


@given(st.sampled_from(Severity), st.integers(0, 60 * 24 * 14))
def test_it_can_be_said_again_within_the_hour_and_never_at_once(severity: Severity, minutes: int):
    """A rung gets some time at every severity and hour, and nobody frightened is put off for longer than an hour."""
    at = NOW + timedelta(minutes=minutes)
    until = again_after(replace(CASE, severity=severity), CALENDAR, at)
    assert timedelta(0) < until - at <= AGAIN_AFTER
