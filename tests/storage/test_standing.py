"""What the health page goes by: urgent reports that nobody has, and what is late. Numbers, over all schools, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.cases.case import Case, Severity
from flows.cases.notice import Notice, NoticeKind
from storage.kept import Expansion, Person, Recording
from storage.standing import Waits
from storage.store.digests import DAILY
from tests.storage.conftest import HOLD, School, tell_all

WEEK = timedelta(days=7)


def to_the_end(notice: Notice, *more: object) -> Expansion:
    """Tell whoever is on the rung; at the end of the way nobody sent it."""
    return Expansion() if notice.kind is NoticeKind.PHONE else tell_all(notice, *more)


async def climbs(school: School, *, severity: Severity = Severity.HIGH, **how: object) -> Case:
    """A case with two rungs, an hour each, and the end of its way after that."""
    case = replace(school.case(), severity=severity, **how)
    last = Notice(case.id, len(case.rungs), NoticeKind.PHONE, school.now + timedelta(hours=len(case.rungs)))
    await school.store.record(Recording(school.now, opened=(case,), notices=(*school.notices(case), last)), HOLD)
    return case


async def passes(school: School, hours: int) -> Waits:
    """HOURS go by, each with what falls due in it."""
    for _ in range(hours):
        school.tick(hours=1)
        await school.expands(to_the_end)
    return await school.work.waits(school.now)


async def test_a_way_that_was_gone_to_its_end_in_vain_is_counted_until_somebody_has_it(school: School, lead: Person):
    """Not while somebody else is still to be told; and not once one of them says that they have it."""
    case = await climbs(school)
    began = school.now
    await school.expands(to_the_end)
    waits = await passes(school, 1)
    assert (waits.used_up, waits.waiting_since) == (0, began)
    assert (await passes(school, 1)).used_up == 1
    assert (await passes(school, 24 * 8)).used_up == 1, "a week later it is as true as on the first day"
    await school.takes(case, lead)
    assert await school.work.waits(school.now) == Waits()


@pytest.mark.parametrize("how", [{"severity": Severity.MEDIUM}, {"drill": True}], ids=["not urgent", "a drill"])
async def test_what_is_no_alarm_is_not_counted(school: School, lead: Person, how):
    """What can wait until the school opens is in the digest; a drill is in its own table."""
    await climbs(school, **how)
    waits = await passes(school, 3)
    assert (waits.used_up, waits.waiting_since) == (0, None)


async def test_a_report_that_nobody_may_be_told_of_is_an_alarm_for_a_week(school: School, lead: Person):
    """Nobody can ever say that they have it: a page that is red for ever says nothing any more."""
    await climbs(school, rungs=())
    assert (await passes(school, 1)).used_up == 1
    school.tick(days=7)
    assert (await school.work.waits(school.now)).used_up == 0


async def test_a_digest_is_late_on_its_day_and_missed_afterwards(school: School):
    """The next one takes its place."""
    due = school.now + timedelta(hours=1)
    await school.store.digests.plan({(DAILY, "2026-11-23"): due}, school.now)
    assert (await school.work.waits(school.tick(hours=2))).digest_due == due
    assert (await school.work.waits(school.tick(hours=12))).digest_due is None


async def test_when_the_last_drill_was_is_known(school: School, other: School, lead: Person):
    """Of whichever school."""
    assert (await school.work.waits(school.now)).last_drill is None
    await climbs(other, drill=True)
    assert (await school.work.waits(school.now)).last_drill == other.now
