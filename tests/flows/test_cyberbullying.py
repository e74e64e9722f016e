"""The report of bullying online: what it is about, how fast it goes, what is asked, and what to do meanwhile."""

from __future__ import annotations

from itertools import product

import pytest

from flows import advice, catalogue
from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT
from flows.engine import Stopped
from flows.flow import NOT_ASKED, questions
from flows.matters import MATTERS
from flows.progress import Progress
from flows.setting import Setting
from tests.flows.filled import asked_after_a_lock, locked, offered, report, walked
from tests.flows.telling import clicks

FLOW = catalogue.flow("cyberbullying")
QUESTIONS = {question.name: question for question in questions(FLOW)}

# Rows of the schools' routing tables: E06 to E10, E14 and E17, and those of other reports that a wish for this one can end at.
ROWS = [
    # E06: a pupil, by a pupil, or by nobody knows whom
    ({"victim": "my_child", "doing_it": "pupils"}, "bullying_of_pupil"),
    ({"victim": "another_pupil", "doing_it": "pupils", "in_school": "in"}, "bullying_of_pupil"),
    ({"victim": "another_pupil", "doing_it": "pupils", "in_school": "both"}, "bullying_of_pupil"),
    ({"victim": "my_child", "doing_it": "not_sure", "in_school": "not_sure"}, "bullying_of_pupil"),
    ({"victim": "my_child", "doing_it": "rather_not_say"}, "bullying_of_pupil"),
    ({"victim": "my_child", "doing_it": "parent"}, "bullying_of_pupil"),
    # E10: the same, outside school or from outside it
    ({"victim": "my_child", "doing_it": "pupils", "in_school": "out"}, "bullying_beyond_school"),
    ({"victim": "my_child", "doing_it": "not_sure", "in_school": "out"}, "bullying_beyond_school"),
    ({"victim": "another_pupil", "doing_it": "elsewhere"}, "bullying_beyond_school"),
    ({"victim": "someone_else", "doing_it": "pupils"}, "bullying_beyond_school"),
    ({"victim": "me", "doing_it": "not_sure"}, "bullying_beyond_school"),
    # E07: staff, by a pupil or by nobody knows whom
    ({"victim": "staff", "doing_it": "pupils"}, "bullying_of_staff"),
    ({"victim": "me", "doing_it": "pupils", "you": "staff"}, "bullying_of_staff"),
    ({"victim": "me", "doing_it": "not_sure", "you": "volunteer"}, "bullying_of_staff"),
    ({"victim": "me", "doing_it": "elsewhere", "you": "governor"}, "bullying_of_staff"),
    ({"victim": "staff", "doing_it": "pupils", "in_school": "out"}, "bullying_of_staff"),
    # E09: by a parent, at a grown-up
    ({"victim": "me", "doing_it": "parent", "you": "staff"}, "threats_by_parent"),
    ({"victim": "staff", "doing_it": "parent"}, "threats_by_parent"),
    ({"victim": "me", "doing_it": "parent"}, "threats_by_parent"),
    # E08: by an adult at the school, whoever is hurt
    ({"victim": "my_child", "doing_it": "adult_at_school", "which_adult": "slt"}, "bullying_by_staff"),
    ({"victim": "me", "doing_it": "adult_at_school", "which_adult": "slt", "you": "staff"}, "bullying_by_staff"),
    ({"victim": "someone_else", "doing_it": "adult_at_school", "which_adult": "someone_else"}, "bullying_by_staff"),
    # E14: the school, by a parent or an outsider
    ({"victim": "school", "doing_it": "parent"}, "post_by_parent"),
    ({"victim": "school", "doing_it": "elsewhere"}, "post_by_parent"),
    ({"victim": "school", "doing_it": "not_sure", "platform": "facebook"}, "post_by_parent"),
    # E17: on the school's own page
    ({"victim": "school", "doing_it": "parent", "platform": "school_page"}, "abuse_on_school_account"),
    ({"victim": "school", "doing_it": "pupils", "platform": "school_page"}, "abuse_on_school_account"),
    # E15 and E21
    ({"victim": "school", "doing_it": "adult_at_school", "which_adult": "slt"}, "post_by_staff"),
    ({"victim": "school", "doing_it": "pupils"}, "pupil_conduct"),
    ({"victim": "me", "doing_it": "pupils"}, "pupil_conduct"),
]
CHILD = {"victim": "my_child", "doing_it": "pupils"}
GENTLE = {"victim": "my_child", "doing_it": "elsewhere"}


