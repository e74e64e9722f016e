"""What the tests of the bot share: a bot to talk to, and the conversations that are replayed."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.schools import SHIPPED
from tests.talk import Talk, settings, talking

CONVERSATIONS = Path(__file__).parent.parent / "conversations"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Rosebrook's bot on a database of its own, on a Monday morning in term."""
    async with talking(settings(tmp_path)) as talk:
        yield talk


@pytest.fixture
def own(tmp_path: Path):
    """A school's own folder, a copy of Rosebrook's; edit(old, new, file) changes a file in it."""
    shutil.copytree(SHIPPED / "rosebrook", tmp_path / "hill")

    def edit(old: str, new: str, file: str = "school.toml") -> Path:
        path = tmp_path / "hill" / file
        written = path.read_text(encoding="utf-8")
        assert old in written
        path.write_text(written.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return edit


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a `conversation` gets each of them."""
    if "conversation" in metafunc.fixturenames:
        files = sorted(CONVERSATIONS.glob("*.txt"))
        metafunc.parametrize("conversation", files, ids=[file.stem for file in files])
