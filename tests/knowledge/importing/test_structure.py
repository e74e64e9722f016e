"""What school documents do to their text, and what is made of it."""

import pytest

BODY = (
    "\n\n1. Aims\n\nThe school keeps everybody safe online.\n\n2. Staff\n\n"
    "Staff keep their accounts private.\n\n3. Review\n\nGovernors review it.\n"
)


def texts(proposal):
    """The leaves' words by reference."""
    return {section.ref: section.text for section in proposal.policy.leaves()}


@pytest.mark.parametrize(
    "contents",
    [
        "Contents\n\n1. Aims..... 2\n2. Staff..... 3\n3. Review..... 4\n",
        "CONTENTS\nSection 1 – Aims\t\tpage 2\nSection 2 – Staff\t\tpage 3\nSection 3 – Review\t\tpage 4\n",
        "Contents:\n\n- 1. [Aims](#)\n- 2. [Staff](#)\n- 3. [Review](#)\n",
        "Table of contents\n\nAims\nStaff\nReview\n",
        "1. Aims ........ 2\n2. Staff ........ 2\n3. Review ........ 3\n",
    ],
    ids=["dots", "tabs", "links", "bare", "unannounced"],
)
def test_a_table_of_contents_is_no_text(contents, told):
    """It is left out, whatever its shape, and the person is told so."""
    proposal = told(f"Hill School\n\nSocial Media Policy\n\n{contents}{BODY}")
    assert list(texts(proposal)) == ["1", "2", "3"]
    assert {line.why for line in proposal.dropped} == {"the table of contents"}
    assert len(proposal.dropped) >= 3


def test_page_footers_are_taken_out_of_the_middle_of_a_sentence(told):
    """A sentence that goes on behind a footer and a blank line is one sentence."""
    pages = [
        "1. Aims\n\nThe school removes pictures as soon as\n\nSocial Media Policy Page 1 of 3\n\nit can after it was asked to.",
        "2. Staff\n\nStaff are kind.\n\nSocial Media Policy Page **2** of **3**",
        "3. Pupils\n\nPupils are kind.\n\nSocial Media Policy Page 3 of 3",
    ]
    proposal = told("\n\n".join(pages))
    assert texts(proposal)["1"] == "The school removes pictures as soon as it can after it was asked to."
    assert [line.why for line in proposal.dropped] == ["the foot or head of a page"] * 3


def test_a_sentence_about_pages_is_no_footer(told):
    """The word page does not make a footer."""
    proposal = told(
        "1. Aims\n\nThe school runs one page.\n\n2. Rules\n\nThe page is read by two people.\n\n"
        "3. End\n\nSee page 4 of the handbook.\n"
    )
    assert texts(proposal)["3"] == "See page 4 of the handbook."


def test_what_bullets_hang_on_is_kept_with_each(told):
    """A bullet alone does not say whom it binds."""
    proposal = told(
        "1. Rules\n\nStaff must not:\n\n- accept friend requests from pupils at any time\n"
        "- post pictures that show pupils without consent\n"
    )
    assert [(section.ref, section.lead) for section in proposal.policy.leaves()] == [
        ("1.a", "Staff must not:"),
        ("1.b", "Staff must not:"),
    ]


def test_the_lead_ends_where_the_list_ends(told):
    """The paragraph after a list stands alone."""
    proposal = told(
        "1. Rules\n\nStaff must not:\n\n- accept friend requests from pupils at any time\n"
        "- post pictures that show pupils without consent\n\n"
        "Parents are asked to be kind.\n\n2. End\n\nThe end.\n"
    )
    assert proposal.policy.section("1.c").lead == ""


def test_rules_before_a_lead_in_are_a_leaf_of_their_own(told):
    """A long paragraph that ends in a colon says more than what follows hangs on."""
    proposal = told(
        "1. Rules\n\nPhones stay in the bag. They are off all day. Staff must not:\n\n"
        "- lend their phone to any pupil for any reason\n- answer it while they are teaching a class\n"
    )
    assert texts(proposal)["1.a"] == "Phones stay in the bag. They are off all day."
    assert proposal.policy.section("1.b").lead == "Staff must not:"


def test_a_list_of_names_is_one_leaf(told):
    """Twelve leaves of two words would come before every real rule."""
    proposal = told("1. Law\n\nThis policy rests on:\n\n- Equality Act 2010\n- Data Protection Act 2018\n- Human Rights Act 1998\n")
    assert list(texts(proposal).values()) == ["Equality Act 2010 • Data Protection Act 2018 • Human Rights Act 1998"]


def test_numbers_that_begin_again_are_told_apart_by_their_headings(told):
    """Two rules 1 are not one."""
    rules = "1. Be kind to everybody you meet.\n2. Tell an adult when you are worried.\n3. Keep your password to yourself."
    proposal = told(f"A) PUPILS\n\n{rules}\n\nB) PARENTS\n\n{rules.replace('adult', 'teacher')}\n\nC) END\n\nThe end of it.\n")
    assert {"A.1", "A.2", "A.3", "B.1", "B.2", "B.3"} <= texts(proposal).keys()


