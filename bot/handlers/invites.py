"""“join CODE”, or the link of an invitation: somebody is shown who they become here, and becomes it when they say yes."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from bot import wording
from bot import wording_invites as words
from bot.changing_roles import Staff, told_roles
from bot.joining import joined, who
from bot.messages import Choice, Reply
from bot.turn import Outcome, Turn
from storage.kept import Person
from storage.staffing import Joined
from storage.store.invites import Invitation

ABOUT = "join:"  # about: followed by the token of the question
ASKED = "join"  # memory: the invitation that somebody is asked about, until they say yes or no
WRONG = "join-wrong"  # memory: when codes were tried that do not work
YES, NO = "join-yes", "join-no"
TRIES, WITHIN = 5, timedelta(hours=1)
# A code has no vowel in it, so that no word is one; with a sign too many, or one that codes do not have, it is still meant as one.
_TYPED = re.compile(r"/?(?:join|start)[ :]+([^\W_aeiou]{4,7}[ \-‐‑–]?[^\W_aeiou]{4,7})[.!]?", re.IGNORECASE)


async def answer(turn: Turn) -> Outcome | None:
    """Take a code, and the two buttons under who it makes of somebody; leave everything else. A report that is open stays open."""
    message = turn.message
    if message.pressed:
        return await _pressed(turn, message.about.removeprefix(ABOUT)) if message.about.startswith(ABOUT) else None
    said = None if message.attachments else _TYPED.fullmatch(" ".join(message.text.split()))
    if said is None:
        return None
    return await _tried(turn, said[1]) if message.private else Outcome((Reply(words.IN_PRIVATE),))


async def _tried(turn: Turn, code: str) -> Outcome:
    tried = _wrong(turn)
    if len(tried) >= TRIES:
        until = wording.clock(tried[-TRIES] + WITHIN, turn.school.zone)
        return Outcome((Reply(words.TOO_MANY.format(until=until)),))
    found = await turn.invites.find(code, turn.message.address.channel, turn.now)
    if found is None:
        kept = json.dumps([at.isoformat() for at in (*tried, turn.now)])
        return Outcome((Reply(words.DOES_NOT_WORK),), memory={**turn.memory, WRONG: kept})
    if (known := await _known(turn)) is not None:
        return await _known_already(turn, known, found)
    return await _asked(turn, found)


def _wrong(turn: Turn) -> tuple[datetime, ...]:
    """When codes that do not work were tried here, as far as it still counts; the oldest first."""
    tried = (datetime.fromisoformat(at) for at in json.loads(turn.memory.get(WRONG, "[]")))
    return tuple(at for at in tried if at + WITHIN > turn.now)


async def _known(turn: Turn) -> Person | None:
    """Whoever writes here, as the school knows them at this moment: it may have changed since the message was taken up."""
    return await turn.people.by_place(turn.message.address.channel, turn.message.sender)


async def _known_already(turn: Turn, known: Person, found: Invitation) -> Outcome:
    if known.id != found.person.id:
        return Outcome((Reply(words.SOMEBODY_ELSE),))
    return Outcome((Reply(words.ALREADY.format(who=who(known, await _staff(turn)), school=turn.school.title)),))


async def _asked(turn: Turn, found: Invitation) -> Outcome:
    staff, token = await _staff(turn), uuid.uuid4().hex[:8]
    meaning = words.REACHED if told_roles(found.person, staff) else words.NOT_REACHED
    sure = words.SURE.format(who=who(found.person, staff), school=turn.school.title, meaning=meaning)
    kept = json.dumps({"invite": found.key, "token": token})
    choices = (Choice(words.YES, YES), Choice(words.NO, NO))
    return Outcome((Reply(sure, choices=choices, about=f"{ABOUT}{token}"),), memory={**turn.memory, ASKED: kept})


async def _pressed(turn: Turn, token: str) -> Outcome:
    asked = json.loads(turn.memory.get(ASKED, "{}"))
    if not token or asked.get("token") != token:
        return Outcome((Reply(words.SETTLED),))
    memory = {key: value for key, value in turn.memory.items() if key != ASKED}
    if turn.message.text != YES:
        return Outcome((Reply(words.LEFT),), memory=memory)
    found = await turn.invites.by_key(asked["invite"], turn.message.address.channel, turn.now)
    if found is None:
        return Outcome((Reply(words.DOES_NOT_WORK),), memory=memory)
    if (known := await _known(turn)) is not None:
        return replace(await _known_already(turn, known, found), memory=memory)
    staff = await _staff(turn)
    wish = Joined(found.person.id, turn.message.address.channel, turn.message.sender, found.key)
    return replace(joined(wish, found.given_by, staff), replies=(_welcome(turn, found.person, staff),), memory=memory)


def _welcome(turn: Turn, person: Person, staff: Staff) -> Reply:
    meaning = words.NOT_REACHED
    if told_roles(person, staff):
        meaning = words.COMES_ELSEWHERE_FIRST if person.places else words.COMES_HERE
    return Reply(words.JOINED.format(who=who(person, staff), school=turn.school.title, meaning=meaning))


async def _staff(turn: Turn) -> Staff:
    return Staff(turn.school, {one.id: one for one in await turn.people.list()})
