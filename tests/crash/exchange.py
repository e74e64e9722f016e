"""The platform of the crash tests: brings messages until somebody says they are kept, and remembers all that was ever sent."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from bot import wording
from bot.messages import INCOMING, REPLY, IncomingMessage, Reply
from tests.crash.life import SharedClock

REFUSES = 0.2  # of what is sent: the platform is down for a moment, and what it refused it has not shown to anybody
ASKS = wording.NEEDS_YOU.partition("{reference}")[2]  # how the title of a card ends
PATIENCE = 3.0  # seconds until the platform brings a message again


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that appeared on somebody's screen."""

    life: str
    key: str
    place: str
    reply: Reply
    at: datetime
    claimed: datetime | None

    @property
    def card(self) -> str | None:
        """The case this is a card about, if it is one: a card asks for somebody, a case's page shows what was written."""
        return self.reply.about.removeprefix("case:") if self.reply.title.endswith(ASKS) else None


@dataclass
class Exchange:
    """Sits on a socket; any number of lives connect to it."""

    clock: SharedClock
    chance: random.Random
    refuses: float = REFUSES
    slowest: float = 0.04  # seconds until the platform answers: a kill in between is what makes a repeat
    deliveries: list[Delivery] = field(default_factory=list)
    kept: dict[str, list[bool]] = field(default_factory=dict)  # id -> what each "kept" said: was it new?
    shown: Callable[[Delivery], None] = lambda _: None
    _lives: dict[str, asyncio.StreamWriter] = field(default_factory=dict)
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)
    _answering: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, path: str) -> asyncio.Server:
        """Open the socket at PATH."""
        return await asyncio.start_unix_server(self._connected, path)

    def connected(self, life: str) -> bool:
        """Whether LIFE is there now."""
        return life in self._lives

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until HOLDS does, looking whenever something happened; TimeoutError after SECONDS."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(holds)

    async def bring(self, message: IncomingMessage, copies: int = 1) -> None:
        """Bring MESSAGE, in COPIES at once, again and again until a life has said that it is kept."""
        line = json.dumps({"message": INCOMING.dump_json(message).decode()}).encode() + b"\n"
        while message.id not in self.kept:
            await self.until(lambda: bool(self._lives), 60)
            for _ in range(copies):
                self._lives[self.chance.choice(sorted(self._lives))].write(line)
            with suppress(TimeoutError):
                await self.until(lambda: message.id in self.kept, PATIENCE)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not (first := await reader.readline()):
            writer.close()  # killed before it could say who it was
            return
        life = json.loads(first)["hello"]
        self._lives[life] = writer
        await self._happened()
        with suppress(ConnectionError):  # a kill closes the line: an end like any other
            # A killed process's last words are still read: what it wrote, it had promised.
            while line := await reader.readline():
                if line.endswith(b"\n"):
                    await self._heard(life, json.loads(line), writer)
        del self._lives[life]
        writer.close()
        await self._happened()

    async def _heard(self, life: str, said: dict, writer: asyncio.StreamWriter) -> None:
        if "kept" in said:
            self.kept.setdefault(said["kept"], []).append(said["new"])
        elif "send" in said:
            taken = self.chance.random() >= self.refuses
            if taken:
                self._show(life, said)
            task = asyncio.create_task(self._answer(writer, said["send"], taken=taken))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        await self._happened()

    def _show(self, life: str, said: dict) -> None:
        claimed = datetime.fromisoformat(said["claimed"]) if said["claimed"] else None
        reply = REPLY.validate_json(said["reply"])
        delivery = Delivery(life, said["key"], said["place"], reply, self.clock.now(), claimed)
        self.deliveries.append(delivery)
        self.shown(delivery)

    async def _answer(self, writer: asyncio.StreamWriter, number: int, *, taken: bool) -> None:
        await asyncio.sleep(self.chance.uniform(0, self.slowest))
        if not writer.is_closing():
            writer.write(json.dumps({"receipt": number, "taken": taken}).encode() + b"\n")

    async def _happened(self) -> None:
        async with self._came:
            self._came.notify_all()
