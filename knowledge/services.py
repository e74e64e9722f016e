"""Services outside the school that can help now. A number that nobody has verified lately is kept on file and not shown."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SERVICES = Path(__file__).with_name("services.toml")

# Known to everybody and never withheld: somebody frightened must not find an empty page because a date ran out.
ALWAYS = frozenset({"police", "childline"})

# How long a verification is believed before `signpost check` asks for a new one.
GOOD_FOR = timedelta(days=90)


class ServicesError(Exception):
    """The list of services cannot be used; the message names the file, the key and the remedy."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: what it takes and refuses is as important as its number."""

    key: str
    name: str
    contact: str
    takes: str
    refuses: str
    hours: str
    read_in: str
    verified_on: date | None

    def verified(self, today: date) -> bool:
        """Whether somebody has compared it with the service itself lately enough."""
        return self.verified_on is not None and timedelta(0) <= today - self.verified_on <= GOOD_FOR


class _Entry(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1)
    contact: str = Field(min_length=1)
    takes: str
    refuses: str
    hours: str
    read_in: str = ""
    verified_on: str = Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")


def load(path: Path = SERVICES) -> tuple[Service, ...]:
    """Every service on file, verified or not: for `signpost check` and the desk."""
    remedy = "Correct it, or restore the file from the release."
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ServicesError(f"{path}: cannot be read: {problem}. {remedy}") from problem
    if missing := ALWAYS - tables.keys():
        raise ServicesError(f"{path}: {min(missing)} is missing. {remedy}")
    return tuple(_service(key, table, path) for key, table in tables.items())


def services(today: date, path: Path = SERVICES) -> tuple[Service, ...]:
    """The services that may be named to a person TODAY."""
    return tuple(service for service in load(path) if service.key in ALWAYS or service.verified(today))


def _service(key: str, table: object, path: Path) -> Service:
    try:
        entry = _Entry.model_validate(table)
        verified_on = date.fromisoformat(entry.verified_on) if entry.verified_on else None
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        place = ".".join([key, *(str(part) for part in first["loc"])])
        raise ServicesError(f"{path}: {place}: {first['msg']}.") from problem
    except ValueError as problem:
        raise ServicesError(f"{path}: {key}.verified_on: there is no such day; write 2026-09-01.") from problem
    if not entry.read_in and key not in ALWAYS:
        raise ServicesError(
            f"{path}: {key}.read_in is missing. Write the page that gives this contact; nobody may know it by heart."
        )
    return Service(key, entry.name, entry.contact, entry.takes, entry.refuses, entry.hours, entry.read_in, verified_on)
