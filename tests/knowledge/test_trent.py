"""Trent's policy in plain words: complete, each known trap of the document treated as it should be, and who is told what."""

import re
from datetime import date

import pytest

from bot.schools import load
from flows.cases.routing import deciders
from knowledge.policy import Policy

TODAY = date(2026, 11, 21)

# The sections of the document: ten have a number, the statement before them and the signatures after them have none.
PLACES = {"sign-off", "statement-of-intent", *(str(number) for number in range(1, 11))}
NUMBERED_RULES = {"1": 7, "2": 2, "3": 3, "4": 3, "5": 1, "6": 18, "7": 11, "8": 5, "9": 3}

# Who hears of it first, and whether the document names them ("policy") or is silent ("default").
FIRST = {
    "contact_pupil_to_staff": ("headteacher", "policy"),
    "contact_parent_to_staff": ("headteacher", "policy"),
    "contact_staff_to_pupil": ("headteacher", "policy"),
    "contact_staff_to_parent": ("headteacher", "policy"),
    "existing_relationship": ("headteacher", "policy"),
    "bullying_of_pupil": ("headteacher", "default"),
    "bullying_of_staff": ("headteacher", "default"),
    "bullying_by_staff": ("headteacher", "default"),
    "threats_by_parent": ("headteacher", "default"),
    "bullying_beyond_school": ("headteacher", "default"),
    "content_met_by_pupil": ("headteacher", "policy"),
    "content_met_by_staff": ("headteacher", "policy"),
    "site_to_block": ("computing_lead", "policy"),
    "post_by_parent": ("headteacher", "default"),
    "post_by_staff": ("headteacher", "default"),
    "post_about_pupil_by_pupil": ("headteacher", "default"),
    "post_about_pupil_by_staff": ("headteacher", "default"),
    "post_about_pupil_by_parent": ("headteacher", "default"),
    "abuse_on_school_account": ("headteacher", "default"),
    "staff_conduct": ("headteacher", "default"),
    "about_headteacher": ("chair", "default"),
    "about_governor": ("chair", "default"),
    "pupil_conduct": ("headteacher", "default"),
    "disclosure": ("headteacher", "default"),
    "crime": ("headteacher", "default"),
    "image_by_pupil": ("headteacher", "default"),
    "grooming": ("headteacher", "default"),
    "extremism": ("headteacher", "default"),
    "data_breach": ("headteacher", "default"),
    "consent_given": ("headteacher", "default"),
    "consent_changed": ("headteacher", "default"),
    # 8.4 names the ICT Lead Teacher, who is told the site and the dates once the headteacher has decided (8.5).
    "site_to_unblock": ("headteacher", "policy"),
    "site_to_open": ("computing_lead", "policy"),
    "new_account": ("headteacher", "default"),
    "draft_check": ("headteacher", "default"),
    "complaint": ("chair", "policy"),
    "age_restricted": ("headteacher", "default"),
    "filter_bypass_by_pupil": ("headteacher", "default"),
    "filter_bypass_by_staff": ("headteacher", "default"),
    "use_in_lessons_by_pupil": ("headteacher", "default"),
    "use_in_lessons_by_staff": ("headteacher", "default"),
    "permission_needed": ("headteacher", "default"),
    "anonymous_posting_by_pupil": ("headteacher", "default"),
    "anonymous_posting_by_staff": ("headteacher", "default"),
    "anonymous_posting_by_parent": ("headteacher", "default"),
    "school_rule": ("headteacher", "default"),
    "false_allegation": ("headteacher", "default"),
    "tell_the_headteacher": ("headteacher", "default"),
    "code_signed": ("headteacher", "default"),
}
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
    """Trent as the bot loads it."""
    return load("trent")


@pytest.fixture(scope="module")
def policy(school) -> Policy:
    """Its policy."""
    return school.policy


def text(policy: Policy, ref: str) -> str:
    """What rule REF says."""
    return policy.section(ref).text


def test_every_numbered_section_of_the_document_is_there(policy):
    """Ten sections, the statement before them and the signatures after them."""
    assert {section.ref for section in policy.sections if section.within is None} == PLACES


