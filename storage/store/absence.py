"""Who is away, from when until when, and who is told in their place."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from storage.kept import Unknown
from storage.staffing import WentAway
from storage.store import persons, roles
from storage.store.persons import PERSON
from storage.store.scope import Scope


def leave(scope: Scope, change: WentAway) -> None:
    """Pass the person over while they are away. Who stands in for them is somebody else, with a role at the school."""
    if change.stands_in is not None and (change.stands_in == change.person or not persons.known(scope, change.stands_in).roles):
        raise Unknown("Whoever stands in for somebody is somebody else, and holds a role of the school.")
    _write(scope, change.person, away_from=change.since, away_until=change.until, stands_in=change.stands_in)


def come_back(scope: Scope, person: str, at: datetime) -> None:
    """They are told again from now on; first of what they missed and nobody has taken meanwhile."""
    was = persons.load(scope, PERSON.c.id == person)[0]
    _write(scope, person, away_from=None, away_until=None, stands_in=None)
    if was.is_away(at):
        roles.tell_again(scope, was.roles, at)


def _write(scope: Scope, person: str, **values: object) -> None:
    scope.connection.execute(sa.update(PERSON).where(PERSON.c.id == person, PERSON.c.school == scope.school).values(**values))
