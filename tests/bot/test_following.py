"""Half a question is joined to the one before it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from knowledge.intents import Intent
from knowledge.search import Sure
from tests.fakes import MONDAY
from tests.model import Model
from tests.talk import Talk


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("and what about parents?", ["may parents follow the school?"]),
        ("what about governors", ["may governors follow the school?"]),
        ("And volunteers?", ["may volunteers follow the school?"]),
        ("is it the same for the ta?", ["may ta follow the school?"]),
        ("dads too?", ["may dads follow the school?"]),
    ],
)
async def test_who_only_names_others_means_the_same_question_about_them(talk: Talk, model: Model, text, asked):
    """The people of the earlier question are changed for those who are named now."""
    model.knows("may pupils follow the school?", "3.t")
    await talk["Teacher"].says("may pupils follow the school?")
    model.asked.clear()
    await talk["Teacher"].says(text)
    assert [question for question, _, _ in model.asked][: len(asked)] == asked


async def test_either_side_of_a_question_may_be_meant(talk: Talk, model: Model):
    """After staff and pupils, "and parents?" may stand for either: the reading that is surer is answered."""
    model.knows("may staff be friends with pupils?", "6.2.d")
    model.knows("may staff be friends with parents?", "6.2.d")
    model.knows("may parents be friends with pupils?", "7.a", sure=Sure.MAYBE)
    await talk["Teacher"].says("may staff be friends with pupils?")
    answer, _ = await talk["Teacher"].says("and parents?")
    assert "No friending or contacting pupils or parents" in answer.text


async def test_a_follow_up_without_people_to_change_is_asked_behind_the_question(talk: Talk, model: Model):
    """And the rule quoted last is where to look first."""
    model.knows("can I use my own phone?", "5.h")
    await talk["Teacher"].says("can I use my own phone?")
    model.asked.clear()
    await talk["Teacher"].says("and volunteers?")
    assert model.asked[0] == ("can I use my own phone? and volunteers?", "staff", "5.h")


async def test_a_rule_about_others_is_no_sure_answer_to_a_follow_up(talk: Talk, model: Model):
    """What was said of pupils must not be quoted as if it had been said of governors, however sure the search is."""
    model.knows("may pupils use it in lessons?", "8.a")
    model.knows("may governors use it in lessons?", "8.a")
    await talk["Teacher"].says("may pupils use it in lessons?")
    (reply,) = await talk["Teacher"].says("and governors?")
    assert reply.text == "I am not sure. Is it one of these?"


async def test_a_second_follow_up_belongs_to_the_first_question(talk: Talk, model: Model):
    """“and governors?” after “and parents?” does not ask about parents who are governors."""
    model.knows("may pupils follow the school?", "3.t")
    model.knows("may parents follow the school?", "3.t")
    for text in ("may pupils follow the school?", "and parents?", "and governors?"):
        await talk["Teacher"].says(text)
    assert "may governors follow the school?" in [question for question, _, _ in model.asked]


async def test_what_is_passed_on_is_what_was_typed(talk: Talk, model: Model):
    """Half a question is noted down with its other half, in the person's own words."""
    model.knows("may pupils follow the school?", "3.t")
    await talk["Parent"].says("may pupils follow the school?")
    await talk["Parent"].says("and governors?")
    await talk["Parent"].clicks("Yes, pass my question on")
    (line,) = await talk.app.stores["rosebrook"].questions.in_vain(MONDAY - timedelta(days=1))
    assert line.words == "may pupils follow the school? and governors?"


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


async def test_news_after_a_question_may_begin_a_report(talk: Talk, model: Model):
    """“ok so a pupil has just added me” is no half question, though it begins like one."""
    model.knows("may staff be friends with pupils?", "6.2.d")
    model.intents["ok so a pupil has just added me"] = Intent("report", "friend_request", 1.0)
    await talk["Teacher"].says("may staff be friends with pupils?")
    (reply,) = await talk["Teacher"].says("ok so a pupil has just added me")
    assert reply.title.startswith("Question 1 of")


async def test_thanks_are_no_half_question(talk: Talk, model: Model):
    """Nobody who says thank you gets the answer once more."""
    model.knows("may staff be friends with pupils?", "6.2.d")
    model.intents["ok thanks"] = Intent("smalltalk", None, 1.0)
    await talk["Teacher"].says("may staff be friends with pupils?")
    model.asked.clear()
    await talk["Teacher"].says("ok thanks")
    assert model.asked == []
