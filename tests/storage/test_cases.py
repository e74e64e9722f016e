"""Cases: recorded whole or not at all, and read only through the eyes of one person."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from flows.cases.case import Said, Severity, Status, acknowledge
from flows.cases.notice import Notice, NoticeKind
from storage.kept import Act, Addition, Letter, Overtaken, Person, Recording, ToReporter, Unknown
from tests.storage.conftest import HOLD, School


async def told(school: School, *people: Person) -> None:
    """Carry out what is due, and send it."""
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)


async def test_a_case_comes_back_as_it_was_recorded(school: School, lead: Person) -> None:
    """Every field survives, with the questions as they were asked and the answers as they were given."""
    lease = await school.hears()
    case = school.case(reporter=lease.conversation)
    recorded = await school.says(lease, opened=(case,), notices=school.notices(case))
    assert recorded.references == (case.reference,)
    await told(school, lead)
    assert await school.store.seen_by(lead).by_id(case.id) == case
    assert await school.store.seen_by(lead).by_reference(case.reference) == case
    assert await school.store.seen_by(lead).open() == (case,)


async def test_nobody_sees_nothing(school: School, lead: Person) -> None:
    """Somebody the school does not know sees no case, by whatever way they ask."""
    case = await school.opens(school.case())
    await told(school, lead)
    nobody = school.store.seen_by(None)
    assert (await nobody.open(), await nobody.mine(), await nobody.by_id(case.id), await nobody.by_reference(case.reference)) == (
        (),
        (),
        None,
        None,
    )


async def test_only_who_was_told_sees_a_case(school: School, lead: Person, chair: Person) -> None:
    """Holding a role is not enough: the chair sees it when it has climbed to the chair."""
    case = await school.opens(school.case())
    assert await school.store.seen_by(lead).open() == ()
    await told(school, lead)
    assert await school.store.seen_by(lead).open() == (case,)
    assert await school.store.seen_by(chair).open() == ()
    school.tick(hours=1)
    await told(school, chair)
    assert await school.store.seen_by(chair).open() == (case,)


async def test_whoever_it_is_about_loses_it_in_every_way(school: School, lead: Person, deputy: Person) -> None:
    """Told, and even holding it: once the case concerns them, nothing shows it to them."""
    case = await school.opens(school.case())
    await told(school, lead, deputy)
    held = await school.takes(case, lead)
    await school.store.record(Recording(school.now, changed=(replace(held, concerns=frozenset({lead.id})),)), HOLD)
    eyes = school.store.seen_by(lead)
    assert (await eyes.open(), await eyes.mine(), await eyes.by_id(case.id), await eyes.by_reference(case.reference)) == (
        (),
        (),
        None,
        None,
    )
    assert await school.store.seen_by(deputy).by_id(case.id) is not None


async def test_whoever_it_concerns_stays_concerned(school: School, lead: Person, deputy: Person) -> None:
    """Recording a case that was read without its concerns lets nobody back in."""
    case = await school.opens(school.case(concerns=(lead,)))
    await told(school, deputy)
    await school.store.record(Recording(school.now, changed=(replace(case, concerns=frozenset()),)), HOLD)
    found = await school.store.seen_by(deputy).by_id(case.id)
    assert found is not None
    assert found.concerns == {lead.id}


async def test_whoever_holds_a_case_sees_it_among_theirs(school: School, lead: Person, chair: Person) -> None:
    """Taken, it is no longer open but in the holder's list, until it is closed."""
    case = await school.opens(school.case())
    await told(school, lead)
    held = await school.takes(case, lead)
    assert await school.store.seen_by(lead).mine() == (held,)
    assert await school.store.seen_by(lead).open() == ()
    assert await school.store.seen_by(chair).mine() == ()
    await school.store.record(Recording(school.now, changed=(replace(held, status=Status.CLOSED),)), HOLD)
    assert await school.store.seen_by(lead).mine() == ()


async def test_a_withdrawn_push_shows_nothing(school: School, lead: Person, deputy: Person) -> None:
    """Somebody whose push was never sent, because another took the case first, does not see it."""
    case = await school.opens(school.case())
    await school.expands()
    await school.takes(case, lead)
    assert await school.store.seen_by(deputy).by_id(case.id) is None


async def test_the_most_urgent_open_case_comes_first(school: School, lead: Person) -> None:
    """Immediate before medium, then the longest waiting."""
    first = await school.opens(school.case())
    school.tick(minutes=1)
    second = await school.opens(school.case())
    urgent = await school.opens(replace(school.case(), severity=Severity.IMMEDIATE))
    await told(school, lead)
    assert [case.id for case in await school.store.seen_by(lead).open()] == [urgent.id, first.id, second.id]


async def test_a_case_that_moved_is_not_overwritten(school: School, lead: Person, deputy: Person) -> None:
    """Two people acknowledge at once: one of them is told to look again, and nothing of theirs is written."""
    case = await school.opens(school.case())
    await told(school, lead, deputy)

    async def take(person: Person) -> bool:
        act = Act("case acknowledged", case.id, person.id)
        try:
            await school.store.record(
                Recording(school.now, changed=(acknowledge(case, person.id, school.now),), settled=(case.id,), acts=(act,)), HOLD
            )
        except Overtaken:
            return False
        return True

    assert sorted(await asyncio.gather(take(lead), take(deputy))) == [False, True]
    links = await school.store.audit.links()
    assert [link.act for link in links].count("case acknowledged") == 1


async def test_a_reference_that_is_taken_stops_the_recording(school: School) -> None:
    """Nothing of it is written: the bot decides again with another reference."""
    case = await school.opens(school.case())
    twin = replace(school.case(), reference=case.reference)
    lease = await school.hears()
    with pytest.raises(Overtaken):
        await school.says(lease, "your reference is", opened=(twin,), acts=(Act("case opened", twin.id),))
    assert await school.store.conversations.said_since("web", "parent", 0, 10) == ()
    assert [link.case for link in await school.store.audit.links()] == [case.id]
    await school.says(lease, "again", opened=(school.case(),))


