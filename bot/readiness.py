"""Is a school ready? What would leave a report without a way, and what a school has to fill in before it goes live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.duties import duties, met
from bot.schools import CONTACTS, School
from bot.wording import listed
from flows import catalogue
from flows.cases.routing import CHAIR, CLASS_TEACHER, Route
from flows.flow import questions
from flows.matters import ABOUT_GOVERNOR, ABOUT_HEADTEACHER, MATTERS
from knowledge.policy import Policy
from knowledge.services import ALWAYS, GOOD_FOR

Level = Literal["error", "warning"]

# A review that falls due this soon is worth a word before it has gone by.
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing somebody should see to, and where."""

    level: Level
    file: str
    key: str
    text: str


def lint(school: School, today: date, *, live: bool) -> tuple[Finding, ...]:
    """Everything about SCHOOL that is wrong, or that a school has to fill in before it goes LIVE; errors first."""
    found = (
        *_routes(school),
        *_duties(school, live=live),
        *_policy(school, today, live=live),
        *_filled_in(school, today, live=live),
    )
    return tuple(sorted(found, key=lambda finding: finding.level))


def _routes(school: School) -> Iterator[Finding]:
    file = str(school.folder / "school.toml")
    for name in school.flows:
        if name not in catalogue.names():
            yield Finding("error", file, "flows", f"There is no report “{name}”. Known: {', '.join(catalogue.names())}.")
            continue
        for passage in {question.reading for question in questions(catalogue.flow(name))} - {"", *school.readings}:
            text = f'The report “{name}” shows this passage of the policy. Write refs = ["…"] under [readings.{passage}]'
            yield Finding("error", file, f"readings.{passage}", f"{text}, or take “{name}” out of flows.")
    for one in MATTERS.values():
        if one.name not in school.routes:
            event = f"{one.event}: " if one.event else ""
            yield Finding("error", file, f"routes.{one.name}", f"{event}nobody would be told “{one.title}”. Add the route.")
    for route in school.routes.values():
        for key, level, text in _route(route, school.policy):
            yield Finding(level, file, f"routes.{route.matter}.{key}", text)


def _route(route: Route, policy: Policy) -> Iterator[tuple[str, Level, str]]:
    told = {role for rung in (route.to, route.also, *route.climb) for role in rung}
    for ref in route.ref:
        if ref not in policy:
            yield "ref", "error", f"The policy has no section {ref}. Correct the reference."
    if route.label == "policy" and not route.ref:
        yield "ref", "error", 'It is said to be in the policy: say where, or use label = "default".'
    if route.matter == ABOUT_HEADTEACHER and told != {CHAIR}:
        yield "to", "error", "Everybody but the chair works for the headteacher. Leave only the chair on it."
    if not route.climb and route.matter not in (ABOUT_HEADTEACHER, ABOUT_GOVERNOR):
        yield "climb", "warning", "If nobody opens it, nobody else is told. Add the next role."
    if route.decides and not MATTERS[route.matter].asks:
        yield "decides", "error", "Nothing is asked for here, so nobody can approve it. Take the key out."
    if unasked := [role for role in route.decides if role not in told]:
        yield "decides", "error", f"{listed(unasked)} would decide and is never told. Add it to `to`, or let somebody else decide."
    if CLASS_TEACHER in told:
        text = "Every class teacher would read it, not only the child's own. Tell whoever leads them, and make the teacher a step."
        yield "to", "warning", text


def _duties(school: School, *, live: bool) -> Iterator[Finding]:
    """Rules that say whom to tell, and no route tells them."""
    level: Level = "error" if live else "warning"
    file = str(school.folder / "school.toml")
    unmet = {duty.section.ref: duty for duty in duties(school.policy, school.roles) if not met(duty, school.routes)}
    for ref, duty in unmet.items():
        if ref not in school.no_route:
            whom = listed(sorted({school.roles[role] for role in duty.roles} | {one.replace("_", " ") for one in duty.others}))
            text = f"{ref}, “{duty.section.title}”, says to tell {whom}, and no route with this reference does. Add it to one"
            yield Finding(level, file, "routes", f'{text}, or write under [lint] no_route = [{{ ref = "{ref}", why = "…" }}].')
    for ref in school.no_route:
        if ref not in school.policy:
            yield Finding("error", file, "lint.no_route", f"The policy has no section {ref}. Correct the reference.")
        elif ref not in unmet:
            yield Finding("warning", file, "lint.no_route", f"{ref} has a route, or tells nobody. Take it out of the list.")


def _policy(school: School, today: date, *, live: bool) -> Iterator[Finding]:
    file = str(school.folder / "policy.md") if school.published is None else f"policy version {school.published}"
    due = school.policy.dates.next_review
    if warning := school.policy.review_warning(today):
        yield Finding("warning", file, "dates.next_review", f"Said with every answer: {warning}")
    elif due is not None and due.last_day - today <= SOON:
        yield Finding("warning", file, "dates.next_review", f"The next review is due in {due}.")
    if live and school.policy.edition == "plain-language":
        text = "These are our words for the rules. Import the school's own document, so that it is quoted as it stands."
        yield Finding("warning", file, "edition", text)


def _filled_in(school: School, today: date, *, live: bool) -> Iterator[Finding]:
    level: Level = "error" if live else "warning"
    file = str(school.folder / "school.toml")
    if not school.calendar.terms:
        yield Finding(level, file, "calendar.terms", "No term is entered, so every weekday counts as open. Enter the terms.")
    for key in CONTACTS:
        contact = school.contacts.get(key)
        if contact is None or not contact.value:
            yield Finding(level, file, f"contacts.{key}.value", "Empty. Write the number or address people can use.")
        elif not contact.verified(today):
            text = f"Not checked in the last {GOOD_FOR.days} days. Try it, then write today as verified_on = {today}."
            yield Finding(level, file, f"contacts.{key}.verified_on", text)
    for service in school.services:
        if not service.verified(today):
            # Those that are not always shown are simply withheld, so they harm nobody.
            held_back = service.key not in ALWAYS
            text = f"{service.name}: not checked in the last {GOOD_FOR.days} days" + (
                ", so nobody is shown it." if held_back else "."
            )
            yield Finding("warning" if held_back else level, "services.toml", f"{service.key}.verified_on", text)
