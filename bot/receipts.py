"""What the person who sent a report is told of it: the receipt, where it stands, and the truth when nobody is left to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import reaching, wording, wording_sent
from bot.messages import Choice, Reply
from bot.schools import School
from bot.summaries import places, role_words, telling, update
from flows.cases.case import Case, Said, Status
from flows.cases.climbing import Climb, ahead, reached
from flows.cases.routing import UNNAMED_ADULT
from flows.steps import Finished, Opening

ABOUT = "sent:"  # about: followed by the case's id
SAFE = "safe"  # the question whether to write here, by the one name it has in every report
ADD, NEWS, NOTHING = "add", "news", "nothing"


@dataclass(frozen=True, slots=True)
class Sent:
    """A report that has just been sent: its cases, the report itself first, and what the receipt has to know of it."""

    cases: tuple[Case, ...]
    step: Finished
    parts: tuple[Opening, ...] = ()  # what the further cases show
    told: tuple[str, ...] | None = None  # the roles in which somebody is there and told at once; None: nobody has looked

    @property
    def concerned(self) -> tuple[str, ...]:
        """The roles that are not told."""
        return self.step.openings[0].concerned


def receipt(sent: Sent, school: School, now: datetime) -> tuple[Reply, ...]:
    """Who is told now, when the school is open, what if it cannot wait; then what to do meanwhile, and how to come back."""
    case = sent.cases[0]
    lines = [" ".join((telling(school, case, wording_sent.RECEIPT, sent.told), *_whom_not(sent, school)))]
    lines += _parts(sent, school)
    if not case.rungs or sent.told == ():
        lines += [wording.NINE_NINE_NINE, reaching.outside(school, now)]
    else:
        wait = wording_sent.RECEIPT_WAIT.format(ring=reaching.ring(school, now))
        lines += [f"{_clock(school, now)} {wait}", _elsewhere(sent, school, now)]
    if sent.step.progress.locked:
        lines.append(after_a_picture(school, now).text)
    first = Reply("\n\n".join(line for line in lines if line))
    second = Reply("\n\n".join(_meanwhile(sent, school)), title=wording_sent.MEANWHILE)
    return (first, *((second,) if second.text else ()), _later(case, quiet=not may_write(case)))


def joined(sent: Sent, school: School, now: datetime) -> tuple[Reply, ...]:
    """What follows when a report joined a case that was open already: what its words make necessary, and how to come back."""
    picture = (after_a_picture(school, now),) if sent.step.progress.locked else ()
    return (*picture, _later(sent.cases[0], quiet=not is_safe(sent.step.said)))


def after_a_picture(school: School, now: datetime) -> Reply:
    """What is said once words about a picture of a child are with the school: leave it there, and how it is taken down."""
    return Reply(f"{wording.PICTURE_AFTER}\n\n{reaching.report_remove(school, now)}")


def may_write(case: Case) -> bool:
    """Whether whoever sent CASE may be written to unasked: not once its words are gone, which may have said that it is not safe."""
    return case.purged_at is None and is_safe(case.said)


def is_safe(said: Sequence[Said]) -> bool:
    """Whether whoever SAID this did not say that it is not safe to write to them."""
    return not any(one.name == SAFE and one.answer.casefold() == "no" for one in said)


def status(case: Case, climbs: Sequence[Climb], school: School, now: datetime, due: datetime | None = None) -> Reply:
    """The honest state of a report, for the person who sent it. DUE is when whoever has it has to do something."""
    text = _state(case, climbs, school, now)
    return replace(buttons(case), text=text if due is None else f"{text} {update(due, school, now)}")


def phone(case: Case, school: School, now: datetime) -> Reply:
    """Nobody is left to tell: whom to ring, and who helps outside the school."""
    here = wording_sent.PHONE.format(reference=case.reference, ring=reaching.ring(school, now))
    return Reply("\n\n".join(part for part in (here, reaching.outside(school, now)) if part))


def buttons(case: Case) -> Reply:
    """What whoever sent CASE can do about it, below a text that is still to be written."""
    nothing = (Choice(wording_sent.NOTHING_HAPPENED, NOTHING),) if case.status is not Status.CLOSED and case.rungs else ()
    choices = (Choice(wording_sent.ADD_SOMETHING, ADD), Choice(wording_sent.ANY_NEWS, NEWS), *nothing)
    return Reply("", choices=choices, about=f"{ABOUT}{case.id}")


def _later(case: Case, *, quiet: bool) -> Reply:
    later = wording_sent.RECEIPT_LATER.format(reference=case.reference)
    return replace(buttons(case), text=f"{later} {wording_sent.QUIETLY}" if quiet else later)


def _whom_not(sent: Sent, school: School) -> tuple[str, ...]:
    """Who is kept out of it; and through which door it went where nobody said who the adult is."""
    named = [role for role in sent.concerned if role in school.roles]
    kept = (wording_sent.RECEIPT_KEPT_FROM.format(roles=role_words(school, named)),) if named else ()
    told = sent.cases[0].rungs[:1]
    if not told:
        return kept
    if UNNAMED_ADULT in sent.concerned:
        return (wording_sent.RECEIPT_CHAIR.format(roles=role_words(school, told[0])), *kept)
    if sent.step.progress.answers.get("door") == "lead":
        return (wording_sent.RECEIPT_LEAD.format(roles=role_words(school, told[0])), *kept)
    return kept


def _parts(sent: Sent, school: School) -> list[str]:
    lines = []
    for opening, case in zip(sent.parts, sent.cases[1:], strict=True):
        if case.rungs and opening.said:
            parts = wording.listed([f"“{one.question.rstrip('?.')}”" for one in opening.said])
            roles = role_words(school, case.rungs[0])
            lines.append(wording_sent.RECEIPT_PART.format(roles=roles, parts=parts))
    return lines


def _clock(school: School, now: datetime) -> str:
    if school.calendar.is_open(now):
        return wording_sent.RECEIPT_OPEN
    return wording_sent.RECEIPT_CLOSED.format(when=wording.day_and_clock(school.calendar.next_open(now), school.zone))


def _elsewhere(sent: Sent, school: School, now: datetime) -> str:
    """An adult at the school is part of it: who outside the school takes that."""
    return reaching.outside(school, now, "designated_officer", "social_care_day", "social_care_night") if sent.concerned else ""


def _meanwhile(sent: Sent, school: School) -> list[str]:
    """The report's own advice, and what the school's policy points to, said to be no more than it is."""
    case, route = sent.cases[0], school.routes[sent.cases[0].matter]
    # Advice such as "keep it and show somebody" would be wrong where a picture of a child may be involved.
    advice = [] if sent.step.progress.locked else [f"• {line}" for line in sent.step.report.advice()]
    where = [place for place in places(case, school) if place not in route.then]
    then = f"{route.then} ({', '.join(where)})" if route.then and where else route.then
    says = wording_sent.GOES_BY[route.label].format(then=then) if then else ""
    return [part for part in ("\n".join(advice), says) if part]


def _state(case: Case, climbs: Sequence[Climb], school: School, now: datetime) -> str:
    if case.decision is not None:
        return wording_sent.STATUS_DECIDED.format(reference=case.reference, decision=case.decision.value)
    if case.status is Status.CLOSED:
        return school.reporter_words.closed.format(reference=case.reference)
    if not case.waiting:
        when = wording.at(case.acknowledged_at or case.opened_at, now, school.zone)
        return school.reporter_words.stands.format(reference=case.reference, when=when)
    roles = [role for rung in sorted(reached(climbs, now)) if rung < len(case.rungs) for role in case.rungs[rung]]
    if not roles:
        return phone(case, school, now).text
    lines = [
        wording_sent.STATUS_OPEN.format(
            reference=case.reference, sent=wording.at(case.opened_at, now, school.zone), roles=role_words(school, roles)
        )
    ]
    if (following := ahead(climbs, now)) is not None and following.rung < len(case.rungs):
        when = wording.at(following.due_at, now, school.zone)
        lines.append(wording_sent.STATUS_NEXT.format(when=when, roles=role_words(school, case.rungs[following.rung])))
    else:
        lines.append(wording_sent.STATUS_LAST)
    lines.append(wording_sent.RECEIPT_WAIT.format(ring=reaching.ring(school, now)))
    return " ".join(lines)
