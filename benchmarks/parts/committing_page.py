"""The peer of the flood: a page that commits what is sent to it, one row a message, and says “thank you”. It decides nothing."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.host import prompt
from parts.bare import durable


def page(file: Path) -> Starlette:
    """The page, with its rows in FILE, which survive a power cut."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    durable(connection)
    connection.execute("CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, text TEXT)")
    one_writer = asyncio.Lock()

    async def say(request: Request) -> PlainTextResponse:
        text = str((await request.form())["text"])
        async with one_writer:
            await asyncio.to_thread(connection.execute, "INSERT INTO line (text) VALUES (?)", (text,))
        return PlainTextResponse("thank you")

    return Starlette(routes=[Route("/say", say, methods=["POST"])])


async def serve(folder: Path) -> None:
    """Say where the page is, and serve it until a line comes in."""
    with prompt(socket.create_server(("127.0.0.1", 0))) as listener:
        server = uvicorn.Server(uvicorn.Config(page(folder / "peer.db"), log_config=None, lifespan="off"))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        print(json.dumps({"address": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        server.should_exit = True
        await task


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
