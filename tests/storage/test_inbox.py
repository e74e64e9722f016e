"""The inbox and the lease of a conversation."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.kept import Fenced, Letter, Recording
from storage.store.inbox import ATTEMPTS, INBOX, SET_ASIDE
from tests.storage.conftest import HOLD, TOKEN, School


async def test_a_message_to_a_free_conversation_comes_with_its_lease(school: School) -> None:
    """Keeping the first message hands out the right to answer it, with everything a decision needs."""
    lease = await school.hears("is this a secret?")
    assert lease.next is not None
    assert (lease.next.body, lease.next.attempts) == ("is this a secret?", 1)
    assert (lease.school, lease.channel, lease.place, lease.sender, lease.state, lease.person) == (
        "rosebrook",
        "web",
        "parent",
        "parent",
        None,
        None,
    )
    assert lease.until == school.now + HOLD


async def test_a_repeated_message_is_kept_once_and_says_so(school: School) -> None:
    """The platform delivers again what we did not acknowledge in time: it is not a second message."""
    await school.hears(key="m1")
    again = await school.store.inbox.keep(school.arrival(key="m1"), TOKEN, school.now, HOLD)
    assert again == (False, None)
    assert len(await school.store.conversations.transcript("web", "parent", "parent", 10)) == 1


async def test_the_same_message_fifty_times_at_once_is_handled_once(school: School) -> None:
    """However many deliveries race, exactly one of them is new and gets the lease."""
    arrival = school.arrival(key="m1")
    results = await asyncio.gather(*(school.store.inbox.keep(arrival, f"t{n}", school.now, HOLD) for n in range(50)))
    assert sum(new for new, _ in results) == 1
    assert sum(lease is not None for _, lease in results) == 1


async def test_a_message_to_a_busy_conversation_waits_for_its_turn(school: School) -> None:
    """While one message is being decided the next is kept without a lease, and comes with the record of the first."""
    first = await school.hears("one")
    assert await school.store.inbox.keep(school.arrival("two"), "other", school.now, HOLD) == (True, None)
    recorded = await school.says(first)
    assert recorded.lease is not None
    assert recorded.lease.next is not None
    assert recorded.lease.next.body == "two"
    assert (await school.says(recorded.lease)).lease is None


async def test_messages_are_decided_in_the_order_they_came(school: School) -> None:
    """Twenty messages to one conversation are handed out one by one, in order, whoever keeps them."""
    lease = await school.hears("0")
    for number in range(1, 20):
        await school.store.inbox.keep(school.arrival(str(number)), f"t{number}", school.now, HOLD)
    heard = []
    while lease is not None:
        assert lease.next is not None
        heard.append(lease.next.body)
        lease = (await school.says(lease)).lease
    assert heard == [str(number) for number in range(20)]


async def test_two_people_in_one_place_are_two_conversations(school: School) -> None:
    """In a group, each sender has their own conversation, draft and lease."""
    arrival = school.arrival(sender="one")
    _, first = await school.store.inbox.keep(arrival, TOKEN, school.now, HOLD)
    _, second = await school.store.inbox.keep(replace(arrival, message_id="other", sender="two"), TOKEN, school.now, HOLD)
    assert first is not None
    assert second is not None
    assert first.conversation != second.conversation


async def test_the_state_of_a_conversation_comes_back_with_its_next_message(school: School) -> None:
    """What was recorded as state is there for the next message; None leaves it as it was."""
    await school.says(await school.hears(), state="a draft")
    lease = await school.hears()
    assert lease.state == "a draft"
    await school.says(lease)
    assert (await school.hears()).state == "a draft"


async def test_a_sender_the_school_knows_is_recognised(school: School, lead) -> None:
    """The person comes with the lease, with the roles they hold at this moment."""
    lease = await school.hears(sender="lead")
    assert lease.person == lead
    await school.store.people.take_role(lead.id, "dsl", at=school.now)
    await school.says(lease)
    again = (await school.hears(sender="lead")).person
    assert again is not None
    assert again.roles == ()


async def test_a_decision_under_a_lost_lease_writes_nothing(school: School) -> None:
    """A process that was too slow is fenced off: its reply, state and message are not recorded."""
    slow = await school.hears("one")
    school.tick(seconds=61)
    (quick,) = await school.work.claim_conversations("quick", school.now, 5, HOLD)
    with pytest.raises(Fenced):
        await school.says(slow, "too late", state="too late")
    recorded = await school.says(quick, "in time", state="in time")
    assert [due.body for due in recorded.sends] == ["in time"]
    assert (await school.hears()).state == "in time"
    lines = await school.store.conversations.transcript("web", "parent", "parent", 10)
    assert [line.body for line in lines if line.kind == "said"] == ["in time"]


async def test_the_same_process_is_fenced_from_its_own_old_lease(school: School) -> None:
    """A token is not enough: a lease granted again to the same process has another version."""
    old = await school.hears("one")
    school.tick(seconds=61)
    (new,) = await school.work.claim_conversations(TOKEN, school.now, 5, HOLD)
    with pytest.raises(Fenced):
        await school.says(old)
    await school.says(new)


async def test_a_message_is_finished_once(school: School) -> None:
    """The same recording cannot be made twice."""
    lease = await school.hears()
    await school.says(lease)
    with pytest.raises(Fenced):
        await school.says(lease)


async def test_a_recording_cannot_finish_a_message_of_another_conversation(school: School) -> None:
    """The lease covers its own conversation's messages only."""
    mine, theirs = await school.hears(sender="me"), await school.hears(sender="them")
    assert theirs.next is not None
    with pytest.raises(Fenced):
        await school.store.record(Recording(school.now, lease=mine, message=theirs.next.id), HOLD)


