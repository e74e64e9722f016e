"""Telegram as a bot meets it: the Bot API over real HTTP, as strict as the real one, and failing in the ways the real one fails.

    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")           # bot.token, wire.address
        mum = wire.person("Mum")
        update = mum.says(bot, "hello")           # waits at the platform until the bot asks for it, or is called
        await update.received()                   # True once it was confirmed, False once it was asked for again
        mum.screen(bot)                           # what she sees now, edits and all

What is checked here was taken from the documentation of the Bot API; the error texts are the real service's.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.telegram_service import ApiError, Bot, Service, Update, units

GROUP = -1001234500000
FOREVER = 3600.0


@dataclass
class Fault:
    """What becomes of the next call. `taken`: the platform does it all the same, and only its answer is lost."""

    how: str
    method: str = "sendMessage"
    taken: bool = True
    retry_after: int = 1


@dataclass
class Person:
    """Somebody with Telegram on their phone. Their private chat with any bot has their own number."""

    wire: Wire
    id: int
    name: str
    last: Update | None = None
    last_message: dict[str, Any] | None = None

    def says(self, bot: Bot, text: str, *, chat: int | None = None, **more: Any) -> Update:
        """Type TEXT, to the bot or in a group."""
        return self._writes(bot, chat, text=text, entities=_entities(text, bot), **more)

    def sends(self, bot: Bot, kind: str, content: Any, *, caption: str = "", **more: Any) -> Update:
        """Send something that is not words: `sends(bot, "photo", [...])`."""
        words = {"caption": caption, "caption_entities": _entities(caption, bot)} if caption else {}
        return self._writes(bot, None, **{kind: content}, **words, **more)

    def edits(self, bot: Bot, text: str) -> Update:
        """Change what was typed last."""
        assert self.last_message is not None
        message = {**self.last_message, "text": text, "entities": _entities(text, bot), "edit_date": int(time.time())}
        self.last_message = message
        self.last = self.wire.happens(bot, edited_message=message)
        return self.last

    def presses(self, bot: Bot, label: str) -> Update:
        """Press the newest button that says LABEL, with or without its number."""
        for message in reversed(self.wire.chat(bot, self.id)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in (button["text"], button["text"].partition(". ")[2]) and "callback_data" in button:
                        return self.presses_data(bot, message, button["callback_data"])
        raise AssertionError(f"{self.name} sees no button {label!r}")

    def presses_data(self, bot: Bot, message: dict[str, Any], data: str) -> Update:
        """Press a button of MESSAGE that carries DATA, whether it still stands there or not."""
        query = {
            "id": str(next(self.wire.queries)),
            "from": self.as_user(),
            "chat_instance": "77",
            "data": data,
            "message": message,
        }
        self.wire.unanswered.add(query["id"])
        self.last = self.wire.happens(bot, callback_query=query)
        return self.last

    def again(self, bot: Bot) -> Update:
        """What was done last is delivered once more, under the same number."""
        assert self.last is not None
        return self.wire.repeats(bot, self.last)

    def blocks(self, bot: Bot) -> None:
        self.wire.blocked.add((bot.id, self.id))

    def screen(self, bot: Bot) -> list[dict[str, Any]]:
        """What the bot has said to this person, as it stands now."""
        return [message for message in self.wire.chat(bot, self.id) if message["from"]["id"] == bot.id]

    def as_user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name}

    def _writes(self, bot: Bot, chat: int | None, **content: Any) -> Update:
        if chat is None:
            self.wire.begun.add((bot.id, self.id))
        where = self.wire.chat_of(bot, self.id if chat is None else chat)
        message = self.wire.message(where, self.as_user(), **content)
        self.wire.chat(bot, where["id"]).append(message)
        self.last_message = message
        self.last = self.wire.happens(bot, message=message)
        return self.last


@dataclass
class Wire(Service):
    """The service behind its line, and the people at the other end."""

    address: str = ""
    phones: dict[str, Person] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    reached: dict[str, str] = field(default_factory=dict)  # https://… -> where it is really served, in place of a TLS proxy
    down: bool = False
    hung: bool = False
    open: set[asyncio.Task[None]] = field(default_factory=set)  # one for each connection that has not been closed
    callers: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """Somebody; the same NAME is the same person."""
        if name not in self.phones:
            self.phones[name] = Person(self, next(self.ids), name)
            self.people[self.phones[name].id] = name
        return self.phones[name]

    def happens(self, bot: Bot, **what: Any) -> Update:
        """WHAT waits for the bot from now on, unless it never asked for such things."""
        update = Update({"update_id": next(bot.updates), **what})
        if set(what) & set(bot.allowed):
            self.waits(bot, update)
        return update

    def repeats(self, bot: Bot, before: Update) -> Update:
        """The update BEFORE comes once more, though it was confirmed."""
        update = Update(before.body, stubborn=True)
        self.waits(bot, update)
        return update

    def fails(self, how: str, times: int = 1, method: str = "sendMessage", **more: Any) -> None:
        """The next TIMES calls of METHOD end as HOW says: "429", "5xx", "hangs", "reset" or "half an answer"."""
        self.faults.extend(Fault(how, method, **more) for _ in range(times))

    def waits(self, bot: Bot, update: Update) -> None:
        super().waits(bot, update)
        if bot.webhook and (bot.id not in self.callers or self.callers[bot.id].done()):
            self.callers[bot.id] = asyncio.create_task(self._calls(bot))

    async def _calls(self, bot: Bot) -> None:
        """Bring what waits to the webhook, one after the other, until it says that it has each."""
        async with httpx.AsyncClient(timeout=5) as client:
            while bot.webhook:
                bot.arrived.clear()
                if not bot.pending:
                    await bot.arrived.wait()
                    continue
                update = bot.pending[0]
                parts = urlsplit(bot.webhook)
                base = f"{parts.scheme}://{parts.netloc}"
                update.delivered += 1
                try:
                    shown = {"X-Telegram-Bot-Api-Secret-Token": bot.secret} if bot.secret else {}
                    answer = await client.post(self.reached.get(base, base) + parts.path, json=update.body, headers=shown)
                    good = answer.status_code < 300
                except httpx.HTTPError:
                    good = False
                if good:
                    bot.pending.remove(update)
                    update.confirmed = True
                else:
                    update.refused = True
                update.changed.set()
                if not good:
                    await asyncio.sleep(0.1)

    # The line ---------------------------------------------------------------------------------------------------------------

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open for any number of calls."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while not self.down:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                line, *headers = head.split("\r\n")
                lengths = [
                    value for name, _, value in (each.partition(":") for each in headers) if name.lower() == "content-length"
                ]
                body = (await reader.readexactly(int(lengths[0]))).decode() if lengths else ""
                answering = asyncio.ensure_future(self._one(line.split(" ")[1], body, writer))
                if not await _unless_gone(answering, reader):
                    break
        writer.close()

    async def _one(self, target: str, body: str, writer: asyncio.StreamWriter) -> bool:
        """Answer one call; False when the line is to be cut."""
        if self.hung:
            await asyncio.sleep(FOREVER)
        url = urlsplit(target)
        asked = dict(parse_qsl(url.query, keep_blank_values=True)) | dict(parse_qsl(body, keep_blank_values=True))
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", url.path)
        if found is None:
            self.counted["files"] += url.path.startswith("/file/")
            return await _answered(writer, 404, _json(ApiError(404, "Not Found")))
        token, method = found.groups()
        fault = next((one for one in self.faults if one.method in (method, "*")), None)
        if fault is not None:
            self.faults.remove(fault)
        if fault is not None and fault.how in ("429", "5xx"):
            return await self._refused(fault, writer)
        code, answer = 200, ""
        if fault is None or fault.taken:
            try:
                result = await self.call(self.known(token), method, asked)
                answer = json.dumps({"ok": True, "result": result})
            except ApiError as error:
                code, answer = error.code, _json(error)
        if fault is None:
            return await _answered(writer, code, answer)
        return await self._cut(fault, answer, writer)

    async def _refused(self, fault: Fault, writer: asyncio.StreamWriter) -> bool:
        if fault.how == "5xx":
            return await _answered(writer, 502, "<html><head><title>502 Bad Gateway</title></head></html>", "text/html")
        error = ApiError(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
        return await _answered(writer, 429, _json(error))

    async def _cut(self, fault: Fault, answer: str, writer: asyncio.StreamWriter) -> bool:
        if fault.how == "hangs":
            await asyncio.sleep(FOREVER)
        if fault.how == "half an answer":
            body = answer.encode()
            writer.write(_head(200, len(body), "application/json") + body[: len(body) // 2])
            await writer.drain()
        writer.transport.abort()
        return False


async def until(holds: Callable[[], object], within: float = 8.0) -> None:
    """Wait until HOLDS is true of what there is at the platform."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what it looks at has no event of its own
            await asyncio.sleep(0.02)


