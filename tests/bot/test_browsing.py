"""Looking through the policy by pressing buttons."""

from __future__ import annotations

import pytest

from bot import wording
from bot.schools import load
from tests.model import Model
from tests.talk import Talk


def labels(replies) -> list[str]:
    """What the buttons say."""
    return [choice.label for reply in replies for choice in reply.choices]


async def test_the_policy_can_be_looked_through_without_a_question(talk: Talk, model: Model):
    """Contents, a section, a rule: eight buttons at a time."""
    parent = talk["Parent"]
    (top,) = await parent.says("Contents")
    assert len(top.choices) == 9
    (rest,) = await parent.clicks("More")
    sections = [choice.label for reply in (top, rest) for choice in reply.choices if choice.label != "More"]
    assert sections[:2] == ["About this document", "Statement of intent (section 1)"]
    assert len(sections) == 14
    (inside,) = await parent.clicks("Staff social media use (section 6)")
    assert labels([inside]) == ["School accounts (section 6.1)", "Personal accounts (section 6.2)"]
    (rules,) = await parent.clicks("School accounts (section 6.1)")
    assert rules.title == "School accounts"
    assert labels([rules])[0] == "Read the whole section"
    (rule,) = await parent.clicks("Passwords")
    assert rule.title == "The policy says"
    assert labels([rule]) == ["Read the whole section"]


async def test_words_can_be_looked_for(talk: Talk, model: Model):
    """“search …” shows the rules that hold the words, and says so when none does."""
    (found,) = await talk["Parent"].says("search swimwear")
    assert [choice.label for choice in found.choices] == ["Suitable clothing (section 5)"]
    (nothing,) = await talk["Parent"].says("search xylophone")
    assert nothing.text == wording.NOTHING_HAS


async def test_every_rule_can_be_reached_by_pressing_buttons(talk: Talk, model: Model):
    """Nobody has to find the right words."""
    policy = load("rosebrook").policy
    reached: set[str] = set()
    waiting = [("-list", "policy:contents")]
    seen = set()
    while waiting:
        value, about = waiting.pop()
        await talk.send("Parent", value, about=about, pressed=True)
        for reply in await talk["Parent"].reads():
            reached.add(value)
            for choice in reply.choices:
                if choice.value not in seen and not choice.value.startswith("-whole"):
                    seen.add(choice.value)
                    waiting.append((choice.value, reply.about))
    assert {leaf.ref for leaf in policy.leaves()} <= reached


@pytest.mark.parametrize(
    "value",
    [
        "-page",
        "-page x",
        "-page 5 nowhere",
        "-whole",
        "-whole nowhere 0",
        "-whole 6.2 ²",
        "-page 9999999",
        "99.z",
        "-",
        "-right",
        "",
        "- - -",
    ],
)
async def test_a_forged_button_does_no_harm(talk: Talk, model: Model, value):
    """Whatever is sent as a button, somebody gets an answer and nothing breaks."""
    await talk.send("Parent", value, about="policy:contents", pressed=True)
    (reply,) = await talk["Parent"].reads()
    assert "went wrong" not in reply.text


async def test_a_question_that_begins_with_search_is_a_question(talk: Talk, model: Model):
    """Whether teachers may search a bag is not looked up word by word."""
    await talk["Parent"].says("search a pupil's bag, may we?")
    assert model.asked[0][0] == "search a pupil's bag, may we?"