async def test_a_message_without_a_lease_cannot_be_finished(school: School) -> None:
    """Timers and commands record without a lease; they have no message to finish."""
    lease = await school.hears()
    assert lease.next is not None
    with pytest.raises(Fenced):
        await school.store.record(Recording(school.now, message=lease.next.id), HOLD)


async def test_what_a_dead_process_held_is_claimed_when_its_lease_runs_out(school: School) -> None:
    """Nobody reaps: before the end of the lease nobody gets it, after it anybody."""
    lease = await school.hears("still here")
    assert await school.work.claim_conversations("b", school.now, 5, HOLD) == ()
    school.tick(seconds=61)
    (taken,) = await school.work.claim_conversations("b", school.now, 5, HOLD)
    assert taken.conversation == lease.conversation
    assert taken.next is not None
    assert (taken.next.body, taken.next.attempts) == ("still here", 2)
    assert (taken.place, taken.sender, taken.token) == ("parent", "parent", "b")


async def test_an_older_waiting_message_goes_first_after_a_crash(school: School) -> None:
    """When the lease ran out, a new message does not overtake the one that was never answered."""
    await school.hears("first")
    school.tick(seconds=61)
    assert await school.store.inbox.keep(school.arrival("second"), "b", school.now, HOLD) == (True, None)
    (taken,) = await school.work.claim_conversations("b", school.now, 5, HOLD)
    assert taken.next is not None
    assert taken.next.body == "first"
    after = (await school.says(taken)).lease
    assert after is not None
    assert after.next is not None
    assert after.next.body == "second"


async def test_a_message_that_kills_its_process_each_time_is_set_aside(school: School) -> None:
    """After five attempts without a record it is marked failed, and the one behind it gets its turn."""
    await school.hears("poison")
    await school.store.inbox.keep(school.arrival("harmless"), TOKEN, school.now, HOLD)
    for _ in range(ATTEMPTS - 1):
        school.tick(seconds=61)
        (lease,) = await school.work.claim_conversations("b", school.now, 5, HOLD)
        assert lease.next is not None
        assert lease.next.body == "poison"
    school.tick(seconds=61)
    (lease,) = await school.work.claim_conversations("b", school.now, 5, HOLD)
    assert lease.next is not None
    assert lease.next.body == "harmless"
    assert (await school.says(lease)).lease is None
    failed = sa.select(INBOX.c.failure).where(INBOX.c.state == "failed")
    assert await school.store._database.read(lambda session: session.connection().execute(failed).scalars().all()) == [SET_ASIDE]
    assert (await school.work.lag(school.now))["inbox"].waiting == 0


async def test_a_lone_poison_message_leaves_its_conversation_free(school: School) -> None:
    """Once it is set aside the next message is answered at once, as if nothing had been."""
    await school.hears("poison")
    for _ in range(ATTEMPTS - 1):
        school.tick(seconds=61)
        await school.work.claim_conversations("b", school.now, 5, HOLD)
    school.tick(seconds=61)
    assert await school.work.claim_conversations("b", school.now, 5, HOLD) == ()
    assert (await school.hears("hello again")).next is not None


async def test_a_failed_message_is_not_tried_again(school: School) -> None:
    """A handler that raised ends its message with an error reference."""
    lease = await school.hears()
    await school.says(lease, "sorry", failed="E-123456")
    school.tick(seconds=61)
    assert await school.work.claim_conversations("b", school.now, 5, HOLD) == ()


async def test_a_released_lease_can_be_claimed_at_once(school: School) -> None:
    """Giving a conversation back undecided does not cost the length of the lease."""
    lease = await school.hears()
    await school.store.conversations.release(lease)
    (taken,) = await school.work.claim_conversations("b", school.now, 5, HOLD)
    assert taken.conversation == lease.conversation
    await school.store.conversations.release(lease)  # lost already: no matter, and the new holder keeps it
    await school.says(taken)


