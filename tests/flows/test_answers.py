"""From typed words to an answer."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import catalogue
from flows.answers import LONGEST_DATE, LONGEST_TEXT, NotUnderstood, clean
from flows.answers import understand as understood
from flows.flow import questions
from flows.platforms import NICKNAMES, Platform
from flows.question import Choice, Question, asked_here
from flows.setting import ANYWHERE
from flows.when import When
from tests.flows.telling import BENDING, NOW

SHIPPED = {question.name: question for question in asked_here(questions(BENDING["knock"]), ANYWHERE)}
WET = Question("wet", "Is it wet?", kind="yes_no", choices=(Choice("Yes", "yes"), Choice("No", "no")))
COUNT = Question("count", "How many?", kind="number")
WORDS = Question("words", "What happened?")
WHEN = Question("when", "When was it?", kind="when")


def understand(question, text, *, pressed=False):
    """What TEXT answers, said now."""
    return understood(question, text, NOW, pressed=pressed)


@pytest.mark.parametrize(
    ("question", "typed", "meant"),
    [
        ("danger", "NO!", "no"),
        ("danger", "yeah", "yes"),
        ("danger", "dont know", "not_sure"),
        ("danger", "I'm not sure", "not_sure"),
        ("danger", "eyes", None),
        ("danger", "yes he has a knife", None),
        ("you", "2", "staff"),
        ("you", "2.", "staff"),
        ("you", "option 2", "staff"),
        ("you", "the 1st", None),
        ("you", "6", None),
        ("you", "0", None),
        ("you", "parent or carer", "parent"),
        ("you", "Parent", "parent"),
        ("you", "voluntear", "volunteer"),
        ("you", "goverNOR ", "governor"),
        ("sender", "a parent", "parent"),
        ("sender", "a pupil", "pupil"),
        ("sender", "the pupil", "pupil"),
        ("sender", "adult at skool", "adult_at_school"),
        ("adult_role", "the headteacher", "headteacher"),
        ("adult_role", "teacher", None),
        ("adult_role", "deputy headteacher", None),
        ("adult_role", "deputy safeguarding lead", "deputy_dsl"),
        ("adult_role", "the chair of governors", "chair"),
        ("adult_role", "1", "headteacher"),
        ("adult_role", "head teacher", "headteacher"),
        ("adult_role", "safegaurding lead", "dsl"),
        ("adult_role", "I'd rather not say", "rather_not_say"),
        ("adult_part", "prefer not to say", "rather_not_say"),
        ("platform", "insta", "instagram"),
        ("platform", "Snap", "snapchat"),
        ("platform", "whats app", "whatsapp"),
        ("platform", "watsap", "whatsapp"),
        ("platform", "roblox chat", "roblox"),
        ("platform", "FB", "facebook"),
        ("platform", "twitter", "x"),
        ("platform", "tik-tok", "tiktok"),
        ("platform", "instergram", "instagram"),
        ("platform", "somewhere else", "other"),
        ("platform", "my kitchen", None),
    ],
)
def test_what_people_type_means_what_they_mean(question, typed, meant):
    """Numbers, labels, nicknames and slips are understood; what fits nothing, or two things, is not guessed at."""
    asked = SHIPPED[question]
    if meant is None:
        with pytest.raises(NotUnderstood, match="Please choose one"):
            understand(asked, typed)
    else:
        assert understand(asked, typed).value == meant


def test_words_as_like_one_choice_as_another_are_not_guessed_at():
    """Between two labels that a slip can turn into each other, the bot asks instead of choosing."""
    twins = Question("t", "Which?", kind="choice", choices=(Choice("Green room", "a"), Choice("Green roof", "b")))
    with pytest.raises(NotUnderstood):
        understand(twins, "green roo")
    assert understand(twins, "green roof").value == "b"


@pytest.mark.parametrize(("typed", "meant"), [("yep", True), ("Nope.", False), ("1", True), ("2", False)])
def test_yes_and_no_in_the_words_people_use(typed, meant):
    """A yes-or-no question keeps a truth value, whichever word was used."""
    assert understand(WET, typed).value is meant


@pytest.mark.parametrize("typed", ["-3", "3.5", "1/2", "three", "²", "1e3", "9" * 5000, "", "٣"])
def test_a_number_is_never_guessed_at(typed):
    """A sign or a fraction that is quietly dropped would make a wrong number."""
    with pytest.raises(NotUnderstood, match="whole number"):
        understand(COUNT, typed)


def test_a_plain_number_is_understood():
    """Digits, with or without a full stop behind them."""
    assert (understand(COUNT, " 12 ").value, understand(COUNT, "12.").value) == (12, 12)


def test_a_pressed_button_must_be_one_of_the_buttons():
    """What comes back from a button is its value and nothing like it: no guessing, no numbers."""
    assert understand(SHIPPED["you"], "staff", pressed=True).value == "staff"
    for forged in ("2", "Staff", "staf", "parent or carer", "admin"):
        with pytest.raises(NotUnderstood):
            understand(SHIPPED["you"], forged, pressed=True)


def test_every_nickname_means_one_place():
    """No nickname stands for two places, and each is understood as its own."""
    everyone = [name for names in NICKNAMES.values() for name in names]
    assert len(everyone) == len(set(everyone))
    for platform, names in NICKNAMES.items():
        assert {understand(SHIPPED["platform"], name).value for name in names} == {platform.value}
    assert set(NICKNAMES) == set(Platform)


def test_a_text_too_long_is_kept_up_to_the_limit_and_the_person_is_told():
    """They hear the limit, how much was kept, and the last words that were, so that they can go on from there."""
    heard = understand(WORDS, "word " * 900 + "the end")
    assert heard.value == ("word " * 900)[:LONGEST_TEXT].rstrip()
    assert "4,000" in heard.note
    assert "3,999" in heard.note
    assert heard.note.endswith("word word”")


def test_a_text_at_the_limit_is_kept_whole():
    """Nobody is told off for the last character that still fits."""
    heard = understand(WORDS, "x" * LONGEST_TEXT)
    assert (len(heard.value), heard.note) == (LONGEST_TEXT, "")


@pytest.mark.parametrize("typed", ["", "   ", "😀😀", "…", "\u202e\u200b", "\x00\x07"])
def test_an_answer_without_a_word_is_asked_for_again(typed):
    """A picture or a blank says nothing that somebody could act on."""
    with pytest.raises(NotUnderstood, match="few words"):
        understand(WORDS, typed)


def test_own_words_are_kept_as_they_were_written():
    """Line breaks, emoji with joiners, accents and other scripts stay."""
    for words in ("He said “hi”.\nThen nothing.", "sad 👩‍👧 day", "Zoë", "مرحبا بالعالم", "a * _ ` < > & {} b"):
        assert understand(WORDS, words).value == words


def test_marks_that_turn_text_around_are_taken_out():
    """What is read is what was written: nothing reorders it, hides in it, or breaks a terminal."""
    assert clean("abc\u202edcb\u202c\x1b[31m\ufeff\r\nd\ud800") == "abcdcb[31m\nd"


@given(st.text(st.characters(categories=None), max_size=300))
def test_clean_text_can_be_kept_and_shown_anywhere(text):
    """Whatever was sent, what is kept can be encoded, holds no control or direction mark, and is clean already."""
    kept = clean(text)
    kept.encode("utf-8")
    assert not any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\n\t" for mark in kept)
    assert not any(
        unicodedata.bidirectional(mark) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") for mark in kept
    )
    assert clean(kept) == kept


def test_a_date_keeps_the_words_beside_what_was_read_in_them():
    """What the person wrote stands in the report, whatever was made of it; and it can be kept."""
    for words in ("yesterday after lunch", "last Tuesday", "since half term", "whenever he is online"):
        kept = understand(WHEN, words).value
        assert kept["words"] == words
        assert words in When.from_json(kept).shown()
    assert understand(WHEN, "yesterday").value["earliest"].startswith("2026-03-26")


def test_a_date_too_long_is_kept_up_to_its_limit_and_the_person_is_told():
    """A whole story belongs in the question before; what is cut is said."""
    heard = understand(WHEN, "yesterday " * 100)
    assert len(heard.value["words"]) <= LONGEST_DATE
    assert "200" in heard.note


@pytest.mark.parametrize("typed", ["", "😀", "\u202e"])
def test_a_date_without_a_word_is_asked_for_again(typed):
    """A picture is no time of day."""
    with pytest.raises(NotUnderstood, match="few words"):
        understand(WHEN, typed)


def attempt(question, said, *, pressed):
    """The hint, or what was heard."""
    try:
        return "", understand(question, said, pressed=pressed)
    except NotUnderstood as puzzled:
        return puzzled.hint, None


@given(st.sampled_from([*SHIPPED.values(), WET, COUNT, WORDS, WHEN]), st.text(max_size=200), st.booleans())
def test_any_text_is_an_answer_or_a_hint_and_the_hint_never_repeats_it(question, text, pressed):
    """Nothing a person sends breaks a question, and every answer is one the question allows."""
    canary = f"zqx{text}"
    for said in (text, canary):
        hint, heard = attempt(question, said, pressed=pressed)
        assert "zqx" not in hint
        assert "zqx" not in repr(heard)
        assert bool(hint) is (heard is None)
        if heard and question.kind in ("choice", "platform"):
            assert heard.value in {choice.value for choice in question.choices}


def test_a_choice_may_be_called_by_what_stands_before_its_comma():
    """Nobody types “a pupil, or several”; where two choices begin alike, the beginning means neither."""
    who = next(one for one in questions(catalogue.flow("cyberbullying")) if one.name == "doing_it")
    assert understand(who, "a pupil").value == "pupils"
    assert understand(who, "Ex-pupil").value == understand(who, "ex pupil, other school").value
    kit = next(one for one in questions(catalogue.flow("new_account")) if one.name == "thing")
    with pytest.raises(NotUnderstood):
        understand(kit, "wi-fi")
