"""Edith Cavell's policy in plain words: complete, each known trap of the document treated as it should be, and who is told what."""

import re
from datetime import date

import pytest

from bot.schools import SHIPPED, School, load
from knowledge.policy import Policy

TODAY = date(2026, 11, 21)

# Lettered sections, numbered objectives (B) and rules of the staff code (D), the same code again as an appendix.
CODE = [*(str(number) for number in range(1, 12)), "rationale", "school-action"]
ANCHORS = [
    *("document-control", "responsibility", *"ABCDEFGHIJ", "related-policies", "appendix-1", "appendix-1.declaration"),
    *("B.aims", *(f"B.{number}" for number in range(1, 6))),
    *(f"{home}.{rule}" for home in ("D", "appendix-1") for rule in CODE),
    *("E.curriculum", "E.teaching", "F.access", "F.content", "G.permission", "G.use"),
]

# Who is told first, and beside them, as the document or our fallback has it. Who holds several of these roles is told once.
HEAD, BOTH = {"headteacher"}, {"headteacher", "dsl"}
CODE_PAIR = {"headteacher", "eso", "dsl"}
TOLD = {
    "contact_pupil_to_staff": CODE_PAIR,
    "contact_parent_to_staff": HEAD,
    "contact_staff_to_pupil": CODE_PAIR,
    "contact_staff_to_parent": HEAD,
    "existing_relationship": HEAD,
    "bullying_of_pupil": CODE_PAIR,
    "bullying_of_staff": BOTH,
    "bullying_by_staff": BOTH,
    "threats_by_parent": BOTH,
    "bullying_beyond_school": BOTH,
    "content_met_by_pupil": CODE_PAIR,
    "content_met_by_staff": HEAD,
    "site_to_block": {"headteacher", "eso"},
    "site_to_unblock": {"headteacher", "eso"},
    "post_by_parent": HEAD,
    "post_by_staff": HEAD,
    "post_about_pupil_by_pupil": CODE_PAIR,
    "post_about_pupil_by_staff": CODE_PAIR,
    "post_about_pupil_by_parent": CODE_PAIR,
    "abuse_on_school_account": {"office", "computing_lead", "eso", "headteacher"},
    "staff_conduct": HEAD,
    "about_headteacher": {"chair"},
    "about_governor": {"chair"},
    "pupil_conduct": CODE_PAIR,
    "disclosure": BOTH,
    "crime": BOTH,
    "image_by_pupil": BOTH,
    "grooming": CODE_PAIR,
    "extremism": BOTH,
    "data_breach": HEAD,
    "consent_given": {"headteacher", "office"},
    "consent_changed": {"headteacher", "office"},
    "new_account": HEAD,
    "draft_check": HEAD,
    "complaint": {"headteacher", "eso"},
    "age_restricted": BOTH,
    "filter_bypass_by_pupil": BOTH,
    "filter_bypass_by_staff": BOTH,
    "use_in_lessons_by_pupil": HEAD,
    "use_in_lessons_by_staff": HEAD,
    "permission_needed": HEAD,
    "anonymous_posting_by_pupil": BOTH,
    "anonymous_posting_by_staff": HEAD,
    "anonymous_posting_by_parent": HEAD,
    "school_rule": {"eso"},
    "false_allegation": HEAD,
    "site_to_open": {"eso"},
    "tell_the_headteacher": HEAD,
    "code_signed": HEAD,
}


@pytest.fixture(scope="module")
def school() -> School:
    """The school as shipped."""
    return load("edith-cavell")


@pytest.fixture(scope="module")
def policy(school: School) -> Policy:
    """Its policy."""
    return school.policy


def test_every_section_and_every_rule_of_the_code_is_there(policy):
    """Ten lettered sections, five objectives, eleven rules and their copy in the appendix, and the unlettered pages."""
    assert [anchor for anchor in ANCHORS if anchor not in policy] == []
    assert len(ANCHORS) == 53


