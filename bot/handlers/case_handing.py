"""Hand a case on: to a role that somebody holds who is no part of it and is there. Why a role cannot have it is said to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import case_answers, wording_cases
from bot.concerning import reporter_told
from bot.handlers.case_standing import clock, closed, not_while
from bot.people import to_tell
from bot.receipts import may_write
from bot.summaries import role_words
from bot.turn import Outcome, Turn
from flows.cases.acts import Doing, told
from flows.cases.case import Case, Status
from flows.cases.past import left_out
from flows.cases.routing import entangled
from flows.cases.working import hand_on, may_work, roles_open_to
from storage.kept import Act, Person


async def asked(turn: Turn, case: Case, person: Person) -> Outcome:
    """PERSON wants to hand CASE on: to whom?"""
    if (refused := await _refused(turn, case, person)) is not None:
        return refused
    return Outcome((case_answers.to_whom(case, turn.school, await open_to(turn, case, person)),))


async def to_role(turn: Turn, case: Case, person: Person, role: str | None) -> Outcome:
    """CASE goes to ROLE and whoever holds it is told now; or it cannot, and the others are offered."""
    if (refused := await _refused(turn, case, person)) is not None:
        return refused
    roles = await open_to(turn, case, person)
    if role is None or role not in roles:
        before = case_answers.cannot_hand(case, turn.school, role)
        return Outcome((case_answers.to_whom(case, turn.school, roles, before),))
    gone = hand_on(case, role, await clock(turn, case))
    had = case.holder if case.holder not in (None, person.id) else None
    tell_reporter = not case.waiting and may_write(case)
    from_you = wording_cases.HANDED_FROM_YOU.format(reference=case.reference, role=role_words(turn.school, [role]))
    return Outcome(
        (case_answers.handed_on(case, turn.school, role),),
        changed=(gone.case,),
        replanned=(case.id,),
        notices=gone.notices,
        to_reporter=((gone.case, reporter_told(gone.case, (role,), turn.school)),) if tell_reporter else (),
        to_informed=() if had is None else ((gone.case, had, case_answers.with_open(gone.case, from_you)),),
        audit=(Act(Doing.HANDED_ON, case.id, person.id, told(to=role_words(turn.school, [role]))),),
    )


async def _refused(turn: Turn, case: Case, person: Person) -> Outcome | None:
    if case.status is Status.CLOSED:
        return closed(case)
    return None if may_work(case, person.id) else await not_while(turn, case)


async def open_to(turn: Turn, case: Case, person: Person) -> tuple[str, ...]:
    """The roles that CASE can be handed to: somebody holds each who is no part of it, is there, and is not PERSON."""
    part = entangled(left_out(case), await turn.people.held(), case.concerns)
    everybody = await turn.people.list()
    return tuple(
        role for role in roles_open_to(case, turn.school.roles, part) if _somebody(turn, case, person, _holding(role, everybody))
    )


def _holding(role: str, everybody: Sequence[Person]) -> tuple[Person, ...]:
    """Those of EVERYBODY who hold ROLE, each with whoever stands in for them. What nobody confirmed opens no earlier case."""
    by_id = {one.id: one for one in everybody}
    return tuple(
        replace(one, stand_in=by_id.get(one.stands_in or ""))
        for one in everybody
        if role in one.roles and role not in one.unconfirmed
    )


def _somebody(turn: Turn, case: Case, person: Person, holders: Sequence[Person]) -> bool:
    # The same rule by which a due notice finds whom to tell, less whoever hands it on.
    channels = {channel for one in holders for channel, _ in (*one.places, *(one.stand_in.places if one.stand_in else ()))}
    return bool(to_tell(holders, concerns=case.concerns, told=(person.id,), channels=channels, now=turn.now))
