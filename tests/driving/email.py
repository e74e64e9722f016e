"""E-mail's end: a provider's mail server with a mailbox for everybody. Nobody writes in by it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bot import app as composition
from bot.app import App
from tests.bot.mailing import settings
from tests.drivers import CREDENTIALS, SENDS_ONLY, Cannot, Seen
from tests.fakes import HandClock
from tests.mail_wire import MailServer, mail_server

CAN = frozenset({CREDENTIALS, SENDS_ONLY})


@dataclass
class Mailboxes(Cannot):
    """Everybody's, at one provider."""

    app: App
    wire: MailServer
    name: ClassVar[str] = "email"
    can: ClassVar[frozenset[str]] = CAN

    def sender(self, who: str) -> str:
        return self.place(who)

    def place(self, who: str) -> str:
        return f"{who.casefold()}@school.example"

    async def says(self, who: str, text: str) -> bool:
        raise NotImplementedError

    async def presses(self, who: str, label: str) -> bool:
        raise NotImplementedError

    async def shown(self, who: str) -> Sequence[Seen]:
        return [Seen(mail.part("plain")) for mail in self.wire.mails if mail.to == (self.place(who),)]

    def refuses_credentials(self) -> None:
        self.wire.password = "another one"


@asynccontextmanager
async def driving(folder: Path) -> AsyncIterator[Mailboxes]:
    """Rosebrook's bot beside its mail server on a Monday morning."""
    async with mail_server(folder / "server") as wire:
        config = settings(folder, wire, channels=("email",))
        async with composition.running(config, HandClock()) as app:
            yield Mailboxes(app, wire)
