"""The people a school knows."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from storage.kept import Person, Unknown
from storage.store.people import PlaceTaken
from tests.storage.conftest import School


async def test_people_come_back_as_they_were_added(school: School) -> None:
    """Name, roles and places in their order; everybody in the order they came."""
    places = (("slack", "U1"), ("web", "w1"))
    one = await school.store.people.add("One", ("dsl", "headteacher"), places, at=school.now)
    two = await school.store.people.add("Two", at=school.tick(seconds=1))
    assert await school.store.people.list() == (one, two)
    assert (one.name, one.roles, one.places, two.roles) == ("One", ("dsl", "headteacher"), places, ())
    assert await school.store.people.by_id(two.id) == two


async def test_somebody_is_recognised_by_channel_and_place(school: School, lead: Person) -> None:
    """The same place in another channel is somebody else."""
    assert await school.store.people.by_place("web", "lead") == lead
    assert await school.store.people.by_place("slack", "lead") is None
    assert await school.store.people.by_place("web", "parent") is None


async def test_a_place_belongs_to_one_person(school: School, lead: Person, deputy: Person) -> None:
    """Two people with one chat identity could not be told apart: the second is refused, whole."""
    with pytest.raises(PlaceTaken):
        await school.store.people.link(deputy.id, "web", "lead", at=school.now)
    with pytest.raises(PlaceTaken):
        await school.store.people.add("Third", ("dsl",), (("web", "lead"),), at=school.now)
    assert len(await school.store.people.list()) == 2
    assert (await school.store.people.link(lead.id, "web", "lead", at=school.now)).places == lead.places


async def test_a_place_can_be_added_and_taken_away(school: School, lead: Person) -> None:
    """New places come after those somebody has; one taken away is free for another person."""
    assert (await school.store.people.link(lead.id, "slack", "U9", at=school.now)).places == (("web", "lead"), ("slack", "U9"))
    assert (await school.store.people.unlink(lead.id, "web", "lead", at=school.now)).places == (("slack", "U9"),)
    assert await school.store.people.by_place("web", "lead") is None


async def test_roles_are_given_and_taken(school: School, lead: Person) -> None:
    """Holders are whoever has the role now; giving it twice is no matter."""
    await school.store.people.give_role(lead.id, "chair", at=school.now)
    assert set((await school.store.people.give_role(lead.id, "chair", at=school.now)).roles) == {"dsl", "chair"}
    assert [person.id for person in await school.store.people.holders("chair")] == [lead.id]
    assert (await school.store.people.take_role(lead.id, "chair", at=school.now)).roles == ("dsl",)
    assert await school.store.people.holders("chair") == ()


async def test_people_can_be_away_and_come_back(school: School, lead: Person) -> None:
    """Until a moment, or until told otherwise."""
    until = school.now + timedelta(days=7)
    assert (await school.store.people.away(lead.id, until, at=school.now)).away_until == until
    assert (await school.store.people.away(lead.id, None, at=school.now)).away_until is None


async def test_every_change_is_an_act_in_the_audit(school: School, lead: Person) -> None:
    """What was done to whom, and by whom; no name in it."""
    people = school.store.people
    await people.give_role(lead.id, "chair", at=school.now, by="somebody")
    await people.take_role(lead.id, "chair", at=school.now)
    await people.away(lead.id, school.now, at=school.now)
    await people.away(lead.id, None, at=school.now)
    await people.link(lead.id, "slack", "U9", at=school.now)
    await people.unlink(lead.id, "slack", "U9", at=school.now)
    links = await school.store.audit.links()
    assert [link.act for link in links] == [
        "person added",
        "role given",
        "role taken",
        "person away",
        "person back",
        "place linked",
        "place unlinked",
    ]
    assert links[1].person == "somebody"
    assert all(json.loads(link.details or "{}")["person"] == lead.id for link in links)
    assert all("Lead" not in (link.details or "") and "U9" not in (link.details or "") for link in links)


async def test_an_unknown_person_is_refused_with_a_remedy(school: School) -> None:
    """No change is made to somebody who is not there."""
    with pytest.raises(Unknown, match="signpost people list"):
        await school.store.people.give_role("nobody", "dsl", at=school.now)
    assert await school.store.audit.links() == ()


async def test_many_changes_at_once_make_one_whole_chain(school: School) -> None:
    """Thirty people added at the same time: every link in its place."""
    await asyncio.gather(*(school.store.people.add(f"P{n}", ("staff",), (("web", f"p{n}"),), at=school.now) for n in range(30)))
    verdict = await school.store.audit.verify()
    assert (verdict.whole, verdict.links) == (True, 30)
