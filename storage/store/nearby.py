"""Which cases were opened at about the same time, without a word of them: what is read through for likeness is chosen by this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.store.scope import Scope
from storage.tables import Case, table

CASE = table(Case)
SEVERAL = 50


def nearby(scope: Scope, which: sa.ColumnElement[bool], moment: datetime, within: timedelta, most: int) -> Sequence[str]:
    """The ids of those for which WHICH holds that were opened WITHIN so long of MOMENT: of many, the MOST that are nearest."""
    close = CASE.c.opened_at.between(moment - within, moment + within)
    there = sa.select(CASE.c.id, CASE.c.opened_at).where(CASE.c.school == scope.school, close)
    ids = [row.id for row in sorted(scope.connection.execute(there), key=lambda row: abs(row.opened_at - moment))]
    found: list[str] = []
    # Whether somebody may see a case costs more than when it was opened: it is asked for no more of them than are wanted.
    for start in range(0, len(ids), SEVERAL):
        some = ids[start : start + SEVERAL]
        theirs = set(scope.connection.execute(sa.select(CASE.c.id).where(CASE.c.id.in_(some), which)).scalars())
        found += [one for one in some if one in theirs]
        if len(found) >= most:
            break
    return found[:most]
