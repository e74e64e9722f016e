"""From the first hint of a sexual picture of a child nothing more is asked than whom it must not reach."""

from __future__ import annotations

import pytest

from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT
from flows.engine import Asking, Finished, Progress, Stage, Stopped, again, begin, confirm, lock, resolved, silence
from tests.flows.telling import NOW, QUIET, asked, clicks, kept_and_read, types

pytestmark = pytest.mark.usefixtures("both")

TO_THE_GATE = ("no", "staff", "yes")
TO_THE_BOXES = (*TO_THE_GATE, "no", "pupil", "insta")
WHOLE = (*TO_THE_BOXES, "threats", "He knocked twice.", "yesterday", "no", "skip")
WORDS = "There is a picture."


def start():
    """A report just begun."""
    return begin("knock", "k1")


def locked(step, words=WORDS):
    """The step after WORDS showed that there may be a picture."""
    return lock(step.progress, words, NOW)


def told(finished):
    """What goes out: its one case and what it says."""
    (opening,) = finished.openings
    assert (opening.matter, opening.severity) == ("image_by_pupil", Severity.IMMEDIATE)
    return {one.name: one.answer for one in opening.said}


def test_a_ticked_box_that_locks_sends_at_once():
    """Whom it must not reach was answered before, so nothing is asked any more, and there is no review to hold it up."""
    done = clicks(types(start(), *TO_THE_BOXES), "threats", "picture", "done")
    assert isinstance(done, Finished)
    assert told(done)["seen"] == "Threats, Insults, in a picture"
    assert "happened" not in told(done)
    assert done.report.model_dump(include={"platform", "sender"}) == {"platform": "instagram", "sender": "pupil"}


def test_a_yes_that_locks_sends_at_once():
    """A yes-or-no question can lock like any other, and a flow that asks no gate goes out as it is."""
    step = types(begin("pledge", "p1", QUIET), "staff", "yes", "yes")
    assert isinstance(types(step, "yes"), Finished)
    assert asked(types(step, "no")) == "reason"


@pytest.mark.parametrize(
    ("before", "waits_for"),
    [
        ((), "adult_part"),
        (("no", "staff"), "adult_part"),
        ((*TO_THE_GATE, "yes"), "adult_role"),
        ((*TO_THE_GATE, "no", "adult at school"), "which_adult"),
        ((*TO_THE_GATE, "cancel"), "adult_part"),
        ((*TO_THE_GATE, "start again"), "adult_part"),
    ],
)
def test_only_who_must_not_be_told_is_still_asked(before, waits_for):
    """Wherever the words come, also under a question about the report itself, the gate is asked and nothing else."""
    step = locked(types(start(), *before))
    assert isinstance(step, Asking)
    assert (asked(step), step.progress.stage) == (waits_for, Stage.ASKING)
    assert [one.name for one in step.progress.coming_up if one.name not in step.progress.answers] == [waits_for]


@pytest.mark.parametrize(
    "before",
    [
        (*TO_THE_GATE, "no"),
        TO_THE_BOXES,
        (*WHOLE[:7], "stop"),
        (*TO_THE_BOXES, "cancel"),
        (*TO_THE_BOXES, "start again"),
        WHOLE,
        (*WHOLE, "cancel"),
    ],
)
def test_nothing_is_asked_once_that_is_known(before):
    """In the middle, under “is that your answer?”, under “keep a draft?”, at the review: it goes out, with everything said."""
    step = types(start(), *before)
    done = locked(step)
    assert isinstance(done, Finished)
    assert told(done)["danger"] == "No"
    assert WORDS in told(done)["happened"]
    assert {one.name for one in step.progress.said} <= set(told(done))


def test_the_words_are_added_to_what_happened_and_never_take_its_place():
    """Said at whichever question, they stand with the rest of the story, once."""
    done = locked(types(start(), *WHOLE))
    assert told(done)["happened"] == f"He knocked twice.\n\n{WORDS}"
    assert told(locked(types(start(), *WHOLE), "knocked twice"))["happened"] == "He knocked twice."
    twice = lock(locked(types(start(), *TO_THE_GATE)).progress, "He sent it on.", NOW)
    assert told(types(twice, "no"))["happened"] == f"{WORDS}\n\nHe sent it on."


@pytest.mark.parametrize("words", ["", "😀", "\u202e"])
def test_a_lock_without_words_is_a_lock(words):
    """A picture that was offered says nothing that could be kept, and is as serious."""
    step = locked(types(start(), *TO_THE_GATE), words)
    assert step.progress.locked
    assert "happened" not in step.progress.answers
    assert isinstance(types(step, "no"), Finished)


