"""What the bot says about itself, to whom, and how it lets the outside know that it lives. Over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot import heartbeat, metrics, status
from storage.kept import Lag
from storage.standing import Waits

NOW = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
TOKEN = "a-long-enough-token"


class Standing:
    """How things stand, for a test to change."""

    def __init__(self):
        self.writable = True
        self.broken = False
        self.ticks = {"outbox": NOW - timedelta(seconds=2)}
        self.channels = {"web": "up", "telegram": "retrying"}
        self.behind = timedelta(seconds=90)
        self.held_up = Waits(last_drill=NOW - timedelta(days=3))

    async def can_write(self):
        if self.broken:
            raise ConnectionError("the server is gone, and this was in the message")
        return self.writable

    async def lag(self):
        return {"inbox": Lag(0, None), "pushes": Lag(3, NOW - self.behind)}

    async def waits(self):
        return self.held_up

    def health(self) -> status.Health:
        return status.Health(
            version="1.2.3",
            lag=self.lag,
            channels=lambda: self.channels,
            ticks=lambda: self.ticks,
            writable=self.can_write,
            waits=self.waits,
            now=lambda: NOW,
        )


@contextlib.asynccontextmanager
async def served(app: Starlette):
    """APP on a port of its own, and a client for it."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    server.capture_signals = contextlib.nullcontext
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    server.should_exit = True
    await running


@pytest.fixture
def standing():
    """All is well, until a test says otherwise."""
    return Standing()


async def test_alive_and_ready_are_two_words_for_anybody(standing):
    """/healthz says that the process lives; /readyz that a message sent now would be kept. Neither says more than that."""
    async with served(Starlette(routes=status.public_routes(standing.health()))) as client:
        assert (await client.get("/healthz")).text == "alive\n"
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.text, ready.headers["cache-control"]) == (200, "ready\n", "no-store")
        assert (await client.get("/status")).status_code == 404
        assert (await client.get("/metrics")).status_code == 404


@pytest.mark.parametrize("how", ["says no", "breaks"])
async def test_not_ready_is_503_and_alive_stays_alive(standing, how):
    """A platform is told to try again; a database that is gone does not make us restart, and its message is not passed on."""
    standing.writable, standing.broken = False, how == "breaks"
    async with served(Starlette(routes=status.public_routes(standing.health()))) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.text) == (503, "not ready\n")
        assert (await client.get("/healthz")).status_code == 200


async def test_the_whole_picture(standing):
    """Version, readiness, lag, channel states and when each loop last went round."""
    async with served(status.app(standing.health(), None)) as client:
        told = (await client.get("/status")).json()
    assert told == {
        "version": "1.2.3",
        "now": NOW.isoformat(),
        "ready": True,
        "healthy": True,
        "colour": "amber",
        "red": [],
        "amber": ["telegram is retrying"],
        "channels": {"web": "up", "telegram": "retrying"},
        "lag": {"inbox": {"waiting": 0, "overdue_seconds": 0.0}, "pushes": {"waiting": 3, "overdue_seconds": 90.0}},
        "loops": {"outbox": {"last_round": (NOW - timedelta(seconds=2)).isoformat(), "late": False}},
    }


RED = [
    ("a loop hangs", {"ticks": {"outbox": NOW - timedelta(seconds=61)}}, "outbox has not gone round for too long"),
    ("no channel works", {"channels": {"web": "misconfigured"}}, "no channel is working"),
    ("nobody has it", {"held_up": Waits(used_up=1)}, "everybody who could be told of an urgent report was told, and nobody has it"),
    ("a digest is late", {"held_up": Waits(digest_due=NOW - timedelta(minutes=31))}, "a digest has not gone out"),
    ("a card is late", {"behind": timedelta(minutes=11)}, "a card to somebody who should be told has not gone out"),
    ("nothing is kept", {"writable": False}, "nothing can be stored"),
]


@pytest.mark.parametrize(("change", "said"), [(change, said) for _, change, said in RED], ids=[name for name, _, _ in RED])
async def test_the_health_page_goes_red_and_says_why_without_a_word_of_what_it_is_about(standing, change, said):
    """503 and the reason, for whatever watches the page; not which report, which person or which school."""
    for name, value in change.items():
        setattr(standing, name, value)
    async with served(status.app(standing.health(), None)) as client:
        page = await client.get("/health")
        told = (await client.get("/status")).json()
    assert page.status_code == 503
    assert page.text.splitlines()[0] == "red"
    assert f"- {said}" in page.text.splitlines()
    assert told["colour"] == "red"
    assert said in told["red"]


async def test_a_health_page_that_is_green_or_amber_is_no_alarm(standing):
    """One channel of two that comes back by itself, and a drill that is due, wake nobody up."""
    async with served(status.app(standing.health(), None)) as client:
        amber = await client.get("/health")
        standing.channels = {"web": "up"}
        green = await client.get("/health")
        standing.held_up = Waits(last_drill=NOW - timedelta(days=121))
        drill = await client.get("/health")
        standing.held_up = Waits()
        never = await client.get("/health")
    assert (amber.status_code, amber.text) == (200, "amber\n- telegram is retrying\n")
    assert (green.status_code, green.text) == (200, "green\n")
    assert drill.text == "amber\n- it is time for another drill\n"
    assert never.text == "amber\n- no drill has been held yet\n"


async def test_whoever_meets_the_port_of_the_pages_learns_nothing_of_reports(standing):
    """A report that nobody takes may be about whoever looks: the colour is on the guarded port, and readiness is about storing."""
    standing.held_up = Waits(used_up=3, digest_due=NOW - timedelta(hours=2))
    async with served(Starlette(routes=status.public_routes(standing.health()))) as client:
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/health")).status_code == 404


