"""Somebody who is in no chat signs in to the desk by e-mail, over a real mail server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config.model import Web
from storage.kept import Person, Recording
from storage.staffing import PlaceLinked, PlaceProved
from tests.bot.mailing import settings
from tests.desk_site import DESK, AtTheDesk, desk_site
from tests.fakes import HandClock
from tests.mail_wire import MailServer, mail_server
from tests.site import Site
from tests.storage.conftest import HOLD

PAGE = "http://127.0.0.1:8080"  # without encryption the browser of a test sends its cookie
ADDRESS = "chair@school.example"
LINK = re.compile(re.escape(f"{PAGE}{DESK}/in?code=") + r"[A-Za-z0-9_-]{43}")


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[MailServer]:
    """A mail server."""
    async with mail_server(tmp_path / "server") as wire:
        yield wire


@pytest.fixture
async def mailing(tmp_path: Path, wire: MailServer) -> AsyncIterator[Site]:
    """A school with a page, a desk and e-mail."""
    config = settings(tmp_path, wire).model_copy(update={"web": Web(base_url=PAGE)})
    async with desk_site(tmp_path, HandClock(), config) as site:
        yield site


async def chair(site: Site, *, proved: bool = True) -> Person:
    """The chair of governors, whose address was entered and, if PROVED, answered."""
    store, now = site.app.stores["rosebrook"], site.app.clock.now()
    person = await store.people.add("Chair", ("chair",), at=now)
    await store.record(Recording(now, people=(PlaceLinked(person.id, "email", ADDRESS),)), HOLD)
    if proved:
        code = await store.proving.code(person.id, "email", ADDRESS, now)
        await store.record(Recording(now, people=(PlaceProved(person.id, "email", ADDRESS, code or ""),)), HOLD)
    return person


async def asks(site: Site, address: str = ADDRESS) -> AtTheDesk:
    """Somebody asks for a link on the page of the desk."""
    desk = AtTheDesk(site.browser().client)
    await desk.opens(DESK)
    await desk.sends("/link", address=address)
    return desk


async def mailed(wire: MailServer) -> str:
    """The link in the first message that comes."""
    async with asyncio.timeout(10):
        while not any("way in" in mail.message["Subject"] for mail in wire.mails):  # noqa: ASYNC110 - a server of somebody else's
            await asyncio.sleep(0.02)
    mail = next(mail for mail in wire.mails if "way in" in mail.message["Subject"])
    return LINK.search(mail.part("plain"))[0]


async def test_the_chair_signs_in_by_a_link_in_an_e_mail(mailing: Site, wire: MailServer):
    """The link comes to the address that was proved, and the desk opens as the chair's."""
    await chair(mailing)
    desk = await asks(mailing, f" {ADDRESS.upper()} ")
    assert "Look into your mailbox" in desk.shows
    await desk.opens((await mailed(wire)).removeprefix(PAGE))
    await desk.sends("/in")
    assert "Sign out" in desk.shows


async def test_nobody_finds_out_whose_address_is_known(mailing: Site, wire: MailServer):
    """A stranger's, one that was entered and never answered, and the chair's: the same page; only what is proved gets a link."""
    await chair(mailing, proved=False)
    pages = {(await asks(mailing, one)).page.text for one in (ADDRESS, "stranger@elsewhere.example")}
    assert len(pages) == 1
    await asyncio.sleep(0.3)
    assert not [mail for mail in wire.mails if "way in" in mail.message["Subject"]]


async def test_nobody_is_flooded_with_links(mailing: Site, wire: MailServer):
    """After five from one place it says when to try again; what is no address is said to be none."""
    await chair(mailing)
    assert "no whole e-mail address" in (await asks(mailing, "chair@nowhere\r\nbcc: x@y.z")).shows
    for _ in range(6):
        last = await asks(mailing)
    assert last.page.status_code == 429
    assert "in an hour" in last.shows
