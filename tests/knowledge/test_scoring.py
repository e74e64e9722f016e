"""The figures by which search, intents and risk are judged, on examples small enough to count by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.evaluating import scoring
from knowledge.evaluating.answering import mentions, smallest
from knowledge.evaluating.scoring import Given, Message, Question, Share, Worry


def question(number: int, *answers: str, school: str = "hill", audience: str = "parent", style: str = "plain", **more) -> Question:
    """A question whose right answers are ANSWERS; with none it has no answer."""
    kind = "answerable" if answers else "unanswerable"
    return Question(
        id=f"q{number}", school=school, audience=audience, question="?", answers=answers, kind=kind, style=style, **more
    )


ASKED = {
    question(1, "5.1", "5"): Given("sure", ("5.1", "6", "7")),  # sure and right
    question(2, "5.1"): Given("sure", ("5", "5.1")),  # sure and wrong: the parent is not among the answers
    question(3, "8", school="dale"): Given("unsure", ("6", "7", "8", "9")),  # offered, third
    question(4, "8", school="dale", audience="staff"): Given("unsure", ("6", "7", "9", "8")),  # offered fourth is not seen
    question(5, "8"): Given("no", ("8",)),  # kept back
    question(6): Given("sure", ("1",)),  # asserted, and there is nothing
    question(7): Given("unsure", ("1",)),
    question(8): Given("no", ()),
}


def test_questions_are_counted_as_the_sets_say():
    """Answerable and unanswerable apart; a wrong one counts among the sure ones only."""
    figures, groups = scoring.questions(ASKED, ASKED.__getitem__)
    counted = {name: (one.hits, one.of) for name, one in figures.shares.items()}
    assert counted == {
        "hit_at_1": (2, 5),
        "hit_at_3": (4, 5),
        "sure_share": (2, 5),
        "sure_wrong": (1, 2),
        "unanswerable_sure": (1, 3),
        "answerable_no": (1, 5),
    }
    assert figures.errors == {"sure and wrong": ("q2",)}
    assert groups.keys() == {"school", "audience", "style"}
    assert {name: own.shares["hit_at_3"].of for name, own in groups["school"].items()} == {"dale": 2, "hill": 3}
    assert groups["audience"]["staff"].shares["hit_at_3"].hits == 0


def test_a_figure_that_rests_on_nothing_is_none():
    """Not zero, which would look like a failure, and not a number that JSON does not know."""
    figures, _ = scoring.questions([question(1)], lambda one: Given("no", ()))
    plain = figures.plain()
    assert plain["hit_at_1"] is None
    assert plain["hit_at_1_of"] == 0
    assert plain["hit_at_1_bounds"] == [0.0, 1.0]
    assert plain["unanswerable_sure"] == 0.0


def test_intents_tell_questions_from_reports():
    """Between two reports, or between a report and a greeting, a slip is a slip, but not this one."""
    said = [
        ("question", "question"),
        ("question", "cyberbullying"),
        ("question", "smalltalk"),
        ("friend_request", "question"),
        ("friend_request", "staff_concern"),
        ("talk_to_human", "question"),
    ]
    items = {Message(id=str(number), audience="parent", text="", intent=meant): heard for number, (meant, heard) in enumerate(said)}
    figures, mixed = scoring.intents(items, items.__getitem__)
    assert {name: (one.hits, one.of) for name, one in figures.shares.items()} == {
        "accuracy": (1, 6),
        "question_or_report": (3, 5),
        "questions_sent_into_a_flow": (1, 3),
        "reports_answered_as_a_question": (1, 2),
    }
    assert mixed["friend_request", "staff_concern"] == 1
    assert sum(mixed.values()) == 6


def test_risks_count_a_line_and_a_case_apart():
    """Recall is being flagged at all; a case is the upper threshold; everyday messages have their own two figures."""
    found = {
        "immediate": ("immediate", "high", "none"),
        "high": ("immediate", "high", "high", "none"),
        "none": ("none", "none", "none", "high", "immediate"),
    }
    items = {
        Worry(id=f"{level}{number}", audience="parent", text="", risk=level): one
        for level, several in found.items()
        for number, one in enumerate(several)
    }
    figures = scoring.risks(items, items.__getitem__)
    assert {name: (one.hits, one.of) for name, one in figures.shares.items()} == {
        "recall_immediate": (2, 3),
        "case_immediate": (1, 3),
        "recall_high": (3, 4),
        "case_high": (1, 4),
        "false_alarms": (2, 5),
        "false_cases": (1, 5),
    }
    assert figures.errors == {"missed immediate": ("immediate2",), "missed high": ("high3",), "false cases": ("none4",)}


@pytest.mark.parametrize(
    ("hits", "of", "bounds"),
    [(0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (5, 10, (0.2366, 0.7634)), (600, 600, (0.9936, 1.0))],
)
def test_the_bounds_are_those_of_the_tables(hits, of, bounds):
    """Wilson's interval, as any textbook prints it: also ten of ten is not certainty."""
    assert Share(hits, of).bounds == pytest.approx(bounds, abs=1e-4)


@given(of=st.integers(1, 5000), data=st.data())
def test_the_truth_may_lie_on_both_sides(of, data):
    """The bounds hold the share between them and stay between none and all."""
    one = Share(data.draw(st.integers(0, of)), of)
    low, high = one.bounds
    assert -1e-9 <= low <= one.value + 1e-9
    assert one.value - 1e-9 <= high <= 1 + 1e-9


@pytest.mark.parametrize(
    ("ref", "anchor"),
    [("6.2.e", "6.2"), ("6.2", "6.2"), ("6.1.a", "6"), ("9.a", "9"), ("document-control.version", "document-control")],
)
def test_a_rule_belongs_to_the_smallest_anchor_around_it(ref, anchor):
    """As the sets are scored: a rule whose parent is listed, and which is not itself, is a miss."""
    assert smallest({"6", "6.2", "9", "document-control"})(ref) == anchor


def test_what_must_be_mentioned_is_looked_for_as_a_reader_would():
    """Curly quotes, bold letters, capitals and line ends do not matter; each of the facts has to be there."""
    one = question(1, "5", must_mention=("doesn't expire", "2\\s*years"))
    assert mentions(one, "It **doesn’t\nExpire** within 2 years")
    assert not mentions(one, "It doesn't expire")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (Question, '{"id": "1"}'),
        (Message, '{"id": "1", "audience": "parent", "text": "hi", "intent": "smalltalk", "more": 1}'),
        (Worry, '{"id": "1", "audience": "parent", "text": "hi", "risk": "low"}'),
    ],
)
def test_a_line_that_is_not_what_it_should_be_is_refused(kind, line):
    """A misspelt key or level would otherwise count as a wrong answer of ours, or as nothing."""
    with pytest.raises(ValidationError):
        kind.model_validate_json(line)
