"""What Slack delivers as an IncomingMessage. Pure: nothing is fetched, least of all a file, and what is not for us is not kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.channels.slack.saying import armed
from bot.messages import Address, IncomingMessage
from bot.wording_slack import FILES_LEFT, REPORTED_FILES, REPORTED_MESSAGE, SOMEBODY

NAME = "slack"
COMMAND = "/signpost"
SHORTCUT = "report_message"
HELP = "help"  # what `/signpost` without a word means

Body = Mapping[str, Any]
Names = Callable[[str], str]

# Kinds of a message that are somebody's words. Whatever else Slack calls a message (joined, renamed, pinned, a bot) is not.
_WORDS = {"", "file_share", "thread_broadcast", "me_message"}
_DELIVERIES = {"event_callback", "block_actions", "message_action", "url_verification"}
_KINDS = {"image", "video", "audio", "text"}
_MARKUP = re.compile(r"<([^<>]*)>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_SEPARATOR, _AT = ":", "/"


class Unreadable(Exception):
    """It is of a kind that we know, and not of the shape that Slack says it has. The message names the kind and nothing else."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed: where it stood, what stood on it, and the message around it."""

    channel: str = field(repr=False)
    stamp: str
    label: str = field(repr=False)
    blocks: tuple[Body, ...] = field(repr=False)
    about: str = ""
    school: str = ""  # where several share a workspace: the one that showed the button


@dataclass(frozen=True, slots=True)
class Heard:
    """What one delivery was: words for the bot, with the button they come from or the public place they were said in."""

    message: IncomingMessage | None = None
    press: Press | None = None
    public: tuple[str, str] | None = field(default=None, repr=False)  # (channel, user) to be told that it goes on in private
    command: bool = False


NOTHING = Heard()


def place_of(team: str, user: str, school: str = "") -> str:
    """Where USER of a workspace is written to, about SCHOOL where several share it. A sender is a place too."""
    return f"{team}{_SEPARATOR}{user}{_AT}{school}" if school else f"{team}{_SEPARATOR}{user}"


def parts_of(place: str) -> tuple[str, str, str]:
    """The team, the user and the school that `place_of` put together."""
    team, _, rest = place.partition(_SEPARATOR)
    user, _, school = rest.partition(_AT)
    return team, user, school


def heard(body: Body, team: str, now: datetime, names: Names = lambda _: SOMEBODY, *, staff: bool = False) -> Heard:
    """What BODY, delivered to our app in TEAM, brings. NAMES says who a user id is; STAFF, that the sender is a full member."""
    try:
        match body.get("type"):
            case "event_callback":
                found = _event(body)
            case "block_actions":
                found = _press(body)
            case "message_action":
                found = _shortcut(body)
            case None if body.get("command"):
                found = _Found(_key(body, "trigger_id"), body["user_id"], body.get("text", "").strip() or HELP, command=True)
            case _:
                return NOTHING
        return NOTHING if found is None else found.checked().heard(team, now, names, staff=staff)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError):
        raise Unreadable(_kind(body)) from None


def is_known(body: Body) -> bool:
    """Whether BODY is of a kind that anything is done with: words, presses, or a question of Slack's own."""
    return body.get("type") in _DELIVERIES or "command" in body or "ssl_check" in body


def who(body: Body) -> str:
    """The user id that BODY is from; empty when it is from nobody."""
    event = body.get("event")
    if isinstance(event, dict):
        inner = event.get("message") or event.get("previous_message")
        user = (inner if isinstance(inner, dict) else event).get("user")
    else:
        known = body.get("user")
        user = known.get("id") if isinstance(known, dict) else body.get("user_id")
    return user if isinstance(user, str) else ""


def team_of(body: Body) -> str:
    """The workspace our app was installed in when it got BODY."""
    match body:
        case {"authorizations": [{"team_id": str(team)}, *_]} | {"team": {"id": str(team)}} | {"team_id": str(team)}:
            return team
    return ""


