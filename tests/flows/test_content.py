"""The report of something unsuitable: what it is about, who sees how much of it, what is asked, and what to do meanwhile."""

from __future__ import annotations

import pytest

from flows import advice, catalogue
from flows.cases.case import Severity
from flows.flow import NOT_ASKED, questions
from flows.matters import MATTERS
from tests.flows.filled import locked, offered, report, walked
from tests.flows.telling import clicks

FLOW = catalogue.flow("content")
QUESTIONS = {question.name: question for question in questions(FLOW)}
CHILDREN = ("my_child", "pupils", "whole_class", "someone_else")
PLAIN = ("violence", "sexual", "gambling_drugs", "scam", "challenge", "other", "not_sure")

PUPIL = {"who_met_it": "pupils", "where": "home", "sort": {"violence"}}
STAFF_AT_SCHOOL = {"you": "staff", "who_met_it": "me", "where": "school_device", "sort": {"scam"}}


def told(**answers):
    """A report of unsuitable content with ANSWERS."""
    return report("content", **answers)


@pytest.mark.parametrize("sort", PLAIN)
@pytest.mark.parametrize("who", CHILDREN)
def test_what_a_child_met_is_about_the_child(who, sort):
    """E11, wherever it was and whatever the sort."""
    for where in ("school_device", "school_wifi", "own_device_at_school", "school_mail", "home", "elsewhere"):
        assert told(who_met_it=who, where=where, sort={sort}).matter() == "content_met_by_pupil"


@pytest.mark.parametrize(
    ("answers", "matter"),
    [
        # E12
        ({"who_met_it": "me", "you": "staff", "sort": {"sexual"}}, "content_met_by_staff"),
        ({"who_met_it": "me", "you": "volunteer", "sort": {"scam"}}, "content_met_by_staff"),
        ({"who_met_it": "me", "you": "governor", "sort": {"self_harm"}}, "content_met_by_staff"),
        ({"who_met_it": "colleague", "sort": {"violence"}}, "content_met_by_staff"),
        ({"who_met_it": "colleague", "sort": {"stranger"}}, "content_met_by_staff"),
        # A parent who met it is in no row
        ({"who_met_it": "me", "sort": {"violence"}}, "tell_the_lead"),
        ({"who_met_it": "me", "sort": {"stranger"}}, "tell_the_lead"),
        # E25
        ({"who_met_it": "pupils", "sort": {"stranger"}}, "grooming"),
        ({"who_met_it": "my_child", "sort": {"stranger", "hate", "details"}}, "grooming"),
        # E26, whoever met it
        ({"who_met_it": "pupils", "sort": {"hate"}}, "extremism"),
        ({"who_met_it": "me", "you": "staff", "sort": {"hate", "violence"}}, "extremism"),
        ({"who_met_it": "me", "sort": {"hate"}}, "extremism"),
        # E27
        ({"who_met_it": "me", "sort": {"details"}}, "data_breach"),
        ({"who_met_it": "whole_class", "sort": {"details", "other"}}, "data_breach"),
    ],
)
def test_who_met_it_and_what_sort_it_was_say_what_it_is_about(answers, matter):
    """The rows of the schools' routing tables; a stranger, hate and personal details are matters of their own."""
    assert told(where="home", **answers).matter() == matter
    assert matter in MATTERS


@pytest.mark.parametrize(
    ("answers", "severity"),
    [
        (PUPIL, Severity.HIGH),
        ({**PUPIL, "sort": {"self_harm"}}, Severity.IMMEDIATE),
        ({**PUPIL, "sort": {"self_harm", "hate"}}, Severity.IMMEDIATE),
        ({**PUPIL, "sort": {"stranger"}}, Severity.IMMEDIATE),
        ({**PUPIL, "sort": {"hate"}}, Severity.HIGH),
        (STAFF_AT_SCHOOL, Severity.MEDIUM),
        ({**STAFF_AT_SCHOOL, "sort": {"self_harm"}}, Severity.HIGH),
        ({**STAFF_AT_SCHOOL, "danger": "yes"}, Severity.IMMEDIATE),
        ({**STAFF_AT_SCHOOL, "adult_part": "yes", "adult_role": "someone_else"}, Severity.HIGH),
    ],
)
def test_how_fast_somebody_must_have_it(answers, severity):
    """Self-harm that a child met, and strangers, go at once."""
    assert told(**answers).severity() is severity


