"""What a push, a case page and a reporter's status say. Pure: a case and a school in, a Reply out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import wording
from bot.messages import Choice, Reply
from bot.schools import School
from flows.cases.case import Case, Status
from flows.matters import matter


def role_words(school: School, roles: Sequence[str]) -> str:
    """ROLES as this school calls them, as people say a list."""
    return wording.listed([f"the {school.roles[role]}" if role in school.roles else wording.UNNAMED for role in roles])


def telling(school: School, case: Case, sentence: str) -> str:
    """SENTENCE with the reference and who is told first; or the truth when nobody can be."""
    if not case.rungs:
        return wording.NOBODY_TO_TELL.format(reference=case.reference)
    return sentence.format(reference=case.reference, roles=role_words(school, case.rungs[0]))


def push(case: Case, school: School, *, climbed: bool = False) -> Reply:
    """The card for a role holder: the least that lets them act. No name and nothing that was written."""
    route = school.routes[case.matter]
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(case.steps, 1))
    lines = [wording.ESCALATED] if climbed else []
    if steps:
        lines.append(f"{wording.NEXT}\n{steps}")
    facts = [
        ("What", matter(case.matter).title),
        ("How soon", wording.URGENCY[case.severity.value]),
        ("Sent", wording.day_and_clock(case.opened_at, school.zone)),
    ]
    # A case may be older than the policy we have now: a rule that has gone is not looked up any more.
    policy = school.policy
    places = [policy.place(policy.section(ref)) for ref in case.refs if ref in policy]
    if places:
        facts.append(("Policy", ", ".join(dict.fromkeys(place.removeprefix("section ") for place in places))))
    if route.label in wording.LABELS:
        facts.append(("Why you", wording.LABELS[route.label]))
    return Reply(
        text="\n\n".join(lines),
        title=wording.NEEDS_YOU.format(reference=case.reference),
        facts=tuple(facts),
        choices=(Choice(wording.ACKNOWLEDGE, "acknowledge"), Choice(wording.OPEN, "open")),
        about=f"case:{case.id}",
    )


def taken(case: Case, school: School) -> Reply:
    """What a card becomes once somebody has the case."""
    when = case.acknowledged_at
    text = wording.ALREADY.format(reference=case.reference)
    if when is not None:
        text += f" ({wording.clock(when, school.zone)})"
    return Reply(text=text, about=f"case:{case.id}")


def added(case: Case) -> Reply:
    """The line to whoever has CASE when more was said about it."""
    return Reply(wording.ADDED.format(reference=case.reference), choices=(Choice(wording.OPEN, "open"),), about=f"case:{case.id}")


def line(case: Case, school: School) -> str:
    """One case in a list: reference, event, since when. No word of what was written."""
    since = wording.day_and_clock(case.opened_at, school.zone)
    return f"{case.reference}: {matter(case.matter).title}. {case.status.value.capitalize()}, sent {since}."


def page(case: Case, school: School) -> Reply:
    """The report itself, as asked and as answered, for somebody who is entitled to it and asked for it."""
    said = "\n".join(f"{line.question}\n  {line.answer}" for line in case.said)
    choices = (Choice(wording.ACKNOWLEDGE, "acknowledge"),) if case.waiting else ()
    facts = (
        ("What", matter(case.matter).title),
        ("Stands", case.status.value),
        ("Sent", wording.day_and_clock(case.opened_at, school.zone)),
    )
    return Reply(text=said, title=f"Report {case.reference}", facts=facts, choices=choices, about=f"case:{case.id}")


def receipt(case: Case, school: School, now: datetime) -> Reply:
    """What the reporter is told once the report is durable: who is told now, when the school is open, what if it cannot wait."""
    lines = [telling(school, case, wording.RECEIPT)]
    if not case.rungs:
        return Reply(text=f"{lines[0]}\n\n{wording.NINE_NINE_NINE}")
    if school.calendar.is_open(now):
        lines.append(wording.RECEIPT_OPEN)
    else:
        opens = wording.day_and_clock(school.calendar.next_open(now), school.zone)
        lines.append(wording.RECEIPT_CLOSED.format(when=opens))
    lines.append(wording.RECEIPT_WAIT)
    return Reply(text="\n\n".join(lines))


def seen(case: Case, school: School, roles: Sequence[str]) -> Reply:
    """What the reporter hears when somebody has acknowledged: when, and in which role."""
    at = case.acknowledged_at or case.opened_at
    same_day = at.astimezone(school.zone).date() == case.opened_at.astimezone(school.zone).date()
    when = f"at {wording.clock(at, school.zone)}" if same_day else f"on {wording.day_and_clock(at, school.zone)}"
    return Reply(text=wording.SEEN.format(reference=case.reference, when=when, role=role_words(school, roles)))


def status(case: Case, school: School) -> Reply:
    """The honest state of a report, for the person who sent it."""
    if case.status is Status.OPEN:
        return Reply(text=wording.STATUS_OPEN.format(reference=case.reference))
    if case.status is Status.CLOSED:
        return Reply(text=wording.STATUS_CLOSED.format(reference=case.reference))
    when = wording.day_and_clock(case.acknowledged_at or case.opened_at, school.zone)
    return Reply(text=wording.STATUS_SEEN.format(reference=case.reference, when=when))
