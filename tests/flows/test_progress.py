"""A report on its way survives a restart, and a flow that changed meanwhile."""

from __future__ import annotations

import json

import pytest

from flows import catalogue
from flows.engine import Progress, Reviewing, Stage, Vanished, again, begin
from tests.flows.telling import types

COAT = """
from typing import Literal
from flows.flow import Flow, NotAsked, ask

class Coat(Flow):
    title = "Lost coat"
    heard_as = ("i lost my coat",)
    intro = "A coat is soon found."

    colour: Literal["red", "blue"] = ask("What colour is it?")
    where: str = ask("Where did you lose it?")
    size: Literal["small", "large"] | NotAsked = ask("What size?", when={"colour": "red"})

    def matter(self) -> str:
        return "tell_the_lead"
"""


@pytest.fixture
def edition(tmp_path, monkeypatch):
    """Publish an edition of the coat flow: its source with some words replaced, or none at all."""
    count = 0

    def publish(*changes, gone=False):
        nonlocal count
        count += 1
        folder = tmp_path / f"edition{count}"
        folder.mkdir()
        source = COAT
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        if not gone:
            (folder / "coat.py").write_text(source, encoding="utf-8")
        found = catalogue.find(folder)
        monkeypatch.setattr(catalogue, "_known", lambda: found)

    publish()
    return publish


def walked(*texts):
    """What is kept of a coat report after TEXTS were typed."""
    return types(begin("coat", "c1"), *texts).progress.to_json()


def test_nothing_is_lost_by_being_kept_and_read_back(edition):
    """After a restart the same question is open, with the same answers and buttons."""
    for texts in ((), ("red",), ("red", "On the bus."), ("red", "stop"), ("red", "cancel"), ("red", "On the bus.", "large")):
        kept = walked(*texts)
        back = Progress.from_json(kept)
        assert isinstance(back, Progress)
        assert back.to_json() == kept
        assert again(back).progress == back


def test_a_flow_that_is_gone_ends_kindly_and_gives_the_words_back(edition):
    """The person is told why it cannot go on, and gets everything they said with the questions they were asked."""
    kept = walked("red", "On the bus.")
    edition(gone=True)
    lost = Progress.from_json(kept)
    assert isinstance(lost, Vanished)
    assert "have changed" in lost.note
    assert [(one.question, one.answer) for one in lost.said] == [
        ("What colour is it?", "Red"),
        ("Where did you lose it?", "On the bus."),
    ]
    assert "bus" not in repr(lost)


def test_an_answered_question_that_is_gone_ends_kindly_too(edition):
    """Words written to a question nobody asks any more are given back, not dropped in silence."""
    kept = walked("red", "On the bus.")
    edition(("where: str", "place: str"))
    lost = Progress.from_json(kept)
    assert isinstance(lost, Vanished)
    assert "On the bus." in [one.answer for one in lost.said]


def test_own_words_that_no_longer_fit_are_given_back(edition):
    """A question that turned into buttons cannot keep a sentence: it is given back rather than lost."""
    kept = walked("red", "On the bus.")
    edition(("where: str", 'where: Literal["bus", "hall"]'))
    assert isinstance(Progress.from_json(kept), Vanished)


def test_a_choice_that_is_gone_is_asked_again(edition):
    """A button that no longer exists was not writing: the question is open again and everything else stays."""
    kept = walked("blue", "On the bus.")
    edition(('"red", "blue"', '"red", "green"'))
    back = Progress.from_json(kept)
    assert isinstance(back, Progress)
    assert (back.asked, dict(back.answers)) == ("colour", {"where": "On the bus."})


def test_own_words_that_no_longer_come_up_are_given_back(edition):
    """A condition added in front of what somebody wrote must not make it disappear."""
    edition(("where: str", "where: str | NotAsked"), ('lose it?")', 'lose it?", when={"colour": ("red", "blue")})'))
    kept = walked("red", "On the bus.")
    edition(("where: str", "where: str | NotAsked"), ('lose it?")', 'lose it?", when={"colour": "blue"})'))
    assert isinstance(Progress.from_json(kept), Vanished)


def test_a_new_question_is_asked_before_the_review(edition):
    """A report that was ready for review is not sent without an answer that is now needed."""
    kept = walked("blue", "On the bus.")
    edition(("def matter", 'when: str = ask("When was that?")\n\n    def matter'))
    back = Progress.from_json(kept)
    assert isinstance(back, Progress)
    assert back.asked == "when"


def test_an_open_question_that_is_gone_gives_way_to_the_next(edition):
    """Nothing was answered there, so the report simply goes on."""
    kept = walked("red")
    edition(("where: str", "place: str"))
    back = Progress.from_json(kept)
    assert isinstance(back, Progress)
    assert back.asked == "place"


def test_an_answer_that_no_longer_comes_up_is_never_sent_along_unseen(edition):
    """When a condition changed, an answer behind it is cleared, because the review would not show it."""
    kept = walked("red", "On the bus.", "large")
    edition(('{"colour": "red"}', '{"colour": "blue"}'))
    back = Progress.from_json(kept)
    assert isinstance(back, Progress)
    step = again(back)
    assert isinstance(step, Reviewing)
    assert set(step.progress.answers) == {"colour", "where"}


