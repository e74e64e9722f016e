"""Which schema a database has, and which this version knows. Quick to ask: whoever starts asks, and mostly all is well.

The migrations are files whose names begin with their number, and that number is the schema. Alembic, which carries them out, is
loaded only where there is something to carry out.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from storage.database import Database

FOLDER = Path(__file__).parent / "migrations"
TABLE = "alembic_version"


class SchemaNewer(Exception):
    """The database was written by a newer version; going on would damage it."""


def head() -> str:
    """The newest schema this version knows."""
    return max(_numbers())


def known(revision: str) -> bool:
    """True when this version knows the schema REVISION."""
    return revision in _numbers()


def current(database: Database) -> str | None:
    """The schema DATABASE has; None when it is empty. Refuses one from a newer version."""
    with database.reader.connect() as connection:
        return current_of(connection)


def current_of(connection: sa.Connection) -> str | None:
    """The schema behind CONNECTION, as `current`."""
    if not sa.inspect(connection).has_table(TABLE):
        return None
    revision: str | None = connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(TABLE))).scalar()
    if revision is not None and not known(revision):
        raise SchemaNewer(
            f"The database has schema {revision}, which this version of Signpost does not know (it knows up to {head()}). "
            "Install the version that wrote it, or a newer one."
        )
    return revision


def _numbers() -> frozenset[str]:
    return frozenset(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))
