"""What the tests of the store share: a clock that stands still, a store, and short words for what they do all the time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.cases.case import Case, Said, Severity, acknowledge, reference
from flows.cases.notice import Notice, NoticeKind
from storage.database import Database
from storage.kept import Arrival, Due, Expansion, Lease, Letter, Person, Recorded, Recording
from storage.store import Store
from storage.work import Work

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOLD = timedelta(seconds=60)
TOKEN = "this-process"
CHANNELS = ("web", "console")


@dataclass
class School:
    """One school's store with the moment it is looked at, and the few things every test does with it."""

    store: Store
    work: Work
    now: datetime = NOW
    tokens: int = field(default=0)

    def tick(self, **span: float) -> datetime:
        """Let time go by."""
        self.now += timedelta(**span)
        return self.now

    def arrival(self, text: str = "hello", *, sender: str = "parent", key: str | None = None) -> Arrival:
        """A message from SENDER on the web."""
        return Arrival(key or uuid.uuid4().hex, "web", sender, sender, self.now, text)

    async def hears(self, text: str = "hello", *, sender: str = "parent", key: str | None = None) -> Lease:
        """A message that finds its conversation free."""
        new, lease = await self.store.inbox.keep(self.arrival(text, sender=sender, key=key), TOKEN, self.now, HOLD)
        assert new
        assert lease is not None
        return lease

    async def says(self, lease: Lease, *texts: str, **more: object) -> Recorded:
        """Record the message LEASE holds, answered with TEXTS."""
        letters = tuple(Letter(lease.channel, lease.place, text) for text in texts)
        assert lease.next is not None
        return await self.store.record(Recording(self.now, lease=lease, message=lease.next.id, letters=letters, **more), HOLD)

    def case(
        self,
        *,
        reporter: str | None = None,
        concerns: Sequence[Person] = (),
        rungs: tuple[tuple[str, ...], ...] = (("dsl",), ("chair",)),
    ) -> Case:
        """A new case, not yet recorded."""
        return Case(
            id=uuid.uuid4().hex,
            reference=reference(),
            matter="contact_pupil_to_staff",
            severity=Severity.MEDIUM,
            opened_at=self.now,
            rungs=rungs,
            refs=("8",),
            steps=("Do not answer.",),
            said=(Said("What happened?", "a friend request", "what"),),
            reporter=reporter,
            concerns=frozenset(person.id for person in concerns),
        )

    def notices(self, case: Case, every: timedelta = timedelta(hours=1)) -> tuple[Notice, ...]:
        """One notice for each rung of CASE."""
        return tuple(Notice(case.id, rung, NoticeKind.PUSH, self.now + every * rung) for rung in range(len(case.rungs)))

    async def opens(self, case: Case, **more: object) -> Case:
        """Record CASE with a notice for each rung, and read it as it stands."""
        await self.store.record(Recording(self.now, opened=(case,), notices=self.notices(case), **more), HOLD)
        return case

    async def expands(self, resolve=None, limit: int = 50) -> int:
        """Carry out the notices that are due."""
        return await self.work.expand(self.now, limit, resolve or tell_all)

    async def pushes(self, limit: int = 50) -> tuple[Due, ...]:
        """Claim the pushes that are due, as a process of its own."""
        self.tokens += 1
        return await self.work.claim_pushes(f"outbox-{self.tokens}", CHANNELS, self.now, limit, HOLD)

    async def replies(self, limit: int = 50) -> tuple[Due, ...]:
        """Claim the replies that are due, as a process of its own."""
        self.tokens += 1
        return await self.work.claim_replies(f"outbox-{self.tokens}", CHANNELS, self.now, limit, HOLD)

    async def takes(self, case: Case, person: Person) -> Case:
        """PERSON acknowledges CASE."""
        taken = acknowledge(case, person.id, self.now)
        await self.store.record(Recording(self.now, changed=(taken,), settled=(case.id,)), HOLD)
        return replace(taken, version=case.version + 1)


def tell_all(notice: Notice, school: str, case: Case, holders: tuple[Person, ...], told: frozenset[str]) -> Expansion:
    """The simplest resolve: everybody on the rung who was not told before, at their best place."""
    chosen = [person for person in holders if person.id not in told and person.id not in case.concerns and person.places]
    return Expansion(pushes=tuple((person.id, *person.places[0]) for person in chosen), climb_now=not chosen)


@pytest.fixture
def school(database: Database) -> School:
    """A school's store on either database."""
    return School(Store(database, "rosebrook"), Work(database))


@pytest.fixture
def other(database: Database) -> School:
    """Another school in the same database."""
    return School(Store(database, "trent"), Work(database))


@pytest.fixture
async def lead(school: School) -> Person:
    """Holds the role of the first rung."""
    return await school.store.people.add("Lead", ("dsl",), (("web", "lead"),), at=NOW)


@pytest.fixture
async def deputy(school: School) -> Person:
    """Holds two roles, the first rung's among them."""
    return await school.store.people.add("Deputy", ("dsl", "deputy_dsl"), (("web", "deputy"),), at=NOW)


@pytest.fixture
async def chair(school: School) -> Person:
    """Holds the role of the second rung."""
    return await school.store.people.add("Chair", ("chair",), (("web", "chair"),), at=NOW)
