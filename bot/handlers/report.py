"""Guided reports: begins one, carries it on question by question, and opens the case when the person says send."""

from __future__ import annotations

import uuid
from dataclasses import replace

from bot import wording
from bot.answering import OURS
from bot.asking import asked, lost
from bot.handlers import policy
from bot.handlers.help import ASK, MENU, REPORT
from bot.messages import Choice, Reply
from bot.opening import open_case, past
from bot.summaries import added, receipt, role_words
from bot.triage import EMERGENCY, TELL, WORRY_BUTTON, WORRY_ID, keep_words, told_the_lead
from bot.turn import Outcome, Turn
from flows import catalogue
from flows.cases.case import Case
from flows.cases.routing import LEAD
from flows.engine import Asking, Finished, Progress, Reviewing, Stale, Step, Stopped, ToPerson, again, begin, hear
from knowledge.intents import Intent, understand
from storage.kept import Addition

FLOW = "report:"  # about: a button that starts a flow
DRAFT = "draft"  # memory: a report put aside, as it stood
RESUME = "resume"
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
    return _perhaps_begin(turn)


async def _go_on(turn: Turn, progress: Progress) -> Outcome | None:
    message = turn.message
    step = hear(progress, message.text, pressed=message.pressed, about=message.about, now=turn.now)
    if isinstance(step, Asking | Reviewing) and not step.understood and not message.pressed and _is_question(turn):
        return None  # the policy handler answers, and the open question is asked once more after it
    return await _shown(turn, step)


async def _shown(turn: Turn, step: Step) -> Outcome:
    match step:
        case Stale(step=still):
            return Outcome((asked(still, turn.school),))
        case ToPerson(step=still):
            return Outcome((Reply(wording.A_PERSON), asked(still, turn.school)))
        case Asking() | Reviewing():
            return Outcome((*_help_first(turn, step.progress), asked(step, turn.school)), progress=step.progress)
        case Stopped():
            return await _stopped(turn, step)
        case Finished():
            return await _sent(turn, step)


def _help_first(turn: Turn, now: Progress) -> tuple[Reply, ...]:
    """The moment somebody says that there is danger: 999 and a trusted adult, and the report stays open."""
    before = turn.progress is not None and turn.progress.in_danger
    return (Reply(wording.NINE_NINE_NINE),) if now.in_danger and not before else ()


async def _stopped(turn: Turn, step: Stopped) -> Outcome:
    memory = {key: value for key, value in turn.memory.items() if key != DRAFT}
    if not step.kept:
        note = f"{step.note}\n\n{wording.CHILD}" if step.because == "under_18" else step.note
        return Outcome((Reply(note),), progress=None, memory=memory)
    button = Choice(wording.CARRY_ON, RESUME)
    return Outcome(
        (Reply(step.note, choices=(button,), about=MENU),), progress=None, memory={**memory, DRAFT: step.progress.to_json()}
    )


async def _sent(turn: Turn, step: Finished) -> Outcome:
    """The report becomes a case; or joins the case that its emergency opened before it was finished."""
    memory = {key: value for key, value in turn.memory.items() if key not in (DRAFT, EMERGENCY)}
    early = turn.memory.get(EMERGENCY)
    for case in await turn.own() if early else ():
        if case.id == early:
            joined = await _joined(turn, step, case)
            return replace(joined, progress=None, memory=memory)
    opened = [await open_case(turn, one.matter, one.severity, one.said, involved=frozenset(one.concerned)) for one in step.openings]
    return Outcome(
        (receipt(opened[0].case, turn.school, turn.now),),
        progress=None,
        memory=memory,
        opened=tuple(one.case for one in opened),
        notices=tuple(notice for one in opened for notice in one.notices),
        audit=tuple(one.act for one in opened),
    )


async def _joined(turn: Turn, step: Finished, case: Case) -> Outcome:
    """The finished report is added to its emergency. Whoever it names loses the case, and who should have had it is told now."""
    report = step.openings[0]
    involved = frozenset(report.concerned)
    passed = await past(turn, case, report.matter, involved)
    lines = [wording.JOINED.format(reference=case.reference)]
    if involved:
        lines.append(wording.KEPT_FROM.format(roles=role_words(turn.school, sorted(involved))))
    if passed.door:
        lines.append(wording.NOW_ALSO.format(roles=role_words(turn.school, passed.door)))
    return Outcome(
        (Reply(" ".join(lines)),),
        changed=() if passed.case == case else (passed.case,),
        notices=passed.notices,
        added=(Addition(case.id, step.said),),
        to_holder=((case, added(case)),),
        audit=(passed.act,),
    )


def _perhaps_begin(turn: Turn) -> Outcome | None:
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
    return None if policy.ours(turn) else _heard(turn)


def _heard(turn: Turn) -> Outcome | None:
    """What was typed may itself be the start of a report."""
    intent = understand(turn.message.text, _heard_as(turn), turn.audience)
    if intent.kind == "report" and intent.flow is None and turn.alarmed:
        return None  # the way to the lead was offered already, in front of everything else
    if intent.kind == "report" and intent.flow is None:
        return _no_flow(turn)
    if intent.flow is None or intent.kind != "report":
        return None  # thanks, greetings and questions begin nothing, whatever else they sound like a little
    return Outcome((_this_or_that(intent, turn),)) if _unsure(intent) else _begun(turn, intent.flow)


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
    step = begin(flow, uuid.uuid4().hex[:10], turn.school.setting(turn.message.address.channel))
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
    return Reply(wording.REPORT_PROMPT, choices=choices, about=FLOW)


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
