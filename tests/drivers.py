"""What a test needs of a channel: somebody who sits at the platform's end of it and types, presses, edits and reads.

A channel called NAME has its driver in `tests/driving/NAME.py`: a `driving(folder)` that starts the real bot with this one
channel, and a platform that a test can talk to and break, over real sockets wherever the platform would. A driver talks to the
bot through the channel's own edge only. `tests/bot/test_every_channel.py` asks the same of all of them; what a platform cannot do
(a web page has no edited messages) is left out of `can`, which is the one list of differences between the channels.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Protocol

from bot.app import App
from bot.channel import Channel, ChannelContext
from bot.clock import RehearsalClock
from tests.fakes import HandClock

# What not every platform can do. `can` of a driver holds those of these that its platform can.
REPEATS = "repeats"  # it delivers a message once more where it has not heard "received"
FAILS = "fails"  # it takes what we send by a call, which may fail
BUTTONS = "buttons"  # it has buttons; without them a number is typed
DISARMS = "disarms"  # a button that was pressed is taken off the screen
EDITS = "edits"  # people can change what they wrote, and it tells us
DELETES = "deletes"  # people can delete what they wrote, and it tells us
PUBLIC = "public"  # there are places where others read along
MEDIA = "media"  # people can send pictures and files
CREDENTIALS = "credentials"  # it knows us by a token that can be wrong
CARDS = "cards"  # a card that was sent can be changed where it stands
SENDS_ONLY = "sends only"  # nobody writes in by it: what is asked of conversations is not asked of it

# The ways in which a send can end badly. After the last three nobody can say whether the platform has it.
TOO_MANY, BROKEN, HANGS, RESET, HALF = "429", "5xx", "hangs", "reset", "half an answer"
FAULTS = (TOO_MANY, BROKEN, HANGS, RESET, HALF)


@dataclass(frozen=True)
class Seen:
    """One thing the bot says, as it stands on somebody's screen now, with the labels that can still be pressed."""

    text: str
    buttons: tuple[str, ...] = ()


class Driver(Protocol):
    """The platform's end of one channel. WHO is "Parent", "Teacher" or "Lead"; the Lead holds the role `dsl`.

    What a person does returns whether the platform was told "received".
    """

    name: ClassVar[str]
    can: ClassVar[frozenset[str]]
    app: App

    def sender(self, who: str) -> str:
        """How the bot knows WHO: the `sender` of their messages."""
        ...

    def place(self, who: str) -> str:
        """Where WHO is written to in private: the place of an Address."""
        ...

    async def says(self, who: str, text: str) -> bool:
        """WHO types TEXT in private."""
        ...

    async def again(self, who: str) -> bool:
        """The platform delivers what WHO did last once more, under the same number."""
        ...

    async def presses(self, who: str, label: str) -> bool:
        """WHO presses the newest button that says LABEL; where there are none, types its number."""
        ...

    async def edits(self, who: str, text: str) -> bool:
        """WHO changes what they typed last to TEXT."""
        ...

    async def deletes(self, who: str) -> bool:
        """WHO deletes what they typed last."""
        ...

    async def says_in_public(self, who: str, text: str) -> bool:
        """WHO types TEXT to the bot where others read along."""
        ...

    async def offers_media(self, who: str, text: str = "") -> bool:
        """WHO sends a picture, with TEXT below it."""
        ...

    async def shown(self, who: str) -> Sequence[Seen]:
        """Everything the bot has said to WHO in private, oldest first, as it stands now."""
        ...

    async def shown_in_public(self) -> Sequence[Seen]:
        """Everything the bot has said where others read along."""
        ...

    def fetched(self) -> int:
        """How many files the bot has asked the platform for."""
        ...

    def fails(self, how: str, times: int = 1) -> None:
        """The next TIMES sends end in one of FAULTS."""
        ...

    def refuses_credentials(self) -> None:
        """From now on the platform does not know our token."""
        ...


@dataclass
class Cannot:
    """What a driver inherits for whatever its platform has no way to do: asking for it is a mistake in the test."""

    async def again(self, who: str) -> bool:
        raise NotImplementedError

    async def edits(self, who: str, text: str) -> bool:
        raise NotImplementedError

    async def deletes(self, who: str) -> bool:
        raise NotImplementedError

    async def says_in_public(self, who: str, text: str) -> bool:
        raise NotImplementedError

    async def offers_media(self, who: str, text: str = "") -> bool:
        raise NotImplementedError

    async def shown_in_public(self) -> Sequence[Seen]:
        raise NotImplementedError

    def fetched(self) -> int:
        return 0

    def fails(self, how: str, times: int = 1) -> None:
        raise NotImplementedError

    def refuses_credentials(self) -> None:
        raise NotImplementedError


Driving = Callable[[Path], AbstractAsyncContextManager[Driver]]


def driving(name: str) -> Driving:
    """Starts the driver of the channel NAME, with everything it keeps in the folder it is given."""
    found: Driving = importlib.import_module(f"tests.driving.{name}").driving
    return found


def driven() -> list[str]:
    """The channels that have a driver. That all of them have one is a test."""
    return sorted(path.stem for path in (Path(__file__).parent / "driving").glob("*.py"))


def able(*needed: str) -> list[str]:
    """The channels whose platform can do all that is NEEDED: each driver's module says so in `CAN`."""
    return [name for name in driven() if set(needed) <= _can(name)]


def talked_in() -> list[str]:
    """The channels in which people talk to the bot."""
    return [name for name in driven() if SENDS_ONLY not in _can(name)]


def _can(name: str) -> frozenset[str]:
    found: frozenset[str] = importlib.import_module(f"tests.driving.{name}").CAN
    return found


def only_channel(app: App) -> Channel:
    """The one channel of APP."""
    (channel,) = app.channels.values()
    return channel


def context_of(app: App) -> ChannelContext:
    """What APP hands to a channel that it makes."""
    return ChannelContext(app.config, app.clock, app.schools, app.stores.__getitem__, app.database, app.stopping)


async def seat(app: App, channel: str, place: str, *roles: str, name: str = "Lead") -> None:
    """Somebody who holds ROLES sits at PLACE of CHANNEL, if nobody does yet: a bot that was started anew knows them."""
    for store in app.stores.values():
        if await store.people.by_place(channel, place) is None:
            await store.people.add(name, roles, ((channel, place),))


def passes(app: App, seconds: float) -> None:
    """Let that many SECONDS go by on the clock of APP, and wake whatever falls due meanwhile."""
    clock = app.clock
    if isinstance(clock, HandClock):
        clock.tick(seconds=seconds)
    else:
        assert isinstance(clock, RehearsalClock)
        clock.move_to(clock.now() + timedelta(seconds=seconds))
    app.database.wake("inbox", "outbox", "idle")


@dataclass
class Patience:
    """Waits for what must come: in real time, with the bot's own clock pushed on so that its pauses cost a test nothing."""

    app: App
    within: float = 8.0
    step: float = field(default=1.0)  # seconds of the bot's clock for each look

    async def until(self, holds: Callable[[], Awaitable[bool]], what: str) -> None:
        """Look until HOLDS; WHAT is said when it never does."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.within
        while not await holds():
            if loop.time() > end:
                raise AssertionError(f"it never came: {what}")
            passes(self.app, self.step)
            await asyncio.sleep(0.02)
