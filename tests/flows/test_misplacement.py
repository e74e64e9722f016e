"""No answer goes to another question than the one it was given to, and none is sent that was not read."""

from __future__ import annotations

import pytest

from flows.engine import Finished, Reviewing, Stale, about_of, begin
from tests.flows.telling import asked, clicks, types

pytestmark = pytest.mark.usefixtures("both")

TO_THE_GATE = ("no", "staff", "yes")
AFTER_IT = ("pupil", "insta", "threats", "He knocked twice.", "yesterday", "no", "skip")


def start(id="k1"):  # noqa: A002 - it is the id of the progress
    """A report just begun."""
    return begin("knock", id)


def test_a_button_of_an_earlier_question_changes_nothing():
    """A late or double tap is named for what it is, and the open question is asked once more."""
    first = start()
    second = clicks(first, "no")
    tapped = clicks(second, "no", about=about_of(first.progress))
    assert isinstance(tapped, Stale)
    assert asked(tapped.step) == "you"
    assert tapped.step.progress == second.progress


@pytest.mark.parametrize("value", ["cancel", "back", "skip", "send", "help", "done", "start again"])
def test_a_steering_button_of_an_earlier_question_is_stale_too(value):
    """“Cancel” under a question long gone stops nothing."""
    first = start()
    second = clicks(first, "no")
    assert isinstance(clicks(second, value, about=about_of(first.progress)), Stale)


def test_a_button_of_another_report_changes_nothing():
    """Two reports by the same person never mix."""
    assert isinstance(clicks(start(), "yes", about=about_of(start("k2").progress)), Stale)


def test_a_button_under_keep_a_draft_is_stale_once_carried_on():
    """A late “throw it away”, pressed after “carry on”, must not throw anything away."""
    stopping = types(start(), "no", "staff", "cancel")
    on = clicks(stopping, "on")
    late = clicks(on, "no", about=about_of(stopping.progress))
    assert isinstance(late, Stale)
    assert late.step.progress.answers == stopping.progress.answers


def test_a_late_clear_it_clears_nothing():
    """“Clear it and begin again” counts only while it is asked."""
    restarting = types(start(), "no", "start again")
    on = clicks(restarting, "no")
    assert isinstance(clicks(on, "yes", about=about_of(restarting.progress)), Stale)


def test_send_under_an_old_review_sends_nothing():
    """What goes out is what was read: after a change the review is another one, and its “send” too."""
    review = types(start(), *TO_THE_GATE, "no", *AFTER_IT)
    changed = types(review, "edit 5", "parent")
    late = clicks(changed, "send", about=about_of(review.progress))
    assert isinstance(late, Stale)
    assert isinstance(late.step, Reviewing)
    assert isinstance(clicks(late.step, "send"), Finished)


def test_send_still_counts_after_looking_without_changing():
    """Somebody who goes back and keeps the answer has read the same review."""
    review = types(start(), *TO_THE_GATE, "no", *AFTER_IT)
    looked = types(review, "edit 5", "keep")
    assert isinstance(clicks(looked, "send", about=about_of(review.progress)), Finished)


def test_changing_the_adult_at_the_review_clears_role_and_door_and_asks_what_now_comes_up():
    """Whom it must not reach is never left over from an answer that was taken back."""
    review = types(start(), *TO_THE_GATE, "yes", "rather not say", *AFTER_IT, "chair")
    assert {"adult_role", "door"} <= set(review.progress.answers)
    none = types(review, "edit 4", "no")
    assert isinstance(none, Reviewing)
    assert not {"adult_role", "door"} & set(none.progress.answers)
    assert types(none, "send").openings[0].concerned == ()
    perhaps = types(none, "edit 4", "rather not say")
    assert asked(perhaps) == "door"
    named = types(perhaps, "back", "edit 4", "yes")
    assert asked(named) == "adult_role"
    assert types(named, "headteacher", "send").openings[0].concerned == ("headteacher",)


def test_clearing_an_answer_clears_those_that_depended_on_it():
    """A chain of conditions falls together, and what comes up in its place is asked before the review."""
    step = types(begin("winding", "w1"), "yes", "left", "yes", "sun", "skip", "A long road.", "skip")
    assert isinstance(step, Reviewing)
    changed = types(step, "edit 2", "right")
    assert set(changed.progress.answers) == {"gate", "way", "app", "story", "more"}
    assert asked(changed) == "steps"
    review = types(changed, "12")
    assert [answer for _, _, answer in review.lines] == ["Yes", "Right", "12", "Left out", "A long road.", "Left out"]


def test_keeping_the_same_answer_keeps_what_depends_on_it():
    """Looking back without changing anything costs nobody an answer."""
    step = types(begin("winding", "w1"), "yes", "left", "yes", "sun", "back", "back", "left")
    assert step.progress.answers["crossed"] == "sun"


def test_a_button_of_the_same_question_counts_whenever_it_is_open():
    """Going back makes the first buttons good again: they still answer the question they stand under."""
    first = types(start(), "no")
    later = types(first, "staff", "back")
    changed = clicks(later, "parent", about=about_of(first.progress))
    assert changed.progress.answers["you"] == "parent"