def test_what_may_be_a_picture_of_a_child_ends_the_questions_at_once():
    """The address is not asked for any more, nor anything else, and it goes out as such a picture."""
    names, done = locked("content", who_met_it="pupils", where="home", sort={"maybe_a_child", "sexual"})
    assert names[-1] == "sort"
    assert "site" not in names
    (opening,) = done.openings
    assert (opening.matter, opening.severity) == ("image_by_pupil", Severity.IMMEDIATE)
    assert done.report.advice() == ()
    assert done.report.site is NOT_ASKED


def test_what_is_sexual_and_for_adults_only_is_not_such_a_picture():
    """It goes on to the end."""
    names, step = walked("content", **{**PUPIL, "sort": {"sexual"}})
    assert names[-1] == "contact"
    assert clicks(step, "send").openings[0].matter == "content_met_by_pupil"


def test_a_report_cut_short_before_the_sort_was_asked_still_has_its_advice():
    """Words can cut it short at any question."""
    done = FLOW.model_construct(**dict.fromkeys(FLOW.model_fields, NOT_ASKED))
    assert all(isinstance(line, str) for line in done.advice())


def test_whoever_blocks_a_site_sees_the_site_the_time_and_the_device_and_nothing_else():
    """Never a child's name, never what was written: a case of its own, with three answers at most."""
    secret = "Zqx saw it"
    _, step = walked(
        "content", **{**STAFF_AT_SCHOOL, "who_met_it": "pupils", "site": "example.org", "device": "Room 4", "block": "yes"},
        happened=secret, when="yesterday",
    )  # fmt: skip
    main, block = clicks(step, "send").openings
    assert block.matter == "site_to_block"
    assert [one.name for one in block.said] == ["site", "device", "when"]
    assert secret not in " ".join(one.answer for one in block.said)
    assert secret in " ".join(one.answer for one in main.said)


@pytest.mark.parametrize(
    ("answers", "parts"),
    [
        ({"block": "yes", "site": "example.org"}, ["site_to_block"]),
        ({"block": "yes", "device": "Room 4"}, ["site_to_block"]),
        ({"block": "yes"}, []),
        ({"block": "no", "site": "example.org"}, []),
        ({"block": "not_sure", "site": "example.org"}, []),
        ({"upset": "yes"}, ["tell_the_lead"]),
        ({"upset": "no"}, []),
        ({"upset": "not_sure"}, []),
        ({"upset": "yes", "block": "yes", "site": "example.org"}, ["tell_the_lead", "site_to_block"]),
        ({"sort": {"hate", "details"}}, ["data_breach"]),
        ({"sort": {"details"}}, []),
    ],
)
def test_whatever_else_has_to_be_done_is_a_case_of_its_own(answers, parts):
    """Blocking when it is wanted and something can be blocked, the lead when somebody is upset, details that became public."""
    one = told(**{**STAFF_AT_SCHOOL, **answers})
    assert [part.matter for part in one.also()] == parts
    assert all(set(part.shows) <= set(QUESTIONS) for part in one.also())


def test_whoever_looks_after_personal_details_sees_what_became_public_and_not_who_met_it():
    """The kind, the place and the time are enough to have it taken down."""
    (part,) = told(**{**PUPIL, "sort": {"hate", "details"}}).also()
    assert (part.matter, part.shows) == ("data_breach", ("sort", "site", "when"))


def test_the_lead_is_told_twice_only_of_what_went_elsewhere():
    """Somebody who is upset after their details were made public is looked after by the lead too."""
    (part,) = told(**{**PUPIL, "sort": {"details"}}, upset="yes").also()
    assert part.matter == "tell_the_lead"
    assert set(part.shows) == {"who_met_it", "where", "sort", "upset", "happened"}


