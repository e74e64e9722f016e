"""The phrase bank and the sets that judge us: well formed, of several writers, and apart from each other."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from knowledge import bank
from knowledge.evaluating.scoring import Message, Question, Worry
from knowledge.heads import INTENTS, RISKS
from knowledge.markdown import load
from knowledge.policy import AUDIENCES
from knowledge.training import examples
from knowledge.words import words

JUDGING = Path(bank.__file__).parents[1] / "benchmarks" / "judging"
KINDS = {"questions": Question, "intents": Message, "risk": Worry}
LABELS = {"asks": {topic.name for topic in bank.topics()}, "intents": set(INTENTS), "risk": set(RISKS)}

# Everybody says "are you a robot"; five words that are the same are somebody having looked.
LONG, NEAR = 5, 95

# Questions of each rule and writers of each school; and the least share of questions that get no answer.
LEAST, WRITERS = 8, 5
SILENT = {"precedents": 0.08, "questions": 0.2, "invented": 0.08, "imported": 0.08, "lent": -1}
QUESTIONS = tuple(SILENT)


def plain(text: str) -> str:
    """TEXT without what does not matter: capitals, signs."""
    return " ".join(words(text)) or text


def rows(folder: str) -> list[tuple[str, str, str, str]]:
    """Writer, label, audience and text of every line in the bank's FOLDER."""
    return list(examples._rows(folder))


def judged(kind: str) -> list:
    """Every line of the judging sets of KIND."""
    files = sorted(JUDGING.glob(f"{kind}-*.jsonl"))
    return [KINDS[kind].model_validate_json(line) for file in files for line in file.read_text("utf-8").split("\n") if line]


def unseen() -> list[Question]:
    """The questions to the documents that nobody had seen."""
    files = sorted((JUDGING / "unseen").glob("questions-*.jsonl"))
    return [Question.model_validate_json(line) for file in files for line in file.read_text("utf-8").splitlines()]


def said(line) -> str:
    """What the person wrote."""
    return line.question if isinstance(line, Question) else line.text


# --- the bank ---


def test_the_bank_is_as_large_as_it_was_promised():
    """At least five thousand ways of asking about two hundred topics of policy, and topics of school life that are none."""
    kinds = Counter(topic.kind for topic in bank.topics())
    assert kinds["policy"] >= 200
    assert kinds["school"] >= 40
    assert kinds.keys() == {"policy", "school"}
    assert len(rows("asks")) >= 5000


