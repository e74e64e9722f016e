"""The people a school knows: who holds which role, where they are reached, and how they are recognised."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar

import sqlalchemy as sa

from storage import audit, evidence
from storage.database import Database
from storage.kept import Act, Overtaken, Person
from storage.staffing import (
    CameBack,
    Change,
    Entered,
    Holding,
    Invited,
    InviteEnded,
    Joined,
    PlaceLinked,
    PlaceProved,
    PlaceUnlinked,
    Removed,
    RoleConfirmed,
    RoleGiven,
    RoleRefused,
    RoleTaken,
    WentAway,
)
from storage.store import absence, departing, invites, leaving, persons, proving, roles
from storage.store.persons import PERSON, PLACE, Reached, known
from storage.store.scope import Scope

T = TypeVar("T")


class PlaceTaken(Exception):
    """That place already belongs to somebody: one identity in a chat is one person."""


class People:
    """The people of one school. Every change is a link in its audit chain; BY is who made it.

    What is changed here is said to nobody; `Recording.people` changes the same, and says so in the same transaction.
    """

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def list(self) -> tuple[Person, ...]:
        """Everybody, in the order they were added."""
        return await self._read(lambda scope: persons.load(scope, PERSON.c.school == self._school))

    async def by_id(self, person: str) -> Person | None:
        """The person with that id."""
        found = await self._read(lambda scope: persons.load(scope, PERSON.c.id == person))
        return found[0] if found else None

    async def holders(self, role: str) -> tuple[Person, ...]:
        """Everybody who holds ROLE today, those who are away included."""
        return await self._read(lambda scope: persons.holders(scope, (role,)))

    async def held(self) -> dict[str, frozenset[str]]:
        """Who holds which role today, by id, those who are away included."""
        return await self._read(persons.held)

    async def holdings(self) -> tuple[Holding, ...]:
        """Who holds what, since when, and whether it was confirmed."""
        return await self._read(roles.holdings)

    async def set_up(self) -> bool:
        """Whether the school has had a report: from then on a new role waits to be confirmed."""
        return not await self._read(roles.no_report_yet)

    async def reached(self) -> tuple[Reached, ...]:
        """In which channels everybody is reached, best first, without the addresses; those too that do not count yet."""
        return await self._read(persons.reached)

    async def by_place(self, channel: str, sender: str) -> Person | None:
        """Whoever writes as SENDER in CHANNEL, if the school knows them."""
        return await self._read(lambda scope: persons.by_place(scope, channel, sender))

    async def add(
        self,
        name: str,
        roles: Iterable[str] = (),
        places: Iterable[tuple[str, str]] = (),
        *,
        at: datetime | None = None,
        by: str | None = None,
    ) -> Person:
        """Add somebody with their ROLES and the PLACES they can be reached, best first."""
        change = Entered(uuid.uuid4().hex, name, tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(places)), by=by)
        return await self._change(change, at)

    async def give_role(self, person: str, role: str, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PERSON holds ROLE from now on."""
        return await self._change(RoleGiven(person, role, by=by), at)

    async def take_role(self, person: str, role: str, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PERSON no longer holds ROLE."""
        return await self._change(RoleTaken(person, role, by), at)

    async def away(self, person: str, until: datetime | None, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PERSON is away UNTIL then and is passed over; None: they are back."""
        return await self._change(CameBack(person, by) if until is None else WentAway(person, until, by=by), at)

    async def link(self, person: str, channel: str, place: str, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PERSON can also be reached, and is recognised, at PLACE in CHANNEL; after the places they have."""
        return await self._change(PlaceLinked(person, channel, place, by), at)

    async def unlink(self, person: str, channel: str, place: str, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PLACE is no longer PERSON's."""
        return await self._change(PlaceUnlinked(person, channel, place, by), at)

    async def _change(self, wish: Change, at: datetime | None) -> Person:
        moment = at if at is not None else datetime.now(UTC)

        def write(scope: Scope) -> Person:
            acts = change(scope, wish, moment)
            states = evidence.states(scope.connection, scope.vault, scope.school, [act.case for act in acts if act.case])
            audit.append(scope.session, scope.vault, scope.school, acts, moment, states=states)
            return known(scope, wish.person)

        return await self._database.write(lambda session: write(Scope.of(session, self._database.vault, self._school)))

    async def _read(self, job: Callable[[Scope], T]) -> T:
        return await self._database.read(lambda session: job(Scope.of(session, self._database.vault, self._school)))


def change(scope: Scope, wish: Change, at: datetime) -> tuple[Act, ...]:
    """Make one change, and return the acts that the audit keeps of it."""
    if isinstance(wish, Entered):
        return (_enter(scope, wish, at),)
    known(scope, wish.person)
    match wish:
        case RoleGiven() | RoleTaken() | RoleConfirmed() | RoleRefused():
            return _role(scope, wish, at)
        case WentAway() | CameBack():
            return (_absence(scope, wish, at),)
        case PlaceLinked() | PlaceProved() | PlaceUnlinked():
            return (_place(scope, wish, at),)
        case Invited() | InviteEnded() | Joined():
            return (_invitation(scope, wish, at),)
        case Removed():
            gone, went_on = departing.remove(scope, wish, at)
            return (_act("person removed", wish, roles=list(gone.roles), channels=[one for one, _ in gone.places]), *went_on)


def _role(scope: Scope, wish: RoleGiven | RoleTaken | RoleConfirmed | RoleRefused, at: datetime) -> tuple[Act, ...]:
    match wish:
        case RoleGiven():
            confirmed = roles.give(scope, wish, at)
            return (_act("role given", wish, role=wish.role, confirmed=confirmed),)
        case RoleConfirmed():
            roles.confirm(scope, wish, at)
            return (_act("role confirmed", wish, role=wish.role),)
        case RoleTaken():
            roles.take(scope, wish.person, wish.role)
        case RoleRefused():
            roles.refuse(scope, wish)
    act = _act("role taken" if isinstance(wish, RoleTaken) else "role refused", wish, role=wish.role)
    return (act, *leaving.lose(scope, wish.person, wish.role, wish.calendar, at))


def _absence(scope: Scope, wish: WentAway | CameBack, at: datetime) -> Act:
    if isinstance(wish, CameBack):
        absence.come_back(scope, wish.person, at)
        return _act("person back", wish)
    absence.leave(scope, wish)
    since = wish.since.isoformat() if wish.since else None
    return _act("person away", wish, since=since, until=wish.until.isoformat(), stands_in=wish.stands_in)


def _place(scope: Scope, wish: PlaceLinked | PlaceProved | PlaceUnlinked, at: datetime) -> Act:
    if isinstance(wish, PlaceUnlinked):
        theirs = (PLACE.c.key == scope.identity(wish.channel, wish.place), PLACE.c.person_id == wish.person)
        scope.connection.execute(sa.delete(PLACE).where(*theirs))
        return _act("place unlinked", wish, channel=wish.channel)
    # Whoever is known somewhere is nobody whom a colleague's code still has to make known: it could be used in their name.
    invites.end(scope, wish.person, by_others=True)
    if isinstance(wish, PlaceProved):
        proving.prove(scope, wish, at)
        return _act("place proved", wish, channel=wish.channel)
    _further_place(scope, wish, at)
    return _act("place linked", wish, channel=wish.channel)


def _invitation(scope: Scope, wish: Invited | InviteEnded | Joined, at: datetime) -> Act:
    if isinstance(wish, Invited):
        return invites.put(scope, wish, at)
    if isinstance(wish, InviteEnded):
        invites.end(scope, wish.person)
        return _act("invitation ended", wish)
    given_by = invites.use(scope, wish, at)
    try:
        _further_place(scope, wish, at)
    except PlaceTaken as taken:
        raise Overtaken("That place was linked to somebody else meanwhile.") from taken
    theirs = (PLACE.c.key == scope.identity(wish.channel, wish.place), PLACE.c.person_id == wish.person)
    scope.connection.execute(sa.update(PLACE).where(*theirs).values(verified_at=at))
    return _act("place linked", wish, channel=wish.channel, invited_by=given_by or "the command line")


def _further_place(scope: Scope, wish: PlaceLinked | Joined, at: datetime) -> None:
    """After the places they have. Whoever had none could not be told of anything: what still waits is told to them now."""
    before = known(scope, wish.person).places
    last = scope.connection.execute(sa.select(sa.func.max(PLACE.c.rank)).where(PLACE.c.person_id == wish.person)).scalar()
    _put_place(scope, wish.person, (wish.channel, wish.place), 0 if last is None else last + 1)
    after = known(scope, wish.person)
    if after.places and not before:
        roles.tell_again(scope, after.roles, at)


def _enter(scope: Scope, wish: Entered, at: datetime) -> Act:
    row = {
        "id": wish.person,
        "school": scope.school,
        "name": scope.vault.seal("person", "name", wish.person, wish.name),
        "created_at": at,
    }
    scope.connection.execute(sa.insert(PERSON).values(row))
    for role in wish.roles:
        roles.give(scope, RoleGiven(wish.person, role, wish.confirmed, wish.by), at)
    for rank, place in enumerate(wish.places):
        _put_place(scope, wish.person, place, rank)
    return _act("person added", wish, roles=list(wish.roles), channels=[channel for channel, _ in wish.places])


def _put_place(scope: Scope, person: str, place: tuple[str, str], rank: int) -> None:
    channel, where = place
    key = scope.identity(channel, where)
    row = {
        "key": key,
        "school": scope.school,
        "person_id": person,
        "channel": channel,
        "place": scope.vault.seal("person_place", "place", key, where),
        "rank": rank,
    }
    put = scope.insert(PLACE).values(row).on_conflict_do_nothing().returning(PLACE.c.key)
    if scope.connection.execute(put).first() is None and persons.owner_of(scope, key) != person:
        raise PlaceTaken(f"That {channel} identity already belongs to somebody. Unlink it there first.")


def _act(act: str, wish: Change, **details: object) -> Act:
    told = {name: value for name, value in details.items() if value is not None}
    return Act(act, person=wish.by, details=json.dumps({"person": wish.person, **told}))
