"""A message that was changed afterwards is weighed for danger, and answers nothing."""

from __future__ import annotations

from bot.wording_changed import DELETED
from tests.filling import asked_in, begins, fills, sends
from tests.talk import Talk, transcript

KEPT = "I keep what you wrote first"


async def test_an_edited_answer_changes_nothing_and_the_question_stands(talk: Talk):
    """The first words were the answer; the way to change one is said, and the open question comes once more."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    await parent.says("He asked twice.")
    replies = await parent.says("He asked three times.", edited=True)
    assert KEPT in transcript(replies)
    assert asked_in(replies) == "when"
    review = await fills(parent, replies)
    assert "He asked twice." in review[-1].text
    assert "three times" not in review[-1].text


async def test_an_edit_to_a_number_or_a_word_that_steers_presses_nothing(talk: Talk):
    """A “1”, “send” or “cancel” is only a word when it comes as an edit, with a report open or not."""
    parent = talk["Parent"]
    await parent.says("hello")
    (said,) = await parent.says("2", edited=True)
    assert KEPT in said.text
    await begins(parent)
    for words in ("send", "cancel", "1", "back"):
        said, review = await parent.says(words, edited=True)
        assert KEPT in said.text
        assert asked_in([review]) == "review"
    assert await talk["Lead"].reads() == []


async def test_an_edit_is_weighed_like_any_message(talk: Talk):
    """Danger that is only said in the edit opens its emergency all the same."""
    parent = talk["Parent"]
    await begins(parent, until="told")
    help_first, said, again = await parent.says("he says he will kill her tonight", edited=True)
    assert "ring 999" in help_first.text
    assert KEPT in said.text
    assert asked_in([again]) == "told"
    assert len(await talk["Lead"].reads()) == 1


async def test_an_edit_that_hints_at_a_picture_stops_the_report(talk: Talk):
    """It is still no answer, but nothing more is asked after it, and the words go with the report."""
    parent = talk["Parent"]
    await begins(parent, until="told", happened="He sent her something.")
    said = transcript(await parent.says("He sent her a naked picture of another girl.", edited=True))
    assert "Please stop there" in said
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Open")
    page = transcript(await talk["Lead"].clicks("All of it"))
    assert "He sent her something." in page
    assert "What they also wrote\n  He sent her a naked picture of another girl." in page


async def test_after_sending_an_edit_is_not_an_addition(talk: Talk):
    """Nothing is added by changing an old message, not even while words are waited for."""
    parent = talk["Parent"]
    await sends(parent)
    await parent.clicks("Add something")
    assert "say “add”" in transcript(await parent.says("He asked four times.", edited=True))
    assert "I have added that" in transcript(await parent.says("He asked five times."))
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Open")
    page = transcript(await talk["Lead"].clicks("All of it"))
    assert "five times" in page
    assert "four times" not in page


async def test_after_sending_what_was_changed_is_added_by_a_press(talk: Talk):
    """Once, the last change and no earlier one, beside what was written first; whoever has the report reads both."""
    parent = talk["Parent"]
    await sends(parent)
    await parent.says("He asked four times.", edited=True)
    (*_, second) = await parent.says("He asked six times.", edited=True)
    assert [choice.label.partition(" SP-")[0] for choice in second.choices] == ["Add it to"]
    assert "I have added that" in transcript(await parent.clicks(second.choices[0].label))
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Open")
    page = transcript(await talk["Lead"].clicks("All of it"))
    assert page.count("six times") == 1
    assert "four times" not in page


async def test_what_was_changed_and_names_a_reader_is_asked_about_first(talk: Talk):
    """Added by a press it goes the way of all words that are added."""
    parent = talk["Parent"]
    await sends(parent)
    (*_, said) = await parent.says("The safeguarding lead knew about it.", edited=True)
    asked = transcript(await parent.clicks(said.choices[0].label))
    assert "Nothing is added until you have answered" in asked


async def test_with_no_report_sent_a_change_offers_nothing(talk: Talk):
    """There is nothing that it could be added to."""
    parent = talk["Parent"]
    await parent.says("hello")
    (said,) = await parent.says("hello there", edited=True)
    assert said.choices == ()


async def test_a_message_that_was_deleted_is_no_answer_and_what_it_said_stays(talk: Talk):
    """Whoever takes their words away is told that they are kept, and the open question stays open."""
    parent = talk["Parent"]
    await begins(parent, until="you")
    said = await parent.says("", edited=True)
    assert said[0].text == DELETED
    assert asked_in(said) == "you"


async def test_a_message_that_was_deleted_after_the_report_stands_in_it_once_and_nothing_is_lost(talk: Talk):
    """Whoever reads the report sees that something was taken away, and every word of what was said before."""
    parent = talk["Parent"]
    await begins(parent, happened="He asked twice.")
    await sends(parent)
    first, second = await parent.says("", edited=True), await parent.says("", edited=True)
    assert "says from now on that you took a message away" in transcript(first)
    assert transcript(second).strip().endswith("tell me in a new message.")
    await talk["Lead"].reads()
    await talk["Lead"].clicks("Open")
    page = transcript(await talk["Lead"].clicks("All of it"))
    assert "He asked twice." in page
    assert page.count("has deleted a message of theirs in the chat") == 1


async def test_a_deletion_with_no_report_sent_is_only_answered(talk: Talk):
    """With nothing sent, or in the middle of a report, there is nothing that it could stand in."""
    parent = talk["Parent"]
    assert DELETED in transcript(await parent.says("", edited=True))
    await begins(parent, until="happened")
    assert DELETED in transcript(await parent.says("", edited=True))
    assert await talk["Lead"].reads() == []
