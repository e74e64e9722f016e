"""Somebody turns out to be part of a case, or is too close to it: they lose it, and the clock goes on past them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flows.cases.calendar import Calendar
from flows.cases.case import Case, NotPossible, Status
from flows.cases.climbing import Climb
from flows.cases.clocks import wait
from flows.cases.notice import Notice, NoticeKind
from flows.cases.routing import CHAIR, DEPUTY, HEADTEACHER, LEAD, Involved, Route, Rungs, rungs
from flows.matters import DANGER

# Who is asked when the ladder is used up and somebody stepped aside.
_STAND_IN = (LEAD, DEPUTY, HEADTEACHER)


@dataclass(frozen=True, slots=True)
class Past:
    """A case without those who lost it. NOTICES take the place of whatever was still to be said; DOOR are the roles told now."""

    case: Case
    notices: tuple[Notice, ...]
    door: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """How far the case has climbed, and how the school counts the hours from now."""

    climbs: Sequence[Climb]
    calendar: Calendar
    now: datetime


def left_out(case: Case) -> frozenset[str]:
    """The roles that CASE was kept from when it was opened, as far as its ladder shows: what went to the chair stays there."""
    if not case.rungs:
        return frozenset({CHAIR})
    only_chair = case.matter != DANGER and all(rung == (CHAIR,) for rung in case.rungs)
    return frozenset({HEADTEACHER}) if only_chair else frozenset()


def past(case: Case, part: Involved, route: Route, clock: Clock) -> Past:
    """CASE after it turned out that PART is part of it. Nobody of them keeps it, and ROUTE without them takes over.

    Whoever was told already and is no part of it keeps sight of it: it cannot be unsaid. Where it is about the headteacher, the
    chair has to have it, whoever else said that they do.
    """
    ladder = rungs(route, part.roles)
    before = told_already(case, clock)
    known = {role for rung in before for role in rung}
    further = _without(ladder, known)
    taken = case.holder is not None and case.holder in part.people
    if taken and not further:
        # Everybody on the route heard that somebody has it, and is not told twice: it has to come before somebody new.
        further = _without(((CHAIR,),), known | part.roles)
    reopened = taken or (not case.waiting and further == ((CHAIR,),) and ladder == ((CHAIR,),))
    after = replace(
        case,
        concerns=case.concerns | part.people,
        rungs=(*before, *further),
        status=Status.OPEN if reopened else case.status,
        holder=None if taken else case.holder,
        acknowledged_at=None if reopened else case.acknowledged_at,
    )
    # Where those who come first on the ladder have it before them, the next ones are told when their time has come.
    in_time = not reopened and bool(ladder) and known.issuperset(ladder[0]) and not _overdue(clock)
    return on_the_clock(after, further, clock, first=int(in_time), somebody_left=bool(known - part.roles) and not reopened)


def pass_on(case: Case, person: str, clock: Clock) -> Past:
    """PERSON is too close to somebody in CASE and steps aside: they lose it, need no reason, and the next is told now."""
    if case.status is Status.CLOSED:
        raise NotPossible(f"{case.reference} has already been closed.")
    theirs = case.holder == person
    case = replace(
        case,
        concerns=case.concerns | {person},
        status=Status.OPEN if theirs else case.status,
        holder=None if theirs else case.holder,
        acknowledged_at=None if theirs else case.acknowledged_at,
    )
    before = told_already(case, clock)
    further = case.rungs[len(before) :]
    if not further:
        known = {role for rung in before for role in rung}
        further = tuple((role,) for role in _STAND_IN if role not in known)[:1]
    return on_the_clock(replace(case, rungs=(*before, *further)), further, clock, first=0, somebody_left=False)


def told_already(case: Case, clock: Clock) -> Rungs:
    """The rungs of CASE up to the last one that was told: what comes after them can still be changed.

    A rung whose time has come and which nobody has got to yet is none of them: its notice is withdrawn with the others, and it
    would never be told.
    """
    return case.rungs[: max((one.rung for one in clock.climbs if one.told), default=-1) + 1]


def _overdue(clock: Clock) -> bool:
    """Whether somebody should have been told by now, and has not been yet."""
    return any(not one.told and one.due_at <= clock.now for one in clock.climbs)


def on_the_clock(case: Case, further: Rungs, clock: Clock, *, first: int, somebody_left: bool) -> Past:
    """CASE with its FURTHER rungs on the clock, beginning after FIRST waits. What somebody has already is said to nobody."""
    if not case.waiting:
        return Past(case, (), ())
    pause = wait(case.severity, clock.calendar)
    begin = len(case.rungs) - len(further)
    pushes = tuple(
        Notice(case.id, begin + step, NoticeKind.PUSH, pause.times(first + step, clock.calendar, clock.now))
        for step in range(len(further))
    )
    # With nobody new to tell, those who know have one more wait; with nobody left at all the reporter hears so at once.
    last = first + len(further) if further else int(somebody_left)
    phone = Notice(case.id, len(case.rungs), NoticeKind.PHONE, pause.times(last, clock.calendar, clock.now))
    return Past(case, (*pushes, phone), further[0] if further and not first else ())


def _without(ladder: Rungs, known: set[str] | frozenset[str]) -> Rungs:
    left = (tuple(role for role in rung if role not in known) for rung in ladder)
    return tuple(rung for rung in left if rung)
