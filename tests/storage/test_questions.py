"""Questions asked in vain: kept with the decision that heard them, without who asked, and with their words only if agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.kept import Asked, Fenced, Recording, Unknown
from storage.store.questions import ASKED, Count
from tests.storage.conftest import HOLD, NOW, School


async def hears(school: School, asked: Asked) -> None:
    """ASKED is kept by a decision of its own."""
    await school.store.record(Recording(school.now, asked=asked), HOLD)


async def test_a_question_is_kept_as_it_was_asked_and_answered(school: School) -> None:
    """When, by whom in general, how sure the answer was, from which version, and what was shown."""
    asked = Asked("staff", "maybe", version=3, refs=("6.2", "8"))
    await hears(school, asked)
    (kept,) = await school.store.questions.in_vain(NOW)
    assert (kept.at, kept.audience, kept.band, kept.version, kept.refs) == (NOW, "staff", "maybe", 3, ("6.2", "8"))
    assert (kept.helpful, kept.words, kept.key) == (None, None, asked.key)


async def test_the_words_come_later_if_the_person_agrees_and_nothing_else_changes(school: School) -> None:
    """The button is pressed a minute after: the same question, at the moment it was asked."""
    asked = Asked("parent", "no", version=1, refs=("2",))
    await hears(school, asked)
    school.tick(minutes=1)
    await hears(school, Asked("staff", "yes", words="may the dog come?", key=asked.key))
    (kept,) = await school.store.questions.in_vain(NOW)
    assert (kept.words, kept.at, kept.audience, kept.band, kept.refs) == ("may the dog come?", NOW, "parent", "no", ("2",))


async def test_a_rating_may_change_and_the_words_that_were_agreed_to_stay(school: School) -> None:
    """First no, then yes: the last counts. A rating without words does not take the words away."""
    asked = Asked("parent", "yes", helpful=False, words="may the dog come?")
    await hears(school, asked)
    assert [one.helpful for one in await school.store.questions.in_vain(NOW)] == [False]
    await hears(school, Asked("parent", "yes", helpful=True, key=asked.key))
    assert await school.store.questions.in_vain(NOW) == ()
    assert await school.store.questions.counts(NOW) == (Count("yes", True, 1, 1),)


async def test_only_what_was_in_vain_is_listed_newest_first(school: School) -> None:
    """A sure answer that helped is counted and not listed."""
    for number, (band, helpful) in enumerate((("no", None), ("yes", True), ("yes", False), ("maybe", None), ("maybe", True))):
        school.tick(minutes=1)
        await hears(school, Asked("parent", band, refs=(str(number),), helpful=helpful))
    listed = await school.store.questions.in_vain(NOW)
    assert [one.refs[0] for one in listed] == ["4", "3", "2", "0"]
    assert [one.refs[0] for one in await school.store.questions.in_vain(NOW, limit=2)] == ["4", "3"]
    assert [one.refs[0] for one in await school.store.questions.in_vain(school.now)] == ["4"]
    counted = await school.store.questions.counts(NOW)
    assert sum(count.questions for count in counted) == 5
    assert await school.store.questions.counts(school.now + timedelta(seconds=1)) == ()


async def test_the_words_are_sealed_and_open_only_in_their_own_row(school: School) -> None:
    """Like everything a person wrote; and they are in no repr."""
    asked = Asked("parent", "no", words="may the dog come?")
    await hears(school, asked)
    raw = await school.store._database.read(lambda session: session.connection().execute(sa.select(ASKED.c.words)).scalar_one())
    assert b"dog" not in raw
    assert "dog" not in repr(asked)
    assert "dog" not in repr(Recording(NOW, asked=asked))


async def test_a_question_is_kept_with_its_decision_or_not_at_all(school: School) -> None:
    """A decision whose lease was lost leaves nothing behind."""
    lease = await school.hears("may the dog come?")
    await school.says(lease, "the policy does not say", asked=Asked("parent", "no"))
    assert len(await school.store.questions.in_vain(NOW)) == 1
    with pytest.raises(Fenced):
        await school.says(lease, "once more", asked=Asked("parent", "no"))
    assert len(await school.store.questions.in_vain(NOW)) == 1


async def test_another_schools_question_is_neither_seen_nor_added_to(school: School, other: School) -> None:
    """Even by its key."""
    asked = Asked("parent", "no")
    await hears(other, asked)
    with pytest.raises(Unknown):
        await hears(school, Asked("parent", "no", words="ours", key=asked.key))
    assert await school.store.questions.in_vain(NOW) == ()
    assert [one.words for one in await other.store.questions.in_vain(NOW)] == [None]
