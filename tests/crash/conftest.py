"""What the crash tests share: the process that all lives of the bot are forked from, and a bot that nobody kills."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from storage.keyring import Keyring
from tests.crash.nursery import Nursery, nursery
from tests.crash.storm import Storm, brewing


@pytest.fixture(scope="session")
def lives() -> Iterator[Nursery]:
    """Imports the bot once for all tests."""
    with nursery() as lives:
        yield lives


@pytest.fixture
async def storm(
    kind: str, fresh_url: Callable[[str], str], keyring: Keyring, lives: Nursery, tmp_path: Path
) -> AsyncIterator[Storm]:
    """A school on either database, its people, the platform, and no process of the bot yet."""
    async with brewing(fresh_url(kind), keyring, lives, tmp_path) as storm:
        yield storm
