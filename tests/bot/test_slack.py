"""Slack over real sockets: what it delivers is let in, kept and answered; what is said arrives, changes, waits and is refused."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from bot import wording
from bot.channel import Misconfigured, SendFailed
from bot.messages import INCOMING, Address, Choice, Reply
from bot.turn import Turn
from bot.wording_slack import IN_PRIVATE, NEWS
from tests.drivers import RESET, TOO_MANY, Patience, context_of, only_channel
from tests.driving.slack import PICTURE, SlackDriver, working
from tests.slack_wire import BOT_ID, BOT_USER, PUBLIC, TEAM, Refused, Slack, slack

FORM = "application/x-www-form-urlencoded"
CHECK = json.dumps({"type": "url_verification", "challenge": "a-challenge", "token": "t"}).encode()


@pytest.fixture
async def wire() -> AsyncIterator[Slack]:
    """A Slack with nobody in it."""
    async with slack() as wire:
        yield wire


@pytest.fixture
async def driver(wire: Slack, tmp_path: Path) -> AsyncIterator[SlackDriver]:
    """The bot in that workspace, called over HTTP."""
    async with working(tmp_path, wire) as driver:
        yield driver


@pytest.fixture
async def lined(wire: Slack, tmp_path: Path) -> AsyncIterator[SlackDriver]:
    """The bot in that workspace, with a line of its own: nobody can call it."""
    async with working(tmp_path, wire, socket=True) as driver:
        yield driver


async def read(driver: SlackDriver, who: str, words: str) -> None:
    """Wait until WHO reads WORDS in their direct messages."""

    async def there() -> bool:
        return any(words in seen.text for seen in await driver.shown(who))

    await Patience(driver.app).until(there, f"{words!r} for {who}")


async def chooses(driver: SlackDriver, who: str, label: str) -> None:
    """WHO presses LABEL as soon as it is there."""

    async def there() -> bool:
        return any(label in seen.buttons for seen in await driver.shown(who))

    await Patience(driver.app).until(there, f"the button {label!r} for {who}")
    assert await driver.presses(who, label)


async def kept(driver: SlackDriver, who: str = "Teacher"):
    """The messages of WHO that the bot has kept."""
    (store,) = driver.app.stores.values()
    lines = await store.conversations.transcript("slack", driver.place(who), driver.sender(who), 100)
    return [INCOMING.validate_json(line.body) for line in lines if line.kind == "heard"]


# The door.


async def test_slack_can_check_the_address(driver: SlackDriver, wire: Slack):
    """What Slack asks before it calls an address at all."""
    answer = await wire.signed(CHECK)
    assert answer.status_code == 200
    assert "a-challenge" in answer.text


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ({"x-slack-signature": "v0=" + "0" * 64}, 0),
        ({"x-slack-signature": ""}, 0),
        ({"x-slack-signature": "ü".encode("latin-1").decode("latin-1")}, 0),
        ({"x-slack-request-timestamp": ""}, 0),
        ({"x-slack-request-timestamp": "yesterday"}, 0),
        ({}, 1_700_000_000),
        ({}, 4_000_000_000),
    ],
    ids=["wrong", "none", "no ascii", "no time", "no number", "long ago", "far ahead"],
)
async def test_only_slack_is_let_in_and_only_within_five_minutes(driver: SlackDriver, wire: Slack, headers: dict, at: float):
    """A forged call, and a real one that somebody kept and plays again, are told nothing but no."""
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = await wire.signed(CHECK, at=at, **sent)
    assert answer.status_code == 401
    assert answer.text == ""


async def test_another_apps_signature_does_not_open_the_door(driver: SlackDriver, wire: Slack):
    """Right in form, with a secret that is not ours."""
    wire.signing = "f" * 32
    assert (await wire.signed(CHECK)).status_code == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x" * 600_000, "application/json", 413),
        (b"not json", "application/json", 400),
        (b"[1, 2]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (urlencode({"payload": "{"}).encode(), FORM, 400),
        (b"&".join(b"a=b" for _ in range(100)), FORM, 400),
        (b"<xml/>", "text/xml", 415),
    ],
    ids=["too large", "no json", "no object", "no text", "deep", "no json in a form", "many fields", "another kind"],
)
async def test_what_is_signed_must_also_be_what_slack_sends(driver: SlackDriver, wire: Slack, body: bytes, kind: str, status: int):
    """Measured and read before the SDK sees it: none of this is an error of ours."""
    assert (await wire.signed(body, kind)).status_code == status


async def test_what_is_too_large_is_refused_before_it_is_signed_or_read(driver: SlackDriver, wire: Slack):
    """Nobody without our secret can make us hold or parse anything."""
    answer = await wire._http.post(wire.bot, content=b"{" * 600_000)
    assert answer.status_code == 413
    assert (await wire._http.post(wire.bot, content=b"not json")).status_code == 401


async def test_what_we_do_not_know_is_answered_200(driver: SlackDriver, wire: Slack):
    """Anything else counts as a failure with Slack: it comes again, and in the end Slack calls us no more."""
    teacher = wire.person("Teacher")
    unknown = [
        await wire.event(teacher, {"type": "emoji_changed"}),
        await wire.event(
            teacher, {"type": "message", "channel_type": "channel", "channel": PUBLIC, "user": teacher.id, "text": "x"}
        ),
        await wire.interaction(teacher, {"type": "view_submission", "view": {"callback_id": "x"}, "trigger_id": "1"}),
        await wire.interaction(
            teacher, {"type": "block_actions", "actions": [{"type": "overflow"}], "container": {}, "trigger_id": "1"}
        ),
        await wire.shortcut("Teacher", wire._put(PUBLIC, teacher.id, "x"), "somebody_elses"),
    ]
    assert [delivery.statuses for delivery in unknown] == [[200]] * len(unknown)
    assert await kept(driver) == []


async def test_a_delivery_of_no_shape_is_set_aside_and_said_so(driver: SlackDriver, wire: Slack, capfd: pytest.CaptureFixture[str]):
    """It would come again and again in front of whoever waits behind it. What is in it stays out of the log."""
    teacher = wire.person("Teacher")
    odd = await wire.event(teacher, {"type": "message", "channel_type": "im", "user": teacher.id, "text": {"secret": "words"}})
    assert odd.statuses == [200]
    logged = "".join(capfd.readouterr())
    assert "could not be read and was set aside" in logged
    assert "secret" not in logged
    await wire.says("Teacher", "report something")
    await read(driver, "Teacher", wording.REPORT_PROMPT)


# What people do.


async def test_a_repeat_brings_its_number_and_is_known_by_it(driver: SlackDriver, wire: Slack):
    """Slack says that it comes again; what tells us is the number of the event."""
    await wire.says("Teacher", "report something")
    for _ in range(3):
        assert (await wire.again("Teacher")).statuses == [200]
    await chooses(driver, "Teacher", "Unwanted friend or follow request")
    await wire.again("Teacher")
    assert [message.text for message in await kept(driver)] == ["report something", "friend_request"]


async def test_a_command_is_answered_where_only_they_see_it_and_goes_on_in_private(driver: SlackDriver, wire: Slack):
    """The channel it was typed in shows nothing to anybody else."""
    delivery = await wire.command("Teacher", "report something")
    assert json.loads(delivery.body) == {"response_type": "ephemeral", "text": IN_PRIVATE}
    await read(driver, "Teacher", wording.REPORT_PROMPT)
    assert await driver.shown_in_public() == []


async def test_a_command_without_a_word_shows_what_there_is(driver: SlackDriver, wire: Slack):
    """The way in for somebody who does not know what to type."""
    await wire.command("Teacher")
    await Patience(driver.app).until(lambda: _any(driver, "Teacher"), "an answer")
    assert [message.text for message in await kept(driver)] == ["help"]


async def _any(driver: SlackDriver, who: str) -> bool:
    return bool(await driver.shown(who))


async def test_being_called_in_a_channel_is_answered_in_private_and_whispered_there(driver: SlackDriver, wire: Slack):
    """Others see nothing at all; whoever asked sees where it goes on."""
    await wire.mentions("Teacher", "a pupil keeps following me, I want to report it")
    await Patience(driver.app).until(lambda: _any(driver, "Teacher"), "an answer")
    whispered = [message for message in wire.from_bot(PUBLIC) if message.seen_by]
    assert [(message.seen_by, message.text) for message in whispered] == [(wire.person("Teacher").id, IN_PRIVATE)]
    assert await driver.shown_in_public() == []


async def test_a_message_of_somebody_else_can_be_reported_with_its_words_and_not_its_files(driver: SlackDriver, wire: Slack):
    """What was written is quoted to the bot in private; the picture beside it is never asked for."""
    nasty = wire._put(PUBLIC, wire.person("Deputy").id, "send me your phone number &amp; a photo", files=[PICTURE])
    assert (await wire.shortcut("Teacher", nasty)).received
    await Patience(driver.app).until(lambda: _any(driver, "Teacher"), "an answer")
    (message,) = await kept(driver)
    assert "“send me your phone number & a photo”" in message.text
    assert message.attachments == ()
    assert wire.counted["files.info"] == 0
    assert await driver.shown_in_public() == []


async def test_whoever_is_pointed_at_is_named_as_the_school_knows_them(driver: SlackDriver, wire: Slack):
    """A report that points at a role holder must be kept from them: it is by the name that the school has for them."""
    lead, other = wire.person("Lead"), wire.person("Deputy")
    await wire.says("Teacher", f"it was <@{lead.id}>, then <@{other.id}>")
    (message,) = await kept(driver)
    assert message.text == "it was @Lead, then @Deputy"


async def test_members_are_staff_and_guests_are_not(driver: SlackDriver, wire: Slack):
    """Being in the workspace says that somebody is of the school; being a guest there, or from another school, does not."""
    wire.person("Guest", guest=True)
    wire.person("Stranger", elsewhere=True)
    for who in ("Teacher", "Guest", "Stranger"):
        await wire.says(who, "hello")
    heard = [(await kept(driver, who))[0] for who in ("Teacher", "Guest", "Stranger")]
    assert [message.staff for message in heard] == [True, False, False]
    # And that is whose rules they are shown: none of them holds a role.
    audience = Turn.audience.fget
    assert [audience(SimpleNamespace(message=message, person=None)) for message in heard] == ["staff", "parent", "parent"]


async def test_somebody_is_heard_when_slack_cannot_say_who_they_are(driver: SlackDriver, wire: Slack):
    """Nobody is made to wait, and nobody becomes staff by an outage."""

    def unknown(method: str, _: dict) -> None:
        if method == "users.info":
            raise Refused("internal_error")

    wire.hooks.append(unknown)
    assert (await wire.says("Teacher", "hello")).statuses == [200]
    assert [message.staff for message in await kept(driver)] == [False]


async def test_nobody_waits_long_for_names(driver: SlackDriver, wire: Slack):
    """Slack hangs over every question about a person: the message is kept within the three seconds that Slack gives us."""
    wire.slow["users.info"] = 5.0
    pointed_at = " ".join(f"<@{wire.person(f'P{number}').id}>" for number in range(7))
    began = asyncio.get_running_loop().time()
    assert (await wire.says("Teacher", f"it was {pointed_at}")).statuses == [200]
    assert asyncio.get_running_loop().time() - began < 3
    assert [message.text for message in await kept(driver)] == ["it was" + " @somebody" * 7]


async def test_our_own_words_and_other_bots_are_not_heard(driver: SlackDriver, wire: Slack):
    """Two bots that answer each other never end."""
    teacher = wire.person("Teacher")
    dm = {"type": "message", "channel_type": "im", "channel": wire.dm(teacher.id), "text": "report something", "ts": "1.1"}
    await wire.event(teacher, {**dm, "user": BOT_USER, "bot_id": BOT_ID})
    await wire.event(teacher, {**dm, "user": "U0OTHERBOT", "bot_id": "B0OTHER"})
    await wire.event(teacher, {**dm, "subtype": "bot_message", "bot_id": "B0OTHER"})
    (store,) = driver.app.stores.values()
    assert (await driver.app.work.lag(driver.app.clock.now()))["inbox"].waiting == 0
    for sender in (BOT_USER, "U0OTHERBOT"):
        assert await store.conversations.transcript("slack", f"{TEAM}:{sender}", f"{TEAM}:{sender}", 9) == ()


async def test_a_picture_is_offered_and_never_fetched(driver: SlackDriver, wire: Slack):
    """No call for a file leaves the bot, and no other call than those it has a scope for."""
    await wire.says("Teacher", "", files=[PICTURE, {**PICTURE, "mimetype": "video/mp4"}])
    await read(driver, "Teacher", wording.MEDIA[:60])
    assert [message.attachments for message in await kept(driver)] == [("image", "video")]
    assert not {method for method in wire.counted if method.startswith("files")}
    assert set(wire.counted) <= {"auth.test", "users.info", "chat.postMessage", "chat.update", "chat.postEphemeral"}


async def test_a_link_that_slack_looks_up_is_no_edit(driver: SlackDriver, wire: Slack):
    """Slack changes a message to show a page below it: the person did nothing."""
    await wire.says("Teacher", "see <https://x.example>")
    teacher = wire.person("Teacher")
    assert teacher.wrote is not None
    same = wire._shown(teacher.wrote)
    await wire.event(
        teacher, wire._hidden("message_changed", teacher.wrote, message={**same, "attachments": [{}]}, previous_message=same)
    )
    assert len(await kept(driver)) == 1


# What is said.


def to(driver: SlackDriver, who: str) -> Address:
    """The address of WHO."""
    return Address("slack", driver.place(who))


async def test_a_long_answer_comes_as_several_messages_and_goes_on_where_it_broke_off(driver: SlackDriver, wire: Slack):
    """What is there already is not said again when the rest could not be sent."""
    await wire.says("Lead", "hello")
    await read(driver, "Lead", "")
    long = Reply("".join(f"Sentence number {number} of a long policy. " for number in range(700)), (Choice("A", "a"),), "q:1")
    before = len(await driver.shown("Lead"))
    wire.hooks.append(_refuse_second())
    with pytest.raises(SendFailed):
        await only_channel(driver.app).send(to(driver, "Lead"), long, "k")
    assert len(await driver.shown("Lead")) == before + 1
    wire.hooks.clear()
    receipt = await only_channel(driver.app).send(to(driver, "Lead"), long, "k")
    new = (await driver.shown("Lead"))[before:]
    assert receipt.count(",") == len(new) - 1 > 0
    whole = " ".join(seen.text for seen in new)
    assert [whole.count(f"number {number} ") for number in range(700)] == [1] * 700
    assert [seen.buttons for seen in new] == [*[()] * (len(new) - 1), ("A",)]


def _refuse_second():
    posts = []

    def hook(method: str, _: dict) -> None:
        if method == "chat.postMessage":
            posts.append(method)
            if len(posts) == 2:
                raise Refused("fatal_error")

    return hook


async def test_slack_is_obeyed_when_it_asks_us_to_wait(driver: SlackDriver, wire: Slack):
    """The time it names goes to the outbox, which waits for so long."""
    wire.person("Teacher")
    wire.faults, wire.retry_after = [TOO_MANY], 17
    with pytest.raises(SendFailed) as refusal:
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k")
    assert refusal.value.retry_after == 17
    assert not refusal.value.permanent


@pytest.mark.parametrize("error", ["user_disabled", "cannot_dm_bot", "invalid_blocks", "messages_tab_disabled"])
async def test_what_can_never_arrive_is_refused_for_good(driver: SlackDriver, wire: Slack, error: str):
    """Nobody is there any more: those behind it in the queue must not wait a day for it."""
    wire.person("Teacher")
    wire.error = error
    with pytest.raises(SendFailed) as refusal:
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k")
    assert refusal.value.permanent


async def test_whether_it_arrived_is_not_guessed(driver: SlackDriver, wire: Slack):
    """A call that broke off may have been taken: that is another answer than no."""
    wire.person("Teacher")
    wire.faults = [RESET]
    with pytest.raises(Exception) as refusal:  # noqa: PT011 - what matters is what it is not
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("the words"), "k")
    assert not isinstance(refusal.value, SendFailed)
    assert "words" not in str(refusal.value)


async def test_every_message_carries_its_key_and_a_lock_screen_reads_nothing(driver: SlackDriver, wire: Slack):
    """A repeat after a crash can be told by it; links are not unfolded by Slack, which would fetch them."""
    wire.person("Teacher")
    await only_channel(driver.app).send(to(driver, "Teacher"), Reply("what he wrote to her"), "the-key")
    (message,) = wire.screen("Teacher")
    assert message.metadata["event_payload"] == {"key": "the-key"}
    assert message.text == NEWS


async def test_a_card_changes_where_it_stands(driver: SlackDriver, wire: Slack):
    """Taken by somebody else, or about whoever was shown it: nothing new appears, and nothing of the old stays."""
    wire.person("Lead")
    channel = only_channel(driver.app)
    card = Reply("what to do", (Choice("Acknowledge", "acknowledge"),), "case:1", "Signpost: SP-7K2MQ needs you")
    receipt = await channel.send(to(driver, "Lead"), card, "k")
    again = await channel.edit(to(driver, "Lead"), receipt, Reply("Somebody has it.", about="case:1"), "k2")
    assert again == receipt
    (message,) = wire.screen("Lead")
    assert message.words == "Somebody has it."
    assert message.text == NEWS
    assert message.buttons == []


async def test_a_card_that_is_gone_cannot_be_changed(driver: SlackDriver, wire: Slack):
    """The outbox must hear that nothing is there, and not try for a day."""
    wire.person("Lead")
    channel = only_channel(driver.app)
    receipt = await channel.send(to(driver, "Lead"), Reply("x"), "k")
    wire.screen("Lead").clear()
    with pytest.raises(SendFailed) as refusal:
        await channel.edit(to(driver, "Lead"), receipt, Reply("y"), "k2")
    assert refusal.value.permanent


async def test_pressing_a_card_does_not_touch_it(driver: SlackDriver, wire: Slack):
    """Only the outbox changes a card: what was pressed on an old screen must not bring back what was emptied meanwhile."""
    wire.person("Lead")
    card = Reply("what to do", (Choice("Open", "open"),), "case:nothing", "Signpost: SP-7K2MQ needs you")
    await only_channel(driver.app).send(to(driver, "Lead"), card, "k")
    await wire.presses("Lead", "Open")
    await read(driver, "Lead", wording.NOT_YOURS)
    assert wire.counted["chat.update"] == 0


# Connecting, and ending.


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_a_token_that_is_revoked_at_work_is_said_aloud(driver: SlackDriver, wire: Slack, error: str):
    """The next send finds out, and the supervisor shows it: somebody has to install the app again."""
    wire.person("Teacher")
    wire.error = error
    with pytest.raises(SendFailed):
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k")

    async def shown() -> bool:
        return driver.app.supervisor.states["slack"] == "misconfigured"

    await Patience(driver.app).until(shown, "the state misconfigured")


async def test_slack_being_down_at_the_start_holds_nobody_up(wire: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The bot starts, says that it tries again, keeps what comes in, and answers once Slack is back."""
    monkeypatch.setattr("bot.supervisor.FIRST_WAIT", 0.05)
    wire.down = True
    async with starting(tmp_path, wire) as driver:
        delivered = asyncio.create_task(wire.says("Teacher", "report something"))
        assert (await delivered).received
        assert driver.app.supervisor.states["slack"] != "misconfigured"
        wire.down = False
        await read(driver, "Teacher", wording.REPORT_PROMPT)


