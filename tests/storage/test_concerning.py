"""It turns out whom a case is about: from that transaction on they have nothing of it, wherever their card is just then."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from flows.cases.case import Case, Status
from flows.cases.notice import Notice, NoticeKind
from storage.kept import Due, Person, Recording, ToInformed, ToPerson
from storage.store.queueing import BLANK
from storage.store.settling import PERHAPS_SHOWN
from tests.storage.conftest import HOLD, School

Cards = dict[str, Due]


async def card_of(school: School, case: Case) -> Cards:
    """CASE is pushed to its first rung: each person's card, leased."""
    await school.opens(case)
    await school.expands()
    return {due.person.id: due for due in await school.pushes() if due.person}


async def concerns(school: School, case: Case, *people: Person) -> None:
    """CASE is about PEOPLE from now on; whoever of them had it has it no longer."""
    about = replace(case, concerns=case.concerns | {one.id for one in people}, status=Status.OPEN, holder=None)
    await school.store.record(Recording(school.now, changed=(about,)), HOLD)


async def left_for(school: School, person: Person) -> list[str]:
    """What is still sent to PERSON: a card left behind by a dead process is found at the first look, and edited at the second."""
    kinds = []
    for _ in range(3):
        for due in await school.pushes():
            if due.person == person:
                kinds.append(due.kind)
            await school.work.finish(due, "receipt", school.now)
        school.tick(minutes=10)
    return kinds


async def waiting(school: School, case: Case, lead: Person) -> Case:
    """The card has not been touched."""
    await school.opens(case)
    await school.expands()
    del lead
    return case


async def sent(school: School, case: Case, lead: Person) -> Case:
    """The card is on the screen."""
    await school.work.finish((await card_of(school, case))[lead.id], "receipt", school.now)
    return case


async def died(school: School, case: Case, lead: Person) -> Case:
    """Whoever was sending the card never came back."""
    del lead
    await card_of(school, case)
    return case


async def perhaps(school: School, case: Case, lead: Person) -> Case:
    """The platform said neither yes nor no."""
    await school.work.again((await card_of(school, case))[lead.id], school.now, PERHAPS_SHOWN)
    return case


async def held(school: School, case: Case, lead: Person) -> Case:
    """They had said that they have it."""
    await sent(school, case, lead)
    return await school.takes(case, lead)


async def being_edited(school: School, case: Case, lead: Person, deputy: Person) -> Case:
    """Somebody else has it, and the edit that says so is on its way."""
    await sent(school, case, lead)
    return await school.takes(case, deputy)


ON_ITS_WAY: dict[Callable[..., Awaitable[Case]], list[str]] = {
    waiting: [],
    sent: ["blank"],
    died: ["blank"],
    perhaps: ["blank"],
    held: ["blank"],
}


@pytest.mark.parametrize("stand", ON_ITS_WAY, ids=lambda stand: stand.__name__)
@pytest.mark.usefixtures("deputy")
async def test_wherever_the_card_is_it_ends_blank_or_is_never_shown(school: School, lead, stand) -> None:
    """What was perhaps shown is blanked, what was not is never sent, and nothing opens the case to them any more."""
    case = await stand(school, school.case(), lead)
    await concerns(school, case, lead)
    assert await left_for(school, lead) == ON_ITS_WAY[stand]
    eyes = school.store.seen_by(lead)
    assert (await eyes.open(), await eyes.mine(), await eyes.by_id(case.id), await eyes.by_reference(case.reference)) == (
        (),
        (),
        None,
        None,
    )
    assert (await school.work.lag(school.now))["pushes"].waiting == 0


@pytest.mark.usefixtures("deputy")
async def test_a_card_that_arrives_after_it_became_known_is_blanked(school: School, lead) -> None:
    """It was in the hands of the platform at that moment; the edit follows it."""
    case = school.case()
    card = (await card_of(school, case))[lead.id]
    await concerns(school, case, lead)
    await school.work.finish(card, "receipt", school.now)
    assert await left_for(school, lead) == ["blank"]


@pytest.mark.usefixtures("deputy")
async def test_a_card_that_fails_after_it_became_known_is_not_tried_again(school: School, lead) -> None:
    """Nothing was shown, so there is nothing to blank."""
    case = school.case()
    card = (await card_of(school, case))[lead.id]
    await concerns(school, case, lead)
    await school.work.again(card, school.now, "SendFailed")
    assert await left_for(school, lead) == []


