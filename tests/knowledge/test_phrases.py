"""The small language of word patterns: what each sign means, and that a slip in a pattern is refused."""

import pytest

from knowledge.phrases import PhraseError, compiled

LISTS = {"child": ["child", "little one"]}


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        ("run away", "he run away", True),
        ("run away", "he run aways", False),
        ("run|ran away", "he ran away", True),
        ("<child> cries", "my little one cries", True),
        ("my [own] phone", "my phone", True),
        ("my [own] phone", "my own phone", True),
        ("my [own] phone", "my old phone", False),
        ("threat* him", "threatening him", True),
        ("far_right|nazi group", "a far right group", True),
        ("cut ~ arm", "cut on my left upper arm", True),
        ("cut ~ arm", "cut one two three four five arm", False),
        ("cut ~~ arm", "cut one two three four five arm", True),
        ("cut ~ arm", "a cut . the arm", False),
    ],
)
def test_what_each_sign_means(written, text, found):
    """Gaps stay within a sentence, and words are whole unless a star says otherwise."""
    phrase = compiled(written, LISTS)
    assert phrase.found(text, frozenset(text.split())) is found


@pytest.mark.parametrize(
    "written", ["", "~", "~ away", "away ~", "[my] phone", "phone [now]", "<nobody> cries", "a(b)", "one||two", "Ran"]
)
def test_a_pattern_that_cannot_work_is_refused(written):
    """It would match everything, or nothing, and nobody would notice."""
    with pytest.raises(PhraseError):
        compiled(written, LISTS)


def test_blanking_leaves_a_stop_so_that_nothing_new_is_joined():
    """What stood apart must not become a sentence."""
    assert compiled("dying to know", LISTS).blanked("she is dying to know him") == "she is . him"
