"""Invented policies, none like another, come through in every format whole: each section, each word, nothing else."""

import pytest

from knowledge.evaluating.sections import compared
from knowledge.markdown import parse
from tests.knowledge.importing import press


@pytest.mark.parametrize("form", press.FORMATS)
@pytest.mark.parametrize("name", press.NAMES)
def test_every_section_comes_through_in_every_format(name, form, imported):
    """No section is missed, no word is lost, no leaf says what the document does not, and none reaches into the next section."""
    document, proposal = imported(name, form)
    scored = compared(document, proposal, press.anchors(name))
    assert (scored.holes, scored.lost, scored.invented, scored.across) == ((), (), (), ())


@pytest.mark.parametrize("form", press.FORMATS)
@pytest.mark.parametrize("name", press.NAMES)
def test_what_is_written_for_a_person_is_read_back_as_the_same_policy(name, form, imported):
    """The file that a person edits holds all of the proposal: sections, leads, aliases, facts and dates."""
    _, proposal = imported(name, form)
    read = parse(proposal.markdown(), "proposal.md")
    policy = proposal.policy
    assert read.sections == policy.sections
    assert (read.school, read.title, read.version, read.edition, read.numbered, read.dates) == (
        policy.school,
        policy.title,
        policy.version,
        policy.edition,
        policy.numbered,
        policy.dates,
    )


@pytest.mark.parametrize("name", press.NAMES)
def test_a_policy_is_called_what_it_calls_itself(name, imported):
    """Title and school stand on the first page, however that is set."""
    script = press.script(name)
    for form in press.FORMATS:
        _, proposal = imported(name, form)
        assert (form, proposal.policy.title, proposal.policy.school) == (form, script.title, script.school)


NATIVE = {
    "bold": "docx",
    "bullets": "txt",
    "deep": "wrapped.txt",
    "footers": "pdf",
    "halves": "txt",
    "leaflet": "pdf",
    "legal": "docx",
    "paragraph": "md",
    "plain": "txt",
    "questions": "html",
    "roman": "txt",
    "tables": "docx",
}


@pytest.mark.parametrize("name", press.NAMES)
def test_the_tree_is_the_one_a_person_found_right(name, imported):
    """Each tree was read beside its policy and kept. A change that shows here is looked at in the same way, then written anew."""
    _, proposal = imported(name, NATIVE[name])
    assert proposal.markdown() == (press.FOLDER / f"{name}.md").read_text(encoding="utf-8")


def test_dates_of_the_control_table_are_understood(imported):
    """Numbers, words, with a day or without."""
    assert [str(imported("tables", form)[1].policy.dates.next_review) for form in ("docx", "pdf", "html")] == [
        "1 September 2026"
    ] * 3
    dates = imported("legal", "docx")[1].policy.dates
    assert (str(dates.approved), str(dates.next_review)) == ("14 March 2025", "March 2027")
