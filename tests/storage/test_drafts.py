"""Conversations that are due although nobody writes: taken once, never across somebody's words, and what was destroyed is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.kept import Fenced, Lease, Letter, Recording
from storage.store import Store
from storage.tables import Conversation, table
from storage.vault import Vault
from storage.work import Work
from tests.storage.conftest import HOLD, TOKEN, School

CONVERSATION = table(Conversation)
SOON = timedelta(minutes=20)


async def began(school: School, *, sender: str = "parent", state: str = "a draft") -> Lease:
    """Somebody began something, and is due to be looked at in twenty minutes."""
    lease = await school.hears(sender=sender)
    await school.says(lease, state=state, wake_at=school.now + SOON)
    return lease


async def sweeps(school: School, process: str = "sweep") -> tuple[Lease, ...]:
    """Take what is due."""
    return await school.work.claim_idle(process, school.now, 16, HOLD)


def looked(school: School, lease: Lease, **more: object) -> Recording:
    """What is written once LEASE was looked at."""
    return Recording(school.now, lease=lease, quiet=True, **more)


async def test_it_is_taken_when_it_is_due_and_not_before(school: School) -> None:
    """With everything a decision needs: where it is, whose it is, and what was remembered; no message is in it."""
    held = await began(school)
    school.tick(minutes=19, seconds=59)
    assert await sweeps(school) == ()
    school.tick(seconds=1)
    (lease,) = await sweeps(school)
    assert (lease.conversation, lease.channel, lease.place, lease.state) == (held.conversation, "web", "parent", "a draft")
    assert lease.next is None


async def test_once_it_was_looked_at_it_is_due_when_that_look_said_and_else_never(school: School) -> None:
    """The state and its next moment are written together; a state without one has nothing due."""
    await began(school)
    school.tick(minutes=20)
    (lease,) = await sweeps(school)
    assert await sweeps(school) == (), "somebody is at it"
    recorded = await school.store.record(looked(school, lease, state="reminded", wake_at=school.now + timedelta(days=7)), HOLD)
    assert recorded.lease is None
    assert await school.work.next_idle(school.now) == school.now + timedelta(days=7)
    school.tick(days=7)
    (lease,) = await sweeps(school)
    await school.store.record(looked(school, lease, state="{}"), HOLD)
    assert await school.work.next_idle(school.now) is None


async def test_a_message_that_keeps_the_state_keeps_what_is_due(school: School) -> None:
    """A message that failed, or changed nothing, does not make a draft immortal."""
    await began(school)
    due = await school.work.next_idle(school.now)
    await school.says(await school.hears())
    assert await school.work.next_idle(school.now) == due


async def test_while_somebody_is_writing_it_is_left_alone(school: School) -> None:
    """In hand, or waiting to be: their words come first."""
    await began(school)
    school.tick(minutes=20)
    lease = await school.hears("I am still here")
    assert await sweeps(school) == (), "it is being decided"
    await school.store.conversations.release(lease)
    assert await sweeps(school) == (), "it waits for whoever is free"


async def test_words_that_come_while_it_is_looked_at_win(school: School) -> None:
    """Not even in the same moment: the look is refused whole, and the words are handled at once."""
    await began(school)
    school.tick(minutes=20)
    (lease,) = await sweeps(school)
    new, handed = await school.store.inbox.keep(school.arrival("I am still here"), TOKEN, school.now, HOLD)
    assert (new, handed) == (True, None)
    with pytest.raises(Fenced):
        await school.store.record(looked(school, lease, state="{}", letters=(Letter("web", "parent", "are you there?"),)), HOLD)
    assert await school.replies() == ()
    await school.store.conversations.release(lease)
    (theirs,) = await school.work.claim_conversations(TOKEN, school.now, 16, HOLD)
    assert (theirs.state, theirs.next is not None and theirs.next.body) == ("a draft", "I am still here")


async def test_of_three_processes_one_takes_it_and_writes(
    kind: str, fresh_url: Callable[[str], str], vault: Vault, school: School, database: Database
) -> None:
    """Forty that are due, three processes at once: each is taken once, and answered once."""
    for number in range(40):
        await began(school, sender=f"parent-{number}")
    school.tick(minutes=20)
    url = database.url.render_as_string(hide_password=False)
    others = [Database.open(url, vault) for _ in range(2 if kind == "postgresql" else 0)]
    every = [school, *(School(Store(one, "rosebrook"), Work(one), school.now) for one in others)]
    every = every if kind == "postgresql" else [school] * 3

    async def process(number: int, here: School) -> int:
        done = 0
        for _ in range(10):
            for lease in await sweeps(here, f"sweep-{number}"):
                letter = Letter(lease.channel, lease.place, "are you there?")
                await here.store.record(looked(here, lease, state="reminded", letters=(letter,)), HOLD)
                done += 1
        return done

    assert sum(await asyncio.gather(*(process(number, here) for number, here in enumerate(every)))) == 40
    said = [await school.store.conversations.said_since("web", f"parent-{number}", 0, 10) for number in range(40)]
    assert [len(lines) for lines in said] == [1] * 40
    for one in others:
        await one.close()


async def test_a_process_that_died_over_it_is_followed_by_another(school: School) -> None:
    """After its lease; and if it was only slow, what it then tries is refused."""
    await began(school)
    school.tick(minutes=20)
    (slow,) = await sweeps(school, "slow")
    school.tick(seconds=61)
    (lease,) = await sweeps(school, "quick")
    await school.store.record(looked(school, lease, state="reminded"), HOLD)
    with pytest.raises(Fenced):
        await school.store.record(looked(school, slow, state="reminded", letters=(Letter("web", "parent", "again?"),)), HOLD)
    assert await school.replies() == ()


async def test_one_that_cannot_be_decided_lets_the_others_go_first(school: School) -> None:
    """It is given back and looked at later; a lease that was lost meanwhile is not given back twice."""
    await began(school)
    await began(school, sender="another")
    school.tick(minutes=20)
    first, second = await sweeps(school)
    await school.work.put_off(first, school.now + timedelta(minutes=5))
    await school.store.record(looked(school, second, state="reminded"), HOLD)
    assert await sweeps(school) == ()
    school.tick(minutes=5)
    (again,) = await sweeps(school)
    assert again.conversation == first.conversation
    await school.work.put_off(first, school.now)
    assert await sweeps(school) == ()


async def test_one_that_does_not_open_lets_the_others_go_first(school: School, database: Database) -> None:
    """A row whose key is lost is named in the log, and is no reason that nobody else's draft is ever destroyed."""
    lost = await began(school)
    await began(school, sender="another")
    broken = sa.update(CONVERSATION).where(CONVERSATION.c.id == lost.conversation).values(state=b"not sealed with any key of ours")
    await database.write(lambda session: session.connection().execute(broken).rowcount)
    school.tick(minutes=20)
    (lease,) = await sweeps(school)
    assert lease.place == "another"
    assert await sweeps(school) == ()


