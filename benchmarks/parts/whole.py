"""The real bot at work, on a real file: what one message costs, how long people wait, and where the time goes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.app import App, running
from bot.clock import SystemClock
from bot.config import Config
from parts.measuring import Stretch, stretch
from parts.mix import PEOPLE, head_start, lines
from parts.platforms import SCHOOL, BehindBolt, Nowhere
from storage import writer
from storage.store import recording

ROLES = ("dsl", "deputy_dsl", "headteacher", "chair")
PATIENCE = 60  # seconds after which something is broken, not slow


@dataclass
class Bot:
    """A running Signpost with two platforms in front of it and fifty people at each."""

    app: App
    nowhere: Nowhere
    slack: BehindBolt
    scripts: dict[tuple[str, int], Iterator[str]] = field(default_factory=dict)

    def line(self, platform: Nowhere, person: int) -> str:
        """What that person says next."""
        script = self.scripts.get((platform.name, person))
        if script is None:
            script = self.scripts[platform.name, person] = lines(person)
        return next(script)

    async def begin(self, platform: Nowhere) -> None:
        """Everybody has spoken before, and the reporters are spread over the questions: nothing measured is a first time."""
        for step in range(max(head_start(person) for person in range(PEOPLE)) + 1):
            await self.burst(platform, [person for person in range(PEOPLE) if step <= head_start(person)])
        await self.settled()

    async def burst(self, platform: Nowhere, people: list[int]) -> float:
        """PEOPLE say their next line at the same moment; seconds until the last of them has a reply."""
        brought = [platform.brings(person, self.line(platform, person)) for person in people]
        replies = [platform.reply_to(person) for person in people]
        began = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(bring() for bring in brought))
            last = max(await asyncio.gather(*replies))
        return last - began

    async def bursts(self, platform: Nowhere, count: int) -> Stretch:
        """COUNT times, everybody at once. The waits are those for the last reply of each burst."""
        with stretch(count * PEOPLE) as measured:
            for _ in range(count):
                measured.waits.append(await self.burst(platform, list(range(PEOPLE))))
            await self.settled()
        return measured

    async def one_at_a_time(self, platform: Nowhere, messages: int) -> Stretch:
        """One message after the other, each finished to the last row before the next: nothing can share a commit."""
        with stretch(messages) as measured:
            for number in range(messages):
                measured.waits.append(await self.burst(platform, [number % PEOPLE]))
                await self.app.conversations.finish()
            await self.settled()
        return measured

    async def paced(self, platform: Nowhere, per_second: float, seconds: float) -> Stretch:
        """Messages as they come in life, at random moments. A wait counts from the moment it should have come in."""
        chance = random.Random(str(platform.name))
        began, moment, free = time.perf_counter(), 0.0, list(range(PEOPLE))
        talks: list[asyncio.Task[float]] = []
        chance.shuffle(free)
        with stretch(0) as measured:
            while (moment := moment + chance.expovariate(per_second)) < seconds:
                await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
                talks.append(asyncio.create_task(self._one(platform, free, began + moment)))
            await asyncio.sleep(max(0.0, began + seconds - time.perf_counter()))
            measured.waits = list(await asyncio.gather(*talks))
            await self.settled()
        measured.pieces = len(talks)
        return measured

    async def _one(self, platform: Nowhere, free: list[int], moment: float) -> float:
        person = free.pop(0)  # nobody speaks again before they were answered
        late = time.perf_counter() - moment
        waited = await self.burst(platform, [person])
        free.append(person)
        return late + waited

    async def idle(self, seconds: float) -> Stretch:
        """Nobody says anything. One piece is one second."""
        with stretch(1) as measured:
            await asyncio.sleep(seconds)
        measured.cpu /= seconds
        return measured

    async def settled(self) -> None:
        """Nothing is in hand, and nothing is due: pushes and their rows included."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.app.conversations.finish()
                behind = await self.app.work.lag(self.app.clock.now())
                if not any(one.waiting for one in behind.values()):
                    return
                await asyncio.sleep(0.005)

    async def parts(self, platform: Nowhere, messages: int) -> dict[str, Stretch]:
        """One at a time, the processor time of each part by itself, of all threads together."""
        store, work, talks = self.app.stores[SCHOOL], self.app.work, self.app.conversations
        spent: dict[str, float] = dict.fromkeys(("keep", "decide", "record", "finish"), 0.0)
        with (
            _timed(store.inbox, "keep", spent, "keep"),
            _timed(talks, "_decide", spent, "decide"),
            _timed(store, "record", spent, "record"),
            _timed(work, "finish_many", spent, "finish"),
        ):
            whole = await self.one_at_a_time(platform, messages)
        spent["rest"] = whole.cpu - sum(spent.values())
        return {name: Stretch(messages, cpu=cpu) for name, cpu in spent.items()}


def alone() -> AbstractContextManager[Any]:
    """Every piece of writing has its own commit, as without the one writer that gathers them."""
    return patch.object(writer, "TOGETHER", 1)


def through_the_loop() -> AbstractContextManager[Any]:
    """Replies are not leased in the transaction that writes them: the outbox claims them in one of its own."""
    return patch.object(recording, "_carrier", lambda *_: None)


@contextmanager
def _timed(owner: object, name: str, spent: dict[str, float], part: str) -> Iterator[None]:
    original: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def timed(*args: Any, **more: Any) -> Any:
        began = time.process_time()
        try:
            return await original(*args, **more)
        finally:
            spent[part] += time.process_time() - began

    with patch.object(owner, name, timed):
        yield


@asynccontextmanager
async def at_work(folder: Path) -> AsyncIterator[Bot]:
    """A Signpost in FOLDER with everything running, its roles held by people who can be reached nowhere."""
    nowhere, slack = Nowhere(), BehindBolt()
    config = Config(schools=(SCHOOL,), channels=(), data_folder=folder, key_file=folder / "signpost.key", rehearsal=True)
    async with running(config, SystemClock(), channels={nowhere.name: nowhere, slack.name: slack}) as app:
        for role in ROLES:
            await app.stores[SCHOOL].people.add(role, (role,), ((nowhere.name, role),))
        for platform in (nowhere, slack):
            await asyncio.wait_for(platform.connected.wait(), PATIENCE)
        yield Bot(app, nowhere, slack)
