"""Signing in to the desk: a link that works once, and then a browser that somebody is signed in with. Only digests are stored.

A link that was never given, one that was used and one that has run out cannot be told apart: none of them is there.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from storage import audit
from storage.database import Database
from storage.kept import Act, Person, RepeatedForm, SignIn
from storage.store import persons
from storage.store.persons import PERSON
from storage.store.scope import Scope
from storage.tables import DeskForm, DeskSession, table
from storage.tables import SignIn as SignInRow

SIGN_IN, SESSION, FORM = table(SignInRow), table(DeskSession), table(DeskForm)
GOOD_FOR = timedelta(minutes=10)  # a link
IDLE, AT_MOST = timedelta(minutes=30), timedelta(hours=8)  # a browser
SEEN_EVERY = timedelta(minutes=1)  # not every page has to write
FORM_KEPT = timedelta(days=1)
SIGNED_IN, SIGNED_OUT = "signed in to the desk", "signed out of the desk"

T = TypeVar("T")


def new_code() -> str:
    """256 bits that nobody finds by trying, for a link or for a browser."""
    return secrets.token_urlsafe(32)


class SignIns:
    """Who of one school can sign in to the desk, and who is."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def make(self, person: str, at: datetime) -> str:
        """The code of a new link for PERSON. It is told here and never again; an earlier one of theirs ends."""
        code = new_code()
        await self._write(lambda scope: put(scope, (SignIn(person, code, at),)))
        return code

    async def use(self, code: str, at: datetime) -> tuple[str, Person] | None:
        """Use the link with CODE up: what the browser is to hold from now on, and who it signs in. Of two the second gets None."""
        return await self._write(lambda scope: _use(scope, code, at))

    async def signed_in(self, token: str, at: datetime, *, quiet: bool = False) -> Person | None:
        """Whoever is signed in with the browser that holds TOKEN. Asking keeps them signed in, unless it is QUIET."""
        found, stale = await self._read(lambda scope: _signed_in(scope, token, at))
        if found is not None and stale and not quiet:
            await self._write(lambda scope: _seen(scope, token, at))
        return found

    async def sign_out(self, token: str, at: datetime) -> None:
        """The browser that holds TOKEN is signed in no longer."""
        await self._write(lambda scope: _sign_out(scope, token, at))

    async def carried_out(self, form: str) -> bool:
        """Whether FORM was carried out before: who sends it a second time is shown what came of the first."""
        return await self._read(lambda scope: _carried_out(scope, form))

    async def _read(self, job: Callable[[Scope], T]) -> T:
        return await self._database.read(lambda session: job(Scope.of(session, self._database.vault, self._school)))

    async def _write(self, job: Callable[[Scope], T]) -> T:
        return await self._database.write(lambda session: job(Scope.of(session, self._database.vault, self._school)))


def put(scope: Scope, wished: Sequence[SignIn]) -> None:
    """Make the links that were WISHED for, each for somebody the school knows; an earlier one of theirs ends."""
    for wish in wished:
        persons.known(scope, wish.person)
        theirs = (SIGN_IN.c.school == scope.school, sa.or_(SIGN_IN.c.person_id == wish.person, SIGN_IN.c.until <= wish.at))
        scope.connection.execute(sa.delete(SIGN_IN).where(*theirs))
        row = {
            "key": _link(scope, wish.code),
            "school": scope.school,
            "person_id": wish.person,
            "created_at": wish.at,
            "until": wish.at + GOOD_FOR,
        }
        scope.connection.execute(sa.insert(SIGN_IN).values(row))


def end(scope: Scope, person: str) -> None:
    """No link of PERSON works any more, and they are signed in nowhere."""
    for where in (SIGN_IN, SESSION):
        scope.connection.execute(sa.delete(where).where(where.c.school == scope.school, where.c.person_id == person))


def once(scope: Scope, form: str, at: datetime) -> None:
    """Note that FORM, if it is one, is carried out by this very transaction. RepeatedForm where it was before."""
    if not form:
        return
    key = scope.vault.look_up("desk form", scope.school, form)
    put_it = scope.insert(FORM).values(key=key, school=scope.school, at=at).on_conflict_do_nothing().returning(FORM.c.key)
    if scope.connection.execute(put_it).first() is None:
        raise RepeatedForm("That form was carried out before.")
    scope.connection.execute(sa.delete(FORM).where(FORM.c.school == scope.school, FORM.c.at <= at - FORM_KEPT))


def _carried_out(scope: Scope, form: str) -> bool:
    key = scope.vault.look_up("desk form", scope.school, form)
    return scope.connection.execute(sa.select(FORM.c.key).where(FORM.c.key == key)).first() is not None


def _use(scope: Scope, code: str, at: datetime) -> tuple[str, Person] | None:
    mine = (SIGN_IN.c.key == _link(scope, code), SIGN_IN.c.school == scope.school, SIGN_IN.c.until > at)
    used = scope.connection.execute(sa.delete(SIGN_IN).where(*mine).returning(SIGN_IN.c.person_id)).first()
    if used is None:
        return None
    (person,) = persons.load(scope, PERSON.c.id == used.person_id)
    token = new_code()
    ended = (SESSION.c.school == scope.school, sa.or_(SESSION.c.until <= at, SESSION.c.seen_at <= at - IDLE))
    scope.connection.execute(sa.delete(SESSION).where(*ended))
    row = {
        "key": _browser(scope, token),
        "school": scope.school,
        "person_id": person.id,
        "began_at": at,
        "seen_at": at,
        "until": at + AT_MOST,
    }
    scope.connection.execute(sa.insert(SESSION).values(row))
    audit.append(scope.session, scope.vault, scope.school, (Act(SIGNED_IN, person=person.id),), at)
    return token, person


def _signed_in(scope: Scope, token: str, at: datetime) -> tuple[Person | None, bool]:
    found = scope.connection.execute(sa.select(SESSION).where(*_open(scope, token, at))).first()
    if found is None:
        return None, False
    (person,) = persons.load(scope, PERSON.c.id == found.person_id)
    return person, found.seen_at <= at - SEEN_EVERY


def _seen(scope: Scope, token: str, at: datetime) -> None:
    scope.connection.execute(sa.update(SESSION).where(*_open(scope, token, at)).values(seen_at=at))


def _sign_out(scope: Scope, token: str, at: datetime) -> None:
    mine = (SESSION.c.school == scope.school, SESSION.c.key == _browser(scope, token))
    gone = scope.connection.execute(sa.delete(SESSION).where(*mine).returning(SESSION.c.person_id)).first()
    if gone is not None:
        audit.append(scope.session, scope.vault, scope.school, (Act(SIGNED_OUT, person=gone.person_id),), at)


def _open(scope: Scope, token: str, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    mine = (SESSION.c.school == scope.school, SESSION.c.key == _browser(scope, token))
    return (*mine, SESSION.c.until > at, SESSION.c.seen_at > at - IDLE)


def _link(scope: Scope, code: str) -> str:
    return scope.vault.look_up("sign in", scope.school, code)


def _browser(scope: Scope, token: str) -> str:
    return scope.vault.look_up("desk session", scope.school, token)
