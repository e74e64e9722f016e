"""A browser without JavaScript: loads the chat page, fills in its forms, presses its buttons, and reads what is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass
class Button:
    """A button of a form."""

    name: str
    value: str
    disabled: bool
    label: str = ""


@dataclass
class PageForm:
    """A form as it stands on the page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


@dataclass
class Shown:
    """One line of the conversation."""

    id: str
    kind: str
    text: str = ""
    buttons: list[Button] = field(default_factory=list)


class _Reader(HTMLParser):
    """Finds forms, buttons and lines."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.lines: list[Shown] = []
        self.marks: dict[str, str] = {}
        self._button: Button | None = None
        self._line: Shown | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(has.get("action", "")))
        elif tag == "input":
            self.forms[-1].fields[has["name"]] = has["value"]
        elif tag == "button" and self.forms:
            self._button = Button(has.get("name", ""), has.get("value", ""), "disabled" in has)
            self.forms[-1].buttons.append(self._button)
            if self._line is not None:
                self._line.buttons.append(self._button)
        elif tag == "article":
            self._line = Shown(has["data-id"], has["class"])
            self.lines.append(self._line)
        elif has.get("id") == "log":
            self.marks = has

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None
        elif tag == "article":
            self._line = None

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self._button.label += data
        if self._line is not None:
            self._line.text += data


class PlainBrowser:
    """One person's browser, with its own cookies."""

    def __init__(self, client: httpx.AsyncClient, path: str) -> None:
        self.client = client
        self.path = path
        self.answer: httpx.Response | None = None
        self.page = _Reader()

    async def loads(self) -> list[Shown]:
        """Load the page and read the conversation."""
        return self._read(await self.client.get(self.path))

    async def says(self, text: str) -> list[Shown]:
        """Type TEXT, press Send, and read the page that comes back."""
        return await self.sends(self.compose({"text": text}))

    async def clicks(self, label: str) -> list[Shown]:
        """Press the latest button that says LABEL, and read the page that comes back."""
        return await self.sends(self.pressing(label))

    async def sends(self, what: tuple[str, dict[str, str]], **more: object) -> list[Shown]:
        """Send a form as it is and follow where it leads."""
        action, fields = what
        return self._read(await self.client.post(action, data=fields, follow_redirects=True, **more))

    def compose(self, more: dict[str, str]) -> tuple[str, dict[str, str]]:
        """The form at the foot of the page, filled in."""
        form = self.page.forms[-1]
        return form.action, {**form.fields, **more}

    def pressing(self, label: str) -> tuple[str, dict[str, str]]:
        """The form of the latest button LABEL below a line, if it can be pressed, as the button would send it."""
        for form in reversed(self.page.forms):
            for button in form.buttons:
                if button.name and button.label.strip() == label and not button.disabled:
                    return form.action, {**form.fields, button.name: button.value}
        there = [button.label.strip() for form in self.page.forms for button in form.buttons if not button.disabled]
        raise AssertionError(f"no button {label!r} can be pressed; there were {there}")

    def _read(self, answer: httpx.Response) -> list[Shown]:
        answer.raise_for_status()
        self.answer, self.page = answer, _Reader()
        self.page.feed(answer.text)
        return self.page.lines


@asynccontextmanager
async def listening(client: httpx.AsyncClient, address: str, **headers: str) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    """The events of a stream, one by one, as a browser would hear them; comments are given as {"comment": …}."""
    async with client.stream("GET", address, headers=headers) as answer:
        answer.raise_for_status()
        yield _events(answer)


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, str]]:
    event: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if not line:
            if event:
                yield event
            event = {}
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not name:
            yield {"comment": value}
        elif name != "retry":
            event[name] = f"{event[name]}\n{value}" if name in event else value
