"""What only the page of a case asks of the store: what was opened around the same time, and whether its reader sent it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.kept import Recording, RepeatedForm
from tests.storage.conftest import HOLD

DAY = timedelta(days=1)


async def test_around_a_moment_are_the_cases_that_this_person_may_see(school, lead, deputy):
    """Not what is further off, and nothing of one that concerns them."""
    early = await school.opens(school.case())
    school.tick(days=5)
    one, other = await school.opens(school.case()), await school.opens(school.case())
    hidden = await school.opens(school.case(concerns=(lead,)))
    await school.expands()
    moment = one.opened_at
    seen = {case.id for case in await school.store.seen_by(lead).around(moment, DAY, 9)}
    assert seen == {one.id, other.id}
    assert {case.id for case in await school.store.seen_by(lead).around(moment, 6 * DAY, 9)} == {early.id, one.id, other.id}
    assert hidden.id in {case.id for case in await school.store.seen_by(deputy).around(moment, DAY, 9)}
    nearest = await school.store.seen_by(lead).around(moment, 6 * DAY, 2)
    assert {case.id for case in nearest} == {one.id, other.id}, "of many, the nearest"
    assert await school.store.seen_by(None).around(moment, DAY, 9) == ()


async def test_whoever_sent_a_report_is_known_by_any_place_of_theirs(school, lead, deputy):
    """The lead sent it from their chat; the deputy did not; of a case that is hidden from them nobody learns who sent it."""
    lease = await school.hears(sender="lead")
    case = await school.opens(school.case(reporter=lease.conversation))
    hidden = await school.opens(school.case(reporter=lease.conversation, concerns=(lead,)))
    await school.expands()
    assert await school.store.seen_by(lead).sent(case.id)
    assert not await school.store.seen_by(deputy).sent(case.id)
    assert not await school.store.seen_by(lead).sent(hidden.id)
    assert not await school.store.seen_by(None).sent(case.id)


async def test_a_form_is_known_once_it_was_carried_out(school, lead):
    """Not before, and not by the number of another; a second time it is refused."""
    forms = school.store.sign_ins
    assert not await forms.carried_out("one")
    await school.store.record(Recording(school.now, once="one"), HOLD)
    assert await forms.carried_out("one")
    assert not await forms.carried_out("two")
    with pytest.raises(RepeatedForm):
        await school.store.record(Recording(school.now, once="one"), HOLD)
