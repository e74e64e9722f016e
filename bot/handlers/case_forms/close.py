"""The end of a case in a chat: outcome, reason, action, its place in the school's record; read back, and undone for ten minutes."""

from __future__ import annotations

from dataclasses import replace

from bot import case_buttons, case_closing, case_drafts, case_form_buttons, case_forms, wording_case_forms, wording_cases
from bot.case_closing import How
from bot.case_drafts import SURE, CaseDraft
from bot.case_wishes import Typed, Wish
from bot.handlers.case_forms.form import Form
from bot.messages import Choice
from bot.turn import Outcome, Turn
from flows.cases.case import Case, Ending, NotPossible, Status
from flows.cases.working import may_work
from flows.words import normal
from storage.kept import Person

ENDING, REASON, ACTION, RECORDED = "ending", "reason", "action", "recorded_as"


async def begun(turn: Turn, case: Case, person: Person, wish: Typed) -> Outcome:
    """Ask how it ended. Words that came with the wish are the reason."""
    if (refused := _refused(turn, case, person)) is not None:
        return refused
    words, problem = case_forms.words_of(wish.words) if wish.words else ("", "")
    draft = case_drafts.begun(Wish.CLOSE, case.id, ENDING, turn.now, **({REASON: words} if words else {}))
    return _ask(turn, case, draft, problem)


def again(turn: Turn, case: Case, draft: CaseDraft) -> Outcome:  # noqa: ARG001 - as every form
    """From the beginning, with nothing kept: what was wrong may be anywhere."""
    return _ask(turn, case, case_drafts.begun(Wish.CLOSE, case.id, ENDING, turn.now))


