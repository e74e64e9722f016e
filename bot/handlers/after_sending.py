"""A report that was sent from here: add to it, ask how it stands, or say that nothing has happened."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

from bot import reaching, receipts, wording, wording_sent
from bot.handlers import adding
from bot.handlers.cases import REFERENCE
from bot.messages import Reply
from bot.receipts import ABOUT, ADD, NEWS, NOTHING
from bot.summaries import nudged, role_words
from bot.turn import Outcome, Turn
from flows.cases.case import ALPHABET, Case, Status
from flows.cases.climbing import again_after, next_rung, one_up
from storage.kept import Act

SHOWN = 3  # reports, where somebody sent several
NUDGED = "nudged"  # memory: when it was last said of which report that nothing has happened, and which rung was told then
_ADD = re.compile(
    rf"(?:please )?add(?: (?:this|something|more))?(?: to)?(?: my report)?(?: (SP-?[{ALPHABET}]{{5}}))?\s*(?::(.*))?",
    re.IGNORECASE | re.DOTALL,
)
_NEWS = re.compile(r"(?:status|any news|any news yet|is there any news|news|what happened to my report|how is my report)")
_NOTHING = re.compile(
    r"(?:nothing (?:has |is |s )?happen(?:ed|ing)(?: yet| since)?|i am still waiting|im still waiting|still waiting|still nothing|"
    r"nobody (?:has )?(?:answered|replied|rang|called)(?: me)?(?: yet)?|no ?one (?:has )?(?:answered|replied)(?: me)?(?: yet)?)"
)
_SIGNS = re.compile(r"[^\w\s]")


async def answer(turn: Turn) -> Outcome | None:
    """Take the buttons under a receipt, what was asked for by one of them, and the same wishes typed. Others learn nothing."""
    message = turn.message
    if message.pressed and message.about.startswith(ABOUT):
        return await _pressed(turn, message.about.removeprefix(ABOUT))
    return None if message.pressed or message.attachments else await _typed_here(turn)


async def _typed_here(turn: Turn) -> Outcome | None:
    message = turn.message
    if message.about.startswith(ABOUT) and message.text.strip():
        return await _answered(turn, message.about.removeprefix(ABOUT))
    if (more := _ADD.fullmatch(message.text.strip())) is not None:
        return await _add(turn, more[1], more[2])
    if turn.progress is not None:
        return None  # what is typed belongs to the report that is open
    if (wish := _wish(message.text)) is not None:
        return await _typed(turn, *wish)
    return await adding.heard(turn)


def _wish(text: str) -> tuple[str, str | None] | None:
    """What TEXT wants to know or to say of a report, and of which one; nothing when it is anything else."""
    named = REFERENCE.search(text)
    rest = REFERENCE.sub(" ", text) if named else text
    plain = " ".join(_SIGNS.sub("", rest.casefold()).split()).removesuffix(" on").removesuffix(" about").removesuffix(" with")
    reference = f"SP-{named[1].upper()}" if named else None
    if _NEWS.fullmatch(plain):
        return NEWS, reference
    return (NOTHING, reference) if _NOTHING.fullmatch(plain) else None


async def _pressed(turn: Turn, rest: str) -> Outcome:
    case_id, _, asked = rest.partition(":")
    case = next((one for one in await turn.own() if one.id == case_id), None)
    if case is None:
        return Outcome((Reply(wording_sent.NO_SUCH_REPORT),))
    if asked:
        return await adding.answered(turn, case)
    if turn.message.text.startswith(f"{adding.CHANGED}:"):
        return await adding.changed(turn, case)
    return await _done(turn, case, turn.message.text)


async def _answered(turn: Turn, case_id: str) -> Outcome | None:
    """Words below a message about a report, where the platform knows what they answer: they are kept with it."""
    case = next((one for one in await turn.own() if one.id == case_id), None)
    return await adding.keep(turn, case, turn.message.text) if case is not None else None


async def _typed(turn: Turn, wish: str, reference: str | None) -> Outcome | None:
    own = await turn.own()
    if reference is not None:
        case = next((one for one in own if one.reference == reference), None)
        # Somebody who may see the case by their role asks for the same words: the next handler knows.
        return await _done(turn, case, wish) if case is not None else None
    if not own:
        return Outcome((Reply(wording_sent.NO_REPORT_HERE),)) if wish == NEWS else None
    return await _done(turn, own[0], wish) if len(own) == 1 else await _each(turn, own)


async def _add(turn: Turn, given: str | None, words: str | None) -> Outcome | None:
    own = await turn.own()
    reference = f"SP-{given[-5:].upper()}" if given else None
    if turn.progress is not None and (reference is None or not (words or "").strip()):
        return None  # only what cannot be meant as an answer is taken from an open report
    found = [one for one in own if reference in (None, one.reference)]
    if not found:
        return Outcome((Reply(wording_sent.NO_SUCH_REPORT if reference else wording_sent.NO_REPORT_HERE),))
    if words and words.strip():
        return await adding.keep(turn, found[0], words.strip())
    return await _done(turn, found[0], ADD)


async def _done(turn: Turn, case: Case, wish: str) -> Outcome:
    match wish:
        case receipts.ADD:
            return adding.begin(turn, case)
        case receipts.NOTHING:
            return await _nothing_happened(turn, case)
        case "cancel":
            return adding.cancelled(turn)
    return Outcome((await standing(turn, case),), memory=adding.forget(turn.memory))


async def standing(turn: Turn, case: Case) -> Reply:
    """How CASE, sent from here, stands by now."""
    return receipts.status(case, await turn.climbs(case.id), turn.school, turn.now, await turn.due(case.id))


async def _each(turn: Turn, own: tuple[Case, ...]) -> Outcome:
    """Several were sent from here: how the latest stand, each with its own buttons."""
    stand = [await standing(turn, case) for case in own[:SHOWN]]
    return Outcome((Reply(wording_sent.SEVERAL), *stand), memory=adding.forget(turn.memory))


async def _nothing_happened(turn: Turn, case: Case) -> Outcome:
    """The next rung is told now, and the clock goes on from there: once, until that rung has had its time."""
    ring = reaching.ring(turn.school, turn.now)
    if case.status is Status.CLOSED:
        return _said(turn, case, wording_sent.UP_CLOSED.format(reference=case.reference, ring=ring))
    nudges: dict[str, list[str]] = json.loads(turn.memory.get(NUDGED, "{}"))
    if (before := nudges.get(case.id)) is not None:
        at, roles = datetime.fromisoformat(before[0]), before[1]
        if turn.now < (until := again_after(case, turn.school.calendar, at)):
            return _said(turn, case, _already(turn, case, at, until, roles))
    climbs = await turn.climbs(case.id)
    rung = next_rung(case, climbs, turn.now)
    if rung is None:
        return _used_up(turn, case)
    moved, notices = one_up(case, rung, climbs, turn.school.calendar, turn.now)
    told = role_words(turn.school, case.rungs[rung])
    line = wording_sent.GOES_UP.format(roles=told, reference=case.reference)
    wait = wording_sent.RECEIPT_WAIT.format(ring=ring)
    memory = adding.forget(turn.memory)
    return Outcome(
        (replace(receipts.buttons(moved), text=f"{line} {wait}"),),
        memory={**memory, NUDGED: json.dumps({**nudges, case.id: [turn.now.isoformat(), told]}, ensure_ascii=False)},
        changed=() if moved == case else (moved,),
        notices=notices,
        to_holder=() if case.waiting else ((case, nudged(case)),),
        audit=(Act("reporter says nothing has happened", case.id, details=json.dumps({"rung": rung})),),
    )


def _already(turn: Turn, case: Case, at: datetime, until: datetime, roles: str) -> str:
    when, later = (wording.at(moment, turn.now, turn.school.zone) for moment in (at, until))
    already = wording_sent.UP_ALREADY.format(reference=case.reference, roles=roles, when=when, until=later)
    return f"{already} {wording_sent.RECEIPT_WAIT.format(ring=reaching.ring(turn.school, turn.now))}"


def _used_up(turn: Turn, case: Case) -> Outcome:
    """There is nobody left: the truth, and whom to ring. Whoever has it hears that the reporter waits."""
    ring = reaching.ring(turn.school, turn.now)
    here = wording_sent.UP_USED_UP.format(reference=case.reference, ring=ring)
    text = "\n\n".join(part for part in (here, reaching.outside(turn.school, turn.now), wording.NINE_NINE_NINE_SHORT) if part)
    return Outcome(
        (Reply(text),),
        memory=adding.forget(turn.memory),
        to_holder=() if case.waiting else ((case, nudged(case)),),
        audit=(Act("reporter told to phone", case.id),),
    )


def _said(turn: Turn, case: Case, text: str) -> Outcome:
    said = replace(receipts.buttons(case), text=text)
    return Outcome((said,), memory=adding.forget(turn.memory))
