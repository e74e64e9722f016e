"""What was said between people and the bot, once it has been dealt with: deleted in time, or with the case it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from flows.cases.case import Case
from storage.store.inbox import CONVERSATION, INBOX
from storage.store.letters import REPLY
from storage.store.persons import PLACE
from storage.store.scope import Scope
from storage.tables import Push, table

PUSH = table(Push)
WAITING = "waiting"  # not dealt with: never deleted


def erase_talk(scope: Scope, conversation: str) -> None:
    """Delete everything that was said in CONVERSATION and has been dealt with."""
    scope.connection.execute(sa.delete(INBOX).where(*_heard(scope), INBOX.c.conversation == conversation))
    scope.connection.execute(sa.delete(REPLY).where(*_said(scope), REPLY.c.address.in_(_addresses(scope, (conversation,)))))


def erase_about(scope: Scope, case: Case) -> None:
    """Delete what was said about CASE where those who were told of it are reached: the pages they opened, the lines they got."""
    rows = scope.connection.execute(
        sa.select(REPLY.c.id, REPLY.c.key, REPLY.c.body).where(*_said(scope), REPLY.c.address.in_(_told_at(scope, (case,))))
    ).all()
    about = [row.id for row in rows if _names(scope.vault.open("reply", "body", row.key, row.body), case)]
    if about:
        scope.connection.execute(sa.delete(REPLY).where(REPLY.c.id.in_(about)))


def erase_old(scope: Scope, before: datetime, limit: int, held: Sequence[Case]) -> int:
    """Delete what was dealt with BEFORE then, up to LIMIT each way, except what may belong to a case that is HELD."""
    reporters = [case.reporter for case in held if case.reporter is not None]
    spared = (*_addresses(scope, reporters), *_told_at(scope, held))
    heard = sa.select(INBOX.c.id).where(*_heard(scope), INBOX.c.kept_at < before, INBOX.c.conversation.not_in(reporters))
    said = sa.select(REPLY.c.id).where(*_said(scope), REPLY.c.created_at < before, REPLY.c.address.not_in(spared))
    gone = 0
    for rows, old in ((INBOX, heard), (REPLY, said)):
        ids = scope.connection.execute(old.order_by(rows.c.id).limit(limit)).scalars().all()
        if ids:
            gone += scope.connection.execute(sa.delete(rows).where(rows.c.id.in_(ids))).rowcount
    return gone


def _heard(scope: Scope) -> tuple[sa.ColumnElement[bool], ...]:
    return INBOX.c.school == scope.school, INBOX.c.state != WAITING


def _said(scope: Scope) -> tuple[sa.ColumnElement[bool], ...]:
    return REPLY.c.school == scope.school, REPLY.c.state != WAITING


def _addresses(scope: Scope, conversations: Sequence[str]) -> list[str]:
    """The digests of the places in which CONVERSATIONS are."""
    rows = scope.connection.execute(
        sa.select(CONVERSATION.c.id, CONVERSATION.c.channel, CONVERSATION.c.place).where(
            CONVERSATION.c.school == scope.school, CONVERSATION.c.id.in_(conversations)
        )
    )
    return [scope.address(row.channel, scope.vault.open("conversation", "place", row.id, row.place)) for row in rows]


def _told_at(scope: Scope, cases: Iterable[Case]) -> list[str]:
    """The digests of the places in which those are reached who were told of CASES or hold them."""
    ids = [case.id for case in cases]
    holders = [case.holder for case in cases if case.holder is not None]
    pushes = sa.select(PUSH.c.key, PUSH.c.channel, PUSH.c.place).where(PUSH.c.school == scope.school, PUSH.c.case_id.in_(ids))
    people = sa.select(PUSH.c.person_id).where(PUSH.c.school == scope.school, PUSH.c.case_id.in_(ids))
    places = sa.select(PLACE.c.key, PLACE.c.channel, PLACE.c.place).where(
        PLACE.c.school == scope.school, sa.or_(PLACE.c.person_id.in_(people), PLACE.c.person_id.in_(holders))
    )
    found = {
        scope.address(row.channel, scope.vault.open(name, "place", row.key, row.place))
        for name, statement in (("push", pushes), ("person_place", places))
        for row in scope.connection.execute(statement)
    }
    return sorted(found)


def _names(body: str, case: Case) -> bool:
    return case.id in body or case.reference in body
