"""Two places to talk to the bot in a benchmark: one that is nowhere, and one behind slack-bolt, where the bare echo is too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute

from bot.channel import Receive, numbered
from bot.messages import Address, IncomingMessage, Reply
from parts.bare import signed, slack_app

SCHOOL = "rosebrook"
Brought = Callable[[], Awaitable[object]]


class Nowhere:
    """A platform without any cost of its own: a message is there, and a reply has arrived once it was handed over."""

    name = "nowhere"

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self.receive: Receive | None = None
        self.ids = count(1)
        self._expected: dict[str, asyncio.Future[float]] = {}

    async def run(self, receive: Receive) -> None:
        self.receive = receive
        self.connected.set()
        await asyncio.Event().wait()

    async def send(self, to: Address, reply: Reply, key: str) -> str:  # noqa: ARG002 - the protocol's parameters
        self.arrived(to.place)
        return "received"

    def private_address(self, sender: str) -> Address:
        return Address(self.name, sender)

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def place(self, person: int) -> str:
        """Where the person of that number reads."""
        return f"person-{person}"

    def brings(self, person: int, text: str) -> Brought:
        """TEXT of that person, ready to be brought in."""
        place = self.place(person)
        message = IncomingMessage(f"m{next(self.ids)}", place, Address(self.name, place), datetime.now(UTC), text)
        return lambda: self._receive(message)

    def reply_to(self, person: int) -> asyncio.Future[float]:
        """When, by the wall, the next reply to that person has arrived."""
        future = asyncio.get_running_loop().create_future()
        self._expected[self.place(person)] = future
        return future

    def arrived(self, place: str) -> None:
        """A reply is at PLACE. Only the first one that is waited for counts."""
        future = self._expected.pop(place, None)
        if future is not None:
            future.set_result(time.perf_counter())

    async def _receive(self, message: IncomingMessage) -> bool:
        assert self.receive is not None, "The channel has not been started."
        return await self.receive(SCHOOL, message)


class BehindBolt(Nowhere):
    """The same bot as the echo's neighbour: signed events through bolt, kept before Slack gets its 200, `chat.postMessage` out."""

    name = "slack"

    def __init__(self) -> None:
        super().__init__()
        self._client = AsyncWebClient(token="xoxb-made-up")  # noqa: S106 - made up, for a stubbed service
        self._bolt = slack_app()
        self._bolt.middleware(self._keep)
        self._bolt.event("message")(_taken)

    async def send(self, to: Address, reply: Reply, key: str) -> str:  # noqa: ARG002 - the protocol's parameters
        said = await self._client.chat_postMessage(channel=to.place, text=numbered(reply))
        self.arrived(to.place)
        return str(said["ts"])

    def place(self, person: int) -> str:
        return f"DU{person}"

    def brings(self, person: int, text: str) -> Brought:
        request = signed(f"Ev{next(self.ids)}", f"U{person}", text)
        return lambda: self._bolt.async_dispatch(request)

    async def _keep(self, body: dict[str, Any], next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - bolt finds arguments by name
        event = body["event"]
        address = Address(self.name, event["channel"])
        await self._receive(IncomingMessage(body["event_id"], event["user"], address, datetime.now(UTC), event["text"]))
        await next()


async def _taken(event: dict[str, Any]) -> None:
    """Bolt answers 404 to an event that nobody listens to."""
