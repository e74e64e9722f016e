"""The friend-request report: what it is about, how fast it goes, and whom it must never reach."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from flows import advice, catalogue
from flows.cases.case import Severity
from flows.cases.routing import UNNAMED_ADULT, Route, rungs
from flows.engine import Stopped
from flows.flow import NOT_ASKED, questions
from flows.matters import MATTERS
from flows.setting import Setting
from tests.flows.filled import asked_after_a_lock, locked, offered, report, walked
from tests.flows.telling import clicks

FLOW = catalogue.flow("friend_request")
QUESTIONS = {question.name: question for question in questions(FLOW)}
EVERYBODY = ("dsl", "deputy_dsl", "headteacher", "slt", "chair")

# Rows of the schools' routing tables, E01 to E05, and what none of them names: who sent it, who received it, what it is about.
STAFF_ME = {"you": "staff", "receiver": "me"}
ROWS = [
    ({"sender": "pupil", **STAFF_ME}, "contact_pupil_to_staff"),
    ({"sender": "pupil", "you": "volunteer", "receiver": "me"}, "contact_pupil_to_staff"),
    ({"sender": "pupil", "you": "staff", "receiver": "colleague"}, "contact_pupil_to_staff"),
    ({"sender": "former_pupil", "still_a_child": "yes", **STAFF_ME}, "contact_pupil_to_staff"),
    ({"sender": "former_pupil", "still_a_child": "not_sure", **STAFF_ME}, "contact_pupil_to_staff"),
    ({"sender": "former_pupil", "still_a_child": "no", "receiver": "colleague"}, "contact_pupil_to_staff"),
    ({"sender": "parent", "you": "governor", "receiver": "me"}, "contact_parent_to_staff"),
    ({"sender": "parent", "receiver": "colleague"}, "contact_parent_to_staff"),
    ({"sender": "adult_at_school", "which_adult": "someone_else", "receiver": "my_child"}, "contact_staff_to_pupil"),
    ({"sender": "adult_at_school", "which_adult": "slt", "you": "staff", "receiver": "another_pupil"}, "contact_staff_to_pupil"),
    ({"sender": "adult_at_school", "which_adult": "slt", "receiver": "me"}, "contact_staff_to_parent"),
    ({"sender": "adult_at_school", "which_adult": "slt", **STAFF_ME}, "staff_conduct"),
    ({"sender": "pupil", "receiver": "me"}, "pupil_conduct"),
    ({"sender": "pupil", "receiver": "my_child"}, "pupil_conduct"),
    ({"sender": "not_sure", "receiver": "my_child"}, "tell_the_lead"),
    ({"sender": "stranger", "receiver": "another_pupil"}, "tell_the_lead"),
    ({"sender": "parent", "receiver": "my_child"}, "tell_the_lead"),
    ({"sender": "parent", "receiver": "me"}, "tell_the_lead"),
    ({"sender": "stranger", **STAFF_ME}, "tell_the_lead"),
]


def told(**answers):
    """A friend-request report with ANSWERS."""
    return report("friend_request", **answers)


@pytest.mark.parametrize(("answers", "matter"), ROWS)
def test_who_sent_it_and_who_received_it_say_what_it_is_about(answers, matter):
    """The rows of the schools' routing tables; what is in none of them goes to the safeguarding lead."""
    assert told(**answers).matter() == matter


@pytest.mark.parametrize("sign", ["meet", "move_app", "secret", "wanted_pictures", "gifts"])
@pytest.mark.parametrize("sender", ["stranger", "not_sure", "known_adult", "parent"])
@pytest.mark.parametrize("receiver", ["my_child", "another_pupil", "someone_else"])
def test_any_sign_from_a_grown_up_or_a_stranger_to_a_child_goes_at_once(sender, receiver, sign):
    """Asked to meet, to move, to keep a secret, for pictures, with gifts: grooming perhaps, and nobody waits to be sure."""
    one = told(sender=sender, receiver=receiver, signs={sign})
    assert (one.matter(), one.severity(), one.also()) == ("grooming", Severity.IMMEDIATE, ())
    assert one.advice() == advice.CHILD_CONTACTED


