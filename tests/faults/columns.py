"""The columns of the fault table: each way in which the bot is connected to a platform, and how it lives beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel import Session

from bot import app as composition
from bot import metrics
from bot.app import App
from bot.clock import RehearsalClock
from bot.config import Secrets
from bot.messages import INCOMING, REPLY
from storage.kept import Recording
from storage.staffing import PlaceProved
from storage.tables import Push, Reply, table
from storage.vault import Keyring
from tests.bot.mailing import settings as mailing
from tests.bot.test_telegram_called import called
from tests.drivers import Driver, Patience
from tests.driving import console, telegram, web
from tests.driving import slack as workspace
from tests.driving import teams as tenant
from tests.driving.email import Mailboxes
from tests.fakes import MONDAY, HandClock
from tests.mail_wire import PASSWORD, mail_server
from tests.site import Site, rehearsing, serving
from tests.slack_wire import slack
from tests.teams_wire import teams
from tests.telegram_wire import Bot, Wire
from tests.telegram_wire import telegram as bot_api

FIRST, SECOND = "lead@school.example", "lead@home.example"


@dataclass
class Bench:
    """One bot on one channel, with everybody who sits at its platform. `wire` is the platform itself; the page has none."""

    column: str
    driver: Driver
    wire: Any = None
    bot: Bot | None = None  # which bot of Telegram's it is
    site: Site | None = None  # where the bot listens, if it does
    folder: Path = field(default_factory=Path)

    def __post_init__(self) -> None:
        self.before = self.put_back()

    def put_back(self) -> float:
        """How many replies of this channel have ever been put back to be sent again."""
        return metrics.sends.labels(self.driver.name, "reply", "again")._value.get()

    @property
    def again(self) -> int:
        """How many of them were put back here."""
        return int(self.put_back() - self.before)

    @property
    def app(self) -> App:
        return self.driver.app

    @property
    def now(self):
        return self.app.clock.now()

    async def until(self, holds: Callable[[], Any], what: str, *, step: float = 1.0, within: float = 30.0) -> None:
        """Wait until HOLDS, with the bot's clock pushed on by STEP at each look."""

        async def so() -> bool:
            found = holds()
            return bool(await found if hasattr(found, "__await__") else found)

        await Patience(self.app, within=within, step=step).until(so, what)

    async def times(self, who: str, words: str) -> int:
        """How often WHO reads WORDS."""
        return sum(seen.text.count(words) for seen in await self.driver.shown(who))

    async def reads(self, who: str, words: str, **how: float) -> None:
        """Wait until WHO reads WORDS."""

        async def there() -> bool:
            return await self.times(who, words) > 0

        await self.until(there, f"{words!r} for {who} in {self.column}", **how)

    async def kept(self, who: str) -> list[str]:
        """What the bot has kept from WHO, in its order."""
        return [INCOMING.validate_json(line.body).text for line in await self._lines(who) if line.kind == "heard"]

    async def put_down(self, who: str) -> list[str]:
        """What the bot has put down for WHO, in its order, sent or not."""
        return [REPLY.validate_json(line.body).text for line in await self._lines(who) if line.kind == "said"]

    async def _lines(self, who: str):
        (store,) = self.app.stores.values()
        return await store.conversations.transcript(self.driver.name, self.driver.place(who), self.driver.sender(who), 500)

    async def quiet(self) -> None:
        """Wait until nothing is due."""

        async def idle() -> bool:
            await self.app.conversations.finish()
            return not any(one.waiting for one in (await self.app.work.lag(self.now)).values())

        await self.until(idle, "nothing left to do")

    async def unsent(self) -> int:
        """How many answers and cards have not been sent yet, whoever holds them."""

        def count(session: Session) -> int:
            each = (sa.select(sa.func.count()).where(rows.c.state == "waiting") for rows in (table(Reply), table(Push)))
            return sum(session.execute(one).scalar_one() for one in each)

        return await self.app.database.read(count)

    async def all_sent(self) -> None:
        """Wait until nothing is left to be sent: what a process took with it is free again after a minute."""

        async def none() -> bool:
            return await self.unsent() == 0

        await self.until(none, "everything sent", step=3.0)


