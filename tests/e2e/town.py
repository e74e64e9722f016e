"""A school with all its platforms around it, and one bot in the middle that can be stopped and started: only sockets between.

A parent in Telegram reports. The lead, the head and the chair sit where a test seats them. The deputy, whom the report is about,
sits everywhere, so that a byte that goes astray finds them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot import wording
from bot.app import App
from bot.config import Config, Secrets
from bot.wording_invites import YES
from flows.cases.case import ALPHABET
from storage.kept import Recording
from storage.staffing import PlaceProved
from storage.store import Store
from storage.vault import Keyring
from tests.drivers import Seen
from tests.e2e.answers import REPORT
from tests.e2e.lines import HANGS, Line
from tests.e2e.platforms import PLATFORMS, Platform
from tests.fakes import HandClock
from tests.site import serving

SCHOOL = "rosebrook"
REPORTER, CONCERNED = "Parent", "Deputy"
ROLES = {"Lead": "dsl", "Head": "headteacher", "Chair": "chair", CONCERNED: "deputy_dsl"}
REFERENCE = re.compile(rf"SP-[{ALPHABET}]{{5}}")
AT_ONCE, LOOK = 0.2, 0.02  # real seconds: what comes at once needs no push; and between two looks
TWO_HANGS, FASTER = 25.0, 25  # in which two calls that are never answered are given up; how fast time goes after that


@dataclass
class Town:
    """The platforms by name, the bot that runs at this moment, and what has been said since `mark`."""

    folder: Path
    database: str
    platforms: Mapping[str, Platform]
    clock: HandClock = field(default_factory=HandClock)
    keys: str = field(default_factory=lambda: Keyring.new().dump())
    marks: dict[str, int] = field(default_factory=dict)
    life: AsyncExitStack | None = None
    app: App = None  # type: ignore[assignment]  # from the first start on

    # The bot ------------------------------------------------------------------------------------------------------------------

    def config(self) -> Config:
        """What the school has written down."""
        channels = {
            name: {key: SecretStr(value) for key, value in one.secrets.items()}
            for name, one in self.platforms.items()
            if name != "email"
        }
        mail = self.platforms["email"].secrets.get("smtp") if "email" in self.platforms else None
        secrets = Secrets(keys=SecretStr(self.keys), channels=channels, smtp_password=SecretStr(mail) if mail else None)
        settings = {key: value for one in self.platforms.values() for key, value in one.settings.items()}
        chosen = {"schools": (SCHOOL,), "channels": tuple(self.platforms), "data_folder": self.folder / "data"}
        return Config(database=self.database, secrets=secrets, **chosen, **settings)

    async def starts(self) -> None:
        """The bot comes up on what the database holds."""
        self.life = AsyncExitStack()
        site = await self.life.enter_async_context(serving(self.config(), self.clock))
        self.app = site.app
        port = httpx.URL(site.address).port
        assert port is not None
        for one in self.platforms.values():
            one.served_at(port, site.app)

    async def stops(self) -> None:
        """The bot ends."""
        if self.life is not None:
            await self.life.aclose()
            self.life = None

    async def restarts(self) -> None:
        """The bot ends, and comes up again."""
        await self.stops()
        await self.starts()

    @property
    def store(self) -> Store:
        return self.app.stores[SCHOOL]

    async def connected(self) -> None:
        """Wait until every platform is up."""

        async def up() -> bool:
            return set(self.app.supervisor.states.values()) == {"up"} and await self._knows_itself()

        await self.until(up, f"every platform up: {self.app.supervisor.states}", pace=0.02)

    async def _knows_itself(self) -> bool:
        """Slack is up before it has said who we are: its first call would be refused until then."""
        answered = [line for one in self.platforms.values() for line in one.out if line.from_called()]
        return len(answered) == sum(len(one.out) for one in self.platforms.values())

    # The people ---------------------------------------------------------------------------------------------------------------

    async def seats(self, who: str, *places: str) -> None:
        """WHO is entered with their role and comes in by an invitation at each of PLACES, the first the best."""
        person = await self.store.people.add(who, (ROLES[who],))
        for place in places:
            platform = self.platforms[place]
            if place == "email":
                await self._proves(person.id, platform.driver.place(who))
                continue
            code = await self.store.invites.make(person.id, at=self.clock.now(), channel=place)
            await self.says(who, place, f"join {code}")
            await self.presses(who, place, YES)
            await self.reads(who, place, "You are known here as")

    async def _proves(self, person: str, address: str) -> None:
        """An address counts once the code that was sent to it has come back; `tests/bot/test_email_people.py` walks that way."""
        now = self.clock.now()
        await self.store.people.link(person, "email", address, at=now)
        code = await self.store.proving.code(person, "email", address, now)
        assert code is not None
        await self.store.record(Recording(now, people=(PlaceProved(person, "email", address, code),)), timedelta(seconds=60))

    async def says(self, who: str, where: str, text: str) -> None:
        """WHO types TEXT there, and the platform hears that the bot has it."""
        self._taken(where, await self.platforms[where].driver.says(who, text), f"{text!r} of {who}")

    def _taken(self, where: str, taken: bool, what: str) -> None:
        assert taken or self.platforms[where].brings_again, f"{what} was not taken in {where}"

    async def presses(self, who: str, where: str, label: str) -> None:
        """WHO presses LABEL there as soon as they can."""

        async def offered() -> bool:
            return any(label in _plain(seen.buttons) for seen in await self.shown(who, where))

        await self.until(offered, f"the button {label!r} for {who} in {where}")
        self._taken(where, await self.platforms[where].driver.presses(who, label), f"{label!r} of {who}")

    async def reads(self, who: str, where: str, words: str, *, pace: float = 1.0, within: float = 30.0) -> Seen:
        """Wait until WHO reads WORDS there; the newest that says them."""

        async def there() -> bool:
            return bool(await self.found(who, where, words))

        await self.until(there, f"{words!r} for {who} in {where}", pace=pace, within=within)
        return (await self.found(who, where, words))[-1]

    async def found(self, who: str, where: str, words: str) -> list[Seen]:
        """What says WORDS on the screen of WHO there, by now."""
        return [seen for seen in await self.shown(who, where) if words in seen.text]

    async def shown(self, who: str, where: str) -> Sequence[Seen]:
        """The screen of WHO there; nothing where it cannot be loaded."""
        try:
            return await self.platforms[where].driver.shown(who)
        except httpx.HTTPError:
            return ()

    async def reports(
        self, where: str = "telegram", *, after: Mapping[int, Callable[[], Awaitable[None]]] | None = None, **more: float
    ) -> None:
        """The parent answers every question there and reads it through; AFTER so many answers something happens."""
        await self.says(REPORTER, where, "report cyberbullying")
        for number, (question, answer, typed) in enumerate(REPORT):
            await self.reads(REPORTER, where, question, **more)
            await (self.says if typed else self.presses)(REPORTER, where, answer)
            if after and number in after:
                await after[number]()
        await self.reads(REPORTER, where, "Before it is sent", **more)

    async def sends(self, where: str = "telegram") -> str:
        """The parent presses Send, and reads the reference."""
        await self.presses(REPORTER, where, "Send")
        return await self.reference(where)

    async def reference(self, where: str = "telegram") -> str:
        """The reference of the report, as its receipt gives it."""
        found = REFERENCE.search((await self.reads(REPORTER, where, "Your report is SP-")).text)
        assert found is not None
        return found[0]

    async def has_card(self, who: str, where: str, reference: str, **more: float) -> Seen:
        """Wait until WHO has the card there. In an e-mail its title is the subject, and the reference stands in the words."""
        words = reference if where == "email" else wording.NEEDS_YOU.format(reference=reference)
        return await self.reads(who, where, words, **more)

    # Time, and the end of it --------------------------------------------------------------------------------------------------

    async def until(self, holds: Callable[[], Awaitable[bool]], what: str, *, pace: float = 1.0, within: float = 30.0) -> None:
        """Look until HOLDS. What does not come at once is due later: the bot's clock is pushed by PACE seconds at each look then.

        While a line hangs a send is under way for many seconds, and the clock must not run away from it.
        """
        loop = asyncio.get_running_loop()
        began = looked = loop.time()
        while not await holds():
            now = loop.time()
            if (waited := now - began) > within:
                raise AssertionError(f"it never came: {what}")
            if waited > AT_ONCE:
                self.passes((now - looked) * (1 if waited < TWO_HANGS else FASTER) if self.hanging else pace)
            looked = now
            await asyncio.sleep(LOOK)

    @property
    def hanging(self) -> bool:
        """Whether a line hangs."""
        return any(each.how == HANGS for each in self.lines)

    def passes(self, seconds: float) -> None:
        """So much time goes by."""
        self.clock.tick(seconds=seconds)
        self.app.database.wake("inbox", "outbox", "idle")

    async def rests(self, **more: float) -> None:
        """Wait until nothing that is due is left."""

        async def idle() -> bool:
            await self.app.conversations.finish()
            return not any(one.waiting for one in (await self.app.work.lag(self.clock.now())).values())

        await self.until(idle, "nothing left to do", **more)

    # What went over the lines -------------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[Line]:
        return [each for one in self.platforms.values() for each in (*one.out, *one.into)]

    def marked(self) -> None:
        """What is asked about the lines from now on is asked of what follows."""
        self.marks = {each.name: each.mark for each in self.lines}
        self._unsealed = {name: len(one.unsealed()) for name, one in self.platforms.items()}

    def bot_said(self, platform: Platform) -> list[bytes]:
        """Every byte that the bot has sent to PLATFORM since the mark, whether it called or answered."""
        said = [said for each in platform.out for said in each.from_caller(self.marks[each.name])]
        said += [said for each in platform.into for said in each.from_called(self.marks[each.name])]
        return said + platform.unsealed()[self._unsealed[platform.name] :]

    def nothing_for(self, who: str, reference: str) -> None:
        """Since the mark nothing has been sent to WHO at all: not one byte on any line names them, or is on a line of theirs."""
        for platform in self.platforms.values():
            for said in self.bot_said(platform):
                assert not any(name in said for name in platform.known_as(who)), f"{who} was written to in {platform.name}"
        theirs = [each for each in self.lines if each.name.startswith(f"{who}'s")]
        for said in (said for each in theirs for said in each.from_called(self.marks[each.name])):
            assert reference.encode() not in said
            assert b"<article" not in said

    def nobody_reads(self, secret: str, *, but: Sequence[str]) -> None:
        """Since the mark SECRET went over no line of a platform BUT those, in neither direction of it that the bot speaks."""
        for name, platform in self.platforms.items():
            if name not in but:
                assert not any(secret.encode() in said for said in self.bot_said(platform)), f"{secret!r} was said in {name}"


def _plain(labels: Sequence[str]) -> list[str]:
    """LABELS without the numbers that some platforms put before them."""
    return [part for label in labels for part in (label, label.partition(". ")[2])]


@asynccontextmanager
async def town(folder: Path, *, database: str = "", platforms: Sequence[str] = tuple(PLATFORMS)) -> AsyncIterator[Town]:
    """A town on a Monday morning in term, with its bot running and nobody at the school yet."""
    async with AsyncExitStack() as stack:
        there = {name: await stack.enter_async_context(PLATFORMS[name](folder)) for name in platforms}
        made = Town(folder, database, there)
        await made.starts()
        stack.push_async_callback(made.stops)
        await made.connected()
        made.marked()
        yield made
