"""`signpost check`: is everything in place? Looks at settings, key, database, schools and people, and sends nothing."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import schools
from bot.commands._problems import sentence
from bot.commands._shared import DEFAULT_FILE, ConfigFile, connected, exists, live_policies, settings
from bot.commands._staffing import staff_of
from bot.config import Config, ConfigError
from bot.holders import gaps
from bot.keys import keyring
from bot.readiness import lint
from knowledge.risk import Triage
from storage.database import Database
from storage.kept import Published
from storage.proof import newest_opens
from storage.schema import current, head
from storage.store import Store

Level = Literal["ok", "warning", "error"]
MARKS: dict[Level, str] = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "error": "[bold red]✗[/]"}


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the answer."""

    level: Level
    what: str
    text: str


def command(
    live: Annotated[bool, typer.Option("--live", help="Be as strict as going live with real people demands.")] = False,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Is everything in place? Ends with 1 where something is not. Nothing is sent, stored or changed."""
    try:
        chosen = settings(config)
    except ConfigError as error:
        found = [Found("error", problem.file, f"{problem.key}: {problem.text}".removeprefix(": ")) for problem in error.problems]
    else:
        found = [Found("ok", "settings", f"{config} is complete."), *_parts(chosen)]
        versions, unread = _versions(chosen)
        known, lines = _schools(chosen, versions, live=live)
        stored = asyncio.run(_stored(chosen, known, live=live))
        found += [*lines, *unread, *(line for line in stored if line not in unread)]
    _show(found)
    if any(line.level == "error" for line in found):
        raise typer.Exit(1)


def _parts(config: Config) -> Iterator[Found]:
    """What the bot is made of: the channels' own packages, and the lexicon of danger words, without which nothing starts."""
    for name in config.channels:
        try:
            channel = importlib.import_module(f"bot.channels.{name}")
        except ModuleNotFoundError as error:
            yield Found("error", f"channel {name}", f"Its package {error.name} is missing: pip install 'signpost[{name}]'.")
            continue
        # A channel that can be tried out without sending anything says what is in its way.
        if (trouble := getattr(channel, "trouble", None)) is not None and (text := asyncio.run(trouble(config))):
            yield Found("error", f"channel {name}", text)
        else:
            yield Found("ok", f"channel {name}", "can be started.")
    Triage.load()
    yield Found("ok", "danger words", "read and proven.")


def _versions(config: Config) -> tuple[dict[str, Published], list[Found]]:
    """The policies that are live, or why they cannot be read."""
    try:
        return asyncio.run(live_policies(config)), []
    except Exception as error:  # noqa: BLE001 - said to the person; everything else is still looked at
        return {}, [Found("error", "storage", sentence(error))]


def _schools(config: Config, versions: Mapping[str, Published], *, live: bool) -> tuple[list[schools.School], list[Found]]:
    known: list[schools.School] = []
    found: list[Found] = []
    for name in config.schools:
        try:
            school = schools.load(name, config.schools_folder, versions.get(name))
        except Exception as error:  # noqa: BLE001 - said to the person; the other schools are still looked at
            found.append(Found("error", name, sentence(error)))
            continue
        known.append(school)
        found += _edition(school, versions.get(name))
        problems = lint(school, datetime.now(school.zone).date(), live=live)
        found += [Found(each.level, name, f"{Path(each.file).name}: {each.key}: {each.text}") for each in problems]
        if not problems:
            found.append(Found("ok", name, "policy, routes, days and contacts are in order."))
    return known, found


def _edition(school: schools.School, version: Published | None) -> Iterator[Found]:
    """Which policy is answered from, and whether somebody has gone on writing at the other one."""
    if version is None:
        return
    file = school.folder / "policy.md"
    if not file.is_file() or file.read_text(encoding="utf-8") == version.markdown:
        yield Found("ok", school.name, f"version {version.number} of the policy is live.")
    else:
        text = f"version {version.number} of the policy is live, and {file.name} says something else: publish it, or leave it."
        yield Found("warning", school.name, text)


async def _stored(config: Config, known: list[schools.School], *, live: bool) -> list[Found]:
    found: list[Found] = []
    try:
        ring = keyring(config)
        round_ = f"; key {ring.newest} is handed round: run `signpost key rotate` again" if ring.handed_round else ""
        found.append(Found("warning" if round_ else "ok", "key", f"keyring {ring.fingerprint()}, key {ring.sealing}{round_}."))
        if not exists(config):
            return [*found, Found("ok", "database", "There is none yet: the first start makes it.")]
        async with connected(config, ring) as database:
            revision = current(database)
            if revision != head():
                text = (
                    f"Its schema is {revision or 'empty'}, this version needs {head()}: run `signpost upgrade`, or start the bot."
                )
                return [*found, Found("warning", "database", text)]
            found += [Found("ok", "database", f"schema {revision}."), await _opens(database)]
            for school in known:
                found += await _people(Store(database, school.name), school, config, live=live)
    except Exception as error:  # noqa: BLE001 - said to the person; what was found before stays said
        found.append(Found("error", "storage", sentence(error)))
    return found


async def _opens(database: Database) -> Found:
    opens = await newest_opens(database)
    if opens is None:
        return Found("ok", "key", "nothing has been sealed yet.")
    if opens:
        return Found("ok", "key", "opens what was written last.")
    return Found(
        "error", "key", "does not open what was written last: this is another key. `signpost restore` takes the recovery sheet."
    )


async def _people(store: Store, school: schools.School, config: Config, *, live: bool) -> list[Found]:
    """Every report needs a person who can be reached; one to nobody would climb past them in silence."""
    found = gaps(await staff_of(store, school), config.channels, datetime.now(UTC), live=live)
    return [Found(gap.level, school.name, gap.text) for gap in found]


def _show(found: list[Found]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in found:
        table.add_row(MARKS[line.level], escape(line.what), escape(line.text))
    out = Console(highlight=False)
    out.print(table)
    count = sum(line.level != "ok" for line in found)
    out.print("\nEverything is in place." if not count else f"\n{count} to see to.")
