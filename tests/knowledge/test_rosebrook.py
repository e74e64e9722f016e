"""Rosebrook's policy in plain words: complete, and each known trap of the document treated as it should be."""

from datetime import date

TODAY = date(2026, 11, 21)


def test_every_numbered_section_of_the_document_is_there(rosebrook):
    """Thirteen sections, two halves of the sixth, and the control table."""
    homes = {section.ref for section in rosebrook.sections if section.within is None}
    assert homes == {"document-control", "6", "6.1", "6.2", *(str(number) for number in range(1, 14))}


def test_the_overdue_review_is_said_with_every_answer(rosebrook):
    """December 2024 has gone by."""
    assert "December 2024" in (rosebrook.review_warning(TODAY) or "")


def test_three_statements_on_review_are_shown_together(rosebrook):
    """Yearly, bi-annually and December 2024 contradict each other; none is picked."""
    for ref in ("13.a", "3.i", "document-control.review"):
        assert {ref, *rosebrook.section(ref).also} == {"13.a", "3.i", "document-control.review"}


def test_the_new_layout_is_not_taken_for_an_approval(rosebrook):
    """Approved December 2022; October 2024 changed the format only."""
    assert (str(rosebrook.dates.approved), str(rosebrook.dates.changed)) == ("December 2022", "13 October 2024")
    assert "nothing was approved then" in rosebrook.section("document-control.approved").text


def test_the_wrong_pointer_is_named_and_the_right_section_shown(rosebrook):
    """6.1 points to section 4 for data protection, which stands in 5."""
    rule = rosebrook.section("6.1.f")
    assert "section 5" in rule.text
    assert any(ref.startswith("5.") for ref in rule.also)


def test_pictures_on_personal_accounts_are_not_softened(rosebrook):
    """5 rules them out for parents too, while 7 only asks: both are shown."""
    assert "5.c" in rosebrook.section("7.b").also
    assert "parent" in rosebrook.section("5.c").audience


def test_personal_contact_has_no_exception_for_relatives(rosebrook):
    """Another school's exception must not be imported."""
    assert "no exception" in rosebrook.section("6.2.d").text


def test_a_concern_about_the_headteacher_never_goes_there(rosebrook):
    """It goes to the Chair of the Local Academy Committee."""
    text = rosebrook.section("9.d").text
    assert "Chair" in text
    assert "never to the headteacher" in text


def test_keeping_false_allegations_rare_is_no_warning_to_reporters(rosebrook):
    """The headteacher's duty must not scare anybody off."""
    assert "no reason" in rosebrook.section("3.e").text


def test_police_and_the_child_first_answer_come_together(rosebrook):
    """The headteacher calls the police; the leads decide when that is wrong for a child."""
    assert "9.f" in rosebrook.section("9.e").also
    assert "9.e" in rosebrook.section("9.f").also


def test_the_edition_is_marked_as_ours(rosebrook):
    """Nobody may take our wording for the document's own."""
    assert rosebrook.edition == "plain-language"
