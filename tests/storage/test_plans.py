"""What the loops ask every second must cost the same after a year: only what waits is looked at, never everything ever kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from flows.cases.case import Case
from storage.database import Database
from storage.kept import Person
from tests.storage.conftest import CHANNELS, HOLD, School

GROWING = ("inbox", "reply", "push", "notice", "conversation", "cases", "audit_link")


@contextmanager
def overheard(database: Database) -> Iterator[list[tuple[str, object]]]:
    """Every statement that is run meanwhile, with what was bound to it."""
    heard: list[tuple[str, object]] = []

    def hear(_connection, _cursor, statement, parameters, _context, _many):
        heard.append((statement, parameters))

    engines = (database.engine, database.reader)
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", hear)
    yield heard
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", hear)


async def once_round(school: School) -> None:
    """What the loops of a running bot do, whether or not there is anything to do."""
    await school.work.claim_conversations("loop", school.now, 16, HOLD)
    await school.expands()
    await school.pushes()
    await school.replies()
    await school.work.next_due(CHANNELS)
    await school.work.next_idle(school.now)
    await school.work.claim_idle("loop", school.now, 16, HOLD)
    await school.work.lag(school.now)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_loops_read_no_table_from_end_to_end(database: Database, school: School, lead: Person, chair: Person):
    """On SQLite, which plans without statistics: something of every kind is due, and each look goes through an index."""
    lease = await school.hears()
    await school.says(lease, "one", "two", state="a draft", wake_at=school.now)
    await school.hears(sender="another")
    case: Case = await school.opens(school.case(reporter=lease.conversation))
    school.tick(hours=2)
    with overheard(database) as heard:
        await once_round(school)
    assert len(heard) > 15
    whole = []
    with database.reader.connect() as connection:
        for statement, parameters in heard:
            if statement.startswith(("SELECT", "UPDATE", "WITH")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                steps = [row.detail for row in plan]
                whole += [(step, statement) for step in steps if step in {f"SCAN {name}" for name in GROWING}]
    assert whole == []
    assert case.waiting
