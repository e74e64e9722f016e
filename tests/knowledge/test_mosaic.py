"""Mosaic's policy in plain words: complete, each known trap of the document treated as it should be, and who is told what."""

import re
from datetime import date

import pytest

from bot.schools import SHIPPED, School, load
from knowledge.policy import Policy

TODAY = date(2026, 11, 21)

# The document prints headings only; the leaflets of its appendix have headings of their own.
LEAFLETS = {
    "instagram": ("about", "privacy-settings", "follower-lists", "terms-and-conditions", "grooming", "mental-health"),
    "snapchat": ("about", "safety-tips", "abuse-and-bullying", "snap-map", "addiction", "secondary-apps"),
    "whatsapp": ("about", "safety-tips", "concerns"),
    "tiktok": ("about", "safety-tips", "concerns"),
}
ANCHORS = [
    *("document-control", "introduction", "purpose", "scope", "use-in-worktime", "school-service", "terms-of-use"),
    *("guidance-for-staff", "guidance-for-pupils", "child-protection-guidance", "cyber-bullying"),
    *(f"appendix-a-{app}" for app in LEAFLETS),
    *(f"appendix-a-{app}.{part}" for app, parts in LEAFLETS.items() for part in parts),
]
# Rules, counted as the document prints them; the staff guidance and the terms each hold one more that stands in a sentence.
COUNTED = {
    "terms-of-use": 11,
    "guidance-for-staff": 7,
    "guidance-for-pupils": 8,
    "child-protection-guidance": 6,
    "cyber-bullying": 11,
}

# Who is told first, and beside them, as the document or our fallback has it.
HEAD, LEAD, BOTH = {"headteacher"}, {"dsl"}, {"headteacher", "dsl"}
TOLD = {
    "contact_pupil_to_staff": HEAD,
    "contact_parent_to_staff": HEAD,
    "contact_staff_to_pupil": BOTH,
    "contact_staff_to_parent": HEAD,
    "existing_relationship": HEAD,
    "bullying_of_pupil": BOTH,
    "bullying_of_staff": HEAD,
    "bullying_by_staff": BOTH,
    "threats_by_parent": HEAD,
    "bullying_beyond_school": BOTH,
    "content_met_by_pupil": BOTH,
    "content_met_by_staff": BOTH,
    "site_to_block": HEAD,
    "site_to_unblock": HEAD,
    "post_by_parent": HEAD,
    "post_by_staff": HEAD,
    "post_about_pupil_by_pupil": BOTH,
    "post_about_pupil_by_staff": BOTH,
    "post_about_pupil_by_parent": BOTH,
    "abuse_on_school_account": HEAD,
    "staff_conduct": HEAD,
    "about_headteacher": {"chair"},
    "about_governor": {"chair"},
    "pupil_conduct": BOTH,
    "disclosure": BOTH,
    "crime": BOTH,
    "image_by_pupil": BOTH,
    "grooming": BOTH,
    "extremism": BOTH,
    "data_breach": HEAD,
    "consent_given": {"headteacher", "office"},
    "consent_changed": {"headteacher", "office"},
    "new_account": HEAD,
    "draft_check": HEAD,
    "complaint": HEAD,
    "age_restricted": BOTH,
    "filter_bypass_by_pupil": HEAD,
    "filter_bypass_by_staff": HEAD,
    "use_in_lessons_by_pupil": LEAD,
    "use_in_lessons_by_staff": LEAD,
    "permission_needed": HEAD,
    "anonymous_posting_by_pupil": HEAD,
    "anonymous_posting_by_staff": HEAD,
    "anonymous_posting_by_parent": HEAD,
    "school_rule": HEAD,
    "false_allegation": HEAD,
    "site_to_open": {"it"},
    "tell_the_headteacher": HEAD,
    "code_signed": HEAD,
}


@pytest.fixture(scope="module")
def school() -> School:
    """The school as shipped."""
    return load("mosaic")


@pytest.fixture(scope="module")
def policy(school: School) -> Policy:
    """Its policy."""
    return school.policy


def words() -> str:
    """Everything we ship for this school."""
    return "".join(file.read_text(encoding="utf-8") for file in sorted((SHIPPED / "mosaic").iterdir()))


def test_every_heading_is_there_with_all_its_rules(policy):
    """Ten headings, the control table, and four leaflets with theirs."""
    assert [anchor for anchor in ANCHORS if anchor not in policy] == []
    assert len(ANCHORS) == 33
    assert {ref: len(policy.rules(ref)) for ref in COUNTED} == COUNTED


