"""People and roles at the desk, over HTTP: who sees what, that a change holds at once, and what a forged form cannot do."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import httpx

from bot import wording_people as words
from bot.clock import RehearsalClock
from bot.rehearsal import persona
from storage.kept import Person
from tests.desk_site import DESK, AtTheDesk, Form, a_case, at_the_desk
from tests.fakes import MONDAY
from tests.site import Site, rehearsing, serving

PEOPLE = f"{DESK}/people"


async def played(site: Site, who: str) -> Person:
    """The demo person WHO as they are now."""
    one = persona(who)
    assert one is not None
    found = await site.app.stores["rosebrook"].people.by_place("web", one.place("web"))
    assert found is not None
    return found


async def at_person(site: Site, desk: AtTheDesk, who: str) -> AtTheDesk:
    """DESK at the page of the demo person WHO."""
    await desk.opens(f"{PEOPLE}/{(await played(site, who)).id}")
    return desk


async def at_newcomer(site: Site, desk: AtTheDesk) -> Person:
    """DESK at the page of somebody who was entered and is reached nowhere yet."""
    person = await site.app.stores["rosebrook"].people.add("E. Newcomer", ("office",), at=site.app.clock.now())
    await desk.opens(f"{PEOPLE}/{person.id}")
    return person


async def forged(desk: AtTheDesk, path: str, **fields: str) -> httpx.Response:
    """A form that stands on no page, with the hidden fields of one that does."""
    await desk.opens(PEOPLE)
    hidden = desk.form("/out").fields
    return await desk.sends(Form(f"{PEOPLE}{path}", "post", hidden), **fields)


async def acts(site: Site, act: str) -> list[tuple[str | None, dict[str, object]]]:
    """By whom that was done, and its details, as the audit chain keeps them."""
    links = await site.app.stores["rosebrook"].audit.links(limit=1000)
    return [(one.person, json.loads(one.details)) for one in links if one.act == act]


async def hears(site: Site, who: str) -> str:
    """Everything that the demo person WHO has been sent in the chat."""
    browser = site.browser(f"/chat/rosebrook?as={who}")
    return " ".join(line.text for line in await browser.loads())


async def test_every_role_is_listed_with_whoever_holds_it(site: Site):
    """Also those nobody holds; and what `signpost check` finds about them stands on top."""
    people = site.app.stores["rosebrook"].people
    await people.take_role((await played(site, "it")).id, "it")
    head = await at_the_desk(site, "headteacher")
    await head.opens(PEOPLE)
    assert "Chair of the Local Academy Committee Demo chair" in head.shows
    assert "IT provider Nobody" in head.shows
    assert "Nobody is the IT provider." in head.shows
    assert "signpost people" not in head.shows  # the remedies of the command line are no help here
    assert "Web, not verified" in head.shows
    assert "rehearsal-" not in head.page.text  # where somebody is reached, and never the address


async def test_whoever_does_not_lead_the_school_sees_the_roles_and_themselves(site: Site):
    """No places, no invitations, nothing to see to; the page of somebody else is one that never was."""
    deputy = await at_the_desk(site, "deputy_dsl")
    await deputy.opens(PEOPLE)
    assert "Demo chair" in deputy.shows
    for never in ("Web, not", "Everybody", "Enter somebody", "To see to"):
        assert never not in deputy.shows
    other = await deputy.opens(f"{PEOPLE}/{(await played(site, 'dsl')).id}")
    none = await deputy.opens(f"{PEOPLE}/{'0' * 32}")
    assert (other.status_code, other.text) == (none.status_code, none.text) == (404, none.text)
    await at_person(site, deputy, "deputy_dsl")
    assert "Web, not verified" in deputy.shows
    assert [form.action.rpartition("/")[2] for form in deputy.forms()] == ["out", "away"]


async def test_whoever_does_not_lead_the_school_changes_nobody_by_a_forged_form(site: Site):
    """Each form, with its right hidden fields: for somebody else, and for themselves."""
    deputy, before = await at_the_desk(site, "deputy_dsl"), await site.app.stores["rosebrook"].people.list()
    forms = {
        "give": {"role": "chair"},
        "take": {"role": "dsl"},
        "invite": {},
        "end-invite": {},
        "away": {"first": "2026-12-01", "last": "2026-12-02"},
        "back": {},
        "remove": {"meant": "yes"},
        "settle": {"wish": "confirm", "role": "dsl", "code": "BCDFG"},
    }
    for name, fields in forms.items():
        answer = await forged(deputy, f"/{(await played(site, 'dsl')).id}/{name}", **fields)
        assert answer.status_code == 404, name
    for name in ("give", "take", "invite", "end-invite", "back", "remove", "settle"):
        answer = await forged(deputy, f"/{(await played(site, 'deputy_dsl')).id}/{name}", **forms[name])
        assert answer.status_code == 422, name
    assert (await forged(deputy, "", name="E. Nobody", role="chair")).status_code == 422
    assert words.NOT_YOURS in deputy.shows
    assert await site.app.stores["rosebrook"].people.list() == before
    assert not await site.app.stores["rosebrook"].invites.waiting(site.app.clock.now())


async def test_nobody_gives_themselves_a_role_also_by_a_forged_form(site: Site):
    """Their own page offers none, and the form is refused; nor is somebody entered under a name that is known."""
    head = await at_the_desk(site, "headteacher")
    await at_person(site, head, "headteacher")
    assert "Nobody gives themselves a role" in head.shows
    assert not [form for form in head.forms() if form.action.endswith("/give")]
    me = await played(site, "headteacher")
    assert (await forged(head, f"/{me.id}/give", role="dsl")).status_code == 422
    assert "Nobody gives themselves a role. Somebody else has to enter it." in head.shows
    assert (await forged(head, "", name=f" {me.name.upper()} ", role="dsl")).status_code == 422
    assert "known by that name already" in head.shows
    assert (await played(site, "headteacher")).roles == ("headteacher",)


async def test_a_role_that_is_given_holds_at_once_and_is_confirmed_by_somebody_else(site: Site):
    """New reports only until then. Neither whoever gave it nor whoever holds it can say that it is right; a third can."""
    await a_case(site)  # the school has had a report
    head, chair = await at_the_desk(site, "headteacher"), await at_the_desk(site, "chair")
    await at_person(site, head, "slt")
    await head.sends("/give", role="dsl")
    assert head.page.status_code == 200
    assert "Demo senior leader holds the role of safeguarding lead (DSL). The role" in head.shows
    assert "not confirmed" in head.shows
    assert not [form for form in head.forms() if form.action.endswith("/settle")]
    given = await played(site, "slt")
    assert given.roles == ("slt", "dsl")
    assert given.unconfirmed == {"dsl"}
    me = await played(site, "headteacher")
    assert (me.id, {"person": given.id, "role": "dsl", "confirmed": False}) in await acts(site, "role given")
    assert "Is it right?" in await hears(site, "chair")
    assert "You now hold the role of safeguarding lead" in await hears(site, "slt")
    await at_person(site, chair, "slt")
    settle = chair.form("/settle")
    forging = {name: settle.fields[name] for name in ("role", "code")}
    assert (await forged(head, f"/{given.id}/settle", wish="confirm", **forging)).status_code == 422
    assert "Somebody else who leads the school has to say so" in head.shows
    assert (await played(site, "slt")).unconfirmed == {"dsl"}
    await chair.sends(settle, wish="confirm")
    assert "is confirmed in the role" in chair.shows
    assert not (await played(site, "slt")).unconfirmed
    assert [by for by, _ in await acts(site, "role confirmed")] == [(await played(site, "chair")).id]


async def test_a_role_that_is_not_right_is_gone(site: Site):
    """The holder who waits to be confirmed leads nobody; and whoever else leads the school ends it with one press."""
    await a_case(site)
    head, lead = await at_the_desk(site, "headteacher"), await at_the_desk(site, "dsl")
    await at_person(site, head, "slt")
    await head.sends("/give", role="chair")
    given = await at_the_desk(site, "slt")
    assert (await forged(given, f"/{(await played(site, 'slt')).id}/give", role="dsl")).status_code == 422
    assert words.NOT_YOURS in given.shows
    assert (await given.opens(f"{PEOPLE}/{(await played(site, 'dsl')).id}")).status_code == 404
    await lead.opens(PEOPLE)
    await lead.sends("/settle", wish="not-right")
    assert (await played(site, "slt")).roles == ("slt",)
    assert "was not right" in await hears(site, "slt")


async def test_a_role_that_is_taken_closes_what_it_opened_at_once(site: Site):
    """The very next page that they load shows no case any more; where it was their last role, it is the door. They are told."""
    case = await a_case(site)
    lead, chair = await at_the_desk(site, "dsl"), await at_the_desk(site, "chair")
    assert case.reference in (await lead.opens(DESK)).text
    await at_person(site, chair, "dsl")
    await chair.sends("/take", role="dsl")
    assert "does not hold the role of safeguarding lead (DSL) any more" in chair.shows
    assert case.reference not in (await lead.opens(DESK)).text
    assert "There is no password" in lead.shows
    assert "There is no password" in (await lead.opens(PEOPLE)).text
    assert "You no longer hold the role" in await hears(site, "dsl")
    assert "no longer holds the role" in await hears(site, "headteacher")


async def test_a_form_that_is_sent_twice_is_carried_out_once(site: Site):
    """Two taps on the same button enter one person, and the second shows no mistake."""
    head = await at_the_desk(site, "headteacher")
    await head.opens(PEOPLE)
    form = head.form("/people")
    for _ in range(2):
        assert (await head.sends(form, name="E. Newcomer", role="office")).status_code == 200
    named = [one for one in await site.app.stores["rosebrook"].people.list() if one.name == "E. Newcomer"]
    assert [one.roles for one in named] == [("office",)]
    assert "E. Newcomer now holds the role of school office" in await hears(site, "dsl")
    assert "E. Newcomer now holds" not in await hears(site, "headteacher")


async def test_what_was_typed_stays_in_the_form_and_is_escaped(site: Site):
    """A name that cannot be is refused beside its field; one with HTML in it is shown as it was written."""
    head = await at_the_desk(site, "headteacher")
    await head.opens(PEOPLE)
    await head.sends(head.form("/people"), name="x" * 81, role="office")
    assert head.page.status_code == 422
    assert 'aria-describedby="wrong-new"' in head.page.text
    again = head.form("/people")
    assert (again.fields["name"], again.fields["role"]) == ("x" * 81, "office")
    await head.sends(again, name="<script>alert(1)</script>")
    assert head.page.status_code == 200
    assert "<script>alert" not in head.page.text
    assert "<script>alert(1)</script>" in head.shows


async def test_an_invitation_is_shown_once_and_makes_somebody_known(site: Site):
    """The code, its link and its picture; sent again, the form tells it to nobody; used, it verifies the place."""
    head = await at_the_desk(site, "headteacher")
    await head.opens(PEOPLE)
    await head.sends(head.form("/people"), name="E. Newcomer", role="office")
    person = next(one for one in await site.app.stores["rosebrook"].people.list() if one.name == "E. Newcomer")
    await head.opens(f"{PEOPLE}/{person.id}")
    form = head.form("/invite")
    await head.sends(form)
    code = head.shows.split("as: join ")[1].split()[0]
    assert len(code) == 11
    await head.sends(form)
    assert head.page.status_code == 422
    assert "shown only once" in head.shows
    assert code not in head.page.text
    await head.opens(PEOPLE)
    assert "Invited until Thursday 26 November" in head.shows
    newcomer = site.browser("/chat/rosebrook")
    await newcomer.loads()
    await newcomer.says(f"join {code}")
    await newcomer.clicks("Yes, that is me")
    await head.opens(PEOPLE)
    assert "Web, verified" in head.shows
    assert "Invited until" not in head.shows


async def test_nobody_makes_a_code_by_which_they_would_be_a_colleague(site: Site):
    """The lead invites the chair, who is known already: no form for it, none by forging one; for themselves they may."""
    lead, store = await at_the_desk(site, "dsl"), site.app.stores["rosebrook"]
    await at_person(site, lead, "chair")
    assert not [form for form in lead.forms() if form.action.endswith("/invite")]
    answer = await forged(lead, f"/{(await played(site, 'chair')).id}/invite")
    assert answer.status_code == 422
    assert "by which somebody else could be taken for them" in lead.shows
    assert not await store.invites.waiting(site.app.clock.now())
    await at_person(site, lead, "dsl")
    await lead.sends("/invite")
    assert [one.person for one in await store.invites.waiting(site.app.clock.now())] == [(await played(site, "dsl")).id]


async def test_an_invitation_comes_with_a_link_and_its_picture(tmp_path: Path):
    """Where the school's page has an address, as for a code made at the command line; the code stands in the link."""
    config = rehearsing(tmp_path / "data")
    config = config.model_copy(update={"web": config.web.model_copy(update={"base_url": "http://127.0.0.1:8000"})})
    async with serving(config, RehearsalClock(MONDAY)) as site:
        head = await at_the_desk(site, "headteacher")
        await at_newcomer(site, head)
        await head.sends("/invite")
        code = head.shows.split("as: join ")[1].split()[0].replace("-", "")
        assert f'value="http://127.0.0.1:8000/chat/rosebrook?invite={code}"' in head.page.text
        assert 'role="img" aria-label="QR code of the link: Web page"' in head.page.text
        assert "<svg" in head.page.text


