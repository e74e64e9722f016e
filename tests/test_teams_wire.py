"""The strict Teams of our own: it lets through what Microsoft lets through, and refuses the rest. Tested as the bot meets it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.drivers import HALF, RESET, TOO_MANY
from tests.teams_wire import APP, CARD, LARGEST, SECRET, TEAM, TENANT, Teams, teams

SCOPE = "https://api.botframework.com/.default"
FORM = {"grant_type": "client_credentials", "client_id": APP, "client_secret": SECRET, "scope": SCOPE}
BODY = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "hello"}]}]
CONTENT = {"type": "AdaptiveCard", "version": "1.4", "body": BODY}
MESSAGE = {"type": "message", "summary": "news", "attachments": [{"contentType": CARD, "content": CONTENT}]}


@pytest.fixture
async def wire() -> AsyncIterator[Teams]:
    """A Teams with nobody in it."""
    async with teams() as wire:
        yield wire


@pytest.fixture
async def line(wire: Teams) -> AsyncIterator[httpx.AsyncClient]:
    """Our side, signed in."""
    async with httpx.AsyncClient(base_url=wire.service + "v3/conversations") as http:
        answer = await http.post(f"{wire.address}/login/{TENANT}/oauth2/v2.0/token", data=FORM)
        http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield http


@pytest.mark.parametrize(
    ("tenant", "wrong", "error"),
    [
        (TENANT, {"client_secret": "other"}, "invalid_client"),
        (TENANT, {"client_id": "other"}, "unauthorized_client"),
        ("00000000-0000-4000-8000-000000000000", {}, "invalid_request"),
    ],
)
async def test_only_our_app_is_signed_in(wire: Teams, tenant: str, wrong: dict, error: str):
    """Each mistake has Microsoft's own name."""
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{wire.address}/login/{tenant}/oauth2/v2.0/token", data={**FORM, **wrong})
    assert answer.status_code in {400, 401}
    assert answer.json()["error"] == error


async def test_nothing_is_taken_without_the_token_it_gave(wire: Teams, line: httpx.AsyncClient):
    """Also not with one that was good before."""
    chat = wire.person("Teacher").chat
    assert (await line.post(f"/{chat}/activities", json=MESSAGE)).status_code == 201
    wire.token = "a new one"
    assert (await line.post(f"/{chat}/activities", json=MESSAGE)).status_code == 401
    assert len(wire.screen("Teacher")) == 1


async def test_a_chat_is_begun_with_somebody_who_is_there_and_has_the_app(wire: Teams, line: httpx.AsyncClient):
    """By either of their names; always the same chat."""
    teacher, away = wire.person("Teacher"), wire.person("Away", installed=False)

    async def begun(user: str, tenant: str = TENANT) -> tuple[int, str]:
        answer = await line.post("", json={"members": [{"id": user}], "tenantId": tenant})
        return answer.status_code, answer.json().get("id", "")

    assert await begun(teacher.id) == await begun(teacher.object_id) == (201, teacher.chat)
    assert (await begun(away.id))[0] == 403
    assert (await begun("29:nobody"))[0] == 404
    assert (await begun(teacher.id, "elsewhere"))[0] == 400


async def test_a_message_is_changed_and_deleted_by_whoever_wrote_it(wire: Teams, line: httpx.AsyncClient):
    """What is not there, or not ours, is refused."""
    chat = wire.person("Teacher").chat
    number = (await line.post(f"/{chat}/activities", json=MESSAGE)).json()["id"]
    assert (await line.put(f"/{chat}/activities/{number}", json=MESSAGE)).status_code == 200
    assert (await line.put(f"/{chat}/activities/{number}", json={"type": "message"})).status_code == 400
    assert (await line.delete(f"/{chat}/activities/{number}")).status_code == 200
    assert (await line.delete(f"/{chat}/activities/{number}")).status_code == 404
    assert (await line.post("/a:1nobody/activities", json=MESSAGE)).status_code == 404
    wire.bot = f"{wire.address}/login/nowhere/oauth2/v2.0/token"  # nobody of ours is listening
    await wire.says("Teacher", "mine")
    (theirs,) = wire.screen("Teacher")
    assert (await line.put(f"/{chat}/activities/{theirs.id}", json=MESSAGE)).status_code == 403


async def test_a_message_that_is_too_long_is_refused(wire: Teams, line: httpx.AsyncClient):
    """Counted as UTF-16, as Teams counts."""
    chat = wire.person("Teacher").chat

    async def sent(letters: int) -> int:
        run = {"type": "TextRun", "text": "x" * letters}
        content = {**CONTENT, "body": [{"type": "RichTextBlock", "inlines": [run]}]}
        message = {**MESSAGE, "attachments": [{"contentType": CARD, "content": content}]}
        return (await line.post(f"/{chat}/activities", json=message)).status_code

    assert await sent(LARGEST // 2 - 1000) == 201
    assert await sent(LARGEST // 2) == 413


async def test_a_file_is_nowhere_to_be_had_and_asking_is_counted(wire: Teams, line: httpx.AsyncClient):
    """The tests that nothing is fetched rest on this."""
    assert (await line.get(f"/{wire.person('Teacher').chat}/attachments/1")).status_code == 404
    assert wire.counted["unknown"] == 1


async def test_members_are_those_of_a_chat_or_a_team(wire: Teams, line: httpx.AsyncClient):
    """A guest is told from a member; a post in a channel has none."""
    teacher, guest = wire.person("Teacher"), wire.person("Guest", guest=True)
    known = (await line.get(f"/{TEAM}/members/{teacher.id}")).json()
    assert (known["userRole"], known["tenantId"]) == ("user", TENANT)
    assert (await line.get(f"/{guest.chat}/members/{guest.id}")).json()["userRole"] == "guest"
    assert (await line.get(f"/19:x@thread.tacv2;messageid=1/members/{teacher.id}")).status_code == 404


async def test_it_fails_as_it_is_told_and_once(wire: Teams, line: httpx.AsyncClient):
    """After a hang-up and half an answer the message stands there all the same."""
    chat = wire.person("Teacher").chat
    wire.faults = [TOO_MANY, RESET, HALF]
    assert (await line.post(f"/{chat}/activities", json=MESSAGE)).headers["retry-after"] == wire.retry_after
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            await line.post(f"/{chat}/activities", json=MESSAGE)
    assert (await line.post(f"/{chat}/activities", json=MESSAGE)).status_code == 201
    assert len(wire.screen("Teacher")) == 3