def test_a_lock_at_the_very_start_goes_out_once_the_gate_is_answered():
    """Nothing but the words was said: they go, to whoever may have them."""
    step = locked(start())
    assert told(types(step, "no")) == {"happened": WORDS, "adult_part": "No"}
    role = types(step, "yes", "headteacher")
    assert role.openings[0].concerned == ("headteacher",)
    assert types(step, "rather not say").openings[0].concerned == (UNNAMED_ADULT,)


def test_a_flow_without_a_place_for_the_story_keeps_the_words_too():
    """A request asks for no story; what was said about a picture is sent all the same."""
    step = types(begin("pledge", "p1", QUIET), "staff")
    assert told(locked(step)) == {"you": "I work at the school", "happened": WORDS}


def test_a_named_role_is_asked_about_before_it_goes():
    """Words that lock may name somebody as well: whether they are part of it decides who reads it."""
    step = types(start(), *TO_THE_BOXES)
    asked_about = lock(confirm(step.progress, "headteacher"), WORDS, NOW)
    assert asked(asked_about) == "named_headteacher"
    assert types(asked_about, "yes").openings[0].concerned == ("headteacher",)
    assert types(asked_about, "no").openings[0].concerned == ()


def test_a_lock_never_opens_again():
    """Another answer, going back, and “start again” change what is said, not that it goes out at once."""
    gate = types(begin("pledge", "p1", QUIET), "staff", "yes", "yes")
    gated = lock(confirm(gate.progress, "dsl"), "", NOW)
    assert gated.progress.locked
    again_ = types(gated, "start again")
    assert again_.progress == gated.progress
    assert "cancel" in again_.note
    assert types(gated, "back").progress.locked
    assert isinstance(types(gated, "no"), Finished)


def test_a_box_unticked_at_the_gate_still_leaves_it_locked():
    """Somebody who takes the hint back may be frightened; a person decides, not the bot."""
    step = locked(types(start(), *TO_THE_GATE))
    back = types(step, "back", "no")
    assert (asked(back), back.progress.locked) == ("adult_part", True)


def test_it_can_be_cancelled_until_it_is_sent():
    """Nobody is made to report: thrown away it is gone, kept as a draft it is still locked."""
    step = types(locked(types(start(), *TO_THE_GATE)), "cancel")
    assert step.progress.stage is Stage.STOPPING
    gone, kept = clicks(step, "no"), clicks(step, "yes")
    assert isinstance(gone, Stopped)
    assert (gone.kept, kept.kept) == (False, True)
    resumed = again(kept_and_read(kept.progress))
    assert (asked(resumed), resumed.progress.locked) == ("adult_part", True)
    assert asked(clicks(step, "on")) == "adult_part"


@pytest.mark.parametrize("words", ["skip", "why?", "help", "where am i", "purple", "keep", "send", "talk to a person", "edit 9"])
def test_the_gate_stays_open_whatever_else_is_said(words):
    """The words that steer work there as everywhere, and none of them sends it to somebody it may be about."""
    step = locked(types(start(), *TO_THE_GATE))
    after = types(step, words)
    if words == "skip":
        assert after.openings[0].concerned == (UNNAMED_ADULT,)
        return
    after = getattr(after, "step", after)
    assert after.progress == step.progress


def test_silence_at_the_gate_does_not_hold_it_up():
    """It goes out past anybody it may be about, and the question said so."""
    step = locked(types(start(), *TO_THE_GATE))
    assert "ten minutes" in step.question.text
    sent = silence(step.progress)
    assert told(sent)["adult_part"] == "Rather not say"
    assert sent.openings[0].concerned == (UNNAMED_ADULT,)
    role = silence(types(step, "yes").progress)
    assert role.openings[0].concerned == (UNNAMED_ADULT,)
    named = silence(lock(confirm(types(start(), *TO_THE_BOXES).progress, "dsl"), WORDS, NOW).progress)
    assert named.openings[0].concerned == ("dsl",)
    both = silence(confirm(step.progress, "dsl"))
    assert set(both.openings[0].concerned) == {"dsl", UNNAMED_ADULT}


def test_a_locked_report_survives_a_restart():
    """The lock, the words and the open question are there again; nothing else comes up."""
    step = locked(types(start(), *TO_THE_GATE))
    back = kept_and_read(step.progress)
    assert back == step.progress
    assert isinstance(types(again(back), "no"), Finished)


def test_what_would_be_opened_is_known_before_it_is_sent():
    """The bot can say who will see it as soon as that is settled."""
    (opening,) = resolved(locked(types(start(), *TO_THE_GATE)).progress)
    assert opening.matter == "image_by_pupil"
    assert isinstance(locked(start()).progress, Progress)
