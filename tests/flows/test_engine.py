"""How the engine leads through a report: every word and button that steers it, and every way it can be misunderstood."""

from __future__ import annotations

import pytest

from flows.engine import Asking, Finished, Progress, Reviewing, Stage, Stale, Stopped, ToPerson, about_of, again, begin
from tests.flows.telling import asked, clicks, types

pytestmark = pytest.mark.usefixtures("both")

TO_THE_STORY = ("no", "staff", "yes", "no", "pupil", "insta", "threats")
WHOLE = (*TO_THE_STORY, "He knocked twice.", "yesterday", "no", "skip")


def start():
    """A report just begun."""
    return begin("knock", "k1")


def test_a_whole_report_by_typing():
    """Questions come one at a time, then the review, then a report that knows what it is about."""
    review = types(start(), *WHOLE)
    assert isinstance(review, Reviewing)
    answers = [answer for _, _, answer in review.lines]
    assert answers[:8] == ["No", "I work at the school", "Yes", "No", "A pupil", "Instagram", "Threats", "He knocked twice."]
    assert answers[9:] == ["No", "Left out"]
    done = types(review, "send")
    assert isinstance(done, Finished)
    assert done.report.matter() == "contact_pupil_to_staff"
    assert [(one.question, one.answer) for one in done.said] == [(question, answer) for _, question, answer in review.lines]


def test_a_whole_report_by_button():
    """The same report is made by pressing, with words only where words are asked for."""
    step = clicks(start(), "no", "staff", "yes", "no", "pupil", "instagram", "threats", "done")
    assert isinstance(clicks(types(step, "He knocked twice.", "yesterday"), "no", "skip", "send"), Finished)


def test_the_introduction_comes_with_the_first_question_only():
    """A report begins with a word about what is coming, and says it once."""
    first = start()
    assert "nothing is sent until" in first.note
    assert types(first, "no").note == ""


def test_progress_counts_the_questions_that_come_up():
    """Asked “where am I?”, the bot says how far it is and that nothing was sent; a condition that comes up makes it longer."""
    step = types(start(), "no", "staff", "yes", "where am i?")
    assert (step.number, step.of) == (4, 11)
    assert step.note == "This is question 4 of 11. Nothing has been sent yet."
    assert (types(step, "yes").number, types(step, "yes").of) == (5, 12)
    assert types(step, "cancel", "where am i").note == "This is question 4 of 11. Nothing has been sent yet."
    assert "everything" in types(start(), *WHOLE, "where am i").note


def test_back_shows_the_answer_and_keeps_it_until_it_is_changed():
    """Going back loses nothing: the earlier answer is shown, "keep" leaves it, another answer replaces it."""
    step = types(start(), "no", "staff", "back")
    assert asked(step) == "you"
    assert "“I work at the school”" in step.note
    assert asked(types(step, "keep")) == "safe"
    changed = types(step, "parent")
    assert asked(changed) == "safe"
    assert changed.progress.answers["you"] == "parent"


def test_back_at_the_first_question_says_that_it_is_the_first():
    """There is nothing before the first question, and that is said."""
    step = types(start(), "back")
    assert (asked(step), step.note) == ("danger", "This is the first question.")


def test_back_twice_goes_back_twice():
    """Each "back" is one question further back, even after another one."""
    assert asked(types(start(), "no", "staff", "yes", "back", "back")) == "you"


def test_back_from_the_review_is_the_last_question():
    """Before sending, "back" returns to the last question with its answer."""
    assert asked(types(start(), *WHOLE, "back")) == "contact"


def test_a_long_answer_is_shown_shortened_when_somebody_comes_back_to_it():
    """Enough to recognise it by; what is kept stays whole."""
    step = types(start(), *TO_THE_STORY, "word " * 100, "back")
    assert "word…”" in step.note
    assert len(step.note) < 300
    assert len(step.progress.answers["happened"]) == 499


