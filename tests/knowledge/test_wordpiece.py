"""Words cut into pieces: the very numbers the encoder learnt with, for whatever people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import encoder
from knowledge.wordpiece import Pieces

# What the reference tokeniser of the model's family makes of these, without the marks for start and end.
REFERENCE = {
    "": [],
    "   ": [],
    "hello world": [7592, 2088],
    "Can a parent add me on Facebook?": [2064, 1037, 6687, 5587, 2033, 2006, 9130, 1029],
    "my son's been added to a WhatsApp group, what now?!": [
        2026,
        2365,
        1005,
        1055,
        2042,
        2794,
        2000,
        1037,
        2054,
        3736,
        9397,
        2177,
        1010,
        2054,
        2085,
        1029,
        999,
    ],
    "Y6 lads r sending nudez on snapchat": [1061, 2575, 29126, 1054, 6016, 15287, 2480, 2006, 10245, 7507, 2102],
    "CAFÉ naïve Zoë façade": [7668, 15743, 11199, 8508],
    "e\u0301cole": [12431],
    "supercalifragilisticexpialidocious": [3565, 9289, 10128, 29181, 24411, 4588, 10288, 19312, 21273, 10085, 6313],
    "safeguarding@school.example": [28805, 2075, 1030, 2082, 1012, 2742],
    "https://example.org/a?b=1&c=2": [
        16770,
        1024,
        1013,
        1013,
        2742,
        1012,
        8917,
        1013,
        1037,
        1029,
        1038,
        1027,
        1015,
        1004,
        1039,
        1027,
        1016,
    ],
    "3.14 percent of 1,000": [1017, 1012, 2403, 3867, 1997, 1015, 1010, 2199],
    "snake_case and kebab-case": [7488, 1035, 2553, 1998, 17710, 3676, 2497, 1011, 2553],
    '"quoted" (brackets) [square] {curly}': [1000, 9339, 1000, 1006, 19719, 1007, 1031, 2675, 1033, 1063, 17546, 1065],
    "line one\nline two\ttabbed\r\nend": [2240, 2028, 2240, 2048, 21628, 8270, 2203],
    "su\u200bicidal": [26094],
    "zero\x00width\ufeffmarks": [5717, 9148, 11927, 22444, 19987],
    "they’re “smart” quotes — dash …": [2027, 1521, 2128, 1523, 6047, 1524, 16614, 1517, 11454, 1529],
    "學校 policy": [100, 100, 3343],
    "смартфон": [1196, 29745, 10260, 16856, 22919, 29749, 14150, 18947],
    "مدرسة الأطفال": [1295, 15394, 17149, 29824, 19433, 1270, 23673, 25573, 29828, 29833, 25573, 23673],
    "שלום": [1266, 29799, 29792, 29800],
    "👍 🏽": [100, 100],
    "staff: one of my year 5s followed me": [3095, 1024, 2028, 1997, 2026, 2095, 1019, 2015, 2628, 2033],
    "antidisestablishmentarianism unfriendliness": [
        3424,
        10521,
        4355,
        7875,
        13602,
        3672,
        12199,
        2964,
        4895,
        19699,
        9013,
        19422,
        9961,
    ],
    "a.b.c...": [1037, 1012, 1038, 1012, 1039, 1012, 1012, 1012],
    "1st 2nd Y4/5": [3083, 3416, 1061, 2549, 1013, 1019],
    "İstanbul": [9960],
    "ﬁle": [1984, 2571],
    "日本語テスト": [1864, 1876, 1950, 1713, 30233, 30240],
    "한국어": [1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008],
}

UNKNOWN = 100


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    """The vocabulary that is shipped."""
    words = bytes(encoder.read(encoder.WEIGHTS)["vocabulary"]).decode("utf-8").split("\n")
    return Pieces({word: number for number, word in enumerate(words)})


@pytest.mark.parametrize("text", REFERENCE, ids=ascii)
def test_the_pieces_are_those_of_the_reference(pieces, text):
    """Another number would be another word to the encoder, and no error would show it."""
    assert pieces.numbers(text, 500) == [101, *REFERENCE[text], 102]


def test_a_sign_stuck_to_a_word_does_not_swallow_it(pieces):
    """Here we leave the reference on purpose: it takes "help" with a picture behind it for one unknown word."""
    assert pieces.numbers("help😀", 9) == [101, 2393, UNKNOWN, 102]
    assert pieces.numbers("£5", 9) == [101, 1069, 1019, 102]


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\u2060", "\x00", "\u202e", "\u0301"])
def test_a_character_nobody_sees_does_not_tear_a_word(pieces, hidden):
    """Phones and copied text put them in; some people put them in to get past a filter."""
    assert pieces.numbers(f"sui{hidden}cidal", 20) == pieces.numbers("suicidal", 20)


def test_a_key_that_somebody_leant_on_is_one_unknown_word(pieces):
    """Its cost must not grow with the square of its length."""
    assert pieces.numbers("a" * 100_000 + " hello", 20) == [101, UNKNOWN, 7592, 102]


@given(text=st.text(max_size=200), most=st.integers(2, 40))
def test_however_long_the_text_it_begins_ends_and_fits(pieces, text, most):
    """The encoder has so many places and no more."""
    numbers = pieces.numbers(text, most)
    assert numbers[0] == 101
    assert numbers[-1] == 102
    assert 2 <= len(numbers) <= most
    assert numbers[:-1] == pieces.numbers(text, 1000)[: len(numbers) - 1]


@given(text=st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=80))
def test_capitals_and_spaces_do_not_matter(pieces, text):
    """Somebody who shouts is understood like somebody who does not."""
    assert pieces.numbers(f"  {text.lower()}\n", 300) == pieces.numbers(text, 300)