def mentioned(body: Body) -> tuple[str, ...]:
    """The user ids that the words in BODY point at, each once."""
    return tuple(dict.fromkeys(id_ for text in _texts(body) for id_ in re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>", text)))


def readable(text: str, names: Names) -> str:
    """TEXT as somebody typed it: Slack's marks for people, places and links become what stood on the screen."""

    def mark(found: re.Match[str]) -> str:
        what, _, label = found[1].partition("|")
        if what.startswith("@"):
            return f"@{label or names(what[1:])}"
        if what.startswith("#"):
            return f"#{label or 'a channel'}"
        if what.startswith("!"):
            return f"@{label.lstrip('@') or what[1:].partition('^')[0]}"
        return label if label and label in what else what.removeprefix("mailto:")

    plain = _MARKUP.sub(mark, text)
    return re.sub("&(?:lt|gt|amp);", lambda found: _ENTITIES[found[0]], plain)


@dataclass(frozen=True, slots=True)
class _Found:
    """A delivery as far as it is the same for every workspace: which, from whom, and the words as Slack writes them."""

    id: str
    user: str = field(repr=False)
    text: str = field(default="", repr=False)
    files: tuple[str, ...] = ()
    edited: bool = False
    press: Press | None = None
    channel: str = field(default="", repr=False)  # a public one, where it was said
    command: bool = False
    plain: bool = False  # `text` is not Slack's writing: nothing in it is a mark
    quote: str | None = field(default=None, repr=False)

    def checked(self) -> _Found:
        """Itself, if it is made of what it says it is made of: so far Slack has been taken at its word."""
        said = (self.id, self.user, self.text, self.channel, self.quote or "")
        if not all(isinstance(each, str) for each in said) or not (self.id and self.user):
            raise TypeError
        return self

    def heard(self, team: str, now: datetime, names: Names, *, staff: bool) -> Heard:
        sender = place_of(team, self.user)
        text = self.text if self.plain else readable(self.text, names).strip()
        if self.quote is not None:
            text = _reported(readable(self.quote, names).strip(), bool(self.files))
        message = IncomingMessage(
            id=self.id,
            sender=sender,
            address=Address(NAME, sender),
            received_at=now,
            text=text,
            about=self.press.about if self.press else "",
            pressed=self.press is not None,
            attachments=() if self.quote is not None else self.files,
            private=not self.channel,
            edited=self.edited,
            staff=staff,
        )
        public = (self.channel, self.user) if self.channel else None
        return Heard(message, self.press, public, self.command)


def _event(body: Body) -> _Found | None:
    event, number = body["event"], body["event_id"]
    kind, subtype = event.get("type"), event.get("subtype") or ""
    if kind == "app_mention" and not event.get("bot_id") and event.get("channel_type") != "im":
        us = _ourselves(body)
        said = re.sub(rf"<@{us}(?:\|[^<>]*)?>", " ", event["text"]) if us else event["text"]
        return _Found(
            number, event["user"], said.strip() or HELP, _files(event), channel=event["channel"], edited="edited" in event
        )
    if kind != "message" or event.get("channel_type") != "im":
        return None
    if subtype == "message_changed":
        return _changed(number, event)
    if subtype == "message_deleted":
        gone = event.get("previous_message") or {}
        return _Found(number, gone["user"], edited=True) if _somebodys(gone) else None
    if subtype not in _WORDS or not _somebodys(event):
        return None
    text, files = event.get("text") or "", _files(event)
    return _Found(number, event["user"], text, files) if text or files else None


def _changed(number: str, event: Body) -> _Found | None:
    """An edit. Slack says the same of a link that it has looked up, and of what we change ourselves: those are nobody's words."""
    after, before = event["message"], event.get("previous_message") or {}
    if not _somebodys(before or after):
        return None
    if after.get("subtype") == "tombstone":  # deleted, while its answers in a thread stay
        return _Found(number, (before or after)["user"], edited=True)
    if after.get("text") == before.get("text"):
        return None
    return _Found(number, after["user"], after["text"], edited=True)


def _press(body: Body) -> _Found | None:
    action, user = body["actions"][0], body["user"]["id"]
    if action.get("type") != "button" or "value" not in action:
        return None
    where, message = body["container"], body.get("message") or {}
    school, about, value = armed(action["value"])
    press = Press(
        channel=where["channel_id"],
        stamp=where["message_ts"],
        label=readable(action["text"]["text"], lambda _: SOMEBODY),
        blocks=tuple(message.get("blocks") or ()),
        about=about,
        school=school,
    )
    number = f"press:{where['message_ts']}:{action['action_ts']}:{user}"
    return _Found(number, user, value, press=press, plain=True)


def _shortcut(body: Body) -> _Found | None:
    if body["callback_id"] != SHORTCUT:
        return None
    message = body["message"]
    return _Found(_key(body, "trigger_id"), body["user"]["id"], files=_files(message), quote=message.get("text") or "")


def _reported(words: str, files: bool) -> str:  # noqa: FBT001 - two facts about one message
    if not words:
        return REPORTED_FILES
    quoted = REPORTED_MESSAGE.format(words=words)
    return f"{quoted} {FILES_LEFT}" if files else quoted


def _somebodys(message: Body) -> bool:
    """Whether a person wrote MESSAGE: what we and other apps say is nobody's report."""
    return bool(message.get("user")) and not message.get("bot_id") and message.get("user") != "USLACKBOT"


def _files(message: Body) -> tuple[str, ...]:
    """What came with MESSAGE, by kind. No name and no address of a file is kept: there is nothing to fetch it by."""
    kinds = (str(each.get("mimetype") or "").partition("/")[0] for each in message.get("files") or ())
    return tuple(kind if kind in _KINDS else "file" for kind in kinds)


def _ourselves(body: Body) -> str:
    authorizations: Sequence[Body] = body.get("authorizations") or ({},)
    return re.escape(str(authorizations[0].get("user_id") or ""))


def _key(body: Body, name: str) -> str:
    """The number of something that is done once. What Slack calls it is a ticket to act for that person: only its mark is kept."""
    return f"{name}:{hashlib.sha256(body[name].encode()).hexdigest()[:40]}"


def _texts(body: Body) -> Iterator[str]:
    event = body.get("event")
    inner = event.get("message") if isinstance(event, dict) else None
    for holder in (body, event, body.get("message"), inner):
        if isinstance(holder, dict) and isinstance(holder.get("text"), str):
            yield holder["text"]


def _kind(body: Body) -> str:
    kind = body.get("type")
    return kind if kind in {"event_callback", "block_actions", "message_action"} else "command"
