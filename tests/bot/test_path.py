"""The one path from a message to replies: nothing lost, nothing twice, in order, and honest when something breaks."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.messages import INCOMING, Address, IncomingMessage
from bot.turn import Turn
from storage.kept import Arrival
from tests.fakes import HandClock
from tests.filling import sends
from tests.talk import Talk, settings, talking, transcript

_MINUTE = timedelta(minutes=1)
# What a member of staff answers whom a pupil asked, up to what happened.
BEFORE = ("no", "staff", "yes", "no", "pupil", "me", "no", "skip", "insta", "skip", "skip", "skip", "skip")
SECRET = "purple rhinoceros in the boiler room"


async def test_the_same_message_fifty_times_at_once_is_handled_once(talk: Talk):
    """A platform that repeats itself gets one answer, and is told forty-nine times that we have it."""
    new = await asyncio.gather(*(talk.send("Parent", "hello", message_id="the-same") for _ in range(50)))
    assert sorted(new) == [False] * 49 + [True]
    assert len(await talk["Parent"].reads()) == 1


async def test_messages_of_one_person_are_answered_in_the_order_they_came(talk: Talk):
    """Twenty messages in a burst: each answer belongs to the question before it."""
    teacher = talk["Teacher"]
    await teacher.says("report something")
    await teacher.clicks("Unwanted friend or follow request")
    for text in (*BEFORE, "He asked twice.", "last week", "no", "skip"):
        await talk.send("Teacher", text)
    last = (await teacher.reads())[-1]
    assert last.title == "Before it is sent"
    assert "He asked twice." in last.text


async def test_different_people_do_not_wait_for_each_other(talk: Talk):
    """Thirty people at once each get their own answer, and only theirs."""
    await asyncio.gather(*(talk.send(f"Parent{number}", "hello") for number in range(30)))
    await talk.settled()
    for number in range(30):
        assert len(talk.channel.at(f"Parent{number}")) == 1


async def test_a_handler_that_raises_costs_no_answer_and_is_not_tried_for_ever(talk: Talk, capfd: pytest.CaptureFixture[str]):
    """The person gets a code and keeps their answers; the log gets the code and not one word."""
    parent = talk["Parent"]
    await parent.says("report something")
    asked = (await parent.clicks("Unwanted friend or follow request"))[-1]
    calls = []

    async def breaks(turn: Turn) -> None:
        calls.append(turn.message.text)
        raise RuntimeError(turn.message.text)

    around = talk.app.conversations._around
    talk.app.conversations._around = replace(around, handlers=(breaks,))
    said = await parent.says(SECRET)
    talk.app.conversations._around = around
    code = next(one.text for one in said if "code: " in one.text).split("code: ")[1].split(".")[0]
    assert calls == [SECRET]
    assert said[-1].about == asked.about, "the open question is asked once more"
    logged = capfd.readouterr()
    assert code in logged.err + logged.out
    assert SECRET not in logged.err + logged.out
    await parent.clicks("No")
    assert len(calls) == 1


async def test_a_database_that_is_away_while_a_handler_reads_delays_the_answer_and_fails_nobody(talk: Talk):
    """An outage is not the handler's fault: the person gets the answer, not an apology."""
    away = [OperationalError("select", {}, Exception("the server closed the connection"))]

    async def reads(turn: Turn) -> None:
        if away:
            raise away.pop()

    around = talk.app.conversations._around
    talk.app.conversations._around = replace(around, handlers=(reads, *around.handlers))
    said = await talk["Parent"].says("hello")
    assert len(said) == 1
    assert "Hello" in said[0].text


async def test_a_restart_in_the_middle_of_a_report_goes_on_where_it_was(tmp_path: Path):
    """Everything said before the restart is still there, and the next answer fits the open question."""
    clock = HandClock()
    async with talking(settings(tmp_path), clock) as talk:
        await talk["Parent"].says("report something")
        await talk["Parent"].clicks("Unwanted friend or follow request")
        await talk["Parent"].says("no")
    async with talking(settings(tmp_path), clock) as talk:
        again = await talk["Parent"].says("where am i")
        assert "Who are you?" in transcript(again)
        assert "Question 2" in again[-1].title


async def test_a_message_that_was_kept_and_never_handled_is_answered_after_the_restart(tmp_path: Path):
    """The process died between the inbox and the decision: the lease runs out, and the answer comes."""
    clock = HandClock()
    async with talking(settings(tmp_path), clock) as talk:
        message = IncomingMessage("m-lost", "Parent", Address("fake", "Parent"), clock.now(), "hello")
        body = INCOMING.dump_json(message).decode()
        arrival = Arrival(message.id, "fake", "Parent", "Parent", clock.now(), body)
        new, lease = await talk.app.stores["rosebrook"].inbox.keep(arrival, "a process that died", clock.now(), _MINUTE)
        assert new
        assert lease is not None
    clock.tick(minutes=2)
    async with talking(settings(tmp_path), clock) as talk:
        await talk.settled()
        assert "Hello" in transcript(talk.channel.at("Parent"))


async def test_two_people_who_acknowledge_at_once_are_not_both_told_that_it_is_theirs(talk: Talk):
    """One of them has it; the other hears so."""
    await _report(talk)
    lead, head = talk["Lead"], talk["Head"]
    await lead.reads(), await head.reads()
    presses = []
    for voice in (lead, head):
        reply, choice = voice.button("Acknowledge")
        presses.append(talk.send(voice.name, choice.value, about=reply.about, pressed=True))
    await asyncio.gather(*presses)
    answers = [transcript(await voice.reads()) for voice in (lead, head)]
    assert sum("is yours" in answer for answer in answers) == 1
    assert sum("already been acknowledged" in answer for answer in answers) >= 1


async def test_an_attachment_is_refused_in_words_and_a_report_stays_open(talk: Talk):
    """Nothing is fetched; the reason is given; the open question comes once more."""
    await talk["Parent"].says("report something")
    await talk["Parent"].clicks("Unwanted friend or follow request")
    said = await talk["Parent"].says("", attachments=("image",))
    assert "I cannot take pictures" in said[0].text
    assert "danger" in said[-1].text


async def _report(talk: Talk) -> None:
    await sends(talk["Teacher"], you="staff", receiver="me")
