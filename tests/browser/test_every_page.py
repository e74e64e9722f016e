"""Every page there is, light and dark, on a phone and a desktop: for people who cannot see it, or only large, or use no mouse."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from starlette.routing import Route

from tests.browser.axe import faint, prepare, violations
from tests.browser.conftest import DESKTOP, PHONE, browsing
from tests.browser.every_page import EVERY, NO_PAGE, Pages, Shown, everything, showing, unfold
from tests.browser.measuring import crushed, doubled, sideways, walked

# One site and one browser for the whole module: nothing here changes anything.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SIZES = {"phone": PHONE["viewport"], "desktop": DESKTOP["viewport"]}
SMALL = {"viewport": {"width": 320, "height": 640}}
# What is left of a desktop's window of 1280 by 1024 for somebody who reads it at 400 %.
ENLARGED = {"viewport": {"width": 320, "height": 256}}
# The ground of what is chosen, beside that of the first of its neighbours that is not.
GROUNDS = """() => [...document.querySelectorAll("[aria-current], [aria-pressed=true]")].map((one) => [
  one, [...one.parentElement.children].find((other) => !other.matches("[aria-current], [aria-pressed=true]")),
].map((it) => getComputedStyle(it).backgroundColor))"""
CHATS = [one for one in EVERY if one.route == "/chat/{school}" and one.status == 200 and not one.alike]
every_page = pytest.mark.parametrize("shown", EVERY, ids=lambda shown: shown.name)
every_sort = pytest.mark.parametrize("shown", [one for one in EVERY if not one.alike], ids=lambda shown: shown.name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pages]:
    """The rehearsal with its story, and all else that is shown."""
    async with everything(tmp_path_factory.mktemp("every-page")) as pages:
        yield pages


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all of them."""
    async with browsing() as browser:
        yield browser


@every_page
async def test_axe_finds_nothing(browser: Browser, pages: Pages, shown: Shown):
    """No rule of WCAG 2.2 AA that a program can check is broken, and none of axe's own best practice, in any look."""
    async with showing(browser, pages, shown) as window:
        await unfold(window.page)
        await prepare(window.page)
        for size in SIZES.values():
            await window.page.set_viewport_size(size)
            await window.page.emulate_media(color_scheme="light")
            assert await violations(window.page) == []
            await window.page.emulate_media(color_scheme="dark")
            assert await faint(window.page) == []


@every_sort
async def test_it_fits_a_small_phone_and_large_letters(browser: Browser, pages: Pages, shown: Shown):
    """320 pixels wide nothing scrolls sideways; at twice the size every letter grows, and none is cut off."""
    async with showing(browser, pages, shown, **SMALL) as window:
        await unfold(window.page)
        assert await sideways(window.page) == []
        assert await crushed(window.page) == []
        assert await doubled(window.page, grows=not shown.paper) == []


@every_sort
async def test_the_keyboard_reaches_everything(browser: Browser, pages: Pages, shown: Shown):
    """Tab comes to everything that can be pressed, and one can see where it is, on a phone's screen and on a desktop's."""
    async with showing(browser, pages, shown) as window:
        await unfold(window.page)
        for size in SIZES.values():
            await window.page.set_viewport_size(size)
            assert await walked(window.page) == []


@pytest.mark.parametrize("shown", CHATS, ids=lambda shown: shown.name)
async def test_the_conversation_has_room_at_four_hundred_percent(browser: Browser, pages: Pages, shown: Shown):
    """What stands above and below it leaves at least four lines of the conversation."""
    async with showing(browser, pages, shown, **ENLARGED) as window:
        assert await window.page.locator("main").evaluate("main => main.clientHeight") >= 4 * 24


@pytest.mark.parametrize("name", ["stage", "desk-cases", "desk-pictures"])
async def test_what_is_chosen_is_told_in_few_colours(browser: Browser, pages: Pages, name: str):
    """Where somebody's own colours replace ours, the tab or speed that is chosen still looks different from its neighbours."""
    shown = next(one for one in EVERY if one.name == name)
    async with showing(browser, pages, shown, **DESKTOP, forced_colors="active") as window:
        grounds = await window.page.evaluate(GROUNDS)
        assert len(grounds) >= 1
        assert all(chosen != other for chosen, other in grounds)


@pytest.mark.parametrize("size", SIZES)
async def test_a_message_that_is_read_over_is_where_one_looks(browser: Browser, pages: Pages, size: str):
    """The page of a case is long, above all on a phone: what came back of a form is in the window, and has the focus."""
    shown = next(one for one in EVERY if one.name == "desk-case-message")
    async with showing(browser, pages, shown, viewport=SIZES[size]) as window:
        letter = window.page.get_by_text("I am seeing her tutor today", exact=False).and_(window.page.locator("blockquote"))
        await expect(letter).to_be_focused()
        await expect(letter).to_be_in_viewport()


async def test_every_route_is_here(pages: Pages):
    """A new route that shows something has its page in the list, so that whatever is promised here is promised of it."""
    routes = {
        route.path
        for site in (pages.story.site, pages.several)
        for route in site.app.web.routes
        if isinstance(route, Route) and "GET" in (route.methods or ())
    }
    here = {shown.route for shown in EVERY if shown.route} | NO_PAGE.keys()
    assert routes - here == set()
    assert here - routes == set()
