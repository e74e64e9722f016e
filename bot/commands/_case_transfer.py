"""`signpost case transfer`: say that a closed case now stands in the school's own record system."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import case_closing, schools
from bot.commands._case_close import kept_until
from bot.commands._entitled import As, Reference, history_for, person_called, write
from bot.commands._shared import DEFAULT_FILE, ConfigFile, SchoolName, at_school
from storage.kept import Recording
from storage.store import Store


def command(
    reference: Reference,
    who: As,
    recorded_as: Annotated[str, typer.Option("--recorded-as", help="Its reference there.")],
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Say where a closed case was moved to. Its words here go after the days the school set for that."""

    async def work(store: Store, known: schools.School) -> None:
        person = await person_called(store, who)
        case = (await history_for(store, person, reference)).case
        now = datetime.now(UTC)
        after = case_closing.moved(case, person.id, recorded_as, now)
        await write(store, Recording(now, changed=(after.case,), acts=(after.act,)))
        typer.echo(f"{case.reference} stands in {known.record_system or 'the record system'}. {kept_until(after.case, known)}")

    at_school(config, school, work)
