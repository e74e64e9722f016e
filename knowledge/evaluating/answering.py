"""A question set put to the schools' policies, shipped or freshly imported: what would be shown, and in which band."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge import markdown
from knowledge.evaluating.scoring import Given, Question
from knowledge.evaluating.sections import Anchor, anchors_in, compared, documents_in
from knowledge.importing import propose
from knowledge.importing.reading import read
from knowledge.policy import Policy
from knowledge.search import Sure, find

BANDS = {Sure.YES: "sure", Sure.MAYBE: "unsure", Sure.NO: "no"}


@dataclass(frozen=True, slots=True)
class School:
    """One school as it is asked: its policy, and which anchor of the table each rule belongs to."""

    policy: Policy
    anchor: Callable[[str], str]


def shipped(folder: Path, table: Path) -> dict[str, School]:
    """The schools in FOLDER; their references are the anchors of TABLE, with a letter behind each of several rules."""
    wanted = _names(table)
    return {
        one.name: School(markdown.load(one / "policy.md"), smallest(wanted.get(one.name, frozenset())))
        for one in sorted(folder.iterdir())
        if (one / "policy.md").exists()
    }


def _names(table: Path) -> dict[str, frozenset[str]]:
    """The anchors that TABLE names for each school, whether it also says where they begin and end or not."""
    found = json.loads(table.read_text(encoding="utf-8"))
    return {
        school: frozenset(one if isinstance(one, str) else one["anchor"] for one in entries) for school, entries in found.items()
    }


def imported(folder: Path, table: Path) -> dict[str, School]:
    """The documents in FOLDER as they come out of the importer, by the name of the file."""
    wanted = anchors_in(table)
    return {name: _imported(file, wanted[name]) for name, file in documents_in(folder).items() if name in wanted}


def _imported(file: Path, anchors: Sequence[Anchor]) -> School:
    home = compared(read(file), propose(file, file.stem, keep_people=True), anchors).home
    return School(propose(file, file.stem).policy, lambda ref: home.get(ref, ""))


def smallest(known: Collection[str]) -> Callable[[str], str]:
    """From a reference of ours to the smallest anchor it stands in, of those KNOWN."""

    def anchor(ref: str) -> str:
        while ref not in known and "." in ref:
            ref = ref.rpartition(".")[0]
        return ref

    return anchor


def answer(schools: Mapping[str, School], question: Question) -> Given:
    """What the bot would show to QUESTION."""
    school = schools[question.school]
    found = find(school.policy, question.question, question.audience)
    anchors = tuple(dict.fromkeys(school.anchor(hit.section.ref) for hit in found.sections))
    shown = " ".join(f"{hit.section.title} {hit.section.text}" for hit in found.sections[:1])
    return Given(BANDS[found.sure], anchors, shown)  # type: ignore[arg-type]  # the values of BANDS are the bands


def mentions(question: Question, shown: str) -> bool:
    """Whether SHOWN holds every fact that the answer must hold, straight quotes for curly ones."""
    plain = re.sub(r"\s+", " ", shown.translate(str.maketrans("‘’“”", "''\"\"")).replace("**", ""))
    return all(re.search(fact, plain, re.IGNORECASE) for fact in question.must_mention)
