"""Pictures at the desk: what comes in, how soon somebody has it, what is left lying, and what the policy does not answer.

Each counts through the eyes of whoever looks, as their list of cases does: what is hidden from them is in no number.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from bot.changing_roles import sure
from bot.desk import charts, counting
from bot.desk.acting import Gone
from bot.desk.charts import Picture, Row
from bot.desk.counting import PERIODS, TERM, TWELVE_WEEKS, YEAR
from bot.desk.door import SignedIn
from bot.figures import Figures, Period, figures
from bot.naming import names
from bot.schools import School
from bot.turn import Outcome
from bot.wording_digests import span
from flows.cases.confirming import leads
from flows.cases.figures import FEW, Tally
from knowledge.risk import Triage
from storage.kept import Act, Asked, Person
from storage.store import Store

if TYPE_CHECKING:
    from bot.desk.desk import Desk, Page

GOVERNORS = "governors"
TOO_FEW = f"fewer than {FEW}"
TAKEN = "figures taken"  # as at the command line
LOOKED_THROUGH, QUESTIONS = 500, 20  # of those whose words were passed on, the newest
FOR_GOVERNORS = MappingProxyType({TERM: ("The last term that is over", 1), YEAR: ("The last three terms that are over", 3)})


async def page(desk: Desk, who: SignedIn, request: Request) -> Response:
    """Every chart with its table, for one of the periods."""
    name = _named(request, PERIODS, TWELVE_WEEKS)
    days = counting.period(name, who.school, _today(who))
    store = desk.context.around.stores[who.school.name]
    tallies = await _opened(store, who, days)
    told = figures(who.school.title, days, tallies, 0, (), governors=False)
    return desk.page(
        who,
        request,
        "pictures.html",
        pictures=await _pictures(desk, who, days, tallies),
        draw=charts.chart,
        swatch=charts.swatch,
        facts=_facts(told),
        periods=PERIODS,
        period=name,
        days=_days(days),
        questions=await _questions(desk, who, days),
    )


async def table(desk: Desk, who: SignedIn, request: Request) -> Response:
    """One of the tables as a file. It leaves the desk, so it is written down who took which."""
    key = request.path_params["table"]
    if key == GOVERNORS:
        return await _governors_table(desk, who, request)
    name = _named(request, PERIODS, TWELVE_WEEKS)
    days = counting.period(name, who.school, _today(who))
    tallies = await _opened(desk.context.around.stores[who.school.name], who, days)
    found = next((one for one in await _pictures(desk, who, days, tallies) if one.key == key), None)
    if found is None:
        raise Gone
    lines: list[Sequence[object]] = [[found.of, *found.series, "All"], *([row.name, *row.numbers, row.total] for row in found.rows)]
    await _put_down(desk, who, days, key)
    return _file(desk, f"{who.school.name}-{key}-{days.until.isoformat()}.csv", lines)


async def governors(desk: Desk, who: SignedIn, request: Request) -> Response:
    """What governors may be told: whole terms that are over, without any number that is small enough to point at anybody."""
    name, terms = await _terms(desk, who, request)
    await _put_down(desk, who, Period(terms[-1].period.since, terms[0].period.until), GOVERNORS)
    return desk.page(
        who,
        request,
        "governors.html",
        terms=[(one, _governors_picture(one, number), _days(one.period), _facts(one)) for number, one in enumerate(terms, 1)],
        draw=charts.chart,
        few=FEW,
        choices=FOR_GOVERNORS,
        period=name,
        made_on=_day(_today(who)),
        next_on=_day(counting.third(_today(who)).until + timedelta(days=1)),
    )


async def _governors_table(desk: Desk, who: SignedIn, request: Request) -> Response:
    _, terms = await _terms(desk, who, request)
    lines: list[Sequence[object]] = [["First day", "Last day", "Kind", "Reports"]]
    for one in terms:
        kinds = [*one.kinds, *((kind, TOO_FEW) for kind in one.few)]
        lines += [[one.period.since.isoformat(), one.period.until.isoformat(), kind, number] for kind, number in kinds]
    await _put_down(desk, who, Period(terms[-1].period.since, terms[0].period.until), GOVERNORS)
    return _file(desk, f"{who.school.name}-governors-{terms[0].period.until.isoformat()}.csv", lines)


async def _terms(desk: Desk, who: SignedIn, request: Request) -> tuple[str, list[Figures]]:
    """The figures of each term that was asked for. Always whole ones: two papers then cannot be taken one from the other."""
    name, store = _named(request, FOR_GOVERNORS, TERM), desk.context.around.stores[who.school.name]
    found = []
    for days in counting.thirds_over(_today(who), FOR_GOVERNORS[name][1]):
        tallies, vain = await _opened(store, who, days), await store.figures.in_vain(*_moments(days, who.school))
        found.append(figures(who.school.title, days, tallies, vain, (), governors=True))
    return name, found


async def _pictures(desk: Desk, who: SignedIn, days: Period, tallies: Sequence[Tally]) -> tuple[Picture, ...]:
    store, school = desk.context.around.stores[who.school.name], who.school
    listed = await desk.acting.turn(who).cases.listed()
    asked = await store.figures.asked_in_vain(*_moments(days, school))
    return (
        counting.by_week(tallies, days, school),
        counting.by_wait(tallies),
        counting.by_age(listed, who.now),
        counting.in_vain(asked, days, school),
    )


async def _opened(store: Store, who: SignedIn, days: Period) -> tuple[Tally, ...]:
    return await store.figures.opened(who.person, *_moments(days, who.school))


async def _questions(desk: Desk, who: SignedIn, days: Period) -> tuple[tuple[str, str, str], ...]:
    """The words that people agreed to pass on, for whoever leads the school, with the day and who asked: staff or a parent.

    A question that may name whoever looks is left out, as one whose words were not passed on: it may be the beginning of a report.
    """
    if not leads(sure(who.person)):
        return ()
    around, school = desk.context.around, who.school
    asked = await around.stores[school.name].questions.in_vain(_moments(days, school)[0], LOOKED_THROUGH)

    def told() -> tuple[tuple[str, str, str], ...]:
        mine = (one for one in asked if one.words and not _may_name(around.triage, one.words, who.person))
        return tuple((_asked_on(one, school), one.audience, one.words or "") for one in islice(mine, QUESTIONS))

    return await asyncio.to_thread(told)


def _may_name(triage: Triage, words: str, person: Person) -> bool:
    return names(words, person) or not triage.by_words(words).names_roles.isdisjoint(person.roles)


def _asked_on(one: Asked, school: School) -> str:
    return "" if one.at is None else _day(one.at.astimezone(school.zone).date())


def _governors_picture(told: Figures, number: int) -> Picture:
    rows = tuple(Row(kind, (many,)) for kind, many in told.kinds)
    return Picture(f"{GOVERNORS}-{number}", f"Reports by kind, {_days(told.period)}", "Kind", ("Reports",), rows)


def _facts(told: Figures) -> tuple[str, ...]:
    found = []
    if told.total is not None:
        found.append(f"{told.total} {'report' if told.total == 1 else 'reports'} came in.")
    if told.typical is not None:
        longest = "" if told.longest is None else f"; the slowest within {span(told.longest)}"
        found.append(f"Of those that somebody acknowledged, half were so within {span(told.typical)}{longest}.")
    if told.waiting:
        found.append(f"Nobody has acknowledged {told.waiting} of them.")
    if told.total is None:
        found.append(f"Questions that the policy did not answer for sure: {told.in_vain}.")
    return tuple(found)


async def _put_down(desk: Desk, who: SignedIn, days: Period, what: str) -> None:
    details = json.dumps({"since": str(days.since), "until": str(days.until), "for": what})
    await desk.acting.look(who, Outcome(audit=(Act(TAKEN, person=who.person.id, details=details),)))


def _file(desk: Desk, name: str, lines: Sequence[Sequence[object]]) -> Response:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    headers = {**desk.pages.headers, "cache-control": "no-store", "content-disposition": f'attachment; filename="{name}"'}
    # The mark at the beginning makes every spreadsheet read it as UTF-8.
    return Response(f"\ufeff{out.getvalue()}", media_type="text/csv; charset=utf-8", headers=headers)


def _named(request: Request, known: Mapping[str, object], usual: str) -> str:
    asked = request.query_params.get("period", usual)
    return asked if asked in known else usual


def _today(who: SignedIn) -> date:
    return who.now.astimezone(who.school.zone).date()


def _moments(days: Period, school: School) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(day, time(), school.zone) for day in (days.since, days.until + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def _days(days: Period) -> str:
    return f"{_day(days.since)} to {_day(days.until)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


PAGES: Mapping[str, Page] = MappingProxyType(
    {
        "/desk/{school}/pictures": page,
        "/desk/{school}/pictures/governors": governors,
        "/desk/{school}/pictures/{table}.csv": table,
    }
)
FORMS: Mapping[str, Page] = MappingProxyType({})
