"""A platform that hangs holds up nobody but itself."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot import app as composition
from bot import under_way
from bot.clock import SystemClock
from bot.under_way import UnderWay
from flows.cases.case import Case, Said, Severity, reference
from flows.cases.notice import Notice, NoticeKind
from storage.kept import Recording
from tests.fakes import FakeChannel
from tests.talk import settings


async def test_a_card_does_not_wait_for_a_platform_that_is_not_its_own(tmp_path: Path):
    """One platform takes twenty seconds to say nothing: an emergency that goes through another one is there at once."""
    hung, well = FakeChannel("hung"), FakeChannel("well")
    hung.hangs = True
    channels = {"hung": hung, "well": well}
    async with composition.running(settings(tmp_path), SystemClock(), channels=channels) as app:
        store = app.stores["rosebrook"]
        await store.people.add("Lead", ("dsl",), (("hung", "Lead"),))
        await store.people.add("Head", ("headteacher",), (("well", "Head"),))

        async def opens(role: str) -> None:
            now = app.clock.now()
            case = Case(
                id=reference("X"), reference=reference(), matter="bullying_of_pupil", severity=Severity.IMMEDIATE, opened_at=now,
                rungs=((role,),), said=(Said("What happened?", "zqx", "happened"),),
            )  # fmt: skip
            made = Recording(now, opened=(case,), notices=(Notice(case.id, 0, NoticeKind.PUSH, now),))
            await store.record(made, timedelta(seconds=60))

        await opens("dsl")
        await asyncio.sleep(0.3)
        began = time.monotonic()
        await opens("headteacher")
        async with asyncio.timeout(15):
            while not well.sent:  # noqa: ASYNC110 - a platform in memory has no event for it
                await asyncio.sleep(0.02)
        assert time.monotonic() - began < 15, "generous: the machine may be busy; what hangs would take twenty"


async def test_what_fails_at_once_is_raised_and_what_fails_later_is_not_lost(monkeypatch: pytest.MonkeyPatch, capsys):
    """Whoever began it hears of the first; the second is logged by type."""
    monkeypatch.setattr(under_way, "A_MOMENT", 0.05)

    async def fails(after: float) -> None:
        await asyncio.sleep(after)
        raise LookupError("a word that somebody wrote")

    sends = UnderWay()
    with pytest.raises(LookupError):
        await sends.begin(fails(0))
    await sends.begin(fails(0.1))
    await asyncio.sleep(0.2)
    out = "".join(capsys.readouterr())
    assert "LookupError" in out
    assert "somebody wrote" not in out


async def test_only_so_many_are_left_to_themselves_and_all_end_with_the_bot(monkeypatch: pytest.MonkeyPatch):
    """Beyond them whoever begins one waits; nothing goes on behind a bot that has stopped."""
    monkeypatch.setattr(under_way, "A_MOMENT", 0.01)
    over = asyncio.Event()
    ended: list[str] = []

    async def hangs() -> None:
        try:
            await over.wait()
        finally:
            ended.append("ended")

    sends = UnderWay()
    for _ in range(under_way.MOST - 1):
        await sends.begin(hangs())
    last = asyncio.create_task(sends.begin(hangs()))
    await asyncio.sleep(0.1)
    assert not last.done()
    over.set()
    await asyncio.wait_for(last, 5)
    over.clear()
    async with sends:
        await sends.begin(hangs())
    assert len(ended) == under_way.MOST + 1
