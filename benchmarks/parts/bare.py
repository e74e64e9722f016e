"""The peers: a Slack bot that only echoes, and a program that only commits one row after the other."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlmodel import Field, Session, SQLModel

from parts.measuring import Stretch, stretch

SECRET = "made-up"  # noqa: S105 - and for a stubbed service
SIDE_BY_SIDE = 50
WORDS = "x" * 2000  # what a message, its conversation and its reply come to on disk, roughly


@contextmanager
def stubbed_slack() -> Iterator[None]:
    """Slack's Web API answers at once and without a network, for everybody who uses its client."""

    async def api_call(client: AsyncWebClient, api_method: str, **_: Any) -> AsyncSlackResponse:
        said = {"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": "T0", "ts": "1.0", "channel": "D0"}
        return AsyncSlackResponse(
            client=client, http_verb="POST", api_url=api_method, req_args={}, data=said, headers={}, status_code=200
        )

    with patch.object(AsyncWebClient, "api_call", api_call):
        yield


def slack_app() -> AsyncApp:
    """A bolt app as its documentation begins: one team, a signing secret."""
    return AsyncApp(token="xoxb-made-up", signing_secret=SECRET)  # noqa: S106 - made up, for a stubbed service


def signed(event_id: str, user: str, text: str) -> AsyncBoltRequest:
    """A message as Slack delivers it, with a signature that holds."""
    event = {"type": "message", "channel_type": "im", "user": user, "channel": f"D{user}", "text": text, "ts": "1.0", "team": "T0"}
    outer = {"type": "event_callback", "event_id": event_id, "team_id": "T0", "api_app_id": "A0", "event": event}
    body, moment = json.dumps(outer), str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=moment, body=body)
    headers = {"content-type": "application/json", "x-slack-request-timestamp": moment, "x-slack-signature": signature}
    return AsyncBoltRequest(body=body, headers=headers)


class Echo:
    """The smallest bot there is. It keeps nothing and decides nothing."""

    def __init__(self) -> None:
        self._app = slack_app()
        self._said = 0
        self._all = asyncio.Event()
        self._until = 0

        @self._app.event("message")
        async def echo(event: dict[str, Any], say: Any) -> None:
            await say(event["text"])
            self._said += 1
            if self._said == self._until:
                self._all.set()

    async def measure(self, messages: int) -> Stretch:
        """Signed events in, `say()` out, as many side by side as the bot itself is given."""
        requests = [signed(f"E{number}", f"U{number % SIDE_BY_SIDE}", "Can I add a parent?") for number in range(messages)]
        self._said, self._until = 0, messages
        self._all.clear()
        with stretch(messages) as measured:
            for first in range(0, messages, SIDE_BY_SIDE):
                await asyncio.gather(*(self._app.async_dispatch(one) for one in requests[first : first + SIDE_BY_SIDE]))
            await self._all.wait()
        return measured


class Bare(SQLModel):
    """What the rows of the bare program share: a catalogue of their own."""

    metadata = sa.MetaData()


class Line(Bare, table=True):
    """One row of the bare program."""

    id: int | None = Field(default=None, primary_key=True)
    place: str = Field(index=True)
    text: str


def sqlmodel_commits(folder: Path, rows: int) -> Stretch:
    """SQLModel as its documentation shows it: a session, one row, commit; on a file that survives a power cut."""
    engine = sa.create_engine(f"sqlite:///{folder / 'bare.db'}")
    sa.event.listen(engine, "connect", durable)
    Bare.metadata.create_all(engine)
    _add(engine, 0)  # connects, and compiles the statement
    with stretch(rows) as measured:
        for number in range(rows):
            began = time.perf_counter()
            _add(engine, number)
            measured.waits.append(time.perf_counter() - began)
    engine.dispose()
    return measured


def _add(engine: sa.Engine, number: int) -> None:
    with Session(engine) as session:
        session.add(Line(place=f"place {number % SIDE_BY_SIDE}", text=WORDS))
        session.commit()


def sqlite_commits(folder: Path, rows: int) -> Stretch:
    """The same without any library: what the database itself costs."""
    with closing(sqlite3.connect(folder / "barest.db", isolation_level=None)) as connection:
        durable(connection)
        connection.execute("CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, place TEXT, text TEXT)")
        connection.execute("CREATE INDEX IF NOT EXISTS by_place ON line (place)")
        with stretch(rows) as measured:
            for number in range(rows):
                began = time.perf_counter()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO line (place, text) VALUES (?, ?)", (f"place {number % SIDE_BY_SIDE}", WORDS))
                connection.execute("COMMIT")
                measured.waits.append(time.perf_counter() - began)
    return measured


def durable(connection: sqlite3.Connection, _: object = None) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
