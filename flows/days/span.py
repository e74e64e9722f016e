"""The days in which something may have been, and the words for "a day was named, but not which"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from re import Match


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last of them. `on_and_on`: until now. `again`: a weekday that is today may be that of last week."""

    first: date
    last: date
    on_and_on: bool = False
    again: bool = False


class Unclear(Exception):
    """A day is named, but not which: "the Monday after half term", "before Tuesday", "31/11"."""


# What words that were found mean today; None when they are about no day after all.
Rule = Callable[[Match[str], date], Days | None]


def one(day: date | None) -> Days:
    """DAY as a span; Unclear when there is none."""
    if day is None:
        raise Unclear
    return Days(day, day)
