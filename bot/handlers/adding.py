"""Something more about a report that was sent: kept beside it with its time, and never over it."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from bot import beside, case_drafts, receipts, wording, wording_sent
from bot import wording_changed as words_changed
from bot.handlers.report_shown import begun_for_a_picture, locked
from bot.memory import ADDING
from bot.messages import Choice, Reply
from bot.naming import named_in
from bot.opening import past
from bot.receipts import ABOUT
from bot.summaries import added, role_words
from bot.turn import Outcome, Turn
from flows.answers import LONGEST_TEXT, clean
from flows.cases.case import Case, Said, Status
from flows.cases.routing import LEAD
from knowledge.pictures import hinted
from storage.kept import Act, Addition

FRESH = timedelta(minutes=30)  # after that the next message is about something else
STOP_WORDS = frozenset({"cancel", "stop", "never mind", "nothing"})
PART, NOT_PART = "part", "not-part"
TAKEN_AWAY = "taken-away"  # memory: the report that says already that a message was deleted
CHANGED = "changed"  # memory: what a message says since it was changed, until it is added or another one is; and the button's value


@dataclass(frozen=True, slots=True)
class _Adding:
    """Words on their way to the report `case`: still to be written, or held while `asked` of the roles they may mean is open."""

    case: str
    at: str
    words: str = field(default="", repr=False)
    asked: tuple[str, ...] = ()
    involved: tuple[str, ...] = ()
    media: int = 0
    token: str = ""

    def fresh(self, now: datetime) -> bool:
        return timedelta(0) <= now - datetime.fromisoformat(self.at) <= FRESH


def forget(memory: dict[str, str]) -> dict[str, str]:
    """MEMORY with nothing being added."""
    return {key: value for key, value in memory.items() if key != ADDING}


def begin(turn: Turn, case: Case) -> Outcome:
    """The next message is kept with CASE. With another report open it would be taken for an answer, so words come at once there."""
    if turn.progress is not None:
        return Outcome((Reply(wording_sent.ADD_BESIDE.format(reference=case.reference)),))
    stop = (Choice(wording.CANCEL, "cancel"),)
    prompt = Reply(wording_sent.ADD_PROMPT.format(reference=case.reference), choices=stop, about=f"{ABOUT}{case.id}")
    return Outcome((prompt,), memory=_remember(turn, _Adding(case.id, turn.now.isoformat())))


async def heard(turn: Turn) -> Outcome | None:
    """What is typed while something is being added; None when nothing is, or it was begun too long ago."""
    held = _recall(turn.memory)
    if held is None or not held.fresh(turn.now) or not turn.message.text.strip():
        return None
    if turn.message.text.strip().casefold().rstrip(".!") in STOP_WORDS:
        return cancelled(turn)
    case = next((one for one in await turn.own() if one.id == held.case), None)
    if case is None:
        return None
    if held.asked:
        return Outcome((_ask(turn, case, held),))
    return await keep(turn, case, turn.message.text)


def offer(turn: Turn, case: Case, reply: Reply) -> Outcome:
    """REPLY to a message that was changed, with a button by which what it says now is added to CASE."""
    token = uuid.uuid4().hex[:8]
    # Whom the words may mean is heard in them now: the button that adds them is another message.
    kept = json.dumps({"token": token, "words": turn.message.text, "named": sorted(turn.named)}, ensure_ascii=False)
    choice = Choice(words_changed.ADD_IT.format(reference=case.reference), f"{CHANGED}:{token}")
    reply = replace(reply, choices=(choice,), about=f"{ABOUT}{case.id}")
    return Outcome((reply,), memory={**turn.memory, CHANGED: kept})


def taken_away(turn: Turn, case: Case) -> Outcome:
    """A message was deleted after CASE was sent: that stands there once, beside what was said, of which nothing is lost."""
    marked = {**turn.memory, TAKEN_AWAY: case.id}
    said = Said(words_changed.TAKEN_AWAY, words_changed.TAKEN_AWAY_HOW)
    line = words_changed.DELETED_AFTER.format(reference=case.reference)
    return Outcome(
        (Reply(f"{words_changed.DELETED} {line}"),),
        memory=marked,
        added=(Addition(case.id, (said,)),),
        audit=(Act("words added", case.id),),
    )


async def changed(turn: Turn, case: Case) -> Outcome:
    """The button below it: once, and for the last change only."""
    kept = json.loads(turn.memory.get(CHANGED, "{}"))
    if turn.message.text != f"{CHANGED}:{kept.get('token')}":
        return Outcome((Reply(wording.OLD_BUTTON),))
    memory = {key: value for key, value in turn.memory.items() if key != CHANGED}
    return await keep(replace(turn, memory=memory, named=frozenset(kept["named"])), case, kept["words"])


def cancelled(turn: Turn) -> Outcome:
    """Nothing is added after all."""
    return Outcome((Reply(wording_sent.ADD_CANCELLED),), memory=forget(turn.memory))


async def keep(turn: Turn, case: Case, given: str) -> Outcome:
    """Keep the words GIVEN with CASE; first ask about everybody they may mean who could read them."""
    words = clean(given)[:LONGEST_TEXT]
    if hinted(words):
        return await _picture(turn, case, words)
    held = _recall(turn.memory)
    media = held.media if held is not None and held.case == case.id else 0
    readers = {role for rung in case.rungs for role in rung}
    asked = tuple(sorted(await named_in(turn, words) & readers))
    adding = _Adding(case.id, turn.now.isoformat(), words, asked, media=media, token=uuid.uuid4().hex[:8])
    if asked:
        return Outcome((_ask(turn, case, adding),), memory=_remember(turn, adding))
    return await _kept(turn, case, adding)


async def answered(turn: Turn, case: Case) -> Outcome:
    """Whether a role that the words may mean is part of it."""
    held = _recall(turn.memory)
    if held is None or held.case != case.id or not held.asked or not turn.message.about.endswith(f":{held.token}"):
        return Outcome((Reply(wording.OLD_BUTTON),))
    role, *left = held.asked
    involved = (*held.involved, role) if turn.message.text == PART else held.involved
    held = replace(held, asked=tuple(left), involved=involved, token=uuid.uuid4().hex[:8])
    if held.asked:
        return Outcome((_ask(turn, case, held),), memory=_remember(turn, held))
    return await _kept(turn, case, held)


def offered(turn: Turn, files: int) -> dict[str, str]:
    """The memory after FILES were offered where words were asked for: the report will say so, together with the words."""
    held = _recall(turn.memory)
    return turn.memory if held is None else _remember(turn, replace(held, media=held.media + files))


def _ask(turn: Turn, case: Case, adding: _Adding) -> Reply:
    text = wording_sent.ADD_NAMES.format(roles=role_words(turn.school, adding.asked[:1]))
    choices = (Choice(wording_sent.ADD_PART, PART), Choice(wording_sent.ADD_NOT_PART, NOT_PART))
    return Reply(text, choices=choices, about=f"{ABOUT}{case.id}:{adding.token}")


async def _kept(turn: Turn, case: Case, adding: _Adding) -> Outcome:
    involved = frozenset(adding.involved)
    passed = await past(turn, case, case.matter, involved)
    lines = [wording_sent.ADD_KEPT.format(reference=case.reference), _who_hears(case)]
    if involved:
        lines.append(wording.KEPT_FROM.format(roles=role_words(turn.school, sorted(involved))))
    if passed.door:
        lines.append(wording.NOW_ALSO.format(roles=role_words(turn.school, passed.door)))
    said = [Said(wording_sent.ADDED_LATER, adding.words)]
    if adding.media:
        said.append(Said(wording.FILES_OFFERED, wording.FILES_NOT_TAKEN.format(number=adding.media)))
    return Outcome(
        (replace(receipts.buttons(passed.case), text=" ".join(lines)),),
        memory=forget(turn.memory),
        changed=() if passed.case == case else (passed.case,),
        replanned=passed.replanned,
        notices=passed.notices,
        added=(Addition(case.id, tuple(said)),),
        to_holder=((case, added(case)),),
        audit=(passed.act if involved else Act("words added", case.id),),
        passed_on=any(LEAD in rung for rung in passed.case.rungs[:1]),  # whoever worrying words are offered to reads them here
    )


def _who_hears(case: Case) -> str:
    if case.status is Status.CLOSED:
        return wording_sent.ADD_CLOSED
    return wording_sent.ADD_WAITS if case.waiting else wording_sent.ADD_TOLD


async def _picture(turn: Turn, case: Case, words: str) -> Outcome:
    """The words hint at a picture of a child: they go at once, as a report of their own, to those who may have such a thing."""
    progress = turn.progress or begun_for_a_picture(turn)
    kept = beside.recall(turn.memory, progress.id)
    memory = beside.remember(forget(turn.memory), replace(kept, belongs=case.reference))
    turn = replace(turn, memory=memory)
    outcome = await locked(turn, progress, words, answers=turn.progress is None)
    return replace(outcome, replies=(*outcome.replies[:1], Reply(wording_sent.ADD_PICTURE), *outcome.replies[1:]))


def _recall(memory: dict[str, str]) -> _Adding | None:
    if ADDING not in memory:
        return None
    kept = json.loads(memory[ADDING])
    return _Adding(**{**kept, "asked": tuple(kept["asked"]), "involved": tuple(kept["involved"])})


def _remember(turn: Turn, adding: _Adding) -> dict[str, str]:
    # One thing at a time waits for words: a form about a case that was open is given up.
    return {**case_drafts.forget(turn.memory), ADDING: json.dumps(asdict(adding), ensure_ascii=False)}
