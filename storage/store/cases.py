"""Cases as rows, and the only way to read them: through the eyes of one person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Decision, Ending, Said, Severity, Status
from flows.cases.chronology import History
from flows.cases.climbing import Climb
from flows.cases.clocks import due, late
from flows.cases.notice import NoticeKind
from flows.cases.telling import Told
from storage.database import Database
from storage.kept import Person
from storage.store.history import history
from storage.store.linking import linked, links_told
from storage.store.listing import Listed, listed
from storage.store.nearby import nearby
from storage.store.queueing import BLANK
from storage.store.scope import Scope
from storage.store.senders import sender
from storage.store.told import last_steps, told
from storage.tables import Case as CaseRow
from storage.tables import CaseAddition, CaseConcern, Notice, Push, RoleHolding, table

T = TypeVar("T")

CASE, CONCERN, ADDITION, PUSH, NOTICE = table(CaseRow), table(CaseConcern), table(CaseAddition), table(Push), table(Notice)
ROLE = table(RoleHolding)
URGENCY = {severity: rank for rank, severity in enumerate(Severity)}


class Seen:
    """The cases one person may see: they were told of it, or they hold it, and it is not about them. Nobody sees nothing."""

    def __init__(self, database: Database, school: str, person: Person | None) -> None:
        self._database = database
        self._school = school
        self._person = person

    async def open(self) -> tuple[Case, ...]:
        """Those still waiting for somebody, the most urgent first."""
        cases = await self._where(CASE.c.status == Status.OPEN.value)
        return tuple(sorted(cases, key=lambda case: (URGENCY[case.severity], case.opened_at)))

    async def mine(self) -> tuple[Case, ...]:
        """Those this person holds and has not closed."""
        if self._person is None:
            return ()
        return await self._where(sa.and_(CASE.c.holder == self._person.id, CASE.c.status != Status.CLOSED.value))

    async def late(self, calendar: Calendar, now: datetime) -> tuple[Case, ...]:
        """Those that nobody took in time, and those that somebody has and has left alone too long; the most urgent first."""
        if self._person is None:
            return ()
        theirs = sa.and_(visible_to(self._person.id), CASE.c.status != Status.CLOSED.value)

        def read(session: Session) -> tuple[Case, ...]:
            scope = Scope.of(session, self._database.vault, self._school)
            cases = load(scope, theirs, words=False)
            steps = last_steps(scope, cases)
            return tuple(case for case in cases if late(case, steps.get(case.id, case.opened_at), calendar, now))

        return tuple(sorted(await self._database.read(read), key=lambda case: (URGENCY[case.severity], case.opened_at)))

    async def listed(self, *, closed: bool = False) -> tuple[Listed, ...]:
        """Those that are not closed, or those that are, with the few facts a list needs; oldest first."""
        if self._person is None:
            return ()
        ended = CASE.c.status == Status.CLOSED.value
        which = sa.and_(visible_to(self._person.id), ended if closed else ~ended)
        return await self._database.read(lambda session: listed(Scope.of(session, self._database.vault, self._school), which))

    async def some(self, references: Collection[str]) -> tuple[Case, ...]:
        """Those of REFERENCES that this person may see, without their words; oldest first."""
        if self._person is None or not references:
            return ()
        theirs = sa.and_(visible_to(self._person.id), CASE.c.reference.in_(references))

        def read(session: Session) -> tuple[Case, ...]:
            return load(Scope.of(session, self._database.vault, self._school), theirs, words=False)

        return await self._database.read(read)

    async def by_reference(self, reference: str) -> Case | None:
        """The case with that reference, if this person may see it; nobody can tell a hidden one from none."""
        return _only(await self._where(CASE.c.reference == reference))

    async def by_id(self, case: str) -> Case | None:
        """The case with that id, if this person may see it."""
        return _only(await self._where(CASE.c.id == case))

    async def climbs(self, case: str) -> tuple[Climb, ...]:
        """How far the case with that id has climbed, if this person may see it."""
        if self._person is None:
            return ()
        which = sa.and_(CASE.c.school == self._school, CASE.c.id == case, visible_to(self._person.id))
        return await self._database.read(lambda session: climbs_of(session, which))

    async def told(self, case: str) -> tuple[Told, ...]:
        """Who has been told of the case with that id, if this person may see it; nobody whom it concerns is among them."""
        if self._person is None:
            return ()
        which = sa.and_(visible_to(self._person.id), CASE.c.id == case)

        def read(session: Session) -> tuple[Told, ...]:
            scope = Scope.of(session, self._database.vault, self._school)
            found = _only(load(scope, which, words=False))
            return () if found is None else told(scope, found)

        return await self._database.read(read)

    async def due(self, case: str, calendar: Calendar) -> datetime | None:
        """By when somebody has to have the case with that id, or whoever has it has to take a step; None: never, or not theirs."""
        found = await self.by_id(case)
        if found is None or found.status is Status.CLOSED:
            return None
        steps = await self._database.read(
            lambda session: last_steps(Scope.of(session, self._database.vault, self._school), (found,))
        )
        return due(found, steps.get(found.id, found.opened_at), calendar)

    async def linked(self, case: str) -> tuple[Case, ...]:
        """The cases that belong together with CASE; both ends of each link are this person's to see."""
        if self._person is None:
            return ()
        both = sa.and_(visible_to(self._person.id), CASE.c.id.in_(linked(case)))
        if await self.by_id(case) is None:
            return ()
        return await self._where(both)

    async def around(self, moment: datetime, within: timedelta, most: int) -> tuple[Case, ...]:
        """Those that were opened no more than WITHIN before MOMENT or after it: of many, the MOST that are nearest."""
        if self._person is None:
            return ()
        visible = visible_to(self._person.id)

        def read(session: Session) -> tuple[Case, ...]:
            scope = Scope.of(session, self._database.vault, self._school)
            return load(scope, CASE.c.id.in_(nearby(scope, visible, moment, within, most)))

        return await self._database.read(read)

    async def sent(self, case: str) -> bool:
        """Whether this person sent the report with that id themselves, from any place of theirs."""
        if self._person is None:
            return False
        which = sa.and_(visible_to(self._person.id), CASE.c.id == case)
        found = await self._database.read(lambda session: sender(Scope.of(session, self._database.vault, self._school), which))
        return found is not None and found.id == self._person.id

    async def history(self, reference: str) -> History | None:
        """Everything that was done about the case with that reference, if this person may see it; of links, what they may see."""
        if self._person is None:
            return None
        visible = visible_to(self._person.id)
        which = sa.and_(visible, CASE.c.reference == reference)

        def read(session: Session) -> History | None:
            scope = Scope.of(session, self._database.vault, self._school)
            found = _only(load(scope, which))
            return None if found is None else links_told(scope, history(scope, found), visible)

        return await self._database.read(read)

    async def _where(self, which: sa.ColumnElement[bool]) -> tuple[Case, ...]:
        if self._person is None:
            return ()
        both = sa.and_(visible_to(self._person.id), which)
        return await self._database.read(lambda session: load(Scope.of(session, self._database.vault, self._school), both))


