"""Makes the language model anew from the bank, on any machine, in an hour or two of two cores.

    python -m knowledge.training --base model.safetensors --vocabulary vocab.txt --out /tmp/model

BASE and VOCABULARY are all-MiniLM-L6-v2 as its makers publish it (Apache-2.0). The same bank, the same seed, and the same
versions of the libraries on the same kind of processor with as many cores make the same model; elsewhere the last digits of a
sum may differ, and with them some answers on the edge. Judge it before it takes the place of another:
`signpost eval` and `make bench-search`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from knowledge.encoder import MODEL
from knowledge.training import base, classes, examples, fit, making, pack, shelves, transformer
from knowledge.training.batches import Material
from knowledge.training.pack import Arrays
from knowledge.training.transformer import Weights
from knowledge.training.trial import Shelves
from knowledge.wordpiece import Pieces

# Where a worry is said in one line, and where a case is opened. The first was set with the judging messages in view; the second on
# two other writers' messages, with a model that had not been taught with them (docs/search.md).
LINE, CASE = 0.08, 0.6
SEED = 20261121
EVERYDAY = 5000  # asks and harmless messages of other banks, shown beside the dangers: about as many as there are of those

Step = Callable[..., None]


@dataclass(frozen=True)
class Chosen:
    """What was asked for on the command line."""

    base: Path
    vocabulary: Path
    out: Path
    steps: int
    listening: int
    seed: int
    line: float
    case: float


def make(chosen: Chosen, stage: Callable[[str, int], Step]) -> None:
    """Train, encode, weigh up, and write; STAGE is told what begins and how many steps it has."""
    asks, words = examples.asks(), base.vocabulary(chosen.vocabulary)
    pieces, begun = Pieces({word: number for number, word in enumerate(words)}), transformer.base(chosen.base)
    material = Material(asks, examples.documents(), examples.lessons())
    step = stage("questions and the rules that answer them", chosen.steps)
    fitted = fit.fit(material, pieces, begun, fit.Plan(steps=chosen.steps, seed=chosen.seed), _told(step))
    upper, heads = _listening(chosen, pieces, begun, stage)

    encoder, listener = pack.encoder(fitted, words), pack.listener(upper, heads, chosen.line, chosen.case)
    model, shipped = making.Remembering(encoder, listener), examples.policies()
    step = stage("phrases, precedents and rules as vectors", 0)
    book, written = shelves.shelf(asks, model, step), shelves.written(*examples.borrowed(), model, step)
    rules = shelves.rules([*shipped.values()], model, step)
    weights = making.ranking(shipped, model, Shelves.of(book, written), stage("how the signs add up", 0))
    known = {"bank.npz": book, "precedents.npz": written, "rules.npz": rules, "ranking.npz": weights}
    pack.write(chosen.out, {"encoder.npz": encoder, "listener.npz": listener, **known}, _card(chosen, len(asks)))


def _listening(
    chosen: Chosen, pieces: Pieces, begun: tuple[Weights, list[Weights]], stage: Callable[[str, int], Step]
) -> tuple[list[Arrays], dict[str, Arrays]]:
    """The second stack and its heads: what danger sounds like, and how much of life is none."""
    life = examples.everyday()
    drawn = np.random.default_rng(chosen.seed).permutation(len(life))[:EVERYDAY]
    risks = [*examples.labelled("risk"), *(life[number] for number in drawn)]
    plan = classes.Plan(steps=chosen.listening, seed=chosen.seed)
    return classes.fit(risks, examples.labelled("intents"), pieces, begun, plan, _told(stage("intents and danger", plan.steps)))


def _card(chosen: Chosen, asks: int) -> dict[str, str | int]:
    source = {"name": "signpost-school", "made_from": "sentence-transformers/all-MiniLM-L6-v2", "licence": "Apache-2.0"}
    kinds = {"intents": len(examples.labelled("intents")), "risks": len(examples.labelled("risk"))}
    counts = {"asks": asks, "precedents": len(examples.borrowed()[1]), **kinds}
    return {**source, **counts, "seed": chosen.seed, "steps": chosen.steps, "listening_steps": chosen.listening}


def _told(step: Step) -> Callable[[int, float], None]:
    return lambda number, loss: step(done=number + 1, note=f"loss {loss:.3f}")


def main() -> None:
    """Read the command line, and make the model with a bar for each stage."""
    usage, _, more = (__doc__ or "").partition("\n\n")
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m knowledge.training", description=usage, epilog=more, formatter_class=shape)
    parser.add_argument("--base", type=Path, required=True, metavar="FILE", help="the weights, model.safetensors")
    parser.add_argument("--vocabulary", type=Path, required=True, metavar="FILE", help="the pieces of words, vocab.txt")
    parser.add_argument("--out", type=Path, default=MODEL, metavar="FOLDER", help="where the model goes (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=900, help="of questions and rules (default: %(default)s)")
    parser.add_argument("--listening", type=int, default=1200, help="steps of intents and danger (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="of everything drawn at random (default: %(default)s)")
    parser.add_argument("--line", type=float, default=LINE, help="chance of danger that gets a line (default: %(default)s)")
    parser.add_argument("--case", type=float, default=CASE, help="chance of danger now that opens a case (default: %(default)s)")
    chosen = Chosen(**vars(parser.parse_args()))
    for file in (chosen.base, chosen.vocabulary):
        if not file.is_file():
            parser.error(f"{file} is not there. Both files are all-MiniLM-L6-v2's: see docs/search.md.")
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<36}"), BarColumn(), TextColumn("{task.completed}"), TextColumn("{task.fields[note]}"))
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console) as progress:

        def stage(what: str, steps: int) -> Step:
            task = progress.add_task(what, total=steps or None, note="")

            def step(done: int | None = None, note: str = "") -> None:
                progress.update(task, note=note, completed=done, advance=1 if done is None else None)

            return step

        make(chosen, stage)
    console.print(f"The model is in {chosen.out}. Judge it with `signpost eval` and `make bench-search` before it is shipped.")


if __name__ == "__main__":
    main()
