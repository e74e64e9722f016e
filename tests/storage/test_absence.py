"""Who is away, who is told in their place, and what waits for them: on the real databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.cases.notice import NoticeKind
from storage.climbing import Resolve
from storage.kept import Expansion, Person, Recording, Unknown
from storage.staffing import CameBack, WentAway
from tests.storage.conftest import HOLD, School, tell_all

DAY = timedelta(days=1)


async def changes(school: School, *wishes) -> None:
    """Record WISHES as one decision."""
    await school.store.record(Recording(school.now, people=wishes), HOLD)


async def holders(school: School) -> tuple[Person, ...]:
    """Whoever is handed to the decision on a case that falls due now."""
    found: list[tuple[Person, ...]] = []

    def look(notice, name, case, people, told) -> Expansion:
        found.append(people)
        return Expansion()

    await school.opens(school.case(rungs=(("dsl",),)))
    await school.expands(look)
    return found[0]


async def test_an_absence_has_a_beginning_and_an_end(school: School, lead: Person) -> None:
    """Whole, as it was entered; and it is over when it is over."""
    stands = await school.store.people.add("Other", ("office",), at=school.now)
    await changes(school, WentAway(lead.id, school.now + 3 * DAY, school.now + DAY, stands.id))
    found = await school.store.people.by_id(lead.id)
    assert found is not None
    assert (found.away_from, found.away_until, found.stands_in) == (school.now + DAY, school.now + 3 * DAY, stands.id)
    assert [found.is_away(school.now + n * DAY) for n in range(4)] == [False, True, True, False]
    await changes(school, CameBack(lead.id))
    found = await school.store.people.by_id(lead.id)
    assert found is not None
    assert (found.away_from, found.away_until, found.stands_in) == (None, None, None)


async def test_who_stands_in_comes_with_whoever_is_away(school: School, lead: Person) -> None:
    """While they are away, and not before or after."""
    stands = await school.store.people.add("Other", ("office",), (("web", "other"),), at=school.now)
    await changes(school, WentAway(lead.id, school.now + 3 * DAY, school.now + DAY, stands.id))
    for day, instead in enumerate((None, stands.id, stands.id, None)):
        (holder,) = await holders(school)
        assert holder.id == lead.id
        assert (holder.stand_in and holder.stand_in.id) == instead, day
        school.tick(days=1)


async def test_who_lost_every_role_stands_in_for_nobody(school: School, lead: Person) -> None:
    """Whoever left in the meantime is told nothing in another's place either."""
    stands = await school.store.people.add("Other", ("office",), (("web", "other"),), at=school.now)
    await changes(school, WentAway(lead.id, school.now + DAY, None, stands.id))
    await school.store.people.take_role(stands.id, "office", at=school.now)
    (holder,) = await holders(school)
    assert holder.stand_in is None


async def test_who_was_given_a_role_later_does_not_stand_in_for_what_is_older(school: School, lead: Person) -> None:
    """Otherwise an absence would open what a new role does not."""
    await school.opens(school.case(rungs=(("dsl",),)))
    stands = await school.store.people.add("New", ("office",), (("web", "new"),), at=school.tick(minutes=1))
    await changes(school, WentAway(lead.id, school.now + DAY, None, stands.id))
    found: list[tuple[Person, ...]] = []
    await school.expands(lambda notice, name, case, people, told: found.append(people) or Expansion())
    assert [one.stand_in for one in found[0]] == [None]
    school.tick(minutes=1)
    (holder,) = await holders(school)
    assert holder.stand_in is not None


async def test_nobody_stands_in_for_themselves_or_without_a_role(school: School, lead: Person, other: School) -> None:
    """Nor does somebody of another school; nothing is written then."""
    nobody = await school.store.people.add("Nobody", at=school.now)
    theirs = await other.store.people.add("Theirs", ("dsl",), at=other.now)
    for wrong in (lead.id, nobody.id, theirs.id, "none"):
        with pytest.raises(Unknown):
            await changes(school, WentAway(lead.id, school.now + DAY, None, wrong))
    found = await school.store.people.by_id(lead.id)
    assert found is not None
    assert found.away_until is None


def skipping(school: School) -> Resolve:
    """Tells everybody who is there; those who are not are looked for when they are back."""

    def decide(notice, name, case, people, told) -> Expansion:
        away = tuple(one.away_until for one in people if one.is_away(school.now) and one.id not in told)
        there = tuple(one for one in people if not one.is_away(school.now))
        found = tell_all(notice, name, case, there, told)
        return Expansion(found.pushes, climb_now=notice.kind is NoticeKind.PUSH and not there, back_at=away)

    return decide


async def everything_due(school: School) -> None:
    """Carry out what is due, and what that makes due."""
    while await school.expands(skipping(school)):
        pass


@pytest.mark.parametrize("early", [True, False])
async def test_what_still_waits_is_told_on_return(school: School, lead: Person, chair: Person, early: bool) -> None:
    """On the day, or sooner if they say so: what nobody has taken, once; and the next rung did not wait for it."""
    await changes(school, WentAway(lead.id, school.now + 2 * DAY))
    waits, has = await school.opens(school.case()), await school.opens(school.case())
    await everything_due(school)
    assert len(await school.store.seen_by(chair).open()) == 2
    await school.takes(has, chair)
    school.tick(days=1)
    assert await school.expands(skipping(school)) == 0
    if early:
        await changes(school, CameBack(lead.id))
    else:
        school.tick(days=1)
    await everything_due(school)
    assert [case.id for case in await school.store.seen_by(lead).open()] == [waits.id]
    school.tick(days=2)
    await everything_due(school)
    assert len([due for due in await school.pushes() if due.place == "lead"]) == 1
