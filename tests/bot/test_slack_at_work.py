"""Slack from the report to the card and back, and a workspace that several schools share: all over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import wording
from bot.channels.slack.channel import PATH
from bot.concerning import SURE_YES
from bot.messages import INCOMING
from bot.wording_slack import NEWS, WHICH_SCHOOL
from tests.drivers import Patience, passes, seat
from tests.driving.slack import SlackDriver, settings, working
from tests.fakes import HandClock
from tests.site import serving
from tests.slack_wire import PUBLIC, TEAM, Message, Slack, slack

TITLE = "Unwanted friend or follow request"
ANSWERS = (
    *("no", "staff", "yes", "no", "pupil", "my child", "none of these", "skip", "skip", "skip", "skip"),
    *("He asked Maisie three times.", "skip", "no", "skip", "skip"),
)
SCHOOLS = ("rosebrook", "trent")


@pytest.fixture
async def wire() -> AsyncIterator[Slack]:
    """A Slack with nobody in it."""
    async with slack() as wire:
        yield wire


@pytest.fixture
async def driver(wire: Slack, tmp_path: Path) -> AsyncIterator[SlackDriver]:
    """Rosebrook's bot in its workspace; the Lead and the Head hold their roles."""
    async with working(tmp_path, wire) as driver:
        await seat(driver.app, "slack", driver.place("Head"), "headteacher", name="Head")
        yield driver


@pytest.fixture
async def shared(wire: Slack, tmp_path: Path) -> AsyncIterator[SlackDriver]:
    """Two schools of a trust in one workspace."""
    async with working(tmp_path, wire, schools=SCHOOLS) as driver:
        yield driver


async def reads(driver: SlackDriver, who: str, words: str) -> Message:
    """Wait until WHO reads WORDS; the newest message with them."""

    async def there() -> bool:
        return any(words in message.words for message in driver.wire.screen(who))

    await Patience(driver.app).until(there, f"{words!r} for {who}")
    return next(message for message in reversed(driver.wire.screen(who)) if words in message.words)


async def answers(driver: SlackDriver, who: str, text: str) -> None:
    """WHO types TEXT and waits for an answer."""
    before = len(await driver.shown(who))
    assert await driver.says(who, text)

    async def more() -> bool:
        return len(await driver.shown(who)) > before

    await Patience(driver.app, step=0.1).until(more, f"an answer to {text!r}")


async def reported(driver: SlackDriver) -> str:
    """The Teacher has sent a report; its reference."""
    await answers(driver, "Teacher", "report something")
    await driver.presses("Teacher", TITLE)
    await reads(driver, "Teacher", "Question 1 of")
    for text in ANSWERS:
        await answers(driver, "Teacher", text)
    await driver.presses("Teacher", "Send")
    thanks = await reads(driver, "Teacher", "Your report is SP-")
    return thanks.words.split("Your report is ")[1].split(".")[0]


async def test_a_report_reaches_the_lead_as_a_card_and_the_reporter_hears_when_it_was_seen(driver: SlackDriver, wire: Slack):
    """The card holds no name and no word of the report, its lock screen the reference alone; the others' cards change in place."""
    reference = await reported(driver)
    card, other = [await reads(driver, who, f"{reference} needs you") for who in ("Lead", "Head")]
    assert card.text == f"Signpost: {reference} needs you"
    for shown in (card, other):
        assert "Maisie" not in shown.words
        assert {"Acknowledge", "Open"} <= {button["text"]["text"] for button in shown.buttons}
    before = len(wire.screen("Head"))
    await driver.presses("Lead", "Acknowledge")
    await reads(driver, "Teacher", "was seen at")
    changed = await reads(driver, "Head", "already been acknowledged")
    assert (changed.ts, len(wire.screen("Head"))) == (other.ts, before)
    assert changed.buttons == []
    await driver.presses("Lead", "Open")
    page = await reads(driver, "Lead", "He asked Maisie three times.")
    assert "Maisie" not in page.text
    assert not any("Maisie" in message.words for message in wire.screen("Head"))


async def test_a_card_is_emptied_where_it_stands_for_whom_the_case_is_about(driver: SlackDriver, wire: Slack):
    """They learn later that nothing is there any more: not even the reference stays, and nothing new appears."""
    reference = await reported(driver)
    card = await reads(driver, "Head", f"{reference} needs you")
    before = len(wire.screen("Head"))
    await reads(driver, "Lead", f"{reference} needs you")
    await driver.presses("Lead", "Acknowledge")
    await reads(driver, "Head", "already been acknowledged")
    await answers(driver, "Lead", f"{reference} concerns the headteacher")
    await driver.presses("Lead", SURE_YES)

    async def emptied() -> bool:
        return reference not in card.words

    await Patience(driver.app).until(emptied, "the card emptied")
    assert len(wire.screen("Head")) == before
    assert reference not in card.text
    assert card.buttons == []
    # A press on the old screen, already on its way, must not bring it back.
    old = {"type": "button", "value": "\ncase:x\nopen", "text": {"type": "plain_text", "text": "Open"}}
    assert (await wire.press("Head", card, old)).received
    passes(driver.app, 5)
    assert reference not in card.words