def test_every_topic_has_a_name_of_its_own_and_says_what_it_is():
    """The names stand in topics.toml of every school; the words are what an unknown policy's rules are compared with."""
    names = [topic.name for topic in bank.topics()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
    says = [topic.says for topic in bank.topics()]
    assert len(says) == len(set(says))
    assert all(len(one.split()) >= 3 for one in says)


def test_every_topic_is_asked_about_by_three_writers():
    """So that what is learnt is the topic and not one person's way of writing."""
    writers = defaultdict(set)
    for writer, topic, _, _ in rows("asks"):
        writers[topic].add(writer)
    assert {topic: len(own) for topic, own in writers.items() if len(own) < 3} == {}
    assert writers.keys() == LABELS["asks"]


@pytest.mark.parametrize(("folder", "writers", "least"), [("intents", 2, 80), ("risk", 4, 1000)])
def test_every_class_has_messages_of_several_writers(folder, writers, least):
    """The rare classes are those that matter."""
    found = rows(folder)
    assert {label for _, label, _, _ in found} == LABELS[folder]
    assert min(Counter(label for _, label, _, _ in found).values()) >= least
    for label in LABELS[folder]:
        assert len({writer for writer, own, _, _ in found if own == label}) >= writers


@pytest.mark.parametrize("folder", ["asks", "intents", "risk"])
def test_every_line_has_three_columns_that_say_what_they_should(folder):
    """Label, audience, text; nothing around the text, and no character that breaks a line in another program."""
    for file in sorted((bank.FOLDER / folder).glob("*.tsv")):
        text = file.read_text(encoding="utf-8")
        assert text.endswith("\n")
        for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
            place = f"{file.name}:{number}"
            assert line.splitlines() == [line], place
            assert line.count("\t") == 2, place
            label, audience, message = line.split("\t")
            assert label in LABELS[folder], place
            assert audience in AUDIENCES, place
            assert message, place
            assert message == message.strip(), place


@pytest.mark.parametrize("folder", ["asks", "intents", "risk"])
def test_no_phrase_is_there_twice(folder):
    """In one file or in two: twice the same would only look like more, and twice with two labels would teach nonsense."""
    counted = Counter(plain(text) for _, _, _, text in rows(folder))
    assert [text for text, count in counted.items() if count > 1] == []


def test_nobodys_telephone_or_address_is_in_the_bank():
    """All of it is invented, and nothing in it can ring at somebody's home."""
    policies = [file.read_text("utf-8") for folder in (examples.INVENTED, examples.IMPORTED) for file in folder.glob("*.md")]
    typed = [text for folder in (*LABELS, *QUESTIONS) for *_, text in examples._rows(folder)]
    for text in [*typed, *policies]:
        assert not re.search(r"\b0\d{9,10}\b|\b0\d{3,4} \d{3} ?\d{3,4}\b|\+44 ?\d", text), text
        assert not re.search(r"\b[\w.]+@[\w-]+\.(?:com|co\.uk|org|sch\.uk|net)\b", text), text


def test_what_a_school_answers_is_a_topic_of_policy(policy):
    """A topic of school life is one that no policy answers: that is how silence is learnt."""
    life = {topic.name for topic in bank.topics() if topic.kind == "school"}
    assert policy.answers
    assert life.isdisjoint(policy.answers)
    assert all(policy.section(ref).text for refs in policy.answers.values() for ref in refs)


# --- the questions rule by rule, and those that say when to be sure ---


def test_every_rule_has_questions_by_several_writers(policy_name, policy):
    """Two of each of five people who had not seen one another's: so every rule can be found by how people ask for it."""
    first = Counter(one.refs[0] for one in examples.precedents() if one.school == policy_name and one.refs)
    assert {leaf.ref: first[leaf.ref] for leaf in policy.leaves() if first[leaf.ref] < LEAST} == {}
    assert len({writer for writer, school, *_ in examples._rows("precedents") if school == policy_name}) >= WRITERS


@pytest.mark.parametrize("folder", QUESTIONS)
def test_a_question_names_rules_that_are_there(folder):
    """Of the school that it was put to; and none where that school's policy is silent, as it is on nearly one in ten."""
    schools = examples.policies() | examples.unread()[0] | {file.stem: load(file) for file in examples.INVENTED.glob("*.md")}
    found = list(examples._rows(folder))
    for writer, school, audience, refs, text in found:
        assert audience in {"staff", "parent"}, (writer, text)
        assert text == " ".join(text.split()), (writer, text)
        assert all(schools[school].section(ref).text for ref in refs.split()), (writer, text)
    silent = sum(not refs for *_, refs, _ in found) / len(found)
    assert SILENT[folder] < silent < 0.4


def test_the_invented_policies_are_asked_rule_by_rule():
    """They teach how a rule is found in a policy that nobody has seen; no school of that name is offered to anybody.

    What an import takes for a rule though it is only a heading has no question, but that is seldom.
    """
    invented = examples.lessons()[len(examples.policies()) :]
    assert len(invented) == len(list(examples.INVENTED.glob("*.md")))
    for lesson in invented:
        asked = {answers[0] for _, answers in lesson.questions if answers}
        assert len(asked) >= 0.9 * len(lesson.rules)
    policies, asked = examples.unread()
    assert {one.school for one in asked} == policies.keys()
    assert all(one.refs <= {leaf.ref for leaf in policies[one.school].leaves()} for one in asked)
    names = [{file.stem for file in folder.glob("*.md")} for folder in (examples.INVENTED, examples.IMPORTED)]
    assert not names[0] & names[1], "what is taught says nothing of how well an unread policy is answered"
    assert not names[0] & {folder.name for folder in examples.SCHOOLS.iterdir()}


# --- the sets that judge ---


@pytest.mark.parametrize("kind", KINDS)
def test_a_judging_set_is_well_formed(kind):
    """Every line is what the score expects, every id is there once, and nobody writes nothing as a question."""
    found = judged(kind)
    assert [one for one, count in Counter(line.id for line in found).items() if count > 1] == []
    assert all(line.audience in AUDIENCES for line in found)
    if kind != "risk":  # an empty message, or one of pictures only, has to be weighed as well
        assert all(said(line).strip() for line in found)


def test_the_judging_questions_can_be_answered_as_they_say():
    """The school is one we ship, an answer is an anchor of it, a fact to be mentioned is a pattern, and silence has no answer."""
    anchors = json.loads((JUDGING / "anchors.json").read_text(encoding="utf-8"))
    found = judged("questions")
    assert len(found) >= 300
    assert {line.school for line in found} == anchors.keys()
    for line in found:
        assert bool(line.answers) is (line.kind == "answerable"), line.id
        assert set(line.answers) <= set(anchors[line.school]), line.id
        assert line.style in {"plain", "paraphrase", "typo", "vernacular", "keyword", "multi"}, line.id
        for fact in line.must_mention:
            re.compile(fact)
    share = sum(line.kind == "unanswerable" for line in found) / len(found)
    assert 0.2 <= share <= 0.4


def test_the_anchors_are_places_of_the_policies_we_ship():
    """Otherwise nothing we answer could be told right."""
    anchors = json.loads((JUDGING / "anchors.json").read_text(encoding="utf-8"))
    for school, names in anchors.items():
        policy = load(examples.SCHOOLS / school / "policy.md")
        missing = [name for name in names if not any(f"{section.ref}.".startswith(f"{name}.") for section in policy.sections)]
        assert missing == [], school


def test_the_other_judging_sets_are_as_large_as_was_promised():
    """Six hundred messages of either danger, two thousand of everyday, and every intent."""
    risks = Counter(line.risk for line in judged("risk"))
    assert risks["immediate"] >= 600
    assert risks["high"] >= 600
    assert risks["none"] >= 2000
    intents = Counter(line.intent for line in judged("intents"))
    assert intents.keys() == set(INTENTS)
    assert min(intents.values()) >= 30


def test_the_bank_has_not_been_read_by_the_judges_nor_the_judges_by_the_bank():
    """No message of five words or more is in both, nor one that differs by a letter or two: a figure on it would be a lie."""
    folders = (*LABELS, *QUESTIONS)
    taught = sorted({text for folder in folders for *_, one in examples._rows(folder) if len((text := plain(one)).split()) >= LONG})
    tested = {plain(said(line)): line.id for line in [*(line for kind in KINDS for line in judged(kind)), *unseen()]}
    tested = {text: name for text, name in tested.items() if len(text.split()) >= LONG}
    assert len(taught) > 10_000
    assert len(tested) > 3_000
    near = process.cdist(list(tested), taught, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8, workers=-1).max(1)
    assert [name for name, much in zip(tested.values(), near, strict=True) if much >= NEAR] == []
