"""A drill: a case of which nothing happened, on the real way to the real people, and said to be a drill wherever it is shown."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot import wording_digests as wording
from bot.messages import Reply
from bot.schools import School
from bot.turn import Outcome
from flows.cases.case import Case, Ending, NotPossible, Said, Severity, Status, reference
from flows.cases.clocks import notices
from flows.cases.figures import Drill
from flows.cases.notice import Notice, NoticeKind
from flows.matters import MATTERS, TELL_THE_LEAD
from storage.kept import Act

# A drill that nobody ended is over by itself after this.
OVER_AFTER = timedelta(days=1)
# After this it is time for the next one: about once a term.
HOLD_ONE_WITHIN = timedelta(days=120)

STARTED, ENDED, FOUND = "drill started", "drill over", "drill timed"


def mark(case: Case, text: str) -> str:
    """TEXT as it is said about CASE: nobody may take a drill for the real thing."""
    return f"{wording.DRILL_MARK}{text}" if case.drill and not text.startswith(wording.DRILL_MARK) else text


def marked(case: Case, reply: Reply) -> Reply:
    """REPLY about CASE, said to be a drill where it is one: in its title, which a locked screen shows, or else in its text."""
    if not case.drill:
        return reply
    if reply.title:
        return replace(reply, title=mark(case, reply.title))
    return replace(reply, text=mark(case, reply.text))


def begin(
    school: School, now: datetime, *, matter: str = TELL_THE_LEAD, severity: Severity = Severity.HIGH, climb: bool = False
) -> Outcome:
    """A drill on MATTER, to be recorded. Everybody on its way is told at once, so that each place is tried and nobody left out.

    With CLIMB one step comes after the other, as the clocks of a real report have it, until somebody says that they have it.
    """
    if MATTERS[matter].asks:
        raise NotPossible("That event asks for a decision, which others would act on. Try out one that reports something.")
    route = school.routes[matter]
    case = Case(
        id=uuid.uuid4().hex,
        reference=reference(),
        matter=matter,
        severity=severity,
        opened_at=now,
        rungs=school.ladder(matter, ()),
        refs=route.ref,
        steps=route.steps,
        said=(Said(wording.DRILL_SAID_QUESTION, wording.DRILL_SAID, "drill"),),
        drill=True,
    )
    if not case.rungs:
        raise NotPossible("Nobody is on the way of that event at this school, so there is nothing to try out.")
    # Nobody sent it, so nobody is told to phone: the last notice of a real report is left out.
    pushes = (one for one in notices(case, school.calendar, now) if one.kind is NoticeKind.PUSH)
    planned = tuple(pushes) if climb else tuple(Notice(case.id, rung, NoticeKind.PUSH, now) for rung in range(len(case.rungs)))
    details = json.dumps({"matter": matter, "severity": severity.value})
    return Outcome(opened=(case,), notices=planned, audit=(Act("case opened", case.id, details=details), Act(STARTED, case.id)))


def over(case: Case, now: datetime) -> Outcome:
    """The drill CASE is closed: nothing of it climbs any more, and every card says so."""
    closed = replace(case, status=Status.CLOSED, closed_at=now, ending=Ending.MISTAKE)
    return Outcome(changed=(closed,), settled=(case.id,), audit=(Act(ENDED, case.id),))


def found(drill: Drill, now: datetime) -> Act:
    """What DRILL came to by NOW, for the audit: numbers, and nobody's name."""
    numbers: Mapping[str, object] = {
        "reference": drill.case.reference,
        "told": len(drill.trials),
        "unreached": drill.unreached,
        "took_seconds": _seconds(drill.took),
        "answered_seconds": _seconds(drill.answered),
        "looked_at": now.isoformat(),
    }
    return Act(FOUND, drill.case.id, details=json.dumps(numbers))


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 1)
