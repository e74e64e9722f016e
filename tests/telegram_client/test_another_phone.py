"""Our bot, run as a school runs it, on somebody else's phone: over real sockets, in a process of its own, on a real clock."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from telethon.tl.types import MessageEntityBold, MessageEntityItalic, TypeMessageEntity
from tg_auto_test.test_utils.serverless_message import ServerlessMessage

from bot import wording
from bot.wording_telegram import MENU, NOTICE
from tests.e2e.answers import REPORT, SECRET
from tests.telegram_client.conftest import School
from tests.telegram_client.exchange import Phone, labels

pytestmark = pytest.mark.asyncio(loop_scope="session")
REFERENCE = re.compile(r"Your report is (SP-\w{5})")


def styled(message: ServerlessMessage, style: type[TypeMessageEntity]) -> list[str]:
    """What stands in STYLE in MESSAGE, counted as Telegram counts."""
    units = message.text.encode("utf-16-le")
    spans = [(2 * one.offset, 2 * (one.offset + one.length)) for one in message.entities if isinstance(one, style)]
    return [units[start:end].decode("utf-16-le") for start, end in spans]


def picture() -> bytes:
    """A picture that no phone would refuse to send."""
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(written, "PNG")
    return written.getvalue()


async def test_start_says_who_it_is_and_that_telegram_is_not_end_to_end_encrypted(school: School):
    """In italics below the first answer, and not again below the second."""
    async with school.telegram.phone("Mum") as mum:
        await mum.says("/start")
        hello = await mum.reads("I am Signpost")
        assert hello.text.endswith(NOTICE)
        assert "not end-to-end encrypted" in NOTICE
        assert NOTICE in styled(hello, MessageEntityItalic)
        assert {"Ask a question", "Report something"} <= set(labels(hello))
        await mum.says("/help")
        assert NOTICE not in (await mum.reads("I am Signpost")).text


async def test_the_menu_beside_the_field_offers_what_the_bot_can_do(school: School):
    """The commands as the phone lists them, and each leads where it says."""
    async with school.telegram.phone("Mum") as mum:
        assert await mum.menu() == list(MENU)
        await mum.says("/ask")
        await mum.reads(wording.ASK_PROMPT)
        await mum.says("/report")
        await mum.reads(wording.REPORT_PROMPT)


async def test_a_question_is_answered_with_its_section(school: School):
    """Who keeps the passwords: the policy's words, where they stand, and the whole section at a press."""
    async with school.telegram.phone("Teacher") as teacher:
        await teacher.says("Who keeps the passwords of school accounts?")
        answer = await teacher.reads(wording.POLICY_SAYS)
        assert "School accounts (section 6.1)" in answer.text
        await teacher.presses("Read the whole section")
        await teacher.reads("School accounts (section 6.1)")


async def test_the_link_of_an_invitation_makes_its_holder_known(lead: Phone):
    """What the link types is answered by a question with buttons; pressed, the bot says as whom it knows them. Its buttons go."""
    joined = next(one.text for one in lead.read if "You are known here as" in one.text)
    assert "safeguarding lead" in joined
    asked = next(one for one in lead.read if "Is that you?" in one.text)
    assert asked.id in lead.disarmed


async def test_a_whole_report_by_buttons_and_words_reaches_the_lead(school: School, lead: Phone):
    """Sixteen questions, the reference, the card on the lead's phone, and its press is told to whoever reported."""
    async with school.telegram.phone("Parent") as parent:
        await parent.says("report cyberbullying")
        for question, answer, typed in REPORT:
            await parent.reads(question)
            asked = await (parent.says if typed else parent.presses)(answer)
            if not typed:
                await parent.until(lambda asked=asked: asked.id in parent.disarmed)
        review = await parent.reads("Before it is sent")
        assert SECRET in review.text
        await parent.presses("Send")
        found = REFERENCE.search((await parent.reads("Your report is SP-")).text)
        assert found is not None
        card = await lead.reads(wording.NEEDS_YOU.format(reference=found[1]))
        assert SECRET not in card.text
        assert wording.NEEDS_YOU.format(reference=found[1]) in styled(card, MessageEntityBold)
        await lead.presses(wording.ACKNOWLEDGE)
        assert (await lead.reads_change(found[1])).id == card.id
        await parent.reads("was seen at")


async def test_an_edited_answer_is_seen_and_changes_nothing(school: School):
    """What was written first stays; the way to change an answer is said, and the question comes once more."""
    async with school.telegram.phone("Parent") as parent:
        await parent.says("report cyberbullying")
        for question, answer, typed in REPORT:
            await parent.reads(question)
            await (parent.says if typed else parent.presses)(answer)
            if typed:
                break
        await parent.reads("When was it")
        await parent.edits("It was nothing, really.")
        await parent.reads("I keep what you wrote first")
        await parent.reads("When was it")


async def test_a_photo_is_refused_and_never_fetched(school: School):
    """With the reason, and with what to do where it may show a child undressed."""
    async with school.telegram.phone("Parent") as parent:
        await parent.sends_picture(picture(), "look at this")
        await parent.reads("I do not open pictures")
        assert school.telegram.counted["getFile"] == school.telegram.counted["files"] == 0


async def test_every_press_is_answered_so_that_no_button_goes_on_glowing(school: School):
    """The answer to a press names that very press."""
    async with school.telegram.phone("Mum") as mum:
        await mum.says("/start")
        await mum.reads("I am Signpost")
        await mum.presses("Report something")
        await mum.reads(wording.REPORT_PROMPT)
        await mum.until(lambda: school.telegram.counted["answerCallbackQuery"] and not school.telegram.pressed)
