"""Telegram when it does not go well: outages, refusals, garbage, a second reader, a stop with a request open, a wrong token."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import app as composition
from bot import wording
from bot.channel import SendFailed
from bot.channels.telegram.one_bot import Line, OneBot
from bot.channels.telegram.saying import Part
from bot.clock import SystemClock
from bot.messages import Address, Reply
from bot.wording_telegram import UNREADABLE
from tests.drivers import Patience, only_channel, passes
from tests.driving.telegram import TelegramDriver, driving, running, settings
from tests.fakes import HandClock
from tests.telegram_wire import telegram, until

HERE = Path(__file__).parents[2]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[TelegramDriver]:
    """Rosebrook's bot on a Monday morning."""
    async with driving(tmp_path) as driver:
        yield driver


async def settles(driver: TelegramDriver, holds, what: str) -> None:
    """Wait until HOLDS is true."""

    async def so() -> bool:
        return bool(holds())

    await Patience(driver.app).until(so, what)


# What comes in.


async def test_the_bot_starts_although_telegram_is_down_and_answers_once_it_is_back(tmp_path: Path):
    """It never holds up the start; nothing that was written meanwhile is lost."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        wire.fails("5xx", 3, method="getMe")
        began = time.monotonic()
        async with running(wire, bot, tmp_path) as here:
            assert here.app.supervisor.states["telegram"] in {"starting", "retrying"}
            said = here.phone("Parent").says(bot, "hello")
            assert time.monotonic() - began < 8
            assert await said.received(within=15)
            await here.reads("Parent", "Signpost")
            assert here.app.supervisor.states["telegram"] == "up"


@pytest.mark.parametrize("how", ["5xx", "429", "reset", "half an answer"])
async def test_an_outage_while_asking_loses_and_repeats_nothing(here: TelegramDriver, how: str):
    """What was handed over on a broken line was not confirmed, so it comes again, and is kept once."""
    here.wire.fails(how, 2, method="getUpdates")
    first = here.phone("Parent").says(here.bot, "/help")
    second = here.phone("Parent").says(here.bot, "/report")

    async def kept() -> bool:
        return first.confirmed and second.confirmed

    await Patience(here.app, within=15).until(kept, "both confirmed")
    await here.reads("Parent", wording.REPORT_PROMPT)
    assert len(await _heard(here)) == 2


async def test_an_update_that_cannot_be_read_does_not_hold_up_the_others(here: TelegramDriver):
    """It is set aside, whoever wrote it in private is told, and those behind it are answered."""
    chat = {"id": here.phone("Parent").id, "type": "private"}
    broken = [
        here.wire.happens(here.bot, message={"message_id": 1, "date": "yesterday", "chat": chat}),
        here.wire.happens(here.bot, callback_query={"id": "1", "from": {"id": 1, "is_bot": False, "first_name": "x"}, "data": "x"}),
        here.wire.happens(here.bot, message=[1, 2]),
        here.wire.happens(
            here.bot, message={"message_id": 2, "date": 1, "chat": chat, "from": here.phone("Parent").as_user(), "text": 5}
        ),
    ]
    here.wire.begun.add((here.bot.id, here.phone("Parent").id))
    assert await here.says("Parent", "hello")
    assert all([await one.received() for one in broken])
    await here.reads("Parent", UNREADABLE, times=2)
    await here.reads("Parent", "Signpost")
    assert len(await _heard(here)) == 1


async def test_an_update_that_cannot_be_kept_whatever_is_tried_ends_after_five_attempts(here: TelegramDriver, monkeypatch):
    """Something in it breaks us each time, and the database is well: it is reported, and those behind it are answered."""
    monkeypatch.setattr("bot.supervisor.FIRST_WAIT", 0.02)
    monkeypatch.setattr("bot.supervisor.LONGEST_WAIT", 0.02)
    receive = here.app.supervisor._receive

    async def breaks(school: str, message) -> bool:
        if message.text == "odd":
            raise ValueError("odd")
        return await receive(school, message)

    here.app.supervisor._receive = only_channel(here.app)._receive = breaks
    odd, behind = here.phone("Parent").says(here.bot, "odd"), here.phone("Parent").says(here.bot, "hello")
    await here.reads("Parent", UNREADABLE)
    await here.reads("Parent", "Signpost")
    assert odd.delivered == 5
    assert odd.confirmed
    assert behind.confirmed


async def test_a_message_kept_by_a_process_that_died_before_confirming_is_handled_once(tmp_path: Path):
    """Killed between the inbox and the next request: Telegram brings it again, under the same number."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        async with running(wire, bot, tmp_path) as here:
            channel = only_channel(here.app)
            kept = channel._receive

            async def keeps_and_dies(school: str, message) -> bool:
                await kept(school, message)
                raise ConnectionError("killed")

            channel._receive = keeps_and_dies
            assert not await here.says("Parent", "/help")
            await here.reads("Parent", "Signpost")
        async with running(wire, bot, tmp_path) as here:
            assert await here.says("Parent", "/report")
            await here.reads("Parent", wording.REPORT_PROMPT)
            assert len(await _heard(here)) == 2
            assert len([one for one in here.phone("Parent").screen(bot) if "Signpost" in one["text"]]) == 1


