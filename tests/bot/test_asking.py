"""Questions about the policy: quoted when sure, offered when unsure, and silent when the policy is."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import wording
from bot.answering import Desk, label, quoted, whole
from bot.schools import load
from knowledge import markdown
from knowledge.danger import Heard
from knowledge.search import Sure
from tests.fakes import MONDAY
from tests.model import Model
from tests.talk import Talk


async def kept(talk: Talk) -> list:
    """What the school can see of the questions asked in vain, and of the ratings."""
    return list(await talk.app.stores["rosebrook"].questions.in_vain(datetime(2020, 1, 1, tzinfo=UTC)))


def labels(replies) -> list[str]:
    """What the buttons say."""
    return [choice.label for reply in replies for choice in reply.choices]


async def test_a_sure_answer_says_what_where_for_whom_and_from_which_document(talk: Talk, model: Model):
    """The rule in full, where it stands, whom it binds, the document with its version, and that its review is overdue."""
    model.knows("who may follow the school?", "3.t")
    answer, rate = await talk["Parent"].says("who may follow the school?")
    assert answer.title == "The policy says"
    assert answer.text == (
        "▸ Who may follow the school\nRoles and responsibilities (section 3)\nFor staff and parents\n\n"
        "The Senior Leadership Team checks and approves everybody who wants to be a friend or follower of the school's pages."
    )
    assert answer.facts[0][0] == "From"
    assert answer.facts[0][1].startswith("Social Media Policy, version 2, in our plain words")
    assert answer.facts[1][0] == "Please note"
    assert "due for review in December 2024" in answer.facts[1][1]
    assert rate.text == "Was this right?"
    assert labels([rate]) == ["Yes", "No", "Read the whole section"]


async def test_rules_that_belong_together_come_together(talk: Talk, model: Model):
    """Two sections of the policy send the same report to different people: nobody is shown only one of them."""
    model.knows("a pupil wants to follow me, whom do I tell?", "6.2.e")
    answer, rate = await talk["Teacher"].says("a pupil wants to follow me, whom do I tell?")
    assert "section 6.2" in answer.text
    assert "section 8" in answer.text
    assert labels([rate]) == ["Yes", "No", "Read all of section 6.2", "Read all of section 8"]


async def test_each_part_of_a_question_is_answered(talk: Talk, model: Model):
    """Two asks in one message get two answers and one row of buttons."""
    model.knows("Who may follow the school?", "3.t")
    model.knows("Who keeps the passwords?", "6.1.e")
    first, second, rate = await talk["Parent"].says("Who may follow the school? Who keeps the passwords?")
    assert "Who may follow the school" in first.text
    assert "Passwords" in second.text
    assert labels([first, second, rate]) == ["Yes", "No", "Read all of section 3", "Read all of section 6.1"]


async def test_the_whole_section_marks_the_rule_that_was_quoted(talk: Talk, model: Model):
    """Reading on shows every rule of the section in order, page by page, with the quoted one marked."""
    model.knows("who may follow the school?", "3.t")
    parent = talk["Parent"]
    await parent.says("who may follow the school?")
    (page,) = await parent.clicks("Read the whole section")
    pages = [page]
    while page.choices:
        (page,) = await parent.clicks("Read on")
        pages.append(page)
    text = "\n\n".join(page.text for page in pages)
    titles = [rule.title for rule in load("rosebrook").policy.rules("3")]
    places = [text.index(f"{title}\n") for title in titles]
    assert places == sorted(places)
    assert text.count("▸") == 1
    assert "▸ Who may follow the school\n" in text
    assert len(pages) > 1
    assert pages[-1].facts


async def test_an_unsure_answer_asserts_nothing(talk: Talk, model: Model):
    """Three rules to choose from and a way out; no word of any rule is said until one is chosen."""
    model.knows("can I put it up?", "5.c", "7.b", "6.2.l", "5.a", sure=Sure.MAYBE)
    (reply,) = await talk["Parent"].says("can I put it up?")
    assert reply.text == "I am not sure. Is it one of these?"
    assert reply.title == ""
    assert reply.facts == ()
    assert len(reply.choices) == 4
    assert reply.choices[-1].label == "None of these"
    answer, rate = await talk["Parent"].clicks(reply.choices[1].label)
    assert answer.title == "The policy says"
    assert answer.text.startswith(f"▸ {load('rosebrook').policy.section('7.b').title}\n")
    assert rate.text == "Was this right?"


async def test_where_the_policy_is_silent_that_is_said_with_whom_to_ask(talk: Talk, model: Model):
    """No guess, two roles to ask, and three ways on. That it was asked is kept; what was asked is not."""
    (reply,) = await talk["Parent"].says("when is the disco?")
    assert reply.text.startswith("The policy of Rosebrook Primary School does not seem to say")
    assert "headteacher" in reply.text
    assert "school office (admin team)" in reply.text
    assert labels([reply]) == ["Yes, pass my question on", "Show the closest anyway", "Look through the policy"]
    (line,) = await kept(talk)
    assert (line.audience, line.band, line.words, line.helpful) == ("parent", "no", None, None)


async def test_the_words_are_kept_only_when_somebody_agrees(talk: Talk, model: Model):
    """The button adds the question to the line that is there already."""
    await talk["Parent"].says("when is the disco?")
    (reply,) = await talk["Parent"].clicks("Yes, pass my question on")
    assert reply.text == "Thank you. I have noted down your question, without your name."
    (line,) = await kept(talk)
    assert line.words == "when is the disco?"


async def test_the_closest_are_shown_only_when_asked_for(talk: Talk, model: Model):
    """They are offered as what comes closest, not as an answer."""
    await talk["Parent"].says("when is the disco?")
    (reply,) = await talk["Parent"].clicks("Show the closest anyway")
    assert reply.text == "These come closest, but they may not be what you meant."
    assert len(reply.choices) == 4


async def test_none_of_these_ends_with_a_person(talk: Talk, model: Model):
    """Whoever finds nothing among the three is told whom to ask, and the school can see that its policy did not help."""
    model.knows("can I put it up?", "5.c", "7.b", "6.2.l", sure=Sure.MAYBE)
    await talk["Parent"].says("can I put it up?")
    (reply,) = await talk["Parent"].clicks("None of these")
    assert "headteacher" in reply.text
    assert "Yes, pass my question on" in labels([reply])
    (line,) = await kept(talk)
    assert (line.band, line.refs, line.helpful, line.words) == ("maybe", ("5.c", "7.b", "6.2.l"), False, None)


async def test_a_wrong_answer_brings_the_closest_others(talk: Talk, model: Model):
    """What was shown already does not come again, and the rating is kept without any words."""
    model.knows("who may follow the school?", "3.t", "3.s", "3.u", "7.a", "5.a")
    await talk["Parent"].says("who may follow the school?")
    (reply,) = await talk["Parent"].clicks("No")
    assert [choice.value for choice in reply.choices] == ["3.s", "3.u", "7.a", "-none"]
    (line,) = await kept(talk)
    assert (line.band, line.refs, line.helpful, line.words) == ("yes", ("3.t",), False, None)


async def test_a_right_answer_is_counted(talk: Talk, model: Model):
    """A “yes” is thanked for and kept as a number."""
    model.knows("who may follow the school?", "3.t")
    await talk["Parent"].says("who may follow the school?")
    (reply,) = await talk["Parent"].says("yes")
    assert reply.text == "Thank you. That helps us."
    counts = await talk.app.stores["rosebrook"].questions.counts(datetime(2020, 1, 1, tzinfo=UTC))
    assert [(one.band, one.helpful, one.questions) for one in counts] == [("yes", True, 1)]


async def test_a_button_of_an_earlier_question_rates_nothing(talk: Talk, model: Model):
    """Two questions later nobody knows any more what the first "No" meant."""
    model.knows("who may follow the school?", "3.t")
    model.knows("who keeps the passwords?", "6.1.e")
    parent = talk["Parent"]
    await parent.says("who may follow the school?")
    old, choice = parent.button("No")
    await parent.says("who keeps the passwords?")
    await talk.send("Parent", choice.value, about=old.about, pressed=True)
    (reply,) = await parent.reads()
    assert reply.text == wording.ASK_AGAIN
    assert await kept(talk) == []


async def test_in_the_middle_of_a_report_an_answer_brings_no_buttons_of_its_own(talk: Talk, model: Model):
    """“yes” and “1” belong to the open question; the answer comes, and the question once more."""
    model.knows("what happens to staff who break the policy?", "6.2.o")
    teacher = talk["Teacher"]
    await teacher.says("report something")
    await teacher.clicks("Unwanted friend or follow request")
    await teacher.clicks("No")
    answer, question = await teacher.says("what happens to staff who break the policy?")
    assert answer.title == "The policy says"
    assert answer.choices == ()
    assert question.title.startswith("Question 2 of")


async def test_a_rule_can_be_chosen_in_the_middle_of_a_report(talk: Talk, model: Model):
    """The buttons of an unsure answer work while a report is open, and the report stays open."""
    model.knows("can I put it up?", "5.c", "7.b", "6.2.l", sure=Sure.MAYBE)
    teacher = talk["Teacher"]
    await teacher.says("report something")
    await teacher.clicks("Unwanted friend or follow request")
    await teacher.clicks("No")
    first, _ = await teacher.says("can I put it up?")
    answer, question = await teacher.clicks(first.choices[0].label)
    assert answer.title == "The policy says"
    assert question.title.startswith("Question 2 of")


def test_an_answer_is_as_long_as_its_rule_but_never_longer_than_a_message(tmp_path: Path):
    """A school's own document may hold a paragraph of ten thousand letters."""
    long = "We write one more sentence here. " * 400
    text = (
        '+++\nschool = "Hill"\ntitle = "Policy"\nedition = "verbatim"\nnumbered = "rules"\n+++\n\n# Rules {#1 for="staff"}\n\n'
        f"> Staff must not:\n\n- **{'A very long title ' * 20}.** {long} {{#1.1}}\n- **Short.** Post. {{#1.2}}\n"
    )
    policy = markdown.parse(text, "policy.md")
    desk = Desk(replace(load("rosebrook"), policy=policy), MONDAY.date())
    replies = quoted(desk, [policy.section("1.1")])
    assert all(len(reply.text) <= 3000 for reply in replies)
    assert sum(reply.text.count("We write") for reply in replies) == 400
    assert replies[-1].facts[0] == ("From", "Policy, word for word")
    (short,) = quoted(desk, [policy.section("1.2")])
    assert short.text == "▸ Short\nRules (section 1.2)\nFor staff\n\nStaff must not: Post."
    assert len(label(policy, policy.section("1.1"))) <= 75
    assert whole(desk, policy.section("1.2")).choices[0].value == "-whole 1.2 1"


