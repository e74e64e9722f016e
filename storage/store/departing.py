"""Somebody leaves the school: in one transaction nothing recognises them any more, and nothing is on its way to them."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa

from storage.kept import Act, Person
from storage.staffing import Removed
from storage.store import invites, leaving, persons, signing_in
from storage.store.persons import PERSON, PLACE, ROLE
from storage.store.scope import Scope
from storage.store.taking_back import addresses
from storage.tables import Reply, table

REPLY = table(Reply)
EVERY_ROLE = ""  # they are left with none, whichever of them a case was told by


def remove(scope: Scope, wish: Removed, at: datetime) -> tuple[Person, tuple[Act, ...]]:
    """Take everything from the person but their name, which the records of cases go on to need.

    Returns them as they were, and what went on to others.
    """
    was = persons.known(scope, wish.person)
    scope.connection.execute(sa.delete(ROLE).where(ROLE.c.person_id == wish.person, ROLE.c.school == scope.school))
    # While their places are still known: what lies there is blanked, and what is on its way there is found by them.
    went_on = leaving.lose(scope, wish.person, EVERY_ROLE, wish.calendar, at)
    _unsaid(scope, wish.person)
    scope.connection.execute(sa.delete(PLACE).where(PLACE.c.person_id == wish.person, PLACE.c.school == scope.school))
    invites.end(scope, wish.person)
    signing_in.end(scope, wish.person)
    stood_in = (PERSON.c.school == scope.school, PERSON.c.stands_in == wish.person)
    scope.connection.execute(sa.update(PERSON).where(*stood_in).values(stands_in=None))
    return was, went_on


def _unsaid(scope: Scope, person: str) -> None:
    """What was to be said to them unasked is not said. What answers their own words goes out: they may be a parent here as well."""
    theirs = (REPLY.c.school == scope.school, REPLY.c.state == "waiting", REPLY.c.address.in_(addresses(scope, person)))
    rows = scope.connection.execute(sa.select(REPLY.c.id, REPLY.c.key, REPLY.c.body).where(*theirs)).all()
    unasked = [row.id for row in rows if json.loads(scope.vault.open("reply", "body", row.key, row.body)).get("anywhere")]
    scope.connection.execute(sa.delete(REPLY).where(REPLY.c.id.in_(unasked)))
