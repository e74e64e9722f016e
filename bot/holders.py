"""Is there somebody to tell? What would leave a report without a person, found before it happens: for `signpost check`. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from bot.absences import named
from bot.changing_roles import STAFF, Staff, called, told_roles
from bot.people import present, reachable, with_stand_in
from bot.wording import listed
from flows.cases.routing import CHAIR, HEADTEACHER, LEAD, entangled
from flows.matters import MATTERS
from storage.kept import Person

Level = Literal["error", "warning"]

AHEAD = 14  # days: an absence that leaves nobody is worth a word before it begins
_NAMED = 3  # events by name, and the rest by number


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that somebody should see to: about a role, or about a person by id. The remedy is one at the command line."""

    level: Level
    says: str
    remedy: str = ""
    role: str = ""
    person: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.says} {self.remedy}".rstrip()


def gaps(staff: Staff, channels: Collection[str], now: datetime, *, live: bool) -> tuple[Gap, ...]:
    """Everything about the people of a school that would leave a report without one, as CHANNELS run; errors first."""
    level: Level = "error" if live else "warning"
    found = (
        *_nobody(staff, channels, level),
        *_unreachable(staff, channels),
        *_away(staff, channels, now),
        *_conflicts(staff, channels),
        *_unconfirmed(staff),
        *_stand_ins(staff, now),
    )
    return tuple(sorted(found, key=lambda gap: gap.level))


def routed(staff: Staff) -> tuple[str, ...]:
    """Every role that some report reaches."""
    routes = staff.school.routes.values()
    return tuple(dict.fromkeys(role for route in routes for rung in (route.to, route.also, *route.climb) for role in rung))


def _holders(staff: Staff, roles: Iterable[str]) -> list[Person]:
    wanted = set(roles)
    return [person for person in staff.people.values() if not wanted.isdisjoint(person.roles)]


def _nobody(staff: Staff, channels: Collection[str], level: Level) -> Iterator[Gap]:
    """A role without anybody, or whose holders are reached nowhere: a report would climb past it in silence."""
    for role in routed(staff):
        holders = _holders(staff, (role,))
        words = called(staff, role)
        if not holders:
            yield Gap(level, f"Nobody is the {words}.", f"`signpost people add NAME --role {role} --place CHANNEL:PLACE`", role)
        elif not any(person.places for person in holders):
            yield Gap(level, f"The {words} can be reached nowhere.", _LINK, role)
        elif not any(reachable(person, channels) for person in holders):
            yield Gap(level, f"The {words} can be reached in no channel that is configured ({', '.join(channels)}).", _LINK, role)


def _unreachable(staff: Staff, channels: Collection[str]) -> Iterator[Gap]:
    """One of several holders who is reached nowhere: they count on being told."""
    for person in staff.people.values():
        roles = [role for role in told_roles(person, staff) if role in routed(staff)]
        others = [other for other in _holders(staff, roles) if other.id != person.id and reachable(other, channels)]
        if roles and not reachable(person, channels) and others:
            words = listed([called(staff, role) for role in roles])
            text = f"{person.name}, who holds the role of {words}, can be reached in no channel that runs."
            yield Gap("warning", text, _LINK, person=person.id)


def _away(staff: Staff, channels: Collection[str], now: datetime) -> Iterator[Gap]:
    """Days soon to come on which everybody of a role is away and nobody stands in: what comes then climbs past them."""
    for role in routed(staff):
        holders = [with_stand_in(person, staff.people) for person in _holders(staff, (role,)) if reachable(person, channels)]
        if not holders:
            continue

        def nobody(day: datetime, holders: list[Person] = holders) -> bool:
            there = (present(person, day) for person in holders)
            return not any(one is not None and reachable(one, channels) for one in there)

        for first, last in _spans(staff, now, nobody):
            days = f"on {named(first)}" if first == last else f"from {named(first)} to {named(last)}"
            text = f"Everybody who is the {called(staff, role)} is away {days}, and nobody stands in."
            remedy = "`signpost people away NAME --until DATE --stands-in OTHER` says who is told meanwhile."
            yield Gap("warning", text, remedy, role)


