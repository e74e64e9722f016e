"""What Teams delivers as an IncomingMessage. Pure: nothing is fetched, least of all a file, and what is not for us is not kept.

Only what is needed is looked at: Microsoft's own models refuse a whole message for one word in it that they do not know yet.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from bot.channels.teams.edge import tenant_of
from bot.channels.teams.places import Place, fit_to_be_called, is_id
from bot.channels.teams.saying import VERB
from bot.messages import Address, IncomingMessage
from bot.wording_teams import SOMEBODY

NAME = "teams"
HELP = "help"  # what calling the bot without a word means
ACTION = "adaptiveCard/action"  # the invoke that a pressed button is

Activity = Mapping[str, Any]

_PRIVATE = "personal"
_KINDS = {"image", "video", "audio"}
_FILE = "application/vnd.microsoft.teams.file.download.info"
# What comes along with words, and is no file: a copy of them with their looks, a card, the message that is answered.
_NO_FILE = ("text/", "application/vnd.microsoft.card.", "messagereference", "forwardedmessagereference")
_NUMBER = re.compile(r"[A-Za-z0-9:|._-]{1,200}")
_AT = re.compile(r"<at(?:\s[^<>]*)?>(.*?)</at>", re.DOTALL)
_QUOTED = re.compile(r"<quoted\b[^<>]*/?>")  # stands for a message that is answered, and says nothing of it
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|nbsp|#39|#160);")


class Unreadable(Exception):
    """It is of a kind that we know, and not of the shape that Teams says it has. The message names the kind and nothing else."""


@dataclass(frozen=True, slots=True)
class Where:
    """A conversation as Teams wants it named: the address to call, its ID there, and the account that wrote in it."""

    service: str
    conversation: str = field(repr=False)
    account: str = field(repr=False)
    roster: str = field(repr=False)  # whose members are asked about: in a channel, those of its team
    private: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """What one delivery was: words for the bot, where they were said, and, for a button, the school that showed it."""

    message: IncomingMessage
    where: Where
    school: str = ""


def heard(activity: Activity, now: datetime, *, staff: bool = False) -> Heard | None:
    """What ACTIVITY brings; None where it is not for us. STAFF: the sender is a full member of the tenant."""
    kind = activity.get("type")
    if kind not in ("message", "messageUpdate", "messageDelete", "invoke") or (kind == "invoke" and not is_press(activity)):
        return None
    try:
        return _heard(activity, kind, now, staff=staff)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Unreadable(kind) from None


def is_press(activity: Activity) -> bool:
    """Whether ACTIVITY is a button of a card."""
    return activity.get("type") == "invoke" and activity.get("name") == ACTION


def _heard(activity: Activity, kind: str, now: datetime, *, staff: bool) -> Heard | None:
    sender, conversation = activity["from"], activity["conversation"]
    if sender.get("role") == "bot" or str(sender["id"]).startswith("28:"):
        return None  # what other bots say is nobody's report
    where = Where(
        service=activity["serviceUrl"].rstrip("/"),
        conversation=_called(conversation["id"]),
        account=_fits(_NUMBER, sender["id"]),
        roster=_called(_roster(activity)),
        private=conversation.get("conversationType") == _PRIVATE,
    )
    if kind != "invoke" and not where.private and not _mentioned(activity):
        return None  # people talk with each other there, and change and delete what they said
    said = _pressed(activity) if kind == "invoke" else _said(activity, kind)
    if said is None:
        return None
    place = _place(activity, where)
    number = _fits(_NUMBER, activity["id"])
    message = IncomingMessage(
        id=_key(kind, where.conversation, number, said.version),
        sender=str(place),
        address=Address(NAME, str(place)),
        received_at=now,
        text=_whole(said.text),
        about=_whole(said.about),
        pressed=kind == "invoke",
        attachments=said.files,
        private=where.private,
        edited=kind in ("messageUpdate", "messageDelete"),
        staff=staff,
    )
    return Heard(message, where, said.school)


@dataclass(frozen=True, slots=True)
class _Said:
    text: str = field(default="", repr=False)
    about: str = ""
    school: str = ""
    files: tuple[str, ...] = ()
    version: str = ""  # what tells one change of a message from the next


def _said(activity: Activity, kind: str) -> _Said | None:
    if kind == "messageDelete":
        return _Said()
    text, files = readable(activity), tuple(_files(activity))
    if kind == "messageUpdate":
        # Teams tells two changes of one message apart by nothing but when they were made, and what it now says.
        stamp = activity.get("timestamp") or activity.get("localTimestamp") or ""
        return _Said(text, version=f"{stamp}\n{_whole(text)}")
    if not text and not files:
        # Somebody called our name, or sent something that is neither words nor a file: a sticker, say.
        return _Said(HELP) if _mentioned(activity) else None
    return _Said(text, files=files)


def _pressed(activity: Activity) -> _Said | None:
    action = activity["value"]["action"]
    if action.get("verb") != VERB:
        return None
    data = action["data"]
    about, value, school = data["about"], data["value"], data.get("school", "")
    if not all(isinstance(each, str) for each in (about, value, school)):
        raise TypeError
    return _Said(value, about, school)


def readable(activity: Activity) -> str:
    """The words of ACTIVITY as somebody typed them: our own name taken out, and Teams' marks for people and signs put back."""
    text = activity.get("text") or ""
    if not isinstance(text, str):
        raise TypeError
    ours = {_AT.sub(r"\1", mark) for mark in _mentioned(activity)}

    def named(found: re.Match[str]) -> str:
        name = unescape(found[1]).strip() or SOMEBODY
        return " " if found[1] in ours else f"@{name}"

    text = _AT.sub(named, _QUOTED.sub(" ", text))
    # Teams writes some signs as web pages do, and says nowhere that it does.
    return _ENTITY.sub(lambda found: unescape(found[0]), text).replace("\xa0", " ").replace("\r\n", "\n").strip()


