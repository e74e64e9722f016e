"""A note about a case: read back, kept with its time, changed by a later version; and nothing for whoever may not see the case."""

from __future__ import annotations

import pytest

from bot import wording, wording_case_forms
from bot.case_forms import MOST
from flows.cases.acts import Doing
from tests.bot.desk import Desk, at_work, sent, text
from tests.talk import Talk, settings, talking

WORDS = "qwv rang home and spoke with the grandmother"


@pytest.fixture
async def desk(talk: Talk) -> Desk:
    """A report that the lead has."""
    return await at_work(talk)


async def test_a_note_is_asked_for_read_back_and_then_kept(desk):
    """Nothing is kept before Save; after it the record has the words, who wrote them and in which role."""
    lead = desk.talk["Lead"]
    await lead.clicks("Open")
    await lead.clicks("Add a note")
    assert WORDS in text(await lead.says(WORDS))
    assert await desk.acts(Doing.NOTE) == []
    assert "note 1" in text(await lead.clicks("Save"))
    (entry,) = [one for one in await desk.record() if one.act == Doing.NOTE]
    assert (dict(entry.words), entry.roles) == ({"": WORDS}, ("dsl",))


async def test_a_note_typed_in_one_message_is_read_back_too(desk):
    """And “save” typed is as good as the button."""
    lead = desk.talk["Lead"]
    assert WORDS in text(await lead.says(f"note {desk.reference}: {WORDS}"))
    await lead.says("save")
    assert await desk.acts(Doing.NOTE) == [{"": WORDS}]


async def test_a_changed_note_is_a_later_version_and_the_first_stays(desk):
    """By its number or by the button; the record shows both, and the list how it reads now."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference} first words")
    await lead.clicks("Save")
    assert "first words" in text(await lead.says(f"note {desk.reference} 1 again"))
    await lead.says("second words")
    await lead.clicks("Save")
    await lead.clicks("Change this note")
    await lead.says("third words")
    assert "later version of note 1" in text(await lead.clicks("Save"))
    assert await desk.acts(Doing.NOTE) == [{"": "first words"}, {"": "second words"}, {"": "third words"}]
    whats = [one.what for one in await desk.record() if one.act == Doing.NOTE]
    assert [what.rpartition("version ")[2][:1] for what in whats[1:]] == ["2", "3"]
    listed = text(await lead.says(f"notes {desk.reference}"))
    assert "Note 1. third words (version 3)" in listed
    assert "first words" not in listed


async def test_a_note_that_is_not_there_cannot_be_changed(desk):
    """Said plainly; nothing is open afterwards."""
    said = text(await desk.talk["Lead"].says(f"note {desk.reference} 7 again: other"))
    assert said == wording_case_forms.NOTE_UNKNOWN.format(number=7, reference=desk.reference)


async def test_change_asks_again_and_leave_it_keeps_nothing(desk):
    """Each by its button; “cancel” typed is the same."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference} wrong")
    await lead.clicks("Change")
    await lead.says("right")
    await lead.clicks("Leave it")
    await lead.says(f"note {desk.reference} wrong again")
    assert text(await lead.says("cancel")) == wording_case_forms.LEFT.format(reference=desk.reference)
    assert await desk.acts(Doing.NOTE) == []


async def test_what_is_too_long_is_said_to_be_and_never_cut(desk):
    """One letter too many is refused with both numbers and the form stays open; as many as it holds are kept, every one."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference}")
    said = text(await lead.says("x" * (MOST + 1)))
    assert f"{MOST + 1} letters" in said
    assert str(MOST) in said
    await lead.says("y" * MOST)
    await lead.clicks("Save")
    assert await desk.acts(Doing.NOTE) == [{"": "y" * MOST}]


async def test_an_old_button_does_nothing_and_a_double_tap_keeps_one_note(desk):
    """Whatever was read back last is what a button means."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference} one")
    old, choice = lead.button("Save")
    await lead.says(f"note {desk.reference} two")
    await desk.talk.send("Lead", choice.value, about=old.about, pressed=True)
    assert text(await lead.reads()) == wording.OLD_BUTTON
    new, choice = lead.button("Save")
    await lead.clicks("Save")
    await desk.talk.send("Lead", choice.value, about=new.about, pressed=True)
    assert text(await lead.reads()) == wording.OLD_BUTTON
    assert await desk.acts(Doing.NOTE) == [{"": "two"}]


async def test_a_restart_in_the_middle_loses_nothing(tmp_path):
    """The words that were read back are kept by the press that comes after it."""
    async with talking(settings(tmp_path)) as talk:
        desk = await at_work(talk)
        await talk["Lead"].says(f"note {desk.reference}")
        await talk.restarts()
        await talk["Lead"].says(WORDS)
        await talk.restarts()
        await talk["Lead"].clicks("Save")
        assert await desk.acts(Doing.NOTE) == [{"": WORDS}]


