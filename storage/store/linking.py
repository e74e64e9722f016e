"""Cases that belong together: one row for each pair, the smaller id first, so that a link is there once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from flows.cases.acts import OTHER, Doing
from flows.cases.chronology import Happened, History
from storage.store.scope import Scope
from storage.tables import Case, CaseLink, table

CASE, LINK = table(Case), table(CaseLink)
_LINKING = frozenset({Doing.LINKED, Doing.UNLINKED})


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


def links_told(scope: Scope, found: History, visible: sa.ColumnElement[bool]) -> History:
    """FOUND without a trace of links to cases that are not VISIBLE; those that are stand there by their reference."""
    links = [one for one in found.happened if one.act in _LINKING]
    if not links:
        return found
    wanted = {str(one.details[OTHER]) for one in links if one.details and OTHER in one.details}
    statement = sa.select(CASE.c.id, CASE.c.reference).where(CASE.c.school == scope.school, CASE.c.id.in_(wanted), visible)
    references = {row.id: row.reference for row in scope.connection.execute(statement)}
    return replace(found, happened=tuple(_told(found.happened, references)))


def _told(happened: Iterable[Happened], references: Mapping[str, str]) -> Iterator[Happened]:
    for one in happened:
        if one.act not in _LINKING:
            yield one
        # Where the details are gone nobody can tell which case it was, and so not whether this reader may know of it.
        elif one.details and (reference := references.get(str(one.details.get(OTHER)))):
            yield replace(one, details={"with": reference})
