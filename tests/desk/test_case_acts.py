"""What is done on the page of a case: everything a chat can, carried out once, and refused with the words kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal import persona
from bot.wording_desk import DONE
from flows.cases.acts import Doing
from flows.cases.case import Case, Decision, Ending, Said, Severity, Status
from flows.cases.chronology import chronology
from tests.desk_site import DESK, AtTheDesk, Form, a_case, at_the_desk, desk_site
from tests.site import Site, rehearsing

REASON = "zqx because it happened again"


async def on(site: Site, case: Case, who: str = "dsl") -> AtTheDesk:
    """WHO, with the page of CASE before them."""
    desk = await at_the_desk(site, who)
    await desk.opens(f"{DESK}/case/{case.reference}")
    return desk


async def now(site: Site, case: Case) -> Case:
    """CASE as it stands."""
    (lead,) = await site.app.stores["rosebrook"].people.holders("dsl")
    found = await site.app.stores["rosebrook"].seen_by(lead).by_reference(case.reference)
    assert found is not None
    return found


async def did(site: Site, case: Case, act: str) -> list[dict[str, str]]:
    """The words of every such act in the record of CASE."""
    (lead,) = await site.app.stores["rosebrook"].people.holders("dsl")
    history = await site.app.stores["rosebrook"].seen_by(lead).history(case.reference)
    assert history is not None
    return [dict(one.words) for one in chronology(history) if one.act == act]


async def test_acknowledge_take_hand_on(site: Site):
    """Seen, taken, handed on to a role of those that may have it; after that nobody has it."""
    case = await a_case(site, tell=("dsl", "headteacher"))
    desk = await on(site, case)
    await desk.sends("/acknowledge")
    assert "you have it" in desk.shows
    assert (await now(site, case)).status is Status.ACKNOWLEDGED
    await desk.sends("/take")
    assert (await now(site, case)).status is Status.TAKEN
    await desk.sends("/hand-on", role="headteacher")
    assert (await now(site, case)).waiting
    assert await did(site, case, Doing.HANDED_ON) == [{"To": "the headteacher"}]


async def test_whoever_does_not_have_it_is_told_so_and_can_take_it_over(site: Site):
    """The head's page has no form to hand on, to change or to close, and says who has it; taken over, the lead hears of it."""
    case = await a_case(site, tell=("dsl", "headteacher"))
    lead = await on(site, case)
    await lead.sends("/acknowledge")
    head = await on(site, case, "headteacher")
    assert "with the safeguarding lead (DSL)" in head.shows
    actions = {form.action.rpartition("/")[2] for form in head.forms()}
    assert not actions & {"hand-on", "urgency", "close", "acknowledge", "write"}
    assert "Somebody else has" in head.shows
    await head.sends("/take")
    assert "you have it" in head.shows
    await lead.opens(f"{DESK}/case/{case.reference}")
    assert "with the headteacher" in lead.shows


async def test_urgency_needs_a_reason_which_the_record_keeps(site: Site):
    """Without one nothing changes, the field says so, and what was chosen still stands."""
    case = await a_case(site, severity=Severity.MEDIUM)
    desk = await on(site, case)
    refused = await desk.sends("/urgency", urgency="high", reason="  ")
    assert refused.status_code == 422
    assert 'id="urgency-reason-wrong"' in refused.text
    assert 'aria-describedby="urgency-reason-wrong' in refused.text
    assert 'href="#urgency-reason"' in refused.text
    assert desk.form("/urgency").fields["urgency"] == "high"
    await desk.sends("/urgency", reason=REASON)
    assert (await now(site, case)).severity is Severity.HIGH
    assert await did(site, case, Doing.URGENCY) == [{"Before": "medium", "Urgency": "high", "Reason": REASON}]


async def test_a_note_and_a_newer_version_of_it(site: Site):
    """Both stay in the record; the page shows the newest and says that it is one."""
    case = await a_case(site)
    desk = await on(site, case)
    await desk.sends("/note", text="zqx spoke to the form teacher")
    again = [form for form in desk.forms() if form.action.endswith("/note") and "of" in form.fields]
    assert again[0].fields["text"] == "zqx spoke to the form teacher"
    await desk.sends(again[0], text="zqx spoke to the head of year")
    assert "Note 1, version 2" in desk.shows
    assert [one[""] for one in await did(site, case, Doing.NOTE)] == [
        "zqx spoke to the form teacher",
        "zqx spoke to the head of year",
    ]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
async def test_a_note_that_cannot_be_kept_is_said_to_be_and_stands_there_again(site: Site, text: str):
    """Nothing, or too much of it: not a letter is cut or lost."""
    case = await a_case(site)
    desk = await on(site, case)
    assert (await desk.sends("/note", text=text)).status_code == 422
    assert desk.form("/note").fields["text"].strip() == text.strip()
    assert not await did(site, case, Doing.NOTE)


