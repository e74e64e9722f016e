"""The HTTP side of a running bot: one port for people, one guarded port for whoever looks after it, and a quick way to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot import status
from bot.app import App, running
from bot.config import Config

# Open streams are told to end before this is waited for; it only bounds a client that does not let go.
LET_GO_WITHIN = 2


class PortTaken(Exception):
    """Somebody else listens there; the message names the key and what to write."""


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the process is told once, ends its streams first, and exits 0."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are caught in `serve`, for both servers."""
        yield


async def serve(config: Config, announce: Callable[[App, str, str], None]) -> None:
    """Run until SIGTERM or SIGINT. ANNOUNCE is told the addresses of the pages and of the status once both can be opened."""
    with ExitStack() as opened:
        # Listening first: a port that is taken should cost nobody a database that was already opened.
        web = opened.enter_context(_listen(config, "web", config.web.host, config.web.port))
        guarded = opened.enter_context(_listen(config, "status", config.status.host, config.status.port))
        async with running(_reached_at(config, web)) as app:
            servers = {_server(app.web): web, _server(status.app(app.health, config.secrets.status_token)): guarded}
            _on_signals(app, servers)
            async with asyncio.TaskGroup() as tasks:
                for server, listener in servers.items():
                    tasks.create_task(server.serve(sockets=[listener]))
                announce(app, config.web.base_url or _address(web), _address(guarded))
                warming = tasks.create_task(app.editions.warm(), name="warming")
                await app.stopping.wait()
                warming.cancel()


def _on_signals(app: App, servers: dict[_Server, socket.socket]) -> None:
    def stop() -> None:
        app.stopping.set()
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)


def _listen(config: Config, key: str, host: str, port: int) -> socket.socket:
    """A socket that listens. In a rehearsal a port that is taken is no reason not to start: any other will do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return prompt(socket.create_server((host, port), family=family))
    except OSError as error:
        if config.rehearsal:
            return prompt(socket.create_server((host, 0), family=family))
        remedy = f"Stop what uses it, or write another `port` under [{key}] in signpost.toml."
        raise PortTaken(f"{key}.port: {host}:{port} cannot be listened on: {os.strerror(error.errno or 0)}. {remedy}") from None


def _reached_at(config: Config, listener: socket.socket) -> Config:
    """CONFIG with the port that LISTENER really has, which a rehearsal's links name: the one that was wished for may be taken."""
    return config.model_copy(update={"web": config.web.model_copy(update={"port": listener.getsockname()[1]})})


def prompt(listener: socket.socket) -> socket.socket:
    """LISTENER, whose connections send every piece at once.

    asyncio sees to that only where a socket says that it is TCP, and those of `create_server` do not say it: the body of a small
    answer then waits for the browser's receipt of the head, which takes its forty milliseconds, request by request.
    """
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(app: ASGIApp) -> _Server:
    return _Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=LET_GO_WITHIN, lifespan="off"
        )
    )
