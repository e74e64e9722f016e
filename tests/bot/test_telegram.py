"""Telegram as people use it, over real sockets: first words, buttons, cards, groups, pictures, and what a restart leaves."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import handlers, logs, wording
from bot.messages import Address, Choice, Reply
from bot.turn import Outcome, Turn
from bot.wording_cases import HAND_ON
from bot.wording_telegram import IN_PRIVATE, MENU, NOTICE
from tests.drivers import Patience, only_channel, seat
from tests.driving.telegram import TelegramDriver, driving, running
from tests.telegram_service import KINDS
from tests.telegram_wire import GROUP, telegram

MENU_LABEL = "Unwanted friend or follow request"
DANGER = "He is on the roof of the school and says he will jump"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[TelegramDriver]:
    """Rosebrook's bot on a Monday morning."""
    async with driving(tmp_path) as driver:
        yield driver


def rows(message: dict) -> list[list[str]]:
    """What stands on the buttons of MESSAGE."""
    return [[button["text"] for button in row] for row in message.get("reply_markup", {}).get("inline_keyboard", [])]


async def settles(driver: TelegramDriver, holds, what: str) -> None:
    """Wait until HOLDS is true of what everybody sees."""

    async def so() -> bool:
        return bool(holds())

    await Patience(driver.app).until(so, what)


# How it begins.


async def test_the_first_answer_says_once_that_telegram_is_not_end_to_end_encrypted(tmp_path: Path):
    """Below the first answer, once for each conversation, and a restart does not say it again."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        async with running(wire, bot, tmp_path) as here:
            await here.says("Parent", "/start")
            first = await here.reads("Parent", "Signpost")
            assert first.endswith(NOTICE)
            assert "not end-to-end encrypted" in NOTICE
            await here.says("Parent", "/help")
            await here.reads("Parent", "Signpost", times=2)
        async with running(wire, bot, tmp_path) as here:
            await here.says("Parent", "/help")
            await here.reads("Parent", "Signpost", times=3)
            assert sum(NOTICE in message["text"] for message in here.phone("Parent").screen(bot)) == 1


async def test_in_danger_the_first_thing_that_is_read_is_999(here: TelegramDriver):
    """The notice has time."""
    await here.says("Parent", DANGER)
    await here.reads("Parent", NOTICE)
    first = here.phone("Parent").screen(here.bot)[0]["text"]
    assert first.index("999") < first.index(NOTICE)


async def test_the_menu_offers_what_the_bot_can_do(here: TelegramDriver):
    """/start /report /ask /cases /help, in the bot's words, and each leads where it says."""
    await settles(here, lambda: here.bot.commands, "the menu")
    assert (
        [one["command"] for one in here.bot.commands] == [name for name, _ in MENU] == ["start", "report", "ask", "cases", "help"]
    )
    await here.says("Parent", "/report")
    await here.reads("Parent", wording.REPORT_PROMPT)
    await here.says("Parent", "/ask")
    await here.reads("Parent", wording.ASK_PROMPT)


async def test_an_invitation_reaches_the_bot_with_its_code(here: TelegramDriver):
    """Whoever links people reads it there; the channel takes nothing off it."""
    await here.says("Teacher", "/start 7QK4-PLM2")
    (store,) = here.app.stores.values()
    lines = await store.conversations.transcript("telegram", here.place("Teacher"), here.sender("Teacher"), 9)
    assert json.loads(next(line.body for line in lines if line.kind == "heard"))["text"] == "/start 7QK4-PLM2"


# Buttons.


async def test_a_press_is_answered_at_once_and_shows_what_was_chosen(here: TelegramDriver):
    """The button stops glowing, its question keeps what was pressed, and nothing more can be pressed there."""
    await here.says("Parent", "/report")
    await here.reads("Parent", wording.REPORT_PROMPT)
    await here.presses("Parent", MENU_LABEL)
    await here.reads("Parent", "Question 1 of")
    menu = next(one for one in here.phone("Parent").screen(here.bot) if wording.REPORT_PROMPT in one["text"])
    await settles(here, lambda: rows(menu) == [[f"✓ {MENU_LABEL}"]] and not here.wire.unanswered, "the press shown and answered")
    await here.presses("Parent", f"✓ {MENU_LABEL}")
    await settles(here, lambda: not here.wire.unanswered, "that press answered too")
    assert [text for text, _ in await _heard(here, "Parent")] == ["report", "friend_request"]


