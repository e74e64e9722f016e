"""What all rows are made of: one catalogue of tables with predictable names, moments, and numbers that count up.

Moments are whole microseconds since 1970 in UTC: the same number on both databases, quick to compare, and no time zone to lose.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Constraint names have to be the same on both databases, or a later migration could not name what it drops.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC, kept as whole microseconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone was to be stored: pass an aware datetime, such as clock.now().")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else _EPOCH + timedelta(microseconds=value)


# SQLite counts a row up by itself only when its key is spelt INTEGER.
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def counted() -> Any:
    """A field for a row's number, counted up by the database."""
    return Field(default=None, sa_type=cast("Any", COUNTED), primary_key=True)


def moment(**more: Any) -> Any:
    """A field for a moment."""
    return Field(sa_type=Moment, **more)


class Row(SQLModel):
    """What all rows share: one catalogue of tables with predictable names."""

    metadata: ClassVar[sa.MetaData] = sa.MetaData(naming_convention=NAMING)


def table(row: type[Row]) -> sa.Table:
    """The table behind ROW, for statements that must be quick."""
    return Row.metadata.tables[str(row.__tablename__)]
