"""The stream behind an open page: everything said since the line it knows, from the store, and on until one side leaves."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Any

from bot import wording_web
from bot.pages.forms import Refused

PING_EVERY = 15.0  # seconds: proxies cut a line on which nothing is heard
POLL = 1.0  # the net below the wake-ups
AT_MOST = 60 * 60.0  # then the browser comes back by itself, to whichever process is the least busy by then
EACH = 8  # open pages of one browser
BEHIND_ONE = 1000  # open pages of one line to the internet: a cookie costs nothing, so nobody may take all places by making many
ALL = 2000  # open pages of this process
PING = b": still here\n\n"
SAID = "said"
RETRY = b"retry: 2000\n\n"

# A mark in; where to go on from, and (the mark after it, the HTML) for every line in order.
News = Callable[[str], Awaitable[tuple[str, Sequence[tuple[str, str]]]]]
# Waits for something new, at most so many seconds.
Wait = Callable[[float], Coroutine[Any, Any, bool]]


class Streams:
    """Counts the open streams, and ends them all when the process is asked to stop."""

    def __init__(self, stopping: asyncio.Event, kind: str = SAID) -> None:
        self._stopping = stopping
        self._kind = kind
        self._open: Counter[str | bytes] = Counter()
        self._all = 0

    def check(self, whose: str, line: bytes = b"") -> None:
        """Refuse when WHOSE browser, the LINE that it came by, or this process has as many streams open as it may."""
        if self._open[whose] >= EACH or (line and self._open[line] >= BEHIND_ONE) or self._all >= ALL:
            raise Refused(429, wording_web.TOO_MANY_PAGES)

    @contextmanager
    def _room(self, *names: str | bytes) -> Iterator[None]:
        self._open.update(names)
        self._all += 1
        try:
            yield
        finally:
            self._all -= 1
            self._open.subtract(names)
            for one in names:
                if not self._open[one]:
                    del self._open[one]

    async def events(self, whose: str, after: str, news: News, wait: Wait, line: bytes = b"") -> AsyncIterator[bytes]:
        """Everything after the mark AFTER, as server-sent events. Nothing is queued here: a slow reader holds up only itself."""
        with self._room(whose, line):
            async with aclosing(self._events(after, news, wait)) as parts:
                async for part in parts:
                    yield part

    async def _events(self, after: str, news: News, wait: Wait) -> AsyncGenerator[bytes]:
        loop = asyncio.get_running_loop()
        known, ends, pinged = after, loop.time() + AT_MOST, loop.time()
        yield RETRY
        while not self._stopping.is_set() and loop.time() < ends:
            known, lines = await news(known)
            for mark, html in lines:
                yield event(mark, html, self._kind)
                pinged = loop.time()
            if loop.time() - pinged >= PING_EVERY:
                yield PING
                pinged = loop.time()
            await self._until(wait)

    async def _until(self, wait: Wait) -> None:
        """Until there is news, or the net is due, or the process stops: whichever is first."""
        waits = {asyncio.create_task(wait(POLL)), asyncio.create_task(self._stopping.wait())}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()  # a wait that fails must end the stream, not spin it
        finally:
            for one in waits:
                one.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def event(mark: str, html: str, kind: str = SAID) -> bytes:
    """One line as an event of that KIND. A line break inside the HTML would end it, so each gets its own `data:`."""
    data = "".join(f"data: {part}\n" for part in html.splitlines())
    return f"event: {kind}\nid: {mark}\n{data}\n".encode()
