"""Microsoft's own stand-in for Teams (the Microsoft 365 Agents Playground) as a process beside the bot, driven by its protocol.

It signs nothing, so what it says goes to the bot by way of `tests/teams_wire.py`, which does. Started as here it calls nobody
outside this machine: both switches are needed for that, and whatever it tries all the same fails the test. It shows one screen.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.channels.teams.channel import PATH
from tests.driving.teams import registered, settings
from tests.fakes import HandClock
from tests.site import Site, serving
from tests.teams_wire import BOT, CARD, TENANT, Teams, teams

PROGRAM = Path(__file__).parents[1] / ".venv/playground/node_modules/@microsoft/m365agentsplayground/cli.js"
GUARD = Path(__file__).with_name("playground_guard.cjs")
QUIET = {"APPLICATION_INSIGHTS_NO_STATSBEAT": "1"}  # beside --dt
CHAT, GROUP, STAFFROOM = "a:1teacher", "19:staff@thread.v2", "19:staffroom@thread.tacv2"
TEACHER = "aaaaaaaa-0000-4000-8000-000000000001"
ACCOUNT = "29:1teacher"


@dataclass
class Playground:
    """The screen of one teacher. `shown` is every message, by its number, as it stands now."""

    address: str
    site: Site
    wire: Teams
    http: aiohttp.ClientSession
    shown: dict[str, dict] = field(default_factory=dict)
    public: dict[str, dict] = field(default_factory=dict)

    async def says(self, text: str, conversation: str = CHAT, **more: Any) -> None:
        """The teacher types TEXT."""
        body = {"type": "text", "text": text, "textFormat": "plain", "from": {"id": ACCOUNT}, **more}
        await self._post(f"/_conversation/v1/conversations/{conversation}/messages", body)

    async def calls(self, text: str) -> None:
        """The teacher calls the bot by name in a group, where others read along."""
        mark = {"type": "mention", "mentioned": {"id": BOT}, "text": "<at>Signpost</at>"}
        await self.says(f"<at>Signpost</at> {text}", GROUP, mentions=[mark])

    async def presses(self, label: str) -> dict:
        """The teacher presses the newest button that says LABEL; what the bot answers at once takes the place of its card."""
        number, action = next(
            (number, action)
            for number, message in reversed(self.shown.items())
            for action in buttons(message)
            if action["title"] == label
        )
        pressed = {key: action[key] for key in ("type", "verb", "data", "title")}
        body = {
            "name": "adaptiveCard/action",
            "value": {"action": pressed, "trigger": "manual"},
            "from": {"id": ACCOUNT},
            "conversation": {"id": CHAT},
            "replyToId": number,
        }
        return await self._post("/_conversation/v1/invoke", body)

    async def reads(self, words: str) -> dict:
        """Wait until WORDS stand in the private chat; the message they stand in."""
        async with asyncio.timeout(15):
            while True:
                for message in reversed(list(self.shown.values())):
                    if words in read(message):
                        return message
                await asyncio.sleep(0.05)

    async def listen(self, line: aiohttp.ClientWebSocketResponse) -> None:
        """Keep the screen as it is told."""
        async for said in line:
            event = json.loads(said.data)
            if event["action"] in {"createMessage", "updateMessage"}:
                message = event["message"]
                screen = self.shown if event["actionConversationId"] == CHAT else self.public
                screen[message["messageId"]] = message

    async def _post(self, path: str, body: dict) -> dict:
        async with self.http.post(f"{self.address}{path}", json=body) as answer:
            text = await answer.text()
            assert answer.status < 300, (path, answer.status, text)
            return json.loads(text) if text else {}


def read(message: dict) -> str:
    """Everything that can be read in MESSAGE."""
    blocks = [block for card in _cards(message) for block in card["body"] if block["type"] == "RichTextBlock"]
    return "\n".join([message.get("text") or "", *("".join(run["text"] for run in block["inlines"]) for block in blocks)])


def buttons(message: dict) -> list[dict]:
    """What can be pressed in MESSAGE."""
    return [
        action for card in _cards(message) for block in card["body"] if block["type"] == "ActionSet" for action in block["actions"]
    ]


def _cards(message: dict) -> list[dict]:
    return [one["content"] for one in message.get("attachments") or () if one.get("contentType") == CARD]


def _people() -> str:
    """Its settings. JSON is YAML; the spelling of one key is its own; it wants five people beside the one at the screen."""

    def person(number: int, name: str, account: str) -> dict:
        mail = f"{name.lower()}@school.example"
        known = {"id": account, "name": name, "userPrincipleName": mail, "email": mail, "givenName": name, "surname": "Example"}
        return {**known, "aadObjectId": f"aaaaaaaa-0000-4000-8000-{number:012x}"}

    channels = [{"id": STAFFROOM, "name": "Staffroom"}]
    team = {"id": "19:team@thread.tacv2", "name": "Rosebrook", "aadGroupId": f"{TENANT[:-1]}0", "channels": channels}
    return json.dumps(
        {
            "version": "0.1.0",
            "tenantId": TENANT,
            "bot": {"id": BOT, "name": "Signpost"},
            "currentUser": person(1, "Teacher", ACCOUNT),
            "users": [person(number, f"Colleague{number}", f"29:1colleague{number}") for number in range(2, 7)],
            "personalChat": {"id": CHAT},
            "groupChat": {"id": GROUP, "name": "Staff"},
            "team": team,
        }
    )


@asynccontextmanager
async def playground(folder: Path, **more: object) -> AsyncIterator[Playground]:
    """The stand-in for Teams and the bot, each behind a port of its own; MORE are settings of the bot."""
    if not PROGRAM.is_file():
        raise AssertionError("There is no stand-in for Teams here. `make test-clients` fetches it: deploy/playground.sh.")
    port = _free_port()
    address = f"http://localhost:{port}"
    async with teams() as wire:
        ours = registered(wire, service=f"{address}/_connector")
        async with serving(settings(folder, wire, teams=ours, **more), HandClock()) as site:
            wire.bot = f"{site.address}{PATH}"
            async with _started(folder, port, f"{wire.address}/sign"), aiohttp.ClientSession() as http:
                await _up(http, address)
                there = Playground(address, site, wire, http)
                async with http.ws_connect(f"{address}/_ws_conversation/v1/conversations/stream") as line:
                    listening = asyncio.create_task(there.listen(line))
                    yield there
                    listening.cancel()


@asynccontextmanager
async def _started(folder: Path, port: int, endpoint: str) -> AsyncIterator[None]:
    place = folder / "playground"
    place.mkdir(parents=True)
    (place / ".m365agentsplayground.yml").write_text(_people())
    arguments = ("start", "-e", endpoint, "-c", "msteams", "-p", str(port), "--dt")
    away = place / "away"
    env = {**os.environ, **QUIET, "GUARDED": str(away), "NODE_OPTIONS": f"--require {GUARD}"}
    with (place / "said").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            "node", str(PROGRAM), *arguments, cwd=place, env=env, stdout=said, stderr=said
        )
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        assert not away.exists(), f"it tried to reach {away.read_text()}"


async def _up(http: aiohttp.ClientSession, address: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                async with http.get(f"{address}/_internal/v1/config") as answer:
                    if answer.status == 200 and "personalChat" in await answer.text():
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
