"""What an import must never do: turn what a policy says round, lose a line of it, or give a rule somebody else's number."""

import pytest

END = "\n\n{}. Review\n\nGovernors review it each year.\n"


def leads(proposal):
    """What each leaf hangs on, by its reference."""
    return {section.ref: section.lead for section in proposal.policy.leaves()}


def texts(proposal):
    """The leaves' words by reference."""
    return {section.ref: section.text for section in proposal.policy.leaves()}


def headings(proposal):
    """The titles of the sections by their reference."""
    return {section.ref: section.title for section in proposal.policy.sections if section.within is None}


def test_a_numbered_rule_after_a_list_of_bullets_does_not_hang_on_it(told):
    """“You must not:” ends where its bullets end; the rule after them would say the opposite."""
    proposal = told(
        "1. Groups\n\n1. Groups of parents are their own affair.\n2. You must not:\n- name any child in a group at all\n"
        "- pass on what was said at a meeting\n3. Questions about homework are welcome at any time.\n\n2. End\n\nIt ends here.\n"
    )
    assert leads(proposal)["1.2.b"] == "You must not:"
    assert leads(proposal)["1.3"] == ""


def test_a_question_after_a_list_of_bullets_does_not_hang_on_it(told):
    """A heading is no item, and what stands under it is no item either."""
    proposal = told(
        "1. What may I not post?\n\nPlease never post:\n\n- anything that hurts somebody else\n- a picture of another child\n\n"
        "2. I have heard something bad about the school. May I tell the other parents?\n\nYou may tell us.\n\n"
        "3. Who answers?\n\nThe office does.\n"
    )
    assert headings(proposal)["2"].startswith("I have heard")
    assert leads(proposal)["1.a"] == "Please never post:"
    assert [section.lead for section in proposal.policy.sections if "You may tell us" in section.text] == [""]


def test_items_below_an_item_leave_the_list_above_as_it_was(told):
    """b) hangs on what a) hangs on, not on a)."""
    proposal = told(
        "1. Staff\n\n1.1 Staff must not:\n\na) take pictures of children, above all where they are:\n"
        "- getting changed for swimming or sports\n- in the toilets, or being helped there\n"
        "b) store any photograph on their telephone\nc) lend their telephone to any child of the school\n" + END.format(2)
    )
    assert [leads(proposal)[ref] for ref in ("1.1.b", "1.1.c")] == ["Staff must not:"] * 2


def test_items_that_reach_to_the_margin_are_items(told):
    """Lines of one length that begin with a letter in brackets are a list and no broken paragraph."""
    items = [
        f"{letter}) we shall always {what} and tell you of it in the letter"
        for letter, what in zip(
            "abcdef",
            ("ask you first", "write to you", "ring your home", "keep it safe", "look at both", "see you soon"),
            strict=True,
        )
    ]
    proposal = told("1. What we promise\n\nWe promise that:\n\n" + "\n".join(items) + END.format(2))
    assert [ref for ref in texts(proposal) if ref.startswith("1.")] == [f"1.{letter}" for letter in "abcdef"]


def test_the_third_item_of_a_list_of_acts_has_no_copyright(told):
    """“(c)” before an Act with its year is a letter."""
    proposal = told(
        "1. Law\n\nStaff are reminded of:\n\n(a) the Defamation Act 1996, under which whoever writes it pays for it;\n"
        "(b) the Human Rights Act 1998, which keeps private life private;\n(c) the Communications Act 2003;\n"
        "(d) the Equality Act 2010, which protects everybody." + END.format(2)
    )
    assert any("Communications Act" in text for text in texts(proposal).values())


def test_a_line_of_copyright_is_still_none_of_the_policy(told):
    """Where no list is, “(c)” with a year is what it looks like."""
    proposal = told("1. Aims\n\nThe aim is safety.\n\n(c) Larkfield Publishing 2021" + END.format(2))
    assert [line.why for line in proposal.dropped] == ["a copyright line"]


