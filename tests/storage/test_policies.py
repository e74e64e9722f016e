"""Published versions of a policy: only ever added to, each as it was, and nobody replaces what they have not seen."""

from __future__ import annotations

import asyncio
import json

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from storage.kept import Overtaken, Person, Published
from storage.store.policies import PolicyChanged, digest
from tests.storage.conftest import School

TEXTS = st.text(max_size=20)


async def publishes(school: School, markdown: str, topics: str | None = None, **more: object) -> Published:
    """MARKDOWN goes live after whatever is."""
    live = await school.store.policies.live()
    return await school.store.policies.publish(markdown, topics, after=live.number if live else 0, at=school.tick(hours=1), **more)


async def test_a_school_that_published_nothing_has_no_live_version(school: School) -> None:
    """Then its folder holds."""
    assert await school.store.policies.live() is None
    assert await school.store.policies.history() == ()
    assert await school.work.live_versions() == {}


async def test_the_newest_is_live_and_every_earlier_one_stays_as_it_was(school: School, lead: Person) -> None:
    """Numbers count up from 1; an answer that named version 1 can be explained for ever."""
    first = await publishes(school, "old words", "old topics", by=lead.id)
    second = await publishes(school, "new words")
    assert (first.number, second.number) == (1, 2)
    assert await school.store.policies.live() == second
    assert await school.store.policies.version(1) == first
    assert (first.markdown, first.topics, first.by) == ("old words", "old topics", lead.id)
    assert await school.store.policies.history() == (second, first)
    assert await school.store.policies.version(3) is None
    assert await school.work.live_versions() == {"rosebrook": 2}


async def test_bringing_a_version_back_adds_one_more(school: School) -> None:
    """Nothing is taken away: the history says that the third is the first again."""
    first = await publishes(school, "good")
    await publishes(school, "bad")
    third = await publishes(school, first.markdown, restores=first.number)
    assert [(one.number, one.markdown, one.restores) for one in await school.store.policies.history()] == [
        (3, "good", 1),
        (2, "bad", None),
        (1, "good", None),
    ]
    assert third.sha256 == first.sha256


async def test_each_publication_is_a_link_of_the_audit_with_the_digest(school: School, lead: Person) -> None:
    """Who, which number, which words: the chain vouches for the table."""
    version = await publishes(school, "words", by=lead.id)
    link = (await school.store.audit.links())[-1]
    assert (link.act, link.person, link.at) == ("policy published", lead.id, version.at)
    assert json.loads(link.details or "") == {"number": 1, "sha256": version.sha256, "restores": None}
    assert (await school.store.audit.verify()).whole


async def test_of_two_who_publish_at_once_one_has_to_look_again(school: School) -> None:
    """What they compared with and agreed to is no longer what would be replaced; neither number nor audit has a gap."""
    ends = await asyncio.gather(
        *(school.store.policies.publish(words, None, after=0, at=school.now) for words in ("one", "two")), return_exceptions=True
    )
    assert {type(end) for end in ends} == {Published, Overtaken}
    assert len(await school.store.policies.history()) == 1
    assert len(await school.store.audit.links()) == 1


@pytest.mark.parametrize("after", [0, 2, 7])
async def test_a_version_decided_on_another_one_is_refused(school: School, after: int) -> None:
    """Nothing was written."""
    await publishes(school, "words")
    with pytest.raises(Overtaken, match="published meanwhile"):
        await school.store.policies.publish("others", None, after=after)
    assert len(await school.store.policies.history()) == 1


async def test_a_version_that_was_changed_by_hand_is_not_given_out(school: School) -> None:
    """Nobody is told that the school's policy says what somebody wrote into the database."""
    await publishes(school, "Staff must not.")
    await school.store._database.write(
        lambda session: session.connection().execute(sa.text("UPDATE policy_version SET markdown = 'Staff may.'"))
    )
    for reading in (school.store.policies.live, school.store.policies.history):
        with pytest.raises(PolicyChanged, match="Version 1 of the policy of rosebrook"):
            await reading()


async def test_whoever_waits_hears_that_a_version_went_live(school: School) -> None:
    """At once within a process, and on PostgreSQL in the others; a look every few seconds does the rest."""
    await publishes(school, "words")
    assert await school.store._database.wait("policies", 5)


@given(st.tuples(TEXTS, st.none() | TEXTS), st.tuples(TEXTS, st.none() | TEXTS))
def test_two_versions_that_differ_have_different_digests(one: tuple[str, str | None], two: tuple[str, str | None]) -> None:
    """Wherever the words stand: the policy, its topics, none or empty ones."""
    assert (digest(*one) == digest(*two)) == (one == two)
