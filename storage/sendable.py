"""Which cards may be sent at this moment, and the statements by which they are taken and noted as sent."""

from __future__ import annotations

import sqlalchemy as sa

from flows.cases.case import Severity
from storage.claim import NOW, WAITING, Claim
from storage.store.queueing import BLANK, HELD, TAKEN
from storage.store.settling import GATHERED, PERHAPS_SHOWN
from storage.tables import Case, CaseConcern, Moment, Push, table

PUSH, CASE, CONCERN = table(Push), table(Case), table(CaseConcern)


def sendable() -> sa.ColumnElement[bool]:
    """Pushes that may go out: the case still waits for somebody, and it is not about this person. Edits only need the latter.

    A card marked `taken` is free only when nobody can say whether it is on a screen: its edit is due. What blanks a card is for
    those whom the case is about, and for nobody else.
    """
    waits = sa.exists().where(CASE.c.id == PUSH.c.case_id, CASE.c.status == "open")
    about = sa.exists().where(CONCERN.c.case_id == PUSH.c.case_id, CONCERN.c.person_id == PUSH.c.person_id)
    left_behind = sa.and_(PUSH.c.kind == "push", PUSH.c.taken)
    right = sa.and_(sa.or_(PUSH.c.kind.in_((TAKEN, HELD)), waits), ~about)
    return sa.and_(PUSH.c.state == WAITING, sa.or_(PUSH.c.kind == BLANK, left_behind, right))


SENT = (
    sa.update(PUSH)
    .where(
        PUSH.c.id == sa.bindparam("b_id"),
        PUSH.c.school == sa.bindparam("b_school"),
        PUSH.c.token == sa.bindparam("b_token"),
        PUSH.c.state == WAITING,
    )
    .values(
        state=sa.literal_column("'sent'"),
        receipt=sa.bindparam("b_receipt"),
        finished_at=sa.bindparam("b_at", type_=Moment()),
        delivered_at=sa.func.coalesce(PUSH.c.delivered_at, sa.bindparam("b_proved", type_=Moment())),
        why=sa.func.coalesce(sa.bindparam("b_why", type_=sa.String()), PUSH.c.why),
        token=sa.null(),
        until=sa.null(),
    )
    .returning(*PUSH.c)
)
# A token still there is that of a process which never said how its attempt ended.
_WHY = sa.case((PUSH.c.why == GATHERED, PUSH.c.why), (PUSH.c.token.is_not(None), PERHAPS_SHOWN), else_=PUSH.c.why)
PUSHES = Claim(
    PUSH,
    sa.and_(sendable(), PUSH.c.channel.in_(sa.bindparam("b_channels", expanding=True)), PUSH.c.due_at <= NOW),
    (PUSH.c.due_at, PUSH.c.id),
    attempts=PUSH.c.attempts + 1,
    why=_WHY,
)
MORE = Claim(
    PUSH,
    sa.and_(
        sendable(),
        PUSH.c.kind == "push",
        ~PUSH.c.taken,
        PUSH.c.school == sa.bindparam("b_school"),
        PUSH.c.person_id == sa.bindparam("b_person"),
        PUSH.c.channel == sa.bindparam("b_channel"),
        PUSH.c.due_at <= sa.bindparam("b_soon", type_=Moment()),
        ~sa.exists().where(CASE.c.id == PUSH.c.case_id, CASE.c.severity == Severity.IMMEDIATE.value),
    ),
    (PUSH.c.due_at, PUSH.c.id),
    attempts=PUSH.c.attempts + 1,
    why=_WHY,
)
