"""Writing to whoever sent a report: read back as they will read it, in a role's name, never where it is not safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import ready_replies, receipts, wording, wording_case_forms
from bot.reporter_words import ReporterWords
from bot.schools import SchoolError, load
from flows.cases.acts import Doing
from flows.cases.case import Case, Said, Severity, reference
from storage.kept import Recording
from tests.bot.desk import Desk, at_work, sent, text
from tests.fakes import HandClock
from tests.talk import Talk, settings, talking

WORDS = "qwv could you ring me before nine?"
HOLD = timedelta(seconds=60)


@pytest.fixture
async def desk(talk: Talk) -> Desk:
    """A report that the lead has."""
    return await at_work(talk)


async def held(talk: Talk, said: tuple[Said, ...], *, reporter: bool = True) -> Desk:
    """A second case that the lead has, in which this was SAID, by the same parent or by nobody in a chat."""
    desk = await at_work(talk)
    case = await desk.case()
    assert case is not None
    other = replace(case, id="other", reference=reference(), said=said, version=0, reporter=case.reporter if reporter else None)
    await talk.app.stores[talk.school].record(Recording(talk.clock.now(), opened=(other,)), HOLD)
    return Desk(talk, other.reference)


async def test_a_message_is_read_back_and_then_sent_in_the_name_of_the_role(desk):
    """The words exactly, the role, the reference, how to answer; and nobody's name."""
    lead, parent = desk.talk["Lead"], desk.talk["Parent"]
    await lead.clicks("Open")
    await lead.clicks("Write to the reporter")
    back = text(await lead.says(WORDS))
    assert "This is what they will read" in back
    assert WORDS in back
    assert await parent.reads() == []
    await lead.clicks("Send")
    (heard,) = await parent.reads()
    assert heard.text.startswith(f"From the safeguarding lead (DSL), about your report {desk.reference}:\n\n{WORDS}\n\n")
    assert "Lead" not in heard.text
    assert await desk.acts(Doing.WROTE_TO_REPORTER) == [{"": WORDS}]


async def test_their_answer_joins_the_case_and_reaches_whoever_has_it(desk):
    """By the button below the message."""
    lead, parent = desk.talk["Lead"], desk.talk["Parent"]
    await lead.says(f"write to {desk.reference} {WORDS}")
    await lead.clicks("Send")
    await parent.reads()
    await parent.clicks("Answer")
    await parent.says("yes, at eight")
    assert wording.ADDED.format(reference=desk.reference) in text(await lead.reads())
    case = await desk.case()
    assert case is not None
    assert case.said[-1].answer == "yes, at eight"


async def test_their_answer_in_a_thread_below_the_message_is_kept_too(desk):
    """A platform that knows what a message answers says so; nothing has to be pressed."""
    lead, parent = desk.talk["Lead"], desk.talk["Parent"]
    await lead.says(f"write to {desk.reference} {WORDS}")
    await lead.clicks("Send")
    (heard,) = [one for one in await parent.reads() if WORDS in one.text]
    await parent.says("yes, at eight", about=heard.about)
    case = await desk.case()
    assert case is not None
    assert case.said[-1].answer == "yes, at eight"


async def test_the_two_ready_replies_are_read_back_and_can_be_changed(desk):
    """Pressed on the case's page; nothing goes out by that press alone."""
    lead, parent = desk.talk["Lead"], desk.talk["Parent"]
    await lead.clicks("Open")
    first, second = ready_replies.ready(await desk.case(), desk.talk.app.schools[desk.talk.school])
    assert first in text(await lead.clicks("Reply 1"))
    await lead.clicks("Change")
    await lead.says(WORDS)
    await lead.clicks("Send")
    assert WORDS in text(await parent.reads())
    await lead.clicks("Open")
    assert second in text(await lead.clicks("Reply 2"))
    assert await parent.reads() == []


async def test_where_it_is_not_safe_nothing_is_written(talk):
    """Said plainly, with a note offered instead; also typed in one message."""
    desk = await held(talk, (Said("Is it safe?", "No", receipts.SAFE),))
    said = await talk["Lead"].says(f"write to {desk.reference} {WORDS}")
    assert text(said).startswith(wording_case_forms.WRITE_NOT_SAFE.format(reference=desk.reference))
    assert [choice.label for choice in said[0].choices] == [wording_case_forms.NOTE]
    assert await talk["Parent"].reads() == []
    assert ready_replies.ready(await desk.case(), talk.app.schools[talk.school]) == ()


async def test_nobody_is_written_to_about_what_came_from_no_chat(talk):
    """A report that was written down for somebody, or a part of one."""
    desk = await held(talk, (Said("What?", "x", "happened"),), reporter=False)
    said = await talk["Lead"].says(f"write to {desk.reference} {WORDS}")
    assert text(said).startswith(wording_case_forms.WRITE_NOBODY.format(reference=desk.reference))


async def test_words_that_were_destroyed_make_nobody_safe_to_write_to():
    """Whether it was safe is among the words: once they are gone it is not known any more."""
    case = Case("c", "SP-22222", "danger", Severity.LOW, HandClock().now(), reporter="somebody", purged_at=HandClock().now())
    assert not ready_replies.reachable(case)
    assert ready_replies.reachable(replace(case, purged_at=None))


