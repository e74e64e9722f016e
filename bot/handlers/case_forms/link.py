"""Two cases that belong together, both of which somebody can see: linked at once, and undone by a button."""

from __future__ import annotations

import json
from dataclasses import replace

from bot import case_drafts, case_form_buttons, case_forms, wording, wording_case_forms
from bot.case_drafts import WORDS, CaseDraft
from bot.case_wishes import Typed, Wish, references
from bot.handlers.case_forms.form import Form
from bot.messages import Choice, Reply
from bot.turn import Outcome, Turn
from flows.cases.acts import OTHER, Doing
from flows.cases.case import Case
from storage.kept import Act, Person


async def begun(turn: Turn, case: Case, person: Person, wish: Typed) -> Outcome:
    """Ask which report it belongs with, or link them where both were named."""
    if wish.other:
        return await _linked(turn, case, person, wish.other)
    there = await turn.cases.linked(case.id)
    draft = case_drafts.begun(Wish.LINK, case.id, WORDS, turn.now)
    text = wording_case_forms.LINK_PROMPT.format(reference=case.reference)
    if there:
        others = ", ".join(one.reference for one in there)
        text = f"{text} {wording_case_forms.LINK_THERE.format(others=others)}"
    return case_forms.asking(turn, case, draft, text, [_cut(one) for one in there])


def again(turn: Turn, case: Case, draft: CaseDraft) -> Outcome:
    """Ask once more."""
    return case_forms.asking(turn, case, draft.onward(WORDS, turn.now), wording_case_forms.LINK_WHICH)


async def heard(turn: Turn, case: Case, person: Person, draft: CaseDraft) -> Outcome:
    """The other reference, or the button that takes a link away."""
    if turn.message.pressed and turn.message.text.startswith(case_form_buttons.CUT):
        return await cut(turn, case, person, turn.message.text.removeprefix(case_form_buttons.CUT))
    named = references(turn.message.text)
    return await _linked(turn, case, person, named[0]) if len(named) == 1 else again(turn, case, draft)


async def cut(turn: Turn, case: Case, person: Person, reference: str) -> Outcome:
    """CASE and the one with REFERENCE belong together no longer."""
    other = await turn.cases.by_reference(reference)
    if other is None:
        return _unknown(turn)
    if all(one.id != other.id for one in await turn.cases.linked(case.id)):
        return case_forms.saying(turn, case, wording_case_forms.NOT_LINKED.format(one=case.reference, other=other.reference))
    said = case_forms.saying(turn, case, wording_case_forms.UNLINKED.format(one=case.reference, other=other.reference))
    return replace(said, unlinked=((case.id, other.id),), audit=_both(Doing.UNLINKED, case, other, person))


async def _linked(turn: Turn, case: Case, person: Person, reference: str) -> Outcome:
    other = await turn.cases.by_reference(reference)
    if other is None:
        return _unknown(turn)
    if other.id == case.id:
        return case_forms.saying(turn, case, wording_case_forms.LINK_ITSELF.format(reference=case.reference))
    line, new = wording_case_forms.LINKED, True
    if any(one.id == other.id for one in await turn.cases.linked(case.id)):
        line, new = wording_case_forms.LINKED_ALREADY, False
    said = case_forms.saying(turn, case, line.format(one=case.reference, other=other.reference), (_cut(other),))
    return replace(said, linked=((case.id, other.id),), audit=_both(Doing.LINKED, case, other, person)) if new else said


def _both(doing: Doing, case: Case, other: Case, person: Person) -> tuple[Act, ...]:
    """The act on each of the two. It names the other by its id, which only a reader who may see that one is told of."""
    return tuple(Act(doing, here.id, person.id, json.dumps({OTHER: there.id})) for here, there in ((case, other), (other, case)))


def _cut(other: Case) -> Choice:
    return Choice(wording_case_forms.UNLINK.format(reference=other.reference), f"{case_form_buttons.CUT}{other.reference}")


def _unknown(turn: Turn) -> Outcome:
    return Outcome((Reply(wording.NOT_YOURS),), memory=case_drafts.forget(turn.memory))


FORM = Form(begun, heard, heard, again)
