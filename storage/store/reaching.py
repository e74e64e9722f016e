"""At which places somebody was tried for a case, and what shows that they have it: the store's side of moving on.

A card goes to one place first. Where that fails, or nothing proves that it arrived, another card goes to the next place of the
same person; both are cards of one case, told apart by their rank, the order in which the places were tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from flows.cases.case import Case
from flows.cases.notice import Notice as NoticeOf
from flows.cases.notice import NoticeKind
from storage.database import wake_after
from storage.kept import Tried
from storage.store import persons
from storage.store.queueing import Card, card, plan
from storage.store.scope import Scope
from storage.tables import Notice, Push, table

NOTICE, PUSH = table(Notice), table(Push)


def queue(scope: Scope, case: Case, places: Sequence[tuple[str, str, str]], at: datetime) -> None:
    """Write a card for each of PLACES, (person id, channel, place), ranked behind those the person was tried at in this lap."""
    for person, channel, place in places:
        rank = _next_rank(scope, case, person)
        card(scope, Card(case.id, person, channel, place, lap=case.lap, rank=rank), at)


def tried(scope: Scope, case: Case) -> tuple[Tried, ...]:
    """Every card of CASE in this lap, in the order of its places for each person."""
    statement = sa.select(PUSH).where(*_cards(case)).order_by(PUSH.c.person_id, PUSH.c.rank)
    rows = scope.connection.execute(statement).mappings().all()
    ids = {row["person_id"] for row in rows}
    known = {one.id: one for one in persons.load(scope, persons.PERSON.c.id.in_(ids))} if ids else {}
    return tuple(
        Tried(
            person=known[row["person_id"]],
            channel=row["channel"],
            place=scope.vault.open("push", "place", row["key"], row["place"]),
            created_at=row["created_at"],
            sent_at=row["finished_at"] if row["state"] == "sent" else None,
            reached=row["delivered_at"] is not None or row["seen_at"] is not None,
            withdrawn=row["state"] == "withdrawn",
            attempts=row["attempts"],
            why=row["why"] or "",
        )
        for row in rows
        if row["person_id"] in known
    )


def told_roles(case: Case) -> tuple[str, ...]:
    """Every role that CASE may be told to, the first rung first."""
    return tuple(dict.fromkeys(role for rung in case.rungs for role in rung))


def look_at(scope: Scope, case: Case, due: datetime, at: datetime) -> None:
    """At DUE, or sooner if that was meant already, look whether anybody who was told of CASE has really got it."""
    sooner = sa.case((NOTICE.c.due_at < due, NOTICE.c.due_at), else_=sa.literal(due, NOTICE.c.due_at.type))
    if scope.connection.execute(sa.update(NOTICE).where(*_looks(scope, case.id)).values(due_at=sooner)).rowcount == 0:
        plan(scope, (NoticeOf(case.id, 0, NoticeKind.REACH, due),), at)
    wake_after(scope.session, "outbox")


def reached(scope: Scope, case: str, lap: int, at: datetime) -> None:
    """Something proves that somebody has the card of CASE: once nobody is left without one, nobody has to be looked for."""
    cards = sa.and_(PUSH.c.case_id == case, PUSH.c.lap == lap, PUSH.c.kind == "push")
    proved = sa.or_(PUSH.c.delivered_at.is_not(None), PUSH.c.seen_at.is_not(None))
    have = sa.select(PUSH.c.person_id).where(cards, proved)
    missing = sa.select(PUSH.c.id).where(cards, PUSH.c.state != "withdrawn", PUSH.c.person_id.not_in(have)).limit(1)
    if scope.connection.execute(missing).first() is None:
        looks = sa.update(NOTICE).where(*_looks(scope, case))
        scope.connection.execute(looks.values(state="withdrawn", finished_at=at))


def _next_rank(scope: Scope, case: Case, person: str) -> int:
    last = scope.connection.execute(sa.select(sa.func.max(PUSH.c.rank)).where(*_cards(case), PUSH.c.person_id == person)).scalar()
    return 0 if last is None else last + 1


def _cards(case: Case) -> tuple[sa.ColumnElement[bool], ...]:
    return PUSH.c.case_id == case.id, PUSH.c.lap == case.lap, PUSH.c.kind == "push"


def _looks(scope: Scope, case: str) -> tuple[sa.ColumnElement[bool], ...]:
    kind = NOTICE.c.kind == NoticeKind.REACH.value
    return NOTICE.c.school == scope.school, NOTICE.c.case_id == case, kind, NOTICE.c.state == "waiting"
