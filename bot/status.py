"""How the bot is: two words for anybody who asks, the whole picture on a port of its own for whoever looks after the machine."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import metrics
from bot.drill import HOLD_ONE_WITHIN
from bot.logs import log
from storage.kept import Lag
from storage.standing import Waits

# A loop goes round at least every few seconds; one that has not for this long hangs.
LATE = timedelta(seconds=60)
# A card or a digest that waits longer than this is late.
CARD_LATE, DIGEST_LATE = timedelta(minutes=10), timedelta(minutes=30)
NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Health:
    """Where to ask how things stand. `writable` raises, or says False, when nothing can be stored."""

    version: str
    lag: Callable[[], Awaitable[Mapping[str, Lag]]]
    channels: Callable[[], Mapping[str, str]]
    ticks: Callable[[], Mapping[str, datetime]]
    writable: Callable[[], Awaitable[bool]]
    waits: Callable[[], Awaitable[Waits]]
    now: Callable[[], datetime]
    late: timedelta = LATE

    async def ready(self) -> bool:
        """True when a message that came now would be kept."""
        try:
            return await self.writable()
        except Exception as error:  # noqa: BLE001 - any failure to write is the answer "no"; the log says which it was
            log.error("the inbox cannot be written", exc_info=error)
            return False

    def late_loops(self) -> tuple[str, ...]:
        """The loops that have not gone round for too long."""
        now = self.now()
        return tuple(name for name, at in self.ticks().items() if now - at > self.late)

    async def healthy(self) -> bool:
        """True when messages are kept and every loop goes round: what the heartbeat vouches for."""
        return not self.late_loops() and await self.ready()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, in words that name no report and no person: `red` needs somebody now, `amber` soon."""

    red: tuple[str, ...] = ()
    amber: tuple[str, ...] = ()

    @property
    def colour(self) -> str:
        """The worst of it."""
        return "red" if self.red else "amber" if self.amber else "green"


def judge(health: Health, lag: Mapping[str, Lag], waits: Waits, *, ready: bool) -> Verdict:
    """Everything that is wrong at this moment. Without READY, what is stored could not be asked and is not judged."""
    now = health.now()
    channels = health.channels()
    red = [f"{name} has not gone round for too long" for name in health.late_loops()]
    if not ready:
        red.append("nothing can be stored")
    if channels and "up" not in channels.values():
        red.append("no channel is working")
    if metrics.seconds_overdue(lag.get("pushes", Lag(0, None)), now) > CARD_LATE.total_seconds():
        red.append("a card to somebody who should be told has not gone out")
    if waits.used_up:
        red.append("everybody who could be told of an urgent report was told, and nobody has it")
    if waits.digest_due is not None and now - waits.digest_due > DIGEST_LATE:
        red.append("a digest has not gone out")
    amber = [f"{name} is {state}" for name, state in channels.items() if state != "up"]
    if ready and waits.last_drill is None:
        amber.append("no drill has been held yet")
    elif waits.last_drill is not None and now - waits.last_drill > HOLD_ONE_WITHIN:
        amber.append("it is time for another drill")
    return Verdict(tuple(red), tuple(amber))


def public_routes(health: Health) -> list[Route]:
    """For the port that people reach: two words and nothing about anybody. 503 tells a platform to try again."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n", headers=NO_STORE)

    async def readyz(_: Request) -> Response:
        ready = await health.ready()
        return PlainTextResponse("ready\n" if ready else "not ready\n", 200 if ready else 503, headers=NO_STORE)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def app(health: Health, token: SecretStr | None) -> Starlette:
    """The whole picture, for a port that only this machine reaches, or that asks for TOKEN."""

    async def status(_: Request) -> Response:
        return JSONResponse(await _picture(health), headers=NO_STORE)

    async def colour(_: Request) -> Response:
        verdict = (await _judged(health))[2]
        lines = (verdict.colour, *(f"- {one}" for one in (*verdict.red, *verdict.amber)))
        return PlainTextResponse("\n".join((*lines, "")), 503 if verdict.red else 200, headers=NO_STORE)

    async def exposition(_: Request) -> Response:
        body = metrics.exposition(await health.lag(), health.channels(), health.ticks(), await health.waits(), health.now())
        return Response(body, media_type=CONTENT_TYPE_LATEST, headers=NO_STORE)

    guard = [] if token is None else [Middleware(_Guard, token=token)]
    return Starlette(routes=[Route("/status", status), Route("/health", colour), Route("/metrics", exposition)], middleware=guard)


async def _judged(health: Health) -> tuple[bool, Mapping[str, Lag], Verdict]:
    ready = await health.ready()
    lag = await health.lag() if ready else {}
    return ready, lag, judge(health, lag, await health.waits() if ready else Waits(), ready=ready)


async def _picture(health: Health) -> dict[str, object]:
    ready, lag, verdict = await _judged(health)
    now = health.now()
    late = health.late_loops()
    return {
        "version": health.version,
        "now": now.isoformat(),
        "ready": ready,
        "healthy": ready and not late,
        "colour": verdict.colour,
        "red": list(verdict.red),
        "amber": list(verdict.amber),
        "channels": dict(health.channels()),
        "lag": {
            queue: {"waiting": behind.waiting, "overdue_seconds": round(metrics.seconds_overdue(behind, now), 3)}
            for queue, behind in lag.items()
        },
        "loops": {name: {"last_round": at.isoformat(), "late": name in late} for name, at in health.ticks().items()},
    }


class _Guard:
    """Lets through who brings the token. Compared in constant time: the time a refusal takes must not tell how much was right."""

    def __init__(self, app: ASGIApp, token: SecretStr) -> None:
        self._app = app
        self._wanted = b"Bearer " + token.get_secret_value().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            brought = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(brought, self._wanted):
                refusal = PlainTextResponse("A token is needed here.\n", 401, headers={"www-authenticate": "Bearer", **NO_STORE})
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)
