"""Closing a case, the same from a chat and from the command line: what is written, what the reporter reads, how long words stay."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import receipts
from bot.messages import Reply
from bot.schools import School
from flows.cases.acts import Doing, told
from flows.cases.case import Case, Ending, NotPossible
from flows.cases.closing import close, hold, lift, reopen, transfer
from storage.kept import Act

UNDO_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class How:
    """How a case ends: the outcome, why, what was done, and its reference in the school's own record system."""

    ending: Ending
    reason: str = field(repr=False)
    action: str = field(default="", repr=False)
    recorded_as: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """A case as it stands after an act, with the act."""

    case: Case
    act: Act


def closed(case: Case, person: str, how: How, now: datetime) -> Changed:
    """CASE, closed by PERSON. NotPossible says why it cannot be."""
    there = how.recorded_as.strip() or None
    details = told(ending=how.ending.value, reason=how.reason.strip(), action=how.action.strip() or None, recorded_as=there)
    return Changed(close(case, person, how.ending, now, recorded_as=there), Act(Doing.CLOSED, case.id, person, details))


def opened_again(case: Case, person: str, reason: str, now: datetime) -> Changed:
    """CASE, opened again by PERSON, who has it from then on. A new lap begins: whoever was told before may be told again."""
    again = replace(reopen(case, person, now), lap=case.lap + 1)
    return Changed(again, Act(Doing.REOPENED, case.id, person, told(reason=reason.strip())))


def undone(case: Case, person: str, reason: str, now: datetime) -> Changed:
    """CASE as if PERSON had not closed it just now: whoever had it has it again."""
    if case.closed_at is None or now - case.closed_at > UNDO_WITHIN:
        raise NotPossible(f"{case.reference} was not closed within the last ten minutes.")
    again = reopen(case, case.holder or person, now)
    return Changed(again, Act(Doing.REOPENED, case.id, person, told(reason=reason)))


def held(case: Case, person: str, reason: str, now: datetime) -> Changed:
    """CASE under a legal hold that PERSON sets, for a REASON. NotPossible says why it cannot be."""
    return Changed(hold(case, now), Act(Doing.HELD, case.id, person, told(reason=reason.strip())))


def lifted(case: Case, person: str, reason: str) -> Changed:
    """CASE without its hold, which PERSON lifts, for a REASON."""
    return Changed(lift(case), Act(Doing.LIFTED, case.id, person, told(reason=reason.strip())))


def moved(case: Case, person: str, recorded_as: str, now: datetime) -> Changed:
    """CASE, of which PERSON says that it stands in the school's own record system, as RECORDED_AS."""
    there = transfer(case, recorded_as, now)
    return Changed(there, Act(Doing.TRANSFERRED, case.id, person, told(recorded_as=there.recorded_as)))


def reporter_told(case: Case, school: School, now: datetime) -> Reply | None:
    """What whoever sent CASE reads now that it is closed; None where nobody may be written to."""
    return receipts.status(case, (), school, now) if receipts.may_write(case) else None


def reporter_told_again(case: Case, school: School) -> Reply | None:
    """What whoever sent CASE reads now that it is open again; None where nobody may be written to."""
    if not receipts.may_write(case):
        return None
    return replace(receipts.buttons(case), text=school.reporter_words.reopened.format(reference=case.reference))
