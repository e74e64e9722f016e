"""What the Bot API does: its methods, limits and refusals, as documented, in memory; `tests/telegram_wire.py` is the line to it."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LONGEST = 4096  # UTF-16 units of a message
KINDS = ("message", "edited_message", "callback_query")


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
class Service:
    """Every bot, every chat, and the list of everything that was asked: what the methods of the Bot API do, without a line."""

    bots: dict[str, Bot] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    chats: dict[tuple[int, int], list[dict[str, Any]]] = field(default_factory=dict)
    begun: set[tuple[int, int]] = field(default_factory=set)  # (bot, person): nobody is written to who did not begin
    blocked: set[tuple[int, int]] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)  # tokens that have been revoked
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    sent_at: list[tuple[int, float]] = field(default_factory=list)  # (chat, moment) of every message that a bot sent
    numbers: itertools.count = field(default_factory=lambda: itertools.count(11))
    queries: itertools.count = field(default_factory=lambda: itertools.count(9_000))
    ids: itertools.count = field(default_factory=lambda: itertools.count(5_000_001))

    def bot(self, username: str) -> Bot:
        """A new bot."""
        number = next(self.ids)
        token = f"{number}:AAF-{username.ljust(32, 'x')}"
        self.bots[token] = Bot(number, username, token)
        return self.bots[token]

    def chat(self, bot: Bot, number: int) -> list[dict[str, Any]]:
        return self.chats.setdefault((bot.id, number), [])

    def chat_of(self, bot: Bot, number: int) -> dict[str, Any]:
        if number < 0:
            return {"id": number, "type": "supergroup", "title": "Parents of Year 4"}
        return {"id": number, "type": "private", "first_name": self.people.get(number, "")}

    def message(self, chat: dict[str, Any], sender: dict[str, Any], **content: Any) -> dict[str, Any]:
        return {"message_id": next(self.numbers), "date": int(time.time()), "chat": chat, "from": sender, **content}

    def revoke(self, bot: Bot) -> None:
        """The token is no longer known."""
        self.unknown.add(bot.token)

    def waits(self, bot: Bot, update: Update) -> None:
        """UPDATE waits for BOT from now on."""
        bot.pending.append(update)
        bot.pending.sort(key=lambda one: one.id)
        bot.arrived.set()

    # What the methods do ----------------------------------------------------------------------------------------------------

    def known(self, token: str) -> Bot:
        if not re.fullmatch(r"\d+:[\w-]{20,}", token):
            raise ApiError(404, "Not Found")
        if token not in self.bots or token in self.unknown:
            raise ApiError(401, "Unauthorized")
        return self.bots[token]

    async def call(self, bot: Bot, method: str, asked: dict[str, Any]) -> Any:
        """Carry METHOD out."""
        name = re.sub("([A-Z])", r"_\1", method).lower()
        does: Callable[..., Any] | None = getattr(self, f"do_{name}", None)
        self.calls.append((method, asked))
        self.counted[method] += 1
        if method == "sendMessage":
            self.sent_at.append((int(asked["chat_id"]), time.monotonic()))
        if does is None:
            raise ApiError(404, "Not Found: method not found")
        result = does(bot, asked)
        return await result if asyncio.iscoroutine(result) else result

    def do_get_me(self, bot: Bot, asked: dict[str, Any]) -> dict[str, Any]:
        name = {"id": bot.id, "is_bot": True, "first_name": bot.username, "username": bot.username}
        return {**name, "can_join_groups": True, "can_read_all_group_messages": bot.reads_groups, "supports_inline_queries": False}

    async def do_get_updates(self, bot: Bot, asked: dict[str, Any]) -> list[dict[str, Any]]:
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

    def do_set_webhook(self, bot: Bot, asked: dict[str, Any]) -> bool:
        if not asked["url"].startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[\w-]{1,256}", asked.get("secret_token", "x")):
            raise bad("secret token contains unallowed characters")
        bot.webhook, bot.secret = asked["url"], asked.get("secret_token", "")
        bot.allowed = tuple(json.loads(asked["allowed_updates"])) if "allowed_updates" in asked else KINDS
        if bot.pending:
            self.waits(bot, bot.pending.pop())
        return True

    def do_delete_webhook(self, bot: Bot, asked: dict[str, Any]) -> bool:
        bot.webhook = ""
        if asked.get("drop_pending_updates") == "true":
            bot.pending.clear()
        return True

    def do_set_my_commands(self, bot: Bot, asked: dict[str, Any]) -> bool:
        commands = json.loads(asked["commands"])
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not 1 <= len(one["description"]) <= 256:
                raise bad("BOT_COMMAND_INVALID")
        bot.commands = commands
        return True

    def do_send_message(self, bot: Bot, asked: dict[str, Any]) -> dict[str, Any]:
        chat = self._may_write(bot, int(asked["chat_id"]))
        message = self.message(chat, self.do_get_me(bot, {}), **_content(asked))
        message["from"] = {key: message["from"][key] for key in ("id", "is_bot", "first_name", "username")}
        if "reply_parameters" in asked:
            number = json.loads(asked["reply_parameters"])["message_id"]
            before = next((one for one in self.chat(bot, chat["id"]) if one["message_id"] == number), None)
            if before is None and not json.loads(asked["reply_parameters"]).get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
            if before is not None:
                message["reply_to_message"] = {key: value for key, value in before.items() if key != "reply_to_message"}
        if asked.get("protect_content") == "true":
            message["has_protected_content"] = True
        self.chat(bot, chat["id"]).append(message)
        return message

    def do_edit_message_text(self, bot: Bot, asked: dict[str, Any]) -> dict[str, Any]:
        message = self._own(bot, asked, "edit")
        new = _content(asked)
        if all(message.get(key) == new.get(key) for key in ("text", "entities", "reply_markup")):
            raise bad("message is not modified: specified new message content and reply markup are exactly the same")
        for key in ("entities", "reply_markup"):
            message.pop(key, None)
        message.update(new)
        return message

    def do_edit_message_reply_markup(self, bot: Bot, asked: dict[str, Any]) -> dict[str, Any]:
        message = self._own(bot, asked, "edit")
        markup = _markup(asked)
        if message.get("reply_markup") == markup:
            raise bad("message is not modified: specified new message content and reply markup are exactly the same")
        message.pop("reply_markup", None)
        if markup is not None:
            message["reply_markup"] = markup
        return message

    def do_answer_callback_query(self, bot: Bot, asked: dict[str, Any]) -> bool:
        if asked["callback_query_id"] not in self.unanswered:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.unanswered.remove(asked["callback_query_id"])
        return True

    def _may_write(self, bot: Bot, number: int) -> dict[str, Any]:
        if number > 0 and number not in self.people:
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
