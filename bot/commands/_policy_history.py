"""`signpost policy history`: every version of a school's policy that was live, and what each of them said."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.config.rules import did_you_mean
from knowledge.policy import Policy
from storage.kept import Published
from storage.store import Store


def command(
    number: Annotated[int, typer.Option("--number", "-n", help="Print this version as it was written.", show_default=False)] = 0,
    section: Annotated[str, typer.Option("--section", help="Only this section of it, as an answer would quote it.")] = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Every version there was, who published it and when; or what one of them said, which explains an answer given from it.

    Example: signpost policy history --number 2 --section 6.2.e
    """
    if section and not number:
        raise Refused("Say with --number which version the section is to be read in.")

    async def work(store: Store, known: schools.School) -> None:
        if not number:
            await _list(store, known)
            return
        version = await store.policies.version(number)
        if version is None:
            raise Refused(f"There is no version {number}. `signpost policy history` lists them.")
        if section:
            _section(schools.as_published(version, known.name), version, known, section)
        else:
            typer.echo(version.markdown, nl=not version.markdown.endswith("\n"))

    at_school(config, school, work)


async def _list(store: Store, school: schools.School) -> None:
    out = Console(highlight=False)
    names = {person.id: person.name for person in await store.people.list()}
    table = Table("No.", "Live from", "Published by", "Rules", "SHA-256", "", box=None, header_style="bold")
    for place, version in enumerate(await store.policies.history()):
        rules = len(schools.as_published(version, school.name).leaves())
        who = names.get(version.by, version.by[:8]) if version.by else "the command line"
        notes = ["live"] * (place == 0) + [f"brings back {version.restores}"] * (version.restores is not None)
        table.add_row(str(version.number), _when(version, school), escape(who), str(rules), version.sha256[:12], ", ".join(notes))
    out.print(
        table
        if table.row_count
        else "Nothing was published yet: the school's folder is answered from. `signpost policy publish FILE` publishes."
    )


def _section(policy: Policy, version: Published, school: schools.School, ref: str) -> None:
    if ref not in policy:
        known = [one.ref for one in policy.sections]
        raise Refused(f"Version {version.number} has no section {ref}. {did_you_mean(ref, known)}")
    found = policy.section(ref)
    out = Console(highlight=False, soft_wrap=True)
    out.print(f"[bold]{escape(policy.title)}[/], version {version.number} here, live from {_when(version, school)}")
    out.print(f"[cyan]{escape(policy.cite(found))}[/]  [dim]{escape(found.ref)}, for {', '.join(sorted(found.audience))}[/]")
    out.print(f"\n[bold]{escape(found.title)}[/]")
    for rule in (found, *policy.rules(found.ref)):
        if rule.text:
            heading = "" if rule is found else f"{rule.ref}  {rule.title}\n"
            out.print(escape(f"{heading}{' '.join(part for part in (rule.lead, rule.text) if part)}"))


def _when(version: Published, school: schools.School) -> str:
    return version.at.astimezone(school.zone).strftime("%d %b %Y %H:%M")
