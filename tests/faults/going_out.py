"""Faults on the way out: the platform refuses, breaks, hangs or hangs up, or the bot goes in the middle of a send.

Each of these does it to a bot, looks at what came of it, and says so in a line. Nothing is said that was not asserted or counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import httpx

from bot import wording
from flows.cases.case import Case, Said, Severity, reference
from flows.cases.notice import Notice, NoticeKind
from storage.kept import Recording
from tests.drivers import BROKEN, HALF, HANGS, RESET, TOO_MANY, passes
from tests.e2e import lines
from tests.faults.columns import COLUMNS, FIRST, SECOND, Bench, benched
from tests.mail_wire import HANG, LATER
from tests.mail_wire import RESET as RESET_AFTER
from tests.plain_browser import listening

ASKED = "report something"
WAIT = 40  # seconds that a platform asks us to wait
HOLD = timedelta(seconds=60)
SOON = 0.4  # real seconds in which whatever is due now has been done


async def too_many(folder: Path, column: str) -> str:
    """429 with Retry-After; a mail server says 451 and no time."""
    if column == "email":
        return await _card_by_mail(folder, [LATER])
    async with benched(column, folder) as here:
        await _ask_to_wait(here)
        assert await here.driver.says("Parent", ASKED)
        await here.until(lambda: here.again == 1, "the refusal noted")
        asked_at = here.now
        passes(here.app, WAIT - 5)
        await asyncio.sleep(SOON)
        assert await here.times("Parent", wording.REPORT_PROMPT) == 0, "sent before its time"
        await here.reads("Parent", wording.REPORT_PROMPT)
        assert (here.now - asked_at).total_seconds() >= WAIT - 1
        return f"Asked to wait {WAIT} seconds: nothing went out in {WAIT - 5} of them. {await _arrived(here)}."


async def _ask_to_wait(here: Bench) -> None:
    if here.column.startswith("telegram"):
        here.wire.fails("429", 1, retry_after=WAIT)
    else:
        here.wire.retry_after = type(here.wire.retry_after)(WAIT)
        here.driver.fails(TOO_MANY)


async def broken(folder: Path, column: str) -> str:
    """5xx; of a mail server 550, which is a refusal for good."""
    if column != "email":
        return await _fails(folder, column, BROKEN)
    async with benched(column, folder) as here:
        here.wire.refuse[FIRST] = "550 5.1.1 No such user"
        case = await _opens(here)
        await here.until(lambda: here.wire.mails, "the card at the other address")
        passes(here.app, 60)
        await here.until(lambda: here.wire.heard["RCPT"] > 2, "another attempt")
        assert {mail.to for mail in here.wire.mails} == {(SECOND,)}
        assert case.reference in here.wire.mails[0].message["Subject"]
        return "Refused for good (550) at one address: the card went to their other one, and the first goes on being tried in vain."


async def reset(folder: Path, column: str) -> str:
    """The line is cut behind the request."""
    if column == "email":
        return await _card_by_mail(folder, [RESET_AFTER])
    if column == "web":
        return await _page(folder, lines.RESETS)
    return await _fails(folder, column, RESET)


async def hangs(folder: Path, column: str) -> str:
    """No answer ever comes. The bot's patience is shortened for this, to half a second."""
    if column == "email":
        return await _card_by_mail(folder, [HANG])
    if column == "web":
        return await _one_page_hangs(folder)
    return await _fails(folder, column, HANGS)


async def half(folder: Path, column: str) -> str:
    """The answer breaks off in the middle."""
    if column == "email":
        return await _mail_line_cut(folder)
    if column == "web":
        return await _page(folder, lines.HALF)
    return await _fails(folder, column, HALF)


async def _fails(folder: Path, column: str, how: str) -> str:
    """One send ends in that way; two more messages wait behind it."""
    async with benched(column, folder) as here:
        here.driver.fails(how)
        for text in (ASKED, "hello", "stop"):
            assert await here.driver.says("Parent", text)

        async def answered() -> bool:
            lag = await here.app.work.lag(here.now)
            return len(await here.put_down("Parent")) >= 3 and not lag["inbox"].waiting and not lag["replies"].waiting

        await here.until(answered, "every answer")
        assert here.again >= 1
        await _in_order(here)
        return f"{await _arrived(here)}. The two answers behind it waited, and came after it."


async def _in_order(here: Bench) -> None:
    screen = " ".join(" ".join(seen.text.replace("|", " ").split()) for seen in await here.driver.shown("Parent"))
    at = 0
    for text in await here.put_down("Parent"):
        words = " ".join(text.replace("|", " ").split())[:60]
        at = screen.find(words, at)
        assert at >= 0, "an answer is missing, or came too early"


async def _arrived(here: Bench) -> str:
    """How often the answer stands there, and after how many attempts."""
    shown = await here.times("Parent", wording.REPORT_PROMPT)
    attempts = here.again + 1
    assert 1 <= shown <= attempts
    return f"Sent {COUNT[attempts]} in all, shown {COUNT[shown]}"


COUNT = {1: "once", 2: "twice", 3: "three times"}


# The page --------------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _reading(here: Bench, line: lines.Line) -> AsyncIterator[httpx.AsyncClient]:
    """A parent's browser that comes over LINE."""
    assert here.site is not None
    line.leads_to = httpx.URL(here.site.address).port or 0
    async with httpx.AsyncClient(base_url=line.address, timeout=5) as client:
        yield client


