"""“follow SP-… CODE”: a report that was sent elsewhere can be asked about and added to from here. A wrong code says nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from bot import coming_back, wording
from bot import wording_following as words
from bot.handlers.after_sending import standing
from bot.messages import Reply
from bot.turn import Outcome, Turn

WRONG = "follow-wrong"  # memory: when codes were tried that do not work
TRIES, WITHIN = 5, timedelta(hours=1)


async def answer(turn: Turn) -> Outcome | None:
    """Take the wish to follow a report; leave everything else. A report that is open stays open."""
    message = turn.message
    wish = None if message.pressed or message.attachments else coming_back.wish(message.text)
    if wish is None:
        return None
    if not message.private:
        return Outcome((Reply(words.IN_PRIVATE),))
    return await _tried(turn, wish) if wish.code else Outcome((Reply(words.HOW),))


async def _tried(turn: Turn, wish: coming_back.Wish) -> Outcome:
    wrong = _wrong(turn)
    if len(wrong) >= TRIES:
        until = wording.clock(wrong[-TRIES] + WITHIN, turn.school.zone)
        return Outcome((Reply(words.TOO_MANY.format(until=until)),))
    found = await turn.follow(wish.reference, wish.code)
    own = await found.own() if found is not None else ()
    case = next((one for one in own if one.reference == wish.reference), None)
    if found is None or case is None:
        kept = json.dumps([at.isoformat() for at in (*wrong, turn.now)])
        return Outcome((Reply(words.DOES_NOT_OPEN),), memory={**turn.memory, WRONG: kept})
    now_theirs = replace(turn, own=found.own, climbs=found.climbs, due=found.due)
    stands = await standing(now_theirs, case)
    said = replace(stands, text=f"{words.FOLLOWED.format(reference=case.reference)}\n\n{stands.text}")
    return Outcome((said,), memory=coming_back.following(turn.memory, found.key))


def _wrong(turn: Turn) -> tuple[datetime, ...]:
    """When codes that do not work were tried here, as far as it still counts; the oldest first."""
    tried = (datetime.fromisoformat(at) for at in json.loads(turn.memory.get(WRONG, "[]")))
    return tuple(at for at in tried if at + WITHIN > turn.now)
