"""The people of the crash tests: some count, some greet, some are in danger, and those who are told sometimes acknowledge."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.messages import Address, IncomingMessage
from tests.crash.exchange import Delivery, Exchange
from tests.crash.life import CHANNEL

# Who can be told in an emergency at Rosebrook; two of them share a role.
HOLDERS = {
    "Lead": ("dsl",),
    "Second lead": ("dsl",),
    "Deputy": ("deputy_dsl",),
    "Head": ("headteacher",),
    "Senior": ("slt",),
}
WHO_ACKNOWLEDGES = "Lead"
ACKNOWLEDGES = 0.5  # of the cases; the others have to climb to the end
COUNTERS = tuple(f"Counter {number}" for number in range(1, 7))


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something somebody said, by what must come of it."""

    kind: str  # "count", "greet", "danger", "acknowledge"
    word: str  # found again in the bot's answer, or in the case; for "acknowledge" the case's id
    place: str

    @property
    def id(self) -> str:
        """The platform's own id of the message."""
        return f"{self.kind}-{self.word}"


@dataclass
class Crowd:
    """Talks to the exchange until told to stop; remembers everything it said."""

    exchange: Exchange
    chance: random.Random
    thinking: float = 0.03  # seconds the bot takes over a number: a process can be killed, or stopped, in the middle of it
    said: dict[str, Utterance] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _saying: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[None]:
        """Everybody talks while this is open."""
        self.exchange.shown = self._shown
        talk = asyncio.create_task(self._talk())
        try:
            yield
        finally:
            talk.cancel()
            with suppress(asyncio.CancelledError):
                await talk

    async def _talk(self) -> None:
        """Say something about ten times a second, one to four things at once, until cancelled."""
        while True:
            for _ in range(self.chance.randint(1, 4)):
                kind = self.chance.choices(("count", "greet", "danger"), (6, 2, 2))[0]
                self._soon(self.say(kind, copies=self.chance.choice((1, 1, 1, 2))))
            await asyncio.sleep(self.chance.uniform(0.05, 0.15))

    async def finish(self) -> None:
        """Wait until everything that was said has been kept."""
        while self._saying:
            await asyncio.gather(*self._saying)

    async def say(self, kind: str, *, place: str | None = None, copies: int = 1) -> None:
        """Say one thing of that KIND, and see it kept."""
        word = f"w{next(self._numbers):05}"
        if place is None:
            place = self.chance.choice(COUNTERS) if kind == "count" else f"Parent {word}"
        text = {
            "count": f"please count me in, tally {word} {self.thinking}",
            "greet": "hello",
            "danger": f"He is going to kill her now, {word}",
        }[kind]
        await self._bring(Utterance(kind, word, place), text, copies)

    def _shown(self, delivery: Delivery) -> None:
        case = delivery.card
        if case is None or case in self._seen or delivery.place != WHO_ACKNOWLEDGES:
            return
        self._seen.add(case)
        if self.chance.random() < ACKNOWLEDGES:
            self._soon(self._acknowledge(case))

    async def _acknowledge(self, case: str) -> None:
        await asyncio.sleep(self.chance.uniform(0, 1.5))
        await self._bring(Utterance("acknowledge", case, WHO_ACKNOWLEDGES), "acknowledge", 1, about=f"case:{case}", pressed=True)

    async def _bring(self, utterance: Utterance, text: str, copies: int, **more: object) -> None:
        self.said[utterance.id] = utterance
        message = IncomingMessage(
            id=utterance.id,
            sender=utterance.place,
            address=Address(CHANNEL, utterance.place),
            received_at=self.exchange.clock.now(),
            text=text,
            **more,
        )
        await self.exchange.bring(message, copies)

    def _soon(self, saying: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(saying)
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)
