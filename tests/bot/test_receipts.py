"""What somebody is told once their report is durable: who has it, when the school opens, whom to ring, and what it asks of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.schools import Contact
from tests.filling import asked_in, begins, fills, sends
from tests.talk import Talk, settings, talking, transcript

CHECKED = date(2026, 11, 2)


@pytest.fixture
async def checked(tmp_path: Path) -> AsyncIterator[Talk]:
    """Rosebrook with three numbers that somebody has checked, and one that nobody has."""
    async with talking(settings(tmp_path)) as talk:
        school = talk.app.schools["rosebrook"]
        numbers = {"office": "0116 496 0000", "designated_officer": "0116 496 0001", "social_care_day": "0116 496 0002"}
        contacts = {key: Contact(key, value, CHECKED) for key, value in numbers.items()}
        contacts["social_care_night"] = Contact("social_care_night", "0116 496 0003", None)
        talk.app.schools["rosebrook"] = replace(school, contacts=contacts)
        yield talk


async def test_who_is_told_and_whom_to_ring(checked: Talk):
    """The number of the office is given because somebody checked it; nobody outside where no adult of the school is part of it."""
    first, *_ = await sends(checked["Parent"], sender="somebody unknown")
    assert "I am telling the safeguarding lead (DSL) now." in first.text
    assert "The school is open now." in first.text
    assert "ring the school office on 0116 496 0000" in first.text
    assert "0116 496 0001" not in first.text


async def test_a_number_that_nobody_has_checked_is_not_given(talk: Talk):
    """Somebody frightened must not find a dead line: the office without a number, 999, and nothing else."""
    said = transcript(await sends(talk["Parent"], adult_part="yes", adult_role="headteacher", sender="not sure"))
    assert "ring the school office." in said
    assert "Outside the school" not in said


async def test_about_an_adult_the_outside_numbers_are_there(checked: Talk):
    """Those that were checked, each with what it is for."""
    first, *_ = await sends(checked["Parent"], adult_part="yes", adult_role="headteacher", sender="not sure")
    assert "I keep it from the headteacher." in first.text
    assert (
        "the local authority's designated officer, for a worry about an adult who works with children: 0116 496 0001" in first.text
    )
    assert "children's services in the daytime: 0116 496 0002" in first.text
    assert "0116 496 0003" not in first.text


@pytest.mark.parametrize(
    ("door", "words"),
    [
        ("chair of governors", "so it goes to the Chair of the Local Academy Committee and to nobody else at the school"),
        ("lead and headteacher", "As you chose, it goes to the safeguarding lead (DSL)"),
    ],
)
async def test_the_door_is_named_where_nobody_said_who_the_adult_is(talk: Talk, door: str, words: str):
    """Whoever would rather not say hears which way their report has gone."""
    first, *_ = await sends(talk["Parent"], adult_part="rather not say", sender="not sure", door=door)
    assert words in first.text


async def test_at_the_weekend_the_clock_is_honest(talk: Talk):
    """When the school opens next is said in so many words."""
    await talk.passes(days=5)
    first, *_ = await sends(talk["Parent"])
    assert "The school is closed now and next opens on Monday 30 November at 08:30." in first.text


async def test_where_nobody_is_left_the_truth_is_said(talk: Talk):
    """The chair is the adult it is about, and the headteacher too: no promise, and the number that is always there."""
    answers = {"adult_part": "yes", "adult_role": "headteacher", "happened": "He and the chair of governors.", "sender": "not sure"}
    replies = await begins(talk["Parent"], until="named_chair", **answers)
    assert asked_in(replies) == "named_chair"
    review = await talk["Parent"].says("yes")
    assert "Nobody at the school is left" in review[-1].text
    said = await talk["Parent"].says("send")
    assert "nobody at the school I can safely send it to" in said[0].text
    assert "ring 999" in said[0].text
    assert "Nothing has happened" not in transcript(said)


async def test_what_to_do_meanwhile_and_whose_rule_it_is(talk: Talk):
    """The report's own advice, and what the policy points to, labelled: our default is never shown as the school's rule."""
    parent = transcript(await sends(talk["Parent"], sender="somebody unknown"))
    assert "• Please do not accept it and do not answer." in parent
    assert "we go by our own default" in parent
    teacher = transcript(await sends(talk["Teacher"], you="staff", receiver="me"))
    assert "What the school's policy says:" in teacher


async def test_part_of_it_that_others_see_is_said_and_followed_with_the_report(talk: Talk):
    """Who sees which answers is said; what is added later never reaches them."""
    answers = {
        "you": "staff",
        "who_met_it": "a pupil, or several",
        "where": "1",
        "sort": "violence",
        "site": "blood and guts dot com",
        "block": "yes",
    }
    said = transcript(await sends(talk["Teacher"], "Something unsuitable online", **answers))
    assert "Separately, the IT provider will see only your answers to “Which site, app or game was it”" in said
    (state,) = await talk["Teacher"].says("status")
    assert state.text.startswith("Report SP-"), "one report was sent, so one is shown"


async def test_whoever_is_not_safe_here_is_never_written_to_unasked(talk: Talk):
    """Neither that it was seen nor that they should phone; both are said as soon as they ask."""
    said = transcript(await sends(talk["Parent"], safe="no", sender="somebody unknown"))
    assert "I will not write to you here by myself" in said
    for _ in range(4):
        await talk.passes(hours=1)
    assert await talk["Parent"].reads() == []
    (state,) = await talk["Parent"].says("any news?")
    assert "There is nobody left whom I could tell." in state.text
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Acknowledge")
    assert await talk["Parent"].reads() == []
    (state,) = await talk["Parent"].says("any news?")
    assert "was seen by the school at 14:00" in state.text


async def test_whoever_asks_for_a_person_hears_whom_and_goes_on_after_it(checked: Talk):
    """By role and with what was checked; the lead can be told by a button, and the open question comes again."""
    parent = checked["Parent"]
    await begins(parent, until="sender")
    whom, question = await parent.says("can i talk to someone")
    assert "the safeguarding lead (DSL), the deputy safeguarding lead or the headteacher" in whom.text
    assert "0116 496 0000" in whom.text
    assert "0116 496 0003" not in whom.text
    assert asked_in([question]) == "sender"
    told, question = await parent.clicks("Tell the lead now")
    assert "I have passed on" in told.text
    assert asked_in([question]) == "sender"
    await checked["Lead"].reads()
    assert "asked here to speak to a person" in transcript(await checked["Lead"].clicks("Open"))


@pytest.mark.parametrize("answers", [{"adult_role": "safeguarding lead"}, {"adult_role": "rather not say"}])
async def test_a_person_it_is_about_is_nobody_to_talk_to(talk: Talk, answers: dict[str, str]):
    """Whoever names the lead, or names nobody, is not sent to the lead, and is offered no button that tells them."""
    parent = talk["Parent"]
    await begins(parent, until="sender", adult_part="yes", **answers)
    whom, _ = await parent.says("talk to a person")
    assert "safeguarding lead" not in whom.text
    assert whom.choices == ()


async def test_the_review_says_who_will_not_see_it(talk: Talk):
    """By role, before anything is sent."""
    review = await begins(talk["Parent"], adult_part="yes", adult_role="headteacher", sender="not sure")
    assert "It goes to the Chair of the Local Academy Committee. The headteacher will not see it." in review[-1].text
    assert await fills(talk["Parent"], review) == review


async def test_nobody_gets_a_second_card_for_what_they_read_in_whole(talk: Talk):
    """The chair reads all of a report about the headteacher: its part for the lead would be the same words again."""
    answers = {"adult_part": "yes", "adult_role": "headteacher", "sender": "an adult at school", "signs": "not sure"}
    said = transcript(await sends(talk["Parent"], **answers))
    assert "Separately" not in said
    assert len(await talk["Chair"].reads()) == 1


async def test_an_emergency_in_a_report_that_is_not_safe_here_stays_silent_too(talk: Talk):
    """What was answered a minute before holds for the case that danger opens: it is seen, and nothing is written unasked."""
    parent = talk["Parent"]
    await begins(parent, until="sender", safe="no")
    await parent.says("he says he is outside her school now and will kill her")
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Acknowledge")
    assert await parent.reads() == []