def test_readers_are_shown_headings_and_never_our_numbers(policy):
    """The document has no numbers, so a reference of ours would be looked for in vain."""
    assert policy.cite(policy.section("cyber-bullying.j")) == "“Cyber Bullying”"
    assert not any(section.ref in policy.cite(section) for section in policy.sections if "." in section.ref)


def test_titles_are_distinct_within_their_section(policy):
    """Two buttons with the same words would be a guess."""
    seen = [(section.within, section.title) for section in policy.sections]
    assert len(seen) == len(set(seen))


def test_an_approval_that_is_not_shown_is_said_and_from_february_2027_the_review(policy):
    """Reviewed January 2025, never signed; January 2027 has gone by when it is over."""
    assert "approved" in (policy.review_warning(TODAY) or "")
    assert "January 2027" in (policy.review_warning(date(2027, 2, 1)) or "")
    assert "reviewed January 2025, approval not shown" in policy.section("document-control.approved").text


def test_the_wrong_authority_is_not_passed_on(policy):
    """The document names a council and police elsewhere: readers are sent to the one of the school's own place."""
    assert "derbyshire" not in words().casefold()
    text = policy.section("child-protection-guidance.b").text
    assert "elsewhere" in text
    assert "own local authority" in text


def test_the_named_child_protection_person_is_said_to_be_missing(policy):
    """Until the school has filled the role, the headteacher is the one to ask."""
    for ref in ("document-control.cpp", "guidance-for-staff.g"):
        assert "headteacher" in policy.section(ref).text
        assert "does not say" in policy.section(ref).text


def test_in_confidence_promises_no_secrecy(policy):
    """A child may be told that few will hear of it, never that nobody will."""
    text = policy.section("guidance-for-pupils.g").text
    assert "in confidence" in text
    assert "only the adults who keep the child safe" in text


def test_leave_for_private_use_comes_with_the_report_of_it(policy, school):
    """Use in the working day is reported, and the headteacher may have allowed it: that is asked first."""
    assert "guidance-for-staff.g" in policy.section("use-in-worktime.a").also
    assert "use-in-worktime.a" in policy.section("guidance-for-staff.g").also
    assert "allowed" in school.routes["use_in_lessons_by_staff"].steps[0]


def test_the_leaflets_age_for_whatsapp_is_put_right_and_the_schools_rule_stands(policy):
    """16 in the leaflet, 13 since 2024, which is marked as not in the document; none under 13 is the school's own."""
    rule = policy.section("appendix-a-whatsapp.about.c")
    assert all(said in rule.text for said in ("16", "13", "11 April 2024", "not in the document"))
    assert "guidance-for-pupils.a" in rule.also


def test_every_rule_of_a_leaflet_says_that_it_is_from_2020(policy):
    """The heading under which it is cited carries the year; what to press on a screen is left out."""
    tips = [leaf for leaf in policy.leaves() if leaf.ref.startswith("appendix-a-")]
    assert len(tips) > 50
    assert all("2020" in policy.cite(leaf) for leaf in tips)
    assert not any(re.search(r"three dots|gear|\btap\b|\bclick", leaf.text, re.IGNORECASE) for leaf in tips)


def test_the_stray_message_and_the_scanning_slip_are_nowhere(policy):
    """A leaflet holds a scrap of a threatening chain message, and a scan has spoilt a word: neither is shown or found."""
    shown = words().casefold()
    assert not re.search(r"\b(kill\w*|buried|desert|loran|dick)\b", shown)
    assert "press children" in policy.section("appendix-a-whatsapp.concerns.c").text


def test_a_taunted_child_is_never_turned_away(policy, school):
    """Two worked examples read like a refusal: the child is still a pupil, and nobody is blamed for using an app."""
    assert "still a pupil" in policy.section("cyber-bullying.d").text
    assert "no child is to blame" in policy.section("cyber-bullying.f").text
    assert "pupil" not in policy.section("cyber-bullying.f").audience
    assert any("helped all the same" in step for step in school.routes["bullying_beyond_school"].steps)


def test_an_adult_posing_as_a_child_is_treated_as_grooming(policy):
    """The document states what the law is; we give no legal advice."""
    text = policy.section("guidance-for-staff.f").text
    assert "grooming" in text
    assert "no legal advice" in text


def test_no_outcome_is_foretold(policy):
    """Every violation is called gross misconduct, and yet action only can follow."""
    text = policy.section("terms-of-use.k").text
    assert "can follow" in text
    assert "cannot be said beforehand" in text


