"""The two translations of Telegram and what a button carries: pure, and tried with whatever people and flows can come up with."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram import Update

from bot.channel import SendFailed
from bot.channels.telegram.buttons import MOST as DATA_MOST
from bot.channels.telegram.buttons import data, pick, picked, recognised, school_of, spelt_out
from bot.channels.telegram.calls import from_receipt, receipt
from bot.channels.telegram.hearing import MEDIA, Me, heard, writer
from bot.channels.telegram.places import Place
from bot.channels.telegram.saying import LABEL, MOST, parts, units
from bot.messages import Choice, Reply

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ME = Me(5_000_001, "rosebrook_bot")
MUM = {"id": 42, "is_bot": False, "first_name": "Mum"}
PRIVATE = {"id": 42, "type": "private"}
GROUP = {"id": -100, "type": "supergroup", "title": "Year 4"}
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)
NAMES = st.text(string.ascii_lowercase + "_:0123456789", min_size=1, max_size=80)
SCHOOLS = ("rosebrook", "trent", "mosaic", "congerstone", "edith_cavell")


def came(**what: Any):
    """What a bot hears of a message with this in it."""
    message = {"message_id": 7, "date": 1_795_000_000, "chat": PRIVATE, "from": MUM, **what}
    return heard(Update.de_json({"update_id": 900, "message": message}, None), ME, NOW)


def said_in_group(text: str, *entities: tuple[str, int, int], **more: Any):
    """What a bot hears of TEXT in a group."""
    marks = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in entities]
    return came(chat=GROUP, text=text, entities=marks, **more)


# What comes in.


def test_words_are_one_message_under_the_platforms_own_number():
    """The update's number is the message's, with the bot's before it: two bots count for themselves."""
    message = came(text="hello").message
    assert message is not None
    assert (message.id, message.sender, message.address.place) == ("5000001:900", "5000001:42", "5000001:42")
    assert (message.text, message.private, message.pressed, message.edited) == ("hello", True, False, False)
    assert message.received_at == NOW


def test_nothing_anybody_wrote_or_is_called_shows_in_a_repr():
    """What is printed by accident is printed for ever."""
    found = came(text="SECRETWORDS")
    assert "SECRETWORDS" not in repr(found)
    assert "42" not in repr(found).replace("5000001", "").replace("900", "")


@pytest.mark.parametrize("kind", MEDIA)
def test_every_kind_of_attachment_is_named_and_none_of_it_is_looked_at(kind: str):
    """A message that is no words says what it was; its caption is words like any other."""

    class Anything:
        """Says yes to whatever it is asked, as an SDK's object with something in it does."""

        def __init__(self, **known: object) -> None:
            self.__dict__.update(known)

        def __getattr__(self, name: str) -> object:
            return None

    user = Anything(id=42, is_bot=False)
    message = Anything(chat=Anything(type="private", id=42), from_user=user, message_id=7, caption="look", **{kind: object()})
    update = Anything(update_id=900, message=message)
    found = heard(update, ME, NOW).message
    assert found is not None
    assert found.attachments == (kind,)
    assert found.text == "look"


def test_a_kind_that_the_sdk_does_not_know_yet_is_an_attachment_too():
    """Telegram adds something new every month, and whoever sends it should not be met with silence."""
    found = came(hologram={"file_id": "x"}).message
    assert found is not None
    assert found.attachments == ("something new",)


def test_half_a_letter_does_not_make_a_message_impossible_to_keep():
    """JSON can carry what no encoding can."""
    message = came(text="he said \ud83d").message
    assert message is not None
    assert message.text == "he said ?"


@pytest.mark.parametrize("nothing", ["new_chat_title", "delete_chat_photo", "group_chat_created"])
def test_what_nobody_said_is_no_message(nothing: str):
    """Somebody renamed a group: nobody wants an answer."""
    assert came(**{nothing: "x" if nothing == "new_chat_title" else True}).message is None


def test_another_bots_words_are_no_message():
    """Two bots that answer each other never stop."""
    assert came(**{"from": {**MUM, "is_bot": True}}, text="hello").message is None


@pytest.mark.parametrize(
    ("typed", "text", "about", "pressed"),
    [
        ("/start", "/start", "", False),
        ("/start private", "/start", "", False),
        ("/start 7QK4-PLM2", "/start 7QK4-PLM2", "", False),
        ("/help", "/help", "", False),
        ("/report", "report", "menu", True),
        ("/Report@Rosebrook_bot", "report", "menu", True),
        ("/report somebody follows my son", "somebody follows my son", "", False),
        ("/ask", "ask", "menu", True),
        ("/ask may a teacher text my child?", "may a teacher text my child?", "", False),
        ("/cases", "cases", "", False),
        ("/nonsense", "/nonsense", "", False),
        ("and/or", "and/or", "", False),
        ("1/2 of it", "1/2 of it", "", False),
    ],
)
def test_a_command_is_what_the_bot_knows_it_by(typed: str, text: str, about: str, pressed: bool):
    """The menu works in the middle of anything, because it is the main menu's button; an invitation keeps its code."""
    message = came(text=typed).message
    assert message is not None
    assert (message.text, message.about, message.pressed) == (text, about, pressed)


