"""The record and the referral sheet of a case at the desk: nothing of it is shown on paper before that stands in the chain."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from flows.cases.acts import Doing
from flows.cases.case import Case, Said
from tests.desk.test_case_acts import on
from tests.desk_site import a_case
from tests.site import Site

SAID = (
    Said("Tell us what happened, in your own words.", "zqx <b>they</b> left her out", "happened"),
    Said("How may the school get in touch with you?", "07700 900123", "contact"),
)
DOCUMENT = 'class="case-document"'


async def given(site: Site, act: str) -> list[dict[str, str]]:
    """What every such act says."""
    return [json.loads(one.details) for one in await site.app.stores["rosebrook"].audit.links(limit=1000) if one.act == act]


async def test_the_record_is_shown_once_its_copy_stands_in_it(site: Site):
    """Opening the address shows nothing; the press does. Loading the page again adds nothing, and half an hour later it is shut."""
    case = await a_case(site, said=SAID)
    desk = await on(site, case)
    await desk.sends("/note", text="zqx spoke to the family")
    await desk.opens(f"{desk.page.url.path}/record")
    assert DOCUMENT not in desk.page.text
    assert "zqx" not in desk.page.text
    await desk.sends("/record")
    assert DOCUMENT in desk.page.text
    for part in ("Summary", "How it was followed up", "Actions and decisions, with reasons", "Outcome", "Chronology"):
        assert part in desk.shows
    text = desk.page.text.partition('id="record-text"')[2].partition("</textarea>")[0]
    assert [part for part in ("SUMMARY", "ACTIONS AND DECISIONS, WITH REASONS", "OUTCOME") if part not in text] == []
    assert "zqx spoke to the family" in text
    assert "CHRONOLOGY" not in text
    assert 'data-copy="record-text"' in desk.page.text
    await desk.opens(desk.page.url.path)
    assert len(await given(site, Doing.EXPORTED)) == 1
    site.app.clock.move_to(site.app.clock.now() + timedelta(minutes=31))
    await desk.opens(desk.page.url.path)
    assert DOCUMENT not in desk.page.text


async def test_one_persons_copy_opens_it_for_nobody_else(site: Site):
    """Whoever else may see the case takes a copy of their own."""
    case = await a_case(site, tell=("dsl", "headteacher"), said=SAID)
    lead, head = await on(site, case), await on(site, case, "headteacher")
    await lead.opens(f"{lead.page.url.path}/record")
    await lead.sends("/record")
    await head.opens(lead.page.url.path)
    assert DOCUMENT not in head.page.text


async def sheet(site: Site, case: Case, **fields: str):
    """The referral sheet of CASE after its form was sent with FIELDS."""
    desk = await on(site, case)
    await desk.opens(f"{desk.page.url.path}/referral")
    assert DOCUMENT not in desk.page.text
    await desk.sends("/referral", fields)
    return desk


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"recipient": "designated_officer"}, "the local authority's designated officer (LADO)"),
        ({"recipient": "social_care"}, "children's social care"),
        ({"recipient": "police"}, "the police"),
        ({"recipient": "other", "to": "the  school\nnurse"}, "the school nurse"),
    ],
)
async def test_the_sheet_says_to_whom_and_so_does_the_record(site: Site, chosen: dict[str, str], words: str):
    """Who is given what stands in the chain before it is shown, and on the sheet; whoever sent it is left out of it."""
    case = await a_case(site, said=SAID)
    desk = await sheet(site, case, **chosen)
    assert (await given(site, Doing.DISCLOSED))[0]["to"] == words
    assert f"Given to {words}" in desk.shows
    assert "Who was given what of it, and when" in desk.shows
    assert "zqx &lt;b&gt;they&lt;/b&gt; left her out" in desk.page.text
    assert "07700 900123" not in desk.page.text


async def test_with_the_contact_details_only_where_the_tick_was_taken_away(site: Site):
    """The record says which of the two it was."""
    case = await a_case(site, said=SAID)
    desk = await sheet(site, case, recipient="police", without="")
    assert "07700 900123" in desk.page.text
    assert (await given(site, Doing.DISCLOSED))[0]["what"] == "the referral sheet"


@pytest.mark.parametrize("chosen", [{}, {"recipient": "x"}, {"recipient": "other", "to": " "}])
async def test_without_a_recipient_there_is_no_sheet(site: Site, chosen: dict[str, str]):
    """It is asked for again, beside the field."""
    case = await a_case(site, said=SAID)
    desk = await sheet(site, case, **chosen)
    assert desk.page.status_code == 422
    assert "Say who is given it" in desk.shows
    assert DOCUMENT not in desk.page.text
    assert await given(site, Doing.DISCLOSED) == []
