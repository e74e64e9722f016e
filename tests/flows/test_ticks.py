"""Boxes to tick: by button one after the other, in words all at once."""

from __future__ import annotations

import pytest

from flows.engine import Stage, Stale, about_of, begin
from tests.flows.telling import asked, clicks, kept_and_read, types

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def boxes():
    """The boxes, open."""
    return types(begin("knock", "k1"), "no", "staff", "yes", "no", "pupil", "insta")


def test_a_box_is_ticked_and_unticked_and_the_question_stays_open(boxes):
    """A tap turns one box over; nothing is answered until “done”."""
    once = clicks(boxes, "threats", "insults")
    assert (asked(once), once.progress.ticked) == ("seen", ("threats", "insults"))
    again = clicks(once, "threats")
    assert again.progress.ticked == ("insults",)
    assert "seen" not in again.progress.answers
    assert clicks(again, "done").progress.answers["seen"] == ["insults"]


def test_ticked_boxes_are_kept_in_the_order_they_are_offered(boxes):
    """Whoever reads it sees the same order every time."""
    done = clicks(boxes, "threats", "insults", "done")
    assert done.progress.answers["seen"] == ["insults", "threats"]
    assert done.progress.said[-1].answer == "Insults, Threats"


@pytest.mark.parametrize("words", ["done", "that's it", "No more"])
def test_done_can_be_typed(boxes, words):
    """The word ends it as the button does."""
    assert types(clicks(boxes, "threats"), words).progress.answers["seen"] == ["threats"]


def test_a_second_tap_on_an_old_picture_of_the_boxes_is_stale(boxes):
    """On the picture the box is empty: a tap there means “tick it”, and must not untick it."""
    ticked = clicks(boxes, "threats")
    late = clicks(ticked, "threats", about=about_of(boxes.progress))
    assert isinstance(late, Stale)
    assert late.step.progress.ticked == ("threats",)


def test_the_boxes_as_they_stood_before_an_answer_are_stale_when_it_is_looked_at_again(boxes):
    """Coming back shows the boxes ticked; the first picture, with empty ones, no longer counts."""
    back = types(clicks(boxes, "threats", "done"), "back")
    assert (asked(back), back.progress.ticked) == ("seen", ("threats",))
    assert isinstance(clicks(back, "threats", about=about_of(boxes.progress)), Stale)
    assert clicks(back, "insults", "done").progress.answers["seen"] == ["insults", "threats"]
    assert types(clicks(back, "threats"), "keep").progress.answers["seen"] == ["threats"]


def test_done_with_nothing_ticked_leaves_it_out_or_asks_again(boxes):
    """Where it may be left out nothing is an answer; where it may not, at least one is needed."""
    assert clicks(boxes, "done").progress.answers["seen"] is None
    assert clicks(types(clicks(boxes, "threats", "done"), "back"), "threats", "done").progress.answers["seen"] is None
    needed = clicks(begin("ticking", "t1"), "done")
    assert (asked(needed), needed.understood) == ("kinds", False)
    assert "at least one" in needed.note


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1, 2", ["insults", "threats"]),
        ("2 and 1", ["insults", "threats"]),
        ("insults and threats", ["insults", "threats"]),
        ("threats & insults", ["insults", "threats"]),
        ("Threats", ["threats"]),
        ("2", ["threats"]),
        ("insults\nthreats", ["insults", "threats"]),
        ("insults and lies", ["insults_and_lies"]),
        ("threats, insults and lies", ["threats", "insults_and_lies"]),
        ("threats, threats", ["threats"]),
        ("insutls; thraets", ["insults", "threats"]),
    ],
)
def test_several_can_be_named_in_one_message(boxes, typed, meant):
    """By number or by words, with slips, with “and” between them or inside a label."""
    assert types(boxes, typed).progress.answers["seen"] == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("insults, in a picture", ["picture"]),
        ("threats, insults, in a picture", ["threats", "picture"]),
        ("insults in a picture and insults", ["insults", "picture"]),
    ],
)
def test_one_label_is_never_taken_for_two(boxes, typed, meant):
    """A label that holds a comma itself stays whole among others."""
    assert types(boxes, typed).progress.answers["seen"] == meant


@pytest.mark.parametrize("typed", ["insults and biscuits", "1, 9", "biscuits", ",", "and"])
def test_a_part_that_means_nothing_asks_for_all_of_it_again(boxes, typed):
    """What was not understood would quietly be lost, so nothing is taken."""
    step = types(boxes, typed)
    assert (asked(step), step.understood) == ("seen", False)
    assert "“1, 2”" in step.note
    assert "seen" not in step.progress.answers


def test_boxes_tapped_and_boxes_named_count_together(boxes):
    """Whoever taps one and types another means both; after coming back, what is typed stands for itself."""
    both = types(clicks(boxes, "insults"), "threats")
    assert both.progress.answers["seen"] == ["insults", "threats"]
    assert types(both, "back", "threats").progress.answers["seen"] == ["threats"]


def test_a_forged_box_is_not_ticked(boxes):
    """Only what is offered can be tapped, and a tap is never guessed at."""
    for forged in ("1", "Threats", "threat", "biscuits", ""):
        step = clicks(boxes, forged)
        assert (step.progress.ticked, step.understood) == ((), False)


def test_ticked_boxes_survive_a_restart_and_a_question_about_the_report(boxes):
    """Whatever comes between, the boxes stand as they stood."""
    ticked = clicks(boxes, "threats")
    assert kept_and_read(ticked.progress) == ticked.progress
    stopping = types(ticked, "cancel")
    assert stopping.progress.stage is Stage.STOPPING
    assert clicks(stopping, "on", "done").progress.answers["seen"] == ["threats"]
    assert clicks(types(ticked, "why?"), "done").progress.answers["seen"] == ["threats"]


def test_help_says_that_several_can_be_named(boxes):
    """Where there are no buttons to tap, somebody has to know."""
    assert "“1, 2”" in types(boxes, "help").note


def test_an_answer_to_boxes_opens_the_questions_that_wait_for_any_of_it():
    """A condition on boxes holds when one of them is ticked, and an end on a box ends the report."""
    step = types(begin("ticking", "t1"), "red, blue")
    assert asked(step) == "shade"
    assert asked(types(begin("ticking", "t1"), "green")) == "story"
    ended = types(begin("ticking", "t1"), "red, black")
    assert (ended.kept, ended.because) == (False, "black")
