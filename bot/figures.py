"""Figures of a school for those who answer for it: how many reports of which kind, and how soon somebody had them. Pure.

For the governors, who know the families, no number is told that is small enough to point at anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.wording_digests import span
from flows.cases.case import Severity
from flows.cases.figures import FEW, Drill, Tally, by_matter, longest_wait, suppressed, typical_wait
from flows.matters import matter

# Two periods that differ by a few days would give small numbers away by taking one from the other.
SHORTEST_FOR_GOVERNORS = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both counted in."""

    since: date
    until: date

    @property
    def length(self) -> timedelta:
        """How many days it has."""
        return self.until - self.since + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told. Where `few` names kinds, their numbers are smaller than are told, and there is no `total`."""

    school: str
    period: Period
    kinds: tuple[tuple[str, int], ...]
    few: tuple[str, ...] = ()
    total: int | None = None
    urgencies: tuple[tuple[str, int], ...] = ()
    waiting: int | None = None
    typical: timedelta | None = None
    longest: timedelta | None = None
    in_vain: int = 0
    drills: int = 0


def figures(
    school: str, period: Period, tallies: Sequence[Tally], in_vain: int, drills: Sequence[Drill], *, governors: bool
) -> Figures:
    """What TALLIES come to. For GOVERNORS small numbers are left out, with everything from which they could be worked out."""
    kinds = tuple((matter(name).title, number) for name, number in by_matter(tallies))
    told = Figures(school, period, kinds, in_vain=in_vain, drills=len(drills))
    if governors:
        stand, few = suppressed(kinds)
        enough = sum(tally.waited is not None for tally in tallies) >= FEW
        return replace(told, kinds=stand, few=tuple(sorted(few)), typical=typical_wait(tallies) if enough else None)
    return replace(
        told,
        total=len(tallies),
        urgencies=tuple((one.value, sum(tally.severity is one for tally in tallies)) for one in Severity),
        waiting=sum(tally.acknowledged_at is None and tally.closed_at is None for tally in tallies),
        typical=typical_wait(tallies),
        longest=longest_wait(tallies),
    )


def as_markdown(found: Figures) -> str:
    """FOUND as a page to print or paste."""
    return "\n".join(_lines(found)) + "\n"


def as_plain(found: Figures) -> dict[str, object]:
    """FOUND for another program to read. A number that is not told is not there."""
    told: dict[str, object] = {
        "school": found.school,
        "since": found.period.since.isoformat(),
        "until": found.period.until.isoformat(),
        "kinds": [{"kind": kind, "reports": number} for kind, number in found.kinds],
        "fewer_than_5": list(found.few),
        "questions_in_vain": found.in_vain,
        "drills": found.drills,
        "typical_wait_seconds": _seconds(found.typical),
    }
    if found.total is not None:
        told |= {"reports": found.total, "not_acknowledged": found.waiting, "longest_wait_seconds": _seconds(found.longest)}
        told["urgencies"] = [{"urgency": name, "reports": number} for name, number in found.urgencies]
    return told


def _lines(found: Figures) -> Iterator[str]:
    yield f"# {found.school}: reports from {_day(found.period.since)} to {_day(found.period.until)}"
    yield ""
    if not found.kinds and not found.few:
        yield "No report came in."
    else:
        yield "| Kind | Reports |"
        yield "|---|---|"
        yield from (f"| {kind} | {number} |" for kind, number in found.kinds)
        yield from (f"| {kind} | fewer than {FEW} |" for kind in found.few)
        if found.total is not None:
            yield f"| **All** | **{found.total}** |"
    yield ""
    yield from (f"- {line}" for line in _facts(found))


def _facts(found: Figures) -> Iterator[str]:
    if found.urgencies and found.total:
        yield "By urgency: " + ", ".join(f"{name} {number}" for name, number in found.urgencies if number) + "."
    if found.typical is not None:
        longest = "" if found.longest is None else f", the last of them within {span(found.longest)}"
        yield f"Half of those that were acknowledged were so within {span(found.typical)}{longest}."
    if found.waiting:
        yield f"Not acknowledged: {found.waiting}."
    yield f"Questions that the policy did not answer for sure: {found.in_vain}."
    yield f"Drills: {found.drills}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())
