"""Cards: what one person was sent, as it stands now, and never about themselves."""

from __future__ import annotations

from dataclasses import replace

from storage.kept import Person, Recording
from storage.store.cards import Card, Cards, Gone
from tests.storage.conftest import HOLD, School


async def shown(school: School, person: Person, *, channel: str = "web", limit: int = 50) -> tuple[Card, ...]:
    """The cards PERSON has in the web channel."""
    return await Cards(school.store._database, school.store.school).shown_to(person, channel, limit)


async def taken(school: School, person: Person) -> tuple[Gone, ...]:
    """The cards that PERSON had on the web, and must not have any more."""
    return await Cards(school.store._database, school.store.school).taken_from(person, "web", 50)


async def told(school: School) -> None:
    """Carry out what is due, and send it."""
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)


async def test_a_card_comes_with_the_push_and_changes_with_its_case(school: School, lead: Person, chair: Person) -> None:
    """It bears the moment of the push, not of the report; it carries no word that was written; and it knows who has the case."""
    case = await school.opens(school.case())
    assert await shown(school, lead) == ()
    await told(school)
    (card,) = await shown(school, lead)
    assert (card.case.id, card.case.said, card.at) == (case.id, (), school.now)
    assert await shown(school, chair) == ()
    later = school.tick(hours=1)
    await told(school)
    (climbed,) = await shown(school, chair)
    assert climbed.at == later
    assert climbed.id > card.id
    await school.takes(case, lead)
    assert [one.case.holder for one in (*await shown(school, lead), *await shown(school, chair))] == [lead.id, lead.id]


async def test_a_case_that_comes_to_concern_somebody_takes_its_card_away(school: School, lead: Person) -> None:
    """A card already shown is gone the moment the case is found to be about its reader."""
    case = await school.opens(school.case())
    await told(school)
    assert len(await shown(school, lead)) == 1
    (card,) = await shown(school, lead)
    assert await taken(school, lead) == ()
    about = replace(case, concerns=frozenset({lead.id}))
    await school.store.record(Recording(school.now, changed=(about,)), HOLD)
    assert await shown(school, lead) == ()
    assert [one.id for one in await taken(school, lead)] == [card.id], "a page that is open takes it off"


async def test_a_card_is_there_while_it_is_being_sent_and_not_before(school: School, lead: Person) -> None:
    """The page is woken by the sending itself; a push that is withdrawn before anybody began to send it was never shown."""
    case = await school.opens(school.case())
    await school.expands()
    assert await shown(school, lead) == ()
    assert len(await school.pushes()) == 1
    assert [card.case.id for card in await shown(school, lead)] == [case.id]


async def test_the_last_cards_come_oldest_first(school: School, lead: Person) -> None:
    """A page that shows only some shows the newest, in the order they came."""
    cases = [await school.opens(school.case()) for _ in range(4)]
    for _ in cases:
        await told(school)
    assert {card.case.id for card in await shown(school, lead)} == {case.id for case in cases}
    last = await shown(school, lead, limit=2)
    assert last == (await shown(school, lead))[2:]


async def test_cards_stay_in_their_channel_and_their_school(school: School, other: School, lead: Person) -> None:
    """Neither another channel nor another school shows them, even for the same person's id."""
    await school.opens(school.case())
    await told(school)
    assert await shown(school, lead, channel="console") == ()
    assert await shown(other, lead) == ()
