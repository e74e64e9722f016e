"""One real bot with many schools in it, two for each setting, and a clock in our hand."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from pydantic import SecretStr

from bot import app as composition
from bot import schools
from bot.config.example import example
from bot.config.model import Config, Secrets
from bot.schools import SHIPPED
from bot.turn import Outcome, Turn
from storage.vault import Keyring
from tests.bot.worlds import BREAKS, FAKE, WEB, Setting, World
from tests.fakes import FakeChannel, HandClock
from tests.talk import Talk

PATIENCE = 120.0  # real seconds until a bot that does not come to rest is taken for broken


@dataclass
class Stage:
    """One bot with many schools, and a clock in our hand."""

    app: composition.App
    channel: FakeChannel
    clock: HandClock
    config: Config
    worlds: list[World] = field(default_factory=list)
    typing: asyncio.Lock = field(default_factory=asyncio.Lock)  # one command at a time: they print to the same terminal
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)
    _settling: asyncio.Task[None] | None = None

    async def settled(self) -> None:
        """Wait until the bot has nothing left to do. Whoever asks at the same time is answered together."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle())
        await mine

    async def _settle(self) -> None:
        await asyncio.sleep(0)
        while self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                await self._rest()
            except BaseException as failure:
                for one in asked:
                    if not one.done():
                        one.set_exception(failure)
                raise
            for one in asked:
                one.set_result(None)

    async def _rest(self) -> None:
        """Until nothing is due any more. Nothing here fails for long, so that it comes to an end however slow the machine is."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.app.conversations.finish()
                if not any(one.waiting for one in (await self.app.work.lag(self.clock.now())).values()):
                    return
                self.app.database.wake("inbox", "outbox", "idle")
                await asyncio.sleep(0.01)

    async def all(self, each: Sequence[Awaitable[object]]) -> None:
        """Do EACH of these side by side, then let the bot finish."""
        await asyncio.gather(*each)
        await self.settled()

    async def passes(self, span: timedelta) -> None:
        """Time goes by in steps, so that what falls due is done about when it does."""
        step = timedelta(hours=8)
        while span > timedelta():
            self.clock.tick(seconds=min(span, step).total_seconds())
            span -= step
            await self.settled()


@asynccontextmanager
async def stage(folder: Path, settings: Sequence[Setting]) -> AsyncIterator[Stage]:
    """A bot with two schools for each of SETTINGS, one after the other: the world, and its twin."""
    names = [f"{setting.school}-{number}{half}" for number, setting in enumerate(settings) for half in ("a", "b")]
    for name in names:
        shutil.copytree(SHIPPED / name.rpartition("-")[0], folder / "schools" / name)
    ring = Keyring.new().dump()
    clock, config = HandClock(), _written(folder, names, ring)
    channel = FakeChannel(clock=clock)
    real = composition.make_channel

    def make(name: str, context: composition.ChannelContext) -> composition.Channel:
        return channel if name == FAKE else real(name, context)

    def load(name: str, *_: object) -> schools.School:
        return replace(shipped(name.rpartition("-")[0]), name=name)  # read once: the copies differ by their name alone

    in_order = (_breaks, *composition.handlers.IN_ORDER)
    with (
        _instead(schools, "load", load),
        _instead(composition, "make_channel", make),
        _instead(composition.handlers, "IN_ORDER", in_order),
    ):
        async with composition.running(config.model_copy(update={"channels": (FAKE, WEB)}), clock) as app:
            here = Stage(app, channel, clock, config)
            for number, name in enumerate(names):
                talk = Talk(app, channel, clock, name)
                here.worlds.append(World(name, settings[number // 2], here, twin=bool(number % 2), talk=talk))
            yield here


# Before anything is put in its place.
shipped = cache(schools.load)


async def _breaks(turn: Turn) -> Outcome | None:
    """A handler with a mistake in it, which has read what it could before it fails."""
    if not turn.message.text.startswith(BREAKS):
        return None
    raise LookupError(await turn.cases.by_reference(turn.message.text.removeprefix(BREAKS).strip()))


def _written(folder: Path, names: Sequence[str], ring: str) -> Config:
    """The settings of that bot, also as the file that its commands read."""
    (folder / "key").write_text(ring)
    (folder / "key").chmod(0o600)
    values = {
        "schools": names, "schools_folder": str(folder / "schools"), "channels": [WEB], "data_folder": str(folder / "data"),
        "key_file": str(folder / "key"),
    }  # fmt: skip
    file = folder / "signpost.toml"
    file.write_text(example(values), encoding="utf-8")
    return Config(**{**values, "schools": tuple(names), "channels": (WEB,), "file": file, "secrets": Secrets(keys=SecretStr(ring))})


@contextlib.contextmanager
def _instead(where: object, name: str, value: object):
    before = getattr(where, name)
    setattr(where, name, value)
    try:
        yield
    finally:
        setattr(where, name, before)
