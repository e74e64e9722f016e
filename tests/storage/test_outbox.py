"""Replies and pushes on their way: in order, leased, finished once, and never about somebody to themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.cases.case import Status
from flows.cases.notice import Notice, NoticeKind
from storage.claim import CEILING, back_off
from storage.kept import Act, Due, Expansion, Fenced, Letter, Recording, ToReporter
from storage.store.queueing import HELD, TAKEN
from storage.store.settling import PERHAPS_SHOWN
from tests.storage.conftest import CHANNELS, HOLD, NOW, School, tell_all


async def queued(school: School, *texts: str, place: str = "parent") -> None:
    """Letters without a conversation: they wait for the outbox."""
    await school.store.record(Recording(school.now, letters=tuple(Letter("web", place, text) for text in texts)), HOLD)


async def test_replies_to_a_free_address_are_leased_at_once(school: School) -> None:
    """The process that recorded may send without a further claim, and nobody else gets them meanwhile."""
    recorded = await school.says(await school.hears(), "one", "two")
    assert [(due.kind, due.body, due.place, due.attempts) for due in recorded.sends] == [
        ("reply", "one", "parent", 1),
        ("reply", "two", "parent", 1),
    ]
    assert await school.replies() == ()
    await school.work.finish_many([(due, "receipt") for due in recorded.sends], school.now)
    assert (await school.work.lag(school.now))["replies"].waiting == 0


async def test_a_reply_behind_an_unsent_one_waits_for_it(school: School) -> None:
    """Order per address: nothing is sent at once while something older is unsent, and finishing that calls on the next."""
    first = await school.says(await school.hears(), "one")
    second = await school.says(await school.hears(), "two")
    assert second.sends == ()
    assert await school.replies() == ()
    await school.work.finish(first.sends[0], "receipt", school.now)
    (due,) = await school.replies()
    assert due.body == "two"


async def test_finishing_a_reply_wakes_the_outbox_for_what_waits_behind_it(school: School) -> None:
    """The reply behind does not wait for the next poll."""
    first = await school.says(await school.hears(), "one")
    await school.says(await school.hears(), "two")
    database = school.store._database
    await database.wait("outbox", 0.2)
    await school.work.finish(first.sends[0], "receipt", school.now)
    assert await database.wait("outbox", 5)


async def test_replies_of_one_address_are_claimed_together_in_order(school: School) -> None:
    """The oldest comes with those behind it, so that one process sends them one after the other."""
    await queued(school, "1", "2", "3")
    await queued(school, "a", place="other")
    dues = await school.replies()
    assert [due.body for due in dues if due.place == "parent"] == ["1", "2", "3"]
    assert [due.body for due in dues if due.place == "other"] == ["a"]


async def test_a_reply_that_must_wait_holds_back_those_behind_it(school: School) -> None:
    """When the first could not be sent the others stay behind it until its time comes."""
    await queued(school, "1", "2")
    first, second = await school.replies()
    await school.work.again(first, school.now + timedelta(seconds=30), "SendFailed")
    await school.work.again(second, school.now, "waits")
    assert await school.replies() == ()
    school.tick(seconds=31)
    assert [(due.body, due.attempts) for due in await school.replies()] == [("1", 2), ("2", 2)]


async def test_an_undeliverable_reply_releases_those_behind_it(school: School) -> None:
    """A place that refuses for good does not block its own queue for ever."""
    await queued(school, "1", "2")
    first, second = await school.replies()
    await school.work.undeliverable(first, school.now, "Forbidden")
    await school.work.again(second, school.now, "waits")
    assert [due.body for due in await school.replies()] == ["2"]


async def test_only_channels_that_run_here_are_claimed(school: School) -> None:
    """A process without Slack leaves Slack's replies to one that has it."""
    await queued(school, "1")
    assert await school.work.claim_replies("t", ("slack",), school.now, 5, HOLD) == ()
    assert await school.work.claim_replies("t", (), school.now, 5, HOLD) == ()


@pytest.mark.parametrize("ending", ["finish", "again", "undeliverable", "renew"])
async def test_a_lost_lease_on_a_reply_is_fenced(school: School, ending: str) -> None:
    """Somebody else has it now: nothing the slow process says about it counts."""
    await queued(school, "1")
    (slow,) = await school.replies()
    school.tick(seconds=61)
    (quick,) = await school.replies()
    assert quick.key == slow.key
    calls = {
        "finish": lambda: school.work.finish(slow, "receipt", school.now),
        "again": lambda: school.work.again(slow, school.now, "late"),
        "undeliverable": lambda: school.work.undeliverable(slow, school.now, "late"),
        "renew": lambda: school.work.renew(slow, school.now, HOLD),
    }
    with pytest.raises(Fenced):
        await calls[ending]()
    await school.work.finish(quick, "receipt", school.now)


