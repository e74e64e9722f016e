"""A message to whoever sent a report, from the page of the case: read over exactly as they read it, and only then sent."""

from __future__ import annotations

import asyncio
import re

import pytest

from flows.cases.acts import Doing
from flows.cases.case import Said
from tests.desk_site import DESK, AtTheDesk, a_case, at_the_desk
from tests.plain_browser import PlainBrowser
from tests.site import Site

REFERENCE = re.compile(r"SP-[0-9A-Z]{5}")
TEXT = "zqx thank you.\n\nCould we speak on Tuesday?"


async def reported(site: Site) -> tuple[PlainBrowser, AtTheDesk, str]:
    """A parent who sent a report, the lead who has it before them, and its reference."""
    parent = site.browser("/chat/rosebrook?as=parent")
    await parent.loads()
    said = []
    for words in ("just tell somebody", "zqx they tease my son in the class chat", "The safeguarding lead", "Send"):
        said = await parent.says(words)
    reference = REFERENCE.findall(" ".join(line.text for line in said))[-1]
    lead = site.browser("/chat/rosebrook?as=dsl")
    await lead.loads()
    await until(lead, reference)
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{reference}")
    await desk.sends("/take")
    return parent, desk, reference


async def until(browser: PlainBrowser, words: str) -> str:
    """The line with WORDS in it, once the page of BROWSER shows it."""
    async with asyncio.timeout(20):
        while True:
            for line in await browser.loads():
                if words in line.text:
                    return line.text
            await asyncio.sleep(0.05)


async def test_what_is_read_over_is_what_arrives_in_the_name_of_a_role(site: Site):
    """Nothing is sent before; changed on the way back; then the parent reads the very words, and no name."""
    parent, desk, reference = await reported(site)
    await desk.sends("/write", text=TEXT, step="look")
    assert desk.page.status_code == 200
    assert "From the safeguarding lead (DSL), about your report" in desk.shows
    assert await acts(site) == 0
    preview = re.search(r'<blockquote class="case-letter[^>]*>(.*?)</blockquote>', desk.page.text, re.DOTALL)[1]
    await desk.sends("/write", step="change")
    assert desk.form("/write").fields["text"] == TEXT
    await desk.sends("/write", step="look")
    await desk.sends("/write", step="send")
    assert "Sent." in desk.shows
    assert await acts(site) == 1
    arrived = await until(parent, "Could we speak on Tuesday?")
    assert " ".join(preview.split()) in " ".join(arrived.split())
    names = [one.name for one in await site.app.stores["rosebrook"].people.list()]
    assert not [name for name in names if name in arrived]
    assert reference in arrived


async def test_a_ready_reply_goes_below_what_was_written_and_a_foreign_reference_is_pointed_out(site: Site):
    """Not a word typed is lost to a button; and whoever reads it may not know of another report."""
    _, desk, _ = await reported(site)
    await desk.sends("/write", text="zqx first", step="reply-2")
    text = desk.form("/write").fields["text"]
    assert text.startswith("zqx first\n\n")
    assert text.endswith("it would suit you to speak.")
    await desk.sends("/write", text="It is like SP-22222", step="look")
    assert "it names another report, SP-22222" in desk.shows


@pytest.mark.parametrize("step", ["look", "send"])
async def test_whoever_said_that_it_is_not_safe_is_not_written_to(site: Site, step: str):
    """The page says why in place of the form; a form that was made up sends nothing."""
    case = await a_case(site, said=(Said("Is it safe?", "No", "safe"),))
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    await desk.sends("/take")
    assert not [form for form in desk.forms() if form.action.endswith("/write")]
    fields = {**desk.form("/note").fields, "text": "zqx hello", "step": step}
    answer = await desk.client.post(f"{DESK}/case/{case.reference}/write", data=fields)
    assert answer.status_code in {409, 422}
    assert "Nobody can be written to" in answer.text or "not safe" in answer.text
    assert await acts(site) == 0


async def acts(site: Site) -> int:
    """How often anybody was written to."""
    links = await site.app.stores["rosebrook"].audit.links(limit=1000)
    return len([one for one in links if one.act == Doing.WROTE_TO_REPORTER])
