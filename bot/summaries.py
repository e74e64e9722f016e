"""What a push, a case page and a reporter's status say. Pure: a case and a school in, a Reply out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot import case_buttons, wording, wording_cases, wording_sent
from bot.drill import mark
from bot.messages import Choice, Reply
from bot.schools import School
from flows.cases.case import Case, Severity, Status
from flows.cases.clocks import due
from flows.cases.routing import UNNAMED_ADULT
from flows.matters import matter
from storage.kept import Person

_SECTION = "section "


def role_words(school: School, roles: Sequence[str]) -> str:
    """ROLES as this school calls them, as people say a list."""
    return wording.listed([_role(school, role) for role in roles])


def _role(school: School, role: str) -> str:
    """ROLE in words. Somebody may do no more than work there, and a report may name an adult without saying who."""
    if role in school.roles:
        return f"the {school.roles[role]}"
    return wording.UNNAMED if role == UNNAMED_ADULT else wording_cases.AT_WORK_HERE


def in_role(case: Case, person: Person) -> tuple[str, ...]:
    """The role in which PERSON has to do with CASE: others hear a role, never a name."""
    way = [role for rung in case.rungs for role in rung]
    return tuple(role for role in way if role in person.roles)[:1] or person.roles[:1]


def by_role(case: Case, person: Person | None, school: School) -> str:
    """PERSON, who has to do with CASE, as others hear of them: by their role there, or as somebody where they have none."""
    roles = () if person is None or person.id in case.concerns else in_role(case, person)
    return role_words(school, roles) if roles else wording_cases.SOMEBODY


def telling(school: School, case: Case, sentence: str, told: Sequence[str] | None = None) -> str:
    """SENTENCE with the reference and who is TOLD first; or the truth when nobody can be.

    None: the roles of the first rung, where nobody has looked who is there.
    """
    if not case.rungs:
        return wording.NOBODY_TO_TELL.format(reference=case.reference)
    if told is not None and not told:
        return wording_sent.NOBODY_THERE.format(reference=case.reference)
    return sentence.format(reference=case.reference, roles=role_words(school, told or case.rungs[0]))


def push(case: Case, school: School, *, climbed: bool = False) -> Reply:
    """The card for a role holder: the least that lets them act. No name and nothing that was written."""
    route = school.routes[case.matter]
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(case.steps, 1))
    lines = [wording_cases.HANDED_ON_CARD] if case.lap else [wording.ESCALATED] if climbed else []
    if steps:
        lines.append(f"{wording.NEXT}\n{steps}")
    facts = [
        (wording_cases.WHAT, matter(case.matter).title),
        (wording_cases.HOW_SOON, how_soon(case.severity, school)),
        (wording_cases.SENT, wording.day_and_clock(case.opened_at, school.zone)),
    ]
    if found := where(case, school):
        facts.append(("Policy", found))
    if route.label in wording.LABELS:
        facts.append(("Why you", wording.LABELS[route.label]))
    return Reply(
        text="\n\n".join(lines),
        title=mark(case, wording.NEEDS_YOU.format(reference=case.reference)),
        facts=tuple(facts),
        choices=case_buttons.ON_A_CARD,
        about=f"case:{case.id}",
        anywhere=True,
    )


def places(case: Case, school: School) -> tuple[str, ...]:
    """Where the policy says what CASE goes by."""
    policy = school.policy
    # A case may be older than the policy we have now: a rule that has gone is not looked up any more.
    return tuple(dict.fromkeys(policy.place(policy.section(ref)) for ref in case.refs if ref in policy))


def how_soon(severity: Severity, school: School) -> str:
    """By when somebody has to have a report of SEVERITY at SCHOOL, in the usual words or with the school's own minutes."""
    own = dict(school.calendar.paces).get(severity.value)
    if own is None or severity is Severity.IMMEDIATE:
        return wording.URGENCY[severity.value]
    minutes = int(own / timedelta(minutes=1))
    return (wording.WITHIN if severity is Severity.HIGH else wording.WITHIN_OPENING).format(minutes=minutes)


