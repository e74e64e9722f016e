"""From a parent's phone to the lead's acknowledgement and back, over every platform at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import wording
from tests.e2e.answers import SECRET
from tests.e2e.town import CONCERNED, REPORTER, town


async def test_a_report_goes_its_whole_way(kind: str, empty_url: Callable[[str], str], tmp_path: Path):
    """All platforms and one bot: everybody is told what the school's route says, and not a byte goes to whom it is about."""
    async with town(tmp_path, database=empty_url(kind)) as here:
        await here.seats("Lead", "slack", "telegram")
        await here.seats("Head", "teams", "web")
        await here.seats("Chair", "email")
        await here.seats(CONCERNED, *here.platforms)
        await here.rests()
        here.marked()
        await here.reports()
        reference = await here.sends()
        receipt = await here.reads(REPORTER, "telegram", "Your report is")
        assert "I am telling the headteacher and the safeguarding lead (DSL) now" in receipt.text
        assert "I keep it from the deputy safeguarding lead" in receipt.text
        await here.has_card("Lead", "slack", reference)
        await here.has_card("Head", "teams", reference)
        here.nobody_reads(SECRET, but=["telegram"])
        await here.presses("Lead", "slack", wording.ACKNOWLEDGE)
        seen = await here.reads(REPORTER, "telegram", "was seen at")
        assert "by the safeguarding lead (DSL)" in seen.text
        await here.reads("Head", "teams", "has already been acknowledged")
        await here.says("Head", "teams", f"open {reference}")
        await here.reads("Head", "teams", SECRET)
        await here.rests()
        assert not await here.found("Lead", "telegram", reference)
        here.nothing_for(CONCERNED, reference)
        for who in ("Lead", "Head", REPORTER):  # that looking at the bytes would find something
            with pytest.raises(AssertionError, match=f"{who} was written to"):
                here.nothing_for(who, reference)