def told(**answers):
    """A report of bullying with ANSWERS."""
    return report("cyberbullying", **answers)


@pytest.mark.parametrize(("answers", "matter"), ROWS)
def test_who_is_hurt_and_who_does_it_say_what_it_is_about(answers, matter):
    """The rows of the schools' routing tables. Where it happened never makes it somebody else's business."""
    assert told(**answers).matter() == matter
    assert matter in MATTERS


def test_no_answer_about_where_turns_a_report_away():
    """Home, school, both, nobody knows, not said: each of them still has somebody who gets it."""
    for doing_it, where in product(("pupils", "not_sure", "rather_not_say"), ("in", "out", "both", "not_sure", None)):
        matter = told(victim="my_child", doing_it=doing_it, in_school=where).matter()
        assert matter in ("bullying_of_pupil", "bullying_beyond_school")
    assert "Nothing is turned away" in QUESTIONS["in_school"].why


@pytest.mark.parametrize("feeling", ["scared", "not_safe", "upset", "ok", "not_sure"])
@pytest.mark.parametrize("row", [CHILD, {"victim": "staff", "doing_it": "pupils"}, {"victim": "school", "doing_it": "parent"}])
def test_scared_is_fast_and_not_safe_is_at_once(row, feeling):
    """How they are now decides more than what was written."""
    expected = {"scared": Severity.HIGH, "not_safe": Severity.IMMEDIATE}.get(feeling, Severity.MEDIUM)
    assert told(feeling=feeling, **row).severity() is expected


def test_saying_that_somebody_is_not_safe_counts_as_danger_from_that_moment():
    """Help comes first then, as it does at the first question, and only for that answer."""
    begun = Progress("cyberbullying", id="b1")
    for feeling in ("ok", "upset", "scared", "not_sure"):
        assert not begun.answered(QUESTIONS["feeling"], feeling).in_danger
    assert begun.answered(QUESTIONS["feeling"], "not_safe").in_danger


@pytest.mark.parametrize(
    ("answers", "severity"),
    [
        (CHILD, Severity.MEDIUM),
        ({**CHILD, "what": {"insults", "left_out", "rumours", "picture_shared", "fake_account", "other"}}, Severity.MEDIUM),
        ({**CHILD, "what": {"threats"}}, Severity.HIGH),
        ({**CHILD, "what": {"insults", "threats"}, "feeling": "not_safe"}, Severity.IMMEDIATE),
        ({**CHILD, "danger": "yes"}, Severity.IMMEDIATE),
        ({**CHILD, "danger": "not_sure"}, Severity.HIGH),
        ({"victim": "another_pupil", "doing_it": "parent"}, Severity.HIGH),
        ({"victim": "me", "doing_it": "parent", "you": "staff"}, Severity.HIGH),
        ({"victim": "my_child", "doing_it": "adult_at_school", "which_adult": "someone_else"}, Severity.HIGH),
        ({"victim": "staff", "doing_it": "pupils", "what": {"threats"}}, Severity.HIGH),
    ],
)
def test_how_fast_somebody_must_have_it(answers, severity):
    """Threats, danger, a grown-up against a child, an adult of the school: each makes it faster."""
    assert told(**answers).severity() is severity