async def test_finishing_many_writes_the_others_when_one_was_lost(school: School) -> None:
    """A reply that was certainly sent is not sent again because its neighbour's lease was lost."""
    await queued(school, "1")
    await queued(school, "a", place="other")
    slow, other = sorted(await school.replies(), key=lambda due: due.body)
    await school.work.finish(slow, "receipt", school.now)
    with pytest.raises(Fenced, match="1 of 2"):
        await school.work.finish_many([(slow, "twice"), (other, "receipt")], school.now)
    school.tick(seconds=61)
    assert await school.replies() == ()


async def test_a_renewed_send_is_not_taken_by_somebody_else(school: School) -> None:
    """A slow send holds on to its lease."""
    await queued(school, "1")
    (due,) = await school.replies()
    school.tick(seconds=50)
    await school.work.renew(due, school.now, HOLD)
    school.tick(seconds=50)
    assert await school.replies() == ()
    await school.work.finish(due, "receipt", school.now)


async def test_a_repeat_carries_the_same_key(school: School) -> None:
    """Whoever receives a message twice can tell that it is the same one."""
    await queued(school, "1")
    (first,) = await school.replies()
    school.tick(seconds=61)
    (again,) = await school.replies()
    assert (first.key, first.attempts, again.attempts) == (again.key, 1, 2)


async def test_many_outboxes_share_the_addresses_and_keep_their_order(school: School) -> None:
    """Six processes that claim and send at once: nothing twice, and each address in its own order."""
    for number in range(4):
        for place in range(8):
            await queued(school, str(number), place=f"p{place}")
    sent: list[tuple[str, str]] = []

    async def outbox(name: str) -> None:
        while True:
            dues = await school.work.claim_replies(name, CHANNELS, school.now, 3, HOLD)
            if not dues:
                return
            for due in dues:
                sent.append((due.place, due.body))
                await asyncio.sleep(0)
            await school.work.finish_many([(due, "r") for due in dues], school.now)

    await asyncio.gather(*(outbox(f"o{n}") for n in range(6)))
    await outbox("last")
    for place in range(8):
        assert [body for where, body in sent if where == f"p{place}"] == ["0", "1", "2", "3"]


async def test_a_due_notice_becomes_a_push_to_the_people_of_its_rung(school: School, lead, deputy, chair) -> None:
    """Whoever holds the rung's roles by then is told; the others are not."""
    case = await school.opens(school.case())
    assert await school.expands() == 1
    pushes = await school.pushes()
    assert {due.person.id for due in pushes if due.person} == {lead.id, deputy.id}
    assert {due.kind for due in pushes} == {"push"}
    assert all(due.case is not None and due.case.id == case.id and due.case.said == () for due in pushes)
    assert await school.expands() == 0


async def test_an_untaken_case_climbs_past_those_already_told(school: School, lead, chair) -> None:
    """The next rung's people are told when its time comes; nobody gets a second push for the same case."""
    await school.store.people.give_role(lead.id, "chair", at=school.now)
    await school.opens(school.case())
    await school.expands()
    assert [due.person.id for due in await school.pushes() if due.person] == [lead.id]
    school.tick(hours=1)
    await school.expands()
    assert [due.person.id for due in await school.pushes() if due.person and due.person.id != lead.id] == [chair.id]


async def test_an_empty_rung_makes_the_next_one_due_at_once(school: School, chair) -> None:
    """Nobody holds the first rung's role: the second does not wait its hour."""
    await school.opens(school.case())
    assert await school.expands() == 1
    assert await school.pushes() == ()
    assert await school.expands() == 1
    assert [due.person.id for due in await school.pushes() if due.person] == [chair.id]


async def test_what_waits_is_withdrawn_when_somebody_takes_the_case(school: School, lead, deputy, chair) -> None:
    """After the acknowledgement commits no push starts and nothing climbs."""
    case = await school.opens(school.case())
    await school.expands()
    await school.takes(case, lead)
    assert await school.pushes() == ()
    school.tick(hours=5)
    assert await school.expands() == 0
    assert (await school.work.lag(school.now))["notices"].waiting == 0


async def test_a_push_in_flight_when_the_case_is_taken_is_edited_afterwards(school: School, lead, deputy) -> None:
    """A card that was just being sent says, once it is there, that somebody has the case."""
    case = await school.opens(school.case())
    await school.expands()
    pushes = {due.person.id: due for due in await school.pushes() if due.person}
    await school.takes(case, lead)
    await school.work.finish(pushes[deputy.id], "receipt", school.now)
    (edit,) = await school.pushes()
    assert (edit.kind, edit.person.id if edit.person else "", edit.place) == ("taken", deputy.id, "deputy")
    assert edit.case is not None
    assert not edit.case.waiting
    await school.work.finish(edit, "receipt", school.now)


