"""Somebody whose language the bot cannot read is told so, and shown the way to a person."""

from __future__ import annotations

from knowledge.language import english
from tests.model import Model
from tests.talk import Talk

URDU = "mere bachay ko whatsapp pe ganday message aa rahe hain"


async def test_what_is_not_english_is_answered_with_a_person(talk: Talk, model: Model):
    """In English and in ten languages; the lead can have the words as they are, and 999 stands in every line."""
    (reply,) = await talk["Parent"].says(URDU)
    first, _, *lines = reply.text.splitlines()
    assert first.startswith("I can only read English")
    assert "school office" in first
    assert len(lines) == 10
    assert all("999" in line and not english(line) for line in lines)
    assert [choice.label for choice in reply.choices] == [
        "Tell the safeguarding lead (DSL)",
        "Ask a question",
        "Report something",
        "Talk to a person",
    ]


async def test_the_words_can_go_to_the_lead_as_they_are(talk: Talk, model: Model):
    """Somebody at the school may read what the bot cannot."""
    await talk["Parent"].says(URDU)
    await talk["Parent"].clicks("Tell the safeguarding lead (DSL)")
    await talk["Lead"].reads()
    (page,) = await talk["Lead"].clicks("Open")
    assert URDU in page.text


async def test_the_other_doors_open(talk: Talk, model: Model):
    """A report can be begun from there, and a person be asked for."""
    await talk["Parent"].says(URDU)
    (flows,) = await talk["Parent"].clicks("Report something")
    assert flows.text == "What would you like to report?"
    (person,) = await talk["Parent"].clicks("Talk to a person")
    assert "ring the school office" in person.text


async def test_danger_in_it_is_heard_all_the_same(talk: Talk, model: Model):
    """Triage comes first: a word of danger opens the case, and the lines follow."""
    first, second = await talk["Parent"].says("mera beta kehta hai i want to kill myself bachao usko jaldi")
    assert "ring 999" in first.text
    assert second.text.startswith("I can only read English")
    assert "Tell the safeguarding lead (DSL)" not in [choice.label for choice in second.choices]


async def test_an_answer_in_a_report_may_be_in_any_language(talk: Talk, model: Model):
    """An open question takes the words as they are, or asks again; nobody is sent away in the middle of a report."""
    await talk["Parent"].says("report something")
    await talk["Parent"].clicks("Unwanted friend or follow request")
    replies = await talk["Parent"].says(URDU)
    assert not any(reply.text.startswith("I can only read English") for reply in replies)
    assert replies[-1].title.startswith("Question 1 of")
