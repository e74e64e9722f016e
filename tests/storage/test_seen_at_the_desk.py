"""What the page about people reads, and what it makes, on the real databases."""

from __future__ import annotations

from datetime import timedelta

from storage.kept import Asked, Person, Recording
from storage.staffing import Invited, InviteEnded, Joined, PlaceLinked, Removed
from storage.store.invites import GOOD_FOR, Waiting, new_code
from storage.store.persons import Reached
from tests.storage.conftest import HOLD, School


async def changes(school: School, *wishes: object) -> None:
    """WISHES, in one transaction."""
    await school.store.record(Recording(school.now, people=wishes), HOLD)


async def test_an_invitation_made_by_a_decision_is_one_like_any_other(school: School, lead: Person, chair: Person) -> None:
    """It takes the place of an earlier one, is listed until it is used or over, and its code opens it."""
    await school.store.invites.make(lead.id, at=school.now, channel="web")
    code = new_code()
    await changes(school, Invited(lead.id, code, None, chair.id))
    assert await school.store.invites.waiting(school.now) == (Waiting(lead.id, school.now + GOOD_FOR, None, chair.id),)
    assert await school.store.invites.waiting(school.now + GOOD_FOR) == ()
    found = await school.store.invites.find(code, "web", school.now)
    assert found is not None
    assert found.given_by == chair.id
    await changes(school, Joined(lead.id, "web", "phone", found.key))
    assert await school.store.invites.waiting(school.now) == ()


async def test_an_invitation_that_is_ended_opens_nothing(school: School, lead: Person, chair: Person) -> None:
    """Those of others go on."""
    mine, theirs = new_code(), new_code()
    await changes(school, Invited(lead.id, mine), Invited(chair.id, theirs, "web"))
    await changes(school, InviteEnded(lead.id, chair.id))
    assert await school.store.invites.find(mine, "web", school.now) is None
    assert [one.person for one in await school.store.invites.waiting(school.now)] == [chair.id]
    acts = [one.act for one in await school.store.audit.links(limit=100)]
    assert acts[-3:] == ["person invited", "person invited", "invitation ended"]


async def test_where_people_are_reached_is_said_by_channel_only(school: School, lead: Person) -> None:
    """Best first, with whether a code was shown there, and whether it counts at all; nobody who left is among them."""
    code = new_code()
    await changes(school, PlaceLinked(lead.id, "email", "lead@school.example"), Invited(lead.id, code))
    found = await school.store.invites.find(code, "web", school.now)
    assert found is not None
    await changes(school, Joined(lead.id, "web", "phone", found.key))
    mine = [one for one in await school.store.people.reached() if one.person == lead.id]
    assert mine == [
        Reached(lead.id, "web", verified=False, counts=True),
        Reached(lead.id, "email", verified=False, counts=False),
        Reached(lead.id, "web", verified=True, counts=True),
    ]
    await changes(school, Removed(lead.id))
    assert not [one for one in await school.store.people.reached() if one.person == lead.id]


async def test_when_questions_were_asked_in_vain_is_read_in_their_order(school: School) -> None:
    """What was answered for sure, and helped, is not among them; nor what came before or after."""
    first = school.now
    for asked in (Asked("parent", "no"), Asked("parent", "yes", helpful=True), Asked("staff", "yes", helpful=False)):
        await school.store.record(Recording(school.now, asked=asked), HOLD)
        school.tick(hours=1)
    hour = timedelta(hours=1)
    read = school.store.figures.asked_in_vain
    assert await read(first, school.now) == (first, first + 2 * hour)
    assert await read(first + hour, school.now) == (first + 2 * hour,)
    assert await read(first, first + 2 * hour) == (first,)
