"""A note about a case: read back before it is kept, never written over; a changed note is a later version of the same one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot import case_drafts, case_form_buttons, case_forms, wording_case_forms
from bot.case_drafts import SURE, WORDS, CaseDraft
from bot.case_wishes import Typed, Wish
from bot.handlers.case_forms.form import Form
from bot.messages import Choice, Reply
from bot.paging import pages
from bot.turn import Outcome, Turn
from flows.cases import acts
from flows.cases.acts import Doing
from flows.cases.case import Case
from flows.cases.chronology import Happened
from storage.kept import Act, Person


@dataclass(frozen=True, slots=True)
class Note:
    """One note as it reads now: its number in the order they were written, its key in the record, and how often it was written."""

    number: int
    key: str
    text: str = field(repr=False)
    versions: int = 1


def notes(happened: Iterable[Happened]) -> tuple[Note, ...]:
    """The notes among what HAPPENED, each as it reads now. One whose words are gone keeps no number: nothing can be said of it."""
    found: dict[str, Note] = {}
    for one in happened:
        key = str((one.details or {}).get("note", ""))
        if one.act != Doing.NOTE or not key:
            continue
        before = found.get(key)
        number, versions = (before.number, before.versions + 1) if before else (len(found) + 1, 1)
        found[key] = Note(number, key, str((one.details or {}).get("text", "")), versions)
    return tuple(found.values())


async def begun(turn: Turn, case: Case, person: Person, wish: Typed) -> Outcome:  # noqa: ARG001 - as every form
    """Ask for the text, or read it back where it came with the wish."""
    draft = case_drafts.begun(Wish.NOTE, case.id, WORDS, turn.now)
    if wish.number:
        found = next((one for one in await _of(turn, case) if one.number == wish.number), None)
        if found is None:
            text = wording_case_forms.NOTE_UNKNOWN.format(number=wish.number, reference=case.reference)
            return case_forms.saying(turn, case, text)
        draft = draft.onward(WORDS, turn.now, of=found.key, number=str(found.number), before=found.text)
    return _read_back(turn, case, draft, wish.words) if wish.words else again(turn, case, draft)


def again(turn: Turn, case: Case, draft: CaseDraft) -> Outcome:
    """Ask for the text, showing the version it is to take the place of."""
    text, choices = (
        wording_case_forms.NOTE_PROMPT.format(reference=case.reference),
        (Choice(wording_case_forms.NOTES_READ, Wish.NOTES),),
    )
    if "of" in draft.said:
        number, before = draft.said["number"], draft.said["before"]
        text = wording_case_forms.NOTE_CHANGE.format(number=number, reference=case.reference, text=before)
    return case_forms.asking(turn, case, draft.onward(WORDS, turn.now), text, choices)


async def heard(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:
    """The text; or the button to read what was noted before, after which the text may still come."""
    if turn.message.pressed and turn.message.text == Wish.NOTES:
        return replace(await listed(turn, case, person), memory=turn.memory)
    return _read_back(turn, case, draft, turn.message.text)


async def done(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:
    """Keep it. Its number is counted from what is there by now: somebody else may have noted something meanwhile."""
    of = draft.said.get("of")
    number = draft.said["number"] if of else str(len(await _of(turn, case)) + 1)
    line = wording_case_forms.NOTE_NEWER if of else wording_case_forms.NOTE_SAVED
    button = Choice(wording_case_forms.NOTE_AGAIN, f"{case_form_buttons.AGAIN}{number}")
    said = case_forms.saying(turn, case, line.format(number=number, reference=case.reference), (button,))
    return replace(said, audit=(Act(Doing.NOTE, case.id, person.id, acts.note(draft.said["text"], of=of)),))


async def listed(turn: Turn, case: Case, person: Person) -> Outcome:
    """Every note as it reads now. Reading them is a look at the case, and is written down as one."""
    found = await _of(turn, case)
    if not found:
        return case_forms.saying(turn, case, wording_case_forms.NOTES_NONE.format(reference=case.reference))
    lines = [wording_case_forms.NOTES.format(reference=case.reference), *map(_line, found)]
    replies = tuple(Reply(page, about=f"case:{case.id}") for page in pages(lines))
    return Outcome(replies, memory=case_drafts.forget(turn.memory), audit=(Act(Doing.VIEWED, case.id, person.id),))


def _read_back(turn: Turn, case: Case, draft: CaseDraft, given: str) -> Outcome:
    words, problem = case_forms.words_of(given)
    if problem:
        return case_forms.asking(turn, case, draft.onward(WORDS, turn.now), problem)
    text = wording_case_forms.NOTE_BACK.format(reference=case.reference, text=words)
    return case_forms.reading_back(turn, case, draft.onward(SURE, turn.now, text=words), text, wording_case_forms.SAVE)


def _line(note: Note) -> str:
    line = wording_case_forms.NOTE_LINE.format(number=note.number, text=note.text)
    return line + (wording_case_forms.NOTE_VERSIONS.format(versions=note.versions) if note.versions > 1 else "")


async def _of(turn: Turn, case: Case) -> tuple[Note, ...]:
    history = await turn.cases.history(case.reference)
    return notes(history.happened) if history is not None else ()


FORM = Form(begun, heard, done, again)
