"""The buttons on a case's page, in the order they stand there. Each belongs to the handler that knows its value. Pure."""

from __future__ import annotations

from bot import case_form_buttons, ready_replies, wording, wording_cases
from bot.case_buttons import ACKNOWLEDGE, ALL, HAND_ON, TAKE, URGENCY
from bot.messages import Choice
from bot.schools import School
from flows.cases.case import Case, Status
from flows.cases.working import has_it, may_work
from storage.kept import Person


def offers(case: Case, school: School, person: Person) -> tuple[Choice, ...]:
    """What PERSON, who may see CASE, can do about it: whose it is, what to read, what to say, what to keep, and the end of it."""
    return (
        *_having(case, person),
        *_changing(case, person),
        Choice(wording_cases.ALL_OF_IT, ALL),
        *_replies(case, school),
        *case_form_buttons.offered(case),
    )


def _having(case: Case, person: Person) -> tuple[Choice, ...]:
    """Who has it."""
    if case.status is Status.CLOSED:
        return ()
    if not may_work(case, person.id):
        return (Choice(wording_cases.TAKE_OVER, TAKE),)
    acknowledge = (Choice(wording.ACKNOWLEDGE, ACKNOWLEDGE),) if case.waiting else ()
    taken = has_it(case, person.id) and case.status is Status.TAKEN
    take = () if taken else (Choice(wording_cases.TAKE, TAKE),)
    return (*acknowledge, *take, Choice(wording_cases.HAND_ON, HAND_ON))


def _replies(case: Case, school: School) -> tuple[Choice, ...]:
    """The ready replies: pressing one reads it back, to be sent or changed."""
    several = zip(case_form_buttons.READY, ready_replies.ready(case, school), strict=False)
    return tuple(Choice(wording_cases.SEND_REPLY.format(number=number), value) for number, (value, _) in enumerate(several, 1))


def _changing(case: Case, person: Person) -> tuple[Choice, ...]:
    """What is changed about it."""
    if case.status is Status.CLOSED or not may_work(case, person.id):
        return ()
    return (Choice(wording_cases.URGENCY, URGENCY),)
