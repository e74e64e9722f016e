"""A card that was on the line when its reader lost it: it arrives, and is blanked as soon as it is known what it is called."""

import pytest

from storage.kept import Fenced, Person
from storage.store.queueing import BLANK, HELD, TAKEN
from tests.storage.conftest import School


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
