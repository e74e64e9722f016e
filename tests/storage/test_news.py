"""Who is told that there is news, when, and never twice before they have looked; on the real databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from flows.cases.case import Case, Ending, Status
from flows.cases.retention import Retention
from storage.kept import Lease, Recording, ToReporter
from storage.tables import NewsAddress, table
from tests.storage.conftest import HOLD, School

ADDRESS = "parent@home.example"
QUARTER = timedelta(minutes=15)
AT_ONCE = Retention(dict.fromkeys((*Ending, ""), 0))


async def sent(school: School, **more: object) -> tuple[Case, Lease]:
    """A report whose sender left an address and has read the receipt."""
    lease = await school.hears()
    case = school.case(reporter=lease.conversation, **more)
    await school.says(lease, "thank you", opened=(case,), news_to=ADDRESS)
    await looks(school)
    return case, lease


async def looks(school: School) -> None:
    """Their page shows everything that was said."""
    lines = await school.store.conversations.said_since("web", "parent", 0, 100)
    await school.store.news.shown("web", "parent", "parent", max(line.id for line in lines))


async def seen(school: School, case: Case) -> None:
    """Something about CASE is said to whoever sent it."""
    await school.store.record(Recording(school.now, to_reporters=(ToReporter(case.id, "it was seen"),)), HOLD)


async def tells(school: School, *, safe: bool = True) -> int:
    """Look whether anybody is to be told."""
    return await school.store.news.tell("there is news", school.now, QUARTER, lambda _: safe)


async def posted(school: School) -> list[tuple[str, str]]:
    """What is on its way by e-mail: to whom, and what."""
    return [(due.place, due.body) for due in await school.work.claim_replies("post", ("email",), school.now, 50, HOLD)]


async def addresses(school: School) -> list[sa.Row]:
    """The rows as they lie there."""
    return await school.store._database.read(lambda session: session.connection().execute(sa.select(table(NewsAddress))).all())


async def test_a_line_that_waits_is_told_of_once_until_they_have_looked(school: School):
    """Not before the quarter of an hour, not for the next line, and again only for what comes after they have looked."""
    case, _ = await sent(school)
    await seen(school, case)
    assert await tells(school) == 0
    school.tick(minutes=16)
    assert await tells(school) == 1
    assert await posted(school) == [(ADDRESS, "there is news")]
    await seen(school, case)
    school.tick(hours=1)
    assert await tells(school) == 0
    await looks(school)
    await seen(school, case)
    school.tick(hours=1)
    assert await tells(school) == 1


async def test_two_processes_tell_once(school: School):
    """Whoever is second finds that it was told."""
    case, _ = await sent(school)
    await seen(school, case)
    school.tick(hours=1)
    assert sorted(await asyncio.gather(*(tells(school) for _ in range(6)))) == [0, 0, 0, 0, 0, 1]
    assert len(await posted(school)) == 1


async def test_what_was_read_is_not_told(school: School):
    """Somebody with the page open needs no e-mail."""
    case, _ = await sent(school)
    await seen(school, case)
    await looks(school)
    school.tick(hours=1)
    assert await tells(school) == 0
    assert await posted(school) == []


async def test_without_a_report_nobody_is_written_to(school: School):
    """An address that was left before a report is no use until there is one: reminders and answers are not news."""
    lease = await school.hears()
    await school.says(lease, "hello", news_to=ADDRESS)
    school.tick(hours=1)
    assert await tells(school) == 0


async def test_an_address_is_destroyed_where_writing_is_not_safe(school: School):
    """Whatever they left before: it is not used, and not kept."""
    case, _ = await sent(school)
    await seen(school, case)
    school.tick(hours=1)
    assert await tells(school, safe=False) == 0
    assert await posted(school) == []
    assert await addresses(school) == []


async def test_the_address_is_sealed(school: School):
    """Whoever reads the database, or a log of what is recorded, learns none."""
    await sent(school)
    assert ADDRESS not in repr(await addresses(school))
    assert ADDRESS.encode() not in (await addresses(school))[0].address
    assert ADDRESS not in repr(Recording(school.now, news_to=ADDRESS))


@pytest.mark.parametrize("wish", ["", "other@home.example"])
async def test_an_address_can_be_changed_and_taken_back(school: School, wish: str):
    """The latest wish counts."""
    case, _ = await sent(school)
    await school.says(await school.hears("another wish"), "all right", news_to=wish)
    await looks(school)
    await seen(school, case)
    school.tick(hours=1)
    assert await tells(school) == (1 if wish else 0)
    assert await posted(school) == ([(wish, "there is news")] if wish else [])


async def test_the_address_goes_with_the_last_report_from_there(school: School):
    """Purged with the report it was left for, unless another one still needs it."""
    case, lease = await sent(school)
    other = await school.opens(school.case(reporter=lease.conversation))
    school.tick(days=400)
    for one in (case, other):
        assert len(await addresses(school)) == 1
        closed = replace(one, status=Status.CLOSED, closed_at=school.now - timedelta(days=300), ending=Ending.NO_ACTION)
        await school.store.record(Recording(school.now, changed=(closed,), settled=(one.id,)), HOLD)
        assert await school.store.keeping.purge(one.id, AT_ONCE, school.now)
    assert await addresses(school) == []


async def test_nothing_is_written_where_nobody_left_an_address(school: School):
    """A page that is looked at costs a reading and no more."""
    lease = await school.hears()
    await school.says(lease, "hello")
    await looks(school)
    assert await addresses(school) == []
