"""What is due to be sent: how it is claimed, in which order, and how each attempt ends."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from storage.claim import NOW, WAITING, Claim, Terms
from storage.database import wake_after
from storage.kept import Due, Fenced
from storage.store import cases, persons
from storage.store.scope import Scope
from storage.store.settling import BLANK, PERHAPS_SHOWN, TAKEN, edit, perhaps_shown
from storage.tables import Case, CaseConcern, Push, Reply, table
from storage.vault import CannotOpen, Vault

log = logging.getLogger(__name__)

REPLY, PUSH, CASE, CONCERN = table(Reply), table(Push), table(Case), table(CaseConcern)
FOLLOWERS = 8  # replies that go out behind the first of their address in one go, for each address claimed


def heads() -> sa.ColumnElement[bool]:
    """Replies with nothing older unsent to the same address."""
    older = REPLY.alias("older")
    before = sa.exists().where(older.c.address == REPLY.c.address, older.c.state == WAITING, older.c.id < REPLY.c.id)
    return sa.and_(REPLY.c.state == WAITING, ~before)


def sendable() -> sa.ColumnElement[bool]:
    """Pushes that may go out: the case still waits for somebody, and it is not about this person. Edits only need the latter.

    A card marked `taken` is free only when nobody can say whether it is on a screen: its edit is due. What blanks a card is for
    those whom the case is about, and for nobody else.
    """
    waits = sa.exists().where(CASE.c.id == PUSH.c.case_id, CASE.c.status == "open")
    about = sa.exists().where(CONCERN.c.case_id == PUSH.c.case_id, CONCERN.c.person_id == PUSH.c.person_id)
    left_behind = sa.and_(PUSH.c.kind == "push", PUSH.c.taken)
    right = sa.and_(sa.or_(PUSH.c.kind == TAKEN, waits), ~about)
    return sa.and_(PUSH.c.state == WAITING, sa.or_(PUSH.c.kind == BLANK, left_behind, right))


def through(rows: sa.Table) -> sa.ColumnElement[bool]:
    """Those ROWS that go out through one of the channels bound when the statement runs."""
    return rows.c.channel.in_(sa.bindparam("b_channels", expanding=True))


def claim_replies(session: Session, vault: Vault, channels: Sequence[str], terms: Terms) -> tuple[Due, ...]:
    """Lease what may be sent next: for each address its oldest reply, with those that follow it, in the order to send them."""
    first = _HEADS.take(session, terms, b_channels=list(channels))
    if not first:
        return ()
    behind = replace(terms, limit=FOLLOWERS * len(first))
    rest = _BEHIND.take(session, behind, b_addresses=[row["address"] for row in first])
    rows = sorted((*first, *rest), key=lambda row: row["id"])
    return tuple(due for row in rows if (due := _reply(vault, row)) is not None)


def claim_pushes(session: Session, vault: Vault, channels: Sequence[str], terms: Terms) -> tuple[Due, ...]:
    """Lease pushes that are due, and still right at this moment."""
    rows = _PUSHES.take(session, terms, b_channels=list(channels))
    for row in rows:
        if row["taken"]:
            _left_behind(session, vault, row, terms.now)
    return tuple(due for row in rows if not row["taken"] and (due := _push(session, vault, row)) is not None)


def finish(session: Session, vault: Vault, sent: Sequence[tuple[Due, str]], at: datetime) -> list[Due]:
    """Write down that SENT were sent, with the platform's receipts. Returns those whose lease was lost."""
    lost = []
    addresses = []
    for due, receipt in sent:
        if due.kind == "reply":
            address = session.connection().execute(_SENT_REPLY, _sent("reply", vault, due, receipt, at)).scalar()
            if address is None:
                lost.append(due)
            else:
                addresses.append(address)
        else:
            row = session.connection().execute(_SENT_PUSH, _sent("push", vault, due, receipt, at)).mappings().first()
            if row is None:
                lost.append(due)
            elif row["taken"]:
                _edit(session, vault, row, at)
    _call_on(session, addresses)
    return lost


