"""What the tests of the bot share: a bot to talk to, and the conversations that are replayed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.talk import Talk, settings, talking

CONVERSATIONS = Path(__file__).parent.parent / "conversations"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Rosebrook's bot on a database of its own, on a Monday morning in term."""
    async with talking(settings(tmp_path)) as talk:
        yield talk


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a `conversation` gets each of them."""
    if "conversation" in metafunc.fixturenames:
        files = sorted(CONVERSATIONS.glob("*.txt"))
        metafunc.parametrize("conversation", files, ids=[file.stem for file in files])
