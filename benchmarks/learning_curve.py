"""What a larger bank is worth: the judging questions, put to the search with ever more of the bank on its shelves.

    python benchmarks/learning_curve.py            some minutes; what `make bench-curve` runs
    python benchmarks/learning_curve.py --quick    some seconds: shows that it works, measures nothing well
    python benchmarks/learning_curve.py --json     the figures for a program

First ever more of the questions that were written for the rules of the schools we ship, then ever more of the phrases, each
with all of the other. The encoder is the one that is shipped at every size, so this is the worth of what is on the shelves, not
of what it was taught with. The third table takes one writer of questions after the other off the shelf: what a stranger's way of
asking costs. The last is for policies that nobody had read: with ever more invented ones to borrow questions from.
"""

from __future__ import annotations

import argparse
import json
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from knowledge import bank, meaning, phrasebook, precedents
from knowledge.evaluating import answering, scoring
from knowledge.evaluating.scoring import Question, Share
from knowledge.phrasebook import Phrasebook
from knowledge.training import examples, shelves
from knowledge.training.examples import Precedent
from parts.judging import read

ROOT = Path(__file__).parent.parent
JUDGING, SCHOOLS = ROOT / "benchmarks" / "judging", ROOT / "knowledge" / "schools"
UNSEEN = JUDGING / "unseen"
SIZES = (0, 500, 1000, 2000, 3000, 4000, 5000, 6000)
POLICIES = (0, 10, 20, 40, 80)
DRAWS = 3
SEED = 20261121
SHOWN = ("hit_at_1", "hit_at_3", "sure_share", "sure_wrong")
STEP = 500

Figures = dict[str, float]
Shelf = str  # "precedents" or "phrases"


@contextmanager
def only(shelf: Shelf, kept: np.ndarray) -> Iterator[None]:
    """Search with the KEPT rows of SHELF inside, and with nothing remembered of a fuller one."""
    book, written = phrasebook.load(), precedents.load()
    if shelf == "phrases":
        book = Phrasebook(book.rows[kept], book.topic[kept])
    else:
        written = written.only(kept)
    with (
        patch.object(phrasebook, "load", lambda: book),
        patch.object(precedents, "load", lambda: written),
        patch.object(meaning, "_known", OrderedDict()),
    ):
        yield


def filed() -> list[Precedent]:
    """The precedents in the order of their shelf."""
    policies, asked = examples.borrowed()
    return sorted(asked, key=lambda one: shelves.about(policies, one))


def writers(shelf: Shelf) -> list[str]:
    """Whose each row of SHELF is, in its order; nobody's are a topic's own description, and what is only there to be borrowed."""
    if shelf == "precedents":
        shipped = examples.policies()
        return [one.writer if one.school in shipped else "" for one in filed()]
    numbers = {topic.name: number for number, topic in enumerate(bank.topics())}
    rows = [(numbers[ask.topic], ask.writer) for ask in examples.asks()] + [(numbers[topic.name], "") for topic in bank.topics()]
    return [writer for _, writer in sorted(rows, key=lambda one: one[0])]


def measured(questions: list[Question]) -> dict[str, Share]:
    """The figures on QUESTIONS with the shelves as they are now."""
    schools = answering.shipped(SCHOOLS, JUDGING / "anchors.json")
    figures, _ = scoring.questions(questions, lambda one: answering.answer(schools, one))
    return dict(figures.shares)


def curve(questions: list[Question], shelf: Shelf, draws: int, *, quick: bool) -> dict[str, Figures]:
    """The figures at each size of SHELF, the mean of DRAWS; descriptions of topics always stay."""
    whose = writers(shelf)
    own = np.array([number for number, writer in enumerate(whose) if writer])
    sizes = [SIZES[1]] if quick else [size for size in SIZES if size < len(own)]
    random, found = np.random.default_rng(SEED), {}
    for size in track([*sizes, len(own)], shelf, console=Console(stderr=True)):
        shares = []
        for _ in range(draws if 0 < size < len(own) else 1):
            kept = np.ones(len(whose), bool)
            kept[random.permutation(own)[size:]] = False
            with only(shelf, kept):
                shares.append(measured(questions))
        found[str(size)] = {name: _mean(shares, name) for name in SHOWN}
    return found