def test_a_heading_that_lost_its_number_gets_it_from_its_rules(told):
    """Extraction loses the number of a heading more often than those of its rules."""
    proposal = told(
        "Roles\n\n1.1. Governors approve the policy.\n1.2. Staff follow the policy.\n\n2. Training\n\n"
        "2.1. Staff are trained each year.\n"
    )
    assert {"1.1", "1.2", "2.1"} <= texts(proposal).keys()
    assert proposal.policy.numbered == "rules"


CODE = "\n".join(
    f"{number}. {rule}"
    for number, rule in enumerate(
        ["Keep accounts private.", "Do not contact pupils online.", "Never post about the school.", "Ask before you use its name."],
        1,
    )
)


def test_a_part_that_is_printed_twice_is_kept_once_under_both_references(told):
    """The code of conduct comes again as an appendix to sign."""
    proposal = told(
        f"1. Aims\n\nThe aim is safety.\n\n2. Code\n\n{CODE}\n\n3. End\n\nThe end of it.\n\n"
        f"Appendix 1 Code\n\n{CODE.replace('the school', 'The School')}\n"
    )
    policy = proposal.policy
    assert policy.section("appendix-1.2") is policy.section("2.2")
    assert sum("Do not contact pupils" in section.text for section in policy.sections) == 1
    assert sum("stand elsewhere" in line.why for line in proposal.dropped) == 4


def test_one_rule_for_two_groups_is_kept_twice(told):
    """The same sentence in the staff section and in the parents' section binds two groups."""
    rule = "Friend requests between staff and parents are declined."
    proposal = told(f"1. Staff\n\n1.1. {rule}\n1.2. Staff are kind.\n\n2. Parents\n\n2.1. {rule}\n2.2. Parents are kind.\n")
    assert {"1.1", "2.1"} <= texts(proposal).keys()


def test_a_control_table_is_facts(told):
    """People ask when it is reviewed and who signed; nobody is told a rule by it."""
    proposal = told(
        "Hill School\n\nSocial Media Policy\n\nVersion\t3\nApproved by\tGoverning Board\n"
        "Date of next review\tMay 2027\n\n1. Aims\n\nThe aim is safety.\n\n2. End\n\nIt ends.\n"
    )
    assert proposal.policy.facts == {"Version": "3", "Approved by": "Governing Board", "Date of next review": "May 2027"}
    assert (proposal.policy.version, str(proposal.policy.dates.next_review)) == ("3", "May 2027")


def test_signatures_at_the_end_are_facts_and_no_headings(told):
    """Names, posts and dates stand alone on their lines, as headings do."""
    proposal = told("1. Aims\n\nThe aim is safety.\n\n2. End\n\nIt ends.\n\nSigned:\n\nA. Nother\n\nHeadteacher\n\nMay 2025\n")
    assert [section.ref for section in proposal.policy.sections if section.within is None] == ["document-control", "1", "2"]


def test_an_address_is_no_row_of_headings(told):
    """Lines of an address are short and have no full stop."""
    proposal = told(
        "1. Aims\n\nThe aim is safety.\n\n2. Contact\n\nYou can reach us here:\nHill School\n"
        "12 Long Lane\nNewtown\nAB1 2CD\n\n3. End\n\nIt ends.\n"
    )
    assert [section.title for section in proposal.policy.sections if section.within is None] == ["Aims", "Contact", "End"]


def test_scanning_noise_is_gone_and_words_are_not(told):
    """Private signs of symbol fonts, bookmarks and stars of emphasis are no words."""
    proposal = told(
        "1. Aims\n\n"
        "Staff \ue0fcmust not** lend[bookmark: _GoBack] phones, and **must** keep\u00ad them off.\n\n"
        "2. End\n\nIt ends.\n"
    )
    assert texts(proposal)["1"] == "Staff must not lend phones, and must keep them off."


def test_a_reference_at_the_start_of_a_broken_line_is_no_number(told):
    """The margin, not the author, put it there."""
    wrapped = (
        "2. Staff\n\nStaff who are asked by a pupil to become friends online follow what is said in\n"
        "Appendix 1 and tell the head about it on the same day, as it is laid down in clause\n"
        "4.2 of the code of conduct that every member of staff signs when they are appointed\n"
        "to a post at this school, or later when the code is changed by the governors in the\n"
        "autumn term. A request that comes from a former pupil is treated in the same way.\n"
    )
    proposal = told(f"1. Aims\n\nThe aim is safety.\n\n{wrapped}\n3. End\n\nIt ends.\n")
    assert list(texts(proposal)) == ["1", "2", "3"]


def test_a_long_paragraph_is_parted_at_the_ends_of_sentences(told):
    """A page of text in one piece is no rule that can be quoted."""
    sentences = [f"Rule number {number} says that nobody may do the thing that is called {number} at all." for number in range(20)]
    proposal = told(f"1. Aims\n\n{' '.join(sentences)}\n\n2. End\n\nIt ends.\n")
    parts = [text for ref, text in texts(proposal).items() if ref.startswith("1")]
    assert len(parts) > 3
    assert " ".join(parts) == " ".join(sentences)
    assert all(part.endswith(".") for part in parts)
