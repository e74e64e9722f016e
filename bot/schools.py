"""One school, read from one folder: its policy, who is told what, its words for roles, its days and contacts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import knowledge
from bot.passages import passage
from bot.reporter_words import ReporterWords
from bot.school_file import CONTACTS, FURTHER_ROLES, ROLES, SAID_BY, SchoolError, SchoolFile, check_references, read
from flows.cases.calendar import Calendar, CalendarError
from flows.cases.case import Severity
from flows.cases.clocks import usual_wait
from flows.cases.retention import Retention
from flows.cases.routing import CHAIR, Route, entangled, rungs
from flows.setting import Reading, Setting
from knowledge import markdown
from knowledge.policy import Policy
from knowledge.services import GOOD_FOR, SERVICES, Service
from knowledge.services import load as load_services
from storage.kept import Published

__all__ = [
    "CONTACTS", "FURTHER_ROLES", "READ_ALONG", "ROLES", "SAID_BY", "SHIPPED", "Contact", "School", "SchoolError",
    "as_published", "folder_of", "load", "relied_on",
]  # fmt: skip

SHIPPED = Path(knowledge.__file__).parent / "schools"

# Channels whose administrators may be able to read what people write to the bot.
READ_ALONG = frozenset({"slack", "teams"})

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Contact:
    """A number or address of the school's own, and the day somebody last checked it. Empty until the school fills it in."""

    key: str
    value: str
    verified_on: date | None

    def verified(self, today: date) -> bool:
        """Whether it is there and has been checked lately enough to send somebody frightened to it."""
        return bool(self.value) and self.verified_on is not None and timedelta(0) <= today - self.verified_on <= GOOD_FOR


