"""Work on a case that needs words: note, write to the reporter, close, open again, link; and log a report for somebody else.

Each is begun by its button on the case's page or by typing it with the reference. What waits for words is remembered with the
conversation, so that a restart loses nothing; nothing is done before it was read back, and nothing to a case that is hidden.
"""

from __future__ import annotations

from types import MappingProxyType

from bot import case_drafts, case_form_buttons, case_forms, case_list, wording, wording_case_forms
from bot.case_commands import command, says_nothing_else
from bot.case_drafts import CaseDraft
from bot.case_wishes import Typed, Wish, typed, wants_to_log
from bot.handlers.case_forms import close, link, log, note, reopen, write
from bot.messages import Reply
from bot.turn import Outcome, Turn
from flows.cases.case import Case
from storage.kept import Person

CASE = "case:"  # about: a card or a page of a case, followed by its id
STOP_WORDS = frozenset({"cancel", "stop", "never mind", "leave it"})
_SURE = frozenset({"save", "save it", "send", "send it", "close it", "open it again", "yes"})

FORMS = MappingProxyType(
    {Wish.NOTE: note.FORM, Wish.WRITE: write.FORM, Wish.CLOSE: close.FORM, Wish.REOPEN: reopen.FORM, Wish.LINK: link.FORM}
)


async def answer(turn: Turn) -> Outcome | None:
    """Take the buttons of a form and of a case's page, the same wishes typed, and the words an open form waits for."""
    message = turn.message
    if message.pressed:
        return await _pressed(turn)
    if message.attachments or message.edited or turn.person is None or turn.progress is not None:
        return None
    if wants_to_log(message.text):
        return log.begun(turn, turn.person)
    if (wish := typed(message.text)) is not None:
        return await _begun(turn, await turn.cases.by_reference(wish.reference), wish)
    draft = case_drafts.recall(turn.memory)
    return await _heard(turn, turn.person, draft) if draft is not None and draft.fresh(turn.now) else None


async def _pressed(turn: Turn) -> Outcome | None:
    message = turn.message
    if message.about.startswith(case_drafts.ABOUT):
        return await _answered(turn)
    if message.text == case_form_buttons.LOG:
        return log.begun(turn, turn.person) if turn.person is not None else None
    if message.about.startswith(CASE) and (wish := _meant(message.text)) is not None:
        return await _begun(turn, await turn.cases.by_id(message.about.removeprefix(CASE)), wish)
    return None


def _meant(value: str) -> Typed | None:
    """What a button on a case's page means, as if it had been typed; None when it is somebody else's button."""
    if value in FORMS:
        return Typed(Wish(value), "")
    if value in case_form_buttons.READY:
        return Typed(Wish.WRITE, "", number=case_form_buttons.READY.index(value) + 1)
    if value == case_form_buttons.UNDO:
        return Typed(Wish.REOPEN, "", other=case_form_buttons.UNDO)
    name, _, more = value.partition(":")
    if f"{name}:" == case_form_buttons.AGAIN and more.isdecimal():
        return Typed(Wish.NOTE, "", number=int(more))
    return Typed(Wish.UNLINK, "", other=more) if f"{name}:" == case_form_buttons.CUT else None


async def _begun(turn: Turn, case: Case | None, wish: Typed) -> Outcome:
    """A form, or what can be done at once. Whoever may not see the case hears what is said of a reference that never was."""
    if case is None or turn.person is None:
        return Outcome((Reply(wording.NOT_YOURS),))
    if (why := _not_now(turn, case)) is not None:
        return case_forms.saying(turn, case, why.format(reference=case.reference))
    match wish.wish:
        case Wish.NOTES:
            return await note.listed(turn, case, turn.person)
        case Wish.UNLINK:
            return await link.cut(turn, case, turn.person, wish.other)
        case Wish.REOPEN if wish.other == case_form_buttons.UNDO:
            return close.taken_back(turn, case, turn.person)
        case form:
            return await FORMS[form].begun(turn, case, turn.person, wish)


def _not_now(turn: Turn, case: Case) -> str | None:
    """Why nothing can be begun about CASE at the moment: what is typed belongs to a report that is open, or its words are gone."""
    if turn.progress is not None:
        return wording_case_forms.FINISH_FIRST
    return None if case.purged_at is None else wording_case_forms.GONE_WORDS


async def _answered(turn: Turn) -> Outcome:
    """A button of a form: of the one that is open, or of one that is over."""
    draft = case_drafts.recall(turn.memory)
    if draft is None or turn.person is None or draft.about != turn.message.about:
        return Outcome((Reply(wording.OLD_BUTTON),))
    case = await turn.cases.by_id(draft.case)
    if case is None:
        return Outcome((Reply(wording.NOT_YOURS),), memory=case_drafts.forget(turn.memory))
    if turn.message.text == case_form_buttons.LEAVE:
        return _left(turn, case)
    form = FORMS[Wish(draft.form)]
    if turn.message.text == case_form_buttons.SAVE and draft.step == case_drafts.SURE:
        return await form.done(turn, case, turn.person, draft)
    if turn.message.text == case_form_buttons.CHANGE:
        return form.again(turn, case, draft)
    return await form.heard(turn, case, turn.person, draft)


async def _heard(turn: Turn, person: Person, draft: CaseDraft) -> Outcome | None:
    """Words while a form is open. What somebody may no longer see, they may no longer write about."""
    text = turn.message.text.strip()
    plain = text.casefold().rstrip(".!")
    case = await turn.cases.by_id(draft.case)
    if case is None:
        return Outcome((Reply(wording.NOT_YOURS),), memory=case_drafts.forget(turn.memory))
    if plain in STOP_WORDS:
        return _left(turn, case)
    form = FORMS[Wish(draft.form)]
    if draft.step == case_drafts.SURE:
        # Only a clear yes does it; anything else is about something else, and the buttons stay where they are.
        return await form.done(turn, case, person, draft) if plain in _SURE else None
    if _another_wish(turn, draft):
        return None
    return await form.heard(turn, case, person, draft)


def _another_wish(turn: Turn, draft: CaseDraft) -> bool:
    """Whether what was typed is a list, or something to do with a case: nobody means that as a note. A link wants a reference."""
    text = turn.message.text
    if draft.form == Wish.LINK:
        return case_list.wish(text) is not None or command(text) is not None
    return says_nothing_else(text, turn.school) or command(text) is not None


def _left(turn: Turn, case: Case) -> Outcome:
    return case_forms.saying(turn, case, wording_case_forms.LEFT.format(reference=case.reference))
