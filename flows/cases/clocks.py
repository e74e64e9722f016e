"""How long each rung of a route has before the next one is told, and the notices that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Severity, Status
from flows.cases.notice import Notice, NoticeKind

NEXT_PERSON = timedelta(minutes=5)
ONE_HOUR = timedelta(hours=1)
SAME_SCHOOL_DAY = timedelta(hours=6)

# How many school days somebody may have a case without a step before it is late: whoever sent it is waiting for a word.
UPDATE_URGENT, UPDATE = 1, 5


class Clocked(Protocol):
    """What of a case its clock depends on."""

    @property
    def severity(self) -> Severity: ...

    @property
    def status(self) -> Status: ...

    @property
    def waiting(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody has. `school_hours` means that nights, weekends and holidays do not count."""

    span: timedelta
    school_hours: bool

    def times(self, count: int, calendar: Calendar, now: datetime) -> datetime:
        """The moment COUNT such waits after NOW."""
        if count == 0:
            return now
        return calendar.after(now, self.span * count) if self.school_hours else now + self.span * count


def wait(severity: Severity, calendar: Calendar) -> Wait:
    """How long one rung has at this severity: the usual time, or the school's own where that is shorter. It is never longer."""
    usual = usual_wait(severity, calendar)
    own = dict(calendar.paces).get(severity.value)
    return usual if own is None else replace(usual, span=min(own, usual.span))


def usual_wait(severity: Severity, calendar: Calendar) -> Wait:
    """How long one rung has where the school says nothing. What is urgent is never held back until the school opens."""
    match severity:
        case Severity.IMMEDIATE:
            return Wait(NEXT_PERSON, school_hours=False)
        case Severity.HIGH:
            return Wait(ONE_HOUR, school_hours=False)
        case Severity.MEDIUM:
            return Wait(min(SAME_SCHOOL_DAY, calendar.school_day), school_hours=True)
        case Severity.LOW:
            return Wait(calendar.school_day * 2, school_hours=True)


def notices(case: Case, calendar: Calendar, now: datetime) -> tuple[Notice, ...]:
    """Everything that has to be said about CASE if nobody takes it: the first rung now, each further one after its wait.

    The last one asks the reporter to phone. It stands one rung above the ladder, and comes at once when the ladder is empty.
    """
    pause = wait(case.severity, calendar)
    pushes = (Notice(case.id, rung, NoticeKind.PUSH, pause.times(rung, calendar, now)) for rung in range(len(case.rungs)))
    last = len(case.rungs)
    return (*pushes, Notice(case.id, last, NoticeKind.PHONE, pause.times(last, calendar, now)))


def due(case: Clocked, since: datetime, calendar: Calendar) -> datetime:
    """By when somebody has to have CASE, its clock running SINCE then; or whoever has it to do something, having last done so."""
    if case.waiting:
        return wait(case.severity, calendar).times(1, calendar, since)
    urgent = case.severity in (Severity.IMMEDIATE, Severity.HIGH)
    return calendar.after(since, calendar.school_day * (UPDATE_URGENT if urgent else UPDATE))


def late(case: Clocked, since: datetime, calendar: Calendar, now: datetime) -> bool:
    """Whether CASE has waited too long: for somebody to have it, or for a step by whoever has it."""
    return case.status is not Status.CLOSED and due(case, since, calendar) <= now