@pytest.mark.parametrize("words", ["skip", "don't know", "I'd rather not say", "Skip!"])
def test_an_optional_question_can_be_left_out(words):
    """Not knowing and not saying are reasons enough, and the review says that it was left out."""
    step = types(start(), *TO_THE_STORY[:5], words)
    assert asked(step) == "seen"
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
    step = types(start(), *TO_THE_STORY[:5], "help")
    assert step.note.startswith("The app, game or site. Say “skip” to leave it out.")
    assert "“cancel”" in step.note


def test_cancel_offers_to_keep_a_draft():
    """Stopping asks once what becomes of the words: kept as a draft, thrown away, or carried on with."""
    step = types(start(), "no", "staff", "cancel")
    assert (step.question.text, step.progress.stage) == ("Would you like to keep what you have said as a draft?", Stage.STOPPING)
    for kept in (clicks(step, "yes"), types(step, "keep"), types(step, "keep a draft")):
        assert isinstance(kept, Stopped)
        assert kept.kept
        assert asked(again(kept.progress)) == "safe"
    gone = clicks(step, "no")
    assert isinstance(gone, Stopped)
    assert not gone.kept
    assert asked(clicks(step, "on")) == "safe"
    assert asked(types(step, "back")) == "safe"


def test_cancel_with_nothing_said_just_stops():
    """Where there is nothing to keep, nothing is asked."""
    gone = types(start(), "cancel")
    assert isinstance(gone, Stopped)
    assert not gone.kept


@pytest.mark.parametrize(("before", "name", "after"), [(0, "happened", "when"), (1, "when", "told")])
def test_cancel_where_words_are_wanted_is_asked_about_once(before, name, after):
    """The word “stop” may be what somebody shouted: the bot asks which it is, and believes the answer."""
    story = types(start(), *WHOLE[: len(TO_THE_STORY) + before])
    doubt = types(story, "stop")
    assert doubt.question.text == "Is that your answer, or do you want to stop?"
    meant = clicks(doubt, "answer")
    assert asked(meant) == after
    assert "stop" in meant.progress.said[-1].answer
    assert clicks(doubt, "halt").progress.stage is Stage.STOPPING
    assert types(doubt, "stop").progress.stage is Stage.STOPPING
    for on in (clicks(doubt, "on"), types(doubt, "back")):
        assert asked(on) == name
        assert name not in on.progress.answers


def test_a_pressed_cancel_is_never_doubted():
    """A button says what it means: only typed words can be an answer by accident."""
    assert clicks(types(start(), *TO_THE_STORY), "cancel").progress.stage is Stage.STOPPING


def test_a_wish_for_a_person_waits_and_changes_nothing():
    """Whoever would rather talk is told whom to, and the report is where it was, also under a question about itself."""
    for step in (types(start(), "no"), types(start(), *TO_THE_STORY), types(start(), "no", "cancel"), types(start(), *WHOLE)):
        person = types(step, "talk to a person")
        assert isinstance(person, ToPerson)
        assert person.step.progress == step.progress


@pytest.mark.parametrize("words", ["call me", "Ring me!", "person", "human", "a human", "a person"])
def test_words_that_are_an_answer_as_well_as_a_wish_for_a_person_are_asked_about(words):
    """“Call me” is what people answer to "how may we get in touch?": it is neither lost nor taken for the wish."""
    contact = types(start(), *WHOLE[:-1])
    doubt = types(contact, words)
    assert doubt.question.text == "Is that your answer, or would you like to talk to a person?"
    assert clicks(doubt, "answer").progress.answers["contact"] == words
    person = clicks(doubt, "person")
    assert isinstance(person, ToPerson)
    assert person.step.progress == doubt.progress
    assert asked(clicks(person.step, "on")) == "contact"
    assert isinstance(types(start(), words), ToPerson)


def test_an_answer_meant_by_words_that_were_doubted_before_is_not_given_by_an_old_button():
    """“It is my answer” belongs to the words that stood there then, not to what was typed since."""
    story = types(start(), *TO_THE_STORY)
    first = types(story, "stop")
    second = types(clicks(first, "on"), "never mind")
    late = clicks(second, "answer", about=about_of(first.progress))
    assert isinstance(late, Stale)
    assert "happened" not in late.step.progress.answers


