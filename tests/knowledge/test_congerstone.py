"""Congerstone's policy in plain words: complete, each known trap of the document treated as it should be, and who is told what."""

import re
from datetime import date

import pytest

from bot.schools import load
from knowledge.policy import Policy

TODAY = date(2026, 11, 21)

# The document prints headings and no numbers, so these are ours, in the order of the document. How many rules each has.
RULES = {
    "document-control": 9,
    "scope": 3,
    "application-to-governors": 2,
    "purpose": 7,
    "social-media-definition": 8,
    "use-of-social-media": 7,
    "employee-responsibility": 21,
    "disciplinary-action": 4,
    "social-media-security": 5,
    "monitoring": 3,
    "employee-groups": 2,
    "links-to-other-policies": 2,
}

# The document tells an employee to go to the headteacher about an employee, and is silent on everything else.
NAMED = {
    "contact_staff_to_pupil",
    "contact_staff_to_parent",
    "bullying_by_staff",
    "content_met_by_staff",
    "post_by_staff",
    "post_about_pupil_by_staff",
    "staff_conduct",
    "data_breach",
    "new_account",
    "use_in_lessons_by_staff",
    "school_rule",
}
SILENT = {
    "contact_pupil_to_staff",
    "contact_parent_to_staff",
    "existing_relationship",
    "bullying_of_pupil",
    "bullying_of_staff",
    "threats_by_parent",
    "bullying_beyond_school",
    "content_met_by_pupil",
    "site_to_block",
    "post_by_parent",
    "post_about_pupil_by_pupil",
    "post_about_pupil_by_parent",
    "abuse_on_school_account",
    "pupil_conduct",
    "disclosure",
    "crime",
    "image_by_pupil",
    "grooming",
    "extremism",
    "consent_given",
    "consent_changed",
    "site_to_unblock",
    "tell_the_headteacher",
    "code_signed",
    "draft_check",
    "complaint",
    "age_restricted",
    "filter_bypass_by_pupil",
    "filter_bypass_by_staff",
    "use_in_lessons_by_pupil",
    "permission_needed",
    "anonymous_posting_by_pupil",
    "anonymous_posting_by_staff",
    "anonymous_posting_by_parent",
    "false_allegation",
}
CHAIR = {"about_headteacher", "about_governor"}
HARM = (
    "contact_staff_to_pupil",
    "bullying_by_staff",
    "content_met_by_pupil",
    "disclosure",
    "crime",
    "image_by_pupil",
    "grooming",
    "extremism",
    "danger",
    "tell_the_lead",
)


@pytest.fixture(scope="module")
def school():
    """Congerstone as the bot loads it."""
    return load("congerstone")


@pytest.fixture(scope="module")
def policy(school) -> Policy:
    """Its policy."""
    return school.policy


def text(policy: Policy, ref: str) -> str:
    """What rule REF says."""
    return policy.section(ref).text


def test_every_heading_of_the_document_is_there_with_its_rules(policy):
    """Eleven headings and the table on the first page."""
    assert {section.ref: len(policy.rules(section.ref)) for section in policy.sections if section.within is None} == RULES


def test_a_rule_is_cited_by_the_heading_above_it(policy):
    """The document prints no numbers, so none of ours is ever shown."""
    for leaf in policy.leaves():
        assert policy.cite(leaf) == f"“{policy.home(leaf).title}”"
        assert policy.home(leaf).within is None


def test_the_missing_approval_is_said_with_every_answer(policy):
    """It is active, its review is not yet due, and no date of approval is shown."""
    assert "approved" in (policy.review_warning(TODAY) or "")
    assert str(policy.dates.next_review) == "December 2027"
    assert "empty" in text(policy, "document-control.approved")
    assert "active" in text(policy, "document-control.approved")


def test_the_consultation_is_not_taken_for_an_approval(policy):
    """November 2024 is later than the version of November 2023."""
    assert policy.version == "Nov 23"
    assert "November 2024" in text(policy, "document-control.consultation")
    assert policy.dates.approved is None


def test_the_scope_counts_and_not_everyone(policy):
    """The first page says Everyone; the text covers staff and governors. Both are shown, and pupils and parents are told."""
    assert {"scope.a", "scope.c"} <= set(policy.section("document-control.target").also)
    assert "document-control.target" in policy.section("scope.a").also
    assert {"parent", "pupil"} <= policy.section("scope.c").audience
    bound = {audience for leaf in policy.leaves() if leaf.ref != "scope.c" for audience in leaf.audience}
    assert bound == {"staff", "governor"}


def test_dignity_at_work_is_for_employees_only(school, policy):
    """It is never offered for a pupil's case."""
    assert "for employees" in text(policy, "disciplinary-action.d")
    for matter in ("bullying_of_pupil", "bullying_beyond_school", "disclosure"):
        route = school.routes[matter]
        assert "Dignity" not in " ".join((route.then, *route.steps))


