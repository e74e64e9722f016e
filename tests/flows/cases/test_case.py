"""A case and its first act."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.cases.case import ALPHABET, Case, NotPossible, Said, Severity, Status, acknowledge, reference

NOW = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)


def case():
    """A case nobody has seen yet."""
    said = (Said("What happened?", "zqx told me", "happened"),)
    return Case("c1", "SP-7K2M4", "tell_the_lead", Severity.HIGH, NOW, said=said, reporter="zqx-conversation")


def test_whoever_acknowledges_holds_it_and_it_waits_no_longer():
    """The moment a person says "I have seen it", it has their name on it and stops climbing."""
    seen = acknowledge(case(), "p1", NOW)
    assert (seen.status, seen.holder, seen.acknowledged_at, seen.waiting) == (Status.ACKNOWLEDGED, "p1", NOW, False)


def test_a_second_acknowledgement_is_refused_in_words_a_person_can_be_shown():
    """Two people pressing at once: the second is told that somebody already has it, and by which reference."""
    with pytest.raises(NotPossible, match=r"SP-7K2M4 has already been acknowledged\."):
        acknowledge(acknowledge(case(), "p1", NOW), "p2", NOW)


def test_nothing_that_was_said_shows_when_a_case_is_printed():
    """Neither what was written nor who wrote it can reach a log by way of the case."""
    assert "zqx" not in repr(case())


def test_a_reference_can_be_read_aloud_and_tells_nothing():
    """Five letters and digits that nobody mixes up, random, so that no reference says how many there are."""
    made = {reference() for _ in range(200)}
    assert len(made) > 190
    assert all(len(one) == 8 and set(one[3:]) <= set(ALPHABET) for one in made)
    assert not set("AEIOU01L5S") & set(ALPHABET)
