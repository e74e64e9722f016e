"""How far a case has climbed, and what follows when whoever sent it says that nothing has happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Status
from flows.cases.clocks import wait
from flows.cases.notice import Notice, NoticeKind

# However long a rung has, whoever says that nothing has happened may say it again after this.
AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Climb:
    """One notice of a case to the people of one rung: when it was or is due, and whether it has gone out."""

    rung: int
    due_at: datetime
    told: bool
    nobody: bool = False  # it has gone out, and there was nobody who could be told


def told(climbs: Sequence[Climb], now: datetime) -> frozenset[int]:
    """The rungs that have been told by NOW, or are being told at this moment."""
    return frozenset(one.rung for one in climbs if one.told or one.due_at <= now)


def reached(climbs: Sequence[Climb], now: datetime) -> frozenset[int]:
    """Those of them on which there was somebody to tell."""
    return frozenset(one.rung for one in climbs if (one.told or one.due_at <= now) and not one.nobody)


def ahead(climbs: Sequence[Climb], now: datetime) -> Climb | None:
    """What the clock will do next, if anything."""
    gone = told(climbs, now)
    left = [one for one in climbs if one.rung not in gone]
    return min(left, key=lambda one: (one.due_at, one.rung), default=None)


def next_rung(case: Case, climbs: Sequence[Climb], now: datetime) -> int | None:
    """The lowest rung of CASE that nobody has been told on; None when the ladder is used up."""
    gone = told(climbs, now)
    return next((rung for rung in range(len(case.rungs)) if rung not in gone), None)


def one_up(case: Case, rung: int, climbs: Sequence[Climb], calendar: Calendar, now: datetime) -> tuple[Case, tuple[Notice, ...]]:
    """CASE with RUNG told now. If somebody had it, it is open again; they keep sight of it, and the clock restarts."""
    if case.waiting:
        # What the clock brings later comes one step sooner from here on: a rung that has been told already is passed over.
        return case, (Notice(case.id, rung, NoticeKind.PUSH, now),)
    gone = told(climbs, now)
    left = [one for one in range(rung, len(case.rungs)) if one not in gone]
    pause = wait(case.severity, calendar)
    pushes = (Notice(case.id, one, NoticeKind.PUSH, pause.times(step, calendar, now)) for step, one in enumerate(left))
    last = Notice(case.id, len(case.rungs), NoticeKind.PHONE, pause.times(len(left), calendar, now))
    return replace(case, status=Status.OPEN, acknowledged_at=None), (*pushes, last)


def again_after(case: Case, calendar: Calendar, at: datetime) -> datetime:
    """When somebody who said AT that nothing has happened may say it again: the next rung needs its time."""
    return min(wait(case.severity, calendar).times(1, calendar, at), at + AGAIN_AFTER)
