"""How a step of a report looks as a reply: the question with its buttons, or the review before it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot import wording
from bot.messages import Choice, Reply
from flows.cases.case import Said
from flows.engine import Asking, Progress, Reviewing, about_of, again


def asked(step: Asking | Reviewing) -> Reply:
    """STEP as it is shown, with its buttons bound to this very question."""
    return _review(step) if isinstance(step, Reviewing) else _question(step)


def open_question(draft: Progress) -> Reply:
    """The open question of DRAFT once more, after something else was answered in between."""
    return asked(again(draft, wording.OPEN_QUESTION))


def belongs(reply: Reply, draft: Progress) -> bool:
    """Whether REPLY already asks the open question of DRAFT."""
    return bool(draft.id) and reply.about == about_of(draft)


def lost(note: str, said: Sequence[Said]) -> Reply:
    """A draft that cannot be carried on gives its words back."""
    return Reply("\n\n".join([note, *(f"{one.question}\n  {one.answer}" for one in said)]))


def _question(step: Asking) -> Reply:
    question = step.question
    choices = [Choice(choice.label, choice.value) for choice in question.choices]
    if question.optional:
        choices.append(Choice(wording.SKIP, "skip"))
    lines = [step.note, question.text] if step.note else [question.text]
    return Reply(
        "\n\n".join(lines),
        choices=tuple(choices),
        about=about_of(step.progress),
        title=wording.PROGRESS.format(number=step.number, of=step.of),
    )


def _review(step: Reviewing) -> Reply:
    said = "\n".join(f"{number}. {question}\n    {answer}" for number, question, answer in step.lines)
    lines = [step.note, said, wording.REVIEW] if step.note else [said, wording.REVIEW]
    return Reply(
        "\n\n".join(lines),
        choices=(Choice(wording.SEND, "send"), Choice(wording.BACK, "back"), Choice(wording.CANCEL, "cancel")),
        about=about_of(step.progress),
        title=wording.REVIEW_TITLE,
    )
