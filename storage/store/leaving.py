"""Somebody loses a role: what they were told in it alone is out of their sight, and its cards on their screens are blanked."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from storage.store import settling
from storage.store.persons import ROLE
from storage.store.scope import Scope
from storage.tables import Case, Push, table

CASE, PUSH = table(Case), table(Push)


def lose(scope: Scope, person: str, role: str, at: datetime) -> None:
    """PERSON does not hold ROLE any more. A case that another role of theirs is told of, or that they hold, stays theirs."""
    left = set(scope.connection.execute(sa.select(ROLE.c.role).where(ROLE.c.person_id == person)).scalars())
    cards = (
        sa.select(PUSH, CASE.c.rungs)
        .join(CASE, CASE.c.id == PUSH.c.case_id)
        .where(PUSH.c.school == scope.school, PUSH.c.person_id == person, PUSH.c.kind == "push", PUSH.c.state != "withdrawn")
        .where(sa.func.coalesce(CASE.c.holder, "") != person)
        # In the order in which everybody locks them.
        .order_by(PUSH.c.case_id, PUSH.c.id)
    )
    rows = scope.connection.execute(cards).mappings().all()
    gone = [row for row in rows if _only_by(role, json.loads(row["rungs"]), left)]
    if not gone:
        return
    scope.connection.execute(
        sa.update(PUSH).where(PUSH.c.id.in_([row["id"] for row in gone])).values(state="withdrawn", finished_at=at)
    )
    shown = [row for row in gone if row["state"] == "sent" or row["token"] is not None or row["why"] == settling.PERHAPS_SHOWN]
    settling.edit(scope, shown, at, kind=settling.BLANK)


def _only_by(role: str, rungs: list[list[str]], left: Collection[str]) -> bool:
    """Whether somebody who has these roles LEFT was told by ROLE alone; whoever has none left sees nothing at all."""
    told = {one for rung in rungs for one in rung}
    return not left or (role in told and told.isdisjoint(left))
