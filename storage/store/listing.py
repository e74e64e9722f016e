"""The cases that somebody may see, with the few facts a list needs: thousands of them are read at once, without their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from flows.cases.case import Severity, Status
from storage.audit import LINK
from storage.store.scope import Scope
from storage.store.told import RESTARTS, STEPS
from storage.tables import Case as CaseRow
from storage.tables import Moment, table

CASE = table(CaseRow)


@dataclass(frozen=True, slots=True)
class Listed:
    """One case in a list. `since` is when its clock began, or, where somebody has it, when anybody last did anything about it."""

    id: str
    reference: str
    matter: str
    severity: Severity
    status: Status
    holder: str | None
    opened_at: datetime
    since: datetime
    version: int
    drill: bool = False

    @property
    def waiting(self) -> bool:
        """Whether nobody has it."""
        return self.status is Status.OPEN


def listed(scope: Scope, which: sa.ColumnElement[bool]) -> tuple[Listed, ...]:
    """The cases of the scope's school for which WHICH holds, oldest first."""
    # Asked for each case by its index, and not by a list of thousands of ids.
    began = _newest(scope, RESTARTS)
    stepped = _newest(scope, STEPS)
    since = sa.case((CASE.c.status == Status.OPEN.value, began), else_=stepped)
    statement = (
        sa.select(
            CASE.c.id,
            CASE.c.reference,
            CASE.c.matter,
            CASE.c.severity,
            CASE.c.status,
            CASE.c.holder,
            CASE.c.opened_at,
            sa.type_coerce(sa.func.coalesce(since, CASE.c.opened_at), Moment).label("since"),
            CASE.c.version,
            CASE.c.drill,
        )
        .where(CASE.c.school == scope.school, which)
        .order_by(CASE.c.opened_at, CASE.c.id)
    )
    severities, statuses = {one.value: one for one in Severity}, {one.value: one for one in Status}
    return tuple(
        Listed(
            row.id,
            row.reference,
            row.matter,
            severities[row.severity],
            statuses[row.status],
            row.holder,
            row.opened_at,
            row.since,
            row.version,
            bool(row.drill),
        )
        for row in scope.connection.execute(statement)
    )


def _newest(scope: Scope, acts: Sequence[str]) -> sa.ScalarSelect[datetime]:
    mine = (LINK.c.school == scope.school, LINK.c.case_id == CASE.c.id, LINK.c.act.in_([str(act) for act in acts]))
    return sa.select(sa.func.max(LINK.c.at)).where(*mine).correlate(CASE).scalar_subquery()
