"""`signpost figures`: how many reports of which kind came in, and how soon somebody had them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import schools
from bot.commands._entitled import As, person_called
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.figures import SHORTEST_FOR_GOVERNORS, Figures, Period, as_markdown, as_plain, figures
from storage.kept import Act, Person
from storage.store import Store

DRILLS = 1000


class Format(StrEnum):
    """How figures are written."""

    MD = "md"
    JSON = "json"


class Readers(StrEnum):
    """Whom figures are for, besides whoever asks."""

    GOVERNORS = "governors"


def command(  # noqa: PLR0917 - each is an option of the command line, given by name
    who: As,
    since: Annotated[datetime, typer.Option("--since", formats=["%Y-%m-%d"], help="The first day, as 2026-09-01.")],
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day, counted in.")],
    readers: Annotated[
        Readers | None, typer.Option("--for", help="governors: no number that is small enough to point at anybody.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="md to read or print, json for another program.")] = Format.MD,
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file, which must be new.")] = None,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Count the reports that you may see, by kind. A drill is not counted, and neither is what is hidden from you.

    Examples:
      signpost figures --as "Safeguarding lead" --since 2026-09-01 --until 2026-12-18
      signpost figures --as headteacher --since 2026-09-01 --until 2026-12-18 --for governors --out autumn.md
    """

    async def work(store: Store, known: schools.School) -> None:
        person = await person_called(store, who)
        period = Period(since.date(), until.date())
        _check(period, readers)
        found = await _count(store, known, person, period, governors=readers is Readers.GOVERNORS)
        details = json.dumps({"since": str(period.since), "until": str(period.until), "for": readers.value if readers else None})
        now = datetime.now(UTC)
        await store.audit.append((Act("figures taken", person=person.id, details=details),), now)
        text = as_markdown(found) if form is Format.MD else json.dumps(as_plain(found), indent=2, ensure_ascii=False) + "\n"
        _put_out(text, out)

    at_school(config, school, work)


def _check(period: Period, readers: Readers | None) -> None:
    if period.until < period.since:
        raise Refused(f"--until: {period.until} is before {period.since}. Write the first day, then the last.")
    if readers is Readers.GOVERNORS and period.length < SHORTEST_FOR_GOVERNORS:
        days = SHORTEST_FOR_GOVERNORS.days
        raise Refused(f"--for governors: at least {days} days, so that nobody can be told apart. Choose a term or a half-term.")


async def _count(store: Store, school: schools.School, person: Person, period: Period, *, governors: bool) -> Figures:
    begin, end = (datetime.combine(day, time(), school.zone) for day in (period.since, period.until + timedelta(days=1)))
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    drills = [one for one in await store.figures.drills(DRILLS) if begin <= one.case.opened_at < end]
    tallies = await store.figures.opened(person, begin, end)
    return figures(school.title, period, tallies, await store.figures.in_vain(begin, end), drills, governors=governors)


def _put_out(text: str, file: Path | None) -> None:
    if file is None:
        typer.echo(text, nl=False)
        return
    if file.exists():
        raise Refused(f"{file} is there already. Name another file.")
    file.write_text(text, encoding="utf-8")
    typer.echo(f"{file}: written.")
