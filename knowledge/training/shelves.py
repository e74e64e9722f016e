"""Puts phrases, the questions written for each rule, and the rules on the shelf as vectors. It needs no training and no PyTorch.

    python -m knowledge.training.shelves

does it with the model that is there, after phrases, topics or policies have changed. `make phrases` runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count

import numpy as np
from rich.progress import track

from knowledge import bank, encoder, meaning, phrasebook, precedents
from knowledge.encoder import MODEL, Encoder, Vector
from knowledge.policy import Policy
from knowledge.spoken import asked_by, mark, rule_words
from knowledge.training import examples, pack
from knowledge.training.examples import Ask, Precedent
from knowledge.training.pack import Arrays


def shelf(asks: Sequence[Ask], model: Encoder, tell: Callable[[], object]) -> Arrays:
    """ASKS, and every topic's description, as the phrase book keeps them: sorted by topic, a byte a number."""
    numbers = {topic.name: number for number, topic in enumerate(bank.topics())}
    phrases = [(numbers[ask.topic], ask.text) for ask in asks] + [(numbers[topic.name], topic.says) for topic in bank.topics()]
    phrases.sort(key=lambda one: one[0])
    rows = []
    for _, text in phrases:
        rows.append(_whole(model.vector(text)))
        tell()
    return {"rows": np.stack(rows), "topic": np.array([topic for topic, _ in phrases], np.int16)}


def written(policies: Mapping[str, Policy], asked: Sequence[Precedent], model: Encoder, tell: Callable[[], object]) -> Arrays:
    """What was ASKED of the rules of POLICIES, as precedents.py looks it up: by the words of the rule, or by what it says."""
    found = []
    for one in asked:
        found.append((about(policies, one), _whole(model.vector(asked_by(one.audience, one.text)))))
        tell()
    found.sort(key=lambda one: one[0])
    rules = [rule_words(policies[one.school].section(one.refs[0])) for one in asked if one.refs]
    says = {mark(rule): rule for rule in rules}
    return {
        "rows": np.stack([row for _, row in found]),
        "about": np.array([of for of, _ in found], np.uint64),
        "marks": np.array(sorted(says), np.uint64),
        "rules": np.stack([_whole(model.vector(says[one])) for one in sorted(says)]),
    }


def about(policies: Mapping[str, Policy], one: Precedent) -> int:
    """The mark of the rule that ONE was written for, at its school among POLICIES."""
    return mark(rule_words(policies[one.school].section(one.refs[0]))) if one.refs else precedents.NOWHERE


def rules(shipped: Sequence[Policy], model: Encoder, tell: Callable[[], object]) -> Arrays:
    """What the SHIPPED policies say, sentence by sentence, and the topics: as meaning.py looks them up."""
    said = {text for policy in shipped for leaf in policy.leaves() for text in meaning.said(leaf)}
    rows = {}
    for text in said | {topic.says for topic in bank.topics()}:
        rows[mark(text)] = _whole(model.vector(text))
        tell()
    return {"digests": np.array(sorted(rows), np.uint64), "rows": np.stack([rows[one] for one in sorted(rows)])}


def _whole(vector: Vector) -> np.ndarray:
    return np.round(vector * 127).astype(np.int8)


def main() -> None:
    """Renew the phrases, the precedents and the rules in the model's folder, and their checksums on its card."""
    model = encoder.load()
    bar = iter(track(count(), description="phrases and rules"))
    shipped = examples.policies()
    files = {
        phrasebook.DATA: shelf(examples.asks(), model, lambda: next(bar)),
        precedents.DATA: written(*examples.borrowed(), model, lambda: next(bar)),
        meaning.DATA: rules([*shipped.values()], model, lambda: next(bar)),
    }
    pack.write(MODEL, files)


if __name__ == "__main__":
    main()
