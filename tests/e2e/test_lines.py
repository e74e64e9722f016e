"""The line between the bot and a platform is cut as it says, keeps every byte, and is whole again at the same address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.e2e.lines import HALF, HANGS, REFUSES, RESETS, WAYS, Line, line


@pytest.fixture
async def out() -> AsyncIterator[Line]:
    """A line to something that says back what it hears."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await reader.read(100):
                writer.write(said)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with line("echo", server.sockets[0].getsockname()[1]) as out:
        yield out
    server.close()
    await asyncio.sleep(0.05)  # until the other ends have heard that it is over


async def called(out: Line, said: bytes) -> bytes:
    """What comes back to whoever calls and says that."""
    reader, writer = await asyncio.open_connection("127.0.0.1", out.port)
    try:
        writer.write(said)
        return await asyncio.wait_for(reader.read(100), 0.5)
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("how", WAYS)
async def test_it_is_cut_in_each_way_and_whole_again(out: Line, how: str):
    """Nobody there, hung up on, never answered, or answered by half; and all of what was said is kept."""
    assert await called(out, b"before") == b"before"
    mark = out.mark
    await out.cut(how)
    if how == HALF:
        assert await called(out, b"meanwhile") == b"mean"
    else:
        ends = {REFUSES: ConnectionRefusedError, RESETS: ConnectionResetError, HANGS: TimeoutError}
        with pytest.raises(ends[how]):
            await called(out, b"meanwhile")
    assert out.from_caller(mark) == ([] if how == REFUSES else [b"meanwhile"])
    await out.mend()
    assert await called(out, b"after") == b"after"
    assert out.from_called()[-1] == b"after"
