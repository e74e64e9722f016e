"""Half a question is joined to the one before it."""

from __future__ import annotations

import pytest

from knowledge.intents import Intent
from knowledge.search import Sure
from tests.model import Model
from tests.talk import Talk


@pytest.mark.parametrize(
    "text", ["and what about parents?", "what about governors", "And volunteers?", "is it the same for the ta?", "parents too?"]
)
async def test_a_follow_up_is_asked_together_with_the_question_before_it(talk: Talk, model: Model, text):
    """Whoever only says about whom means the rest of what was asked, and the rule quoted last is where to look first."""
    model.knows("may staff be friends with pupils?", "6.2.d")
    await talk["Teacher"].says("may staff be friends with pupils?")
    model.asked.clear()
    await talk["Teacher"].says(text)
    assert model.asked == [(f"may staff be friends with pupils? {text}", "staff", "6.2.d")]


async def test_a_second_follow_up_belongs_to_the_first_question(talk: Talk, model: Model):
    """“and governors?” after “and parents?” does not ask about parents who are governors."""
    model.knows("may staff be friends with pupils?", "6.2.d")
    for text in ("may staff be friends with pupils?", "and parents?", "and governors?"):
        await talk["Teacher"].says(text)
    assert model.asked[-1][0] == "may staff be friends with pupils? and governors?"


async def test_a_follow_up_with_its_own_topic_is_read_both_ways(talk: Talk, model: Model):
    """“what about videos” may be half a question or a whole one: the reading that is surer is answered."""
    model.knows("may I post photos?", "5.c")
    model.knows("may I post photos? what about the wi-fi", "5.g", sure=Sure.MAYBE)
    model.knows("what about the wi-fi", "6.2.c")
    await talk["Teacher"].says("may I post photos?")
    answer, _ = await talk["Teacher"].says("what about the wi-fi")
    assert "School Wi-Fi" in answer.text


@pytest.mark.parametrize(
    "text", ["why?", "who keeps the passwords?", "and so I went to the office and they said to ask you about it"]
)
async def test_a_whole_question_stands_for_itself(talk: Talk, model: Model, text):
    """What has a topic of its own, or is a story, is not joined to the question before."""
    model.knows("may staff be friends with pupils?", "6.2.d")
    await talk["Teacher"].says("may staff be friends with pupils?")
    await talk["Teacher"].says(text)
    assert model.asked[-1][0] == text


async def test_a_follow_up_comes_soon_or_is_none(talk: Talk, model: Model):
    """The next morning "and parents?" is a new message to somebody who has forgotten."""
    model.knows("may staff be friends with pupils?", "6.2.d")
    await talk["Teacher"].says("may staff be friends with pupils?")
    await talk.passes(hours=14)
    await talk["Teacher"].says("and parents?")
    assert model.asked[-1] == ("and parents?", "staff", None)


async def test_a_follow_up_begins_no_report(talk: Talk, model: Model):
    """Half a question may sound like a report on its own."""
    model.knows("may staff be friends with pupils?", "6.2.d")
    model.intents["and if a parent?"] = Intent("report", "friend_request", 1.0)
    await talk["Teacher"].says("may staff be friends with pupils?")
    (reply,) = await talk["Teacher"].says("and if a parent?")
    assert "Question 1" not in reply.title
