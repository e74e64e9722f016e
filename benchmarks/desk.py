"""How long the desk takes to open when a school has thousands of open cases, beside the same page with fifty.

    python benchmarks/desk.py            about a minute
    python benchmarks/desk.py --quick    a few seconds: shows that it works, measures nothing well
    python benchmarks/desk.py --json     the figures for a program

The bot runs as a school runs it, its database a file on disk; a browser that is signed in asks over HTTP. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import sqlalchemy as sa
import uvicorn
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bot import logs
from bot.app import App, running
from bot.clock import SystemClock
from bot.config import Config
from bot.config.model import Secrets
from bot.host import prompt
from flows.cases.acts import Doing
from flows.cases.case import Case, Said, Severity, Status, reference
from flows.matters import MATTERS
from parts.measuring import machine, quantile
from storage.kept import Act, Person, Recording
from storage.tables import Push, table
from storage.vault import Keyring

SCHOOL = "rosebrook"
WITHIN = 0.2  # seconds: the target for the large desk
HOLD = timedelta(seconds=60)
AT_ONCE = 500  # cases written together


@dataclass(frozen=True)
class Size:
    """How many cases each desk has, and how often each page is opened."""

    small: int
    large: int
    rounds: int


FULL, QUICK = Size(50, 5000, 40), Size(50, 300, 3)


def cases(number: int, lead: Person, now: datetime) -> Iterator[Case]:
    """NUMBER cases such as a school might have: of every event and urgency, a third of them with the lead, over two months."""
    chance = random.Random(7)
    called: set[str] = set()
    while len(called) < number:
        called.add(reference())  # of so many, two may be called alike
    for name in called:
        held = chance.random() < 1 / 3
        opened = now - timedelta(minutes=chance.randrange(60 * 24 * 60))
        yield Case(
            id=uuid.uuid4().hex,
            reference=name,
            matter=chance.choice(sorted(MATTERS)),
            severity=chance.choice(list(Severity)),
            opened_at=opened,
            status=Status.TAKEN if held else Status.OPEN,
            holder=lead.id if held else None,
            acknowledged_at=opened if held else None,
            rungs=(("dsl",), ("headteacher",)),
            refs=("8",),
            steps=("Write down what you know.", "Ring the parents."),
            said=(Said("What happened?", "words " * 40, "happened"),),
        )


async def filled(app: App, number: int) -> Person:
    """Give the desk its cases; the lead has been told of each."""
    store, now = app.stores[SCHOOL], app.clock.now()
    lead = await store.people.add("Lead", ("dsl",), (("web", "lead"),), at=now)
    made = list(cases(number, lead, now))
    for start in range(0, number, AT_ONCE):
        some = made[start : start + AT_ONCE]
        acts = tuple(Act(Doing.OPENED, one.id) for one in some)
        acts += tuple(Act(Doing.TAKEN, one.id, lead.id) for one in some if one.holder)
        await store.record(Recording(now, opened=tuple(some), acts=acts), HOLD)
    await app.database.write(lambda session: _told(session.connection(), made, lead, now))
    return lead


def _told(connection: sa.Connection, made: list[Case], lead: Person, now: datetime) -> None:
    """A card for each that was sent: through the outbox it would take as long as it would have taken the school."""
    rows = [
        {
            "school": SCHOOL, "key": one.id, "kind": "push", "case_id": one.id, "person_id": lead.id, "channel": "web",
            "place": b"x", "created_at": now, "due_at": now, "state": "sent", "finished_at": now, "lap": 0, "rank": 0,
            "taken": False, "attempts": 1,
        }
        for one in made
    ]  # fmt: skip
    connection.execute(sa.insert(table(Push)), rows)


async def measured(number: int, rounds: int, folder: Path) -> dict[str, float]:
    """Milliseconds until the whole page is there, with NUMBER cases, and how large it is."""
    keys = SecretStr(Keyring.new().dump())
    config = Config(schools=(SCHOOL,), channels=("web",), data_folder=folder, secrets=Secrets(keys=keys))
    with prompt(socket.create_server(("127.0.0.1", 0))) as listener:
        async with running(config, SystemClock()) as app:
            lead = await filled(app, number)
            code = await app.stores[SCHOOL].sign_ins.make(lead.id, app.clock.real_now())
            server = uvicorn.Server(uvicorn.Config(app.web, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
            task = asyncio.create_task(server.serve(sockets=[listener]))
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            found = await asyncio.to_thread(_opened, address, code, number, rounds)
            app.stopping.set()
            server.should_exit = True
            await task
    return found


def _opened(address: str, code: str, number: int, rounds: int) -> dict[str, float]:
    with httpx.Client(base_url=address, timeout=60) as client:
        client.post(f"/desk/{SCHOOL}/in", data={"code": code})
        took = []
        for again in range(rounds + 2):
            began = time.perf_counter()
            page = client.get(f"/desk/{SCHOOL}")
            if again > 1:  # the first two load what every later one has
                took.append(time.perf_counter() - began)
        if f"{number} cases" not in page.text:
            raise RuntimeError(f"The page does not list its {number} cases.")
    return {
        "p50_ms": round(quantile(took, 0.5) * 1000, 1),
        "p95_ms": round(quantile(took, 0.95) * 1000, 1),
        "kb": round(len(page.content) / 1000, 1),
    }


def show(found: dict[str, object], size: Size, console: Console) -> None:
    """The figures as a table."""
    table_ = Table(title="The desk opens", title_justify="left")
    for heading in ("", "p50, ms", "p95, ms", "page, kB"):
        table_.add_column(heading, justify="right" if heading else "left")
    for name, number in (("small", size.small), ("large", size.large)):
        one = found[name]
        table_.add_row(f"with {number} open cases", str(one["p50_ms"]), str(one["p95_ms"]), str(one["kb"]))
    console.print(table_)
    console.print(
        f"With a hundred times the cases it takes {found['ratio']} times as long. Target: p50 under {WITHIN * 1000:.0f} ms."
    )


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true", help="a few seconds: shows that it works, measures nothing well")
    asked.add_argument("--json", action="store_true", help="the figures for a program")
    asked.add_argument("--folder", type=Path, help="where the databases are written; somewhere temporary unless named")
    wish = asked.parse_args()
    logs.setup("console", "error", (SCHOOL,))
    size = QUICK if wish.quick else FULL
    with TemporaryDirectory(dir=wish.folder) as folder:
        found: dict[str, object] = {"machine": machine(Path(folder))}
        for name, number in (("small", size.small), ("large", size.large)):
            here = Path(folder, name)
            here.mkdir()
            found[name] = asyncio.run(measured(number, size.rounds, here))
    found["ratio"] = round(found["large"]["p50_ms"] / found["small"]["p50_ms"], 1)
    found["target_met"] = found["large"]["p50_ms"] < WITHIN * 1000
    if wish.json:
        print(json.dumps(found))
    else:
        show(found, size, Console())


if __name__ == "__main__":
    main()