def test_every_numbered_rule_of_the_document_is_there(policy):
    """Each keeps the number that is printed beside it, so that it can be looked up."""
    for home, count in NUMBERED_RULES.items():
        assert [rule.ref for rule in policy.rules(home)] == [f"{home}.{number}" for number in range(1, count + 1)]
    assert [rule.title for rule in policy.rules("10")] == ["Safe", "Meeting", "Accepting", "Reliable", "Tell"]


@pytest.mark.parametrize(
    ("ref", "cited"),
    [
        ("6.7", "section 6.7, A pupil or parent contacts you"),
        ("10.tell", "section 10, Tell"),
        ("statement-of-intent.d", "“Statement of Intent”"),
    ],
)
def test_a_rule_is_cited_as_it_is_printed(policy, ref, cited):
    """By its number, by the word of SMART in section 10, and by the heading where the document has neither."""
    assert policy.cite(policy.section(ref)) == cited


def test_a_missing_review_date_is_said_with_every_answer(policy):
    """None is set, so it cannot be said to have gone by; the reader is sent to the school all the same."""
    assert "no date" in (policy.review_warning(TODAY) or "")
    assert "does not say" in text(policy, "sign-off.review")


def test_both_signatures_are_named_and_the_later_counts(policy):
    """May 2017 at the front, May 2015 at the end; neither is an approval."""
    assert "May 2017" in text(policy, "sign-off.signed")
    assert "May 2015" in text(policy, "sign-off.signed")
    assert "sign-off.signed" in policy.section("statement-of-intent.h").also
    assert policy.version == "signed May 2017"
    assert policy.dates.approved is None


def test_the_numbers_are_those_of_the_text_and_not_of_the_contents(policy):
    """The two disagree from section 2 on."""
    assert "E-safety" in policy.section("2").title
    assert "of the text" in text(policy, "sign-off.numbering")


@pytest.mark.parametrize("ref", ["6.17", "8.4"])
def test_a_form_that_is_not_in_the_document_is_said_to_be_missing(policy, ref):
    """Nobody is sent to look for it, and a report is not passed off as the school's form."""
    assert "not in the document" in text(policy, ref)
    assert "sign-off.forms" in policy.section(ref).also


def test_no_answer_speaks_as_if_the_school_had_accounts(policy):
    """Section 6 opens by saying that there are none; the rule on passwords comes with it."""
    assert "no social media accounts" in text(policy, "6")
    assert "If there were" in text(policy, "6.1")
    assert "6" in policy.section("6.1").also
    assert "6" in policy.section("sign-off.blogging").also


def test_the_exception_for_another_tie_is_for_parents_only(policy):
    """It is never extended to pupils."""
    assert "parents only" in text(policy, "6.6")
    assert "pupil" not in text(policy, "6.8")


@pytest.mark.parametrize("ref", ["6.7", "7.3"])
def test_an_attempt_is_reported_too(policy, ref):
    """The document says "this relationship", and means a request that went nowhere as well."""
    assert "attempt" in text(policy, ref)
    assert "headteacher" in text(policy, ref)


def test_the_same_rule_in_two_places_is_shown_with_both_numbers(policy):
    """6.7 and 7.3, 6.8 and 7.4."""
    for one, other in (("6.7", "7.3"), ("6.8", "7.4")):
        assert other in policy.section(one).also
        assert one in policy.section(other).also


@pytest.mark.parametrize("ref", ["6.17", "7.9", "8.3"])
def test_three_addressees_for_bad_content_come_together(policy, ref):
    """A teacher, the class teacher then the ICT Lead Teacher, and a form for the headteacher."""
    assert {"6.17", "7.9", "8.3"} <= {ref, *policy.section(ref).also}


def test_who_decides_on_unblocking_comes_with_how_to_ask(policy):
    """An email to the ICT Lead Teacher, and the headteacher's last word."""
    assert "email" in text(policy, "8.4")
    assert "8.5" in policy.section("8.4").also


def test_the_chain_for_bullying_is_said_to_stand_elsewhere(policy):
    """9.2 names nobody, so neither do we."""
    assert "Anti-Bullying Policy" in text(policy, "9.2")
    assert "does not say" in text(policy, "9.2")


def test_a_child_is_not_threatened_with_prosecution(policy):
    """The rule is there for adults, who may have to know it."""
    assert "pupil" not in policy.section("7.2").audience


