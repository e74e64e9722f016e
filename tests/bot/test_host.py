"""The process as a service manager sees it: it listens, it answers, it leaves quickly and politely."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.config import Config
from bot.host import _listen

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """`signpost run --rehearsal` as a process of its own: (process, address of the pages, address of the status)."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "run", "--rehearsal"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    while "Stop" not in said:
        line = process.stdout.readline()
        assert line or process.poll() is None, said
        said += line
    pages = re.search(r"Chat page\s+(http://\S+)/", said)[1]
    status = re.search(r"Status\s+(http://\S+)/status", said)[1]
    yield process, pages, status
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_it_says_where_it_is_and_leaves_at_once_with_streams_open(bot):
    """SIGTERM ends the open streams first and exits 0, in well under two seconds on a machine with nothing else to do."""
    process, pages, status = bot
    assert httpx.get(f"{pages}/healthz").text == "alive\n"
    assert httpx.get(f"{pages}/readyz").text == "ready\n"
    assert httpx.get(f"{status}/status").json()["channels"] == {"web": "up"}
    assert "signpost_waiting" in httpx.get(f"{status}/metrics").text
    with httpx.Client(base_url=pages, timeout=10) as client:
        client.get("/chat/rosebrook?as=parent")
        with client.stream("GET", "/chat/rosebrook/events?as=parent") as stream:
            assert stream.status_code == 200
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            for _ in stream.iter_raw():
                pass  # the stream ends by itself
    assert process.wait(timeout=15) == 0
    assert time.monotonic() - began < 10, "generous: the machine that runs this may be busy"


def test_status_and_metrics_are_not_on_the_port_for_people(bot):
    """Lag and channel states are nobody's business there."""
    _, pages, _ = bot
    for path in ("/status", "/metrics"):
        assert httpx.get(f"{pages}{path}").status_code == 404


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path):
    """The key, and what to do about it; no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "safe").mkdir()
        run = [sys.executable, "-m", "bot"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        made = subprocess.run(
            [*run, "init", "--yes", "--school", "rosebrook", "--key", "safe/key", "--data", "data"],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        settings = tmp_path / "signpost.toml"
        settings.write_text(settings.read_text().replace("port = 8080", f"port = {port}"))
        done = subprocess.run([*run, "run"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert f"web.port: 127.0.0.1:{port} cannot be listened on: Address already in use." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_small_answer_does_not_wait_for_the_receipt_of_its_head():
    """Every connection sends each piece at once: otherwise each of a page's files takes some forty milliseconds longer."""
    with (
        _listen(Config(schools=("rosebrook",)), "web", "127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
