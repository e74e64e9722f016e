"""A message to whoever sent a report: read back as they will read it, in the name of a role; their answer joins the case."""

from __future__ import annotations

from dataclasses import replace

from bot import case_buttons, case_drafts, case_forms, ready_replies, receipts, wording_case_forms, wording_cases
from bot.case_drafts import SURE, WORDS, CaseDraft
from bot.case_wishes import Typed, Wish, references
from bot.handlers.case_forms.form import Form
from bot.messages import Choice, Reply
from bot.turn import Outcome, Turn
from bot.wording_sent import ANY_NEWS
from flows.cases.acts import Doing, told
from flows.cases.case import Case
from storage.kept import Act, Person


async def begun(turn: Turn, case: Case, person: Person, wish: Typed) -> Outcome:
    """Ask for the text, or read it back where it came with the wish or on a button; or say why nobody can be written to."""
    if (why_not := refused(turn, case, person)) is not None:
        return why_not
    draft = case_drafts.begun(Wish.WRITE, case.id, WORDS, turn.now)
    given = ready_replies.ready(case, turn.school)[wish.number - 1] if wish.number else wish.words
    return _read_back(turn, case, person, draft, given) if given else again(turn, case, draft)


def again(turn: Turn, case: Case, draft: CaseDraft) -> Outcome:
    """Ask for the text."""
    text = wording_case_forms.WRITE_PROMPT.format(reference=case.reference)
    return case_forms.asking(turn, case, draft.onward(WORDS, turn.now), text)


async def heard(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:
    """The text."""
    return _read_back(turn, case, person, draft, turn.message.text)


async def done(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:
    """Send what was read back. The case is written with it, so that nobody writes who lost sight of it at this very moment."""
    if (why_not := refused(turn, case, person)) is not None:
        return why_not
    text = draft.said["text"]
    said = case_forms.saying(turn, case, wording_case_forms.WRITE_SENT.format(reference=case.reference))
    return replace(
        said,
        changed=(case,),
        to_reporter=((case, message(turn, case, person, text)),),
        audit=(Act(Doing.WROTE_TO_REPORTER, case.id, person.id, told(text=text)),),
    )


def message(turn: Turn, case: Case, person: Person, text: str) -> Reply:
    """TEXT as whoever sent CASE reads it. Its button is one of their report's, so that what they answer is kept with it."""
    choices = (Choice(wording_case_forms.REPORTER_ANSWER, receipts.ADD), Choice(ANY_NEWS, receipts.NEWS))
    how = wording_case_forms.REPORTER_HOW.format(reference=case.reference)
    lines = (heading(turn, case, person), text, how)
    return Reply("\n\n".join(lines), choices=choices, about=f"{receipts.ABOUT}{case.id}")


def heading(turn: Turn, case: Case, person: Person) -> str:
    """The line above every message: in whose name it comes."""
    role = case_forms.in_role(case, person, turn.school)
    return turn.school.reporter_words.message.format(role=role, reference=case.reference)


def _read_back(turn: Turn, case: Case, person: Person, draft: CaseDraft, given: str) -> Outcome:
    words, problem = case_forms.words_of(given)
    if problem:
        return case_forms.asking(turn, case, draft.onward(WORDS, turn.now), problem)
    role = case_forms.in_role(case, person, turn.school)
    text = wording_case_forms.WRITE_BACK.format(role=role, text=f"{heading(turn, case, person)}\n\n{words}")
    if warned := names_another(case, words):
        text = f"{warned}\n\n{text}"
    return case_forms.reading_back(turn, case, draft.onward(SURE, turn.now, text=words), text, wording_case_forms.SEND)


def names_another(case: Case, words: str) -> str:
    """A warning where WORDS to whoever sent CASE name another report, of which they may not know; else nothing."""
    others = [one for one in references(words) if one != case.reference]
    return wording_case_forms.WRITE_OTHER.format(others=", ".join(others)) if others else ""


def refused(turn: Turn, case: Case, person: Person) -> Outcome | None:
    """Why nobody can be written to about CASE, with what can be done instead; None where somebody can."""
    note, take = (Choice(wording_case_forms.NOTE, Wish.NOTE),), (Choice(wording_cases.TAKE, case_buttons.TAKE),)
    if case.reporter is None:
        return case_forms.saying(turn, case, wording_case_forms.WRITE_NOBODY.format(reference=case.reference), note)
    if not ready_replies.reachable(case):
        return case_forms.saying(turn, case, wording_case_forms.WRITE_NOT_SAFE.format(reference=case.reference), note)
    if case.waiting or case.holder != person.id:
        # The answer reaches whoever has it, and whoever sent it is not to hear from two people who know nothing of each other.
        return case_forms.saying(turn, case, wording_case_forms.WRITE_FIRST.format(reference=case.reference), take)
    return None


FORM = Form(begun, heard, done, again)