async def test_an_invitation_can_be_ended(site: Site):
    """Its code works no more, and there is nothing left to end."""
    head = await at_the_desk(site, "headteacher")
    newcomer = await at_newcomer(site, head)
    await head.sends("/invite", channel="web")
    await head.opens(f"{PEOPLE}/{newcomer.id}")
    end = head.form("/end-invite")
    await head.sends(end)
    assert "does not work any more" in head.shows
    assert not await site.app.stores["rosebrook"].invites.waiting(site.app.clock.now())
    hidden = {**end.fields, "nonce": "n" * 20}
    assert (await head.sends(Form(end.action, "post", hidden))).status_code == 422
    assert (await head.sends(head.form("/invite"), channel="pigeon")).status_code == 422
    assert [by for by, _ in await acts(site, "invitation ended")] == [(await played(site, "headteacher")).id]


async def test_everybody_says_themselves_when_they_are_away(site: Site):
    """With somebody who stands in; whoever leads is told, reports go past them, and one press brings them back."""
    office, deputy = await at_the_desk(site, "office"), await played(site, "deputy_dsl")
    await at_person(site, office, "office")
    await office.sends("/away", first="2026-11-23", last="2026-11-27", stands_in=deputy.id)
    assert "You are away from Monday 23 November to Friday 27 November" in office.shows
    now = site.app.clock.now()
    gone = await played(site, "office")
    assert gone.is_away(now)
    assert not gone.is_away(now + timedelta(days=5))
    assert gone.stands_in == deputy.id
    assert "They said so themselves" in await hears(site, "headteacher")
    assert "You stand in for Demo school office" in await hears(site, "deputy_dsl")
    await office.sends("/back")
    assert not (await played(site, "office")).is_away(now)
    assert [by for by, _ in await acts(site, "person back")] == [gone.id]