async def test_one_workspaces_wrong_token_leaves_the_others_at_work(wire: Slack, tmp_path: Path):
    """It shows at its own school and nowhere else; what is revoked later ends no more than that either, until none is left."""
    config = settings(tmp_path, wire, schools=("rosebrook", "trent"))
    more = {"bot_token_trent": SecretStr("xoxb-nobody-knows"), "signing_secret_trent": SecretStr("0" * 32)}
    ours = {"slack": {**config.secrets.channels["slack"], **more}}
    config = config.model_copy(update={"secrets": config.secrets.model_copy(update={"channels": ours})})
    async with serving(config, HandClock()) as site:
        wire.bot = f"{site.address}{PATH}"
        here = SlackDriver(site.app, wire)
        assert await here.says("Parent", "hello")
        await reads(here, "Parent", "I am Signpost")
        supervisor = site.app.supervisor
        assert supervisor.states_at("trent") == {"slack": "misconfigured"}
        assert supervisor.states_at("rosebrook") == supervisor.states == {"slack": "up"}
        wire.error = "token_revoked"
        assert await here.says("Parent", "report something")

        async def over() -> bool:
            return supervisor.states == {"slack": "misconfigured"}

        await Patience(site.app).until(over, "none that is left")


async def test_several_schools_in_one_workspace_ask_once_and_nothing_is_said_twice(shared: SlackDriver, wire: Slack):
    """The words go along with the button; from then on the person is where they were."""
    assert await shared.says("Parent", "report something")
    asked = await reads(shared, "Parent", WHICH_SCHOOL)
    assert asked.words.startswith(wording.NINE_NINE_NINE_SHORT)
    assert asked.text == NEWS
    titles = [button["text"]["text"] for button in asked.buttons]
    assert len(titles) == len(SCHOOLS)
    await shared.presses("Parent", titles[1])
    await reads(shared, "Parent", wording.REPORT_PROMPT)
    assert await heard(shared, "trent", "Parent") == ["report something"]
    assert await heard(shared, "rosebrook", "Parent") == []
    await shared.presses("Parent", TITLE)
    await reads(shared, "Parent", "Question 1 of")
    assert await heard(shared, "trent", "Parent") == ["report something", "friend_request"]


async def test_the_school_can_be_changed_and_old_buttons_still_belong_to_theirs(shared: SlackDriver, wire: Slack):
    """A button knows which school showed it, whatever was picked since."""
    await shared.says("Parent", "report something")
    await shared.presses("Parent", shared.app.schools["trent"].title)
    await reads(shared, "Parent", wording.REPORT_PROMPT)
    old = await reads(shared, "Parent", wording.REPORT_PROMPT)
    button = next(button for button in old.buttons if button["text"]["text"] == TITLE)
    shared.app.clock.tick(seconds=5)
    await shared.says("Parent", "school")
    await shared.presses("Parent", shared.app.schools["rosebrook"].title)

    async def there() -> bool:
        return await heard(shared, "rosebrook", "Parent") == ["help"]

    await Patience(shared.app).until(there, "the other school")
    assert (await wire.press("Parent", old, button)).received
    assert await heard(shared, "trent", "Parent") == ["report something", "friend_request"]


async def test_whoever_holds_a_role_is_not_asked(shared: SlackDriver, wire: Slack):
    """The school that gave them the role is theirs."""
    at = f"{TEAM}:{wire.person('Deputy').id}/trent"
    await shared.app.stores["trent"].people.add("Deputy", ("deputy_dsl",), (("slack", at),))
    await shared.says("Deputy", "cases")
    await reads(shared, "Deputy", wording.NO_CASES)


async def test_somebody_who_is_asked_in_a_channel_is_asked_in_private(shared: SlackDriver, wire: Slack):
    """Others do not even see the question."""
    await shared.says_in_public("Teacher", "somebody keeps writing to a pupil")
    await reads(shared, "Teacher", WHICH_SCHOOL)
    assert await shared.shown_in_public() == []
    assert all(message.seen_by for message in wire.from_bot(PUBLIC))


async def test_words_that_could_not_be_asked_about_are_not_called_received(shared: SlackDriver, wire: Slack):
    """Nobody knows the school and Slack does not take the question: Slack keeps the words and brings them again."""
    wire.person("Parent")
    wire.faults = ["5xx"] * 4
    assert not await shared.says("Parent", "report something")
    assert await shared.again("Parent")
    await reads(shared, "Parent", WHICH_SCHOOL)


async def heard(driver: SlackDriver, school: str, who: str) -> list[str]:
    """What SCHOOL has kept from WHO."""
    at = f"{TEAM}:{driver.wire.person(who).id}/{school}"
    lines = await driver.app.stores[school].conversations.transcript("slack", at, at, 50)
    return [INCOMING.validate_json(line.body).text for line in lines if line.kind == "heard"]
