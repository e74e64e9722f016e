"""The people a school knows: who holds which role, where they are reached, and how they are recognised."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import sqlalchemy as sa

from storage import audit
from storage.database import Database
from storage.kept import Act, Person, Unknown
from storage.store.scope import Scope
from storage.tables import Person as PersonRow
from storage.tables import PersonPlace, RoleHolding, table

T = TypeVar("T")

PERSON, PLACE, ROLE = table(PersonRow), table(PersonPlace), table(RoleHolding)


class PlaceTaken(Exception):
    """That place already belongs to somebody: one identity in a chat is one person."""


class People:
    """The people of one school. Every change is a link in its audit chain; BY is who made it."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

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
        person = Person(uuid.uuid4().hex, name, tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(places)))
        return await self._write(lambda scope: _add(scope, person, _moment(at), by))

    async def list(self) -> tuple[Person, ...]:
        """Everybody, in the order they were added."""
        return await self._read(lambda scope: load(scope, PERSON.c.school == self._school))

    async def by_id(self, person: str) -> Person | None:
        """The person with that id."""
        found = await self._read(lambda scope: load(scope, PERSON.c.id == person))
        return found[0] if found else None

    async def holders(self, role: str) -> tuple[Person, ...]:
        """Everybody who holds ROLE today, those who are away included."""
        return await self._read(lambda scope: holders(scope, (role,)))

    async def held(self) -> dict[str, frozenset[str]]:
        """Who holds which role today, by id, those who are away included."""
        return await self._read(held)

    async def by_place(self, channel: str, sender: str) -> Person | None:
        """Whoever writes as SENDER in CHANNEL, if the school knows them."""
        return await self._read(lambda scope: by_place(scope, channel, sender))

    async def give_role(self, person: str, role: str, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PERSON holds ROLE from now on."""
        return await self._write(lambda scope: _give_role(scope, person, role, _moment(at), by))

    async def take_role(self, person: str, role: str, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PERSON no longer holds ROLE."""
        return await self._write(lambda scope: _take_role(scope, person, role, _moment(at), by))

    async def away(self, person: str, until: datetime | None, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PERSON is away UNTIL then and is passed over; None: they are back."""
        return await self._write(lambda scope: _away(scope, person, until, _moment(at), by))

    async def link(self, person: str, channel: str, place: str, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PERSON can also be reached, and is recognised, at PLACE in CHANNEL; after the places they have."""
        return await self._write(lambda scope: _link(scope, person, (channel, place), _moment(at), by))

    async def unlink(self, person: str, channel: str, place: str, *, at: datetime | None = None, by: str | None = None) -> Person:
        """PLACE is no longer PERSON's."""
        return await self._write(lambda scope: _unlink(scope, person, (channel, place), _moment(at), by))

    async def _write(self, job: Callable[[Scope], T]) -> T:
        return await self._database.write(lambda session: job(Scope.of(session, self._database.vault, self._school)))

    async def _read(self, job: Callable[[Scope], T]) -> T:
        return await self._database.read(lambda session: job(Scope.of(session, self._database.vault, self._school)))


def load(scope: Scope, which: sa.ColumnElement[bool]) -> tuple[Person, ...]:
    """The people of the scope's school for whom WHICH holds, with their roles and places."""
    statement = sa.select(PERSON).where(PERSON.c.school == scope.school, which).order_by(PERSON.c.created_at, PERSON.c.id)
    rows = scope.connection.execute(statement).mappings().all()
    if not rows:
        return ()
    ids = [row["id"] for row in rows]
    roles, places = _roles(scope, ids), _places(scope, ids)
    return tuple(
        Person(
            id=row["id"],
            name=scope.vault.open("person", "name", row["id"], row["name"]),
            roles=tuple(roles[row["id"]]),
            places=tuple(places[row["id"]]),
            away_until=row["away_until"],
        )
        for row in rows
    )


def by_place(scope: Scope, channel: str, sender: str) -> Person | None:
    """Whoever is recognised as SENDER in CHANNEL. One look-up for the many whom no school knows."""
    owner = scope.connection.execute(_OWNER, {"key": scope.identity(channel, sender)}).scalar()
    return load(scope, PERSON.c.id == owner)[0] if owner is not None else None


def holders(scope: Scope, roles: Sequence[str]) -> tuple[Person, ...]:
    """Everybody who holds one of ROLES, each once, in the order of ROLES."""
    if not roles:
        return ()
    held = sa.select(ROLE.c.person_id).where(ROLE.c.school == scope.school, ROLE.c.role.in_(roles))
    rank = {role: place for place, role in enumerate(roles)}
    people = load(scope, PERSON.c.id.in_(held))
    return tuple(sorted(people, key=lambda person: min(rank.get(role, len(rank)) for role in person.roles)))


def held(scope: Scope) -> dict[str, frozenset[str]]:
    """The ids of those who hold each role of the scope's school."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in scope.connection.execute(sa.select(ROLE.c.role, ROLE.c.person_id).where(ROLE.c.school == scope.school)):
        found[row.role].add(row.person_id)
    return {role: frozenset(people) for role, people in found.items()}


_OWNER = sa.select(PLACE.c.person_id).where(PLACE.c.key == sa.bindparam("key"))


def _roles(scope: Scope, ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    statement = sa.select(ROLE.c.person_id, ROLE.c.role).where(ROLE.c.person_id.in_(ids)).order_by(ROLE.c.since, ROLE.c.role)
    for row in scope.connection.execute(statement):
        found[row.person_id].append(row.role)
    return found


def _places(scope: Scope, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    statement = sa.select(PLACE).where(PLACE.c.person_id.in_(ids)).order_by(PLACE.c.rank)
    for row in scope.connection.execute(statement):
        found[row.person_id].append((row.channel, scope.vault.open("person_place", "place", row.key, row.place)))
    return found


def _add(scope: Scope, person: Person, at: datetime, by: str | None) -> Person:
    row = {
        "id": person.id,
        "school": scope.school,
        "name": scope.vault.seal("person", "name", person.id, person.name),
        "away_until": None,
        "created_at": at,
    }
    scope.connection.execute(sa.insert(PERSON).values(row))
    for role in person.roles:
        _hold(scope, person.id, role, at)
    for rank, place in enumerate(person.places):
        _put_place(scope, person.id, place, rank)
    _note(scope, "person added", person.id, at, by, roles=list(person.roles), channels=[channel for channel, _ in person.places])
    return person


def _give_role(scope: Scope, person: str, role: str, at: datetime, by: str | None) -> Person:
    _known(scope, person)
    _hold(scope, person, role, at)
    _note(scope, "role given", person, at, by, role=role)
    return _known(scope, person)


def _take_role(scope: Scope, person: str, role: str, at: datetime, by: str | None) -> Person:
    _known(scope, person)
    scope.connection.execute(sa.delete(ROLE).where(ROLE.c.person_id == person, ROLE.c.role == role))
    _note(scope, "role taken", person, at, by, role=role)
    return _known(scope, person)


def _away(scope: Scope, person: str, until: datetime | None, at: datetime, by: str | None) -> Person:
    _known(scope, person)
    scope.connection.execute(sa.update(PERSON).where(PERSON.c.id == person).values(away_until=until))
    _note(scope, "person away" if until else "person back", person, at, by, until=until.isoformat() if until else None)
    return _known(scope, person)


def _link(scope: Scope, person: str, place: tuple[str, str], at: datetime, by: str | None) -> Person:
    _known(scope, person)
    last = scope.connection.execute(sa.select(sa.func.max(PLACE.c.rank)).where(PLACE.c.person_id == person)).scalar()
    _put_place(scope, person, place, 0 if last is None else last + 1)
    _note(scope, "place linked", person, at, by, channel=place[0])
    return _known(scope, person)


def _unlink(scope: Scope, person: str, place: tuple[str, str], at: datetime, by: str | None) -> Person:
    _known(scope, person)
    scope.connection.execute(sa.delete(PLACE).where(PLACE.c.key == scope.identity(*place), PLACE.c.person_id == person))
    _note(scope, "place unlinked", person, at, by, channel=place[0])
    return _known(scope, person)


def _known(scope: Scope, person: str) -> Person:
    found = load(scope, PERSON.c.id == person)
    if not found:
        raise Unknown("No person of this school has that id. `signpost people list` shows them.")
    return found[0]


def _hold(scope: Scope, person: str, role: str, at: datetime) -> None:
    row = {"person_id": person, "role": role, "school": scope.school, "since": at}
    scope.connection.execute(scope.insert(ROLE).values(row).on_conflict_do_nothing())


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
    if scope.connection.execute(put).first() is None and scope.connection.execute(_OWNER, {"key": key}).scalar() != person:
        raise PlaceTaken(f"That {channel} identity already belongs to somebody. Unlink it there first.")


def _note(scope: Scope, act: str, person: str, at: datetime, by: str | None, **details: object) -> None:
    told = json.dumps({"person": person, **details})
    audit.append(scope.session, scope.vault, scope.school, (Act(act, person=by, details=told),), at)


def _moment(at: datetime | None) -> datetime:
    return at if at is not None else datetime.now(UTC)
