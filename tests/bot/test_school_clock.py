"""Days that people name are days by the school's clock, not by the machine's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.fakes import HandClock
from tests.filling import begins
from tests.talk import settings, talking

# In Greenwich still the first of July; in a school in England, in summer, half an hour into the second.
JUST_AFTER_MIDNIGHT = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)


async def test_yesterday_just_after_a_summer_midnight_is_the_day_that_has_just_ended(tmp_path: Path):
    """Whoever cannot sleep and writes at half past midnight means the evening before."""
    async with talking(settings(tmp_path), HandClock(JUST_AFTER_MIDNIGHT)) as talk:
        review = await begins(talk["Parent"], when="yesterday")
    said = "\n".join(reply.text for reply in review)
    assert "1 July" in said
    assert "30 June" not in said
