"""`signpost case erase`: make an end of a case's words; its stub stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import schools
from bot.commands._entitled import As, Reference, history_for, person_called
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from flows.cases.closing import erasable
from storage.store import Store


def command(
    reference: Reference,
    *,
    who: As,
    reason: Annotated[str, typer.Option("--reason", help="Why: who asked for it, and on what ground it is granted.")],
    confirm: Annotated[str, typer.Option("--confirm", help="The reference once more; otherwise it is asked for.")] = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Erase what was written in a closed case, for good: the report, what was added, the notes, and the messages it came with.

    Left are its reference, what it was about, its dates and its outcome, and in the audit what was done when and by whom.
    Backups that are older still hold the words until they are thrown away.
    """
    if not reason.strip():
        raise Refused("Say with --reason why: it is all that will be left of the decision.")

    async def work(store: Store, known: schools.School) -> None:  # noqa: ARG001 - one shape for all
        person = await person_called(store, who)
        case = (await history_for(store, person, reference)).case
        erasable(case)
        again = confirm or typer.prompt(f"The words of {case.reference} cannot be brought back. Type its reference to erase them")
        if again.strip().upper() != case.reference:
            raise Refused("That is another reference. Nothing was erased.")
        await store.keeping.erase(case.id, person.id, reason.strip(), datetime.now(UTC))
        typer.echo(f"The words of {case.reference} are erased. Backups made before today still hold them.")

    at_school(config, school, work)