async def test_only_whoever_has_the_case_writes(talk):
    """Before anybody took it, and to somebody else who may read it: take it first."""
    ref = await sent(talk)
    first = wording_case_forms.WRITE_FIRST.format(reference=ref)
    assert first in text(await talk["Lead"].says(f"write to {ref} {WORDS}"))
    await talk["Lead"].clicks("Acknowledge")
    await talk["Lead"].says(f"hand on {ref} to the headteacher")
    await talk["Head"].clicks("Acknowledge")
    await talk["Lead"].reads()
    assert first in text(await talk["Lead"].says(f"write to {ref} {WORDS}"))


async def test_another_reports_reference_is_pointed_out(desk):
    """One line above the words; it can be sent all the same. Its own reference is no other."""
    lead = desk.talk["Lead"]
    assert "SP-22222" in text(await lead.says(f"write to {desk.reference} as in SP-22222")).split("\n")[0]
    plain = text(await lead.says(f"write to {desk.reference} as in {desk.reference}"))
    assert plain.startswith("This is what they will read")


async def test_pressing_send_twice_sends_once(desk):
    """The second press belongs to nothing any more."""
    lead, parent = desk.talk["Lead"], desk.talk["Parent"]
    await lead.says(f"write to {desk.reference} {WORDS}")
    old, choice = lead.button("Send")
    await lead.clicks("Send")
    await desk.talk.send("Lead", choice.value, about=old.about, pressed=True)
    assert text(await lead.reads()) == wording.OLD_BUTTON
    assert len([one for one in await parent.reads() if WORDS in one.text]) == 1


async def test_a_school_words_what_its_reporters_read(own):
    """`[reporter_words]` in school.toml; what is left out reads as ours does."""
    folder = own(
        "[calendar]",
        """[reporter_words]
closed = "We have finished with {reference}. Thank you."
replies = ["One.", "Two."]

[calendar]""",
    )
    school = load("hill", folder)
    assert school.reporter_words.closed == "We have finished with {reference}. Thank you."
    assert school.reporter_words.replies == ("One.", "Two.")
    assert school.reporter_words.seen == ReporterWords().seen


async def test_what_a_school_words_is_what_its_reporters_read(tmp_path, own):
    """When it is taken, when they ask, when it is closed and opened again, and above a message."""
    folder = own(
        "[calendar]",
        """[reporter_words]
taken = "{reference}: {role} sees to it ({when})."
stands = "{reference}: we have it ({when})."
closed = "{reference}: over."
reopened = "{reference}: on again."
message = "{reference}, {role}:"

[calendar]""",
    )
    async with talking(settings(tmp_path, "hill", schools_folder=folder)) as talk:
        ref = await sent(talk)
        lead, parent = talk["Lead"], talk["Parent"]
        await parent.reads()
        await lead.says(f"take {ref}")
        (taken,) = [one.text for one in await parent.reads()]
        assert taken.startswith(f"{ref}: the safeguarding lead (DSL) sees to it (at 10:00). ")
        assert text(await parent.says("any news?")).startswith(f"{ref}: we have it (at 10:00).")
        await lead.says(f"write to {ref} {WORDS}")
        await lead.clicks("Send")
        assert text(await parent.reads()).startswith(f"{ref}, the safeguarding lead (DSL):\n\n{WORDS}")
        await lead.says(f"close {ref} {WORDS}")
        await lead.clicks("Sent by mistake")
        assert f"“{ref}: over.”" in text(await lead.clicks("Nothing to add"))
        await lead.clicks("Close it")
        assert text(await parent.reads()).startswith(f"{ref}: over.")
        await lead.clicks("Undo")
        assert text(await parent.reads()).startswith(f"{ref}: on again.")


@pytest.mark.parametrize(
    ("line", "key", "remedy"),
    [
        ('closed = "It is over."', "reporter_words.closed", "Write {reference}"),
        ('seen = "{reference} was seen by {name}."', "reporter_words.seen", "{name}"),
        ('closed = "{reference"', "reporter_words.closed", "brace"),
        ('message = "{reference} {when:>9}"', "reporter_words.message", "{when:…}"),
        ('replies = ["One."]', "reporter_words.replies", "missing"),
        ('replies = ["One.", " "]', "reporter_words.replies", "is empty"),
        ('closd = "x {reference}"', "reporter_words.closd", "Did you mean closed?"),
        (f'closed = "{{reference}} {"x" * 600}"', "reporter_words.closed", "at most 600"),
    ],
)
def test_a_slip_in_those_words_is_found_when_the_file_is_read(own, line, key, remedy):
    """The message names the file, the key and what to write: nobody finds out by a reporter who reads a brace."""
    folder = own("[calendar]", f"[reporter_words]\n{line}\n\n[calendar]")
    with pytest.raises(SchoolError) as slip:
        load("hill", folder)
    assert "school.toml" in str(slip.value)
    assert key in str(slip.value)
    assert remedy in str(slip.value)
