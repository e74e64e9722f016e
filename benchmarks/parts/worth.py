"""What each part of the search is worth: the same questions with one part taken away, under the weights as shipped and refitted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from knowledge import encoder, markdown, meaning, precedents, search
from knowledge.evaluating import answering, scoring
from knowledge.policy import Policy
from knowledge.ranking import COLUMNS, Weights
from knowledge.training import combine, examples, shelves
from knowledge.training.trial import Shelves, trying
from parts.asking import Clock, Job
from parts.judging import read
from parts.measuring import quantile
from parts.search_report import UNSEEN

# Each part, and the columns that are its voice.
PARTS: Mapping[str, tuple[str, ...]] = {
    "all of it": (),
    "without the questions known for each rule": ("asked", "asked_few"),
    "without topics": ("speaks", "speaks_best"),
    "without the rules' own meaning": ("near", "near_best", "whole"),
    "without words": ("words", "cover"),
    "without who asks": ("for_them", "for_them_alone"),
}


@dataclass(frozen=True)
class Asked:
    """One question, what was seen of it, and which leaves are right by the anchors."""

    question: scoring.Question
    policy: Policy
    seen: search.Seen
    right: np.ndarray


def ask(job: Job) -> dict[str, Any]:
    """The figures of each variant, by name."""
    items = [scoring.Question(**one) for one in job["questions"]]
    policies = {name: markdown.load(Path(job["schools"]) / name / "policy.md") for name in job["leaves"]}
    anchors: dict[str, dict[str, str]] = job["anchors"]
    with _model(job):
        named = _look(items, policies, anchors)
        if job["untrained"]:
            return {"without training": _figures(named, anchors, ())}
        found = {name: _figures(named, anchors, columns) for name, columns in PARTS.items()}
        found["as an imported policy"] = _figures(_strange(items, policies, anchors), anchors, ())
        return found | _unseen(Path(job["unseen"]))


def _unseen(folder: Path) -> dict[str, Any]:
    """The figures on documents that nobody had seen, as the importer proposes them, with questions of their own."""
    schools = answering.imported(folder, folder / "sections.json")
    asked = read(folder)
    for school in schools.values():
        search.find(school.policy, "Who is this policy for?", "staff")  # the first question reads its rules
    spent: list[float] = []

    def given(one: scoring.Question) -> scoring.Given:
        with Clock() as clock:
            found = answering.answer(schools, one)
        spent.append(clock.ms)
        return found

    whole, groups = scoring.questions(asked, given)
    found = {UNSEEN: {"shipped": whole.plain() | {"p50_ms": round(quantile(spent, 0.5), 2)}}}
    found |= {f"{UNSEEN}: {name}": {"shipped": one.plain()} for name, one in groups["school"].items()}
    written = precedents.load()
    nobody = written.only(np.zeros(len(written.about), bool))
    with patch.object(precedents, "load", lambda: nobody), patch.object(meaning, "_known", OrderedDict()):
        alone, _ = scoring.questions(asked, lambda one: answering.answer(schools, one))
    return found | {f"{UNSEEN}, nothing borrowed": {"shipped": alone.plain()}}


def _strange(
    items: list[scoring.Question], policies: Mapping[str, Policy], anchors: Mapping[str, Mapping[str, str]]
) -> list[Asked]:
    """What is seen when nobody has asked anything of a policy's rules, or named one for a topic."""
    found, written = [], precedents.load()
    for name, policy in policies.items():
        with patch.object(precedents, "load", partial(written.without, policy.leaves())):
            theirs = [one for one in items if one.school == name]
            found += _look(theirs, {name: replace(policy, answers={})}, anchors)
    return found


@contextmanager
def _model(job: Job) -> Iterator[None]:
    """The model as shipped, or as it was before it was taught anything, with the same phrases."""
    if not job["untrained"]:
        yield
        return
    with np.load(job["weights"], allow_pickle=False) as arrays:
        model = encoder.Encoder({name: arrays[name] for name in arrays.files}, {"layers": np.array(0)})
    book = shelves.shelf(examples.asks(), model, lambda: None)
    written = shelves.written(*examples.borrowed(), model, lambda: None)
    with trying(model, Shelves.of(book, written)):
        yield


def _look(items: list[scoring.Question], policies: Mapping[str, Policy], anchors: Mapping[str, Mapping[str, str]]) -> list[Asked]:
    found = []
    for item in items:
        policy = policies[item.school]
        seen = search.look(policy, item.question, item.audience, None)
        right = np.array([anchors[item.school][leaf.ref] in item.answers for leaf in seen.leaves])
        found.append(Asked(item, policy, seen, right))
    return found


def _figures(asked: list[Asked], anchors: Mapping[str, Mapping[str, str]], without: tuple[str, ...]) -> dict[str, Any]:
    """The figures with the columns WITHOUT silent: the other weights as they are, and fitted anew to make up for the loss."""
    shipped = Weights.load(named=asked[0].seen.known.curated)
    kept = np.array([name not in without for name in COLUMNS], np.float32)
    quiet = [
        replace(
            one, seen=replace(one.seen, columns={name: _silent(name, without, values) for name, values in one.seen.columns.items()})
        )
        for one in asked
    ]
    refitted = {school: replace(shipped, score=_learnt(quiet, school) * kept) for school in {one.question.school for one in asked}}
    return {
        "shipped": _scored(quiet, anchors, lambda _: replace(shipped, score=shipped.score * kept)),
        "refitted": _scored(quiet, anchors, lambda school: refitted[school]),
    }


def _silent(name: str, without: tuple[str, ...], values: np.ndarray) -> np.ndarray:
    return np.zeros_like(values) if name in without else values


def _learnt(asked: list[Asked], school: str) -> np.ndarray:
    """The weights that order the answers best at all schools but SCHOOL."""
    rows = [
        combine.Seen(one.seen, np.stack([one.seen.columns[name] for name in COLUMNS], 1), one.right, "", one.question.school)
        for one in asked
        if one.question.school != school
    ]
    return combine.score(rows)


def _scored(asked: list[Asked], anchors: Mapping[str, Mapping[str, str]], weights: Callable[[str], Weights]) -> dict[str, Any]:
    given = {}
    for one in asked:
        answer = search.ranked(one.policy, one.seen, weights(one.question.school))
        home = anchors[one.question.school]
        band = {"yes": "sure", "maybe": "unsure", "no": "no"}[answer.sure]
        given[one.question.id] = scoring.Given(band, tuple(dict.fromkeys(home[hit.section.ref] for hit in answer.sections)))
    return scoring.questions([one.question for one in asked], lambda item: given[item.id])[0].plain()
