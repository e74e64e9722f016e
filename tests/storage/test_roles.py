"""Roles that somebody else confirms, roles that are lost, and what each of them opens: on the real databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Status
from flows.cases.notice import NoticeKind
from storage.kept import Expansion, Overtaken, Person, Recording, ToPerson, ToRoles
from storage.staffing import Holding, RoleConfirmed, RoleGiven, RoleRefused, RoleTaken
from storage.store.roles import NotByThem
from tests.storage.conftest import HOLD, School, tell_all

LEADING = ("headteacher", "dsl", "chair")


@pytest.fixture
async def head(school: School) -> Person:
    """Leads the school, from the beginning."""
    return await school.store.people.add("Head", ("headteacher",), (("web", "head"),), at=school.now)


async def changes(school: School, *wishes, **more: object) -> None:
    """Record WISHES as one decision."""
    await school.store.record(Recording(school.now, people=wishes, **more), HOLD)


async def newcomer(school: School, role: str = "dsl") -> tuple[Person, Holding]:
    """Somebody who is given ROLE once there are reports."""
    person = await school.store.people.add("New", ("staff",), (("web", "new"),), at=school.tick(minutes=1))
    await school.store.people.give_role(person.id, role, at=school.tick(minutes=1))
    return person, next(one for one in await school.store.people.holdings() if (one.person, one.role) == (person.id, role))


async def told(school: School, person: Person) -> set[str]:
    """The references of the cases that PERSON may see."""
    return {case.reference for case in await school.store.seen_by(await fresh(school, person)).open()}


async def fresh(school: School, person: Person) -> Person:
    """PERSON as they are now."""
    found = await school.store.people.by_id(person.id)
    assert found is not None
    return found


async def sends(school: School) -> list[tuple[str, str]]:
    """Send every card that is due; to whom, and what kind."""
    dues = await school.pushes()
    await school.work.finish_many([(due, "r") for due in dues], school.now)
    return [(due.place, due.kind) for due in dues]


async def test_a_role_is_confirmed_at_once_until_the_first_report(school: School, lead: Person) -> None:
    """While a school is set up there is nothing to read. From its first report on a new role waits, for whoever it is."""
    assert await school.store.people.set_up() is False
    assert (await fresh(school, lead)).unconfirmed == frozenset()
    await school.opens(school.case())
    assert await school.store.people.set_up() is True
    person, holding = await newcomer(school)
    assert (await fresh(school, person)).unconfirmed == {"dsl", "staff"}
    assert (holding.given_by, holding.confirmed_at) == (None, None)


async def test_a_drill_is_no_report(school: School) -> None:
    """A school may rehearse before everybody is entered."""
    await school.opens(replace(school.case(), drill=True))
    assert await school.store.people.set_up() is False


async def test_what_was_decided_before_the_first_report_is_not_written_after_it(school: School, lead: Person) -> None:
    """Whoever was told “confirmed at once” finds it so, or nothing is written at all."""
    await school.opens(school.case())
    with pytest.raises(Overtaken):
        await changes(school, RoleGiven(lead.id, "chair", confirmed=True))
    assert (await fresh(school, lead)).roles == ("dsl",)


async def test_an_unconfirmed_role_opens_new_reports_only(school: School, lead: Person) -> None:
    """One from before it is not pushed through it, whenever its rung falls due; one from after it is."""
    before = await school.opens(school.case())
    person, _ = await newcomer(school)
    await school.expands()
    assert await told(school, person) == set()
    school.tick(minutes=1)
    after = await school.opens(school.case())
    await school.expands()
    assert await told(school, person) == {after.reference}
    assert await told(school, lead) == {before.reference, after.reference}


async def test_nobody_is_told_on_the_word_of_whoever_it_is_about(school: School, lead: Person, head: Person) -> None:
    """Whom the lead entered may be the lead: until another confirms it, a report about the lead passes them, and no other does."""
    await school.opens(school.case())
    school.tick(minutes=1)
    person = await school.store.people.add("Second self", (), (("web", "second"),), at=school.now)
    given = school.tick(minutes=1)
    await changes(school, RoleGiven(person.id, "chair", by=lead.id))
    school.tick(minutes=1)
    other = await school.opens(school.case(rungs=(("chair",),)))
    about = await school.opens(school.case(rungs=(("chair",), ("headteacher",)), concerns=(lead,)))
    await school.expands()
    await school.expands()
    assert await told(school, person) == {other.reference}
    assert about.reference in await told(school, head)
    await changes(school, RoleConfirmed(person.id, "chair", given, head.id))
    await school.expands()
    assert await told(school, person) == {other.reference, about.reference}


async def test_a_confirmed_role_opens_what_still_waits(school: School, lead: Person, head: Person, chair: Person) -> None:
    """At once, on rungs that were told already: not what somebody has, and nothing before its rung is told."""
    waits, has = await school.opens(school.case()), await school.opens(school.case())
    later = await school.opens(school.case(rungs=(("chair",), ("dsl",))))
    await school.expands()
    await school.takes(has, lead)
    person, holding = await newcomer(school)
    await changes(school, RoleConfirmed(person.id, "dsl", holding.since, head.id))
    await school.expands()
    assert await told(school, person) == {waits.reference}
    assert later.reference not in await told(school, person)
    assert (await fresh(school, person)).unconfirmed == {"staff"}
    (confirmed,) = [one for one in await school.store.people.holdings() if one.person == person.id and one.confirmed]
    assert (confirmed.confirmed_by, confirmed.confirmed_at) == (head.id, school.now)
    school.tick(hours=1)
    await school.expands()
    assert await told(school, person) == {waits.reference, later.reference}


async def test_joining_a_rung_hurries_nobody(school: School, lead: Person, head: Person) -> None:
    """Whoever joins may be told or not: the next rung keeps its time."""
    await school.opens(school.case())
    await school.expands()
    person, holding = await newcomer(school)
    await changes(school, RoleConfirmed(person.id, "dsl", holding.since, head.id))
    kinds = []

    def nobody(notice, *rest) -> Expansion:
        kinds.append(notice.kind)
        return replace(tell_all(notice, *rest), climb_now=True)

    await school.expands(nobody)
    await school.expands(nobody)
    assert kinds == [NoticeKind.JOINED, NoticeKind.PUSH]
    school.tick(minutes=1)
    await school.opens(school.case(rungs=(("dsl",), ("chair",))))
    await school.expands()
    await school.store.people.away(person.id, school.now + timedelta(days=1), at=school.now)
    await school.store.people.away(person.id, None, at=school.now)
    await school.expands(lambda notice, *_: Expansion(climb_now=notice.kind is NoticeKind.PUSH))
    assert await school.expands() == 0


@pytest.mark.parametrize("who", ["themselves", "the giver", "a deputy", "another newcomer"])
async def test_only_another_who_leads_confirms(school: School, lead: Person, head: Person, who: str) -> None:
    """Not the person, not who gave it, not who does not lead, not who was not confirmed themselves; nor may these refuse it."""
    deputy = await school.store.people.add("Deputy", ("deputy_dsl",), at=school.now)
    await school.opens(school.case())
    unsure = await school.store.people.add("Unsure", ("chair",), at=school.tick(minutes=1))
    person = await school.store.people.add("New", (), (("web", "new"),), at=school.now)
    await changes(school, RoleGiven(person.id, "dsl", by=head.id))
    by = {"themselves": person, "the giver": head, "a deputy": deputy, "another newcomer": unsure}[who]
    for wish in (RoleConfirmed, RoleRefused):
        with pytest.raises(NotByThem):
            await changes(school, wish(person.id, "dsl", school.now, by.id))
    await changes(school, RoleConfirmed(person.id, "dsl", school.now, lead.id))


async def test_nobody_gives_themselves_a_role(school: School, lead: Person) -> None:
    """Not even whoever may give one to others."""
    with pytest.raises(NotByThem):
        await changes(school, RoleGiven(lead.id, "headteacher", by=lead.id))


async def test_a_role_is_settled_once(school: School, lead: Person, head: Person) -> None:
    """Confirmed and refused at the same time, one of them holds; a holding that was taken and given again is another one."""
    await school.opens(school.case())
    person, holding = await newcomer(school)
    await changes(school, RoleConfirmed(person.id, "dsl", holding.since, head.id))
    for wish in (RoleConfirmed, RoleRefused):
        with pytest.raises(Overtaken):
            await changes(school, wish(person.id, "dsl", holding.since, lead.id))
    await school.store.people.take_role(person.id, "dsl", at=school.now)
    await school.store.people.give_role(person.id, "dsl", at=school.tick(minutes=1))
    with pytest.raises(Overtaken):
        await changes(school, RoleConfirmed(person.id, "dsl", holding.since, head.id))


async def test_the_line_about_a_change_is_written_with_it_or_not_at_all(school: School, lead: Person, head: Person) -> None:
    """To those who lead the school once it is made, less who is left out, and to the person; a change that fails says nothing."""
    await school.opens(school.case())
    person, holding = await newcomer(school)
    lines = {"to_roles": (ToRoles(LEADING, "one", frozenset({person.id})),), "to_people": (ToPerson(person.id, "two"),)}
    await changes(school, RoleConfirmed(person.id, "dsl", holding.since, head.id), **lines)
    assert sorted((due.place, due.body) for due in await school.replies()) == [("head", "one"), ("lead", "one"), ("new", "two")]
    with pytest.raises(Overtaken):
        await changes(school, RoleConfirmed(person.id, "dsl", holding.since, head.id), **lines)
    assert await school.replies() == ()


@pytest.mark.parametrize("refused", [True, False])
async def test_who_loses_a_role_loses_what_it_told_them(school: School, lead: Person, head: Person, refused: bool) -> None:
    """Every sight of it; a card on a screen is blanked, one still waiting is not sent; what they had goes on to the others."""
    await school.opens(school.case())
    person, holding = await newcomer(school)
    school.tick(minutes=1)
    had, shown, unsent = [await school.opens(school.case()) for _ in range(3)]
    await school.expands()
    (*now, _) = [due for due in await school.pushes() if due.place == "new"]
    await school.work.finish_many([(due, "r") for due in now], school.now)
    had = await school.takes(had, person)
    await school.expands()
    gone = RoleRefused(person.id, "dsl", holding.since, head.id) if refused else RoleTaken(person.id, "dsl")
    await changes(school, gone)
    assert await told(school, person) == set()
    assert await school.store.seen_by(await fresh(school, person)).by_id(had.id) is None
    free = await school.store.seen_by(lead).by_id(had.id)
    assert free is not None
    assert (free.status, free.holder, free.lap) == (Status.OPEN, None, 1)
    school.tick(minutes=2)
    await school.expands()
    cards = await sends(school)
    assert ("new", "push") not in cards
    assert ("new", "blank") in cards
    assert ("lead", "push") in cards
    assert (await school.store.audit.verify()).whole
    assert shown.reference in await told(school, lead)
    assert unsent.reference in await told(school, lead)


async def test_another_role_keeps_what_it_was_told_of(school: School) -> None:
    """Only what the lost role alone opened is lost."""
    both = await school.store.people.add("Both", ("dsl", "chair"), (("web", "both"),), at=school.now)
    mine = await school.opens(school.case(rungs=(("dsl",), ("chair",))))
    other = await school.opens(school.case(rungs=(("dsl",), ("headteacher",))))
    await school.expands()
    assert await told(school, both) == {mine.reference, other.reference}
    await changes(school, RoleTaken(both.id, "dsl"))
    assert await told(school, both) == {mine.reference}


async def test_who_works_there_no_longer_sees_nothing(school: School, lead: Person, deputy: Person) -> None:
    """Neither what they had nor what they were told of, in whatever role."""
    had = await school.opens(school.case())
    await school.expands()
    await school.takes(had, deputy)
    await changes(school, RoleTaken(deputy.id, "dsl"), RoleTaken(deputy.id, "deputy_dsl"))
    eyes = school.store.seen_by(await fresh(school, deputy))
    assert (await eyes.by_id(had.id), await eyes.mine(), await eyes.open()) == (None, (), ())
    await school.expands()
    assert [case.id for case in await school.store.seen_by(lead).open()] == [had.id]


async def test_a_role_taken_by_mistake_is_given_back(school: School, lead: Person, head: Person) -> None:
    """Given again and confirmed, what waits is told once more, as to anybody who joins."""
    case = await school.opens(school.case())
    await school.expands()
    await sends(school)
    await changes(school, RoleTaken(lead.id, "dsl"))
    await sends(school)
    await school.store.people.give_role(lead.id, "dsl", at=school.tick(minutes=1))
    await school.expands()
    assert await told(school, lead) == set()
    (holding,) = [one for one in await school.store.people.holdings() if one.person == lead.id]
    await changes(school, RoleConfirmed(lead.id, "dsl", holding.since, head.id))
    await school.expands()
    assert await told(school, lead) == {case.reference}
    assert ("lead", "push") in await sends(school)


async def test_whom_a_case_is_about_gets_no_sight_of_it_by_losing_and_regaining(school: School, head: Person) -> None:
    """What was blanked because it is about them stays so."""
    lead = await school.store.people.add("Lead", ("dsl",), (("web", "lead"),), at=school.now)
    case: Case = await school.opens(school.case())
    await school.expands()
    await sends(school)
    await school.store.record(Recording(school.now, changed=(replace(case, concerns=frozenset({lead.id})),)), HOLD)
    await changes(school, RoleTaken(lead.id, "dsl"))
    await school.store.people.give_role(lead.id, "dsl", at=school.tick(minutes=1))
    (holding,) = [one for one in await school.store.people.holdings() if one.person == lead.id]
    await changes(school, RoleConfirmed(lead.id, "dsl", holding.since, head.id))
    await school.expands()
    assert await told(school, lead) == set()
    assert ("lead", "push") not in await sends(school)


async def test_what_a_leaver_had_goes_on_by_the_schools_clock(school: School, lead: Person, deputy: Person) -> None:
    """The ladder begins again, with the calendar that comes with the change."""
    case = await school.opens(school.case(rungs=(("deputy_dsl",), ("dsl",))))
    await school.expands()
    await school.takes(case, deputy)
    await changes(school, RoleTaken(deputy.id, "deputy_dsl", calendar=Calendar()), RoleTaken(deputy.id, "dsl"))
    climbs = await school.store.seen_by(lead).climbs(case.id)
    assert climbs == ()  # nobody has told the lead yet
    await school.expands()
    school.tick(days=3)
    await school.expands()
    assert await told(school, lead) == {case.reference}
