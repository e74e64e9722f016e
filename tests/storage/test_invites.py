"""Invitations, and those who leave the school: on the real databases."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.case import ALPHABET, Case, Status, acknowledge
from storage.kept import Overtaken, Person, Recording, ToPerson, Unknown
from storage.staffing import Joined, Removed, WentAway
from storage.store.invites import GOOD_FOR, LETTERS, SPELT, spelt
from storage.tables import Invite, table
from tests.storage.conftest import HOLD, School

CODES = st.text(ALPHABET, min_size=LETTERS, max_size=LETTERS)


async def joins(school: School, person: Person, key: str, place: str = "phone") -> None:
    """Whoever sits at PLACE shows the code with KEY and says yes."""
    await school.store.record(Recording(school.now, people=(Joined(person.id, "web", place, key),)), HOLD)


async def key_for(school: School, person: Person, **more: object) -> str:
    """The key of a new invitation for PERSON."""
    code = await school.store.invites.make(person.id, at=school.now, **more)
    found = await school.store.invites.find(code, more.get("channel") or "web", school.now)
    assert found is not None
    return found.key


async def removes(school: School, person: Person, **more: object) -> None:
    """PERSON leaves."""
    await school.store.record(Recording(school.now, people=(Removed(person.id),), **more), HOLD)


async def told_and_taken(school: School, person: Person, **more: object) -> Case:
    """A case that PERSON was told of and has acknowledged."""
    case = await school.opens(school.case(**more))
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)
    return await school.takes(case, person)


# --- codes ---


@given(CODES, st.sampled_from(["", "-", " ", "–", " - "]), st.booleans())
def test_a_code_is_the_same_however_it_is_typed(code: str, between: str, small: bool) -> None:
    """In small letters, with a hyphen or a blank in the middle, as phones write them."""
    typed = f" {code[:5]}{between}{code[5:]} "
    assert spelt(typed.lower() if small else typed) == code


async def test_only_a_keyed_digest_is_stored(school: School, lead: Person) -> None:
    """Whoever copies the database finds no code in it: not in the row, not in the audit."""
    code = await school.store.invites.make(lead.id, at=school.now)
    assert SPELT.fullmatch(code)
    rows = await school.store._database.read(
        lambda session: [dict(row) for row in session.connection().execute(sa.select(table(Invite))).mappings()]
    )
    assert [row["person_id"] for row in rows] == [lead.id]
    assert code not in str(rows)
    links = await school.store.audit.links()
    assert json.loads(links[-1].details or "") == {"person": lead.id, "channel": "any"}
    assert code not in str(links)


async def test_it_is_good_for_three_days_once_and_where_it_was_meant_for(school: School, lead: Person) -> None:
    """Any other way there is no such invitation."""
    invites = school.store.invites
    code = await invites.make(lead.id, at=school.now, channel="telegram")
    assert await invites.find(code, "web", school.now) is None
    assert await invites.find(code, "telegram", school.now + GOOD_FOR) is None
    found = await invites.find(code.lower(), "telegram", school.now + GOOD_FOR - timedelta(seconds=1))
    assert found is not None
    assert found.person == lead
    with pytest.raises(Overtaken):
        await joins(school, lead, found.key)  # shown elsewhere than it was meant for
    school.tick(days=3)
    with pytest.raises(Overtaken):
        await school.store.record(Recording(school.now, people=(Joined(lead.id, "telegram", "phone", found.key),)), HOLD)
    assert (await school.store.people.by_id(lead.id)).places == lead.places


async def test_a_new_invitation_ends_the_one_before(school: School, lead: Person, deputy: Person) -> None:
    """Of the same person only."""
    before, others = await key_for(school, lead), await key_for(school, deputy)
    await key_for(school, lead)
    assert await school.store.invites.by_key(before, "web", school.now) is None
    assert await school.store.invites.by_key(others, "web", school.now) is not None


async def test_a_colleagues_code_ends_once_they_are_known_anywhere(school: School, lead: Person) -> None:
    """Used later, it would make whoever kept it somebody else of the school. One from the command line stays."""
    for by, stays in ((lead.id, False), (None, True)):
        person = await school.store.people.add("New", ("dsl",), at=school.tick(minutes=1))
        code = await school.store.invites.make(person.id, at=school.now, by=by)
        await school.store.people.link(person.id, "web", f"new of {by}", at=school.now)
        assert (await school.store.invites.find(code, "telegram", school.now) is not None) is stays


async def test_of_two_who_show_one_code_at_once_one_is_linked(school: School, lead: Person) -> None:
    """Nothing of the other's decision is written."""
    key = await key_for(school, lead)
    ends = await asyncio.gather(*(joins(school, lead, key, place) for place in ("one", "two")), return_exceptions=True)
    assert sorted(type(end) for end in ends if end is not None) == [Overtaken]
    assert len((await school.store.people.by_id(lead.id)).places) == 2


