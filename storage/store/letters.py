"""Replies on their way: queued in order behind whatever still waits for the same place, or leased at once when nothing does."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.claim import WAITING
from storage.database import wake_after
from storage.kept import Due, Letter, ToHolder, ToInformed, ToPerson, ToReporter, ToRoles
from storage.store import persons
from storage.store.scope import Scope
from storage.tables import Case as CaseRow
from storage.tables import CaseConcern, Conversation, PersonPlace, Reply, table

REPLY, CONVERSATION, CASE, CONCERN, PLACE = (
    table(Reply),
    table(Conversation),
    table(CaseRow),
    table(CaseConcern),
    table(PersonPlace),
)


@dataclass(frozen=True, slots=True)
class Carrier:
    """The process that records, and may send at once what goes to its own channel."""

    channel: str
    token: str
    until: datetime


def queue(scope: Scope, letters: Sequence[Letter], at: datetime, carrier: Carrier | None = None) -> tuple[Due, ...]:
    """Write LETTERS to the outbox. What CARRIER may send at once comes back, leased to it; the rest wakes the outbox."""
    if not letters:
        return ()
    addresses = [scope.address(letter.channel, letter.place) for letter in letters]
    busy = _busy(scope, addresses) if carrier is not None else set(addresses)
    rows = []
    for letter, address in zip(letters, addresses, strict=True):
        key = uuid.uuid4().hex
        now = carrier is not None and letter.channel == carrier.channel and address not in busy
        rows.append(
            {
                "school": scope.school,
                "key": key,
                "channel": letter.channel,
                "address": address,
                "place": scope.vault.seal("reply", "place", key, letter.place),
                "body": scope.vault.seal("reply", "body", key, letter.body),
                "created_at": at,
                "due_at": at,
                "state": "waiting",
                "token": carrier.token if carrier is not None and now else None,
                "until": carrier.until if carrier is not None and now else None,
                "attempts": 1 if now else 0,
            }
        )
    ids = _insert(scope, rows)
    if any(row["token"] is None for row in rows):
        wake_after(scope.session, "outbox")
    return tuple(
        Due(
            id=number,
            kind="reply",
            key=str(row["key"]),
            school=scope.school,
            channel=letter.channel,
            place=letter.place,
            token=str(row["token"]),
            attempts=1,
            created_at=at,
            body=letter.body,
        )
        for number, row, letter in zip(ids, rows, letters, strict=True)
        if row["token"] is not None
    )


def addressed(scope: Scope, notes: Sequence[ToReporter]) -> tuple[Letter, ...]:
    """NOTES as letters to wherever their reports came from. A report that came from no conversation has nobody to write to."""
    letters = []
    for note in notes:
        statement = (
            sa.select(CONVERSATION.c.id, CONVERSATION.c.channel, CONVERSATION.c.place)
            .join(CASE, CASE.c.reporter == CONVERSATION.c.id)
            .where(CASE.c.id == note.case, CASE.c.school == scope.school, CONVERSATION.c.school == scope.school)
        )
        row = scope.connection.execute(statement).first()
        if row is not None:
            place = scope.vault.open("conversation", "place", row.id, row.place)
            letters.append(Letter(row.channel, place, note.body))
    return tuple(letters)


def to_holders(scope: Scope, notes: Sequence[ToHolder]) -> tuple[Letter, ...]:
    """NOTES as letters to whoever has each case by now, at their first place; never to somebody it concerns."""
    letters = []
    for note in notes:
        concerned = sa.exists().where(CONCERN.c.case_id == CASE.c.id, CONCERN.c.person_id == CASE.c.holder)
        statement = (
            sa.select(PLACE.c.key, PLACE.c.channel, PLACE.c.place)
            .join(CASE, CASE.c.holder == PLACE.c.person_id)
            .where(CASE.c.id == note.case, CASE.c.school == scope.school, PLACE.c.school == scope.school, ~concerned)
            .order_by(PLACE.c.rank)
        )
        row = scope.connection.execute(statement.limit(1)).first()
        if row is not None:
            letters.append(Letter(row.channel, scope.vault.open("person_place", "place", row.key, row.place), note.body))
    return tuple(letters)


def to_informed(scope: Scope, notes: Sequence[ToInformed]) -> tuple[Letter, ...]:
    """NOTES as letters to one person each, at their first place; never to somebody the case concerns."""
    letters = []
    for note in notes:
        concerned = sa.exists().where(CONCERN.c.case_id == CASE.c.id, CONCERN.c.person_id == note.person)
        here = sa.select(CASE.c.id).where(CASE.c.id == note.case, CASE.c.school == scope.school, ~concerned)
        if scope.connection.execute(here).first() is None:
            continue
        found = persons.load(scope, persons.PERSON.c.id == note.person)
        letters += [Letter(*one.places[0], note.body) for one in found if one.places]
    return tuple(letters)


def to_roles(scope: Scope, notes: Sequence[ToRoles]) -> tuple[Letter, ...]:
    """NOTES as letters to whoever holds the roles by now, at their first place. Nobody gets one twice."""
    return tuple(
        Letter(*person.places[0], note.body)
        for note in notes
        for person in persons.holders(scope, note.roles)
        if person.places and person.id not in note.without
    )


def to_people(scope: Scope, notes: Sequence[ToPerson]) -> tuple[Letter, ...]:
    """NOTES as letters to the people they are for, at their first place."""
    return tuple(
        Letter(*person.places[0], note.body)
        for note in notes
        for person in persons.load(scope, persons.PERSON.c.id == note.person)
        if person.places
    )


def _busy(scope: Scope, addresses: Sequence[str]) -> set[str]:
    statement = _ONE_BUSY if len(set(addresses)) == 1 else _BUSY
    found = scope.connection.execute(statement, {"addresses": addresses[0] if statement is _ONE_BUSY else list(set(addresses))})
    return set(found.scalars())


def _insert(scope: Scope, rows: list[dict[str, object]]) -> Sequence[int]:
    if len(rows) == 1:
        return scope.connection.execute(_INSERT, rows[0]).scalars().all()
    return scope.connection.execute(_INSERT_MANY, rows).scalars().all()


_INSERT = sa.insert(REPLY).returning(REPLY.c.id)
_INSERT_MANY = sa.insert(REPLY).returning(REPLY.c.id, sort_by_parameter_order=True)
_ONE_BUSY = sa.select(REPLY.c.address).where(REPLY.c.state == WAITING, REPLY.c.address == sa.bindparam("addresses")).limit(1)
_BUSY = (
    sa.select(REPLY.c.address)
    .where(REPLY.c.state == WAITING, REPLY.c.address.in_(sa.bindparam("addresses", expanding=True)))
    .distinct()
)
