"""An e-mail address counts for nothing until the code that was sent to it has come back: on the real databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.kept import Overtaken, Person, Recording, ToPerson
from storage.staffing import PlaceProved
from storage.store.invites import GOOD_FOR, LETTERS, SPELT
from storage.store.proving import NotTheCode
from tests.storage.conftest import HOLD, School

MAILBOX = ("email", "chair@school.example")


@pytest.fixture
async def chair(school: School) -> Person:
    """Somebody who is in no chat: the first rung, reached nowhere yet."""
    return await school.store.people.add("Chair", ("dsl",), (MAILBOX,), at=school.now)


async def proves(school: School, person: Person, code: str, place: tuple[str, str] = MAILBOX) -> None:
    """CODE comes back."""
    await school.store.record(Recording(school.now, people=(PlaceProved(person.id, *place, code),)), HOLD)


async def code_for(school: School, person: Person, place: tuple[str, str] = MAILBOX) -> str:
    """The code that is sent to PLACE now."""
    code = await school.store.proving.code(person.id, *place, school.now)
    assert code is not None
    return code


async def places(school: School, person: Person) -> tuple[tuple[str, str], ...]:
    """Where PERSON is reached."""
    found = await school.store.people.by_id(person.id)
    assert found is not None
    return found.places


async def test_until_it_is_proved_it_is_no_place_and_knows_nobody(school: School, chair: Person) -> None:
    """Not for a card, not for a line, not for who signs in by it; it is only said to wait."""
    assert await places(school, chair) == ()
    assert await school.store.people.by_place(*MAILBOX) is None
    assert await school.store.proving.waiting(chair.id) == {MAILBOX}
    await school.opens(school.case(rungs=(("dsl",),)), to_people=(ToPerson(chair.id, "hello"),))
    await school.expands()
    assert await school.pushes() == ()
    assert await school.work.claim_replies("t", ("email",), school.now, 9, HOLD) == ()


async def test_once_the_code_is_back_it_is_a_place_like_any_other(school: School, chair: Person) -> None:
    """Reached and recognised there; it is in the audit, without the address."""
    await proves(school, chair, await code_for(school, chair))
    assert await places(school, chair) == (MAILBOX,)
    known = await school.store.people.by_place(*MAILBOX)
    assert known is not None
    assert known.id == chair.id
    assert await school.store.proving.waiting(chair.id) == frozenset()
    link = (await school.store.audit.links())[-1]
    assert link.act == "place proved"
    assert "chair@" not in (link.details or "")


async def test_what_waited_is_told_to_whoever_can_be_reached_only_now(school: School, chair: Person) -> None:
    """Their first place: the report that climbed past them is theirs to hear of."""
    await school.opens(school.case(rungs=(("dsl",),)))
    await school.expands()
    assert await school.work.claim_pushes("t", ("email",), school.now, 9, HOLD) == ()
    await proves(school, chair, await code_for(school, chair))
    await school.expands()
    (push,) = await school.work.claim_pushes("t", ("email",), school.now, 9, HOLD)
    assert push.place == MAILBOX[1]


async def test_a_further_place_before_it_is_proved_is_their_first(school: School, chair: Person) -> None:
    """An address that waits must not hide that they could not be reached until the chat was linked."""
    await school.opens(school.case(rungs=(("dsl",),)))
    await school.expands()
    await school.store.people.link(chair.id, "web", "phone", at=school.now)
    await school.expands()
    assert [push.place for push in await school.pushes()] == ["phone"]


async def test_the_code_fits_that_person_and_that_place_only(school: School, chair: Person, deputy: Person) -> None:
    """Whoever reads one mailbox has not proved another, nor somebody else's."""
    other = ("email", "another@school.example")
    await school.store.people.link(chair.id, *other, at=school.now)
    third = ("email", "deputy@school.example")
    await school.store.people.link(deputy.id, *third, at=school.now)
    codes = [await code_for(school, chair), await code_for(school, chair, other), await code_for(school, deputy, third)]
    assert len(set(codes)) == 3
    for code in codes[1:]:
        with pytest.raises(NotTheCode):
            await proves(school, chair, code)
    assert await places(school, chair) == ()


async def test_a_code_is_spelt_like_an_invitation_and_read_however_it_is_typed(school: School, chair: Person) -> None:
    """Read out on the telephone, typed in small letters with a blank."""
    code = await code_for(school, chair)
    assert SPELT.fullmatch(code)
    await proves(school, chair, f" {code[:5].lower()} {code[5:]} ")
    assert await places(school, chair) == (MAILBOX,)


@pytest.mark.parametrize(
    "typed", ["", "2", "é" * LETTERS, "2" * LETTERS, "x" * 10_000], ids=["none", "short", "not ours", "a guess", "long"]
)
async def test_anything_else_proves_nothing(school: School, chair: Person, typed: str) -> None:
    """And says so alike."""
    with pytest.raises(NotTheCode):
        await proves(school, chair, typed)
    assert await places(school, chair) == ()


async def test_a_code_is_good_for_three_days(school: School, chair: Person) -> None:
    """At least; after four nothing of it is left."""
    code = await code_for(school, chair)
    start = school.now
    school.now = start + GOOD_FOR + timedelta(days=1)
    with pytest.raises(NotTheCode):
        await proves(school, chair, code)
    school.now = start + GOOD_FOR
    await proves(school, chair, code)
    assert await places(school, chair) == (MAILBOX,)


async def test_a_place_that_was_taken_away_or_proved_needs_no_code(school: School, chair: Person) -> None:
    """The code of a place that is gone proves nothing, and none is made for one that counts."""
    code = await code_for(school, chair)
    await school.store.people.unlink(chair.id, *MAILBOX, at=school.now)
    with pytest.raises(Overtaken):
        await proves(school, chair, code)
    await school.store.people.link(chair.id, *MAILBOX, at=school.now)
    await proves(school, chair, code)
    assert await school.store.proving.code(chair.id, *MAILBOX, school.now) is None
    with pytest.raises(Overtaken):
        await proves(school, chair, code)


async def test_nobody_can_prove_a_place_that_waits_for_somebody_else(school: School, chair: Person, deputy: Person) -> None:
    """Not even with its own code."""
    code = await code_for(school, chair)
    with pytest.raises(NotTheCode):
        await proves(school, deputy, code)
    assert await school.store.proving.code(deputy.id, *MAILBOX, school.now) is None