def again(session: Session, due: Due, at: datetime, why: str) -> None:
    """Put DUE back until AT. A push whose case was taken meanwhile is withdrawn, unless WHY, now or before, is PERHAPS_SHOWN."""
    rows = PUSH if due.kind != "reply" else REPLY
    change: dict[str, Any] = {"token": None, "until": None, "due_at": at, "why": why}
    if rows is PUSH and why != PERHAPS_SHOWN:
        change["why"] = sa.case((perhaps_shown(), PERHAPS_SHOWN), else_=why)
        change["state"] = sa.case((sa.and_(PUSH.c.taken, ~perhaps_shown()), "withdrawn"), else_=PUSH.c.state)
    _held(session, sa.update(rows).where(*_mine(rows, due)).values(change))
    wake_after(session, "outbox")


def undeliverable(session: Session, due: Due, at: datetime, why: str) -> None:
    """Give a reply up for good, which releases those behind it. Pushes are never given up."""
    if due.kind != "reply":
        raise ValueError("Only a reply can be undeliverable: a push is tried until somebody has the case.")
    change = {"token": None, "until": None, "state": "undeliverable", "finished_at": at, "why": why}
    _held(session, sa.update(REPLY).where(*_mine(REPLY, due)).values(change))
    wake_after(session, "outbox")


def renew(session: Session, due: Due, until: datetime) -> None:
    """Hold on to DUE while a slow send runs."""
    rows = PUSH if due.kind != "reply" else REPLY
    _held(session, sa.update(rows).where(*_mine(rows, due)).values(until=until))


def _held(session: Session, statement: sa.Update) -> None:
    if session.connection().execute(statement).rowcount == 0:
        raise Fenced("Somebody else is sending it, or has sent it.")


def _mine(rows: sa.Table, due: Due) -> tuple[sa.ColumnElement[bool], ...]:
    return rows.c.id == due.id, rows.c.school == due.school, rows.c.token == due.token, rows.c.state == "waiting"


def _sent(name: str, vault: Vault, due: Due, receipt: str, at: datetime) -> dict[str, Any]:
    sealed = vault.seal(name, "receipt", due.key, receipt)
    return {"b_id": due.id, "b_school": due.school, "b_token": due.token, "b_receipt": sealed, "b_at": at}


def _call_on(session: Session, addresses: Sequence[str]) -> None:
    """What waits behind a reply that has just gone is due now."""
    if len(set(addresses)) == 1:
        behind = session.connection().execute(_ONE_WAITS, {"b_address": addresses[0]}).first()
    elif addresses:
        behind = session.connection().execute(_ANY_WAITS, {"b_addresses": list(set(addresses))}).first()
    else:
        return
    if behind is not None:
        wake_after(session, "outbox")


def _reply(vault: Vault, row: sa.RowMapping) -> Due | None:
    try:
        place = vault.open("reply", "place", row["key"], row["place"])
        body = vault.open("reply", "body", row["key"], row["body"])
    except CannotOpen as error:
        # It stays leased and is tried again when the lease runs out: nothing is lost while somebody finds the right key.
        log.error("a reply cannot be sent: %s", error)  # noqa: TRY400 - the message says all; a traceback would add locals
        return None
    return Due(place=place, body=body, kind="reply", **_common(row))


def _push(session: Session, vault: Vault, row: sa.RowMapping) -> Due | None:
    """A push carries its case without the words in it: a card shows the least."""
    scope = Scope.of(session, vault, row["school"])
    try:
        place = vault.open("push", "place", row["key"], row["place"])
        card = vault.opened("push", "card", row["key"], row["card"]) or ""
        case = cases.load(scope, CASE.c.id == row["case_id"], words=False)[0]
        person = persons.load(scope, persons.PERSON.c.id == row["person_id"])[0]
    except CannotOpen as error:
        log.error("a push cannot be sent: %s", error)  # noqa: TRY400 - the message says all; a traceback would add locals
        return None
    return Due(place=place, kind=row["kind"], case=case, person=person, card=card, **_common(row))


