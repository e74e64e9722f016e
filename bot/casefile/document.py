"""What stands in a case's record: a clear summary, how it was followed up, actions, decisions and outcome with reasons, and when.

That is the order in which Keeping Children Safe in Education asks for it. Pure: a history in, a document out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.drill import mark
from bot.schools import School
from bot.summaries import how_soon, places, role_words
from flows.cases.acts import Doing
from flows.cases.case import Case, Ending
from flows.cases.chronology import Entry, History, chronology, disclosures, looks
from flows.matters import matter

ENDINGS = MappingProxyType(
    {
        Ending.REFERRED: "Referred to somebody outside the school",
        Ending.DEALT_WITH: "Dealt with by the school",
        Ending.LOW_LEVEL: "Recorded as a low-level concern",
        Ending.ADVICE: "Advice was given",
        Ending.NO_ACTION: "Looked into; no action was needed",
        Ending.MISTAKE: "Sent by mistake",
    }
)
# What a person decided or did, and not what the clock or the platform did.
ACTIONS = frozenset(
    {
        Doing.NOTE,
        Doing.HANDED_ON,
        Doing.URGENCY,
        Doing.WROTE_TO_REPORTER,
        Doing.STEP_DONE,
        Doing.STEP_UNDONE,
        Doing.CLOSED,
        Doing.REOPENED,
        Doing.TRANSFERRED,
        Doing.DISCLOSED,
        "request approved",
        "request declined",
    }
)
PURGED = "These words are no longer kept."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: when, who, what, and the words that go with it."""

    at: datetime
    when: str
    who: str = field(repr=False)
    what: str
    words: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a document: label and value pairs, then rows. `empty` is said where there is neither."""

    title: str
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    rows: tuple[Row, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole record, ready to be written in any form."""

    title: str
    school: str
    reference: str
    made_at: str
    made_by: str = field(repr=False)
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says who did something, as the school calls their role, with their name where we know it."""

    school: School
    names: Mapping[str, str] = field(repr=False)

    def who(self, entry: Entry) -> str:
        if entry.person is None:
            return entry.who
        role = role_words(self.school, entry.roles) if entry.roles else "somebody at the school"
        name = self.names.get(entry.person, "")
        return called(name, role)

    def row(self, entry: Entry) -> Row:
        words = tuple((label, _shown(label, words)) for label, words in entry.words)
        words += tuple(("Whom", self.names.get(person, "somebody at the school")) for person in entry.whom)
        gone = (("", PURGED),) if entry.gone and entry.act in ACTIONS | {Doing.ADDED} else ()
        return Row(entry.at, moment(entry.at, self.school.zone), self.who(entry), entry.what, words + gone)

    def rows(self, entries: Iterable[Entry]) -> tuple[Row, ...]:
        return tuple(self.row(entry) for entry in entries)


@dataclass(frozen=True, slots=True)
class Maker:
    """Whoever a document is made for: who they are, and how they are called in it."""

    id: str
    called: str = field(repr=False)


def document(history: History, school: School, names: Mapping[str, str], maker: Maker, now: datetime) -> Document:
    """The whole record. NAMES are those of the people at the school, by id."""
    teller = _Teller(school, names)
    told = chronology(history, maker.id)
    return Document(
        title=mark(history.case, "Record of a report"),
        school=school.title,
        reference=history.case.reference,
        made_at=moment(now, school.zone),
        made_by=maker.called,
        sections=(
            Section("Summary", _summary(history.case, school)),
            _report(history.case),
            Section("How it was followed up", rows=teller.rows(_followed_up(told)), empty="Nobody has taken it up yet."),
            Section(
                "Actions and decisions, with reasons",
                rows=teller.rows(one for one in told if one.act in ACTIONS),
                empty="None has been recorded.",
            ),
            Section("Outcome", _outcome(history.case, school, told)),
            Section("Chronology", rows=teller.rows(told)),
            Section("Who has read it", rows=read_by(history, school, names), empty="Nobody has opened it."),
            _given(history, teller),
        ),
    )


def referral(history: History, school: School, names: Mapping[str, str], maker: Maker, now: datetime) -> Document:
    """What somebody outside the school is given: the worry, the words, what has been done, and who else was given what."""
    teller = _Teller(school, names)
    done = tuple(one for one in chronology(history) if one.act in ACTIONS - {Doing.DISCLOSED})
    return Document(
        title=mark(history.case, "Referral"),
        school=school.title,
        reference=history.case.reference,
        made_at=moment(now, school.zone),
        made_by=maker.called,
        sections=(
            Section("What is referred", _summary(history.case, school)),
            _report(history.case),
            Section("What the school has done", rows=teller.rows(done), empty="Nothing has been recorded yet."),
            _given(history, teller),
        ),
    )


def rows(entries: Iterable[Entry], school: School, names: Mapping[str, str]) -> tuple[Row, ...]:
    """ENTRIES as lines of a table; by role alone where NAMES has no name."""
    return _Teller(school, names).rows(entries)


def read_by(history: History, school: School, names: Mapping[str, str]) -> tuple[Row, ...]:
    """Who has read it: one line for a person and a day, however often they did."""
    days: dict[tuple[str | None, date], list[Entry]] = {}
    for entry in looks(history):
        days.setdefault((entry.person, entry.at.astimezone(school.zone).date()), []).append(entry)
    several = [
        one[0] if len(one) == 1 else replace(one[0], what=f"{one[0].what}, {len(one)} times that day") for one in days.values()
    ]
    return _Teller(school, names).rows(several)


def called(name: str, role: str) -> str:
    """Somebody at the school, as they stand in a record."""
    return f"{name}, {role}" if name else role


def moment(at: datetime, zone: ZoneInfo) -> str:
    """AT on the school's own clock, as it stands in a record: with its year, and the same whoever reads it when."""
    return f"{at.astimezone(zone):%d %b %Y %H:%M}"