def _mean(shares: list[dict[str, Share]], name: str) -> float:
    return float(np.mean([0.0 if one[name].of == 0 else one[name].value for one in shares]))


def strangers(questions: list[Question]) -> dict[str, Figures]:
    """The figures without each writer of questions in turn."""
    found, whose = {}, writers("precedents")
    for writer in track(sorted({*whose} - {""}), "writers", console=Console(stderr=True)):
        with only("precedents", np.array([one != writer for one in whose])):
            shares = measured(questions)
        found[writer] = {name: _mean([shares], name) for name in SHOWN}
    return found


def borrowing(draws: int, *, quick: bool) -> dict[str, Figures]:
    """The figures on policies that nobody had read, with ever more invented ones on the shelf beside those we ship."""
    schools = answering.imported(UNSEEN, UNSEEN / "sections.json")
    questions = read(UNSEEN)[:: 20 if quick else 1]
    shipped, homes = examples.policies(), np.array([one.school for one in filed()])
    invented = sorted({*homes.tolist()} - {*shipped})
    random, found = np.random.default_rng(SEED), {}
    sizes = [POLICIES[-1]] if quick else [size for size in POLICIES if size < len(invented)]
    for size in track([*sizes, len(invented)], "policies", console=Console(stderr=True)):
        shares = []
        for _ in range(draws if 0 < size < len(invented) else 1):
            kept = np.isin(homes, [*shipped, *(invented[number] for number in random.permutation(len(invented))[:size])])
            with only("precedents", kept):
                shares.append(dict(scoring.questions(questions, lambda one: answering.answer(schools, one))[0].shares))
        found[str(size)] = {name: _mean(shares, name) for name in SHOWN}
    return found


def show(found: dict[str, dict[str, Figures]], bounds: dict[str, tuple[float, float]]) -> None:
    """The tables, and what the last five hundred of each were worth."""
    console = Console(width=110)
    for name in ("precedents", "phrases", "writers", "policies"):
        table = Table("without" if name == "writers" else name, *SHOWN)
        for key, figures in found[name].items():
            table.add_row(key, *(f"{figures[one]:.3f}" for one in SHOWN))
        console.print(table)
    console.print(
        "95 % bounds with all of them: " + ", ".join(f"{name} {low:.3f}–{high:.3f}" for name, (low, high) in bounds.items())
    )
    for shelf, gained in found["gain"].items():
        console.print(f"Of the last {shelf}, {STEP} more are worth {100 * gained['hit_at_1']:+.2f} points of “right first”.")


def main() -> None:
    """Read the command line, measure, and show it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few questions at two sizes")
    parser.add_argument("--json", action="store_true", help="only the figures, as JSON")
    chosen = parser.parse_args()
    questions = read(JUDGING)[:: 20 if chosen.quick else 1]
    draws = 1 if chosen.quick else DRAWS
    found: dict[str, dict[str, Figures]] = {
        shelf: curve(questions, shelf, draws, quick=chosen.quick) for shelf in ("precedents", "phrases")
    }
    found["writers"] = {} if chosen.quick else strangers(questions)
    found["policies"] = borrowing(draws, quick=chosen.quick)
    shipped, borrowed = examples.policies(), filed()
    each = sum(one.school not in shipped for one in borrowed) / len({one.school for one in borrowed} - {*shipped})
    found["gain"] = {shelf: _gain(found[shelf]) for shelf in ("precedents", "phrases")}
    found["gain"]["questions to invented policies"] = _gain(found["policies"], each)
    if chosen.json:
        print(json.dumps(found))
    else:
        show(found, {name: one.bounds for name, one in measured(questions).items() if name in SHOWN})


def _gain(sized: dict[str, Figures], each: float = 1.0) -> Figures:
    """What the last five hundred brought, by the last two sizes, where one of these counts EACH."""
    before, last = list(sized)[-2:]
    step = STEP / ((int(last) - int(before)) * each)
    return {name: (sized[last][name] - sized[before][name]) * step for name in SHOWN}


if __name__ == "__main__":
    main()
