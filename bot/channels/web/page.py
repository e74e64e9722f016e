"""From lines to HTML: the one place where a page or a fragment of it is made, always escaped, always under the strict policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from bot.channels.web import static
from bot.channels.web.lines import Line
from bot.channels.web.session import Session, new_nonce
from flows.cases.calendar import Calendar

HIDDEN = "".join(f'<input type="hidden" name="{name}" value="{{}}">' for name in ("csrf", "nonce", "about"))


@dataclass(frozen=True, slots=True)
class Form:
    """What the forms of one page need: where they go, whose they are, and the clock their lines are told by."""

    school: str
    session: Session
    calendar: Calendar
    now: datetime
    persona: str = ""

    @property
    def here(self) -> str:
        return self._at("")

    @property
    def say(self) -> str:
        return self._at("/say")

    @property
    def events(self) -> str:
        return self._at("/events")

    def hidden(self, about: str) -> Markup:
        """The fields nobody sees. Each rendered form is one message, however often it is sent."""
        return Markup(HIDDEN).format(self.session.csrf, new_nonce(), about)  # noqa: S704 - a constant; what goes in is escaped

    def clock(self, moment: datetime) -> str:
        """MOMENT by the school's clock, with its day unless that is today."""
        local, today = self.calendar.local(moment), self.calendar.local(self.now).date()
        return f"{local:%H:%M}" if local.date() == today else f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"

    def _at(self, end: str) -> str:
        path = f"/chat/{self.school}{end}"
        return f"{path}?{urlencode({'as': self.persona})}" if self.persona else path


class Pages:
    """Makes pages. `framed` allows our own rehearsal page, and nobody else, to show them in a frame."""

    def __init__(self, files: Mapping[str, static.StaticFile], *, framed: bool) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals["static"] = lambda name: static.address(files, name)
        self.headers = security(framed=framed)

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page, never kept by a browser or by anything between."""
        html = self._jinja.get_template(template).render(**values)
        return HTMLResponse(html, status, headers={**self.headers, "cache-control": "no-store"})

    def fragment(self, line: Line, form: Form, *, rehearsal: bool) -> str:
        """One line as the page itself would show it, for the stream."""
        return self._jinja.get_template("fragment.html").render(line=line, form=form, rehearsal=rehearsal).strip()


def security(*, framed: bool) -> dict[str, str]:
    """What a browser is told to refuse on our pages: everything that is not ours, and every script or style inside a page."""
    frames = "'self'" if framed else "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        f"base-uri 'none'; frame-src {frames}; frame-ancestors {frames}"
    )
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "SAMEORIGIN" if framed else "DENY",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
