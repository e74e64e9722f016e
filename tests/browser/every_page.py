"""Every page of the site: what tests and pictures go through. A route that is neither here nor under NO_PAGE fails a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from playwright.async_api import Browser, Page

from bot import schools
from bot.casefile import Maker, document, forms
from bot.clock import RehearsalClock
from bot.poster import html, made
from bot.rehearsal import PERSONAS, cast
from bot.ways_in import WEB, Way
from tests.browser.conftest import Window
from tests.browser.story import Story, told
from tests.desk_site import DESK
from tests.fakes import MONDAY
from tests.site import CHAT, Site, for_real, serving

SCHOOL = "rosebrook"
SCHOOLS = (SCHOOL, "trent", "mosaic")


@dataclass(frozen=True)
class Pages:
    """What there is to look at: the rehearsal with its story, a site of several schools, and files that were written."""

    story: Story
    several: Site
    folder: Path


Where = Callable[[Pages], Awaitable[str]]
Does = Callable[[Page], Awaitable[None]]


@dataclass(frozen=True)
class Shown:
    """One page. `route` is the route it is an example of; `whose` browser of the story looks at it.

    Some pages only answer a form: `does` fills in and sends the one on the page at `where`, and `answers` is the status of that.
    """

    name: str
    route: str
    where: Where
    whose: str = ""
    status: int = 200
    does: Does | None = None
    answers: int = 200
    alike: bool = False  # the same page as another one here, with less on it: asked of axe, and nothing more
    paper: bool = False  # measured in millimetres and points, for a printer: whoever wants it larger on a screen zooms


def _of_the_story(address: str) -> Where:
    async def where(pages: Pages) -> str:
        return pages.story.site.address + address.format_map({**pages.story.references, **pages.story.people})

    return where


def _of_several(address: str) -> Where:
    async def where(pages: Pages) -> str:
        return pages.several.address + address

    return where


async def _poster(pages: Pages) -> str:
    """The sheet and the letter, written to a file. It stands for no route."""
    way = Way(WEB, "Web page", "https://signpost.a-primary-school.example.sch.uk/chat/rosebrook")
    return _written(pages, "poster.html", html(made(schools.load(SCHOOL), (way,), date(2026, 11, 23))))


async def _case_file(pages: Pages) -> str:
    """The record of a case, written to a file."""
    names = pages.story.names
    maker = Maker(pages.story.people["dsl"], "Demo safeguarding lead")
    record = document(await pages.story.record("bullied"), schools.load(SCHOOL), names, maker, MONDAY)
    return _written(pages, "case.html", forms.html(record))


def _written(pages: Pages, name: str, content: str) -> str:
    file = pages.folder / name
    file.write_text(content, encoding="utf-8")
    return file.as_uri()


def _pressing(button: str, fills: Mapping[str, str] = MappingProxyType({}), chooses: str = "", unless: str = "") -> Does:
    """Opens what is folded, fills in the boxes that FILLS names by their labels, ticks what it CHOOSES, and presses BUTTON.

    Nothing of this where UNLESS is there already: a copy that was just taken is shown without taking another.
    """

    async def does(page: Page) -> None:
        if unless and await page.locator(unless).count():
            return
        await unfold(page)
        for label, words in fills.items():
            await page.get_by_label(label, exact=True).fill(words)
        if chooses:
            await page.get_by_label(chooses, exact=True).check()
        async with page.expect_navigation():
            await page.get_by_role("button", name=button, exact=True).click()

    return does


async def unfold(page: Page) -> None:
    """Open everything that is folded on PAGE, except for what would lie over the rest."""
    await page.evaluate("for (const one of document.querySelectorAll('details:not(.sizes)')) one.open = true")


_CHAT = "/chat/{school}"
_PLAYED = ("parent", "teacher", "dsl", "deputy_dsl")  # those of a rehearsal to whom something happened
_DESK = "/desk/{school}"
_CASE = f"{_DESK}/case/{{reference}}"
EVERY: tuple[Shown, ...] = (
    Shown("stage", "/", _of_the_story("/")),
    Shown("choose-your-school", "/", _of_several("/")),
    Shown("no-such-page", _CHAT, _of_the_story("/chat/nowhere"), status=404),
    Shown("chat-first-visit", _CHAT, _of_the_story(CHAT)),
    Shown("chat-of-a-real-school", _CHAT, _of_several(CHAT)),
    Shown("chat-invited", _CHAT, _of_the_story(f"{CHAT}?invite=7K2M4PQRST")),
    Shown("chat-asked", _CHAT, _of_the_story(CHAT), "asked"),
    Shown("chat-review", _CHAT, _of_the_story(CHAT), "review"),
    Shown("chat-reported", _CHAT, _of_the_story(CHAT), "neighbour"),
    Shown("chat-danger", _CHAT, _of_the_story(CHAT), "aunt"),
    *(
        Shown(f"chat-as-{one.key}", _CHAT, _of_the_story(f"{CHAT}?as={one.key}"), alike=one.key not in _PLAYED)
        for one in PERSONAS
        if one in cast(schools.load(SCHOOL))
    ),
    Shown("times-tables", "/times-tables", _of_the_story("/times-tables")),
    Shown("desk-which-school", "/desk", _of_several("/desk")),
    Shown("desk-signed-out", _DESK, _of_the_story(DESK)),
    Shown("desk-link", f"{_DESK}/in", _of_the_story(f"{DESK}/in?code={'x' * 43}")),
    Shown("desk-link-used", f"{_DESK}/in", _of_the_story(f"{DESK}/in?code={'x' * 43}"), does=_pressing("Sign in"), answers=403),
    Shown("desk-link-cut-short", f"{_DESK}/in", _of_the_story(f"{DESK}/in?code=x")),
    Shown("desk-cases", _DESK, _of_the_story(DESK), "lead's desk"),
    Shown("desk-no-cases", _DESK, _of_the_story(DESK), "office's desk"),
    Shown("desk-no-such-case", _DESK, _of_the_story(f"{DESK}?reference=SP-22222"), "lead's desk"),
    Shown("desk-case", _CASE, _of_the_story(f"{DESK}/case/{{bullied}}"), "lead's desk"),
    Shown("desk-case-nobody-has", _CASE, _of_the_story(f"{DESK}/case/{{followed}}"), "lead's desk"),
    Shown("desk-case-record", f"{_CASE}/record", _of_the_story(f"{DESK}/case/{{bullied}}/record"), "lead's desk"),
    Shown("desk-case-referral", f"{_CASE}/referral", _of_the_story(f"{DESK}/case/{{bullied}}/referral"), "lead's desk"),
    Shown(
        "desk-case-record-taken",
        f"{_CASE}/record",
        _of_the_story(f"{DESK}/case/{{filmed}}/record"),
        "lead's desk",
        does=_pressing("Take a copy", unless="#record-text"),
    ),
    Shown(
        "desk-case-referral-made",
        f"{_CASE}/referral",
        _of_the_story(f"{DESK}/case/{{bullied}}/referral"),
        "lead's desk",
        does=_pressing("Make the sheet", chooses="the police"),
    ),
    Shown(
        "desk-case-message",
        _CASE,
        _of_the_story(f"{DESK}/case/{{bullied}}"),
        "lead's desk",
        does=_pressing("Read it over", {"Your message": "I am seeing her tutor today, and will write again on Wednesday."}),
    ),
    Shown(
        "desk-case-not-closed",
        _CASE,
        _of_the_story(f"{DESK}/case/{{bullied}}"),
        "lead's desk",
        does=_pressing("Close it"),
        answers=422,
    ),
    Shown("desk-people", f"{_DESK}/people", _of_the_story(f"{DESK}/people"), "lead's desk"),
    Shown("desk-people-as-the-office", f"{_DESK}/people", _of_the_story(f"{DESK}/people"), "office's desk"),
    Shown("desk-person", f"{_DESK}/people/{{person}}", _of_the_story(f"{DESK}/people/{{deputy_dsl}}"), "lead's desk"),
    Shown(
        "desk-invited",
        f"{_DESK}/people/{{person}}",
        _of_the_story(f"{DESK}/people/{{newcomer}}"),
        "lead's desk",
        does=_pressing("Make a code"),
    ),
    Shown("desk-pictures", f"{_DESK}/pictures", _of_the_story(f"{DESK}/pictures"), "lead's desk"),
    Shown("desk-for-governors", f"{_DESK}/pictures/governors", _of_the_story(f"{DESK}/pictures/governors"), "lead's desk"),
    Shown("poster-and-letter", "", _poster, paper=True),
    Shown("case-file", "", _case_file, paper=True),
)

# Routes that answer a browser with something else than a page.
NO_PAGE = {
    "/chat/{school}/events": "a stream",
    "/desk/{school}/events": "a stream",
    "/desk/{school}/as/{persona}": "leads on to the page of a link",
    "/desk/{school}/pictures/{table}.csv": "a table for another program",
    "/static/{name}": "files",
    "/desk-files/{name}": "files",
    "/rehearsal/state": "JSON",
    "/healthz": "one word",
    "/readyz": "one word",
}


@asynccontextmanager
async def everything(folder: Path) -> AsyncIterator[Pages]:
    """All that is shown, from what is kept in FOLDER."""
    several = serving(for_real(folder / "several", *SCHOOLS), RehearsalClock(MONDAY))
    async with told(folder / "story") as story, several as site:
        yield Pages(story, site, folder)


@asynccontextmanager
async def showing(browser: Browser, pages: Pages, shown: Shown, **how: object) -> AsyncIterator[Window]:
    """SHOWN in a window that looks HOW, with the cookies of whose page it is; it may complain about nothing."""
    context = await browser.new_context(locale="en-GB", **how)
    if shown.whose:
        await context.add_cookies(pages.story.cookies(shown.whose))
    window = Window.on(await context.new_page())
    answer = await window.page.goto(await shown.where(pages))
    assert answer is None or answer.status in (0, shown.status), f"{shown.name} answers {answer.status}"
    if shown.does:
        await shown.does(window.page)
    yield window
    await context.close()
    expected = {f"status of {status}" for status in (shown.status, shown.answers)}
    assert [one for one in window.complaints if not any(words in one for words in expected)] == []
