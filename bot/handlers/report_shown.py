"""What one step of a report says and changes: the next question, help first where it is needed, a draft put aside, or the end."""

from __future__ import annotations

import uuid
from dataclasses import replace

from bot import beside, left_in_danger, reaching, wording
from bot.asking import asked
from bot.handlers.help import MENU
from bot.handlers.report_named import Onward, asked_about, noted
from bot.handlers.report_sent import send
from bot.memory import DRAFT
from bot.messages import Choice, Reply
from bot.naming import named_in
from bot.triage import EMERGENCY, TELL, WORRY, WORRY_BUTTON, WORRY_ID, WORRY_NAMES, keep_words
from bot.turn import Outcome, Turn
from flows import catalogue
from flows.cases.routing import DEPUTY, HEADTEACHER, LEAD
from flows.engine import Asking, Finished, Progress, Reviewing, Stale, Step, Stopped, ToPerson, begin, lock
from flows.frame import PRIVATE_PAGE, UNDER_18, Report
from flows.question import HAPPENED
from flows.setting import RATHER_NOT_SAY

RESUME = "resume"
_CARRIED = (WORRY, WORRY_ID, WORRY_NAMES)


async def shown(turn: Turn, step: Step) -> Outcome:
    """STEP as a decision; TURN's memory is kept with it."""
    match step:
        case Stale():
            return Outcome((asked(step.step, turn.school),))
        case ToPerson():
            return _to_person(turn, step.step)
        case Stopped():
            stopped = _stopped(turn, step)
            return await left_in_danger.with_it(turn, stopped) if step.because == UNDER_18 else stopped
        case _:
            return await _onward(turn, step)


async def _onward(turn: Turn, step: Onward) -> Outcome:
    """The next question or the review; or the report is sent. What its words hint at is seen to first."""
    if turn.progress is not None:
        kept = await noted(turn, turn.progress, step.progress)
        turn = replace(turn, memory=beside.remember(turn.memory, kept))
        step = asked_about(turn, step, kept)
    first = (*_help_first(turn, step.progress), *_picture_first(turn, step))
    if isinstance(step, Finished):
        sent = await send(turn, step)
        return replace(sent, replies=(*first, *sent.replies))
    # A locked report goes out by itself if nobody answers any more.
    replies = (*first, asked(step, turn.school))
    return Outcome(replies, progress=step.progress, memory=turn.memory, passed_on=step.progress.locked)


async def locked(turn: Turn, progress: Progress, words: str, *, answers: bool = True) -> Outcome:
    """WORDS hint at a picture of a child: nothing more is asked but who must not be told. They go with the report either way."""
    kept = beside.recall(turn.memory, progress.id).naming(await named_in(turn, words))
    if not answers or HAPPENED in progress.answers:  # no question takes them
        kept = kept.saying(words)
    turn = replace(turn, progress=progress, memory=beside.remember(turn.memory, kept))
    return await shown(turn, lock(progress, words if answers else "", turn.now.astimezone(turn.school.zone)))


def begun(turn: Turn, flow: str) -> Asking:
    """The report FLOW, as it begins here."""
    return begin(flow, uuid.uuid4().hex[:10], turn.school.setting(turn.message.address.channel))


def begun_for_a_picture(turn: Turn, meant: str | None = None) -> Progress:
    """A report for words about a picture of a child: MEANT, or any that fits, for once they are locked they are all the same."""
    named = (name for name in (meant, *turn.school.flows, *catalogue.names()) if name)
    fitting = (name for name in named if issubclass(catalogue.flow(name), Report))
    return begun(turn, next(fitting)).progress


def _help_first(turn: Turn, now: Progress) -> tuple[Reply, ...]:
    """The moment somebody says that there is danger: 999 and a trusted adult, and the report stays open."""
    before = turn.progress is not None and turn.progress.in_danger
    if before or not now.in_danger:
        return ()
    # Somebody who is busy ringing 999 should not have to finish a form as well.
    stop = "" if EMERGENCY in turn.memory or now.locked else f"\n\n{wording.IF_YOU_STOP}"
    return (Reply(f"{wording.NINE_NINE_NINE}{stop}"),)


def _picture_first(turn: Turn, step: Onward) -> tuple[Reply, ...]:
    """The moment a picture of a child may be involved: stop, and leave it alone. Who was told is said only once it is sent."""
    before = turn.progress is not None and turn.progress.locked
    if before or not step.progress.locked:
        return ()
    more = f"\n\n{wording.PICTURE_ONE_MORE}" if isinstance(step, Asking) else ""
    return (Reply(f"{wording.PICTURE_STOP}{more}"),)


def _to_person(turn: Turn, still: Asking | Reviewing) -> Outcome:
    """Who can be spoken to, less whoever this is about; and the lead can be told here, where that is not the wrong person."""
    answers = still.progress.answers
    about = frozenset(str(answers[one.name]) for one in still.progress.questions if one.kind == "role" and one.name in answers)
    unnamed = answers.get("adult_part") == RATHER_NOT_SAY or RATHER_NOT_SAY in about
    without = about | {LEAD, DEPUTY, HEADTEACHER} if unnamed else about
    whom = reaching.in_person(turn.school, turn.now, without=without)
    if LEAD in without:
        return Outcome((whom, asked(still, turn.school)))
    kept = keep_words(replace(turn, named=turn.named | about), wording.WANTS_A_PERSON)
    button = Choice(wording.TELL_THE_LEAD, TELL)
    whom = replace(whom, choices=(button,), about=f"{WORRY_BUTTON}{kept[WORRY_ID]}")
    return Outcome((whom, asked(still, turn.school)), memory={**turn.memory, **kept})


def _stopped(turn: Turn, step: Stopped) -> Outcome:
    memory = {key: value for key, value in turn.memory.items() if key != DRAFT}
    if step.kept:
        button = Choice(wording.CARRY_ON, RESUME)
        draft = {**memory, DRAFT: step.progress.to_json()}
        note = f"{step.note} {wording.DRAFT_KEPT.format(days=wording.days(turn.school.keep_days))}"
        return Outcome((Reply(note, choices=(button,), about=MENU),), progress=None, memory=draft)
    memory = beside.forget(memory)
    note = step.note
    if step.because == UNDER_18:
        note = f"{note}\n\n{wording.CHILD}"
    elif step.because == PRIVATE_PAGE:
        # Whoever reads along may read this too: nothing of what was said stays behind for a button or a follow-up.
        memory = {key: value for key, value in memory.items() if key not in _CARRIED}
        note = f"{note}\n\n{_private(turn)}"
    return Outcome((Reply(note),), progress=None, memory=memory)


def _private(turn: Turn) -> str:
    if turn.school.page:
        return wording.PRIVATE_PAGE_AT.format(page=turn.school.page)
    return wording.NO_PRIVATE_PAGE.format(ring=reaching.ring(turn.school, turn.now))
