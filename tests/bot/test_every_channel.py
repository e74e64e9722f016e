"""What every channel promises, whoever wrote it. A new one is in here as soon as it has a driver: see tests/drivers.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.routing import BaseRoute

from bot import wording
from bot.app import make_channel
from bot.channel import Channel, Misconfigured, SendFailed
from bot.config import channel_names
from bot.messages import INCOMING, REPLY, Address, Choice, Reply
from bot.wording_changed import DELETED
from tests.drivers import (
    BUTTONS,
    CREDENTIALS,
    DELETES,
    DISARMS,
    EDITS,
    FAILS,
    FAULTS,
    MEDIA,
    PUBLIC,
    REPEATS,
    Driver,
    Patience,
    able,
    context_of,
    driven,
    driving,
    only_channel,
    talked_in,
)

HARD = (
    Reply("plain"),
    Reply("<script>alert(1)</script> *bold* _x_ `code` [red]x[/red] & \u202eesrever"),
    Reply("x" * 12_000),
    Reply("A sentence of the policy, which has a few words. " * 600),
    Reply("👩‍👧‍👦" * 50),
    Reply("👩‍👧‍👦" * 2000),
    Reply("", title="only a title", facts=(("What", "<b>this</b>"),)),
    Reply("", title="t" * 400, facts=(("What", "w" * 5000),)),
    Reply("which?", choices=tuple(Choice(f"Choice {number}", f"v{number}") for number in range(12)), about="q:1"),
    Reply("which?", choices=tuple(Choice("c" * 200, f"v{number}" * 30) for number in range(60)), about="q:" + "1" * 150),
    Reply("", choices=(Choice("Same", "1"), Choice("Same", "2")), about="q:1"),
)
HARD_NAMES = (
    *("plain", "markup", "long", "long sentences", "emoji", "many emoji", "facts", "long facts", "many choices"),
    *("long choices", "the same choice twice"),
)
GREETING = "report something"


@pytest.fixture(params=talked_in())
async def driver(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Driver]:
    """The bot with one channel, and the platform's end of it. Every channel people talk in, or those that the test is given."""
    async with driving(request.param)(tmp_path) as driver:
        yield driver


def those_that(*needed: str) -> pytest.MarkDecorator:
    """Only the channels whose platform can do what is NEEDED."""
    return pytest.mark.parametrize("driver", able(*needed), indirect=True)


# Also the channels that nobody writes in by.
every_one = pytest.mark.parametrize("driver", driven(), indirect=True)


async def heard(driver: Driver, who: str) -> list[tuple[str, bool]]:
    """What the bot has kept from WHO, in order: the words, and whether they were an edit."""
    lines = await _transcript(driver, who)
    messages = [INCOMING.validate_json(line.body) for line in lines if line.kind == "heard"]
    return [(message.text, message.edited) for message in messages]


async def said(driver: Driver, who: str) -> list[Reply]:
    """What the bot has put down for WHO, in order, sent or not."""
    return [REPLY.validate_json(line.body) for line in await _transcript(driver, who) if line.kind == "said"]


async def _transcript(driver: Driver, who: str):
    (store,) = driver.app.stores.values()
    return await store.conversations.transcript(driver.name, driver.place(who), driver.sender(who), 500)


async def shows(driver: Driver, who: str, words: str, times: int = 1) -> None:
    """Wait until WHO can read WORDS that many TIMES."""

    async def there() -> bool:
        return sum(words in seen.text for seen in await driver.shown(who)) >= times

    await Patience(driver.app).until(there, f"{words!r} for {who}")


async def offers(driver: Driver, who: str, label: str) -> None:
    """Wait until WHO can choose LABEL, by a button or a number."""

    async def there() -> bool:
        return any(label in seen.buttons or f". {label}" in seen.text for seen in await driver.shown(who))

    await Patience(driver.app).until(there, f"the choice {label!r} for {who}")


# What it is called, and how it begins and ends.


def test_every_channel_has_a_driver():
    """A channel that nobody drives is a channel that nobody tests."""
    assert driven() == list(channel_names())


@every_one
async def test_it_is_called_what_its_file_is_called(driver: Driver):
    """A name in the configuration is the name of a file: there is no list of channels to forget one in."""
    channel = only_channel(driver.app)
    assert isinstance(channel, Channel)
    assert make_channel(channel.name, context_of(driver.app)).name == channel.name == driver.name


@every_one
async def test_it_ends_at_once_when_asked_and_can_be_started_again(driver: Driver):
    """What the supervisor does all the time."""
    channel = make_channel(driver.name, context_of(driver.app))
    for _ in range(2):
        task = asyncio.create_task(channel.run(driver.app.conversations.receive))
        await asyncio.sleep(0.05)
        task.cancel()
        async with asyncio.timeout(2):
            await asyncio.gather(task, return_exceptions=True)
        assert task.done()


