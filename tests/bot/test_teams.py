"""Teams from outside: what people do there, what is said to them, and what happens when Teams fails, over real sockets."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from bot import wording
from bot.channel import Misconfigured, SendFailed
from bot.channels.teams import trouble
from bot.messages import INCOMING, Address, Choice, Reply
from bot.turn import Turn
from bot.wording_teams import NEWS, TAKEN, WRITE_IN_PRIVATE
from tests.drivers import RESET, TOO_MANY, Patience, context_of, only_channel
from tests.driving.teams import TeamsDriver, registered, settings, working
from tests.teams_wire import BOT, CARD, STAFFROOM, TENANT, Refused, Teams, teams

PICTURE = {"contentType": "image/*", "contentUrl": "https://smba.example/v3/attachments/1/views/original"}
FILE = {
    "contentType": "application/vnd.microsoft.teams.file.download.info",
    "name": "IMG_1.jpg",
    "content": {"downloadUrl": "https://school.example/IMG_1.jpg", "fileType": "jpg"},
}
COPY = {"contentType": "text/html", "content": "<div>hello</div>"}


@pytest.fixture
async def wire() -> AsyncIterator[Teams]:
    """A Teams with nobody in it."""
    async with teams() as wire:
        yield wire


@pytest.fixture
async def driver(wire: Teams, tmp_path: Path) -> AsyncIterator[TeamsDriver]:
    """The bot at that school."""
    async with working(tmp_path, wire) as driver:
        yield driver


async def read(driver: TeamsDriver, who: str, words: str) -> None:
    """Wait until WHO reads WORDS in their private chat."""

    async def there() -> bool:
        return any(words in seen.text for seen in await driver.shown(who))

    await Patience(driver.app).until(there, f"{words!r} for {who}")


async def kept(driver: TeamsDriver, who: str = "Teacher"):
    """The messages of WHO that the bot has kept."""
    (store,) = driver.app.stores.values()
    lines = await store.conversations.transcript("teams", driver.place(who), driver.sender(who), 500)
    return [INCOMING.validate_json(line.body) for line in lines if line.kind == "heard"]


def to(driver: TeamsDriver, who: str) -> Address:
    """The address of WHO."""
    return Address("teams", driver.place(who))


# What people do.


async def test_members_are_staff_and_guests_are_not(driver: TeamsDriver, wire: Teams):
    """An account of the school says that somebody is of it; being a guest, or in a channel shared with others, does not."""
    wire.person("Guest", guest=True)
    wire.person("Neighbour", elsewhere=True)
    for who in ("Teacher", "Guest", "Neighbour"):
        await wire.says(who, "hello")
    heard = [(await kept(driver, who))[0] for who in ("Teacher", "Guest", "Neighbour")]
    assert [message.staff for message in heard] == [True, False, False]
    # And that is whose rules they are shown: none of them holds a role.
    audience = Turn.audience.fget
    assert [audience(SimpleNamespace(message=message, person=None)) for message in heard] == ["staff", "parent", "parent"]


async def test_a_school_whose_pupils_have_accounts_can_say_so(wire: Teams, tmp_path: Path):
    """Then an account alone makes nobody staff, and Teams is not even asked."""
    async with working(tmp_path, wire, teams=registered(wire, staff=False)) as driver:
        await wire.says("Teacher", "hello")
        assert [message.staff for message in await kept(driver)] == [False]
        assert wire.counted["member"] == 0


async def test_somebody_is_heard_when_teams_cannot_say_who_they_are(driver: TeamsDriver, wire: Teams):
    """Nobody is made to wait long, and nobody becomes staff by an outage."""
    wire.slow["member"] = 5.0
    began = asyncio.get_running_loop().time()
    assert (await wire.says("Teacher", "hello")).received
    assert asyncio.get_running_loop().time() - began < 4
    assert [message.staff for message in await kept(driver)] == [False]


async def test_who_somebody_is_is_asked_once(driver: TeamsDriver, wire: Teams):
    """And not with each message."""
    for _ in range(3):
        await wire.says("Teacher", "hello")
    assert wire.counted["member"] == 1
    assert [message.staff for message in await kept(driver)] == [True] * 3


async def test_being_called_in_a_channel_is_answered_in_private_and_not_there(driver: TeamsDriver, wire: Teams):
    """The channel hears nothing at all; our own name is no part of what was said."""
    await wire.mentions("Teacher", "report something")
    await read(driver, "Teacher", "")
    (message,) = await kept(driver)
    assert (message.text, message.private, message.staff) == ("report something", False, True)
    assert [each for each in wire.messages[STAFFROOM] if each.wrote == BOT] == []


async def test_whoever_cannot_be_written_to_is_told_how_and_nothing_else(driver: TeamsDriver, wire: Teams):
    """Teams does not let us begin a chat with them: the channel reads how to, and not a word of what was said."""
    wire.person("Teacher", installed=False)
    await wire.mentions("Teacher", "somebody sent Maisie a picture")

    async def told() -> bool:
        return bool(await driver.shown_in_public())

    await Patience(driver.app).until(told, "the line in the channel")
    assert [seen.text for seen in await driver.shown_in_public()] == [WRITE_IN_PRIVATE]


async def test_what_people_say_to_each_other_in_a_channel_is_not_heard(driver: TeamsDriver, wire: Teams):
    """Even where a school lets the app read along, it takes what is said to it."""
    said = {"type": "message", "text": "who has the key of the gym?", "conversation": wire.channel()}
    assert (await wire.sends("Teacher", said)).received
    assert await kept(driver) == []


async def test_a_picture_is_offered_and_never_fetched(driver: TeamsDriver, wire: Teams):
    """Nothing but words, choices and our own cards is ever called for; what a person typed beside it is kept."""
    await wire.says("Teacher", "look", attachments=[PICTURE, FILE, COPY])
    await read(driver, "Teacher", wording.MEDIA[:60])
    (message,) = await kept(driver)
    assert (message.text, message.attachments) == ("look", ("image", "file"))
    assert wire.counted["unknown"] == 0


async def test_each_change_of_a_message_is_kept_once(driver: TeamsDriver, wire: Teams):
    """An edited message keeps its number: two changes of it must not pass for one, nor one that comes again for two."""
    await wire.says("Teacher", "first")
    for text in ("second", "third"):
        assert (await wire.edits("Teacher", text)).received
        assert (await wire.again("Teacher")).received
    assert [(message.text, message.edited) for message in await kept(driver)] == [
        ("first", False),
        ("second", True),
        ("third", True),
    ]


async def test_a_press_that_comes_again_is_one(driver: TeamsDriver, wire: Teams):
    """Teams delivers once more where our answer was lost; it gets the same answer again."""
    await wire.says("Teacher", "report something")
    await read(driver, "Teacher", wording.REPORT_PROMPT)
    first = await wire.presses("Teacher", "Unwanted friend or follow request")
    second = await wire.again("Teacher")
    assert first.body["type"] == CARD
    assert second.body["value"] == first.body["value"]
    assert [message.text for message in await kept(driver)] == ["report something", "friend_request"]


async def test_two_fast_presses_answer_one_question(driver: TeamsDriver, wire: Teams):
    """Both are kept; the second finds its question answered, and decides nothing."""
    await wire.says("Teacher", "report something")
    await read(driver, "Teacher", wording.REPORT_PROMPT)
    message = next(each for each in reversed(wire.screen("Teacher")) if each.buttons)
    action = message.buttons[0]
    await asyncio.gather(*(wire.executes("Teacher", message, action) for _ in range(2)))
    await read(driver, "Teacher", "Question 1 of")
    assert [each.pressed for each in await kept(driver)] == [False, True, True]
    assert sum("Question 2 of" in seen.text for seen in await driver.shown("Teacher")) == 0


async def test_a_button_of_no_shape_is_no_breakdown(driver: TeamsDriver, wire: Teams):
    """Whatever somebody sends by hand: it is refused, and the next message is heard."""
    press = {"type": "invoke", "name": "adaptiveCard/action"}
    for action in ({}, {"verb": "choose"}, {"verb": "choose", "data": {"about": 1, "value": "x"}}, {"verb": "choose", "data": "x"}):
        assert (await wire.sends("Teacher", {**press, "value": {"action": action}})).status in {400, 501}
    assert (await wire.sends("Teacher", {"type": "invoke", "name": "task/fetch", "value": {}})).status == 501
    assert (await wire.says("Teacher", "hello")).received
    assert len(await kept(driver)) == 1


async def test_our_own_words_and_other_bots_are_not_heard(driver: TeamsDriver, wire: Teams):
    """Two bots that answer each other never end; and what is no message is nobody's words."""
    for sender in ({"id": BOT, "name": "Signpost"}, {"id": "28:other", "name": "Other"}, {"id": "29:1x", "role": "bot"}):
        await wire.sends("Teacher", {"type": "message", "text": "report something", "from": sender})
    for kind in ("typing", "conversationUpdate", "installationUpdate", "messageReaction", "event", "endOfConversation"):
        assert (await wire.sends("Teacher", {"type": kind})).received
    assert (await driver.app.work.lag(driver.app.clock.now()))["inbox"].waiting == 0
    assert await kept(driver) == []


