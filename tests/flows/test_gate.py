"""Whom a report must not reach: roles, the workspace that may read along, a role that the words name, and the two doors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.schools import SHIPPED as SCHOOLS
from bot.schools import load
from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT
from flows.engine import Finished, Progress, Reviewing, Stage, Stopped, again, begin, confirm, resolved, silence
from flows.question import LONGEST_LABEL
from flows.setting import RATHER_NOT_SAY, SHORT, SOMEONE_ELSE, Setting
from flows.words import command, normal
from tests.flows.telling import QUIET, WORKSPACE, asked, clicks, kept_and_read, types

pytestmark = pytest.mark.usefixtures("both")

TO_THE_GATE = ("no", "staff", "yes")
AFTER_IT = ("pupil", "skip", "threats", "He knocked twice.", "skip", "skip", "skip")
NAMES = tuple(sorted(folder.name for folder in SCHOOLS.iterdir() if folder.is_dir()))
LONG = {**SHORT, "dsl": "Designated Safeguarding and Child Protection Lead", "computing_lead": "Computing Subject Leader"}


def start(setting=None):
    """A report just begun."""
    return begin("knock", "k1", setting or Setting())


def gated(*texts, setting=None):
    """The step after the adult gate was answered by TEXTS."""
    return types(start(setting), *TO_THE_GATE, *texts)


@pytest.mark.parametrize("name", NAMES)
def test_every_role_that_could_receive_a_report_can_be_named_by_a_button(name):
    """Whoever stands on a route of the school, or on a rung of it, is offered; so are “someone else” and “rather not say”."""
    school = load(name)
    offered = gated("yes", setting=school.setting("web")).question.choices
    reached = {role for route in school.routes.values() for rung in (route.to, route.also, *route.climb) for role in rung}
    assert {choice.value for choice in offered} == {*reached, "chair", SOMEONE_ELSE, RATHER_NOT_SAY}
    assert all(0 < len(choice.label) <= LONGEST_LABEL for choice in offered)
    labels = [normal(choice.label) for choice in offered]
    assert len(set(labels)) == len(labels)
    assert not any(command(label) for label in labels if label != "rather not say")


@pytest.mark.parametrize(
    ("typed", "who"),
    [("mum", "parent"), ("Dad", "parent"), ("foster carer", "parent"), ("TA", "staff"), ("class teacher", "staff")],
)
def test_people_may_say_who_they_are_in_a_word(typed, who):
    """Hardly anybody calls themselves a parent or carer."""
    assert types(begin("friend_request", "f1"), "no", typed).progress.answers["you"] == who


@pytest.mark.parametrize("typed", ["im 10", "I'm 9", "i am 17", "a pupil", "kid"])
def test_a_child_who_says_how_old_it_is_gets_the_kind_end(typed):
    """It is sent to nobody and told where to turn; nothing more is asked of it."""
    step = types(begin("friend_request", "f1"), "no", typed)
    assert isinstance(step, Stopped)
    assert step.because == "under_18"


@pytest.mark.parametrize("name", NAMES)
def test_a_role_is_understood_in_the_schools_own_words(name):
    """However long: typed out, by what the button says, or by its number."""
    setting = load(name).setting("web")
    step = gated("yes", setting=setting)
    for number, choice in enumerate(step.question.choices, 1):
        for typed in (choice.label, f"the {choice.label}", str(number), setting.roles.get(choice.value, choice.label)):
            assert types(step, typed).progress.answers["adult_role"] == choice.value


def test_a_role_too_long_for_a_button_has_a_short_name_there():
    """The button holds what it can; the long words are understood all the same."""
    step = gated("yes", setting=Setting(LONG))
    assert ("Safeguarding lead", "dsl") in [(choice.label, choice.value) for choice in step.question.choices]
    assert types(step, "designated safeguarding and child protection lead").progress.answers["adult_role"] == "dsl"


@pytest.mark.parametrize(
    ("answers", "concerned"),
    [
        (("no",), ()),
        (("not sure",), ()),
        (("yes", "someone else"), ()),
        (("yes", "chair of governors"), ("chair",)),
    ],
)
def test_the_role_that_was_named_is_concerned(answers, concerned):
    """“No”, “not sure” and “someone else” leave nobody out; a role is left out."""
    assert types(gated(*answers), *AFTER_IT, "send").openings[0].concerned == concerned


@pytest.mark.parametrize("answers", [(("rather not say",), AFTER_IT), (("yes", "rather not say"), AFTER_IT)])
def test_not_wanting_to_say_offers_two_doors(answers):
    """It is never taken for “not the headteacher”: the person chooses the door, or silence does."""
    gate, after = answers
    door = types(gated(*gate), *after)
    assert asked(door) == "door"
    assert types(door, "lead", "send").openings[0].concerned == ()
    assert types(door, "chair", "send").openings[0].concerned == (UNNAMED_ADULT,)


def test_any_role_means_every_question_for_a_role():
    """Declined at a flow's own question for a role, the two doors come up as well."""
    step = gated("no", "adult at school", "rather not say", *AFTER_IT[1:])
    assert asked(step) == "door"
    assert asked(types(step, "back", "edit 6", "headteacher")) == "review"


