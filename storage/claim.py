"""The one way work is taken: a lease on rows that are due, fenced by a token, taken by whichever process is free.

Nothing reaps a dead process: its leases run out and the next claim takes them. A process that was only slow comes back with
a token that no longer fits, and what it tries to finish is refused.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from storage.tables import Moment

FIRST, CEILING = 0.5, 300.0  # seconds
NOW = sa.bindparam("b_now", type_=Moment())
# Written out, not bound: only so does SQLite see, without planning anew each time, that an index of the waiting rows will do.
WAITING: sa.ColumnElement[str] = sa.literal_column("'waiting'")


@dataclass(frozen=True, slots=True)
class Terms:
    """Who claims, when, how much at most, and for how long it is theirs."""

    token: str
    now: datetime
    limit: int
    hold: timedelta

    @property
    def until(self) -> datetime:
        """When the lease runs out."""
        return self.now + self.hold


def back_off(attempts: int) -> float:
    """Seconds to wait after ATTEMPTS failures: doubling up to five minutes, and never two at the same moment."""
    whole = min(CEILING, FIRST * 2.0 ** min(attempts, 30))
    return whole * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries; nobody gains by guessing it


def free(table: sa.Table, now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Rows that nobody holds: never leased, or the lease ran out."""
    return sa.or_(table.c.until.is_(None), table.c.until <= now)


class Claim:
    """Leases on rows of one table that are due and free, first BY first. Its statement is put together once and run many times.

    On PostgreSQL rows that another process is just taking are passed over; SQLite has one writer and needs no such clause.
    """

    def __init__(
        self, table: sa.Table, due: sa.ColumnElement[bool], by: tuple[sa.Column[Any], ...], **also: sa.ColumnElement[Any]
    ) -> None:
        # BY has to be what an index of the waiting rows is sorted by. By id alone, SQLite would walk through everything ever sent.
        self._by = tuple(column.name for column in by)
        chosen = (
            sa.select(table.c.id)
            .where(due, free(table, NOW))
            .order_by(*by)
            .limit(sa.bindparam("b_limit", type_=sa.Integer))
            .with_for_update(skip_locked=True, of=table)
            .cte("chosen")
        )
        self._statement = (
            sa.update(table)
            .where(table.c.id.in_(sa.select(chosen.c.id)))
            .values({"token": sa.bindparam("b_token"), "until": sa.bindparam("b_until", type_=Moment()), **also})
            .returning(*table.c)
        )

    def take(self, session: Session, terms: Terms, **bound: Any) -> Sequence[sa.RowMapping]:
        """Lease rows on TERMS and return them. BOUND are the other parameters of what makes a row due."""
        values = {"b_now": terms.now, "b_limit": terms.limit, "b_token": terms.token, "b_until": terms.until, **bound}
        rows = session.connection().execute(self._statement, values).mappings().all()
        return sorted(rows, key=lambda row: tuple(row[name] for name in self._by))
