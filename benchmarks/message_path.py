"""What one message costs on its whole way, beside a bot that only echoes and a program that only commits.

    python benchmarks/message_path.py            about two minutes
    python benchmarks/message_path.py --quick    a few seconds: shows that it works, measures nothing well
    python benchmarks/message_path.py --json     the figures for a program

All of it runs in one process on one machine, in rounds that take turns, and what counts is the median over the rounds and the
ratio between two figures. See benchmarks/README.md for what each line means.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot import logs
from parts.bare import Echo, sqlite_commits, sqlmodel_commits, stubbed_slack
from parts.measuring import Stretch, machine
from parts.report import figures, show
from parts.whole import Bot, alone, at_work, through_the_loop

RATE = 10.0  # messages a second, the pace that a school's busiest hour does not reach


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    echoes: int
    commits: int
    messages: int
    bursts: int
    seconds: float


FULL = Size(rounds=5, echoes=1000, commits=300, messages=200, bursts=4, seconds=15)
QUICK = Size(rounds=1, echoes=50, commits=20, messages=10, bursts=1, seconds=0.5)

# By name, one stretch for each round; the names are those that report.py reads.
Measured = dict[str, list[Stretch]]


async def measure(size: Size, folder: Path, step: Callable[[str], None]) -> Measured:
    """Everything, in rounds: each round measures each thing once, so that a busy minute of the machine hits them all."""
    measured: Measured = defaultdict(list)
    async with at_work(folder) as bot:
        echo = Echo()
        step("warming up")
        await echo.measure(size.echoes)
        sqlmodel_commits(folder, 1)
        for platform in (bot.nowhere, bot.slack):
            await bot.begin(platform)
        for _ in range(size.rounds):
            step("peers")
            measured["echo"].append(await echo.measure(size.echoes))
            measured["sqlmodel"].append(sqlmodel_commits(folder, size.commits))
            measured["sqlite"].append(sqlite_commits(folder, size.commits))
            await _whole(bot, size, measured, step)
    return measured


async def _whole(bot: Bot, size: Size, measured: Measured, step: Callable[[str], None]) -> None:
    step("one at a time")
    measured["one"].append(await bot.one_at_a_time(bot.nowhere, size.messages))
    measured["one_slack"].append(await bot.one_at_a_time(bot.slack, size.messages))
    step("fifty at once")
    measured["burst"].append(await bot.bursts(bot.nowhere, size.bursts))
    measured["burst_slack"].append(await bot.bursts(bot.slack, size.bursts))
    step("without what is batched")
    with alone():
        measured["burst_alone"].append(await bot.bursts(bot.nowhere, size.bursts))
    with through_the_loop():
        measured["burst_loop"].append(await bot.bursts(bot.nowhere, size.bursts))
        measured["one_loop"].append(await bot.one_at_a_time(bot.nowhere, size.messages))
    step("part by part")
    for name, stretch in (await bot.parts(bot.nowhere, size.messages)).items():
        measured[f"part_{name}"].append(stretch)
    step(f"{RATE:.0f} a second")
    measured["paced"].append(await bot.paced(bot.nowhere, RATE, size.seconds))
    step("nobody speaks")
    measured["idle"].append(await bot.idle(size.seconds / 5))


def main() -> None:
    """Measure, and print a table or the figures as JSON."""
    usage, _, _ = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=usage)
    parser.add_argument("--quick", action="store_true", help="a few seconds only: shows that it works, measures nothing well")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--folder", type=Path, help="where the database files lie while it runs; must be a real disk")
    chosen = parser.parse_args()
    size = QUICK if chosen.quick else FULL
    logs.setup("console", "error")
    with TemporaryDirectory(prefix="signpost-bench-", dir=chosen.folder) as folder, _progress(size) as progress:
        task = progress.add_task("", total=1 + 6 * size.rounds)

        def step(what: str) -> None:
            progress.update(task, description=what, advance=1)

        about = machine(Path(folder))
        with stubbed_slack():
            measured = asyncio.run(measure(size, Path(folder), step))
    found = {"machine": about, "size": vars(size), **figures(measured)}
    if chosen.json:
        json.dump(found, sys.stdout, indent=2)
        print()
    else:
        show(found, Console())


def _progress(size: Size) -> Progress:
    columns = (TextColumn("{task.description:<24}"), BarColumn(), TextColumn(f"{size.rounds} rounds"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


if __name__ == "__main__":
    main()
