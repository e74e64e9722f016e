"""What is due to be sent: how it is claimed, in which order, and how each attempt ends."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from storage import audit, pushing
from storage.claim import NOW, WAITING, Claim, Terms
from storage.database import wake_after
from storage.kept import Act, Due, Fenced, Letter, Unsure
from storage.store import letters, unstopped
from storage.store.queueing import EDITS
from storage.store.scope import Scope
from storage.tables import Push, Reply, table
from storage.vault import CannotOpen, Vault

log = logging.getLogger(__name__)

REPLY, PUSH = table(Reply), table(Push)
SURE: Mapping[str, Unsure] = MappingProxyType({})
GONE_TO_ANOTHER = "Somebody else is sending it, or has sent it."
FOLLOWERS = 8  # replies that go out behind the first of their address in one go, for each address claimed


def heads() -> sa.ColumnElement[bool]:
    """Replies with nothing older unsent to the same address."""
    older = REPLY.alias("older")
    before = sa.exists().where(older.c.address == REPLY.c.address, older.c.state == WAITING, older.c.id < REPLY.c.id)
    return sa.and_(REPLY.c.state == WAITING, ~before)


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


def finish(
    session: Session, vault: Vault, sent: Sequence[tuple[Due, str]], at: datetime, unsure: Mapping[str, Unsure] = SURE
) -> list[Due]:
    """Write down that SENT were sent, with the platform's receipts. Returns those whose lease was lost.

    A receipt proves that the card arrived, unless its key is among those we are UNSURE of.
    """
    lost = []
    addresses = []
    acts: dict[str, list[Act]] = defaultdict(list)
    # In the order in which everybody locks: replies, then cases by id, and last the heads of the chains.
    for due, receipt in sorted(sent, key=_locked_in_order):
        if due.kind == "reply":
            address = session.connection().execute(_SENT_REPLY, _sent(vault, due, receipt, at)).scalar()
            if address is not None:
                addresses.append(address)
            elif _is_there(session, due):
                lost.append(due)
            else:
                unstopped.blank(Scope.of(session, vault, due.school), due, receipt, at)
            continue
        done = [pushing.finish(session, vault, one, receipt, at, unsure=unsure.get(due.key)) for one in each(due)]
        lost += [due] if None in done else []
        acts[due.school] += [act for one in done if one is not None for act in one]
    for school, theirs in sorted(acts.items()):
        audit.append(session, vault, school, theirs, at)
    _call_on(session, addresses)
    return lost


def again(session: Session, due: Due, at: datetime, why: str) -> None:
    """Put a reply back until AT; not one that was taken back while it was being sent."""
    _ended(session, due, {"token": None, "until": None, "due_at": at, "why": why})
    wake_after(session, "outbox")


def undeliverable(session: Session, vault: Vault, due: Due, at: datetime, why: str, *, elsewhere: Collection[str] = ()) -> None:
    """Give a reply, or a change of what was sent, up for good. A reply releases those behind it. Pushes are never given up.

    What may be said ELSEWHERE, through one of these channels, is said at the next place of whoever it is for.
    """
    if due.kind in EDITS:
        for one in each(due):
            pushing.end_edit(session, one, at, why)
        return
    if due.kind != "reply":
        raise ValueError("Only a reply can be undeliverable: a push is tried until somebody has the case.")
    change = {"token": None, "until": None, "state": "undeliverable", "finished_at": at, "why": why}
    if _ended(session, due, change) and elsewhere:
        scope = Scope.of(session, vault, due.school)
        place = letters.next_place(scope, due.channel, due.place, elsewhere)
        letters.queue(scope, () if place is None else (Letter(*place, due.body),), at)
    wake_after(session, "outbox")


def is_ours(session: Session, due: Due) -> bool:
    """Whether the reply DUE is still to be sent, and by whoever claimed it."""
    return session.connection().execute(sa.select(REPLY.c.id).where(*_mine(due))).first() is not None


def renew(session: Session, due: Due, until: datetime) -> None:
    """Hold on to DUE while a slow send runs."""
    if due.kind == "reply":
        _held(session, sa.update(REPLY).where(*_mine(due)).values(until=until))
        return
    for one in each(due):
        _held(session, sa.update(PUSH).where(*pushing.mine(one)).values(until=until))


def each(due: Due) -> tuple[Due, ...]:
    """The rows that DUE stands for: itself, or the cards that it tells of together."""
    return due.members or (due,)


def _locked_in_order(sent: tuple[Due, str]) -> tuple[str, str]:
    due, _ = sent
    return due.school, due.case.id if due.case is not None else ""


def _ended(session: Session, due: Due, change: Mapping[str, Any]) -> bool:
    """Write down the CHANGE with which an attempt at a reply ended. False: it was taken back meanwhile, and is gone."""
    if session.connection().execute(sa.update(REPLY).where(*_mine(due)).values(change)).rowcount:
        return True
    if _is_there(session, due):
        raise Fenced(GONE_TO_ANOTHER)
    return False


def _is_there(session: Session, due: Due) -> bool:
    here = (REPLY.c.id == due.id, REPLY.c.school == due.school)
    return session.connection().execute(sa.select(REPLY.c.id).where(*here)).first() is not None


def _held(session: Session, statement: sa.Update) -> None:
    if session.connection().execute(statement).rowcount == 0:
        raise Fenced(GONE_TO_ANOTHER)


def _mine(due: Due) -> tuple[sa.ColumnElement[bool], ...]:
    return REPLY.c.id == due.id, REPLY.c.school == due.school, REPLY.c.token == due.token, REPLY.c.state == "waiting"


def _sent(vault: Vault, due: Due, receipt: str, at: datetime) -> dict[str, Any]:
    sealed = vault.seal("reply", "receipt", due.key, receipt)
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


def _common(row: sa.RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "key", "school", "channel", "token", "attempts", "created_at")}


_SENT_REPLY = (
    sa.update(REPLY)
    .where(
        REPLY.c.id == sa.bindparam("b_id"),
        REPLY.c.school == sa.bindparam("b_school"),
        REPLY.c.token == sa.bindparam("b_token"),
        REPLY.c.state == WAITING,
    )
    .values(
        state=sa.literal_column("'sent'"),
        receipt=sa.bindparam("b_receipt"),
        finished_at=sa.bindparam("b_at", type_=REPLY.c.finished_at.type),
        token=sa.null(),
        until=sa.null(),
    )
    .returning(REPLY.c.address)
)


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
_FREE = sa.select(REPLY.c.id).where(REPLY.c.state == WAITING, REPLY.c.token.is_(None)).limit(1)
_ONE_WAITS = _FREE.where(REPLY.c.address == sa.bindparam("b_address"))
_ANY_WAITS = _FREE.where(REPLY.c.address.in_(sa.bindparam("b_addresses", expanding=True)))