def visible_to(person: str) -> sa.ColumnElement[bool]:
    """The rule, in SQL, so that no list, count or search can forget it."""
    # A card that was withdrawn told nobody, unless they answered or read the case elsewhere: that cannot be unread.
    came = sa.or_(PUSH.c.state != "withdrawn", PUSH.c.seen_at.is_not(None))
    told = sa.exists().where(PUSH.c.case_id == CASE.c.id, PUSH.c.person_id == person, PUSH.c.kind == "push", came)
    about = sa.exists().where(CONCERN.c.case_id == CASE.c.id, CONCERN.c.person_id == person)
    # Whoever works for the school no longer, or lost the role in which they were told, reads nothing of it any more.
    works_here = sa.exists().where(ROLE.c.person_id == person, ROLE.c.school == CASE.c.school)
    lost = sa.exists().where(PUSH.c.case_id == CASE.c.id, PUSH.c.person_id == person, PUSH.c.kind == BLANK)
    return sa.and_(sa.or_(CASE.c.holder == person, sa.and_(told, ~lost)), works_here, ~about)


def load(scope: Scope, which: sa.ColumnElement[bool], *, words: bool = True) -> tuple[Case, ...]:
    """The cases of the scope's school for which WHICH holds, oldest first; with WORDS, also what was written."""
    statement = sa.select(CASE).where(CASE.c.school == scope.school, which).order_by(CASE.c.opened_at, CASE.c.id)
    rows = scope.connection.execute(statement).mappings().all()
    if not rows:
        return ()
    ids = [row["id"] for row in rows]
    concerns = _concerns(scope, ids)
    later = _additions(scope, ids) if words else {}
    return tuple(_case(scope, row, concerns, later, words=words) for row in rows)


