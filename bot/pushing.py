"""Where a card goes next: to the first place of a person that is up, then to their other places, then to somebody else. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.people import to_tell
from bot.schools import School
from flows.cases.acts import Doing, told
from flows.cases.case import Case, Severity
from storage.kept import Act, Expansion, Person, Tried
from storage.store.settling import REFUSED

# A channel in any other state takes nothing at the moment. One that is just starting is not known to be down.
NOT_DOWN = frozenset({"up", "starting"})
TRIES, TRY_WITHIN = 2, timedelta(seconds=20)  # after so many failures, or so long, the next place is tried as well
PATIENCE = MappingProxyType(
    {
        Severity.IMMEDIATE: timedelta(seconds=60),
        Severity.HIGH: timedelta(minutes=5),
        Severity.MEDIUM: timedelta(minutes=30),
        Severity.LOW: timedelta(minutes=30),
    }
)
URGENT = frozenset({Severity.IMMEDIATE, Severity.HIGH})

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ways:
    """The channels that run here, and those of them that are down NOW."""

    running: tuple[str, ...]
    now: datetime
    down: frozenset[str] = frozenset()

    @classmethod
    def of(cls, running: Collection[str], states: Mapping[str, str], now: datetime) -> Ways:
        """RUNNING, as their STATES say."""
        return cls(tuple(running), now, down(states))


def down(states: Mapping[str, str]) -> frozenset[str]:
    """The channels that take nothing at the moment, as their STATES say."""
    return frozenset(name for name, state in states.items() if state not in NOT_DOWN)


def first_place(person: Person, ways: Ways, tried: Collection[Place] = ()) -> Place | None:
    """PERSON's best place that is up and has not been TRIED; where none is up, the best of the others."""
    left = [place for place in person.places if place[0] in ways.running and place not in tried]
    return next((place for place in left if place[0] not in ways.down), left[0] if left else None)


def next_place(person: Person, theirs: Sequence[Tried], ways: Ways) -> Place | None:
    """The place of PERSON to try after THEIRS."""
    return first_place(person, ways, {(one.channel, one.place) for one in theirs})


def gives_up_waiting(attempts: int, waited: timedelta, *, permanent: bool) -> bool:
    """Whether a place has failed for long enough that the next is tried beside it."""
    return permanent or attempts >= TRIES or waited >= TRY_WITHIN


def would_follow(case: Case, person: Person) -> bool:
    """Whether anything would follow if PERSON showed no sign of having got the card of CASE where it was sent."""
    return case.severity in URGENT or len(person.places) > 1


def patience(case: Case, school: School, since: datetime) -> datetime:
    """Until when something has to prove that a card sent SINCE then arrived. What is not urgent waits in school hours only."""
    span = PATIENCE[case.severity]
    return since + span if case.severity in URGENT else school.calendar.after(since, span)


def is_right(case: Case, everybody: Sequence[Person], person: Person, place: Place, ways: Ways) -> bool:
    """Whether the card of CASE may still go to PERSON there: they are to be told, they are present, and the place is theirs."""
    chosen = to_tell(everybody, concerns=case.concerns, told=(), channels=ways.running, now=ways.now)
    return any(one.id == person.id for one, _ in chosen) and place in person.places


def pursue(case: Case, school: School, everybody: Sequence[Person], tried: Sequence[Tried], ways: Ways) -> Expansion:
    """What follows when it is time to look whether anybody who was told of CASE has really got it.

    Whoever shows no sign of it is tried at their next place. Once nobody has it and no place is left, the case climbs at once;
    only what is not urgent leaves mere silence to the ladder's own clock, which is the time that the school gives an answer.
    """
    chosen = to_tell(everybody, concerns=case.concerns, told=(), channels=ways.running, now=ways.now)
    present = {person.id: person for person, _ in chosen}
    theirs: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        theirs[one.person.id].append(one)
    pushes: list[tuple[str, str, str]] = []
    waits: list[datetime] = []
    out: list[Tried] = []
    reached = False
    for key, places in theirs.items():
        if any(one.reached and not one.withdrawn for one in places):
            reached = True
        elif key not in present:
            continue
        elif open_until := [
            until for one in places if (until := _open_until(one, places, case, school)) is None or until > ways.now
        ]:
            waits += [until if until is not None else patience(case, school, ways.now) for until in open_until]
        elif (place := next_place(present[key], places, ways)) is not None:
            pushes.append((key, *place))
        else:
            out += places
    acts = tuple(Act(Doing.CARD_MOVED, case.id, person, told(through=channel)) for person, channel, _ in pushes)
    if reached or pushes or waits:
        return Expansion(pushes=tuple(pushes), acts=acts, look_at=min(waits, default=None))
    silent = any(one.sent_at is not None for one in out)
    if silent and case.severity not in URGENT:
        return Expansion()
    return Expansion(acts=(Act(Doing.NOBODY_REACHED, case.id),), climb_now=True)


def _open_until(one: Tried, theirs: Sequence[Tried], case: Case, school: School) -> datetime | None:
    """Until when ONE may still show that it arrived; None: it has not been tried yet. What was refused or withdrawn is over.

    What is sent has its own time; what fails has the time since the person was first to be told, however many places failed.
    """
    if one.withdrawn or (one.sent_at is None and one.why == REFUSED):
        return one.created_at
    if one.sent_at is not None:
        return patience(case, school, one.sent_at)
    return patience(case, school, min(other.created_at for other in theirs)) if one.attempts else None
