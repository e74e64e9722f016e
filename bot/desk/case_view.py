"""What the page of a case shows, in the words of the school: the 90-second view, the report, who was told, the record. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot import case_list, ninety, wording, wording_cases, wording_rolling
from bot.casefile.document import Row, read_by, rows
from bot.desk.case_reading import Reading
from bot.handlers.case_forms.note import Note, notes
from bot.ninety import Line, View
from bot.schools import School
from bot.summaries import how_soon, role_words, where
from flows.cases.alike import Like, Reason
from flows.cases.case import Case, Severity
from flows.cases.checklist import checklist
from flows.cases.chronology import chronology
from flows.cases.telling import Reached
from flows.matters import matter

SAME_PLACE, SAME_NAMES, FEW_DAYS = "the same place online", "both name {names}", "sent within three days"
_WHY_ALIKE = {
    Reason.MATTER: wording_rolling.SAME_MATTER,
    Reason.HOUR: wording_rolling.SAME_HOUR,
    Reason.DAY: wording_rolling.SAME_DAY,
    Reason.DAYS: FEW_DAYS,
    Reason.PLATFORM: SAME_PLACE,
}


@dataclass(frozen=True, slots=True)
class ToldRow:
    """Somebody who was told: in which role, when, and how far it has come with them."""

    who: str
    at: str
    reached: str
    proved: bool  # something shows that they have it before them


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the school's policy, with who ticked it and when."""

    number: int
    text: str
    done: str


@dataclass(frozen=True, slots=True)
class Part:
    """What was said at one time: the report itself, or what was added WHEN."""

    when: str
    said: Sequence[tuple[str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Another:
    """Another case, by its reference and what it is about; for one that looks alike, why."""

    reference: str
    event: str
    why: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page, but for what can be done on it."""

    reference: str
    event: str
    drill: bool
    level: str
    urgency: str
    how_soon: str
    stands: str
    sent: str
    age: str
    clock: Sequence[str]
    late: bool
    known: Sequence[Line] = field(repr=False)
    more: int  # answers that do not fit in the short view
    unanswered: Sequence[Line] = field(repr=False)
    never_asked: Sequence[str]
    told: Sequence[ToldRow]
    section: str
    steps: Sequence[StepRow]
    linked: Sequence[Another]
    alike: Sequence[Another] = field(repr=False)
    report: Sequence[Part] = field(repr=False)
    notes: Sequence[Note] = field(repr=False)
    chronology: Sequence[Row] = field(repr=False)
    looks: Sequence[Row] = field(repr=False)


def view(reading: Reading) -> CaseView:
    """READING as it is shown."""
    turn, case, school = reading.turn, reading.case, reading.turn.school
    short = View(case, school, reading.person, turn.now, reading.stands, reading.told, reading.climbs, reading.linked, reading.due)
    known, more = ninety.in_short(case, school)
    return CaseView(
        reference=case.reference,
        event=matter(case.matter).title,
        drill=case.drill,
        level=case.severity.value,
        urgency=wording_cases.URGENT[case.severity.value],
        how_soon=how_soon(case.severity, school),
        stands=reading.stands,
        sent=wording.day_and_clock(case.opened_at, school.zone),
        age=case_list.age(case.opened_at, turn.now),
        clock=ninety.the_clock(short),
        late=reading.due is not None and reading.due <= turn.now,
        known=known,
        more=more,
        unanswered=ninety.unanswered(case),
        never_asked=ninety.never_asked(case),
        told=tuple(_told(short)),
        section=where(case, school),
        steps=_steps(reading),
        linked=[_another(one) for one in reading.linked],
        alike=[_alike(one) for one in reading.alike],
        report=_report(case, school),
        notes=notes(reading.history.happened),
        chronology=rows(chronology(reading.history, reading.person.id), school, {}),
        looks=read_by(reading.history, school, {}),
    )


def urgencies(case: Case) -> tuple[tuple[str, str], ...]:
    """The degrees that CASE has not, by value, in words."""
    return tuple((one.value, wording_cases.URGENT[one.value]) for one in Severity if one is not case.severity)


def roles(school: School, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The roles NAMES of SCHOOL as they are chosen from."""
    return tuple((name, school.roles[name]) for name in names if name in school.roles)


def _told(short: View) -> Sequence[ToldRow]:
    zone = short.school.zone
    return [
        ToldRow(
            ninety.told_as(short, one),
            wording.at(one.at, short.now, zone),
            wording_cases.REACHED[one.reached].format(when=wording.at(one.since, short.now, zone)),
            proved=one.reached in (Reached.SEEN, Reached.ACKNOWLEDGED),
        )
        for one in short.told
    ]


def _steps(reading: Reading) -> tuple[StepRow, ...]:
    turn, school = reading.turn, reading.turn.school
    found = []
    for one in checklist(reading.history):
        by = role_words(school, one.done.roles) if one.done is not None and one.done.roles else wording_cases.SOMEBODY
        done = "" if one.done is None else f"done by {by}, ticked {wording.at(one.done.at, turn.now, school.zone)}"
        found.append(StepRow(one.number, one.text, done))
    return tuple(found)


def _another(case: Case, why: str = "") -> Another:
    return Another(case.reference, matter(case.matter).title, why)


def _alike(one: Like) -> Another:
    why = [_WHY_ALIKE.get(reason) or SAME_NAMES.format(names=wording.listed(list(one.names))) for reason in one.reasons]
    return _another(one.case, wording.listed(why))


def _report(case: Case, school: School) -> tuple[Part, ...]:
    """Every question and answer: the report as it was sent, and each addition with its day and hour."""
    parts = []
    for at, several in groupby(case.said, key=lambda one: one.at):
        when = "" if at is None else wording.ADDED_ON.format(when=wording.day_and_clock(at, school.zone))
        parts.append(Part(when.rstrip(":"), [(one.question, one.answer) for one in several]))
    return tuple(parts)
