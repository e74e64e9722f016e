"""A running bot with its pages on a real port, for tests that come from outside as browsers do."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn
from pydantic import SecretStr

from bot import app as composition
from bot.app import App
from bot.clock import Clock
from bot.config import Config, Secrets
from bot.host import prompt
from storage.vault import Keyring
from tests.plain_browser import PlainBrowser

CHAT = "/chat/rosebrook"


@dataclass
class Site:
    """A bot and the address of its first page."""

    app: App
    address: str
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, path: str = CHAT) -> PlainBrowser:
        """A new browser, with no cookie yet."""
        self.clients.append(httpx.AsyncClient(base_url=self.address, timeout=10))
        return PlainBrowser(self.clients[-1], path)


def rehearsing(folder: Path) -> Config:
    """Rosebrook in a rehearsal, with everything it keeps in FOLDER."""
    return Config(schools=("rosebrook",), channels=("web",), data_folder=folder, rehearsal=True)


def for_real(folder: Path, *schools: str) -> Config:
    """SCHOOLS, or Rosebrook alone, as a school would run it, with everything it keeps in FOLDER."""
    return Config(schools=schools or ("rosebrook",), data_folder=folder, secrets=Secrets(keys=SecretStr(Keyring.new().dump())))


@asynccontextmanager
async def serving(config: Config, clock: Clock) -> AsyncIterator[Site]:
    """The whole bot behind a socket that listens from the first moment."""
    config.data_folder.mkdir(parents=True, exist_ok=True)
    with prompt(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        reached = config.model_copy(update={"web": config.web.model_copy(update={"port": port})})
        async with composition.running(reached, clock) as app:
            server = uvicorn.Server(uvicorn.Config(app.web, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
            task = asyncio.create_task(server._serve(sockets=[listener]))  # without taking over pytest's signals
            site = Site(app, f"http://127.0.0.1:{port}")
            try:
                yield site
            finally:
                for client in site.clients:
                    await client.aclose()
                app.stopping.set()
                server.should_exit = True
                await task