# What is said.


async def test_somebody_who_never_wrote_is_written_to(driver: TeamsDriver, wire: Teams):
    """A place of a person is enough: Teams says which chat it is, and is asked once."""
    channel = only_channel(driver.app)
    for key in ("k1", "k2"):
        await channel.send(to(driver, "Head"), Reply("Somebody should look."), key)
    assert [message.words for message in wire.screen("Head")] == ["Somebody should look."] * 2
    assert wire.counted["create"] == 1


async def test_somebody_is_written_to_after_a_restart(wire: Teams, tmp_path: Path):
    """What this process knew of the chats is gone, and nothing is lost by it: a card is changed where it stands."""
    async with working(tmp_path, wire) as driver:
        await wire.says("Lead", "hello")
        await read(driver, "Lead", "policy")
        card = Reply("what to do", (Choice("Open", "open"),), "case:1", "Signpost: SP-7K2MQ needs you")
        receipt = await only_channel(driver.app).send(to(driver, "Lead"), card, "k")
    async with working(tmp_path, wire) as driver:
        await only_channel(driver.app).edit(to(driver, "Lead"), receipt, Reply("Somebody has it.", about="case:1"), "k2")
    assert wire.screen("Lead")[-1].words == "Somebody has it."
    assert wire.counted["create"] == 1


