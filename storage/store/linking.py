"""Cases that belong together: one row for each pair, the smaller id first, so that a link is there once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.store.scope import Scope
from storage.tables import CaseLink, table

LINK = table(CaseLink)


def linked(case: str) -> sa.Select[tuple[str]]:
    """The ids of the cases that CASE is linked with, for a statement that says which of them may be seen."""
    there = sa.select(LINK.c.other).where(LINK.c.one == case)
    return there.union(sa.select(LINK.c.one).where(LINK.c.other == case)).subquery().select()


def link(scope: Scope, pairs: Sequence[tuple[str, str]], at: datetime) -> None:
    """Write down that each of PAIRS belongs together. The caller has locked both cases."""
    for pair in pairs:
        one, other = sorted(pair)
        row = {"one": one, "other": other, "school": scope.school, "at": at}
        scope.connection.execute(scope.insert(LINK).values(row).on_conflict_do_nothing())


def unlink(scope: Scope, pairs: Sequence[tuple[str, str]]) -> None:
    """Each of PAIRS belongs together no longer."""
    for pair in pairs:
        one, other = sorted(pair)
        here = (LINK.c.school == scope.school, LINK.c.one == one, LINK.c.other == other)
        scope.connection.execute(sa.delete(LINK).where(*here))
