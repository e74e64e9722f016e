"""How long it takes until the chat page is there for somebody who has never opened it, beside the same bytes as plain files.

    python benchmarks/first_page.py            half a minute
    python benchmarks/first_page.py --quick    a few seconds: shows that it works, measures nothing well
    python benchmarks/first_page.py --json     the figures for a program

The bot runs as a school runs it; a browser without a cookie asks for the page and for everything that it names, over one
connection. The peer is Starlette's own StaticFiles on the same server in the same process: files, and nothing behind them.
See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot import logs
from bot.app import running
from bot.clock import SystemClock
from bot.config import Config
from bot.config.model import Secrets
from bot.host import prompt
from parts.measuring import Stretch, cpu_each, machine, quantile, stretch, wall
from storage.vault import Keyring

SCHOOL = "rosebrook"
WITHIN = 0.1  # seconds
AT_MOST = 60_000  # bytes over the wire, with all headers
FULL, QUICK = 100, 5
NAMED = re.compile(r'(?:href|src)="(/static/[^"]+)"')  # what a browser fetches by itself


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """APP behind a socket of its own: its address."""
    with prompt(socket.create_server(("127.0.0.1", 0))) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await task


def opened(address: str, first: str, rest: Sequence[str] | None = None) -> tuple[Stretch, list[httpx.Response]]:
    """The page FIRST and everything it names, or REST, asked for by a browser that is new: how long that took."""
    # Reading the certificates of this machine is no part of it: nothing here is encrypted.
    client = httpx.Client(base_url=address, timeout=30, verify=False)  # noqa: S501 - loopback, without encryption
    with client as browser, stretch(1) as took:
        page = browser.get(first)
        names = dict.fromkeys(NAMED.findall(page.text)) if rest is None else rest
        answers = [page, *(browser.get(name) for name in names)]
    if any(answer.status_code != 200 for answer in answers):
        raise RuntimeError(f"{first}: {[answer.status_code for answer in answers]}")
    return took, answers


def wire(answer: httpx.Response) -> int:
    """Bytes of ANSWER as it travelled, its head included."""
    return (
        len(answer.content) + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) + len("HTTP/1.1 200 OK\r\n\r\n")
    )


async def measured(rounds: int, folder: Path) -> dict[str, object]:
    """Both, in rounds that take turns."""
    keys = SecretStr(Keyring.new().dump())
    config = Config(schools=(SCHOOL,), channels=("web",), data_folder=folder / "data", secrets=Secrets(keys=keys))
    files = folder / "files"
    files.mkdir()
    async with (
        running(config, SystemClock()) as app,
        served(app.web) as ours,
        served(Starlette(routes=[Mount("/", StaticFiles(directory=files))])) as peer,
    ):
        _, answers = await asyncio.to_thread(opened, ours, f"/chat/{SCHOOL}")
        for number, answer in enumerate(answers):
            (files / f"{number}.html").write_bytes(answer.content)
        names = [f"/{number}.html" for number in range(len(answers))]
        page, plain = [], []
        for _ in range(rounds):
            page.append((await asyncio.to_thread(opened, ours, f"/chat/{SCHOOL}"))[0])
            plain.append((await asyncio.to_thread(opened, peer, names[0], names[1:]))[0])
        app.stopping.set()
    return {
        "page_ms": _figures(page),
        "plain_files_ms": _figures(plain),
        "to_peer": round(statistics.median(one.cpu / other.cpu for one, other in zip(page, plain, strict=True)), 2),
        "bytes": sum(wire(answer) for answer in answers),
        "parts": {str(answer.url.path).rpartition("/")[2]: wire(answer) for answer in answers},
        "targets": {
            "complete under 100 ms": wall(page) < WITHIN,
            "under 60 kB over the wire": sum(wire(answer) for answer in answers) < AT_MOST,
        },
    }


def _figures(took: Sequence[Stretch]) -> dict[str, float]:
    """Milliseconds by the wall, and of the processor: the browser's part and the server's, for both are in this process."""
    walls = [one.wall for one in took]
    found = {"best": min(walls), "p50": quantile(walls, 0.5), "p95": quantile(walls, 0.95), "cpu": cpu_each(took)}
    return {name: round(seconds * 1000, 1) for name, seconds in found.items()}


def show(found: dict[str, object], console: Console) -> None:
    """The figures as a table."""
    table = Table(title="The chat page is there, with everything it names", title_justify="left")
    for heading in ("", "best, ms", "p50, ms", "p95, ms", "processor, ms"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, key in (("Signpost, a first visit", "page_ms"), ("the same bytes from StaticFiles", "plain_files_ms")):
        table.add_row(name, *(str(found[key][figure]) for figure in ("best", "p50", "p95", "cpu")))
    console.print(table)
    console.print(f"{found['to_peer']} times the peer's processor time.")
    console.print(f"{found['bytes'] / 1000:.1f} kB over the wire: {found['parts']}.")
    for target, met in found["targets"].items():
        console.print(f"{'met' if met else 'NOT MET'}: {target}")


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true", help="a few seconds: shows that it works, measures nothing well")
    asked.add_argument("--json", action="store_true", help="the figures for a program")
    asked.add_argument("--folder", type=Path, help="where the database is written; somewhere temporary unless named")
    wish = asked.parse_args()
    logs.setup("console", "error", (SCHOOL,))
    with TemporaryDirectory(dir=wish.folder) as folder:
        found = asyncio.run(measured(QUICK if wish.quick else FULL, Path(folder)))
        found["machine"] = machine(Path(folder))
    if wish.json:
        print(json.dumps(found))
    else:
        show(found, Console())


if __name__ == "__main__":
    main()
