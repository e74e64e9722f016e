"""`signpost eval intents`: how often it is understood what somebody wants."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands._evaluating import finish, lines, show
from knowledge.evaluating import scoring
from knowledge.intents import readings


def command(
    files: Annotated[list[Path], typer.Argument(help="Intent sets, one JSON object a line.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Only the line of figures.")] = False,
) -> None:
    """Score what is understood of messages. Ends with one line of figures as JSON.

    Example: signpost eval intents benchmarks/judging/intents-lena.jsonl
    """
    figures, mixed = scoring.intents(lines(files, scoring.Message), lambda one: readings(one.text, one.audience)[0][0])
    if not as_json:
        show(figures)
        for (meant, heard), count in sorted(mixed.items(), key=lambda one: -one[1]):
            if meant != heard:
                typer.echo(f"{meant} taken for {heard}: {count}")
    finish({**figures.plain(), "confusion": {f"{meant} > {heard}": count for (meant, heard), count in sorted(mixed.items())}})
