"""The sheet and the letter as one HTML file: two A4 pages, nothing loaded from anywhere, no script."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.poster.sheet import Poster

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(poster: Poster) -> str:
    """POSTER as a file to open in any browser and print."""
    return _TEMPLATES.get_template("poster.html").render(poster=poster)
