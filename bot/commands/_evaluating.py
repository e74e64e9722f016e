"""What the three scores of `signpost eval` share: reading a set line by line, and showing its figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands._shared import Refused
from knowledge.evaluating.scoring import Figures

Line = TypeVar("Line", bound=BaseModel)
_MOST_ERRORS = 40


def lines(files: Sequence[Path], kind: type[Line]) -> list[Line]:
    """Every line of FILES as KIND; Refused, with the place and the key, where one is not."""
    found = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise Refused(
                f"{file} cannot be read ({type(problem).__name__}). Name a file with one JSON object a line."
            ) from problem
        # Not splitlines(): what people type holds characters that it takes for the end of a line, and JSON does not.
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                found.append(_line(line, kind, f"{file}:{number}"))
    if not found:
        raise Refused("There is nothing to score: the file holds no line.")
    return found


def _line(line: str, kind: type[Line], place: str) -> Line:
    try:
        return kind.model_validate_json(line)
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "the line"
        raise Refused(f"{place}: {key}: {first['msg']}.") from problem


def show(figures: Figures, groups: Mapping[str, Mapping[str, Figures]] | None = None) -> None:
    """FIGURES with their bounds, each of GROUPS below, then the worst errors by their ids."""
    out = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    for name in ("", "share", "95 % bounds", "of"):
        table.add_column(name, justify="left" if not name else "right")
    for name, one in figures.shares.items():
        low, high = one.bounds
        table.add_row(name, f"{one.value:.3f}", f"{low:.3f}-{high:.3f}", str(one.of))
    out.print(table)
    for key, parts in (groups or {}).items():
        table = Table(box=None, pad_edge=False, title=key, title_justify="left")
        names = next(iter(parts.values())).shares
        for name in ("", *names):
            table.add_column(name, justify="left" if not name else "right")
        for part, own in parts.items():
            table.add_row(part, *(f"{one.value:.2f}" if one.of else "-" for one in own.shares.values()))
        out.print(table)
    for name, ids in figures.errors.items():
        if ids:
            more = f" and {len(ids) - _MOST_ERRORS} more" if len(ids) > _MOST_ERRORS else ""
            out.print(escape(f"{name}: {', '.join(ids[:_MOST_ERRORS])}{more}"))


def finish(figures: Mapping[str, object]) -> None:
    """The one line that other programs read."""
    typer.echo(json.dumps(figures, ensure_ascii=False))