async def test_the_edit_that_somebody_has_it_becomes_the_one_that_says_nothing(school: School, lead, deputy) -> None:
    """“SP-… has been acknowledged” names the case as well."""
    case = await being_edited(school, school.case(), lead, deputy)
    held_by_deputy = replace(case, concerns=frozenset({lead.id}))
    await school.store.record(Recording(school.now, changed=(held_by_deputy,)), HOLD)
    assert await left_for(school, lead) == ["blank"]
    assert (await school.store.seen_by(deputy).mine())[0].id == case.id


async def test_others_keep_their_cards(school: School, lead, deputy) -> None:
    """Only whoever it is about loses anything."""
    case = school.case()
    for due in (await card_of(school, case)).values():
        await school.work.finish(due, "receipt", school.now)
    await concerns(school, case, lead)
    assert await left_for(school, deputy) == []
    assert await school.store.seen_by(deputy).by_id(case.id) is not None


@pytest.mark.usefixtures("deputy")
async def test_a_card_is_blanked_once(school: School, lead) -> None:
    """However often the case changes afterwards."""
    case = await sent(school, school.case(), lead)
    await concerns(school, case, lead)
    await concerns(school, replace(case, version=1), lead)
    assert await left_for(school, lead) == ["blank"]
    await concerns(school, replace(case, version=2), lead)
    assert await left_for(school, lead) == []


async def test_a_new_plan_takes_the_place_of_what_still_waited(school: School, lead, chair) -> None:
    """The clock restarts past them: the rung that was due later is not told twice, nor at its old time."""
    case = await school.opens(school.case())
    await school.expands()
    about = replace(case, concerns=frozenset({lead.id}))
    now = Notice(case.id, 1, NoticeKind.PUSH, school.now)
    await school.store.record(Recording(school.now, changed=(about,), replanned=(case.id,), notices=(now,)), HOLD)
    assert await school.expands() == 1
    assert [due.person for due in await school.pushes()] == [chair]
    school.tick(hours=2)
    assert await school.expands() == 0


def line(text: str, about: str) -> str:
    """A reply as it waits in the outbox."""
    return json.dumps({"text": text, "about": about})


async def test_what_was_said_of_a_case_is_taken_back_with_its_card(school: School, lead: Person, deputy: Person) -> None:
    """That words were added, a page, a list: blanked where it was sent, never sent where it waits; and from nobody else."""
    case, other = await sent(school, school.case(), lead), await school.opens(school.case())
    theirs = [
        line(f"Words were added to {case.reference}.", f"case:{case.id}"),
        line("a page of what was written", f"case:{case.id}:3"),
        line(f"1. {case.reference} 2. {other.reference}", "cases:mine:0"),
        line(f"A note on {case.reference}. Save it?", "form:token"),
    ]
    kept = [
        line(f"Words were added to {other.reference}.", f"case:{other.id}"),
        line(f"Your report is {case.reference}.", f"sent:{case.id}"),
        line(f"You wrote {case.reference}.", ""),
    ]
    said = [ToInformed(case.id, lead.id, body) for body in (*theirs, *kept)]
    await school.store.record(Recording(school.now, to_informed=(*said, ToInformed(case.id, deputy.id, theirs[0]))), HOLD)
    for _ in range(len(said) + 1):
        for due in await school.replies():
            await school.work.finish(due, f"receipt of {due.body}", school.now)
    await school.store.record(Recording(school.now, to_informed=(ToInformed(case.id, lead.id, theirs[0]),)), HOLD)
    await concerns(school, case, lead)
    assert await school.replies() == ()
    edits = [due for due in await school.pushes() if due.person == lead]
    assert {due.kind for due in edits} == {BLANK}
    assert sorted(due.card for due in edits if due.card != "receipt") == sorted(f"receipt of {body}" for body in theirs)
    left = await school.store.conversations.transcript("web", "lead", "lead", 99)
    assert [one.body for one in left] == kept


async def test_taking_lines_back_makes_nobody_elses_row_wait(school: School, lead: Person, deputy: Person) -> None:
    """What waits behind a line that is taken back goes out at once."""
    case = await sent(school, school.case(), lead)
    first, behind = line("more was said", f"case:{case.id}"), line("something else", "")
    both = (ToInformed(case.id, lead.id, first), ToPerson(lead.id, behind))
    await school.store.record(Recording(school.now, to_informed=both[:1], to_people=both[1:]), HOLD)
    await concerns(school, case, lead)
    assert [due.body for due in await school.replies()] == [behind]
