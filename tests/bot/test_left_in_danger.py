"""Somebody says in a report that there is danger, and the report ends there: the school hears of it all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import wording
from flows.cases.case import Case, Severity
from tests.fakes import FakeChannel, HandClock
from tests.filling import begins, fills
from tests.talk import Talk, settings, talking

STOPPED = "I have heard nothing more for ten minutes"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A school in which every role is held."""
    clock = HandClock()
    async with talking(settings(tmp_path), clock, channel=FakeChannel(clock=clock)) as running:
        yield running


async def cases(talk: Talk, role: str = "dsl") -> tuple[Case, ...]:
    """The reports that the holder of ROLE can see."""
    store = talk.app.stores["rosebrook"]
    (person,) = await store.people.holders(role)
    return await store.seen_by(person).open()


async def test_somebody_who_says_danger_and_stops_is_heard_after_ten_minutes(talk: Talk):
    """They may be on the phone to the police: the lead gets the answers as urgent, the writer is told so, and can go on."""
    parent = talk["Parent"]
    asked = await begins(parent, until="adult_part", danger="yes")
    await talk.passes(minutes=9)
    assert await cases(talk) == ()
    await talk.passes(minutes=2)
    (case,) = await cases(talk)
    assert case.severity is Severity.IMMEDIATE
    assert [one.answer for one in case.said if one.name == "danger"] == ["Yes"]
    said = await parent.reads()
    assert STOPPED in said[0].text
    assert case.reference in said[0].text
    sent = await fills(parent, asked)
    sent = await parent.says("send")
    assert f"I have added your answers to your urgent report, {case.reference}" in sent[0].text
    assert [one.id for one in await cases(talk)] == [case.id]


async def test_it_is_said_beforehand(talk: Talk):
    """Nothing is passed on behind anybody's back: the line with 999 says what silence will mean."""
    await talk["Parent"].says("report something")
    await talk["Parent"].clicks("Unwanted friend or follow request")
    first, _ = await talk["Parent"].says("yes")
    assert first.text == f"{wording.NINE_NINE_NINE}\n\n{wording.IF_YOU_STOP}"


async def test_whoever_has_not_said_that_it_is_safe_is_not_written_to(talk: Talk):
    """The school is told; the writer hears of it when they write again."""
    await begins(talk["Parent"], until="safe", danger="yes")
    await talk.passes(minutes=11)
    assert len(await cases(talk)) == 1
    assert await talk["Parent"].reads() == []
    assert STOPPED in (await talk["Parent"].says("yes"))[0].text


async def test_it_goes_past_whoever_the_answers_name(talk: Talk):
    """The lead was named already: the lead sees nothing of it, and somebody else does."""
    await begins(talk["Parent"], until="happened", danger="yes", adult_part="yes", adult_role="dsl")
    await talk.passes(minutes=11)
    assert await cases(talk) == ()
    assert len(await cases(talk, "headteacher")) + len(await cases(talk, "chair")) >= 1


async def test_it_is_said_once(talk: Talk):
    """Their own words had opened an emergency in the middle of it: that report and this one are the same."""
    asked = await begins(talk["Parent"], until="happened", danger="yes")
    await talk["Parent"].says("he has a knife and he is outside her door right now")
    await talk.passes(minutes=30)
    assert len(await cases(talk)) == 1
    assert asked


async def test_no_danger_means_no_case(talk: Talk):
    """A report that was merely left is nobody's to read."""
    await begins(talk["Parent"], until="happened", danger="not sure")
    await talk.passes(hours=5)
    assert await cases(talk) == ()


async def test_a_child_who_says_danger_is_sent_to_an_adult_and_the_lead_is_told(talk: Talk):
    """This place is for adults; danger is told to the school although the report ends."""
    await talk["Child"].says("report something")
    await talk["Child"].clicks("Unwanted friend or follow request")
    await talk["Child"].says("yes")
    said = await talk["Child"].says("I am under 18")
    (case,) = await cases(talk)
    told = "\n".join(reply.text for reply in said)
    assert "0800 1111" in told
    assert f"I have opened an urgent report, {case.reference}" in told
    await talk.passes(minutes=30)
    assert len(await cases(talk)) == 1
