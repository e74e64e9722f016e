"""What travels between a channel and the bot: a message in, a reply out, and where each belongs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Address:
    """A place in a channel that a reply can be sent to."""

    channel: str
    place: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: what it says, and what the bot hears when it is pressed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One thing a person sent. `id` is the platform's own, unique per channel; `about` names the question a button belongs to."""

    id: str
    sender: str = field(repr=False)
    address: Address
    received_at: datetime
    text: str = field(default="", repr=False)
    about: str = ""
    pressed: bool = False
    attachments: tuple[str, ...] = ()
    private: bool = True
    edited: bool = False  # the person changed something they had written before: `text` is how it reads now, empty once deleted
    staff: bool = False  # the platform vouches that they are a full member of the school's own workspace, and no guest


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the bot says. `facts` are label/value pairs shown as a small table; nothing here appears in a repr."""

    text: str = field(repr=False)
    choices: tuple[Choice, ...] = field(default=(), repr=False)
    about: str = ""
    title: str = field(default="", repr=False)
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    anywhere: bool = False  # it answers nothing that was said at this place: where it is refused, another place of theirs will do


# How both are written down in the inbox and the outbox.
INCOMING: TypeAdapter[IncomingMessage] = TypeAdapter(IncomingMessage)
REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
