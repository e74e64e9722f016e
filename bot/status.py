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
from bot.logs import log
from storage.kept import Lag

# A loop goes round at least every few seconds; one that has not for this long hangs.
LATE = timedelta(seconds=60)
NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Health:
    """Where to ask how things stand. `writable` raises, or says False, when nothing can be stored."""

    version: str
    lag: Callable[[], Awaitable[Mapping[str, Lag]]]
    channels: Callable[[], Mapping[str, str]]
    ticks: Callable[[], Mapping[str, datetime]]
    writable: Callable[[], Awaitable[bool]]
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

    async def exposition(_: Request) -> Response:
        body = metrics.exposition(await health.lag(), health.channels(), health.ticks(), health.now())
        return Response(body, media_type=CONTENT_TYPE_LATEST, headers=NO_STORE)

    guard = [] if token is None else [Middleware(_Guard, token=token)]
    return Starlette(routes=[Route("/status", status), Route("/metrics", exposition)], middleware=guard)


async def _picture(health: Health) -> dict[str, object]:
    ready = await health.ready()
    now = health.now()
    lag = await health.lag() if ready else {}
    late = health.late_loops()
    return {
        "version": health.version,
        "now": now.isoformat(),
        "ready": ready,
        "healthy": ready and not late,
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