def test_the_lesson_exception_does_not_open_the_classroom(policy):
    """6.2 lets teachers use social media in an e-safety lesson only; 6.5 binds the whole staff."""
    assert {"6.2", "6.4"} <= set(policy.section("6.5").also)
    assert "No member of staff" in text(policy, "6.5")
    assert text(policy, "6.2").startswith("Teachers")


@pytest.mark.parametrize("ref", ["9.2", "10.tell", "sign-off.gaps"])
def test_the_missing_safeguarding_lead_is_flagged(policy, ref):
    """Whoever worries about a child must not look for a name that is not there."""
    assert "safeguarding lead" in text(policy, ref)


def test_a_rule_for_staff_among_those_for_families_says_whom_it_binds(policy):
    """7.4 stands in the section for pupils and parents."""
    assert text(policy, "7.4").startswith("A rule for staff")


def test_no_sanction_for_parents_is_made_up(policy):
    """The document states none."""
    assert "not said" in text(policy, "7.7")


def test_the_edition_is_marked_as_ours(policy):
    """Nobody may take our wording for the document's own."""
    assert policy.edition == "plain-language"


def test_no_name_phone_or_address_of_a_person_is_in_it(school):
    """Roles only: the signatures are there without the people."""
    for file in ("policy.md", "school.toml"):
        written = (school.folder / file).read_text(encoding="utf-8")
        assert "@" not in written
        assert not re.search(r"\b(Mrs?|Ms|Miss)\b|\d{5}", written)


@pytest.mark.parametrize(("matter", "first"), FIRST.items(), ids=FIRST)
def test_who_is_told_first(school, matter, first):
    """As the document says, or the headteacher where it is silent: it names no safeguarding lead."""
    route = school.routes[matter]
    told, label = first
    assert (route.to, route.label) == ((told,), label)


def test_every_matter_is_in_the_table_above(school):
    """What nobody wrote down nobody checked."""
    assert school.routes.keys() - FIRST.keys() == {"danger", "tell_the_lead"}


def test_contact_is_reported_under_both_numbers(school):
    """6.7 stands among the rules for staff, 7.3 among those for families."""
    for matter in ("contact_pupil_to_staff", "contact_parent_to_staff"):
        assert {"6.7", "7.3"} <= set(school.routes[matter].ref)
    assert "7.5" in school.routes["contact_staff_to_pupil"].ref


@pytest.mark.parametrize("matter", HARM)
def test_where_a_child_may_be_harmed_the_safeguarding_lead_hears_at_once(school, matter):
    """The policy names none; every school has one. That they are told is our addition, beside the headteacher."""
    route = school.routes[matter]
    assert {"headteacher", "dsl"} <= {*route.to, *route.also}


def test_the_headteacher_hears_nothing_about_the_headteacher(school):
    """The chair alone, and no shared office view."""
    route = school.routes["about_headteacher"]
    assert {*route.to, *route.also, *(role for rung in route.climb for role in rung)} == {"chair"}


def test_a_report_that_may_name_a_child_is_not_read_by_every_teacher(school):
    """The class teacher and the ICT Lead Teacher are steps: one is told by the headteacher, the other gets site and time."""
    assert "class_teacher" not in school.roles
    met = school.routes["content_met_by_pupil"]
    assert "computing_lead" not in {*met.to, *met.also, *(role for rung in met.climb for role in rung)}
    assert any("class teacher" in step and step.endswith("(section 8.3)") for step in met.steps)
    assert any("ICT Lead Teacher" in step and "no name" in step for step in met.steps)


def test_a_site_is_opened_only_after_the_headteacher_has_decided(school):
    """The ICT Lead Teacher has no part in the request, and is told of it only once it is approved."""
    route = school.routes["site_to_unblock"]
    assert deciders(route) == ("headteacher",)
    assert "computing_lead" not in {*route.to, *route.also, *(role for rung in route.climb for role in rung)}
    assert "decides first" in route.steps[0]
    assert school.routes["site_to_open"].to == ("computing_lead",)


def test_the_leaked_password_is_this_schools_own_row(school):
    """The ICT Lead Teacher, who keeps passwords, is told beside the headteacher."""
    route = school.routes["school_rule"]
    assert "password" in route.then
    assert route.also == ("computing_lead",)