async def test_a_push_in_flight_that_fails_after_the_case_is_taken_is_not_tried_again(school: School, lead, deputy) -> None:
    """Nobody needs it any more."""
    case = await school.opens(school.case())
    await school.expands()
    pushes = await school.pushes()
    await school.takes(case, lead)
    for due in pushes:
        await school.work.again(due, school.now, "SendFailed")
    school.tick(minutes=10)
    assert await school.pushes() == ()
    assert (await school.work.lag(school.now))["pushes"].waiting == 0


async def test_a_card_whose_sender_died_is_edited_once_somebody_takes_the_case(school: School, lead, deputy) -> None:
    """Nobody can say whether it was shown, so it counts as sent and its edit goes out: to whoever took the case another."""
    case = await school.opens(school.case())
    await school.expands()
    assert len(await school.pushes()) == 2
    await school.takes(case, lead)
    assert await school.pushes() == ()
    school.tick(minutes=10)
    assert await school.pushes() == ()
    assert await _edits(school) == {lead.id: HELD, deputy.id: TAKEN}


@pytest.mark.parametrize("end", ["taken before it is put back", "taken after it is put back"])
async def test_a_card_that_was_perhaps_shown_is_edited_whatever_came_after(school: School, lead, deputy, end: str) -> None:
    """The first attempt ended without a word from the platform; that a later one was refused does not take it off a screen."""
    case = await school.opens(school.case())
    await school.expands()
    for due in await school.pushes():
        await school.work.again(due, school.now, PERHAPS_SHOWN)
    again = await school.pushes()
    if end == "taken before it is put back":
        await school.takes(case, lead)
    for due in again:
        await school.work.again(due, school.now, "SendFailed")
    if end == "taken after it is put back":
        await school.takes(case, lead)
    assert await school.pushes() == ()
    assert await _edits(school) == {lead.id: HELD, deputy.id: TAKEN}


async def test_cards_already_sent_are_edited_when_somebody_takes_the_case(school: School, lead, deputy) -> None:
    """The others see that it is in hand; whoever took it has nothing left to acknowledge."""
    case = await school.opens(school.case())
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)
    await school.takes(case, lead)
    assert await _edits(school) == {lead.id: HELD, deputy.id: TAKEN}


async def test_a_held_card_is_edited_again_once_somebody_else_has_the_case(school: School, lead, deputy) -> None:
    """Whoever had it and lost it to another reads that, on the same card."""
    case = await school.opens(school.case())
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)
    held = await school.takes(case, lead)
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)
    await school.takes(replace(held, status=Status.OPEN, holder=None), deputy)
    assert await _edits(school) == {lead.id: TAKEN, deputy.id: HELD}


async def test_a_push_is_not_sent_to_somebody_the_case_turns_out_to_be_about(school: School, lead, deputy) -> None:
    """Between notice and sending it became known that it is about the lead: the push is not claimed any more."""
    case = await school.opens(school.case())
    await school.expands()
    await school.store.record(Recording(school.now, changed=(replace(case, concerns=frozenset({lead.id})),)), HOLD)
    assert [due.person.id for due in await school.pushes() if due.person] == [deputy.id]
    assert (await school.work.lag(school.now))["pushes"].waiting == 1


async def test_a_push_is_never_given_up(school: School, lead) -> None:
    """Only replies end as undeliverable."""
    await school.opens(school.case())
    await school.expands()
    (due,) = await school.pushes()
    with pytest.raises(ValueError, match="Only a reply"):
        await school.work.undeliverable(due, school.now, "Forbidden")


async def test_the_end_of_the_road_is_told_to_the_reporter_where_they_wrote(school: School) -> None:
    """A notice that becomes words to the reporter is queued at the place their report came from."""
    lease = await school.hears()
    case = school.case(reporter=lease.conversation)
    await school.says(lease, opened=(case,), notices=(Notice(case.id, 2, NoticeKind.PHONE, school.now),))

    def phone(notice, name, found, holders, told) -> Expansion:
        assert (notice.kind, name, holders, told) == (NoticeKind.PHONE, "rosebrook", (), frozenset())
        return Expansion(to_reporters=(ToReporter(found.id, "please phone"),))

    await school.expands(phone)
    (due,) = await school.replies()
    assert (due.body, due.channel, due.place) == ("please phone", "web", "parent")


