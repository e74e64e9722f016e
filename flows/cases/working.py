"""Working on a case: taking it, handing it on, saying how urgent it is. Who may, and what the clocks do then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flows.cases.case import Case, NotPossible, Severity, Status
from flows.cases.climbing import Climb
from flows.cases.notice import Notice
from flows.cases.past import Clock, Past, on_the_clock, told_already
from flows.cases.routing import CHAIR, CLASS_TEACHER, DEPUTY, HEADTEACHER, LEAD, TECHNICAL, Involved

# They are sent the part of a report that they need, as a case of its own. A whole one is handed to them only where its way
# leads there anyway.
_PARTS_ONLY = TECHNICAL | {"office", "dpo"}
# So many hold this role that handing a case to it would be publishing it.
_MANY = frozenset({CLASS_TEACHER})
_URGENCY = tuple(Severity)  # the most urgent first


def has_it(case: Case, person: str) -> bool:
    """Whether PERSON has CASE: they acknowledged or took it, and nobody else did since."""
    return case.holder == person and case.status in (Status.ACKNOWLEDGED, Status.TAKEN)


def may_work(case: Case, person: str) -> bool:
    """Whether PERSON, who can see CASE, may decide on its way: whoever has it, and anybody as long as nobody has."""
    return case.waiting or has_it(case, person)


def take(case: Case, person: str, clock: Clock) -> Case:
    """PERSON says: it is mine, I do it. Whoever had acknowledged or taken it before has it no longer."""
    if case.status is Status.CLOSED:
        raise NotPossible(f"{case.reference} has already been closed.")
    if case.status is Status.TAKEN and case.holder == person:
        raise NotPossible(f"{case.reference} is yours already.")
    return replace(case, status=Status.TAKEN, holder=person, acknowledged_at=case.acknowledged_at or clock.now)


def roles_open_to(case: Case, roles: Iterable[str], part: Involved) -> tuple[str, ...]:
    """Those of ROLES that CASE may be handed to, as far as it is decided by roles. PART is who is part of it.

    Nobody who works for somebody in it is asked to look into it: what is about the headteacher stays with the chair, and
    a deputy does not look into the lead.
    """
    on_its_way = {role for rung in case.rungs for role in rung}
    shut = set(part.roles) | _MANY | (_PARTS_ONLY - on_its_way)
    if LEAD in shut:
        shut.add(DEPUTY)
    only = {CHAIR} if HEADTEACHER in shut else None
    return tuple(role for role in roles if role not in shut and (only is None or role in only))


def hand_on(case: Case, role: str, clock: Clock) -> Past:
    """CASE goes to whoever holds ROLE: they are told now, and nobody has it until one of them says so.

    If they do not, it goes on along those who were not told yet, and then comes back to those who were.
    """
    if case.status is Status.CLOSED:
        raise NotPossible(f"{case.reference} has already been closed.")
    before = told_already(case, clock)
    left = [tuple(one for one in rung if one != role) for rung in case.rungs[len(before) :]]
    again = tuple(dict.fromkeys(one for rung in before for one in rung if one != role))
    further = ((role,), *(rung for rung in left if rung), *((again,) if again else ()))
    open_again = replace(case, status=Status.OPEN, holder=None, acknowledged_at=None, lap=case.lap + 1, rungs=(*before, *further))
    return on_the_clock(open_again, further, clock, first=0, somebody_left=True)


def change_urgency(case: Case, severity: Severity, clock: Clock) -> Past:
    """CASE is as urgent as SEVERITY says. Where nobody has it yet its clock starts anew, and what is more urgent comes no later."""
    if case.status is Status.CLOSED:
        raise NotPossible(f"{case.reference} has already been closed.")
    if case.severity is severity:
        raise NotPossible(f"{case.reference} is as urgent as that already.")
    before = told_already(case, clock)
    further = case.rungs[len(before) :]
    now_urgent = on_the_clock(replace(case, severity=severity), further, clock, first=int(bool(before)), somebody_left=bool(before))
    if not more_urgent(severity, case.severity):
        return now_urgent
    sooner = tuple(_no_later(notice, clock.climbs) for notice in now_urgent.notices)
    return replace(now_urgent, notices=sooner)


def more_urgent(one: Severity, other: Severity) -> bool:
    """Whether ONE is more urgent than the OTHER."""
    return _URGENCY.index(one) < _URGENCY.index(other)


def _no_later(notice: Notice, climbs: Iterable[Climb]) -> Notice:
    planned = [climb.due_at for climb in climbs if climb.rung == notice.rung and not climb.told]
    return replace(notice, due_at=min((notice.due_at, *planned)))
