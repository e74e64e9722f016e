"""A case is planned anew while its old plan is being carried out: nobody is passed over, whichever of the two is faster."""

from dataclasses import replace

import pytest

from flows.cases.notice import Notice, NoticeKind
from storage.kept import Overtaken, Person, Recording
from tests.storage.conftest import HOLD, School


async def test_what_was_told_meanwhile_is_noticed_and_the_plan_is_made_anew(school: School, lead: Person, chair: Person) -> None:
    """Somebody decides while the second rung is still to be told. It is told before they are done: they have to look again."""
    case = await school.opens(school.case())
    await school.expands()
    plan = _plan(school, case.id, 1)
    school.tick(hours=2)
    assert await school.expands() == 1
    with pytest.raises(Overtaken):
        await school.store.record(plan, HOLD)
    assert {due.person for due in await school.pushes()} == {lead, chair}
    await school.store.record(replace(_plan(school, case.id, 2), at=school.now), HOLD)


async def test_a_plan_that_is_faster_takes_the_place_of_what_was_due(school: School, lead: Person, chair: Person) -> None:
    """The second rung is due, and nobody has got to it: the new plan names it again, and it is told once."""
    case = await school.opens(school.case())
    await school.expands()
    school.tick(hours=2)
    await school.store.record(_plan(school, case.id, 1), HOLD)
    assert await school.expands() == 1
    assert [due.person for due in await school.pushes()] == [lead, chair]


def _plan(school: School, case: str, rung: int) -> Recording:
    """RUNG is told now, in the place of whatever was still to be said."""
    notice = Notice(case, rung, NoticeKind.PUSH, school.now)
    return Recording(school.now, notices=(notice,), replanned=(case,))
