"""Guided reports: begins one, carries it on question by question, and opens the case when the person says send."""

from __future__ import annotations

from bot import beside, logged, wording
from bot.answering import OURS
from bot.asking import asked, lost
from bot.handlers import policy
from bot.handlers.help import ASK, MENU, REPORT
from bot.handlers.report_sent import send
from bot.handlers.report_shown import RESUME, begun, begun_for_a_picture, locked, shown
from bot.memory import DRAFT
from bot.messages import Choice, Reply
from bot.naming import named_in
from bot.triage import TELL, WORRY_BUTTON, WORRY_ID, keep_words, told_the_lead
from bot.turn import Outcome, Turn
from flows import catalogue
from flows.cases.routing import LEAD
from flows.engine import Asking, Progress, Reviewing, again, hear
from knowledge.intents import Intent, understand
from knowledge.pictures import hinted

__all__ = ["DRAFT", "FLOW", "answer", "send"]

FLOW = "report:"  # about: a button that starts a flow
TOO_CLOSE = 0.1  # a smaller margin between two readings is asked about, not guessed
STOP_WORDS = frozenset({"cancel", "stop"})
REPORT_WORDS = frozenset({REPORT, "report something", "make a report"})
RESUME_WORDS = frozenset({RESUME, "carry on", "continue"})


async def answer(turn: Turn) -> Outcome | None:
    """Take everything while a report is open, except a question about the policy in the middle of it; begin one otherwise."""
    message = turn.message
    if message.pressed and (message.about.startswith(WORRY_BUTTON) or message.text == TELL):
        return await told_the_lead(turn)
    if message.attachments or (message.pressed and message.about.startswith(OURS)):
        return None
    if turn.progress is not None:
        return await _go_on(turn, turn.progress)
    return await _perhaps_begin(turn)


async def _go_on(turn: Turn, progress: Progress) -> Outcome | None:
    message = turn.message
    if not message.pressed and not progress.locked and hinted(message.text):
        return await locked(turn, progress, message.text)
    step = hear(progress, message.text, pressed=message.pressed, about=message.about, now=turn.now.astimezone(turn.school.zone))
    if isinstance(step, Asking | Reviewing) and not step.understood and not message.pressed and _is_question(turn):
        return None  # the policy handler answers, and the open question is asked once more after it
    return await shown(turn, step)


async def _perhaps_begin(turn: Turn) -> Outcome | None:
    message = turn.message
    wish = message.text.strip().casefold()
    if message.pressed:
        return _pressed(turn, wish)
    if wish in STOP_WORDS:
        return Outcome((Reply(wording.CANCELLED),))
    if wish in REPORT_WORDS:
        return Outcome((_which(turn),))
    if wish in RESUME_WORDS and DRAFT in turn.memory:
        return _resumed(turn)
    if (titled := {catalogue.flow(name).title.casefold(): name for name in turn.school.flows}.get(wish)) is not None:
        return _begun(turn, titled)
    return None if policy.ours(turn) else await _heard(turn)


async def _heard(turn: Turn) -> Outcome | None:
    """What was typed may itself be the start of a report."""
    intent = understand(turn.message.text, _heard_as(turn), turn.audience)
    if intent.kind == "report" and hinted(turn.message.text):
        return await locked(turn, begun_for_a_picture(turn, intent.flow), turn.message.text)
    if intent.kind == "report" and intent.flow is None and turn.alarmed:
        return None  # the way to the lead was offered already, in front of everything else
    if intent.kind == "report" and intent.flow is None:
        return _no_flow(turn)
    if intent.flow is None or intent.kind != "report":
        return None  # thanks, greetings and questions begin nothing, whatever else they sound like a little
    if _unsure(intent):
        return Outcome((_this_or_that(intent, turn),))
    step = begun(turn, intent.flow)
    # The words that begin a report answer none of its questions, but they may name who would read it.
    kept = beside.recall(turn.memory, step.progress.id).naming(await named_in(turn, turn.message.text))
    return Outcome((asked(step, turn.school),), progress=step.progress, memory=beside.remember(turn.memory, kept))


def _pressed(turn: Turn, wish: str) -> Outcome | None:
    about = turn.message.about
    if about.startswith(FLOW) and wish in turn.school.flows:
        return _begun(turn, wish)
    if about.startswith(MENU) and wish == REPORT:
        return Outcome((_which(turn),))
    if about.startswith(MENU) and wish == RESUME and DRAFT in turn.memory:
        return _resumed(turn)
    if about == FLOW and wish == ASK:
        return Outcome((Reply(wording.ASK_PROMPT),))
    return None


def _begun(turn: Turn, flow: str) -> Outcome:
    step = begun(turn, flow)
    return Outcome((asked(step, turn.school),), progress=step.progress)


def _resumed(turn: Turn) -> Outcome:
    memory = {key: value for key, value in turn.memory.items() if key != DRAFT}
    draft = Progress.from_json(turn.memory[DRAFT], turn.school.setting(turn.message.address.channel))
    if not isinstance(draft, Progress):
        return Outcome((lost(draft.note, draft.said),), memory=memory)
    step = again(draft, wording.OPEN_QUESTION)
    return Outcome((asked(step, turn.school),), progress=step.progress, memory=memory)


def _no_flow(turn: Turn) -> Outcome:
    """A report that none of this school's questions were written for: the lead can have it as it is."""
    flows = _which(turn)
    kept = keep_words(turn)
    lead = turn.school.roles[LEAD]
    choices = (*flows.choices, Choice(wording.TELL_WHOM.format(role=lead), TELL))
    text = wording.REPORT_OR_LEAD.format(role=lead)
    return Outcome((Reply(text, choices=choices, about=f"{FLOW}{kept[WORRY_ID]}"),), memory={**turn.memory, **kept})


def _which(turn: Turn) -> Reply:
    choices = tuple(Choice(catalogue.flow(name).title, name) for name in turn.school.flows)
    return logged.offering(Reply(wording.REPORT_PROMPT, choices=choices, about=FLOW), turn.person, turn.school)


def _heard_as(turn: Turn) -> dict[str, tuple[str, ...]]:
    return {name: catalogue.flow(name).heard_as for name in turn.school.flows}


def _is_question(turn: Turn) -> bool:
    return understand(turn.message.text, _heard_as(turn), turn.audience).kind == "question"


def _unsure(intent: Intent) -> bool:
    return intent.margin < TOO_CLOSE and intent.runner_up is not None


def _this_or_that(intent: Intent, turn: Turn) -> Reply:
    names = [name for name in (intent.flow, intent.runner_up) if name in turn.school.flows]
    choices = [Choice(catalogue.flow(name).title, name) for name in names if name is not None]
    return Reply(wording.WHICH_ONE, choices=(*choices, Choice("Ask a question", ASK)), about=FLOW)
