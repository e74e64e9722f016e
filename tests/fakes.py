"""Fakes as strict as the real thing: a clock that is moved by hand, and a channel that can fail in every way a platform does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from starlette.routing import BaseRoute

from bot.channel import Receive, SendFailed
from bot.messages import Address, Reply

# A Monday in term, ten in the morning in London.
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class HandClock:
    """Stands still until it is moved, and never goes back unless a test says so."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def real_now(self) -> datetime:
        """As `now`: here no time is played with."""
        return self.now()

    def real_seconds(self, span: float) -> float:
        return 0.01 if span > 0 else 0.0

    def lasting(self, real: timedelta) -> timedelta:
        return real

    def tick(self, **span: float) -> None:
        """Move on, as `timedelta` counts."""
        self._now += timedelta(**span)

    def step_back(self, **span: float) -> None:
        """What a wrong time server does."""
        self._now -= timedelta(**span)


@dataclass
class Sent:
    """One thing that arrived at the platform."""

    to: Address
    reply: Reply
    key: str
    at: datetime


@dataclass
class FakeChannel:
    """A platform in memory. Refuses what a real one refuses, and fails as it is told: once, for a time, or for good."""

    name: str = "fake"
    clock: HandClock = field(default_factory=HandClock)
    max_text: int = 4096
    sent: list[Sent] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)  # the receipts of the cards that were changed
    failures: list[SendFailed | Exception] = field(default_factory=list)
    down: bool = False
    hangs: bool = False
    receive: Receive | None = None
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, receive: Receive) -> None:
        self.receive = receive
        self.started.set()
        await asyncio.Event().wait()

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        if self.hangs:
            await asyncio.Event().wait()
        if self.failures:
            raise self.failures.pop(0)
        if self.down:
            raise SendFailed("the platform is down")
        if to.channel != self.name:
            raise SendFailed("not an address of this channel", permanent=True)
        if not (reply.text or reply.title) or len(reply.text) > self.max_text:
            raise SendFailed("empty or too long", permanent=True)
        if reply.choices and not reply.about:
            raise SendFailed("buttons without a question they belong to", permanent=True)
        self.sent.append(Sent(to, reply, key, self.clock.now()))
        return f"receipt-{len(self.sent)}"

    async def edit(self, to: Address, card: str, reply: Reply, key: str) -> str:
        """The new words come as a message of their own, so that a test reads them; the card must have been sent."""
        if card not in {f"receipt-{number}" for number in range(1, len(self.sent) + 1)}:
            raise SendFailed("no such message", permanent=True)
        await self.send(to, reply, key)
        self.edited.append(card)
        return card

    def private_address(self, sender: str) -> Address:
        return Address(self.name, sender)

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def at(self, place: str) -> list[Reply]:
        """Everything that arrived at PLACE, in order."""
        return [one.reply for one in self.sent if one.to.place == place]
