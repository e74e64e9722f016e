"""A bot for each school, or one for several: whoever writes reaches the right one, and is asked once which it is."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import app as composition
from bot import logs, wording
from bot.app import App
from bot.channels.telegram.buttons import pick
from bot.wording_invites import DOES_NOT_WORK
from bot.wording_telegram import MENU_OF_MANY, WHICH_SCHOOL
from tests.drivers import Patience
from tests.driving.telegram import settings
from tests.fakes import HandClock
from tests.telegram_wire import GROUP, Bot, Person, Wire, telegram, until

ROSEBROOK, TRENT = "Rosebrook", "Trent"
DANGER = "He is on the roof of the school and says he will jump"


@dataclass
class Trust:
    """Two schools, and their people."""

    app: App
    wire: Wire

    async def reads(self, who: Person, bot: Bot, words: str, times: int = 1) -> None:
        """Wait until WHO can read WORDS from BOT that many TIMES."""

        async def there() -> bool:
            return sum(words in message["text"] for message in who.screen(bot)) >= times

        await Patience(self.app).until(there, words)

    async def heard(self, school: str, place: str) -> list[str]:
        """What SCHOOL has kept from whoever sits at PLACE."""
        lines = await self.app.stores[school].conversations.transcript("telegram", place, place, 99)
        return [json.loads(line.body)["text"] for line in lines if line.kind == "heard"]


@asynccontextmanager
async def trust(wire: Wire, folder: Path, tokens: dict[str, str]) -> AsyncIterator[Trust]:
    """Rosebrook and Trent, with TOKENS."""
    async with composition.running(settings(folder, wire, tokens, schools=("rosebrook", "trent")), HandClock()) as app:
        yield Trust(app, wire)


# A bot for each.


async def test_each_school_has_its_own_bot(tmp_path: Path):
    """The same person is a stranger at the other, and each bot speaks for its own school."""
    async with telegram() as wire:
        one, other = wire.bot("rosebrook_bot"), wire.bot("trent_bot")
        parent = wire.person("Parent")
        async with trust(wire, tmp_path, {"token_rosebrook": one.token, "token_trent": other.token}) as here:
            assert await parent.says(one, "/help").received()
            assert await parent.says(other, "/help").received()
            await here.reads(parent, one, ROSEBROOK)
            await here.reads(parent, other, TRENT)
            assert await here.heard("rosebrook", f"{one.id}:{parent.id}") == ["/help"]
            assert await here.heard("trent", f"{other.id}:{parent.id}") == ["/help"]
            assert await here.heard("trent", f"{one.id}:{parent.id}") == []


async def test_one_schools_wrong_token_leaves_the_others_at_work(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    """It is said loudly, with the school, and only that school's state says so; when none is left, nothing is tried again."""
    logs.setup("json", "info")
    async with telegram() as wire:
        one, other = wire.bot("rosebrook_bot"), wire.bot("trent_bot")
        wire.revoke(one)
        async with trust(wire, tmp_path, {"token_rosebrook": one.token, "token_trent": other.token}) as here:
            assert await wire.person("Parent").says(other, "hello").received()
            await here.reads(wire.person("Parent"), other, TRENT)
            supervisor = here.app.supervisor
            assert supervisor.states_at("rosebrook") == {"telegram": "misconfigured"}
            assert supervisor.states_at("trent") == supervisor.states == {"telegram": "up"}
            assert here.app.conversations._around.down("rosebrook") == {"telegram"}
            assert here.app.conversations._around.down("trent") == frozenset()
            assert here.app.health.channels() == {"telegram": "up", "telegram of rosebrook": "misconfigured"}
            wire.revoke(other)
            wire.person("Parent").says(other, "hello again")
            await until(lambda: here.app.supervisor._states["telegram"] == "misconfigured")
    out, err = capfd.readouterr()
    assert "a school's bot is misconfigured" in out + err
    assert "rosebrook" in out + err


# One for several.


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[tuple[Trust, Bot]]:
    """One bot for both."""
    async with telegram() as wire:
        bot = wire.bot("trust_bot")
        async with trust(wire, tmp_path, {"token": bot.token}) as here:
            yield here, bot


async def test_whoever_writes_first_is_asked_once_and_their_words_go_to_the_school_they_pick(shared: tuple[Trust, Bot]):
    """Nothing has to be typed again, nothing is kept before it is known where it belongs, and 999 stands beside the question."""
    here, bot = shared
    parent = here.wire.person("Parent")
    assert await parent.says(bot, "/report").received()
    await here.reads(parent, bot, WHICH_SCHOOL)
    assert "999" in WHICH_SCHOOL
    lag = await here.app.work.lag(here.app.clock.now())
    assert lag["inbox"].waiting == 0
    title = here.app.schools["trent"].title
    assert await parent.presses(bot, title).received()
    await here.reads(parent, bot, wording.REPORT_PROMPT)
    assert await here.heard("trent", f"{bot.id}:{parent.id}:trent") == ["report"]
    assert await here.heard("rosebrook", f"{bot.id}:{parent.id}:rosebrook") == []
    assert await parent.says(bot, "hello").received()
    assert len([one for one in parent.screen(bot) if one["text"] == WHICH_SCHOOL]) == 1
    assert [one["command"] for one in bot.commands] == [name for name, _ in MENU_OF_MANY]