async def test_a_clock_that_steps_back_makes_it_later_and_not_twice(school: School) -> None:
    """A wrong time server costs minutes."""
    await began(school)
    school.tick(minutes=20)
    (lease,) = await sweeps(school)
    await school.store.record(looked(school, lease, state="reminded", wake_at=school.now + timedelta(days=7)), HOLD)
    school.tick(hours=-3)
    assert await sweeps(school) == ()
    await school.says(await school.hears(), state="a draft", wake_at=school.now + SOON)
    school.tick(minutes=20)
    assert len(await sweeps(school)) == 1


async def test_what_was_destroyed_is_nowhere_in_the_row(school: School, database: Database) -> None:
    """The sealed state is written over: the bytes that held the words are gone from it."""
    lease = await began(school, state="purple rhinoceros")

    def state(session) -> bytes:
        column = sa.select(CONVERSATION.c.state).where(CONVERSATION.c.id == lease.conversation)
        return session.connection().execute(column).scalar_one()

    before = await database.read(state)
    assert database.vault.open("conversation", "state", lease.conversation, before) == "purple rhinoceros"
    school.tick(minutes=20)
    (due,) = await sweeps(school)
    await school.store.record(looked(school, due, state="{}"), HOLD)
    after = await database.read(state)
    assert database.vault.open("conversation", "state", lease.conversation, after) == "{}"
    assert before not in after


async def test_how_far_behind_it_is_can_be_seen(school: School) -> None:
    """How many and since when, and nothing else; one whose person is writing is not behind."""
    await began(school)
    await began(school, sender="another")
    assert (await school.work.lag(school.now))["idle"].waiting == 0
    due = school.now + SOON
    school.tick(minutes=30)
    await school.hears(sender="another")
    behind = (await school.work.lag(school.now))["idle"]
    assert (behind.waiting, behind.oldest_due) == (1, due)