def test_a_table_of_contents_ends_where_something_else_begins(told):
    """What the document says about itself, or a first heading that is not listed, is no entry."""
    proposal = told(
        "Hill School\n\nSocial Media Policy\n\nContents\n1 Aims\n2 Staff\n3 Review\n\nVersion: 4\nOwner: the office\n\n"
        "How to read this\n\nBegin with the part that is meant for you.\n\n"
        "1 Aims\n\nThe aim is safety.\n\n2 Staff\n\nStaff are kind.\n\n3 Review\n\nIt is reviewed.\n"
    )
    assert {line.text for line in proposal.dropped if "contents" in line.why} == {"Contents", "1 Aims", "2 Staff", "3 Review"}
    assert headings(proposal)["how-read"] == "How to read this"


@pytest.mark.parametrize("title", ["Who is covered", "If you are attacked", "What you should not say", "Phones are for adults"])
def test_a_numbered_heading_may_say_something(title, told):
    """“2. Who is covered” before 2.1 is a heading: taken for a rule it would turn 2.1 into 1.2.1."""
    proposal = told(
        f"1. Aims\n\n1.1 The aim is safety.\n\n2. {title}\n\n2.1 The first rule is told here.\n2.2 So is the second.\n\n"
        f"3. {title} now\n\nHere are only words.\n\n4. End\n\n4.1 It ends.\n"
    )
    assert list(headings(proposal)) == ["1", "2", "3", "4"]
    assert {"1.1", "2.1", "2.2", "4.1"} <= texts(proposal).keys()


def test_short_numbered_rules_stay_rules(told):
    """The numbers of a list go on as those of headings would; what follows without a gap tells them apart."""
    proposal = told(
        "1. For pupils\n\n1. We are kind\n2. We are careful\n3. We tell an adult\n\n2. For staff\n\n1. We listen\n"
        "2. We write it down\n\n3. End\n\nIt ends.\n"
    )
    assert list(headings(proposal)) == ["1", "2", "3"]


def test_numbers_that_begin_again_under_each_heading(told):
    """9 after 8 may be a heading although the rules before it end with 8 too: its own rules begin with 1."""
    rules = "\n".join(f"{number}. Rule {number} of this part says what is done." for number in range(1, 4))
    proposal = told(
        f"1. First\n{rules}\n\n2. Second\n{rules}\n\n3. Third\n{rules.replace('this', 'that')}\n\n4. Visitors and photographers\n"
        "1. They are met at the door.\n2. They leave before lunch.\n\n5. End\n1. It ends.\n2. It has ended.\n"
    )
    assert list(headings(proposal)) == ["1", "2", "3", "4", "5"]
    assert {"4.1", "4.2", "5.1"} <= texts(proposal).keys()


def test_a_number_with_its_letter_is_a_number(told):
    """A1, A2, B1: people cite them so."""
    proposal = told(
        "Part A: Staff\n\nA1. Staff keep their accounts private.\n\nA2. Staff must not:\n(a) take pupils as friends at any time\n"
        "(b) write about their day at work\n\nA3. Staff ask first.\n\nPart B: Parents\n\nB1. Parents are kind.\n\n"
        "B2. Parents ask.\n\nPart C: End\n\nC1. It ends.\n"
    )
    assert list(texts(proposal)) == ["A1", "A2.a", "A2.b", "A3", "B1", "B2", "C1"]
    assert leads(proposal)["A2.a"] == "Staff must not:"


def test_a_sheet_of_paper_is_no_paragraph(told):
    """A4 alone counts nothing."""
    proposal = told("1. Aims\n\nA4 Paper is used for the form that is sent home.\n\n2. End\n\nIt ends.\n")
    assert texts(proposal)["1"].startswith("A4 Paper")


def test_a_number_is_one_although_the_heading_above_it_is_open(told):
    """“Whom it speaks to” ends as a broken line would, but 2.1 after 2 is no accident of the margin."""
    proposal = told(
        "1. Aims\n1.1 The aim is safety.\n\n2. Whom it speaks to\n2.1 It speaks to all.\n2.2 Nobody is left out.\n" + END.format(3)
    )
    assert {"2.1", "2.2"} <= texts(proposal).keys()


