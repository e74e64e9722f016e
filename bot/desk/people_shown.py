"""The people of a school as a page shows them to one of them: every role, whoever holds it, and what should be seen to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import wording
from bot.changing_roles import STAFF, Staff, called, code, how, sure
from bot.desk.people_wishes import Wishing
from bot.holders import Gap, gaps, routed
from flows.cases.confirming import may_confirm
from storage.kept import Person
from storage.staffing import Holding
from storage.store.invites import Waiting
from storage.store.persons import Reached

_LEADERS_ONLY = ""  # said of others to nobody who does not lead the school


@dataclass(frozen=True, slots=True)
class Room:
    """What the page is made from: who looks, where people are reached, which invitations wait, and which CHANNELS run."""

    wishing: Wishing
    reached: Sequence[Reached] = field(repr=False)
    waiting: Sequence[Waiting]
    channels: Collection[str]

    @property
    def staff(self) -> Staff:
        """The school's people."""
        return self.wishing.staff


@dataclass(frozen=True, slots=True)
class HolderShown:
    """Somebody in a role. `settles`: whoever looks may say that it is right, or not, by the CODE of the holding."""

    person: str
    name: str = field(repr=False)
    role: str
    title: str
    since: str
    given: str
    unconfirmed: bool
    settles: bool
    code: str
    away: str


@dataclass(frozen=True, slots=True)
class RoleShown:
    """A role of the school, with those who hold it; `told`: a report of some kind reaches it."""

    role: str
    title: str
    holders: tuple[HolderShown, ...]
    told: bool


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody, as whoever leads the school sees them, and as they see themselves."""

    person: str
    name: str = field(repr=False)
    mine: bool
    holdings: tuple[HolderShown, ...]
    places: tuple[str, ...]
    away: str
    invited: str
    see_to: tuple[str, ...] = ()


def roles(room: Room) -> tuple[RoleShown, ...]:
    """Every role of the school in its own order, those too that nobody holds."""
    told = set(routed(room.staff))
    return tuple(
        RoleShown(
            role,
            title,
            tuple(_holding(room, one) for one in room.staff.holdings if one.role == role and one.person in room.staff.people),
            role in told,
        )
        for role, title in room.staff.school.roles.items()
    )


def people(room: Room) -> tuple[PersonShown, ...]:
    """Everybody who holds a role or is reached anywhere; and nobody else, for they have left."""
    return tuple(person(room, one) for one in room.staff.people.values() if _is_there(room, one))


def left(room: Room) -> tuple[Person, ...]:
    """Those who are known by name only: they have left, or hold nothing yet."""
    return tuple(one for one in room.staff.people.values() if not _is_there(room, one))


def person(room: Room, one: Person, found: Sequence[Gap] = ()) -> PersonShown:
    """ONE, with what of FOUND is about them."""
    invited = next((each for each in room.waiting if each.person == one.id), None)
    return PersonShown(
        person=one.id,
        name=one.name,
        mine=one.id == room.wishing.me.id,
        holdings=tuple(_holding(room, each) for each in room.staff.holdings if each.person == one.id),
        places=tuple(_places(room, one)),
        away=away(room, one),
        invited="" if invited is None else _invited(room, invited),
        see_to=tuple(gap.says for gap in found if gap.person == one.id),
    )


def gaps_of(room: Room) -> tuple[Gap, ...]:
    """What whoever leads the school should see to: as `signpost check` finds it. Others are told nothing of it."""
    if not room.wishing.leading:
        return ()
    return gaps(room.staff, room.channels, room.wishing.now, live=False)


def away(room: Room, one: Person) -> str:
    """When ONE is away, and who is told meanwhile; nothing where they are not and will not be."""
    now, zone = room.wishing.now, room.staff.school.zone
    if one.away_until is None or one.away_until <= now:
        return ""
    last = one.away_until.astimezone(zone) - timedelta(days=1)
    first = "" if one.away_from is None or one.away_from <= now else f"from {_day(one.away_from.astimezone(zone))} "
    other = room.staff.people.get(one.stands_in or "")
    instead = "" if other is None else f"; {other.name} stands in"
    return f"away {first}until {_day(last)}{instead}"


def _is_there(room: Room, one: Person) -> bool:
    return bool(one.roles) or any(each.person == one.id for each in room.reached)


def _holding(room: Room, one: Holding) -> HolderShown:
    staff, me, holder = room.staff, room.wishing.me, room.staff.people[one.person]
    mine = room.wishing.leading or me.id == holder.id
    return HolderShown(
        person=holder.id,
        name=holder.name,
        role=one.role,
        title="Member of staff" if one.role == STAFF else wording.sentence(called(staff, one.role)),
        since=_day(one.since.astimezone(staff.school.zone)) if mine else _LEADERS_ONLY,
        given=how(one.given_by, staff) if mine else _LEADERS_ONLY,
        unconfirmed=mine and not one.confirmed and one.role != STAFF,
        settles=not one.confirmed and one.role != STAFF and may_confirm(me.id, sure(me), holder=holder.id, given_by=one.given_by),
        code=code(one),
        away=away(room, holder),
    )


def _places(room: Room, one: Person) -> Iterator[str]:
    for each in room.reached:
        if each.person != one.id:
            continue
        channel = wording.sentence(each.channel)
        if not each.counts:
            yield f"{channel}, not proved: not used"
        elif each.channel not in room.channels:
            yield f"{channel}, not in use"
        else:
            yield f"{channel}, {'verified' if each.verified else 'not verified'}"


def _invited(room: Room, one: Waiting) -> str:
    where = f" in {wording.sentence(one.channel)}" if one.channel else ""
    return f"until {wording.day_and_clock(one.until, room.staff.school.zone)}{where}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