async def test_whoever_types_takes_the_buttons_off_what_was_asked(here: TelegramDriver):
    """What is further up leads nowhere any more."""
    await here.says("Parent", "/report")
    await here.reads("Parent", wording.REPORT_PROMPT)
    await here.says("Parent", MENU_LABEL)
    await here.reads("Parent", "Question 1 of")
    menu = next(one for one in here.phone("Parent").screen(here.bot) if wording.REPORT_PROMPT in one["text"])
    await settles(here, lambda: not rows(menu), "the menu without its buttons")


async def test_a_double_tap_is_two_presses_and_one_answer(here: TelegramDriver):
    """Telegram gives each tap a number of its own; the second finds its question answered."""
    await here.says("Parent", "/report")
    await here.reads("Parent", wording.REPORT_PROMPT)
    menu = next(one for one in here.phone("Parent").screen(here.bot) if wording.REPORT_PROMPT in one["text"])
    data = next(button["callback_data"] for row in menu["reply_markup"]["inline_keyboard"] for button in row)
    taps = [here.phone("Parent").presses_data(here.bot, menu, data) for _ in range(2)]
    assert [await tap.received() for tap in taps] == [True, True]
    await here.reads("Parent", "Question 1 of")
    await settles(here, lambda: not here.wire.unanswered, "both taps answered")