def starting(folder: Path, wire: Slack):
    """The bot beside a Slack that it need not reach."""
    return working(folder, wire, connected=False)


async def test_the_sdk_is_imported_only_where_slack_is_configured():
    """A school with a web page alone pays nothing for it."""
    code = "import sys, bot.app, bot.config; print(any(name.startswith(('slack', 'aiohttp')) for name in sys.modules))"
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


async def test_it_ends_within_two_seconds_with_a_call_hanging(driver: SlackDriver, wire: Slack):
    """A platform that does not answer must not hold up the restart of the bot."""
    wire.person("Teacher")
    wire.faults = ["hangs"]
    hanging = asyncio.create_task(only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k"))
    await asyncio.sleep(0.1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for task in asyncio.all_tasks():
        if task.get_name() in {"channels", "channel slack"}:
            task.cancel()
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    assert loop.time() - began < 2


# A line of our own.


async def test_over_a_line_everything_is_the_same(lined: SlackDriver, wire: Slack):
    """A school that nobody can call: the bot holds a line open, and is told over it."""
    assert (await wire.says("Teacher", "report something")).statuses == [200]
    await chooses(lined, "Teacher", "Unwanted friend or follow request")
    await read(lined, "Teacher", "Question 1 of")
    delivery = await wire.command("Teacher")
    assert json.loads(delivery.body)["text"] == IN_PRIVATE
    assert only_channel(lined.app)._installed


async def test_what_could_not_be_kept_is_not_acknowledged_on_the_line(lined: SlackDriver, wire: Slack):
    """Slack says it again later; the line stays."""
    (store,) = lined.app.stores.values()
    keep = store.inbox.keep

    async def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store.inbox.keep = full
    assert not (await wire.says("Teacher", "report something")).received
    store.inbox.keep = keep
    assert (await wire.again("Teacher")).received
    await read(lined, "Teacher", wording.REPORT_PROMPT)


@pytest.mark.parametrize("how", ["disconnect", "closed", "garbage"])
async def test_a_line_that_ends_is_opened_again(lined: SlackDriver, wire: Slack, how: str, monkeypatch: pytest.MonkeyPatch):
    """Slack wants another line every few hours; and lines break."""
    monkeypatch.setattr("bot.supervisor.FIRST_WAIT", 0.05)
    old = wire.lines[0]
    if how == "disconnect":
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
    elif how == "closed":
        await old.close()
    else:
        await old.send_str("no json")
        await old.send_str("[1]")
        await old.send_json({"envelope_id": "e", "type": "events_api", "payload": [1]})

    async def anew() -> bool:
        return bool(wire.lines) and (how == "garbage" or wire.lines[-1] is not old)

    await Patience(lined.app).until(anew, "another line")
    assert (await wire.says("Teacher", "report something")).received
    await read(lined, "Teacher", wording.REPORT_PROMPT)


async def test_a_wrong_app_token_is_a_setting_to_change(lined: SlackDriver, wire: Slack):
    """The bot's own token is fine; the one for the line is not."""
    wire.socket_token = "xapp-another"
    channel = type(only_channel(lined.app))(context_of(lined.app))
    async with asyncio.timeout(5):
        with pytest.raises(Misconfigured, match="SIGNPOST_SLACK_APP_TOKEN"):
            await channel.run(lined.app.conversations.receive)


async def test_nothing_of_it_is_in_the_log(driver: SlackDriver, wire: Slack, capfd: pytest.CaptureFixture[str]):
    """Neither what was written, nor who wrote it, nor by what we are known."""
    wire.faults = [TOO_MANY, RESET]
    await wire.says("Teacher", "He sent Maisie horrible words")
    await Patience(driver.app).until(lambda: _any(driver, "Teacher"), "an answer")
    wire.error = "invalid_auth"
    await wire.says("Teacher", "and again")
    await asyncio.sleep(0.2)
    logged = "".join(capfd.readouterr())
    for secret in ("Maisie", "again", wire.person("Teacher").id, wire.token, wire.signing, TEAM):
        assert secret not in logged
