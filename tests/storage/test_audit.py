"""The audit chain: whatever is done to it by hand shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from storage.audit import HEAD, LINK, Verdict, link_hash
from storage.kept import Act
from tests.storage.conftest import School

DETAILS = [f"details {number}" for number in range(1, 7)]


async def chain(school: School) -> None:
    """Six links, two of them about a case."""
    for number, details in enumerate(DETAILS, 1):
        act = Act("case viewed", case="c1" if number in (2, 3) else None, person="p1", details=details)
        await school.store.audit.append((act,), school.tick(seconds=1))


async def tampers(school: School, *statements: sa.Executable) -> None:
    """Somebody with access to the database, and without the key."""
    for statement in statements:
        await school.store._database.write(lambda session, statement=statement: session.connection().execute(statement))


def link(seq: int) -> sa.Update:
    """Link SEQ, about to be changed by hand."""
    return sa.update(LINK).where(LINK.c.school == "rosebrook", LINK.c.seq == seq)


async def test_a_chain_as_it_was_written_is_whole(school: School) -> None:
    """Every link is read back with its details, and the head is the last one's hash."""
    assert await school.store.audit.verify() == Verdict(whole=True, links=0, head=(await school.store.audit.head())[1])
    await chain(school)
    links = await school.store.audit.links()
    assert [one.details for one in links] == DETAILS
    assert [one.seq for one in links] == [1, 2, 3, 4, 5, 6]
    assert links[1].case == "c1"
    verdict = await school.store.audit.verify()
    assert (verdict.whole, verdict.links, verdict.head) == (True, 6, links[-1].hash)
    assert await school.store.audit.head() == (6, links[-1].hash)
    assert [one.seq for one in await school.store.audit.links(after=4, limit=1)] == [5]


async def test_acts_recorded_together_are_links_one_after_the_other(school: School) -> None:
    """One recording may hold several acts."""
    await school.store.audit.append((Act("a"), Act("b"), Act("c")), school.now)
    assert [one.act for one in await school.store.audit.links()] == ["a", "b", "c"]
    assert (await school.store.audit.verify()).whole


async def test_the_details_are_not_readable_in_the_database(school: School) -> None:
    """Neither in the sealed column nor guessable from the commitment, which is salted."""
    await school.store.audit.append((Act("a", details="yes"), Act("a", details="yes")), school.now)
    one, two = await school.store.audit.links()
    assert one.commitment != two.commitment
    assert "yes" not in repr((one, two))


@pytest.mark.parametrize(
    ("first_bad", "tampering"),
    [
        pytest.param(3, lambda: [link(3).values(act="case exported")], id="an act rewritten"),
        pytest.param(3, lambda: [link(3).values(person_id="p2")], id="a person exchanged"),
        pytest.param(3, lambda: [link(3).values(person_id=None)], id="a person erased"),
        pytest.param(3, lambda: [link(3).values(case_id="c2")], id="moved to another case"),
        pytest.param(3, lambda: [link(3).values(at=sa.literal_column("at + 1"))], id="a time moved by a microsecond"),
        pytest.param(3, lambda: [link(3).values(commitment="0" * 64)], id="a commitment exchanged"),
        pytest.param(3, lambda: [sa.delete(LINK).where(LINK.c.seq == 3)], id="a link deleted"),
        pytest.param(1, lambda: [sa.delete(LINK).where(LINK.c.seq == 1)], id="the first link deleted"),
        pytest.param(
            3,
            lambda: [sa.delete(LINK).where(LINK.c.seq == 3), *(link(n + 1).values(seq=n) for n in (3, 4, 5))],
            id="deleted and closed up",
        ),
        pytest.param(3, lambda: [link(3).values(seq=99), link(4).values(seq=3), link(99).values(seq=4)], id="two links exchanged"),
        pytest.param(
            3,
            lambda: [link(3).values(details=sa.select(LINK.c.details).where(LINK.c.seq == 4).scalar_subquery())],
            id="details from another link",
        ),
        pytest.param(3, lambda: [link(3).values(details=b"\x01\x00\x01" + b"0" * 60)], id="details overwritten"),
        pytest.param(6, lambda: [sa.delete(LINK).where(LINK.c.seq == 6)], id="the end cut off"),
        pytest.param(1, lambda: [sa.delete(LINK)], id="everything deleted"),
        pytest.param(
            6,
            lambda: [
                sa.delete(LINK).where(LINK.c.seq == 6),
                sa.update(HEAD).values(seq=5, hash=sa.select(LINK.c.hash).where(LINK.c.seq == 5).scalar_subquery()),
            ],
            id="the end cut off and the head rewritten",
        ),
        pytest.param(7, lambda: [sa.delete(HEAD)], id="the head deleted"),
    ],
)
async def test_tampering_is_found(
    school: School, other: School, first_bad: int, tampering: Callable[[], list[sa.Executable]]
) -> None:
    """Changed, deleted, reordered, exchanged or cut off: the verdict says so, and where."""
    await chain(school)
    await tampers(school, *tampering())
    verdict = await school.store.audit.verify()
    assert not verdict.whole
    assert verdict.first_bad == first_bad
    assert verdict.why
    assert not any(details in verdict.why for details in DETAILS)


