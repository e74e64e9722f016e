"""`signpost case hold`: nothing of a case is destroyed until the hold is lifted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import case_closing, schools
from bot.commands._entitled import As, Reference, history_for, person_called, write
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from storage.kept import Recording
from storage.store import Store


def command(
    reference: Reference,
    *,
    who: As,
    reason: Annotated[str, typer.Option("--reason", help="Why: a court order, an inquiry, a complaint.")],
    off: Annotated[bool, typer.Option("--lift", help="The hold is over.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Set a legal hold on a case, or lift it. While it is held neither the nightly clean-up nor `erase` touches it."""
    if not reason.strip():
        raise Refused("Say with --reason why: it stands in the record.")

    async def work(store: Store, known: schools.School) -> None:  # noqa: ARG001 - one shape for all
        person = await person_called(store, who)
        case = (await history_for(store, person, reference)).case
        now = datetime.now(UTC)
        after = case_closing.lifted(case, person.id, reason) if off else case_closing.held(case, person.id, reason, now)
        await write(store, Recording(now, changed=(after.case,), acts=(after.act,)))
        typer.echo(f"The hold on {case.reference} is lifted." if off else f"{case.reference} is held: nothing of it is destroyed.")

    at_school(config, school, work)