def test_what_the_policy_leaves_out_is_said(policy):
    """No lead, no filter, nothing for pupils and parents: nobody is to look for it."""
    for word in ("safeguarding lead", "filter", "pupils and parents"):
        assert word in text(policy, "document-control.gaps")


def test_the_online_policy_is_probably_another_one(policy):
    """Its name is not in the list of linked policies; "probably" is as far as anybody can go."""
    assert "Probably" in text(policy, "use-of-social-media.a")
    assert "links-to-other-policies.b" in policy.section("use-of-social-media.a").also


def test_policies_that_are_used_and_not_listed_are_named(policy):
    """The Disciplinary Policy and Dignity at Work are applied without standing in the list."""
    for title in ("Disciplinary Policy", "Dignity at Work Policy and Procedure"):
        assert title in text(policy, "document-control.linked")
        assert not any(title in rule.text for rule in policy.rules("links-to-other-policies"))


def test_a_report_is_no_verdict(policy):
    """The document reaches people whom others implicate; that proves nothing."""
    assert "proves nothing" in text(policy, "disciplinary-action.b")


def test_pictures_of_pupils_are_not_allowed_with_consent(policy):
    """The ban has no exception and does not set the school's pages apart: the headteacher is asked."""
    rule = text(policy, "employee-responsibility.i")
    assert "ask the headteacher" in rule
    assert "consent" not in rule


def test_an_own_child_or_a_relative_may_be_an_exception_and_need_not_be_declared(school, policy):
    """A declaration is offered as a free one."""
    rule = text(policy, "employee-responsibility.e")
    assert "may be the employee's own child, or a relative" in rule
    assert "not mentioned" in rule
    assert school.routes["existing_relationship"].label == "default"


@pytest.mark.parametrize(
    ("rule", "word"),
    [("d", "should"), ("j", "should"), ("b", "should"), ("f", "must"), ("h", "must"), ("i", "must"), ("g", "must"), ("k", "must")],
)
def test_must_and_should_keep_their_strength(policy, rule, word):
    """They differ from one point to the next."""
    said = text(policy, f"employee-responsibility.{rule}")
    assert word in said
    assert {"should": "must", "must": "should"}[word] not in said


def test_parents_as_contacts_are_neither_allowed_nor_banned(policy):
    """The rules of other schools are not borrowed."""
    assert "not said" in text(policy, "employee-responsibility.n")


def test_whoever_made_a_staff_group_answers_for_it(school):
    """A report about the creator goes to the headteacher."""
    route = school.routes["school_rule"]
    assert "staff group" in route.then
    assert "unless the report is about them" in route.steps[0]


def test_the_edition_is_marked_as_ours(policy):
    """Nobody may take our wording for the document's own."""
    assert policy.edition == "plain-language"


def test_no_name_phone_or_address_of_a_person_is_in_it(school):
    """Roles only."""
    for file in ("policy.md", "school.toml"):
        written = (school.folder / file).read_text(encoding="utf-8")
        assert "@" not in written
        assert not re.search(r"\b(Mrs?|Ms|Miss)\b|\d{5}", written)


@pytest.mark.parametrize("matter", sorted(NAMED | SILENT))
def test_the_headteacher_is_told_first(school, matter):
    """By the policy where an employee is reported, by our default where it is silent, and said to be one or the other."""
    route = school.routes[matter]
    assert route.to == ("headteacher",)
    assert route.label == ("policy" if matter in NAMED else "default")


@pytest.mark.parametrize("matter", sorted(CHAIR))
def test_the_chair_alone_hears_about_the_headteacher_and_about_governors(school, matter):
    """The document is silent; everybody else works for the headteacher."""
    route = school.routes[matter]
    assert {*route.to, *route.also, *(role for rung in route.climb for role in rung)} == {"chair"}
    assert route.label == "default"


def test_whistleblowing_comes_with_a_concern_about_the_headteacher(school):
    """That policy is linked, and the only recipient of this one is the person it is about."""
    assert "Whistleblowing" in school.routes["about_headteacher"].then


def test_every_matter_is_in_the_tables_above(school):
    """What nobody wrote down nobody checked."""
    assert school.routes.keys() - NAMED - SILENT - CHAIR == {"danger", "tell_the_lead", "site_to_open"}


def test_a_route_by_the_policy_gives_the_rule_that_names_the_headteacher(school):
    """Use of Social Media for what a colleague does, Purpose for a new site."""
    for matter in NAMED:
        assert {"use-of-social-media.g", "purpose.b"} & set(school.routes[matter].ref), matter


@pytest.mark.parametrize("matter", HARM)
def test_where_a_child_may_be_harmed_the_safeguarding_lead_hears_at_once(school, matter):
    """The policy names none; every school has one. That they are told is our addition, beside the headteacher."""
    route = school.routes[matter]
    assert {"headteacher", "dsl"} <= {*route.to, *route.also}
