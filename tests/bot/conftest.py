"""What the tests of the bot share: a bot to talk to, and the conversations that are replayed."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import digests
from bot.schools import SHIPPED
from storage.store import Store
from tests.model import Model
from tests.starting import alike, started_alike  # noqa: F401 - fixtures
from tests.talk import Talk, settings, talking
from tests.terminal import done

CONVERSATIONS = Path(__file__).parent.parent / "conversations"


@pytest.fixture(autouse=True)
def _digests_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A digest goes out when a test says so (`app.digests.look`): by themselves they would come in the middle of other talk."""
    monkeypatch.setattr(digests, "POLL", 3600.0)


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


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    """A model that finds what the test tells it to find."""
    model = Model()
    model.put_in(monkeypatch)
    return model


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to set up a Signpost in, with nothing of ours in the environment."""
    for name in [name for name in os.environ if name.startswith("SIGNPOST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def site(place):
    """A Signpost that has been set up: rosebrook on the web, its key beside the site and not in it."""
    done("init", "--yes", "--school", "rosebrook", "--key", str(place.parent / "keys" / "signpost.key"))
    return place


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a `conversation` gets each of them."""
    if "conversation" in metafunc.fixturenames:
        files = sorted(CONVERSATIONS.glob("*.txt"))
        metafunc.parametrize("conversation", files, ids=[file.stem for file in files])


async def publishes(store: Store, markdown: str, topics: str | None) -> None:
    """MARKDOWN goes live after whatever is."""
    live = await store.policies.live()
    await store.policies.publish(markdown, topics, after=live.number if live else 0)
