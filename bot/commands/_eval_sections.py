"""`signpost eval sections`: import documents and see whether every section of theirs is there, word by word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands._shared import Refused
from knowledge.evaluating.sections import Scored, anchors_in, documents_in, score

TABLE = Path("../shared/eval/sections.json")


def command(
    file: Annotated[Path | None, typer.Argument(help="The table of sections; the same as --sections.", show_default=False)] = None,
    import_from: Annotated[Path, typer.Option("--import-from", help="The folder with the documents.")] = Path(
        "../shared/policies/source"
    ),
    sections: Annotated[Path, typer.Option("--sections", help="The table of sections that must be found.")] = TABLE,
    as_json: Annotated[bool, typer.Option("--json", help="Only the line of figures.")] = False,
) -> None:
    """Import documents and compare them with a table of their sections. Ends with one line of figures as JSON.

    Example: signpost eval sections --import-from policies --sections policies/sections.json
    """
    table = file or sections
    for needed in (table, import_from):
        if not needed.exists():
            raise Refused(
                f"{needed} is not there. Name the table with --sections FILE and the documents' folder with --import-from DIR."
            )
    wanted = anchors_in(table)
    documents = documents_in(import_from)
    if not wanted.keys() & documents.keys():
        raise Refused(f"No document in {import_from} is called as a school of {table} is: {', '.join(wanted)}.")
    scored = [score(documents[school], anchors) for school, anchors in wanted.items() if school in documents]
    if not as_json:
        _show(scored, [school for school in wanted if school not in documents])
    typer.echo(json.dumps(_figures(scored), ensure_ascii=False))


def _show(scored: list[Scored], without: list[str]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("school", "leaves", "anchors", "covered", "words", "lost", "invented", "in no anchor", "across two", "people"):
        table.add_column(name, justify="left" if name == "school" else "right")
    for one in scored:
        counts = (
            one.leaves,
            one.anchors,
            one.covered,
            one.words,
            *map(len, (one.lost, one.invented, one.outside, one.across)),
            one.people,
        )
        table.add_row(one.school, *map(str, counts))
    out = Console(highlight=False)
    out.print(table)
    for one in scored:
        for what, names in (
            ("not covered", one.holes),
            ("invented", one.invented),
            ("in no anchor", one.outside),
            ("across two", one.across),
        ):
            if names:
                out.print(escape(f"{one.school}: {what}: {', '.join(names)}"))
        if one.lost:
            out.print(escape(f"{one.school}: lost: {' '.join(one.lost[:80])}"))
    for school in without:
        out.print(escape(f"{school}: there is no document of this name."))


def _figures(scored: list[Scored]) -> dict[str, object]:
    anchors, covered, words, lost = (
        sum(part) for part in zip(*((one.anchors, one.covered, one.words, len(one.lost)) for one in scored), strict=True)
    )
    return {
        "anchors": anchors,
        "covered": covered,
        "coverage": round(covered / anchors, 4),
        "words": words,
        "lost_words": lost,
        "intact": round(1 - lost / max(1, words), 4),
        "leaves": sum(one.leaves for one in scored),
        "invented": sum(len(one.invented) for one in scored),
        "outside": sum(len(one.outside) for one in scored),
        "across": sum(len(one.across) for one in scored),
        "people": sum(one.people for one in scored),
        "schools": {
            one.school: {
                "leaves": one.leaves,
                "anchors": one.anchors,
                "covered": one.covered,
                "not_covered": list(one.holes),
                "words": one.words,
                "lost_words": len(one.lost),
                "invented": list(one.invented),
                "outside": len(one.outside),
                "across": list(one.across),
                "people": one.people,
            }
            for one in scored
        },
    }