def _left_behind(session: Session, vault: Vault, row: sa.RowMapping, now: datetime) -> None:
    """Nobody can say whether this card was shown. Counting it as sent, and editing it, is right in either case."""
    over = {"state": "sent", "token": None, "until": None, "finished_at": now, "why": PERHAPS_SHOWN}
    session.connection().execute(sa.update(PUSH).where(PUSH.c.id == row["id"]).values(over))
    _edit(session, vault, row, now)


def _edit(session: Session, vault: Vault, row: sa.RowMapping, now: datetime) -> None:
    """Queue the edit of one card; whoever holds the case needs none."""
    holder = session.connection().execute(sa.select(CASE.c.holder).where(CASE.c.id == row["case_id"])).scalar()
    if row["person_id"] != holder:
        edit(Scope.of(session, vault, row["school"]), (row,), now)


def _common(row: sa.RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "key", "school", "channel", "token", "attempts", "created_at")}


def _sent_statement(rows: sa.Table) -> sa.Update:
    return (
        sa.update(rows)
        .where(
            rows.c.id == sa.bindparam("b_id"),
            rows.c.school == sa.bindparam("b_school"),
            rows.c.token == sa.bindparam("b_token"),
            rows.c.state == WAITING,
        )
        .values(
            state=sa.literal_column("'sent'"),
            receipt=sa.bindparam("b_receipt"),
            finished_at=sa.bindparam("b_at", type_=rows.c.finished_at.type),
            token=sa.null(),
            until=sa.null(),
        )
    )


_SENT_REPLY = _sent_statement(REPLY).returning(REPLY.c.address)
_SENT_PUSH = _sent_statement(PUSH).returning(*PUSH.c)


def _behind_nobody() -> sa.ColumnElement[bool]:
    """Replies to the claimed addresses that do not wait for one that another process is sending."""
    held = REPLY.alias("held")
    behind_another = sa.exists().where(
        held.c.address == REPLY.c.address,
        held.c.state == WAITING,
        held.c.id < REPLY.c.id,
        held.c.until > NOW,
        held.c.token != sa.bindparam("b_token"),
    )
    claimed = REPLY.c.address.in_(sa.bindparam("b_addresses", expanding=True))
    return sa.and_(REPLY.c.state == WAITING, claimed, ~behind_another)


_HEADS = Claim(
    REPLY, sa.and_(heads(), through(REPLY), REPLY.c.due_at <= NOW), (REPLY.c.due_at, REPLY.c.id), attempts=REPLY.c.attempts + 1
)
# In the order they were said: a reply that was put back is due later than those said after it, and still goes before them.
_BEHIND = Claim(REPLY, _behind_nobody(), (REPLY.c.address, REPLY.c.id), attempts=REPLY.c.attempts + 1)
_PUSHES = Claim(
    PUSH,
    sa.and_(sendable(), through(PUSH), PUSH.c.due_at <= NOW),
    (PUSH.c.due_at, PUSH.c.id),
    attempts=PUSH.c.attempts + 1,
    # A token still there is that of a process which never said how its attempt ended.
    why=sa.case((PUSH.c.token.is_not(None), PERHAPS_SHOWN), else_=PUSH.c.why),
)
_FREE = sa.select(REPLY.c.id).where(REPLY.c.state == WAITING, REPLY.c.token.is_(None)).limit(1)
_ONE_WAITS = _FREE.where(REPLY.c.address == sa.bindparam("b_address"))
_ANY_WAITS = _FREE.where(REPLY.c.address.in_(sa.bindparam("b_addresses", expanding=True)))