@pytest.mark.parametrize(("still_a_child", "matter"), [("no", "grooming"), ("not_sure", "grooming"), ("yes", "tell_the_lead")])
def test_a_former_pupil_counts_as_a_grown_up_unless_known_to_be_a_child(still_a_child, matter):
    """Not knowing is taken as the worse of the two."""
    one = told(sender="former_pupil", still_a_child=still_a_child, receiver="my_child", signs={"secret"})
    assert one.matter() == matter


def test_an_adult_of_the_school_goes_to_the_door_for_adults_and_to_the_lead_at_once():
    """The route for staff keeps its door, the signs make it immediate, and whoever follows up grooming has it too."""
    one = told(sender="adult_at_school", which_adult="slt", receiver="my_child", signs={"secret", "meet"})
    assert (one.matter(), one.severity()) == ("contact_staff_to_pupil", Severity.IMMEDIATE)
    assert [part.matter for part in one.also()] == ["grooming"]
    assert one.concerned_roles() == ("slt",)


def test_a_child_who_asks_another_child_for_such_things_is_not_called_a_groomer():
    """Children among themselves: the school's rule for pupils, faster, and the safeguarding lead sees it as well."""
    one = told(sender="pupil", receiver="another_pupil", signs={"wanted_pictures"})
    assert (one.matter(), one.severity()) == ("pupil_conduct", Severity.HIGH)
    assert [part.matter for part in one.also()] == ["tell_the_lead"]


def test_no_sign_is_no_alarm_and_not_knowing_is_a_small_one():
    """“None of these” changes nothing; “not sure” makes it faster and names nothing."""
    assert told(sender="pupil", receiver="my_child", signs={"none"}).severity() is Severity.MEDIUM
    unsure = told(sender="pupil", receiver="my_child", signs={"not_sure"})
    assert (unsure.matter(), unsure.severity()) == ("pupil_conduct", Severity.HIGH)


def test_what_worries_goes_to_the_safeguarding_lead_too():
    """The request keeps the door the policy gives it; the worry gets its own, without the sender's name."""
    one = told(sender="pupil", worry="yes", sender_name="Zqx", **STAFF_ME)
    (part,) = one.also()
    assert (one.matter(), one.severity(), part.matter) == ("contact_pupil_to_staff", Severity.HIGH, "tell_the_lead")
    assert set(part.shows) == {"sender", "receiver", "signs", "worry", "platform", "happened"}
    assert told(sender="pupil", worry="no", **STAFF_ME).also() == ()
    assert told(sender="stranger", worry="yes", **STAFF_ME).also() == ()  # theirs already


@pytest.mark.parametrize(
    ("answers", "severity"),
    [
        ({"sender": "pupil", **STAFF_ME}, Severity.MEDIUM),
        ({"sender": "pupil", **STAFF_ME, "danger": "yes"}, Severity.IMMEDIATE),
        ({"sender": "parent", **STAFF_ME}, Severity.LOW),
        ({"sender": "parent", **STAFF_ME, "how_often": "once"}, Severity.LOW),
        ({"sender": "parent", **STAFF_ME, "how_often": "several"}, Severity.MEDIUM),
        ({"sender": "parent", **STAFF_ME, "how_often": "ongoing"}, Severity.MEDIUM),
        ({"sender": "parent", **STAFF_ME, "danger": "not_sure"}, Severity.HIGH),
        ({"sender": "pupil", **STAFF_ME, "adult_part": "yes", "adult_role": "someone_else"}, Severity.HIGH),
        ({"sender": "pupil", **STAFF_ME, "adult_part": "rather_not_say", "door": "chair"}, Severity.HIGH),
        ({"sender": "stranger", "receiver": "my_child"}, Severity.HIGH),
        ({"sender": "known_adult", "receiver": "another_pupil"}, Severity.HIGH),
        ({"sender": "parent", "receiver": "me"}, Severity.MEDIUM),
        ({"sender": "parent", "receiver": "me", "danger": "not_sure"}, Severity.HIGH),
        ({"sender": "parent", "receiver": "me", "adult_part": "not_sure"}, Severity.MEDIUM),
        ({"sender": "stranger", "receiver": "colleague", "you": "staff"}, Severity.MEDIUM),
        ({"sender": "parent", "receiver": "me", "worry": "yes"}, Severity.HIGH),
        ({"sender": "adult_at_school", "which_adult": "someone_else", "receiver": "my_child"}, Severity.HIGH),
    ],
)
def test_how_fast_somebody_must_have_it(answers, severity):
    """Danger, a worry, an unknown sender to a child, an adult of the school, again and again: each makes it faster."""
    assert told(**answers).severity() is severity


