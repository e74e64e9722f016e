"""What the model is taught with, and that what lies on its shelves is what the bank and the policies say now."""

from __future__ import annotations

from collections import Counter

import numpy as np

from knowledge import bank, encoder, meaning, precedents
from knowledge.heads import INTENTS, RISKS
from knowledge.spoken import asked_by, mark
from knowledge.training import examples, shelves


def test_every_rule_and_every_topic_is_a_document():
    """A topic's own description stands for it where no school has a rule."""
    documents = examples.documents()
    topics = {topic.name for topic in bank.topics()}
    assert {document.school for document in documents} == {"", *(folder.name for folder in examples.SCHOOLS.iterdir())}
    assert {name for document in documents if not document.school for name in document.topics} == topics
    assert all(document.topics <= topics for document in documents)


def test_who_asks_stands_in_front_of_what_is_asked():
    """As when it is asked later on: otherwise the network would learn another language than it hears."""
    assert all(ask.text.partition(": ")[0] in {"staff", "parent", "pupil"} for ask in examples.asks())
    assert {one.label for one in examples.labelled("intents")} == set(INTENTS)
    assert {one.label for one in examples.labelled("risk")} == set(RISKS)


def test_what_is_shipped_holds_every_phrase_and_rule_as_they_are_now():
    """After phrases, precedents, topics or policies have changed, `make phrases` brings the model's shelves up to date."""
    book, rules, written = (encoder.read(name) for name in ("bank.npz", meaning.DATA, precedents.DATA))
    asked = Counter(ask.topic for ask in examples.asks())
    there = np.bincount(book["topic"], minlength=len(bank.topics())).tolist()
    assert {topic.name: count for topic, count in zip(bank.topics(), there, strict=True) if count != asked[topic.name] + 1} == {}
    wanted = {mark(text) for policy in examples.policies().values() for leaf in policy.leaves() for text in meaning.said(leaf)}
    assert len(wanted - set(rules["digests"].tolist())) == 0
    schools, asked = examples.borrowed()
    about = [shelves.about(schools, one) for one in asked]
    assert sorted(about) == written["about"].tolist()
    assert sorted({*about} - {precedents.NOWHERE}) == written["marks"].tolist()
    model = encoder.load()
    for one in asked[::500]:
        rows = written["rows"][written["about"] == shelves.about(schools, one)]
        assert max(rows @ model.vector(asked_by(one.audience, one.text))) > 0.98 * 127, one.text