@pytest.mark.parametrize(
    ("answers", "concerned"),
    [
        ({"doing_it": "adult_at_school", "which_adult": "headteacher"}, ("headteacher",)),
        ({"doing_it": "adult_at_school", "adult_part": "not_sure", "which_adult": "dsl"}, ("dsl",)),
        ({"doing_it": "adult_at_school", "adult_part": "yes", "adult_role": "dsl"}, ("dsl",)),
        ({"doing_it": "adult_at_school", "which_adult": "rather_not_say", "door": "chair"}, (UNNAMED_ADULT,)),
        ({"doing_it": "adult_at_school", "adult_part": "rather_not_say", "door": "lead"}, ()),
        (
            {"doing_it": "rather_not_say", "adult_part": "not_sure", "which_adult": "rather_not_say", "door": "chair"},
            (UNNAMED_ADULT,),
        ),
        ({"doing_it": "rather_not_say", "adult_part": "not_sure", "which_adult": "someone_else"}, ()),
        ({"doing_it": "rather_not_say", "adult_part": "rather_not_say", "door": "chair"}, (UNNAMED_ADULT,)),
        ({"doing_it": "rather_not_say"}, ()),
    ],
)
def test_whoever_is_named_is_told_nothing_and_an_unnamed_adult_may_be_anybody(answers, concerned):
    """The role is asked wherever an adult may be behind it, and not wanting to say opens the two doors."""
    assert told(victim="my_child", **answers).concerned_roles() == concerned


def test_a_sexual_picture_ends_the_questions_at_once():
    """Nothing more is asked, nobody is told to keep it, and it goes out as such a picture."""
    names, done = locked("cyberbullying", **CHILD, what={"sexual_picture", "threats"})
    assert names[-1] == "what"
    assert "still_there" not in names
    (opening,) = done.openings
    assert (opening.matter, opening.severity) == ("image_by_pupil", Severity.IMMEDIATE)
    assert done.report.advice() == ()
    assert done.report.still_there is NOT_ASKED


def test_even_then_the_role_of_an_adult_at_school_is_asked():
    """It decides who must not be told, so it comes before anything is sent."""
    assert asked_after_a_lock("cyberbullying", "no", "parent", "yes", "no", "my_child", "adult_at_school") == "which_adult"
    assert asked_after_a_lock("cyberbullying", "no", "parent", "yes", "no", "my_child", "pupils") == ""


def test_every_question_offers_the_answers_of_the_table():
    """Question by question."""
    assert {
        "victim": "me my_child another_pupil staff school someone_else",
        "doing_it": "pupils elsewhere parent adult_at_school not_sure rather_not_say",
        "what": "insults threats left_out rumours picture_shared fake_account who_someone_is sexual_picture other",
        "going_on": "yes stopped not_sure",
        "feeling": "ok upset scared not_safe not_sure",
        "in_school": "in out both not_sure",
        "told": "parent teacher other nobody",
        "still_there": "yes no not_sure",
        "reported": "school platform police nowhere not_sure",
    }.items() <= offered("cyberbullying").items()


def test_an_ordinary_picture_passed_round_is_not_such_a_picture():
    """It goes on to the end."""
    names, step = walked("cyberbullying", **CHILD, what={"picture_shared"})
    assert names[-1] == "contact"
    assert clicks(step, "send").openings[0].matter == "bullying_of_pupil"


@pytest.mark.parametrize("row", [CHILD, {"victim": "staff", "doing_it": "parent"}])
def test_whoever_looks_after_the_schools_page_learns_only_where_and_when(row):
    """The page can be cleaned without knowing who is hurt; the report itself goes where it belongs."""
    (part,) = told(platform="school_page", **row).also()
    assert (part.matter, part.shows) == ("abuse_on_school_account", ("platform", "when"))
    assert told(platform="whatsapp", **row).also() == ()
    assert told(**row).also() == ()


def test_abuse_of_the_school_on_its_page_is_one_case_and_not_two():
    """What is about the page already needs no second report about the page."""
    assert told(victim="school", doing_it="parent", platform="school_page").also() == ()


GO_ON = {"which_adult": "slt", "adult_role": "slt", "receiver": "me"}
BEFORE = ["danger", "you", "safe", "adult_part"]
AFTER = ["happened", "when", "told", "contact"]


