"""The rows of the torture matrix that need the whole bot: at each question of each report, on a real database.

The flows are found, not listed. `make matrix` takes every row at every question of every flow; `make test` takes each flow once,
with the rows in turn.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from bot import app as composition
from bot.handlers.report import FLOW
from bot.logged import FLOW as LOGGED
from bot.messages import Reply
from bot.schools import SHIPPED as SCHOOLS
from bot.schools import load
from flows import catalogue
from flows.question import NAMED, Question
from knowledge.search import Sure
from tests.fakes import FakeChannel
from tests.flows.oracle import asked_of, usual
from tests.flows.telling import QUIET
from tests.model import Model
from tests.talk import ROLES, Talk, settings

WHOLE = os.environ.get("MATRIX") == "whole"
# Each flow at one school that offers it: at Rosebrook, whose rules the stand-in for the model knows, where that is one of them.
_NAMES = sorted((folder.name for folder in SCHOOLS.iterdir() if folder.is_dir()), key=lambda name: name == "rosebrook")
OFFERED = {flow: name for name in _NAMES for flow in load(name).flows}
POLICY = "who may follow the school?"
DANGER = "he says he is outside her school now and will kill her"
REFS = {name: [rule.ref for rule in load(name).policy.sections if rule.text][:1] for name in set(OFFERED.values())}
LONGEST = 60  # questions in one report
TRIED: Counter[str] = Counter()
_numbers = count(1)


@dataclass
class Teller:
    """Somebody who tells one report to one school, from its first question to its end, whatever becomes of the process."""

    flow: str
    folder: Path
    channel: FakeChannel = field(default_factory=FakeChannel)
    life: AsyncExitStack = field(default_factory=AsyncExitStack)
    seen: int = 0

    async def lives(self) -> None:
        """A process begins on what the last one left."""
        await self.life.aclose()
        school = OFFERED[self.flow]
        config = settings(self.folder).model_copy(update={"schools": (school,)})
        running = composition.running(config, self.channel.clock, channels={self.channel.name: self.channel})
        self.talk = Talk(await self.life.enter_async_context(running), self.channel, self.channel.clock, school)
        people = self.talk.app.stores[school].people
        for name, roles in ROLES.items() if not await people.list() else ():
            await people.add(name, roles, ((self.channel.name, name),))

    async def says(self, text: str, **more: object) -> list[Reply]:
        """Send TEXT and read what comes back."""
        await self.talk.send("Teller", text, **more)
        await self.talk.settled()
        everything = self.channel.at("Teller")
        new, self.seen = everything[self.seen :], len(everything)
        return new

    def question(self, reply: Reply) -> Question | None:
        """The question that REPLY asks; None at the review, and where it is the bot's own."""
        return next((one for one in asked_of(self.flow, QUIET) if reply.about.split(":")[1] == one.name), None)

    def wants_words(self, reply: Reply) -> bool:
        """Whether REPLY asks for own words."""
        question = self.question(reply)
        return question is not None and question.kind in ("text", "when")

    def answer(self, reply: Reply) -> str:
        """What gets the report on from REPLY."""
        question = self.question(reply)
        return usual(question) if question else "no" if f":{NAMED}" in reply.about else "send"


Row = Callable[[Teller, Reply], Awaitable[Reply | None]]


def the_same(teller: Teller, asked: Reply, replies: list[Reply]) -> Reply | None:
    """None when the last of REPLIES asks what ASKED did; the question after it when own words were wanted, and taken."""
    last = replies[-1]
    if teller.wants_words(asked) and last.about != asked.about:
        return last
    assert last.about == asked.about
    assert last.choices == asked.choices
    return None


async def policy_question(teller: Teller, asked: Reply) -> Reply | None:
    """It is answered with its place in the policy, and the same question is open after it."""
    replies = await teller.says(POLICY)
    if not teller.wants_words(asked):
        assert any(reply.facts for reply in replies)
    return the_same(teller, asked, replies)


async def emergency(teller: Teller, asked: Reply) -> Reply | None:
    """Help comes first, whatever was asked; the report stays open."""
    replies = await teller.says(DANGER)
    assert "999" in replies[0].text
    return the_same(teller, asked, replies)


async def media(teller: Teller, asked: Reply) -> Reply | None:
    """A picture is not taken, which is said, and the same question is open."""
    replies = await teller.says("", attachments=("image",))
    assert len(replies) > 1
    assert the_same(teller, asked, replies) is None


async def double_delivery(teller: Teller, asked: Reply) -> Reply | None:
    """The platform brings one message twice: it is answered once."""
    number = f"twice-{next(_numbers)}"
    replies = await teller.says(teller.answer(asked), message_id=number)
    assert not await teller.says(teller.answer(asked), message_id=number)
    return replies[-1]


async def restart(teller: Teller, asked: Reply) -> Reply | None:
    """Another process takes over, and hears what is said next as an answer to what was asked."""
    await teller.lives()
    replies = await teller.says("why?")
    assert the_same(teller, asked, replies) is None


ROWS: tuple[Row, ...] = (policy_question, emergency, media, double_delivery, restart)
# A restart takes as long as all the others together, so at every question it is tried by `make matrix` only.
QUICK = (policy_question, media, double_delivery, emergency)
ONE_EACH = [(flow, (row,)) for flow in OFFERED for row in ROWS]
IN_TURN = [(flow, QUICK[place % 4 :] + QUICK[: place % 4]) for place, flow in enumerate(OFFERED)]
CASES = ONE_EACH if WHOLE else IN_TURN


@pytest.mark.parametrize(("flow", "rows"), CASES, ids=[f"{flow}-{rows[0].__name__}" for flow, rows in CASES])
async def test_the_right_question_is_open_whatever_happened(flow, rows, tmp_path, model: Model):
    """A question, danger, a picture, a message that comes twice, another process: then the same question, and at last a case."""
    model.knows(POLICY, *REFS[OFFERED[flow]])
    model.knows(DANGER, *REFS[OFFERED[flow]], sure=Sure.NO)
    teller = Teller(flow, tmp_path)
    try:
        await teller.lives()
        asked = (await teller.says(flow, about=FLOW, pressed=True))[-1]
        report = asked.about.split(":")[0]
        for number in range(LONGEST):
            row = rows[number % len(rows)]
            TRIED[row.__name__] += 1
            following = await row(teller, asked)
            asked = following or (await teller.says(teller.answer(asked)))[-1]
            if not asked.about.startswith(report):
                break
        assert "SP-" in asked.text
        assert not asked.about.startswith(report)
    finally:
        await teller.life.aclose()


def test_every_flow_is_offered_somewhere():
    """A flow that no school offers could be in nobody's way, and in no test's. One is begun by role holders, at every school."""
    assert {*OFFERED, LOGGED} == set(catalogue.names())


def test_the_size_of_what_was_tried_is_said(figure):
    """So that anybody can see what was tried."""
    figure(f"torture matrix, whole bot: {len(OFFERED)} flows, {TRIED.total()} cells: {dict(sorted(TRIED.items()))}")
