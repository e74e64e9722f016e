"""Invitations: a code by which somebody shows who they are in a chat. Only its digest is stored, and it works once.

A code that was never given, one that was used and one that has run out cannot be told apart: none of them is there.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from flows.cases.case import ALPHABET
from storage import audit
from storage.database import Database
from storage.kept import Act, Overtaken, Person
from storage.staffing import Invited, Joined
from storage.store import persons
from storage.store.persons import PERSON, PLACE
from storage.store.scope import Scope
from storage.tables import Invite, table

INVITE = table(Invite)
LETTERS = 10  # of 25 signs: a thousand tries a second for all three days find one with a chance of 3 in a million
GOOD_FOR = timedelta(days=3)
SPELT = re.compile(rf"[{ALPHABET}]{{{LETTERS}}}")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can be used now, and who its code makes of somebody."""

    key: str = field(repr=False)
    person: Person
    until: datetime
    given_by: str | None = None  # the id of whoever made it; None: at the command line


@dataclass(frozen=True, slots=True)
class Waiting:
    """An invitation that waits to be used: whose, until when, and where; its code is told to nobody again."""

    person: str
    until: datetime
    channel: str | None = None
    given_by: str | None = None


class Invites:
    """The open invitations of one school."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def make(self, person: str, *, at: datetime, channel: str | None = None, by: str | None = None) -> str:
        """A new code for PERSON, good in CHANNEL or in any. It is told here and never again; an earlier one of theirs ends."""

        def write(scope: Scope) -> str:
            persons.known(scope, person)
            code = new_code()
            act = put(scope, Invited(person, code, channel, by), at)
            audit.append(scope.session, scope.vault, scope.school, (act,), at)
            return code

        return await self._database.write(lambda session: write(Scope.of(session, self._database.vault, self._school)))

    async def find(self, code: str, channel: str, at: datetime) -> Invitation | None:
        """The invitation that CODE, however it was typed, opens in CHANNEL."""
        return await self._read(lambda scope: _open(scope, INVITE.c.key == _key(scope, spelt(code)), channel, at))

    async def by_key(self, key: str, channel: str, at: datetime) -> Invitation | None:
        """The same again, once it was shown to somebody whom it makes."""
        return await self._read(lambda scope: _open(scope, INVITE.c.key == key, channel, at))

    async def waiting(self, at: datetime) -> tuple[Waiting, ...]:
        """The invitations that nobody has used and that still work, the first to run out first."""

        def read(scope: Scope) -> tuple[Waiting, ...]:
            open_now = sa.select(INVITE).where(INVITE.c.school == scope.school, INVITE.c.until > at).order_by(INVITE.c.until)
            rows = scope.connection.execute(open_now).mappings()
            return tuple(Waiting(row["person_id"], row["until"], row["channel"], row["given_by"]) for row in rows)

        return await self._read(read)

    async def verified(self, person: str) -> frozenset[tuple[str, str]]:
        """The places of PERSON at which they showed a code: the others were entered for them."""

        def read(scope: Scope) -> frozenset[tuple[str, str]]:
            theirs = (PLACE.c.school == scope.school, PLACE.c.person_id == person, PLACE.c.verified_at.is_not(None))
            rows = scope.connection.execute(sa.select(PLACE.c.key, PLACE.c.channel, PLACE.c.place).where(*theirs))
            return frozenset((row.channel, scope.vault.open("person_place", "place", row.key, row.place)) for row in rows)

        return await self._read(read)

    async def _read(self, job: Callable[[Scope], T]) -> T:
        return await self._database.read(lambda session: job(Scope.of(session, self._database.vault, self._school)))


def new_code() -> str:
    """A code that nobody finds by trying."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def put(scope: Scope, wish: Invited, at: datetime) -> Act:
    """Make the invitation, in the place of an earlier one; returns what the audit keeps of it."""
    end(scope, wish.person)
    _forget(scope, at)
    row = {
        "key": _key(scope, wish.code),
        "school": scope.school,
        "person_id": wish.person,
        "channel": wish.channel,
        "given_by": wish.by,
        "created_at": at,
        "until": at + GOOD_FOR,
    }
    scope.connection.execute(sa.insert(INVITE).values(row))
    return Act("person invited", person=wish.by, details=json.dumps({"person": wish.person, "channel": wish.channel or "any"}))


def spelt(typed: str) -> str:
    """A code as it is kept, from one that was TYPED with blanks, hyphens or small letters."""
    return re.sub(r"[\s‐-―-]", "", typed).upper()


def use(scope: Scope, wish: Joined, at: datetime) -> str | None:
    """Use the invitation up; returns who gave it. Of two who show one code at the same moment the second is Overtaken."""
    mine = (INVITE.c.key == wish.invite, INVITE.c.school == scope.school, INVITE.c.person_id == wish.person)
    good = (INVITE.c.until > at, _fits(wish.channel))
    used = scope.connection.execute(sa.delete(INVITE).where(*mine, *good).returning(INVITE.c.given_by)).first()
    if used is None:
        raise Overtaken("That invitation was used, or taken back, meanwhile.")
    given_by: str | None = used.given_by
    return given_by


def end(scope: Scope, person: str, *, by_others: bool = False) -> None:
    """No invitation of PERSON works any more; of those BY_OTHERS, none that another person of the school has made."""
    theirs = [INVITE.c.person_id == person, INVITE.c.school == scope.school]
    if by_others:
        theirs += [INVITE.c.given_by.is_not(None), INVITE.c.given_by != person]
    scope.connection.execute(sa.delete(INVITE).where(*theirs))


def _open(scope: Scope, which: sa.ColumnElement[bool], channel: str, at: datetime) -> Invitation | None:
    good = (INVITE.c.school == scope.school, INVITE.c.until > at, _fits(channel))
    row = scope.connection.execute(sa.select(INVITE).where(which, *good)).mappings().first()
    if row is None:
        return None
    (person,) = persons.load(scope, PERSON.c.id == row["person_id"])
    return Invitation(row["key"], person, row["until"], row["given_by"])


def _fits(channel: str) -> sa.ColumnElement[bool]:
    return sa.or_(INVITE.c.channel.is_(None), INVITE.c.channel == channel)


def _forget(scope: Scope, at: datetime) -> None:
    """What has run out is of no use to anybody."""
    scope.connection.execute(sa.delete(INVITE).where(INVITE.c.school == scope.school, INVITE.c.until <= at))


def _key(scope: Scope, code: str) -> str:
    return scope.vault.look_up("invite", scope.school, code)