def test_silence_at_the_doors_sends_it_to_the_chair():
    """What is there goes out, complete and past the unnamed adult; the question itself said that it would."""
    door = types(gated("rather not say"), *AFTER_IT)
    assert "ten minutes" in door.question.text
    sent = silence(door.progress)
    assert isinstance(sent, Finished)
    assert sent.openings[0].concerned == (UNNAMED_ADULT,)
    assert sent.said[-1].answer == "Chair of governors"
    assert silence(types(door, "why?").progress) is not None
    assert types(door, "skip").progress.answers["door"] == "chair"


def test_silence_anywhere_else_sends_nothing():
    """A draft is nobody's business until its writer says send, or was told that silence does."""
    door = types(gated("rather not say"), *AFTER_IT)
    silent = [
        start(),
        gated(),
        types(gated("no"), *AFTER_IT),
        types(door, "lead"),
        types(door, "cancel"),
        types(door, "start again"),
    ]
    assert [silence(step.progress) for step in silent] == [None] * len(silent)


def test_where_others_may_read_along_that_is_said_before_an_adult_is_written_about():
    """In a workspace only, and only where an adult may be part of it; the private page ends the report here."""
    for answer in ("yes", "not sure", "rather not say"):
        step = gated(answer, setting=WORKSPACE)
        assert asked(step) == "workspace"
        assert asked(gated(answer)) != "workspace"
        away = clicks(step, "private_page")
        assert isinstance(away, Stopped)
        assert (away.kept, away.because) == (False, "private_page")
        assert asked(clicks(step, "here")) == ("adult_role" if answer == "yes" else "sender")
    assert asked(gated("no", setting=WORKSPACE)) == "sender"
    assert types(gated("no", setting=WORKSPACE), *AFTER_IT, "send").openings


def test_a_draft_of_a_workspace_can_be_carried_on_elsewhere():
    """The question is not asked there, so its answer goes and everything else stays."""
    step = clicks(gated("yes", setting=WORKSPACE), "here")
    back = Progress.from_json(step.progress.to_json(), Setting())
    assert isinstance(back, Progress)
    assert (back.asked, "workspace" in back.answers, back.answers["adult_part"]) == ("adult_role", False, "yes")


def test_a_draft_from_elsewhere_is_asked_in_a_workspace():
    """An adult was written about before; what is still to come may be read along, and that is said now."""
    step = gated("yes", "dsl")
    back = Progress.from_json(step.progress.to_json(), WORKSPACE)
    assert isinstance(again(back), type(step))
    assert {one.name for one in back.coming_up} - back.answers.keys() >= {"workspace"}


def test_a_role_the_school_no_longer_has_is_asked_again():
    """A role that is on no route any more cannot stand in a report; the rest of it stays."""
    step = types(gated("yes", "e-safety officer"), "pupil")
    fewer = Setting({role: words for role, words in SHORT.items() if role != "eso"})
    back = Progress.from_json(step.progress.to_json(), fewer)
    assert isinstance(back, Progress)
    assert "adult_role" not in back.answers
    assert back.answers["sender"] == "pupil"
    assert "adult_role" in [one.name for one in back.coming_up]
    finished = types(again(back), "skip", "threats", "He knocked twice.", "skip", "skip", "skip")
    assert asked(finished) == "adult_role"