async def test_close_undo_close_and_open_again(site: Site):
    """Outcome, reason, action and the place in the school's record; undone for ten minutes, opened again after that."""
    case = await a_case(site)
    desk = await on(site, case)
    await desk.sends("/take")
    assert (await desk.sends("/close", reason=REASON)).status_code == 422
    assert desk.form("/close").fields["reason"] == REASON
    await desk.sends("/close", ending="dealt_with", action="zqx spoke to both", recorded_as="CPOMS 7")
    closed = await now(site, case)
    assert (closed.status, closed.ending) == (Status.CLOSED, Ending.DEALT_WITH)
    words = {"Outcome": "dealt_with", "Reason": REASON, "Action": "zqx spoke to both", "Recorded as": "CPOMS 7"}
    assert await did(site, case, Doing.CLOSED) == [words]
    await desk.sends("/undo")
    assert (await now(site, case)).status is Status.TAKEN
    await desk.sends("/close", ending="no_action", reason=REASON)
    site.app.clock.move_to(site.app.clock.now() + timedelta(minutes=11))
    await desk.opens(f"{DESK}/case/{case.reference}")
    assert not [form for form in desk.forms() if form.action.endswith("/undo")]
    await desk.sends("/reopen", reason="zqx it went on")
    assert (await now(site, case)).status is Status.TAKEN