def _spans(staff: Staff, now: datetime, nobody: Callable[[datetime], bool]) -> Iterator[tuple[date, date]]:
    """The runs of days from NOW on, as far as we look ahead, on which there is NOBODY at noon."""
    today = now.astimezone(staff.school.zone).date()
    first: date | None = None
    for day in (today + timedelta(ahead) for ahead in range(AHEAD + 1)):
        noon = datetime.combine(day, time(12), staff.school.zone).astimezone(UTC)
        if day < today + timedelta(AHEAD) and nobody(noon):
            first = first or day
        elif first is not None:
            yield first, day - timedelta(1)
            first = None


def _conflicts(staff: Staff, channels: Collection[str]) -> Iterator[Gap]:
    """Somebody whom a report may be about, and who leaves nobody at the school to tell of it."""
    for person in staff.people.values():
        if not told_roles(person, staff):
            continue
        involved = entangled((), _held(staff), {person.id}).roles
        if CHAIR in involved:
            if involved & {HEADTEACHER, LEAD}:
                text = "leads the school in more than one way, and nobody at the school could look into a report about them"
                yield Gap("warning", f"{person.name} {text}. Let somebody else be the {called(staff, CHAIR)}.", person=person.id)
            continue  # nobody stands above the chair: the local authority's designated officer does
        alone = dict(_left_alone(person, staff, channels))
        if alone:
            some = [MATTERS[matter].event or MATTERS[matter].title for matter in alone]
            events = listed([*some[:_NAMED], *([f"{len(some) - _NAMED} more"] if len(some) > _NAMED else [])])
            wanted = listed(list(dict.fromkeys(called(staff, role) for roles in alone.values() for role in roles))[:_NAMED])
            text = f"If a report is about {person.name}, nobody at the school is left to tell of {events}."
            yield Gap("warning", f"{text} Add somebody else as {wanted}, with a place where they are reached.", person=person.id)


def _left_alone(person: Person, staff: Staff, channels: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The matters of which nobody else would be told if they were about PERSON, and the roles that would have to be held."""
    school = replace(staff.school, held=_held(staff))
    for matter, route in school.routes.items():
        mine = {role for rung in (route.to, route.also, *route.climb) for role in rung}
        if mine.isdisjoint(person.roles):
            continue  # it never reaches them: about them it is no different
        involved = entangled((), school.held, {person.id}).roles
        ladder = school.ladder(matter, involved)
        left = [other for other in _holders(staff, (role for rung in ladder for role in rung)) if other.id != person.id]
        if not any(reachable(other, channels) for other in left):
            yield matter, tuple(role for rung in ladder for role in rung) or (CHAIR,)


def _held(staff: Staff) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for person in staff.people.values():
        for role in person.roles:
            found[role].add(person.id)
    return {role: frozenset(people) for role, people in found.items()}


def _unconfirmed(staff: Staff) -> Iterator[Gap]:
    """A role that waits for somebody to confirm it opens new reports only."""
    for holding in staff.holdings:
        person = staff.people.get(holding.person)
        if holding.confirmed or holding.role == STAFF or person is None:
            continue
        could = staff.confirmers(holding.person, holding.given_by)
        remedy = (
            f"{listed([one.name for one in could])} can confirm it, in the chat or at the desk."
            if could
            else "Nobody can confirm it: add another headteacher, safeguarding lead or chair."
        )
        text = f"{person.name} is told of new reports only as the {called(staff, holding.role)}: the role is not confirmed."
        yield Gap("warning", f"{text} {remedy}", person=person.id)


def _stand_ins(staff: Staff, now: datetime) -> Iterator[Gap]:
    """Somebody who should stand in, and is away themselves on some of those days, or holds no role any more."""
    for person in staff.people.values():
        if person.stands_in is None or person.away_until is None or person.away_until <= now:
            continue
        other = staff.people.get(person.stands_in)
        if other is None or not other.roles:
            text = f"Whoever should stand in for {person.name} holds no role any more. Name somebody else."
            yield Gap("warning", text, person=person.id)
        elif _overlap(person, other, now):
            loop = " They were to stand in for each other." if other.stands_in == person.id else ""
            text = f"{other.name} stands in for {person.name}, and is away on some of the same days.{loop}"
            yield Gap("warning", text, person=person.id)


def _overlap(one: Person, other: Person, now: datetime) -> bool:
    if one.away_until is None or other.away_until is None:
        return False
    return max(one.away_from or now, other.away_from or now, now) < min(one.away_until, other.away_until)


_LINK = "`signpost people link NAME CHANNEL:PLACE`"
