"""Teams from the report to the card and back, and one app that serves several schools: all over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import wording
from bot.concerning import SURE_YES
from bot.messages import INCOMING
from bot.wording_teams import NEWS, TAKEN, WHICH_SCHOOL, WRITE_IN_PRIVATE
from tests.drivers import Patience, passes, seat
from tests.driving.teams import TeamsDriver, working
from tests.teams_wire import CARD, Message, Teams, teams

TITLE = "Unwanted friend or follow request"
ANSWERS = (
    *("no", "staff", "yes", "no", "pupil", "my child", "none of these", "skip", "skip", "skip", "skip"),
    *("He asked Maisie three times.", "skip", "no", "skip", "skip"),
)
SCHOOLS = ("rosebrook", "trent")


@pytest.fixture
async def wire() -> AsyncIterator[Teams]:
    """A Teams with nobody in it."""
    async with teams() as wire:
        yield wire


@pytest.fixture
async def driver(wire: Teams, tmp_path: Path) -> AsyncIterator[TeamsDriver]:
    """Rosebrook's bot; the Lead and the Head hold their roles."""
    async with working(tmp_path, wire) as driver:
        await seat(driver.app, "teams", driver.place("Head"), "headteacher", name="Head")
        yield driver


@pytest.fixture
async def shared(wire: Teams, tmp_path: Path) -> AsyncIterator[TeamsDriver]:
    """Two schools of a trust with one Microsoft 365."""
    async with working(tmp_path, wire, schools=SCHOOLS) as driver:
        yield driver


async def reads(driver: TeamsDriver, who: str, words: str) -> Message:
    """Wait until WHO reads WORDS; the newest message with them."""

    async def there() -> bool:
        return any(words in message.words for message in driver.wire.screen(who))

    await Patience(driver.app).until(there, f"{words!r} for {who}")
    return next(message for message in reversed(driver.wire.screen(who)) if words in message.words)


async def answers(driver: TeamsDriver, who: str, text: str) -> None:
    """WHO types TEXT and waits for an answer."""
    before = len(await driver.shown(who))
    assert await driver.says(who, text)

    async def more() -> bool:
        return len(await driver.shown(who)) > before

    await Patience(driver.app, step=0.1).until(more, f"an answer to {text!r}")


async def reported(driver: TeamsDriver) -> str:
    """The Teacher has sent a report; its reference."""
    await answers(driver, "Teacher", "report something")
    await driver.presses("Teacher", TITLE)
    await reads(driver, "Teacher", "Question 1 of")
    for text in ANSWERS:
        await answers(driver, "Teacher", text)
    await driver.presses("Teacher", "Send")
    thanks = await reads(driver, "Teacher", "Your report is SP-")
    return thanks.words.split("Your report is ")[1].split(".")[0]


async def test_a_report_reaches_the_lead_as_a_card_and_the_reporter_hears_when_it_was_seen(driver: TeamsDriver, wire: Teams):
    """The card holds no name and no word of the report, its lock screen the reference alone; the others' cards change in place.

    The Lead and the Head have never written to the bot: their chats are those that Teams names.
    """
    reference = await reported(driver)
    card, other = [await reads(driver, who, f"{reference} needs you") for who in ("Lead", "Head")]
    assert card.activity["summary"] == f"Signpost: {reference} needs you"
    for shown in (card, other):
        assert "Maisie" not in shown.words
        assert {"Acknowledge", "Open"} <= {button["title"] for button in shown.buttons}
    before = len(wire.screen("Head"))
    pressed = await wire.presses("Lead", "Acknowledge")
    assert pressed.body["value"] == TAKEN
    await reads(driver, "Teacher", "was seen at")
    changed = await reads(driver, "Head", "already been acknowledged")
    assert (changed.id, len(wire.screen("Head"))) == (other.id, before)
    assert changed.buttons == []
    await driver.presses("Lead", "Open")
    page = await reads(driver, "Lead", "He asked Maisie three times.")
    assert "Maisie" not in page.activity["summary"]
    assert not any("Maisie" in message.words for message in wire.screen("Head"))
    # A page about a case stays as it is, too: what it shows is not said once more by us because a button was pressed.
    shown = page.card
    await wire.executes("Lead", page, page.buttons[0])
    assert page.card == shown


