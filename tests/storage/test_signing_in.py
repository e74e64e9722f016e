"""Signing in to the desk, on the real databases: links that work once, browsers that are forgotten, forms carried out once."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.kept import Person, Recording, RepeatedForm, SignIn, Unknown
from storage.staffing import Removed
from storage.store.signing_in import AT_MOST, GOOD_FOR, IDLE, SIGNED_IN, SIGNED_OUT
from storage.tables import DeskForm, DeskSession, Row, table
from storage.tables import SignIn as SignInRow
from tests.storage.conftest import HOLD, School

MINUTE = timedelta(minutes=1)


async def rows(school: School, of: type[Row]) -> list[dict[str, object]]:
    """Every row of that table."""
    found = sa.select(table(of))
    return await school.store._database.read(lambda session: [dict(one) for one in session.connection().execute(found).mappings()])


async def signs_in(school: School, person: Person) -> str:
    """What the browser of PERSON holds once they used their link."""
    sign_ins = school.store.sign_ins
    used = await sign_ins.use(await sign_ins.make(person.id, school.now), school.now)
    assert used is not None
    assert used[1].id == person.id
    return used[0]


async def test_a_link_works_once_also_when_two_browsers_use_it_at_the_same_moment(school: School, lead: Person):
    """Whoever comes second is not signed in, and what is kept of the link tells nobody how to use one."""
    sign_ins = school.store.sign_ins
    code = await sign_ins.make(lead.id, school.now)
    kept = await rows(school, SignInRow)
    assert code not in json.dumps(kept, default=str)
    used = await asyncio.gather(*(sign_ins.use(code, school.now) for _ in range(4)))
    assert sum(one is not None for one in used) == 1
    assert await sign_ins.use(code, school.now) is None
    assert len(await rows(school, DeskSession)) == 1


async def test_a_link_ends_after_ten_minutes_and_when_a_newer_one_is_asked_for(school: School, lead: Person):
    """A link in an old message opens nothing."""
    sign_ins = school.store.sign_ins
    late = await sign_ins.make(lead.id, school.now)
    assert await sign_ins.use(late, school.now + GOOD_FOR) is None
    older, newer = await sign_ins.make(lead.id, school.now), await sign_ins.make(lead.id, school.now)
    assert await sign_ins.use(older, school.now) is None
    assert await sign_ins.use(newer, school.now + GOOD_FOR - MINUTE) is not None
    assert await sign_ins.use("anything", school.now) is None


async def test_a_link_can_come_with_a_decision(school: School, lead: Person):
    """The bot answers “desk” with a link: both are written together, and only for somebody the school knows."""
    wish = SignIn(lead.id, "c" * 43, school.now)
    await school.store.record(Recording(school.now, sign_ins=(wish,)), HOLD)
    assert await school.store.sign_ins.use("c" * 43, school.now) is not None
    assert "ccc" not in repr(wish)
    with pytest.raises(Unknown):
        await school.store.record(Recording(school.now, sign_ins=(SignIn("nobody", "d", school.now),)), HOLD)


async def test_a_browser_is_forgotten_when_it_is_left_alone_and_at_the_latest_after_a_day_at_work(school: School, lead: Person):
    """Half an hour without a page ends it; so do eight hours, however busy they were."""
    sign_ins, token, began = school.store.sign_ins, await signs_in(school, lead), school.now
    assert await sign_ins.signed_in(token, began + IDLE) is None
    moment = began
    while moment < began + AT_MOST:
        found = await sign_ins.signed_in(token, moment)
        assert found is not None
        assert found.id == lead.id
        moment += IDLE - MINUTE
    assert await sign_ins.signed_in(token, began + AT_MOST) is None
    assert await sign_ins.signed_in("somebody else's", began) is None


async def test_signing_in_and_out_is_in_the_audit(school: School, lead: Person):
    """By whom and when, each once."""
    token = await signs_in(school, lead)
    await school.store.sign_ins.sign_out(token, school.tick(minutes=5))
    await school.store.sign_ins.sign_out(token, school.tick(minutes=5))
    assert await school.store.sign_ins.signed_in(token, school.now) is None
    acts = [(link.act, link.person) for link in await school.store.audit.links() if "desk" in link.act]
    assert acts == [(SIGNED_IN, lead.id), (SIGNED_OUT, lead.id)]


async def test_whoever_leaves_the_school_is_signed_in_nowhere(school: School, lead: Person):
    """Neither with a browser that is open nor with a link that was not used yet."""
    token = await signs_in(school, lead)
    code = await school.store.sign_ins.make(lead.id, school.now)
    await school.store.record(Recording(school.now, people=(Removed(lead.id),)), HOLD)
    assert await school.store.sign_ins.signed_in(token, school.now) is None
    assert await school.store.sign_ins.use(code, school.now) is None


async def test_a_form_is_carried_out_once_with_everything_it_changes(school: School):
    """A second tap is told so and changes nothing; after a day the number is forgotten."""
    first = Recording(school.now, once="form 1", opened=(school.case(),))
    await school.store.record(first, HOLD)
    with pytest.raises(RepeatedForm):
        await school.store.record(Recording(school.now, once="form 1", opened=(school.case(),)), HOLD)
    assert len(await rows(school, DeskForm)) == 1
    await school.store.record(Recording(school.tick(days=2), once="form 2"), HOLD)
    assert len(await rows(school, DeskForm)) == 1


async def test_nothing_of_a_session_or_a_link_can_be_read_back(school: School, lead: Person):
    """Whoever has the database can sign in nowhere."""
    token = await signs_in(school, lead)
    code = await school.store.sign_ins.make(lead.id, school.now)
    kept = json.dumps([await rows(school, DeskSession), await rows(school, SignInRow)], default=str)
    assert token not in kept
    assert code not in kept