def where(case: Case, school: School) -> str:
    """The same in a line: the numbered sections together, and by their titles those that have no number."""
    found = places(case, school)
    numbers = [place.removeprefix(_SECTION) for place in found if place.startswith(_SECTION)]
    sections = [f"{_SECTION.strip() if len(numbers) == 1 else 'sections'} {', '.join(numbers)}"] if numbers else []
    return ", ".join((*sections, *(place for place in found if not place.startswith(_SECTION))))


def taken(case: Case, school: School, by: str = "") -> Reply:
    """What a card becomes once somebody has the case, and what whoever was slower hears: since when, and BY which role."""
    when = case.acknowledged_at
    text = wording.ALREADY.format(reference=case.reference)
    if when is not None:
        since = wording.clock(when, school.zone)
        text += f" {wording_cases.ALREADY_BY.format(when=since, role=by)}" if by else f" ({since})"
    return Reply(text=mark(case, text), about=f"case:{case.id}")


def held(case: Case, school: School) -> Reply:
    """What the card of whoever has CASE becomes: there is nothing to acknowledge any more."""
    if case.status is Status.CLOSED:
        text = wording_cases.CLOSED.format(reference=case.reference)
    else:
        when = wording.day_and_clock(case.acknowledged_at or case.opened_at, school.zone)
        text = wording_cases.YOURS.format(reference=case.reference, when=when)
    return Reply(mark(case, text), choices=case_buttons.ON_THEIR_CARD, about=f"case:{case.id}")


def blanked(case: Case) -> Reply:
    """What a card becomes for somebody who may not know of CASE: not even its reference stays."""
    return Reply(wording.BLANKED, about=f"case:{case.id}")


def added(case: Case) -> Reply:
    """The line to whoever has CASE when more was said about it."""
    return Reply(wording.ADDED.format(reference=case.reference), choices=(Choice(wording.OPEN, "open"),), about=f"case:{case.id}")


def nudged(case: Case) -> Reply:
    """The line to whoever has CASE when the person who sent it says that nothing has happened."""
    return Reply(
        wording_sent.NUDGED.format(reference=case.reference), choices=(Choice(wording.OPEN, "open"),), about=f"case:{case.id}"
    )


def line(case: Case, school: School) -> str:
    """One case in a list: reference, event, since when. No word of what was written."""
    since = wording.day_and_clock(case.opened_at, school.zone)
    return mark(case, f"{case.reference}: {matter(case.matter).title}. {case.status.value.capitalize()}, sent {since}.")


def everything(case: Case, school: School) -> Iterator[str]:
    """Every question with its answer, a paragraph each, with the day and hour of what came later."""
    before: datetime | None = None
    for line in case.said:
        when = ""
        if line.at is not None and line.at != before:
            before = line.at
            when = f"{wording.ADDED_ON.format(when=wording.day_and_clock(line.at, school.zone))}\n"
        yield f"{when}{line.question}\n  {line.answer}"


def seen(case: Case, school: School, roles: Sequence[str]) -> Reply:
    """What the reporter hears when somebody has acknowledged: when, and in which role."""
    at = case.acknowledged_at or case.opened_at
    when = wording.at(at, case.opened_at, school.zone)
    words = school.reporter_words.taken if case.status is Status.TAKEN else school.reporter_words.seen
    text = words.format(reference=case.reference, when=when, role=role_words(school, roles))
    return Reply(text=f"{text} {update(due(case, at, school.calendar), school, at)}")


def update(due_at: datetime, school: School, now: datetime) -> str:
    """By which day the next step, or a word to whoever sent a report, is due; or that it is late, and what can be done."""
    words = school.reporter_words.overdue if due_at <= now else school.reporter_words.update
    return words.format(day=wording.day(due_at, school.zone))
