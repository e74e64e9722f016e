"""Which bots there are: one for each school that has a token of its own, and one for all the others together."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.telegram.one_bot import Line
from bot.config import Config
from bot.config.telegram import SHARED, own, token_of

ROUTE = "/telegram"


@dataclass(frozen=True, slots=True)
class Served:
    """One bot's line, and the schools that are reached by it."""

    line: Line
    schools: tuple[str, ...]


def lines(config: Config) -> tuple[Served, ...]:
    """Every bot that CONFIG has a token for."""
    by_variable: dict[str, list[str]] = {}
    for school in config.schools:
        variable = own(school) if token_of(config, own(school)) else SHARED
        by_variable.setdefault(variable, []).append(school)
    return tuple(
        Served(_line(config, variable, shared=len(schools) > 1), tuple(schools))
        for variable, schools in by_variable.items()
        if numbered(token_of(config, variable))
    )


def unserved(config: Config) -> str:
    """The variable of a school that no bot of CONFIG serves; empty when each has one."""
    served = {school for one in lines(config) for school in one.schools}
    return next((own(school) for school in config.schools if school not in served), "")


def numbered(token: str) -> bool:
    """Whether TOKEN begins with the number of a bot, as every token does."""
    return token.partition(":")[0].isdecimal()


def _line(config: Config, variable: str, *, shared: bool) -> Line:
    token = token_of(config, variable)
    number = token.partition(":")[0]
    address = f"{config.base_url}{ROUTE}/{number}" if config.telegram.webhook else ""
    return Line(int(number), variable, token, config.telegram.api.rstrip("/"), address, shared)
