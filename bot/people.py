"""Who is told: the people of a rung, less whoever the report is about, less who is away, each of them once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from flows.cases.case import Case
from storage.kept import Person


def reachable(person: Person, channels: Collection[str]) -> tuple[str, str] | None:
    """PERSON's best place among the channels that are running, or None."""
    return next((place for place in person.places if place[0] in channels), None)


def is_reached(person: Person, roles: Collection[str]) -> bool:
    """Whether a report can reach PERSON at a school with those ROLES; whoever only works there is reached by none."""
    return any(role in roles for role in person.roles)


def to_tell(
    holders: Collection[Person],
    *,
    concerns: Collection[str],
    told: Collection[str],
    channels: Collection[str],
    now: datetime,
) -> tuple[tuple[Person, tuple[str, str]], ...]:
    """The people to push to now, with the place for each: uninvolved, present, not told before, and one push a person."""
    chosen: dict[str, tuple[Person, tuple[str, str]]] = {}
    for holder in holders:
        if holder.id in concerns:
            continue  # nor is whoever they chose to stand in for them told in their place
        person = present(holder, now)
        if person is None or person.id in concerns or person.id in told or person.id in chosen:
            continue
        if (place := reachable(person, channels)) is not None:
            chosen[person.id] = (person, place)
    return tuple(chosen.values())


def present(holder: Person, now: datetime) -> Person | None:
    """HOLDER, or whoever stands in for them while they are away; nobody stands in for somebody who stands in."""
    if not holder.is_away(now):
        return holder
    other = holder.stand_in
    return None if other is None or other.is_away(now) else other


def with_stand_in(person: Person, people: Mapping[str, Person]) -> Person:
    """PERSON with whoever of PEOPLE, by id, is told in their place: somebody who holds a role."""
    other = people.get(person.stands_in or "")
    return replace(person, stand_in=other if other is not None and other.roles else None)


def told_now(case: Case, people: Sequence[Person], now: datetime) -> tuple[str, ...]:
    """The roles in which somebody of PEOPLE is told of CASE, opened NOW: of the first rung on which there is anybody at all."""
    everybody = {person.id: person for person in people}
    for rung in case.rungs:
        there = tuple(role for role in rung if _somebody(case, role, everybody, now))
        if there:
            return there
    return ()


def _somebody(case: Case, role: str, people: Mapping[str, Person], now: datetime) -> bool:
    counted = {key: person for key, person in people.items() if any(_holds(person, each, case) for each in person.roles)}
    holders = [with_stand_in(person, counted) for person in counted.values() if _holds(person, role, case)]
    channels = {channel for person in people.values() for channel, _ in person.places}
    return bool(to_tell(holders, concerns=case.concerns, told=(), channels=channels, now=now))


def _holds(person: Person, role: str, case: Case) -> bool:
    """Whether PERSON is told of CASE in ROLE: not on the word alone of somebody whom it concerns (`storage.store.roles`)."""
    return role in person.roles and not any((role, one) in person.vouched for one in case.concerns)


def back_at(
    holders: Collection[Person], *, concerns: Collection[str], told: Collection[str], now: datetime
) -> tuple[datetime, ...]:
    """When those who are away, and would otherwise be told, are back: what still waits by then is told to them."""
    away = [one for one in holders if one.id not in concerns and one.id not in told and one.is_away(now)]
    return tuple(one.away_until for one in away if one.away_until is not None)
