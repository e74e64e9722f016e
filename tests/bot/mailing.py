"""What the tests of the e-mail channel share: settings for their mail server, the channel alone, and a card as the bot makes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from bot import wording
from bot.case_buttons import ON_A_CARD
from bot.channel import ChannelContext
from bot.channels.email.channel import Email
from bot.config import Config, Secrets, Web
from bot.config import Email as Settings
from bot.messages import Address, Reply
from storage.vault import Keyring
from tests.fakes import HandClock
from tests.mail_wire import PASSWORD, USER, MailServer

CHAIR = Address("email", "chair@school.example")
REFERENCE = "SP-7K2M4"
PAGE = "https://ask.school.example"
CARD = Reply(
    text="What to do next:\n1. Ring the parents of Jamie Oak.",
    title=wording.NEEDS_YOU.format(reference=REFERENCE),
    facts=(("What", "Somebody follows a pupil"), ("How soon", wording.URGENCY["high"]), ("Sent", "Monday 23 November at 10:00")),
    choices=ON_A_CARD,
    about="case:3f2a",
)


def settings(folder: Path, wire: MailServer, **more: Any) -> Config:
    """Rosebrook with that mail server; MORE are settings of e-mail, `channels`, `password` and `user` among them."""
    channels, password = more.pop("channels", ("email", "web")), more.pop("password", PASSWORD)
    chosen = {"host": "127.0.0.1", "port": wire.port, "user": USER, "sender": USER, "ca_file": wire.ca_file, **more}
    return Config(
        schools=("rosebrook",),
        channels=channels,
        data_folder=folder / "data",
        web=Web(base_url=PAGE),
        email=Settings(**chosen),
        secrets=Secrets(keys=SecretStr(Keyring.new().dump()), smtp_password=SecretStr(password) if password else None),
    )


def channel_of(config: Config) -> Email:
    """The channel of CONFIG by itself: it asks for nothing of its context but settings and the time."""
    return Email(ChannelContext(config, HandClock(), {}, cast("Any", None), cast("Any", None), asyncio.Event()))


async def _nothing(_: str, __: object) -> bool:
    raise AssertionError("nobody writes in by e-mail")


@asynccontextmanager
async def running(channel: Email) -> AsyncIterator[asyncio.Task[None]]:
    """CHANNEL as the supervisor runs it, once."""
    task = asyncio.create_task(channel.run(_nothing))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def stands(channel: Email, standing: str) -> None:
    """Wait until CHANNEL says so of itself."""
    await until(lambda: channel.standing == standing)


async def until(holds: Callable[[], bool]) -> None:
    """Look until HOLDS."""
    end = asyncio.get_running_loop().time() + 5
    while not holds():
        assert asyncio.get_running_loop().time() < end, "it never came"
        await asyncio.sleep(0.01)
