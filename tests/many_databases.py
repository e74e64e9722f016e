"""Lets a test run open thousands of databases: they share what they compiled, as in one process of the bot, and wait for no disk.

Each engine compiles every statement anew when it first meets it. A bot does that once in its life; a test run did it for every
test, and it was most of what many of them did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from storage import database

AS_SHIPPED = database.PRAGMAS
# Tests end processes, which loses nothing that was handed to the system; they cut no power.
HURRIED = tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in AS_SHIPPED)


@contextmanager
def quick() -> Iterator[None]:
    """Databases that are opened within share their compiled statements, those of each kind among themselves, and sync nothing."""
    with pytest.MonkeyPatch.context() as instead:
        instead.setattr(database, "PRAGMAS", HURRIED)
        for kind in ("_sqlite", "_postgresql"):
            instead.setattr(database, kind, _sharing(getattr(database, kind)))
        yield


def _sharing(make: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
    compiled: dict[Any, Any] = {}
    known: list[sa.Dialect] = []

    def made(*args: Any) -> sa.Engine:
        engine = make(*args)
        # A dialect learns from its first connection what the server can do. Only one that has is lent to other engines.
        if not known or getattr(known[0], "server_version_info", None) is None:
            known[:] = [engine.dialect]
        engine.dialect = known[0]
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    return made
