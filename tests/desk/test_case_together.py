"""Two people at one case: whoever acts on a page that has grown old does nothing by it, and loses none of their words."""

from __future__ import annotations

import asyncio

import pytest

from bot.record import record
from bot.turn import Outcome
from flows.cases.acts import Doing
from flows.cases.case import Said, Status
from storage.kept import Act, Addition
from tests.desk.test_case_acts import REASON, did, now, on
from tests.desk_site import a_case
from tests.site import Site
from tests.storage.conftest import HOLD

CLOSING = {"ending": "no_action", "reason": REASON, "action": "zqx nothing more"}


async def test_what_somebody_else_did_meanwhile_is_said_and_the_words_are_kept(site: Site):
    """The lead writes a long reason to close; the deputy takes the case over. Nothing is closed, and every field is as it was."""
    case = await a_case(site, tell=("dsl", "deputy_dsl"))
    lead, deputy = await on(site, case), await on(site, case, "deputy_dsl")
    await lead.sends("/take")
    form = lead.form("/close")
    await deputy.opens(deputy.page.url.path)
    await deputy.sends("/take")
    answer = await lead.sends(form, CLOSING)
    assert answer.status_code == 409
    assert "has changed since" in lead.shows
    assert "with the deputy safeguarding lead" in lead.shows
    assert (await now(site, case)).status is Status.TAKEN
    await lead.sends("/take")
    assert (await now(site, case)).status is Status.TAKEN


async def test_words_come_back_in_the_form_where_it_is_still_theirs(site: Site):
    """The urgency changed meanwhile; the closing form stands there open, filled in as it was, and closes at the second press."""
    case = await a_case(site)
    lead, again = await on(site, case), await on(site, case)
    await lead.sends("/take")
    await again.opens(again.page.url.path)
    form = lead.form("/close")
    await again.sends("/urgency", urgency="high", reason=REASON)
    assert (await lead.sends(form, CLOSING)).status_code == 409
    assert {name: lead.form("/close").fields[name] for name in CLOSING} == CLOSING
    assert '<details class="case-deed" id="do-close" open>' in lead.page.text
    await lead.sends("/close")
    assert (await now(site, case)).status is Status.CLOSED


async def test_what_the_reporter_added_meanwhile_is_read_before_it_is_closed(site: Site):
    """Words that came in since the page was made: it is not closed over them."""
    case = await a_case(site)
    lead = await on(site, case)
    await lead.sends("/take")
    form = lead.form("/close")
    more = Addition(case.id, (Said("What they added", "zqx it is worse", "words"),))
    outcome = Outcome(added=(more,), audit=(Act(Doing.ADDED, case.id),))
    await record(site.app.stores["rosebrook"], outcome, at=site.app.clock.now(), hold=HOLD)
    assert (await lead.sends(form, CLOSING)).status_code == 409
    assert "More was said about" in lead.shows
    assert "zqx it is worse" in lead.shows
    await lead.sends("/close")
    assert (await now(site, case)).status is Status.CLOSED


async def test_a_note_that_somebody_changed_meanwhile_is_not_changed_over_it(site: Site):
    """The second version is shown, and what was typed still stands in the form."""
    case = await a_case(site, tell=("dsl", "deputy_dsl"))
    lead = await on(site, case)
    await lead.sends("/note", text="zqx first")
    deputy = await on(site, case, "deputy_dsl")
    form = next(form for form in lead.forms() if "of" in form.fields)
    await deputy.sends(next(form for form in deputy.forms() if "of" in form.fields), text="zqx second")
    assert (await lead.sends(form, text="zqx third")).status_code == 409
    assert "zqx second" in lead.shows
    assert next(form for form in lead.forms() if "of" in form.fields).fields["text"] == "zqx third"
    await lead.sends(next(form for form in lead.forms() if "of" in form.fields))
    assert "version 3" in lead.shows


@pytest.mark.parametrize("end", ["take", "hand-on", "urgency", "close", "write", "concerns", "decide", "hold"])
async def test_no_form_that_decides_is_taken_without_what_it_was_shown_with(site: Site, end: str):
    """A form that does not say on which page it stood is one that has grown old."""
    case = await a_case(site)
    lead = await on(site, case)
    fields = {name: value for name, value in lead.form("/note").fields.items() if name in {"csrf", "nonce"}}
    answer = await lead.client.post(f"{lead.page.url.path}/{end}", data={**fields, "step": "send"})
    assert answer.status_code == 409
    assert (await now(site, case)).version == case.version


async def test_the_same_form_sent_twice_at_once_is_carried_out_once(site: Site):
    """A double tap in which neither waits for the other: both are shown that it is done, and it was done once."""
    case = await a_case(site)
    lead = await on(site, case)
    for end, fields in (("/take", {}), ("/urgency", {"urgency": "high", "reason": REASON}), ("/close", CLOSING)):
        form = lead.form(end)
        both = {**form.fields, **fields}
        answers = await asyncio.gather(*(lead.client.post(form.action, data=both) for _ in range(4)))
        assert {answer.status_code for answer in answers} == {303}, end
        await lead.opens(f"/desk/rosebrook/case/{case.reference}")
    assert [len(await did(site, case, act)) for act in (Doing.TAKEN, Doing.URGENCY, Doing.CLOSED)] == [1, 1, 1]


async def test_of_two_who_take_it_at_once_one_has_it_and_the_other_is_told(site: Site):
    """Both pages were fresh: one of them is carried out, and the other says who was faster."""
    case = await a_case(site, tell=("dsl", "deputy_dsl"))
    both = [await on(site, case), await on(site, case, "deputy_dsl")]
    forms = [one.form("/take") for one in both]
    answers = await asyncio.gather(*(one.client.post(form.action, data=form.fields) for one, form in zip(both, forms, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    slower = next(answer for answer in answers if answer.status_code == 409)
    assert "has changed since" in slower.text
    assert len(await did(site, case, Doing.TAKEN)) == 1


async def test_danger_in_words_that_could_not_be_kept_is_answered_all_the_same(site: Site):
    """No outcome was chosen, so nothing is closed; what to do first stands on the page."""
    case = await a_case(site)
    lead = await on(site, case)
    refused = await lead.sends("/close", ending="", reason="He says he wants to kill himself tonight")
    assert refused.status_code == 422
    assert "ring 999" in lead.shows.partition("All cases")[0]


async def test_whoever_was_signed_out_while_they_wrote_has_their_words_back(site: Site):
    """Half an hour over a long note: nothing is done, nothing of the case is shown, and the words stand there to be copied."""
    case = await a_case(site)
    lead = await on(site, case)
    form = lead.form("/note")
    await lead.sends("/out")
    answer = await lead.sends(form, text="zqx a long note\n<b>with</b> marks in it")
    assert answer.status_code == 403
    assert "zqx a long note\n&lt;b&gt;with&lt;/b&gt; marks in it" in answer.text
    assert case.reference not in answer.text
    assert form.fields["csrf"] not in answer.text
    assert not await did(site, case, Doing.NOTE)