async def test_while_a_message_is_understood_the_others_are_served(talk: Talk, model: Model, monkeypatch: pytest.MonkeyPatch):
    """The encoder works in a thread: a message that is long in it does not keep the loop, and it ends as it should."""
    loop, served = asyncio.get_running_loop(), threading.Event()

    def slowly(text: str, audience: str) -> Heard:
        loop.call_soon_threadsafe(served.set)
        assert served.wait(5)
        return Heard("none", possible=False, conceivable=False)

    monkeypatch.setattr("knowledge.risk.danger.heard", slowly)
    model.knows("who may follow the school?", "3.t")
    answer, _ = await talk["Parent"].says("who may follow the school?")
    assert answer.title == "The policy says"


@pytest.mark.parametrize("broken", ["knowledge.risk.danger.heard", "bot.conversation.readings", "knowledge.search.parts"])
async def test_an_encoder_that_breaks_is_not_silent(talk: Talk, model: Model, monkeypatch: pytest.MonkeyPatch, broken):
    """What goes wrong in the thread reaches the person as a code, as any other failure does."""

    def break_down(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(broken, break_down)
    (reply,) = await talk["Parent"].says("who may follow the school?")
    assert "Something went wrong on our side" in reply.text


async def test_danger_is_answered_though_the_intent_cannot_be_read(talk: Talk, model: Model, monkeypatch: pytest.MonkeyPatch):
    """The weighing is done before anything else is asked of the encoder."""

    def break_down(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("bot.conversation.readings", break_down)
    first, second = await talk["Parent"].says("he says he wants to die")
    assert "ring 999" in first.text
    assert "Something went wrong" in second.text


async def test_a_slip_of_the_keyboard_is_asked_about(talk: Talk, model: Model):
    """Where the spelling put right finds something surer, that is offered, not assumed."""
    model.knows("who keeps the pasword of the acount", "6.1.e", "6.1.c", "6.1.b", sure=Sure.MAYBE)
    model.knows("who keeps the password of the account", "6.1.e")
    (reply,) = await talk["Teacher"].says("who keeps the pasword of the acount")
    assert reply.text == "Did you mean “who keeps the password of the account”? If not, is it one of these?"
    assert (reply.choices[0].label, reply.choices[-1].label) == ("Yes, that is what I meant", "None of these")
    answer, _ = await talk["Teacher"].clicks("Yes, that is what I meant")
    assert "Passwords" in answer.text


async def test_a_better_spelling_that_finds_nothing_better_is_not_asked_about(talk: Talk, model: Model):
    """Nobody is corrected for the sake of it."""
    model.knows("who keeps the pasword", "6.1.e", "6.1.c", "6.1.b", sure=Sure.MAYBE)
    model.knows("who keeps the password", "6.1.e", "6.1.c", "6.1.b", sure=Sure.MAYBE)
    (reply,) = await talk["Teacher"].says("who keeps the pasword")
    assert reply.text == "I am not sure. Is it one of these?"


async def test_an_answer_names_the_published_version_it_came_from(talk: Talk, model: Model, monkeypatch: pytest.MonkeyPatch):
    """What was said can be looked up after the policy has changed, and a rating counts for the version it was given for."""
    schools = talk.app.schools
    published = replace(schools["rosebrook"], published=3)
    monkeypatch.setitem(schools, "rosebrook", published)
    model.knows("who may follow the school?", "3.t")
    answer, _ = await talk["Parent"].says("who may follow the school?")
    assert "published here as number 3" in answer.facts[0][1]
    monkeypatch.setitem(schools, "rosebrook", replace(published, published=4))
    await talk["Parent"].clicks("No")
    (line,) = await kept(talk)
    assert line.version == 3


@pytest.mark.parametrize(
    "said", ["I want to talk to a person", "thank you so much, have a good weekend", "hi there", "can a human ring me"]
)
async def test_thanks_greetings_and_a_wish_for_a_person_begin_no_report(talk: Talk, said: str):
    """Whatever report they sound like in the second place: nobody who says thank you is asked whether anyone is in danger."""
    heard = await talk["Parent"].says(said)
    assert not any("Is anyone in danger" in one.text or "A few short questions" in one.text for one in heard)
