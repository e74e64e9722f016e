"""Where it happened: few buttons, and every other place by any of its names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows import catalogue
from flows.answers import NotUnderstood, understand
from flows.flow import questions
from flows.platforms import BUTTONS, LABELS, NICKNAMES, Platform
from flows.progress import Progress

NOW = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)
WHERE = next(question for question in questions(catalogue.flow("friend_request")) if question.kind == "platform")


def heard(typed):
    """The place TYPED means; None when it means none."""
    try:
        return understand(WHERE, typed, NOW).value
    except NotUnderstood:
        return None


def test_ten_places_have_a_button_and_then_there_is_somewhere_else():
    """Nobody reads forty buttons, and the last one is there for whatever is missing."""
    assert [choice.value for choice in WHERE.choices] == list(BUTTONS)
    assert len(BUTTONS) == 11
    assert BUTTONS[-1] is Platform.OTHER


def test_every_place_is_known_by_its_label_its_value_and_all_its_nicknames():
    """Whichever of its names somebody types, it is that place and no other."""
    assert set(LABELS) == set(NICKNAMES) == set(Platform)
    for place in Platform:
        assert {heard(name) for name in (LABELS[place], place.value, *NICKNAMES[place])} == {place.value}


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("messenger kids", "kids_messenger"),
        ("Kids Messenger", "kids_messenger"),
        ("messenger", "messenger"),
        ("bereal", "bereal"),
        ("Be Real", "bereal"),
        ("telegram", "telegram"),
        ("twich", "twitch"),
        ("minecaft", "minecraft"),
        ("fortnight", "fortnite"),
        ("xbox live", "xbox"),
        ("PS5", "playstation"),
        ("steam", "steam"),
        ("teams", "teams"),
        ("google classroom", "classroom"),
        ("google meets", "meet"),
        ("zoom", "zoom"),
        ("e-mail", "email"),
        ("school email", "school_mail"),
        ("the school's facebook page", "school_page"),
        ("imessage", "text"),
        ("a phone call", "call"),
        ("threds", "threads"),
        ("vinted", None),
        ("a wall", None),
        ("in the kitchen", None),
    ],
)
def test_places_without_a_button_are_understood_when_typed(typed, place):
    """By nickname and in spite of a slip; a place nobody knows is asked about again, never guessed at."""
    assert heard(typed) == place


def test_a_place_without_a_button_cannot_be_pressed():
    """A press that no button could have sent is refused."""
    with pytest.raises(NotUnderstood):
        understand(WHERE, "steam", NOW, pressed=True)


def test_the_hint_names_the_buttons_only():
    """Whoever was not understood sees what can be pressed, and not three dozen names."""
    with pytest.raises(NotUnderstood) as puzzled:
        understand(WHERE, "in the kitchen", NOW)
    assert "WhatsApp" in puzzled.value.hint
    assert "Steam" not in puzzled.value.hint


def test_a_place_without_a_button_is_kept_over_a_restart_and_shown_by_its_name():
    """What was understood once stays understood, and reads as people write it."""
    step = Progress("friend_request", id="p1").answered(WHERE, "steam")
    back = Progress.from_json(step.to_json())
    assert back.answers["platform"] == "steam"
    assert WHERE.shown("steam") == "Steam"


def test_no_two_names_are_alike():
    """No nickname stands for two places, and no two labels look the same."""
    everyone = [name for names in NICKNAMES.values() for name in names]
    assert len(everyone) == len(set(everyone))
    assert len(set(LABELS.values())) == len(LABELS)
    assert all(len(label) <= 24 for label in LABELS.values())
