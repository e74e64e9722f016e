"""“I am away from 3 to 10 March”, “I am back”: somebody with a role says so themselves, and is asked once whether that is right."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace
from datetime import date

from bot import absences, reaching
from bot import wording_roles as words
from bot.changing_roles import Staff
from bot.messages import Choice, Reply
from bot.people import is_reached
from bot.turn import Outcome, Turn
from flows.days.ahead import read_ahead
from storage.kept import Person
from storage.staffing import CameBack

ABOUT = "away:"  # about: followed by the token of the question
ASKED = "away"  # memory: the days somebody is being asked about, until they say yes or no
YES, NO = "away-yes", "away-no"
_I_AM = r"(?:i(?: am|['’]m|m| will be|['’]ll be)(?: going to be)?)"
_AWAY = re.compile(
    rf"{_I_AM} (?:away|off(?: work| school)?|on leave|on holiday|absent)\b[ :,]*(?P<days>.*)", re.IGNORECASE | re.DOTALL
)
_BACK = re.compile(rf"{_I_AM} back(?: (?:now|again|today|at work|at school|in school))?[.!]*", re.IGNORECASE)


async def answer(turn: Turn) -> Outcome | None:
    """Take the two sentences, from somebody whom a report would reach, and the buttons of the question; leave everything else."""
    message = turn.message
    if message.pressed:
        return await _pressed(turn, message.about.removeprefix(ABOUT)) if message.about.startswith(ABOUT) else None
    if turn.progress is not None or message.attachments or turn.person is None or not is_reached(turn.person, turn.school.roles):
        return None
    text = " ".join(message.text.split())
    if _BACK.fullmatch(text):
        return await _back(turn, turn.person)
    if (said := _AWAY.fullmatch(text)) is not None:
        return _asked(turn, turn.person, said["days"])
    return None


def _asked(turn: Turn, person: Person, said: str) -> Outcome:
    """The days are read back before anything changes: a slip would send reports past them for weeks."""
    today = reaching.today(turn.school, turn.now)
    span = read_ahead(said, today)
    if span is None:
        return Outcome((Reply(words.AWAY_WHEN),))
    first, last = span
    if last < today:
        return Outcome((Reply(words.AWAY_PAST),))
    if last - max(first, today) > absences.LONGEST:
        return Outcome((Reply(words.AWAY_LONG),))
    token = uuid.uuid4().hex[:8]
    sure = words.AWAY_SURE.format(days=absences.days(absences.away(person.id, first, last, turn.school), turn.school))
    choices = (Choice(words.AWAY_YES, YES), Choice(words.AWAY_NO, NO))
    kept = json.dumps({"first": first.isoformat(), "last": last.isoformat(), "token": token})
    return Outcome((Reply(sure, choices=choices, about=f"{ABOUT}{token}"),), memory={**turn.memory, ASKED: kept})


async def _pressed(turn: Turn, token: str) -> Outcome:
    asked = json.loads(turn.memory.get(ASKED, "{}"))
    if turn.person is None or not token or asked.get("token") != token:
        return Outcome((Reply(words.SETTLED),))
    memory = {key: value for key, value in turn.memory.items() if key != ASKED}
    if turn.message.text == NO:
        return Outcome((Reply(words.AWAY_LEFT),), memory=memory)
    me = turn.person
    first, last = date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"])
    if last < reaching.today(turn.school, turn.now):
        return Outcome((Reply(words.AWAY_PAST),), memory=memory)
    wish = absences.away(me.id, first, last, turn.school, by=me.id)
    held = len(await turn.cases.mine())
    said = words.AWAY_DONE.format(
        days=absences.days(wish, turn.school), back=absences.back_on(wish, turn.school), instead=words.NEXT_IN_LINE
    )
    more = words.AWAY_HELD.format(count="1 report" if held == 1 else f"{held} reports") if held else ""
    line = Reply(" ".join(part for part in (said, more) if part))
    return replace(absences.went(wish, await _staff(turn)), replies=(line,), memory=memory)


async def _back(turn: Turn, me: Person) -> Outcome:
    if me.away_until is None or me.away_until <= turn.now:
        return Outcome((Reply(words.NOT_AWAY),))
    wish = CameBack(me.id, me.id)
    return replace(absences.came_back(wish, await _staff(turn)), replies=(Reply(words.BACK_DONE),))


async def _staff(turn: Turn) -> Staff:
    return Staff(turn.school, {one.id: one for one in await turn.people.list()})
