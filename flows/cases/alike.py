"""Which cases look like the same event: the same kind of report, the same day, the same place online, the same names.

It offers with its reasons; people decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from flows.cases.case import Case
from flows.platforms import LABELS, Platform

CLOSE = timedelta(hours=1)
AROUND = timedelta(days=3)  # further apart than that they are not looked at
MOST = 5  # offered beside one case
_OF_THE_SENDER = frozenset({"you", "name", "contact"})  # questions about whoever sent it
# Places online that are told apart by their name: “another game” is too many places, and “signal” is also a word.
_NO_PLACES = frozenset({
    Platform.OTHER, Platform.TEXT, Platform.GAME_CHAT, Platform.EMAIL, Platform.CALL,
    Platform.SIGNAL, Platform.THREADS, Platform.STEAM,
})  # fmt: skip
_PLACE = re.compile(
    rf"\b(?:{'|'.join(re.escape(label) for platform, label in LABELS.items() if platform not in _NO_PLACES)})\b", re.IGNORECASE
)
# What begins with a capital and names nobody.
_NO_NAMES = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may",
    "june", "july", "august", "september", "october", "november", "december", "christmas", "easter", "reception", "year", "key",
    "stage", "they", "this", "that", "there", "then", "when", "what", "who", "why", "how", "his", "her", "him", "she", "our", "not",
    "and", "but", "because", "also", "yes", "mum", "dad", "mrs", "miss", "headteacher", "head", "teacher", "deputy", "chair",
    "lead", "safeguarding", "school", "governor", "governors", "class", "internet",
    *(word for label in LABELS.values() for word in label.casefold().split()),
})  # fmt: skip
_NAME = re.compile(r"(?<![.!?:“\"\n] )(?<!^)(?<!\n)\b[A-Z][a-z]{2,}\b")
_ACCOUNT = re.compile(r"(?<![\w@.])@\w[\w.]{2,}|\b(?!(?:year|ks|y|class|p)\d)[a-z]+[a-z.]*[_\d][\w.]*\b", re.IGNORECASE)


class Reason(StrEnum):
    """Why cases look alike."""

    MATTER = "matter"
    DAY = "day"
    HOUR = "hour"
    DAYS = "days"
    PLATFORM = "platform"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Alike:
    """Cases that look like one event, the oldest first, and why."""

    cases: tuple[Case, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """A case that looks like the one somebody reads, and why. `names` are what both of them name."""

    case: Case
    reasons: tuple[Reason, ...]
    names: tuple[str, ...] = field(default=(), repr=False)


def like(case: Case, others: Iterable[Case], zone: tzinfo) -> tuple[Like, ...]:
    """Those of OTHERS that may tell of the same event as CASE, the most alike first. OTHERS are what the reader may see."""
    mine = _Told.by(case)
    found = [_compared(mine, other, zone) for other in others if other.id != case.id and other.drill is case.drill]
    near = [one for one in found if one is not None]
    return tuple(sorted(near, key=lambda one: (-len(one.reasons), abs(one.case.opened_at - case.opened_at))))[:MOST]


@dataclass(frozen=True, slots=True)
class _Told:
    """What of a case is compared: the places online and the names in what was said."""

    case: Case
    places: frozenset[str] = field(repr=False)
    names: frozenset[str] = field(repr=False)

    @classmethod
    def by(cls, case: Case) -> _Told:
        return cls(case, _platforms(case), _named(case))


def _compared(mine: _Told, other: Case, zone: tzinfo) -> Like | None:
    """Why the two look alike; None where they do not: what shares only its day, or its kind on another day, is not offered."""
    case, theirs = mine.case, _Told.by(other)
    if abs(case.opened_at - other.opened_at) > AROUND:
        return None
    when = _when(case, other, zone)
    both = tuple(sorted(mine.names & theirs.names))
    shared = {
        Reason.MATTER: case.matter == other.matter,
        Reason.PLATFORM: bool(mine.places & theirs.places),
        Reason.NAMES: bool(both),
    }
    reasons = tuple(reason for reason, there in shared.items() if there)
    enough = 2 if when is Reason.DAYS and not both else 1
    return Like(other, (*reasons, when), both) if len(reasons) >= enough else None


def _when(case: Case, other: Case, zone: tzinfo) -> Reason:
    if abs(case.opened_at - other.opened_at) <= CLOSE:
        return Reason.HOUR
    same_day = case.opened_at.astimezone(zone).date() == other.opened_at.astimezone(zone).date()
    return Reason.DAY if same_day else Reason.DAYS


def _platforms(case: Case) -> frozenset[str]:
    """The places online that CASE names: as the answer to the question for one, or in the words."""
    return frozenset(found.casefold() for one in case.said for found in _PLACE.findall(one.answer))


def _named(case: Case) -> frozenset[str]:
    """What in the answers looks like a name of somebody or of an account; whoever sent it is left out of it."""
    words = [one.answer for one in case.said if one.name not in _OF_THE_SENDER]
    names = {name for text in words for name in _NAME.findall(text) if name.casefold() not in _NO_NAMES}
    return frozenset(names | {account.casefold() for text in words for account in _ACCOUNT.findall(text)})


def alike(cases: Iterable[Case], zone: tzinfo) -> tuple[Alike, ...]:
    """The groups of two or more of CASES that may be one event, the largest first.

    CASES are what one reader may see: nothing else is looked at, so nothing else can be told. A drill is never like a real case.
    """
    groups: dict[tuple[str, date, bool], list[Case]] = defaultdict(list)
    for case in sorted(cases, key=lambda one: (one.opened_at, one.reference)):
        groups[case.matter, case.opened_at.astimezone(zone).date(), case.drill].append(case)
    found = [Alike(tuple(group), _reasons([case.opened_at for case in group])) for group in groups.values() if len(group) > 1]
    return tuple(sorted(found, key=lambda one: -len(one.cases)))


def _reasons(moments: list[datetime]) -> tuple[Reason, ...]:
    when = Reason.HOUR if moments[-1] - moments[0] <= CLOSE else Reason.DAY
    return Reason.MATTER, when
