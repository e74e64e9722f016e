"""`signpost eval risk`: how much of the danger in messages is seen, and how many everyday ones raise an alarm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands._evaluating import finish, lines, show
from knowledge.evaluating import scoring
from knowledge.risk import Triage


def command(
    files: Annotated[list[Path], typer.Argument(help="Risk sets, one JSON object a line.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Only the line of figures.")] = False,
) -> None:
    """Score the triage of messages by risk. Ends with one line of figures as JSON.

    Example: signpost eval risk benchmarks/judging/risk-tess.jsonl
    """
    triage = Triage.load()
    figures = scoring.risks(lines(files, scoring.Worry), lambda one: triage.weigh(one.text, one.audience).level)
    if not as_json:
        show(figures)
    # Under names of their own: "false cases" is a figure as well.
    finish({**figures.plain(), **{f"{name.replace(' ', '_')}_ids": list(ids) for name, ids in figures.errors.items()}})