async def test_the_link_of_an_invitation_says_the_school_and_brings_the_code(shared: tuple[Trust, Bot]):
    """Also to somebody who talked with the other school last; what is not a school is asked for as ever."""
    here, bot = shared
    parent = here.wire.person("Parent")
    assert await parent.says(bot, "/start rosebrook").received()
    await here.reads(parent, bot, ROSEBROOK)
    assert await parent.says(bot, "/start trent_BCDFGHJKMN").received()
    await here.reads(parent, bot, DOES_NOT_WORK)
    assert await here.heard("trent", f"{bot.id}:{parent.id}:trent") == ["/start BCDFGHJKMN"]


async def test_nobody_is_asked_again_after_a_restart(tmp_path: Path):
    """Their conversation is what knows it. An old button leads to the school that showed it."""
    async with telegram() as wire:
        bot, parent = wire.bot("trust_bot"), wire.person("Parent")
        async with trust(wire, tmp_path, {"token": bot.token}) as here:
            assert await parent.says(bot, "/start trent").received()
            await here.reads(parent, bot, TRENT)
        async with trust(wire, tmp_path, {"token": bot.token}) as here:
            assert await parent.presses(bot, "Report something").received()
            await here.reads(parent, bot, wording.REPORT_PROMPT)
            assert await parent.says(bot, "stop").received()
            assert await here.heard("trent", f"{bot.id}:{parent.id}:trent") == ["/start", "report", "stop"]
            assert not any(one["text"] == WHICH_SCHOOL for one in parent.screen(bot))


async def test_somebody_with_children_at_two_schools_can_change(shared: tuple[Trust, Bot]):
    """/school asks again; a button of the other school still goes to the other."""
    here, bot = shared
    parent = here.wire.person("Parent")
    assert await parent.says(bot, "/start rosebrook").received()
    await here.reads(parent, bot, ROSEBROOK)
    menu = parent.screen(bot)[-1]
    carried = menu["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    assert await parent.says(bot, "/school").received()
    assert await parent.presses(bot, here.app.schools["trent"].title).received()
    await here.reads(parent, bot, TRENT)
    assert await parent.presses_data(bot, menu, carried).received()
    assert await here.heard("trent", f"{bot.id}:{parent.id}:trent") == ["/start"]
    assert await here.heard("rosebrook", f"{bot.id}:{parent.id}:rosebrook") == ["/start", "person"]


async def test_the_question_comes_again_until_it_could_be_asked(shared: tuple[Trust, Bot]):
    """A refusal for now means that the words were not taken; one for good means that nobody waits."""
    here, bot = shared
    parent = here.wire.person("Parent")
    here.wire.fails("5xx", 1)
    said = parent.says(bot, "hello")
    await here.reads(parent, bot, WHICH_SCHOOL)
    assert said.delivered >= 2
    parent.blocks(bot)
    assert await parent.says(bot, "hello").received()


async def test_a_made_up_pick_picks_nothing(shared: tuple[Trust, Bot]):
    """Schools that this bot does not serve, and garbage."""
    here, bot = shared
    parent = here.wire.person("Parent")
    assert await parent.says(bot, "hello").received()
    await here.reads(parent, bot, WHICH_SCHOOL)
    for odd in (pick("mosaic"), "?", "~xyz=menu\nreport", "=menu\nreport"):
        assert await parent.presses_data(bot, parent.screen(bot)[0], odd).received()
    for school in ("rosebrook", "trent"):
        assert await here.heard(school, f"{bot.id}:{parent.id}:{school}") == []


async def test_a_card_of_either_school_is_answered_at_that_school(shared: tuple[Trust, Bot]):
    """Somebody who is told at both presses each card where it stands, whichever school they last wrote to."""
    here, bot = shared
    lead, parent = here.wire.person("Lead"), here.wire.person("Parent")
    here.wire.begun.add((bot.id, lead.id))
    for school in ("rosebrook", "trent"):
        await here.app.stores[school].people.add("Lead", ("dsl",), (("telegram", f"{bot.id}:{lead.id}:{school}"),))
    references = {}
    for school in ("rosebrook", "trent"):
        assert await parent.says(bot, f"/start {school}").received()
        assert await parent.says(bot, DANGER).received()
        await here.reads(lead, bot, "needs you", times=len(references) + 1)
        references[school] = re.search(r"SP-\w{5}", lead.screen(bot)[-1]["text"])[0]
    first = next(one for one in lead.screen(bot) if references["rosebrook"] in one["text"])
    carried = next(
        button["callback_data"]
        for row in first["reply_markup"]["inline_keyboard"]
        for button in row
        if button["text"] == wording.ACKNOWLEDGE
    )
    assert await lead.presses_data(bot, first, carried).received()
    await here.reads(parent, bot, references["rosebrook"], times=2)
    lead_there = await here.app.stores["trent"].people.by_place("telegram", f"{bot.id}:{lead.id}:trent")
    (waiting,) = await here.app.stores["trent"].seen_by(lead_there).open()
    assert waiting.reference == references["trent"]
    assert waiting.acknowledged_at is None


async def test_a_group_of_both_schools_is_shown_the_way_too(shared: tuple[Trust, Bot]):
    """Nobody there is asked in public which school it is."""
    here, bot = shared
    assert await here.wire.person("Teacher").says(bot, "@trust_bot somebody follows a pupil", chat=GROUP).received()
    await until(lambda: [one for one in here.wire.chat(bot, GROUP) if one["from"]["id"] == bot.id])
    assert WHICH_SCHOOL not in [one["text"] for one in here.wire.chat(bot, GROUP)]
