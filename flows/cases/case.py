"""A case: one report somebody must pick up, and the acts that move it on. Every act takes `now` and returns a new Case."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

# No vowels, no 0/O, 1/I/L, 5/S: a reference is read aloud over the phone and must never spell a word.
ALPHABET = "2346789BCDFGHJKMNPQRTVWXZ"


class Status(StrEnum):
    """Where a case stands. It climbs while it is `open`; everything after that has somebody's name on it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    TAKEN = "taken"
    CLOSED = "closed"


class Severity(StrEnum):
    """How fast somebody must have it."""

    IMMEDIATE = "immediate"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Decision(StrEnum):
    """What was decided about a request."""

    APPROVED = "approved"
    DECLINED = "declined"


class Ending(StrEnum):
    """How a case ended, for the record and for how long its words are kept. What was decided stands in the reason."""

    REFERRED = "referred"  # passed to somebody outside the school: social care, the police, the designated officer
    DEALT_WITH = "dealt_with"  # the school itself did something about it
    LOW_LEVEL = "low_level"  # a low-level concern about an adult, kept as such
    ADVICE = "advice"  # somebody was advised, and nothing more was needed
    NO_ACTION = "no_action"  # looked into, and nothing had to be done
    MISTAKE = "mistake"  # sent by mistake, twice, or to try it out


class NotPossible(Exception):
    """That step does not fit where the case stands; the message says why, in words a person can be shown."""


@dataclass(frozen=True, slots=True)
class Said:
    """One question as it was asked and the answer as it was given, kept together for ever."""

    question: str
    answer: str = field(repr=False)
    name: str = ""
    at: datetime | None = None  # when it was added, if that was after the report was sent


@dataclass(frozen=True, slots=True)
class Case:
    """One report. `concerns` are the ids of the people it is about: they lose every sight of it."""

    id: str
    reference: str
    matter: str
    severity: Severity
    opened_at: datetime
    status: Status = Status.OPEN
    holder: str | None = None
    version: int = 0
    rungs: tuple[tuple[str, ...], ...] = ()
    refs: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    said: tuple[Said, ...] = field(default=(), repr=False)
    reporter: str | None = field(default=None, repr=False)
    concerns: frozenset[str] = frozenset()
    acknowledged_at: datetime | None = None
    decision: Decision | None = None  # only of a request, once somebody decided it
    closed_at: datetime | None = None
    ending: Ending | None = None  # how it was closed
    recorded_as: str | None = field(default=None, repr=False)  # its reference in the school's own record system
    transferred_at: datetime | None = None  # when it went there
    held_at: datetime | None = None  # a legal hold: nothing of it is purged until the hold is lifted
    purged_at: datetime | None = None  # its words are gone; what stands here is the stub
    drill: bool = False  # nothing of it happened: said on everything that is shown of it, and no figure counts it
    lap: int = 0  # how often it was handed on or opened again: whoever was told before may be told again

    @property
    def waiting(self) -> bool:
        """True until a person has said that they have it."""
        return self.status is Status.OPEN


def reference(prefix: str = "SP") -> str:
    """A random reference such as SP-7K2M4: not counted, so that nobody can tell from it how many there are."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(5))}"


def acknowledge(case: Case, person: str, now: datetime) -> Case:
    """PERSON says: I have seen it. The climbing stops."""
    if case.status is not Status.OPEN:
        raise NotPossible(f"{case.reference} has already been {case.status.value}.")
    return replace(case, status=Status.ACKNOWLEDGED, holder=person, acknowledged_at=now)


def decide(case: Case, person: str, now: datetime, *, approved: bool) -> Case:
    """PERSON decides what CASE asks for, once and for all. Whether they may is the route's to say."""
    if case.status is Status.CLOSED:
        raise NotPossible(f"{case.reference} has already been {case.decision.value if case.decision else 'closed'}.")
    decision = Decision.APPROVED if approved else Decision.DECLINED
    return replace(case, status=Status.CLOSED, holder=person, decision=decision, closed_at=now)