def test_parents_are_outside_the_scope_and_spoken_to_all_the_same(policy):
    """Employees, governors and pupils are bound."""
    rule = policy.section("scope.a")
    assert "Parents are not among them" in rule.text
    assert rule.also == ("cyber-bullying.b",)


def test_approved_posting_is_the_exception_to_the_terms(policy):
    """The terms forbid any word about school, the pupils' guidance knows a school Facebook page: they come together."""
    assert {"terms-of-use.f", "terms-of-use.i"} <= set(policy.section("guidance-for-pupils.e").also)
    for ref in ("terms-of-use.f", "terms-of-use.h"):
        assert "exception" in policy.section(ref).text


def test_former_pupils_count_until_they_are_18(policy):
    """The only one of the five schools with this rule; it stands in two places."""
    assert "guidance-for-staff.b" in policy.section("terms-of-use.g").also
    assert "terms-of-use.g" in policy.section("guidance-for-staff.b").also


def test_telling_a_pupils_parents_is_a_task_and_no_message_of_ours(school):
    """They are told when a pupil tries to join a member of staff, by a person who has decided how."""
    route = school.routes["contact_pupil_to_staff"]
    assert any("parents" in step for step in route.steps)
    assert route.to == ("headteacher",)


@pytest.mark.parametrize("ref", ["cyber-bullying.a", "child-protection-guidance.c"])
def test_lines_for_the_school_are_not_for_families(policy, ref):
    """Guarding against blame, and calming a parent, are said to staff."""
    assert not policy.section(ref).audience & {"parent", "pupil"}


def test_nothing_personal_is_there():
    """No address, no number of a person, no name with a title."""
    assert "@" not in words()
    assert not re.search(r"\b(Mr|Mrs|Miss|Ms)\b|\d{6}", words())


def test_every_matter_goes_to_whom_the_document_or_our_fallback_names(school):
    """First recipients, matter by matter; danger and the button have rules of their own."""
    told = {name: {*route.to, *route.also} for name, route in school.routes.items()}
    del told["danger"], told["tell_the_lead"]
    assert told == TOLD


@pytest.mark.parametrize("matter", ["bullying_of_pupil", "bullying_beyond_school", "school_rule"])
def test_one_class_teacher_is_told_and_not_all_of_them(school, matter):
    """The document sends pupils to the class teacher; a role would open the report to every class."""
    assert "class_teacher" not in school.roles
    assert any("own class teacher" in step for step in school.routes[matter].steps)


@pytest.mark.parametrize("matter", ["contact_staff_to_pupil", "bullying_by_staff", "staff_conduct", "post_about_pupil_by_staff"])
def test_about_an_adult_the_lado_is_asked_before_anything_is_done(school, matter):
    """Record, refer, and wait for advice, as the child protection guidance says."""
    steps = " ".join(school.routes[matter].steps)
    assert "Record the disclosure" in steps
    assert "LADO" in steps
    assert "before the LADO has advised" in steps


def test_a_concern_about_the_headteacher_goes_to_the_chair_and_the_lado(school):
    """The document mentions neither the case nor a chair: it is our fallback, and named so."""
    route = school.routes["about_headteacher"]
    assert (route.to, route.also, route.climb, route.label) == (("chair",), (), (), "default")
    assert any("LADO" in step for step in route.steps)


@pytest.mark.parametrize(
    ("matter", "within"),
    [("threats_by_parent", "immediately"), ("grooming", "immediately"), ("bullying_of_pupil", "as soon as it happens")],
)
def test_the_documents_words_for_time_are_kept(school, matter, within):
    """How soon, as it says itself."""
    assert school.routes[matter].within.startswith(within)


def test_where_the_document_is_silent_the_route_is_called_ours(school):
    """No fallback is dressed up as the school's rule."""
    silent = ("consent_changed", "site_to_unblock", "complaint", "post_by_parent", "contact_parent_to_staff", "extremism")
    assert {school.routes[name].label for name in silent} == {"default"}


def test_topics_the_document_is_silent_on_are_bound_to_no_rule(policy):
    """Consent, complaints, parents as friends, unblocking and training: whoever asks is told that it does not say."""
    silent = ("consent-", "complaint-", "friend-parent", "friend-staff-to-parent", "unblock-site", "staff-training", "filter-who")
    assert [topic for topic in policy.answers if topic.startswith(silent)] == []
    assert policy.answers["ex-pupils"] == ("guidance-for-staff.b", "terms-of-use.g")
