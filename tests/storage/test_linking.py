"""Cases that belong together: a link is there once, seen from both ends by whoever may see both, and by nobody else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from flows.cases.acts import OTHER, Doing
from flows.cases.case import Case, Status
from storage.kept import Act, Person, Recording, Unknown
from storage.tables import CaseLink, table
from tests.storage.conftest import HOLD, School

LINK = table(CaseLink)


async def pushed(school: School, count: int = 2) -> list[Case]:
    """Some cases that whoever holds the first rung was told of."""
    cases = [await school.opens(school.case()) for _ in range(count)]
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)
    return cases


async def link(school: School, one: Case, other: Case, person: Person) -> None:
    """PERSON links the two, and the record of both says so."""
    acts = tuple(
        Act(Doing.LINKED, here.id, person.id, json.dumps({OTHER: there.id})) for here, there in ((one, other), (other, one))
    )
    await school.store.record(Recording(school.now, linked=((one.id, other.id),), acts=acts), HOLD)


async def concerns(school: School, case: Case, person: Person) -> None:
    """CASE turns out to be about PERSON."""
    about = replace(case, concerns=frozenset({person.id}), status=Status.OPEN)
    await school.store.record(Recording(school.now, changed=(about,)), HOLD)


async def links(school: School) -> int:
    """How many rows there are."""
    count = sa.select(sa.func.count()).select_from(LINK)
    return await school.store._database.read(lambda session: session.connection().execute(count).scalar())


async def others(school: School, case: Case, person: Person) -> list[str]:
    """What PERSON sees linked with CASE."""
    return [one.reference for one in await school.store.seen_by(person).linked(case.id)]


async def told(school: School, case: Case, person: Person) -> list[object]:
    """What the history of CASE says of links to PERSON."""
    history = await school.store.seen_by(person).history(case.reference)
    assert history is not None
    return [dict(one.details) for one in history.happened if one.act in (Doing.LINKED, Doing.UNLINKED) and one.details is not None]


async def test_a_link_is_one_row_seen_from_both_ends(school, lead):
    """Whichever way round it is made, and however often."""
    one, two, three = await pushed(school, 3)
    await link(school, one, two, lead)
    await link(school, two, one, lead)
    await link(school, three, one, lead)
    assert await links(school) == 2
    assert sorted(await others(school, one, lead)) == sorted([two.reference, three.reference])
    assert await others(school, two, lead) == [one.reference]


async def test_a_link_taken_away_is_gone_whichever_way_round(school, lead):
    """Twice is harmless; other links stay."""
    one, two, three = await pushed(school, 3)
    await link(school, one, two, lead)
    await link(school, one, three, lead)
    for _ in range(2):
        await school.store.record(Recording(school.now, unlinked=((two.id, one.id),)), HOLD)
    assert await others(school, one, lead) == [three.reference]


async def test_whoever_one_of_the_two_concerns_sees_no_link(school, lead, deputy):
    """Neither among the linked nor in the history of the one that they may see; for everybody else nothing changes."""
    one, two = await pushed(school)
    await link(school, one, two, lead)
    await concerns(school, two, deputy)
    assert await others(school, one, deputy) == []
    assert await others(school, two, deputy) == []
    assert await told(school, one, deputy) == []
    assert await told(school, one, lead) == [{"with": two.reference}]
    assert await told(school, two, lead) == [{"with": one.reference}]


async def test_whoever_was_never_told_of_the_other_sees_no_link(school, lead, chair):
    """The chair holds the one case, and was told of nothing else."""
    one, two = await pushed(school)
    await link(school, one, two, lead)
    await school.takes(one, chair)
    assert await others(school, one, chair) == []
    assert await told(school, one, chair) == []


async def test_a_link_that_was_taken_away_stays_in_the_history_of_those_who_may_see_both(school, lead, chair):
    """The record is never written over, and what it says is still filtered."""
    one, two = await pushed(school)
    await link(school, one, two, lead)
    gone = Act(Doing.UNLINKED, one.id, lead.id, json.dumps({OTHER: two.id}))
    await school.store.record(Recording(school.now, unlinked=((one.id, two.id),), acts=(gone,)), HOLD)
    await school.takes(one, chair)
    assert await told(school, one, lead) == [{"with": two.reference}] * 2
    assert await told(school, one, chair) == []


async def test_the_id_of_the_other_case_leaves_the_store_for_nobody(school, lead):
    """Whoever may see it reads its reference."""
    one, two = await pushed(school)
    await link(school, one, two, lead)
    history = await school.store.seen_by(lead).history(one.reference)
    assert history is not None
    assert two.id not in str([dict(entry.details or {}) for entry in history.happened])


async def test_details_that_are_gone_tell_of_no_link(school, lead):
    """After a purge nobody can say which case it was, so that nobody is told that there was one."""
    one, two = await pushed(school)
    await link(school, one, two, lead)
    await school.store.audit.purge(one.id, school.now)
    assert await told(school, one, lead) == []


async def test_the_chain_holds_with_links_in_it(school, lead):
    """What readers are not shown is in the chain all the same."""
    one, two = await pushed(school)
    await link(school, one, two, lead)
    assert (await school.store.audit.verify()).whole


@pytest.mark.parametrize("way", ["linked", "unlinked"])
async def test_nothing_is_linked_across_schools(school, other, lead, way):
    """A pair with another school's case in it is refused whole."""
    (one,) = await pushed(school, 1)
    (theirs,) = await pushed(other, 1)
    with pytest.raises(Unknown):
        await school.store.record(Recording(school.now, **{way: ((one.id, theirs.id),)}), HOLD)
    assert await links(school) == 0