@every_one
async def test_its_routes_leave_the_health_pages_alone(driver: Driver):
    """/healthz, /readyz belong to the host; metrics and status are never on this port."""
    routes = only_channel(driver.app).routes()
    assert all(isinstance(route, BaseRoute) for route in routes)
    paths = {getattr(route, "path", "") for route in routes}
    assert not paths & {"/healthz", "/readyz", "/status", "/metrics"}


@those_that(CREDENTIALS)
async def test_wrong_credentials_are_a_setting_to_change_and_no_outage(driver: Driver):
    """Trying again cannot help: the supervisor says so loudly and leaves it."""
    driver.refuses_credentials()
    channel = make_channel(driver.name, context_of(driver.app))
    async with asyncio.timeout(5):
        with pytest.raises(Misconfigured) as told:
            await channel.run(driver.app.conversations.receive)
    assert "SIGNPOST_" in str(told.value)


# What comes in.


async def test_a_message_is_durable_before_the_platform_is_told_that_we_have_it(driver: Driver):
    """The row is there when "received" is said, though nobody has begun to answer."""
    driver.app.conversations._start = lambda _: None
    assert await driver.says("Parent", "hello")
    lag = await driver.app.work.lag(driver.app.clock.now())
    assert lag["inbox"].waiting == 1


async def test_a_message_that_cannot_be_kept_is_not_called_received(driver: Driver):
    """The disk is full: the platform must hear "no" and come again."""

    async def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    (store,) = driver.app.stores.values()
    store.inbox.keep = full
    assert await driver.says("Parent", "hello") is False


@those_that(REPEATS)
async def test_a_message_that_comes_again_is_handled_once(driver: Driver):
    """Every platform delivers again what it is not sure of."""
    assert await driver.says("Parent", GREETING)
    assert await driver.again("Parent")
    assert await driver.says("Parent", "stop")
    assert await driver.again("Parent")
    await shows(driver, "Parent", wording.REPORT_PROMPT)
    assert [text for text, _ in await heard(driver, "Parent")] == [GREETING, "stop"]
    assert sum(wording.REPORT_PROMPT in seen.text for seen in await driver.shown("Parent")) == 1


async def test_messages_are_kept_and_answered_in_the_order_in_which_they_came(driver: Driver):
    """Somebody types three lines before the first is answered."""
    for text in (words := (GREETING, "no", "hello")):
        assert await driver.says("Parent", text)

    async def answered() -> bool:
        return len(await said(driver, "Parent")) >= len(words) and len(await driver.shown("Parent")) >= len(
            await said(driver, "Parent")
        )

    await Patience(driver.app).until(answered, "an answer to each")
    assert tuple(text for text, _ in await heard(driver, "Parent")) == words
    await in_order(driver, "Parent")


async def in_order(driver: Driver, who: str) -> None:
    """What stands on the screen of WHO is what was put down for them, in that order."""
    screen = " ".join(_plain(seen.text) for seen in await driver.shown(who))
    at = 0
    for reply in await said(driver, who):
        words = _plain(reply.text or reply.title)[:60]
        found = screen.find(words, at)
        assert found >= 0, f"{words!r} is missing or comes too early"
        at = found + len(words)


def _plain(text: str) -> str:
    """TEXT with every break between words alike: a screen breaks lines where it likes."""
    return " ".join(text.replace("|", " ").split())


# What is chosen.


async def test_a_choice_is_made_by_its_button_or_by_its_number(driver: Driver):
    """Native buttons where there are some, a number where there are none: the report begins either way."""
    await driver.says("Parent", GREETING)
    await offers(driver, "Parent", "Unwanted friend or follow request")
    assert await driver.presses("Parent", "Unwanted friend or follow request")
    await shows(driver, "Parent", "Question 1 of")


@those_that(BUTTONS)
async def test_a_choice_can_be_typed_as_a_number_too(driver: Driver):
    """Buttons are a help and not a condition: somebody reads the screen aloud, or cannot press."""
    await driver.says("Parent", GREETING)
    await offers(driver, "Parent", "Unwanted friend or follow request")
    await driver.says("Parent", "Unwanted friend or follow request")
    await shows(driver, "Parent", "Question 1 of")


