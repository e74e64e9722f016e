"""A quiet word to the lead where somebody wrote what may need them, and did nothing with it: without a word of what it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import glances, schools
from bot.wording_digests import GLANCE
from tests.fakes import MONDAY
from tests.talk import Talk, settings, talking

WORRYING = "she has a boyfriend online who says he is 15 but his voice sounds like a man"
ABOUT_LEAD = "the safeguarding lead keeps sending my son private messages"
ABOUT_HEAD = "the headteacher keeps sending my son private messages"
OPENING = GLANCE.partition("{when}")[0]


async def words_to(talk: Talk, *names: str) -> list[str]:
    """Who of NAMES got a quiet word, as often as they got one."""
    return [name for name in names for reply in talk.channel.at(name) if reply.text.startswith(OPENING)]


EVERYBODY = ("Teacher", "Lead", "Deputy", "Head", "Chair", "Parent")


async def test_the_lead_is_asked_to_look_a_quarter_of_an_hour_later(talk: Talk):
    """Nobody pressed the button: the lead hears when something was written, and nothing else."""
    await talk["Parent"].says(WORRYING)
    await talk.passes(minutes=14)
    assert await words_to(talk, *EVERYBODY) == []
    await talk.passes(minutes=1)
    assert await words_to(talk, *EVERYBODY) == ["Lead"]
    (word,) = talk.channel.at("Lead")
    assert "at 10:00" in word.text
    assert word.choices == ()


async def test_it_says_nothing_of_what_was_written_nor_who_wrote(talk: Talk):
    """Neither the letter nor the link in the audit holds a word of it, or the conversation."""
    await talk["Parent"].says(WORRYING)
    await talk.passes(minutes=15)
    (word,) = talk.channel.at("Lead")
    links = await talk.app.stores["rosebrook"].audit.links()
    (asked,) = [link for link in links if link.act == "lead asked to look"]
    assert (asked.case, asked.person, asked.details) == (None, None, '{"to": "dsl"}')
    for bit in ("boyfriend", "15", "voice", "Parent", "fake"):
        assert bit not in word.text
        assert bit not in (asked.details or "")


async def test_whoever_presses_the_button_needs_no_quiet_word(talk: Talk):
    """The words themselves went to the lead."""
    await talk["Parent"].says(WORRYING)
    await talk["Parent"].clicks("Tell the lead now")
    await talk.passes(hours=1)
    assert await words_to(talk, *EVERYBODY) == []


async def test_a_report_that_is_under_way_needs_none(talk: Talk):
    """They are on their way to tell somebody; a report that is sent says more than a word could."""
    await talk["Parent"].says(WORRYING)
    await talk["Parent"].clicks("Something unsuitable online")
    await talk["Parent"].clicks("No")
    await talk.passes(minutes=16)
    assert await words_to(talk, *EVERYBODY) == []
    await talk["Parent"].says("stop")
    await talk.passes(hours=2)
    assert await words_to(talk, *EVERYBODY) == []


async def test_a_report_that_was_thrown_away_at_once_tells_nobody_and_so_the_lead_is_asked(talk: Talk):
    """Begun, stopped, nothing sent: the quarter of an hour goes on."""
    await talk["Parent"].says(WORRYING)
    await talk["Parent"].clicks("Something unsuitable online")
    await talk["Parent"].clicks("No")
    await talk["Parent"].says("stop")
    await talk["Parent"].clicks("Throw it away")
    await talk.passes(minutes=15)
    assert await words_to(talk, *EVERYBODY) == ["Lead"]


async def test_a_report_that_the_words_opened_and_nobody_looked_at_is_none(talk: Talk):
    """The bot asked its first question, and the person was gone."""
    replies = await talk["Parent"].says(ABOUT_HEAD)
    assert any(reply.title.startswith("Question 1") for reply in replies)
    await talk.passes(minutes=15)
    assert await words_to(talk, *EVERYBODY) == ["Chair"]


async def test_danger_opens_a_case_and_needs_none(talk: Talk):
    """The emergency has told everybody already."""
    await talk["Parent"].says(WORRYING)
    await talk["Parent"].says("he says he will kill her tonight and he has a knife")
    await talk.passes(minutes=20)
    assert any("SP-" in reply.title for reply in talk.channel.at("Lead"))
    assert await words_to(talk, *EVERYBODY) == []


async def test_once_a_day_and_again_on_the_next(talk: Talk):
    """Somebody who writes on and on does not make it ring again."""
    for _ in range(3):
        await talk["Parent"].says(WORRYING)
        await talk.passes(minutes=20)
    assert await words_to(talk, *EVERYBODY) == ["Lead"]
    await talk.passes(days=1)
    await talk["Parent"].says(WORRYING)
    await talk.passes(minutes=15)
    assert await words_to(talk, *EVERYBODY) == ["Lead", "Lead"]


async def test_two_conversations_are_two(talk: Talk):
    """The day's measure is each conversation's own."""
    await talk["Parent"].says(WORRYING)
    await talk["Other"].says(WORRYING)
    await talk.passes(minutes=15)
    assert await words_to(talk, *EVERYBODY) == ["Lead", "Lead"]


async def test_it_goes_out_after_a_restart(tmp_path):
    """What is due is a row: a bot that was stopped meanwhile asks when it is back, and says when it was."""
    async with talking(settings(tmp_path)) as talk:
        await talk["Parent"].says(WORRYING)
        talk.clock.tick(minutes=30)
        await talk.restarts()
        assert await words_to(talk, *EVERYBODY) == ["Lead"]
        await talk.restarts()
        assert await words_to(talk, *EVERYBODY) == ["Lead"]
        assert "at 10:00" in talk.channel.at("Lead")[0].text


async def test_a_week_without_the_machine_is_told_with_its_day(tmp_path):
    """The words are gone by then; that somebody wrote them is not."""
    async with talking(settings(tmp_path)) as talk:
        await talk["Parent"].says(WORRYING)
        talk.clock.tick(days=8)
        await talk.restarts()
        assert await words_to(talk, *EVERYBODY) == ["Lead"]
        assert "on Monday 23 November at 10:00" in talk.channel.at("Lead")[0].text


@pytest.mark.parametrize(
    ("words", "to"),
    [(WORRYING, ["Lead"]), (ABOUT_LEAD, ["Head"]), (ABOUT_HEAD, ["Chair"])],
    ids=["nobody of them", "the lead", "the headteacher"],
)
async def test_it_goes_past_whoever_the_words_may_name(talk: Talk, words, to):
    """A deputy is not asked to look into the lead, and only the chair looks into the headteacher."""
    await talk["Parent"].says(words)
    await talk.passes(minutes=15)
    assert await words_to(talk, *EVERYBODY) == to


async def test_it_goes_past_them_in_whatever_role_they_hold(tmp_path):
    """The lead is also the deputy's deputy and the chair: it is about a person, not about a word."""
    async with talking(settings(tmp_path), cast={"Lead": ("dsl", "headteacher")}) as talk:
        await talk["Parent"].says(ABOUT_HEAD)
        await talk.passes(minutes=15)
        assert await words_to(talk, *EVERYBODY) == ["Chair"]