def test_rules_are_cited_as_the_document_prints_them(policy):
    """A letter with a number where there is one; where a part has only a heading, its letter or its heading."""
    assert policy.cite(policy.section("D.4.b")).startswith("section D.4, ")
    assert policy.cite(policy.section("E.teaching.c")) == "section E, Teaching of Social Networking"
    assert "responsibility" not in policy.cite(policy.section("responsibility.b"))


def test_titles_are_distinct_within_their_section(policy):
    """Two buttons with the same words would be a guess."""
    seen = [(section.within, section.title) for section in policy.sections]
    assert len(seen) == len(set(seen))


def test_both_lapsed_reviews_are_said(policy):
    """November 2025 on the first page and yearly in section J have both gone by; each is shown with the other."""
    assert "November 2025" in (policy.review_warning(TODAY) or "")
    for ref, other in (("document-control.review", "J.a"), ("J.a", "document-control.review")):
        assert other in policy.section(ref).also
        assert "Both have gone by" in policy.section(ref).text


def test_parents_are_not_promised_news_of_changes(policy):
    """Revised copies go to staff; nobody else is mentioned."""
    assert "Parents are not mentioned" in policy.section("J.c").text


def test_the_safeguarding_lead_is_the_headteacher_and_the_e_safety_officer_is_left_open(policy):
    """The first page makes all of it one person, later sections speak of another: the reader is told to ask."""
    assert "headteacher" in policy.section("responsibility.b").text
    assert "ask the school who it is" in policy.section("responsibility.d").text


def test_two_reports_of_contact_with_a_child_come_together(policy, school):
    """Rule 4 names two addressees, rule 9 one: both rules are shown and everybody is told at once."""
    assert "D.9.c" in policy.section("D.4.b").also
    assert "D.4.b" in policy.section("D.9.c").also
    assert {"headteacher", "eso"} <= set(school.routes["contact_pupil_to_staff"].to)


def test_as_above_is_kept_and_our_reading_is_called_ours(policy):
    """Rule 10 does not say which rule it means."""
    text = policy.section("D.10.a").text
    assert "“as above”" in text
    assert "we take rule 4" in text


def test_declaring_a_contact_does_not_permit_it(policy, school):
    """Rule 9 asks to declare what exists, rule 4 allows no contact at all, for own children neither."""
    assert "no exception" in policy.section("D.4.a").text
    assert "does not allow it" in policy.section("D.9.b").text
    assert "D.4.a" in policy.section("D.9.b").also
    assert "does not allow" in school.routes["existing_relationship"].then


def test_private_use_at_work_and_official_posting_are_shown_together(policy):
    """Rule 5 forbids the one, section F allows the other; whose devices is left open."""
    assert "F.access.a" in policy.section("D.5.a").also
    assert "D.5.a" in policy.section("F.access.a").also
    assert "not said" in policy.section("F.access.a").text
    assert "F.a" in policy.section("D.7.a").also


def test_no_name_stands_with_a_picture_online(policy):
    """Section G leaves names open for the website; objective 5 of section B decides for everything online."""
    for ref in ("G.permission.b", "G.permission.c", "F.content.b"):
        assert "B.5.b" in policy.section(ref).also
    assert "rules it out online" in policy.section("G.permission.c").text


def test_a_picture_without_a_face_is_not_declared_free(policy):
    """The definition needs a face, and yet nobody is told that no consent is needed."""
    assert "does not mean that no consent is needed" in policy.section("C.b").text


def test_consent_taken_back_is_obeyed_though_the_policy_is_silent(policy, school):
    """Nothing describes it: the school stops at once, and this is called our fallback."""
    route = school.routes["consent_changed"]
    assert route.label == "default"
    assert "at once" in route.steps[0]
    assert not any("withdraw" in leaf.text for leaf in policy.leaves())


