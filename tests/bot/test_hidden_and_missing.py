"""Whoever a report is about types everything that can be typed about one: they are answered as for a reference that never was."""

from __future__ import annotations

import pytest

from tests.bot.test_concerning import WORDS, has_it, opens
from tests.talk import Talk, transcript

NEVER_WAS = "SP-22222"
WISHES = (
    "{ref}", "show {ref}", "open {ref}", "all of {ref}", "acknowledge {ref}", "take {ref}", "{ref} is mine", "hand on {ref}",
    "hand on {ref} to the chair", "urgency {ref}", "urgency {ref} low because it is nothing", "note {ref} zqx", "note {ref}",
    "notes {ref}", "note {ref} 1 again", "write to {ref}", "write to {ref} who are you?", "close {ref}", "close {ref} settled",
    "reopen {ref}", "reopen {ref} because I say so", "link {ref} SP-33333", "link SP-33333 {ref}", "unlink {ref} SP-33333",
    "{ref} concerns the headteacher", "{ref} is about Head", "pass on {ref}", "approve {ref}", "decline {ref}: no",
    "status {ref}", "any news on {ref}?", "add {ref}: it was not so", "nothing has happened with {ref}", "who has {ref}?",
    "export {ref}", "delete {ref}", "what is {ref} about", "log a report like {ref}",
)  # fmt: skip


async def hidden(talk: Talk) -> str:
    """A report that the lead has, and that is kept from the headteacher, who was told of it first; its reference."""
    case = await opens(talk)
    await has_it(talk, "Lead")
    await talk["Head"].reads()
    await talk["Lead"].clicks("It is about somebody here")
    await talk["Lead"].clicks("Headteacher")
    await talk["Lead"].clicks("Yes, keep it from them")
    await talk["Head"].reads()
    return case.reference


async def test_whatever_they_type_a_hidden_report_is_answered_as_one_that_never_was(talk: Talk):
    """Word for word and button for button, whatever was asked before: neither an answer nor an open form gives it away."""
    reference = await hidden(talk)
    for wish in WISHES:
        answers = []
        for asked in (reference, NEVER_WAS):
            said = await talk["Head"].says(wish.format(ref=asked))
            shown = transcript(said).replace(asked, "SP-*****")
            answers.append((shown, [(one.title, [choice.label for choice in one.choices]) for one in said]))
            await talk["Head"].says("cancel")
        assert answers[0] == answers[1], wish
        assert WORDS not in answers[0][0]


@pytest.mark.parametrize(
    "value", ["ack", "acknowledge", "open", "all", "take", "take-over", "hand-on", "to:chair", "note", "close", "x"]
)
async def test_a_button_they_kept_from_before_is_as_dead_as_one_that_was_made_up(talk: Talk, value: str):
    """The id of the report was in the card that they had: pressing its buttons tells no more than pressing any other."""
    case = await opens(talk)
    await has_it(talk, "Lead")
    await talk["Lead"].says(f"{case.reference} concerns the headteacher")
    await talk["Lead"].clicks("Yes, keep it from them")
    await talk["Head"].reads()
    answers = []
    for about in (f"case:{case.id}", "case:case-X-22222", f"case:{case.id}:{case.version}"):
        await talk.send("Head", value, about=about, pressed=True)
        answers.append(transcript(await talk["Head"].reads()))
    assert len(set(answers)) == 1
    assert case.reference not in answers[0]
