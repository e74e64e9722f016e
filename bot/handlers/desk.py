"""“desk”: somebody whom reports reach is sent a link to sign in with, in a private chat and good for one use."""

from __future__ import annotations

import re

from bot import wording_desk as words
from bot.messages import Reply
from bot.people import is_reached
from bot.turn import Outcome, Turn
from storage.kept import SignIn
from storage.store.signing_in import GOOD_FOR, new_code

_ASKED = re.compile(
    r"/?(?:(?:open|show me|show|go to) )?(?:the |my )?(?:case |safeguarding )?desk[.!?]*(?: please[.!]*)?", re.IGNORECASE
)


async def answer(turn: Turn) -> Outcome | None:
    """Take the word “desk”; leave everything else, and whatever belongs to a report that is open."""
    message = turn.message
    if message.pressed or message.attachments or message.edited or turn.progress is not None:
        return None
    if not _ASKED.fullmatch(" ".join(message.text.split())):
        return None
    if not message.private:
        return Outcome((Reply(words.IN_PRIVATE),))
    person = turn.person
    if person is None or not is_reached(person, turn.school.roles):
        return Outcome((Reply(words.NOT_FOR_YOU),))
    if not turn.school.desk:
        return Outcome((Reply(words.NO_DESK),))
    code = new_code()
    said = words.LINK.format(link=f"{turn.school.desk}/in?code={code}", minutes=int(GOOD_FOR.total_seconds()) // 60)
    return Outcome((Reply(said),), sign_ins=(SignIn(person.id, code, turn.wall or turn.now),))
