"""`signpost case export`: the whole record of a case, or a referral sheet, as Markdown, HTML or JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import schools
from bot.casefile import FORMS, Form, Maker, called, document, referral
from bot.commands._entitled import As, Reference, history_for, person_called, put_out
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.summaries import role_words
from flows.cases.acts import Doing, told
from storage.kept import Act
from storage.store import Store


def command(
    reference: Reference,
    *,
    who: As,
    form: Annotated[Form, typer.Option("--format", help="md to paste, html to print, json for another system.")] = Form.MARKDOWN,
    out: Annotated[Path | None, typer.Option("--out", help="A new file; otherwise it is printed here.", show_default=False)] = None,
    sheet: Annotated[
        bool, typer.Option("--referral", help="Only what somebody outside the school needs; say whom with --to.")
    ] = False,
    to: Annotated[str, typer.Option("--to", help="Who is given it, by role: children's social care, the police, …")] = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Take the record of a case out. Who took what, and for whom, is part of the record from then on."""
    if sheet and not to.strip():
        raise Refused("Say with --to who is given the referral sheet: it stands in the record who was given what.")
    if out is not None and out.exists():
        raise Refused(f"{out} is there already. Name another file.")

    async def work(store: Store, known: schools.School) -> None:
        person = await person_called(store, who)
        case = (await history_for(store, person, reference)).case
        what = "the referral sheet" if sheet else "the whole record"
        act = Doing.DISCLOSED if to.strip() else Doing.EXPORTED
        details = told(what=what, to=to.strip() or None, form=form.value)
        # First the link: nothing leaves without standing in its own record.
        await store.audit.append((Act(act, case.id, person.id, details),), datetime.now(UTC))
        names = {one.id: one.name for one in await store.people.list()}
        make = referral if sheet else document
        history = await history_for(store, person, reference)
        maker = Maker(person.id, called(person.name, role_words(known, person.roles)))
        put_out(FORMS[form](make(history, known, names, maker, datetime.now(UTC))), out)

    at_school(config, school, work)
