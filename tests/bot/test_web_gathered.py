"""The page of a role holder in a flood: a few cards, one line for the rest, and the proof that both were fetched."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.channels.web.session import Session
from bot.clock import SystemClock
from flows.cases.case import Case, Severity, reference
from flows.cases.notice import Notice, NoticeKind
from storage.gathering import OWN_CARDS
from storage.kept import Recording
from tests.plain_browser import PlainBrowser, Shown
from tests.site import for_real, serving

HOLD = timedelta(seconds=60)


async def within(browser: PlainBrowser, words: str) -> list[Shown]:
    """The lines of the page once WORDS stand in one of them."""
    async with asyncio.timeout(20):
        while True:
            lines = await browser.loads()
            if any(words in line.text for line in lines):
                return lines
            await asyncio.sleep(0.05)


async def test_what_comes_too_fast_is_one_line_of_the_page(tmp_path: Path):
    """Four cards and a line; the line counts, opens the list, and is proof of delivery for each case it tells of."""
    async with serving(for_real(tmp_path / "data"), SystemClock()) as site:
        lead = site.browser()
        await lead.loads()
        store, now = site.app.stores["rosebrook"], site.app.clock.now()
        place = Session(lead.client.cookies["signpost"]).place("rosebrook")
        person = await store.people.add("Lead", ("dsl",), (("web", place),))
        cases = [
            Case(f"id-{reference()}", reference(), "bullying_of_pupil", Severity.HIGH, now, rungs=(("dsl",),))
            for _ in range(OWN_CARDS + 3)
        ]
        notices = tuple(Notice(case.id, 0, NoticeKind.PUSH, now) for case in cases)
        await store.record(Recording(now, opened=tuple(cases), notices=notices), HOLD)
        lines = await within(lead, "3 more reports since")
        assert len([line for line in lines if "card" in line.kind]) == OWN_CARDS + 1
        assert any(cases[0].reference in line.text for line in await lead.clicks("Open cases"))
        assert len(await store.seen_by(person).open()) == OWN_CARDS + 3
        arrived = {link.case for link in await store.audit.links() if link.act == "card arrived"}
        assert arrived == {case.id for case in cases}