def test_every_question_offers_the_answers_of_the_table():
    """Question by question."""
    assert {
        "who_met_it": "me my_child pupils whole_class colleague someone_else",
        "where": "school_device school_wifi own_device_at_school school_mail home elsewhere",
        "sort": "violence hate sexual maybe_a_child self_harm gambling_drugs scam challenge details stranger other not_sure",
        "how": "advert link played_on search shown not_sure",
        "upset": "yes no not_sure",
        "done_so_far": "closed put_aside nothing",
        "block": "yes no not_sure",
    }.items() <= offered("content").items()


def test_the_lead_is_not_told_twice_where_the_report_is_theirs():
    """What a child met goes to them already."""
    assert told(upset="yes", **PUPIL).also() == ()


BEFORE = ["danger", "you", "safe", "adult_part"]
AFTER = ["happened", "when", "told", "contact"]


@pytest.mark.parametrize(
    ("answers", "own"),
    [
        (PUPIL, ["who_met_it", "where", "sort", "how", "site", "upset"]),
        ({**PUPIL, "where": "school_wifi"}, ["who_met_it", "where", "sort", "how", "site", "upset", "block"]),
        *(
            (
                {**STAFF_AT_SCHOOL, "where": where},
                ["who_met_it", "where", "sort", "how", "site", "device", "upset", "done_so_far", "block"],
            )
            for where in ("school_device", "school_wifi", "own_device_at_school", "school_mail")
        ),
        ({**PUPIL, "where": "elsewhere"}, ["who_met_it", "where", "sort", "how", "site", "upset"]),
        ({**STAFF_AT_SCHOOL, "where": "home"}, ["who_met_it", "where", "sort", "how", "site", "upset"]),
    ],
)
def test_only_what_matters_here_is_asked(answers, own):
    """Device and steps so far of staff at school; blocking only where the school can block."""
    names, _ = walked("content", **answers)
    assert names == [*BEFORE, *own, *AFTER]


def test_it_is_at_most_fifteen_questions_and_eight_must_be_answered():
    """Everything else can be left out with one tap."""
    names, _ = walked("content", **PUPIL)
    assert len(names) <= 15
    needed = [name for name in names if not QUESTIONS[name].optional]
    assert needed == ["danger", "you", "safe", "adult_part", "who_met_it", "where", "sort", "happened"]


def test_a_site_is_asked_for_from_memory_and_a_child_is_not_questioned():
    """Nobody looks again to answer us, and nobody asks a child how they got there."""
    assert "from memory" in QUESTIONS["site"].help
    assert "do not look at it again" in QUESTIONS["sort"].help
    assert "do not put that question to a child" in QUESTIONS["how"].help
    assert "name no child" in QUESTIONS["site"].help
    assert "name no child" in QUESTIONS["device"].help


@pytest.mark.parametrize(
    ("answers", "said", "unsaid"),
    [
        (PUPIL, ("close it", "do not open it again", "listen"), ("device aside", "challenge", "CEOP")),
        ({**PUPIL, "where": "school_device"}, ("device aside",), ()),
        ({**PUPIL, "sort": {"challenge"}}, ("do not name the challenge", "do not pass on warnings"), ()),
        ({**PUPIL, "sort": {"self_harm"}}, (advice.NOT_SAFE_NOW,), ()),
        ({**PUPIL, "sort": {"stranger"}}, advice.CHILD_CONTACTED, ()),
        (STAFF_AT_SCHOOL, ("close it",), ("If a child wants to talk",)),
    ],
)
def test_what_to_do_meanwhile(answers, said, unsaid):
    """Close it, show nobody, leave the device; a dare is not named to others; a stranger is not answered."""
    words = " ".join(told(**answers).advice())
    assert all(one in words for one in said)
    assert not any(one in words for one in unsaid)