async def test_a_renewed_lease_holds_longer_and_a_lost_one_cannot_be_renewed(school: School) -> None:
    """Renewing moves the end; after somebody else took over it is refused."""
    lease = await school.hears()
    school.tick(seconds=50)
    lease = await school.store.conversations.renew(lease, school.now, HOLD)
    assert lease.until == school.now + HOLD
    school.tick(seconds=30)
    assert await school.work.claim_conversations("b", school.now, 5, HOLD) == ()
    school.tick(seconds=40)
    assert len(await school.work.claim_conversations("b", school.now, 5, HOLD)) == 1
    with pytest.raises(Fenced):
        await school.store.conversations.renew(lease, school.now, HOLD)


async def test_one_conversation_is_claimed_by_one_process_only(school: School) -> None:
    """Many processes that claim at once share the conversations out; none gets one twice."""
    for number in range(12):
        await school.hears(sender=f"p{number}")
    school.tick(seconds=61)
    claims = await asyncio.gather(*(school.work.claim_conversations(f"c{n}", school.now, 5, HOLD) for n in range(6)))
    taken = [lease.conversation for leases in claims for lease in leases]
    assert len(taken) == len(set(taken))
    left = await school.work.claim_conversations("rest", school.now, 50, HOLD)
    assert len(taken) + len(left) == 12


async def test_480_read_modify_writes_to_one_conversation_all_survive(school: School) -> None:
    """Eight voices at one conversation: every decision starts from the one before, and not one is lost."""

    async def voice(number: int) -> None:
        for turn in range(60):
            new, lease = await school.store.inbox.keep(school.arrival(key=f"{number}-{turn}"), TOKEN, school.now, HOLD)
            assert new
            while lease is not None:
                count = json.loads(lease.state)["count"] if lease.state else 0
                lease = (await school.says(lease, state=json.dumps({"count": count + 1}))).lease

    await asyncio.gather(*(voice(number) for number in range(8)))
    lease = await school.hears()
    assert lease.state is not None
    assert json.loads(lease.state) == {"count": 480}


async def test_nothing_people_wrote_shows_in_a_repr(school: School, lead) -> None:
    """A lease, its message, what was recorded and the person can be logged: they show no word, no name, no place."""
    lease = await school.hears("secret words", sender="lead")
    recorded = await school.says(lease, "secret answer", state="secret draft")
    transcript = await school.store.conversations.transcript("web", "lead", "lead", 5)
    shown = repr((lease, lease.person, recorded, transcript, school.arrival("secret"), Letter("web", "secret", "secret")))
    assert "secret" not in shown
    assert "Lead" not in shown
    assert "lead" not in shown


async def test_two_messages_a_moment_apart_keep_their_place_in_the_transcript(school: School) -> None:
    """What was heard and said comes back in the order in which it happened, the question before its answer."""
    lease = await school.hears("one")
    await school.says(lease, "answer one")
    school.tick(seconds=1)
    await school.says(await school.hears("two"), "answer two", "and more")
    lines = await school.store.conversations.transcript("web", "parent", "parent", 10)
    assert [line.body for line in lines] == ["one", "answer one", "two", "answer two", "and more"]
    assert [line.body for line in await school.store.conversations.transcript("web", "parent", "parent", 2)] == [
        "answer two",
        "and more",
    ]
    assert lines[1].at == school.now - timedelta(seconds=1)


async def test_a_place_is_reached_once_something_has_arrived_there(school: School) -> None:
    """What is only put down has not arrived, and what arrived elsewhere has not arrived here."""
    conversations = school.store.conversations
    recorded = await school.says(await school.hears(), "one")
    assert not await conversations.reached("web", "parent")
    await school.work.finish_many(((recorded.sends[0], "receipt"),), school.now)
    assert await conversations.reached("web", "parent")
    assert not await conversations.reached("web", "other")


async def test_the_stream_goes_on_after_the_last_line_it_has_seen(school: School) -> None:
    """said_since gives what was said at a place after a line, unsent lines included, and nothing of another place."""
    await school.says(await school.hears(), "one", "two")
    await school.says(await school.hears(sender="other"), "not yours")
    lines = await school.store.conversations.said_since("web", "parent", 0, 10)
    assert [line.body for line in lines] == ["one", "two"]
    after = await school.store.conversations.said_since("web", "parent", lines[0].id, 10)
    assert [line.body for line in after] == ["two"]
    assert await school.store.conversations.said_since("web", "parent", lines[1].id, 10) == ()
