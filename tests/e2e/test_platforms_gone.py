"""Each platform in turn is gone in the middle: the card finds another place or another person, and the reporter hears the truth.

One of each kind runs in `make test`; every platform, cut in every way, in `make faults`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bot import wording, wording_sent
from tests.e2e.answers import SECRET
from tests.e2e.lines import HANGS, REFUSES, RESETS, WAYS
from tests.e2e.platforms import PLATFORMS
from tests.e2e.town import CONCERNED, REFERENCE, REPORTER, Town, town

WHOLE = os.environ.get("FAULTS") == "whole"
# Where somebody is reached beside the platform that is gone. E-mail takes no button, so the second place is never that.
BESIDE = {"slack": "telegram", "telegram": "slack", "teams": "slack", "web": "teams", "email": "web"}
EVERY = [(platform, way) for platform in PLATFORMS for way in WAYS if not (platform == "web" and way != REFUSES)]
PHONE = wording_sent.PHONE.partition(" yet,")[0]
PATIENCE = {"pace": 15.0, "within": 120.0}  # minutes of the bot's clock, and the seconds that a call may hang

Figure = Callable[[str], None]


def short(*chosen: tuple[str, str]) -> pytest.MarkDecorator:
    """These in `make test`, and all of them in `make faults`."""
    cases = EVERY if WHOLE else chosen
    return pytest.mark.parametrize(("gone", "way"), cases, ids=["-".join(case).replace(" ", "-") for case in cases])


def reporting_from(gone: str) -> str:
    """Where the parent sits: in Telegram, unless nobody can report from there."""
    return "web" if gone == "telegram" else "telegram"


@asynccontextmanager
async def cut(folder: Path, gone: str, **places: tuple[str, ...]) -> AsyncIterator[Town]:
    """A town in which everybody sits at their PLACES and the parent has answered everything, just before GONE is gone."""
    there = dict.fromkeys(("telegram", gone, BESIDE[gone], reporting_from(gone)))
    async with town(folder, platforms=tuple(there)) as here:
        for who, at in places.items():
            await here.seats(who, *at)
        await here.seats(CONCERNED, *here.platforms)
        await here.rests()
        here.marked()
        await here.reports(reporting_from(gone))
        yield here


async def taken(here: Town, who: str, where: str, reporter_at: str, as_whom: str) -> None:
    """WHO acknowledges there, and the reporter hears who has it."""
    await here.presses(who, where, wording.ACKNOWLEDGE)
    seen = await here.reads(REPORTER, reporter_at, "was seen at", **PATIENCE)
    assert as_whom in seen.text


def minutes(here: Town, since: datetime) -> str:
    """How long it took by the bot's clock: what people would have waited."""
    waited = (here.clock.now() - since).total_seconds()
    return "within a minute" if waited <= 60 else f"within {-(-int(waited) // 60)} minutes"


@short(("slack", REFUSES))
async def test_the_card_goes_to_another_place_of_the_same_person(gone: str, way: str, tmp_path: Path, figure: Figure):
    """The lead is reached at their second place, takes the case there, and the first one is not rung any more afterwards."""
    beside, parent_at = BESIDE[gone], reporting_from(gone)
    async with cut(tmp_path, gone, Lead=(gone, beside), Head=(beside,)) as here:
        await here.platforms[gone].cut(way)
        reference, sent = await here.sends(parent_at), here.clock.now()
        await here.has_card("Lead", beside, reference, **PATIENCE)
        figure(f"{gone} {way}: the lead has the card in {beside} {minutes(here, sent)}")
        here.nobody_reads(SECRET, but=[parent_at])
        await taken(here, "Lead", beside, parent_at, "by the safeguarding lead")
        await here.rests(**PATIENCE)  # an attempt that is under way when it is back would still arrive
        # After half an answer the card stands there, and nobody could know; a page shows what was kept for it.
        before = 1 if gone == "web" else len(await here.found("Lead", gone, reference))
        await here.platforms[gone].mend()
        await here.rests(**PATIENCE)
        assert len(await here.found("Lead", gone, reference)) <= before
        here.nothing_for(CONCERNED, reference)


