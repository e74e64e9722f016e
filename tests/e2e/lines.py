"""A line between the bot and a platform: it keeps every byte that passes, and can be cut in the ways in which lines are cut.

async with line("slack", leads_to=port) as out:
out.address                 # what one end calls, in the place of the other
await out.cut(REFUSES)      # from now on nobody is there; `mend` brings it back
out.from_caller(mark)       # what the calling end has sent since MARK, joined for each connection
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

# How a line is cut: nobody listens; whoever calls is hung up on, or heard and never answered; or the answer breaks off.
REFUSES, RESETS, HANGS, HALF = "refuses", "resets", "hangs", "answers by half"
WAYS = (REFUSES, RESETS, HANGS, HALF)
CHUNK = 1 << 16
A_MOMENT = 0.1  # seconds
RUDELY = struct.pack("ii", 1, 0)  # what is closed so is reset, and not merely ended


@dataclass(frozen=True)
class Passed:
    """Some bytes that one end sent, on the connection of that number."""

    connection: int
    by_caller: bool
    said: bytes = field(repr=False)


@dataclass
class Line:
    """Listens at `port`, which stays the same, and leads to another port here, which may change."""

    name: str
    leads_to: int = 0
    port: int = 0
    how: str = ""  # in which of WAYS it is cut; empty: it is whole
    passed: list[Passed] = field(default_factory=list)
    _held: socket.socket | None = None
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def address(self) -> str:
        """Where it is called."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def mark(self) -> int:
        """Everything that passes from now on comes after this."""
        return len(self.passed)

    def from_caller(self, mark: int = 0) -> list[bytes]:
        """What the calling end has sent since MARK, joined for each connection."""
        return self._joined(mark, by_caller=True)

    def from_called(self, mark: int = 0) -> list[bytes]:
        """What the called end has answered since MARK, joined for each connection."""
        return self._joined(mark, by_caller=False)

    def _joined(self, mark: int, *, by_caller: bool) -> list[bytes]:
        joined: dict[int, bytes] = {}
        for one in self.passed[mark:]:
            if one.by_caller == by_caller:
                joined[one.connection] = joined.get(one.connection, b"") + one.said
        return list(joined.values())

    async def cut(self, how: str) -> None:
        """From now on every call fails in the way HOW says, and whatever is open breaks."""
        self.how = how
        if how == REFUSES:
            await self._stop()
        elif how == RESETS:
            await self._hang_up()

    async def mend(self) -> None:
        """The line is whole again. What was hanging on it is not: no platform remembers that."""
        self.how = ""
        await self._hang_up()
        await self.listen()

    async def listen(self) -> None:
        """Take calls. The port is held by a socket that never listens, so that it stays ours while nobody does."""
        if self._held is None:
            self._held = _bound(0)
            self.port = self._held.getsockname()[1]
        if self._server is None:
            self._server = await asyncio.start_server(self._called, sock=_bound(self.port))

    async def close(self) -> None:
        """End everything."""
        await self._stop()
        if self._held is not None:
            self._held.close()

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._hang_up()

    async def _hang_up(self) -> None:
        tasks = tuple(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with suppress(asyncio.CancelledError, OSError):
                await self._carry(reader, writer)
        finally:
            self._open.discard(task)
            if self.how == RESETS:
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RUDELY)
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = next(self._numbers)
        if self.how == RESETS:
            with suppress(TimeoutError):  # a mail server speaks first: whoever calls one says nothing yet
                async with asyncio.timeout(A_MOMENT):
                    self._keep(number, await reader.read(CHUNK), by_caller=True)
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.leads_to)
        pumps = [
            asyncio.ensure_future(self._pump(number, reader, back, by_caller=True)),
            asyncio.ensure_future(self._pump(number, there, writer, by_caller=False)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            back.transport.abort()  # first: whoever hangs up cancels this very task as well
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, by_caller: bool) -> None:
        while said := await reader.read(CHUNK):
            self._keep(number, said, by_caller=by_caller)
            if self.how == HANGS:
                continue
            if self.how == HALF and not by_caller:
                writer.write(said[: len(said) // 2])
                await writer.drain()
                return
            writer.write(said)
            await writer.drain()

    def _keep(self, number: int, said: bytes, *, by_caller: bool) -> None:
        if said:
            self.passed.append(Passed(number, by_caller, said))


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(("127.0.0.1", port))
    return made


@asynccontextmanager
async def line(name: str, leads_to: int = 0) -> AsyncIterator[Line]:
    """A whole line called NAME that leads to a port."""
    made = Line(name, leads_to)
    await made.listen()
    try:
        yield made
    finally:
        await made.close()
