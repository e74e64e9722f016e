"""One school from one folder: what it holds, and how a slip in it is named."""

import pytest

from bot.schools import CONTACTS, FURTHER_ROLES, ROLES, SHIPPED, SchoolError, load
from flows.matters import MATTERS
from knowledge.policy import PolicyError

SCHOOLS = sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", SCHOOLS)
def test_every_shipped_school_loads_with_a_route_for_every_matter(name):
    """Nothing that can be reported there ends with nobody."""
    school = load(name)
    assert school.routes.keys() == MATTERS.keys()
    assert set(ROLES) <= school.roles.keys() <= {*ROLES, *FURTHER_ROLES}
    for route in school.routes.values():
        assert all(ref in school.policy for ref in route.ref)
        assert route.ref or route.label != "policy"


@pytest.mark.parametrize("name", SCHOOLS)
def test_a_shipped_school_has_no_phone_number_and_no_term_in_it(name):
    """Contacts and calendars belong to the school that runs the bot."""
    school = load(name)
    assert school.contacts.keys() == set(CONTACTS)
    assert not any(contact.value for contact in school.contacts.values())
    assert school.calendar.terms == ()
    assert str(school.calendar.timezone) == "Europe/London"


def test_rosebrook_sends_a_friend_request_to_both_recipients_its_policy_names():
    """The leads come first when a pupil asked, the headteacher when a parent did; both references are given."""
    routes = load("rosebrook").routes
    assert routes["contact_pupil_to_staff"].to == ("dsl", "headteacher")
    assert routes["contact_parent_to_staff"].to == ("headteacher", "dsl")
    for name in ("contact_pupil_to_staff", "contact_parent_to_staff"):
        assert {"6.2", "8"} <= set(routes[name].ref)
        assert routes[name].label == "policy"


def test_what_rosebrooks_policy_does_not_say_is_not_labelled_as_policy():
    """A fallback of ours and general practice are named as such."""
    routes = load("rosebrook").routes
    assert {name: routes[name].label for name in ("existing_relationship", "tell_the_lead", "danger")} == {
        "existing_relationship": "default",
        "tell_the_lead": "default",
        "danger": "outside",
    }


def test_the_chair_is_no_rung_for_reports_about_pupils():
    """Governors see concerns about the headteacher, not children's cases."""
    routes = load("rosebrook").routes
    for name in ("contact_pupil_to_staff", "contact_parent_to_staff", "tell_the_lead", "danger"):
        everybody = {*routes[name].to, *routes[name].also, *(role for rung in routes[name].climb for role in rung)}
        assert "chair" not in everybody


def test_a_schools_own_folder_comes_before_the_shipped_one(own):
    """A folder in the configuration is where a school keeps what is its own."""
    folder = own('title = "Rosebrook Primary School"', 'title = "Hill Primary"')
    assert load("hill", folder).title == "Hill Primary"
    (folder / "hill").rename(folder / "rosebrook")
    assert load("rosebrook", folder).title == "Hill Primary"
    assert load("rosebrook").title == "Rosebrook Primary School"


@pytest.mark.parametrize("name", ["", "..", "../rosebrook", "Rosebrook", "rose brook", "nowhere", "rosebrook/"])
def test_a_name_that_is_no_folder_is_refused(name):
    """A name from a configuration or a web address never walks out of the folder."""
    with pytest.raises(SchoolError, match="schools"):
        load(name)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "Rosebrook Primary School"\n', "", r"title: is missing"),
        ('governing_body = "', 'goverming_body = "', r"goverming_body: is not known here\. Did you mean governing_body"),
        ('to = ["dsl", "headteacher"]', 'to = ["dls", "headteacher"]', r"dls is not a role\. Did you mean dsl"),
        (
            'climb = [["deputy_dsl"], ["slt"]]',
            'climb = [["deputy_dsl"], ["ghost"]]',
            r"routes\.contact_pupil_to_staff: ghost is not a role",
        ),
        ('to = ["dsl", "headteacher"]', "to = []", r"routes\.contact_pupil_to_staff\.to"),
        ('label = "policy"\n', 'label = "gospel"\n', r"routes\.contact_pupil_to_staff\.label"),
        ("[routes.danger]", "[routes.dangers]", r"routes\.dangers is not known here\. Did you mean danger"),
        ('chair = "Chair', 'chairs = "Chair', r"roles\.chairs is not known here\. Did you mean chair"),
        ('office = "school office (admin team)"', 'office = ""', r"roles\.office is missing"),
        ('opens = "08:30"', 'opens = "late"', r"calendar\.opens"),
        ('opens = "08:30"', 'opens = "18:30"', r"calendar\.opens, closes"),
        ('timezone = "Europe/London"', 'timezone = "Europe/Nowhere"', r"calendar\.timezone"),
        ("terms = []", 'terms = [["2026-09-01"]]', r"calendar\.terms"),
        ("[contacts.office]", "[contacts.offices]", r"contacts\.offices is not known here\. Did you mean office"),
        ("[calendar]", "[calendar", r"cannot be read"),
    ],
)
def test_a_slip_names_the_file_the_key_and_the_remedy(own, old, new, says):
    """Whoever edits the file is told where and what, before anything starts."""
    folder = own(old, new)
    with pytest.raises(SchoolError, match=says) as caught:
        load("hill", folder)
    assert "school.toml" in str(caught.value)


def test_all_slips_are_told_at_once(own):
    """Nobody starts the bot five times to find five slips."""
    own('title = "Rosebrook Primary School"\n', "")
    folder = own("record_system", "recordsystem")
    with pytest.raises(SchoolError) as caught:
        load("hill", folder)
    assert len(str(caught.value).splitlines()) == 2


def test_a_broken_policy_keeps_its_own_words(own):
    """The line in policy.md is named, not school.toml."""
    folder = own("{#1.a}", "{1.a}", "policy.md")
    with pytest.raises(PolicyError, match=r"policy\.md:\d+"):
        load("hill", folder)


def test_every_step_says_whether_the_policy_or_we_say_it():
    """Our suggestions and general practice are never shown as the school's rule."""
    for route in load("rosebrook").routes.values():
        for step in route.steps:
            assert step.endswith(("rule)", *(f"(section {ref})" for ref in route.ref)))
    reported = load("rosebrook").routes["contact_staff_to_pupil"]
    officer = next(step for step in reported.steps if "designated officer" in step)
    assert officer.endswith("(general practice in England, not the school's rule)")


def test_a_step_by_a_section_that_is_not_there_is_refused(own):
    """A made-up source is worse than none."""
    folder = own('by = "6.2"', 'by = "66"')
    with pytest.raises(SchoolError, match=r"routes\.contact_pupil_to_staff\.steps: “66” says it.*Correct"):
        load("hill", folder)