@dataclass(frozen=True, slots=True)
class School:
    """Everything the bot knows about one school.

    `roles` are the school's own words, `body` its governing body's name, `no_route` the rules that need no report, with the reason,
    `readings` the passages of the policy that its guided reports show.
    """

    name: str
    title: str
    policy: Policy
    routes: Mapping[str, Route]
    roles: Mapping[str, str]
    body: str
    flows: tuple[str, ...]
    calendar: Calendar
    contacts: Mapping[str, Contact]
    services: tuple[Service, ...]
    record_system: str
    folder: Path
    no_route: Mapping[str, str]
    readings: Mapping[str, Reading]
    published: int | None = None  # the version of the policy that was published; None: it is the folder's
    digest_at: time = time(8, 30)  # when digests go out on school days
    keep_days: int = 7  # how long a report that was begun and not sent is kept after the last word
    retention: Retention = field(default_factory=Retention)  # how long words are kept once a case is closed
    reporter_words: ReporterWords = field(default_factory=ReporterWords)  # what the person who sent a report reads of it
    desk: str = ""  # where its desk is reached by those who work with cases; empty where nobody said under which address
    page: str = ""  # where its page on the web is reached from outside; empty where there is none
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)  # who holds which role, where a turn has looked

    @property
    def zone(self) -> ZoneInfo:
        """Where the school's clocks are."""
        return ZoneInfo(self.calendar.timezone)

    def ladder(self, matter: str, concerned: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """The roles that would be told of MATTER, first rung first, if it concerns these: they, and whoever they are as well."""
        return rungs(self.routes[matter], entangled(concerned, self.held).roles)

    def setting(self, channel: str) -> Setting:
        """What a report told to this school in CHANNEL has to know: every role it could reach, and who else may read along."""
        routes = self.routes.values()
        reached = {role for route in routes for rung in (route.to, route.also, *route.climb) for role in rung} | {CHAIR}
        roles = {role: words for role, words in self.roles.items() if role in reached}
        return Setting(roles, channel in READ_ALONG, self.readings)


def load(name: str, folder: Path | None = None, published: Published | None = None) -> School:
    """The school called NAME: from FOLDER/NAME where the school keeps its own files, otherwise as shipped.

    PUBLISHED is the version of its policy that is live, which then takes the place of the one in the folder.
    """
    home = folder_of(name, folder)
    file = home / "school.toml"
    given = read(file)
    try:
        calendar = Calendar(**dict(given.calendar))
    except CalendarError as problem:
        raise SchoolError(f"{file}: calendar.{problem}") from problem
    calendar = _paced(given, calendar, file)
    own_services = home / SERVICES.name
    policy = markdown.load(home / "policy.md") if published is None else as_published(published, name)
    check_references(given, file, policy)
    number = None if published is None else published.number
    readings = {key: passage(policy, one.refs, number) for key, one in given.readings.items()}
    return School(
        name=name,
        title=given.title,
        policy=policy,
        routes=MappingProxyType({matter: route.route(matter, policy) for matter, route in given.routes.items()}),
        roles=MappingProxyType(given.roles),
        body=given.governing_body,
        flows=given.flows,
        calendar=calendar,
        contacts=MappingProxyType({key: Contact(key, one.value, one.verified_on) for key, one in given.contacts.items()}),
        services=load_services(own_services if own_services.exists() else SERVICES),
        record_system=given.record_system,
        folder=home,
        readings=MappingProxyType(readings),
        no_route=MappingProxyType({one.ref: one.why for one in given.lint.no_route}),
        published=number,
        digest_at=_digest_at(given.digest.at, calendar, file),
        keep_days=given.drafts.keep_days,
        retention=given.retention.retention(),
        reporter_words=given.reporter_words.words(),
    )


def _paced(given: SchoolFile, calendar: Calendar, file: Path) -> Calendar:
    """CALENDAR with the school's own clocks: it may want somebody to have a report sooner than usual, and never later."""
    for name, own in given.clocks.paces():
        usual = usual_wait(Severity(name), calendar).span
        if own > usual:
            most = int(usual / timedelta(minutes=1))
            raise SchoolError(f"{file}: clocks.{name}: a school may ask for less time than usual, not more. Write at most {most}.")
    return replace(calendar, paces=given.clocks.paces())


def _digest_at(given: time | None, calendar: Calendar, file: Path) -> time:
    """When digests go out: on a school day, and before the school closes, so that somebody can act on them that day."""
    if given is not None and given >= calendar.closes:
        raise SchoolError(f"{file}: digest.at: the school closes at {calendar.closes:%H:%M}. Write a time before that.")
    return calendar.opens if given is None else given


def as_published(version: Published, name: str) -> Policy:
    """The policy of the school called NAME as it was published."""
    called = f"version {version.number} of the policy of {name}"
    policy = markdown.parse(version.markdown, called)
    if version.topics is None:
        return policy
    return markdown.with_answers(policy, version.topics, f"{called}: {markdown.ANSWERS}", outlived=True)


def relied_on(name: str, folder: Path | None = None) -> tuple[tuple[Path, str, str], ...]:
    """Every section of the policy that the school's own file relies on: the file, the key, and the reference given there."""
    file = folder_of(name, folder) / "school.toml"
    given = read(file)
    found = [("lint.no_route", one.ref) for one in given.lint.no_route]
    found += [(f"readings.{key}.refs", ref) for key, one in given.readings.items() for ref in one.refs]
    for matter, route in given.routes.items():
        found += [(f"routes.{matter}.ref", ref) for ref in route.ref]
        found += [(f"routes.{matter}.steps", step.by) for step in route.steps if step.by not in SAID_BY]
    return tuple((file, key, ref) for key, ref in dict.fromkeys(found))


def folder_of(name: str, folder: Path | None) -> Path:
    """Where the files of the school called NAME are: in FOLDER/NAME, or where we ship them."""
    if not _NAME.fullmatch(name):
        raise SchoolError(f"schools: “{name}” is not the name of a school's folder. Use small letters, digits and hyphens.")
    places = [place / name for place in (folder, SHIPPED) if place is not None]
    for place in places:
        if (place / "school.toml").is_file():
            return place
    raise SchoolError(f"schools: there is no school “{name}”. Looked for school.toml in {' and '.join(map(str, places))}.")
