"""The channel of the crash tests: a line to the exchange, which stands for the platform and outlives every process."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from datetime import datetime

from starlette.routing import BaseRoute

from bot.channel import Receive, SendFailed
from bot.logs import log
from bot.messages import INCOMING, REPLY, Address, Reply
from tests.crash.life import CHANNEL, SCHOOL


class Wire:
    """Says that a message is kept only after `receive` has returned, and that it was sent only after the exchange said so."""

    name = CHANNEL

    def __init__(self, life: str, exchange: str) -> None:
        self._life = life
        self._exchange = exchange
        self._writer: asyncio.StreamWriter | None = None
        self._asked: dict[int, asyncio.Future[bool]] = {}
        self._numbers = itertools.count(1)
        self._receiving: set[asyncio.Task[None]] = set()
        self.claimed: dict[str, datetime] = {}  # key of a push -> when its claim began

    async def run(self, receive: Receive) -> None:
        reader, self._writer = await asyncio.open_unix_connection(self._exchange)
        self._say(hello=self._life)
        while line := await reader.readline():
            said = json.loads(line)
            if "message" in said:
                task = asyncio.create_task(self._receive(receive, said["message"]))
                self._receiving.add(task)
                task.add_done_callback(self._receiving.discard)
            else:
                self._asked.pop(said["receipt"]).set_result(said["taken"])

    async def _receive(self, receive: Receive, body: str) -> None:
        message = INCOMING.validate_json(body)
        try:
            new = await receive(SCHOOL, message)
        except Exception as error:  # noqa: BLE001 - whatever it was, the platform hears "not kept" and brings it again
            log.error("not kept", exc_info=error)
            self._say(refused=message.id)
        else:
            self._say(kept=message.id, new=new)

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        if self._writer is None:
            raise SendFailed("not connected yet")
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        claimed = self.claimed.get(key)
        self._say(
            send=number,
            key=key,
            place=to.place,
            reply=REPLY.dump_json(reply).decode(),
            claimed=claimed and claimed.isoformat(),
        )
        if not await answer:
            raise SendFailed("the platform did not take it")
        return f"receipt-{number}"

    async def edit(self, to: Address, card: str, reply: Reply, key: str) -> str:
        """The exchange keeps what a card became as a delivery of its own."""
        await self.send(to, reply, key)
        return card

    def private_address(self, sender: str) -> Address:
        return Address(self.name, sender)

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def _say(self, **said: object) -> None:
        assert self._writer is not None
        self._writer.write(json.dumps(said).encode() + b"\n")
