"""Coming back to a report: the code that opens it from anywhere, beside its reference; only a digest of the two is stored.

A code that was never given, one of another report and one whose report has been purged cannot be told apart: none of them is there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.case import Case
from storage.database import Database
from storage.kept import Code, Unknown
from storage.store.cases import CASE, CONCERN
from storage.store.scope import Scope
from storage.tables import ReportCode, table

CODE = table(ReportCode)


class Following:
    """The codes of one school's reports."""

    def __init__(self, database: Database, school: str) -> None:
        self._database = database
        self._school = school

    async def opens(self, reference: str, code: str, person: str | None = None) -> str | None:
        """The key that REFERENCE and CODE make, if they open a report. To a PERSON whom it concerns they open nothing."""

        def read(session: Session) -> str | None:
            scope = Scope.of(session, self._database.vault, self._school)
            key = _key(scope, reference, code)
            found = scope.connection.execute(sa.select(CASE.c.id).where(CASE.c.school == scope.school, opened({key}, person)))
            return None if found.first() is None else key

        return await self._database.read(read)


def opened(keys: Collection[str], person: str | None) -> sa.ColumnElement[bool]:
    """Which cases KEYS open, to a PERSON of the school or to somebody it does not know: never one that is about them."""
    given = sa.exists().where(CODE.c.case_id == CASE.c.id, CODE.c.school == CASE.c.school, CODE.c.digest.in_(sorted(keys)))
    if person is None:
        return given
    return sa.and_(given, ~sa.exists().where(CONCERN.c.case_id == CASE.c.id, CONCERN.c.person_id == person))


def keep(scope: Scope, codes: Collection[Code], at: datetime) -> None:
    """Write down what CODES were told to whoever sent a report. A report has one code for ever."""
    if not codes:
        return
    ours = sa.select(CASE.c.id, CASE.c.reference).where(CASE.c.school == scope.school, CASE.c.id.in_([one.case for one in codes]))
    references = {row.id: row.reference for row in scope.connection.execute(ours)}
    if any(one.case not in references for one in codes):
        raise Unknown("No case of this school has that id.")
    rows = [
        {
            "case_id": one.case,
            "school": scope.school,
            "digest": _key(scope, references[one.case], one.code),
            "created_at": at,
        }
        for one in codes
    ]
    scope.connection.execute(scope.insert(CODE).values(rows).on_conflict_do_nothing())


def forget(scope: Scope, case: Case) -> None:
    """Nothing opens CASE any more."""
    scope.connection.execute(sa.delete(CODE).where(CODE.c.case_id == case.id, CODE.c.school == scope.school))


def _key(scope: Scope, reference: str, code: str) -> str:
    return scope.vault.look_up("report code", scope.school, reference, code)