def _mentioned(activity: Activity) -> list[str]:
    """The marks in the words of ACTIVITY that stand for us."""
    us = (activity.get("recipient") or {}).get("id")
    return [
        str(entity.get("text") or "")
        for entity in activity.get("entities") or ()
        if entity.get("type") == "mention" and us and (entity.get("mentioned") or {}).get("id") == us
    ]


def _files(activity: Activity) -> Iterator[str]:
    """What came with ACTIVITY, by kind. No name and no address of a file is kept: there is nothing to fetch it by."""
    for each in activity.get("attachments") or ():
        kind = str(each.get("contentType") or "").lower()
        if kind == _FILE or not kind.startswith(_NO_FILE):
            first = kind.partition("/")[0]
            yield first if first in _KINDS else "file"
        elif kind.startswith("text/html") and "<img" in str(each.get("content") or "").lower() and _alone(activity):
            yield "image"


def _alone(activity: Activity) -> bool:
    """Whether a picture that was pasted among the words comes as nothing but a mark in their copy."""
    return not any(str(each.get("contentType") or "").lower().startswith("image/") for each in activity["attachments"])


def _place(activity: Activity, where: Where) -> Place:
    """Whose chat it is. Whoever has no account in the tenant (a guest of a meeting) goes by what Teams calls them."""
    known = activity["from"].get("aadObjectId")
    return Place(tenant_of(activity), known.lower() if is_id(known) else where.account)


def _roster(activity: Activity) -> str:
    match activity:
        case {"channelData": {"team": {"id": str(team)}}}:
            return team
    roster: str = activity["conversation"]["id"]
    return roster


def _key(kind: str, conversation: str, number: str, version: str) -> str:
    """The one number of a delivery, the same when it comes again. An edited message keeps the number it had."""
    mark = hashlib.sha256(f"{conversation}\n{number}\n{version}".encode()).hexdigest()[:40]
    return f"{kind}:{mark}"


def _fits(shape: re.Pattern[str], text: object) -> str:
    if not isinstance(text, str) or not shape.fullmatch(text):
        raise ValueError(shape.pattern)
    return text


def _called(conversation: str) -> str:
    if not fit_to_be_called(conversation):
        raise ValueError("conversation")
    return conversation


def _whole(text: str) -> str:
    """TEXT with half a sign, which JSON can bring and nothing can store, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
