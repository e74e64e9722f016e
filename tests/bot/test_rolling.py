"""When reports come too fast for a card each, one message tells of them; and what looks like one event is offered as one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import schools
from bot.case_list import OPEN
from bot.outbox import BATCH
from bot.rolling import message
from flows.cases.alike import Reason, alike
from flows.cases.case import Case, Severity, reference
from storage.gathering import OWN_CARDS
from storage.kept import Gathering, Recording
from tests.bot.test_places import HOLD, Desk, desk_at
from tests.fakes import MONDAY
from tests.talk import transcript

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The lead's desk on a Monday morning in term."""
    async with desk_at(tmp_path) as desk:
        yield desk


async def flood(desk: Desk, count: int, severity: Severity = Severity.HIGH, **more: object) -> list[Case]:
    """COUNT reports, one after another, each pushed before the next comes."""
    return [await desk.opens(severity, **more) for _ in range(count)]


def told(desk: Desk) -> list[str]:
    """What the lead's chat holds, without what was changed in place."""
    return [f"{sent.reply.title} {sent.reply.text}" for sent in desk.chat.sent if sent.to.place == "Lead"]


async def test_the_first_few_come_as_cards_and_the_rest_as_one_message(desk: Desk):
    """Four cards, then “1 more report”; what comes within the minute waits for it, and changes that message in place."""
    cases = await flood(desk, OWN_CARDS + 6)
    assert len(told(desk)) == OWN_CARDS + 1
    assert f"1 more report since 10:00. It is {cases[OWN_CARDS].reference}" in told(desk)[-1]
    await desk.passes(minutes=1)
    assert len(told(desk)) == OWN_CARDS + 2
    assert desk.chat.edited == [f"receipt-{OWN_CARDS + 1}"]
    assert "6 more reports since 10:00" in told(desk)[-1]
    assert desk.chat.at("Lead")[-1].choices[0].value == OPEN


async def test_one_message_tells_of_all_that_waits_however_many(desk: Desk):
    """More than are claimed at once: after its minute one message tells of them all, and none is left for the next."""
    await flood(desk, OWN_CARDS + 1)
    await flood(desk, BATCH + 9)
    await desk.passes(minutes=1)
    assert f"{BATCH + 10} more reports since" in told(desk)[-1]
    assert len(told(desk)) == OWN_CARDS + 2
    await desk.passes(minutes=2)
    assert len(told(desk)) == OWN_CARDS + 2


async def test_every_gathered_case_is_seen_counted_and_climbs_as_any_other(desk: Desk):
    """Each has its own row: the lead sees all, an acknowledged one stops, and the others go to the head in their hour."""
    cases = await flood(desk, OWN_CARDS + 6)
    await desk.passes(minutes=1)
    seen = {case.id for case in await desk.store.seen_by(desk.people["Lead"]).open()}
    assert seen == {case.id for case in cases}
    await desk.takes(cases[-1], "Lead")
    await desk.passes(hours=1)
    await desk.passes(minutes=2)
    theirs = {case.id for case in await desk.store.seen_by(desk.people["Head"]).open()}
    assert theirs == {case.id for case in cases[:-1]}


async def test_what_is_immediate_always_has_its_own_card(desk: Desk):
    """In the middle of a flood, danger is not one more of many."""
    await flood(desk, OWN_CARDS + 2)
    urgent = await desk.opens(Severity.IMMEDIATE)
    assert urgent.reference in desk.chat.at("Lead")[-1].title


async def test_once_the_cards_are_acknowledged_the_next_comes_as_a_card(desk: Desk):
    """Whoever keeps up is not sent lists."""
    for case in await flood(desk, OWN_CARDS):
        await desk.takes(case, "Lead")
    fresh = await desk.opens()
    assert fresh.reference in desk.chat.at("Lead")[-1].title


async def test_after_ten_quiet_minutes_a_report_comes_as_a_card_again(desk: Desk):
    """A flood ends."""
    await flood(desk, OWN_CARDS + 1)
    await desk.passes(minutes=11)
    fresh = await desk.opens()
    assert fresh.reference in desk.chat.at("Lead")[-1].title


async def test_when_others_take_them_the_message_counts_down_in_place(desk: Desk):
    """No line for each: the one message says what is left, and at last that nothing is."""
    desk.people["Deputy"] = await desk.store.people.add("Deputy", ("dsl",), (("other", "Deputy"),))
    cases = await flood(desk, OWN_CARDS + 3)
    await desk.passes(minutes=1)
    for case in cases[OWN_CARDS:]:
        await desk.takes(case, "Deputy")
    assert "all in hand" in told(desk)[-1]
    assert set(desk.chat.edited[1:]) == {f"receipt-{OWN_CARDS + 1}"}


async def test_the_message_counts_down_for_whoever_takes_them_too(desk: Desk):
    """The lead takes one of three: two more are left."""
    cases = await flood(desk, OWN_CARDS + 3)
    await desk.passes(minutes=1)
    await desk.takes(cases[-1], "Lead")
    assert "2 more reports" in told(desk)[-1]


