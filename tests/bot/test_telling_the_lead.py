"""What somebody wrote can be given to the safeguarding lead as it is, and never to whoever it is about."""

from __future__ import annotations

import pytest

from flows import catalogue
from knowledge.intents import Intent
from tests.model import Model
from tests.talk import Talk

STOLEN = "somebody writes rude things about our cake stall"
OURS, WORRIED = "Tell the safeguarding lead (DSL)", "Tell the lead now"


async def test_a_report_without_questions_of_its_own_can_go_to_the_lead(talk: Talk, model: Model):
    """No guided report fits: the list is shown all the same, and one button gives the lead the words themselves."""
    model.intents[STOLEN] = Intent("report", None, 1.0)
    (reply,) = await talk["Teacher"].says(STOLEN)
    labels = [choice.label for choice in reply.choices]
    assert labels == [*(catalogue.flow(name).title for name in talk.app.schools["rosebrook"].flows), OURS]
    (told,) = await talk["Teacher"].clicks(OURS)
    assert told.text.startswith("I have passed on what you wrote as report SP-")
    await talk["Lead"].reads()
    (page,) = await talk["Lead"].clicks("Open")
    assert STOLEN in page.text


async def test_the_list_still_begins_a_report(talk: Talk, model: Model):
    """The flows under that text are the same as under "report something"."""
    model.intents[STOLEN] = Intent("report", None, 1.0)
    await talk["Teacher"].says(STOLEN)
    (question,) = await talk["Teacher"].clicks("Unwanted friend or follow request")
    assert question.title.startswith("Question 1 of")


async def test_a_button_tells_the_lead_once(talk: Talk, model: Model):
    """Pressed again, or after other words, it sends nothing."""
    model.intents[STOLEN] = Intent("report", None, 1.0)
    await talk["Teacher"].says(STOLEN)
    await talk["Teacher"].clicks(OURS)
    await talk["Lead"].reads()
    (again,) = await talk["Teacher"].clicks(OURS)
    assert "earlier message" in again.text
    assert await talk["Lead"].reads() == []


@pytest.mark.parametrize(
    ("words", "button"),
    [
        ("the safeguarding lead keeps sending my son private messages", WORRIED),
        ("the safeguarding lead writes rude things about our cake stall", OURS),
    ],
)
async def test_words_that_name_a_reader_are_asked_about_before_they_are_sent(talk: Talk, model: Model, words, button):
    """The lead must not be the first to read what is about the lead; only the writer knows whether it is."""
    model.intents[words] = Intent("report", None, 1.0)
    await talk["Parent"].says(words)
    (ask,) = await talk["Parent"].clicks(button)
    assert "Is this about them?" in ask.text
    assert await talk["Lead"].reads() == []
    (told,) = await talk["Parent"].clicks("Yes, keep it from them")
    assert "the safeguarding lead (DSL)" not in told.text
    assert await talk["Lead"].reads() == []
    assert await talk["Deputy"].reads() == []


async def test_whoever_is_only_mentioned_is_told(talk: Talk, model: Model):
    """Somebody who was asked by the lead to write this down does not mean to keep it from the lead."""
    words = "the safeguarding lead asked me to write down what was said at the cake stall"
    model.intents[words] = Intent("report", None, 1.0)
    await talk["Parent"].says(words)
    await talk["Parent"].clicks(OURS)
    (told,) = await talk["Parent"].clicks("No, they may read it")
    assert "I am telling the safeguarding lead (DSL)" in told.text
    assert len(await talk["Lead"].reads()) == 1


async def test_words_about_a_picture_of_a_child_go_the_way_such_pictures_go(talk: Talk, model: Model):
    """However they came to be passed on: at once, with what not to do, and as what they are."""
    words = "can you look at the nudes of a girl in year 6 that are going round"
    model.intents[words] = Intent("question", None, 1.0)
    await talk["Parent"].says(words)
    stop, told, after = await talk["Parent"].clicks(WORRIED)
    assert "Do not look at it again" in stop.text
    assert "I have passed on" in told.text
    assert "Report Remove" in after.text
    (card,) = await talk["Lead"].reads()
    assert ("What", "A picture that may show a child: do not look at it, and do not pass it on") in card.facts
