"""Every channel is kept running by itself, and none of them holds up the others."""

from __future__ import annotations

import asyncio

import pytest

from bot import supervisor
from bot.channel import Misconfigured
from bot.supervisor import Supervisor
from tests.fakes import FakeChannel


class Flaky(FakeChannel):
    """Fails a number of times, then runs."""

    async def run(self, receive):
        self.runs = getattr(self, "runs", 0) + 1
        if self.errors:
            raise self.errors.pop(0)
        await super().run(receive)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same back-off, a hundred times as fast."""
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.005)
    monkeypatch.setattr(supervisor, "LONGEST_WAIT", 0.02)


async def received(school: str, message: object) -> bool:
    """An inbox that takes everything."""
    return True


async def test_a_channel_that_fails_is_started_again_until_it_runs():
    """A platform that is down in the morning is not a bot that is down in the morning."""
    flaky, steady = Flaky("flaky"), FakeChannel("steady")
    flaky.errors = [ConnectionRefusedError() for _ in range(6)]
    keeper = Supervisor({"flaky": flaky, "steady": steady}, received)
    task = asyncio.create_task(keeper.run())
    async with asyncio.timeout(5):
        await steady.started.wait()
        await flaky.started.wait()
    assert flaky.runs == 7
    assert keeper.states == {"flaky": "up", "steady": "up"}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_wrong_credentials_are_said_aloud_and_not_retried(capfd: pytest.CaptureFixture[str]):
    """Trying again cannot help: somebody has to change them. The others go on."""
    wrong, steady = Flaky("web"), FakeChannel("console")
    wrong.errors = [Misconfigured("the token xoxb-secret is wrong")]
    keeper = Supervisor({"web": wrong, "console": steady}, received)
    task = asyncio.create_task(keeper.run())
    async with asyncio.timeout(5):
        await steady.started.wait()
    await asyncio.sleep(0.05)
    assert wrong.runs == 1
    assert keeper.states == {"web": "misconfigured", "console": "up"}
    logged = capfd.readouterr()
    assert "misconfigured" in logged.out + logged.err
    assert "xoxb-secret" not in logged.out + logged.err
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_cancelling_ends_every_channel():
    """The way out is as quick as the way in."""
    channels = {name: FakeChannel(name) for name in ("a", "b", "c")}
    task = asyncio.create_task(Supervisor(channels, received).run())
    await asyncio.gather(*(channel.started.wait() for channel in channels.values()))
    task.cancel()
    async with asyncio.timeout(2):
        await asyncio.gather(task, return_exceptions=True)
    assert task.done()


async def test_a_channel_that_runs_without_being_connected_is_not_up():
    """A push must not be left with a channel that only tries: it goes to the person's next place meanwhile."""

    class Trying(FakeChannel):
        standing = "starting"

    trying = Trying("trying")
    supervised = Supervisor({"trying": trying, "steady": FakeChannel("steady")}, received)
    task = asyncio.create_task(supervised.run())
    await trying.started.wait()
    assert supervised.states == {"trying": "starting", "steady": "up"}
    trying.standing = "up"
    assert supervised.states["trying"] == "up"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