async def test_where_nothing_can_be_changed_the_message_comes_again_at_most_once_a_minute(desk: Desk):
    """The post of the chair: four letters, one about the rest, and one more a minute later; nothing for each that is taken."""
    desk.people["Vice"] = await desk.store.people.add("Vice", ("chair",), (("other", "Vice"),))
    cases = await flood(desk, OWN_CARDS + 5, Severity.MEDIUM, rungs=(("chair",),))
    assert len(desk.mail.at("Chair")) == OWN_CARDS + 1
    await desk.passes(minutes=1)
    assert len(desk.mail.at("Chair")) == OWN_CARDS + 2
    for case in cases[OWN_CARDS:]:
        await desk.takes(case, "Vice")
    await desk.passes(minutes=5)
    assert len(desk.mail.at("Chair")) == OWN_CARDS + 2


async def test_a_gathered_case_that_turns_out_to_be_about_its_reader_leaves_no_trace(desk: Desk):
    """The message is changed in place: neither its reference nor its number is left in it."""
    cases = await flood(desk, OWN_CARDS + 3)
    await desk.passes(minutes=1)
    about = replace(await desk.reads(cases[-1], "Lead"), concerns=frozenset({desk.people["Lead"].id}))
    await desk.store.record(Recording(desk.talk.clock.now(), changed=(about,)), HOLD)
    await desk.settled()
    assert "2 more reports" in told(desk)[-1]
    assert cases[-1].reference not in told(desk)[-1]


async def test_a_failing_platform_loses_no_gathered_case_and_repeats_none(desk: Desk):
    """The message about many fails twice: they all go to the next place, and each is there once it works."""
    await flood(desk, OWN_CARDS)
    desk.chat.down = True
    cases = await flood(desk, 3)
    await desk.passes(seconds=5)
    assert all(case.reference in transcript(desk.other.at("Lead")) for case in cases)
    desk.chat.down = False
    await desk.passes(minutes=6)
    assert "3 more reports" in told(desk)[-1]


def case(matter: str, at: datetime, **more: object) -> Case:
    """A case of that MATTER."""
    ref = reference()
    return replace(Case(f"id-{ref}", ref, matter, Severity.HIGH, at), **more)  # type: ignore[arg-type]  # a test names what it changes


def test_alike_are_the_same_matter_on_the_same_day_and_why_is_said():
    """Two of a kind within the hour, one the day after, one of another kind."""
    one, two = case("bullying_of_pupil", MONDAY), case("bullying_of_pupil", MONDAY + timedelta(minutes=40))
    later, other = case("bullying_of_pupil", MONDAY + timedelta(days=1)), case("password_shared", MONDAY)
    (found,) = alike((other, later, two, one), LONDON)
    assert found.cases == (one, two)
    assert found.reasons == (Reason.MATTER, Reason.HOUR)
    (day,) = alike((one, replace(two, opened_at=MONDAY + timedelta(hours=5))), LONDON)
    assert day.reasons == (Reason.MATTER, Reason.DAY)


def test_a_drill_is_like_no_real_case():
    """Nobody is led to link an exercise with an incident."""
    assert alike((case("bullying_of_pupil", MONDAY), case("bullying_of_pupil", MONDAY, drill=True)), LONDON) == ()


@given(st.lists(st.tuples(st.sampled_from(("bullying_of_pupil", "password_shared")), st.integers(0, 72)), max_size=12))
def test_every_case_is_in_at_most_one_group_and_no_group_is_lonely(made: list[tuple[str, int]]):
    """Whatever came in when: groups part the cases, and each holds one matter on one day of the school."""
    cases = [case(matter, MONDAY + timedelta(hours=hours)) for matter, hours in made]
    groups = alike(cases, LONDON)
    grouped = [one.id for group in groups for one in group.cases]
    assert len(grouped) == len(set(grouped))
    for group in groups:
        assert len(group.cases) > 1
        assert len({(one.matter, one.opened_at.astimezone(LONDON).date()) for one in group.cases}) == 1


def test_the_message_names_nobody_and_offers_to_link_what_looks_alike():
    """Count, since when, the newest; the newest five references of an event, and how to link two."""
    cases = tuple(case("bullying_of_pupil", MONDAY + timedelta(minutes=number)) for number in range(7))
    said = message(Gathering(cases, MONDAY), schools.load("rosebrook"))
    assert said.text.startswith(f"7 more reports since 10:00. The newest is {cases[-1].reference}.")
    assert "and 2 more: the same kind of report and sent within an hour" in said.text
    assert f"“link {cases[-1].reference} {cases[-2].reference}”" in said.text
    assert cases[0].reference not in said.text


def test_nothing_left_says_so_without_a_button():
    """Everything it told of is in hand."""
    said = message(Gathering(), schools.load("rosebrook"))
    assert "all in hand" in said.text
    assert said.choices == ()
