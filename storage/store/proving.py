"""Places that were entered for somebody and count only once they are proved: a code that was sent there has to come back.

The code is not stored. It follows from the key, the person, the place and the day, so that it fits this place alone, whoever
knows the database cannot make it, and taking the place away ends it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from flows.cases.case import ALPHABET
from storage.database import Database
from storage.kept import Overtaken
from storage.staffing import PlaceProved
from storage.store import persons, roles
from storage.store.invites import GOOD_FOR, LETTERS, spelt
from storage.store.persons import COUNTS, PLACE
from storage.store.scope import Scope

ONE_DAY = timedelta(days=1)

T = TypeVar("T")


class NotTheCode(Exception):
    """That code was not sent to that place, or is too old."""


class Proving:
    """The places of one school that wait to be proved."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def waiting(self, person: str) -> frozenset[tuple[str, str]]:
        """The places that were entered for PERSON and do not count yet."""

        def read(scope: Scope) -> frozenset[tuple[str, str]]:
            theirs = (PLACE.c.school == scope.school, PLACE.c.person_id == person, sa.not_(COUNTS))
            rows = scope.connection.execute(sa.select(PLACE.c.key, PLACE.c.channel, PLACE.c.place).where(*theirs))
            return frozenset((row.channel, scope.vault.open("person_place", "place", row.key, row.place)) for row in rows)

        return await self._read(read)

    async def code(self, person: str, channel: str, place: str, at: datetime) -> str | None:
        """The code to be sent to PLACE, good for `GOOD_FOR`; None where it does not wait to be proved for PERSON."""
        return await self._read(
            lambda scope: _code(scope, person, channel, place, at) if _waits(scope, person, channel, place) else None
        )

    async def _read(self, job: Callable[[Scope], T]) -> T:
        return await self._database.read(lambda session: job(Scope.of(session, self._database.vault, self._school)))


def prove(scope: Scope, wish: PlaceProved, at: datetime) -> None:
    """The place counts. NotTheCode where it was another code; Overtaken where nothing waits to be proved there any more."""
    days = range(GOOD_FOR // ONE_DAY + 1)
    given = spelt(wish.code).encode()
    # All of them are compared, each in constant time: how long it takes says nothing of how near a guess was.
    fits = [
        hmac.compare_digest(given, _code(scope, wish.person, wish.channel, wish.place, at - ONE_DAY * day).encode()) for day in days
    ]
    if not any(fits):
        raise NotTheCode("That code was not sent to that place, or is too old. Have a new one sent.")
    before = persons.known(scope, wish.person).places
    if not _waits(scope, wish.person, wish.channel, wish.place):
        raise Overtaken("That place was proved, or taken away, meanwhile.")
    mine = PLACE.c.key == scope.identity(wish.channel, wish.place)
    scope.connection.execute(sa.update(PLACE).where(mine).values(verified_at=at))
    if not before:  # nothing could be told to them until now: what still waits is
        roles.tell_again(scope, persons.known(scope, wish.person).roles, at)


def _waits(scope: Scope, person: str, channel: str, place: str) -> bool:
    mine = (PLACE.c.key == scope.identity(channel, place), PLACE.c.person_id == person, sa.not_(COUNTS))
    return scope.connection.execute(sa.select(PLACE.c.key).where(*mine)).first() is not None


def _code(scope: Scope, person: str, channel: str, place: str, at: datetime) -> str:
    number = int(scope.vault.look_up("proving", scope.school, person, channel, place, str(int(at.timestamp()) // 86400)), 16)
    letters = []
    for _ in range(LETTERS):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)
