"""Who was told of a case and how far each card came; what is late; and that what was read cannot be unread."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.cases.acts import Doing
from flows.cases.calendar import Calendar
from flows.cases.case import Case, Status
from flows.cases.notice import Notice, NoticeKind
from flows.cases.telling import Reached
from storage.kept import Act, Expansion, Person, Recording, ToInformed
from tests.storage.conftest import HOLD, School

DAY = Calendar()


async def opened(school: School, **more: object) -> Case:
    """A case that was opened by an act, and pushed to its first rung by acts of their own."""
    case = school.case(**more)
    await school.opens(case, acts=(Act(Doing.OPENED, case.id),))
    await school.expands(tell_and_say_so)
    return case


def tell_and_say_so(notice, school, case, holders, told) -> Expansion:
    """Everybody on the rung, with an act for each."""
    chosen = [one for one in holders if one.id not in told and one.id not in case.concerns]
    acts = tuple(Act(Doing.TOLD, case.id, one.id) for one in chosen)
    return Expansion(pushes=tuple((one.id, *one.places[0]) for one in chosen), acts=acts)


async def did(school: School, case: Case, act: str, person: Person, **more: object) -> None:
    """PERSON does something about CASE."""
    await school.store.record(Recording(school.now, acts=(Act(act, case.id, person.id),), **more), HOLD)


async def test_a_card_comes_as_far_as_something_proves(school: School, lead: Person, deputy: Person):
    """Queued, sent, then seen by whoever opens the case; acknowledged by whoever says so, and by nobody else."""
    case = await opened(school)
    seen = school.store.seen_by(lead)
    assert {one.person: one.reached for one in await seen.told(case.id)} == {lead.id: Reached.QUEUED, deputy.id: Reached.QUEUED}
    pushes = await school.pushes()
    school.tick(minutes=1)
    await school.work.finish_many([(due, "r") for due in pushes], school.now)
    assert {one.reached for one in await seen.told(case.id)} <= {Reached.SENT, Reached.DELIVERED}
    school.tick(minutes=1)
    await did(school, case, Doing.VIEWED, lead)
    by_person = {one.person: one for one in await seen.told(case.id)}
    assert by_person[lead.id].reached is Reached.SEEN
    assert by_person[lead.id].since == school.now
    school.tick(minutes=1)
    taken = await school.takes(case, lead)
    await did(school, taken, Doing.ACKNOWLEDGED, lead)
    by_person = {one.person: one.reached for one in await seen.told(case.id)}
    assert by_person[lead.id] is Reached.ACKNOWLEDGED
    assert by_person[deputy.id] in (Reached.SENT, Reached.DELIVERED)


async def test_each_lap_has_its_own_line_and_what_was_said_in_it(school: School, lead: Person, deputy: Person):
    """The lead acknowledged, handed it on, and was told again; the deputy says that they have it by their first card."""
    case = await opened(school)
    taken = await school.takes(case, lead)
    await did(school, taken, Doing.ACKNOWLEDGED, lead)
    school.tick(minutes=5)
    handed = replace(taken, status=Status.OPEN, holder=None, lap=1, rungs=(("dsl",), ("dsl",)))
    again = (Notice(case.id, 1, NoticeKind.PUSH, school.now),)
    await did(school, case, Doing.HANDED_ON, lead, changed=(handed,), replanned=(case.id,), notices=again)
    await school.store.people.away(deputy.id, school.now + timedelta(days=1), at=school.now)
    await school.expands(tell_and_say_so)
    laps = [(one.lap, one.reached) for one in await school.store.seen_by(lead).told(case.id) if one.person == lead.id]
    assert laps == [(0, Reached.ACKNOWLEDGED), (1, Reached.QUEUED)]


async def test_it_says_the_role_they_were_told_in_and_held_by_then(school: School, lead: Person, deputy: Person):
    """The deputy holds two roles and was told in that of the rung; later changes of roles change nothing of it."""
    case = await opened(school)
    await school.work.finish_many([(due, "r") for due in await school.pushes()], school.now)
    await school.store.people.take_role(deputy.id, "deputy_dsl", at=school.tick(minutes=5))
    await school.store.people.give_role(lead.id, "chair", at=school.now)
    told = {one.person: one.roles for one in await school.store.seen_by(lead).told(case.id)}
    assert told == {lead.id: ("dsl",), deputy.id: ("dsl",)}


async def test_nobody_it_is_about_is_shown_to_anybody_nor_it_to_them(school: School, lead: Person, deputy: Person, chair: Person):
    """Not although they had the card; and whoever was not told is shown nothing at all."""
    case = await opened(school)
    await school.store.record(Recording(school.now, changed=(replace(case, concerns=frozenset({deputy.id})),)), HOLD)
    assert [one.person for one in await school.store.seen_by(lead).told(case.id)] == [lead.id]
    for nobody in (deputy, chair, None):
        eyes = school.store.seen_by(nobody)
        assert await eyes.told(case.id) == ()
        assert await eyes.due(case.id, DAY) is None
        assert await eyes.late(DAY, school.now + timedelta(days=99)) == ()


async def test_what_was_read_before_the_card_came_cannot_be_unread(school: School, lead: Person):
    """The card still waits, is withdrawn when they take the case, and does not come back when they hand it on."""
    case = await opened(school)
    taken = await school.takes(case, lead)
    await did(school, taken, Doing.ACKNOWLEDGED, lead)
    assert await school.pushes() == ()
    open_again = replace(taken, status=Status.OPEN, holder=None, lap=1)
    await did(school, case, Doing.HANDED_ON, lead, changed=(open_again,))
    assert await school.store.seen_by(lead).by_id(case.id) is not None


async def test_whoever_loses_the_role_loses_sight_also_of_what_they_read_before_the_card_came(school: School, lead: Person):
    """They still hold another role, and the card was withdrawn unsent: nothing of the case is left to them."""
    await school.store.people.give_role(lead.id, "office", at=school.now)
    case = await opened(school)
    taken = await school.takes(case, lead)
    await did(school, taken, Doing.ACKNOWLEDGED, lead)
    await did(school, case, Doing.HANDED_ON, lead, changed=(replace(taken, status=Status.OPEN, holder=None, lap=1),))
    person = await school.store.people.take_role(lead.id, "dsl", at=school.now)
    eyes = school.store.seen_by(person)
    assert (await eyes.by_id(case.id), await eyes.told(case.id), await eyes.open()) == (None, (), ())


async def test_a_card_that_was_withdrawn_unread_gives_no_sight(school: School, lead: Person, deputy: Person):
    """Whoever was to be told and was not, because somebody was faster, knows nothing of it and is not among those who were."""
    case = await opened(school)
    taken = await school.takes(case, lead)
    await did(school, taken, Doing.ACKNOWLEDGED, lead)
    assert await school.store.seen_by(deputy).by_id(case.id) is None
    assert deputy.id not in {one.person for one in await school.store.seen_by(lead).told(case.id)}


async def test_late_is_counted_from_the_last_step(school: School, lead: Person):
    """Nobody took it within the school day; then it is held, and late again after five school days without a step."""
    case = await opened(school)
    eyes = school.store.seen_by(lead)
    due = await eyes.due(case.id, DAY)
    assert due is not None
    assert await eyes.late(DAY, due - timedelta(seconds=1)) == ()
    assert [one.id for one in await eyes.late(DAY, due)] == [case.id]
    school.tick(days=1)
    taken = await school.takes(case, lead)
    await did(school, taken, Doing.ACKNOWLEDGED, lead)
    assert await eyes.late(DAY, due) == ()
    first = await eyes.due(case.id, DAY)
    school.tick(days=2)
    await did(school, case, Doing.NOTE, lead)
    assert await eyes.due(case.id, DAY) > first
    assert [one.id for one in await eyes.late(DAY, school.now + timedelta(days=30))] == [case.id]
    await school.store.record(Recording(school.now, changed=(replace(taken, status=Status.CLOSED),)), HOLD)
    assert await eyes.late(DAY, school.now + timedelta(days=30)) == ()


async def test_a_line_about_a_case_goes_to_the_one_it_is_for_and_never_to_whom_it_is_about(
    school: School, lead: Person, deputy: Person
):
    """Both were told; the deputy is part of it since."""
    case = await opened(school)
    hidden = replace(case, concerns=frozenset({deputy.id}))
    lines = (ToInformed(case.id, lead.id, "for the lead"), ToInformed(case.id, deputy.id, "for nobody"))
    await school.store.record(Recording(school.now, changed=(hidden,), to_informed=lines), HOLD)
    assert [(one.place, one.body) for one in await school.replies()] == [("lead", "for the lead")]
