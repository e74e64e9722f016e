"""The end of a case and what may follow: closed with an outcome, opened again, moved to the school's own record, held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.cases.case import Case, Ending, NotPossible, Status


def close(case: Case, person: str, ending: Ending, now: datetime, *, recorded_as: str | None = None) -> Case:
    """PERSON closes CASE. RECORDED_AS is its reference in the school's own record system, where the school has one."""
    if case.status is Status.CLOSED:
        raise NotPossible(f"{case.reference} has already been closed.")
    closed = replace(case, status=Status.CLOSED, holder=case.holder or person, closed_at=now, ending=ending)
    return closed if recorded_as is None else _transferred(closed, recorded_as, now)


def reopen(case: Case, person: str, now: datetime) -> Case:
    """PERSON takes up again what was closed. It is theirs from now on, and its time to be kept starts anew when it ends again."""
    if case.status is not Status.CLOSED:
        raise NotPossible(f"{case.reference} is open.")
    _still_there(case)
    return replace(case, status=Status.TAKEN, holder=person, acknowledged_at=now, closed_at=None, ending=None, decision=None)


def transfer(case: Case, recorded_as: str, now: datetime) -> Case:
    """CASE now stands in the school's own record system, as RECORDED_AS: the words here are no longer the only ones."""
    if case.status is not Status.CLOSED:
        raise NotPossible(f"{case.reference} is still open. Close it first.")
    _still_there(case)
    return _transferred(case, recorded_as, now)


def hold(case: Case, now: datetime) -> Case:
    """Nothing of CASE is purged or erased until the hold is lifted, whatever the school's days say."""
    if case.held_at is not None:
        raise NotPossible(f"{case.reference} is held already.")
    _still_there(case)
    return replace(case, held_at=now)


def lift(case: Case) -> Case:
    """The hold on CASE is over."""
    if case.held_at is None:
        raise NotPossible(f"{case.reference} is not held.")
    return replace(case, held_at=None)


def erasable(case: Case) -> None:
    """Refuse to erase what is still worked on, what is held, and what is gone."""
    if case.status is not Status.CLOSED:
        raise NotPossible(f"{case.reference} is still open: somebody may need its words to act. Close it first.")
    if case.held_at is not None:
        raise NotPossible(f"{case.reference} is held: nothing of it may go. Lift the hold first.")
    _still_there(case)


def _transferred(case: Case, recorded_as: str, now: datetime) -> Case:
    given = " ".join(recorded_as.split())
    if not given:
        raise NotPossible("The reference in the record system is empty.")
    return replace(case, recorded_as=given, transferred_at=now)


def _still_there(case: Case) -> None:
    if case.purged_at is not None:
        raise NotPossible(f"The words of {case.reference} are gone; only its stub is kept.")
