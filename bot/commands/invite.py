"""`signpost invite`: a code by which somebody is recognised in a chat: to read out, as a link, and as a QR code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import schools
from bot.changing_roles import Staff
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school, one_school, settings
from bot.commands._staffing import By, called, giver, role_called, staff_of
from bot.config import Config
from bot.config.rules import did_you_mean
from bot.joining import who
from bot.ways_in import grouped, in_the_terminal, missing, ways_in
from bot.wording import day_and_clock
from storage.kept import Person
from storage.store import Store
from storage.store.invites import GOOD_FOR


def command(  # noqa: PLR0917 - typer calls it, by name
    person: Annotated[str, typer.Argument(help="Their name, or the beginning of their id.", show_default=False)] = "",
    role: Annotated[str, typer.Option("--role", "-r", help="Or the role, where one person holds it.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="The only channel it is good for, as in telegram.")] = "",
    qr: Annotated[bool, typer.Option(help="Show the QR code.")] = True,
    by: By = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Invite somebody whom the school knows: with the code, the bot knows them in their own chat. It works once, for three days.

    An earlier code of theirs ends. Headteacher, safeguarding lead and chair are told when a role holder has used one.

    Examples:
      signpost invite "A. Person"
      signpost invite --role dsl --channel telegram
    """
    if bool(person) == bool(role):
        raise Refused("Say either who is invited, or the --role they hold.")
    chosen = settings(config)
    name = one_school(chosen, school)
    if channel and channel not in chosen.channels:
        raise Refused(f"“{channel}” is not among the channels in use. {did_you_mean(channel, chosen.channels)}")

    async def work(store: Store, known: schools.School) -> None:
        staff = await staff_of(store, known)
        invited = called(staff, person) if person else _holder(staff, role_called(known, role))
        now = datetime.now(UTC)
        code = await store.invites.make(invited.id, at=now, channel=channel or None, by=giver(staff, by))
        typer.echo(f"{invited.id[:8]} is invited to be known as {who(invited, staff)} of {known.title}.")
        typer.echo(f"Good once, until {day_and_clock(now + GOOD_FOR, known.zone)}.\n")
        _show(chosen, name, code, channel, qr=qr)

    at_school(config, school, work, make=True)


def _holder(staff: Staff, role: str) -> Person:
    """Whoever holds ROLE, if that is one person."""
    found = [one for one in staff.people.values() if role in one.roles]
    if not found:
        raise Refused(f"Nobody holds the role {role}. First: signpost people add NAME --role {role}")
    if len(found) > 1:
        ids = ", ".join(one.id[:8] for one in found)
        raise Refused(f"{len(found)} people hold the role {role}. Invite one of them by name or id: {ids}.")
    return found[0]


def _show(config: Config, school: str, code: str, channel: str, *, qr: bool) -> None:
    typer.echo(f"Code       {grouped(code)}   to be sent to the bot in private, as: join {grouped(code)}")
    links = [way for way in ways_in(config, school, code) if channel in ("", way.channel)]
    for way in links:
        typer.echo(f"{way.title:<10} {way.link}")
    if qr and links:
        typer.echo(f"\n{in_the_terminal(links[0].link)}\n")
    for setting in missing(config, school):
        typer.echo(f"There is one link less because {config.file or 'signpost.toml'} does not say {setting}.")
    typer.echo("\nWhoever has it becomes this person in the chat: hand it over yourself, never in a group or a shared inbox.")