@pytest.mark.parametrize(
    "title",
    [
        "If others are rude to you",
        "Why this page was written",
        "When somebody who works here has been made fun of",
        "Procedure 3: when the head is the one who is shouted at",
        "What we agree on (fill it in and bring it to the office)",
    ],
)
@pytest.mark.parametrize("body", ["There are two of them in the office.", "- You may ask for one.\n- You may bring one back."])
def test_a_heading_without_a_number_may_say_something(title, body, told):
    """Half a sentence alone on its line is no rule, and what stands under it belongs to no section before it."""
    proposal = told(f"About this guide\n\nIt is for all of us.\n\n{title}\n\n{body}\n\nThe end\n\nIt ends here.\n")
    assert title in headings(proposal).values()
    assert [section.lead for section in proposal.policy.leaves()] == [""] * len(list(proposal.policy.leaves()))


def test_a_sentence_that_begins_with_if_is_no_heading(told):
    """It has a comma, or a full stop, or its list follows at once."""
    proposal = told(
        "About this guide\n\nIf you are worried, ring us\n\nIf you are not, all is well.\n\nWhen you are about to post\n"
        "- ask whether it is kind at all\n- ask whether it is true at all\n\nThe end\n\nIt ends here.\n"
    )
    assert list(headings(proposal).values()) == ["About this guide", "The end"]


@pytest.mark.parametrize("lead", ["Parents must not:", "Please do not use a group to:", "We ask families to:", "The school may:"])
def test_what_is_forbidden_or_asked_is_one_rule_each(lead, told):
    """However short they are: somebody asks about one of them, and only that one is the answer."""
    proposal = told(
        f"1. Groups\n\n{lead}\n- stream any event live\n- gather names for petitions\n- pass on screenshots from chats"
        + END.format(2)
    )
    assert {ref: text for ref, text in leads(proposal).items() if ref.startswith("1")} == dict.fromkeys(("1.a", "1.b", "1.c"), lead)


def test_laws_below_what_must_be_known_stay_one_leaf(told):
    """They are names, and nobody is told to do them; “not limited to” forbids nothing."""
    for lead in ("Staff should be aware of these laws:", "The laws include, but are not limited to:"):
        proposal = told(f"1. Law\n\n{lead}\n- the Equality Act 2010\n- the Defamation Act 2013" + END.format(2))
        assert [ref for ref in texts(proposal) if ref.startswith("1")] == ["1.a"]


def test_terms_that_are_explained_hang_on_what_says_so(told):
    """Definitions without bullets belong to “In this policy:”, and not as rules of their own beside it."""
    terms = (
        '"Staff" means whoever is paid by the school or helps in it without being paid;\n\n'
        '"Pupil" means whoever is on our roll; and\n\n'
        '"Post" means whatever is put online by anybody, to whomever it can be seen by.'
    )
    proposal = told(
        f"1. Terms\n\n1.1 In this policy the following words are used as is said here:\n\n{terms}\n\n1.2 No other is."
        + END.format(2)
    )
    assert [ref for ref, lead in leads(proposal).items() if lead.startswith("In this policy")] == ["1.1.a", "1.1.b", "1.1.c"]
    assert leads(proposal)["1.2"] == ""


def test_what_must_not_be_done_below_a_bullet_hangs_on_that_bullet(told):
    """“Staff must not:” may itself be an item of a list."""
    proposal = told(
        "1. Staff\n\n- Staff keep their own accounts private at all times.\n- Staff must not:\n"
        "    - follow any pupil of this school\n    - answer any parent from their own account\n"
        "- Staff ask before they open an account." + END.format(2)
    )
    assert list(leads(proposal).values())[:4] == ["", "Staff must not:", "Staff must not:", ""]


@pytest.mark.parametrize("title", ["Appendix: The slip to sign", "SCHEDULE: WHO MAY POST", "STAFF APPENDIX"])
def test_an_appendix_without_a_number_is_no_part_of_the_last_section(title, told):
    """It stands beside the numbered sections and not below the one before it."""
    proposal = told(
        "1. Aims\n\n1.1 The aim is safety.\n\n2. Staff\n\n2.1 Staff are kind.\n\n3. Review\n\n3.1 It is reviewed each year.\n\n"
        f"{title}\n\nWhoever signs has read all of it and has asked about what was not clear.\n"
    )
    section = next(section for section in proposal.policy.sections if section.title == title)
    assert section.path == (title,)
    assert not section.ref.startswith("3")