def test_an_edited_message_says_that_it_is_one():
    """Its number is its own, so that it is kept beside the first."""
    message = {"message_id": 7, "date": 1, "edit_date": 2, "chat": PRIVATE, "from": MUM, "text": "so he did"}
    found = heard(Update.de_json({"update_id": 901, "edited_message": message}, None), ME, NOW).message
    assert found is not None
    assert found.edited
    assert found.id == "5000001:901"


def test_a_moving_map_pin_is_not_an_edited_message():
    """Telegram sends a live position as an edit every few seconds."""
    message = {"message_id": 7, "date": 1, "chat": PRIVATE, "from": MUM, "location": {"latitude": 1.0, "longitude": 1.0}}
    assert heard(Update.de_json({"update_id": 901, "edited_message": message}, None), ME, NOW).message is None


def test_what_people_say_to_each_other_in_a_group_is_not_heard():
    """A bot that is an administrator there is handed everything; it keeps nothing of it."""
    for found in (said_in_group("my son is bullied"), said_in_group("@somebody look", ("mention", 0, 9))):
        assert found.message is None
        assert found.group is None


@pytest.mark.parametrize(
    ("text", "entities", "more"),
    [
        ("@rosebrook_bot he follows her", (("mention", 0, 14),), {}),
        ("he follows her @Rosebrook_Bot", (("mention", 15, 14),), {}),
        ("/report@rosebrook_bot he follows her", (("bot_command", 0, 21),), {}),
        ("he follows her", (), {"reply_to_message": {"message_id": 3, "date": 1, "chat": GROUP, "from": {**MUM, "id": ME.id}}}),
    ],
)
def test_what_is_said_to_the_bot_in_a_group_is_answered_in_private(text: str, entities: tuple, more: dict):
    """Whichever way somebody turns to it."""
    found = said_in_group(text, *entities, **more)
    assert found.message is not None
    assert found.group == -100
    assert found.message.address.place == "5000001:42"
    assert not found.message.private
    assert found.message.text == "he follows her"


def test_a_command_to_another_bot_in_the_group_is_not_for_us():
    """Groups have several bots."""
    assert said_in_group("/report@other_bot", ("bot_command", 0, 17)).message is None


def test_an_anonymous_administrator_is_shown_the_way_and_nothing_is_kept():
    """Nobody can be answered in private who hides behind the group."""
    found = said_in_group("/report", ("bot_command", 0, 7), **{"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}})
    assert found.message is None
    assert found.group == -100


RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("chat", "message", "id", "type", "from")), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(("message", "callback_query", "edited_message", "update_id")), RAW))
def test_whose_unreadable_update_it_is_can_be_asked_of_anything(raw: dict):
    """The answer to something broken must not break."""
    assert writer(raw) is None or isinstance(writer(raw), int)


# What goes out.

REPLIES = st.builds(
    Reply,
    text=st.text(st.characters(exclude_categories=("Cs",)), max_size=9000) | st.lists(WORDS, max_size=60).map(". ".join),
    title=WORDS,
    facts=st.lists(st.tuples(WORDS, WORDS), max_size=4).map(tuple),
    choices=st.lists(st.builds(Choice, label=WORDS, value=WORDS), max_size=130).map(tuple),
    about=NAMES | st.just("case:x"),
    anywhere=st.booleans(),
)


@given(REPLIES, st.sampled_from(("", "A notice.")), st.sampled_from(("", "rosebrook")))
def test_whatever_the_bot_says_fits_into_telegram(reply: Reply, notice: str, school: str):
    """Length in UTF-16, no empty message, marks inside the text, buttons below the last part only and within their limits."""
    done = parts(reply, notice, school)
    assert bool(done) == bool(reply.title.strip() or reply.text.strip() or reply.facts or reply.choices or notice)
    for part in done:
        assert 0 < units(part.text) <= MOST
        assert part.text.strip()
        marks = (*part.bold, *part.italic, *part.covered)
        assert all(0 <= offset < offset + length <= units(part.text) for offset, length in marks)
    assert not any(part.rows for part in done[:-1])
    for row in done[-1].rows if done else ():
        assert 1 <= len(row) <= 8
        for label, carried in row:
            assert label.strip()
            assert len(label) <= LABEL
            assert 1 <= len(carried.encode()) <= DATA_MOST


