"""A running bot answers from the version that was published last, without a restart, and says which version that was."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot import editions
from bot.messages import Reply
from bot.schools import SHIPPED, SchoolError
from tests.bot.conftest import publishes
from tests.talk import Talk, Voice, settings, talking, transcript

RULE = "A pupil or parent tries to add or follow you"
WRITTEN = (SHIPPED / "rosebrook" / "policy.md").read_text(encoding="utf-8")
TOPICS = (SHIPPED / "rosebrook" / "topics.toml").read_text(encoding="utf-8")
OLD, NEW = (
    "Tell the headteacher about any friend or follow request",
    "Tell the headteacher within the hour of any friend or follow request",
)
CHANGED = WRITTEN.replace(OLD, NEW)


async def asks_for_the_rule(voice: Voice) -> str:
    """Ask for the rule; where the bot is unsure, press the button that has it. What was read."""
    replies = await voice.says("what must I do when a pupil or a parent tries to add or follow me?")
    if not any(OLD in reply.text or NEW in reply.text for reply in replies):
        replies = await voice.clicks(_button(replies))
    return transcript(replies)


def _button(replies: list[Reply]) -> str:
    return next(choice.label for reply in replies for choice in reply.choices if choice.label.startswith(RULE))


async def taken_up(talk: Talk, number: int) -> None:
    """Wait until the bot answers from version NUMBER."""
    for _ in range(6000):
        if talk.app.schools["rosebrook"].published == number:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"Version {number} was not taken up within a minute.")


async def test_an_answer_changes_with_the_version_and_the_old_one_can_still_be_explained(talk: Talk) -> None:
    """Asked, published, asked again: each answer names its version, and what each said is still there to be shown."""
    store = talk.app.stores["rosebrook"]
    before = await asks_for_the_rule(talk["Teacher"])
    assert OLD in before
    assert "published" not in before
    await publishes(store, WRITTEN, TOPICS)
    await taken_up(talk, 1)
    first = await asks_for_the_rule(talk["Teacher"])
    assert OLD in first
    assert "published here as number 1" in first
    await publishes(store, CHANGED, TOPICS)
    await taken_up(talk, 2)
    second = await asks_for_the_rule(talk["Teacher"])
    assert NEW in second
    assert "published here as number 2" in second
    kept = await store.policies.version(1)
    assert kept is not None
    assert OLD in kept.markdown


async def test_a_restart_answers_from_what_was_live(tmp_path: Path) -> None:
    """The folder does not come back, not even for the first message."""
    async with talking(settings(tmp_path)) as talk:
        await publishes(talk.app.stores["rosebrook"], CHANGED, TOPICS)
    async with talking(settings(tmp_path)) as talk:
        assert talk.app.schools["rosebrook"].published == 1
        assert NEW in await asks_for_the_rule(talk["Teacher"])


async def test_a_version_published_by_another_process_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody wakes the bot on SQLite: it looks for itself, every 20 seconds as shipped."""
    assert editions.LOOK_EVERY <= 30
    monkeypatch.setattr(editions, "LOOK_EVERY", 0.05)
    code = (
        "import asyncio, sys\nfrom storage.database import Database\nfrom storage.store import Store\n"
        "from storage.vault import Keyring, Vault\n"
        "async def main():\n"
        "    database = Database.open(sys.argv[1], Vault(Keyring.parse(open(sys.argv[2]).read())))\n"
        "    await Store(database, 'rosebrook').policies.publish(sys.stdin.read(), open(sys.argv[3]).read(), after=0)\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    config = settings(tmp_path)
    async with talking(config) as talk:
        line = [sys.executable, "-c", code, config.database_url, str(tmp_path / "key"), str(SHIPPED / "rosebrook" / "topics.toml")]
        root = Path(__file__).parents[2]
        await asyncio.to_thread(subprocess.run, line, input=CHANGED, text=True, check=True, cwd=root)
        await taken_up(talk, 1)
        assert NEW in talk.app.schools["rosebrook"].policy.section("6.2.e").text


async def test_a_version_is_read_and_made_ready_beside_the_event_loop(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a second or two, in which others are answered; and the first who asks the new version does not wait for it."""
    threads: list[str] = []
    ready = editions._ask_once

    def noted(policy) -> None:
        threads.append(threading.current_thread().name)
        ready(policy)

    monkeypatch.setattr(editions, "_ask_once", noted)
    await publishes(talk.app.stores["rosebrook"], CHANGED, TOPICS)
    await taken_up(talk, 1)
    assert len(threads) == 1
    assert threads[0] != threading.main_thread().name


async def test_a_version_that_this_machine_does_not_fit_changes_nothing_and_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The school is answered from what held before; the log says what to run, once and not at every look."""
    async with talking(settings(tmp_path)) as talk:
        store = talk.app.stores["rosebrook"]
        await publishes(store, "no policy at all", None)
        for _ in range(3):
            await talk.app.editions.look()
        assert talk.app.schools["rosebrook"].published is None
        assert OLD in await asks_for_the_rule(talk["Teacher"])
        await publishes(store, CHANGED, TOPICS)
        await taken_up(talk, 2)
    said = [line for line in capsys.readouterr().err.splitlines() if "not taken up" in line]
    assert len(said) == 1
    assert "signpost check" in said[0]


async def test_a_version_is_taken_up_once_the_schools_own_file_fits_it(tmp_path: Path) -> None:
    """Somebody corrects school.toml on this machine: no restart is needed, and the corrected file is read with the version."""
    home = tmp_path / "schools" / "rosebrook"
    shutil.copytree(SHIPPED / "rosebrook", home)
    (home / "policy.md").write_text(WRITTEN.rstrip() + "\n- **Newer.** A rule of our own. {#13.z}\n", encoding="utf-8")
    routes = home / "school.toml"
    right = routes.read_text(encoding="utf-8")
    routes.write_text(right.replace('ref = ["6.2", "8", "3"]', 'ref = ["6.2", "8", "13.z"]', 1), encoding="utf-8")
    async with talking(settings(tmp_path, schools_folder=tmp_path / "schools")) as talk:
        await publishes(talk.app.stores["rosebrook"], CHANGED, TOPICS)
        await talk.app.editions.look()
        assert talk.app.schools["rosebrook"].published is None
        routes.write_text(right, encoding="utf-8")
        await talk.app.editions.look()
        assert talk.app.schools["rosebrook"].published == 1
        assert talk.app.schools["rosebrook"].routes["contact_pupil_to_staff"].ref == ("6.2", "8", "3")


async def test_nothing_starts_on_a_live_version_that_does_not_fit(tmp_path: Path) -> None:
    """Neither with that version, nor quietly with an older one."""
    async with talking(settings(tmp_path)) as talk:
        head, tail = WRITTEN.split("+++\n\n", 1)
        await publishes(talk.app.stores["rosebrook"], head + '+++\n\n# Only {#99 for="staff"}\n\nThis is all.\n', None)
    with pytest.raises(SchoolError, match="routes"):
        async with talking(settings(tmp_path)):
            pass
    assert tail
