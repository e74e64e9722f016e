"""Reports that were sent: a role holder lists them, reads one and says that they have it; the person who sent one asks for news."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from bot import (
    case_answers,
    case_list,
    case_offers,
    concerning,
    deciding,
    logged,
    receipts,
    summaries,
    wording,
    wording_cases,
    wording_sent,
)
from bot.case_buttons import ABOUT, ACKNOWLEDGE, ALL, OPEN, TAKE
from bot.case_commands import ACKNOWLEDGE_WORDS, ALL_WORDS
from bot.handlers import case_work
from bot.handlers.case_standing import holder_role, stands
from bot.messages import Choice, Reply
from bot.ninety import View, all_of_it, ninety
from bot.receipts import may_write
from bot.turn import Outcome, Turn
from flows.cases.acts import Doing
from flows.cases.case import ALPHABET, Case, NotPossible, Status, acknowledge
from storage.kept import Act, Person

__all__ = ["ABOUT", "REFERENCE", "answer"]

REFERENCE = re.compile(rf"\bSP-?([{ALPHABET}]{{5}})\b", re.IGNORECASE)


async def answer(turn: Turn) -> Outcome | None:
    """Take the buttons of cards, pages and lists, a typed reference, and "cases"; leave everything else."""
    message = turn.message
    if message.pressed:
        return await _button(turn, message.about, message.text)
    if turn.progress is not None:
        return None
    if turn.person is not None and (done := await _typed(turn, turn.person)) is not None:
        return done
    if (named := REFERENCE.search(message.text)) is not None:
        return case_work.dropped(turn, await _named(turn, f"SP-{named[1].upper()}"))
    return None


async def _button(turn: Turn, about: str, wish: str) -> Outcome | None:
    if about.startswith(case_list.ABOUT):
        return await _list_pressed(turn, about.removeprefix(case_list.ABOUT), wish)
    return await _pressed(turn, about.removeprefix(ABOUT), wish) if about.startswith(ABOUT) else None


async def _typed(turn: Turn, person: Person) -> Outcome | None:
    """A list, or a wish about a case that a role holder may see."""
    wished = case_list.wish(turn.message.text)
    if wished is not None:
        return case_work.dropped(turn, await _listed(turn, person, wished))
    return await case_work.typed(turn, person)


async def _pressed(turn: Turn, rest: str, wish: str) -> Outcome:
    case_id, _, shown_with = rest.partition(":")
    case = await turn.cases.by_id(case_id)
    if case is None or turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    if wish == ACKNOWLEDGE:
        return await acknowledged(turn, case, turn.person)
    if wish == ALL:
        return _read(turn, case, turn.person)
    done = await case_work.pressed(turn, case, turn.person, wish, shown_with)
    return done if done is not None else await _opened(turn, case, turn.person)


async def _named(turn: Turn, reference: str) -> Outcome:
    """A reference was typed: by somebody who may see the case, or by the person who sent it. Anybody else learns nothing."""
    case = await turn.cases.by_reference(reference)
    if case is not None and turn.person is not None:
        wish = turn.message.text.strip().casefold()
        if wish.startswith(ACKNOWLEDGE_WORDS):
            return await acknowledged(turn, case, turn.person)
        return _read(turn, case, turn.person) if wish.startswith(ALL_WORDS) else await _opened(turn, case, turn.person)
    for sent in await turn.own():
        if sent.reference == reference:
            stands_now = receipts.status(sent, await turn.climbs(sent.id), turn.school, turn.now, await turn.due(sent.id))
            return Outcome((stands_now,))
    return Outcome((Reply(wording_sent.NO_SUCH_REPORT),))


async def _lists(turn: Turn) -> Mapping[str, tuple[Case, ...]]:
    return {
        case_list.MINE: await turn.cases.mine(),
        case_list.OPEN: await turn.cases.open(),
        case_list.LATE: await turn.cases.late(turn.school.calendar, turn.now),
    }


async def _listed(turn: Turn, person: Person, name: str, start: int = 0) -> Outcome:
    """The menu of lists, or the page of one of them that begins at START."""
    lists = await _lists(turn)
    if name:
        people = {one.id: one for one in await turn.people.list()}
        reader = case_list.Reader(person, turn.school, turn.now, people)
        return Outcome((case_list.page(name, lists[name], start, reader),))
    if not any(lists.values()):
        return Outcome((Reply(wording.NO_CASES),))
    menu = case_list.menu({listed: len(cases) for listed, cases in lists.items()})
    return Outcome((logged.offering(menu, person, turn.school),))


async def _list_pressed(turn: Turn, name: str, wish: str) -> Outcome:
    """A list of the menu, the next page, or one of the cases on it: whoever may not see it any more is told so."""
    if turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    if wish.startswith(case_list.ONE):
        case = await turn.cases.by_reference(wish.removeprefix(case_list.ONE))
        return await _opened(turn, case, turn.person) if case is not None else Outcome((Reply(wording.NOT_YOURS),))
    start = wish.removeprefix(case_list.MORE)
    if name in case_list.NAMES and start != wish and start.isdecimal():
        return await _listed(turn, turn.person, name, int(start))
    return await _listed(turn, turn.person, wish if wish in case_list.NAMES else "")


async def _opened(turn: Turn, case: Case, person: Person) -> Outcome:
    """The 90-second view. Every look at what was written is a link in the audit chain."""
    view = View(
        case=case,
        school=turn.school,
        reader=person,
        now=turn.now,
        stands=await stands(turn, case, person),
        told=await turn.cases.told(case.id),
        climbs=await turn.cases.climbs(case.id),
        linked=await turn.cases.linked(case.id),
        due=await turn.cases.due(case.id, turn.school.calendar),
    )
    *first, last = ninety(view, case_offers.offers(case, turn.school, person))
    page = concerning.offering(deciding.offering(last, case, turn.school, person), case)
    return Outcome((*first, page), audit=(_look(case, person),))


def _read(turn: Turn, case: Case, person: Person) -> Outcome:
    """Every word of it."""
    back = (Choice(wording.OPEN, OPEN),)
    return Outcome(all_of_it(case, turn.school, back), audit=(_look(case, person),))


def _look(case: Case, person: Person) -> Act:
    return Act(Doing.VIEWED, case.id, person.id)


async def acknowledged(turn: Turn, case: Case, person: Person) -> Outcome:
    """PERSON says that they have seen CASE; or they are told who was faster."""
    try:
        theirs = acknowledge(case, person.id, turn.now)
    except NotPossible:
        return await _too_late(turn, case, person)
    role = summaries.in_role(case, person)
    return Outcome(
        (
            case_answers.said(
                case,
                wording.ACKNOWLEDGED.format(reference=case.reference),
                (Choice(wording_cases.TAKE, TAKE), Choice(wording.OPEN, OPEN)),
            ),
        ),
        changed=(theirs,),
        settled=(case.id,),
        # Whoever said that it is not safe to be written to hears it when they ask for news.
        to_reporter=((theirs, summaries.seen(theirs, turn.school, role)),) if may_write(case) else (),
        audit=(Act(Doing.ACKNOWLEDGED, case.id, person.id, json.dumps({"at": turn.now.isoformat()})),),
    )


async def _too_late(turn: Turn, case: Case, person: Person) -> Outcome:
    """They pressed twice, or somebody was faster: since when it is with whom, by role."""
    if case.status is Status.CLOSED:
        return Outcome((case_answers.said(case, wording_cases.CLOSED.format(reference=case.reference)),))
    if case.holder == person.id:
        return Outcome((case_answers.yours_already(case, turn.school, turn.now),))
    return Outcome((summaries.taken(case, turn.school, await holder_role(turn, case)),))