@pytest.mark.parametrize("words", ["done", "that's all", "finished"])
def test_done_is_what_somebody_says_anywhere_but_at_boxes(words):
    """It ends a row of boxes; to a question for words it is the answer, and to buttons it is none."""
    story = types(start(), *TO_THE_STORY, words)
    assert story.progress.answers["happened"] == words
    assert not types(start(), words).understood
    assert not types(start(), *WHOLE, words).understood


def test_start_again_asks_before_it_clears():
    """Clearing cannot be undone, so it is asked once; "carry on" leaves everything as it was."""
    step = types(start(), "no", "staff", "start again")
    assert step.progress.stage is Stage.RESTARTING
    fresh = clicks(step, "yes")
    assert (asked(fresh), dict(fresh.progress.answers), fresh.progress.id) == ("danger", {}, "k1")
    on = clicks(step, "no")
    assert (asked(on), on.progress.answers["you"]) == ("safe", "staff")
    assert asked(types(start(), "start again")) == "danger"


@pytest.mark.parametrize("words", ["edit 5", "change number 5", "5"])
def test_any_answer_can_be_changed_at_the_review(words):
    """By its number: the answer is shown, and a new one leads straight back to the review."""
    step = types(start(), *WHOLE, words)
    assert asked(step) == "sender"
    assert "“A pupil”" in step.note
    review = types(step, "a parent")
    assert isinstance(review, Reviewing)
    assert (5, "Who knocked?", "A parent or carer") in review.lines


@pytest.mark.parametrize("words", ["edit 0", "edit 99", "99"])
def test_an_answer_that_is_not_there_cannot_be_changed(words):
    """A number without a line is said to have none, and the review stays."""
    review = types(start(), *WHOLE, words)
    assert isinstance(review, Reviewing)
    assert "no answer number" in review.note


def test_a_question_still_to_come_cannot_be_changed_early():
    """A number further on has no answer yet: the open question stays, so that none is jumped over."""
    step = types(start(), "no", "edit 5")
    assert (asked(step), step.understood) == ("you", False)
    assert asked(types(step, "edit 1")) == "danger"


def test_what_fits_nothing_is_answered_with_what_would():
    """The same question again, with its choices in words, and marked as not understood."""
    step = types(start(), "the weather is nice")
    assert (asked(step), step.understood) == ("danger", False)
    assert step.note.startswith("Please choose one of these")
    assert "weather" not in step.note


def test_words_at_the_review_never_send():
    """Only "send" sends; anything else says that nothing has been sent."""
    review = types(start(), *WHOLE)
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
    step = types(start(), *TO_THE_STORY, "word " * 2000)
    assert asked(step) == "when"
    assert "4,000" in step.note
    assert len(step.progress.answers["happened"]) <= 4000


@pytest.mark.parametrize("stage_words", [("cancel",), ("start again",)])
@pytest.mark.parametrize("words", ["why", "help", "purple", "edit 1", "send"])
def test_the_questions_about_the_report_itself_can_be_asked_about_too(stage_words, words):
    """The words “why” and “help” work there as everywhere, and garbage is asked again."""
    before = types(start(), "no", *stage_words)
    after = types(before, words)
    assert after.progress == before.progress
    assert after.note


def test_nothing_a_person_said_shows_in_any_step():
    """Printing a step, a progress or a finished report shows no word of the answers."""
    step = types(start(), *TO_THE_STORY, "zqx happened", "zqx", "no", "zqx@home")
    done = types(step, "send")
    doubt = types(start(), *TO_THE_STORY, "stop")
    for one in (step, done, done.report, done.openings, types(step, "back", "back"), types(step, "cancel"), doubt):
        assert "zqx" not in repr(one)
    assert "pending" not in repr(doubt.progress)
    assert str(done.report) == ""


def test_again_repeats_without_changing_anything():
    """The open question can be asked once more after something else was answered, with a word before it."""
    step = types(start(), "no", "staff")
    assert again(step.progress, "As we were.") == Asking(step.progress, step.question, 3, 11, "As we were.")
    review = types(start(), *WHOLE)
    assert again(review.progress).lines == review.lines
    assert isinstance(review.progress, Progress)
