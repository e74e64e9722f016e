"""The nights: what was kept as long as the school keeps it is destroyed, by the school's own clock and nobody's hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import retention, schools
from bot.retention import Nights, last_night, sweep
from flows.cases.case import Case, Ending
from flows.cases.closing import close
from flows.cases.retention import DAYS, Retention
from storage.database import Database
from storage.kept import Asked, Recording
from storage.store import Store
from storage.store.keeping import Keeping
from storage.vault import CannotOpen
from storage.work import Work
from tests.fakes import HandClock
from tests.storage.conftest import HOLD, School

ROSEBROOK = schools.load("rosebrook")
SUMMER = datetime(2026, 7, 1, 0, 30, tzinfo=UTC)  # half past one at the school


@pytest.fixture
def school(database: Database) -> School:
    """A school's store on either database."""
    return School(Store(database, "rosebrook"), Work(database))


async def ended(school: School, ending: Ending = Ending.MISTAKE) -> Case:
    """A case that is closed."""
    case = await school.opens(school.case())
    closed = close(case, "lead", ending, school.now)
    await school.store.record(Recording(school.now, changed=(closed,), settled=(case.id,)), HOLD)
    return case


async def stubs(school: School) -> int:
    """How often the audit says that words were destroyed."""
    return [link.act for link in await school.store.audit.links(limit=10_000)].count("case purged")


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (SUMMER, "2026-06-30"),
        (SUMMER + timedelta(minutes=30), "2026-07-01"),
        (datetime(2026, 12, 1, 1, 59, tzinfo=UTC), "2026-11-30"),
        (datetime(2026, 12, 1, 2, 0, tzinfo=UTC), "2026-12-01"),
    ],
)
def test_a_night_begins_at_two_by_the_schools_clock(now: datetime, night: str) -> None:
    """In summer that is an hour earlier by the clock of the machine."""
    assert last_night(ROSEBROOK, now).isoformat() == night


async def test_a_night_destroys_what_is_due_and_no_more(school: School) -> None:
    """Cases by their outcome, the words of questions, and old messages, each after its own days."""
    lease = await school.hears("an old message")
    recorded = await school.says(lease, "an old answer", asked=Asked("parent", "no", words="an old question"))
    await school.work.finish_many([(due, "r") for due in recorded.sends], school.now)
    await ended(school)
    await ended(school, Ending.REFERRED)
    for days, left in ((29, 0), (1, 1)):
        assert await sweep(ROSEBROOK, school.store, school.tick(days=days)) == left
    school.tick(days=1)
    await sweep(ROSEBROOK, school.store, school.now)
    assert await school.store.conversations.transcript("web", "parent", "parent", 9) == ()
    assert (await school.store.questions.in_vain(school.now - timedelta(days=999)))[0].words == "an old question"
    await sweep(ROSEBROOK, school.store, school.tick(days=150))
    assert (await school.store.questions.in_vain(school.now - timedelta(days=999)))[0].words is None
    assert await stubs(school) == 1
    assert (await school.store.audit.verify()).whole


async def test_more_than_one_batch_goes_in_one_night(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much there is."""
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        await ended(school)
    assert await sweep(ROSEBROOK, school.store, school.tick(days=31)) == 5


async def test_one_case_that_does_not_open_holds_up_no_other(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is logged and tried again the next night; the others go tonight."""
    broken, _, _ = await ended(school), await ended(school), await ended(school)
    monkeypatch.setattr(retention, "BATCH", 1)
    purge = Keeping.purge

    async def fails(self: Keeping, case: str, *args: object) -> bool:
        if case == broken.id:
            raise CannotOpen("reply", "body", "1", "it was changed")
        return await purge(self, case, *args)

    monkeypatch.setattr(Keeping, "purge", fails)
    assert await sweep(ROSEBROOK, school.store, school.tick(days=31)) == 2
    assert await school.store.keeping.due(ROSEBROOK.retention, school.now, 9) == (broken.id,)


async def test_it_runs_at_the_start_and_then_every_night_once(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was missed while the machine was off is made up for; a database that is away does not end the loop."""
    clock = HandClock(school.now)
    swept: asyncio.Queue[datetime] = asyncio.Queue()

    async def count(known: object, store: object, now: datetime) -> int:
        swept.put_nowait(now)
        if now == school.now and swept.qsize() == 1:
            raise OSError("away")
        return 0

    monkeypatch.setattr(retention, "sweep", count)
    monkeypatch.setattr(retention, "POLL", 0.001)
    monkeypatch.setattr(retention, "AGAIN", 0.001)
    task = asyncio.create_task(Nights({"rosebrook": ROSEBROOK}, {"rosebrook": school.store}, clock).run())
    for nights in range(3):
        await asyncio.sleep(0.05)
        # The first of them twice, for its first attempt failed; each other once.
        assert swept.qsize() == nights + 2
        clock.tick(days=1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_two_bots_share_a_night(school: School) -> None:
    """Both sweep at the same moment: each case becomes a stub once."""
    for _ in range(4):
        await ended(school)
    later = school.tick(days=31)
    done = await asyncio.gather(*(sweep(ROSEBROOK, school.store, later) for _ in range(2)))
    assert sum(done) == 4
    assert await stubs(school) == 4
    assert (await school.store.audit.verify()).whole


def test_a_school_sets_its_own_days(own) -> None:
    """In school.toml, by outcome, as days or until it was transferred; what it does not set stays as we suggest."""
    folder = own("[calendar]", '[retention]\nreferred = 100\nadvice = "until transferred"\ntransferred = 7\n\n[calendar]')
    kept = schools.load("hill", folder).retention
    assert kept == replace(Retention(), days={**DAYS, "referred": 100, "advice": None}, transferred=7)


@pytest.mark.parametrize("line", ["referred = 0", 'referred = "for ever"', "messages = 0", "refered = 3"])
def test_days_that_cannot_be_meant_are_refused(own, line: str) -> None:
    """A slip must not destroy anything: the message names the key."""
    key = line.split(" ", maxsplit=1)[0]
    with pytest.raises(schools.SchoolError, match=rf"retention\.{key}"):
        schools.load("hill", own("[calendar]", f"[retention]\n{line}\n\n[calendar]"))