@short(("telegram", RESETS))
async def test_where_there_is_no_other_place_the_next_person_is_told(gone: str, way: str, tmp_path: Path, figure: Figure):
    """Lead and head sit at that platform alone: the chair hears in minutes; until then the parent is told that nobody has it."""
    beside, parent_at = BESIDE[gone], reporting_from(gone)
    async with cut(tmp_path, gone, Lead=(gone,), Head=(gone,), Chair=(beside,)) as here:
        await here.platforms[gone].cut(way)
        reference, sent = await here.sends(parent_at), here.clock.now()
        await here.has_card("Chair", beside, reference, **PATIENCE)
        figure(f"{gone} {way}: the chair has the card in {beside} {minutes(here, sent)}")
        assert not await here.found(REPORTER, parent_at, "was seen")
        await here.says(REPORTER, parent_at, f"status {reference}")
        await here.reads(REPORTER, parent_at, "Nobody has said yet that they have it")
        await taken(here, "Chair", beside, parent_at, "by the Chair")
        await here.platforms[gone].mend()
        await here.rests(**PATIENCE)
        here.nothing_for(CONCERNED, reference)


@short(("email", REFUSES))
async def test_where_nobody_can_be_reached_the_parent_is_asked_to_phone(gone: str, way: str, tmp_path: Path, figure: Figure):
    """Everybody sits at that platform alone. The parent hears the truth in minutes; the cards arrive once it is back."""
    parent_at = reporting_from(gone)
    async with cut(tmp_path, gone, Lead=(gone,), Head=(gone,), Chair=(gone,)) as here:
        await here.platforms[gone].cut(way)
        reference, sent = await here.sends(parent_at), here.clock.now()
        await here.reads(REPORTER, parent_at, PHONE.format(reference=reference), **PATIENCE)
        figure(f"{gone} {way}: the parent is asked to phone {minutes(here, sent)}")
        await here.platforms[gone].mend()
        for who in ("Lead", "Head", "Chair"):
            await here.has_card(who, gone, reference, **PATIENCE)
        if here.platforms[gone].takes_presses:
            await taken(here, "Lead", gone, parent_at, "by the safeguarding lead")
        await here.rests(**PATIENCE)
        here.nothing_for(CONCERNED, reference)


@pytest.mark.parametrize("way", WAYS if WHOLE else [REFUSES])
async def test_what_the_parent_writes_while_their_own_platform_is_gone_is_neither_lost_nor_repeated(way: str, tmp_path: Path):
    """In the middle of the report, and again just after Send: every answer counts once, and the news comes when it can."""
    async with cut(tmp_path, "slack", Lead=("slack",)) as here:
        telegram = here.platforms["telegram"]
        await here.says(REPORTER, "telegram", "13")
        await here.reads(REPORTER, "telegram", "You said:")
        await telegram.cut(way)
        typed = asyncio.create_task(telegram.driver.says(REPORTER, f"{SECRET} is called names in class."))
        await asyncio.sleep(0.5)
        assert not typed.done()
        await telegram.mend()
        assert await typed in {True, False}  # False: it was asked for twice, as what was not confirmed is
        await here.reads(REPORTER, "telegram", f"{SECRET} is called names in class.", within=40)
        await here.presses(REPORTER, "telegram", "Send")
        await telegram.cut(way)
        reference = await _reference_of_the_card(here)
        await here.presses("Lead", "slack", wording.ACKNOWLEDGE)
        await here.reads("Lead", "slack", "is yours")
        at = wording.clock(here.clock.now(), here.app.schools["rosebrook"].zone)
        await telegram.mend()
        seen = await here.reads(REPORTER, "telegram", "was seen at", **PATIENCE)
        assert at in seen.text
        said = "\n".join(one.text for one in await here.shown(REPORTER, "telegram"))
        assert said.index(f"Your report is {reference}") < said.index("was seen at")
        if way != HANGS:
            assert len(await here.found(REPORTER, "telegram", "was seen at")) == 1
        here.nothing_for(CONCERNED, reference)


async def _reference_of_the_card(here: Town) -> str:
    found = REFERENCE.search((await here.reads("Lead", "slack", "needs you")).text)
    assert found is not None
    return found[0]