async def test_a_second_reader_of_the_same_bot_is_waited_out(here: TelegramDriver, monkeypatch: pytest.MonkeyPatch):
    """Telegram cuts off the first of two; it tries again later and takes nothing twice."""
    monkeypatch.setattr("bot.channels.telegram.one_bot.ANOTHER", 0.2)
    await settles(here, lambda: here.wire.counted["getUpdates"], "a first request")
    await asyncio.sleep(0.1)
    other = asyncio.create_task(here.wire.call(here.bot, "getUpdates", {"timeout": "1"}))
    await asyncio.sleep(0.05)
    assert await here.says("Parent", "hello") in {True, False}
    await here.reads("Parent", "Signpost")
    await asyncio.gather(other, return_exceptions=True)
    assert len(await _heard(here)) == 1
    assert here.app.supervisor.states["telegram"] == "up"


async def test_what_waits_from_before_the_webhook_was_taken_away_is_not_dropped(tmp_path: Path):
    """A school that changes from being called to asking loses no message in between."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        said = wire.person("Parent").says(bot, "hello")
        bot.webhook = "https://gone.example/telegram"
        async with running(wire, bot, tmp_path) as here:
            assert await said.received()
            await here.reads("Parent", "Signpost")
            assert bot.webhook == ""


# What goes out.


async def test_telegrams_own_wish_how_long_to_wait_is_honoured(here: TelegramDriver):
    """Not before the 40 seconds have passed on the bot's clock, and then at once."""
    here.wire.fails("429", 1, retry_after=40)
    await here.phone("Parent").says(here.bot, "hello").received()
    await until(lambda: not here.wire.faults)
    passes(here.app, 35)
    await asyncio.sleep(0.3)
    assert here.phone("Parent").screen(here.bot) == []
    await here.reads("Parent", "Signpost")


async def test_whoever_blocked_the_bot_is_not_written_to_for_ever(here: TelegramDriver):
    """The reply ends as undeliverable, for good; others go on being answered."""
    parent = here.phone("Parent")
    await here.says("Parent", "hello")
    await here.reads("Parent", "Signpost")
    parent.blocks(here.bot)
    await here.says("Parent", "hello again")
    await here.says("Teacher", "hello")
    await here.reads("Teacher", "Signpost")

    async def given_up() -> bool:
        return (await here.app.work.lag(here.app.clock.now()))["replies"].waiting == 0

    await Patience(here.app).until(given_up, "nothing waits")
    with pytest.raises(SendFailed) as refused:
        await only_channel(here.app).send(Address("telegram", here.place("Parent")), Reply("x"), "k")
    assert refused.value.permanent


@pytest.mark.parametrize("chat", ["1", "77777777"])
async def test_nobody_is_written_to_who_never_began(here: TelegramDriver, chat: str):
    """Telegram refuses it for good, and says so."""
    with pytest.raises(SendFailed) as refused:
        await only_channel(here.app).send(Address("telegram", f"{here.bot.id}:{chat}"), Reply("x"), "k")
    assert refused.value.permanent


async def test_a_long_answer_that_broke_off_goes_on_where_it_stopped(here: TelegramDriver):
    """What has arrived is not said again."""
    await here.says("Parent", "hello")
    await here.reads("Parent", "Signpost")
    reply, to = Reply("One sentence of it. " * 600), Address("telegram", here.place("Parent"))
    channel = only_channel(here.app)
    sent = here.wire.counted["sendMessage"]
    here.wire.faults.clear()
    calls = channel._bots[here.bot.id].calls
    show, count = calls.show, 0

    async def breaks_off(*args, **more):
        nonlocal count
        count += 1
        if count == 2:
            raise SendFailed("in the middle")
        return await show(*args, **more)

    calls.show = breaks_off
    with pytest.raises(SendFailed):
        await channel.send(to, reply, "one-key")
    await channel.send(to, reply, "one-key")
    assert here.wire.counted["sendMessage"] - sent == 3
    written = "".join(one["text"] for one in here.phone("Parent").screen(here.bot)[1:])
    assert "".join(written.split()) == "".join(reply.text.split())


async def test_what_may_have_arrived_is_told_apart_from_what_did_not(here: TelegramDriver):
    """A refusal is a SendFailed; a line that broke behind the request is not, so that a card is edited that may be on a screen."""
    to = Address("telegram", here.place("Lead"))
    channel = only_channel(here.app)
    for how in ("429", "5xx"):
        here.wire.fails(how)
        with pytest.raises(SendFailed):
            await channel.send(to, Reply("x"), "k")
    for how in ("reset", "half an answer"):
        here.wire.fails(how)
        with pytest.raises(Exception, match="httpx") as unclear:
            await channel.send(to, Reply("x"), "k")
        assert not isinstance(unclear.value, SendFailed)