async def test_nobody_stands_in_by_their_own_word(site: Site):
    """Whoever leads may enter that somebody is away, and not that they themselves are told meanwhile: nor does anybody else."""
    head = await at_the_desk(site, "headteacher")
    me, lead = await played(site, "headteacher"), await played(site, "dsl")
    await at_person(site, head, "dsl")
    assert me.id not in head.page.text.partition('name="stands_in"')[2].partition("</select>")[0]
    days = {"first": "2026-12-01", "last": "2026-12-02"}
    for other, why in ((me.id, words.NOT_YOURSELF), (lead.id, words.NOT_THEMSELVES), ("0" * 32, words.WITHOUT_ROLE)):
        assert (await forged(head, f"/{lead.id}/away", **days, stands_in=other)).status_code == 422
        assert why in head.shows
    assert head.form("/away").fields["first"] == "2026-12-01"
    assert (await played(site, "dsl")).away_until is None
    await head.sends("/away")
    assert "Demo safeguarding lead is away from Tuesday 1 December" in head.shows


async def test_whoever_leaves_is_known_nowhere_from_then_on(site: Site):
    """Their open page of the desk as well. The box has to be ticked, and nobody takes themselves out."""
    office, head = await at_the_desk(site, "office"), await at_the_desk(site, "headteacher")
    await at_person(site, head, "office")
    await head.sends("/remove")
    assert words.REMOVE_SURE in head.shows
    assert (await played(site, "office")).roles == ("office",)
    await head.sends("/remove", meant="yes")
    assert "is recognised nowhere any more" in head.shows
    assert "Sign out" not in (await office.opens(PEOPLE)).text
    assert (await forged(head, f"/{(await played(site, 'headteacher')).id}/remove", meant="yes")).status_code == 422
    await head.opens(PEOPLE)
    assert "Known by name only: 1" in head.shows
    assert "was taken out of Signpost" in await hears(site, "dsl")