async def _page(folder: Path, how: str) -> str:
    """The stream of an open page is cut in that way while an answer is on it."""
    async with benched("web", folder) as here, lines.line("browser") as line, _reading(here, line) as client:
        browser = await here.driver._browser("Parent")
        client.cookies = browser.client.cookies
        events = f"{browser.path.replace('?', '/events?')}&after=0.0.0"
        async with listening(client, events) as stream:
            reading = asyncio.create_task(_next(stream))
            await asyncio.sleep(0.1)
            await line.cut(how)
            assert await here.driver.says("Parent", ASKED)
            await here.quiet()
            with suppress(httpx.HTTPError):  # which is what a browser hears of a line that is cut
                assert await reading is None, "something whole came over it"
        await line.mend()
        async with listening(client, events) as stream:
            back = await asyncio.wait_for(anext(stream), 5)
        assert back["data"].count("What would you like to report") == 1
        assert await here.times("Parent", wording.REPORT_PROMPT) == 1
        return (
            "Nothing of it was shown by half: the page came back by itself with its mark, and was given what it had missed, once."
        )


async def _next(stream: AsyncIterator[dict[str, str]]) -> dict[str, str] | None:
    return await anext(stream, None)


async def _one_page_hangs(folder: Path) -> str:
    """A browser that takes nothing any more."""
    async with benched("web", folder) as here, lines.line("browser") as line, _reading(here, line) as client:
        browser = await here.driver._browser("Parent")
        client.cookies = browser.client.cookies
        async with listening(client, f"{browser.path.replace('?', '/events?')}&after=0.0.0"):
            await line.cut(lines.HANGS)
            assert await here.driver.says("Parent", ASKED)
            assert await here.driver.says("Teacher", ASKED)
            await here.reads("Teacher", wording.REPORT_PROMPT)
            await here.reads("Parent", wording.REPORT_PROMPT)
        return "Nobody else waited for it, and the same person was given the answer as soon as they loaded the page again."


# E-mail ----------------------------------------------------------------------------------------------------------------------


async def _card_by_mail(folder: Path, faults: list[str]) -> str:
    async with benched("email", folder) as here:
        here.wire.faults += faults
        case = await _opens(here)
        wanted = 2 if faults == [RESET_AFTER] else 1
        await here.until(lambda: len(_to(here, FIRST)) >= wanted, "the card")
        await asyncio.sleep(SOON)
        mails = _to(here, FIRST)
        assert all(case.reference in mail.message["Subject"] for mail in mails)
        assert len({mail.message["Message-ID"] for mail in mails}) == 1
        # While one address is silent, their other one may be tried as well.
        said = here.wire.heard["DATA"] - len(_to(here, SECOND))
        same = ", both under one Message-ID, so that it shows as one" if len(mails) == 2 else ""
        assert said == 2
        return f"Sent {COUNT[said]} in all, {COUNT[len(mails)]} in the mailbox{same}."


async def _mail_line_cut(folder: Path) -> str:
    made = COLUMNS["email"]
    async with made.platform(folder) as wire, lines.line("mail", wire.port) as line:
        wire.port = line.port
        async with made.life(folder, wire) as here:
            await here.until(lambda: here.app.supervisor.states["email"] == "up", "e-mail up")
            await line.cut(lines.HALF)
            await _opens(here)
            await here.until(lambda: here.app.supervisor.states["email"] == "retrying", "the trouble noticed")
            assert not wire.mails
            await line.mend()
            await here.until(lambda: _to(here, FIRST), "the card", within=20)
            assert len(_to(here, FIRST)) == 1
            return "The channel said “retrying” of itself and tried the server out again; the card came once it was back, once."


def _to(here: Bench, place: str) -> list:
    return [mail for mail in here.wire.mails if mail.to == (place,)]


async def _opens(here: Bench) -> Case:
    """An urgent report that waits for the lead."""
    (store,) = here.app.stores.values()
    case = Case(
        id=reference("X"), reference=reference(), matter="bullying_of_pupil", severity=Severity.HIGH, opened_at=here.now,
        rungs=(("dsl",),), said=(Said("What happened?", "zqx", "happened"),),
    )  # fmt: skip
    notice = Notice(case.id, 0, NoticeKind.PUSH, here.now)
    await store.record(Recording(here.now, opened=(case,), notices=(notice,)), HOLD)
    return case


# The bot goes ----------------------------------------------------------------------------------------------------------------


async def restart(folder: Path, column: str) -> str:
    """The bot goes while a send is on the line, and comes back."""
    made = COLUMNS[column]
    async with made.platform(folder) as wire:
        async with made.life(folder, wire) as here:
            if column == "email":
                wire.faults.append(HANG)
                await _opens(here)
                await here.until(lambda: wire.heard["DATA"] == 1, "the card on the line")
            else:
                if wire is not None:
                    here.driver.fails(HANGS)
                assert await here.driver.says("Parent", ASKED)
                await asyncio.sleep(SOON)
            waiting = await here.unsent()
            assert waiting == (0 if column == "web" else 1), "it was not on the line"
        async with made.life(folder, wire) as here:
            began = here.now
            await (_card_is_there(here) if column == "email" else here.reads("Parent", wording.REPORT_PROMPT, step=3.0))
            await here.all_sent()
            waited = (here.now - began).total_seconds() > HOLD.total_seconds() / 2
            shown = len(wire.mails) if column == "email" else await here.times("Parent", wording.REPORT_PROMPT)
            assert column == "email" or await here.kept("Parent") == [ASKED]
        assert 1 <= shown <= 2
        when = "once the lease of the one before, a minute, had run out" if waited else "at once"
        return f"The next start sent it {when}: shown {COUNT[shown]} in all."


async def _card_is_there(here: Bench) -> None:
    await here.until(lambda: here.wire.mails, "the card", step=3.0)
