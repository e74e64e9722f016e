"""`signpost case close`: end a case with its outcome and the reason for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import case_closing, schools
from bot.case_closing import How
from bot.commands._entitled import As, Reference, history_for, person_called, write
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.record import written
from flows.cases.case import Case, Ending
from storage.kept import Recording, ToReporter
from storage.store import Store


def command(
    reference: Reference,
    *,
    who: As,
    ending: Annotated[Ending, typer.Option("--outcome", help="How it ended.")],
    reason: Annotated[str, typer.Option("--reason", help="Why: what was decided, and on what grounds.")],
    action: Annotated[str, typer.Option("--action", help="What was done about it.", show_default=False)] = "",
    recorded_as: Annotated[
        str | None, typer.Option("--recorded-as", help="Its reference in the school's own record system.", show_default=False)
    ] = None,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Close a case. Whoever sent the report hears that it is closed; the outcome and the reason stay in the record."""
    if not reason.strip():
        raise Refused("Say with --reason why it is closed: a record without reasons helps nobody later.")

    async def work(store: Store, known: schools.School) -> None:
        person = await person_called(store, who)
        case = (await history_for(store, person, reference)).case
        there = _asked(known) if recorded_as is None else recorded_as.strip()
        now = datetime.now(UTC)
        after = case_closing.closed(case, person.id, How(ending, reason, action, there), now)
        said = case_closing.reporter_told(after.case, known, now)
        note = () if said is None else (ToReporter(case.id, written(said)),)
        await write(store, Recording(now, changed=(after.case,), settled=(case.id,), to_reporters=note, acts=(after.act,)))
        typer.echo(f"{case.reference} is closed. {kept_until(after.case, known)}")

    at_school(config, school, work)


def _asked(school: schools.School) -> str:
    """Where the school has a record system, whether the case stands there already; nothing is asked where it has none."""
    if not school.record_system:
        return ""
    asked: str = typer.prompt(
        f"Its reference in {school.record_system} (empty: it is not there yet)", default="", show_default=False
    )
    return asked.strip()


def kept_until(case: Case, school: schools.School) -> str:
    """How long the words of a closed CASE stay."""
    end = school.retention.ends_at(case)
    if end is None:
        return f"Its words are kept until `signpost case transfer {case.reference}` says where they were moved."
    return f"Its words are kept until {end.astimezone(school.zone):%d %B %Y}, then a stub is left."
