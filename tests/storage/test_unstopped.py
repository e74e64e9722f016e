"""A card that was on the line when its reader lost it: it arrives, and is blanked as soon as it is known what it is called."""

import pytest

from storage.kept import Fenced, Person
from storage.store.queueing import BLANK
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
