"""What each school's document says about requests, consents and declarations: who hears of them first, and who decides.

Written from the schools' documents: the forms they name, and where they are silent our default, which is labelled as one.
"""

from __future__ import annotations

import pytest

from bot.schools import load
from flows import catalogue
from flows.cases.routing import deciders, rungs
from flows.flow import Flow
from flows.matters import matter
from tests.flows.filled import report
from tests.flows.requested import request

HT, DSL, OFFICE, SLT, IT, ICT, ESO = "headteacher", "dsl", "office", "slt", "it", "computing_lead", "eso"
SCHOOLS = ("rosebrook", "trent", "congerstone", "edith-cavell", "mosaic")

SITE = request("unblock_site", site="example.org", purpose="maps")
ACCOUNT = request("new_account", wish="account", platform="facebook", purpose="news", owner="the office")
LOGO = request("new_account", wish="name", wanted="the logo", channel="a flyer")
CAMERA = request("new_account", wish="permission", thing="camera", reason="a trip")
TIE = request("declaration", job="cook", tie="relative", other_party="pupil")
GIVEN = request(
    "image_consent", you="parent", child="one", relationship="parent", change="give", kinds="both", given_for={"every_use"}
)
TAKEN = request(
    "image_consent", you="parent", child="one", relationship="parent", change="end", kinds="both", ended_for={"every_use"}
)


def ladder(name: str, asked: Flow) -> tuple[tuple[str, ...], ...]:
    """The roles that would be told of ASKED at the school called NAME, first rung first."""
    return rungs(load(name).routes[asked.matter()], frozenset(asked.concerned_roles()))


# school, what was asked or told, who hears of it first, who decides, and whether the document says so.
TABLE = [
    ("rosebrook", SITE, {HT, DSL}, {HT, DSL}, "policy"),
    ("rosebrook", ACCOUNT, {HT}, {HT}, "policy"),
    ("rosebrook", LOGO, {HT}, {HT}, "policy"),
    ("rosebrook", CAMERA, {HT}, {HT}, "policy"),
    ("rosebrook", TIE, {HT, DSL}, set(), "default"),
    ("rosebrook", GIVEN, {OFFICE}, set(), "policy"),
    ("rosebrook", TAKEN, {OFFICE, SLT}, set(), "policy"),
    ("trent", SITE, {HT}, {HT}, "policy"),
    ("trent", ACCOUNT, {HT}, {HT}, "default"),
    ("trent", TIE, {HT}, set(), "policy"),
    ("trent", GIVEN, {HT}, set(), "default"),
    ("trent", TAKEN, {HT}, set(), "default"),
    ("congerstone", SITE, {HT}, {HT}, "default"),
    ("congerstone", ACCOUNT, {HT}, {HT}, "policy"),
    ("congerstone", TIE, {HT}, set(), "default"),
    ("congerstone", TAKEN, {HT}, set(), "default"),
    ("edith-cavell", SITE, {HT, ESO}, {HT, ESO}, "default"),
    ("edith-cavell", ACCOUNT, {HT}, {HT}, "default"),
    ("edith-cavell", LOGO, {HT}, {HT}, "policy"),
    ("edith-cavell", TIE, {HT}, set(), "policy"),
    ("edith-cavell", TAKEN, {HT, OFFICE}, set(), "default"),
    ("mosaic", SITE, {HT}, {HT}, "default"),
    ("mosaic", ACCOUNT, {HT}, {HT, SLT}, "policy"),
    ("mosaic", LOGO, {HT}, {HT}, "policy"),
    ("mosaic", TIE, {HT}, set(), "policy"),
    ("mosaic", TAKEN, {HT, OFFICE}, set(), "default"),
]


@pytest.mark.parametrize(("name", "asked", "first", "decide", "label"), TABLE)
def test_it_goes_where_the_document_sends_it(name, asked, first, decide, label):
    """And is decided by whom the document, or our default, names."""
    route = load(name).routes[asked.matter()]
    assert {*route.to, *route.also} == first
    assert set(deciders(route)) == decide
    assert route.label == label


@pytest.mark.parametrize(
    ("name", "role", "label"),
    [
        ("rosebrook", IT, "policy"),
        ("trent", ICT, "policy"),
        ("congerstone", IT, "default"),
        ("edith-cavell", ESO, "default"),
        ("mosaic", IT, "default"),
    ],
)
def test_an_approved_site_is_opened_by_whoever_looks_after_the_filter(name, role, label):
    """They see the site and the dates. The request itself, with who asked, is on no rung of theirs."""
    school = load(name)
    opening = school.routes[matter("site_to_unblock").opens]
    assert (opening.to, opening.label) == ((role,), label)
    asked = school.routes["site_to_unblock"]
    told = {*asked.to, *asked.also, *(one for rung in asked.climb for one in rung)}
    assert not told & {IT, ICT}


@pytest.mark.parametrize("name", SCHOOLS)
def test_every_school_offers_what_its_policy_supports_or_our_default_does(name):
    """Nine everywhere; the staff code only where the document has one."""
    nine = (
        "friend_request", "cyberbullying", "content", "adult_concern", "tell_us",
        "unblock_site", "image_consent", "declaration", "new_account",
    )  # fmt: skip
    assert load(name).flows == (nine if name != "edith-cavell" else (*nine, "code_of_conduct"))


@pytest.mark.parametrize("name", SCHOOLS)
@pytest.mark.parametrize("what", ["pupil_contact", "parent_contact", "bullying", "post", "other", "niggle"])
def test_a_concern_about_the_headteacher_reaches_the_chair_and_nobody_else(name, what):
    """At every school, whatever it is about; the chair's own word for the role is in the file."""
    concern = report("adult_concern", adult_part="yes", adult_role=HT, what=what, children="one")
    assert ladder(name, concern) == (("chair",),)


@pytest.mark.parametrize("name", SCHOOLS)
@pytest.mark.parametrize("what", ["pupil_contact", "parent_contact", "bullying", "post", "other", "niggle"])
def test_a_concern_about_somebody_else_begins_with_the_headteacher(name, what):
    """By every one of the documents, or by our default where it is silent."""
    concern = report("adult_concern", adult_part="yes", adult_role="someone_else", job="teacher", what=what, children="none")
    first = set(ladder(name, concern)[0])
    assert HT in first
    assert not {IT, ICT, OFFICE, "chair"} & first


@pytest.mark.parametrize("name", SCHOOLS)
@pytest.mark.parametrize(("who", "first"), [("headteacher", HT), ("chair", "chair")])
def test_just_tell_us_goes_to_the_door_that_was_chosen(name, who, first):
    """The chair's door leaves the headteacher out; the headteacher's is theirs alone."""
    told = catalogue.flow("tell_us").model_validate({"happened": "I would like to say something", "who": who})
    steps = ladder(name, told)
    assert steps[0] == (first,)
    assert who != "chair" or not any(HT in rung for rung in steps)
