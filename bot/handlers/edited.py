"""A message that was changed after it was sent: weighed for danger like any other, and never an answer."""

from __future__ import annotations

from bot import wording
from bot.handlers import adding
from bot.handlers.report_shown import locked
from bot.messages import Reply
from bot.turn import Outcome, Turn
from bot.wording_changed import DELETED
from flows.cases.case import Status
from knowledge.pictures import hinted


async def answer(turn: Turn) -> Outcome | None:
    """Take every edited message. What was answered stays, unless the new words mean that nothing more may be asked."""
    if not turn.message.edited:
        return None
    if turn.progress is not None and not turn.progress.locked and hinted(turn.message.text):
        return await locked(turn, turn.progress, turn.message.text, answers=False)
    if not turn.message.text:
        return await _deleted(turn)
    # Nobody can tell whether it was a slip of the pen or what somebody has to know: whoever changed it can.
    own = await turn.own() if turn.progress is None else ()
    return adding.offer(turn, own[0], Reply(wording.EDITED)) if own else Outcome((Reply(wording.EDITED),))


async def _deleted(turn: Turn) -> Outcome:
    """Nothing that was said is lost. A report that was sent says that something was deleted: it may have been out of fear."""
    own = await turn.own() if turn.progress is None else ()
    if own and own[0].status is not Status.CLOSED and turn.memory.get(adding.TAKEN_AWAY) != own[0].id:
        return adding.taken_away(turn, own[0])
    return Outcome((Reply(DELETED),))
