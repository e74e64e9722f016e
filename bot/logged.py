"""A report that a role holder wrote down for somebody else: who may, and what they are told when it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import reaching, wording_case_forms
from bot.case_form_buttons import LOG
from bot.messages import Choice, Reply
from bot.schools import School
from bot.summaries import role_words
from flows.cases.case import Case
from flows.engine import Finished
from storage.kept import Person

FLOW = "logged"


def may_log(person: Person | None, school: School) -> bool:
    """Whether PERSON holds a role that reports are sent to at SCHOOL: people ring those, and they know how to take it down."""
    return person is not None and not school.setting("").roles.keys().isdisjoint(person.roles)


def logger(person: Person | None, school: School, step: Finished) -> Person | None:
    """Whoever wrote down the report of STEP for somebody else; None where it is a report like any other."""
    return person if step.progress.flow == FLOW and may_log(person, school) else None


def offering(reply: Reply, person: Person | None, school: School) -> Reply:
    """REPLY, which lists reports to PERSON, with the button that writes one down for somebody else, where they may."""
    if not may_log(person, school):
        return reply
    return replace(reply, choices=(*reply.choices, Choice(wording_case_forms.LOG, LOG)))


def receipt(case: Case, step: Finished, school: School) -> tuple[Reply, ...]:
    """What whoever wrote CASE down hears: its reference, who is told, who is not, and that nobody is written to."""
    words = wording_case_forms
    if case.rungs:
        lines = [words.LOGGED.format(reference=case.reference, roles=role_words(school, case.rungs[0]))]
    else:
        lines = [words.LOGGED_NOBODY.format(reference=case.reference)]
    if kept := [role for role in step.openings[0].concerned if role in school.roles]:
        lines.append(words.LOGGED_KEPT_FROM.format(roles=role_words(school, kept)))
    return (Reply(" ".join(lines)), Reply(words.LOGGED_AFTER.format(reference=case.reference)))


def nobody_took(case: Case, school: School, now: datetime) -> Reply:
    """What whoever wrote CASE down hears when nobody is left to tell: whom to ring, and who helps outside the school."""
    here = wording_case_forms.LOGGED_PHONE.format(reference=case.reference, ring=reaching.ring(school, now))
    return Reply("\n\n".join(part for part in (here, reaching.outside(school, now)) if part))
