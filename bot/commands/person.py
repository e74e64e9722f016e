"""`signpost person`: what the school holds on somebody who wrote to the bot, for when they ask to see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import schools
from bot.casefile.document import moment
from bot.commands._entitled import As, person_called, put_out
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.messages import INCOMING, REPLY
from flows.cases.acts import Doing
from flows.matters import matter
from storage.kept import Act
from storage.store import Store
from storage.store.conversations import Line
from storage.store.subject import Subject, Subjects

app = typer.Typer(no_args_is_help=True, help="What the school holds on somebody who wrote to the bot.")
CASES = "case:"  # what was shown to them about somebody else's report is not about them


@app.callback()
def _group() -> None:
    """Keeps the name of what is done in the command line also while there is only one."""


@app.command()
def export(
    *,
    who: As,
    case: Annotated[str, typer.Option("--case", help="The reference of a report they sent.")] = "",
    place: Annotated[str, typer.Option("--place", help="Or CHANNEL:PLACE where they write, as in telegram:12345.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="A new file; otherwise it is printed here.", show_default=False)] = None,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Everything that is kept of one person's talk with the bot, and the reports they sent, as JSON. That it was taken is audited.

    What others wrote about those reports is not part of it: look through the reports themselves with `signpost case export`.
    Nor is any report that you were not told of or that may be about you, and nothing says whether there is one: have it taken out
    by somebody else who leads the school as well, always.
    """
    if bool(case) == bool(place):
        raise Refused("Say who it is either with --case and a report they sent, or with --place and where they write.")

    async def work(store: Store, known: schools.School) -> None:
        person = await person_called(store, who)
        found = await _found(store.subjects(person), case, place)
        acts = tuple(Act(Doing.SUBJECT, one.id, person.id) for one in found.cases) or (Act(Doing.SUBJECT, person=person.id),)
        await store.audit.append(acts, datetime.now(UTC))
        put_out(json.dumps(_plain(found, known), ensure_ascii=False, indent=2) + "\n", out)

    at_school(config, school, work)


async def _found(subjects: Subjects, case: str, place: str) -> Subject:
    if case:
        found = await subjects.who_sent(case.strip().upper())
    else:
        channel, _, where = place.partition(":")
        found = await subjects.who_writes(channel, where, where)
    if found is None:
        raise Refused("Nothing is kept there that they may see.")
    return found


def _plain(subject: Subject, school: schools.School) -> dict[str, Any]:
    return {
        "school": school.title,
        "channel": subject.channel,
        "place": subject.place,
        "sender": subject.sender,
        "a report is begun, or something is remembered": subject.draft,
        "talk": list(_talk(subject.lines, school)),
        "reports": [
            {
                "reference": case.reference,
                "about": matter(case.matter).title,
                "sent": moment(case.opened_at, school.zone),
                "stands": case.status.value,
                "said": [
                    {"asked": one.question, "answered": one.answer, "added": moment(one.at, school.zone) if one.at else None}
                    for one in case.said
                ],
            }
            for case in subject.cases
        ],
    }


def _talk(lines: tuple[Line, ...], school: schools.School) -> Iterator[dict[str, str]]:
    for line in lines:
        if line.kind == "heard":
            said, who = INCOMING.validate_json(line.body).text, "they"
        else:
            reply = REPLY.validate_json(line.body)
            if reply.about.startswith(CASES):
                continue
            said, who = "\n".join(part for part in (reply.title, reply.text) if part), "the bot"
        yield {"when": moment(line.at, school.zone), "who": who, "said": said}