async def test_a_card_is_emptied_where_it_stands_for_whom_the_case_is_about(driver: TeamsDriver, wire: Teams):
    """They learn later that nothing is there any more: not even the reference stays, and nothing new appears."""
    reference = await reported(driver)
    card = await reads(driver, "Head", f"{reference} needs you")
    button = next(button for button in card.buttons if button["title"] == "Open")
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
    assert reference not in str(card.activity)
    assert card.buttons == []
    # A press on the old screen, already on its way, must not bring it back, nor be answered otherwise than any other.
    answer = await wire.executes("Head", card, button)
    assert answer.body["value"] == TAKEN
    passes(driver.app, 5)
    assert reference not in str(card.activity)


async def test_several_schools_ask_once_and_nothing_is_said_twice(shared: TeamsDriver, wire: Teams):
    """The words go along with the button; from then on the person is where they were."""
    assert await shared.says("Parent", "report something")
    asked = await reads(shared, "Parent", WHICH_SCHOOL)
    assert asked.words.startswith(wording.NINE_NINE_NINE_SHORT)
    assert asked.activity["summary"] == NEWS
    titles = [button["title"] for button in asked.buttons]
    assert len(titles) == len(SCHOOLS)
    picked = await wire.presses("Parent", titles[1])
    assert picked.body["type"] == CARD
    assert asked.words == f"✓ {titles[1]}"
    await reads(shared, "Parent", wording.REPORT_PROMPT)
    assert await heard(shared, "trent", "Parent") == ["report something"]
    assert await heard(shared, "rosebrook", "Parent") == []
    await shared.presses("Parent", TITLE)
    await reads(shared, "Parent", f"✓ {TITLE}")
    await reads(shared, "Parent", "Question 1 of")
    assert await heard(shared, "trent", "Parent") == ["report something", "friend_request"]


async def test_the_school_can_be_changed_and_old_buttons_still_belong_to_theirs(shared: TeamsDriver, wire: Teams):
    """A button knows which school showed it, whatever was picked since."""
    await shared.says("Parent", "report something")
    await shared.presses("Parent", shared.app.schools["trent"].title)
    old = await reads(shared, "Parent", wording.REPORT_PROMPT)
    button = next(button for button in old.buttons if button["title"] == TITLE)
    shared.app.clock.tick(seconds=5)
    await shared.says("Parent", "school")
    await shared.presses("Parent", shared.app.schools["rosebrook"].title)

    async def there() -> bool:
        return await heard(shared, "rosebrook", "Parent") == ["help"]

    await Patience(shared.app).until(there, "the other school")
    assert (await wire.executes("Parent", old, button)).received
    assert await heard(shared, "trent", "Parent") == ["report something", "friend_request"]
    foreign = {**button, "data": {**button["data"], "school": "nowhere"}}
    assert (await wire.executes("Parent", old, foreign)).received
    assert await heard(shared, "trent", "Parent") == ["report something", "friend_request"]


async def test_whoever_holds_a_role_is_not_asked(shared: TeamsDriver, wire: Teams):
    """The school that gave them the role is theirs."""
    at = f"{wire.person('Deputy').place}/trent"
    await shared.app.stores["trent"].people.add("Deputy", ("deputy_dsl",), (("teams", at),))
    await shared.says("Deputy", "cases")
    await reads(shared, "Deputy", wording.NO_CASES)


async def test_somebody_who_is_asked_in_a_channel_is_asked_in_private(shared: TeamsDriver, wire: Teams):
    """Others do not even see the question."""
    await shared.says_in_public("Teacher", "somebody keeps writing to a pupil")
    await reads(shared, "Teacher", WHICH_SCHOOL)
    assert await shared.shown_in_public() == []


async def test_somebody_who_cannot_be_asked_at_all_is_told_how_to_write(shared: TeamsDriver, wire: Teams):
    """Without the app there is no private chat to ask in: the channel reads how to get one, and nothing of what was said."""
    wire.person("Teacher", installed=False)
    assert await shared.says_in_public("Teacher", "somebody keeps writing to Maisie")
    assert [seen.text for seen in await shared.shown_in_public()] == [WRITE_IN_PRIVATE]


async def test_words_that_could_not_be_asked_about_are_not_called_received(shared: TeamsDriver, wire: Teams):
    """Nobody knows the school and Teams does not take the question: the words must not pass for received."""
    wire.faults = ["5xx"]
    assert not await shared.says("Parent", "report something")
    assert await shared.again("Parent")
    await reads(shared, "Parent", WHICH_SCHOOL)


async def heard(driver: TeamsDriver, school: str, who: str) -> list[str]:
    """What SCHOOL has kept from WHO."""
    at = f"{driver.wire.person(who).place}/{school}"
    lines = await driver.app.stores[school].conversations.transcript("teams", at, at, 50)
    return [INCOMING.validate_json(line.body).text for line in lines if line.kind == "heard"]
