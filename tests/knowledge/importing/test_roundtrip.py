"""Whatever the words are, what is written for a person is read back the same, and nothing is invented."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.evaluating.sections import compared
from knowledge.importing import CannotImport
from knowledge.importing.document import Document
from knowledge.importing.proposal import proposed
from knowledge.importing.text import lines
from knowledge.importing.writing import written
from knowledge.markdown import parse
from knowledge.policy import AUDIENCES, Dates, Policy, Section, When

WORDS = st.text(string.ascii_letters + string.digits + " .,;:'\"“”’()[]#-–>*&%£!?/=+…", min_size=1, max_size=60)
# What `safe` leaves: one line, no braces, no pairs of stars.
SAFE = WORDS.map(lambda text: " ".join(text.replace("**", " ").split())).filter(bool)
TITLE = SAFE.map(lambda text: text.rstrip(". ")).filter(
    lambda text: bool(text) and not text.endswith("*") and not text.startswith("*")
)
PLAIN = SAFE.filter(lambda text: not text.startswith(("#", "-", ">", "+++")))
AUDIENCE = st.frozensets(st.sampled_from(sorted(AUDIENCES)), min_size=1)
WHEN = st.builds(When, st.integers(1990, 2090), st.integers(1, 12), st.none() | st.integers(1, 28))


@st.composite
def policies(draw) -> Policy:
    """Any policy that an import can come to."""
    sections: list[Section] = []
    for number in range(draw(st.integers(1, 4))):
        ref, title, audience = f"s{number}", draw(TITLE), draw(AUDIENCE)
        fact = draw(st.booleans())
        rules = [
            Section(
                f"{ref}.{place}",
                name,
                draw(AUDIENCE),
                draw(SAFE),
                path=(title, name),
                within=ref,
                fact=fact,
                lead=lead,
                aliases=(f"x{number}.{place}",) * draw(st.integers(0, 1)),
            )
            for place, (name, lead) in enumerate(draw(st.lists(st.tuples(TITLE, st.just("") | PLAIN), max_size=4)))
        ]
        sections += [Section(ref, title, audience, draw(st.just("") | PLAIN), path=(title,), fact=fact and not rules), *rules]
    dates = Dates(*(draw(st.none() | WHEN) for _ in range(4)))
    return Policy(
        draw(SAFE),
        draw(SAFE),
        draw(SAFE),
        "verbatim",
        draw(st.sampled_from(["rules", "sections", "headings"])),
        dates,
        tuple(sections),
    )


@given(policies())
@settings(max_examples=50, deadline=None)
def test_any_policy_that_is_written_is_read_back_the_same(policy):
    """Nothing in the words can be taken for our marks."""
    read = parse(written(policy), "written")
    assert read.sections == policy.sections
    assert (read.school, read.title, read.version, read.dates, read.numbered) == (
        policy.school,
        policy.title,
        policy.version,
        policy.dates,
        policy.numbered,
    )


LINE = st.one_of(
    WORDS,
    st.sampled_from(
        [
            "",
            "",
            "Contents",
            "Aims",
            "RULES FOR ALL",
            "Staff must:",
            "Signed:",
            "Page 2 of 9",
            "Version\t2",
            "- one thing",
            "• another thing",
            "Appendix A",
            "{#x}",
            "> so",
            "+++",
        ]
    ),
    st.builds("{}. {}".format, st.integers(1, 30), WORDS),
    st.builds("{}.{} {}".format, st.integers(1, 5), st.integers(1, 9), WORDS),
    st.builds("({}) {}".format, st.sampled_from("abcdefgh"), WORDS),
    st.builds("- {}".format, WORDS),
    st.builds("{}\t{}".format, WORDS, WORDS),
)


@given(st.lists(LINE, min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_becomes_a_policy_that_can_be_read_back_and_invents_nothing(text):
    """However strange the document, the file for the person is valid and every leaf is in the document."""
    document = Document("strange.txt", tuple(lines("\n".join(text))))
    try:
        proposal = proposed(document, "hill", keep_people=True)
    except CannotImport:
        return
    assert parse(proposal.markdown(), "written").sections == proposal.policy.sections
    assert compared(document, proposal, []).invented == ()
