"""How things stand across all schools, for the health page: since when reports wait, and what is late. Numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.case import Severity, Status
from flows.cases.notice import NoticeKind
from storage.claim import NOW, WAITING
from storage.tables import Case, Digest, Notice, table

CASE, NOTICE, DIGEST = table(Case), table(Notice), table(Digest)

# A report that nobody at the school may be told of is never acknowledged: the page would be red for ever, and say nothing any more.
NOBODY_EVER = timedelta(days=7)
# A digest of an earlier day is not late: it is missed, and the next one takes its place.
MISSED = timedelta(hours=12)

URGENT = (Severity.IMMEDIATE.value, Severity.HIGH.value)


@dataclass(frozen=True, slots=True)
class Waits:
    """What somebody waits for. No school, no reference, no person."""

    waiting_since: datetime | None = None  # the urgent report that has waited longest for somebody to have it
    used_up: int = 0  # urgent reports that everybody on their way was told of, and that nobody has
    digest_due: datetime | None = None  # the digest that has been due longest
    last_drill: datetime | None = None


def waits(session: Session, now: datetime) -> Waits:
    """What somebody waits for NOW, over all schools. Drills are no reports."""
    connection = session.connection()
    return Waits(
        waiting_since=connection.execute(_SINCE).scalar(),
        used_up=connection.execute(_USED_UP, {"b_now": now - NOBODY_EVER}).scalar_one(),
        digest_due=connection.execute(_DIGEST, {"b_now": now - MISSED}).scalar(),
        last_drill=connection.execute(_DRILL).scalar(),
    )


_URGENT = sa.and_(
    CASE.c.status == Status.OPEN.value, CASE.c.severity.in_(URGENT), sa.func.coalesce(CASE.c.drill, sa.false()).is_(sa.false())
)
_SINCE = sa.select(sa.func.min(CASE.c.opened_at)).where(_URGENT)
# At the end of the way stands the notice that tells whoever sent it to phone. Once it is done and nothing more is to come, nobody
# else will be told. A report that nobody could be told of begins there.
_PHONED = sa.exists().where(NOTICE.c.case_id == CASE.c.id, NOTICE.c.kind == NoticeKind.PHONE.value, NOTICE.c.state == "done")
_CLOCK = (NoticeKind.PUSH.value, NoticeKind.PHONE.value)
_TO_COME = sa.exists().where(NOTICE.c.case_id == CASE.c.id, NOTICE.c.state == WAITING, NOTICE.c.kind.in_(_CLOCK))
_SOMEBODY = sa.or_(CASE.c.rungs != "[]", CASE.c.opened_at > NOW)
_USED_UP = sa.select(sa.func.count()).select_from(CASE).where(_URGENT, _SOMEBODY, _PHONED, ~_TO_COME)
_DIGEST = sa.select(sa.func.min(DIGEST.c.due_at)).where(DIGEST.c.state == WAITING, DIGEST.c.due_at > NOW)
_DRILL = sa.select(sa.func.max(CASE.c.opened_at)).where(CASE.c.drill.is_(sa.true()))
