"""A closed case is opened again, with the reason. It is then with whoever opened it, and whoever sent it hears so."""

from __future__ import annotations

from dataclasses import replace

from bot import case_closing, case_drafts, case_forms, wording_case_forms
from bot.case_drafts import SURE, WORDS, CaseDraft
from bot.case_wishes import Typed, Wish
from bot.handlers.case_forms.form import Form
from bot.turn import Outcome, Turn
from flows.cases.case import Case, NotPossible, Status
from storage.kept import Person


async def begun(turn: Turn, case: Case, person: Person, wish: Typed) -> Outcome:  # noqa: ARG001 - as every form
    """Ask for the reason, or read it back where it came with the wish."""
    if case.status is not Status.CLOSED:
        return _open_already(turn, case)
    draft = case_drafts.begun(Wish.REOPEN, case.id, WORDS, turn.now)
    return _read_back(turn, case, draft, wish.words) if wish.words else again(turn, case, draft)


def again(turn: Turn, case: Case, draft: CaseDraft) -> Outcome:
    """Ask for the reason."""
    text = wording_case_forms.REOPEN_PROMPT.format(reference=case.reference)
    return case_forms.asking(turn, case, draft.onward(WORDS, turn.now), text)


async def heard(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:  # noqa: ARG001 - as every form
    """The reason."""
    return _read_back(turn, case, draft, turn.message.text)


async def done(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:
    """Open it. It is theirs from now on, so that nobody has to be told and nothing climbs."""
    try:
        after = case_closing.opened_again(case, person.id, draft.said["text"], turn.now)
    except NotPossible:
        return _open_already(turn, case)
    told = case_closing.reporter_told_again(after.case, turn.school)
    said = case_forms.saying(turn, case, wording_case_forms.REOPENED.format(reference=case.reference))
    return replace(said, changed=(after.case,), to_reporter=() if told is None else ((after.case, told),), audit=(after.act,))


def _read_back(turn: Turn, case: Case, draft: CaseDraft, given: str) -> Outcome:
    words, problem = case_forms.words_of(given)
    if problem:
        return case_forms.asking(turn, case, draft.onward(WORDS, turn.now), problem)
    text = wording_case_forms.REOPEN_BACK.format(reference=case.reference, text=words)
    return case_forms.reading_back(turn, case, draft.onward(SURE, turn.now, text=words), text, wording_case_forms.REOPEN)


def _open_already(turn: Turn, case: Case) -> Outcome:
    return case_forms.saying(turn, case, wording_case_forms.OPEN_ALREADY.format(reference=case.reference))


FORM = Form(begun, heard, done, again)
