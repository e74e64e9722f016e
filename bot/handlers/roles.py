"""A new role is confirmed, or said not to be right, by somebody else who leads the school: by button, or typed with its code."""

from __future__ import annotations

from dataclasses import replace

from bot import wording_roles as words
from bot.changing_roles import ABOUT, CONFIRM, Staff, called, changed, sure, typed
from bot.messages import Reply
from bot.turn import Outcome, Turn
from flows.cases.confirming import leads, may_confirm
from storage.staffing import Holding, RoleConfirmed, RoleRefused


async def answer(turn: Turn) -> Outcome | None:
    """Take the two buttons under the line about a new role, and the same wishes typed; leave everything else."""
    message = turn.message
    if message.pressed:
        if not message.about.startswith(ABOUT):
            return None
        _, _, called_by = message.about.removeprefix(ABOUT).partition(":")
        role, _, code = called_by.partition(":")  # a forged one names no holding, and is answered as one that is settled
        return await settle(turn, message.text, role, code)
    if turn.progress is not None or message.attachments:
        return None
    wished = typed(message.text)
    return None if wished is None else await settle(turn, *wished)


async def settle(turn: Turn, wish: str, role: str, code: str) -> Outcome:
    """Confirm the holding of ROLE that goes by CODE, or say that it is not right.

    Whoever does not lead the school hears the same whether or not there is such a role, so that nothing can be tried out.
    """
    me = turn.person
    if me is None or not leads(sure(me)):
        return Outcome((Reply(words.NOTHING_TO_CONFIRM),))
    staff = await _staff(turn)
    holding = staff.called_by(role, code)
    if holding is None or holding.confirmed:
        return Outcome((Reply(words.SETTLED),))
    if not may_confirm(me.id, sure(me), holder=holding.person, given_by=holding.given_by):
        return Outcome((Reply(words.NOT_BY_YOU),))
    return _settled(turn, holding, me.id, staff, right=wish == CONFIRM)


def _settled(turn: Turn, holding: Holding, me: str, staff: Staff, *, right: bool) -> Outcome:
    if right:
        wish: RoleConfirmed | RoleRefused = RoleConfirmed(holding.person, holding.role, holding.since, me)
    else:
        wish = RoleRefused(holding.person, holding.role, holding.since, me, turn.school.calendar)
    text = words.YOU_CONFIRMED if right else words.YOU_REFUSED
    line = Reply(text.format(name=staff.people[holding.person].name, role=called(staff, holding.role)))
    return replace(changed(wish, staff, turn.now), replies=(line,))


async def _staff(turn: Turn) -> Staff:
    people = {one.id: one for one in await turn.people.list()}
    return Staff(turn.school, people, await turn.people.holdings())