def test_parts_stand_above_numbers_that_count_on_through_all_of_them(told):
    """“Part two” between 3 and 4 is not below 3."""
    proposal = told(
        "Hill School\n\nPART ONE: FAMILIES\n\n1. May I film?\n\nYou may.\n\n2. May I post it?\n\nYou may not.\n\n"
        "PART TWO: STAFF\n\n3. May I film?\n\nYou may not.\n\n4. Who may?\n\nThe office may.\n"
    )
    assert [section.path for section in proposal.policy.sections if section.ref.startswith("part")] == [
        ("PART ONE: FAMILIES",),
        ("PART TWO: STAFF",),
    ]
    assert {"1", "2", "3", "4"} <= headings(proposal).keys()


@pytest.mark.parametrize("line", ["-----------", "===========", "- - - - - -", "***********"])
def test_a_heading_that_is_underlined_by_hand_is_one(line, told):
    """The line below it is none of its words, nor of those that follow."""
    proposal = told(
        f"Foreword\n{line}\nOurs is a small school.\n\nWho it is for\n{line}\nIt is for all.\n\n{line}\n\nThe end of it.\n"
    )
    assert list(headings(proposal).values()) == ["Foreword", "Who it is for"]
    assert texts(proposal)["foreword"] == "Ours is a small school."


TITLE_PAGES = {
    "sentences": "HILL PRIMARY SCHOOL\n\nScreens and sense: what large and small people agree on here\n\n"
    "Agreed by the board in March 2023. It is opened again each spring.",
    "fields": "Hill Primary School\n\nScreens and sense: what large and small people agree on here\n\n"
    "Version: 4.2\nClerk informed: yes\nClassification: open to all\nAgreed by: the governors",
    "under the title": "Hill Primary School\nA member of the Valley Learning Trust\n\n"
    "Screens and sense: what large and small people agree on here\n\nStatus: binding, not to be changed by a school alone\n"
    "Policy owner: the office\nEffective from: 1 September 2023",
}


@pytest.mark.parametrize("page", TITLE_PAGES.values(), ids=TITLE_PAGES.keys())
def test_a_title_page_holds_no_rules_and_no_headings(page, told):
    """Its lines are the school, the title, or facts about the document, and what it is called is not its first rule."""
    proposal = told(f"{page}\n\n1. Who is covered\n\n1.1 All of us are.\n\n2. End\n\n2.1 It ends.\n")
    assert proposal.policy.title == "Screens and sense: what large and small people agree on here"
    assert proposal.policy.school.casefold() == "hill primary school"
    assert list(headings(proposal)) == ["document-control", "1", "2"]
    assert all(section.fact for section in proposal.policy.leaves() if section.within == "document-control")


def test_a_heading_about_its_status_is_no_fact(told):
    """“Status of this policy” with text below it is a section like others."""
    proposal = told("Status of this policy\n\nIt is part of the contract of all who work here.\n\nThe end\n\nIt ends here.\n")
    assert "Status of this policy" in headings(proposal).values()


def test_a_school_is_nobody(told):
    """Some schools are called as people are; where else the name stands it is the school too."""
    proposal = told(
        "ROBIN HILL C OF E INFANT SCHOOL\n\nOnline Safety Policy\n\nApproved by: the governors of Robin Hill\n\n"
        "1. Aims\n\nAt Robin Hill we are kind, and Rosalind Fenn (headteacher) sees to it.\n\n2. End\n\nIt ends.\n"
    )
    assert proposal.policy.school == "Robin Hill C Of E Infant School"
    assert "At Robin Hill we are kind" in texts(proposal)["1"]
    assert "Fenn" not in texts(proposal)["1"]


