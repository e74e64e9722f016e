"""The 90-second view of a case: what is known and what is not, who has been told, the clock, what to do next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import ready_replies, wording, wording_cases
from bot.drill import mark
from bot.messages import Choice, Reply
from bot.paging import MOST, pages, short
from bot.receipts import is_safe
from bot.schools import School
from bot.summaries import everything, how_soon, role_words, where
from flows.cases.case import Case, Said, Status
from flows.cases.climbing import Climb, told
from flows.cases.telling import Reached, Told
from flows.matters import DANGER, matter
from storage.kept import Person

ANSWER, LINES = 160, 18  # letters of one answer, and how many answers: the rest stands in "all of it"
FIRST, LATEST = 2, 3  # of what they wrote themselves: the first, and the last
OWN_WORDS = ("happened", "words", "")  # what is said in one's own words, in a report, to a button, or later
SHORT_REPORT = 3  # questions; with no more than these the important ones were never asked
_NOT_ANSWERS = {
    "left out": wording_cases.LEFT_OUT,
    "not sure": wording_cases.NOT_SURE,
    "i am not sure": wording_cases.NOT_SURE,
    "rather not say": wording_cases.NOT_SAID,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is known, or is not: what was asked, and what was said to that."""

    asked: str
    said: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class View:
    """Everything the view is made of. TOLD, CLIMBS and LINKED are what this reader may know; DUE is the next moment that counts."""

    case: Case
    school: School
    reader: Person
    now: datetime
    stands: str
    told: Sequence[Told] = ()
    climbs: Sequence[Climb] = ()
    linked: Sequence[Case] = ()
    due: datetime | None = None


def ninety(view: View, choices: Sequence[Choice]) -> tuple[Reply, ...]:
    """The view, as few messages as it takes, with the buttons CHOICES below the last."""
    parts = (
        _part(wording_cases.KNOWN, known(view.case, view.school)),
        _part(wording_cases.NOT_KNOWN, not_known(view.case)),
        _part(wording_cases.ALREADY_TOLD, _who_was_told(view)),
        _part(wording_cases.CLOCK, the_clock(view)),
        _part(_says(view), [f"{number}. {step}" for number, step in enumerate(view.case.steps, 1)]),
        _part(wording_cases.TOGETHER, [one.reference for one in view.linked]),
        *_replies(view),
    )
    case = view.case
    what, sent = _what_and_when(case, view.school)
    facts = (what, (wording_cases.HOW_SOON, how_soon(case.severity, view.school)), (wording_cases.STANDS, view.stands), sent)
    return _shown(parts, mark(case, wording_cases.VIEW.format(reference=case.reference)), facts, choices, case)


def all_of_it(case: Case, school: School, choices: Sequence[Choice]) -> tuple[Reply, ...]:
    """Every question and answer as they stand, in as many messages as they need."""
    parts = list(everything(case, school)) or [wording_cases.NOTHING_KNOWN]
    return _shown(
        parts, mark(case, wording_cases.ALL_TITLE.format(reference=case.reference)), _what_and_when(case, school), choices, case
    )


def _what_and_when(case: Case, school: School) -> tuple[tuple[str, str], tuple[str, str]]:
    what = (wording_cases.WHAT, matter(case.matter).title)
    return what, (wording_cases.SENT, wording.day_and_clock(case.opened_at, school.zone))


def known(case: Case, school: School) -> list[str]:
    """What was answered, in lines for a chat."""
    answered, left = in_short(case, school)
    lines = [f"• {one.asked} {one.said}" for one in answered]
    if left:
        lines.append(wording_cases.MORE_ANSWERS.format(number=left, all=wording_cases.ALL_OF_IT))
    return lines or [wording_cases.NOTHING_KNOWN]


def in_short(case: Case, school: School) -> tuple[list[Line], int]:
    """What was answered, each answer short, and how many more there are: first what they wrote themselves, then what was asked."""
    answered = [one for one in case.said if _missing(one) is None]
    # The same words may stand there twice, as when a report joins the emergency that began in the middle of it.
    words = list({one.answer: one for one in reversed(answered) if one.name in OWN_WORDS}.values())[::-1]
    asked = [one for one in answered if one.name not in OWN_WORDS]
    several = (*words[:FIRST], *words[FIRST:][-LATEST:], *asked)[:LINES]
    lines = [Line(_asked(one), f"{_brief(one)}{_added(one, school)}") for one in several]
    return lines, len(words) + len(asked) - len(lines)


def not_known(case: Case) -> list[str]:
    """What was asked and not answered, with how it was left; and what a short report never asked."""
    lines = [f"• {one.asked} ({one.said})" for one in unanswered(case)]
    # The reason is the same for all of them, and said once.
    return [*lines, wording_cases.NOT_ASKED, *(f"• {words}" for words in never)] if (never := never_asked(case)) else lines