async def test_a_long_answer_comes_as_several_messages_and_goes_on_where_it_broke_off(driver: TeamsDriver, wire: Teams):
    """What is there already is not said again when the rest could not be sent."""
    long = Reply("".join(f"Sentence number {number} of a long policy. " for number in range(900)), (Choice("A", "a"),), "q:1")
    wire.hooks.append(_refuse_second())
    with pytest.raises(SendFailed):
        await only_channel(driver.app).send(to(driver, "Lead"), long, "k")
    assert len(await driver.shown("Lead")) == 1
    wire.hooks.clear()
    receipt = await only_channel(driver.app).send(to(driver, "Lead"), long, "k")
    new = await driver.shown("Lead")
    assert receipt.count(",") == len(new) - 1 > 0
    whole = " ".join(seen.text for seen in new)
    assert [whole.count(f"number {number} ") for number in range(900)] == [1] * 900
    assert [seen.buttons for seen in new] == [*[()] * (len(new) - 1), ("A",)]
    # Changed, only the last of them stays.
    await only_channel(driver.app).edit(to(driver, "Lead"), receipt, Reply("short"), "k2")
    assert [seen.text for seen in await driver.shown("Lead")] == ["short"]


def _refuse_second():
    posts = []

    def hook(what: str, _: dict) -> None:
        if what == "post":
            posts.append(what)
            if len(posts) == 2:
                raise Refused(409, "Conflict")

    return hook


@pytest.mark.parametrize(("said", "waits"), [("17", 17), ("", 5), ("soon", 5)])
async def test_teams_is_obeyed_when_it_asks_us_to_wait(driver: TeamsDriver, wire: Teams, said: str, waits: int):
    """The time it names goes to the outbox, which waits for so long; a few seconds where it names none."""
    wire.faults, wire.retry_after = [TOO_MANY], said
    with pytest.raises(SendFailed) as refusal:
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k")
    assert refusal.value.retry_after == waits
    assert not refusal.value.permanent


async def test_what_can_never_arrive_is_refused_for_good(driver: TeamsDriver, wire: Teams):
    """The app was taken away from them, or nobody is there: those behind it in the queue must not wait a day for it."""
    wire.person("Teacher", installed=False)
    elsewhere = Address("teams", f"{TENANT}:bbbbbbbb-0000-4000-8000-000000000001")
    for address in (to(driver, "Teacher"), elsewhere):
        with pytest.raises(SendFailed) as refusal:
            await only_channel(driver.app).send(address, Reply("x"), "k")
        assert refusal.value.permanent


