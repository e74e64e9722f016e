"""The bot in a process of its own, as a school runs it: its pages on a port of this machine, its database a file on disk."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
import uvicorn
from pydantic import SecretStr

from bot import logs
from bot.app import App, running
from bot.clock import SystemClock
from bot.config import Config
from bot.config.model import Secrets
from bot.host import prompt
from storage import gathering
from storage.vault import Keyring

SCHOOL = "rosebrook"
SETTLE_WITHIN = 180.0  # seconds for everything that was said to be pushed


async def serve(folder: Path, pause: float) -> None:
    """Say where the pages are; hear which page is the lead's; when told that all was said, finish, and say what came of it.

    PAUSE are the seconds between two messages about what was gathered: a minute, unless nobody is to wait for it.
    """
    gathering.PAUSE = timedelta(seconds=pause)
    keys = SecretStr(Keyring.new().dump())
    config = Config(schools=(SCHOOL,), channels=("web",), data_folder=folder, secrets=Secrets(keys=keys))
    with prompt(socket.create_server(("127.0.0.1", 0))) as listener:
        async with running(config, SystemClock()) as app:
            server = uvicorn.Server(uvicorn.Config(app.web, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
            task = asyncio.create_task(server.serve(sockets=[listener]))
            _say({"address": f"http://127.0.0.1:{listener.getsockname()[1]}"})
            page = await asyncio.to_thread(sys.stdin.readline)
            await app.stores[SCHOOL].people.add("Lead", ("dsl",), (("web", page.strip()),))
            _say({"lead": "is known"})
            await asyncio.to_thread(sys.stdin.readline)
            await _settled(app)
            _say(await _found(app))
            await asyncio.to_thread(sys.stdin.readline)
            app.stopping.set()
            server.should_exit = True
            await task


async def _settled(app: App) -> None:
    """Wait until nothing is left to do that is due by now; what may be said once a minute included."""
    async with asyncio.timeout(SETTLE_WITHIN):
        while True:
            await app.conversations.finish()
            waiting = await app.database.read(
                lambda session: session.connection().execute(sa.text("SELECT count(*) FROM push WHERE state = 'waiting'")).scalar()
            )
            if not waiting and not any(one.waiting for one in (await app.work.lag(app.clock.now())).values()):
                return
            await asyncio.sleep(0.2)


async def _found(app: App) -> dict[str, object]:
    """How many messages were handled, how many cases were opened, and how many of these the lead was told of."""

    async def query(statement: str) -> list[str]:
        return await app.database.read(lambda session: list(session.connection().execute(sa.text(statement)).scalars()))

    rows = {table: await query(f"SELECT state FROM {table}") for table in ("inbox", "reply", "push")}
    cases, told = set(await query("SELECT id FROM cases")), set(await query("SELECT case_id FROM push WHERE state = 'sent'"))
    return {
        "handled": rows["inbox"].count("done"),
        "unanswered": len(rows["reply"]) - rows["reply"].count("sent"),
        "cases": len(cases),
        "pushed": len(cases & told),
        "gathered": len(await query("SELECT id FROM push WHERE why = 'gathered'")),
    }


def _say(what: dict[str, object]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    logs.setup("console", "critical")
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
