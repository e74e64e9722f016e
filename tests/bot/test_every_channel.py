"""What every channel promises, whoever wrote it. A new file in bot/channels/ is in here as soon as it has a driver below.

A driver brings one message in by the channel's own edge, the way its platform would, and says whether the platform was told
"received". Everything else is asked of the channel itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from starlette.routing import BaseRoute

from bot.app import App, make_channel
from bot.channel import Channel, ChannelContext, SendFailed
from bot.clock import RehearsalClock
from bot.commands.chat import in_terminal
from bot.config import channel_names
from bot.messages import Address, Choice, Reply
from bot.rehearsal import persona
from tests.fakes import MONDAY
from tests.site import CHAT, Site, rehearsing, serving

Deliver = Callable[[Site, str], Awaitable[bool]]

HARD = (
    Reply("plain"),
    Reply("<script>alert(1)</script> *bold* _x_ `code` [red]x[/red] & \u202eesrever"),
    Reply("x" * 12_000),
    Reply("👩‍👧‍👦" * 50),
    Reply("", title="only a title", facts=(("What", "<b>this</b>"),)),
    Reply("which?", choices=tuple(Choice(f"Choice {number}", f"v{number}") for number in range(12)), about="q:1"),
)


async def by_web(site: Site, text: str) -> bool:
    """A form posted to the chat page: anything but a refusal means that we have it."""
    browser = site.browser(f"{CHAT}?as=parent")
    await browser.loads()
    action, fields = browser.compose({"text": text})
    answer = await browser.client.post(action, data=fields, headers={"x-signpost": "1"})
    return answer.status_code < 400


async def by_console(site: Site, text: str) -> bool:
    """A line typed: the terminal says "received" by reading the next line."""
    console = site.app.channels["console"]
    read_on = asyncio.Event()

    async def typed() -> AsyncIterator[str]:
        yield f"{text}\n"
        read_on.set()

    console._lines = typed
    console._answered = _at_once
    task = asyncio.create_task(console.run(site.app.conversations.receive))
    await asyncio.wait({task}, timeout=5)
    if task.done() and task.exception() is not None:
        return False
    return read_on.is_set()


async def _at_once() -> None:
    """The bot's answer is not waited for: only that the message was taken."""


DRIVERS: dict[str, Deliver] = {"web": by_web, "console": by_console}


def test_every_channel_has_a_driver():
    """A channel that nobody drives is a channel that nobody tests."""
    assert set(channel_names()) == set(DRIVERS)


@pytest.fixture(params=sorted(DRIVERS))
async def site(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """The bot with this one channel, in a rehearsal on a Monday morning."""

    async def silent() -> AsyncIterator[str]:
        await asyncio.Event().wait()
        yield ""

    monkeypatch.setattr("bot.channels.console._piped", silent)
    config = rehearsing(tmp_path / "data")
    if request.param == "console":
        config = in_terminal(config, tmp_path / "data")
    async with serving(config, RehearsalClock(MONDAY)) as site:
        yield site


def channel_of(app: App) -> Channel:
    """The one channel of this bot."""
    (channel,) = app.channels.values()
    return channel


def place_of(app: App) -> str:
    """A place that exists in this channel."""
    lead = persona("lead")
    assert lead is not None
    return lead.place(channel_of(app).name)


async def test_it_is_called_what_its_file_is_called(site: Site):
    """A name in the configuration is the name of a file: there is no list of channels to forget one in."""
    channel = channel_of(site.app)
    context = ChannelContext(
        site.app.config, site.app.clock, site.app.schools, site.app.stores.__getitem__, site.app.database, site.app.stopping
    )
    assert isinstance(channel, Channel)
    assert make_channel(channel.name, context).name == channel.name


async def test_a_message_is_durable_before_the_platform_is_told_that_we_have_it(site: Site):
    """The row is there when "received" is said, though nobody has begun to answer."""
    site.app.conversations._start = lambda _: None
    assert await DRIVERS[channel_of(site.app).name](site, "hello")
    lag = await site.app.work.lag(site.app.clock.now())
    assert lag["inbox"].waiting == 1


async def test_a_message_that_cannot_be_kept_is_not_called_received(site: Site):
    """The disk is full: the platform must hear "no" and come again."""

    async def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    channel = channel_of(site.app)
    site.app.conversations.receive = full
    if hasattr(channel, "_receive"):
        channel._receive = full
    try:
        received = await DRIVERS[channel.name](site, "hello")
    except OSError:
        received = False
    assert received is False


@pytest.mark.parametrize("reply", HARD, ids=["plain", "markup", "long", "emoji", "facts", "many choices"])
async def test_whatever_the_bot_says_can_be_sent(site: Site, reply: Reply):
    """Markup, length, emoji and many buttons: nothing the bot says breaks a channel, and there is a receipt for it."""
    channel = channel_of(site.app)
    to = Address(channel.name, place_of(site.app))
    first = await channel.send(to, reply, "the-same-key")
    again = await channel.send(to, reply, "the-same-key")
    assert first
    assert again


async def test_an_address_of_another_channel_is_refused_for_good(site: Site):
    """Sending there again could not help."""
    with pytest.raises(SendFailed) as refusal:
        await channel_of(site.app).send(Address("pigeon", "loft"), Reply("x"), "k")
    assert refusal.value.permanent


async def test_the_private_address_is_in_the_same_channel(site: Site):
    """A report that begins in public goes on in private, where the same person is."""
    channel = channel_of(site.app)
    assert channel.private_address("somebody").channel == channel.name


async def test_it_ends_at_once_when_asked_and_can_be_started_again(site: Site):
    """What the supervisor does all the time."""
    channel = channel_of(site.app)
    for _ in range(2):
        task = asyncio.create_task(channel.run(site.app.conversations.receive))
        await asyncio.sleep(0.05)
        task.cancel()
        async with asyncio.timeout(2):
            await asyncio.gather(task, return_exceptions=True)
        assert task.done()


async def test_its_routes_leave_the_health_pages_alone(site: Site):
    """/healthz, /readyz belong to the host; metrics and status are never on this port."""
    routes = channel_of(site.app).routes()
    assert all(isinstance(route, BaseRoute) for route in routes)
    paths = {getattr(route, "path", "") for route in routes}
    assert not paths & {"/healthz", "/readyz", "/status", "/metrics"}
