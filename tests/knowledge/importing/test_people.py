"""Nobody's name, phone number or e-mail address is in a proposal unless the school wants it there."""

import pytest

REST = "\n\n2. End\n\nIt ends here.\n"


@pytest.mark.parametrize(
    ("written", "put"),
    [
        ("Tell the Headteacher, Mrs Orla Quibell, at once.", "Tell the Headteacher at once."),
        ("Tell the Headteacher (Orla Quibell) at once.", "Tell the Headteacher at once."),
        ("Miss Quibell (Head teacher) decides.", "The head teacher decides."),
        ("Miss Quibell is the Designated Safeguarding Lead.", "A member of staff is the Designated Safeguarding Lead."),
        ("Speak to Mr T. Vandersloot about it.", "Speak to a member of staff about it."),
        ("Speak to Priya Vandersloot (online safety lead) about it.", "Speak to the online safety lead about it."),
        ("Dr Vandersloot's decision is final.", "A member of staff's decision is final."),
        ("Ring 01632 960 001 or 07700 900123.", "Ring [phone number of the school office] or [phone number of the school office]."),
        ("Write to office@hill.example.sch.uk please.", "Write to [e-mail of the school office] please."),
        ("Write to dsl@hill.example.sch.uk please.", "Write to [e-mail of the designated safeguarding lead] please."),
    ],
)
def test_the_role_stands_where_the_person_stood(written, put, told):
    """Where the post stands beside the name it is left alone, otherwise the post, or “a member of staff”, is put in."""
    proposal = told(f"1. Reports\n\n{written}{REST}")
    assert proposal.policy.section("1").text == put
    assert proposal.people


@pytest.mark.parametrize(
    "written",
    [
        "Childline is on 0800 1111 and the NSPCC on 0808 800 5000.",
        "Write to help@nspcc.org.uk or to lado@county.gov.uk for advice.",
        "The Equality Act 2010, the Lucy Faithfull Foundation and the Internet Watch Foundation help.",
        "St Bridget's Primary School and Sir Walter Grange School share it.",
        "Facebook Messenger, Snapchat and Google Classroom are blocked.",
        "The Local Authority Designated Officer and the Chair of Governors decide.",
        "Christian values and the grace of a good word guide us; mark this, and hope will help.",
    ],
)
def test_what_is_nobodys_stays(written, told):
    """Services, laws, schools, apps and posts are not people; the numbers of helplines are there to be rung."""
    proposal = told(f"1. Reports\n\n{written}{REST}")
    assert proposal.policy.section("1").text == written
    assert proposal.people == ()


def test_one_person_has_one_role_however_the_name_is_written(told):
    """Full name, title and surname, initial and surname are the same person; so is the e-mail address."""
    proposal = told(
        (
            "1. Reports\n\n"
            "The network manager is Mr Ivo Tressilick. Reports go to Mr Tressilick, "
            "or to itressilick@hill.example.sch.uk. Ask I. Tressilick."
        )
        + REST
    )
    assert {found.role for found in proposal.people} == {"the network manager"}
    assert "ressilick" not in proposal.markdown()


def test_names_are_found_by_the_column_they_stand_in(told):
    """An author needs no title and no first name that anybody knows."""
    table = "Version\tDate\tAuthor\tNotes\n1\tMay 2023\tZebedee Quorn\tNew\n2\tMay 2024\tXanthe Fribble\tUpdated"
    proposal = told(f"Hill School\n\nSocial Media Policy\n\n{table}\n\n1. Aims\n\nThe aim is safety.{REST}")
    assert {found.text for found in proposal.people} == {"Zebedee Quorn", "Xanthe Fribble"}
    assert "Quorn" not in proposal.markdown()


def test_who_signs_is_known_by_the_post_on_the_next_line(told):
    """Signature blocks have a name, a post and a date on three lines."""
    proposal = told(f"1. Aims\n\nThe aim is safety.{REST}\n\nSigned:\n\nZelda Marchbanks\n\nHeadteacher\n\nMay 2025\n")
    assert [(found.text, found.role) for found in proposal.people] == [("Zelda Marchbanks", "the headteacher")]
    assert "Marchbanks" not in proposal.markdown()


def test_a_school_may_keep_its_people(told):
    """Then they are shown all the same, so that somebody decides it knowingly."""
    text = f"1. Reports\n\nTell the Headteacher, Mrs Orla Quibell, at once.{REST}"
    proposal = told(text, keep_people=True)
    assert "Mrs Orla Quibell" in proposal.policy.section("1").text
    assert [found.text for found in proposal.people] == ["Mrs Orla Quibell"]


def test_nobody_is_in_a_repr(told):
    """A proposal that lands in a log says nothing about anybody."""
    proposal = told(f"1. Reports\n\nTell the Headteacher, Mrs Orla Quibell, at once.{REST}")
    assert "Quibell" not in repr(proposal) + repr(proposal.people) + repr(proposal.policy)
