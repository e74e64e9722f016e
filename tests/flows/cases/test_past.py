"""Somebody turns out to be part of a case, or steps aside: where it goes, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.calendar import Calendar
from flows.cases.case import Case, NotPossible, Severity, Status, acknowledge
from flows.cases.climbing import Climb
from flows.cases.notice import NoticeKind
from flows.cases.past import Clock, left_out, pass_on, past
from flows.cases.routing import Involved, Route, entangled, rungs

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ROUTE = Route("bullying_of_pupil", to=("dsl",), also=("headteacher",), climb=(("deputy_dsl",), ("slt",)))
HELD = {role: frozenset({role[0]}) for role in ("dsl", "headteacher", "chair", "slt", "it", "office")} | {
    "deputy_dsl": frozenset("p")
}
ROLES = tuple(HELD)


def case(**more: object) -> Case:
    """A case on its way up ROUTE."""
    fresh = Case("c1", "SP-7K2M4", ROUTE.matter, Severity.HIGH, NOW, rungs=rungs(ROUTE, frozenset()))
    return replace(fresh, **more)


def clock(*told: int, now: datetime = NOW) -> Clock:
    """The case has been told on the rungs TOLD; the others wait an hour each."""
    later = [Climb(rung, NOW + timedelta(hours=rung), told=rung in told) for rung in range(3)]
    return Clock(later, Calendar(), now)


def test_about_a_lead_whose_case_it_was_goes_to_somebody_new_and_not_to_the_deputy():
    """Headteacher and lead were told together; the lead took it, the headteacher heard that. Somebody new has to have it."""
    gone = past(acknowledge(case(), "d", NOW), entangled({"dsl"}, HELD), ROUTE, clock(0))
    assert (gone.case.status, gone.case.holder, gone.case.concerns) == (Status.OPEN, None, {"d"})
    assert gone.case.rungs == (("dsl", "headteacher"), ("slt",))
    assert gone.door == ("slt",)
    assert [(one.kind, one.rung, one.due_at - NOW) for one in gone.notices] == [
        (NoticeKind.PUSH, 1, timedelta(0)),
        (NoticeKind.PHONE, 2, timedelta(hours=1)),
    ]


def test_about_the_headteacher_comes_to_the_chair_whoever_else_has_it():
    """The lead has it, and works for the headteacher: it is open again, the lead keeps sight of it, and the chair is told now."""
    gone = past(acknowledge(case(), "d", NOW), entangled({"headteacher"}, HELD), ROUTE, clock(0))
    assert (gone.case.status, gone.case.holder, gone.door) == (Status.OPEN, "d", ("chair",))
    assert gone.case.rungs == (("dsl", "headteacher"), ("chair",)), "nobody who works for the headteacher is climbed to"


def test_a_rung_whose_time_has_come_and_that_nobody_got_to_is_told_now_and_not_passed_over():
    """The second rung should have been told half an hour ago, but for an outage; it is told whom the case is about just before."""
    late = NOW + timedelta(hours=1, minutes=30)
    gone = past(case(), entangled({"slt"}, HELD), ROUTE, clock(0, now=late))
    assert gone.case.rungs == (("dsl", "headteacher"), ("deputy_dsl",))
    assert [(one.kind, one.rung, one.due_at - late) for one in gone.notices] == [
        (NoticeKind.PUSH, 1, timedelta(0)),
        (NoticeKind.PHONE, 2, timedelta(hours=1)),
    ]


def test_about_somebody_further_up_changes_nothing_for_those_who_have_it():
    """The deputy is part of it and has not been told: the next rung keeps its wait, and the deputy's is gone."""
    gone = past(case(), entangled({"deputy_dsl"}, HELD), ROUTE, clock(0))
    assert gone.case.rungs == (("dsl", "headteacher"), ("slt",))
    assert gone.door == ()
    assert [one.due_at - NOW for one in gone.notices] == [timedelta(hours=1), timedelta(hours=2)]


def test_about_the_chair_leaves_those_who_know_and_then_the_telephone():
    """Nobody stands above the chair: nobody new is told, and after one more wait the reporter is asked to phone."""
    gone = past(case(), entangled({"chair"}, HELD), ROUTE, clock(0))
    assert gone.case.rungs == (("dsl", "headteacher"),)
    assert [(one.kind, one.due_at - NOW) for one in gone.notices] == [(NoticeKind.PHONE, timedelta(hours=1))]


def test_what_went_to_the_chair_stays_there_when_one_more_is_part_of_it():
    """It was about the headteacher, or about an adult nobody named: naming the lead as well opens no door to the others."""
    about_head = case(rungs=(("chair",),), concerns=frozenset("h"))
    assert left_out(about_head) == {"headteacher"}
    gone = past(about_head, entangled({"dsl"} | left_out(about_head), HELD, about_head.concerns), ROUTE, clock(0))
    assert {role for rung in gone.case.rungs for role in rung} == {"chair"}
    nobody = case(rungs=())
    assert left_out(nobody) == {"chair"}


def test_whoever_steps_aside_has_it_no_longer_and_the_next_is_told_now():
    """It is open again. Once the ladder is used up somebody stands in, and after that the reporter is asked to phone."""
    gone = pass_on(acknowledge(case(), "d", NOW), "d", clock(0))
    assert (gone.case.status, gone.case.holder, gone.door, gone.case.concerns) == (Status.OPEN, None, ("deputy_dsl",), {"d"})
    last = pass_on(case(), "s", clock(0, 1, 2))
    assert last.door == ()
    assert [(one.kind, one.due_at) for one in last.notices] == [(NoticeKind.PHONE, NOW)]
    only_it = case(rungs=(("it",),))
    assert pass_on(only_it, "i", clock(0)).door == ("dsl",)


def test_whoever_steps_aside_from_what_another_has_changes_nothing_else():
    """The other one still has it, and nobody is told anything."""
    gone = pass_on(acknowledge(case(), "d", NOW), "h", clock(0))
    assert (gone.case.holder, gone.notices, gone.door) == ("d", (), ())


def test_a_closed_case_is_not_passed_on():
    """There is nothing left to hand on."""
    with pytest.raises(NotPossible, match="already been closed"):
        pass_on(case(status=Status.CLOSED), "d", clock(0))


@given(
    st.frozensets(st.sampled_from(ROLES), min_size=1),
    st.integers(0, 2),
    st.sampled_from([None, *sorted(one for ids in HELD.values() for one in ids)]),
)
def test_nobody_involved_keeps_it_is_told_of_it_or_is_waited_for(named, climbed, holder):
    """Whoever is part of it, however far it has climbed, whoever has it."""
    before = case() if holder is None else acknowledge(case(), holder, NOW)
    part: Involved = entangled(named, HELD)
    gone = past(before, part, ROUTE, clock(*range(climbed + 1)))
    told = before.rungs[: climbed + 1]
    assert gone.case.rungs[: climbed + 1] == told, "what was told cannot be untold"
    assert not {role for rung in gone.case.rungs[climbed + 1 :] for role in rung} & part.roles
    assert gone.case.holder not in part.people
    assert part.people <= gone.case.concerns
    if not gone.case.waiting:
        assert gone.notices == ()
        return
    *pushes, phone = gone.notices
    assert [one.rung for one in pushes] == list(range(climbed + 1, len(gone.case.rungs)))
    assert (phone.kind, phone.rung) == (NoticeKind.PHONE, len(gone.case.rungs))
    assert [one.due_at for one in gone.notices] == sorted(one.due_at for one in gone.notices)
    assert holder is None or gone.case.holder == holder or not pushes or pushes[0].due_at == NOW
