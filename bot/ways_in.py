"""How people get to the bot of a school: the links of its channels, with an invitation's code or without, as QR codes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import segno

from bot.config import Config
from bot.config.telegram import name_of, shared

TEAMS, TELEGRAM, WEB = "teams", "telegram", "web"


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: the app or page, and the link that leads there."""

    channel: str
    title: str
    link: str = field(repr=False)  # it may carry a code


def ways_in(config: Config, school: str, code: str = "") -> tuple[Way, ...]:
    """Every link to the bot of SCHOOL that CONFIG knows, the one most people can use first. With CODE, each brings it along."""
    found = []
    if WEB in config.channels and config.web.base_url:
        link = config.web.page(school)
        found.append(Way(WEB, "Web page", f"{link}?invite={code}" if code else link))
    if TELEGRAM in config.channels and (name := name_of(config, school)):
        # Where one bot serves several schools, the link says which; what stands there may have letters, digits, - and _ only.
        first = [school] if shared(config, school) else []
        brought = "_".join([*first, *([code] if code else [])])
        found.append(Way(TELEGRAM, "Telegram", f"https://t.me/{name}{f'?start={brought}' if brought else ''}"))
    if TEAMS in config.channels and code:  # parents are not in the school's Teams: only an invitation leads there
        found.append(
            Way(TEAMS, "Teams", f"https://teams.microsoft.com/l/chat/0/0?users=28:{config.teams.app_id}&message={grouped(code)}")
        )
    return tuple(found)


def missing(config: Config, school: str) -> tuple[str, ...]:
    """What has to be set before a channel that is in use has a link."""
    found = []
    if WEB in config.channels and not config.web.base_url:
        found.append("web.base_url, the address people type")
    if TELEGRAM in config.channels and not name_of(config, school):
        found.append("telegram.names, what @BotFather calls the bot")
    return tuple(found)


def grouped(code: str) -> str:
    """CODE as people read it out: in two halves."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def picture(link: str) -> str:
    """LINK as a QR code, in SVG for a page. A quarter of it may be smudged."""
    return segno.make(link, error="q", micro=False).svg_inline(scale=1, border=4, omitsize=True, svgclass=None, lineclass=None)


def in_the_terminal(link: str) -> str:
    """LINK as a QR code made of signs."""
    rows = [bytes(row) for row in segno.make(link, error="l", micro=False).matrix_iter(border=2)]
    rows += [bytes(len(rows[0]))] * (len(rows) % 2)
    halves = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}  # light on dark, as most terminals are
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(halves[bool(top), bool(below)] for top, below in zip(*pair, strict=True)) for pair in pairs)
