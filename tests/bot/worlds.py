"""Two worlds that differ by one case: a school at which it happened, its twin at which it did not, and what somebody reads there.

All of them stand side by side in one real bot, each as a school of its own, so that some hundreds cost seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from bot import app as composition
from bot import case_closing, schools
from bot.case_closing import How
from bot.channel import numbered
from bot.channels.web.session import Session as Browser
from bot.channels.web.session import new_nonce
from bot.config.example import example
from bot.config.model import Config, Secrets
from bot.messages import Reply
from bot.record import record
from bot.schools import SHIPPED
from bot.turn import Outcome, Turn
from flows.cases.case import ALPHABET, Case, Ending, Said, Severity, acknowledge, reference
from flows.cases.clocks import notices
from flows.cases.past import Clock, past
from flows.cases.routing import HEADTEACHER, LEAD, entangled, rungs
from flows.cases.working import hand_on
from flows.matters import matter
from storage.kept import Act, Person
from storage.store import Store
from storage.store.scope import Scope
from storage.vault import Keyring
from tests.fakes import FakeChannel, HandClock
from tests.talk import Talk

HOLD = timedelta(seconds=60)
PATIENCE = 120.0  # real seconds until a bot that does not come to rest is taken for broken
WORDS = "zqx was seen at the window"  # what was written about whoever it is about
CONCERNED, COLLEAGUE, PARENT, WITNESS = "Concerned", "Colleague", "Parent", "Witness"
FAKE, WEB = "fake", "web"
BREAKS = "Break down"  # what is said to a bot whose handler fails over it

# The factors of a world. Each value is a word, so that a failure can be read and made again.
MATTERS = (
    "danger", "disclosure", "staff_conduct", "about_headteacher", "complaint", "new_account", "site_to_block", "bullying_of_pupil",
    "consent_given", "tell_the_lead",
)  # fmt: skip
WHO = (HEADTEACHER, LEAD, "deputy_dsl", "chair", "office", "staff")
SHARED = ("separate", "two in one", "three in one", "all in one", "two holders")
MOMENTS = ("waiting", "held", "handed on", "closed", "opened again", "said later")


@dataclass(frozen=True)
class Setting:
    """What a world is like: at which school, about what, about whom, how roles are shared out, how far it has come."""

    school: str
    matter: str
    who: str
    shared: str
    moment: str


@dataclass
class World:
    """One school in which SETTING holds; in a twin the case is missing, and a reference that never was stands in its place."""

    name: str
    setting: Setting
    stage: Stage
    twin: bool
    talk: Talk
    path: Any = None  # the one of the registry that is walked here
    browser: Browser = field(default_factory=lambda: Browser(secrets.token_urlsafe(32)))
    people: dict[str, Person] = field(default_factory=dict)
    case: Case | None = None
    reference: str = field(default_factory=reference)
    case_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    seen: tuple[Case, ...] = ()  # cases that are not about them: one that waits, one that they have
    read: int = 0  # how much had been said in the bot when they began to look
    extra: list[str] = field(default_factory=list)  # what came back in another way than by a channel

    @property
    def store(self) -> Store:
        """What is kept there."""
        return self.stage.app.stores[self.name]

    @property
    def school(self) -> schools.School:
        """Its policy, routes and roles."""
        return self.stage.app.schools[self.name]

    @property
    def concerned(self) -> Person:
        """Whoever the case is about."""
        return self.people[CONCERNED]

    def place(self, name: str) -> str:
        """Where NAME sits in the channel that all schools share."""
        return f"{name}@{self.name}"

    async def says(self, text: str, **more: object) -> None:
        """Whoever it is about types TEXT."""
        await self.sends(CONCERNED, text, **more)

    async def presses(self, about: str, value: str) -> None:
        """Whoever it is about presses a button, or forges it."""
        await self.sends(CONCERNED, value, about=about, pressed=True)

    async def sends(self, name: str, text: str, **more: object) -> None:
        """NAME sends TEXT."""
        await self.talk.send(self.place(name), text, **more)
        await self.stage.settled()

    async def clicks(self, label: str) -> None:
        """Whoever it is about presses the latest button LABEL, if they were shown one."""
        for reply in reversed(self.stage.channel.at(self.place(CONCERNED))):
            for choice in reply.choices:
                if choice.label == label:
                    return await self.presses(reply.about, choice.value)
        self.extra.append(f"no button {label}")
        return None

    async def records(self, outcome: Outcome) -> None:
        """OUTCOME becomes real, as whatever decided it would have it."""
        await record(self.store, outcome, at=self.stage.clock.now(), hold=HOLD)

    async def fetches(self, path: str) -> None:
        """The page at PATH, in their browser."""
        async with self._client() as client:
            answer = await client.get(path)
        headers = sorted(
            f"{name}: {value}" for name, value in answer.headers.items() if name not in ("content-length", "set-cookie")
        )
        self.extra.append("\n".join((str(answer.status_code), *headers, answer.text)))

    async def posts(self, text: str) -> None:
        """TEXT sent by the form of their page."""
        fields = {"csrf": self.browser.csrf, "nonce": new_nonce(), "text": text}
        async with self._client() as client:
            answer = await client.post(f"/chat/{self.name}/say", data=fields, headers={"x-signpost": "1"})
        self.extra.append(f"{answer.status_code} {answer.text}")
        await self.stage.settled()

    async def streams(self, within: float = 0.1) -> None:
        """What the stream of their page brings first, from the beginning."""
        brought = bytearray()
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "",
            "path": f"/chat/{self.name}/events", "raw_path": b"", "query_string": b"after=0.0.0", "client": ("127.0.0.1", 1),
            "server": ("school.example", 80), "headers": [(b"cookie", f"signpost={self.browser.id}".encode())],
        }  # fmt: skip

        async def receive() -> dict[str, object]:
            await asyncio.Event().wait()
            return {}

        async def send(message: dict[str, object]) -> None:
            brought.extend(message.get("body", b""))

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self.stage.app.web(scope, receive, send)
        self.extra.append(brought.decode())

    def _client(self) -> AsyncClient:
        cookies = {"signpost": self.browser.id}
        return AsyncClient(transport=ASGITransport(self.stage.app.web), base_url="http://school.example", cookies=cookies)

    def heard(self) -> list[str]:
        """Everything that reached them since they began to look, in a form in which both worlds can be compared."""
        said = [one.reply for one in self.stage.channel.sent[self.read :] if one.to.place == self.place(CONCERNED)]
        return sorted(self.plain(text) for text in (*map(_whole, said), *self.extra))

    def plain(self, text: str) -> str:
        """TEXT without what is drawn by lot: references, ids, tokens, clocks."""
        text = text.replace(self.name, "SCHOOL").replace(self.browser.id, "BROWSER").replace(self.browser.csrf, "CSRF")
        for found, instead in _RANDOM:
            text = found.sub(instead, text)
        return text


_RANDOM = (
    (re.compile(rf"\bSP-[{ALPHABET}]{{5}}\b"), "SP-*****"),
    (re.compile(rf"\bE-[{ALPHABET}]{{5}}\b"), "E-*****"),
    (re.compile(r'(nonce" value=|data-nonce=|nonce=)"[^"]*"'), r"\1NONCE"),
    (re.compile(r"\b[0-9a-f]{8,64}\b"), "ID"),
    (re.compile(rf"((?:confirm|not right) [a-z_]+|role:[^:\s]+:[a-z_]+:) ?[{ALPHABET}]{{5}}\b"), r"\1 CODE"),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\b"), "TIME"),
    (re.compile(r"^id: [\d.]+$", re.MULTILINE), "id: MARK"),
    (re.compile(r'((?:id|value|data-[a-z]+)="[a-z]?)\d+(?:\.\d+)*"'), r'\1N"'),
)  # fmt: skip


def _whole(reply: Reply) -> str:
    """REPLY with its buttons, and what they belong to and mean."""
    return "\n".join((numbered(reply), reply.about, *(f"[{choice.label}] {choice.value}" for choice in reply.choices)))


@dataclass
class Stage:
    """One bot with many schools, and a clock in our hand."""

    app: composition.App
    channel: FakeChannel
    clock: HandClock
    config: Config
    worlds: list[World] = field(default_factory=list)
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)
    _settling: asyncio.Task[None] | None = None

    async def settled(self) -> None:
        """Wait until the bot has nothing left to do. Whoever asks at the same time is answered together."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle())
        await mine

    async def _settle(self) -> None:
        await asyncio.sleep(0)
        while self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                await self._rest()
            except BaseException as failure:
                for one in asked:
                    one.set_exception(failure)
                raise
            for one in asked:
                one.set_result(None)

    async def _rest(self) -> None:
        """Until nothing is due any more. Nothing here fails for long, so that it comes to an end however slow the machine is."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.app.conversations.finish()
                if not any(one.waiting for one in (await self.app.work.lag(self.clock.now())).values()):
                    return
                self.app.database.wake("inbox", "outbox", "idle")
                await asyncio.sleep(0.01)

    async def all(self, each: Sequence[Awaitable[object]]) -> None:
        """Do EACH of these side by side, then let the bot finish."""
        await asyncio.gather(*each)
        await self.settled()

    async def passes(self, span: timedelta) -> None:
        """Time goes by in steps, so that what falls due is done about when it does."""
        step = timedelta(hours=8)
        while span > timedelta():
            self.clock.tick(seconds=min(span, step).total_seconds())
            span -= step
            await self.settled()


@asynccontextmanager
async def stage(folder: Path, settings: Sequence[Setting]) -> AsyncIterator[Stage]:
    """A bot with two schools for each of SETTINGS, one after the other: the world, and its twin."""
    names = [f"{setting.school}-{number}{half}" for number, setting in enumerate(settings) for half in ("a", "b")]
    for name in names:
        shutil.copytree(SHIPPED / name.rpartition("-")[0], folder / "schools" / name)
    ring = Keyring.new().dump()
    clock, config = HandClock(), _written(folder, names, ring)
    channel = FakeChannel(clock=clock)
    real = composition.make_channel

    def make(name: str, context: composition.ChannelContext) -> composition.Channel:
        return channel if name == FAKE else real(name, context)

    in_order = (_breaks, *composition.handlers.IN_ORDER)
    with _instead(composition, "make_channel", make), _instead(composition.handlers, "IN_ORDER", in_order):
        async with composition.running(config.model_copy(update={"channels": (FAKE, WEB)}), clock) as app:
            here = Stage(app, channel, clock, config)
            for number, name in enumerate(names):
                talk = Talk(app, channel, clock, name)
                here.worlds.append(World(name, settings[number // 2], here, twin=bool(number % 2), talk=talk))
            yield here


async def _breaks(turn: Turn) -> Outcome | None:
    """A handler with a mistake in it, which has read what it could before it fails."""
    if not turn.message.text.startswith(BREAKS):
        return None
    raise LookupError(await turn.cases.by_reference(turn.message.text.removeprefix(BREAKS).strip()))


def _written(folder: Path, names: Sequence[str], ring: str) -> Config:
    """The settings of that bot, also as the file that its commands read."""
    (folder / "key").write_text(ring)
    (folder / "key").chmod(0o600)
    values = {
        "schools": names, "schools_folder": str(folder / "schools"), "channels": [WEB], "data_folder": str(folder / "data"),
        "key_file": str(folder / "key"),
    }  # fmt: skip
    file = folder / "signpost.toml"
    file.write_text(example(values), encoding="utf-8")
    return Config(**{**values, "schools": tuple(names), "channels": (WEB,), "file": file, "secrets": Secrets(keys=SecretStr(ring))})


@contextlib.contextmanager
def _instead(where: object, name: str, value: object):
    before = getattr(where, name)
    setattr(where, name, value)
    try:
        yield
    finally:
        setattr(where, name, before)


# How a world comes about ---------------------------------------------------------------------------------------------------


async def peopled(world: World, *, on_the_page: bool = False) -> None:
    """Everybody with their roles; whoever it is about sits ON THE PAGE of the web, where their path goes there."""
    roles = tuple(world.school.roles)
    theirs = _theirs(world.setting, roles)
    web, chat = (WEB, world.browser.place(world.name)), (FAKE, world.place(CONCERNED))
    add = world.store.people.add
    world.people[CONCERNED] = await add(CONCERNED, theirs, (web, chat) if on_the_page else (chat, web))
    world.people[COLLEAGUE] = await add(
        COLLEAGUE, ("staff", *(() if world.setting.shared == "all in one" else ("slt",))), _at(world, COLLEAGUE)
    )
    for role in roles:
        if role not in theirs or world.setting.shared == "two holders":
            world.people[role] = await add(f"The {role}", (role,), _at(world, f"The-{role}"))


def _at(world: World, name: str) -> tuple[tuple[str, str], ...]:
    return ((FAKE, world.place(name)),)


def _theirs(setting: Setting, roles: Sequence[str]) -> tuple[str, ...]:
    """The roles of whoever it is about."""
    also = {"two in one": (LEAD, HEADTEACHER), "three in one": (LEAD, HEADTEACHER, "slt"), "all in one": roles}
    first = (setting.who,)
    size = {"two in one": 2, "three in one": 3, "all in one": len(roles) + 1}.get(setting.shared, 1)
    return tuple(dict.fromkeys((*first, *also.get(setting.shared, ()))))[:size]


async def lived_in(world: World) -> None:
    """What is there in both worlds: a report that everybody knows of, and one that whoever it is about has."""
    everybody = (tuple({role for person in world.people.values() for role in person.roles}),)
    now = world.stage.clock.now()
    events = (("bullying_of_pupil", None), (world.setting.matter, world.concerned.id))
    for minutes, (event, holder) in enumerate(events, 1):
        # Not at the same moment: what is equally old stands in any order.
        since = now - timedelta(minutes=minutes)
        case = Case(
            uuid.uuid4().hex, reference(), event, Severity.MEDIUM, since, rungs=everybody,
            said=(Said("What happened?", "Something else."),), reporter=await _conversation(world, PARENT),
        )  # fmt: skip
        due = notices(case, world.school.calendar, now)
        await world.records(Outcome(opened=(case,), notices=due, audit=(Act("case opened", case.id),)))
        if holder is not None:
            await world.stage.settled()
            case = acknowledge(case, holder, now)
            act = Act("case acknowledged", case.id, holder)
            await world.records(Outcome(changed=(case,), settled=(case.id,), audit=(act,)))
            case = replace(case, version=1)
        world.seen = (*world.seen, case)


async def _conversation(world: World, name: str) -> str:
    place = world.place(name)

    def read(session) -> str:
        return Scope.of(session, world.stage.app.database.vault, world.name).conversation(FAKE, place, place)

    return await world.stage.app.database.read(read)


async def happens(world: World) -> None:
    """The case is opened, and belongs together with one that they know of. In a twin nothing happens."""
    if world.twin:
        return
    later = world.setting.moment == "said later"
    part = entangled((), await world.store.people.held(), frozenset() if later else {world.concerned.id})
    now, route = world.stage.clock.now(), world.school.routes[world.setting.matter]
    case = Case(
        world.case_id, world.reference, world.setting.matter, matter(world.setting.matter).severity, now,
        rungs=rungs(route, part.roles), refs=route.ref, steps=route.steps, said=(Said("What happened?", WORDS),),
        reporter=await _conversation(world, WITNESS), concerns=part.people,
    )  # fmt: skip
    due = notices(case, world.school.calendar, now)
    linked = ((case.id, world.seen[0].id),)
    await world.records(Outcome(opened=(case,), notices=due, linked=linked, audit=(Act("case opened", case.id),)))
    world.case = case


async def comes_so_far(world: World) -> None:
    """The case gets to the moment of the setting, by the hands of a colleague who is no part of it."""
    if world.case is None or world.setting.moment == "waiting":
        return
    case = await _now(world)
    if world.setting.moment == "said later":
        await _said_later(world, case)
        return
    by, now = world.people[COLLEAGUE].id, world.stage.clock.now()
    await world.records(
        Outcome(changed=(acknowledge(case, by, now),), settled=(case.id,), audit=(Act("case acknowledged", case.id, by),))
    )
    if world.setting.moment == "handed on":
        gone = hand_on(await _now(world), "slt", Clock(await _climbs(world), world.school.calendar, now))
        act = Act("case handed on", case.id, by)
        await world.records(Outcome(changed=(gone.case,), notices=gone.notices, replanned=(case.id,), audit=(act,)))
    if world.setting.moment in ("closed", "opened again"):
        done = case_closing.closed(await _now(world), by, How(Ending.DEALT_WITH, WORDS), now)
        await world.records(Outcome(changed=(done.case,), settled=(case.id,), audit=(done.act,)))
    if world.setting.moment == "opened again":
        again = case_closing.opened_again(await _now(world), by, WORDS, now)
        await world.records(Outcome(changed=(again.case,), audit=(again.act,)))


async def _said_later(world: World, case: Case) -> None:
    """Whom it is about turns out only now: they may have had a card, and have read it."""
    now = world.stage.clock.now()
    part = entangled((), await world.store.people.held(), case.concerns | {world.concerned.id})
    gone = past(case, part, world.school.routes[case.matter], Clock(await _climbs(world), world.school.calendar, now))
    act = Act("case concerns", case.id)
    waits = (case.id,) if gone.case.waiting else ()
    await world.records(Outcome(changed=(gone.case,), notices=gone.notices, replanned=waits, audit=(act,)))


async def _now(world: World) -> Case:
    """The case as it stands, which only somebody who may see it can read: here the whole school's clerk of the tests."""
    assert world.case is not None
    found = [one for one in await world.store.own(await _conversation(world, WITNESS)) if one.id == world.case_id]
    return replace(found[0], said=world.case.said)


async def _climbs(world: World):
    return await world.store.climbs(await _conversation(world, WITNESS), world.case_id)