async def test_a_chat_that_is_gone_is_asked_for_anew(driver: TeamsDriver, wire: Teams):
    """Somebody took the app away and put it back: what we remembered leads nowhere, what Teams says does."""
    await wire.says("Teacher", "hello")
    await read(driver, "Teacher", "policy")
    wire.person("Teacher").chat = "a:1another"
    with pytest.raises(SendFailed):
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k")
    await only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k")
    assert [message.words for message in wire.screen("Teacher")] == ["x"]


async def test_whether_it_arrived_is_not_guessed(driver: TeamsDriver, wire: Teams):
    """A call that broke off may have been taken: that is another answer than no."""
    wire.faults = [RESET]
    with pytest.raises(Exception) as refusal:  # noqa: PT011 - what matters is what it is not
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("the words"), "k")
    assert not isinstance(refusal.value, SendFailed)
    assert "words" not in str(refusal.value)


async def test_a_lock_screen_reads_nothing(driver: TeamsDriver, wire: Teams):
    """What a telephone shows to whoever picks it up is that there is something, and no more."""
    await only_channel(driver.app).send(to(driver, "Teacher"), Reply("what he wrote to her"), "k")
    (message,) = wire.screen("Teacher")
    assert message.activity["summary"] == message.card["fallbackText"] == NEWS
    assert not message.activity.get("text")


async def test_pressing_a_card_does_not_touch_it(driver: TeamsDriver, wire: Teams):
    """Only the outbox changes a card: what was pressed on an old screen must not bring back what was emptied meanwhile."""
    card = Reply("what to do", (Choice("Open", "open"),), "case:nothing", "Signpost: SP-7K2MQ needs you")
    await only_channel(driver.app).send(to(driver, "Lead"), card, "k")
    before = wire.screen("Lead")[0].card
    answer = await wire.presses("Lead", "Open")
    assert answer.body["value"] == TAKEN
    await read(driver, "Lead", wording.NOT_YOURS)
    assert wire.screen("Lead")[0].card == before
    assert wire.counted["change"] == 0


async def test_a_card_that_is_gone_cannot_be_changed(driver: TeamsDriver, wire: Teams):
    """The outbox must hear that nothing is there, and not try for a day."""
    channel = only_channel(driver.app)
    receipt = await channel.send(to(driver, "Lead"), Reply("x"), "k")
    wire.screen("Lead").clear()
    for card in (receipt, "", "no receipt"):
        with pytest.raises(SendFailed) as refusal:
            await channel.edit(to(driver, "Lead"), card, Reply("y"), "k2")
        assert refusal.value.permanent


# Signing in, connecting, and ending.


async def test_a_token_that_ends_is_renewed_without_a_word(driver: TeamsDriver, wire: Teams):
    """Microsoft may end one early: the send that finds out is made again with a new one, and arrives once."""
    channel = only_channel(driver.app)
    await channel.send(to(driver, "Lead"), Reply("first"), "k1")
    wire.token = "ended"
    await channel.send(to(driver, "Lead"), Reply("second"), "k2")
    assert [message.words for message in wire.screen("Lead")] == ["first", "second"]
    assert wire.counted["sign in"] == 2


async def test_a_secret_that_ends_at_work_is_said_aloud(driver: TeamsDriver, wire: Teams):
    """Client secrets end after a time. The next send finds out, and the supervisor shows it: somebody has to make a new one."""
    wire.secret, wire.token = "another", "ended"
    with pytest.raises(SendFailed):
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k")

    async def shown() -> bool:
        return driver.app.supervisor.states["teams"] == "misconfigured"

    await Patience(driver.app).until(shown, "the state misconfigured")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"app_id": "00000000-0000-4000-8000-000000000009"}, "teams.app_id"),
        ({"tenants": ("00000000-0000-4000-8000-000000000009",)}, "teams.tenants"),
    ],
)
async def test_a_wrong_setting_is_named(wire: Teams, tmp_path: Path, wrong: dict, named: str):
    """Microsoft says what it does not know: the message says which key that is, and where the steps are."""
    async with working(tmp_path, wire, connected=False, teams=registered(wire, **wrong)) as driver:
        channel = type(only_channel(driver.app))(context_of(driver.app))
        with pytest.raises(Misconfigured, match=named) as told:
            await channel.run(driver.app.conversations.receive)
        assert "docs/channels/teams.md" in str(told.value)