@pytest.mark.parametrize(
    ("answers", "concerned"),
    [
        ({}, ()),
        ({"adult_part": "not_sure"}, ()),
        ({"adult_part": "yes", "adult_role": "someone_else"}, ()),
        ({"adult_part": "yes", "adult_role": "dsl"}, ("dsl",)),
        ({"adult_part": "yes", "adult_role": "rather_not_say", "door": "chair"}, (UNNAMED_ADULT,)),
        ({"adult_part": "rather_not_say", "door": "chair"}, (UNNAMED_ADULT,)),
        ({"adult_part": "rather_not_say", "door": "lead"}, ()),
        ({"sender": "adult_at_school", "which_adult": "headteacher"}, ("headteacher",)),
        ({"sender": "adult_at_school", "adult_part": "not_sure", "which_adult": "dsl"}, ("dsl",)),
        ({"sender": "adult_at_school", "which_adult": "rather_not_say", "door": "chair"}, (UNNAMED_ADULT,)),
        ({"sender": "adult_at_school", "adult_part": "yes", "adult_role": "eso"}, ("eso",)),
    ],
)
def test_the_role_that_was_named_is_told_nothing_and_silence_counts_as_unnamed(answers, concerned):
    """“No”, “not sure” and “someone else” take the usual route; not wanting to say is never taken for “not the head”."""
    one = told(**{"sender": "pupil", "receiver": "my_child", **answers})
    assert one.concerned_roles() == concerned
    told_roles = {role for rung in rungs(Route(one.matter(), EVERYBODY), frozenset(concerned)) for role in rung}
    assert not told_roles & set(concerned)
    if UNNAMED_ADULT in concerned or "headteacher" in concerned:
        assert told_roles == {"chair"}


def test_a_sexual_picture_ends_the_questions_at_once():
    """The first hint, whoever received it: nothing more is asked, and what is there goes out as such a picture."""
    for sender, receiver, name, said in (
        ("stranger", "my_child", "signs", {"sexual_picture", "meet"}),
        ("pupil", "me", "worry", "sexual_picture"),
    ):
        names, done = locked("friend_request", sender=sender, receiver=receiver, **{name: said})
        assert names[-1] == name
        (opening,) = done.openings
        assert (opening.matter, opening.severity) == ("image_by_pupil", Severity.IMMEDIATE)
        assert done.report.advice() == ()
        assert done.report.happened is NOT_ASKED


def test_even_then_the_role_of_an_adult_at_school_is_asked():
    """It decides who must not be told, so it comes before anything is sent; a former pupil's age does not."""
    assert asked_after_a_lock("friend_request", "no", "parent", "yes", "no", "adult_at_school") == "which_adult"
    assert asked_after_a_lock("friend_request", "no", "parent", "yes", "no", "former_pupil") == ""


