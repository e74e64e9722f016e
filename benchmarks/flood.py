"""What happens after one incident: a hundred parents write at once, and the lead must neither miss a report nor drown in them.

    python benchmarks/flood.py            about three minutes: ten messages a second, for sixty real seconds
    python benchmarks/flood.py --short    half a minute: as many a second, for ten; enough to see whether a change costs anything
    python benchmarks/flood.py --quick    a few seconds: shows that it works, measures nothing well
    python benchmarks/flood.py --json     the figures for a program

The bot runs in a process of its own, as a school runs it; the parents, and the lead with an open page, come over HTTP. A reply has
come when the page that it stands on can be loaded. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import secrets
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from rich.console import Console
from rich.table import Table

from bot.channels.web.session import Session
from flows import catalogue
from parts.measuring import machine, quantile
from parts.served import SCHOOL, SETTLE_WITHIN

HERE = Path(__file__).parent
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
EVENTS = re.compile(r'data-events="([^"]+)"[^>]*data-after="([^"]+)"|data-after="([^"]+)"[^>]*data-events="([^"]+)"')
LINE = re.compile(r'class="line (card|gone)[^"]*" data-id="([^"]+)"')
WARM = 2  # messages before anything is measured
WITHIN = 0.3  # seconds: the target for 95 of 100 replies
WORDS = (
    "Something was posted about the class trip in the year five group last night and many of us have seen it.",
    "My daughter showed me what is going round about the trip. She is upset and does not want to come to school.",
    "There is a thread about the trip with names in it. I think the school should know before Monday.",
)


@dataclass(frozen=True)
class Size:
    """How much is said: by how many, how fast, for how long."""

    parents: int
    rate: float
    seconds: float
    peer_seconds: float
    pause: float  # seconds between two messages to the lead about what was gathered


FULL = Size(parents=100, rate=10, seconds=60, peer_seconds=15, pause=60)
SHORT = Size(parents=20, rate=10, seconds=10, peer_seconds=4, pause=5)
QUICK = Size(parents=12, rate=36, seconds=2, peer_seconds=0.5, pause=1)


@dataclass
class Parent:
    """One browser, and what its owner says next."""

    client: httpx.AsyncClient
    csrf: str
    lines: Iterator[str]
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def says(self) -> None:
        """The next line, and the page with the answer. One after the other, as a person does it."""
        async with self.busy:
            fields = {"csrf": self.csrf, "nonce": secrets.token_urlsafe(18), "about": "", "text": next(self.lines)}
            answer = await self.client.post(f"/chat/{SCHOOL}/say", data=fields)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(f"The page answered {answer.status_code}.")


def lines(number: int) -> Iterator[str]:
    """What a parent says: a short report to its end, and then a question."""
    yield from ("report something", catalogue.flow("tell_us").title, WORDS[number % len(WORDS)], "the safeguarding lead", "send")
    while True:
        yield "Can I film the nativity play?"


@asynccontextmanager
async def started(module: str, *arguments: object) -> AsyncIterator[asyncio.subprocess.Process]:
    """MODULE of the parts with its ARGUMENTS, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *map(str, arguments), cwd=HERE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}"},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def tells(process: asyncio.subprocess.Process) -> dict[str, object]:
    """The next thing PROCESS says."""
    assert process.stdout is not None
    async with asyncio.timeout(SETTLE_WITHIN + 30):
        found: dict[str, object] = json.loads(await process.stdout.readline())
        return found


def hears(process: asyncio.subprocess.Process, line: str = "") -> None:
    """Say LINE to PROCESS."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())


async def paced(size: Size, seconds: float, says: list[Parent]) -> list[float]:
    """Ten a second at random moments; a wait counts from the moment the message should have come in. Parents take turns."""
    waits: list[float] = []
    began, chance = time.perf_counter(), random.Random(1)

    async def one(parent: Parent, at: float) -> None:
        await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
        await parent.says()
        waits.append(time.perf_counter() - began - at)

    moments = sorted(chance.uniform(0, seconds) for _ in range(int(size.rate * seconds)))
    await asyncio.gather(*(one(says[number % len(says)], at) for number, at in enumerate(moments)))
    return waits


async def watched(client: httpx.AsyncClient, page: str, seen: dict[str, int]) -> None:
    """The lead's open page: each line that appears, and how often it changed."""
    found = EVENTS.search(page)
    if found is None:
        raise RuntimeError("The lead's page has no stream.")
    events, after = (found[1], found[2]) if found[1] else (found[4], found[3])
    join = "&" if "?" in events else "?"
    async with client.stream("GET", f"{events}{join}after={after}", timeout=None) as stream:
        async for line in stream.aiter_lines():
            for _, name in LINE.findall(line):
                seen[name] = seen.get(name, 0) + 1


