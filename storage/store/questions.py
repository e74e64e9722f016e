"""Questions that the policy did not answer, and answers that were rated: what a school can learn from, without who asked."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from storage.database import Database
from storage.kept import Asked, Unknown
from storage.store.scope import Scope
from storage.tables import Asked as AskedRow
from storage.tables import table

ASKED = table(AskedRow)


class Count(NamedTuple):
    """How many questions of one band got one rating. `passed_on` of them came with their words."""

    band: str
    helpful: bool | None
    questions: int
    passed_on: int


class Questions:
    """What was asked of one school in vain. Nothing in it says who asked."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def in_vain(self, since: datetime, limit: int = 100) -> tuple[Asked, ...]:
        """The last LIMIT questions SINCE then that got no sure answer, or one that did not help; newest first."""
        return await self._database.read(
            lambda session: _in_vain(Scope.of(session, self._database.vault, self._school), since, limit)
        )

    async def counts(self, since: datetime) -> tuple[Count, ...]:
        """How many were kept SINCE then, by band and rating."""
        return await self._database.read(lambda session: self._counts(session, since))

    def _counts(self, session: Session, since: datetime) -> tuple[Count, ...]:
        by = (ASKED.c.band, ASKED.c.helpful)
        statement = (
            sa.select(*by, sa.func.count(), sa.func.count(ASKED.c.words))
            .where(ASKED.c.school == self._school, ASKED.c.at >= since)
            .group_by(*by)
        )
        rows = session.connection().execute(statement).all()
        return tuple(sorted((Count(*row) for row in rows), key=lambda count: (count.band, str(count.helpful))))


def keep(scope: Scope, asked: Asked, at: datetime) -> None:
    """Keep ASKED, or add its rating and its words to what was kept under the same key. What stands is not written over."""
    row = {
        "school": scope.school,
        "key": asked.key,
        "at": at,
        "audience": asked.audience,
        "band": asked.band,
        "version": asked.version,
        "refs": json.dumps(asked.refs),
        "helpful": asked.helpful,
        "words": None if asked.words is None else scope.vault.seal("asked", "words", asked.key, asked.words),
    }
    put = scope.insert(ASKED).values(row)
    more = {
        "helpful": sa.func.coalesce(put.excluded.helpful, ASKED.c.helpful),  # people change their minds
        "words": sa.func.coalesce(ASKED.c.words, put.excluded.words),
    }
    ours = ASKED.c.school == scope.school
    kept = put.on_conflict_do_update(index_elements=["key"], set_=more, where=ours).returning(ASKED.c.id)
    if scope.connection.execute(kept).first() is None:
        raise Unknown("That question was asked at another school.")


def _in_vain(scope: Scope, since: datetime, limit: int) -> tuple[Asked, ...]:
    statement = (
        sa.select(ASKED)
        .where(ASKED.c.school == scope.school, ASKED.c.at >= since)
        .where(sa.or_(ASKED.c.band != "yes", ASKED.c.helpful.is_(False)))
        .order_by(ASKED.c.at.desc(), ASKED.c.id.desc())
        .limit(limit)
    )
    return tuple(
        Asked(
            audience=row["audience"],
            band=row["band"],
            version=row["version"],
            refs=tuple(json.loads(row["refs"])),
            helpful=row["helpful"],
            words=scope.vault.opened("asked", "words", row["key"], row["words"]),
            key=row["key"],
            at=row["at"],
        )
        for row in scope.connection.execute(statement).mappings()
    )