async def test_nobody_is_rid_of_those_who_lead_without_their_noticing(site: Site):
    """The lead takes the chair out: only once the role is taken, which the chair and the headteacher are told."""
    lead = await at_the_desk(site, "dsl")
    chair = await played(site, "chair")
    await at_person(site, lead, "chair")
    assert (await lead.sends("/remove", meant="yes")).status_code == 422
    assert "Take that role from them first" in lead.shows
    await lead.sends("/take", role="chair")
    for who in ("chair", "headteacher"):
        assert "no longer" in await hears(site, who) or "not hold" in await hears(site, who)
    await lead.opens(f"{PEOPLE}/{chair.id}")
    await lead.sends("/remove", meant="yes")
    assert "is recognised nowhere any more" in lead.shows


async def test_a_form_without_its_token_changes_nothing(site: Site):
    """Nor does one from another site, one that is not a form, or one that is far too large."""
    head, slt = await at_the_desk(site, "headteacher"), await played(site, "slt")
    await at_person(site, head, "slt")
    form = head.form("/give")
    send = head.client.post
    bare = {"role": "dsl"}
    assert (await send(form.action, data=bare)).status_code == 403
    assert (await send(form.action, data={**form.fields, **bare}, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await send(form.action, json={**form.fields, **bare})).status_code == 415
    assert (await send(form.action, data={**form.fields, "role": "x" * 70_000})).status_code == 413
    assert (await send(form.action.replace("rosebrook", "trent"), data={**form.fields, **bare})).status_code == 404
    assert (await played(site, "slt")) == slt
