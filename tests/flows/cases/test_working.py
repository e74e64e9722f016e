"""Taking a case, handing it on, changing how urgent it is: who may, who has it then, and what the clocks do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.calendar import Calendar
from flows.cases.case import Case, NotPossible, Severity, Status, acknowledge
from flows.cases.climbing import Climb
from flows.cases.clocks import due, late
from flows.cases.notice import NoticeKind
from flows.cases.past import Clock
from flows.cases.routing import TECHNICAL, Involved
from flows.cases.working import change_urgency, hand_on, has_it, may_work, more_urgent, roles_open_to, take

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LADDER = (("dsl", "headteacher"), ("deputy_dsl",), ("slt",))
CASE = Case("1", "SP-22222", "tell_the_lead", Severity.HIGH, NOW, rungs=LADDER)
ROLES = ("dsl", "deputy_dsl", "headteacher", "chair", "slt", "it", "office", "class_teacher", "dpo")
NOBODY = Involved(frozenset(), frozenset())


def clock(*told: int, now: datetime = NOW) -> Clock:
    """The rungs TOLD are told; the others wait an hour each from the beginning."""
    return Clock([Climb(rung, NOW + HOUR * rung, told=rung in told) for rung in range(len(LADDER))], Calendar(), now)


def plan(gone) -> list[tuple[NoticeKind, int, timedelta]]:
    """What is still to be said, and how long from now."""
    return [(one.kind, one.rung, one.due_at - NOW) for one in gone.notices]


def test_whoever_takes_it_has_it_whether_or_not_somebody_acknowledged_it():
    """When it was first seen stays as it was: the reporter was told that moment."""
    fresh = take(CASE, "lead", clock(0))
    assert (fresh.status, fresh.holder, fresh.acknowledged_at) == (Status.TAKEN, "lead", NOW)
    seen = acknowledge(CASE, "head", NOW)
    theirs = take(seen, "lead", clock(0, now=NOW + HOUR))
    assert (theirs.status, theirs.holder, theirs.acknowledged_at) == (Status.TAKEN, "lead", NOW)


def test_it_is_taken_once_and_not_after_it_was_closed():
    """A second tap is told so, and so is whoever comes too late."""
    taken = take(CASE, "lead", clock(0))
    with pytest.raises(NotPossible, match="yours already"):
        take(taken, "lead", clock(0))
    with pytest.raises(NotPossible, match="closed"):
        take(replace(CASE, status=Status.CLOSED), "lead", clock(0))


def test_who_may_decide_on_its_way():
    """Anybody who sees it while nobody has it; then only whoever has."""
    assert may_work(CASE, "anybody")
    taken = take(CASE, "lead", clock(0))
    assert may_work(taken, "lead")
    assert has_it(taken, "lead")
    assert not may_work(taken, "head")
    reopened = replace(taken, status=Status.OPEN)
    assert not has_it(reopened, "lead")
    assert may_work(reopened, "head")


def test_handed_on_it_goes_to_that_role_now_then_along_those_not_told_and_comes_back():
    """A new lap: nobody has it, and those who were told may be told again in the end."""
    gone = hand_on(take(CASE, "lead", clock(0)), "chair", clock(0))
    assert (gone.case.status, gone.case.holder, gone.case.acknowledged_at, gone.case.lap) == (Status.OPEN, None, None, 1)
    assert gone.case.rungs == (("dsl", "headteacher"), ("chair",), ("deputy_dsl",), ("slt",), ("dsl", "headteacher"))
    assert gone.door == ("chair",)
    assert plan(gone) == [
        (NoticeKind.PUSH, 1, HOUR * 0),
        (NoticeKind.PUSH, 2, HOUR),
        (NoticeKind.PUSH, 3, HOUR * 2),
        (NoticeKind.PUSH, 4, HOUR * 3),
        (NoticeKind.PHONE, 5, HOUR * 4),
    ]


def test_handed_to_a_role_of_its_own_way_that_role_comes_first_and_only_there():
    """The headteacher was told with the lead before: they are told now, in this lap, and not once more behind."""
    gone = hand_on(acknowledge(CASE, "lead", NOW), "headteacher", clock(0))
    assert gone.case.rungs == (("dsl", "headteacher"), ("headteacher",), ("deputy_dsl",), ("slt",), ("dsl",))
    assert gone.door == ("headteacher",)


def test_a_closed_case_is_not_handed_on():
    """There is nothing left to do about it."""
    with pytest.raises(NotPossible, match="closed"):
        hand_on(replace(CASE, status=Status.CLOSED), "chair", clock(0))


def test_more_urgent_the_clock_starts_anew_and_nobody_is_told_later_for_it():
    """Medium, with the deputy due in an hour: as an emergency they are told in five minutes."""
    case = replace(CASE, severity=Severity.MEDIUM)
    gone = change_urgency(case, Severity.IMMEDIATE, clock(0))
    assert gone.case.severity is Severity.IMMEDIATE
    minute = timedelta(minutes=1)
    assert plan(gone) == [
        (NoticeKind.PUSH, 1, 5 * minute),
        (NoticeKind.PUSH, 2, 10 * minute),
        (NoticeKind.PHONE, 3, 15 * minute),
    ]
    soon = Clock((Climb(0, NOW, told=True), Climb(1, NOW + minute, told=False)), Calendar(), NOW)
    assert plan(change_urgency(case, Severity.HIGH, soon))[0] == (NoticeKind.PUSH, 1, minute)


def test_less_urgent_everybody_has_longer():
    """What is said to be low does not wake the senior leaders tonight."""
    gone = change_urgency(CASE, Severity.LOW, clock(0))
    assert plan(gone)[0][2] > HOUR * 20


def test_what_somebody_has_changes_its_urgency_and_says_nothing_to_anybody():
    """The clock stands: it is theirs."""
    gone = change_urgency(acknowledge(CASE, "lead", NOW), Severity.IMMEDIATE, clock(0))
    assert (gone.notices, gone.case.severity, gone.case.holder) == ((), Severity.IMMEDIATE, "lead")


def test_the_same_urgency_and_a_closed_case_are_refused():
    """Nothing would change, and the record would say that something did."""
    with pytest.raises(NotPossible, match="already"):
        change_urgency(CASE, Severity.HIGH, clock(0))
    with pytest.raises(NotPossible, match="closed"):
        change_urgency(replace(CASE, status=Status.CLOSED), Severity.LOW, clock(0))


def test_what_looks_after_machines_and_paper_is_handed_a_case_only_on_its_way():
    """They see parts of reports; a whole one goes to them only where the route leads there. A class teacher is one of many."""
    usual = roles_open_to(CASE, ROLES, NOBODY)
    assert set(usual) == set(ROLES) - TECHNICAL - {"office", "class_teacher", "dpo"}
    site = replace(CASE, rungs=(("it",), ("office",)))
    assert {"it", "office"} <= set(roles_open_to(site, ROLES, NOBODY))


def test_nobody_who_works_for_somebody_in_it_is_offered_it():
    """About the headteacher it stays with the chair; a deputy does not look into the lead."""
    assert roles_open_to(CASE, ROLES, Involved(frozenset({"headteacher"}), frozenset({"h"}))) == ("chair",)
    assert "deputy_dsl" not in roles_open_to(CASE, ROLES, Involved(frozenset({"dsl"}), frozenset({"d"})))
    assert roles_open_to(CASE, ROLES, Involved(frozenset({"headteacher", "chair"}), frozenset())) == ()


@given(
    told=st.sets(st.integers(0, 2)),
    to=st.sampled_from(ROLES),
    severity=st.sampled_from(Severity),
    status=st.sampled_from((Status.OPEN, Status.ACKNOWLEDGED, Status.TAKEN)),
    minutes=st.integers(0, 60 * 24 * 4),
)
def test_whatever_was_told_before_a_handed_on_case_reaches_the_role_now_and_ends_with_the_reporter(
    told, to, severity, status, minutes
):
    """Nothing of the old clock is left, the new one has no gap, and nobody of the old way is lost."""
    case = replace(CASE, severity=severity, status=status, holder="lead")
    now = NOW + timedelta(minutes=minutes)
    gone = hand_on(case, to, clock(*told, now=now))
    rungs = [one.rung for one in gone.notices]
    assert rungs == list(range(rungs[0], len(gone.case.rungs) + 1))
    assert gone.case.rungs[rungs[0]] == (to,)
    assert gone.notices[0].due_at == now
    assert [one.due_at for one in gone.notices] == sorted(one.due_at for one in gone.notices)
    assert gone.notices[-1].kind is NoticeKind.PHONE
    ahead = {role for rung in gone.case.rungs[rungs[0] :] for role in rung}
    assert ahead == {role for rung in LADDER for role in rung} | {to}


@given(
    before=st.sampled_from(Severity), after=st.sampled_from(Severity), told=st.integers(0, 3), minutes=st.integers(0, 60 * 24 * 4)
)
def test_more_urgent_is_never_later_than_it_was_planned(before, after, told, minutes):
    """Whatever had been told by then, and whenever it is said."""
    if not more_urgent(after, before):
        return
    now = NOW + timedelta(minutes=minutes)
    planned = [Climb(rung, now + HOUR * 3 * rung, told=rung < told) for rung in range(len(LADDER))]
    gone = change_urgency(replace(CASE, severity=before), after, Clock(planned, Calendar(), now))
    for one in gone.notices:
        earlier = [climb.due_at for climb in planned if climb.rung == one.rung and not climb.told]
        assert all(one.due_at <= at for at in earlier)


def test_late_is_what_nobody_took_in_time_and_what_was_left_alone():
    """An hour for what is urgent and waits; a school day, or five, for whoever has it to take a step."""
    day = Calendar()
    assert due(CASE, NOW, day) == NOW + HOUR
    assert not late(CASE, NOW, day, NOW + timedelta(minutes=59))
    assert late(CASE, NOW, day, NOW + HOUR)
    held = acknowledge(CASE, "lead", NOW)
    assert due(held, NOW, day) == NOW + timedelta(days=1), "a school day later"
    assert due(replace(held, severity=Severity.LOW), NOW, day) == NOW + timedelta(days=7), "five school days and a weekend"
    assert not late(replace(held, status=Status.CLOSED), NOW, day, NOW + timedelta(days=99))
