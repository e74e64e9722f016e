"""What goes wrong, and when: each fault at each moment of a report's way. Nothing is lost, and nobody has it twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import outbox, wording
from bot.channel import SendFailed
from flows.cases.calendar import Calendar
from flows.cases.case import Severity
from tests.bot.faults import LADDER, Stage, staged

Figure = Callable[[str], None]
HOUR = timedelta(hours=1)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A Monday morning in term, and nothing has been reported yet."""
    async with staged(tmp_path) as stage:
        yield stage


@pytest.mark.parametrize("who", [*LADDER, None])
async def test_whoever_stays_silent_the_next_one_is_told(stage: Stage, who: str | None, figure: Figure) -> None:
    """Each in turn does nothing for an hour; the first who does something has it, and nobody after them hears of it."""
    await stage.opens()
    for name in LADDER:
        assert stage.told()[-1] == name
        if name == who:
            await stage.acknowledges(name)
            break
        await stage.passes(steps=1, hours=1)
    await stage.passes(steps=3, hours=2)
    assert tuple(stage.told()) == LADDER[: LADDER.index(who) + 1 if who else None]
    figure(f"silent until {who or 'the end'}: {await stage.judged(holder=who)}")


async def _away(stage: Stage, name: str) -> None:
    await stage.store.people.away(stage.people[name].id, stage.now + timedelta(days=30), at=stage.now)


async def _role_taken(stage: Stage, name: str) -> None:
    await stage.store.people.take_role(stage.people[name].id, stage.people[name].roles[0], at=stage.now)


async def _unlinked(stage: Stage, name: str) -> None:
    await stage.store.people.unlink(stage.people[name].id, "fake", name, at=stage.now)


async def _concerned(stage: Stage, name: str) -> None:
    await stage.concerns(name)


LEAVES: dict[str, Callable[[Stage, str], Awaitable[None]]] = {
    "away": _away,
    "role taken": _role_taken,
    "place unlinked": _unlinked,
    "turns out to be about them": _concerned,
}


def _resolved(stage: Stage, name: str) -> AbstractAsyncContextManager[None]:
    del name
    return stage.resolved_only()


def _in_flight(stage: Stage, name: str) -> AbstractAsyncContextManager[None]:
    return stage.in_flight(name)


@pytest.mark.parametrize("name", LADDER)
@pytest.mark.parametrize("leaves", LEAVES.values(), ids=LEAVES)
async def test_whoever_leaves_between_being_chosen_and_being_told_is_not_told(
    stage: Stage, leaves: Callable[[Stage, str], Awaitable[None]], name: str, figure: Figure, request: pytest.FixtureRequest
) -> None:
    """On every step: their card is not sent, those after them are told at once, and the reporter is told to phone at the end."""
    await _comes_to(stage, name, leaves, _resolved)
    assert name not in stage.told()
    case = await stage.stands()
    left = [one for one in LADDER if one != name and any(set(rung) & set(stage.people[one].roles) for rung in case.rungs)]
    assert stage.told() == left
    figure(f"{request.node.callspec.id}, chosen: {await stage.judged(holder=None)}")


@pytest.mark.parametrize("name", LADDER)
@pytest.mark.parametrize("leaves", LEAVES.values(), ids=LEAVES)
async def test_whoever_leaves_while_their_card_is_on_the_line_holds_nothing_up(
    stage: Stage, leaves: Callable[[Stage, str], Awaitable[None]], name: str, figure: Figure, request: pytest.FixtureRequest
) -> None:
    """The card can no longer be stopped. For whom it may not be it says nothing any more, and it goes on to the others."""
    await _comes_to(stage, name, leaves, _in_flight)
    case = await stage.stands()
    if leaves in (_concerned, _role_taken):
        assert stage.platform.at(name)[-1].text == wording.BLANKED
        assert await stage.store.seen_by(await stage.store.people.by_id(stage.people[name].id)).by_id(case.id) is None
    rest = [one for one in LADDER if one != name and any(set(rung) & set(stage.people[one].roles) for rung in case.rungs)]
    assert [one for one in stage.told() if one != name] == rest
    figure(f"{request.node.callspec.id}, on the line: {await stage.judged(holder=None)}")


async def _comes_to(
    stage: Stage,
    name: str,
    leaves: Callable[[Stage, str], Awaitable[None]],
    moment: Callable[[Stage, str], AbstractAsyncContextManager[None]],
) -> None:
    """The report climbs to NAME, who leaves at that MOMENT; then it goes on to its end."""
    before = LADDER.index(name)
    if before:
        await stage.opens()
        await stage.passes(steps=before - 1, hours=1)
    async with moment(stage, name):
        await (stage.passes(steps=1, hours=1) if before else stage.opens())
        await leaves(stage, name)
    await stage.passes(steps=6, hours=1)


