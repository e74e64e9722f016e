"""The chat page's own part of making pages: what its forms carry, and one line as the stream sends it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from markupsafe import Markup, escape

from bot.channels.web.lines import Line
from bot.channels.web.session import Session
from bot.pages import making
from bot.pages.making import new_nonce
from bot.pages.static import Files
from flows.cases.calendar import Calendar

TEMPLATES = Path(__file__).parent / "templates"
HIDDEN = "".join(f'<input type="hidden" name="{name}" value="{{}}">' for name in ("csrf", "nonce", "about"))


@dataclass(frozen=True, slots=True)
class Form:
    """What the forms of one page need: where they go, whose they are, and the clock their lines are told by."""

    school: str
    session: Session
    calendar: Calendar
    now: datetime
    persona: str = ""
    desk: str = ""  # where the school's desk is, whose links alone can be followed from a line

    @property
    def here(self) -> str:
        return self._at("")

    @property
    def say(self) -> str:
        return self._at("/say")

    @property
    def events(self) -> str:
        return self._at("/events")

    @property
    def look(self) -> str:
        return self._at("/look")

    @property
    def forget(self) -> str:
        return self._at("/forget")

    def hidden(self, about: str) -> Markup:
        """The fields nobody sees. Each rendered form is one message, however often it is sent."""
        return Markup(HIDDEN).format(self.session.csrf, new_nonce(), about)  # noqa: S704 - a constant; what goes in is escaped

    def linked(self, text: str) -> Markup:
        """TEXT with the way in to the desk as a link. No other address becomes one: somebody may have written it to lead astray."""
        if not self.desk or self.desk not in text:
            return escape(text)
        parts = re.split(rf"({re.escape(self.desk)}/in\?code=[\w-]+)", text)
        link = Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>')
        return Markup("").join(link.format(part) if number % 2 else escape(part) for number, part in enumerate(parts))

    def clock(self, moment: datetime) -> str:
        """MOMENT by the school's clock, with its day unless that is today."""
        local, today = self.calendar.local(moment), self.calendar.local(self.now).date()
        return f"{local:%H:%M}" if local.date() == today else f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"

    def _at(self, end: str) -> str:
        path = f"/chat/{self.school}{end}"
        return f"{path}?{urlencode({'as': self.persona})}" if self.persona else path


class Pages(making.Pages):
    """Makes the pages of the chat. `framed` allows our own rehearsal page, and nobody else, to show them in a frame."""

    def __init__(self, files: Files, *, framed: bool) -> None:
        super().__init__(TEMPLATES, files, framed=framed)

    def fragment(self, line: Line, form: Form, *, rehearsal: bool) -> str:
        """One line as the page itself would show it, for the stream."""
        return self.part("fragment.html", line=line, form=form, rehearsal=rehearsal).strip()
