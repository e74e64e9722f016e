"""Approve or decline: one of the roles that decide answers a request, once, and whoever asked is told."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from bot import deciding, wording
from bot.handlers.cases import ABOUT
from bot.messages import Reply
from bot.opening import Opened, open_case
from bot.turn import Outcome, Turn
from flows.answers import LONGEST_TEXT, clean
from flows.cases.case import ALPHABET, Case, Decision, NotPossible, Said, decide
from flows.matters import matter
from storage.kept import Act, Addition, Person

NOTE = "decision_note"
_TYPED = re.compile(
    rf"(?P<wish>approved?|declined?)\s+SP-?(?P<reference>[{ALPHABET}]{{5}})\b\s*[:,.–-]?\s*(?P<note>.*)", re.IGNORECASE | re.DOTALL
)


async def answer(turn: Turn) -> Outcome | None:
    """Take the two buttons, and the same wish typed with a reference and, after it, a note for whoever asked."""
    message = turn.message
    if message.pressed and message.about.startswith(ABOUT) and message.text in (deciding.APPROVE, deciding.DECLINE):
        case = await turn.cases.by_id(message.about.removeprefix(ABOUT))
        return await _answered(turn, case, "", approved=message.text == deciding.APPROVE)
    if message.pressed or message.attachments or turn.person is None or turn.progress is not None:
        return None
    if (typed := _TYPED.fullmatch(message.text.strip())) is None:
        return None
    case = await turn.cases.by_reference(f"SP-{typed['reference'].upper()}")
    note = clean(typed["note"])[:LONGEST_TEXT]
    return await _answered(turn, case, note, approved=typed["wish"].casefold().startswith("approve"))


async def _answered(turn: Turn, case: Case | None, note: str, *, approved: bool) -> Outcome:
    if case is None or turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    return await answered(turn, case, turn.person, note, approved=approved)


async def answered(turn: Turn, case: Case, person: Person, note: str, *, approved: bool) -> Outcome:
    """PERSON decides what CASE asks for, with a NOTE to whoever asked; or why they cannot."""
    if not deciding.asks(case):
        return Outcome((Reply(wording.NOTHING_TO_DECIDE.format(reference=case.reference), about=f"{ABOUT}{case.id}"),))
    role = deciding.deciding_role(case, turn.school, person)
    if role is None:
        return Outcome((deciding.not_for_you(case, turn.school),))
    if any(own.id == case.id for own in await turn.own()) or await turn.cases.sent(case.id):
        return Outcome((deciding.own(case),))
    try:
        theirs = decide(case, person.id, turn.now, approved=approved)
    except NotPossible:
        return Outcome((deciding.card_after(case, turn.school),))
    return _decided(turn, theirs, role, note, await _carried_out(turn, theirs, person))


def _decided(turn: Turn, case: Case, role: str, note: str, opened: Opened | None) -> Outcome:
    assert case.decision is not None  # noqa: S101 - it was decided a line above; said for the type checker
    told = opened.case.rungs[0] if opened is not None else ()
    details = {"at": turn.now.isoformat(), "role": role, **({"opened": opened.case.reference} if opened is not None else {})}
    return Outcome(
        (deciding.decider_told(case, turn.school, told),),
        opened=() if opened is None else (opened.case,),
        changed=(case,),
        notices=() if opened is None else opened.notices,
        settled=(case.id,),
        added=(Addition(case.id, (Said(wording.NOTE_ON_DECISION, note, NOTE),)),) if note else (),
        to_reporter=((case, deciding.asker_told(case, turn.school, role, note, told)),),
        audit=(
            Act(f"request {case.decision.value}", case.id, case.holder, json.dumps(details)),
            *(() if opened is None else (opened.act,)),
        ),
    )


async def _carried_out(turn: Turn, case: Case, person: Person) -> Opened | None:
    """What an approval opens for whoever carries it out: the site and the dates, and not who asked or for whom."""
    wanted = matter(case.matter)
    if not wanted.opens or case.decision is not Decision.APPROVED:
        return None
    shown = tuple(replace(one, at=None) for one in case.said if one.name in wanted.shows)
    opened = await open_case(turn, wanted.opens, case.severity, shown)
    carrying = opened.case.rungs[0] if opened.case.rungs else ()
    if not carrying or set(carrying) & set(person.roles):
        return None  # whoever approved it sees to it: nobody has to tell them twice
    return replace(opened, case=replace(opened.case, concerns=opened.case.concerns | case.concerns))
