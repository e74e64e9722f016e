"""Who could hold which roles at a school, and a database in which every case is about somebody and everybody was told of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from itertools import combinations

import sqlalchemy as sa
from sqlmodel import Session

from bot import schools
from bot.schools import SHIPPED, School
from flows.cases.case import Case, Severity, Status
from flows.matters import MATTERS
from storage.database import Database
from storage.kept import Person
from storage.store.cases import CASE, CONCERN, PUSH, first_values
from storage.store.persons import PERSON, ROLE
from storage.store.scope import Scope

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLACES = (("web", "there"),)
SCHOOLS = tuple(sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir()))
load = cache(schools.load)


@dataclass(frozen=True)
class Arrangement:
    """Who holds the roles of a school: some of them fall to one person, each of the others has a person of its own."""

    school: School
    together: tuple[str, ...]
    people: tuple[Person, ...]

    @cached_property
    def held(self) -> Mapping[str, frozenset[str]]:
        """The ids of those who hold each role."""
        roles = {role for person in self.people for role in person.roles}
        return {role: frozenset(one.id for one in self.people if role in one.roles) for role in roles}


def arrangements(name: str, together: Sequence[int], *, twice: bool = False) -> Iterator[Arrangement]:
    """Everybody separate, and each combination of TOGETHER so many roles in one person. TWICE: each role has a second holder."""
    school = load(name)
    for size in (0, *together):
        for chosen in combinations(school.roles, size):
            sets = ((chosen,) if chosen else ()) + tuple((role,) for role in school.roles if role not in chosen)
            people = tuple(_person(roles) for roles in sets)
            if twice:
                people += tuple(_person((role,)) for role in school.roles)
            yield Arrangement(school, chosen, people)


def _person(roles: tuple[str, ...]) -> Person:
    return Person(uuid.uuid4().hex, "somebody", roles, PLACES)


@dataclass(frozen=True)
class About:
    """A case about one person: `held` is the id of one that they themselves hold, as it would be if it came out late."""

    person: Person
    case: Case


def cases(arrangement: Arrangement, matters: Sequence[str]) -> Iterator[About]:
    """For each of MATTERS and each person concerned, a case that waits, and one that the very person had taken."""
    for person in arrangement.people:
        for matter in matters:
            for holder in (None, person.id):
                key = uuid.uuid4().hex
                status = Status.OPEN if holder is None else Status.TAKEN
                yield About(
                    person,
                    Case(key, f"SP-{key}", matter, Severity.HIGH, NOW, status, holder, concerns=frozenset({person.id})),
                )


async def fill(database: Database, name: str, people: Sequence[Arrangement], about: Sequence[Sequence[About]]) -> None:
    """Write them, and a push of every case to everybody of its arrangement, as if all that leaves people out had failed."""

    def write(session: Session) -> None:
        scope = Scope.of(session, database.vault, name)
        everybody = [one for arrangement in people for one in arrangement.people]
        named = scope.vault.seal("person", "name", "x", "somebody")
        _put(scope, PERSON, [{"id": one.id, "school": name, "name": named, "created_at": NOW} for one in everybody])
        holding = [{"person_id": one.id, "role": role, "school": name, "since": NOW} for one in everybody for role in one.roles]
        _put(scope, ROLE, holding)
        flat = [one for several in about for one in several]
        _put(scope, CASE, [first_values(scope, one.case) for one in flat])
        _put(scope, CONCERN, [{"case_id": one.case.id, "person_id": one.person.id, "school": name} for one in flat])
        told = (
            (one.case.id, person.id)
            for arrangement, several in zip(people, about, strict=True)
            for one in several
            for person in arrangement.people
        )
        _put(scope, PUSH, [_push(name, case, person) for case, person in told])

    await database.write(write)


def _push(name: str, case: str, person: str) -> dict[str, object]:
    return {
        "school": name, "key": uuid.uuid4().hex, "kind": "push", "case_id": case, "person_id": person, "channel": "web",
        "place": b"", "created_at": NOW, "due_at": NOW, "state": "sent", "taken": False, "attempts": 1, "finished_at": NOW,
    }  # fmt: skip


def _put(scope: Scope, table: sa.Table, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        scope.connection.execute(sa.insert(table), rows)


ALL_MATTERS = tuple(MATTERS)