@given(st.lists(WORDS, max_size=80).map(" ".join))
def test_no_word_is_lost_between_two_messages(text: str):
    """A long answer comes in parts, and all of it comes."""
    done = "".join(part.text for part in parts(Reply(text)))
    assert "".join(done.split()) == "".join(text.split())


def test_a_long_answer_is_cut_between_two_sentences():
    """And where there is a gap between paragraphs, there."""
    sentences = parts(Reply("Somebody from the school will speak to you. " * 200))
    assert len(sentences) > 1
    assert all(part.text.endswith("speak to you.") for part in sentences)
    first, _ = parts(Reply(f"{'a ' * 1800}.\n\n{'b ' * 1800}"))
    assert set(first.text) == set("a .")


def test_an_emoji_of_several_parts_is_not_torn():
    """A family is one picture, whatever it is made of."""
    family = "👩‍👧‍👦"
    for part in parts(Reply(family * 2000)):
        assert part.text.replace(family, "") == ""


def test_markup_is_shown_as_it_was_written():
    """There is none to be read: what is bold is bold by its place."""
    (part,) = parts(Reply("<b>x</b> *y* [z](http://q)", title="T_i_t", facts=(("What", "<i>"),)))
    assert part.text == "T_i_t\n\n<b>x</b> *y* [z](http://q)\n\nWhat: <i>"
    assert part.bold == ((0, 5), (35, 5))


def test_bold_is_counted_as_telegram_counts():
    """An emoji is two."""
    (part,) = parts(Reply("", title="😀", facts=(("Who", "x"),)))
    assert part.bold == ((0, 2), (4, 4))


def test_short_choices_stand_beside_each_other_and_long_ones_in_the_text_too():
    """Yes and No fit in a row; what a phone would cut is read in full above its button."""
    yes_no = parts(Reply("?", choices=(Choice("Yes", "y"), Choice("No", "n"), Choice("Skip", "s")), about="q"))
    assert [len(row) for row in yes_no[0].rows] == [3]
    long = "It happened on the school's own tablets during a lesson that I was teaching"
    (part,) = parts(Reply("Where?", choices=(Choice(long, "1"), Choice("Elsewhere", "2")), about="q"))
    assert part.text == f"Where?\n\n1. {long}\n2. Elsewhere"
    assert [row[0][0].startswith(start) for row, start in zip(part.rows, ("1. It happened", "2. Elsewhere"), strict=True)] == [
        True
    ] * 2


# What a button carries.


@given(NAMES, WORDS, st.sampled_from(("", *SCHOOLS)))
def test_a_button_is_understood_again_by_itself_or_from_what_was_said(about: str, value: str, school: str):
    """After a restart nothing is left but the button and what is stored."""
    carried = data(about, value, school)
    assert len(carried.encode()) <= DATA_MOST
    said = [Reply("?", choices=(Choice("other", "other"),), about="other"), Reply("?", choices=(Choice("x", value),), about=about)]
    meant = spelt_out(carried) or recognised(carried, said, school)
    assert meant is not None
    assert (meant.about, meant.value) == (about, value)


def test_the_buttons_of_a_card_need_no_memory():
    """A card may be pressed after months."""
    for value in ("acknowledge", "open", "hand_on"):
        assert spelt_out(data(f"case:{'f' * 32}", value, "rosebrook")) is not None


def test_a_button_says_which_school_showed_it():
    """One bot for several schools, and a press leads to the one whose question it was."""
    for school in SCHOOLS:
        assert school_of(data("q", "v", school), SCHOOLS) == school
        assert picked(pick(school), SCHOOLS) == school
    assert school_of(data("q", "v"), SCHOOLS) == ""
    assert picked(data("q", "v"), SCHOOLS) == ""


@given(WORDS)
@example("=")
def test_what_somebody_makes_up_is_no_button(carried: str):
    """A changed app can send anything as a press."""
    meant = spelt_out(carried)
    assert (
        meant is None or data(meant.about, meant.value) == carried or carried.startswith("~") or len(carried.encode()) > DATA_MOST
    )


@given(st.integers(1), st.integers(), st.sampled_from(("", *SCHOOLS)))
def test_a_place_is_read_as_it_was_written(bot: int, chat: int, school: str):
    """And anything else is none of ours."""
    assert Place.read(str(Place(bot, chat, school))) == Place(bot, chat, school)


@pytest.mark.parametrize("odd", ["", "loft", "1", "1:", ":2", "a:1", "1:a", "1:--2", "²:1"])
def test_what_is_no_place_is_none(odd: str):
    """Somebody else's address is not guessed at."""
    assert Place.read(odd) is None


def test_a_receipt_names_every_message_of_a_card():
    """So that all of it can be changed; and what is no receipt is refused for good."""
    assert from_receipt(receipt(-5, (7, 8))) == (-5, (7, 8))
    with pytest.raises(SendFailed) as refused:
        from_receipt("somebody else's")
    assert refused.value.permanent
