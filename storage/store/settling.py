"""A card that is no longer right: somebody has the case, or it is about the person who has the card.

What still waits to be said is withdrawn, and cards already sent are edited.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.store.queueing import BLANK, HELD, TAKEN, Card, card
from storage.store.scope import Scope
from storage.store.taking_back import take_back
from storage.tables import CaseConcern, Notice, Push, table

NOTICE, PUSH, CONCERN = table(Notice), table(Push), table(CaseConcern)

# Why a card is still to be sent: the platform said neither yes nor no. It stays until the card is settled, whatever comes after.
PERHAPS_SHOWN = "perhaps shown"

# Why else: the platform will never take it there. And of a card that was sent: one message told of it together with others.
REFUSED, GATHERED = "refused", "gathered"


def perhaps_shown() -> sa.ColumnElement[bool]:
    """Cards that may be on somebody's screen although no attempt to send them succeeded."""
    return sa.func.coalesce(PUSH.c.why, "") == PERHAPS_SHOWN


def settle(scope: Scope, cases: Collection[str], holders: Collection[str], at: datetime) -> None:
    """Withdraw what waits for CASES, mark what is in flight, and edit what was sent: HOLDERS read that they have it."""
    if not cases:
        return
    theirs = sa.and_(PUSH.c.school == scope.school, PUSH.c.case_id.in_(cases), PUSH.c.kind == "push")
    withdraw_notices(scope, cases, at)
    _withdraw(scope, theirs, at)
    sent = scope.connection.execute(sa.select(PUSH).where(theirs, PUSH.c.state == "sent")).mappings().all()
    edit(scope, [row for row in sent if not _theirs(row, holders)], at)
    edit(scope, [row for row in sent if _theirs(row, holders)], at, kind=HELD)


def _theirs(card: sa.RowMapping, holders: Collection[str]) -> bool:
    """Whether CARD was sent to one of HOLDERS. A message that told them of several counts down for them as for the others."""
    return card["person_id"] in holders and card["why"] != GATHERED


def hide(scope: Scope, case: str, at: datetime) -> None:
    """Withdraw what waits for the people CASE is about, and queue the edit that blanks what they were sent."""
    about = sa.exists().where(CONCERN.c.case_id == PUSH.c.case_id, CONCERN.c.person_id == PUSH.c.person_id)
    theirs = sa.and_(PUSH.c.school == scope.school, PUSH.c.case_id == case, about)
    withdraw_edits(scope, theirs, at)
    cards = sa.and_(theirs, PUSH.c.kind == "push")
    _withdraw(scope, cards, at)
    edit(scope, scope.connection.execute(sa.select(PUSH).where(cards, PUSH.c.state == "sent")).mappings().all(), at)
    concerned = sa.select(CONCERN.c.person_id).where(CONCERN.c.school == scope.school, CONCERN.c.case_id == case)
    take_back(scope, scope.connection.execute(concerned).scalars().all(), (case,), at)


def withdraw_edits(scope: Scope, whose: sa.ColumnElement[bool], at: datetime) -> None:
    """Cards that become blank do not say any more who has the case: tried again later, that would stand on them in the end."""
    waiting = sa.and_(whose, PUSH.c.kind.in_((TAKEN, HELD)), PUSH.c.state == "waiting")
    scope.connection.execute(sa.update(PUSH).where(waiting).values(state="withdrawn", finished_at=at))


def withdraw_notices(scope: Scope, cases: Collection[str], at: datetime) -> None:
    """Nothing that still waits to be said about CASES is said."""
    if cases:
        waiting = sa.and_(NOTICE.c.school == scope.school, NOTICE.c.case_id.in_(cases), NOTICE.c.state == "waiting")
        scope.connection.execute(sa.update(NOTICE).where(waiting).values(state="withdrawn", finished_at=at))


def opened_by(scope: Scope, views: Sequence[tuple[str | None, str | None]], at: datetime) -> None:
    """Each of VIEWS, a case and who read or answered it, proves that they know of it, and that what was sent to them arrived.

    A card that is still on its way, or was withdrawn, counts as seen as well: what somebody has read cannot be unread.
    """
    for case, person in views:
        theirs = (PUSH.c.school == scope.school, PUSH.c.case_id == case, PUSH.c.person_id == person, PUSH.c.kind == "push")
        scope.connection.execute(sa.update(PUSH).where(*theirs, PUSH.c.seen_at.is_(None)).values(seen_at=at))
        arrived = sa.update(PUSH).where(*theirs, PUSH.c.state == "sent", PUSH.c.delivered_at.is_(None))
        scope.connection.execute(arrived.values(delivered_at=at))


def _withdraw(scope: Scope, cards: sa.ColumnElement[bool], at: datetime) -> None:
    unsent = sa.and_(cards, PUSH.c.state == "waiting")
    never_shown = sa.and_(PUSH.c.token.is_(None), ~perhaps_shown())
    scope.connection.execute(sa.update(PUSH).where(unsent, never_shown).values(state="withdrawn", finished_at=at))
    # These are being sent at this moment, or were perhaps shown: whoever ends one, or finds it, queues the edit.
    scope.connection.execute(sa.update(PUSH).where(unsent).values(taken=True))


def edit(scope: Scope, sent: Sequence[sa.RowMapping], at: datetime, *, kind: str = TAKEN) -> None:
    """Queue the edit for each card in SENT: who has the case, by its KIND; for whom it is about, that there is nothing to see."""
    ids = {row["case_id"] for row in sent}
    about = sa.select(CONCERN.c.case_id, CONCERN.c.person_id).where(CONCERN.c.case_id.in_(ids))
    blank = {tuple(row) for row in scope.connection.execute(about)} if sent else set()
    for row in sent:
        change = Card(
            row["case_id"],
            row["person_id"],
            row["channel"],
            scope.vault.open("push", "place", row["key"], row["place"]),
            kind=BLANK if (row["case_id"], row["person_id"]) in blank else kind,
            lap=row["lap"],
            rank=row["rank"],
            receipt=scope.vault.opened("push", "receipt", row["key"], row["receipt"]),
            why=GATHERED if row["why"] == GATHERED else None,
        )
        card(scope, change, at)
