"""`signpost policy publish`: show what would change in a school's policy, and put it live once somebody agrees."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot import publishing, schools
from bot.commands import _changes
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, one_person, one_school, opened, settings
from bot.config import Config
from bot.publishing import Draft
from knowledge.changes import between
from storage.kept import Overtaken, Published
from storage.store import Store
from storage.store.policies import digest


def command(
    path: Annotated[Path | None, typer.Argument(help="The edited Markdown, or the folder it is in.", show_default=False)] = None,
    *,
    back: Annotated[int | None, typer.Option("--back", help="Bring this earlier version back instead.", show_default=False)] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Publish without asking.")] = False,
    by: Annotated[str, typer.Option("--by", help="Who publishes it: a name or id from `signpost people list`.")] = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Show what would change, section by section, and answer from it once you agree. Every earlier version is kept.

    Examples:
      signpost policy publish hill-top-policy.md --school hill-top
      signpost policy publish --back 3
    """
    if (path is None) == (back is None):
        raise Refused("Name the Markdown file to publish, or say --back with the number of an earlier version.")
    chosen = settings(config)
    name = one_school(chosen, school)
    given = publishing.read(path) if path is not None else None

    async def run() -> None:
        async with opened(chosen, make=True) as database:
            store = Store(database, name)
            draft = given or publishing.again(await _earlier(store, back or 0), name)
            await _publish(chosen, store, draft, by, yes=yes)

    asyncio.run(run())


async def _publish(config: Config, store: Store, draft: Draft, by: str, *, yes: bool) -> None:
    out = Console(highlight=False, soft_wrap=True)
    name, folder = store.school, config.schools_folder
    publisher = one_person(await store.people.list(), by).id if by else None
    live = await store.policies.live()
    after = 0 if live is None else live.number
    sha256 = digest(draft.markdown, draft.topics)
    if live is not None and live.sha256 == sha256:
        out.print(f"That is version {live.number}, which is live already. Nothing was changed.")
        return
    publishing.refuse_what_dangles(name, folder, draft)
    _show(out, config, name, live, draft)
    candidate = Published(after + 1, datetime.now(UTC), publisher, draft.markdown, draft.topics, sha256, draft.restores)
    today = datetime.now(schools.load(name, folder, candidate).zone).date()
    for one in publishing.findings(name, folder, candidate, today):
        out.print(f"[yellow]![/] {escape(one.key)}: {escape(one.text)}")
    if not yes and not typer.confirm(f"\nAnswer from this from now on, as version {candidate.number}?"):
        raise Refused("Nothing was published.")
    try:
        await store.policies.publish(draft.markdown, draft.topics, after=after, restores=draft.restores, by=publisher)
    except Overtaken as error:
        raise Refused(str(error)) from None
    out.print(f"\nVersion {candidate.number} is live. A running bot answers from it within half a minute.")
    if live is not None:
        out.print(f"`signpost policy publish --back {live.number} --school {name}` undoes it.")


def _show(out: Console, config: Config, name: str, live: Published | None, draft: Draft) -> None:
    """What would be different for somebody who asks."""
    before = publishing.answered_from(name, config.schools_folder, live)
    replaced = "the school's folder" if live is None else f"version {live.number}"
    if before is None:
        out.print(f"The first policy of {escape(name)}: {len(draft.policy.leaves())} rules and facts.")
        return
    changes = between(before, draft.policy)
    out.print(f"Against {replaced}:" if changes else f"No section says anything else than in {replaced}.")
    _changes.show(out, changes)
    if before.answers and not draft.policy.answers:
        out.print("[yellow]![/] There is no topics.toml beside it: which rule answers which topic is guessed from now on.")
    elif before.answers != draft.policy.answers:
        out.print("[yellow]~[/] Which rules answer which topic (topics.toml) is different.")


async def _earlier(store: Store, number: int) -> Published:
    version = await store.policies.version(number)
    if version is None:
        known = ", ".join(str(one.number) for one in reversed(await store.policies.history())) or "none yet"
        raise Refused(f"There is no version {number}. Published so far: {known}.")
    return version
