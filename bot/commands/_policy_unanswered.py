"""`signpost policy unanswered`: what people asked in vain, so that the policy or the bot can be made to answer it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, SchoolName, at_school
from storage.kept import Asked
from storage.store import Store

ANSWERS = {"no": "none", "maybe": "unsure", "yes": "sure"}


def command(
    days: Annotated[int, typer.Option("--days", help="How far back to look.", min=1)] = 30,
    limit: Annotated[int, typer.Option("--limit", help="At most so many, the newest.", min=1, max=10_000)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="For another program to read.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """What got no sure answer, or one that did not help. Nobody is named; the words are there only where the person agreed."""

    async def work(store: Store, known: schools.School) -> None:
        since = datetime.now(UTC) - timedelta(days=days)
        asked = await store.questions.in_vain(since, limit)
        if as_json:
            typer.echo(json.dumps([_plain(one) for one in asked], ensure_ascii=False))
            return
        out = Console(highlight=False)
        out.print(await _summary(store, since, days))
        if asked:
            out.print(_table(asked, known))

    at_school(config, school, work)


async def _summary(store: Store, since: datetime, days: int) -> str:
    counts = await store.questions.counts(since)
    if not counts:
        return f"Nothing was asked in vain in the last {days} days."
    none, unsure = (sum(one.questions for one in counts if one.band == band) for band in ("no", "maybe"))
    good, bad = (sum(one.questions for one in counts if one.helpful is helpful) for helpful in (True, False))
    told = sum(one.passed_on for one in counts)
    return (
        f"In the last {days} days: {none} not answered, {unsure} answered with a choice; "
        f"{good} answers said to be right, {bad} not. The words of {told} were passed on."
    )


def _table(asked: tuple[Asked, ...], school: schools.School) -> Table:
    table = Table("Asked", "By", "Answer", "Version", "Shown", "In their words", box=None, header_style="bold")
    for one in asked:
        when = one.at.astimezone(school.zone).strftime("%d %b %Y %H:%M") if one.at else ""
        answer = ANSWERS.get(one.band, one.band) + (", not right" if one.helpful is False else "")
        words = "[dim](not passed on)[/]" if one.words is None else escape(one.words)
        table.add_row(when, one.audience, answer, str(one.version or "folder"), escape(", ".join(one.refs)), words)
    return table


def _plain(one: Asked) -> dict[str, object]:
    return {
        "at": one.at.isoformat() if one.at else None,
        "audience": one.audience,
        "band": one.band,
        "helpful": one.helpful,
        "version": one.version,
        "refs": one.refs,
        "words": one.words,
    }
