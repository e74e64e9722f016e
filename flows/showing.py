"""What is shown of a report on its way: the open question, or the review before sending, and what binds a button to it."""

from __future__ import annotations

from flows.about_itself import own_question
from flows.progress import Progress, Stage
from flows.question import Question
from flows.setting import ANYWHERE, Setting
from flows.steps import Asking, Reviewing


def begin(flow_name: str, id: str, setting: Setting = ANYWHERE) -> Asking:  # noqa: A002 - it is the id of the progress
    """The first question of the flow called FLOW_NAME, told in SETTING, after its introduction."""
    progress = Progress(flow_name, id=id, setting=setting)
    # The first question can never be a conditional one, so there always is one.
    return _asking(progress.onward(), progress.declared.intro)


def again(progress: Progress, note: str = "", *, understood: bool = True) -> Asking | Reviewing:
    """The open question once more, with NOTE before it; nothing changes."""
    if progress.stage is Stage.REVIEWING:
        lines = tuple((number, one.question, one.answer) for number, one in enumerate(progress.said, 1))
        return Reviewing(progress, lines, note, understood)
    return _asking(progress, note, understood=understood)


def open_question(progress: Progress) -> Question:
    """The question that is open; at the review there is none."""
    own = own_question(progress)
    return own or next(question for question in progress.coming_up if question.name == progress.asked)


def about_of(progress: Progress) -> str:
    """What binds a button to the question it was shown with, and to this very showing where an older one would mislead."""
    place = f"{progress.id}:{progress.asked}"
    match progress.stage:
        case Stage.STOPPING | Stage.RESTARTING:
            return f"{place}:{progress.stage.value}"
        case Stage.DOUBT:
            # “It is my answer” belongs to the words that were doubted then.
            return f"{place}:{progress.stage.value}:{progress.changes}"
        case Stage.REVIEWING:
            # “Send” belongs to the answers that were read, and an old review shows others.
            return f"{place}:{progress.changes}"
    # A tap turns a box over, so under an old picture of the boxes it would do the opposite of what is seen.
    return f"{place}:{progress.changes}" if open_question(progress).kind == "ticks" else place


def _asking(progress: Progress, note: str = "", *, understood: bool = True) -> Asking:
    names = [question.name for question in progress.coming_up]
    number = names.index(progress.asked) + 1 if progress.asked in names else len(names)
    return Asking(progress, open_question(progress), number, len(names), note, understood)