async def heard(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:
    """The answer to the step that is open; then the next, and at last all of it read back."""
    if (refused := _refused(turn, case, person)) is not None:
        return refused
    text = turn.message.text
    if draft.step == ENDING:
        ending = _ending(text)
        return _ask(turn, case, draft) if ending is None else _onward(turn, case, draft, ending)
    if draft.step in (ACTION, RECORDED) and turn.message.pressed and text == case_form_buttons.NONE:
        return _onward(turn, case, draft, "")
    words, problem = case_forms.words_of(text)
    return _ask(turn, case, draft, problem) if problem else _onward(turn, case, draft, words)


async def done(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:
    """Close it. Whoever sent it hears so where that is safe."""
    if (refused := _refused(turn, case, person)) is not None:
        return refused
    given = draft.said
    how = How(Ending(given[ENDING]), given[REASON], given[ACTION], given.get(RECORDED, ""))
    after = case_closing.closed(case, person.id, how, turn.now)
    text = wording_case_forms.CLOSED.format(reference=case.reference, kept=kept(turn, after.case))
    said = case_forms.saying(turn, case, text, (Choice(wording_case_forms.UNDO, case_form_buttons.UNDO),))
    told = case_closing.reporter_told(after.case, turn.school, turn.now)
    return replace(
        said,
        changed=(after.case,),
        settled=(case.id,),
        to_reporter=() if told is None else ((after.case, told),),
        audit=(after.act,),
    )


def taken_back(turn: Turn, case: Case, person: Person) -> Outcome:
    """Undo: whoever had it has it again, and the record shows both."""
    if case.status is not Status.CLOSED:
        return case_forms.saying(turn, case, wording_case_forms.UNDONE.format(reference=case.reference))
    try:
        after = case_closing.undone(case, person.id, wording_case_forms.UNDO_REASON, turn.now)
    except NotPossible:
        text = wording_case_forms.UNDO_TOO_LATE.format(reference=case.reference)
        return case_forms.saying(turn, case, text, (Choice(wording_case_forms.REOPEN, Wish.REOPEN),))
    said = case_forms.saying(turn, case, wording_case_forms.UNDONE.format(reference=case.reference))
    told = case_closing.reporter_told_again(after.case, turn.school)
    return replace(said, changed=(after.case,), to_reporter=() if told is None else ((after.case, told),), audit=(after.act,))


def _onward(turn: Turn, case: Case, draft: CaseDraft, answer: str) -> Outcome:
    """The next step that has no answer yet."""
    said = {**draft.said, draft.step: answer}
    steps = (ENDING, REASON, ACTION, *((RECORDED,) if turn.school.record_system else ()))
    following = next((step for step in steps if step not in said), SURE)
    return _ask(turn, case, draft.onward(following, turn.now, **said))


def _ask(turn: Turn, case: Case, draft: CaseDraft, problem: str = "") -> Outcome:
    """The question of the open step, after what was wrong with the last answer."""
    if draft.step == SURE:
        return case_forms.reading_back(turn, case, draft, _read_back(turn, case, draft), wording_case_forms.CLOSE_SURE)
    text, choices = {
        ENDING: (wording_case_forms.CLOSE_ENDING, tuple(Choice(words, one) for one, words in wording_case_forms.ENDINGS.items())),
        REASON: (wording_case_forms.CLOSE_REASON, ()),
        ACTION: (wording_case_forms.CLOSE_ACTION, (Choice(wording_case_forms.NONE, case_form_buttons.NONE),)),
        RECORDED: (wording_case_forms.CLOSE_RECORDED, (Choice(wording_case_forms.CLOSE_NOT_YET, case_form_buttons.NONE),)),
    }[draft.step]
    asked = text.format(reference=case.reference, system=turn.school.record_system)
    return case_forms.asking(turn, case, draft, "\n\n".join(part for part in (problem, asked) if part), choices)


def _read_back(turn: Turn, case: Case, draft: CaseDraft) -> str:
    """Everything that will be written, and what whoever sent it will read."""
    words, given = wording_case_forms, draft.said
    facts = [
        (words.CLOSE_OUTCOME, words.ENDINGS[Ending(given[ENDING])]),
        (words.CLOSE_WHY, given[REASON]),
        (words.CLOSE_DONE, given[ACTION]),
        (words.CLOSE_WHERE, given.get(RECORDED, "")),
    ]
    lines = "\n".join(f"{what}: {said}" for what, said in facts if said)
    return "\n\n".join((words.CLOSE_BACK.format(reference=case.reference), lines, reporter_line(turn, case)))


def reporter_line(turn: Turn, case: Case) -> str:
    """What whoever sent CASE will read once it is closed: the same however it ends."""
    if case.reporter is None:
        return wording_case_forms.CLOSE_NOBODY
    closed = case_closing.closed(case, "", How(Ending.DEALT_WITH, ""), turn.now).case
    told = case_closing.reporter_told(closed, turn.school, turn.now)
    return wording_case_forms.CLOSE_NOT_TOLD if told is None else wording_case_forms.CLOSE_TOLD.format(text=told.text)


def _ending(text: str) -> str | None:
    """The outcome that TEXT is, as a button's meaning or as what the button says."""
    said = normal(text)
    return next(
        (one.value for one, words in wording_case_forms.ENDINGS.items() if said in (normal(one.value), normal(words))), None
    )


def kept(turn: Turn, case: Case) -> str:
    """How long the words of CASE stay."""
    end = turn.school.retention.ends_at(case)
    if end is None:
        return wording_case_forms.KEPT_FOR_GOOD
    return wording_case_forms.KEPT_UNTIL.format(day=case_forms.day(end, turn.school))


def _refused(turn: Turn, case: Case, person: Person) -> Outcome | None:
    """Somebody was faster, or somebody else has it and decides; None where PERSON may close CASE."""
    if case.status is Status.CLOSED:
        text = wording_case_forms.CLOSED_ALREADY.format(reference=case.reference)
        return case_forms.saying(turn, case, text, (Choice(wording_case_forms.REOPEN, Wish.REOPEN),))
    if not may_work(case, person.id):
        text = wording_case_forms.CLOSE_NOT_YOURS.format(reference=case.reference)
        return case_forms.saying(turn, case, text, (Choice(wording_cases.TAKE_OVER, case_buttons.TAKE),))
    return None


FORM = Form(begun, heard, done, again)