async def test_a_button_from_before_a_restart_is_still_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One of the open question works, one of an earlier question says that it is old; whatever they carry is still known."""
    async with telegram() as wire:
        bot = wire.bot("rosebrook_bot")
        long = Reply("Which?", choices=(Choice("This", "v" * 90), Choice("That", "w" * 90)), about="elsewhere")

        async def which(turn: Turn) -> Outcome | None:
            return Outcome((long,)) if turn.message.text == "which" else None

        monkeypatch.setattr("bot.handlers.IN_ORDER", (which, *handlers.IN_ORDER))
        async with running(wire, bot, tmp_path) as here:
            await here.says("Parent", "/report")
            await here.reads("Parent", wording.REPORT_PROMPT)
            await here.presses("Parent", MENU_LABEL)
            await here.reads("Parent", "Question 1 of")
            first = here.phone("Parent").screen(bot)[-1]
            carried = first["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
            await here.presses("Parent", rows(first)[0][0])
            await here.reads("Parent", "Question 2 of")
            await here.says("Parent", "which")
            await here.reads("Parent", "Which?")
        async with running(wire, bot, tmp_path) as here:
            assert await here.phone("Parent").presses_data(bot, first, carried).received()
            await here.reads("Parent", "earlier question")
            await here.presses("Parent", "That")
            await settles(here, lambda: not wire.unanswered, "both answered")
            assert ("w" * 90, "elsewhere") in await _heard(here, "Parent")
            pressed = next(one for one in here.phone("Parent").screen(bot) if one["text"] == "Which?")
            await settles(here, lambda: not rows(pressed), "the old buttons gone")


async def test_a_button_that_nobody_knows_any_more_decides_nothing(here: TelegramDriver):
    """A changed app sends what it likes."""
    await here.says("Parent", "hello")
    await here.reads("Parent", "Signpost")
    shown = here.phone("Parent").screen(here.bot)[-1]
    for odd in ("#AAAAAAAAAAAAAAAAAAAAAAAA", "?abc", "~abc", "🤡", ""):
        assert await here.phone("Parent").presses_data(here.bot, shown, odd).received()
    await settles(here, lambda: not here.wire.unanswered, "each answered")
    assert {about for _, about in (await _heard(here, "Parent"))[1:]} == {"gone"}


# Cards.


async def test_a_card_is_edited_for_everybody_once_somebody_has_the_case(here: TelegramDriver):
    """In its place the Deputy's says that it is taken, and the Lead's that it is theirs; Open leaves the buttons where they are."""
    deputy = here.phone("Deputy")
    here.wire.begun.add((here.bot.id, deputy.id))
    await seat(here.app, "telegram", here.place("Deputy"), "deputy_dsl", name="Deputy")
    await here.says("Parent", DANGER)
    await here.reads("Lead", "needs you")
    card = here.phone("Lead").screen(here.bot)[0]
    reference = re.search(r"SP-\w{5}", card["text"])[0]
    assert card["has_protected_content"]
    assert "roof" not in card["text"]
    (cover,) = [one for one in card["entities"] if one["type"] == "spoiler"]
    assert reference in card["text"][: cover["offset"]]
    assert (cover["offset"], cover["offset"] + cover["length"]) == (card["text"].index("\n\nWhat:"), len(card["text"]))
    await here.presses("Lead", wording.OPEN)
    await here.reads("Lead", "roof")
    assert [wording.ACKNOWLEDGE in row for row in rows(card) if wording.ACKNOWLEDGE in row]
    await here.reads("Deputy", reference)  # the ladder climbs while time is pushed on
    await here.presses("Lead", wording.ACKNOWLEDGE)
    await settles(
        here, lambda: not any(wording.ACKNOWLEDGE in row for row in rows(deputy.screen(here.bot)[0])), "the Deputy's card edited"
    )
    assert len([one for one in deputy.screen(here.bot) if reference in one["text"]]) == 1
    lead = here.phone("Lead")
    await settles(here, lambda: lead.screen(here.bot)[0]["text"].startswith(f"You have {reference}"), "the Lead's card edited")
    assert rows(lead.screen(here.bot)[0]) == [[wording.OPEN, HAND_ON]]
    assert here.wire.counted["editMessageText"] >= 1


async def test_a_card_of_several_messages_is_changed_whole(here: TelegramDriver):
    """Blanked, nothing of it stays, however long it was; and making the same edit twice is one edit."""
    channel = only_channel(here.app)
    to = Address("telegram", here.place("Lead"))
    card = await channel.send(to, Reply("A name nobody may read. " * 400, about="case:x"), "k1")
    for _ in range(2):
        again = await channel.edit(to, card, Reply(wording.BLANKED, about="case:x"), "k2")
        assert again == card
    texts = [message["text"] for message in here.phone("Lead").screen(here.bot)]
    assert texts[0] == wording.BLANKED
    assert len(texts) > 1
    assert set(texts[1:]) == {"…"}


async def test_a_card_that_is_gone_cannot_be_edited(here: TelegramDriver):
    """That is for good: the outbox need not try again."""
    channel = only_channel(here.app)
    to = Address("telegram", here.place("Lead"))
    chat = here.phone("Lead").id
    for card in (f"{chat}:99999", "7:1", "nonsense"):
        with pytest.raises(Exception, match=r"Telegram|card|receipt") as refused:
            await channel.edit(to, card, Reply("x", about="case:x"), "k")
        assert refused.value.permanent


# Groups.


async def test_a_group_hears_where_to_write_and_nothing_else(here: TelegramDriver):
    """The link leads into private; the words are weighed and answered there; what others say in the group is never kept."""
    teacher, other = here.phone("Teacher"), here.phone("Parent")
    assert await other.says(here.bot, "my son is bullied", chat=GROUP).received()
    assert await here.says_in_public("Teacher", "a pupil follows me on Instagram")
    await settles(here, lambda: here.wire.chat(here.bot, GROUP)[2:], "the way shown")
    (way,) = [one for one in here.wire.chat(here.bot, GROUP) if one["from"]["id"] == here.bot.id]
    assert way["text"] == IN_PRIVATE
    assert way["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/rosebrook_bot?start=private"
    await settles(here, lambda: teacher.screen(here.bot), "an answer in private")
    assert not other.screen(here.bot)
    lag = await here.app.work.lag(here.app.clock.now())
    assert lag["inbox"].waiting == 0
    assert await _heard(here, "Parent") == []


async def test_danger_in_a_group_is_heard_although_nobody_ever_wrote_in_private(here: TelegramDriver):
    """Telegram lets nobody be written to who did not begin; the case is opened and the lead is told all the same."""
    await here.phone("Stranger").says(here.bot, f"@{here.bot.username} {DANGER}", chat=GROUP).received()
    await here.reads("Lead", "needs you")
    assert here.phone("Stranger").screen(here.bot) == []


# Pictures.


async def test_no_picture_or_file_is_ever_fetched(here: TelegramDriver):
    """Every kind is refused with the reason; ten pictures of an album are one offer; the service was never asked for a file."""
    parent = here.phone("Parent")
    thing = {"file_id": "x", "file_unique_id": "u", "file_size": 9}
    sizes = [{**thing, "width": 9, "height": 9}]
    sent = [
        parent.sends(here.bot, "document", {**thing, "file_name": "list.pdf"}),
        parent.sends(here.bot, "voice", {**thing, "duration": 3}),
        parent.sends(here.bot, "contact", {"phone_number": "07700900123", "first_name": "Somebody"}),
        *(parent.sends(here.bot, "photo", sizes, media_group_id="album-1") for _ in range(5)),
        parent.sends(here.bot, "photo", sizes, caption="this is him", media_group_id="album-1"),
    ]
    assert all([await one.received() for one in sent])
    await here.reads("Parent", wording.MEDIA[:40], times=5)
    (store,) = here.app.stores.values()
    offered = [link for link in await store.audit.links() if link.act == "media offered"]
    assert len(offered) == 5
    assert here.fetched() == 0
    assert not {"getFile", "downloadFile"} & set(here.wire.counted)


# What is written down.


async def test_no_log_carries_a_word_a_number_or_a_token(here: TelegramDriver, capfd: pytest.CaptureFixture[str]):
    """A conversation with everything that goes wrong in it, and everything that was logged meanwhile, the SDK's lines included."""
    logs.setup("json", "debug")
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        here.wire.fails("5xx", 1)
        here.wire.fails("half an answer", 1)
        here.wire.fails("5xx", 1, method="answerCallbackQuery")
        here.wire.fails("429", 1, method="editMessageReplyMarkup")
        await here.says("Parent", "SECRETWORDS about Zebedee")
        await here.reads("Parent", NOTICE)
        await here.says("Parent", "/report")
        await here.reads("Parent", wording.REPORT_PROMPT)
        await here.presses("Parent", MENU_LABEL)
        here.wire.happens(
            here.bot, message={"message_id": 1, "date": "SECRETWORDS", "chat": {"id": here.phone("Parent").id, "type": "private"}}
        )
        await here.reads("Parent", "I could not read that")
    finally:
        logging.getLogger().setLevel(before)
    written = "".join(capfd.readouterr())
    assert "an update could not be taken" in written
    for secret in ("SECRETWORDS", "Zebedee", here.bot.token, here.bot.token.partition(":")[2], str(here.phone("Parent").id)):
        assert secret not in written


async def test_only_what_is_needed_is_asked_for(here: TelegramDriver):
    """No reactions, no membership, no polls: what is not asked for cannot be kept by mistake."""
    await settles(here, lambda: here.wire.counted["getUpdates"], "a first request")
    assert here.bot.allowed == KINDS


async def _heard(driver: TelegramDriver, who: str) -> list[tuple[str, str]]:
    """What was kept from WHO: the words, and the question they belong to."""
    (store,) = driver.app.stores.values()
    lines = await store.conversations.transcript("telegram", driver.place(who), driver.sender(who), 99)
    kept = [json.loads(line.body) for line in lines if line.kind == "heard"]
    return [(one["text"], one["about"]) for one in kept]
