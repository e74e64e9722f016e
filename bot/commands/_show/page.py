"""All reports on one page that needs nothing else, for somebody who reads them, changes them, and signs them off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot import wording
from bot.commands._show import text
from bot.commands._show.sheet import Sheet
from bot.schools import School
from flows.cases.case import Severity
from flows.cases.clocks import wait

_HERE = Path(__file__).parent
_NUMBERS = re.compile(r"question (\d+(?: or \d+)*)")
_LABELS = {
    "policy": ("Policy", "The school's own policy says who is told."),
    "default": ("Our default", "The policy names nobody for this, so we suggest who is told. Change it if you see it otherwise."),
    "outside": ("General practice", "The policy names nobody for this; general safeguarding practice in England does."),
}


def render(sheets: Sequence[Sheet], schools: Sequence[School], today: date) -> str:
    """SHEETS as one page, made on TODAY for SCHOOLS."""
    jinja = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    jinja.filters |= {"linked": _linked, "capital": _capital}
    return jinja.get_template("page.html").render(
        sheets=sheets,
        schools=[(school.title, _edition(school), school.policy.review_warning(today) or "") for school in schools],
        labels=_LABELS,
        clocks=[(wording.URGENCY[speed.value], _pause(speed, schools[0])) for speed in Severity],
        notes=text.notes,
        today=f"{today.day} {today:%B %Y}",
        look=Markup((_HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file, not what anybody wrote
    )


def _linked(words: str, sheet: str) -> Markup:
    """WORDS in which every question that is named by its number can be jumped to."""

    def link(found: re.Match[str]) -> Markup:
        numbers = found[1].split(" or ")
        links = [Markup('<a href="#{sheet}-{number}">{number}</a>').format(sheet=sheet, number=one) for one in numbers]
        return Markup("question ") + Markup(" or ").join(links)

    said, end = Markup(""), 0
    for found in _NUMBERS.finditer(words):
        said += escape(words[end : found.start()]) + link(found)
        end = found.end()
    return said + escape(words[end:])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _edition(school: School) -> str:
    parts = [
        school.policy.title,
        f"version {school.policy.version}" if school.policy.version else "",
        f"published here as number {school.published}" if school.published is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _pause(speed: Severity, school: School) -> str:
    """How long each rung has before the next one is told."""
    pause = wait(speed, school.calendar)
    minutes = int(pause.span.total_seconds() // 60)
    span = f"{minutes} minutes" if minutes < 60 else f"{minutes / 60:g} hour{'' if minutes == 60 else 's'}"
    return f"{span}{' of school time' if pause.school_hours else ', at any hour'}"
