"""Somebody at the desk, over real HTTP: signs in by a link as people do, opens pages, fills in the forms that stand on them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import httpx

from bot.clock import Clock, RehearsalClock
from bot.config import Config
from bot.rehearsal import persona
from flows.cases.acts import Doing
from flows.cases.case import Case
from storage.kept import Act, Recording
from tests.fakes import MONDAY
from tests.site import Site, rehearsing, serving
from tests.storage.conftest import HOLD, School

DESK = "/desk/rosebrook"


@dataclass
class Form:
    """One form of a page: where it goes, and what stands in it already."""

    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""


class _Forms(HTMLParser):
    """Reads the forms of a page as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside: Form | None = None
        self._select, self._textarea = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(has.get("action", ""), has.get("method", "get").lower())
            self.forms.append(self._inside)
        if self._inside is None:
            return
        name = has.get("name", "")
        if tag == "input" and name and (has.get("type") not in {"radio", "checkbox"} or "checked" in has):
            self._inside.fields[name] = has.get("value", "on" if has.get("type") == "checkbox" else "")
        if tag == "button":
            self._inside.buttons.append((name, has.get("value", "")))
        if tag == "textarea":
            self._textarea = name
            self._inside.fields[name] = ""
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and (self._select not in self._inside.fields or "selected" in has):
            self._inside.fields[self._select] = has.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._inside is None:
            return
        self._inside.words += data
        if self._textarea:
            self._inside.fields[self._textarea] += data


@dataclass
class AtTheDesk:
    """A browser at the desk. `page` is what it shows."""

    client: httpx.AsyncClient
    page: httpx.Response | None = None

    @property
    def shows(self) -> str:
        """The words of the page, without its tags."""
        assert self.page is not None
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page.text)).split())

    async def opens(self, path: str) -> httpx.Response:
        """Open PATH, following where it leads."""
        self.page = await self.client.get(path, follow_redirects=True)
        return self.page

    def forms(self) -> list[Form]:
        """The forms of the page."""
        assert self.page is not None
        parser = _Forms()
        parser.feed(self.page.text)
        return parser.forms

    def form(self, end: str) -> Form:
        """The first form of the page whose action ends in END."""
        found = [one for one in self.forms() if one.action.split("?")[0].endswith(end)]
        assert found, f"no form that goes to …{end}; there are {[one.action for one in self.forms()]}"
        return found[0]

    async def sends(self, end: str | Form, more: Mapping[str, str] | None = None, **fields: str) -> httpx.Response:
        """Fill in the form whose action ends in END with FIELDS, and send it."""
        form = end if isinstance(end, Form) else self.form(end)
        self.page = await self.client.post(form.action, data={**form.fields, **(more or {}), **fields}, follow_redirects=True)
        return self.page


async def at_the_desk(site: Site, who: str = "dsl", school: str = "rosebrook") -> AtTheDesk:
    """The demo person WHO, signed in by a link of theirs."""
    store, played = site.app.stores[school], persona(who)
    assert played is not None
    person = await store.people.by_place("web", played.place("web"))
    assert person is not None
    code = await store.sign_ins.make(person.id, site.app.clock.real_now())
    client = httpx.AsyncClient(base_url=site.address, timeout=10)
    site.clients.append(client)
    desk = AtTheDesk(client)
    await desk.opens(f"/desk/{school}/in?code={code}")
    await desk.sends("/in")
    return desk


@asynccontextmanager
async def desk_site(folder: Path, clock: Clock | None = None, config: Config | None = None) -> AsyncIterator[Site]:
    """A rehearsal of Rosebrook on a Monday morning in term, with its desk."""
    async with serving(config or rehearsing(folder / "data"), clock or RehearsalClock(MONDAY)) as site:
        yield site


async def a_case(site: Site, school: str = "rosebrook", *, tell: tuple[str, ...] = ("dsl",), **more: object) -> Case:
    """A case of which whoever holds the roles TELL has been told, by a push of their own; MORE of it may be different."""
    store = site.app.stores[school]
    made = School(store, site.app.work, now=site.app.clock.now())
    case = replace(made.case(rungs=(tell,)), **more)
    notices = [replace(one, due_at=site.app.clock.now()) for one in made.notices(case) if one.rung == 0]
    act = Act(Doing.OPENED, case.id)
    await store.record(Recording(case.opened_at, opened=(case,), notices=tuple(notices), acts=(act,)), HOLD)
    people = {person.id for role in tell for person in await store.people.holders(role)} - set(case.concerns)
    async with asyncio.timeout(20):
        for one in people:
            person = await store.people.by_id(one)
            while not await store.seen_by(person).some({case.reference}):  # noqa: ASYNC110 - the outbox announces nothing of one push
                await asyncio.sleep(0.02)
    return case