async def test_one_bad_notice_holds_up_nobody(school: School, lead) -> None:
    """A notice that cannot be carried out waits and is tried again; the others go out at once."""
    bad, good = school.case(), school.case()
    await school.opens(bad)
    await school.opens(good)

    def resolve(notice, name, case, holders, told) -> Expansion:
        if case.id == bad.id:
            raise KeyError("a route is missing")
        return tell_all(notice, name, case, holders, told)

    assert await school.expands(resolve) == 1
    assert [due.case.id for due in await school.pushes() if due.case] == [good.id]
    school.tick(seconds=2)
    assert await school.expands() == 1


async def test_a_notice_is_carried_out_once_by_many(school: School, lead, chair) -> None:
    """Eight processes see the same due notices at once; each becomes its pushes once, with one act in the audit."""
    for _ in range(5):
        await school.opens(school.case(rungs=(("dsl",),)))

    def resolve(notice, name, case, holders, told) -> Expansion:
        return Expansion(pushes=tuple((person.id, *person.places[0]) for person in holders), acts=(Act("told", case.id),))

    done = await asyncio.gather(*(school.expands(resolve) for _ in range(8)))
    assert sum(done) == 5
    assert len(await school.pushes()) == 5
    told = [link.case for link in await school.store.audit.links() if link.act == "told"]
    assert len(told) == len(set(told)) == 5


async def test_people_who_are_away_are_still_handed_to_the_decision(school: School, lead) -> None:
    """Who is passed over is the bot's rule, not the store's."""
    await school.store.people.away(lead.id, school.now + timedelta(days=3), at=school.now)
    await school.opens(school.case())
    seen = []

    def resolve(notice, name, case, holders, told) -> Expansion:
        seen.extend(holders)
        return Expansion()

    await school.expands(resolve)
    assert [(person.id, person.away_until) for person in seen] == [(lead.id, school.now + timedelta(days=3))]


async def test_the_next_due_moment_is_the_earliest_that_can_be_acted_on(school: School, lead) -> None:
    """Waiting notices, replies put back, leases that run out; followers of a reply that waits do not count."""
    assert await school.work.next_due(CHANNELS) is None
    case = school.case(rungs=(("dsl",),))
    later = school.now + timedelta(hours=2)
    await school.store.record(Recording(school.now, opened=(case,), notices=(Notice(case.id, 0, NoticeKind.PUSH, later),)), HOLD)
    assert await school.work.next_due(CHANNELS) == later
    await queued(school, "1", "2")
    assert await school.work.next_due(CHANNELS) == school.now
    first, second = await school.replies()
    assert await school.work.next_due(CHANNELS) == school.now + HOLD
    await school.work.again(first, school.now + timedelta(minutes=5), "SendFailed")
    await school.work.again(second, school.now, "waits")
    assert await school.work.next_due(CHANNELS) == school.now + timedelta(minutes=5)
    assert await school.work.next_due(("slack",)) == later


async def test_the_lag_says_how_much_waits_and_since_when_in_each_channel(school: School, other: School, lead) -> None:
    """All schools together, and each channel on its own; no place, no person, no word."""
    began = school.now
    await queued(school, "1")
    await queued(other, "2")
    await school.hears()
    await school.opens(school.case())
    school.tick(minutes=5)
    lag = await school.work.lag(school.now)
    assert (lag["replies"].waiting, lag["replies"].oldest_due) == (2, began)
    assert lag["replies/web"] == lag["replies"]
    assert (lag["inbox"].waiting, lag["inbox/web"].oldest_due) == (1, began)
    assert (lag["notices"].waiting, lag["notices"].oldest_due) == (1, began)
    await school.expands()
    lag = await school.work.lag(school.now)
    assert (lag["notices"].waiting, lag["pushes"].waiting, lag["pushes/web"].waiting) == (0, 1, 1)


def test_back_off_doubles_to_a_ceiling_and_never_falls_in_step() -> None:
    """Half a second at first, five minutes at most, spread over half its length."""
    for attempts in range(40):
        whole = min(CEILING, 0.5 * 2**attempts)
        waits = {back_off(attempts) for _ in range(20)}
        assert all(whole / 2 <= wait <= whole for wait in waits)
        assert len(waits) > 1


def test_nothing_that_is_sent_shows_in_a_repr() -> None:
    """Neither the place nor the words of something due."""
    due = Due(
        1,
        "reply",
        "k",
        "rosebrook",
        "web",
        "secret",
        "t",
        1,
        NOW,
        "secret",
    )
    assert "secret" not in repr(due)


async def _edits(school: School) -> dict[str, str]:
    """Whose cards are edited now, and to what."""
    return {due.person.id: due.kind for due in await school.pushes() if due.person}