@pytest.mark.parametrize("page", ["", "Hill School\n\n", "Hill School\n\nOnline Safety Policy\n\n"])
def test_a_first_rule_without_a_full_stop_is_no_line_of_the_title_page(page, told):
    """What stands under “Aims” is text, however it ends."""
    proposal = told(f"{page}Aims\n\nEvery child of this school is to be safe and happy online\n\nStaff\n\nStaff are kind.\n")
    assert texts(proposal)["aims"] == "Every child of this school is to be safe and happy online"


def test_a_sentence_that_a_page_has_cut_before_a_capital_is_one(told):
    """“with the / Head alone” is not two rules, though the page ends there and the next begins with a capital."""
    first = "Keys of the cupboard in which the cameras are kept at night are with the\n\nPage 1 of 2\n\nHead alone."
    second = "They are for pictures of lessons and of work that is shown at the end of each\n\nPage 2 of 2\n\nHalf Term only."
    proposal = told(f"1. Keys\n\n{first}\n\n2. Cameras\n\n{second}" + END.format(3))
    assert texts(proposal)["1"].endswith("are with the Head alone.")
    assert texts(proposal)["2"].endswith("of each Half Term only.")


def test_whom_a_list_binds_is_said_by_its_lead_in(told):
    """“Staff must not:” binds staff, also where the item begins with pupils."""
    proposal = told(
        "1. Contact\n\nStaff must not:\n- follow pupils or their families at all\n- ring parents from their own telephone"
        + END.format(2)
    )
    assert proposal.policy.section("1.a").audience == {"staff", "volunteer"}


@pytest.mark.parametrize("title", ["STAFF MUST NOT", "Things that are not allowed", "Parents don't", "What is banned"])
@pytest.mark.parametrize("mark", ["", "- "])
def test_a_heading_that_forbids_is_kept_with_each_rule_below_it(title, mark, told):
    """“Follow pupils online” under “Staff must not” says the opposite without it."""
    rules = f"{mark}Follow pupils online or answer them.\n\n{mark}Post about what was done in class.\n\n{mark}Never shout."
    proposal = told(f"Aims\n\nThe aim is safety.\n\n{title}\n\n{rules}\n\nThe head will speak to both.\n\nThe end\n\nIt ends.\n")
    assert [lead for ref, lead in leads(proposal).items() if "." in ref] == [f"{title}:", f"{title}:", "", ""]


def test_one_rule_below_a_heading_that_forbids_keeps_it_too(told):
    """A single paragraph is a rule with its lead-in, and not the text of a section."""
    proposal = told("Aims\n\nThe aim is safety.\n\nStaff must never\n\nLend out a telephone.\n\nThe end\n\nIt ends here.\n")
    assert list(leads(proposal).values())[1] == "Staff must never:"


def test_zero_behind_the_number_of_a_section_counts_nothing(told):
    """2.0 stands above 2.1, and people cite 2.1."""
    proposal = told(
        "1.0 Aims\n\n1.1 The aim is safety.\n\n2.0 Who is covered\n\n2.1 All are.\n\n3.0 Review\n\n3.1 It is reviewed.\n"
    )
    assert list(headings(proposal)) == ["1", "2", "3"]
    assert list(texts(proposal)) == ["1.1", "2.1", "3.1"]


def test_questions_and_answers_may_carry_letters(told):
    """Q3 comes after Q2, whatever number the answer between them has."""
    proposal = told(
        "Hill School\n\nQ1. May a phone come to school?\nA1. Only in Year 6.\n\nQ2. May I film?\nA2. Yes.\n\n"
        "Q3. What happens when I am asked to stop filming but I do not?\nA3. You are asked to leave.\n"
    )
    assert list(headings(proposal)) == ["Q1", "Q2", "Q3"]


def test_items_without_bullets_may_stand_apart(told):
    """Where white space parts all lines, those below “Staff should:” are its list, and the heading after them is none of it."""
    proposal = told(
        "Worries\n\nTell the head.\n\nStaff should:\n\nKeep what they have seen\n\nTell the lead on the same day\n\n"
        "Stay calm with the child\n\nParents\n\nParents are told.\n"
    )
    assert [section.lead for section in proposal.policy.leaves()] == ["", "Staff should:", "Staff should:", "Staff should:", ""]
    assert list(headings(proposal).values()) == ["Worries", "Parents"]