Life = Callable[[Path, Any], AbstractAsyncContextManager[Bench]]


@dataclass(frozen=True)
class Column:
    """How it is headed, the platform, and one life of a bot beside it; a second life on the same folder goes on where it was."""

    title: str
    platform: Callable[[Path], AbstractAsyncContextManager[Any]]
    life: Life


def _slack(name: str, *, socket: bool) -> Life:
    @asynccontextmanager
    async def life(folder: Path, wire: Any) -> AsyncIterator[Bench]:
        async with workspace.working(folder, wire, socket=socket, connected=wire.token == workspace.TOKEN) as driver:
            yield Bench(name, driver, wire, folder=folder)

    return life


@asynccontextmanager
async def _teams(folder: Path, wire: Any) -> AsyncIterator[Bench]:
    async with tenant.working(folder, wire, connected=wire.secret == tenant.SECRET) as driver:
        yield Bench("teams", driver, wire, folder=folder)


@asynccontextmanager
async def _polling(folder: Path, wire: Wire) -> AsyncIterator[Bench]:
    bot = next(iter(wire.bots.values()), None) or wire.bot("rosebrook_bot")
    async with telegram.running(wire, bot, folder) as driver:
        yield Bench("telegram, asked", driver, wire, bot, folder=folder)


@asynccontextmanager
async def _webhook(folder: Path, wire: Wire) -> AsyncIterator[Bench]:
    bot = next(iter(wire.bots.values()), None) or wire.bot("rosebrook_bot")
    async with called(wire, bot, folder) as driver:
        yield Bench("telegram, calling", driver, wire, bot, folder=folder)


@asynccontextmanager
async def _email(folder: Path, wire: Any) -> AsyncIterator[Bench]:
    """The lead is reached at two addresses."""
    key = folder / "ring"
    if not key.exists():
        key.write_text(Keyring.new().dump())
    secrets = Secrets(keys=SecretStr(key.read_text()), smtp_password=SecretStr(PASSWORD))
    config = mailing(folder, wire, channels=("email",)).model_copy(update={"secrets": secrets})
    async with composition.running(config, HandClock()) as app:
        store = app.stores["rosebrook"]
        if not await store.people.list():
            lead = await store.people.add("Lead", ("dsl",), (("email", FIRST), ("email", SECOND)))
            for place in (FIRST, SECOND):
                code = await store.proving.code(lead.id, "email", place, app.clock.now())
                assert code is not None
                proof = PlaceProved(lead.id, "email", place, code)
                await store.record(Recording(app.clock.now(), people=(proof,)), timedelta(seconds=60))
        yield Bench("email", Mailboxes(app, wire), wire, folder=folder)


@asynccontextmanager
async def _web(folder: Path, _: None) -> AsyncIterator[Bench]:
    async with serving(rehearsing(folder / "data"), RehearsalClock(MONDAY)) as site:
        yield Bench("web", web.Web(site, site.app), site=site, folder=folder)


@asynccontextmanager
async def _console(folder: Path, _: None) -> AsyncIterator[Bench]:
    async with console.driving(folder) as driver:
        yield Bench("console", driver, folder=folder)


COLUMNS: Mapping[str, Column] = {
    "slack, calling": Column("Slack calls us", lambda _: slack(), _slack("slack, calling", socket=False)),
    "slack, line": Column("Slack, over a line of ours", lambda _: slack(), _slack("slack, line", socket=True)),
    "telegram, asked": Column("Telegram, asked by us", lambda _: bot_api(), _polling),
    "telegram, calling": Column("Telegram calls us", lambda _: bot_api(), _webhook),
    "teams": Column("Teams", lambda _: teams(), _teams),
    "email": Column("E-mail", lambda folder: mail_server(folder / "server"), _email),
    "web": Column("The page", lambda _: nullcontext(), _web),
    "console": Column("The terminal", lambda _: nullcontext(), _console),
}


@asynccontextmanager
async def benched(column: str, folder: Path) -> AsyncIterator[Bench]:
    """A bench for COLUMN, with everything it keeps in FOLDER."""
    made = COLUMNS[column]
    async with made.platform(folder) as wire, made.life(folder, wire) as bench:
        yield bench
