"""Words that name somebody who would read the report: known by role or by name, asked about once, and never told to anybody."""

from __future__ import annotations

import pytest

from bot.naming import names
from storage.kept import Person
from tests.filling import asked_in, begins, fills
from tests.talk import Talk, transcript

LEAD = Person("1", "Mrs Ottoline Featherstone", ("dsl",))
PLAIN = Person("2", "Rose Green", ("headteacher",))


@pytest.mark.parametrize(
    ("words", "person", "named"),
    [
        ("Featherstone keeps writing to him", LEAD, True),
        ("mrs featherstone keeps writing to him", LEAD, True),
        ("OTTOLINE FEATHERSTONE did it", LEAD, True),
        ("it was ottoline", LEAD, True),
        ("featherstones bakery was closed", LEAD, False),
        ("they wore green and picked a rose", PLAIN, False),
        ("miss green has added my son", PLAIN, True),
        ("rose green has added my son", PLAIN, True),
        ("Mr Greenwood has added my son", PLAIN, False),
        ("", LEAD, False),
    ],
)
def test_a_name_is_known_by_whole_words(words: str, person: Person, named: bool):
    """With a title, in full, or alone where it is no everyday word. Part of a longer word is somebody else."""
    assert names(words, person) is named


def test_somebody_without_a_name_is_never_meant():
    """An empty entry would otherwise be in every sentence."""
    assert not names("anything at all", Person("3", "Mr", ("dsl",)))


async def named(talk: Talk, role: str, name: str) -> None:
    """Somebody of that NAME holds ROLE as well."""
    await talk.app.stores["rosebrook"].people.add(name, (role,), ((talk.channel.name, name),))


async def test_a_name_is_asked_about_by_role_and_never_shown(talk: Talk):
    """Nobody learns from the bot who holds a role, not even somebody who guesses a name."""
    await named(talk, "headteacher", "Ottoline Featherstone")
    teacher = talk["Teacher"]
    replies = await begins(teacher, until="named_headteacher", you="staff", receiver="me", happened="Ms Featherstone knows.")
    assert "Your words may mean the headteacher" in replies[-1].text
    assert "Featherstone" not in transcript(replies)


async def test_it_is_asked_once_and_before_the_review(talk: Talk):
    """Whoever says no is not asked again, also after an answer was changed."""
    parent = talk["Parent"]
    replies = await begins(parent, until="named_dsl", happened="I told the safeguarding lead, who was kind.", sender="stranger")
    assert asked_in(replies) == "named_dsl"
    review = await parent.says("no")
    assert asked_in(review) == "review"
    assert "It goes to the safeguarding lead (DSL)." in review[-1].text
    await parent.says("5")
    assert asked_in(await parent.says("not sure")) == "review"


async def test_yes_keeps_it_from_them(talk: Talk):
    """The review says so, and no card goes to them."""
    parent = talk["Parent"]
    await begins(parent, until="named_dsl", happened="It is about the DSL really.", sender="somebody unknown")
    review = await parent.says("yes")
    assert "The safeguarding lead (DSL) will not see it." in review[-1].text
    await parent.says("send")
    assert await talk["Lead"].reads() == []
    assert len(await talk["Head"].reads()) == 1


async def test_roles_that_would_not_hear_of_it_are_not_worth_a_question(talk: Talk):
    """The chair is on no rung of this report, so naming the chair changes nothing."""
    replies = await begins(talk["Parent"], happened="The chair of governors lives next door.", sender="somebody unknown")
    assert asked_in(replies) == "review"


async def test_a_role_that_was_named_already_is_not_asked_about(talk: Talk):
    """The headteacher was chosen as the adult it is about."""
    answers = {"adult_part": "yes", "adult_role": "headteacher", "sender": "an adult at school", "happened": "The headteacher did."}
    replies = await begins(talk["Parent"], **answers)
    assert asked_in(replies) == "review"


async def test_the_words_that_begin_a_report_count_too(talk: Talk):
    """They answer no question, but whoever they name must not be the first to read what follows."""
    parent = talk["Parent"]
    replies = await parent.says("a stranger on roblox sent my son a friend request, the headteacher knows")
    replies = await fills(parent, replies, until="named_headteacher", happened="It came on Sunday.", sender="somebody unknown")
    assert asked_in(replies) == "named_headteacher"


async def test_each_of_several_is_asked_about(talk: Talk):
    """Two are named, two questions come; the answers stand in the review."""
    parent = talk["Parent"]
    happened = "The deputy DSL and the headteacher both laughed."
    await begins(parent, until="named_deputy_dsl", happened=happened, sender="somebody unknown")
    second = await parent.says("no")
    assert asked_in(second) == "named_headteacher"
    assert asked_in(await parent.says("no")) == "review"
