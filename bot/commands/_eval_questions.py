"""`signpost eval questions`: how often the right rule comes first, and how often a sure answer is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import schools
from bot.commands._evaluating import finish, lines, show
from bot.commands._shared import Refused
from knowledge.evaluating import scoring
from knowledge.evaluating.answering import answer, imported, mentions, shipped

TABLE = Path("../shared/eval/sections.json")
ANCHORS = Path("benchmarks/judging/anchors.json")  # the names alone: enough for the schools we ship


def command(
    files: Annotated[list[Path], typer.Argument(help="Question sets, one JSON object a line.", show_default=False)],
    import_from: Annotated[
        Path | None,
        typer.Option("--import-from", help="Answer from the documents in this folder, imported now.", show_default=False),
    ] = None,
    sections: Annotated[Path, typer.Option("--sections", help="The table of sections that answers are named by.")] = TABLE,
    as_json: Annotated[bool, typer.Option("--json", help="Only the line of figures.")] = False,
) -> None:
    """Put a set of questions to the schools' policies. Ends with one line of figures as JSON.

    Example: signpost eval questions benchmarks/judging/questions-ruth.jsonl
    """
    if import_from is not None and not (import_from.is_dir() and sections.exists()):
        raise Refused(
            f"{import_from} and {sections} have to be there: the documents, and the table of their sections (--sections)."
        )
    table = ANCHORS if sections == TABLE and not TABLE.exists() else sections
    if not table.exists():
        raise Refused(
            f"{table} is not there, and without a table of sections no answer can be told right. Name it: --sections FILE."
        )
    asked = lines(files, scoring.Question)
    known = imported(import_from, sections) if import_from else shipped(schools.SHIPPED, table)
    if missing := {one.school for one in asked} - known.keys():
        raise Refused(f"There is no policy for {', '.join(sorted(missing))}. Known: {', '.join(known)}.")
    given = {one: answer(known, one) for one in asked}
    figures, groups = scoring.questions(asked, given.__getitem__)
    plain = figures.plain()
    if import_from:
        hits = [one for one in asked if given[one].first_in(one.answers)]
        mentioned = scoring.share(mentions(one, given[one].shown) for one in hits)
        plain["hits_that_mention"] = round(mentioned.value, 4) if mentioned.of else None
    if not as_json:
        show(figures, groups)
    finish({**plain, **{key: {name: own.plain() for name, own in parts.items()} for key, parts in groups.items()}})
