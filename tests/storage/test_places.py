"""Several places of one person, and several cards as one message: what the store writes, on either database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.gathering import OWN_CARDS, ROLLING
from storage.kept import Due, Expansion, Person, Unsure
from storage.store.cards import Cards
from tests.storage.conftest import CHANNELS, HOLD, School


@pytest.fixture
async def lead(school: School) -> Person:
    """A lead with two places."""
    return await school.store.people.add("Lead", ("dsl",), (("web", "lead"), ("console", "lead")), at=school.now)


async def told(school: School, count: int = 1) -> tuple[Due, ...]:
    """COUNT cases, put before the lead, as they are claimed."""
    for _ in range(count):
        await school.opens(school.case())
    await school.expands()
    return await school.pushes()


async def looked(school: School) -> list[int]:
    """Carry out what is due; how many cards each look found to have been tried."""
    seen: list[int] = []

    def pursue(name, case, everybody, tried) -> Expansion:
        seen.append(len(tried))
        return Expansion()

    await school.work.expand(school.now, 50, lambda *_: Expansion(), pursue)
    return seen


async def test_a_failed_card_is_followed_by_one_at_the_next_place(school: School, lead: Person) -> None:
    """Once, however often the first fails: the second has its own key, and both are cards of the same case."""
    (first,) = await told(school)
    for _ in range(3):
        await school.work.elsewhere(
            first, school.now, "SendFailed", now=school.now, onward=lambda person, theirs: person.places[len(theirs)]
        )
        first, *further = await school.pushes()
        for other in further:
            assert (other.channel, other.case and other.case.id) == ("console", first.case and first.case.id)
            assert other.key != first.key
            await school.work.finish(other, "receipt", school.now)


async def test_what_nothing_proves_is_looked_at_in_time_and_what_is_proved_is_not(school: School, lead: Person) -> None:
    """The look is a notice of its own; the page that fetches the card withdraws it, and so would a second proof change nothing."""
    (due,) = await told(school)
    await school.work.finish(due, "receipt", school.now, Unsure(school.now + timedelta(minutes=5)))
    cards = Cards(school.store._database, "rosebrook")
    (card,) = await cards.shown_to(lead, "web", 10)
    assert not card.arrived
    assert await looked(school) == []
    school.tick(minutes=5)
    assert await looked(school) == [1]
    (again,) = await told(school)
    await school.work.finish(again, "receipt", school.now, Unsure(school.now + timedelta(minutes=5)))
    for _ in range(2):
        await cards.arrived(lead, "web", [due.id, again.id], school.now)
    school.tick(minutes=6)
    assert await looked(school) == []
    acts = [link.act for link in await school.store.audit.links()]
    assert (acts.count("card sent"), acts.count("card arrived")) == (2, 2)


async def test_a_card_that_may_not_go_there_is_withdrawn_in_the_claim(school: School, lead: Person) -> None:
    """It never leaves, its case looks at once for somebody else, and the audit says why."""
    await school.opens(school.case())
    await school.expands()
    dues = await school.work.claim_pushes("t", CHANNELS, school.now, 10, HOLD, right=lambda *_: False)
    assert dues == ()
    assert await school.pushes() == ()
    assert await looked(school) == [1]
    assert "card withdrawn" in [link.act for link in await school.store.audit.links()]
    assert await school.store.seen_by(lead).open() == ()


async def test_what_comes_too_fast_is_one_message_of_many_rows(school: School, lead: Person) -> None:
    """The first few by themselves; the rest as one, of which a failure puts all back and a success notes all as sent."""
    dues = await told(school, OWN_CARDS + 3)
    assert [due.kind for due in dues].count("push") == OWN_CARDS
    (rolling,) = (due for due in dues if due.kind == ROLLING)
    assert len(rolling.members) == 3
    await school.work.finish_many([(due, "receipt") for due in dues if due.kind == "push"], school.now)
    await school.work.elsewhere(rolling, school.now, "SendFailed", now=school.now)
    (again,) = await school.pushes()
    assert (again.kind, again.key, len(again.members)) == (ROLLING, rolling.key, 3)
    await school.work.finish(again, "receipt", school.now)
    assert (await school.work.lag(school.now))["pushes"].waiting == 0
    assert len(await school.store.seen_by(lead).open()) == OWN_CARDS + 3


async def test_many_processes_gather_each_case_once(school: School, lead: Person) -> None:
    """Four outboxes at the same flood: every row is noted as sent once, whoever told of it."""
    for _ in range(12):
        await school.opens(school.case())
    await school.expands()

    async def outbox(name: str) -> int:
        done = 0
        while True:
            dues = await school.work.claim_pushes(name, CHANNELS, school.now, 3, HOLD)
            if not dues:
                return done
            for due in dues:
                await asyncio.sleep(0)
                await school.work.finish(due, "receipt", school.now)
                done += len(due.members) or 1

    done = sum(await asyncio.gather(*(outbox(f"o{number}") for number in range(4))))
    for _ in range(3):
        school.tick(minutes=1)
        done += await outbox("last")
    assert done == 12
    assert (await school.work.lag(school.now))["pushes"].waiting == 0