@those_that(DISARMS)
async def test_a_pressed_button_cannot_be_pressed_again(driver: Driver):
    """The old buttons are taken off: what was answered is changed with “back”, not by pressing something further up."""
    await driver.says("Parent", GREETING)
    await offers(driver, "Parent", "Unwanted friend or follow request")
    await driver.presses("Parent", "Unwanted friend or follow request")
    await shows(driver, "Parent", "Question 1 of")

    async def disarmed() -> bool:
        return not any("Unwanted friend or follow request" in seen.buttons for seen in await driver.shown("Parent"))

    await Patience(driver.app).until(disarmed, "the buttons of the menu gone")


# What is changed, deleted, said before others, or no words at all.


@those_that(EDITS)
async def test_an_edited_message_is_kept_beside_the_first_and_never_over_it(driver: Driver):
    """What somebody wrote first may matter more than what they made of it."""
    await driver.says("Parent", "hello there")
    await driver.edits("Parent", "hello everybody")
    await shows(driver, "Parent", wording.EDITED[:60])
    assert await heard(driver, "Parent") == [("hello there", False), ("hello everybody", True)]


@those_that(DELETES)
async def test_a_deleted_message_is_kept_and_the_deleting_noted(driver: Driver):
    """A deletion is one more thing that happened."""
    await driver.says("Parent", "hello there")
    await driver.deletes("Parent")

    async def noted() -> bool:
        return await heard(driver, "Parent") == [("hello there", False), ("", True)]

    await Patience(driver.app).until(noted, "the deletion beside the message")
    await shows(driver, "Parent", DELETED[:60])


@those_that(PUBLIC)
async def test_what_is_begun_before_others_goes_on_in_private(driver: Driver):
    """Whoever reads along sees no question of a report, no reference, and no word of what was written."""
    assert await driver.says_in_public("Teacher", "I want to report that somebody follows a pupil")
    await Patience(driver.app).until(lambda: _nonempty(driver, "Teacher"), "an answer in private")
    seen = [one.text for one in await driver.shown_in_public()]
    assert len(seen) <= 1
    assert not any(word in text.casefold() for text in seen for word in ("report", "sp-", "question", "pupil", "follow"))
    assert not any(one.buttons for one in await driver.shown_in_public())


async def _nonempty(driver: Driver, who: str) -> bool:
    return bool(await driver.shown(who))


@those_that(MEDIA)
async def test_a_picture_is_refused_and_never_fetched(driver: Driver):
    """Nobody may make the bot hold a picture of a child: it does not ask for the file, and says so."""
    assert await driver.offers_media("Parent", "look at this")
    await shows(driver, "Parent", wording.MEDIA[:60])
    assert driver.fetched() == 0
    (store,) = driver.app.stores.values()
    assert "media offered" in [link.act for link in await store.audit.links()]


# What goes out.


@pytest.mark.parametrize("reply", HARD, ids=HARD_NAMES)
async def test_whatever_the_bot_says_can_be_sent(driver: Driver, reply: Reply):
    """Markup, length, emoji and many buttons: nothing the bot says breaks a channel, and there is a receipt for it."""
    await driver.says("Lead", "hello")
    channel = only_channel(driver.app)
    to = Address(channel.name, driver.place("Lead"))
    first = await channel.send(to, reply, "the-same-key")
    again = await channel.send(to, reply, "the-same-key")
    assert first
    assert again


@every_one
async def test_an_address_of_another_channel_is_refused_for_good(driver: Driver):
    """Sending there again could not help."""
    with pytest.raises(SendFailed) as refusal:
        await only_channel(driver.app).send(Address("pigeon", "loft"), Reply("x"), "k")
    assert refusal.value.permanent


@every_one
async def test_the_private_address_is_where_that_person_is_written_to(driver: Driver):
    """A report that begins in public goes on in private, where the same person is."""
    private = only_channel(driver.app).private_address(driver.sender("Lead"))
    assert private == Address(driver.name, driver.place("Lead"))


@pytest.mark.parametrize("how", FAULTS)
@those_that(FAILS)
async def test_a_send_that_fails_is_made_again_and_nothing_is_lost_or_overtakes(driver: Driver, how: str, monkeypatch):
    """The platform refuses, breaks, hangs, hangs up, or answers by half: everything arrives, in order, at most once too often."""
    monkeypatch.setattr("bot.outbox.SEND_WITHIN", 0.5)
    driver.fails(how, 2)
    await driver.says("Parent", GREETING)
    await driver.says("Parent", "hello")
    await driver.says("Parent", "stop")

    async def arrived() -> bool:
        wanted = await said(driver, "Parent")
        lag = await driver.app.work.lag(driver.app.clock.now())
        return len(wanted) >= 3 and not lag["inbox"].waiting and not lag["replies"].waiting

    await Patience(driver.app).until(arrived, "every answer")
    await in_order(driver, "Parent")
    once = len(await said(driver, "Parent"))
    assert len(await driver.shown("Parent")) <= once + 2
