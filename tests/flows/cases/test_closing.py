"""The end of a case, and for how long its words are kept after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.cases.case import Case, Decision, Ending, NotPossible, Severity, Status, acknowledge, decide
from flows.cases.closing import close, erasable, hold, lift, reopen, transfer
from flows.cases.retention import DAYS, Retention

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Case("c1", "SP-7K2M4", "bullying_of_pupil", Severity.MEDIUM, NOW)
CLOSED = close(OPEN, "lead", Ending.ADVICE, NOW)


def test_closing_says_how_it_ended_and_keeps_whoever_had_it() -> None:
    """The holder stays; with nobody there, it is whoever closed it."""
    assert (CLOSED.status, CLOSED.ending, CLOSED.closed_at, CLOSED.holder) == (Status.CLOSED, Ending.ADVICE, NOW, "lead")
    theirs = close(acknowledge(OPEN, "deputy", NOW), "lead", Ending.NO_ACTION, NOW)
    assert theirs.holder == "deputy"
    with pytest.raises(NotPossible, match="already been closed"):
        close(CLOSED, "lead", Ending.ADVICE, NOW)


def test_opening_again_begins_anew() -> None:
    """It is taken by whoever opened it, with no outcome and no decision; the days to be kept count from the next end."""
    again = reopen(CLOSED, "head", NOW + DAY)
    assert (again.status, again.holder, again.ending, again.closed_at) == (Status.TAKEN, "head", None, None)
    assert reopen(decide(OPEN, "head", NOW, approved=False), "head", NOW).decision is None
    with pytest.raises(NotPossible, match="is open"):
        reopen(OPEN, "head", NOW)


def test_a_transfer_needs_a_closed_case_and_a_reference() -> None:
    """Where it went is written down as it was given, on one line."""
    moved = transfer(CLOSED, " CPOMS \n 4711 ", NOW + DAY)
    assert (moved.recorded_as, moved.transferred_at) == ("CPOMS 4711", NOW + DAY)
    assert close(OPEN, "lead", Ending.REFERRED, NOW, recorded_as="12").transferred_at == NOW
    for case, given, says in ((OPEN, "1", "still open"), (CLOSED, "  ", "is empty")):
        with pytest.raises(NotPossible, match=says):
            transfer(case, given, NOW)


def test_a_hold_is_set_once_and_lifted_once() -> None:
    """Twice is a slip that somebody should hear of."""
    held = hold(OPEN, NOW)
    assert held.held_at == NOW
    assert lift(held) == OPEN
    for act, says in ((lambda: hold(held, NOW), "held already"), (lambda: lift(OPEN), "is not held")):
        with pytest.raises(NotPossible, match=says):
            act()


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (OPEN, "still open"),
        (hold(CLOSED, NOW), "Lift the hold"),
        (replace(CLOSED, purged_at=NOW), "only its stub"),
    ],
)
def test_what_may_not_be_erased(case: Case, says: str) -> None:
    """What somebody still works on, what is held, and what is gone already."""
    with pytest.raises(NotPossible, match=says):
        erasable(case)
    erasable(CLOSED)


def test_nothing_is_done_with_a_stub() -> None:
    """There are no words left to open again, to move, or to hold."""
    stub = replace(CLOSED, purged_at=NOW)
    for act in (lambda: reopen(stub, "lead", NOW), lambda: transfer(stub, "1", NOW), lambda: hold(stub, NOW)):
        with pytest.raises(NotPossible, match="only its stub"):
            act()


@pytest.mark.parametrize("ending", Ending)
def test_every_ending_has_days_or_is_kept_until_it_was_transferred(ending: Ending) -> None:
    """Due exactly when the days are over, and not a moment before; kept for ever where there are none."""
    case = close(OPEN, "lead", ending, NOW)
    days = DAYS[ending]
    if days is None:
        assert Retention().ends_at(case) is None
        return
    assert Retention().ends_at(case) == NOW + days * DAY
    assert not Retention().due(case, NOW + days * DAY - timedelta(microseconds=1))
    assert Retention().due(case, NOW + days * DAY)


def test_what_belongs_in_a_childs_file_is_never_destroyed_by_itself() -> None:
    """Its time counts from a birth date that is not asked for here: it has to be moved first."""
    assert {ending for ending in Ending if DAYS[ending] is None} == {Ending.REFERRED, Ending.DEALT_WITH, Ending.LOW_LEVEL}


def test_a_transferred_case_goes_after_the_days_set_for_that() -> None:
    """The sooner of the two: it stands elsewhere now."""
    kept = Retention(transferred=30)
    assert kept.ends_at(transfer(close(OPEN, "lead", Ending.REFERRED, NOW), "1", NOW + DAY)) == NOW + 31 * DAY
    assert kept.ends_at(transfer(CLOSED, "1", NOW + DAY)) == NOW + 31 * DAY


@pytest.mark.parametrize(
    "case",
    [
        OPEN,
        hold(CLOSED, NOW),
        replace(CLOSED, purged_at=NOW),
        replace(CLOSED, closed_at=None),
        replace(CLOSED, ending=None),
        replace(OPEN, transferred_at=NOW),
    ],
)
def test_what_never_falls_due(case: Case) -> None:
    """Open, held, gone already; and where it is not known how or when it ended, it is kept."""
    assert not Retention().due(case, NOW + 100_000 * DAY)


def test_a_decided_request_has_days_of_its_own() -> None:
    """It ends by the decision and has no other outcome."""
    assert decide(OPEN, "head", NOW, approved=True).decision is Decision.APPROVED
    assert Retention().ends_at(decide(OPEN, "head", NOW, approved=True)) == NOW + DAYS["decided"] * DAY
