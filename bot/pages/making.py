"""From values to HTML: the one place where a page or a part of one is made, always escaped, always under the strict policy."""

from __future__ import annotations

import secrets
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.pages.static import Files

FOLDER = Path(__file__).parent / "templates"


class Pages:
    """Makes pages from the TEMPLATES of one part of the site and those that all share. `framed` lets our own pages frame them."""

    def __init__(self, templates: Path, files: Files, *, framed: bool = False) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader([templates, FOLDER]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals["static"] = files.address
        self.headers = security(framed=framed)

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page, never kept by a browser or by anything between."""
        return HTMLResponse(self.part(template, **values), status, headers={**self.headers, "cache-control": "no-store"})

    def part(self, template: str, **values: object) -> str:
        """A page, or a part of one, as text."""
        return self._jinja.get_template(template).render(**values)


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


def new_nonce() -> str:
    """A number used once: every rendered form carries one, so that a second tap on it is the same message."""
    return secrets.token_urlsafe(18)
