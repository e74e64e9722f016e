"""Talks to the real bot as people do: somebody says, somebody clicks, somebody reads. Everything below is real but the platform."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot import app as composition
from bot.changing_roles import Staff, changed
from bot.channel import numbered
from bot.config.model import Config, Secrets
from bot.messages import Address, IncomingMessage, Reply
from bot.record import record
from storage.staffing import RoleGiven, RoleTaken
from storage.vault import Keyring
from tests.fakes import FakeChannel, HandClock

QUIET = 8  # looks in which nothing moved
IDLE = 50  # the same while a conversation is looked at in which nobody writes: it takes its turn behind everybody who does

# Who is who in a rehearsal of Rosebrook. The parent is nobody the school knows.
ROLES = {
    "Teacher": ("staff",),
    "Lead": ("dsl",),
    "Deputy": ("deputy_dsl",),
    "Head": ("headteacher",),
    "Chair": ("chair",),
}


@dataclass
class Voice:
    """One person at one place of the channel."""

    name: str
    talk: Talk
    read: int = 0

    async def says(self, text: str, *, message_id: str | None = None, **more: object) -> list[Reply]:
        """Type TEXT and read what comes back."""
        await self.talk.send(self.name, text, message_id=message_id, **more)
        return await self.reads()

    async def clicks(self, label: str) -> list[Reply]:
        """Press the button LABEL on the latest thing that shows one."""
        reply, choice = self.button(label)
        await self.talk.send(self.name, choice.value, about=reply.about, pressed=True)
        return await self.reads()

    def button(self, label: str):
        """The latest reply that shows LABEL, with the choice itself."""
        for reply in reversed(self.talk.channel.at(self.name)):
            for choice in reply.choices:
                if choice.label.casefold() == label.casefold():
                    return reply, choice
        seen = [choice.label for reply in self.talk.channel.at(self.name) for choice in reply.choices]
        raise AssertionError(f"{self.name} sees no button {label!r}; there were {seen}")

    async def reads(self) -> list[Reply]:
        """Everything new at this place, once the bot has nothing left to do."""
        await self.talk.settled()
        everything = self.talk.channel.at(self.name)
        new, self.read = everything[self.read :], len(everything)
        return new


@dataclass
class Talk:
    """A running bot with a fake platform in front of it and a clock in our hand."""

    app: composition.App
    channel: FakeChannel
    clock: HandClock
    school: str = "rosebrook"
    voices: dict[str, Voice] = field(default_factory=dict)
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:6])
    ids: itertools.count = field(default_factory=lambda: itertools.count(1))
    last: dict[str, IncomingMessage] = field(default_factory=dict)  # what each person sent last
    config: Config | None = None
    life: AsyncExitStack | None = None

    def __getitem__(self, name: str) -> Voice:
        return self.voices.setdefault(name, Voice(name, self))

    async def send(self, name: str, text: str, *, message_id: str | None = None, **more) -> bool:
        """Bring a message in as the platform would; True when it was new."""
        message = IncomingMessage(
            id=message_id or f"{self.run}-{next(self.ids)}",
            sender=name,
            address=Address(self.channel.name, name),
            received_at=self.clock.now(),
            text=text,
            **more,
        )
        self.last[name] = message
        return await self.app.conversations.receive(self.school, message)

    async def passes(self, **span: float) -> None:
        """Let time go by, and let the bot do what falls due meanwhile."""
        self.clock.tick(**span)
        await self.settled()

    async def staffs(self, name: str, role: str, *, take: bool = False, by: str | None = None) -> None:
        """NAME is given ROLE, or loses it, as at the command line; BY is the name of whoever says that they did it."""
        store, school, now = self.app.stores[self.school], self.app.schools[self.school], self.clock.now()
        people = {one.id: one for one in await store.people.list()}
        ids = {one.name: one.id for one in people.values()}
        staff = Staff(school, people, await store.people.holdings(), await store.people.set_up())
        given = ids[by] if by is not None else None
        wish = RoleTaken(ids[name], role, given, school.calendar) if take else RoleGiven(ids[name], role, not staff.set_up, given)
        await record(store, changed(wish, staff, now), at=now, hold=timedelta(seconds=60))

    async def restarts(self) -> None:
        """Stop the bot as it stands, and start it again on the same database. Only by the task that started it."""
        assert self.config is not None
        assert self.life is not None
        await self.life.aclose()
        running = composition.running(self.config, self.clock, channels={self.channel.name: self.channel})
        self.app = await self.life.enter_async_context(running)
        await self.settled()

    async def settled(self) -> None:
        """Wait until no message is in hand, and nothing that is due moves any more (what a failing platform refuses may stay)."""
        seen: object = None
        quiet = 0
        async with asyncio.timeout(20):
            patience = QUIET
            while quiet < patience:
                await self.app.conversations.finish()
                lag = await self.app.work.lag(self.clock.now())
                if not any(one.waiting for one in lag.values()):
                    return
                now = (lag, len(self.channel.sent), len(self.channel.failures))
                quiet, seen = (quiet + 1 if now == seen else 0), now
                patience = IDLE if lag["idle"].waiting else QUIET
                self.app.database.wake("inbox", "outbox", "idle")
                await asyncio.sleep(0.01)


@asynccontextmanager
async def talking(
    config: Config,
    clock: HandClock | None = None,
    channel: FakeChannel | None = None,
    cast: Mapping[str, tuple[str, ...]] | None = None,
) -> AsyncIterator[Talk]:
    """A bot at work for the one school of CONFIG, its roles held by five made-up people and those who are further CAST."""
    clock = clock or HandClock()
    channel = channel or FakeChannel(clock=clock)
    async with AsyncExitStack() as life:
        app = await life.enter_async_context(composition.running(config, clock, channels={channel.name: channel}))
        (school,) = config.schools
        store = app.stores[school]
        if not await store.people.list():
            for name, roles in {**ROLES, **(cast or {})}.items():
                await store.people.add(name, roles, ((channel.name, name),))
        yield Talk(app, channel, clock, school, config=config, life=life)


def transcript(replies: Sequence[Reply]) -> str:
    """REPLIES as a person without buttons would read them."""
    return "\n\n".join(numbered(reply) for reply in replies)


def settings(folder: Path, school: str = "rosebrook", **more: object) -> Config:
    """A configuration for one SCHOOL in FOLDER, with a key that a restart finds again."""
    kept = folder / "key"
    if not kept.exists():
        kept.write_text(Keyring.new().dump())
    keys = SecretStr(kept.read_text())
    return Config(schools=(school,), channels=(), data_folder=folder, secrets=Secrets(keys=keys), **more)
