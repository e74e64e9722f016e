"""Who is told: the people of a rung, less whoever the report is about, less who is away, each of them once. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.kept import Person


def reachable(person: Person, channels: Collection[str]) -> tuple[str, str] | None:
    """PERSON's best place among the channels that are running, or None."""
    return next((place for place in person.places if place[0] in channels), None)


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
    for person in holders:
        if person.id in concerns or person.id in told or person.id in chosen:
            continue
        if person.away_until is not None and person.away_until > now:
            continue
        if (place := reachable(person, channels)) is not None:
            chosen[person.id] = (person, place)
    return tuple(chosen.values())
