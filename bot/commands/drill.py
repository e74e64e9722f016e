"""`signpost drill`: try out whether everybody who should be told can be reached, and how long that takes."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rapidfuzz import process
from rich.console import Console
from rich.live import Live
from rich.table import Table

from bot import drill, schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school
from bot.record import record
from bot.wording_digests import span
from flows.cases.case import NotPossible, Severity
from flows.cases.figures import Drill, Trial
from flows.matters import TELL_THE_LEAD, matter
from storage.kept import Person
from storage.store import Store

HOLD = timedelta(seconds=60)
LOOK = 1.0  # seconds between two looks at how far it has come
_WAIT = re.compile(r"(\d{1,4})\s*([smh])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def command(  # noqa: PLR0917 - each is an option of the command line, given by name
    event: Annotated[str, typer.Option("--matter", help="The event to try out, as school.toml calls its route.")] = TELL_THE_LEAD,
    severity: Annotated[Severity, typer.Option("--severity", help="How urgent it is said to be.")] = Severity.HIGH,
    climb: Annotated[
        bool, typer.Option("--climb", help="One step after the other, with the clocks of a real report, until somebody takes it.")
    ] = False,
    wait: Annotated[str, typer.Option("--wait", help="How long to watch, such as 90s, 10m or 2h; 0s to go at once.")] = "10m",
    past: Annotated[bool, typer.Option("--list", help="How earlier drills went; starts none.")] = False,
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Send a case of which nothing happened on the real way, and see who has it when. The bot must be running.

    Everybody on the way of that event is told, each with a card that says it is a drill. Press Acknowledge on it, as in earnest.
    No figure and no digest counts it, nobody outside the school hears of it, and it closes by itself after a day.

    Examples:
      signpost drill                                    a worry for the safeguarding lead
      signpost drill --matter danger --severity immediate
      signpost drill --climb --severity immediate --wait 30m
      signpost drill --list                             how the last ones went
    """
    out = Console(highlight=False)
    watched = _span(wait)

    async def work(store: Store, known: schools.School) -> None:
        if past:
            await _list(store, known, out)
            return
        begun = await _begin(store, known, event, severity, climb=climb)
        out.print(f"Drill {begun.case.reference} has begun: {matter(event).title}. Nothing of it happened.")
        watching = _Watching(store, known, begun.case.reference, watched, out)
        await watching.to_the_end()

    at_school(config, school, work)


async def _begin(store: Store, school: schools.School, event: str, severity: Severity, *, climb: bool) -> Drill:
    if event not in school.routes:
        near = process.extractOne(event, sorted(school.routes), score_cutoff=60)
        known = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(school.routes))}."
        raise Refused(f"--matter: {school.name} has no route “{event}”. {known}")
    now = datetime.now(UTC)
    try:
        outcome = drill.begin(school, now, matter=event, severity=severity, climb=climb)
    except NotPossible as why:
        raise Refused(str(why)) from why
    await record(store, outcome, at=now, hold=HOLD)
    return Drill(outcome.opened[0], ())


@dataclass(frozen=True, slots=True)
class _Watching:
    """Looks at one drill until everybody is reached and somebody has it, or for as long as was asked."""

    store: Store
    school: schools.School
    reference: str
    watched: timedelta
    out: Console

    async def to_the_end(self) -> None:
        """Show how far it has come, and write down what it came to: also when somebody does not wait for the end."""
        people = {person.id: person for person in await self.store.people.list()}
        began = datetime.now(UTC)
        try:
            with Live(console=self.out, auto_refresh=False, transient=True) as live:
                while not _settled(now := await self._look()) and datetime.now(UTC) - began < self.watched:
                    live.update(_table(now, people, self.school), refresh=True)
                    await asyncio.sleep(LOOK)
        finally:
            found = await self._look()
            await self.store.audit.append((drill.found(found, datetime.now(UTC)),), datetime.now(UTC))
            self.out.print(_table(found, people, self.school))
            self.out.print(_summary(found))
            if left := _untold(found, people):
                roles = ", ".join(self.school.roles.get(role, role) for role in left)
                self.out.print(f"Not told, because nobody in that role can be reached or its turn has not come: {roles}.")

    async def _look(self) -> Drill:
        found = await self.store.figures.drill(self.reference)
        if found is None:
            raise Refused(f"The drill {self.reference} is gone. `signpost drill --list` shows those there are.")
        return found


def _settled(now: Drill) -> bool:
    """Whether there is nothing left to wait for: everybody who was told has it, and one has said so."""
    return bool(now.trials) and now.unreached == 0 and now.answered is not None


def _table(now: Drill, people: dict[str, Person], school: schools.School) -> Table:
    table = Table("Who", "Role", "Queued", "Sent", "Delivered", "Seen", "Acknowledged", box=None, header_style="bold")
    for trial in now.trials:
        person = people.get(trial.person)
        # Names stay out of what may be printed, shown round or pasted into a mail: a role is enough.
        roles = ", ".join(school.roles.get(role, role) for role in person.roles) if person else "somebody who has left"
        table.add_row(trial.person[:8], roles, *_moments(trial, now))
    return table


def _untold(now: Drill, people: dict[str, Person]) -> tuple[str, ...]:
    """The roles on the way of the drill in which nobody was told."""
    told = {role for trial in now.trials if trial.person in people for role in people[trial.person].roles}
    return tuple(role for rung in now.case.rungs for role in rung if role not in told)


def _moments(trial: Trial, now: Drill) -> tuple[str, ...]:
    moments = (trial.queued, trial.sent, trial.delivered, trial.seen, trial.acknowledged)
    return tuple("-" if at is None else f"+{max(0.0, (at - now.case.opened_at).total_seconds()):.1f} s" for at in moments)


def _summary(found: Drill) -> str:
    if not found.trials:
        return "[bold]Nobody has been told yet.[/] Is the bot running (`signpost run`)? `signpost drill --list` shows it later."
    if found.took is None:
        reached = f"[bold]{found.unreached} of {len(found.trials)} people were not reached yet.[/]"
    else:
        reached = f"All {len(found.trials)} people who were told were reached within {span(found.took)}."
    answered = "Nobody has acknowledged it." if found.answered is None else f"The first answered after {span(found.answered)}."
    return f"{reached} {answered} The case closes by itself after a day."


async def _list(store: Store, school: schools.School, out: Console) -> None:
    table = Table(
        "Drill", "When", "Event", "Told", "Not reached", "All reached after", "First answer", box=None, header_style="bold"
    )
    for one in await store.figures.drills():
        table.add_row(
            one.case.reference,
            one.case.opened_at.astimezone(school.zone).strftime("%d %b %Y %H:%M"),
            matter(one.case.matter).title,
            str(len(one.trials)),
            str(one.unreached),
            "-" if one.took is None else span(one.took),
            "-" if one.answered is None else span(one.answered),
        )
    out.print(table if table.row_count else "No drill has been held yet.")


def _span(wait: str) -> timedelta:
    found = _WAIT.fullmatch(wait.strip())
    if found is None:
        raise Refused(f"--wait: “{wait}” is not a time. Write 90s, 10m or 2h.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