async def test_check_tries_the_way_to_microsoft_and_sends_nothing(wire: Teams, tmp_path: Path):
    """Whoever sets it up hears which setting is wrong, or what the bot cannot reach, before anybody relies on it."""
    config = settings(tmp_path, wire)
    assert await trouble(config) == ""
    wire.keys_down = True
    assert "teams.keys" in await trouble(config)
    wire.secret = "another"
    assert "SIGNPOST_TEAMS_CLIENT_SECRET" in await trouble(config)
    wire.down = True
    assert "cannot be reached" in await trouble(config)
    assert set(wire.counted) == {"sign in", "keys"}


async def test_microsoft_being_down_at_the_start_holds_nobody_up(wire: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The bot starts, says that it tries again, keeps what comes in, and answers once Microsoft is back."""
    monkeypatch.setattr("bot.channels.teams.channel.FIRST_WAIT", 0.05)
    wire.down = True
    async with working(tmp_path, wire, connected=False) as driver:
        assert (await wire.says("Teacher", "report something")).received
        assert driver.app.supervisor.states["teams"] == "retrying"
        wire.down = False
        await read(driver, "Teacher", wording.REPORT_PROMPT)
        await Patience(driver.app).until(lambda: _up(driver), "the state up")


async def _up(driver: TeamsDriver) -> bool:
    return driver.app.supervisor.states["teams"] == "up"


async def test_before_the_channel_runs_nothing_is_called_received(driver: TeamsDriver, wire: Teams):
    """Whoever writes then sees in Teams that it did not get through."""
    only_channel(driver.app)._line = None
    assert (await wire.says("Teacher", "hello")).status == 503
    with pytest.raises(SendFailed) as refusal:
        await only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k")
    assert not refusal.value.permanent


async def test_what_could_not_be_kept_is_not_called_received(driver: TeamsDriver, wire: Teams):
    """Not a breakdown either: it must not pass for received, and nothing of it is in our answer."""

    async def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    (store,) = driver.app.stores.values()
    store.inbox.keep = full
    answer = await wire.signed(json.dumps(wire.activity(wire.person("Teacher"), {"type": "message", "text": "hello"})).encode())
    assert (answer.status_code, answer.content) == (503, b"")


async def test_the_sdk_is_imported_only_where_teams_is_configured():
    """A school with a web page alone pays nothing for it, in time or in memory."""
    heavy = ("microsoft_teams", "opentelemetry", "jwt")
    code = f"import sys, bot.app, bot.config; print(any(name.startswith({heavy!r}) for name in sys.modules))"
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


async def test_it_ends_within_two_seconds_with_a_call_hanging(driver: TeamsDriver, wire: Teams):
    """A platform that does not answer must not hold up the restart of the bot."""
    wire.faults = ["hangs"]
    hanging = asyncio.create_task(only_channel(driver.app).send(to(driver, "Teacher"), Reply("x"), "k"))
    await asyncio.sleep(0.1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for task in asyncio.all_tasks():
        if task.get_name() in {"channels", "channel teams"}:
            task.cancel()
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    assert loop.time() - began < 2


async def test_nothing_of_it_is_in_the_log(driver: TeamsDriver, wire: Teams, capfd: pytest.CaptureFixture[str]):
    """Neither what was written, nor who wrote it, nor by what we are known."""
    wire.faults = [TOO_MANY, RESET]
    await wire.says("Teacher", "He sent Maisie horrible words")
    await wire.sends("Teacher", {"type": "message", "text": {"Maisie": 1}})
    await read(driver, "Teacher", "")
    wire.secret, wire.token = "another", "ended"
    await wire.says("Teacher", "and again")
    await asyncio.sleep(0.2)
    logged = "".join(capfd.readouterr())
    person = wire.person("Teacher")
    for secret in ("Maisie", "again", person.id, person.object_id, person.chat, TENANT, "made~up"):
        assert secret not in logged


async def test_the_health_of_the_bot_does_not_hang_on_teams(wire: Teams, tmp_path: Path):
    """A wrong secret is for IT to mend; everybody else goes on."""
    wire.secret = "another"
    async with working(tmp_path, wire, connected=False) as driver, httpx.AsyncClient() as http:
        assert (await http.get(wire.bot.replace("/teams/messages", "/healthz"))).status_code == 200
        assert driver.app.config.teams.app_id
