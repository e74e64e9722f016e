"""Faults on the way in: a platform that does not know us, brings things twice or in the wrong order, or changed and deleted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot import wording
from bot.app import make_channel
from bot.supervisor import Supervisor
from bot.wording_changed import DELETED
from tests.drivers import context_of
from tests.faults.columns import Bench, benched
from tests.faults.going_out import COUNT
from tests.faults.odd_things import posted
from tests.telegram_service import Update

FIRST, SECOND, AFTER = "/help", "report something", "hello"
HELLO = "I am Signpost"


async def credentials(folder: Path, column: str) -> str:
    """The platform does not know our token or password; on the page somebody forges the form."""
    async with benched(column, folder) as here:
        if column == "web":
            return await _forged(here)
        here.driver.refuses_credentials()
        name = here.driver.name
        fresh = Supervisor({name: make_channel(name, context_of(here.app))}, here.app.conversations.receive)
        task = asyncio.create_task(fresh.run())
        await here.until(lambda: fresh.states[name] == "misconfigured", "misconfigured")
        asked = _asked(here)
        await asyncio.sleep(0.8)  # an outage would have been tried again after half a second
        assert _asked(here) == asked
        assert await here.app.health.ready()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return f"The status says “{fresh.states[name]}”; it was not tried again, and the rest of the bot went on."


def _asked(here: Bench) -> int:
    """How often the platform was asked to let us in."""
    if here.driver.name == "email":
        return len(here.wire.passwords)
    known = {"slack": ("auth.test", "apps.connections.open"), "telegram": ("getMe",), "teams": ("sign in",)}
    return sum(here.wire.counted[what] for what in known[here.driver.name])


async def _forged(here: Bench) -> str:
    browser = await here.driver._browser("Parent")
    action, fields = browser.compose({"text": FIRST})
    answer = await browser.client.post(action, data={**fields, "csrf": "guessed"})
    assert await here.kept("Parent") == []
    assert await here.driver.says("Parent", AFTER)
    await here.reads("Parent", "Signpost")
    return f"A form that did not come from our own page was refused ({answer.status_code}) and not kept; the next was answered."


async def duplicate(folder: Path, column: str) -> str:
    """The platform delivers again, and again, what it has been told that we have."""
    async with benched(column, folder) as here:
        assert await here.driver.says("Parent", SECOND)
        for _ in range(2):
            assert await here.driver.again("Parent")
        await here.reads("Parent", wording.REPORT_PROMPT)
        await here.quiet()
        kept, shown = len(await here.kept("Parent")), await here.times("Parent", wording.REPORT_PROMPT)
        assert (kept, shown) == (1, 1)
        return f"Delivered three times: taken each time, kept {COUNT[kept]}, answered {COUNT[shown]}."


async def out_of_order(folder: Path, column: str) -> str:
    """The second of two messages comes first."""
    async with benched(column, folder) as here:
        await REVERSED[column](here)

        async def both() -> bool:
            return len(await here.kept("Parent")) == 2

        await here.until(both, "both kept")
        await here.reads("Parent", wording.REPORT_PROMPT)
        await here.quiet()
        kept = await here.kept("Parent")
        assert await here.times("Parent", wording.REPORT_PROMPT) == 1
        screen = " ".join([seen.text for seen in await here.driver.shown("Parent")])
        answers = sorted((screen.index(words), words) for words in (wording.REPORT_PROMPT, HELLO))
        in_order = [words for _, words in answers] == [wording.REPORT_PROMPT, HELLO]
        if kept == [FIRST, SECOND]:
            assert not in_order
            return "Telegram hands out by its own numbers: both came in the order in which they were written."
        assert kept == [SECOND, FIRST]
        assert in_order
        return "Both kept once, and answered in the order in which they arrived."


async def _slack_reversed(here: Bench) -> None:
    person = here.wire.person("Parent")
    first, second = (here.wire._put(here.wire.dm(person.id), person.id, text) for text in (FIRST, SECOND))
    for said in (second, first):
        event = {"type": "message", "channel_type": "im", **here.wire._shown(said)}
        assert (await here.wire.event(person, event)).received


async def _telegram_reversed(here: Bench) -> None:
    assert here.bot is not None
    parent = here.wire.person("Parent")
    here.wire.begun.add((here.bot.id, parent.id))
    chat = here.wire.chat_of(here.bot, parent.id)
    made = [Update({"update_id": next(here.bot.updates), "message": here.wire.message(chat, parent.as_user(), text=text)})
            for text in (FIRST, SECOND)]  # fmt: skip
    if here.column == "telegram, calling":
        for update in reversed(made):
            assert await posted(here, json.dumps(update.body).encode()) == 200
    else:
        for update in reversed(made):
            here.wire.waits(here.bot, update)


async def _teams_reversed(here: Bench) -> None:
    for text, at in ((SECOND, "09:00:59"), (FIRST, "09:00:01")):
        assert (await here.wire.says("Parent", text, timestamp=f"2026-03-02T{at}.0000000Z")).received


async def _web_reversed(here: Bench) -> None:
    browser = await here.driver._browser("Parent")
    first = browser.compose({"text": FIRST})
    await here.driver._browser("Parent")  # the page once more, with a form of its own number
    second = browser.compose({"text": SECOND})
    for form in (second, first):
        assert await here.driver._send("Parent", form)


REVERSED: dict[str, Callable[[Bench], Awaitable[None]]] = {
    "slack, calling": _slack_reversed,
    "slack, line": _slack_reversed,
    "telegram, asked": _telegram_reversed,
    "telegram, calling": _telegram_reversed,
    "teams": _teams_reversed,
    "web": _web_reversed,
}


async def edited(folder: Path, column: str) -> str:
    """Somebody changes what they sent."""
    async with benched(column, folder) as here:
        assert await here.driver.says("Parent", "hello there")
        await here.driver.edits("Parent", "hello everybody")
        await here.reads("Parent", wording.EDITED[:60])
        assert await here.kept("Parent") == ["hello there", "hello everybody"]
        return "Both are kept, the first as it was; the person is told that it stays, and how to add something."


async def deleted(folder: Path, column: str) -> str:
    """Somebody deletes what they sent."""
    async with benched(column, folder) as here:
        assert await here.driver.says("Parent", "hello there")
        await here.driver.deletes("Parent")
        await here.reads("Parent", DELETED[:60])
        assert await here.kept("Parent") == ["hello there", ""]
        return "The words stay, that they were deleted is kept beside them, and the person is told so."
