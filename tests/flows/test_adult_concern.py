"""A concern about an adult at school: the right door for each adult and each kind of worry, and nothing asked that is not ours."""

from __future__ import annotations

import pytest

from flows import catalogue
from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT, Route, rungs
from flows.engine import Finished
from flows.flow import questions
from tests.flows.filled import locked, report, walked

FLOW = catalogue.flow("adult_concern")
ADULT = {"adult_part": "yes", "adult_role": "slt", "children": "none"}

# E03, E04, E08, E15, E16 and E18: which kind of thing it is says which rule applies.
KINDS = [
    ({"what": "pupil_contact"}, "contact_staff_to_pupil"),
    ({"what": "parent_contact"}, "contact_staff_to_parent"),
    ({"what": "bullying"}, "bullying_by_staff"),
    ({"what": "post"}, "post_by_staff"),
    ({"what": "post", "children": "not_sure"}, "post_by_staff"),
    ({"what": "post", "children": "one"}, "post_about_pupil_by_staff"),
    ({"what": "post", "children": "more"}, "post_about_pupil_by_staff"),
    ({"what": "other"}, "staff_conduct"),
    ({"what": "niggle"}, "staff_conduct"),
]
EVERY_KIND = sorted({answers["what"] for answers, _ in KINDS})


def told(**answers):
    """A concern with ANSWERS."""
    return report("adult_concern", **{"what": "niggle", "children": "none", **answers})


@pytest.mark.parametrize(("answers", "matter"), KINDS)
def test_the_kind_of_thing_says_which_rule_of_the_school_applies(answers, matter):
    """Contact with a pupil or a parent, bullying, a post, or conduct: low-level worries are conduct too, and are taken."""
    assert told(**{**ADULT, **answers}).matter() == matter


@pytest.mark.parametrize("what", EVERY_KIND)
def test_whatever_it_is_about_the_headteacher_it_goes_to_the_chair_alone(what):
    """E19, before anything else."""
    one = told(**{**ADULT, "adult_role": "headteacher", "what": what})
    assert one.matter() == "about_headteacher"
    assert one.concerned_roles() == ("headteacher",)
    usual = Route("about_headteacher", ("chair",))
    assert rungs(usual, frozenset(one.concerned_roles())) == (("chair",),)


@pytest.mark.parametrize("what", EVERY_KIND)
@pytest.mark.parametrize("who", [{"adult_role": "chair"}, {"adult_role": "someone_else", "job": "governor"}])
def test_a_governor_is_for_the_chair_and_the_chair_is_for_nobody_at_the_school(who, what):
    """E20. Where the chair is concerned nobody is left to tell, and that has to be said (routing.rungs)."""
    one = told(**{**ADULT, **who, "what": what})
    assert one.matter() == "about_governor"
    left = rungs(Route("about_governor", ("chair",)), frozenset(one.concerned_roles()))
    assert left == (() if who["adult_role"] == "chair" else (("chair",),))


@pytest.mark.parametrize("job", ["teacher", "assistant", "volunteer", "other", "rather_not_say"])
def test_everybody_else_at_the_school_goes_the_way_of_the_kind(job):
    """A role that is in no list still has its door; what they do decides only whether it is a governor."""
    one = told(**{**ADULT, "adult_role": "someone_else", "job": job, "what": "bullying"})
    assert (one.matter(), one.concerned_roles()) == ("bullying_by_staff", ())


@pytest.mark.parametrize("who", [{"adult_part": "rather_not_say"}, {"adult_part": "yes", "adult_role": "rather_not_say"}])
@pytest.mark.parametrize(("door", "concerned"), [("chair", (UNNAMED_ADULT,)), ("lead", ())])
def test_an_adult_nobody_names_opens_two_doors(who, door, concerned):
    """It is never assumed that it is not the headteacher: only who writes can choose the usual door."""
    one = told(**who, door=door)
    assert one.concerned_roles() == concerned


@pytest.mark.parametrize(
    ("what", "matter"), [("post", "post_by_parent"), ("pupil_contact", "tell_the_lead"), ("bullying", "tell_the_lead")]
)
def test_an_adult_who_is_not_from_the_school_is_a_worry_for_the_lead(what, matter):
    """The rules for staff do not reach them, and the report is taken all the same."""
    assert told(adult_part="no", what=what).matter() == matter


@pytest.mark.parametrize("what", EVERY_KIND)
@pytest.mark.parametrize("adult_part", ["no", "not_sure"])
def test_no_concern_about_an_adult_waits_for_the_school_to_open(what, adult_part):
    """Also where nobody is sure that the adult is from the school. Danger now is faster still."""
    assert told(adult_part=adult_part, what=what).severity() is Severity.HIGH
    assert told(adult_part=adult_part, what=what, danger="yes").severity() is Severity.IMMEDIATE


def test_nobody_is_asked_twice_whether_an_adult_of_the_school_is_part_of_it():
    """The gate is the question which adult it is; the way through is short, and most of it may be left out."""
    names, step = walked("adult_concern", **ADULT, what="niggle")
    assert not isinstance(step, Finished)
    assert names == [
        "danger", "you", "safe", "adult_part", "adult_role", "what", "children",
        "adult_name", "how_known", "going_on", "happened", "when", "told", "contact",
    ]  # fmt: skip
    required = [one.name for one in questions(FLOW) if not one.optional and not one.when]
    assert required == ["danger", "you", "safe", "adult_part", "what", "children", "happened"]


def test_a_name_is_not_asked_of_somebody_who_would_rather_not_say_who_it_is():
    """Asking on would be pressing."""
    names, _ = walked("adult_concern", adult_part="yes", adult_role="rather_not_say", what="other", children="one", door="chair")
    assert "adult_name" not in names
    assert names[-1] == "door"


def test_a_sexual_picture_stops_the_questions_and_keeps_the_adult_out():
    """Nothing more is asked, and the adult who was named before is left out of the emergency as well."""
    names, step = locked("adult_concern", adult_part="yes", adult_role="dsl", what="sexual_picture")
    assert names == ["danger", "you", "safe", "adult_part", "adult_role", "what"]
    (opening,) = step.openings
    assert (opening.matter, opening.severity, opening.concerned) == ("image_by_pupil", Severity.IMMEDIATE, ("dsl",))
    assert step.report.advice() == ()


def test_the_advice_asks_nobody_to_find_out_anything():
    """Do not look into it, do not warn the adult, put no question to a child; and who else may be told, as general practice."""
    advice = " ".join(told(**{**ADULT, "children": "one"}).advice())
    assert "do not look into it" in advice
    assert "put no questions" in advice
    assert "General practice in England, not this school's rule" in advice
    assert "put no questions" not in " ".join(told(**ADULT).advice())


def test_nothing_is_asked_that_is_not_for_us_to_know():
    """No motive, no proof, nothing about anybody's home, and no grade of how bad it is."""
    labels = [choice.label for one in questions(FLOW) for choice in one.choices]
    said = " ".join([*labels, *(f"{one.text} {one.help}" for one in questions(FLOW))]).casefold()
    for never in ("why did", "proof", "evidence", "prove", "at home", "address", "how serious", "how bad", "motive", "guilty"):
        assert never not in said, never
