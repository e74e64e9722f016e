"""One guided report laid out for somebody who has to sign it off: what is asked, where each answer leads, and who is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot import wording
from bot.commands._show import outcomes
from bot.commands._show.outcomes import Audience
from bot.commands._show.told import Told, choosable, told
from bot.commands._show.tree import Ways
from bot.commands._show.words import ALWAYS, condition, only_after
from bot.schools import School
from flows import catalogue
from flows.finishing import PICTURE
from flows.flow import questions
from flows.matters import Matter, matter
from flows.question import Question, asked_here
from flows.setting import ANYWHERE, Reading, Setting


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that can be pressed, and what it leads to where that is no further question."""

    label: str
    ends: str = ""
    locks: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One question as it stands on the sheet."""

    number: int
    text: str
    kind: str
    only: str = ""
    why: str = ""
    help: str = ""
    optional: bool = False
    gate: bool = False
    workspace: bool = False
    silence: str = ""
    answers: tuple[Answer, ...] = ()
    further: int = 0  # how many answers are understood when typed and have no button
    readings: tuple[tuple[str, Reading], ...] = ()  # the school's own text that is shown with it, school by school


@dataclass(frozen=True, slots=True)
class End:
    """One matter that the report can be about: when, how soon somebody must know, and who that is at each school."""

    title: str
    when: tuple[str, ...]
    soon: str
    told: tuple[Told, ...]
    shows: tuple[str, ...] = ()  # the only answers that are passed on; none: the whole report


@dataclass(frozen=True, slots=True)
class Sheet:
    """One guided report, whole."""

    name: str
    title: str
    about: str
    intro: str
    heard_as: tuple[str, ...]
    offered: tuple[str, ...]
    not_offered: tuple[str, ...]
    begun_by: str
    lines: tuple[Line, ...]
    ends: tuple[End, ...]
    parts: tuple[End, ...]
    pace: tuple[tuple[str, tuple[str, ...]], ...]
    advice: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]  # when, and what is said then
    locks: bool = False
    roles: tuple[tuple[str, str], ...] = field(default=())  # who can be chosen, school by school, where a role is asked for


def sheet(name: str, schools: Sequence[School], audience: Audience = "everybody") -> Sheet:
    """The report called NAME as SCHOOLS offer it, for AUDIENCE."""
    return _Reading(name, schools, audience).sheet()


class _Reading:
    def __init__(self, name: str, schools: Sequence[School], audience: Audience) -> None:
        self.name, self.flow = name, catalogue.flow(name)
        self.schools = tuple(school for school in schools if name in school.flows) or tuple(schools)
        self.all = tuple(schools)
        self.audience = audience
        self.asked = outcomes.for_audience(audience, asked_here(questions(self.flow), self._setting()))
        self.number = {question.name: number for number, question in enumerate(self.asked, 1)}
        self.by_name = {question.name: question for question in self.asked}

    def sheet(self) -> Sheet:
        """All of it."""
        ends, locks = self._ends(), [question for question in self.asked if question.locks]
        role = any(question.kind == "role" for question in self.asked)
        return Sheet(
            name=self.name,
            title=self.flow.title,
            about=(self.flow.__doc__ or "").partition("\n")[0],
            intro=self.flow.intro,
            heard_as=self.flow.heard_as,
            offered=tuple(school.title for school in self.all if self.name in school.flows),
            begun_by=self.flow.begun_by,
            not_offered=tuple(school.title for school in self.all if self.name not in school.flows),
            lines=tuple(self._line(question) for question in self.asked),
            ends=(*ends, *([self._picture(locks)] if locks else [])),
            parts=tuple(self._parts()),
            pace=tuple(self._pace()),
            advice=tuple(self._advice()),
            locks=bool(locks),
            roles=tuple((school.title, choosable(school)) for school in self.schools) if role else (),
        )

    def _setting(self) -> Setting:
        """Where everything is asked that is asked anywhere: with one school's own roles, or with every role there is."""
        one = self.schools[0].setting("") if len(self.schools) == 1 else ANYWHERE
        here = {question.reading for question in questions(self.flow) if question.reading}
        known = {key: reading for school in self.schools for key, reading in school.readings.items()}
        # A school that has no such passage does not offer the report; the question is shown without a version then.
        return replace(one, workspace=True, readings={key: known.get(key, Reading("", "…")) for key in here})

    def _line(self, question: Question) -> Line:
        label = {choice.value: choice.label for choice in question.choices}
        return Line(
            number=self.number[question.name],
            text=question.text,
            kind=question.kind,
            only=only_after(question, self.number, self.by_name),
            why=question.why,
            help=question.help,
            optional=question.optional,
            gate=question.gate,
            workspace=question.workspace,
            silence=label.get(question.silence, ""),
            answers=tuple(
                Answer(choice.label, question.stops.get(choice.value, ""), choice.value in question.locks)
                for choice in question.choices
            ),
            further=len(question.more),
            readings=tuple(
                (school.title, school.readings[question.reading]) for school in self.schools if question.reading in school.readings
            ),
        )

    def _ends(self) -> tuple[End, ...]:
        """The matters the report itself can be about, the most urgent first."""
        never = outcomes.always_about(self.name, self.audience)
        return tuple(
            self._end(matter(name), self._words(ways), never[name])
            for name, ways in outcomes.matters(self.name, self.audience).items()
        )

    def _parts(self) -> Iterable[End]:
        """What is sent besides, to people who see no more than a few answers."""
        for (name, shows), ways in outcomes.besides(self.name, self.audience).items():
            shown = tuple(self.by_name[one].text for one in shows if one in self.by_name)
            yield replace(self._end(matter(name), self._words(ways), frozenset()), shows=shown)

    def _pace(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Where the answers make it faster, or slower, than what it is about would be."""
        for to, sooner, ways in outcomes.paces(self.name, self.audience):
            than = "sooner" if sooner else "later"
            yield f"{wording.URGENCY[to.value]} ({than} than usual)", self._words(ways)

    def _advice(self) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Our own advice at the end: when, and what; what is said at the same times stands together."""
        together: dict[tuple[str, ...], list[str]] = {}
        for sentence, ways in outcomes.advice(self.name, self.audience).items():
            together.setdefault(self._words(ways), []).append(sentence)
        for when, said in sorted(together.items(), key=lambda one: one[0] != (ALWAYS,)):
            yield when, tuple(said)

    def _picture(self, locks: Sequence[Question]) -> End:
        """Where it goes as soon as there may be a picture of a child."""
        when = [
            f"as soon as question {self.number[one.name]} has “{choice.label}”"
            for one in locks
            for choice in one.choices
            if choice.value in one.locks
        ]
        return self._end(matter(PICTURE), (*when, "as soon as the person's own words hint at it, at any question"), frozenset())

    def _end(self, about: Matter, when: tuple[str, ...], never: frozenset[str]) -> End:
        who = tuple(told(school, school.routes[about.name], never) for school in self.schools if about.name in school.routes)
        return End(about.title, when, wording.URGENCY[about.severity.value], who)

    def _words(self, ways: Ways) -> tuple[str, ...]:
        return tuple(condition(way, self.number, self.by_name) for way in ways)
