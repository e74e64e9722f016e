"""How a migration is drafted from `tables.py`: in plain types, and without differences that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import AutoString

from storage.tables import Moment

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def render(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Plain types in a migration, so that it still runs when the code has moved on, and defaults that both databases take."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "server_default" and isinstance(item, sa.DefaultClause) and isinstance(item.arg, sa.sql.elements.False_):
        return "sa.false()"
    return False


def same_type(_context: Any, _inspected: Any, _column: Any, inspected: Any, wanted: Any) -> bool | None:
    """A moment is a whole number in the database; leave the rest to Alembic."""
    if isinstance(wanted, Moment):
        return not isinstance(inspected, sa.BigInteger | sa.Integer)
    return None
