"""One school, read from one folder: its policy, who is told what, its words for roles, its days and contacts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process

import knowledge
from flows.cases.calendar import Calendar, CalendarError, Days
from flows.cases.routing import CHAIR, Label, Route
from flows.matters import MATTERS
from flows.setting import Setting
from knowledge import markdown
from knowledge.policy import Policy
from knowledge.services import GOOD_FOR, SERVICES, Service
from knowledge.services import load as load_services
from storage.kept import Published

SHIPPED = Path(knowledge.__file__).parent / "schools"

# A school has words for each of these, whoever fills them: routes, the desk and the sentences of the bot rely on it.
ROLES = ("dsl", "deputy_dsl", "headteacher", "chair", "slt", "it", "office")
# Some schools' policies send something to these as well; they exist where [roles] names them.
FURTHER_ROLES = ("class_teacher", "dpo", "eso", "oso", "computing_lead")
CONTACTS = ("office", "social_care_day", "social_care_night", "designated_officer")


# Who a step comes from, where it is not a section of the policy.
SAID_BY = {"default": "our suggestion, not the school's rule", "outside": "general practice in England, not the school's rule"}

# Channels whose administrators may be able to read what people write to the bot.
READ_ALONG = frozenset({"slack", "teams"})

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class SchoolError(Exception):
    """A school's folder cannot be used; the message names the file, the key and what to write."""


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

    `roles` are the school's own words, `body` its governing body's name, `no_route` the rules that need no report, with the reason.
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
    published: int | None = None  # the version of the policy that was published; None: it is the folder's
    page: str = ""  # where its page on the web is reached from outside; empty where there is none

    @property
    def zone(self) -> ZoneInfo:
        """Where the school's clocks are."""
        return ZoneInfo(self.calendar.timezone)

    def setting(self, channel: str) -> Setting:
        """What a report told to this school in CHANNEL has to know: every role it could reach, and who else may read along."""
        routes = self.routes.values()
        reached = {role for route in routes for rung in (route.to, route.also, *route.climb) for role in rung} | {CHAIR}
        roles = {role: words for role, words in self.roles.items() if role in reached}
        return Setting(roles, workspace=channel in READ_ALONG)


class _Table(BaseModel):
    """A table of school.toml; a key that is not known here is a slip, and is said to be one."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Step(_Table):
    """One thing to do next, and who says so: a section of the policy, or one of the words below."""

    do: str = Field(min_length=1)
    by: str = Field(min_length=1)

    def shown(self, policy: Policy) -> str:
        """The step as a card shows it: nobody may take our suggestion for the school's rule."""
        return f"{self.do} ({SAID_BY[self.by] if self.by in SAID_BY else policy.place(policy.section(self.by))})"


class _Route(_Table):
    """Who is told about one matter."""

    to: tuple[str, ...] = Field(min_length=1)
    also: tuple[str, ...] = ()
    climb: tuple[tuple[str, ...], ...] = ()
    ref: tuple[str, ...] = ()
    within: str = ""
    then: str = ""
    steps: tuple[_Step, ...] = ()
    label: Label

    def route(self, matter: str, policy: Policy) -> Route:
        """As the rest of the bot knows it."""
        plain = self.model_dump(exclude={"steps"})
        return Route(matter, **plain, steps=tuple(step.shown(policy) for step in self.steps))


class _NoRoute(_Table):
    """A rule that says whom to tell and needs no report for it, with the reason why."""

    ref: str = Field(min_length=1)
    why: str = Field(min_length=1)


class _Lint(_Table):
    """What `signpost check` need not ask for."""

    no_route: tuple[_NoRoute, ...] = ()


class _Calendar(_Table):
    """Hours, terms and closed days."""

    timezone: str
    opens: time
    closes: time
    terms: tuple[Days, ...] = ()
    holidays: tuple[Days, ...] = ()


