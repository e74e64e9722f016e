"""Reports that nobody came back to: when to ask once, when silence is the answer, and when what was said is destroyed. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from bot import beside, glances, last_question, left_in_danger, wording
from bot.memory import DRAFT, OFFERED, REMINDER, Talk
from bot.messages import Choice, Reply
from bot.triage import WORRY, WORRY_ID, WORRY_NAMES
from flows.engine import Progress, Stage, silence

ON, KEEP, THROW = "on", "keep", "throw"
TALK, REPORT = "talk", "report"  # Talk.since: the last word at all, and about the report that is open

SILENT_AFTER = timedelta(minutes=10)  # as the question itself says
REMIND_AFTER = timedelta(minutes=20)
# A reminder that was held up, as by an outage, must not ring in the middle of the night.
REMIND_UNTIL = REMIND_AFTER + timedelta(hours=2)
# Somebody who rates an answer, or passes a question on, does so the same day.
QUESTION_KEPT = timedelta(days=1)


class Due(Enum):
    """What falls due in a conversation although nobody writes."""

    DANGER = "a report was left in which somebody said that there is danger"
    SEND = "the open question was left unanswered, and its silence means something"
    REMIND = "a report was left unfinished"
    DESTROY_OPEN = "a report that is open was kept for as long as the school keeps it"
    DESTROY_ASIDE = "a report that was put aside was kept for as long as the school keeps it"
    FORGET_WORRY = "words that could be passed on by a button were kept as long as that"
    GLANCE = "words that may need the lead came to nothing"
    FORGET_QUESTION = "a question about the policy was kept for a day"
    FORGET_ALL = "nobody wrote for as long as that"


def touched(before: Talk, talk: Talk, at: datetime) -> Talk:
    """TALK, which was BEFORE, with the moment since which everything in it has been left alone; somebody wrote AT that moment."""
    since = {TALK: at, REPORT: at} if talk.progress is not None or talk.lost is not None else {TALK: at}
    for key in (DRAFT, WORRY, last_question.KEY):
        if key in talk.memory:
            same = key in before.since and before.memory.get(key) == talk.memory[key]
            since[key] = before.since[key] if same else at
    return tidied(replace(talk, since=since))


def known(talk: Talk, at: datetime) -> Talk:
    """TALK as an earlier version left it, which kept no moments: what is in it counts from AT, and nobody is reminded of it."""
    if talk.since or not (talk.memory or talk.progress or talk.lost):
        return talk
    old = touched(talk, talk, at)
    return old if old.progress is None else replace(old, reminded=(*old.reminded, old.progress.id))


def wake_at(talk: Talk, keep_days: int) -> datetime | None:
    """When the conversation must be looked at next although nobody writes; None: there is nothing in it that ends."""
    return min((at for at, _ in _falls_due(talk, timedelta(days=keep_days))), default=None)


def due(talk: Talk, keep_days: int, now: datetime) -> frozenset[Due]:
    """Everything that is due by NOW. What is sent is not destroyed, and nobody is reminded of what is gone."""
    found = {what for at, what in _falls_due(talk, timedelta(days=keep_days)) if at <= now}
    if Due.DESTROY_OPEN in found:
        found.discard(Due.REMIND)
    return frozenset(found)


def _falls_due(talk: Talk, keep: timedelta) -> Iterator[tuple[datetime, Due]]:
    if (glance := glances.due_at(talk.memory)) is not None:
        yield glance, Due.GLANCE
    if REPORT in talk.since:
        yield from _report(talk, talk.since[REPORT], keep)
    ends = (
        (DRAFT, keep, Due.DESTROY_ASIDE),
        (WORRY, keep, Due.FORGET_WORRY),
        (last_question.KEY, QUESTION_KEPT, Due.FORGET_QUESTION),
        (TALK, keep, Due.FORGET_ALL),
    )
    for key, span, what in ends:
        if key in talk.since:
            yield talk.since[key] + span, what


def _report(talk: Talk, left: datetime, keep: timedelta) -> Iterator[tuple[datetime, Due]]:
    progress = talk.progress
    if progress is not None and silence(progress) is not None:
        yield left + SILENT_AFTER, Due.SEND
        return
    if left_in_danger.waits(talk):
        yield left + left_in_danger.AFTER, Due.DANGER
    if progress is not None and may_remind(progress) and progress.id not in talk.reminded:
        yield left + REMIND_AFTER, Due.REMIND
    yield left + keep, Due.DESTROY_OPEN


def may_remind(progress: Progress) -> bool:
    """Only somebody who said that it is safe is written to unasked; and not somebody who was about to stop."""
    return progress.safe_to_write and progress.stage is not Stage.STOPPING


def reminded(talk: Talk, now: datetime) -> tuple[Talk, tuple[Reply, ...]]:
    """TALK with its open report marked as reminded of, and the reminder; none when it comes far too late."""
    assert talk.progress is not None  # noqa: S101 - only an open report is reminded of
    marked = replace(talk, reminded=(*talk.reminded, talk.progress.id))
    if now > talk.since[REPORT] + REMIND_UNTIL:
        return marked, ()
    buttons = (Choice(wording.DRAFT_ON, ON), Choice(wording.DRAFT_KEEP, KEEP), Choice(wording.DRAFT_THROW, THROW))
    return marked, (Reply(wording.DRAFT_REMINDER, choices=buttons, about=f"{REMINDER}{talk.progress.id}"),)


def forgotten(talk: Talk, what: frozenset[Due], keep_days: int) -> Talk:
    """TALK without the words whose time is up. Whose draft it was hears of it when they write again."""
    drafts = what & {Due.DESTROY_OPEN, Due.DESTROY_ASIDE}
    gone = {OFFERED} if drafts else set()
    gone |= {DRAFT} if Due.DESTROY_ASIDE in what else set()
    gone |= {WORRY, WORRY_ID, WORRY_NAMES} if Due.FORGET_WORRY in what else set()
    gone |= {last_question.KEY} if Due.FORGET_QUESTION in what else set()
    gone |= talk.memory.keys() if Due.FORGET_ALL in what else set()
    left = replace(talk, memory={key: value for key, value in talk.memory.items() if key not in gone})
    if Due.DESTROY_OPEN in what:
        left = replace(left, progress=None, lost=None, unread=None)
    if drafts:
        left = replace(left, owed=(*left.owed, Reply(wording.DRAFT_GONE.format(days=wording.days(keep_days)))))
    return tidied(left)


def tidied(talk: Talk) -> Talk:
    """Without what belongs to nothing any more: moments, marks, and what was kept beside a report that is not there."""
    ids = {draft["id"] for draft in _drafts(talk)}
    there = {*talk.memory, *({TALK} if talk.memory else ()), *({REPORT} if (talk.progress or talk.lost) is not None else ())}
    memory = talk.memory
    if beside.BESIDE in memory and json.loads(memory[beside.BESIDE])["report"] not in ids:
        memory = beside.forget(memory)
    return replace(
        talk,
        memory=memory,
        since={key: at for key, at in talk.since.items() if key in there},
        reminded=tuple(one for one in talk.reminded if one in ids),
    )


def _drafts(talk: Talk) -> Iterator[dict[str, str]]:
    for kept in (talk.progress.to_json() if talk.progress is not None else talk.unread, talk.memory.get(DRAFT)):
        if kept is not None:
            yield json.loads(kept)
