"""How fast one bot writes: no faster than Telegram takes it, and not at all where Telegram has asked us to wait.

Telegram takes about thirty messages a second from one bot and one a second in one chat, with short bursts. Whoever writes faster
is refused for longer and longer, and then an urgent card waits behind the answers to somebody who plays with the buttons.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channel import SendFailed

A_SECOND, AT_ONCE = 25, 5  # so that no second has more than thirty, wherever it begins
FOR_CARDS = 2  # of those at once, left free by everything else: a card never queues behind the answers to a crowd
CHAT_BURST = 3  # messages that one chat may get at once; then one a second
LONGEST = 4.0  # seconds a send waits here; what would wait longer goes back to the outbox, which has more patience
CHATS = 10_000  # that are remembered


@dataclass(slots=True)
class _Line:
    """A line before a counter: one message goes every EVERY seconds, and BURST of them at once when nobody came for a while."""

    every: float
    burst: int
    free_at: float = 0.0  # when the line would be empty
    closed_until: float = 0.0

    def wait(self, now: float, left_free: int = 0) -> float:
        """How long whoever comes NOW has to wait, with so many of the BURST LEFT FREE for others."""
        return max(0.0, self.free_at - (self.burst - left_free - 1) * self.every - now, self.closed_until - now)

    def go(self, now: float) -> None:
        """Somebody whose turn it is goes NOW."""
        self.free_at = max(self.free_at, now) + self.every


class Pace:
    """The pace of one bot. SECOND is how long a second takes by what NOW says, and PAUSE waits by it."""

    def __init__(
        self,
        second: float = 1.0,
        now: Callable[[], float] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._second = second
        self._now = now
        self._pause = pause
        self._bot = _Line(second / A_SECOND, AT_ONCE)
        self._chats: OrderedDict[int, _Line] = OrderedDict()
        self._refused = 0  # the chat in which Telegram last asked us to wait

    async def turn(self, chat: int, *, card: bool = False) -> None:
        """Wait until it is CHAT's turn, with a CARD or not. SendFailed, with nothing sent, where that would take too long."""
        await self._wait(self._line(chat), card=card)

    async def small(self) -> None:
        """Wait until the bot may do something that is no message of its own."""
        await self._wait()

    def asked_to_wait(self, chat: int, seconds: float) -> None:
        """Telegram takes nothing in CHAT for so many SECONDS. Two chats at a time mean the bot."""
        until = self._time() + seconds * self._second
        others = self._chats.get(self._refused)
        if self._refused != chat and others is not None and others.closed_until > self._time():
            self._bot.closed_until = max(self._bot.closed_until, until)
        line = self._line(chat)
        line.closed_until = max(line.closed_until, until)
        self._refused = chat

    async def _wait(self, *chats: _Line, card: bool = False) -> None:
        """Go once the bot's line and those of CHATS let us. No place is kept: whatever waits for its own chat takes none."""
        came, left_free, lines = self._time(), 0 if card else FOR_CARDS, (self._bot, *chats)
        while (wait := max(self._bot.wait(self._time(), left_free), *(line.wait(self._time()) for line in lines))) > 0:
            if self._time() + wait - came > LONGEST * self._second:
                raise SendFailed("Telegram takes no more for a while.", retry_after=wait / self._second)
            await self._pause(wait)
        for line in lines:
            line.go(self._time())

    def _line(self, chat: int) -> _Line:
        line = self._chats.setdefault(chat, _Line(self._second, CHAT_BURST))
        self._chats.move_to_end(chat)
        while len(self._chats) > CHATS:
            self._chats.popitem(last=False)
        return line

    def _time(self) -> float:
        return asyncio.get_running_loop().time() if self._now is None else self._now()
