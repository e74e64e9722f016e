"""`signpost ask`: put one question to a school's policy and see what it says, with the reference."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, SchoolName, live_policies, one_school, settings
from bot.config.names import school_names
from knowledge.intents import readings
from knowledge.risk import Triage
from knowledge.search import Answer, Sure, find

BANDS = {Sure.YES: "sure", Sure.MAYBE: "unsure", Sure.NO: "no"}
INTRO = {
    Sure.YES: "The policy says:",
    Sure.MAYBE: "Not sure. It may be one of these:",
    Sure.NO: "The policy does not seem to say.",
}


def command(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.", show_default=False)],
    school: SchoolName = "",
    audience: Annotated[str, typer.Option(help="Who asks: parent, staff, governor, …")] = "parent",
    as_json: Annotated[bool, typer.Option("--json", help="For another program to read.")] = False,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Put one question to a school's policy; nothing is stored. Without a configuration, a school we ship answers.

    Example: signpost ask --audience staff "May I be friends with a former pupil?"
    """
    chosen = settings(config, rehearsal=not config.exists(), key_needed=False)
    # Asking stores nothing and tells nobody: any school that is there may be asked, served or not.
    there = school_names(chosen.schools_folder)
    name = school if school in there else one_school(chosen, school)
    asked = schools.load(name, chosen.schools_folder, asyncio.run(live_policies(chosen)).get(name))
    answer = find(asked.policy, question, audience)
    today = datetime.now(asked.zone).date()
    warning = asked.policy.review_warning(today)
    if as_json:
        typer.echo(json.dumps(_plain(asked, question, audience, answer, warning), ensure_ascii=False))
    else:
        _show(asked, answer, warning)


def _plain(school: schools.School, question: str, audience: str, answer: Answer, warning: str | None) -> dict[str, object]:
    """One line: the band, the rules, the words of the answer, and what else was heard in the question."""
    sections = [
        {"ref": hit.section.ref, "score": round(hit.score, 3), "cite": school.policy.cite(hit.section), "text": hit.section.text}
        for hit in answer.sections
    ]
    return {
        "school": school.name,
        "band": BANDS[answer.sure],
        "sections": sections,
        "text": answer.sections[0].section.text if answer.sure is Sure.YES else INTRO[answer.sure],
        "warning": warning,
        "intent": readings(question, audience)[0][0],
        "risk": Triage.load().weigh(question, audience).level,
    }


def _show(school: schools.School, answer: Answer, warning: str | None) -> None:
    out = Console(highlight=False)
    out.print(f"[bold]{INTRO[answer.sure]}[/]")
    for hit in answer.sections:
        out.print()
        out.print(f"  [cyan]{escape(school.policy.cite(hit.section))}[/]  [dim]{escape(hit.section.ref)}, {hit.score:.2f}[/]")
        out.print(Padding(escape(hit.section.text), (0, 0, 0, 2)))
    if warning:
        out.print(f"\n[yellow]{escape(warning)}[/]")
