"""Nothing that anybody wrote appears in anything the bot emits, on any path, also when things break."""

import logging
from dataclasses import replace

import pytest

from bot import logs
from bot.case_commands import command
from bot.channel import SendFailed
from tests.filling import begins
from tests.talk import Talk

WORDS = ("xylophone", "quokka", "marmalade", "zeppelin")


@pytest.fixture
def everything(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture):
    """All that was emitted: standard output and error, and every record of the standard logging."""
    logs.setup("json", "debug")
    caplog.set_level(logging.DEBUG)

    def emitted() -> str:
        out, err = capfd.readouterr()
        return f"{out}\n{err}\n{caplog.text}"

    return emitted


async def test_a_whole_conversation_leaves_no_trace_of_its_words(talk: Talk, everything):
    """A report, an emergency, a broken handler, a failing channel and a repr of all that is passed around."""
    teacher = talk["Teacher"]
    happened = "A xylophone player he calls quokka asked twice."
    await begins(teacher, you="staff", receiver="me", happened=happened)
    talk.channel.failures = [SendFailed("marmalade"), RuntimeError("zeppelin quokka")]
    await teacher.says("send")
    for _ in range(5):
        await talk.passes(minutes=5)
    await talk["Lead"].clicks("Open")
    await talk["Lead"].clicks("All of it")
    await talk["Lead"].clicks("Acknowledge")
    await talk["Lead"].clicks("How urgent")
    await talk["Lead"].clicks("Low")
    await talk["Lead"].says("the quokka rang about his xylophone")
    await talk["Lead"].says(f"hand on {talk.channel.at('Lead')[0].title[10:18]} to the zeppelin")
    await teacher.says("add: the zeppelin was seen by the headteacher")
    await teacher.clicks("Yes, part of it")
    await teacher.says("nothing has happened")
    await talk["Parent"].says("the quokka man is going to kill her now, marmalade")

    async def breaks(turn):
        raise ValueError(f"{turn.message.text} {turn.message!r}")

    around = talk.app.conversations._around
    talk.app.conversations._around = replace(around, handlers=(breaks,))
    await talk["Parent"].says("zeppelin xylophone")
    talk.app.conversations._around = around
    emitted = everything()
    assert emitted, "the test must have something to read"
    assert "handler failed" in emitted
    assert [word for word in WORDS if word in emitted.casefold()] == []


async def test_nothing_passed_around_shows_words_or_names_in_its_repr(talk: Talk):
    """A repr ends up in tracebacks and debuggers: it must be empty of people."""
    await talk["Parent"].says("the quokka man is going to kill her now")
    seen = talk.app.stores["rosebrook"]
    lead = await seen.people.by_place("fake", "Lead")
    (case,) = await seen.seen_by(lead).open()
    wished = (command("urgency SP-22222 low because of the quokka"), command("hand on SP-22222 to the quokka"))
    told = await seen.seen_by(lead).told(case.id)
    shown = " ".join(repr(one) for one in (case, lead, talk.channel.sent[0].reply, talk.channel.sent[0].to, wished, told))
    assert "quokka" not in shown
    assert "Lead" not in shown