def _case(scope: Scope, row: sa.RowMapping, concerns: dict[str, set[str]], later: dict[str, list[Said]], *, words: bool) -> Case:
    key = row["id"]
    said = (*unsaid(scope.vault.open("cases", "said", key, row["said"])), *later.get(key, ())) if words else ()
    return Case(
        id=key,
        reference=row["reference"],
        matter=row["matter"],
        severity=Severity(row["severity"]),
        opened_at=row["opened_at"],
        status=Status(row["status"]),
        holder=row["holder"],
        version=row["version"],
        rungs=tuple(tuple(rung) for rung in json.loads(row["rungs"])),
        refs=tuple(json.loads(row["refs"])),
        steps=tuple(json.loads(row["steps"])),
        said=said,
        reporter=row["reporter"],
        concerns=frozenset(concerns.get(key, ())),
        acknowledged_at=row["acknowledged_at"],
        decision=None if row["decision"] is None else Decision(row["decision"]),
        closed_at=row["closed_at"],
        ending=None if row["ending"] is None else Ending(row["ending"]),
        recorded_as=scope.vault.opened("cases", "recorded_as", key, row["recorded_as"]) if words else None,
        transferred_at=row["transferred_at"],
        held_at=row["held_at"],
        purged_at=row["purged_at"],
        drill=bool(row["drill"]),
        lap=row["lap"] or 0,
    )


def values(scope: Scope, case: Case) -> dict[str, object]:
    """What of CASE may change after it was opened."""
    # Who reads a case without its words does not know where it was recorded, and must not make the store forget it.
    recorded = (
        {} if case.recorded_as is None else {"recorded_as": scope.vault.seal("cases", "recorded_as", case.id, case.recorded_as)}
    )
    return {
        **recorded,
        "school": scope.school,
        "matter": case.matter,
        "severity": case.severity.value,
        "status": case.status.value,
        "holder": case.holder,
        "rungs": json.dumps(case.rungs),
        "refs": json.dumps(case.refs),
        "steps": json.dumps(case.steps),
        "acknowledged_at": case.acknowledged_at,
        "decision": None if case.decision is None else case.decision.value,
        "closed_at": case.closed_at,
        "ending": None if case.ending is None else case.ending.value,
        "transferred_at": case.transferred_at,
        "held_at": case.held_at,
        "lap": case.lap or None,
    }


def first_values(scope: Scope, case: Case) -> dict[str, object]:
    """A whole new row for CASE."""
    return {
        **values(scope, case),
        "id": case.id,
        "reference": case.reference,
        "version": case.version,
        "said": scope.vault.seal("cases", "said", case.id, said_text(case.said)),
        "reporter": case.reporter,
        "opened_at": case.opened_at,
        "drill": case.drill or None,
    }


def said_text(said: Sequence[Said]) -> str:
    """Questions and answers as they are sealed, together for ever."""
    return json.dumps([[one.question, one.answer, one.name] for one in said], ensure_ascii=False)


def unsaid(text: str, at: datetime | None = None) -> tuple[Said, ...]:
    """The questions and answers that `said_text` wrote; AT is when they were added, if that was later."""
    return tuple(Said(question, answer, name, at) for question, answer, name in json.loads(text))


def _concerns(scope: Scope, ids: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in scope.connection.execute(sa.select(CONCERN).where(CONCERN.c.case_id.in_(ids))):
        found[row.case_id].add(row.person_id)
    return found


def _additions(scope: Scope, ids: Collection[str]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for row in scope.connection.execute(sa.select(ADDITION).where(ADDITION.c.case_id.in_(ids)).order_by(ADDITION.c.id)):
        found[row.case_id] += unsaid(scope.vault.open("case_addition", "said", row.key, row.said), row.at)
    return found


def climbs_of(session: Session, which: sa.ColumnElement[bool]) -> tuple[Climb, ...]:
    """The notices to the rungs of the case for which WHICH holds, in the order they fall due."""
    statement = (
        sa.select(NOTICE.c.rung, NOTICE.c.due_at, NOTICE.c.state)
        .join(CASE, CASE.c.id == NOTICE.c.case_id)
        .where(which, NOTICE.c.kind == NoticeKind.PUSH.value, NOTICE.c.state != "withdrawn")
        .order_by(NOTICE.c.due_at, NOTICE.c.rung, NOTICE.c.id)
    )
    rows = session.connection().execute(statement).all()
    return tuple(Climb(row.rung, row.due_at, told=row.state != "waiting", nobody=row.state == "passed") for row in rows)


def _only(cases: tuple[Case, ...]) -> Case | None:
    return cases[0] if cases else None