async def test_a_place_that_is_somebody_elses_by_then_leaves_the_code_unused(school: School, lead: Person, deputy: Person) -> None:
    """The decision is made anew, and can say so."""
    key = await key_for(school, lead)
    with pytest.raises(Overtaken):
        await joins(school, lead, key, "deputy")
    assert await school.store.invites.by_key(key, "web", school.now) is not None
    assert (await school.store.people.by_place("web", "deputy")).id == deputy.id


async def test_the_code_of_one_makes_nobody_else(school: School, lead: Person, deputy: Person) -> None:
    """However the wish came about."""
    key = await key_for(school, lead)
    with pytest.raises(Overtaken):
        await joins(school, deputy, key)


async def test_a_place_that_was_shown_is_known_as_such(school: School, lead: Person) -> None:
    """The others were entered for them; nobody from elsewhere can be invited."""
    await joins(school, lead, await key_for(school, lead))
    assert await school.store.invites.verified(lead.id) == {("web", "phone")}
    with pytest.raises(Unknown):
        await school.store.invites.make("nobody", at=school.now)


# --- leaving ---


async def test_whoever_leaves_is_nobody_anywhere(school: School, lead: Person, deputy: Person) -> None:
    """No role, no place, no invitation, and nobody's stand-in; the name stays for the records."""
    key = await key_for(school, lead)
    away = WentAway(deputy.id, school.now + timedelta(days=3), None, lead.id)
    await school.store.record(Recording(school.now, people=(away,)), HOLD)
    await removes(school, lead)
    gone = await school.store.people.by_id(lead.id)
    assert (gone.name, gone.roles, gone.places) == ("Lead", (), ())
    assert await school.store.people.by_place("web", "lead") is None
    assert await school.store.invites.by_key(key, "web", school.now) is None
    assert (await school.store.people.by_id(deputy.id)).stands_in is None
    links = await school.store.audit.links()
    assert links[-1].act == "person removed"
    assert json.loads(links[-1].details or "") == {"person": lead.id, "roles": ["dsl"], "channels": ["web"]}
    assert (await school.store.audit.verify()).whole


async def test_what_they_had_goes_on_and_is_out_of_their_sight(school: School, lead: Person, chair: Person) -> None:
    """The case is nobody's again, its clock begins anew, their card is blanked where it lies, and they see nothing."""
    case = await told_and_taken(school, lead, rungs=(("dsl",), ("chair",)))
    await removes(school, lead)
    gone = await school.store.people.by_id(lead.id)
    assert await school.store.seen_by(gone).mine() == ()
    assert await school.store.seen_by(gone).by_reference(case.reference) is None
    edits = [due for due in await school.pushes() if due.kind == "blank"]
    assert [(due.person.id, due.place) for due in edits if due.person] == [(lead.id, "lead")]
    for _ in range(4):
        school.tick(hours=3)
        await school.expands()
    (on,) = await school.store.seen_by(chair).open()
    assert (on.id, on.status, on.holder) == (case.id, Status.OPEN, None)
    assert not any(due.place == "lead" and due.kind == "push" for due in await school.pushes())


async def test_what_waits_for_them_is_not_sent(school: School, lead: Person) -> None:
    """Neither a card nor a line said unasked; an answer to what they said themselves is."""
    await school.opens(school.case(rungs=(("dsl",),)))
    await school.expands()
    body, answer = json.dumps({"text": "unasked", "anywhere": True}), json.dumps({"text": "an answer"})
    await school.store.record(Recording(school.now, to_people=(ToPerson(lead.id, body), ToPerson(lead.id, answer))), HOLD)
    await removes(school, lead)
    assert await school.pushes() == ()
    assert [due.body for due in await school.replies()] == [answer]


async def test_a_case_about_whoever_leaves_stays_hidden_from_them(school: School, deputy: Person, lead: Person) -> None:
    """And is not touched."""
    case = await school.opens(school.case(rungs=(("dsl",),), concerns=(deputy,)))
    await removes(school, deputy)
    gone = await school.store.people.by_id(deputy.id)
    assert await school.store.seen_by(gone).by_reference(case.reference) is None
    assert acknowledge(case, lead.id, school.now).holder == lead.id


async def test_they_can_leave_twice_and_come_again(school: School, lead: Person) -> None:
    """A place that was theirs is free, for them or for somebody else."""
    await removes(school, lead)
    await removes(school, lead)
    other = await school.store.people.add("Other", ("dsl",), (("web", "lead"),), at=school.now)
    assert (await school.store.people.by_place("web", "lead")).id == other.id
    await joins(school, lead, await key_for(school, lead), "new phone")
    assert (await school.store.people.by_id(lead.id)).places == (("web", "new phone"),)
