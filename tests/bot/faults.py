"""A report on its way up, a platform that fails on demand, and the judge who looks at all of it in the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot import wording, wording_sent
from bot.messages import Address, Reply
from flows.cases.acts import Doing
from flows.cases.case import Case, Said, Severity, reference
from flows.cases.clocks import notices
from flows.cases.past import Clock, past
from flows.cases.routing import Route, entangled
from storage.kept import Act, Due, Link, Person, Recording
from storage.store.cases import load
from storage.store.scope import Scope
from tests.fakes import MONDAY, FakeChannel, HandClock
from tests.talk import Talk, settings, talking

HOLD = timedelta(seconds=60)
# Four steps, one person each.
LADDER = ("Lead", "Deputy", "Head", "Chair")
ROUTE = Route("bullying_of_pupil", to=("dsl",), climb=(("deputy_dsl",), ("headteacher",), ("chair",)))
RUNGS = (("dsl",), ("deputy_dsl",), ("headteacher",), ("chair",))
REPORTER = "Parent"
PHONE = wording_sent.PHONE.partition("{ring}")[0]
SEEN = wording_sent.SEEN.partition("{when}")[0]


@dataclass
class Platform(FakeChannel):
    """Can lose the answer to what it showed, and hold what is sent to one person until it is let go."""

    loses_answers: int = 0
    held: dict[str, asyncio.Event] = field(default_factory=dict)

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        if to.place in self.held:
            await self.held[to.place].wait()
        receipt = await super().send(to, reply, key)
        if self.loses_answers:
            self.loses_answers -= 1
            raise ConnectionResetError
        return receipt


@dataclass
class Stage:
    """One school, one report, and whoever may be told of it."""

    talk: Talk
    people: dict[str, Person]
    case: Case | None = None

    @property
    def platform(self) -> Platform:
        """What everybody is reached through."""
        assert isinstance(self.talk.channel, Platform)
        return self.talk.channel

    @property
    def now(self) -> datetime:
        return self.talk.clock.now()

    @property
    def store(self):
        return self.talk.app.stores[self.talk.school]

    @property
    def calendar(self):
        return self.talk.app.schools[self.talk.school].calendar

    async def opens(self, severity: Severity = Severity.HIGH) -> Case:
        """A parent's report that waits for one after the other. What is due by now has been done as far as it can be."""
        await self.talk.send(REPORTER, "hello")
        await self.talk.settled()
        vault = self.talk.app.database.vault
        conversation = vault.look_up("conversation", self.talk.school, self.platform.name, REPORTER, REPORTER)
        self.case = Case(
            id=f"case-{reference('X')}", reference=reference(), matter=ROUTE.matter, severity=severity, opened_at=self.now,
            rungs=RUNGS, said=(Said("What happened?", "zqx", "happened"),), reporter=conversation,
        )  # fmt: skip
        made = notices(self.case, self.calendar, self.now)
        acts = (Act(Doing.OPENED, self.case.id),)
        await self.store.record(Recording(self.now, opened=(self.case,), notices=made, acts=acts), HOLD)
        await self.talk.settled()
        return self.case

    async def stands(self) -> Case:
        """The case as it is now."""
        assert self.case is not None
        which, vault = sa.literal_column("id") == self.case.id, self.talk.app.database.vault
        (case,) = await self.talk.app.database.read(lambda session: load(Scope.of(session, vault, self.talk.school), which))
        return case

    async def concerns(self, name: str) -> None:
        """It turns out that the report is about NAME."""
        case = await self.stands()
        part = entangled((), await self.store.people.held(), {self.people[name].id})
        assert case.reporter is not None
        clock = Clock(await self.store.climbs(case.reporter, case.id), self.calendar, self.now)
        gone = past(case, part, ROUTE, clock)
        replanned = (case.id,) if gone.case.waiting else ()
        await self.store.record(Recording(self.now, changed=(gone.case,), notices=gone.notices, replanned=replanned), HOLD)

    async def acknowledges(self, *names: str) -> None:
        """NAMES press the button on their card, at the same moment."""
        cards = [self.talk[name].button(wording.ACKNOWLEDGE) for name in names]
        await asyncio.gather(
            *(
                self.talk.send(name, choice.value, about=card.about, pressed=True)
                for name, (card, choice) in zip(names, cards, strict=True)
            )
        )
        await self.talk.settled()

    async def passes(self, *, steps: int, **span: float) -> None:
        """Let time go by, in so many STEPS."""
        for _ in range(steps):
            await self.talk.passes(**span)

    def told(self) -> list[str]:
        """Who was shown a card that asks for them, in that order, each once."""
        asked = (one.to.place for one in self.platform.sent if one.reply.title.endswith(wording.NEEDS_YOU.partition("}")[2]))
        return list(dict.fromkeys(asked))

    def told_at(self, name: str) -> datetime:
        """When NAME was first shown the card."""
        return next(one.at for one in self.platform.sent if one.to.place == name and one.reply.title)

    def heard(self, text: str, name: str = REPORTER) -> int:
        """How often NAME was told TEXT of this case: repeats of one send count once."""
        assert self.case is not None
        words = text.format(reference=self.case.reference)
        return len({one.key for one in self.platform.sent if one.to.place == name and words in one.reply.text})

    async def judged(self, *, holder: str | None, repeats: int = 0) -> str:
        """Nothing is lost and nobody has it twice; a line for the table. Where nobody has it, the reporter is told to phone."""
        case, links = await self.stands(), await self._links()
        acts = Counter(link.act for link in links)
        assert case.holder == (self.people[holder].id if holder else None)
        assert acts[Doing.ACKNOWLEDGED] == self.heard(SEEN) == int(holder is not None)
        assert sum(self.heard(wording.ACKNOWLEDGED.partition(" Press")[0], name) for name in LADDER) == int(holder is not None)
        assert self.heard(PHONE) == int(holder is None)
        again = len(self.platform.sent) - len({one.key for one in self.platform.sent})
        assert again <= repeats
        by_key: dict[str, set[tuple[str, Reply]]] = {}
        for one in self.platform.sent:
            by_key.setdefault(one.key, set()).add((one.to.place, one.reply))
        assert all(len(things) == 1 for things in by_key.values()), "a repeat says what was said at first"
        assert (await self.store.audit.verify()).whole
        at_last = f"{holder} has it" if holder else f"{REPORTER} is told to phone"
        return f"told {', '.join(self.told())}; {at_last}; {again} repeated"

    async def _links(self) -> Sequence[Link]:
        assert self.case is not None
        return [link for link in await self.store.audit.links(limit=500) if link.case == self.case.id]

    @asynccontextmanager
    async def resolved_only(self) -> AsyncIterator[None]:
        """Who is told is decided, and nobody sends it yet: whoever should is slow, or has died."""
        claim = self.talk.app.work.claim_pushes

        async def nothing(*_: object, **__: object) -> tuple[Due, ...]:
            return ()

        self.talk.app.work.claim_pushes = nothing  # type: ignore[method-assign]  # on this one object
        yield
        self.talk.app.work.claim_pushes = claim  # type: ignore[method-assign]
        await self.talk.settled()

    @asynccontextmanager
    async def in_flight(self, name: str) -> AsyncIterator[None]:
        """What is sent to NAME is on the line, and the platform has not taken it yet."""
        self.platform.held[name] = asyncio.Event()
        yield
        self.platform.held.pop(name).set()
        await self.talk.settled()


@asynccontextmanager
async def staged(folder: Path, start: datetime = MONDAY) -> AsyncIterator[Stage]:
    """A school where nothing has been reported yet."""
    clock = HandClock(start)
    async with talking(settings(folder), clock, Platform(clock=clock)) as talk:
        people = {person.name: person for person in await talk.app.stores[talk.school].people.list()}
        yield Stage(talk, people)
