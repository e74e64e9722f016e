"""Reports that were sent: a role holder picks one up, and the person who sent one asks for news."""

from __future__ import annotations

import json
import re

from bot import concerning, deciding, receipts, summaries, wording, wording_sent
from bot.messages import Choice, Reply
from bot.receipts import may_write
from bot.turn import Outcome, Turn
from flows.cases.case import ALPHABET, Case, NotPossible, acknowledge
from storage.kept import Act, Person

ABOUT = "case:"
REFERENCE = re.compile(rf"\bSP-?([{ALPHABET}]{{5}})\b", re.IGNORECASE)
LIST_WORDS = frozenset({"cases", "reports", "open cases", "open reports", "my cases"})
ACKNOWLEDGE_WORDS = ("acknowledge", "ack", "seen", "got it")


async def answer(turn: Turn) -> Outcome | None:
    """Take the buttons of a pushed card, a typed reference, and "cases"; leave everything else."""
    message = turn.message
    if message.pressed and message.about.startswith(ABOUT):
        return await _pressed(turn, message.about.removeprefix(ABOUT), message.text)
    if turn.progress is not None or message.pressed:
        return None
    if turn.person is not None and message.text.strip().casefold() in LIST_WORDS:
        return await _listed(turn)
    if (named := REFERENCE.search(message.text)) is not None:
        return await _named(turn, f"SP-{named[1].upper()}")
    return None


async def _pressed(turn: Turn, case_id: str, wish: str) -> Outcome:
    case = await turn.cases.by_id(case_id)
    if case is None or turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    if wish == "acknowledge":
        return _acknowledged(turn, case, turn.person)
    return _opened(turn, case, turn.person)


async def _named(turn: Turn, reference: str) -> Outcome:
    """A reference was typed: by somebody who may see the case, or by the person who sent it. Anybody else learns nothing."""
    case = await turn.cases.by_reference(reference)
    if case is not None and turn.person is not None:
        if turn.message.text.strip().casefold().startswith(ACKNOWLEDGE_WORDS):
            return _acknowledged(turn, case, turn.person)
        return _opened(turn, case, turn.person)
    for sent in await turn.own():
        if sent.reference == reference:
            climbs = await turn.climbs(sent.id)
            return Outcome((receipts.status(sent, climbs, turn.school, turn.now),))
    return Outcome((Reply(wording_sent.NO_SUCH_REPORT),))


async def _listed(turn: Turn) -> Outcome:
    cases = await turn.cases.open()
    if not cases:
        return Outcome((Reply(wording.NO_CASES),))
    return Outcome(
        (
            Reply(wording.CASES),
            *(
                Reply(summaries.line(case, turn.school), choices=(Choice(wording.OPEN, "open"),), about=f"{ABOUT}{case.id}")
                for case in cases
            ),
        )
    )


def _opened(turn: Turn, case: Case, person: Person) -> Outcome:
    """Every look at what was written is a link in the audit chain."""
    page = concerning.offering(deciding.offering(summaries.page(case, turn.school), case, turn.school, person), case)
    return Outcome((page,), audit=(Act("case viewed", case.id, person.id),))


def _acknowledged(turn: Turn, case: Case, person: Person) -> Outcome:
    try:
        theirs = acknowledge(case, person.id, turn.now)
    except NotPossible:
        return Outcome((summaries.taken(case, turn.school),))
    return Outcome(
        (
            Reply(
                wording.ACKNOWLEDGED.format(reference=case.reference),
                choices=(Choice(wording.OPEN, "open"),),
                about=f"{ABOUT}{case.id}",
            ),
        ),
        changed=(theirs,),
        settled=(case.id,),
        # Whoever said that it is not safe to be written to hears it when they ask for news.
        to_reporter=((theirs, summaries.seen(theirs, turn.school, _in_role(case, person))),) if may_write(case.said) else (),
        audit=(Act("case acknowledged", case.id, person.id, json.dumps({"at": turn.now.isoformat()})),),
    )


def _in_role(case: Case, person: Person) -> tuple[str, ...]:
    """The role in which PERSON was told of CASE: the reporter hears a role, never a name."""
    route = [role for rung in case.rungs for role in rung]
    return tuple(role for role in route if role in person.roles)[:1] or person.roles[:1]
