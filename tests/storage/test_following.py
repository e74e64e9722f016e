"""Coming back to a report by its reference and its secret code, on the real databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Ending, Status
from flows.cases.retention import Retention
from storage.kept import Code, Person, Recording, Unknown
from storage.tables import ReportCode, table
from tests.storage.conftest import HOLD, School

SECRET = "BCDFGHJKMN"
AT_ONCE = Retention(dict.fromkeys((*Ending, ""), 0))


async def sent(school: School, **more: object) -> Case:
    """A report from a parent's page, whose code is SECRET."""
    lease = await school.hears()
    case = school.case(reporter=lease.conversation, **more)
    await school.says(lease, "thank you", opened=(case,), notices=school.notices(case), codes=(Code(case.id, SECRET),))
    return case


async def elsewhere(school: School) -> str:
    """The conversation of another browser."""
    return (await school.hears(sender="another browser")).conversation


async def test_reference_and_code_open_the_report_from_anywhere(school: School):
    """What they open can be asked about as if it had been sent from there, and nothing that was written comes along."""
    case, here = await sent(school), await elsewhere(school)
    assert await school.store.own(here) == ()
    key = await school.store.following.opens(case.reference, SECRET)
    assert key is not None
    keys = frozenset({key})
    (found,) = await school.store.own(here, keys)
    assert (found.id, found.said) == (case.id, ())
    assert len(await school.store.climbs(here, case.id, keys)) == 2
    assert await school.store.due(here, case.id, Calendar(), keys) is None
    assert await school.store.climbs(here, case.id) == ()


@pytest.mark.parametrize("code", ["", "BCDFGHJKMP", SECRET.lower(), SECRET[:-1]])
async def test_another_code_opens_nothing(school: School, code: str):
    """Nor does the code of another report, or a reference that nobody has."""
    case, other = await sent(school), await school.opens(school.case(), codes=())
    assert await school.store.following.opens(case.reference, code) is None
    assert await school.store.following.opens(other.reference, SECRET) is None
    assert await school.store.following.opens("SP-22222", SECRET) is None


async def test_only_a_keyed_digest_is_stored(school: School):
    """Whoever reads the database learns no code, and cannot try one out without the key."""
    await sent(school)
    rows = await school.store._database.read(lambda session: session.connection().execute(sa.select(table(ReportCode))).all())
    assert len(rows) == 1
    assert SECRET not in repr(rows)
    assert SECRET not in repr(Code("case", SECRET))


async def test_whoever_it_is_about_is_opened_nothing_by_the_right_code(school: School, lead: Person):
    """They may have found the code on a sheet of paper: to them it is one that never was, then and later."""
    case = await sent(school, concerns=(lead,))
    here = await elsewhere(school)
    assert await school.store.following.opens(case.reference, SECRET, lead.id) is None
    key = await school.store.following.opens(case.reference, SECRET)
    assert key is not None
    assert await school.store.own(here, frozenset({key}), lead.id) == ()
    assert await school.store.climbs(here, case.id, frozenset({key}), lead.id) == ()


async def test_a_report_that_comes_to_be_about_somebody_is_closed_to_them(school: School, lead: Person):
    """What they followed until then is gone from their page."""
    case, here = await sent(school), await elsewhere(school)
    key = await school.store.following.opens(case.reference, SECRET, lead.id)
    assert key is not None
    assert len(await school.store.own(here, frozenset({key}), lead.id)) == 1
    await school.store.record(Recording(school.now, changed=(replace(case, concerns=frozenset({lead.id})),)), HOLD)
    assert await school.store.own(here, frozenset({key}), lead.id) == ()


async def test_a_purged_report_is_opened_by_nothing(school: School):
    """Its code goes with its words."""
    case = await sent(school)
    key = await school.store.following.opens(case.reference, SECRET)
    closed = replace(case, status=Status.CLOSED, closed_at=school.now, ending=Ending.NO_ACTION)
    await school.store.record(Recording(school.now, changed=(closed,), settled=(case.id,)), HOLD)
    school.tick(days=400)
    assert await school.store.keeping.purge(case.id, AT_ONCE, school.now + timedelta(days=1))
    assert await school.store.following.opens(case.reference, SECRET) is None
    assert await school.store.own(await elsewhere(school), frozenset({key})) == ()


async def test_a_code_is_kept_with_its_report_or_not_at_all(school: School, other: School):
    """No code for another school's report, and none that takes the place of the first."""
    case = await sent(school)
    theirs = await other.opens(other.case())
    with pytest.raises(Unknown):
        await school.store.record(Recording(school.now, codes=(Code(theirs.id, SECRET),)), HOLD)
    await school.store.record(Recording(school.now, codes=(Code(case.id, "ANOTHER"),)), HOLD)
    assert await school.store.following.opens(case.reference, "ANOTHER") is None
    assert await school.store.following.opens(case.reference, SECRET) is not None
