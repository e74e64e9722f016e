"""The composition root: reads nothing itself, builds everything from a Config, and keeps its loops going."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import handlers, heartbeat, pushing, schools, status
from bot.channel import Channel, ChannelContext
from bot.clock import Clock, RehearsalClock, SystemClock
from bot.config import Config
from bot.conversation import Conversations, Surroundings
from bot.desk import Desk, DeskContext
from bot.digests import Digests
from bot.editions import Editions
from bot.idle import Idle
from bot.keys import keyring
from bot.logs import log
from bot.news import News
from bot.outbox import Outbox
from bot.readiness import lint
from bot.rehearsal import RATES, seed
from bot.rekeying import Rekeying
from bot.retention import Nights
from bot.supervisor import Supervisor
from knowledge import pictures
from knowledge.risk import Triage
from storage.database import Database
from storage.kept import Published
from storage.migrate import migrate
from storage.store import Store
from storage.vault import Vault
from storage.work import Work

STOP_WITHIN = 2.0  # real seconds for open streams and decisions in hand, once asked to stop


@dataclass(frozen=True, slots=True)
class App:
    """A running Signpost, for the commands and the tests that talk to it."""

    config: Config
    clock: Clock
    database: Database
    work: Work
    schools: Mapping[str, schools.School]
    stores: Mapping[str, Store]
    channels: Mapping[str, Channel]
    conversations: Conversations
    outbox: Outbox
    idle: Idle
    digests: Digests
    editions: Editions
    nights: Nights
    news: News
    supervisor: Supervisor
    health: status.Health
    stopping: asyncio.Event
    web: Starlette


def make_channel(name: str, context: ChannelContext) -> Channel:
    """The channel of that NAME: the file or folder of the same name in bot/channels/. Its SDK is imported here, not before."""
    channel: Channel = importlib.import_module(f"bot.channels.{name}").make(context)
    return channel


def build(
    config: Config,
    database: Database,
    clock: Clock,
    channels: Mapping[str, Channel] | None = None,
    published: Mapping[str, Published] = MappingProxyType({}),
) -> App:
    """Put everything together; nothing runs yet and nothing is sent. Refuses where a safety would be missing.

    CHANNELS given here take the place of those that the configuration names; PUBLISHED are the policies that are live.
    """

    def load(name: str, version: Published | None) -> schools.School:
        sound = _sound(schools.load(name, config.schools_folder, version), clock)
        return replace(sound, page=page_of(name, config), desk=desk_of(name, config))

    pictures.load()  # refuses to start without them, as Triage does without its words
    # Everybody below shares this one mapping: a version that goes live changes what it holds.
    known = {name: load(name, published.get(name)) for name in config.schools}
    stores = {name: Store(database, name) for name in known}
    work = Work(database)
    stopping = asyncio.Event()
    context = ChannelContext(config, clock, known, stores.__getitem__, database, stopping)
    if channels is None:
        channels = {name: make_channel(name, context) for name in config.channels}

    def states(school: str) -> Mapping[str, str]:
        return supervisor.states_at(school)

    outbox = Outbox(known, channels, clock, database, work, states=states)
    around = Surroundings(
        known,
        stores,
        handlers.IN_ORDER,
        Triage.load(),
        clock,
        database,
        work,
        down=lambda school: pushing.down(states(school)),
        mails="email" in channels,
    )
    conversations = Conversations(around, outbox.dispatch)
    idle = Idle(around, outbox.dispatch)
    editions = Editions(known, stores, load, database, work)
    nights = Nights(known, stores, clock)
    news = News(known, stores, clock)
    supervisor = Supervisor(channels, conversations.receive)
    digests = Digests(known, stores, clock, states)
    health = status.Health(
        version=version("signpost"),
        lag=lambda: work.lag(clock.now()),
        channels=lambda: supervisor.everywhere(known),
        ticks=lambda: {
            "conversations": conversations.ticked_at,
            "outbox": outbox.ticked_at,
            "idle": idle.ticked_at,
            "digests": digests.ticked_at,
        },
        writable=database.writable,
        waits=lambda: work.waits(clock.now()),
        now=clock.now,
        # A rehearsal's minute may pass in a tenth of a second.
        late=status.LATE * (max(RATES) if config.rehearsal else 1),
    )
    routes: list[BaseRoute] = [*status.public_routes(health)]
    for channel in channels.values():
        routes += channel.routes()
    routes += Desk(DeskContext(config, around, outbox.dispatch, stopping)).routes()
    return App(
        config,
        clock,
        database,
        work,
        known,
        stores,
        channels,
        conversations,
        outbox,
        idle,
        digests,
        editions,
        nights,
        news,
        supervisor,
        health,
        stopping,
        Starlette(routes=routes),
    )


def page_of(school: str, config: Config) -> str:
    """Where people open the page of SCHOOL; nothing where there is no page, or nobody said under which address it is reached."""
    if "web" not in config.channels:
        return ""
    return config.web.page(school) or (f"{config.base_url}/chat/{school}" if config.rehearsal else "")


def desk_of(school: str, config: Config) -> str:
    """Where those who work with cases open the desk of SCHOOL; nothing where nobody said under which address it is reached."""
    reached = _reached(config)
    return f"{reached}/desk/{school}" if reached else ""


def _reached(config: Config) -> str:
    return config.web.base_url or (config.base_url if config.rehearsal else "")


def _sound(school: schools.School, clock: Clock) -> schools.School:
    """SCHOOL, unless something in it would leave a report without a way: then nothing starts."""
    wrong = [one for one in lint(school, clock.now().astimezone(school.zone).date(), live=False) if one.level == "error"]
    if wrong:
        raise schools.SchoolError("\n".join(f"{one.file}: {one.key}: {one.text}" for one in wrong))
    return school


@asynccontextmanager
async def running(config: Config, clock: Clock | None = None, channels: Mapping[str, Channel] | None = None) -> AsyncIterator[App]:
    """A Signpost with all its loops going, without the HTTP servers; everything is closed on the way out."""
    config.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database.open(config.database_url, Vault(keyring(config)))
    try:
        await migrate(database)
        published = await Work(database).live_policies(config.schools)
        if clock is None:
            clock = await _rehearsal_clock(config, database, published) if config.rehearsal else SystemClock()
        app = build(config, database, clock, channels, published)
        if config.rehearsal:
            for name, store in app.stores.items():
                await seed(store, app.schools[name])
        loops = [
            asyncio.create_task(app.conversations.run(), name="conversations"),
            asyncio.create_task(app.outbox.run(), name="outbox"),
            asyncio.create_task(app.idle.run(), name="idle"),
            asyncio.create_task(app.digests.run(), name="digests"),
            asyncio.create_task(app.supervisor.run(), name="channels"),
            asyncio.create_task(app.editions.run(), name="editions"),
            asyncio.create_task(app.nights.run(), name="nights"),
            asyncio.create_task(app.news.run(), name="news"),
            asyncio.create_task(Rekeying(database, lambda: keyring(config)).run(), name="keys"),
        ]
        if (address := config.heartbeat_url) is not None:
            loops.append(
                asyncio.create_task(heartbeat.beat(address, config.heartbeat.every_seconds, app.health.healthy), name="heartbeat")
            )
        try:
            yield app
        finally:
            app.stopping.set()
            try:
                async with asyncio.timeout(STOP_WITHIN):
                    await app.conversations.finish()
            except TimeoutError:
                log.warning("decisions in hand were left for the next start")
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
    finally:
        await database.close()


async def _rehearsal_clock(config: Config, database: Database, published: Mapping[str, Published]) -> Clock:
    """A clock that begins when the school is open, so that something happens, and never behind what an earlier rehearsal did."""
    start = datetime.now(UTC)
    for name in config.schools[:1]:
        calendar = schools.load(name, config.schools_folder, published.get(name)).calendar
        start = start if calendar.is_open(start) else calendar.next_open(start)
    latest = await Work(database).latest()
    return RehearsalClock(start if latest is None else max(start, latest))