@pytest.mark.parametrize("moment", ["push", "edit", "reply"])
@pytest.mark.parametrize("how", ["refuses", "breaks off", "shows it and breaks off"])
async def test_a_platform_that_is_away_for_an_hour_delays_and_loses_nothing(
    stage: Stage, how: str, moment: str, figure: Figure, request: pytest.FixtureRequest
) -> None:
    """Whatever was to be said meanwhile is said once it is back: once, or twice under one key where its answer was lost."""
    repeats = 0

    def fails() -> None:
        nonlocal repeats
        if how == "refuses":
            stage.platform.failures += [SendFailed("503")] * 3
        elif how == "breaks off":
            stage.platform.failures += [ConnectionResetError()] * 3
        else:
            stage.platform.loses_answers = repeats = 3

    if moment == "push":
        fails()
        await stage.opens()
    else:
        await stage.opens()
        await stage.passes(steps=1, hours=1)
        fails()
        if moment == "edit":
            await stage.acknowledges("Deputy")
        else:
            await stage.talk.send("Parent", "hello")
    await stage.passes(steps=20, minutes=1)
    if moment != "edit":
        await stage.acknowledges("Lead")
    await stage.passes(steps=2, minutes=30)
    if moment == "edit":
        assert stage.heard(wording.ALREADY, "Lead") == 1
    holder = "Deputy" if moment == "edit" else "Lead"
    figure(f"{request.node.callspec.id}: {await stage.judged(holder=holder, repeats=repeats)}")


async def test_a_platform_that_hangs_is_given_up_and_tried_again(
    stage: Stage, figure: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can say whether a send that never ended was shown: it is made again, under the same key."""
    monkeypatch.setattr(outbox, "SEND_WITHIN", 0.05)
    stage.platform.hangs = True
    await stage.opens()
    stage.platform.hangs = False
    await stage.passes(steps=6, minutes=1)
    await stage.acknowledges("Lead")
    figure(f"hangs: {await stage.judged(holder='Lead')}")


@pytest.mark.parametrize("moment", ["before the next is told", "after somebody has it"])
async def test_a_clock_that_is_put_back_an_hour_neither_loses_nor_doubles_anything(
    stage: Stage, moment: str, figure: Figure
) -> None:
    """What was due at an hour of the clock is done once when that hour comes, and what was done is not done again."""
    await stage.opens()
    await stage.passes(steps=1, minutes=50)
    if moment == "after somebody has it":
        await stage.acknowledges("Lead")
    stage.talk.clock.step_back(hours=1)
    await stage.passes(steps=1, minutes=69)
    assert stage.told() == ["Lead"]
    await stage.passes(steps=8, minutes=30)
    assert tuple(stage.told()) == (("Lead",) if moment == "after somebody has it" else LADDER)
    holder = "Lead" if moment == "after somebody has it" else None
    figure(f"clock put back {moment}: {await stage.judged(holder=holder)}")


@pytest.mark.parametrize(
    "start", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC)], ids=["autumn", "spring"]
)
async def test_an_hour_is_an_hour_on_the_night_the_clocks_change(tmp_path: Path, start: datetime, figure: Figure) -> None:
    """What is urgent climbs by the hours that really pass, whatever the clock on the wall says twice or not at all."""
    async with staged(tmp_path, start) as stage:
        await stage.opens()
        await stage.passes(steps=30, minutes=10)
        assert [stage.told_at(name) - start for name in LADDER] == [HOUR * step for step in range(4)]
        figure(f"clocks change in {start:%B}: {await stage.judged(holder=None)}")


HALF_TERM = Calendar(holidays=((date(2026, 10, 26), date(2026, 10, 30)),))
FRIDAY = datetime(2026, 10, 23, 13, 0, tzinfo=UTC)  # two in the afternoon in summer time; the next school day is 2 November
AFTERWARDS = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("severity", "second"),
    [
        (Severity.IMMEDIATE, FRIDAY + timedelta(minutes=5)),
        (Severity.HIGH, FRIDAY + HOUR),
        (Severity.MEDIUM, AFTERWARDS + timedelta(hours=4, minutes=30)),
        (Severity.LOW, datetime(2026, 11, 3, 14, 0, tzinfo=UTC)),
    ],
    ids=["immediate", "high", "medium", "low"],
)
async def test_half_term_holds_back_what_can_wait_and_nothing_else(
    tmp_path: Path, severity: Severity, second: datetime, figure: Figure
) -> None:
    """On the Friday before, the first is told at once. The next is told by the hours that the school is open, or by the clock.

    The clocks change during the week. Nobody is told in the holiday of what can wait, and nothing is forgotten over it.
    """
    async with staged(tmp_path, FRIDAY) as stage:
        schools = stage.talk.app.schools
        schools[stage.talk.school] = replace(schools[stage.talk.school], calendar=HALF_TERM)  # type: ignore[index]
        await stage.opens(severity)
        assert stage.told() == ["Lead"]
        await stage.talk.passes(seconds=(second - FRIDAY).total_seconds() - 1)
        assert stage.told() == ["Lead"]
        await stage.talk.passes(seconds=1)
        assert stage.told() == ["Lead", "Deputy"]
        await stage.passes(steps=10, days=1)
        assert sorted(stage.told()) == sorted(LADDER), "what falls due in one leap may go out in any order"
        figure(f"half-term, {severity.value}: {await stage.judged(holder=None)}")


async def test_of_two_who_acknowledge_at_the_same_moment_one_has_it(stage: Stage, figure: Figure) -> None:
    """The other is told that somebody does."""
    await stage.opens()
    await stage.passes(steps=1, hours=1)
    await stage.acknowledges("Lead", "Deputy")
    case = await stage.stands()
    holder = next(name for name in ("Lead", "Deputy") if stage.people[name].id == case.holder)
    other = "Deputy" if holder == "Lead" else "Lead"
    assert stage.heard(wording.ALREADY, other) >= 1
    figure(f"two at once: {await stage.judged(holder=holder)}")
