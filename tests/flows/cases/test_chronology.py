"""The chronology: everything that was done, in order, by whom in which role, and nothing written over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.cases.acts import MEANINGS, Doing, note, told
from flows.cases.case import Case, Said, Severity
from flows.cases.chronology import Happened, History, RoleChange, chronology, disclosures, looks, roles_at

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SAID = (
    Said("What happened?", "at first", "what"),
    Said("What they added", "the next day", at=NOW + timedelta(minutes=2)),
    Said("What they added", "nobody told of it", at=NOW + timedelta(minutes=30)),
)
CASE = Case("c1", "SP-7K2M4", "bullying_of_pupil", Severity.MEDIUM, NOW, said=SAID)
CHANGES = (
    RoleChange(1, "ann", ("dsl", "headteacher"), held=True),
    RoleChange(2, "bob", ("deputy_dsl",), held=True),
    RoleChange(14, "ann", ("headteacher",), held=False),
    RoleChange(15, "bob", ("dsl",), held=True),
)


def did(seq: int, act: str, person: str | None = None, details: dict[str, object] | None = None) -> Happened:
    """The act number SEQ, a minute for every ten numbers."""
    return Happened(seq, NOW + timedelta(minutes=seq // 10), act, person, {} if details is None else details)


def history(*happened: Happened) -> History:
    """CASE, and what was done about it."""
    return History(CASE, happened, CHANGES)


def plain(*happened: Happened) -> list[tuple[str, tuple[str, ...]]]:
    """What a chronology says of HAPPENED: what was done, and the words."""
    return [(entry.what, tuple(words for _, words in entry.words)) for entry in chronology(history(*happened))]


def test_it_is_told_in_order_with_the_roles_held_by_then() -> None:
    """Whoever was headteacher when it happened stands there as headteacher, whatever they are today."""
    told_of = chronology(history(did(10, Doing.TOLD, "ann"), did(13, Doing.ACKNOWLEDGED, "ann"), did(16, Doing.TAKEN, "bob")))
    assert [entry.roles for entry in told_of if entry.person] == [
        ("dsl", "headteacher"),
        ("dsl", "headteacher"),
        ("deputy_dsl", "dsl"),
    ]
    assert [entry.at for entry in told_of] == sorted(entry.at for entry in told_of)
    assert roles_at(CHANGES, "ann", 20) == ("dsl",)
    assert roles_at(CHANGES, "nobody", 20) == ()


def test_what_was_added_is_told_once_with_its_words() -> None:
    """Beside the act that kept it; and what no act tells of is not lost."""
    entries = plain(did(10, Doing.OPENED), did(20, Doing.ADDED))
    assert entries == [
        ("Sent the report", ()),
        ("Added to the report", ("the next day",)),
        ("Added to the report", ("nobody told of it",)),
    ]


def test_every_version_of_a_note_stays() -> None:
    """A changed note stands below the one it changes, and says which version it is."""
    first, second, other = ({"note": key, "text": text} for key, text in (("a", "one"), ("a", "two"), ("b", "three")))
    entries = plain(*(did(40 + n, Doing.NOTE, "ann", words) for n, words in enumerate((first, other, second))))[1:4]
    assert entries == [
        ("Noted", ("one",)),
        ("Noted", ("three",)),
        ("Noted, version 2 of an earlier note", ("two",)),
    ]


def test_whom_it_concerns_is_not_in_it() -> None:
    """The act stands there, and that they have no sight of it; who they are does not."""
    entry = chronology(
        history(did(10, Doing.CONCERNS, "ann", {"person": "carol", "involved": ["headteacher"], "reason": "named"}))
    )[0]
    assert entry.words == (("Reason", "named"),)
    assert "carol" not in repr(entry) + "".join(words for _, words in entry.words)


def test_words_that_were_purged_are_said_to_be_gone() -> None:
    """The act stays, and shows that there was something."""
    entry = chronology(History(CASE, (Happened(10, NOW, Doing.NOTE, "ann", None),), CHANGES))[0]
    assert (entry.what, entry.words, entry.gone) == ("Noted", (), True)


def test_looks_and_bookkeeping_stand_apart() -> None:
    """Who read it is told by itself; what the audit does for itself is told to nobody."""
    acts = (did(10, Doing.VIEWED, "ann"), did(11, "details purged"), did(12, "case written"), did(13, Doing.TAKEN, "ann"))
    assert [entry.act for entry in chronology(history(*acts))][:1] == [Doing.TAKEN]
    assert [entry.act for entry in looks(history(*acts))] == [Doing.VIEWED]


def test_who_was_given_what_is_a_log_of_its_own() -> None:
    """Copies and disclosures, with what it was and for whom."""
    details = {"what": "the referral sheet", "to": "the police", "form": "html"}
    given = disclosures(history(did(10, Doing.TAKEN, "ann"), did(20, Doing.DISCLOSED, "ann", details)))
    assert [entry.words for entry in given] == [(("What", "the referral sheet"), ("To", "the police"), ("Form", "html"))]


def test_an_act_nobody_has_words_for_is_told_by_its_own_name() -> None:
    """A later version may add acts: none is left out."""
    assert plain(did(10, "case painted blue"))[0] == ("Case painted blue", ())


@pytest.mark.parametrize("doing", Doing)
def test_every_act_has_words(doing: Doing) -> None:
    """Whoever adds an act says how it reads."""
    assert MEANINGS[doing].what


def test_details_that_nobody_would_be_shown_are_refused() -> None:
    """A slip in a name would lose a reason from the record."""
    with pytest.raises(ValueError, match="resaon"):
        told(resaon="because")
    assert told(reason="because", to=None) == '{"reason": "because"}'
    assert note("words") != note("words")
    assert '"note": "a"' in note("words", of="a")


def test_nothing_of_it_shows_in_a_repr() -> None:
    """A history may end up in an error message."""
    shown = repr(history(did(10, Doing.NOTE, "ann", {"text": "SECRET"}))) + repr(
        chronology(history(did(10, Doing.NOTE, "ann", {"text": "SECRET"})))
    )
    assert "SECRET" not in shown
    assert "at first" not in shown
