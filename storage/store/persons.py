"""People as they are read: with the roles they hold today, the places they are reached, and when they are away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from storage.kept import Person, Unknown
from storage.store.scope import Scope
from storage.tables import Person as PersonRow
from storage.tables import PersonPlace, RoleHolding, table

PERSON, PLACE, ROLE = table(PersonRow), table(PersonPlace), table(RoleHolding)

# Whoever mistypes an e-mail address would tell a stranger of reports: it counts only once a code that was sent there came back.
TO_PROVE = ("email",)
COUNTS = sa.or_(PLACE.c.channel.not_in(TO_PROVE), PLACE.c.verified_at.is_not(None))


class Reached(NamedTuple):
    """A place of somebody, without its address: `verified` where they showed a code there, `counts` where it is used."""

    person: str
    channel: str
    verified: bool
    counts: bool


class _Held(NamedTuple):
    """A role of somebody, as its row says."""

    role: str
    confirmed: bool
    given_by: str | None


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
            roles=tuple(one.role for one in roles[row["id"]]),
            places=tuple(places[row["id"]]),
            away_until=row["away_until"],
            away_from=row["away_from"],
            stands_in=row["stands_in"],
            unconfirmed=frozenset(one.role for one in roles[row["id"]] if not one.confirmed),
            vouched=frozenset((one.role, one.given_by) for one in roles[row["id"]] if not one.confirmed and one.given_by),
        )
        for row in rows
    )


def known(scope: Scope, person: str) -> Person:
    """The person with that id, locked until the transaction ends: two changes of one person come one after the other."""
    lock = sa.select(PERSON.c.id).where(PERSON.c.school == scope.school, PERSON.c.id == person).with_for_update(key_share=True)
    if scope.connection.execute(lock).first() is None:
        raise Unknown("No person of this school has that id. `signpost people list` shows them.")
    return load(scope, PERSON.c.id == person)[0]


def by_place(scope: Scope, channel: str, sender: str) -> Person | None:
    """Whoever is recognised as SENDER in CHANNEL. One look-up for the many whom no school knows."""
    owner: str | None = scope.connection.execute(_KNOWN, {"key": scope.identity(channel, sender)}).scalar()
    return load(scope, PERSON.c.id == owner)[0] if owner is not None else None


def owner_of(scope: Scope, key: str) -> str | None:
    """The id of whoever the place with that digest belongs to, whether it counts yet or not."""
    owner: str | None = scope.connection.execute(_OWNER, {"key": key}).scalar()
    return owner


def holders(scope: Scope, roles: Sequence[str]) -> tuple[Person, ...]:
    """Everybody who holds one of ROLES, each once, in the order of ROLES."""
    return holding(scope, roles, sa.true())


def holding(scope: Scope, roles: Sequence[str], which: sa.ColumnElement[bool]) -> tuple[Person, ...]:
    """Everybody who holds one of ROLES by a holding for which WHICH is true, each once, in the order of ROLES."""
    if not roles:
        return ()
    theirs = sa.select(ROLE.c.person_id).where(ROLE.c.school == scope.school, ROLE.c.role.in_(roles), which)
    rank = {role: place for place, role in enumerate(roles)}
    people = load(scope, PERSON.c.id.in_(theirs))
    return tuple(sorted(people, key=lambda person: min(rank.get(role, len(rank)) for role in person.roles)))


def reached(scope: Scope) -> tuple[Reached, ...]:
    """Every place of the scope's school by its channel, each person's best first; no address is opened."""
    columns = (PLACE.c.person_id, PLACE.c.channel, PLACE.c.verified_at.is_not(None), COUNTS)
    statement = sa.select(*columns).where(PLACE.c.school == scope.school).order_by(PLACE.c.person_id, PLACE.c.rank)
    return tuple(Reached(*row) for row in scope.connection.execute(statement))


def held(scope: Scope) -> dict[str, frozenset[str]]:
    """The ids of those who hold each role of the scope's school."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in scope.connection.execute(sa.select(ROLE.c.role, ROLE.c.person_id).where(ROLE.c.school == scope.school)):
        found[row.role].add(row.person_id)
    return {role: frozenset(people) for role, people in found.items()}


_OWNER = sa.select(PLACE.c.person_id).where(PLACE.c.key == sa.bindparam("key"))
_KNOWN = _OWNER.where(COUNTS)


def _roles(scope: Scope, ids: Sequence[str]) -> dict[str, list[_Held]]:
    found: dict[str, list[_Held]] = defaultdict(list)
    columns = (ROLE.c.person_id, ROLE.c.role, ROLE.c.confirmed_at.is_not(None), ROLE.c.given_by)
    statement = sa.select(*columns).where(ROLE.c.person_id.in_(ids)).order_by(ROLE.c.since, ROLE.c.role)
    for person, *held in scope.connection.execute(statement):
        found[person].append(_Held(*held))
    return found


def _places(scope: Scope, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    statement = sa.select(PLACE).where(PLACE.c.person_id.in_(ids), COUNTS).order_by(PLACE.c.rank)
    for row in scope.connection.execute(statement):
        found[row.person_id].append((row.channel, scope.vault.open("person_place", "place", row.key, row.place)))
    return found