async def test_link_and_unlink(site: Site):
    """By its reference; one that is hidden is answered as one that never was, and one that is linked is not linked again."""
    case, other = await a_case(site), await a_case(site, matter="new_account")
    hidden = await a_case(site, tell=("headteacher",))
    desk = await on(site, case)
    await desk.sends("/link", other=f"it is {other.reference.lower()}")
    assert "Linked with" in desk.shows
    assert (await desk.sends("/link", other=other.reference)).status_code == 409
    answers = [
        ((await desk.sends("/link", other=reference)).status_code, desk.shows.partition("What is known")[0])
        for reference in (hidden.reference, "SP-22222")
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 409
    assert (await desk.sends("/link", other="nothing")).status_code == 422
    await desk.sends("/unlink")
    assert "Linked with" not in desk.shows


async def test_it_is_about_somebody_here(site: Site):
    """By role, and only with the box ticked; by a name nobody has it is asked for again. They lose it at once."""
    case = await a_case(site, tell=("dsl", "headteacher"))
    head = await on(site, case, "headteacher")
    desk = await on(site, case)
    await desk.sends("/acknowledge")
    for fields in ({"role": "headteacher"}, {"name": "Zqx Nobody", "sure": "yes"}, {"sure": "yes"}):
        assert (await desk.sends("/concerns", {"role": "", "name": "", **fields})).status_code == 422
    assert (await head.opens(f"{DESK}/case/{case.reference}")).status_code == 200
    await desk.sends("/concerns", {"role": "headteacher", "name": "", "sure": "yes"})
    assert (await head.opens(f"{DESK}/case/{case.reference}")).status_code == 404
    never = (await head.opens(f"{DESK}/case/SP-22222")).text
    assert (await head.opens(f"{DESK}/case/{case.reference}")).text == never


async def test_stepping_aside_leads_back_to_the_list(site: Site):
    """They lose it themselves: the page they are shown is the list, and the case is none of theirs."""
    case = await a_case(site, tell=("dsl", "deputy_dsl"))
    desk = await on(site, case)
    await desk.sends("/aside")
    assert desk.page.url.path == DESK
    assert case.reference not in desk.page.text.partition("</section>")[2]
    assert (await desk.opens(f"{DESK}/case/{case.reference}")).status_code == 404


async def test_a_legal_hold_and_its_end(site: Site):
    """With a reason each; the page says that it is held."""
    case = await a_case(site)
    desk = await on(site, case)
    assert (await desk.sends("/hold", reason="")).status_code == 422
    await desk.sends("/hold", reason="zqx an inquiry")
    assert (await now(site, case)).held_at is not None
    assert "legal hold" in desk.shows
    await desk.sends("/lift", reason="zqx it is over")
    assert (await now(site, case)).held_at is None
    assert [await did(site, case, act) for act in (Doing.HELD, Doing.LIFTED)] == [
        [{"Reason": "zqx an inquiry"}],
        [{"Reason": "zqx it is over"}],
    ]


async def test_a_form_sent_twice_is_carried_out_once_and_twice_said_to_be_well(site: Site):
    """A double tap: one act, and nobody is told that it failed, although the case has changed in between."""
    case = await a_case(site)
    desk = await on(site, case)
    for end, fields in (("/acknowledge", {}), ("/take", {}), ("/note", {"text": "zqx once"})):
        form = desk.form(end)
        for _ in range(2):
            await desk.sends(form, fields)
            assert desk.page.status_code == 200
    assert len(await did(site, case, Doing.NOTE)) == 1
    assert len(await did(site, case, Doing.TAKEN)) == 1


async def test_what_may_be_about_danger_is_answered_with_what_to_do_first(site: Site):
    """A note that says so is kept, and 999 stands above the page."""
    case = await a_case(site)
    desk = await on(site, case)
    await desk.sends("/note", text="He says he wants to kill himself tonight")
    assert "ring 999" in desk.shows.partition("All cases")[0]


async def test_a_request_is_decided_by_who_may_and_never_by_who_asked(site: Site):
    """The lead reads who decides; the headteacher approves it with a note. Nobody decides on what they asked for."""
    case = await a_case(site, tell=("dsl", "headteacher"), matter="new_account")
    lead, head = await on(site, case), await on(site, case, "headteacher")
    assert not [form for form in lead.forms() if form.action.endswith("/decide")]
    assert "the headteacher" in lead.shows.partition("What you can do")[2].partition("Add a note")[0]
    await head.sends("/decide", decision="approve", note="zqx as it should be")
    assert (await now(site, case)).decision == Decision.APPROVED
    own = await a_case(site, tell=("dsl", "headteacher"), matter="new_account", reporter=await _wrote(site, "headteacher"))
    await head.opens(f"{DESK}/case/{own.reference}")
    assert "You asked for" in head.shows
    form = Form(f"{DESK}/case/{own.reference}/decide", "post", {**head.form("/note").fields, "decision": "approve"})
    assert (await head.sends(form)).status_code == 409
    assert (await now(site, own)).decision is None


async def _wrote(site: Site, who: str) -> str:
    """The conversation of the demo person WHO, who has said hello in it."""
    browser = site.browser(f"/chat/rosebrook?as={who}")
    await browser.loads()
    await browser.says("hello")
    played, vault = persona(who), site.app.database.vault
    assert played is not None
    return vault.look_up("conversation", "rosebrook", "web", played.place("web"), played.place("web"))


async def test_a_request_is_not_decided_by_a_form_that_does_not_say_how(site: Site):
    """Neither button pressed, or one that was made up: nothing is decided, least of all declined."""
    case = await a_case(site, tell=("headteacher",), matter="new_account")
    head = await on(site, case, "headteacher")
    for decision in ({}, {"decision": ""}, {"decision": "perhaps"}):
        assert (await head.sends("/decide", decision)).status_code == 409
    assert "Press “Approve” or “Decline”" in head.shows


async def test_nothing_is_added_to_a_stub_and_none_of_its_words_is_left_on_the_page(site: Site):
    """Once the words are gone the page says so: no form that writes is there, and one that was kept writes nothing."""
    case = await a_case(site, said=(Said("What happened?", "zqx quokka", "happened"),))
    desk = await on(site, case)
    await desk.sends("/close", ending="no_action", reason="zqx wombat")
    form = desk.form("/note")
    (lead,) = await site.app.stores["rosebrook"].people.holders("dsl")
    await site.app.stores["rosebrook"].keeping.erase(case.id, lead.id, "because", site.app.clock.now())
    await desk.opens(f"{DESK}/case/{case.reference}")
    assert desk.page.status_code == 200
    assert "quokka" not in desk.page.text
    assert "wombat" not in desk.page.text
    assert "What stands here is the stub" in desk.shows
    ends = {one.action.rpartition("/")[2] for one in desk.forms()}
    assert not ends & {"note", "write", "reopen", "undo", "link", "step", "hold"}
    assert (await desk.sends(form, text="zqx more")).status_code == 409
    await desk.opens(f"{DESK}/case/{case.reference}/referral")
    assert "there is nothing left to refer" in desk.shows


async def test_a_closed_case_is_moved_to_the_record_system_of_a_school_that_has_one(tmp_path: Path):
    """Its reference there, once: what was typed is kept as it is, and the form is gone."""
    async with desk_site(tmp_path, config=rehearsing(tmp_path / "data").model_copy(update={"schools": ("edith-cavell",)})) as site:
        case = await a_case(site, "edith-cavell")
        desk = await at_the_desk(site, "dsl", "edith-cavell")
        await desk.opens(f"/desk/edith-cavell/case/{case.reference}")
        await desk.sends("/close", ending="advice", reason="zqx they were told whom to ask")
        await desk.sends("/moved", recorded_as="CPOMS 4711")
        assert "CPOMS 4711" in desk.shows
        assert not [form for form in desk.forms() if form.action.endswith("/moved")]


async def test_what_is_too_long_to_be_said_again_takes_no_word_about_danger_with_it(site: Site):
    """The next page says that it was done, and first what to do where somebody may be in danger."""
    desk = await on(site, await a_case(site))
    reason = f"he says he will kill her tonight {'é' * 450}"
    await desk.sends("/urgency", urgency="high", reason=reason)
    assert desk.page.status_code == 200
    assert DONE in desk.shows
    assert "ring 999" in desk.shows
