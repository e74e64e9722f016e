"""An Update as an IncomingMessage. Pure: nothing is fetched, least of all a picture, and what is not for us is not kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, MessageEntity, Update
from telegram.constants import ChatType

from bot.channels.telegram.buttons import CHOSEN, FORGOTTEN, Pressed, spelt_out
from bot.channels.telegram.places import Place
from bot.messages import Address, IncomingMessage

NAME = "telegram"
WANTED = ("message", "edited_message", "callback_query")
HERE = "private"  # what the link in a group brings along: https://t.me/NAME?start=private

# Whatever a message can have besides words. None of it is ever asked for.
MEDIA = (
    *("photo", "video", "video_note", "animation", "sticker", "document", "audio", "voice", "story", "paid_media"),
    *("live_photo", "contact", "location", "venue", "poll", "dice", "game", "checklist"),
)
_NEW = "something new"  # what this version of the SDK has no name for yet

# The menu, as a press of the button that says the same, so that it works in the middle of anything.
_AS_PRESSED = {"report": Pressed("menu", "report"), "ask": Pressed("menu", "ask")}
_AS_SAID = {"cases": "cases"}
_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Me:
    """What Telegram calls this bot."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button that was pressed: which, on which message, and what stands on it."""

    query: str
    chat: int
    message: int
    carried: str = field(repr=False)
    label: str = field(repr=False)
    behind: IncomingMessage | None = None  # what the message with the button replies to


@dataclass(frozen=True, slots=True)
class Heard:
    """What one update was: words for the bot, a button, or somebody who must be shown the way out of a group."""

    message: IncomingMessage | None = None
    button: Button | None = None
    group: int | None = None
    album: str = ""
    number: int = 0  # of the message in its chat


def heard(update: Update, me: Me, now: datetime) -> Heard:
    """What UPDATE, which came to the bot ME at NOW, brings."""
    if update.callback_query is not None:
        return _button(update.update_id, update.callback_query, me, now)
    message = update.message or update.edited_message
    if message is None:
        return Heard()
    edited = update.message is None
    private = message.chat.type == ChatType.PRIVATE
    if not private and not _to_us(message, me):
        return Heard()
    group = None if private or edited else message.chat.id
    incoming = _message(update.update_id, message, me, now)
    if incoming is None or (edited and not incoming.text):
        return Heard(group=group)
    return Heard(replace(incoming, edited=edited, private=private), None, group, message.media_group_id or "", message.message_id)


def writer(update: Mapping[str, Any]) -> int | None:
    """The chat to answer in, of an UPDATE that could not be read otherwise; None when nobody wrote it in private."""
    for kind in WANTED:
        part = update.get(kind)
        message = part.get("message", part) if isinstance(part, dict) else None
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and chat.get("type") == ChatType.PRIVATE and isinstance(chat.get("id"), int):
            return int(chat["id"])
    return None


def _message(number: int, message: Message, me: Me, now: datetime) -> IncomingMessage | None:
    """The words and what came with them; None for what nobody said: another bot, somebody who joined, a pinned line."""
    who = message.from_user
    text = _sound(message.text or message.caption or "")
    attachments = tuple(kind for kind in MEDIA if getattr(message, kind, None))
    if message.api_kwargs and not (text or attachments):
        attachments = (_NEW,)
    if who is None or who.is_bot or not (text or attachments):
        return None
    sender = str(Place(me.id, who.id))
    incoming = IncomingMessage(
        id=f"{me.id}:{number}",
        sender=sender,
        # Said in a group, it is still answered in private.
        address=Address(NAME, sender),
        received_at=now,
        text=text,
        attachments=attachments,
    )
    return _worded(incoming, me)


def _sound(text: str) -> str:
    """TEXT without halves of letters, which JSON can carry and nothing behind it can store."""
    return text.encode("utf-8", "replace").decode()


def _worded(incoming: IncomingMessage, me: Me) -> IncomingMessage:
    """INCOMING with our name taken out, and a command put as the bot knows it."""
    text = re.sub(rf"@{re.escape(me.username)}\b", "", incoming.text, flags=re.IGNORECASE).strip() if me.username else incoming.text
    command = _COMMAND.fullmatch(text)
    if command is None:
        return replace(incoming, text=text)
    name, rest = command[1].casefold(), (command[3] or "").strip()
    if name in _AS_PRESSED and not rest:
        pressed = _AS_PRESSED[name]
        return replace(incoming, text=pressed.value, about=pressed.about, pressed=True)
    if name in _AS_PRESSED:
        return replace(incoming, text=rest)
    if name == "start":
        return replace(incoming, text=f"/start {rest}" if rest and rest != HERE else "/start")
    return replace(incoming, text=_AS_SAID.get(name, text))


def _to_us(message: Message, me: Me) -> bool:
    """Whether something in a group is said to the bot. Everything else there is none of our business, and is not kept."""
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == me.id:
        return True
    named = f"@{me.username}".casefold()
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    for entity, words in entities.items():
        if entity.type == MessageEntity.MENTION and words.casefold() == named:
            return True
        if entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == me.id:
            return True
        if entity.type == MessageEntity.BOT_COMMAND and ("@" not in words or words.casefold().endswith(named)):
            return True
    return False


def _button(number: int, query: CallbackQuery, me: Me, now: datetime) -> Heard:
    carried, shown = query.data or "", query.message
    chat, on = (shown.chat.id, shown.message_id) if shown is not None else (query.from_user.id, 0)
    label = next((text for text, data in _labels(query) if data == carried), "")
    button = Button(query.id, chat, on, carried, label, _behind(shown, me, now))
    if carried == CHOSEN:
        return Heard(button=button)
    meant = spelt_out(carried) or FORGOTTEN
    sender = str(Place(me.id, query.from_user.id))
    message = IncomingMessage(
        id=f"{me.id}:{number}",
        sender=sender,
        address=Address(NAME, sender),
        received_at=now,
        text=meant.value,
        about=meant.about,
        pressed=True,
    )
    return Heard(message, button)


def _behind(shown: MaybeInaccessibleMessage | None, me: Me, now: datetime) -> IncomingMessage | None:
    """What SHOWN replies to, with a number of its own: it was never kept as a message."""
    before = shown.reply_to_message if isinstance(shown, Message) else None
    incoming = _message(0, before, me, now) if before is not None else None
    return replace(incoming, id=f"{me.id}:reply:{before.message_id}") if incoming is not None and before is not None else None


def _labels(query: CallbackQuery) -> list[tuple[str, str]]:
    """What stands on the buttons of the message that was pressed; Telegram leaves an old message out."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    return [(button.text, str(button.callback_data)) for row in (markup.inline_keyboard if markup else ()) for button in row]
