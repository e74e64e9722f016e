"""What a channel is: something that brings people's messages in and takes the bot's replies out, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from starlette.routing import BaseRoute

from bot.clock import Clock
from bot.messages import Address, IncomingMessage, Reply

if TYPE_CHECKING:
    from bot.config import Config
    from bot.schools import School
    from storage.database import Database
    from storage.store import Store

# (school, message). Returns once the message is durable; False when it had been delivered before. Only then may the
# platform be told "received".
Receive = Callable[[str, IncomingMessage], Awaitable[bool]]


class SendFailed(Exception):
    """The platform did not take it. `retry_after` is its own wish in seconds; `permanent` means it never will."""

    def __init__(self, reason: str, *, retry_after: float | None = None, permanent: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.permanent = permanent


class Unproved(str):
    """A receipt that says only that the platform took it: whether it is in front of anybody shows later, or never.

    Any other receipt proves the delivery: the words lie in the person's own chat.
    """

    __slots__ = ()


class Misconfigured(Exception):
    """The channel's credentials or settings are wrong: retrying cannot help, somebody has to change them."""


@runtime_checkable
class Channel(Protocol):
    """Two pure translations around a platform's SDK. A new one is a new file in `bot/channels/` named as in the configuration."""

    name: str

    async def run(self, receive: Receive) -> None:
        """Connect and serve until cancelled. Raise Misconfigured when trying again is pointless, anything else to be restarted."""
        ...

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        """Hand REPLY to the platform and return its receipt; raise SendFailed otherwise. KEY is the same on every attempt.

        The receipt is what `edit` is given, should the channel have one. `Unproved(…)` where it proves no delivery.
        """
        ...

    def private_address(self, sender: str) -> Address:
        """Where SENDER can be written to with nobody else reading."""
        ...

    def routes(self) -> Sequence[BaseRoute]:
        """The HTTP routes this channel needs, if any."""
        ...


@runtime_checkable
class Edits(Protocol):
    """A channel that can change what it has sent. Without this, what is no longer right is followed by a line, or left as it is."""

    async def edit(self, to: Address, card: str, reply: Reply, key: str) -> str:
        """Put REPLY in the place of the message with the receipt CARD; returns the receipt, which may be the same.

        Raise SendFailed otherwise, `permanent` when the message is gone or can no longer be changed.
        """
        ...


@dataclass(frozen=True, slots=True)
class ChannelContext:
    """What a channel may use. Each file in `bot/channels/` has `make(context) -> Channel`."""

    config: Config
    clock: Clock
    schools: Mapping[str, School]
    store: Callable[[str], Store]
    database: Database
    stopping: asyncio.Event  # set when the process is asked to end: open streams finish at once


def numbered(reply: Reply) -> str:
    """REPLY as plain text, its choices as a numbered list, for channels without buttons."""
    lines = [reply.title] if reply.title else []
    if reply.text:
        lines.append(reply.text)
    lines += [f"{label}: {value}" for label, value in reply.facts]
    lines += [f"  {number}. {choice.label}" for number, choice in enumerate(reply.choices, 1)]
    return "\n".join(lines)
