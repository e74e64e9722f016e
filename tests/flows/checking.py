"""What the rows of the torture matrix are made of: what must hold after a step, whichever question it was taken at."""

from __future__ import annotations

from collections.abc import Callable

from flows.engine import Asking, Finished, Reviewing, Stopped, about_of
from flows.question import Question
from tests.flows.oracle import Place, asked_of, coming_up, left_standing, open_after
from tests.flows.telling import types

WORDS = ("text", "when")
# Nothing that is offered anywhere is like it.
GIBBERISH = "qwzx vbnk"


class Rows(dict[str, Callable[[Place], None]]):
    """Some rows of the matrix by their names. As a decorator it takes one in."""

    def __call__(self, check: Callable[[Place], None]) -> Callable[[Place], None]:
        self[check.__name__] = check
        return check


def unchanged(place: Place, step: object) -> Asking | Reviewing:
    """STEP, which must ask the very same question again and must have lost and gained nothing."""
    assert isinstance(step, type(place.step))
    assert step.progress == place.step.progress
    assert about_of(step.progress) == about_of(place.step.progress)
    if isinstance(step, Asking):
        assert step.question == place.step.question
    else:
        assert step.lines == place.step.lines
    return step


def back_here(place: Place, step: object) -> None:
    """STEP stands where PLACE stood: the same question with the same answers, whatever lay between."""
    assert isinstance(step, type(place.step))
    assert (step.progress.asked, step.progress.stage, dict(step.progress.answers)) == (
        place.name, place.step.progress.stage, place.said,
    )  # fmt: skip


def questions_of(place: Place) -> tuple[Question, ...]:
    """Every question the report at PLACE may ask."""
    return asked_of(place.flow, place.step.progress.setting)


def answered(place: Place, step: object, value: object) -> None:
    """STEP follows from VALUE as the answer at PLACE: kept as it is, and the question after it is open."""
    question = place.step.question
    told = [("yes" if one else "no") if isinstance(one, bool) else one for one in (value if isinstance(value, list) else [value])]
    if any(one in question.stops for one in told if isinstance(one, str)):
        assert isinstance(step, Stopped)
        assert (step.kept, step.note) == (False, question.stops[step.because])
        return
    said = left_standing(questions_of(place), {**place.said, place.name: value})
    assert dict(step.progress.answers) == said
    if any(one in question.locks for one in told):
        assert step.progress.locked
        gates = [one.name for one in questions_of(place) if one.gate and one.name in coming_up(questions_of(place), said)]
        waiting = next((name for name in gates if name not in said), "")
        assert step.progress.asked == waiting if waiting else isinstance(step, Finished)
        return
    following = open_after(questions_of(place), said)
    assert step.progress.asked == following
    assert isinstance(step, Reviewing if following == "review" else Asking)


def typed(place: Place, text: str, *, longest: int = 10**6) -> None:
    """TEXT is an answer where own words are wanted, and is not understood anywhere else."""
    step = types(place.step, text)
    if place.name != "review" and place.step.question.kind in WORDS:
        kept = step.progress.answers[place.name]
        words = kept["words"] if isinstance(kept, dict) else kept
        assert text.startswith(words)
        assert len(words) <= longest
        answered(place, step, kept)
    else:
        assert not unchanged(place, step).understood
        assert step.note
