"""Closing a case in a chat, undoing it, and opening it again: with reasons, read back, once, and with a word to its reporter."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot import wording, wording_case_forms
from bot.case_form_buttons import offered
from bot.case_wishes import Wish
from flows.cases.acts import Doing
from flows.cases.case import Case, Ending, Severity, Status
from storage.tables import Case as Row
from storage.tables import table
from tests.bot.desk import Desk, at_work, text
from tests.bot.test_concerning import opens
from tests.fakes import MONDAY
from tests.talk import Talk

REASON, ACTION = "qwv it was a quarrel, settled", "met both families"


@pytest.fixture
async def desk(talk: Talk) -> Desk:
    """A report that the lead has."""
    return await at_work(talk)


def recorded_in(talk: Talk, system: str) -> None:
    """The school keeps its records in SYSTEM."""
    schools = talk.app.conversations._around.schools
    schools[talk.school] = replace(schools[talk.school], record_system=system)


async def fills_in(desk: Desk, name: str = "Lead") -> str:
    """NAME answers every question up to what is read back."""
    voice = desk.talk[name]
    await voice.says(f"close {desk.reference}")
    await voice.clicks("Dealt with at school")
    await voice.says(REASON)
    return text(await voice.says(ACTION))


async def test_outcome_reason_and_action_are_asked_for_read_back_and_recorded(desk):
    """The reporter reads that it is closed, and nothing of the outcome or the reason; both are told so beforehand."""
    lead, parent = desk.talk["Lead"], desk.talk["Parent"]
    back = await fills_in(desk)
    assert all(words in back for words in ("Outcome: Dealt with at school", f"Reason: {REASON}", f"Action: {ACTION}"))
    assert f"“Report {desk.reference} has been closed by the school.”" in back
    assert (await desk.case()).status is Status.ACKNOWLEDGED
    assert "is closed" in text(await lead.clicks("Close it"))
    case = await desk.case()
    assert (case.status, case.ending, case.recorded_as) == (Status.CLOSED, Ending.DEALT_WITH, None)
    assert await desk.acts(Doing.CLOSED) == [{"Outcome": "dealt_with", "Reason": REASON, "Action": ACTION}]
    heard = text(await parent.reads())
    assert f"Report {desk.reference} has been closed by the school." in heard
    assert REASON not in heard


async def test_the_reason_may_come_with_the_wish_and_the_action_left_out(desk):
    """“close SP-… because” in one message; the outcome may be typed as the button says it."""
    lead = desk.talk["Lead"]
    await lead.says(f"close {desk.reference}: {REASON}")
    await lead.says("no action needed")
    back = text(await lead.clicks("Nothing to add"))
    assert f"Reason: {REASON}" in back
    assert "Action:" not in back


async def test_an_outcome_nobody_offered_is_asked_for_once_more(desk):
    """And without a reason there is no closing: it is asked for until it comes."""
    lead = desk.talk["Lead"]
    await lead.says(f"close {desk.reference}")
    assert "How did" in text(await lead.says("it just ended"))
    await lead.clicks("Sent by mistake")
    assert "Why is it closed?" in text(await lead.says("\u200b"))


async def test_where_the_school_keeps_records_elsewhere_their_reference_is_asked_for(desk):
    """It stands in the record; or that it is not there yet."""
    lead = desk.talk["Lead"]
    recorded_in(desk.talk, "CPOMS")
    assert "CPOMS" in await fills_in(desk)
    assert "Recorded as: 4711" in text(await lead.says("4711"))
    await lead.clicks("Close it")
    assert (await desk.case()).recorded_as == "4711"


async def test_it_may_not_be_there_yet(desk):
    """Then the words stay until it was moved."""
    recorded_in(desk.talk, "CPOMS")
    await fills_in(desk)
    await desk.talk["Lead"].clicks("Not there yet")
    assert "until they have been moved" in text(await desk.talk["Lead"].clicks("Close it"))
    assert (await desk.case()).transferred_at is None


async def test_change_begins_again_and_leave_it_closes_nothing(desk):
    """Nothing of the first attempt is kept."""
    lead = desk.talk["Lead"]
    await fills_in(desk)
    assert "How did" in text(await lead.clicks("Change"))
    await lead.clicks("Advice was given")
    await lead.clicks("Leave it")
    assert (await desk.case()).status is Status.ACKNOWLEDGED


async def test_a_slip_is_undone_within_ten_minutes(desk):
    """It is with whoever had it, the reporter hears so, and the record shows both."""
    lead, parent = desk.talk["Lead"], desk.talk["Parent"]
    await fills_in(desk)
    await lead.clicks("Close it")
    await parent.reads()
    before = await desk.case()
    await desk.talk.passes(minutes=10)
    assert "is open again" in text(await lead.clicks("Undo"))
    after = await desk.case()
    assert (after.status, after.holder, after.ending, after.lap) == (Status.TAKEN, before.holder, None, before.lap)
    assert "opened your report" in text(await parent.reads())
    assert [one.act for one in await desk.record() if one.act in (Doing.CLOSED, Doing.REOPENED)] == [Doing.CLOSED, Doing.REOPENED]
    await lead.clicks("Undo")
    assert len(await desk.acts(Doing.REOPENED)) == 1
    assert await parent.reads() == []


async def test_after_ten_minutes_it_takes_a_reason(desk):
    """The button says so, and offers the form."""
    lead = desk.talk["Lead"]
    await fills_in(desk)
    await lead.clicks("Close it")
    await desk.talk.passes(minutes=11)
    assert "more than ten minutes" in text(await lead.clicks("Undo"))
    await lead.clicks("Open it again")
    back = text(await lead.says("the mother rang: it goes on"))
    assert "the mother rang" in back
    assert (await desk.case()).status is Status.CLOSED
    await lead.clicks("Open it again")
    case = await desk.case()
    assert (case.status, case.lap) == (Status.TAKEN, 1)
    assert await desk.acts(Doing.REOPENED) == [{"Reason": "the mother rang: it goes on"}]


async def test_what_is_open_cannot_be_opened(talk):
    """Also when somebody else opened it while the reason was read back: it is theirs then."""
    case = await opens(talk)
    desk = Desk(talk, case.reference)
    already = wording_case_forms.OPEN_ALREADY.format(reference=case.reference)
    assert text((await talk["Lead"].says(f"reopen {case.reference} because of it"))[-1:]) == already
    await fills_in(desk)
    await talk["Lead"].clicks("Close it")
    await talk["Lead"].says(f"reopen {case.reference} because of it")
    await talk["Head"].says(f"open {case.reference} again: the mother rang")
    await talk["Head"].clicks("Open it again")
    await talk["Lead"].reads()
    assert text(await talk["Lead"].clicks("Open it again")) == already
    assert (await desk.case()).holder == (await desk.person("Head")).id


async def test_two_who_close_at_the_same_moment_close_it_once(talk):
    """One hears that it is closed, the other that somebody was faster; the record has one outcome."""
    case = await opens(talk)
    desk = Desk(talk, case.reference)
    await fills_in(desk)
    await fills_in(desk, "Head")
    presses = [(name, *talk[name].button("Close it")) for name in ("Lead", "Head")]
    await asyncio.gather(*(talk.send(name, choice.value, about=reply.about, pressed=True) for name, reply, choice in presses))
    heard = [text(await talk[name].reads()) for name in ("Lead", "Head")]
    assert sum(f"{case.reference} is closed." in one for one in heard) == 1
    assert sum("has already been closed" in one for one in heard) == 1
    assert len(await desk.acts(Doing.CLOSED)) == 1


async def test_somebody_else_takes_it_while_it_is_being_closed(talk):
    """Whoever has it decides when it is over."""
    case = await opens(talk)
    desk = Desk(talk, case.reference)
    await fills_in(desk, "Head")
    await talk["Lead"].says(f"take {case.reference}")
    await talk["Head"].reads()
    said = text(await talk["Head"].clicks("Close it"))
    assert wording_case_forms.CLOSE_NOT_YOURS.format(reference=case.reference) in said
    assert (await desk.case()).status is Status.TAKEN


async def test_what_is_closed_climbs_no_further(talk):
    """Nobody acknowledged it; whoever closes it stops the clock, and the cards say so."""
    case = await opens(talk)
    desk = Desk(talk, case.reference)
    await fills_in(desk)
    await talk["Lead"].clicks("Close it")
    await talk["Deputy"].reads()
    await talk.passes(hours=9)
    assert case.reference not in text(await talk["Deputy"].reads())


async def test_pressing_close_twice_closes_once(desk):
    """The second press belongs to nothing any more."""
    lead = desk.talk["Lead"]
    await fills_in(desk)
    old, choice = lead.button("Close it")
    await lead.clicks("Close it")
    await desk.talk.send("Lead", choice.value, about=old.about, pressed=True)
    assert text(await lead.reads()) == wording.OLD_BUTTON
    assert len(await desk.acts(Doing.CLOSED)) == 1


async def test_a_drill_says_so_at_every_step(talk):
    """Nobody closes a drill for a real report, or the other way round."""
    case = await opens(talk)
    store = talk.app.stores[talk.school]

    def drilled(session):
        rows = table(Row)
        session.connection().execute(sa.update(rows).where(rows.c.id == case.id).values(drill=True))

    await store._database.write(drilled)
    desk = Desk(talk, case.reference)
    assert "DRILL" in await fills_in(desk)
    assert "DRILL" in text(await talk["Lead"].clicks("Close it"))


def test_the_page_of_a_closed_case_offers_to_open_it_again():
    """And no form that would not fit."""
    case = Case("c", "SP-22222", "danger", Severity.LOW, MONDAY, reporter="r", status=Status.CLOSED)
    assert [choice.value for choice in offered(case)] == [Wish.WRITE, Wish.NOTE, Wish.REOPEN, Wish.LINK]
    assert [choice.value for choice in offered(replace(case, status=Status.OPEN, reporter=None))] == [
        Wish.NOTE,
        Wish.LINK,
        Wish.CLOSE,
    ]
    assert offered(replace(case, purged_at=MONDAY)) == ()
