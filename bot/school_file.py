"""The file school.toml: what may stand in it, and what is said to somebody who made a slip there."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process

from bot import reporter_words
from bot.reporter_words import OURS, ReporterWords
from flows.cases.calendar import Days
from flows.cases.case import Ending
from flows.cases.retention import DAYS, DECIDED, MESSAGES, QUESTIONS, TRANSFERRED, UNTIL_TRANSFERRED, Retention
from flows.cases.routing import Label, Route
from flows.matters import MATTERS
from knowledge.policy import Policy

# A school has words for each of these, whoever fills them: routes, the desk and the sentences of the bot rely on it.
ROLES = ("dsl", "deputy_dsl", "headteacher", "chair", "slt", "it", "office")
# Some schools' policies send something to these as well; they exist where [roles] names them.
FURTHER_ROLES = ("class_teacher", "dpo", "eso", "oso", "computing_lead")
CONTACTS = ("office", "social_care_day", "social_care_night", "designated_officer")


# Who a step comes from, where it is not a section of the policy.
SAID_BY = {"default": "our suggestion, not the school's rule", "outside": "general practice in England, not the school's rule"}


class SchoolError(Exception):
    """A school's folder cannot be used; the message names the file, the key and what to write."""


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
    decides: tuple[str, ...] = ()

    def route(self, matter: str, policy: Policy) -> Route:
        """As the rest of the bot knows it."""
        plain = self.model_dump(exclude={"steps"})
        return Route(matter, **plain, steps=tuple(step.shown(policy) for step in self.steps))


class _NoRoute(_Table):
    """A rule that says whom to tell and needs no report for it, with the reason why."""

    ref: str = Field(min_length=1)
    why: str = Field(min_length=1)


class _Reading(_Table):
    """A passage of the policy that a guided report shows before it asks."""

    refs: tuple[str, ...] = Field(min_length=1)


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


KEPT: Final = "until transferred"
KeptDays = Literal["until transferred"] | Annotated[int, Field(ge=1)]


def _kept(ending: str) -> KeptDays:
    """What holds where a school says nothing."""
    days = DAYS[ending]
    return KEPT if days is UNTIL_TRANSFERRED else days


class _Drafts(_Table):
    """Reports that were begun and not sent."""

    keep_days: int = Field(default=7, ge=1, le=90)


class _Digest(_Table):
    """When digests go out, by the school's own clock; where nothing is said, when the school opens."""

    at: time | None = None


class _Clocks(_Table):
    """How many minutes a step has before the next is told, where the school wants less than usual. Opening time, if not urgent."""

    immediate: int | None = Field(default=None, ge=1)
    high: int | None = Field(default=None, ge=1)
    medium: int | None = Field(default=None, ge=1)
    low: int | None = Field(default=None, ge=1)

    def paces(self) -> tuple[tuple[str, timedelta], ...]:
        """As the calendar knows them."""
        return tuple((key, timedelta(minutes=minutes)) for key, minutes in self.model_dump().items() if minutes is not None)


class _Retention(_Table):
    """How many days words are kept once a case is closed, by how it ended; a school sets its own."""

    referred: KeptDays = _kept(Ending.REFERRED)
    dealt_with: KeptDays = _kept(Ending.DEALT_WITH)
    low_level: KeptDays = _kept(Ending.LOW_LEVEL)
    advice: KeptDays = _kept(Ending.ADVICE)
    no_action: KeptDays = _kept(Ending.NO_ACTION)
    mistake: KeptDays = _kept(Ending.MISTAKE)
    decided: KeptDays = _kept(DECIDED)
    transferred: int = Field(default=TRANSFERRED, ge=1)
    questions: int = Field(default=QUESTIONS, ge=1)
    messages: int = Field(default=MESSAGES, ge=1)

    def retention(self) -> Retention:
        """As the rest of the bot knows it."""
        given = self.model_dump(include=set(DAYS))
        days = {ending: UNTIL_TRANSFERRED if days == KEPT else days for ending, days in given.items()}
        return Retention(days, self.transferred, self.questions, self.messages)


class _ReporterWords(_Table):
    """What the person who sent a report reads of it; whatever is left out reads as ours does."""

    seen: str = OURS.seen
    taken: str = OURS.taken
    stands: str = OURS.stands
    update: str = OURS.update
    overdue: str = OURS.overdue
    closed: str = OURS.closed
    reopened: str = OURS.reopened
    message: str = OURS.message
    replies: tuple[str, str] = OURS.replies

    def problems(self) -> Iterator[tuple[str, str]]:
        """Each sentence that cannot be said, by its key, with the remedy."""
        for key, given in self.model_dump().items():
            for sentence in given if isinstance(given, tuple) else (given,):
                if found := reporter_words.problem(key, sentence):
                    yield key, found

    def words(self) -> ReporterWords:
        """As the rest of the bot knows it."""
        return ReporterWords(**self.model_dump())


class _Contact(_Table):
    """One of the school's own numbers."""

    value: str
    verified_on: date | None = None


class SchoolFile(_Table):
    """The file school.toml."""

    title: str = Field(min_length=1)
    governing_body: str = Field(min_length=1)
    record_system: str = ""
    flows: tuple[str, ...] = ()
    roles: dict[str, str]
    routes: dict[str, _Route]
    calendar: _Calendar
    contacts: dict[str, _Contact]
    readings: dict[str, _Reading] = {}
    drafts: _Drafts = _Drafts()
    digest: _Digest = _Digest()
    clocks: _Clocks = _Clocks()
    retention: _Retention = _Retention()
    reporter_words: _ReporterWords = _ReporterWords()
    lint: _Lint = _Lint()


def read(file: Path) -> SchoolFile:
    """FILE, with every name in it known; SchoolError otherwise."""
    try:
        given = SchoolFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SchoolError(f"{file}: cannot be read: {problem}. Correct the line, or compare with a shipped school.") from problem
    except ValidationError as problem:
        # All of them at once: nobody wants to start the bot five times to find five slips.
        said = (
            f"{'.'.join(str(part) for part in one['loc'])}: {_remedy(one['type'], one['msg'], str(one['loc'][-1]))}"
            for one in problem.errors(include_input=False, include_url=False)
        )
        raise SchoolError("\n".join(f"{file}: {line}" for line in said)) from problem
    _check_names(given, file)
    return given


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


def check_references(given: SchoolFile, file: Path, policy: Policy) -> None:
    """What is read out of POLICY has to be in it. (`signpost check` looks at the routes' own references)."""
    for matter, route in given.routes.items():
        for step in route.steps:
            if step.by not in SAID_BY and step.by not in policy:
                known = "a section of the policy, or default, or outside"
                raise SchoolError(f"{file}: routes.{matter}.steps: “{step.by}” says it, but that is not {known}. Correct `by`.")
    for key, reading in given.readings.items():
        for ref in reading.refs:
            if ref not in policy:
                raise SchoolError(f"{file}: readings.{key}.refs: the policy has no section {ref}. Correct the reference.")


def _check_names(given: SchoolFile, file: Path) -> None:
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
        for role in (*route.to, *route.also, *(role for rung in route.climb for role in rung), *route.decides):
            if role not in given.roles:
                raise SchoolError(f"{file}: routes.{matter}: {role} is not a role.{_did_you_mean(role, given.roles)}")
    for key, problem in given.reporter_words.problems():
        raise SchoolError(f"{file}: reporter_words.{key}: the sentence {problem}")