async def test_two_schools_may_draw_the_same_reference(school: School, other: School) -> None:
    """References are unique within a school."""
    case = await school.opens(school.case())
    await other.opens(replace(other.case(), reference=case.reference))


async def test_what_is_added_later_stands_behind_the_report_with_its_time(school: School, lead: Person) -> None:
    """Words added to a case never replace what was said at first."""
    case = await school.opens(school.case())
    school.tick(minutes=3)
    await school.store.record(Recording(school.now, added=(Addition(case.id, (Said("And?", "it happened again"),)),)), HOLD)
    await told(school, lead)
    found = await school.store.seen_by(lead).by_id(case.id)
    assert found is not None
    assert found.said == (*case.said, Said("And?", "it happened again", at=school.now))
    await school.store.record(Recording(school.now, changed=(replace(found, said=()),)), HOLD)
    again = await school.store.seen_by(lead).by_id(case.id)
    assert again is not None
    assert again.said == found.said


async def test_reporters_see_where_their_reports_stand_without_the_words(school: School, lead: Person) -> None:
    """Newest first, and from their own conversation only."""
    lease = await school.hears()
    first = school.case(reporter=lease.conversation, concerns=(lead,))
    await school.says(lease, opened=(first,))
    school.tick(minutes=1)
    second = school.case(reporter=lease.conversation)
    await school.opens(second)
    await school.opens(school.case())
    own = await school.store.own(lease.conversation)
    assert [case.id for case in own] == [second.id, first.id]
    assert all(case.said == () for case in own)
    assert await school.store.own("somewhere else") == ()


async def test_reporters_see_how_far_their_report_has_climbed(school: School, lead: Person) -> None:
    """What was told and what comes next, from the conversation it was sent from; from any other one, nothing."""
    lease = await school.hears()
    case = school.case(reporter=lease.conversation)
    await school.says(lease, opened=(case,), notices=school.notices(case))
    before = await school.store.climbs(lease.conversation, case.id)
    assert [(one.rung, one.told) for one in before] == [(rung, False) for rung in range(len(case.rungs))]
    await told(school, lead)
    after = await school.store.climbs(lease.conversation, case.id)
    assert [one.told for one in after] == [True] + [False] * (len(case.rungs) - 1)
    other = await school.hears(sender="somebody else")
    assert await school.store.climbs(other.conversation, case.id) == ()


async def test_word_to_the_reporter_goes_where_the_report_came_from(school: School, lead: Person) -> None:
    """Somebody acknowledges in their own conversation; the reporter hears of it in theirs."""
    lease = await school.hears(sender="parent")
    case = school.case(reporter=lease.conversation)
    await school.work.finish_many([(due, "r") for due in (await school.says(lease, "thank you", opened=(case,))).sends], school.now)
    theirs = await school.hears("got it", sender="lead")
    recorded = await school.says(
        theirs, "it is yours", changed=(acknowledge(case, lead.id, school.now),), to_reporters=(ToReporter(case.id, "seen"),)
    )
    assert {(due.place, due.body) for due in recorded.sends} == {("lead", "it is yours"), ("parent", "seen")}


async def test_a_report_from_nowhere_has_nobody_to_write_to(school: School) -> None:
    """A case opened at the desk has no conversation; word to its reporter is no error."""
    case = await school.opens(school.case())
    await school.store.record(Recording(school.now, to_reporters=(ToReporter(case.id, "seen"),)), HOLD)
    assert await school.replies() == ()


@pytest.mark.parametrize("part", ["changed", "added", "settled", "notices", "concerns"])
async def test_a_recording_about_an_unknown_case_or_person_is_refused_whole(school: School, part: str) -> None:
    """Nothing is written, the letter beside it neither."""
    case = school.case()
    parts = {
        "changed": {"changed": (case,)},
        "added": {"added": (Addition(case.id, ()),)},
        "settled": {"settled": (case.id,)},
        "notices": {"notices": (Notice(case.id, 0, NoticeKind.PUSH, school.now),)},
        "concerns": {"opened": (replace(case, concerns=frozenset({"nobody"})),)},
    }
    with pytest.raises(Unknown):
        await school.store.record(Recording(school.now, letters=(Letter("web", "parent", "done"),), **parts[part]), HOLD)
    assert await school.replies() == ()


async def test_acknowledgements_that_cross_do_not_lock_each_other_for_ever(school: School, lead: Person, deputy: Person) -> None:
    """Two people each acknowledge what the other reported, many times over, at once: all of it is recorded."""
    leases = {person.id: await school.hears(sender=person.places[0][1]) for person in (lead, deputy)}
    cases = {person.id: [school.case(reporter=leases[person.id].conversation) for _ in range(15)] for person in (lead, deputy)}
    for person in (lead, deputy):
        await school.says(leases[person.id], opened=tuple(cases[person.id]))

    async def take_all(person: Person, theirs: Person) -> None:
        for case in cases[theirs.id]:
            lease = await school.hears(sender=person.places[0][1])
            await school.says(
                lease,
                changed=(acknowledge(case, person.id, school.now),),
                settled=(case.id,),
                to_reporters=(ToReporter(case.id, "seen"),),
                acts=(Act("case acknowledged", case.id, person.id),),
            )

    await asyncio.gather(take_all(lead, deputy), take_all(deputy, lead))
    assert len(await school.store.seen_by(lead).mine()) == len(await school.store.seen_by(deputy).mine()) == 15
    assert (await school.store.audit.verify()).whole