async def _unless_gone(answering: asyncio.Future[bool], reader: asyncio.StreamReader) -> bool:
    """What ANSWERING comes to; it ends when the bot hangs up, so that nothing is handed to somebody who has gone."""
    gone = asyncio.ensure_future(reader.read(1))
    try:
        await asyncio.wait({answering, gone}, return_when=asyncio.FIRST_COMPLETED)
        return answering.result() if answering.done() else False
    finally:
        for one in (answering, gone):
            one.cancel()
        await asyncio.gather(answering, gone, return_exceptions=True)


async def _answered(writer: asyncio.StreamWriter, code: int, text: str, kind: str = "application/json") -> bool:
    body = text.encode()
    writer.write(_head(code, len(body), kind) + body)
    await writer.drain()
    return True


def _head(code: int, length: int, kind: str) -> bytes:
    return f"HTTP/1.1 {code} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n".encode()


def _json(error: ApiError) -> str:
    parameters = {"parameters": error.parameters} if error.parameters else {}
    return json.dumps({"ok": False, "error_code": error.code, "description": error.description, **parameters})


def _entities(text: str, bot: Bot) -> list[dict[str, Any]]:
    """What Telegram finds in words by itself: commands and names."""
    kinds = {r"(?<!\S)/\w{1,32}(?:@\w+)?": "bot_command", r"@\w{3,}": "mention"}
    found = [(each, kind) for pattern, kind in kinds.items() for each in re.finditer(pattern, text)]
    return [{"type": kind, "offset": units(text[: each.start()]), "length": units(each[0])} for each, kind in found]


@asynccontextmanager
async def telegram() -> AsyncIterator[Wire]:
    """The service, on a port of its own."""
    wire = Wire()
    async with serving(wire):
        yield wire


@asynccontextmanager
async def serving(wire: Wire) -> AsyncIterator[None]:
    """WIRE on a port of its own."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        wire.open.add(task)
        task.add_done_callback(wire.open.discard)
        with suppress(asyncio.CancelledError):
            await wire.serve(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield
    finally:
        left = (*wire.callers.values(), *wire.open)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        server.close()
        await server.wait_closed()
