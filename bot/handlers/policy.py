"""Answers from this school's own policy, as surely as it may be said; or says honestly that it is silent, and who to ask."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Sequence
from dataclasses import replace

from bot import answering, browsing, following, wording
from bot.answering import Desk
from bot.last_question import LastQuestion, recall, remember
from bot.messages import Choice, Reply
from bot.turn import Outcome, Turn
from knowledge import lexical, search
from knowledge.intents import understand
from knowledge.language import mended
from knowledge.policy import Section
from knowledge.search import Answer, Sure
from storage.kept import Asked

_PAGE = re.compile(r"\d{1,3}")
_BANDS = (Sure.NO, Sure.MAYBE, Sure.YES)
NOT_OURS = ("smalltalk", "talk_to_human")


async def answer(turn: Turn) -> Outcome | None:
    """Take what reads like a question, what asks to look around, and the buttons of an earlier answer."""
    message = turn.message
    if message.pressed:
        return await _pressed(turn) if message.about.startswith(answering.OURS) else None
    if message.attachments or not message.text.strip():
        return None
    if _looks(turn):
        return Outcome((_looked(turn),))
    return await _asked(turn)


def ours(turn: Turn) -> bool:
    """Whether the words are for this handler whatever they sound like: no report begins with them."""
    return _looks(turn) or _follows(turn)


def _looks(turn: Turn) -> bool:
    text = turn.message.text
    return text.strip().casefold() in browsing.WORDS or browsing.sought(text) is not None


def _follows(turn: Turn) -> bool:
    """Whether the words only make sense as the rest of the question before."""
    text = turn.message.text
    return following.bare(text) and following.leans(text, recall(turn.memory), turn.now)


def _desk(turn: Turn) -> Desk:
    return Desk(turn.school, turn.now.astimezone(turn.school.zone).date())


def _looked(turn: Turn) -> Reply:
    policy, wanted = turn.school.policy, browsing.sought(turn.message.text)
    if wanted is None:
        return browsing.contents(policy)
    nothing = Reply(wording.NOTHING_HAS, choices=(Choice(wording.CONTENTS, answering.LIST),), about=answering.CONTENTS)
    return browsing.having(policy, wanted) or nothing


async def _asked(turn: Turn) -> Outcome | None:
    text, last = turn.message.text, recall(turn.memory)
    follows = _follows(turn)
    kind = understand(text, {}, turn.audience).kind
    if kind in NOT_OURS and not follows:
        return None
    # The encoder needs some time for each sentence, and others are waiting for the loop.
    taken = await asyncio.to_thread(following.ask, turn.school.policy, text, turn.audience, last, turn.now)
    sure = taken.answers[0].sure
    if sure is not Sure.YES and kind != "question" and not follows and (turn.alarmed or sure is Sure.NO):
        return None
    meant = None if sure is Sure.YES else await asyncio.to_thread(_better_spelt, turn, taken.question, sure)
    now = replace(_new(turn, taken.question, sure), said=text, meant=meant)
    if last is not None and last.fresh(turn.now):
        now = replace(now, quoted=last.quoted, said=text if taken.question == text else f"{last.said} {text}")
    return _told(turn, taken.answers, now)


def _new(turn: Turn, question: str, sure: Sure) -> LastQuestion:
    return LastQuestion(uuid.uuid4().hex, question, question, sure, turn.now, version=turn.school.published)


def _better_spelt(turn: Turn, question: str, sure: Sure) -> str | None:
    """QUESTION with its spelling put right, where that finds something surer: otherwise there is no point in asking."""
    policy = turn.school.policy
    better = mended(question, lexical.of(policy).vocabulary)
    if better is None:
        return None
    return better if _BANDS.index(search.find(policy, better, turn.audience).sure) > _BANDS.index(sure) else None


def _told(turn: Turn, found: Sequence[Answer], now: LastQuestion) -> Outcome:
    """The three bands."""
    if now.sure is Sure.YES:
        return _quoted(turn, [one.sections[0].section for one in found], now)
    nearest = answering.closest(turn.school.policy, found[0])
    if now.meant is not None:
        text = f"{wording.DID_YOU_MEAN.format(question=now.meant)} {wording.OTHERWISE}"
        return _offered(turn, text, nearest, now, meant=True)
    if now.sure is Sure.MAYBE:
        return _offered(turn, wording.POLICY_UNSURE, nearest, now)
    return _silent(turn, wording.POLICY_SILENT, now, closest=bool(nearest))


def _quoted(turn: Turn, rules: Sequence[Section], now: LastQuestion) -> Outcome:
    desk = _desk(turn)
    replies = answering.quoted(desk, rules)
    if turn.progress is None:  # with a report open, "yes" and "1" answer its question
        replies = (*replies, answering.rating(desk, rules, now.id))
    shown = [rule.ref for best in rules for rule in answering.together(desk.policy, best)]
    now = now.having_shown(*shown, quoted=rules[0].ref)
    return Outcome(replies, memory=remember(turn.memory, now))


def _offered(
    turn: Turn, text: str, rules: Sequence[Section], now: LastQuestion, *, asked: Asked | None = None, meant: bool = False
) -> Outcome:
    reply = answering.offered(_desk(turn), text, rules, now.id)
    first = (Choice(wording.MEANT, answering.MEANT),) if meant else ()
    reply = replace(reply, choices=(*first, *reply.choices, Choice(wording.NONE_OF_THESE, answering.NONE)))
    now = now.having_shown(*(rule.ref for rule in rules))
    return Outcome((reply,), memory=remember(turn.memory, now), asked=asked)


def _silent(turn: Turn, text: str, now: LastQuestion, *, closest: bool) -> Outcome:
    """Nothing to quote: that it was asked is kept, and the words only when somebody presses the button for it."""
    more = (Choice(wording.CLOSEST_ANYWAY, answering.CLOSEST),) if closest else ()
    # Where danger words were heard, the lead is who should read them; and an open report keeps its own "1" and "2".
    quiet = turn.alarmed or turn.progress is not None
    reply = answering.silent(_desk(turn), text, now.id, *more, note=not quiet)
    return Outcome((reply,), memory=remember(turn.memory, now), asked=_line(turn, now))


def _line(turn: Turn, last: LastQuestion, *, helpful: bool | None = None, words: str | None = None) -> Asked:
    """The line in the log of what was asked in vain, or rated."""
    return Asked(turn.audience, last.sure.value, last.version, last.refs, helpful, words, last.id)


async def _pressed(turn: Turn) -> Outcome | None:
    wish = turn.message.text
    if not wish.startswith("-"):
        return _chosen(turn, wish)
    if (looked := _turned_to(turn, *wish.split())) is not None:
        return Outcome((looked,))
    last = recall(turn.memory)
    if last is None or not turn.message.about.endswith(f":{last.id}"):
        return Outcome((Reply(wording.ASK_AGAIN),))
    return await _about_last(turn, wish, last)


def _turned_to(turn: Turn, wish: str, *rest: str) -> Reply | None:
    """A page of the contents, of one section's rules, or of a section's words."""
    policy = turn.school.policy
    match (wish, *rest):
        case [answering.LIST]:
            return browsing.contents(policy)
        case [browsing.PAGE, page] if _PAGE.fullmatch(page):
            return browsing.contents(policy, int(page))
        case [browsing.PAGE, page, ref] if _PAGE.fullmatch(page) and ref in policy:
            return browsing.within(policy, policy.section(ref), int(page))
        case [answering.WHOLE, ref, page] if _PAGE.fullmatch(page) and ref in policy:
            return answering.whole(_desk(turn), policy.section(ref), int(page))
    # What is left was shown for a policy that has changed since, or is no button of ours.
    return Reply(wording.SECTION_GONE) if wish in {browsing.PAGE, answering.WHOLE} else None


async def _about_last(turn: Turn, wish: str, last: LastQuestion) -> Outcome | None:
    """A button that only means something together with the question it was shown for."""
    match wish:
        case answering.RIGHT | answering.NOTE_IT | answering.NONE:
            return _taken_down(turn, wish, last)
        case answering.WRONG:
            return await _others(turn, wording.PERHAPS_ONE_OF_THESE, last, without=last.refs, helpful=False)
        case answering.CLOSEST:
            return await _others(turn, wording.CLOSEST, last)
        case answering.MEANT if last.meant is not None:
            return await _as_meant(turn, last.meant)
    return None


def _taken_down(turn: Turn, wish: str, last: LastQuestion) -> Outcome:
    """A rating, or the words themselves, for those who look after the policy."""
    if wish == answering.RIGHT:
        return Outcome((Reply(wording.GLAD),), asked=_line(turn, last, helpful=True))
    if wish == answering.NOTE_IT:
        return Outcome((Reply(wording.NOTED),), asked=_line(turn, last, words=last.said))
    return replace(_silent(turn, wording.NOT_FOUND, last, closest=False), asked=_line(turn, last, helpful=False))


async def _as_meant(turn: Turn, question: str) -> Outcome:
    """The question once more, as it should have been typed."""
    found = await asyncio.to_thread(search.parts, turn.school.policy, question, turn.audience)
    return _told(turn, found, _new(turn, question, found[0].sure))


async def _others(
    turn: Turn, text: str, last: LastQuestion, without: Sequence[str] = (), *, helpful: bool | None = None
) -> Outcome:
    """The closest rules that were not shown yet."""
    policy = turn.school.policy
    found = await asyncio.to_thread(search.find, policy, last.text, turn.audience)
    rules = answering.closest(policy, found, without)
    line = _line(turn, last, helpful=helpful)
    if not rules:
        return replace(_silent(turn, wording.NOT_FOUND, last, closest=False), asked=line)
    return _offered(turn, text, rules, last, asked=line)


def _chosen(turn: Turn, ref: str) -> Outcome:
    """A rule or a section was picked from a list."""
    policy = turn.school.policy
    if ref not in policy:
        return Outcome((Reply(wording.SECTION_GONE),))
    chosen = policy.section(ref)
    last = recall(turn.memory)
    if last is not None and turn.message.about == f"{answering.RULES}{last.id}":
        return _quoted(turn, (chosen,), last)
    if any(browsing.parts(policy, chosen)):
        return Outcome((browsing.within(policy, chosen),))
    *most, end = answering.quoted(_desk(turn), (chosen,))
    reading = Choice(wording.WHOLE_SECTION, f"{answering.WHOLE} {ref} 0")
    return Outcome((*most, replace(end, choices=(reading,), about=answering.CONTENTS)))
