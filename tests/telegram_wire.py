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
import itertools
import json
import re
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

LONGEST = 4096  # UTF-16 units of a message
GROUP = -1001234500000
KINDS = ("message", "edited_message", "callback_query")
FOREVER = 3600.0


class ApiError(Exception):
    """What the Bot API answers with `"ok": false`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> ApiError:
    """A request that cannot be carried out, whoever repeats it."""
    return ApiError(400, f"Bad Request: {description}")


@dataclass
class Update:
    """One thing that happened, until the bot has confirmed it."""

    body: dict[str, Any]
    delivered: int = 0
    confirmed: bool = False
    refused: bool = False
    stubborn: bool = False  # comes once more although it was confirmed
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> int:
        return self.body["update_id"]

    async def received(self, within: float = 8.0) -> bool:
        """Whether the bot said that it has this: False once it asked for it again, or refused it."""
        async with asyncio.timeout(within):
            while not (self.confirmed or self.refused):
                self.changed.clear()
                await self.changed.wait()
        return self.confirmed


@dataclass
class Bot:
    """One bot, as @BotFather keeps it."""

    id: int
    username: str
    token: str
    reads_groups: bool = False
    commands: list[dict[str, str]] = field(default_factory=list)
    pending: list[Update] = field(default_factory=list)
    webhook: str = ""
    secret: str = ""
    allowed: tuple[str, ...] = KINDS
    open_poll: asyncio.Future[None] | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    updates: itertools.count = field(default_factory=lambda: itertools.count(700_000_001))


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
class Wire:
    """The service: every bot, every chat, and the list of everything that was asked of it."""

    address: str = ""
    bots: dict[str, Bot] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    chats: dict[tuple[int, int], list[dict[str, Any]]] = field(default_factory=dict)
    begun: set[tuple[int, int]] = field(default_factory=set)
    blocked: set[tuple[int, int]] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)  # tokens that have been revoked
    faults: deque[Fault] = field(default_factory=deque)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    reached: dict[str, str] = field(default_factory=dict)  # https://… -> where it is really served, in place of a TLS proxy
    down: bool = False
    hung: bool = False
    numbers: itertools.count = field(default_factory=lambda: itertools.count(11))
    queries: itertools.count = field(default_factory=lambda: itertools.count(9_000))
    ids: itertools.count = field(default_factory=lambda: itertools.count(5_000_001))
    callers: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    def bot(self, username: str) -> Bot:
        """A new bot."""
        number = next(self.ids)
        token = f"{number}:AAF-{username.ljust(32, 'x')}"
        self.bots[token] = Bot(number, username, token)
        return self.bots[token]

    def person(self, name: str) -> Person:
        """Somebody; the same NAME is the same person."""
        if name not in self.people:
            self.people[name] = Person(self, next(self.ids), name)
        return self.people[name]

    def chat(self, bot: Bot, number: int) -> list[dict[str, Any]]:
        return self.chats.setdefault((bot.id, number), [])

    def chat_of(self, bot: Bot, number: int) -> dict[str, Any]:
        if number < 0:
            return {"id": number, "type": "supergroup", "title": "Parents of Year 4"}
        name = next((one.name for one in self.people.values() if one.id == number), "")
        return {"id": number, "type": "private", "first_name": name}

    def message(self, chat: dict[str, Any], sender: dict[str, Any], **content: Any) -> dict[str, Any]:
        return {"message_id": next(self.numbers), "date": int(time.time()), "chat": chat, "from": sender, **content}

    def happens(self, bot: Bot, **what: Any) -> Update:
        """WHAT waits for the bot from now on, unless it never asked for such things."""
        update = Update({"update_id": next(bot.updates), **what})
        if set(what) & set(bot.allowed):
            self._waits(bot, update)
        return update

    def repeats(self, bot: Bot, before: Update) -> Update:
        """The update BEFORE comes once more, though it was confirmed."""
        update = Update(before.body, stubborn=True)
        self._waits(bot, update)
        return update

    def fails(self, how: str, times: int = 1, method: str = "sendMessage", **more: Any) -> None:
        """The next TIMES calls of METHOD end as HOW says: "429", "5xx", "hangs", "reset" or "half an answer"."""
        self.faults.extend(Fault(how, method, **more) for _ in range(times))

    def revoke(self, bot: Bot) -> None:
        """The token is no longer known."""
        self.unknown.add(bot.token)

    def _waits(self, bot: Bot, update: Update) -> None:
        bot.pending.append(update)
        bot.pending.sort(key=lambda one: one.id)
        bot.arrived.set()
        if bot.webhook and (bot.id not in self.callers or self.callers[bot.id].done()):
            self.callers[bot.id] = asyncio.create_task(self._calls(bot))

    # What the methods do ----------------------------------------------------------------------------------------------------

    def known(self, token: str) -> Bot:
        if not re.fullmatch(r"\d+:[\w-]{20,}", token):
            raise ApiError(404, "Not Found")
        if token not in self.bots or token in self.unknown:
            raise ApiError(401, "Unauthorized")
        return self.bots[token]

    async def call(self, bot: Bot, method: str, asked: dict[str, Any]) -> Any:
        """Carry METHOD out."""
        does: Callable[..., Any] | None = getattr(self, f"do_{method}", None)
        self.calls.append((method, asked))
        self.counted[method] += 1
        if does is None:
            raise ApiError(404, "Not Found: method not found")
        result = does(bot, asked)
        return await result if asyncio.iscoroutine(result) else result

    def do_getMe(self, bot: Bot, asked: dict[str, Any]) -> dict[str, Any]:
        name = {"id": bot.id, "is_bot": True, "first_name": bot.username, "username": bot.username}
        return {**name, "can_join_groups": True, "can_read_all_group_messages": bot.reads_groups, "supports_inline_queries": False}

    async def do_getUpdates(self, bot: Bot, asked: dict[str, Any]) -> list[dict[str, Any]]:
        if bot.webhook:
            raise ApiError(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
            )
        if "allowed_updates" in asked:
            bot.allowed = tuple(json.loads(asked["allowed_updates"]))
        self._confirm(bot, int(asked.get("offset", 0)))
        if bot.open_poll is not None and not bot.open_poll.done():
            bot.open_poll.set_result(None)
        mine = bot.open_poll = asyncio.get_running_loop().create_future()
        end = time.monotonic() + float(asked.get("timeout", 0))
        while not bot.pending and (left := end - time.monotonic()) > 0:
            bot.arrived.clear()
            waits = [asyncio.ensure_future(bot.arrived.wait()), mine]
            await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            waits[0].cancel()
            if mine.done():
                raise ApiError(
                    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                )
        if not mine.done():
            mine.set_result(None)
        given = bot.pending[: int(asked.get("limit", 100))]
        for update in given:
            update.delivered += 1
        return [update.body for update in given]

    def _confirm(self, bot: Bot, offset: int) -> None:
        for update in list(bot.pending):
            if update.delivered and update.id < offset:
                bot.pending.remove(update)
                update.confirmed = True
                update.changed.set()
            elif update.id < offset and not update.stubborn:
                bot.pending.remove(update)
            elif update.delivered:
                update.refused = True
                update.changed.set()

    def do_setWebhook(self, bot: Bot, asked: dict[str, Any]) -> bool:
        if not asked["url"].startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[\w-]{1,256}", asked.get("secret_token", "x")):
            raise bad("secret token contains unallowed characters")
        bot.webhook, bot.secret = asked["url"], asked.get("secret_token", "")
        bot.allowed = tuple(json.loads(asked["allowed_updates"])) if "allowed_updates" in asked else KINDS
        if bot.pending:
            self._waits(bot, bot.pending.pop())
        return True

    def do_deleteWebhook(self, bot: Bot, asked: dict[str, Any]) -> bool:
        bot.webhook = ""
        if asked.get("drop_pending_updates") == "true":
            bot.pending.clear()
        return True

    def do_setMyCommands(self, bot: Bot, asked: dict[str, Any]) -> bool:
        commands = json.loads(asked["commands"])
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not 1 <= len(one["description"]) <= 256:
                raise bad("BOT_COMMAND_INVALID")
        bot.commands = commands
        return True

    def do_sendMessage(self, bot: Bot, asked: dict[str, Any]) -> dict[str, Any]:
        chat = self._may_write(bot, int(asked["chat_id"]))
        message = self.message(chat, self.do_getMe(bot, {}) | {}, **_content(asked))
        message["from"] = {key: message["from"][key] for key in ("id", "is_bot", "first_name", "username")}
        if asked.get("protect_content") == "true":
            message["has_protected_content"] = True
        self.chat(bot, chat["id"]).append(message)
        return message

    def do_editMessageText(self, bot: Bot, asked: dict[str, Any]) -> dict[str, Any]:
        message = self._own(bot, asked, "edit")
        new = _content(asked)
        if all(message.get(key) == new.get(key) for key in ("text", "entities", "reply_markup")):
            raise bad("message is not modified: specified new message content and reply markup are exactly the same")
        for key in ("entities", "reply_markup"):
            message.pop(key, None)
        message.update(new)
        return message

    def do_editMessageReplyMarkup(self, bot: Bot, asked: dict[str, Any]) -> dict[str, Any]:
        message = self._own(bot, asked, "edit")
        markup = _markup(asked)
        if message.get("reply_markup") == markup:
            raise bad("message is not modified: specified new message content and reply markup are exactly the same")
        message.pop("reply_markup", None)
        if markup is not None:
            message["reply_markup"] = markup
        return message

    def do_answerCallbackQuery(self, bot: Bot, asked: dict[str, Any]) -> bool:
        if asked["callback_query_id"] not in self.unanswered:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.unanswered.remove(asked["callback_query_id"])
        return True

    def _may_write(self, bot: Bot, number: int) -> dict[str, Any]:
        if number > 0 and not any(one.id == number for one in self.people.values()):
            raise bad("chat not found")
        if (bot.id, number) in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if number > 0 and (bot.id, number) not in self.begun:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        return self.chat_of(bot, number)

    def _own(self, bot: Bot, asked: dict[str, Any], to_do: str) -> dict[str, Any]:
        for message in self.chat(bot, int(asked["chat_id"])):
            if message["message_id"] == int(asked["message_id"]):
                if message["from"]["id"] != bot.id:
                    raise bad("message can't be edited")
                return message
        raise bad(f"message to {to_do} not found")

    async def _calls(self, bot: Bot) -> None:
        """Bring what waits to the webhook, one after the other, until it says that it has each."""
        async with httpx.AsyncClient(timeout=5) as client:
            while bot.webhook and bot.pending:
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
                if not await self._one(line.split(" ")[1], body, writer):
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


def units(text: str) -> int:
    """How long TEXT is to Telegram."""
    return len(text.encode("utf-16-le")) // 2


def _content(asked: dict[str, Any]) -> dict[str, Any]:
    """The checked content of a message."""
    text = asked.get("text", "")
    if asked.get("parse_mode"):
        raise AssertionError("markup is never used: what people wrote would be read as markup")
    if not text.strip():
        raise bad("message text is empty")
    if units(text) > LONGEST:
        raise bad("message is too long")
    content: dict[str, Any] = {"text": text}
    if entities := json.loads(asked.get("entities", "[]")):
        for one in entities:
            if one["offset"] < 0 or one["length"] < 1 or one["offset"] + one["length"] > units(text):
                raise bad(f"entity beginning at UTF-16 offset {one['offset']} ends after the end of the text")
        content["entities"] = entities
    if (markup := _markup(asked)) is not None:
        content["reply_markup"] = markup
    return content


def _markup(asked: dict[str, Any]) -> dict[str, Any] | None:
    if "reply_markup" not in asked:
        return None
    markup = json.loads(asked["reply_markup"])
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > 100:
        raise bad("reply markup is too long")
    for button in buttons:
        if not button["text"].strip():
            raise bad("text buttons are unallowed in the inline keyboard")
        if len({"callback_data", "url"} & set(button)) != 1:
            raise bad("exactly one of the optional fields of a button must be used")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    return markup if buttons else None


def _entities(text: str, bot: Bot) -> list[dict[str, Any]]:
    """What Telegram finds in words by itself: commands and names."""
    kinds = {r"(?<!\S)/\w{1,32}(?:@\w+)?": "bot_command", r"@\w{3,}": "mention"}
    found = [(each, kind) for pattern, kind in kinds.items() for each in re.finditer(pattern, text)]
    return [{"type": kind, "offset": units(text[: each.start()]), "length": units(each[0])} for each, kind in found]


@asynccontextmanager
async def telegram() -> AsyncIterator[Wire]:
    """The service, on a port of its own."""
    wire = Wire()
    lines: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        lines.add(task)
        with suppress(asyncio.CancelledError):
            await wire.serve(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire.address = "http://127.0.0.1:{}".format(server.sockets[0].getsockname()[1])
    try:
        yield wire
    finally:
        for task in (*wire.callers.values(), *lines):
            task.cancel()
        await asyncio.gather(*wire.callers.values(), *lines, return_exceptions=True)
        server.close()
        await server.wait_closed()