def test_every_question_offers_the_answers_of_the_table():
    """Question by question."""
    assert {
        "sender": "pupil parent former_pupil adult_at_school known_adult stranger not_sure",
        "still_a_child": "yes no not_sure",
        "receiver": "me colleague my_child another_pupil someone_else",
        "signs": "meet move_app secret wanted_pictures gifts sexual_picture none not_sure",
        "worry": "yes no sexual_picture",
        "how": "friend follow message group game_chat",
        "how_often": "once several ongoing",
        "done_so_far": "nothing declined accepted answered other",
        "tie": "no family friendship other rather_not_say",
        "still_there": "yes no not_sure",
    }.items() <= offered("friend_request").items()


def test_asking_for_pictures_is_not_yet_a_picture():
    """It goes on, as grooming: what was asked for is not what was sent."""
    names, step = walked("friend_request", sender="stranger", receiver="my_child", signs={"wanted_pictures"})
    assert names[-1] == "contact"
    (opening,) = clicks(step, "send").openings
    assert opening.matter == "grooming"


GO_ON = {"which_adult": "slt", "adult_role": "slt", "receiver": "me"}
BEFORE = ["danger", "you", "safe", "adult_part"]
AFTER = ["happened", "when", "told", "contact"]


@pytest.mark.parametrize(
    ("answers", "own"),
    [
        (
            {"sender": "stranger", "receiver": "my_child", "how": "follow", "how_often": "once"},
            ["sender", "receiver", "signs", "how", "platform", "how_often", "done_so_far"],
        ),
        (
            {"sender": "stranger", "receiver": "another_pupil", "how": "message"},
            ["sender", "receiver", "signs", "how", "platform", "how_often", "still_there"],
        ),
        (
            {"sender": "pupil", **STAFF_ME, "how": "friend"},
            ["sender", "receiver", "worry", "how", "platform", "how_often", "done_so_far", "tie", "sender_name"],
        ),
        (
            {"sender": "parent", **STAFF_ME, "how": "group"},
            ["sender", "receiver", "worry", "how", "platform", "how_often", "done_so_far", "tie", "sender_name", "still_there"],
        ),
        (
            {"sender": "pupil", "receiver": "someone_else", "how": "game_chat"},
            ["sender", "receiver", "signs", "how", "platform", "how_often", "still_there"],
        ),
        (
            {"sender": "pupil", "receiver": "someone_else", "how": "friend", "how_often": "several"},
            ["sender", "receiver", "signs", "how", "platform", "how_often", "still_there"],
        ),
        (
            {"sender": "former_pupil", "still_a_child": "yes", "you": "staff", "receiver": "colleague", "how_often": "ongoing"},
            ["sender", "still_a_child", "receiver", "worry", "how", "platform", "how_often", "sender_name", "still_there"],
        ),
        (
            {"sender": "adult_at_school", "which_adult": "slt", "receiver": "me"},
            ["sender", "which_adult", "receiver", "worry", "how", "platform", "how_often", "done_so_far"],
        ),
    ],
)
def test_only_what_matters_here_is_asked(answers, own):
    """Ties and names of staff who report, age of former pupils, role of adults: each comes up where it decides something."""
    names, _ = walked("friend_request", **answers)
    assert names == [*BEFORE, *own, *AFTER]


@pytest.mark.parametrize(("part", "warned_by"), [("no", "read_along"), ("not_sure", "workspace"), ("yes", "workspace")])
def test_where_others_may_read_along_a_report_about_an_adult_is_warned_of_it_once(part, warned_by):
    """Before the role is asked, by whichever answer the adult came up; the private page ends it here, and nothing is kept."""
    open_office = Setting(workspace=True)
    answers = {"sender": "adult_at_school", "adult_part": part, warned_by: "private_page"}
    names, step = walked("friend_request", open_office, **answers)
    assert names[-1] == warned_by
    assert isinstance(step, Stopped)
    assert (step.because, step.kept) == ("private_page", False)
    asked = {"read_along", "workspace"} & set(walked("friend_request", open_office, **GO_ON, **{**answers, warned_by: "here"})[0])
    assert asked == {warned_by}
    assert not {"read_along", "workspace"} & set(walked("friend_request", **GO_ON, **answers)[0])


