"""Kills the running bot over and over while people talk to it, lets it recover, and hands everything over to be compared."""

from __future__ import annotations

import asyncio
import itertools
import random
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from storage.database import Database
from storage.keyring import Keyring
from storage.store import Store
from storage.vault import Vault
from storage.work import Work
from tests.crash.crowd import HOLDERS, Crowd
from tests.crash.doom import Doom, last_words
from tests.crash.exchange import Exchange
from tests.crash.life import CHANNEL, LEASE, SCHOOL, Life, SharedClock
from tests.crash.nursery import Nursery
from tests.fakes import MONDAY

STARTS_WITHIN = 30  # seconds
STANDS_STILL = 120.0  # seconds in which something waits and nothing happens: it never will
KILLED_WHILE_STARTING = 0.15  # of the lives; the others had 0.05 to 1.6 seconds to work


@dataclass
class Storm:
    """A school, its people, the platform, and the bot's lives: all of one test."""

    database: Database
    exchange: Exchange
    crowd: Crowd
    nursery: Nursery
    logs: Path
    socket: str
    url: str
    keyring: Keyring
    chance: random.Random
    killed: dict[str, datetime] = field(default_factory=dict)  # life -> when it was seen to be dead
    dozed: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)  # life -> from when to when it was stopped
    alive: dict[str, int] = field(default_factory=dict)
    _names: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def begin(self, doom: Doom | None = None) -> str:
        """Start one more life of the bot; its name, which never returns. With DOOM, it dies at that step."""
        name = f"life-{next(self._names)}"
        clock = self.exchange.clock
        log = str(self.logs / f"{name}.log")
        life = Life(name, self.url, self.keyring.dump(), self.socket, clock.base.isoformat(), clock.wall, log)
        if doom is not None:
            life = replace(life, dies_at=doom.number, dies_committed=doom.committed)
        self.alive[name] = await self.nursery.begin(life)
        return name

    async def ready(self, name: str) -> None:
        """Wait until that life has come to the exchange."""
        for _ in range(STARTS_WITHIN):
            with suppress(TimeoutError):
                await self.exchange.until(lambda: self.exchange.connected(name), 1)
                return
            if await self.nursery.ended(self.alive[name]):
                break
        raise AssertionError(f"{name} did not start:\n{self.log(name)}")

    async def kill(self, name: str) -> None:
        """SIGKILL, whatever it is doing."""
        code = await self.nursery.end(self.alive.pop(name), signal.SIGKILL)
        assert code == -signal.SIGKILL, f"{name} had ended by itself with {code}:\n{self.log(name)}"
        self.killed[name] = self.exchange.clock.now()

    async def ends(self, name: str) -> str | None:
        """Let that doomed life go on until it dies, and say at which step it did; None where everything came to its end before."""
        await self._come_to_rest(name)
        code = await self.nursery.end(self.alive.pop(name), signal.SIGTERM)
        if code == 0:
            return None
        assert code == -signal.SIGKILL, f"{name} ended with {code}:\n{self.log(name)}"
        self.killed[name] = self.exchange.clock.now()
        return last_words(self.log(name))

    async def doze(self, name: str) -> None:
        """Stop it until everybody must think it dead, as a machine that swaps or a paused virtual one does; then let it go on."""
        since = self.exchange.clock.now()
        await self.nursery.tell(self.alive[name], signal.SIGSTOP)
        await asyncio.sleep(LEASE.total_seconds() * 1.5)
        await self.nursery.tell(self.alive[name], signal.SIGCONT)
        self.dozed[name] = since, self.exchange.clock.now()

    async def stop(self, name: str) -> None:
        """SIGTERM, and a clean end."""
        code = await self.nursery.end(self.alive.pop(name), signal.SIGTERM)
        assert code == 0, f"{name} ended with {code}:\n{self.log(name)}"

    async def rage(self, processes: int, kills: int, each: Callable[[], object] = lambda: None) -> None:
        """Keep PROCESSES alive at once and kill KILLS of them, each at a moment of its own; EACH is told of every kill."""
        left = iter(range(kills))

        async def one_place() -> None:
            for _ in left:
                name = await self.begin()
                if self.chance.random() < KILLED_WHILE_STARTING:
                    await asyncio.sleep(self.chance.uniform(0, 0.3))
                else:
                    await self.ready(name)
                    await asyncio.sleep(self.chance.uniform(0.05, 1.6))
                await self.kill(name)
                each()

        async with self.crowd.talking():
            await asyncio.gather(*(one_place() for _ in range(processes)))

    async def open(self, processes: int) -> None:
        """Start PROCESSES lives that nobody will kill, and wait for them."""
        for name in [await self.begin() for _ in range(processes)]:
            await self.ready(name)

    async def settle(self) -> None:
        """Let the bot come to the end of everything, unhindered, and stop it."""
        await self._come_to_rest()
        for name in list(self.alive):
            await self.stop(name)

    async def _come_to_rest(self, mortal: str = "") -> None:
        """Wait until everything has come to its end, or the life called MORTAL to its own."""
        happened, since = self._happened(), time.monotonic()
        while not (mortal and await self.nursery.ended(self.alive[mortal])):
            if (waits := await self._waits()) is None:
                return
            if self._happened() != happened:
                happened, since = self._happened(), time.monotonic()
            if time.monotonic() - since > STANDS_STILL:
                logs = "\n".join(self.log(name) for name in self.alive)
                raise AssertionError(f"For {STANDS_STILL:.0f} s nothing has happened, and there still waits {waits}\n{logs}")
            await asyncio.sleep(0.2)

    async def _waits(self) -> str | None:
        """What has not come to its end, in words; None when all has, and nothing happened while it was looked at."""
        before = self._happened()
        work = Work(self.database)
        lag = await work.lag(self.exchange.clock.now())
        due = await work.next_due((CHANNEL,))
        if not self.crowd.busy and not lag["inbox"].waiting and due is None and self._happened() == before:
            return None
        behind = {name: one.waiting for name, one in lag.items() if one.waiting}
        return f"{behind}; people talk: {self.crowd.busy}; next due {due}, now {self.exchange.clock.now()}"

    def _happened(self) -> tuple[int, ...]:
        """How much has been said, kept and shown: more, and things go on."""
        return len(self.crowd.said), len(self.exchange.kept), len(self.exchange.deliveries)

    def log(self, name: str) -> str:
        """The last lines a life wrote."""
        path = self.logs / f"{name}.log"
        return "\n".join(path.read_text().splitlines()[-20:]) if path.exists() else "it wrote nothing"


@asynccontextmanager
async def brewing(url: str, keyring: Keyring, lives: Nursery, logs: Path) -> AsyncIterator[Storm]:
    """A school with its people in the database at URL, a platform, and nobody killed yet."""
    chance = random.Random()
    exchange = Exchange(SharedClock(MONDAY, time.time()), chance)
    database = Database.open(url, Vault(keyring))
    try:
        store = Store(database, SCHOOL)
        for name, roles in HOLDERS.items():
            await store.people.add(name, roles, ((CHANNEL, name),))
        # A socket's path must be short, and a test's own folder often is not.
        with tempfile.TemporaryDirectory(prefix="signpost-") as folder:
            socket = f"{folder}/exchange"
            async with await exchange.serve(socket):
                storm = Storm(database, exchange, Crowd(exchange, chance), lives, logs, socket, url, keyring, chance)
                try:
                    yield storm
                finally:
                    for pid in storm.alive.values():  # only where a test failed: the others have ended theirs
                        await lives.end(pid, signal.SIGKILL)
    finally:
        await database.close()