class _Contact(_Table):
    """One of the school's own numbers."""

    value: str
    verified_on: date | None = None


class _SchoolFile(_Table):
    """The file school.toml."""

    title: str = Field(min_length=1)
    governing_body: str = Field(min_length=1)
    record_system: str = ""
    flows: tuple[str, ...] = ()
    roles: dict[str, str]
    routes: dict[str, _Route]
    calendar: _Calendar
    contacts: dict[str, _Contact]
    lint: _Lint = _Lint()


def load(name: str, folder: Path | None = None, published: Published | None = None) -> School:
    """The school called NAME: from FOLDER/NAME where the school keeps its own files, otherwise as shipped.

    PUBLISHED is the version of its policy that is live, which then takes the place of the one in the folder.
    """
    home = folder_of(name, folder)
    file = home / "school.toml"
    given = _read(file)
    _check_names(given, file)
    try:
        calendar = Calendar(**dict(given.calendar))
    except CalendarError as problem:
        raise SchoolError(f"{file}: calendar.{problem}") from problem
    own_services = home / SERVICES.name
    policy = markdown.load(home / "policy.md") if published is None else as_published(published, name)
    for matter, route in given.routes.items():
        for step in route.steps:
            if step.by not in SAID_BY and step.by not in policy:
                known = "a section of the policy, or default, or outside"
                raise SchoolError(f"{file}: routes.{matter}.steps: “{step.by}” says it, but that is not {known}. Correct `by`.")
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
        no_route=MappingProxyType({one.ref: one.why for one in given.lint.no_route}),
        published=None if published is None else published.number,
    )


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
    given = _read(file)
    found = [("lint.no_route", one.ref) for one in given.lint.no_route]
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


def _read(file: Path) -> _SchoolFile:
    try:
        return _SchoolFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SchoolError(f"{file}: cannot be read: {problem}. Correct the line, or compare with a shipped school.") from problem
    except ValidationError as problem:
        # All of them at once: nobody wants to start the bot five times to find five slips.
        said = (
            f"{'.'.join(str(part) for part in one['loc'])}: {_remedy(one['type'], one['msg'], str(one['loc'][-1]))}"
            for one in problem.errors(include_input=False, include_url=False)
        )
        raise SchoolError("\n".join(f"{file}: {line}" for line in said)) from problem


def _remedy(kind: str, message: str, key: str) -> str:
    if kind == "missing":
        return "is missing; add it."
    if kind == "extra_forbidden":
        known = {field for table in _Table.__subclasses__() for field in table.model_fields}
        return f"is not known here.{_did_you_mean(key, known)}"
    return f"{message}."


def _did_you_mean(word: str, known: Collection[str]) -> str:
    near = process.extractOne(word, sorted(known), score_cutoff=60)
    return f" Did you mean {near[0]}?" if near else f" Known: {', '.join(sorted(known))}."


def _check_names(given: _SchoolFile, file: Path) -> None:
    """Every name in the file must be one that exists: a slip in a role would leave a report with nobody to read it."""
    for what, names, known in (
        ("roles", given.roles, frozenset((*ROLES, *FURTHER_ROLES))),
        ("routes", given.routes, MATTERS.keys()),
        ("contacts", given.contacts, frozenset(CONTACTS)),
    ):
        for name in names:
            if name not in known:
                raise SchoolError(f"{file}: {what}.{name} is not known here.{_did_you_mean(name, known)}")
    for role in dict.fromkeys((*ROLES, *given.roles)):
        if not given.roles.get(role):
            raise SchoolError(f"{file}: roles.{role} is missing. Write what this school calls it, even where nobody holds it.")
    for matter, route in given.routes.items():
        for role in (*route.to, *route.also, *(role for rung in route.climb for role in rung)):
            if role not in given.roles:
                raise SchoolError(f"{file}: routes.{matter}: {role} is not a role.{_did_you_mean(role, given.roles)}")
