"""What was on the line when its reader lost it: it arrives and is blanked as soon as its name is known, or fails and stays away."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlmodel import Session

from flows.cases.case import Case
from storage import sending
from storage.kept import Due, Fenced, Person, Recording, ToInformed
from storage.staffing import Removed
from storage.store.queueing import BLANK, HELD, TAKEN
from storage.store.settling import PERHAPS_SHOWN
from tests.storage.conftest import CHANNELS, HOLD, School

Ending = Callable[[School, Due], Awaitable[None]]


async def test_a_card_that_arrives_after_its_role_was_taken_is_blanked_by_its_name(school: School, lead: Person) -> None:
    """The edit was made before the platform had said how the card is called, and could do nothing. It is made once more."""
    await school.opens(school.case())
    await school.expands()
    (card,) = await school.pushes()
    await school.store.people.take_role(lead.id, "dsl", at=school.now)
    (nameless,) = await school.pushes()
    assert (nameless.kind, nameless.card) == (BLANK, "")
    await school.work.finish(nameless, "", school.now)
    with pytest.raises(Fenced):
        await school.work.finish(card, "receipt-7", school.now)
    (named,) = await school.pushes()
    assert (named.kind, named.card, named.person) == (BLANK, "receipt-7", nameless.person)
    await school.work.finish(named, "receipt-7", school.now)
    assert await school.pushes() == ()


async def test_a_card_that_was_to_say_who_has_the_case_says_nothing_once_its_role_was_taken(
    school: School, lead: Person, deputy: Person
) -> None:
    """The edit that failed until then is not tried again behind the one that blanks the card."""
    case = await school.opens(school.case())
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)
    await school.takes(case, deputy)
    edits = {due.person.id: due for due in await school.pushes() if due.person}
    assert {key: due.kind for key, due in edits.items()} == {lead.id: TAKEN, deputy.id: HELD}
    await school.work.again(edits[lead.id], school.now, "SendFailed")
    await school.store.people.take_role(lead.id, "dsl", at=school.now)
    assert [due.kind for due in await school.pushes() if due.person and due.person.id == lead.id] == [BLANK]
    school.tick(hours=1)
    assert {due.kind for due in await school.pushes() if due.person and due.person.id == lead.id} == {BLANK}


async def test_a_late_answer_about_any_other_card_changes_nothing(school: School, lead: Person) -> None:
    """Whoever was thought dead hears of the card's receipt when somebody else has sent it: there is nothing to blank."""
    await school.opens(school.case())
    await school.expands()
    (card,) = await school.pushes()
    school.tick(minutes=2)
    (again,) = await school.pushes()
    assert again.person == lead
    await school.work.finish(again, "receipt-2", school.now)
    with pytest.raises(Fenced):
        await school.work.finish(card, "receipt-1", school.now)
    assert await school.pushes() == ()


async def said(school: School, case: Case, person: Person, number: int = 1) -> tuple[Due, ...]:
    """That words were added to CASE, that NUMBER of times: on the line to PERSON at this moment."""
    bodies = [
        json.dumps({"text": f"Words were added to {case.reference}: {one}.", "about": f"case:{case.id}"}) for one in range(number)
    ]
    lines = tuple(ToInformed(case.id, person.id, body) for body in bodies)
    await school.store.record(Recording(school.now, to_informed=lines), HOLD)
    return await school.replies()


async def concerns(school: School, case: Case, person: Person) -> None:
    """CASE is about PERSON from now on."""
    about = replace(case, concerns=frozenset({person.id}))
    await school.store.record(Recording(school.now, changed=(about,)), HOLD)


async def never_again(school: School) -> None:
    """Nothing is sent any more, nor at another place; and nobody waits for it."""
    for _ in range(3):
        assert await school.replies() == ()
        assert [due for due in await school.pushes() if due.card] == []
        school.tick(hours=1)
    assert (await school.work.lag(school.now))["replies"].waiting == 0


async def fails(school: School, line: Due) -> None:
    """The platform is down."""
    await school.work.again(line, school.now, "SendFailed")


async def says_nothing(school: School, line: Due) -> None:
    """The platform said neither yes nor no."""
    await school.work.again(line, school.now, PERHAPS_SHOWN)


async def refuses(school: School, line: Due) -> None:
    """The platform will never take it there: it would be said at their next place."""
    await school.work.undeliverable(line, school.now, "SendFailed", elsewhere=CHANNELS)


async def dies(school: School, line: Due) -> None:
    """Whoever was sending it never comes back; its lease runs out."""


ENDINGS: tuple[Ending, ...] = (fails, says_nothing, refuses, dies)


