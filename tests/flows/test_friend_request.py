"""The friend-request report: what it is about, how fast it goes, and whom it must never reach."""

from __future__ import annotations

from itertools import product

import pytest
from pydantic import ValidationError

from flows import catalogue
from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT, Route, rungs
from flows.flow import questions
from flows.matters import MATTERS

FLOW = catalogue.flow("friend_request")
QUESTIONS = {question.name: question for question in questions(FLOW)}
GATES = ("danger", "you", "sender", "receiver", "adult_part", "adult_role")
EVERYBODY = ("dsl", "deputy_dsl", "headteacher", "slt", "chair")


def every_report():
    """Each combination of buttons that can be pressed, as the report it makes."""
    for values in product(*([choice.value for choice in QUESTIONS[name].choices] for name in GATES)):
        answers = dict(zip(GATES, values, strict=True))
        asked = {name: value for name, value in answers.items() if QUESTIONS[name].comes_up(answers)}
        if all(QUESTIONS[name].comes_up(asked) for name in asked):
            yield FLOW.model_validate({**asked, "happened": "zqx"})


def report(**answers):
    """A report with ANSWERS, and everyday ones for the rest."""
    usual = {"danger": "no", "you": "staff", "sender": "pupil", "receiver": "me", "happened": "It came at night."}
    if "adult_role" not in answers or "adult_part" in answers:
        usual["adult_part"] = "no"
    return FLOW.model_validate({**usual, **answers})


def test_every_combination_of_answers_has_a_matter_and_leaves_out_whoever_it_is_about():
    """All of them, enumerated: a known matter, a severity, and no rung that holds the adult who was named."""
    seen = set()
    for one in every_report():
        out = frozenset(one.concerned_roles())
        told = {role for rung in rungs(Route(one.matter(), EVERYBODY), out) for role in rung}
        assert one.matter() in MATTERS
        assert one.severity() in Severity
        assert one.adult_role not in told
        if "rather_not_say" in (one.adult_part, one.adult_role) or one.adult_role == "headteacher":
            assert told == {"chair"}
        seen.add(one.matter())
    assert seen == {
        "contact_pupil_to_staff",
        "contact_parent_to_staff",
        "contact_staff_to_pupil",
        "contact_staff_to_parent",
        "tell_the_lead",
    }


@pytest.mark.parametrize(
    ("answers", "matter"),
    [
        ({}, "contact_pupil_to_staff"),
        ({"sender": "former_pupil", "receiver": "colleague"}, "contact_pupil_to_staff"),
        ({"you": "governor", "sender": "parent"}, "contact_parent_to_staff"),
        (
            {"you": "parent", "sender": "adult_at_school", "receiver": "my_child", "adult_role": "someone_else"},
            "contact_staff_to_pupil",
        ),
        ({"you": "parent", "sender": "adult_at_school", "adult_role": "slt"}, "contact_staff_to_parent"),
        ({"you": "parent", "sender": "pupil"}, "tell_the_lead"),
        ({"you": "parent", "sender": "not_sure", "receiver": "my_child"}, "tell_the_lead"),
    ],
)
def test_who_sent_it_and_who_received_it_say_what_it_is_about(answers, matter):
    """The rows of the schools' routing tables; what is in none of them goes to the safeguarding lead."""
    assert report(**answers).matter() == matter


@pytest.mark.parametrize(
    ("answers", "severity"),
    [
        ({"danger": "yes"}, Severity.IMMEDIATE),
        ({"danger": "yes", "sender": "parent"}, Severity.IMMEDIATE),
        ({"danger": "not_sure", "sender": "parent"}, Severity.HIGH),
        ({"you": "parent", "sender": "not_sure", "receiver": "my_child"}, Severity.HIGH),
        ({"adult_part": "yes", "adult_role": "someone_else"}, Severity.HIGH),
        ({"adult_part": "rather_not_say"}, Severity.HIGH),
        ({"you": "parent", "sender": "adult_at_school", "receiver": "my_child", "adult_role": "someone_else"}, Severity.HIGH),
        ({}, Severity.MEDIUM),
        ({"you": "parent", "sender": "pupil"}, Severity.MEDIUM),
        ({"sender": "parent"}, Severity.LOW),
    ],
)
def test_how_fast_somebody_must_have_it(answers, severity):
    """Danger now, or perhaps; an unknown sender to a child; an adult of the school: each makes it faster, never slower."""
    assert report(**answers).severity() is severity


@pytest.mark.parametrize(
    ("answers", "concerned"),
    [
        ({}, ()),
        ({"adult_part": "not_sure"}, ()),
        ({"adult_part": "yes", "adult_role": "someone_else"}, ()),
        ({"adult_part": "yes", "adult_role": "dsl"}, ("dsl",)),
        ({"adult_part": "yes", "adult_role": "rather_not_say"}, (UNNAMED_ADULT,)),
        ({"adult_part": "rather_not_say"}, (UNNAMED_ADULT,)),
        ({"sender": "adult_at_school", "adult_role": "headteacher"}, ("headteacher",)),
    ],
)
def test_the_role_that_was_named_is_concerned_and_silence_counts_as_unnamed(answers, concerned):
    """“No”, “not sure” and “someone else” take the usual route; not wanting to say is never taken for “not the head”."""
    assert report(**answers).concerned_roles() == concerned


def test_every_role_that_could_be_told_can_be_named():
    """The list of roles offers everybody who stands on a route, so that nobody receives a report about themselves."""
    offered = {choice.value for choice in QUESTIONS["adult_role"].choices}
    assert set(EVERYBODY) <= offered


def test_danger_is_asked_first_and_why_can_be_asked_of_what_is_needed():
    """Safety comes before everything, and a question nobody can skip can say why it is there, or explain itself."""
    assert next(iter(QUESTIONS)) == "danger"
    assert all(question.optional or question.why or question.help for question in QUESTIONS.values())


def test_nothing_is_asked_that_must_never_be_asked():
    """No screenshot, password, address, date of birth or proof, and no child is asked why."""
    said = " ".join(f"{question.text} {question.help} {question.why}" for question in QUESTIONS.values()).casefold()
    for word in (
        "screenshot",
        "upload",
        "password",
        "address",
        "birth",
        "proof",
        "evidence",
        "religion",
        "secret",
        "promise",
        "why did",
    ):
        assert word not in said


def test_the_report_describes_itself_to_other_programs():
    """A JSON schema can be made of it: the questions ride where schemas do not look."""
    assert FLOW.model_json_schema()["properties"]["happened"]["type"] == "string"


def test_a_report_that_does_not_fit_is_refused_without_repeating_it():
    """An answer no question allows, or to no question, makes no report; and the refusal shows nothing that was said."""
    for wrong in ({"sender": "zqx neighbour"}, {"diary": "zqx"}, {"happened": ["zqx"]}):
        with pytest.raises(ValidationError) as refused:
            report(**wrong)
        assert "zqx" not in str(refused.value)


def test_a_report_is_never_changed_after_it_was_made():
    """What was sent is what was read through."""
    with pytest.raises(ValidationError, match="frozen"):
        report().happened = "something else"