def test_the_document_has_no_word_on_bullying(policy, school):
    """Nothing is borrowed from another school; reports still have a way."""
    assert not any("bully" in leaf.text.casefold() for leaf in policy.leaves())
    assert "no section on bullying" in school.routes["bullying_of_pupil"].then


def test_the_filter_is_one_for_e_mail(policy):
    """Its provider has no name, and web filtering is not described."""
    assert "e-mail only" in policy.section("document-control.filter").text
    for ref in ("E.teaching.d", "E.teaching.e"):
        assert "paragraph on school e-mail" in policy.section(ref).text


def test_a_complaint_about_the_headteacher_is_not_looked_into_by_the_headteacher(policy, school):
    """Section H does not foresee it; the chair is the next rung, and the first one for a concern."""
    assert "does not say" in policy.section("H.b").text
    assert ("chair",) in school.routes["complaint"].climb


def test_a_concern_about_the_headteacher_never_reaches_the_headteachers_other_roles(school):
    """Headteacher, safeguarding lead and E-Safety Officer may be one person; the colleague beside them works for that person."""
    route = school.routes["about_headteacher"]
    assert (route.to, route.also, route.climb, route.label) == (("chair",), (), (), "default")


def test_loose_names_are_kept_as_printed(policy):
    """The internet policy is not among the companions, and one companion is oddly spelt: neither is put right silently."""
    assert "not part of this document" in policy.section("D.11.a").text
    assert "“Acceptable User Policy”" in policy.section("related-policies.a").text


def test_the_copy_of_the_code_points_to_the_code(policy):
    """Appendix 1 repeats section D, so the rule itself is shown with it."""
    for rule in CODE:
        assert any(ref.startswith(f"D.{rule}.") for ref in policy.section(f"appendix-1.{rule}").also)


def test_nothing_personal_is_there():
    """The document prints names, addresses and numbers; none is in what we ship."""
    text = "".join(file.read_text(encoding="utf-8") for file in (SHIPPED / "edith-cavell").iterdir())
    assert "@" not in text
    assert not re.search(r"\b(Mr|Mrs|Miss|Ms)\b|\d{5}", text)


def test_every_matter_goes_to_whom_the_document_or_our_fallback_names(school):
    """First recipients, matter by matter; danger and the button have rules of their own."""
    told = {name: {*route.to, *route.also} for name, route in school.routes.items()}
    del told["danger"], told["tell_the_lead"]
    assert told == TOLD


@pytest.mark.parametrize("matter", ["contact_pupil_to_staff", "contact_staff_to_pupil", "bullying_of_pupil", "grooming"])
def test_what_is_due_at_once_says_so(school, matter):
    """The code's own word for contact with children and other improper communication."""
    assert school.routes[matter].within.startswith("at once")


@pytest.mark.parametrize("matter", ["bullying_of_pupil", "disclosure", "grooming", "image_by_pupil", "school_rule"])
def test_concerns_about_children_are_recorded_on_cpoms(school, matter):
    """The system the policy names."""
    assert any("CPOMS" in step for step in school.routes[matter].steps)


def test_where_the_document_is_silent_the_route_is_called_ours(school):
    """No fallback is dressed up as the school's rule."""
    silent = ("threats_by_parent", "disclosure", "crime", "extremism", "site_to_block", "new_account", "consent_given")
    assert {school.routes[name].label for name in silent} == {"default"}


def test_topics_the_document_is_silent_on_are_bound_to_no_rule(policy):
    """Bullying, apps, ages, consent taken back, phones and unblocking: whoever asks is told that it does not say."""
    silent = (
        "bullying-",
        "app-",
        "age-",
        "consent-withdraw",
        "pupil-phones",
        "unblock-site",
        "concern-headteacher",
        "parent-threats",
    )
    assert [topic for topic in policy.answers if topic.startswith(silent)] == []
    assert policy.answers["report-contact-attempt"] == ("D.4.b", "D.9.c")
