"""Whoever works on a case at the command line says who they are, sees what they would see anywhere else, and leaves a trace."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.commands._shared import Refused, one_person
from flows.cases.chronology import History
from storage.kept import Overtaken, Person, Recording
from storage.store import Store

As = Annotated[str, typer.Option("--as", help="Who you are: your name or id, as `signpost people list` shows it.")]
Reference = Annotated[str, typer.Argument(help="The reference of the report, such as SP-7K2M4.")]
_HOLD = timedelta(seconds=60)


async def person_called(store: Store, given: str) -> Person:
    """Whoever works at the command line: somebody with a role at the school."""
    person = one_person(await store.people.list(), given)
    if not person.roles:
        raise Refused("They hold no role at the school, and reports are read by those who do.")
    return person


async def history_for(store: Store, person: Person, reference: str) -> History:
    """The history of that case, for PERSON. A case that is hidden from them is answered for as one that never was."""
    named = reference.strip().upper()
    history = await store.seen_by(person).history(named)
    if history is None:
        raise Refused(f"There is no report {named} that they may see.")
    return history


async def write(store: Store, recording: Recording) -> None:
    """Write what was done to a case; refused when somebody else changed it at this very moment."""
    try:
        await store.record(recording, _HOLD)
    except Overtaken:
        raise Refused("Somebody else changed the report at this moment. Look at it again.") from None


def put_out(text: str, file: Path | None) -> None:
    """Print TEXT, or write it to FILE, which only its owner can read and which must be new."""
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise Refused(f"{file} is there already. Name another file.") from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    typer.echo(f"{file}: written. It holds what people wrote: keep it where the school keeps such files.")