async def measure(size: Size, folder: Path) -> dict[str, object]:
    """The peer first, then the flood; the figures."""
    async with started("parts.committing_page", folder) as peer:
        at = str((await tells(peer))["address"])
        async with httpx.AsyncClient(base_url=at) as client:
            peers = [_Peer(client, "", lines(number)) for number in range(size.parents)]
            alone = await paced(size, size.peer_seconds, list(peers))
    async with started("parts.served", folder, size.pause) as bot:
        at = str((await tells(bot))["address"])
        async with httpx.AsyncClient(base_url=at) as lead:
            page, place = await _opened(lead)
            hears(bot, place)
            await tells(bot)
            seen: dict[str, int] = {}
            watching = asyncio.create_task(watched(lead, page, seen))
            waits = await _flooded(size, at)
            hears(bot)
            found = await tells(bot)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            hears(bot)
    said = int(size.rate * size.seconds) + WARM
    return {
        "said": said,
        "reply_ms": {name: round(1000 * quantile(waits, share), 1) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))},
        "peer_ms": {name: round(1000 * quantile(alone, share), 1) for name, share in (("p50", 0.5), ("p95", 0.95))},
        "to_peer": round(quantile(waits, 0.95) / quantile(alone, 0.95), 1),
        **found,
        "lost": said - int(str(found["handled"])) + int(str(found["cases"])) - int(str(found["pushed"])),
        "lead_lines": len(seen),
        "lead_changes": sum(seen.values()) - len(seen),
    }


class _Peer(Parent):
    """The same, at the page that only commits."""

    async def says(self) -> None:
        async with self.busy:
            (await self.client.post("/say", data={"text": next(self.lines)})).raise_for_status()


async def _flooded(size: Size, at: str) -> list[float]:
    clients = [httpx.AsyncClient(base_url=at, timeout=30) for _ in range(size.parents)]
    try:
        parents = []
        for number, client in enumerate(clients):
            page = await client.get(f"/chat/{SCHOOL}")
            parents.append(Parent(client, _csrf(page.text), lines(number)))
        # They have all just opened the page; the first words of a process pay for what is loaded only once.
        warm = Parent(clients[0], parents[0].csrf, iter(("hello", "Can I film the nativity play?")))
        for _ in range(WARM):
            await warm.says()
        return await paced(size, size.seconds, parents)
    finally:
        await asyncio.gather(*(client.aclose() for client in clients))


async def _opened(lead: httpx.AsyncClient) -> tuple[str, str]:
    """The lead's page, and the place at which they are written to."""
    page = await lead.get(f"/chat/{SCHOOL}")
    (cookie,) = lead.cookies.jar
    return page.text, Session(str(cookie.value)).place(SCHOOL)


def _csrf(page: str) -> str:
    found = CSRF.search(page)
    if found is None:
        raise RuntimeError("The page has no form.")
    return found[1]


def show(found: dict[str, object], console: Console) -> None:
    """FOUND as a table."""
    table = Table(title="After one incident")
    table.add_column("what")
    table.add_column("found", justify="right")
    reply, peer = found["reply_ms"], found["peer_ms"]
    assert isinstance(reply, dict)
    assert isinstance(peer, dict)
    for what, figure in (
        ("messages", found["said"]),
        ("reply, half within", f"{reply['p50']} ms"),
        (f"reply, 95 of 100 within (target {1000 * WITHIN:.0f} ms)", f"{reply['p95']} ms"),
        ("the same from a page that only commits", f"{peer['p95']} ms"),
        ("cases opened", found["cases"]),
        ("of these pushed to the lead", found["pushed"]),
        ("messages or cases lost", found["lost"]),
        ("lines on the lead's page", found["lead_lines"]),
        ("times one of them changed in place", found["lead_changes"]),
    ):
        table.add_row(what, str(figure))
    console.print(table)


def main() -> None:
    """Measure, and print a table or the figures as JSON."""
    usage, _, _ = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=usage)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", dest="size", action="store_const", const=SHORT, default=FULL, help="half a minute")
    size.add_argument(
        "--quick",
        dest="size",
        action="store_const",
        const=QUICK,
        help="a few seconds: measures nothing well",
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--folder", type=Path, help="where the database files lie while it runs; must be a real disk")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="signpost-flood-", dir=chosen.folder) as folder:
        found = {"machine": machine(Path(folder)), "size": vars(chosen.size), **asyncio.run(measure(chosen.size, Path(folder)))}
    if chosen.json:
        json.dump(found, sys.stdout, indent=2)
        print()
    else:
        show(found, Console())


if __name__ == "__main__":
    main()
