"""From the first hint of a sexual picture of a child a report asks nothing more, and goes out with what is there."""

from __future__ import annotations

import pytest

from tests.filling import asked_in, begins, fills
from tests.talk import Talk, transcript

HINT = "a boy has sent my daughter a naked picture of another girl"
STOP = "Please stop there"


async def page_of(talk: Talk, name: str = "Lead") -> str:
    """The report as NAME reads it."""
    await talk[name].reads()
    page = await talk[name].clicks("Open")
    offered = {choice.label for reply in page for choice in reply.choices}
    return transcript(await talk[name].clicks("All of it") if "All of it" in offered else page)


async def test_own_words_that_hint_at_one_are_the_last_that_is_asked(talk: Talk):
    """The report is not read through first. What to do with the picture is said before, and who was told only once it is sent."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    stop, receipt, *_ = await parent.says(HINT)
    assert STOP in stop.text
    for word in ("look at it again", "copy", "send", "save", "delete"):
        assert word in stop.text
    assert "I am telling" not in stop.text
    assert "I am telling the safeguarding lead (DSL) and the headteacher now" in receipt.text
    assert "no picture is needed" in stop.text
    page = await page_of(talk)
    assert HINT in page
    assert "may show a child" in page


async def test_help_to_take_it_down_is_named_once_it_is_sent_and_the_flows_own_advice_is_not(talk: Talk):
    """Report Remove is for the young person. "Keep it and show it to somebody" would be the wrong advice now."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    stop, *after = await parent.says(HINT)
    assert "Report Remove" not in stop.text
    said = transcript(after)
    assert "Report Remove" in said
    assert "0800 1111" in said
    assert "somebody may ask to look at it" not in said


async def test_whom_it_must_not_reach_is_still_asked(talk: Talk):
    """The first question is open: only whether an adult at school is part of it comes up, and which; then it is gone."""
    parent = talk["Parent"]
    await begins(parent, until="you")
    stop, gate = await parent.says("his friend is sharing nudes of a girl in year 6")
    assert STOP in stop.text
    assert asked_in([gate]) == "adult_part"
    assert await talk["Lead"].reads() == []
    (role,) = await parent.says("yes")
    assert asked_in([role]) == "adult_role"
    receipt, *_ = await parent.says("headteacher")
    assert "I keep it from the headteacher" in receipt.text
    assert await talk["Head"].reads() == []
    assert "nudes of a girl" in await page_of(talk, "Chair")


async def test_somebody_named_by_those_words_is_asked_about_before_it_is_sent(talk: Talk):
    """No review comes before a report like this goes out: this is the last moment to keep it from whom it may be about."""
    teacher = talk["Teacher"]
    await begins(teacher, until="happened", you="staff")
    stop, ask = await teacher.says("the headteacher has naked pictures of pupils on his phone")
    assert STOP in stop.text
    assert "Is the headteacher part of what worries you?" in ask.text
    assert await talk["Head"].reads() == []
    receipt, *_ = await teacher.says("yes")
    assert "I keep it from the headteacher" in receipt.text
    assert await talk["Head"].reads() == []


async def test_words_at_a_question_that_does_not_take_them_are_not_lost(talk: Talk):
    """What happened was said before; what is typed under the next question still reaches the lead, word for word."""
    parent = talk["Parent"]
    await begins(parent, until="told", happened="He keeps sending her things.")
    await parent.says("no but it is a topless photo of her, she is ten")
    page = await page_of(talk)
    assert "He keeps sending her things." in page
    assert "What they also wrote\n  no but it is a topless photo of her, she is ten" in page


async def test_a_message_that_nobody_asked_for_begins_such_a_report(talk: Talk):
    """The words are the report. They need not be said twice, and the lead is not offered a second way."""
    replies = await talk["Parent"].says("i have to report that there are nudes of a girl in year 6 going round")
    assert STOP in transcript(replies)
    assert "Tell the lead now" not in transcript(replies)
    assert asked_in(replies) == "adult_part"
    await talk["Parent"].says("no")
    assert "nudes of a girl in year 6" in await page_of(talk)


async def test_an_answer_that_is_chosen_stops_as_words_do(talk: Talk):
    """A box that says "a sexual picture, maybe" is as good as words."""
    parent = talk["Parent"]
    await begins(parent, until="signs")
    stop, receipt, *_ = await parent.says("a sexual picture, maybe")
    assert STOP in stop.text
    assert "Your report is SP-" in receipt.text


@pytest.mark.parametrize(
    "words", ["he put an inappropriate picture in the chat", "her photo is on the school website", "my ex posted nudes of me"]
)
async def test_what_is_only_rude_or_only_a_photo_goes_on_as_usual(talk: Talk, words: str):
    """A report that stops by mistake is half said."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    replies = await parent.says(words)
    assert STOP not in transcript(replies)
    assert asked_in(replies) == "when"


async def test_nobody_is_asked_for_a_screenshot_of_it(talk: Talk):
    """Somebody offers one after all: no, and why."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    await parent.says(HINT)
    (no,) = await parent.says("shall i send you a screenshot")
    assert "Please send no pictures" in no.text


async def test_a_hint_in_danger_goes_to_the_emergency(talk: Talk):
    """Words that are both open the emergency first; the locked report joins it, and is not a second case."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    replies = await parent.says("she is sending naked pictures to a man and he says he will kill her tonight")
    said = transcript(replies)
    assert said.index("ring 999") < said.index(STOP)
    assert "I have added your answers to your urgent report" in said
    assert "Report Remove" in said


async def test_the_report_can_still_be_filled_in_afterwards_by_adding(talk: Talk):
    """Nothing more is asked, and nothing is forbidden: what is added later is kept."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    await parent.says(HINT)
    await parent.clicks("Add something")
    (kept,) = await parent.says("her teacher has the phone now, switched off")
    assert "I have added that" in kept.text
    assert "switched off" in await page_of(talk)


async def test_locked_reports_ask_no_more_after_they_were_filled_in(talk: Talk):
    """A hint in a date or a name locks as well, whatever question is open."""
    parent = talk["Parent"]
    replies = await begins(parent, until="contact")
    assert asked_in(replies) == "contact"
    said = await parent.says("ring me please, its about nudes of my daughter")
    assert "Your report is SP-" in transcript(said)
    assert await fills(parent, said) == said
