"""Puts the phrases of the bank, and the rules of the schools we ship, on the shelf as vectors. It needs no training and no JAX.

    python -m knowledge.training.shelves

does it with the model that is there, after phrases, topics or policies have changed. `make phrases` runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

import numpy as np
from rich.progress import track

from knowledge import bank, encoder, markdown, meaning
from knowledge.encoder import MODEL, Encoder, Vector
from knowledge.policy import Policy
from knowledge.training import pack
from knowledge.training.examples import SCHOOLS, Ask, asks
from knowledge.training.pack import Arrays


def policies() -> dict[str, Policy]:
    """The schools we ship by the name of their folder, with the rules that somebody named for each topic."""
    return {file.parent.name: markdown.load(file) for file in sorted(SCHOOLS.glob("*/policy.md"))}


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


def rules(shipped: Sequence[Policy], model: Encoder, tell: Callable[[], object]) -> Arrays:
    """What the SHIPPED policies say, sentence by sentence, and the topics: as meaning.py looks them up."""
    said = {text for policy in shipped for leaf in policy.leaves() for text in meaning.said(leaf)}
    rows = {}
    for text in said | {topic.says for topic in bank.topics()}:
        rows[meaning.digest(text)] = _whole(model.vector(text))
        tell()
    return {"digests": np.array(sorted(rows), np.uint64), "rows": np.stack([rows[one] for one in sorted(rows)])}


def _whole(vector: Vector) -> np.ndarray:
    return np.round(vector * 127).astype(np.int8)


def main() -> None:
    """Renew the phrases and the rules in the model's folder, and their checksums on its card."""
    model = encoder.load()
    bar = iter(track(count(), description="phrases and rules"))
    book, said = shelf(asks(), model, lambda: next(bar)), rules([*policies().values()], model, lambda: next(bar))
    pack.write(MODEL, {"bank.npz": book, "rules.npz": said})


if __name__ == "__main__":
    main()
