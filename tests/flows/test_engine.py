"""How the engine leads through a report: every word and button that steers it, and every way it can be misunderstood."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.engine import Asking, Finished, Progress, Reviewing, Stage, Stale, Stopped, about_of, again, begin, hear

NOW = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)
PUPIL_ADDED_ME = ("no", "staff", "pupil", "me", "no", "insta", "He added me twice.", "no")


def types(step, *texts):
    """The step after the person has typed TEXTS, one after the other."""
    for text in texts:
        step = hear(step.progress, text, pressed=False, about="", now=NOW)
    return step


def clicks(step, value, about=None):
    """The step after the person has pressed a button of the question on the screen, or of the one named by ABOUT."""
    return hear(step.progress, value, pressed=True, about=about or about_of(step.progress), now=NOW)


def start():
    """A report just begun."""
    return begin("friend_request", "f1")


def asked(step):
    """The name of the open question."""
    return step.question.name


def test_a_whole_report_by_typing():
    """Questions come one at a time, then the review, then a report that knows what it is about."""
    review = types(start(), *PUPIL_ADDED_ME)
    assert isinstance(review, Reviewing)
    assert [answer for _, _, answer in review.lines] == [
        "No", "I work at the school", "A pupil", "Me", "No", "Instagram", "He added me twice.", "No",
    ]  # fmt: skip
    done = types(review, "send")
    assert isinstance(done, Finished)
    assert done.report.matter() == "contact_pupil_to_staff"
    assert [(one.question, one.answer) for one in done.said] == [(question, answer) for _, question, answer in review.lines]


def test_a_whole_report_by_button():
    """The same report is made by pressing, with words only where words are asked for."""
    step = start()
    for value in ("no", "staff", "pupil", "me", "no", "instagram"):
        step = clicks(step, value)
    done = clicks(clicks(types(step, "He added me twice."), "no"), "send")
    assert isinstance(done, Finished)


def test_the_introduction_comes_with_the_first_question_only():
    """A report begins with a word about what is coming, and says it once."""
    first = start()
    assert "nothing is sent until" in first.note
    assert types(first, "no").note == ""


def test_progress_counts_the_questions_that_come_up():
    """Asked “where am I?”, the bot says how far it is and that nothing was sent; a condition that comes up makes it longer."""
    step = types(start(), "no", "staff", "pupil", "me", "where am i?")
    assert (step.number, step.of) == (5, 8)
    assert step.note == "This is question 5 of 8. Nothing has been sent yet."
    assert (types(step, "yes").number, types(step, "yes").of) == (6, 9)


def test_back_shows_the_answer_and_keeps_it_until_it_is_changed():
    """Going back loses nothing: the earlier answer is shown, "keep" leaves it, another answer replaces it."""
    step = types(start(), "no", "staff", "back")
    assert asked(step) == "you"
    assert "“I work at the school”" in step.note
    assert asked(types(step, "keep")) == "sender"
    changed = types(step, "parent")
    assert asked(changed) == "sender"
    assert changed.progress.answers["you"] == "parent"


def test_back_at_the_first_question_says_that_it_is_the_first():
    """There is nothing before the first question, and that is said."""
    step = types(start(), "back")
    assert (asked(step), step.note) == ("danger", "This is the first question.")


def test_back_twice_goes_back_twice():
    """Each "back" is one question further back, even after another one."""
    assert asked(types(start(), "no", "staff", "pupil", "back", "back")) == "you"


def test_back_from_the_review_is_the_last_question():
    """Before sending, "back" returns to the last question with its answer."""
    assert asked(types(start(), *PUPIL_ADDED_ME, "back")) == "told"


@pytest.mark.parametrize("words", ["skip", "don't know", "I'd rather not say", "Skip!"])
def test_an_optional_question_can_be_left_out(words):
    """Not knowing and not saying are reasons enough, and the review says that it was left out."""
    step = types(start(), "no", "staff", "pupil", "me", "no", words)
    assert asked(step) == "happened"
    assert step.progress.answers["platform"] is None


def test_a_needed_question_says_why_it_cannot_be_left_out():
    """Skip at a question the school cannot do without explains why it matters, and asks again."""
    step = types(start(), "no", "skip")
    assert asked(step) == "you"
    assert "What the school can advise depends on it." in step.note


def test_not_sure_is_an_answer_where_it_is_offered():
    """Not knowing means the choice "Not sure" where there is one, and is not taken as leaving the question out."""
    step = types(start(), "don't know")
    assert step.progress.answers["danger"] == "not_sure"


@pytest.mark.parametrize("words", ["why?", "Why do you ask?"])
def test_why_is_answered_and_the_question_asked_again(words):
    """Nobody has to answer what they do not see the reason for."""
    step = types(start(), words)
    assert (asked(step), step.note) == ("danger", "If somebody is, help comes first and this report can wait.")


def test_help_explains_the_question_and_the_ways_out():
    """Help is about this very question, and names the words that steer."""
    step = types(start(), "no", "staff", "pupil", "me", "no", "help")
    assert step.note.startswith("The app, game or site. Say “skip” to leave it out.")
    assert "“cancel”" in step.note


def test_cancel_offers_to_keep_a_draft():
    """Stopping asks once what becomes of the words: kept as a draft, thrown away, or carried on with."""
    step = types(start(), "no", "staff", "cancel")
    assert (step.question.text, step.progress.stage) == ("Would you like to keep what you have said as a draft?", Stage.STOPPING)
    kept = clicks(step, "yes")
    assert isinstance(kept, Stopped)
    assert kept.kept
    assert asked(again(kept.progress)) == "sender"
    gone = clicks(step, "no")
    assert isinstance(gone, Stopped)
    assert not gone.kept
    assert asked(clicks(step, "on")) == "sender"
    assert asked(types(step, "back")) == "sender"


def test_cancel_with_nothing_said_just_stops():
    """Where there is nothing to keep, nothing is asked."""
    gone = types(start(), "cancel")
    assert isinstance(gone, Stopped)
    assert not gone.kept


def test_cancel_where_words_are_wanted_is_asked_about_once():
    """The word “stop” may be what somebody shouted: the bot asks which it is, and believes the answer."""
    story = types(start(), "no", "staff", "pupil", "me", "no", "insta")
    doubt = types(story, "stop")
    assert doubt.question.text == "Is that your answer, or do you want to stop?"
    meant = clicks(doubt, "answer")
    assert asked(meant) == "told"
    assert meant.progress.answers["happened"] == "stop"
    assert clicks(doubt, "halt").progress.stage is Stage.STOPPING
    assert types(doubt, "stop").progress.stage is Stage.STOPPING
    assert asked(clicks(doubt, "on")) == "happened"
    assert "happened" not in clicks(doubt, "on").progress.answers


def test_a_pressed_cancel_is_never_doubted():
    """A button says what it means: only typed words can be an answer by accident."""
    story = types(start(), "no", "staff", "pupil", "me", "no", "insta")
    assert clicks(story, "cancel").progress.stage is Stage.STOPPING


def test_start_again_asks_before_it_clears():
    """Clearing cannot be undone, so it is asked once; "carry on" leaves everything as it was."""
    step = types(start(), "no", "staff", "start again")
    assert step.progress.stage is Stage.RESTARTING
    fresh = clicks(step, "yes")
    assert (asked(fresh), dict(fresh.progress.answers), fresh.progress.id) == ("danger", {}, "f1")
    on = clicks(step, "no")
    assert (asked(on), on.progress.answers["you"]) == ("sender", "staff")


@pytest.mark.parametrize("words", ["edit 3", "change number 3", "3"])
def test_any_answer_can_be_changed_at_the_review(words):
    """By its number: the answer is shown, and a new one leads straight back to the review."""
    step = types(start(), *PUPIL_ADDED_ME, words)
    assert asked(step) == "sender"
    assert "“A pupil”" in step.note
    review = types(step, "a parent")
    assert isinstance(review, Reviewing)
    assert (3, "Who sent it?", "A parent or carer") in review.lines


@pytest.mark.parametrize("words", ["edit 0", "edit 99", "99"])
def test_an_answer_that_is_not_there_cannot_be_changed(words):
    """A number without a line is said to have none, and the review stays."""
    review = types(start(), *PUPIL_ADDED_ME, words)
    assert isinstance(review, Reviewing)
    assert "no answer number" in review.note


def test_a_question_still_to_come_cannot_be_changed_early():
    """A number further on has no answer yet: the open question stays, so that none is jumped over."""
    step = types(start(), "no", "edit 5")
    assert (asked(step), step.understood) == ("you", False)
    assert asked(types(step, "edit 1")) == "danger"


def test_clearing_an_answer_clears_those_that_depended_on_it(both):
    """A chain of conditions falls together, and what comes up in its place is asked before the review."""
    step = types(begin("winding", "w1"), "yes", "left", "yes", "sun", "skip", "A long road.", "skip")
    assert isinstance(step, Reviewing)
    changed = types(step, "edit 2", "right")
    assert set(changed.progress.answers) == {"gate", "way", "app", "story", "more"}
    assert asked(changed) == "steps"
    review = types(changed, "12")
    assert [answer for _, _, answer in review.lines] == ["Yes", "Right", "12", "Left out", "A long road.", "Left out"]


def test_keeping_the_same_answer_keeps_what_depends_on_it(both):
    """Looking back without changing anything costs nobody an answer."""
    step = types(begin("winding", "w1"), "yes", "left", "yes", "sun", "back", "back", "left")
    assert step.progress.answers["crossed"] == "sun"


def test_a_button_of_an_earlier_question_changes_nothing():
    """A late or double tap is named for what it is, and the open question is asked once more."""
    first = start()
    second = clicks(first, "no")
    tapped = clicks(second, "no", about=about_of(first.progress))
    assert isinstance(tapped, Stale)
    assert asked(tapped.step) == "you"
    assert tapped.step.progress == second.progress


def test_a_button_of_another_report_changes_nothing():
    """Two reports by the same person never mix."""
    other = begin("friend_request", "f2")
    assert isinstance(clicks(start(), "yes", about=about_of(other.progress)), Stale)


def test_a_button_under_keep_a_draft_is_stale_once_carried_on():
    """A late “throw it away”, pressed after “carry on”, must not throw anything away."""
    stopping = types(start(), "no", "staff", "cancel")
    on = clicks(stopping, "on")
    late = clicks(on, "no", about=about_of(stopping.progress))
    assert isinstance(late, Stale)
    assert late.step.progress.answers == stopping.progress.answers


def test_what_fits_nothing_is_answered_with_what_would():
    """The same question again, with its choices in words, and marked as not understood."""
    step = types(start(), "the weather is nice")
    assert (asked(step), step.understood) == ("danger", False)
    assert step.note.startswith("Please choose one of these")
    assert "weather" not in step.note


def test_words_at_the_review_never_send():
    """Only "send" sends; anything else says that nothing has been sent."""
    review = types(start(), *PUPIL_ADDED_ME)
    for words in ("ok", "yes", "thanks", "what happens now?"):
        step = types(review, words)
        assert isinstance(step, Reviewing)
        assert step.note.startswith("Nothing has been sent yet.")


def test_send_before_the_end_asks_what_is_still_open():
    """A report with an open question cannot be sent."""
    step = types(start(), "no", "send")
    assert (asked(step), step.note) == ("you", "Before it can be sent there is still this question.")


def test_an_answer_that_ends_the_report_ends_it_kindly():
    """Somebody under 18 is thanked and pointed to a grown-up; the reason is there for the bot to add help."""
    end = types(start(), "yes", "I am under 18")
    assert isinstance(end, Stopped)
    assert (end.kept, end.because) == (False, "under_18")
    assert "grown-up" in end.note
    assert end.progress.in_danger


def test_danger_is_known_the_moment_it_is_said():
    """The bot can put help first while the report stays open."""
    assert types(start(), "yes").progress.in_danger
    assert not types(start(), "no").progress.in_danger
    assert not start().progress.in_danger


def test_over_long_words_are_kept_up_to_the_limit_and_the_next_question_comes():
    """The person hears what was kept together with the next question, and can go back."""
    step = types(start(), "no", "staff", "pupil", "me", "no", "insta", "word " * 2000)
    assert asked(step) == "told"
    assert "4,000" in step.note
    assert len(step.progress.answers["happened"]) <= 4000


@pytest.mark.parametrize("stage_words", [("cancel",), ("start again",)])
@pytest.mark.parametrize("words", ["why", "help", "purple"])
def test_the_questions_about_the_report_itself_can_be_asked_about_too(stage_words, words):
    """The words “why” and “help” work there as everywhere, and garbage is asked again."""
    before = types(start(), "no", *stage_words)
    after = types(before, words)
    assert after.progress == before.progress
    assert after.note


def test_nothing_a_person_said_shows_in_any_step():
    """Printing a step, a progress or a finished report shows no word of the answers."""
    step = types(start(), *PUPIL_ADDED_ME[:6], "zqx happened", "yes")
    done = types(step, "send")
    doubt = types(types(start(), *PUPIL_ADDED_ME[:6]), "stop")
    for one in (step, done, done.report, types(step, "back", "back"), types(step, "cancel"), doubt):
        assert "zqx" not in repr(one)
    assert "pending" not in repr(doubt.progress)
    assert str(done.report) == ""


def test_again_repeats_without_changing_anything():
    """The open question can be asked once more after something else was answered, with a word before it."""
    step = types(start(), "no", "staff")
    assert again(step.progress, "As we were.") == Asking(step.progress, step.question, 3, 7, "As we were.")
    review = types(start(), *PUPIL_ADDED_ME)
    assert again(review.progress).lines == review.lines
    assert isinstance(review.progress, Progress)
