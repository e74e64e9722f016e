"""The one way work is taken: a lease on rows that are due, fenced by a token, taken by whichever process is free.

Nothing reaps a dead process: its leases run out and the next claim takes them. A process that was only slow comes back with
a token that no longer fits, and what it tries to finish is refused.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

FIRST, CEILING = 0.5, 300.0  # seconds


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


def free(table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
    """Rows that nobody holds: never leased, or the lease ran out."""
    return sa.or_(table.c.until.is_(None), table.c.until <= now)


def claim(
    session: Session, table: sa.Table, due: sa.ColumnElement[bool], terms: Terms, also: Mapping[str, Any]
) -> Sequence[sa.RowMapping]:
    """Lease rows of TABLE that are DUE and free on these TERMS, set what ALSO says, and return them, oldest first.

    On PostgreSQL rows that another process is just taking are passed over; SQLite has one writer and needs no such clause.
    """
    order = table.c.updated_at if "updated_at" in table.c else table.c.id
    chosen = (
        sa.select(table.c.id)
        .where(due, free(table, terms.now))
        .order_by(order)
        .limit(terms.limit)
        .with_for_update(skip_locked=True, of=table)
        .cte("chosen")
    )
    taken = (
        sa.update(table)
        .where(table.c.id.in_(sa.select(chosen.c.id)))
        .values({"token": terms.token, "until": terms.until, **also})
        .returning(*table.c)
    )
    rows = session.connection().execute(taken).mappings().all()
    return sorted(rows, key=lambda row: row[order.name])