def test_a_plain_request_is_at_most_fifteen_questions_and_seven_must_be_answered():
    """Everything else can be left out with one tap."""
    names, _ = walked("friend_request", sender="stranger", receiver="my_child")
    assert len(names) <= 15
    needed = [name for name in names if not QUESTIONS[name].optional]
    assert needed == ["danger", "you", "safe", "adult_part", "sender", "receiver", "happened"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, ("do not accept", "Keep it", "privacy settings", "own ways")),
        ({"done_so_far": "accepted"}, ("can be undone",)),
        ({"tie": "family"}, ("declare",)),
        ({"tie": "friendship"}, ("declare",)),
        ({"tie": "other"}, ("declare",)),
    ],
)
def test_what_to_do_meanwhile(answers, words):
    """Do not accept or answer, keep it, look at the settings, use the school's own ways; and a tie can be declared."""
    said = " ".join(told(sender="pupil", **STAFF_ME, **answers).advice())
    assert all(word in said for word in words)


def test_no_tie_is_no_reason_to_declare_one():
    """Nobody is sent to a form they have no use for."""
    for tie in ("no", "rather_not_say"):
        assert "declare" not in " ".join(told(sender="pupil", tie=tie, **STAFF_ME).advice())


def test_where_a_child_may_be_groomed_nothing_is_to_be_answered_or_deleted_and_ceop_is_named():
    """No answer, no deleting, and the reporter may go to the police's own centre directly; no number that could be out of date."""
    said = " ".join(advice.CHILD_CONTACTED)
    for words in ("not answer", "delete nothing", "CEOP", "yourself", "emergency"):
        assert words in said
    assert not any(mark.isdigit() for mark in said)


@pytest.mark.parametrize("flow", ["friend_request", "cyberbullying", "content"])
def test_nothing_is_asked_that_must_never_be_asked(flow):
    """No screenshot, password, address, birth or proof, nobody's faith or origin, no child is asked why; no promise, no verdict."""
    declared = catalogue.flow(flow)
    said = " ".join(
        " ".join((one.text, one.help, one.why, *(choice.label for choice in one.choices))) for one in questions(declared)
    ).casefold()
    for word in (
        "screenshot", "upload", "password", "home address", "birth", "proof", "prove", "evidence", "religion", "faith", "race",
        "disab", "promise", "why did", "keep this secret", "confidential", "punish", "guilty",
    ):  # fmt: skip
        assert word not in said
    assert all(question.optional or question.why or question.help for question in questions(declared))
    assert next(iter(questions(declared))).name == "danger"


def test_every_matter_it_can_have_is_one_a_school_routes():
    """A slip in a name would be a report for nobody."""
    assert {matter for _, matter in ROWS} | {"grooming"} <= set(MATTERS)


def test_the_report_describes_itself_to_other_programs():
    """A JSON schema can be made of it: the questions ride where schemas do not look."""
    assert FLOW.model_json_schema()["properties"]["happened"]["type"] == "string"


def test_a_report_that_does_not_fit_is_refused_without_repeating_it():
    """An answer no question allows, or to no question, makes no report; and the refusal shows nothing that was said."""
    whole = told(sender="pupil", receiver="my_child").model_dump(exclude_unset=True)
    for wrong in ({"sender": "zqx neighbour"}, {"diary": "zqx"}, {"happened": ["zqx"]}):
        with pytest.raises(ValidationError) as refused:
            FLOW.model_validate({**whole, **wrong})
        assert "zqx" not in str(refused.value)


def test_a_report_is_never_changed_after_it_was_made():
    """What was sent is what was read through."""
    with pytest.raises(ValidationError, match="frozen"):
        told(sender="pupil", receiver="my_child").happened = "something else"
