"""The door of the desk: one link, one use, one browser; and nothing inside for anybody else."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.rehearsal import persona
from tests.desk_site import DESK, AtTheDesk, a_case, at_the_desk, desk_site
from tests.fakes import HandClock
from tests.site import Site, for_real


async def test_the_word_desk_brings_a_link_that_signs_in_once(site: Site):
    """As the lead does it: ask in the chat, open the link, press the button; the same link a second time is refused."""
    lead = site.browser("/chat/rosebrook?as=dsl")
    await lead.loads()
    link = next(word for line in await lead.says("desk") for word in line.text.split() if "/in?code=" in word)
    desk = AtTheDesk(site.browser().client)
    path = link[link.index("/desk/") :]
    for _ in range(3):  # a preview of the link uses nothing up
        await desk.opens(path)
    await desk.sends("/in")
    assert desk.page.status_code == 200
    assert "Sign out" in desk.shows
    again = AtTheDesk(site.browser().client)
    await again.opens(path)
    await again.sends("/in")
    assert again.page.status_code == 403
    assert "That link does not work" in again.shows


async def test_nobody_gets_in_without_a_link(site: Site):
    """No cookie, a made-up one, another school's: each is shown how to get in, and nothing else."""
    stranger = AtTheDesk(site.browser().client)
    await stranger.opens(DESK)
    plain = stranger.shows
    assert "write desk" in plain
    stranger.client.cookies.set("desk-rosebrook", "x" * 43)
    await stranger.opens(DESK)
    assert stranger.shows == plain
    assert (await stranger.opens("/desk/nowhere")).status_code == 404


async def test_signing_in_changes_what_the_browser_holds(site: Site):
    """A session that somebody planted beforehand is not the one that is signed in."""
    desk = await at_the_desk(site)
    first = desk.client.cookies["desk-rosebrook"]
    other = await at_the_desk(site)
    assert other.client.cookies["desk-rosebrook"] != first


async def test_signing_out_ends_it_for_good(site: Site):
    """What the browser held opens nothing afterwards."""
    desk = await at_the_desk(site)
    held = dict(desk.client.cookies)
    await desk.sends("/out")
    assert "write desk" in desk.shows
    async with httpx.AsyncClient(base_url=site.address, cookies=held) as thief:
        assert "Sign out" not in (await thief.get(DESK)).text


async def test_what_a_form_had_to_say_is_said_to_nobody_who_signs_in_next(site: Site):
    """One computer in the staff room: the lead closes the page before it has answered, and a colleague signs in."""
    case = await a_case(site)
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    form = desk.form("/acknowledge")
    await desk.client.post(form.action, data=form.fields)
    assert "desk-said" in desk.client.cookies
    office = persona("office")
    assert office is not None
    person = await site.app.stores["rosebrook"].people.by_place("web", office.place("web"))
    assert person is not None
    code = await site.app.stores["rosebrook"].sign_ins.make(person.id, site.app.clock.real_now())
    await desk.opens(f"{DESK}/in?code={code}")
    await desk.sends("/in")
    assert "No open case is waiting for you" in desk.shows
    assert case.reference not in desk.shows


async def test_a_form_without_its_token_or_from_another_site_is_refused(site: Site):
    """The page says what to do, and repeats nothing."""
    desk = await at_the_desk(site)
    form = desk.form("/out")
    refused = await desk.client.post(form.action, data={"nonce": form.fields["nonce"]})
    assert refused.status_code == 403
    elsewhere = await desk.client.post(form.action, data=form.fields, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    assert "Sign out" in (await desk.opens(DESK)).text


async def test_staff_whom_no_report_reaches_are_sent_no_link(site: Site):
    """A teacher, and a parent, hear that the desk is not for them."""
    for who in ("teacher", "parent"):
        browser = site.browser(f"/chat/rosebrook?as={who}")
        await browser.loads()
        heard = " ".join(line.text for line in await browser.says("desk"))
        assert "code=" not in heard
        assert "for those at school whom reports reach" in heard


async def test_in_a_rehearsal_every_demo_role_has_a_way_in_and_anywhere_else_nobody_has(site: Site, tmp_path: Path):
    """One click signs in as the lead; at a real school the same address leads nowhere."""
    desk = AtTheDesk(site.browser().client)
    await desk.opens(DESK)
    assert "This is a rehearsal" in desk.shows
    await desk.opens(f"{DESK}/as/dsl")
    await desk.sends("/in")
    assert "Sign out" in desk.shows
    assert (await desk.opens(f"{DESK}/as/parent")).status_code == 404
    async with desk_site(tmp_path / "real", HandClock(), for_real(tmp_path / "real")) as real:
        stranger = AtTheDesk(real.browser().client)
        assert (await stranger.opens(f"{DESK}/as/dsl")).status_code == 404
        await stranger.opens(DESK)
        assert "rehearsal" not in stranger.shows