def test_words_that_name_a_role_are_asked_about_once():
    """The guess is put to the person; “yes” leaves that role out and makes haste, “no” leaves everything as it was."""
    review = types(gated("no"), *AFTER_IT)
    progress = confirm(review.progress, "headteacher")
    step = again(progress)
    assert (asked(step), step.question.text) == (
        "named_headteacher", "Your words may mean the Headteacher. Is the Headteacher part of what worries you?",
    )  # fmt: skip
    assert confirm(progress, "headteacher") == progress
    yes, no = types(step, "yes"), types(step, "no")
    assert isinstance(yes, Reviewing)
    assert "headteacher" in yes.lines[-1][1].casefold()
    assert confirm(no.progress, "headteacher") == no.progress
    assert types(yes, "send").openings[0].concerned == ("headteacher",)
    assert types(yes, "send").openings[0].severity is Severity.HIGH
    assert types(no, "send").openings[0].concerned == ()
    assert types(no, "send").openings[0].severity is Severity.MEDIUM


def test_a_role_that_was_given_already_is_not_asked_about():
    """Whoever has named the lead need not name them twice."""
    step = gated("yes", "dsl")
    assert confirm(step.progress, "dsl") == step.progress
    assert confirm(step.progress, "headteacher") != step.progress


def test_what_was_confirmed_can_be_changed_at_the_review():
    """It stands among the answers with a number, like any other."""
    review = types(again(confirm(types(gated("no"), *AFTER_IT).progress, "slt")), "yes")
    changed = types(review, f"edit {len(review.lines)}")
    assert asked(changed) == "named_slt"
    assert "“Yes, part of it”" in changed.note
    assert types(changed, "no", "send").openings[0].concerned == ()


def test_a_confirming_question_survives_a_restart_and_a_school_without_that_role():
    """It was asked in the school's words then, and can be answered in ours."""
    step = again(confirm(gated("no").progress, "eso"))
    assert kept_and_read(step.progress) == step.progress
    elsewhere = again(Progress.from_json(step.progress.to_json(), Setting({"dsl": "Lead"})))
    assert "named_eso" in [one.name for one in elsewhere.progress.coming_up]


def test_the_doors_stay_the_last_question_when_a_role_is_named_there():
    """Silence sends what is there, so nothing may be left to ask behind it."""
    door = types(gated("rather not say"), *AFTER_IT)
    named = again(confirm(door.progress, "headteacher"))
    assert asked(named) == "named_headteacher"
    assert silence(named.progress) is None
    back = types(named, "yes")
    assert asked(back) == "door"
    assert set(silence(back.progress).openings[0].concerned) == {"headteacher", UNNAMED_ADULT}


def test_a_confirmation_takes_the_place_of_a_question_about_the_report():
    """Under “keep a draft?” as well, whom it must not reach comes first."""
    stopping = types(gated("no"), *AFTER_IT[:3], "cancel", "on", "He knocked twice.", "cancel")
    assert stopping.progress.stage in (Stage.STOPPING, Stage.DOUBT)
    assert confirm(stopping.progress, "dsl").stage is Stage.ASKING


def test_a_second_matter_shows_only_the_answers_it_names():
    """Whoever looks after the filter sees where and when, and neither words nor people."""
    review = types(gated("yes", "dsl"), "pupil", "roblox", "threats", "He knocked twice.", "yesterday", "skip", "ring the office")
    main, other = types(review, "send").openings
    assert [one.name for one in other.said] == ["platform", "when"]
    assert (other.matter, other.concerned) == ("site_to_block", main.concerned)
    assert {one.name for one in main.said} > {"happened", "adult_role", "contact"}
    assert resolved(review.progress) == (main, other)


def test_what_was_read_stands_in_the_question_that_was_answered():
    """Who signed which version can be shown for ever, whatever is read aloud since."""
    step = types(begin("pledge", "p1", QUIET), "staff", "yes")
    assert step.question.text == "Have you read the code, version 3?"
    signed = types(step, "yes", "no", "skip", "A name", "here")
    newer = replace(QUIET, readings={name: replace(one, version="4") for name, one in QUIET.readings.items()})
    back = again(Progress.from_json(signed.progress.to_json(), newer))
    assert isinstance(back, Reviewing)
    done = types(back, "send")
    assert "Have you read the code, version 3?" in [one.question for one in done.said]
    assert types(back, "edit 3").question.text == "Have you read the code, version 4?"