def test_an_answer_keeps_the_question_it_was_given_to(edition):
    """A question reworded since is shown, and sent, in the words that were answered; a new answer takes the new words."""
    kept = walked("blue", "On the bus.")
    edition(("Where did you lose it?", "Where did you see it last?"))
    review = again(Progress.from_json(kept))
    assert review.lines[1] == (2, "Where did you lose it?", "On the bus.")
    there = types(review, "edit 2")
    assert there.question.text == "Where did you see it last?"
    anew = types(there, "At home.")
    assert anew.lines[1] == (2, "Where did you see it last?", "At home.")


@pytest.mark.parametrize("forged", [True, 3, "", "green", None, 1.5, ["red"]])
def test_a_value_no_question_allows_is_never_believed(edition, forged):
    """What is read back is checked like an answer: a value that fits nothing is asked for again."""
    kept = json.loads(walked("red", "On the bus.", "large"))
    kept["answers"]["colour"] = forged
    back = Progress.from_json(json.dumps(kept))
    assert isinstance(back, Progress)
    assert (back.asked, dict(back.answers)) == ("colour", {"where": "On the bus."})


KINDS = """
    when: When | None = ask("When was that?", optional=True)
    marks: frozenset[Literal["torn", "wet", "muddy"]] = ask("What is wrong with it?")
    who: Role = ask("Who looks for it?")
"""
MORE = (
    ("from flows.flow import Flow, NotAsked, ask", "from flows.flow import Flow, NotAsked, Role, When, ask"),
    ("\n    def matter", f"{KINDS}\n    def matter"),
)


@pytest.mark.parametrize(
    ("name", "forged"),
    [
        ("when", "yesterday"),
        ("when", {"day": "1"}),
        ("when", {"words": 3}),
        ("when", {"words": ""}),
        ("when", ["x"]),
        ("marks", "torn"),
        ("marks", []),
        ("marks", ["torn", "blue"]),
        ("marks", [["torn"]]),
        ("marks", {"torn": "wet"}),
        ("marks", None),
        ("who", "king"),
        ("who", ["dsl"]),
        ("who", None),
    ],
)
def test_a_date_boxes_or_a_role_that_cannot_be_is_asked_again(edition, name, forged):
    """What was kept is checked like an answer, whatever its shape; only a person's own words end it kindly instead."""
    edition(*MORE)
    kept = json.loads(walked("blue", "On the bus.", "skip", "torn, wet", "dsl"))
    kept["answers"][name] = forged
    kept["said"] = [line for line in kept["said"] if line[0] != name]
    back = Progress.from_json(json.dumps(kept))
    assert isinstance(back, Progress)
    assert back.asked == name
    assert set(back.answers) == {"colour", "where", "when", "marks", "who"} - {name}


def test_every_kind_of_answer_survives_being_kept(edition):
    """A date with its span, ticked boxes and a role are the same after a restart."""
    edition(*MORE)
    kept = walked("blue", "On the bus.", "yesterday", "torn, wet", "dsl")
    back = Progress.from_json(kept)
    assert back.to_json() == kept
    assert back.stage is Stage.REVIEWING
    assert types(again(back), "send").report.marks == {"torn", "wet"}


def test_a_date_that_is_no_longer_asked_for_is_given_back(edition):
    """It was written in own words, so it is not dropped in silence."""
    edition(*MORE)
    kept = walked("blue", "On the bus.", "yesterday")
    edition(("\n    def matter", f"{KINDS.replace('when: When | None', 'whenever: When | None')}\n    def matter"), MORE[0])
    lost = Progress.from_json(kept)
    assert isinstance(lost, Vanished)
    assert any("yesterday" in one.answer for one in lost.said)


def test_boxes_that_are_no_longer_offered_are_not_taken_for_ticked(edition):
    """A box ticked and gone before “done” leaves nothing that could be sent."""
    edition(*MORE)
    step = types(begin("coat", "c1"), "blue", "On the bus.", "skip")
    kept = json.loads(step.progress.to_json())
    kept["ticked"] = ["torn"]
    edition(*((old, new.replace('"torn"', '"holed"')) for old, new in MORE))
    again_ = types(again(Progress.from_json(json.dumps(kept))), "done")
    assert (again_.question.name, again_.understood) == ("marks", False)


def test_a_draft_from_before_boxes_locks_and_roles_can_be_carried_on(edition):
    """What an older version kept had fewer keys; it is read as it was meant."""
    kept = json.loads(walked("red", "On the bus."))
    for key in ("ticked", "changes", "named", "locked"):
        del kept[key]
    back = Progress.from_json(json.dumps(kept))
    assert isinstance(back, Progress)
    assert (back.asked, back.locked, back.named, back.ticked) == ("size", False, (), ())
    assert isinstance(types(again(back), "large"), Reviewing)