async def test_a_link_forged_with_a_right_hash_does_not_fit_the_sealed_head(school: School) -> None:
    """Whoever knows how hashes are made can add a link, but not seal the head."""
    await chain(school)
    _, last = await school.store.audit.head()
    forged = {
        "school": "rosebrook",
        "seq": 7,
        "at": school.now,
        "act": "case viewed",
        "case_id": None,
        "person_id": "p9",
        "commitment": "0" * 64,
    }
    made = link_hash(last, forged)
    await tampers(school, sa.insert(LINK).values(**forged, hash=made), sa.update(HEAD).values(seq=7, hash=made))
    verdict = await school.store.audit.verify()
    assert (verdict.whole, verdict.links) == (False, 7)
    assert "by hand" in verdict.why


async def test_a_chain_rolled_back_whole_is_found_by_a_head_kept_elsewhere(school: School) -> None:
    """Somebody restores an old copy, sealed head and all: the head in yesterday's digest is not in it."""
    await chain(school)
    before = await school.store._database.read(lambda session: session.connection().execute(sa.select(HEAD)).mappings().one())
    await school.store.audit.append((Act("case exported"),), school.now)
    _, kept = await school.store.audit.head()
    assert (await school.store.audit.verify(kept)).whole
    await school.store.audit.append((Act("later"),), school.now)
    assert (await school.store.audit.verify(kept)).whole
    await tampers(school, sa.delete(LINK).where(LINK.c.seq > 6), sa.update(HEAD).values(**dict(before)))
    assert (await school.store.audit.verify()).whole
    verdict = await school.store.audit.verify(kept)
    assert not verdict.whole
    assert "earlier" in verdict.why


async def test_purged_details_are_gone_and_the_chain_stays_whole(school: School) -> None:
    """The words go, the commitments stay, and the purge is a link itself."""
    await chain(school)
    assert await school.store.audit.purge("c1", school.now) == 2
    links = await school.store.audit.links()
    assert [one.details for one in links[:4]] == ["details 1", None, None, "details 4"]
    assert (links[-1].act, links[-1].case) == ("details purged", "c1")
    assert (await school.store.audit.verify()).whole


async def test_each_school_has_a_chain_of_its_own(school: School, other: School) -> None:
    """What happens in one is not counted, hashed or verified in the other."""
    await chain(school)
    await other.store.audit.append((Act("theirs"),), other.now)
    await tampers(school, link(3).values(act="case exported"))
    assert not (await school.store.audit.verify()).whole
    verdict = await other.store.audit.verify()
    assert (verdict.whole, verdict.links) == (True, 1)


async def test_links_from_many_at_once_stand_in_one_row(school: School) -> None:
    """Forty acts at the same moment: numbered without gaps, each following the one before."""
    await asyncio.gather(*(school.store.audit.append((Act(f"act {n}"),), school.now) for n in range(40)))
    verdict = await school.store.audit.verify()
    assert (verdict.whole, verdict.links) == (True, 40)
