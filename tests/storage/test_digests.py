"""Digests as rows: once each, to whom they may be told, and through whatever happens meanwhile. On both databases."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from flows.cases.case import Case
from storage.kept import Asked, Letter, Person, Recording
from storage.store import Store
from storage.store.digests import DAILY, DIGEST, WEEKLY, Edition
from storage.store.taking_back import DIGEST_ABOUT
from tests.storage.conftest import HOLD, NOW, School

ROLES = ("dsl", "chair")
BEGAN = NOW - timedelta(days=3)


class Paper:
    """Takes down what each edition said, and writes one letter to everybody who has anything standing."""

    def __init__(self) -> None:
        self.editions: list[Edition] = []

    def __call__(self, edition: Edition) -> tuple[Letter, ...]:
        self.editions.append(edition)
        return tuple(Letter(*one.person.places[0], edition.kind) for one in edition.readers if one.standing)

    def references(self, person: Person) -> set[str]:
        """What the last edition would tell PERSON of."""
        (reader,) = [reader for reader in self.editions[-1].readers if reader.person.id == person.id]
        return {one.case.reference for one in reader.standing}


async def due(school: School, *days: str, kind: str = DAILY) -> None:
    """A row for each of DAYS, after a first one that this school began with."""
    await school.store.digests.plan({(kind, "2026-01-01"): BEGAN}, BEGAN + timedelta(hours=1))
    await school.store.digests.plan(dict.fromkeys(((kind, day) for day in days), school.now), school.now)


async def told(school: School, *, drill: bool = False, **more: object) -> Case:
    """A case that the first rung has been told of."""
    case = replace(school.case(**more), drill=drill)
    await school.opens(case)
    await school.expands()
    return case


async def rows(school: School) -> list[tuple[str, str, str]]:
    """Every digest row of every school."""
    statement = sa.select(DIGEST.c.kind, DIGEST.c.day, DIGEST.c.state).order_by(DIGEST.c.id)
    return await school.store._database.read(lambda session: [tuple(row) for row in session.connection().execute(statement)])


async def test_a_digest_goes_out_once(school: School, lead: Person):
    """Its letters wait in the outbox in the same transaction; asked again, it is done."""
    await told(school)
    await due(school, "2026-11-23")
    paper = Paper()
    assert await school.store.digests.carry_out(school.now, ROLES, paper) == 1
    assert await school.store.digests.carry_out(school.now, ROLES, paper) == 0
    (letter,) = await school.replies()
    assert (letter.place, letter.body) == ("lead", "daily")
    assert len(paper.editions) == 1


async def test_two_processes_at_once_send_one(school: School, lead: Person):
    """Each has planned it, and each tries to carry it out: the row is there once and is done once."""
    await told(school)
    await due(school, "2026-11-23")
    other = Store(school.store._database, "rosebrook")
    await asyncio.gather(*(store.digests.plan({(DAILY, "2026-11-23"): school.now}, school.now) for store in (school.store, other)))
    papers = [Paper() for _ in range(6)]
    sent = await asyncio.gather(*(other.digests.carry_out(school.now, ROLES, paper) for paper in papers))
    assert sum(sent) == 1
    assert len(await school.replies()) == 1


async def test_days_that_were_missed_are_not_made_up_for(school: School, lead: Person):
    """The machine was off for three days: one digest, of today; the rows of the other days are done with it."""
    await told(school)
    await due(school, "2026-11-19", "2026-11-20", "2026-11-23")
    paper = Paper()
    assert await school.store.digests.carry_out(school.now, ROLES, paper) == 1
    assert [edition.day for edition in paper.editions] == ["2026-11-23"]
    assert {state for _, _, state in await rows(school)} == {"done"}


async def test_what_is_not_due_yet_waits(school: School, lead: Person):
    """A row stands there from midnight on, with its hour."""
    await told(school)
    await due(school)
    await school.store.digests.plan({(DAILY, "2026-11-23"): school.now + timedelta(hours=1)}, school.now)
    assert await school.store.digests.carry_out(school.now, ROLES, Paper()) == 0
    school.tick(hours=1)
    assert await school.store.digests.carry_out(school.now, ROLES, Paper()) == 1


async def test_a_school_that_begins_late_in_the_day_is_not_told_of_its_morning(school: School, lead: Person):
    """The very first row of a kind whose hour has passed is done when it is made."""
    await told(school)
    await school.store.digests.plan({(WEEKLY, "2026-11-23"): school.now - timedelta(hours=1)}, school.now)
    assert await school.store.digests.carry_out(school.now, ROLES, Paper()) == 0
    school.tick(days=7)
    await school.store.digests.plan({(WEEKLY, "2026-11-30"): school.now - timedelta(hours=1)}, school.now)
    paper = Paper()
    assert await school.store.digests.carry_out(school.now, ROLES, paper) == 1
    assert paper.editions[0].since == NOW


async def test_a_decision_that_fails_sends_nothing_and_is_made_again(school: School, lead: Person):
    """Letters, the end of the row and its link are one transaction."""
    await told(school)
    await due(school, "2026-11-23")

    def fails(_: Edition) -> tuple[Letter, ...]:
        raise ZeroDivisionError

    try:
        await school.store.digests.carry_out(school.now, ROLES, fails)
    except ZeroDivisionError:
        failed = True
    assert failed
    assert await school.replies() == ()
    assert await school.store.digests.carry_out(school.now, ROLES, Paper()) == 1


async def test_nobody_reads_of_a_case_that_is_about_them_or_that_nobody_told_them_of(school: School, lead: Person, deputy: Person):
    """Each edition is put together for each person by the rule that every list goes by."""
    seen = await told(school)
    about = await told(school, concerns=(lead,))
    chairs = await school.opens(school.case(rungs=(("chair",),)))
    await due(school, "2026-11-23")
    paper = Paper()
    await school.store.digests.carry_out(school.now, ROLES, paper)
    assert paper.references(lead) == {seen.reference}
    assert paper.references(deputy) == {seen.reference, about.reference}
    assert chairs.reference not in paper.references(lead) | paper.references(deputy)


async def test_what_is_said_while_a_digest_is_written_takes_it_back(school: School, lead: Person):
    """Between reading and writing somebody says that the case is about the lead: that waits, and then finds the letter."""
    case = await told(school)
    await due(school, "2026-11-23")
    loop = asyncio.get_running_loop()
    saying: list[concurrent.futures.Future[object]] = []

    def meanwhile(edition: Edition) -> tuple[Letter, ...]:
        theirs = Recording(school.now, changed=(replace(case, concerns=frozenset({lead.id})),))
        saying.append(asyncio.run_coroutine_threadsafe(school.store.record(theirs, HOLD), loop))
        with pytest.raises(TimeoutError):
            saying[0].result(0.3)
        body = json.dumps({"text": f"{edition.kind}: {case.reference}", "about": DIGEST_ABOUT})
        return (Letter("web", "lead", body),)

    assert await school.store.digests.carry_out(school.now, ROLES, meanwhile) == 1
    await asyncio.wrap_future(saying[0])
    assert await school.replies() == ()


async def test_the_weekly_counts_no_drill_and_nothing_hidden(school: School, lead: Person, deputy: Person):
    """Not in a count, not among what did not go out, and not among what stands open."""
    await told(school)
    await told(school, concerns=(lead,))
    await told(school, drill=True)
    school.tick(hours=1)
    await due(school, "2026-11-23", kind=WEEKLY)
    paper = Paper()
    await school.store.digests.carry_out(school.now, ROLES, paper)
    by_person = {reader.person.id: reader for reader in paper.editions[0].readers}
    assert (len(by_person[lead.id].came), by_person[lead.id].unsent, len(by_person[lead.id].standing)) == (1, 2, 1)
    assert (len(by_person[deputy.id].came), by_person[deputy.id].unsent) == (2, 3)


async def test_the_weekly_knows_the_last_drill_the_questions_and_the_head(school: School, lead: Person):
    """All three are read in the transaction in which it goes out."""
    drill = await told(school, drill=True)
    await school.work.finish_many([(push, "r") for push in await school.pushes()], school.tick(minutes=4))
    for band in ("no", "maybe", "yes"):
        await school.store.record(Recording(school.now, asked=Asked("parent", band)), HOLD)
    await due(school, "2026-11-23", kind=WEEKLY)
    school.tick(minutes=1)
    head = (await school.store.audit.head())[1]
    paper = Paper()
    await school.store.digests.carry_out(school.now, ROLES, paper)
    (edition,) = paper.editions
    assert edition.in_vain == 2
    assert edition.head == head
    assert edition.last_drill is not None
    assert edition.last_drill.case.reference == drill.reference
    assert edition.last_drill.took == timedelta(minutes=4)


async def test_whoever_has_a_case_reads_too_and_nobody_else(school: School, lead: Person):
    """A case may be in the hands of somebody whose role no digest goes to."""
    helper = await school.store.people.add("Helper", ("slt",), (("web", "helper"),), at=NOW)
    bystander = await school.store.people.add("Bystander", ("slt",), (("web", "bystander"),), at=NOW)
    await school.takes(await told(school), helper)
    await due(school, "2026-11-23")
    paper = Paper()
    await school.store.digests.carry_out(school.now, ROLES, paper)
    readers = {reader.person.id for reader in paper.editions[0].readers}
    assert helper.id in readers
    assert bystander.id not in readers


async def test_a_digest_is_a_link_that_names_nobody(school: School, lead: Person):
    """Kind, day and number of people; a digest that went to nobody leaves no link."""
    await due(school, "2026-11-23")
    await school.store.digests.carry_out(school.now, ROLES, Paper())
    await told(school)
    await due(school, "2026-11-24")
    await school.store.digests.carry_out(school.now, ROLES, Paper())
    (link,) = [link for link in await school.store.audit.links() if link.act == "digest sent"]
    assert (link.case, link.person, link.details) == (None, None, '{"kind": "daily", "day": "2026-11-24", "people": 1}')
    assert (await school.store.audit.verify()).whole


async def test_a_real_case_is_no_drill(school: School, lead: Person):
    """Who was told of a report, and when, is read through `seen_by`; the table of a drill is not a way round it."""
    real = await told(school)
    drill = await told(school, drill=True)
    assert await school.store.figures.drill(real.reference) is None
    found = await school.store.figures.drill(drill.reference)
    assert found is not None
    assert [trial.person for trial in found.trials] == [lead.id]
    assert [one.case.reference for one in await school.store.figures.drills()] == [drill.reference]
    later = school.tick(days=2)
    assert [case.id for case in await school.store.figures.drills_open(later)] == [drill.id]


async def test_figures_count_what_the_person_may_see(school: School, lead: Person, deputy: Person):
    """By the day they were opened; a hidden one is not in them, and a drill in nobody's."""
    await told(school)
    await told(school, concerns=(lead,))
    await told(school, drill=True)
    later = school.tick(days=1)
    assert len(await school.store.figures.opened(lead, NOW, later)) == 1
    assert len(await school.store.figures.opened(deputy, NOW, later)) == 2
    assert await school.store.figures.opened(lead, later, later + timedelta(days=1)) == ()
    assert await school.store.figures.in_vain(NOW, later) == 0
