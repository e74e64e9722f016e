"""An open page of the desk stays true, and is told nothing that its reader may not know."""

from __future__ import annotations

import asyncio

import pytest

from bot.desk import live
from tests.desk_site import DESK, AtTheDesk, a_case, at_the_desk
from tests.site import Site

SOON = 8.0  # real seconds: a page looks every two


async def told(desk: AtTheDesk, query: str, brought: asyncio.Queue[str]) -> None:
    """Put every event that the stream brings into BROUGHT."""
    async with desk.client.stream("GET", f"{DESK}/events{query}", timeout=30) as answer:
        async for line in answer.aiter_lines():
            # A browser passes an event on once it carries something.
            if line.startswith("data: "):
                brought.put_nowait(line)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody waits two seconds for nothing."""
    monkeypatch.setattr(live, "LOOK_EVERY", 0.1)


async def test_a_new_report_and_what_others_do_bring_the_list_up_to_date(site: Site):
    """The page hears that something changed, and not what: it loads itself again."""
    desk, other, brought = await at_the_desk(site), await at_the_desk(site, "deputy_dsl"), asyncio.Queue[str]()
    listening = asyncio.create_task(told(desk, "", brought))
    await asyncio.sleep(0.5)
    case = await a_case(site, tell=("dsl", "deputy_dsl"))
    assert await asyncio.wait_for(brought.get(), SOON) == "data: changed"
    await other.opens(f"{DESK}/case/{case.reference}")
    await other.sends("/acknowledge")
    assert await asyncio.wait_for(brought.get(), SOON) == "data: changed"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_note_and_a_look_at_the_page_of_a_case(site: Site):
    """A colleague's note shows; that somebody reads the case is no news to those who read it too."""
    case = await a_case(site, tell=("dsl", "deputy_dsl"))
    desk, other, brought = await at_the_desk(site), await at_the_desk(site, "deputy_dsl"), asyncio.Queue[str]()
    for one in (desk, other):
        await one.opens(f"{DESK}/case/{case.reference}")
    listening = asyncio.create_task(told(desk, f"?case={case.reference}", brought))
    await asyncio.sleep(0.5)
    await other.opens(f"{DESK}/case/{case.reference}")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(brought.get(), 1)
    await other.sends("/note", text="Rang home.")
    assert await asyncio.wait_for(brought.get(), SOON) == "data: changed"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_what_happens_to_a_hidden_case_is_no_news(site: Site):
    """Whoever it is about hears nothing while others work on it; of the next that is theirs they do."""
    store = site.app.stores["rosebrook"]
    head = await store.people.by_place("web", "rehearsal-headteacher")
    assert head is not None
    desk, lead, brought = await at_the_desk(site, "headteacher"), await at_the_desk(site), asyncio.Queue[str]()
    listening = asyncio.create_task(told(desk, "", brought))
    await asyncio.sleep(0.5)
    hidden = await a_case(site, tell=("dsl", "headteacher"), concerns=frozenset({head.id}))
    await lead.opens(f"{DESK}/case/{hidden.reference}")
    await lead.sends("/acknowledge")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(brought.get(), 1.5)
    await a_case(site, tell=("headteacher",))
    assert await asyncio.wait_for(brought.get(), SOON) == "data: changed"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_an_open_page_keeps_nobody_signed_in_and_is_told_when_they_are_not(site: Site):
    """Once somebody has signed out elsewhere with that browser, the page is told once, and then shows the way in."""
    desk, brought = await at_the_desk(site), asyncio.Queue[str]()
    listening = asyncio.create_task(told(desk, "", brought))
    await asyncio.sleep(0.5)
    token = desk.client.cookies["desk-rosebrook"]
    await site.app.stores["rosebrook"].sign_ins.sign_out(token, site.app.clock.real_now())
    assert await asyncio.wait_for(brought.get(), SOON) == "data: changed"
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(brought.get(), 1)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert "There is no password" in (await desk.opens(DESK)).text