@pytest.mark.parametrize(
    ("answers", "own"),
    [
        (GENTLE, ["victim", "doing_it", "what", "platform", "going_on", "feeling", "still_there"]),
        (CHILD, ["victim", "doing_it", "what", "platform", "going_on", "feeling", "in_school", "still_there"]),
        (
            {**GENTLE, "going_on": "yes"},
            ["victim", "doing_it", "what", "platform", "going_on", "feeling", "still_there", "reported"],
        ),
        (
            {**GENTLE, "going_on": "not_sure"},
            ["victim", "doing_it", "what", "platform", "going_on", "feeling", "still_there", "reported"],
        ),
        (
            {"victim": "me", "doing_it": "adult_at_school", "which_adult": "slt", "going_on": "stopped"},
            ["victim", "doing_it", "which_adult", "what", "platform", "going_on", "feeling", "still_there"],
        ),
    ],
)
def test_only_what_matters_here_is_asked(answers, own):
    """In or out of school only of pupils, reported before only while it goes on, a role only of adults."""
    names, _ = walked("cyberbullying", **answers)
    assert names == [*BEFORE, *own, *AFTER]


@pytest.mark.parametrize(("part", "warned_by"), [("no", "read_along"), ("not_sure", "workspace"), ("yes", "workspace")])
def test_where_others_may_read_along_a_report_about_an_adult_is_warned_of_it_once(part, warned_by):
    """Before the role is asked, by whichever answer the adult came up; the private page ends it here, and nothing is kept."""
    open_office = Setting(workspace=True)
    answers = {"victim": "me", "doing_it": "adult_at_school", "adult_part": part, warned_by: "private_page"}
    names, step = walked("cyberbullying", open_office, **answers)
    assert names[-1] == warned_by
    assert isinstance(step, Stopped)
    assert (step.because, step.kept) == ("private_page", False)
    asked = {"read_along", "workspace"} & set(walked("cyberbullying", open_office, **GO_ON, **{**answers, warned_by: "here"})[0])
    assert asked == {warned_by}
    assert not {"read_along", "workspace"} & set(walked("cyberbullying", **GO_ON, **answers)[0])


def test_it_is_at_most_fifteen_questions_and_seven_must_be_answered():
    """Everything else can be left out with one tap."""
    names, _ = walked("cyberbullying", **GENTLE)
    assert len(names) <= 15
    needed = [name for name in names if not QUESTIONS[name].optional]
    assert needed == ["danger", "you", "safe", "adult_part", "victim", "doing_it", "happened"]


def test_who_knows_is_asked_once():
    """The frame's question about telling somebody in person is this one, with more answers."""
    asked = [question for question in QUESTIONS.values() if "already" in question.text]
    assert [question.name for question in asked] == ["told"]
    assert {choice.value for choice in asked[0].choices} == {"parent", "teacher", "other", "nobody"}


@pytest.mark.parametrize(
    ("answers", "said", "unsaid"),
    [
        (GENTLE, ("do not answer", "Keep it", "block", "Report Harmful Content", "under 13"), ("ring the police", "today")),
        ({**GENTLE, "feeling": "scared"}, (advice.NOT_SAFE_NOW,), ()),
        ({**GENTLE, "feeling": "not_safe"}, (advice.NOT_SAFE_NOW,), ()),
        ({**GENTLE, "told": {"nobody"}}, ("the child has a grown-up to talk to today",), ()),
        ({**GENTLE, "told": {"teacher"}}, (), ("to talk to today",)),
        ({"victim": "me", "doing_it": "parent", "told": {"nobody"}}, ("somebody you trust today",), ("the child has",)),
        (
            {"victim": "me", "doing_it": "pupils", "you": "staff"},
            ("helpline for people who work with children", "union"),
            ("Report Harmful Content",),
        ),
    ],
)
def test_what_to_do_meanwhile(answers, said, unsaid):
    """Do not reply, keep it, block, tell an adult; help from outside that takes this; safety first where somebody is scared."""
    words = " ".join(told(**answers).advice())
    assert all(one in words for one in said)
    assert not any(one in words for one in unsaid)


def test_safety_comes_before_all_other_advice():
    """It is the first thing that somebody reads who said that they are scared."""
    assert told(feeling="scared", **CHILD).advice()[0] == advice.NOT_SAFE_NOW
