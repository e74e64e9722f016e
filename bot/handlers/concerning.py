"""“This is about somebody here”: whoever has a case says so and it is kept from them; or steps aside because they know a party."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace

from bot import concerning, wording
from bot.drill import marked
from bot.handlers.cases import ABOUT
from bot.messages import Reply
from bot.receipts import may_write
from bot.summaries import role_words
from bot.turn import Outcome, Turn
from flows.cases.acts import Doing
from flows.cases.case import ALPHABET, Case, NotPossible
from flows.cases.past import Clock, Past, left_out, pass_on, past
from flows.cases.routing import entangled
from storage.kept import Act, Person

ASKED = "concerning"  # memory: whom somebody is being asked about, until they say yes or no
_REFERENCE = rf"SP-?(?P<reference>[{ALPHABET}]{{5}})"
_CONCERNS = re.compile(rf"(?:this\s+)?{_REFERENCE}\s+(?:concerns|is\s+about)\s+(?P<whom>\S.*?)[.!]?", re.IGNORECASE | re.DOTALL)
_PASS_ON = re.compile(
    rf"pass\s+(?:it\s+)?on\s+{_REFERENCE}|{_REFERENCE.replace('reference', 'second')}\s+pass\s+(?:it\s+)?on", re.IGNORECASE
)


async def answer(turn: Turn) -> Outcome | None:
    """Take the buttons on a case's page and the same wishes typed with its reference. Whoever may not see it learns nothing."""
    message = turn.message
    if message.pressed and message.about.startswith(ABOUT):
        return await _pressed(turn, message.about.removeprefix(ABOUT))
    if message.pressed or message.attachments or turn.person is None or turn.progress is not None:
        return None
    text = message.text.strip()
    if (said := _CONCERNS.fullmatch(text)) is not None:
        return await _named(turn, await _by_reference(turn, said["reference"]), said["whom"])
    if (said := _PASS_ON.fullmatch(text)) is not None:
        return await _passed_on(turn, await _by_reference(turn, said["reference"] or said["second"]))
    return None


async def _pressed(turn: Turn, about: str) -> Outcome | None:
    wish = turn.message.text
    case_id, _, token = about.partition(":")
    if wish in (concerning.YES, concerning.NO):
        return await _sure(turn, await turn.cases.by_id(case_id), token)
    if wish == concerning.PASS_ON:
        return await _passed_on(turn, await turn.cases.by_id(case_id))
    if wish == concerning.CONCERNS:
        return await _asked(turn, await turn.cases.by_id(case_id))
    if wish.startswith(concerning.ROLE):
        return await _named(turn, await turn.cases.by_id(case_id), wish.removeprefix(concerning.ROLE))
    return None


async def _by_reference(turn: Turn, reference: str) -> Case | None:
    return await turn.cases.by_reference(f"SP-{reference.upper()}")


async def _asked(turn: Turn, case: Case | None) -> Outcome:
    if case is None or turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    if not concerning.may_say(turn.person, case):
        return Outcome((concerning.said(case, concerning.HELD_FIRST),))
    return Outcome((concerning.ask_whom(case, turn.school),))


async def _named(turn: Turn, case: Case | None, words: str) -> Outcome:
    """WORDS name somebody, or a role: it is asked once whether that is right. A name nobody has here is asked about, no more."""
    if case is None or turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    if not concerning.may_say(turn.person, case):
        return Outcome((concerning.said(case, concerning.HELD_FIRST),))
    meant = concerning.meant(words, await turn.people.list(), turn.school)
    if not meant.sure:
        return Outcome((concerning.said(case, concerning.WHICH),))
    whom = role_words(turn.school, [meant.role]) if meant.role else words
    token = uuid.uuid4().hex[:8]
    asked = json.dumps({"case": case.id, "people": [one.id for one in meant.people], "whom": whom, "token": token})
    return Outcome((concerning.ask_sure(case, whom, token),), memory={**turn.memory, ASKED: asked})


async def _sure(turn: Turn, case: Case | None, token: str) -> Outcome:
    if case is None or turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    asked = json.loads(turn.memory.get(ASKED, "{}"))
    if asked.get("token") != token or asked.get("case") != case.id:
        return Outcome((Reply(wording.OLD_BUTTON),))
    memory = {key: value for key, value in turn.memory.items() if key != ASKED}
    if turn.message.text == concerning.NO:
        return Outcome((concerning.said(case, concerning.LEFT),), memory=memory)
    return replace(await keep_from(turn, case, turn.person, frozenset(asked["people"]), asked["whom"]), memory=memory)


async def _passed_on(turn: Turn, case: Case | None) -> Outcome:
    if case is None or turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    return await step_aside(turn, case, turn.person)


async def keep_from(turn: Turn, case: Case, person: Person, people: frozenset[str], whom: str) -> Outcome:
    """CASE is about PEOPLE, by id, whom PERSON called WHOM: they lose every sight of it, and it goes on past them."""
    part = entangled(left_out(case), await turn.people.held(), case.concerns | people)
    gone = past(case, part, turn.school.routes[case.matter], await _clock(turn, case))
    act = Act(Doing.CONCERNS, case.id, person.id, json.dumps({"people": sorted(people)}))
    return _gone(turn, case, gone, Outcome((concerning.kept(gone.case, whom, gone.door, turn.school),), audit=(act,)))


async def step_aside(turn: Turn, case: Case, person: Person) -> Outcome:
    """PERSON is too close to somebody in CASE: it goes to the next, and they lose sight of it."""
    try:
        gone = pass_on(case, person.id, await _clock(turn, case))
    except NotPossible as why:
        return Outcome((marked(case, Reply(str(why))),))
    said = marked(case, Reply(concerning.PASSED_ON.format(reference=case.reference)))
    return _gone(turn, case, gone, Outcome((said,), audit=(Act(Doing.STEPPED_ASIDE, case.id, person.id),)))


def _gone(turn: Turn, before: Case, gone: Past, said: Outcome) -> Outcome:
    """What is SAID, with the case as it goes on, its clock, and a word to whoever sent it if somebody had it until now."""
    tell = not before.waiting and gone.case.waiting and may_write(before)
    return replace(
        said,
        changed=(gone.case,),
        replanned=(gone.case.id,) if gone.case.waiting else (),
        notices=gone.notices,
        to_reporter=((gone.case, concerning.reporter_told(gone.case, gone.door, turn.school)),) if tell else (),
    )


async def _clock(turn: Turn, case: Case) -> Clock:
    return Clock(await turn.cases.climbs(case.id), turn.school.calendar, turn.now)