async def test_words_long_after_the_question_are_about_something_else(desk):
    """Half an hour later nobody remembers that a note was asked for."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference}")
    await desk.talk.passes(minutes=31)
    assert "kept with" not in text(await lead.says("hello"))


async def test_a_picture_where_a_note_is_wanted_is_not_taken(desk):
    """The form stays open: words may still come."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference}")
    await desk.talk.send("Lead", "", attachments=("image",))
    await lead.reads()
    assert WORDS in text(await lead.says(WORDS))


async def test_other_things_can_be_done_while_a_note_waits_to_be_saved(desk):
    """A list of cases, or the case itself; the buttons under what was read back stay alive."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference} {WORDS}")
    await lead.says("cases")
    await lead.says(desk.reference)
    await lead.clicks("Save")
    assert await desk.acts(Doing.NOTE) == [{"": WORDS}]


async def test_a_wish_about_a_case_is_no_note(desk):
    """Whoever was asked for a note and wants to see a list, or take the case, is understood; the note may still come."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference}")
    for wish in ("cases", desk.reference, f"take {desk.reference}", f"urgency {desk.reference} high because it got worse"):
        assert "This will be kept" not in text(await lead.says(wish))
    assert "This will be kept" in text(await lead.says(f"note {desk.reference} {WORDS}"))


async def test_while_a_report_is_open_nothing_typed_is_taken_for_a_note(desk):
    """What is typed answers the report's question; the button says so."""
    lead = desk.talk["Lead"]
    await lead.clicks("Open")
    reply, choice = lead.button("Add a note")
    await lead.says("just tell somebody")
    await desk.talk.send("Lead", choice.value, about=reply.about, pressed=True)
    assert wording_case_forms.FINISH_FIRST.format(reference=desk.reference) in text(await lead.reads())


async def test_one_thing_at_a_time_waits_for_words(desk):
    """Whoever has a case may have sent a report from the same place: what was begun last takes the words, whichever it was."""
    lead = desk.talk["Lead"]
    await sent(desk.talk, by="Lead", to="The headteacher")
    await lead.says(f"note {desk.reference}")
    await lead.clicks("Add something")
    assert "I have added that" in text(await lead.says("it was on Friday"))
    await lead.clicks("Add something")
    await lead.says(f"note {desk.reference}")
    assert "This will be kept" in text(await lead.says("it was on Monday"))


@pytest.mark.parametrize(
    "typed",
    ["note {}: x", "notes {}", "note {} 1 again", "write to {} x", "close {} x", "reopen {} x", "link {} {}", "unlink {} {}"],
)
@pytest.mark.parametrize("name", ["Deputy", "Chair"])
async def test_a_hidden_case_and_none_at_all_are_one(desk, typed, name):
    """Whoever was not told of it hears, to every wish, what they hear of a reference that never was."""
    hidden = await desk.talk[name].says(typed.format(desk.reference, desk.reference))
    nothing = await desk.talk[name].says(typed.format("SP-22222", "SP-22222"))
    assert text(hidden) == text(nothing) == wording.NOT_YOURS


async def test_whoever_loses_the_case_while_they_write_writes_nothing(desk):
    """The head was told too and is writing a note when the lead says that it is about them: their Save finds no case."""
    head = desk.talk["Head"]
    lead = desk.talk["Lead"]
    store = desk.talk.app.stores[desk.talk.school]
    reference = desk.reference
    await lead.clicks("Hand on")
    await lead.clicks("Headteacher")
    await head.reads()
    await head.says(f"note {reference} {WORDS}")
    await lead.says(f"take {reference}")
    await lead.says(f"{reference} concerns the headteacher")
    await lead.clicks("Yes, keep it from them")
    assert (await head.clicks("Save"))[-1].text == wording.NOT_YOURS
    assert WORDS not in str([one.details for one in await store.audit.links()])
    assert reference not in text(await head.says(WORDS))


async def test_danger_in_a_note_opens_no_report_of_its_own(desk):
    """Those whom an emergency would tell may be those whom the case is kept from. 999 is said, and the note is read back."""
    lead = desk.talk["Lead"]
    await lead.says(f"note {desk.reference}")
    said = text(await lead.says("he said that he will kill himself tonight, he has pills"))
    assert wording_case_forms.DANGER.format(reference=desk.reference) in said
    assert "This will be kept" in said
    assert "SP-" not in text(await desk.talk["Deputy"].reads())
    assert wording_case_forms.DANGER[:20] not in text(await lead.says(f"note {desk.reference} the one from this morning"))
    urgent = f"urgency {desk.reference} immediate because he said that he will kill himself tonight, he has pills"
    assert "urgent report" not in text(await lead.says(urgent))
    hidden = text(await desk.talk["Teacher"].says("note SP-22222 he said that he will kill himself tonight, he has pills"))
    assert "urgent report" in hidden