async def test_nobody_is_left_to_ask(tmp_path, capsys):
    """It is said in the log and in the audit; nobody whom the words may name is told instead."""
    async with talking(settings(tmp_path)) as talk:
        people = talk.app.stores["rosebrook"].people
        for person in await people.list():
            if person.roles != ("dsl",):
                for role in person.roles:
                    await people.take_role(person.id, role)
        await talk["Parent"].says(ABOUT_LEAD)
        await talk.passes(minutes=15)
        assert await words_to(talk, *EVERYBODY) == []
        acts = [link.act for link in await talk.app.stores["rosebrook"].audit.links()]
        assert "nobody to ask to look" in acts
    assert "nobody is left who could be asked to look" in capsys.readouterr().err


async def test_whoever_is_away_is_passed_over(talk: Talk):
    """The deputy is there for that."""
    (lead,) = await talk.app.stores["rosebrook"].people.holders("dsl")
    await talk.app.stores["rosebrook"].people.away(lead.id, MONDAY + timedelta(days=3))
    await talk["Parent"].says(WORRYING)
    await talk.passes(minutes=15)
    assert await words_to(talk, *EVERYBODY) == ["Deputy"]


async def test_the_lead_is_not_told_of_their_own_words(talk: Talk):
    """A lead who tries the bot out is not the one who has to look; the deputy is."""
    await talk["Lead"].says(WORRYING)
    await talk.passes(minutes=15)
    assert await words_to(talk, *EVERYBODY) == ["Deputy"]


async def test_an_everyday_worry_is_no_reason(talk: Talk):
    """Only what triage finds grave is remembered."""
    await talk["Parent"].says("can i add a teacher on facebook")
    await talk.passes(hours=1)
    assert await words_to(talk, *EVERYBODY) == []


def test_more_words_leave_out_more_and_do_not_put_it_off():
    """The quarter of an hour counts from the first of them."""
    school = schools.load("rosebrook")
    first = glances.begin({}, {"it"}, school, MONDAY)
    second = glances.begin(first, {"dsl"}, school, MONDAY + timedelta(minutes=10))
    assert glances.due_at(second) == MONDAY + timedelta(minutes=15)
    assert glances._kept(second[glances.OPEN])[1] == {"it", "dsl"}