def unanswered(case: Case) -> list[Line]:
    """What was asked and not answered, with how it was left."""
    return [Line(_asked(one), missing) for one in case.said if (missing := _missing(one)) is not None]


def never_asked(case: Case) -> list[str]:
    """What counts and was never asked, because the report was short."""
    if len(case.said) > SHORT_REPORT or not any(one.name in OWN_WORDS for one in case.said):
        return []
    names = {one.name for one in case.said} | ({"danger"} if case.matter == DANGER else set())
    return [words for name, words in wording_cases.ESSENTIAL.items() if name not in names]


def _missing(one: Said) -> str | None:
    return _NOT_ANSWERS.get(one.answer.strip().casefold())


def _asked(one: Said) -> str:
    """The question itself, without how it was to be answered."""
    question, ends, _ = one.question.partition("?")
    return f"{question}{ends}" if ends else f"{question.rstrip('.: ')}:"


def _brief(one: Said) -> str:
    return short(" ".join(one.answer.split()), ANSWER)


def _added(one: Said, school: School) -> str:
    """When it was added, where that was after the report was sent and they wrote it themselves."""
    if one.at is None or one.name not in OWN_WORDS:
        return ""
    return f" ({wording_cases.ADDED_LATER.format(when=wording.day_and_clock(one.at, school.zone))})"


def _who_was_told(view: View) -> list[str]:
    lines = [f"• {_one_told(view, one)}" for one in view.told]
    return lines or [wording_cases.NOBODY_TOLD]


def told_as(view: View, one: Told) -> str:
    """Whoever was told, by the role in which they were; the reader as such."""
    roles = [role for role in one.roles if role in view.school.roles]
    who = role_words(view.school, roles) if roles else wording_cases.SOMEBODY
    return wording_cases.YOU.format(role=who) if one.person == view.reader.id else who


def _one_told(view: View, one: Told) -> str:
    school, who = view.school, told_as(view, one)
    reached = wording_cases.REACHED[one.reached].format(when=wording.at(one.since, view.now, school.zone))
    if one.reached is Reached.QUEUED:
        return f"{who}: {reached}"
    return f"{wording_cases.TOLD_AT.format(who=who, at=wording.at(one.at, view.now, school.zone))}, {reached}"


def the_clock(view: View) -> list[str]:
    """Who is told next, or what is due, and when."""
    if view.case.status is Status.CLOSED:
        return []
    return list(_waiting(view)) if view.case.waiting else list(_held(view))


def _waiting(view: View) -> Iterator[str]:
    """Who is told next and when, as long as nobody has it."""
    zone, case = view.school.zone, view.case
    if view.due is not None and view.due <= view.now:
        yield wording_cases.TAKE_LATE.format(when=wording.day_and_clock(view.due, view.school.zone))
    gone = told(view.climbs, view.now)
    ahead = sorted(
        {one.rung: one for one in view.climbs if one.rung not in gone and one.rung < len(case.rungs)}.values(),
        key=lambda one: (one.due_at, one.rung),
    )
    for place, one in enumerate(ahead):
        words = wording_cases.NEXT_TOLD if place == 0 else wording_cases.THEN_TOLD
        yield words.format(roles=role_words(view.school, case.rungs[one.rung]), when=wording.at(one.due_at, view.now, zone))
    if not ahead:
        yield wording_cases.LAST_TOLD


def _held(view: View) -> Iterator[str]:
    if view.due is not None:
        words = wording_cases.STEP_LATE if view.due <= view.now else wording_cases.STEP_DUE
        yield words.format(when=wording.day_and_clock(view.due, view.school.zone))


def _says(view: View) -> str:
    found = where(view.case, view.school)
    return f"{wording_cases.SCHOOL_SAYS} ({wording_cases.SECTION.format(where=found)})" if found else wording_cases.SCHOOL_SAYS


def _replies(view: View) -> list[str]:
    """The two replies that only have to be read over; none where nobody may write, and then why."""
    if not is_safe(view.case.said):
        return [wording_cases.NOT_SAFE]
    texts = ready_replies.ready(view.case, view.school)
    return [_part(wording_cases.REPLIES, [f"{number}. {text}" for number, text in enumerate(texts, 1)])] if texts else []


def _part(title: str, lines: Sequence[str]) -> str:
    return f"{title}\n" + "\n".join(lines) if lines else ""


def _shown(
    parts: Sequence[str], title: str, facts: tuple[tuple[str, str], ...], choices: Sequence[Choice], case: Case
) -> tuple[Reply, ...]:
    """PARTS in messages of a bounded length: the first has TITLE and FACTS, the last has the buttons."""
    texts = pages([part for part in parts if part], MOST)
    replies = [Reply(text, about=f"case:{case.id}") for text in texts]
    replies[0] = replace(replies[0], title=title, facts=facts)
    replies[-1] = replace(replies[-1], choices=tuple(choices))
    return tuple(replies)