def _summary(case: Case, school: School) -> tuple[tuple[str, str], ...]:
    route = [role for rung in case.rungs for role in rung]
    facts = (
        ("Reference", case.reference),
        ("What", matter(case.matter).title),
        ("Urgency", how_soon(case.severity, school)),
        ("Sent", moment(case.opened_at, school.zone)),
        ("Stands", case.status.value),
        ("On its way to", role_words(school, route) if route else "nobody at the school"),
        ("By the policy", ", ".join(places(case, school))),
        ("First acknowledged", "" if case.acknowledged_at is None else moment(case.acknowledged_at, school.zone)),
        ("Legal hold since", "" if case.held_at is None else moment(case.held_at, school.zone)),
        ("Words destroyed", "" if case.purged_at is None else moment(case.purged_at, school.zone)),
    )
    return tuple((label, value) for label, value in facts if value)


def _report(case: Case) -> Section:
    said = tuple((one.question, one.answer) for one in case.said if one.at is None)
    return Section("The report, as asked and as answered", said, empty=PURGED if case.purged_at else "It came without words.")


def _followed_up(told: Iterable[Entry]) -> Iterable[Entry]:
    steps = {Doing.ACKNOWLEDGED, Doing.TAKEN, Doing.HANDED_ON, Doing.STEPPED_ASIDE, Doing.CONCERNS, Doing.REOPENED, Doing.CLOSED}
    return (one for one in told if one.act in steps)


def _outcome(case: Case, school: School, told: Iterable[Entry]) -> tuple[tuple[str, str], ...]:
    reasons = [words for one in told if one.act == Doing.CLOSED for label, words in one.words if label == "Reason"]
    facts = (
        ("Outcome", "" if case.ending is None else ENDINGS[case.ending]),
        ("Reason", reasons[-1] if reasons and case.ending is not None else ""),
        ("Decision", "" if case.decision is None else case.decision.value),
        ("Closed", "" if case.closed_at is None else moment(case.closed_at, school.zone)),
        (f"In {school.record_system or 'the record system'} as", case.recorded_as or ""),
    )
    return tuple((label, value) for label, value in facts if value) or (("Outcome", "It has not been closed."),)


def _given(history: History, teller: _Teller) -> Section:
    return Section(
        "Who was given what of it, and when",
        rows=teller.rows(disclosures(history)),
        empty="Nothing of it has been given to anybody.",
    )


def _shown(label: str, words: str) -> str:
    return ENDINGS[Ending(words)] if label == "Outcome" and words in set(Ending) else words
