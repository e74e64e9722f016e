"""How well the model that is shipped does on a sample of what others wrote: a change that makes it worse does not pass.

The whole sets, with their bounds, are scored by `signpost eval` on benchmarks/judging.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import knowledge
from knowledge import markdown
from knowledge.evaluating import answering, scoring
from knowledge.evaluating.scoring import Message, Question, Share, Worry
from knowledge.intents import readings
from knowledge.training import examples

JUDGING = Path(knowledge.__file__).parents[1] / "benchmarks" / "judging"
UNSEEN = JUDGING / "unseen"
SEED = 20261121
QUESTIONS, MESSAGES, WORRIES = 60, 100, 200

# Each a little under what was measured on the sample with the model that is shipped.
AT_LEAST = {
    "hit_at_1": 0.85,
    "hit_at_3": 0.93,
    "sure_share": 0.65,
    "accuracy": 0.95,
    "question_or_report": 0.98,
    "recall_immediate": 1.0,
    "case_immediate": 0.88,
    "recall_high": 0.97,
}
AT_MOST = {
    "sure_wrong": 0.10,
    "unanswerable_sure": 0.10,
    "false_alarms": 0.12,
    "false_cases": 0.01,
}


def sample(kind: type, pattern: str, count: int) -> list:
    """COUNT lines of the judging sets, the same every time."""
    lines = [line for file in sorted(JUDGING.glob(pattern)) for line in file.read_text(encoding="utf-8").split("\n") if line]
    return [kind.model_validate_json(line) for line in random.Random(SEED).sample(lines, count)]


def held(shares: dict[str, Share], figure) -> None:
    """Every one of SHARES keeps to its bound; all of them are said at the end of the run."""
    figure("  ".join(f"{name} {one.value:.3f} ({one.hits} of {one.of})" for name, one in shares.items()))
    worse = {name: one.value for name, one in shares.items() if one.value < AT_LEAST.get(name, 0)}
    worse |= {name: one.value for name, one in shares.items() if one.value > AT_MOST.get(name, 1)}
    assert worse == {}


def test_questions_are_answered_as_well_as_when_it_was_shipped(figure):
    """The right rule first and among three, how often sure, how often wrong when sure or where the policy is silent."""
    schools = answering.shipped(examples.SCHOOLS, JUDGING / "anchors.json")
    asked = sample(Question, "questions-*.jsonl", QUESTIONS)
    figures, _ = scoring.questions(asked, lambda one: answering.answer(schools, one))
    held(dict(figures.shares), figure)


def test_a_policy_that_was_just_imported_is_answered_as_well_as_when_it_was_shipped(figure):
    """Documents that nobody here had read, straight out of the importer: no rule was asked about, none named for a topic."""
    schools = answering.imported(UNSEEN, UNSEEN / "sections.json")
    asked = sample(Question, "unseen/questions-*.jsonl", QUESTIONS)
    shares = dict(scoring.questions(asked, lambda one: answering.answer(schools, one))[0].shares)
    figure("  ".join(f"{name} {one.value:.3f} ({one.hits} of {one.of})" for name, one in shares.items()))
    assert shares["hit_at_1"].value >= 0.75
    assert shares["hit_at_3"].value >= 0.9
    assert shares["sure_share"].value >= 0.35
    assert shares["sure_wrong"].value <= 0.12
    assert shares["unanswerable_sure"].value <= 0.15


def test_intents_are_understood_as_well_as_when_it_was_shipped(figure):
    """All nine, and above all questions and reports apart."""
    figures, _ = scoring.intents(sample(Message, "intents-*.jsonl", MESSAGES), lambda one: readings(one.text, one.audience)[0][0])
    held(dict(figures.shares), figure)


def test_danger_is_seen_as_well_as_when_it_was_shipped(triage, figure):
    """None of the immediate is missed; everyday messages seldom get a line and hardly ever a case."""
    figures = scoring.risks(sample(Worry, "risk-*.jsonl", WORRIES), lambda one: triage.weigh(one.text, one.audience).level)
    held(dict(figures.shares), figure)
    assert figures.errors["missed immediate"] == ()


STORY = (
    "We had such a good time at the school fair on Saturday and the children loved the cake stall. ",
    "Thank you to everybody who helped to put the tables away afterwards, it was done in no time. ",
    "The weather held and the band played all afternoon, my youngest danced until she fell asleep. ",
    "Next year we would like to bring the grandparents too if there is parking near the gate. ",
)


@pytest.mark.parametrize("place", range(5))
def test_one_line_of_danger_in_a_long_story_is_seen(triage, place):
    """Wherever in it, of sixty messages from the judging sets: each gets at least a line. The story alone opens no case."""
    worries = [one for one in sample(Worry, "risk-*.jsonl", 600) if one.risk == "immediate" and len(one.text.split()) > 4][place::5]
    levels = [triage.weigh("".join([*STORY[:place], f"{one.text}. ", *STORY[place:]]), one.audience).level for one in worries[:12]]
    assert levels.count("none") == 0
    assert triage.weigh("".join(STORY), "parent").level != "immediate"


def test_the_sets_are_those_of_this_folder():
    """The anchors that answers are named by are all known."""
    anchors = json.loads((JUDGING / "anchors.json").read_text(encoding="utf-8"))
    assert anchors.keys() == {folder.name for folder in examples.SCHOOLS.iterdir() if (folder / "policy.md").exists()}
    assert all(markdown.load(examples.SCHOOLS / name / "policy.md").leaves() for name in anchors)
