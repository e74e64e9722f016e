"""The e-mail channel: cards and digests out, nothing in. It keeps to a server that it has tried out, and says how that stands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.channel import ChannelContext, Misconfigured, Receive, SendFailed, Unproved
from bot.channels.email.post import Post, Unreachable
from bot.channels.email.writing import letter, message_id, written
from bot.config import Config
from bot.mail_address import mail_address
from bot.messages import Address, Reply

NAME = "email"


def make(context: ChannelContext) -> Email:
    """The one mail server of CONTEXT, for all its schools."""
    return Email(context)


class Email:
    """Sends to addresses that were proved to be somebody's. Nothing that was sent can be changed: it has no `edit`."""

    name = NAME

    def __init__(self, context: ChannelContext) -> None:
        self._config = context.config
        self._clock = context.clock
        self._link = link_of(context.config)
        self._post = Post(context.config)
        self._refused: Misconfigured | None = None
        self._trouble: asyncio.Future[None] | None = None
        self.standing = "starting"

    async def run(self, receive: Receive) -> None:  # noqa: ARG002 - nobody writes in by e-mail
        """Try the server out, then wait until a message cannot be handed over: then it is tried out again."""
        self._refused = None
        trouble: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            await self._post.look()
            _heed()
            self.standing = "up"
            self._trouble = trouble
            await trouble
        except Misconfigured as refusal:
            self._refused = refusal
            raise
        finally:
            # While it is tried out again it is not known to work: cards take another way until it is.
            self.standing, self._trouble = "retrying", None
            trouble.cancel()

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        """Send what of REPLY may go out. That the server takes it proves no delivery: it may come back, or lie unread."""
        address = mail_address(to.place) if to.channel == NAME else None
        if address is None:
            raise SendFailed("This is not an e-mail address.", permanent=True)
        if self._refused is not None:
            # One more try with a wrong password may be the one after which the mailbox is locked.
            raise SendFailed("The mail server does not let the bot in until its settings are changed.")
        what = letter(reply, self._link)
        if what is None:
            return ""
        sender = self._config.email.sender
        message = written(what, sender=sender, to=address, key=key, at=self._clock.now())
        try:
            await self._post.deliver(address, message.as_bytes())
        except Misconfigured as refusal:
            self._refused = refusal
            self._ends(refusal)
            raise SendFailed("The mail server does not let the bot in until its settings are changed.") from None
        except (Unreachable, TimeoutError, ConnectionError) as trouble:
            self._ends(trouble)
            raise
        return Unproved(message_id(key, address, sender))

    def private_address(self, sender: str) -> Address:
        return Address(NAME, sender)

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def _ends(self, error: Exception) -> None:
        """Let `run` end with ERROR, so that the supervisor says how this channel stands and has the server tried out again."""
        if self._trouble is not None and not self._trouble.done():
            self._trouble.set_exception(error)


def _heed() -> None:
    """Stop if that was asked for meanwhile.

    Until Python 3.12 `asyncio.wait_for`, through which the library waits, forgets a request that comes along with an answer.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def link_of(config: Config) -> str:
    """Where people open what they are told of: the school's desk, or the list of desks where there are several."""
    if not config.web.base_url:
        return ""
    return f"{config.web.base_url}/desk/{config.schools[0]}" if len(config.schools) == 1 else f"{config.web.base_url}/desk"
