"""What a larger phrase bank is worth: the judging questions, put to the search with ever more of the bank on its shelf.

    python benchmarks/learning_curve.py            some minutes; what `make bench-curve` runs
    python benchmarks/learning_curve.py --quick    some seconds: shows that it works, measures nothing well
    python benchmarks/learning_curve.py --json     the figures for a program

The encoder is the one that is shipped at every size, so this is the worth of the phrases on the shelf, not of those it was
taught with. The second table takes one writer after the other off the shelf: what a stranger's way of asking costs.
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

from knowledge import bank, meaning, phrasebook
from knowledge.evaluating import answering, scoring
from knowledge.evaluating.scoring import Question, Share
from knowledge.phrasebook import Phrasebook
from knowledge.training.examples import asks

ROOT = Path(__file__).parent.parent
JUDGING, SCHOOLS = ROOT / "benchmarks" / "judging", ROOT / "knowledge" / "schools"
SIZES = (500, 1000, 2000, 3000, 4000, 5000, 6000)
DRAWS = 3
SEED = 20261121
SHOWN = ("hit_at_1", "hit_at_3", "sure_share", "sure_wrong")
STEP = 500

Figures = dict[str, float]


@contextmanager
def only(kept: np.ndarray) -> Iterator[None]:
    """Search with the KEPT rows of the shelf inside, and with nothing remembered of a fuller one."""
    whole = phrasebook.load()
    less = Phrasebook(whole.rows[kept], whole.topic[kept])
    with patch.object(phrasebook, "load", lambda: less), patch.object(meaning, "_known", OrderedDict()):
        yield


def writers() -> list[str]:
    """Whose each row of the shelf is, in its order; a topic's own description is nobody's."""
    numbers = {topic.name: number for number, topic in enumerate(bank.topics())}
    rows = [(numbers[ask.topic], ask.writer) for ask in asks()] + [(numbers[topic.name], "") for topic in bank.topics()]
    return [writer for _, writer in sorted(rows, key=lambda one: one[0])]


def measured(questions: list[Question]) -> dict[str, Share]:
    """The figures on QUESTIONS with the shelf as it is now."""
    schools = answering.shipped(SCHOOLS, JUDGING / "anchors.json")
    figures, _ = scoring.questions(questions, lambda one: answering.answer(schools, one))
    return dict(figures.shares)


def curve(questions: list[Question], own: np.ndarray, sizes: list[int], draws: int) -> dict[str, Figures]:
    """The figures at each of SIZES, the mean of DRAWS; descriptions of topics always stay."""
    random, found = np.random.default_rng(SEED), {}
    for size in track(sizes, "sizes", console=Console(stderr=True)):
        shares = []
        for _ in range(draws if size < len(own) else 1):
            kept = np.ones(len(phrasebook.load().topic), bool)
            kept[random.permutation(own)[size:]] = False
            with only(kept):
                shares.append(measured(questions))
        found[str(size)] = {name: float(np.mean([one[name].value for one in shares])) for name in SHOWN}
    return found


def strangers(questions: list[Question], whose: list[str]) -> dict[str, Figures]:
    """The figures without each writer in turn."""
    found = {}
    for writer in track(sorted({*whose} - {""}), "writers", console=Console(stderr=True)):
        with only(np.array([one != writer for one in whose])):
            shares = measured(questions)
        found[writer] = {name: shares[name].value for name in SHOWN}
    return found


def show(found: dict[str, dict[str, Figures]], bounds: dict[str, tuple[float, float]]) -> None:
    """Both tables, and what the last five hundred phrases were worth."""
    console = Console(width=110)
    for name, rows in (("phrases", found["sizes"]), ("without", found["writers"])):
        table = Table(name, *SHOWN)
        for key, figures in rows.items():
            table.add_row(key, *(f"{figures[one]:.3f}" for one in SHOWN))
        console.print(table)
    console.print(
        "95 % bounds with all of them: " + ", ".join(f"{name} {low:.3f}–{high:.3f}" for name, (low, high) in bounds.items())
    )
    console.print(
        f"Of the last phrases, {STEP} more are worth {100 * found['gain'][str(STEP)]['hit_at_1']:+.2f} points of “right first”."
    )


def main() -> None:
    """Read the command line, measure, and show it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few questions at two sizes")
    parser.add_argument("--json", action="store_true", help="only the figures, as JSON")
    chosen = parser.parse_args()
    lines = [line for file in sorted(JUDGING.glob("questions-*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    questions = [Question.model_validate_json(line) for line in lines][:: 20 if chosen.quick else 1]
    whose = writers()
    own = np.array([number for number, writer in enumerate(whose) if writer])
    sizes = [SIZES[0], len(own)] if chosen.quick else [*(size for size in SIZES if size < len(own)), len(own)]
    sized = curve(questions, own, sizes, 1 if chosen.quick else DRAWS)
    before, last = list(sized)[-2:]
    step = STEP / (int(last) - int(before))
    gain = {name: (sized[last][name] - sized[before][name]) * step for name in SHOWN}
    found = {"sizes": sized, "writers": {} if chosen.quick else strangers(questions, whose), "gain": {str(STEP): gain}}
    if chosen.json:
        print(json.dumps(found))
    else:
        show(found, {name: one.bounds for name, one in measured(questions).items() if name in SHOWN})


if __name__ == "__main__":
    main()