async def test_a_loop_that_hangs_is_not_healthy(standing):
    """A process that takes messages and answers none would otherwise look well from outside."""
    standing.ticks["conversations"] = NOW - timedelta(seconds=61)
    async with served(status.app(standing.health(), None)) as client:
        told = (await client.get("/status")).json()
    assert told["ready"]
    assert not told["healthy"]
    assert told["loops"]["conversations"]["late"]


async def test_the_picture_is_still_shown_when_nothing_can_be_stored(standing):
    """Whoever looks after the machine needs the page most when the database is gone."""
    standing.broken = True
    async with served(status.app(standing.health(), None)) as client:
        told = (await client.get("/status")).json()
    assert not told["ready"]
    assert told["lag"] == {}
    assert told["channels"]["web"] == "up"


@pytest.mark.parametrize("path", ["/status", "/metrics", "/nowhere"])
async def test_a_guarded_port_tells_nothing_without_the_token(standing, path):
    """No token, a wrong one, half of it, or one in the wrong place: refused alike, before anything is looked up."""
    async with served(status.app(standing.health(), SecretStr(TOKEN))) as client:
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Bearer {TOKEN[:-1]}"}, {"x-token": TOKEN}):
            refused = await client.get(path, headers=headers)
            assert (refused.status_code, refused.text) == (401, "A token is needed here.\n")
            assert refused.headers["www-authenticate"] == "Bearer"
        let_in = await client.get(path, headers={"authorization": f"Bearer {TOKEN}"})
        assert let_in.status_code == (404 if path == "/nowhere" else 200)


async def test_metrics_count_and_name_nobody(standing):
    """Prometheus can read them; a label is a channel, a queue, a kind or a result, and nothing else."""
    before = metrics.messages.labels("web", "new")._value.get()
    metrics.messages.labels("web", "new").inc()
    metrics.sends.labels("web", "reply", "sent").inc()
    metrics.message_seconds.observe(0.01)
    async with served(status.app(standing.health(), None)) as client:
        answer = await client.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    samples = {(sample.name, *sample.labels.values()): sample.value for family in families.values() for sample in family.samples}
    assert samples["signpost_messages_total", "web", "new"] == before + 1
    assert samples["signpost_waiting", "pushes"] == 3
    assert samples["signpost_overdue_seconds", "pushes"] == 90
    assert samples["signpost_channel_up", "web"] == 1
    assert samples["signpost_channel_up", "telegram"] == 0
    assert samples["signpost_loop_idle_seconds", "outbox"] == 2
    assert samples["signpost_cases_waiting_longest_seconds",] == 0
    assert samples["signpost_ladder_used_up",] == 0
    labels = {label for family in families.values() for sample in family.samples for label in sample.labels}
    assert labels <= {"channel", "outcome", "kind", "result", "queue", "loop", "le"}


async def test_a_channel_that_is_gone_leaves_the_metrics(standing):
    """The last value of something that is no more would be believed for ever."""
    async with served(status.app(standing.health(), None)) as client:
        assert 'signpost_channel_up{channel="telegram"}' in (await client.get("/metrics")).text
        del standing.channels["telegram"]
        assert 'signpost_channel_up{channel="telegram"}' not in (await client.get("/metrics")).text


class Watcher:
    """The outside address: counts the calls, and answers as it is told to."""

    def __init__(self):
        self.calls = 0
        self.code = 200
        self.called = asyncio.Event()

    async def __call__(self, _):
        self.calls += 1
        self.called.set()
        return PlainTextResponse("", self.code)

    async def next_call(self):
        self.called.clear()
        async with asyncio.timeout(5):
            await self.called.wait()


@contextlib.asynccontextmanager
async def beating(healthy):
    """A heartbeat at work, and the watcher it calls."""
    watcher = Watcher()

    async def called(request):
        return await watcher(request)

    async with served(Starlette(routes=[Route("/ping", called)])) as outside:
        address = SecretStr(f"{outside.base_url}/ping".replace("//ping", "/ping"))
        beat = asyncio.create_task(heartbeat.beat(address, 0.01, healthy))
        yield watcher, beat
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)


async def test_the_heartbeat_calls_while_all_is_well_and_falls_silent_when_not(standing):
    """Silence is the alarm; it beats again by itself once all is well again."""
    async with beating(standing.health().healthy) as (watcher, _):
        await watcher.next_call()
        standing.writable = False
        await asyncio.sleep(0.05)
        calls = watcher.calls
        await asyncio.sleep(0.1)
        assert watcher.calls == calls
        standing.writable = True
        await watcher.next_call()


async def test_the_heartbeat_outlives_a_refusal_and_a_question_that_fails():
    """A watcher that answers with an error, and a health check that raises, do not end it."""
    answers = iter([True, RuntimeError("no"), True])

    async def healthy():
        answer = next(answers, True)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with beating(healthy) as (watcher, beat):
        watcher.code = 500
        for _ in range(3):
            await watcher.next_call()
        assert not beat.done()


async def test_the_heartbeat_outlives_a_watcher_that_is_not_there(capsys):
    """Nobody listens at the address: it is logged by type, without the address, which may be a secret."""
    asked = asyncio.Event()

    async def healthy():
        asked.set()
        return True

    beat = asyncio.create_task(heartbeat.beat(SecretStr("http://127.0.0.1:9/secret-path"), 0.01, healthy))
    for _ in range(3):
        asked.clear()
        async with asyncio.timeout(5):
            await asked.wait()
    assert not beat.done()
    beat.cancel()
    await asyncio.gather(beat, return_exceptions=True)
    err = capsys.readouterr().err
    assert "did not get through" in err
    assert "ConnectError" in err
    assert "secret-path" not in err
