"""The bot starts whole or not at all, and stops when it is told to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot import app as composition
from bot.keys import NoKey
from bot.schools import SHIPPED, SchoolError
from knowledge import risk
from storage.kept import Act
from tests.fakes import FakeChannel, HandClock
from tests.site import rehearsing
from tests.talk import settings, talking


async def start(config) -> None:
    """Start it with CONFIG and let it end again."""
    async with composition.running(config, HandClock(), channels={"fake": FakeChannel()}):
        pass


async def test_without_its_danger_words_the_bot_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Triage never switches itself off: no data, no bot; the message names the file and the remedy."""
    monkeypatch.setattr(composition, "Triage", _Loads(tmp_path / "risk.toml"))
    with pytest.raises(risk.RiskDataMissing, match=r"risk\.toml.*does not start without it"):
        await start(settings(tmp_path))


class _Loads:
    """The triage, looking for its data elsewhere."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> risk.Triage:
        return risk.Triage.load(self._path)


async def test_without_a_key_the_bot_does_not_start(tmp_path: Path):
    """Nothing is ever stored unsealed; the message says where a key is looked for."""
    config = settings(tmp_path).model_copy(update={"secrets": settings(tmp_path).secrets.model_copy(update={"keys": None})})
    with pytest.raises(NoKey, match="SIGNPOST_KEYS"):
        await start(config)


async def test_a_school_with_a_matter_that_nobody_would_be_told_of_stops_the_start(tmp_path: Path):
    """A report without a way would be a report lost."""
    own = tmp_path / "schools" / "hill"
    own.mkdir(parents=True)
    for name in ("policy.md", "school.toml"):
        own.joinpath(name).write_text((SHIPPED / "rosebrook" / name).read_text(encoding="utf-8"), encoding="utf-8")
    file = own / "school.toml"
    written = file.read_text(encoding="utf-8")
    begin, end = written.index("[routes.existing_relationship]"), written.index("# Bullying and threats.")
    file.write_text(written[:begin] + written[end:], encoding="utf-8")
    config = settings(tmp_path).model_copy(update={"schools": ("hill",), "schools_folder": tmp_path / "schools"})
    with pytest.raises(SchoolError, match=r"routes\.existing_relationship: E05: nobody would be told"):
        await start(config)


async def test_a_second_start_finds_everything_as_it_was(tmp_path: Path):
    """The people, the roles and the reports outlive the process."""
    async with talking(settings(tmp_path)) as talk:
        before = await talk.app.stores["rosebrook"].people.list()
    async with talking(settings(tmp_path)) as talk:
        assert await talk.app.stores["rosebrook"].people.list() == before


async def test_a_rehearsal_begins_when_the_school_is_open_and_never_goes_back(tmp_path: Path):
    """A newcomer on a Saturday still sees a report climb; one who skipped ahead and started again does not meet the past."""
    config = rehearsing(tmp_path).model_copy(update={"channels": ()})
    async with composition.running(config, channels={"fake": FakeChannel()}) as app:
        assert app.schools["rosebrook"].calendar.is_open(app.clock.now())
        app.clock.move_to(app.clock.now() + timedelta(days=30))
        moved = app.clock.now()
        await app.stores["rosebrook"].audit.append((Act("looked"),), moved)
    async with composition.running(config, channels={"fake": FakeChannel()}) as app:
        assert app.clock.now() >= moved
