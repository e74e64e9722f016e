"""Words that hint at a sexual picture of a child are heard, and words about photos, rude jokes and grown-ups are not."""

from __future__ import annotations

from pathlib import Path

import pytest

import knowledge
from knowledge import pictures
from knowledge.pictures import PictureDataMissing, hinted

BANK = Path(knowledge.__file__).parent / "bank"


@pytest.mark.parametrize(
    "words",
    [
        "my daughter sent a naked selfie to a boy and he passed it on",
        "There's nudes of a year 5 girl on somebody's phone",
        "he was told to take his top off and they filmed him in the changing rooms",
        "one of the lads has got a picture of her in her underwear",
        "they used an app to put her face on a nude body",
        "a child in my class showed me an indecent image and I closed it",
        "he asked her for nudes and she sent one",
        "pictures of my son with no clothes on are going round",
        "nakd pics of my neice are on snap",
    ],
)
def test_a_hint_is_heard(words: str):
    """In whatever words a parent or a teacher puts it, slips of the keyboard included."""
    assert hinted(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "🙈",
        "an inappropriate picture was posted in the class chat",
        "the school put her photo on the website and I said no",
        "somebody shared a rude cartoon of the headteacher",
        "my ex keeps posting nude photos of me and other parents have seen them",
        "there was an advert with a naked woman on the spelling game",
        "a stranger on roblox asked my son for naked pictures",
        "does the policy say anything on nudes",
        "we bought nude tights for the show",
        "he was getting changed for PE when his phone was taken",
        "She sent me a friend request and twenty messages, I have not answered.",
    ],
)
def test_what_is_only_rude_or_about_a_grown_up_is_no_hint(words: str):
    """A report that stops by mistake is sent half said: photos, rude words, grown-ups and questions must not stop it."""
    assert not hinted(words)


def test_everyday_messages_hardly_ever_sound_like_it(figure):
    """Of thousands of everyday lines of the bank at most one in a thousand: they are written to sound alarming."""
    lines = [
        line.split("\t")[2]
        for file in sorted((BANK / "risk").glob("*.tsv"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("everyday\t")
    ]
    wrong = sum(hinted(line) for line in lines)
    figure(f"picture signs: {wrong} of {len(lines)} everyday lines of the bank sound like a picture of a child")
    assert len(lines) > 2000
    assert wrong * 1000 <= len(lines)


def test_a_long_message_is_read_to_its_end():
    """One line in the middle of a long story counts as much as a message of its own."""
    story = "We had a lovely time at the fair. " * 40
    assert hinted(f"{story}Then he showed me a naked picture of a girl in his class. {story}")


def test_signs_that_do_not_do_what_they_say_stop_the_start(tmp_path: Path):
    """A file that was edited by mistake is named, with the key; the bot never runs without the signs."""
    shipped = pictures.SIGNS.read_text(encoding="utf-8")
    broken = tmp_path / "pictures.toml"
    with pytest.raises(PictureDataMissing, match="cannot be read"):
        pictures.load(broken)
    broken.write_text(shipped.replace('"nude tights are fine', '"a naked picture of a girl going round and nude tights are fine'))
    with pytest.raises(PictureDataMissing, match=r"harmless\.passes"):
        pictures.load(broken)
    broken.write_text(shipped.replace("[wanted]", "[wantd]"))
    with pytest.raises(PictureDataMissing, match="Restore the file"):
        pictures.load(broken)
