"""The rehearsal: demo people in every role, a clock that can be played with, and a way back to the beginning."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App, running
from bot.channel import SendFailed
from bot.clock import RehearsalClock
from bot.messages import Address, IncomingMessage, Reply
from bot.rehearsal import RATES, Rehearsal, cast, receivers, seed, start_again
from flows.cases.case import Case, Severity
from flows.cases.clocks import notices
from storage.kept import Recording
from storage.store import Store
from tests.fakes import MONDAY
from tests.site import rehearsing
from tests.storage.conftest import HOLD


@pytest.fixture
async def app(tmp_path: Path):
    """A rehearsal nobody has done anything in."""
    async with running(rehearsing(tmp_path), RehearsalClock(MONDAY)) as app:
        yield app


async def opened(app: App) -> Case:
    """A report about nobody, with a notice for each rung."""
    case = Case("c1", "SP-TESTS", "tell_the_lead", Severity.HIGH, app.clock.now(), rungs=(("dsl",), ("deputy_dsl",)))
    due = notices(case, app.schools["rosebrook"].calendar, app.clock.now())
    await app.stores["rosebrook"].record(Recording(app.clock.now(), opened=(case,), notices=due), HOLD)
    return case


async def eventually(ask: Callable[[], Awaitable[object]], answer: object) -> None:
    """Wait until ASK gives ANSWER: the outbox works beside the test."""
    async with asyncio.timeout(5):
        while await ask() != answer:  # noqa: ASYNC110 - no event tells what a database has come to hold
            await asyncio.sleep(0.01)


async def reached(store: Store, role: str) -> int:
    """How many open reports the demo person with ROLE sees."""
    (person,) = await store.people.holders(role)
    return len(await store.seen_by(person).open())


async def test_every_role_a_route_can_name_has_a_demo_person_who_can_be_reached(app: App):
    """Whatever is reported, somebody in the third panel gets it; and nobody could be taken for a real person."""
    store, school = app.stores["rosebrook"], app.schools["rosebrook"]
    named = {role for route in school.routes.values() for rung in (route.to, route.also, *route.climb) for role in rung}
    assert named <= {role for one in receivers(school) for role in one.roles}
    for role in named:
        (person,) = await store.people.holders(role)
        assert person.name.startswith("Demo ")
        assert {channel for channel, _ in person.places} == {"web", "console"}


async def test_seeding_again_changes_nothing(app: App):
    """Every start of a rehearsal seeds; the people stay the same."""
    store = app.stores["rosebrook"]
    before = await store.people.list()
    await seed(store, app.schools["rosebrook"])
    assert await store.people.list() == before
    assert len(before) == len([one for one in cast(app.schools["rosebrook"]) if one.roles])


async def test_nobody_is_played_whose_role_the_school_does_not_have(app: App):
    """Rosebrook has no e-safety officer, so there is no panel in which reports to one would be missed."""
    school = app.schools["rosebrook"]
    assert "eso" not in {one.key for one in cast(school)}
    assert {one.key for one in cast(school)} >= {"parent", "teacher", *school.roles}
    assert await app.stores["rosebrook"].people.holders("eso") == ()


async def test_the_clock_runs_at_one_of_three_paces_and_skips_to_what_is_due(app: App):
    """Skipping with nothing to wait for leaves the clock alone; otherwise it stands exactly at the next event."""
    rehearsal = Rehearsal(app.clock, app.work, ("web",))
    for rate in RATES:
        rehearsal.pace(rate)
    with pytest.raises(ValueError, match="1, 60, 600"):
        rehearsal.pace(7)
    rehearsal.pace(1)
    assert await rehearsal.skip() is None
    await opened(app)
    due, skipped_to = await rehearsal.next_due(), await rehearsal.skip()
    assert due is not None
    assert skipped_to is not None
    # Between the two looks the bot may have done, and planned anew, what was due that very moment.
    assert abs(skipped_to - due) < timedelta(seconds=1)
    assert app.clock.now() >= skipped_to


async def test_skipping_goes_to_a_reminder_and_not_to_the_day_a_draft_is_destroyed(app: App):
    """A newcomer sees what happens to a report that is left; the calendar does not jump a week."""
    rehearsal, address = Rehearsal(app.clock, app.work, ("web",)), Address("web", "rehearsal-parent")
    texts = ("report something", "1", "no", "parent", "yes")
    for number, text in enumerate(texts):
        message = IncomingMessage(f"m{number}", "rehearsal-parent", address, app.clock.now(), text)
        await app.conversations.receive("rosebrook", message)
        await app.conversations.finish()
    began = app.clock.now()
    assert timedelta(minutes=19) < (await rehearsal.skip() or began) - began <= timedelta(minutes=20)
    conversations = app.stores["rosebrook"].conversations

    async def reminded() -> bool:
        lines = await conversations.transcript("web", "rehearsal-parent", "rehearsal-parent", 1)
        return "A little while ago" in lines[0].body

    await eventually(reminded, True)
    await eventually(rehearsal.next_due, None)


async def test_starting_again_closes_what_is_open_and_withdraws_what_was_to_come(app: App):
    """Nothing of the last round climbs into the next, and nobody sees it any more."""
    store = app.stores["rosebrook"]
    await opened(app)
    await eventually(lambda: reached(store, "dsl"), 1)
    assert await start_again(store, app.clock.now()) == 1
    assert await reached(store, "dsl") == 0
    await eventually(lambda: app.work.next_due(("web",)), None)
    assert await start_again(store, app.clock.now()) == 0


async def test_the_page_takes_no_address_of_another_channel(app: App):
    """A mistake in a place is refused for good, not tried for ever."""
    with pytest.raises(SendFailed) as failed:
        await app.channels["web"].send(Address("telegram", "1"), Reply("x"), "key")
    assert failed.value.permanent
