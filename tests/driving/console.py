"""The terminal's end: a keyboard that everybody shares, and a screen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from rich.console import Console as Screen

from bot import app as composition
from bot.app import App
from bot.channels.console import Console as Terminal
from bot.clock import RehearsalClock
from bot.commands.chat import in_terminal
from bot.rehearsal import persona
from tests.drivers import Cannot, Seen, only_channel
from tests.fakes import MONDAY
from tests.site import rehearsing

CAN: frozenset[str] = frozenset()


@dataclass
class Console(Cannot):
    """Somebody at the keyboard, who can be anybody."""

    app: App
    screen: StringIO
    name: ClassVar[str] = "console"
    can: ClassVar[frozenset[str]] = CAN

    def sender(self, who: str) -> str:
        return self.place(who)

    def place(self, who: str) -> str:
        one = persona(who)
        assert one is not None
        return one.place(self.name)

    async def says(self, who: str, text: str) -> bool:
        """The terminal says "received" by reading the next line."""
        read_on = asyncio.Event()

        async def typed() -> AsyncIterator[str]:
            yield f"/as {self.place(who)}\n"
            yield f"{text}\n"
            read_on.set()

        terminal = only_channel(self.app)
        assert isinstance(terminal, Terminal)
        terminal._lines = typed
        terminal._answered = _at_once
        try:
            await asyncio.wait_for(terminal.run(self.app.conversations.receive), 5)
        except OSError:
            return False
        return read_on.is_set()

    async def presses(self, who: str, label: str) -> bool:
        choice = re.compile(rf"^ +(\d+)\. {re.escape(label)}$", re.MULTILINE)
        number = next(found[1] for seen in reversed(await self.shown(who)) if (found := choice.search(seen.text)))
        return await self.says(who, number)

    async def shown(self, who: str) -> Sequence[Seen]:
        """What was printed for WHO. Where it stands on the screen says for whom: plain for whoever types, marked for the others."""
        return [Seen(text) for place, text in self.printed if place == self.place(who)]

    def __post_init__(self) -> None:
        self.printed: list[tuple[str, str]] = []
        terminal = only_channel(self.app)
        assert isinstance(terminal, Terminal)
        terminal._screen = Screen(file=self.screen, highlight=False, soft_wrap=True)
        send = terminal.send

        async def overheard(to, reply, key):
            before = self.screen.tell()
            receipt = await send(to, reply, key)
            self.printed.append((to.place, self.screen.getvalue()[before:]))
            return receipt

        terminal.send = overheard


async def _at_once() -> None:
    """The bot's answer is not waited for: only that the message was taken."""


async def _nobody() -> AsyncIterator[str]:
    """Nobody types until the test does."""
    await asyncio.Event().wait()
    yield ""


@asynccontextmanager
async def driving(folder: Path) -> AsyncIterator[Console]:
    """Rosebrook's bot in a terminal, in a rehearsal on a Monday morning."""
    config = in_terminal(rehearsing(folder / "data"), folder / "data")
    with patch("bot.channels.console._piped", _nobody):
        async with composition.running(config, RehearsalClock(MONDAY)) as app:
            # The bot's own reading of the keyboard has to have begun, or it would read what is typed below as well.
            while app.supervisor.states["console"] != "up":  # noqa: ASYNC110 - the supervisor has no event for it
                await asyncio.sleep(0)
            yield Console(app, StringIO())