async def test_a_platform_that_cannot_be_reached_has_taken_nothing(tmp_path: Path):
    """The connection was refused: nobody can have seen it."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
    config = settings(tmp_path, wire, {"token_rosebrook": bot.token})
    async with composition.running(config, HandClock()) as app:
        with pytest.raises(SendFailed) as refused:
            await only_channel(app).send(Address("telegram", f"{bot.id}:42"), Reply("x"), "k")
        assert not refused.value.permanent


# The token, and the end.


async def test_a_wrong_token_is_loud_and_not_tried_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    """The rest of the bot goes on; the state says what it is; the log names no token."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        wire.revoke(bot)
        async with running(wire, bot, tmp_path) as here:
            await settles(here, lambda: here.app.supervisor.states["telegram"] == "misconfigured", "the state")
            asked = wire.counted["getMe"]
            await asyncio.sleep(1.0)
            assert wire.counted["getMe"] == asked
            with pytest.raises(SendFailed) as refused:
                await only_channel(here.app).send(Address("telegram", here.place("Lead")), Reply("x"), "k")
            assert not refused.value.permanent  # once the token is right, it can go out
            assert bot.token not in str(refused.value)
    out, err = capfd.readouterr()
    assert "misconfigured" in out + err
    assert bot.token not in out + err


async def test_it_stops_at_once_with_a_long_request_open(here: TelegramDriver):
    """Telegram holds it for 25 seconds; nobody waits for that."""
    await settles(here, lambda: here.bot.open_poll is not None and not here.bot.open_poll.done(), "a request that is held open")
    (task,) = [one for one in asyncio.all_tasks() if one.get_name() == "channel telegram"]
    began = time.monotonic()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert time.monotonic() - began < 3


async def test_a_hung_telegram_does_not_hold_up_the_stop(tmp_path: Path):
    """Not even in the middle of connecting."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        wire.hung = True
        async with running(wire, bot, tmp_path) as here:
            await asyncio.sleep(0.3)
            assert here.app.supervisor.states["telegram"] == "starting"
            began = time.monotonic()
        assert time.monotonic() - began < 5


async def test_no_line_stays_open_behind_a_stop_in_the_middle_of_a_send():
    """Whatever was under way: what a process leaves open, Telegram has to wait out."""

    async def keeps(_: object) -> None:
        """The disk is full at every other message, so that it stops by itself just when it is told to."""
        if next(count) % 2:
            raise OSError(28, "No space left on device")

    count = itertools.count()

    async with telegram() as wire:
        bot, parent = wire.bot("rosebrook_bot"), wire.person("Parent")
        parent.says(bot, "/start")
        for moment in range(40):
            parent.says(bot, "hello")
            one = OneBot(Line(bot.id, "X", bot.token, wire.address), SystemClock())
            life = asyncio.create_task(one.run(keeps))
            await asyncio.sleep(moment / 4000)
            sends = [asyncio.create_task(one.calls.show(parent.id, Part("x"))) for _ in range(3)]
            await asyncio.sleep(moment / 10_000)
            for task in (life, *(sends if moment % 2 else ())):
                task.cancel()
            await asyncio.gather(life, *sends, return_exceptions=True)
        await until(lambda: not wire.open)


SIGNPOST_TOML = """
schools = ["rosebrook"]
channels = ["telegram"]
data_folder = "data"
key_file = "signpost.key"
[web]
port = 0
[status]
port = 0
[telegram]
api = "{api}"
"""


async def test_sigterm_ends_the_real_process_with_exit_code_0(tmp_path: Path):
    """`signpost run` with a request open and an answer just sent: in well under two seconds where nothing else is to be done."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        (tmp_path / "signpost.toml").write_text(SIGNPOST_TOML.format(api=wire.address))
        key = tmp_path / "signpost.key"
        key.write_text(settings(tmp_path / "k", wire, {}).secrets.keys.get_secret_value())
        key.chmod(0o600)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")}
        environ |= {"SIGNPOST_TELEGRAM_TOKEN_ROSEBROOK": bot.token, "PYTHONPATH": str(HERE)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=tmp_path,
            env=environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            assert await wire.person("Parent").says(bot, "hello").received(within=40)
            await until(lambda: wire.person("Parent").screen(bot), within=20)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            async with asyncio.timeout(10):
                out, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, out.decode()
        assert time.monotonic() - began < 8, (
            "generous: the machine that runs this may be busy; the open request has 25 seconds left"
        )
        assert bot.token.encode() not in out


async def _heard(driver: TelegramDriver) -> list[str]:
    (store,) = driver.app.stores.values()
    lines = await store.conversations.transcript("telegram", driver.place("Parent"), driver.sender("Parent"), 99)
    return [json.loads(line.body)["text"] for line in lines if line.kind == "heard"]
