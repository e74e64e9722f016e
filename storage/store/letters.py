"""Replies on their way: queued in order behind whatever still waits for the same place, or leased at once when nothing does."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.claim import WAITING
from storage.database import wake_after
from storage.kept import Due, Letter, Person, ToHolder, ToInformed, ToPerson, ToReporter, ToRoles
from storage.store import persons
from storage.store.scope import Scope
from storage.tables import Case as CaseRow
from storage.tables import CaseConcern, Conversation, Reply, table

REPLY, CONVERSATION, CASE, CONCERN = table(Reply), table(Conversation), table(CaseRow), table(CaseConcern)


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


def to_holders(scope: Scope, notes: Sequence[ToHolder], down: Collection[str] = ()) -> tuple[Letter, ...]:
    """NOTES as letters to whoever has each case by now, never to somebody it concerns; past what is DOWN, where there is a way."""
    letters: list[Letter] = []
    for note in notes:
        concerned = sa.exists().where(CONCERN.c.case_id == CASE.c.id, CONCERN.c.person_id == CASE.c.holder)
        holder = sa.select(CASE.c.holder).where(CASE.c.id == note.case, CASE.c.school == scope.school, ~concerned)
        letters += _to(persons.load(scope, persons.PERSON.c.id.in_(holder)), note.body, down)
    return tuple(letters)


def to_informed(scope: Scope, notes: Sequence[ToInformed], down: Collection[str] = ()) -> tuple[Letter, ...]:
    """NOTES as letters to one person each; never to somebody the case concerns."""
    letters: list[Letter] = []
    for note in notes:
        concerned = sa.exists().where(CONCERN.c.case_id == CASE.c.id, CONCERN.c.person_id == note.person)
        here = sa.select(CASE.c.id).where(CASE.c.id == note.case, CASE.c.school == scope.school, ~concerned)
        if scope.connection.execute(here).first() is not None:
            letters += _to(persons.load(scope, persons.PERSON.c.id == note.person), note.body, down)
    return tuple(letters)


def to_roles(scope: Scope, notes: Sequence[ToRoles], down: Collection[str] = ()) -> tuple[Letter, ...]:
    """NOTES as letters to whoever holds the roles by now. Nobody gets one twice."""
    letters: list[Letter] = []
    for note in notes:
        holders = [person for person in persons.holders(scope, note.roles) if person.id not in note.without]
        letters += _to(holders, note.body, down)
    return tuple(letters)


def to_people(scope: Scope, notes: Sequence[ToPerson], down: Collection[str] = ()) -> tuple[Letter, ...]:
    """NOTES as letters to the people they are for."""
    return tuple(
        letter for note in notes for letter in _to(persons.load(scope, persons.PERSON.c.id == note.person), note.body, down)
    )


def next_place(scope: Scope, channel: str, place: str, running: Collection[str]) -> tuple[str, str] | None:
    """Where else whoever is reached at PLACE can be, of the channels RUNNING here: their next place after it."""
    person = persons.by_place(scope, channel, place)
    if person is None or (channel, place) not in person.places:
        return None
    further = person.places[person.places.index((channel, place)) + 1 :]
    return next((one for one in further if one[0] in running), None)


def _to(people: Sequence[Person], body: str, down: Collection[str]) -> list[Letter]:
    """A letter to each of PEOPLE, at their first place that is not DOWN; where all are, at their first."""
    found = [next((place for place in one.places if place[0] not in down), one.places[0]) for one in people if one.places]
    return [Letter(*place, body) for place in found]


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
