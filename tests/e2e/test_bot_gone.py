"""The bot itself is gone in the middle, at every step in turn: what the platforms were told is kept, and nothing is done twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot import wording
from tests.e2e.answers import SECRET
from tests.e2e.lines import HANGS
from tests.e2e.town import CONCERNED, REPORTER, town


async def test_it_is_started_anew_at_every_step_and_everybody_hears_everything_once(tmp_path: Path):
    """In the middle of a question, between Send and the receipt, before the card is pressed, and right after it was."""
    async with town(tmp_path, platforms=("telegram", "slack")) as here:
        await here.seats("Lead", "slack")
        await here.seats("Head", "telegram")
        await here.seats(CONCERNED, "telegram", "slack")
        await here.rests()
        here.marked()
        await here.reports(after={4: here.restarts, 11: here.restarts})
        await here.presses(REPORTER, "telegram", "Send")
        await here.restarts()
        reference = await here.reference()
        await here.has_card("Lead", "slack", reference)
        await here.has_card("Head", "telegram", reference)
        await here.restarts()
        await here.connected()
        await here.presses("Lead", "slack", wording.ACKNOWLEDGE)
        await here.restarts()
        await here.reads(REPORTER, "telegram", "was seen at", pace=5.0)
        await here.reads("Head", "telegram", "has already been acknowledged", pace=5.0)
        await here.rests(pace=5.0)
        for who, where, words in (
            (REPORTER, "telegram", f"Your report is {reference}"),
            (REPORTER, "telegram", "was seen at"),
            (REPORTER, "telegram", "Question 6 of"),
            ("Lead", "slack", f"{reference} is yours"),
        ):
            assert len(await here.found(who, where, words)) <= 2, f"{words!r} came too often"
        here.nobody_reads(SECRET, but=["telegram"])
        here.nothing_for(CONCERNED, reference)


async def test_what_was_on_the_line_when_it_went_is_sent_by_the_next(tmp_path: Path):
    """The card hangs at Slack when the bot goes: it goes out once the lease has run out, in its own time and not never."""
    async with town(tmp_path, platforms=("telegram", "slack")) as here:
        await here.seats("Lead", "slack")
        await here.rests()
        await here.reports()
        await here.platforms["slack"].cut(HANGS)
        reference = await here.sends()
        await asyncio.sleep(0.3)
        await here.stops()
        await here.platforms["slack"].mend()
        await here.starts()
        await here.has_card("Lead", "slack", reference, pace=2.0)
        await here.presses("Lead", "slack", wording.ACKNOWLEDGE)
        await here.reads(REPORTER, "telegram", "was seen at", pace=2.0)
