"""How a step of a report looks as a reply: the question with its buttons, or the review and who will see it."""

from __future__ import annotations

from collections.abc import Sequence

from bot import wording
from bot.messages import Choice, Reply
from bot.opening import further
from bot.schools import School
from bot.summaries import role_words
from flows.cases.case import Said
from flows.engine import Asking, Progress, Reviewing, about_of, again, resolved


def asked(step: Asking | Reviewing, school: School) -> Reply:
    """STEP as it is shown at SCHOOL, with its buttons bound to this very question."""
    return _review(step, school) if isinstance(step, Reviewing) else _question(step)


def open_question(draft: Progress, school: School) -> Reply:
    """The open question of DRAFT once more, after something else was answered in between."""
    return asked(again(draft, wording.OPEN_QUESTION), school)


def belongs(reply: Reply, draft: Progress) -> bool:
    """Whether REPLY already asks the open question of DRAFT."""
    return bool(draft.id) and reply.about == about_of(draft)


def lost(note: str, said: Sequence[Said]) -> Reply:
    """A draft that cannot be carried on gives its words back."""
    return Reply("\n\n".join([note, *(f"{one.question}\n  {one.answer}" for one in said)]))


def _question(step: Asking) -> Reply:
    question, progress = step.question, step.progress
    choices = [
        Choice(_box(choice.label, choice.value in progress.ticked, question.kind), choice.value) for choice in question.choices
    ]
    if question.kind == "ticks" and progress.ticked:
        choices.append(Choice(wording.DONE, "done"))
    elif question.optional:
        choices.append(Choice(wording.SKIP, "skip"))
    reading = progress.setting.readings[question.reading].text if question.reading else ""
    return Reply(
        "\n\n".join(part for part in (step.note, reading, question.text) if part),
        choices=tuple(choices),
        about=about_of(progress),
        title=wording.PROGRESS.format(number=step.number, of=step.of),
    )


def _box(label: str, ticked: bool, kind: str) -> str:  # noqa: FBT001 - two facts about one button
    return f"{wording.TICKED if ticked else wording.NOT_TICKED} {label}" if kind == "ticks" else label


def _review(step: Reviewing, school: School) -> Reply:
    said = "\n".join(f"{number}. {question}\n    {answer}" for number, question, answer in step.lines)
    return Reply(
        "\n\n".join(part for part in (step.note, said, _who_sees(step.progress, school), wording.REVIEW) if part),
        choices=(Choice(wording.SEND, "send"), Choice(wording.BACK, "back"), Choice(wording.CANCEL, "cancel")),
        about=about_of(step.progress),
        title=wording.REVIEW_TITLE,
    )


def _who_sees(progress: Progress, school: School) -> str:
    """Who will be told, by role, and who comes after them; the truth when nobody can be. Answers that do not fit tell nobody."""
    openings = resolved(progress)
    if not openings:
        return ""
    ladder = school.ladder(openings[0].matter, openings[0].concerned)
    if not ladder:
        return wording.NOBODY_SEES
    lines = [wording.WHO_SEES.format(roles=role_words(school, ladder[0]))]
    if later := [role for rung in ladder[1:] for role in rung]:
        lines.append(wording.WHO_NEXT.format(roles=role_words(school, later)))
    if kept := [role for role in openings[0].concerned if role in school.roles]:
        lines.append(wording.sentence(wording.NOT_SEEN_BY.format(roles=role_words(school, kept))))
    for other in further(school, openings):
        first, *_ = school.ladder(other.matter, other.concerned)
        parts = wording.listed([f"“{one.question.rstrip('?.')}”" for one in other.said])
        lines.append(wording.WHO_SEES_LESS.format(roles=role_words(school, first), parts=parts))
    return " ".join(lines)