@pytest.fixture
async def reached_twice(school: School) -> Person:
    """Holds the role of the first rung, and has two places."""
    return await school.store.people.add("Lead", ("dsl",), (("web", "lead"), ("console", "lead")), at=school.now)


@pytest.mark.parametrize("ends", ENDINGS, ids=lambda ends: ends.__name__)
async def test_a_line_whose_send_fails_after_it_became_known_is_never_sent_again(
    school: School, reached_twice: Person, ends: Ending
) -> None:
    """It was in the hands of the platform when somebody said that the case is about whoever it is for."""
    case = await school.opens(school.case())
    (line,) = await said(school, case, reached_twice)
    await concerns(school, case, reached_twice)
    await ends(school, line)
    await never_again(school)


async def test_a_line_that_arrives_after_it_became_known_is_blanked(school: School, lead: Person) -> None:
    """It is gone from the page at once, and from a chat as soon as the platform has said what it calls it."""
    case = await school.opens(school.case())
    (line,) = await said(school, case, lead)
    await concerns(school, case, lead)
    assert await school.store.conversations.transcript("web", "lead", "lead", 50) == ()
    (nameless,) = await school.pushes()
    assert (nameless.kind, nameless.card) == (BLANK, "")
    await school.work.finish(nameless, "", school.now)
    await school.work.finish(line, "receipt-3", school.now)
    (named,) = await school.pushes()
    assert (named.kind, named.card, named.person) == (BLANK, "receipt-3", lead)
    await school.work.finish(named, "receipt-3", school.now)
    await never_again(school)


async def test_what_waits_behind_a_line_that_was_taken_back_is_not_begun_where_it_was_taken_back_as_well(
    school: School, lead: Person
) -> None:
    """They were claimed together, to be sent one after the other; what is about another case stays as it is."""
    case, other = await school.opens(school.case()), await school.opens(school.case())
    school.tick(seconds=1)
    first, second = await said(school, case, lead, number=2)
    await school.store.record(Recording(school.now, to_informed=(ToInformed(other.id, lead.id, "of another"),)), HOLD)
    assert await school.replies() == (), "it waits behind the two"
    await concerns(school, case, lead)
    assert not await school.work.is_ours(second)
    await school.work.finish(first, "receipt", school.now)
    (behind,) = await school.replies()
    assert behind.body == "of another"
    assert await school.work.is_ours(behind)


def put_back(session: Session, school: School, line: Due) -> None:
    """It failed, and is to be tried again."""
    sending.again(session, line, school.now, "SendFailed")


def put_elsewhere(session: Session, school: School, line: Due) -> None:
    """It was refused for good, and is said at their next place."""
    vault = school.store._database.vault
    sending.undeliverable(session, vault, line, school.now, "SendFailed", elsewhere=CHANNELS)


def noted(session: Session, school: School, line: Due) -> None:
    """It has arrived."""
    assert sending.finish(session, school.store._database.vault, [(line, "receipt-5")], school.now) == []


@pytest.mark.parametrize(("ends", "blanked"), [(put_back, []), (put_elsewhere, []), (noted, ["receipt-5"])])
async def test_what_becomes_known_while_the_end_of_a_send_is_written_finds_what_came_of_it(
    school: School, reached_twice: Person, ends: Callable[[Session, School, Due], None], blanked: list[str]
) -> None:
    """Both at the very same moment: whoever says whom it is about waits, and then takes back what there is by then."""
    case = await school.opens(school.case())
    (line,) = await said(school, case, reached_twice)
    loop = asyncio.get_running_loop()
    saying: list[concurrent.futures.Future[None]] = []

    def meanwhile(session: Session) -> None:
        ends(session, school, line)
        saying.append(asyncio.run_coroutine_threadsafe(concerns(school, case, reached_twice), loop))
        with pytest.raises(TimeoutError):
            saying[0].result(0.3)

    await school.store._database.write(meanwhile)
    await asyncio.wrap_future(saying[0])
    edits = await school.pushes()
    assert [due.card for due in edits] == blanked
    for due in edits:
        await school.work.finish(due, due.card, school.now)
    await never_again(school)


@pytest.mark.usefixtures("deputy")
async def test_a_line_that_was_on_its_way_when_its_reader_left_is_blanked(school: School, lead: Person) -> None:
    """Nobody knows any longer whose place that was; the edit does."""
    case = await school.opens(school.case())
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)
    (line,) = await said(school, case, lead)
    await school.store.record(Recording(school.now, people=(Removed(lead.id),)), HOLD)
    await school.work.finish(line, "receipt-4", school.now)
    assert {(due.kind, due.place, due.card) for due in await school.pushes()} == {
        (BLANK, "lead", "receipt"),
        (BLANK, "lead", "receipt-4"),
    }
