"""What can be done on a case's page by whoever reads it, as it stands now; where something cannot be done, why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot import case_buttons, case_offers, concerning, deciding, ready_replies, wording_case_forms, wording_cases
from bot.case_closing import UNDO_WITHIN
from bot.case_wishes import Wish
from bot.desk.case_reading import Reading
from bot.desk.case_view import roles, urgencies
from bot.handlers.case_forms import close, write
from flows.cases.case import Status
from flows.cases.working import may_work


@dataclass(frozen=True, slots=True)
class Offered:
    """The forms that fit. A text in place of a form says why there is none."""

    acknowledge: bool
    take: str  # the words on the button; empty where it is theirs already
    hand_on: Sequence[tuple[str, str]]
    hand_on_to_nobody: str
    urgencies: Sequence[tuple[str, str]]
    write: bool
    no_write: str
    heading: str = field(repr=False)  # above and below a message, as whoever sent the report reads it
    how: str = field(repr=False)
    replies: Sequence[str] = field(repr=False)
    note: bool
    link: bool
    concerns: Sequence[tuple[str, str]]
    no_concerns: str
    aside: bool
    decide: bool
    no_decide: str
    close: bool
    no_close: str
    endings: Sequence[tuple[str, str]]
    reporter_reads: str = field(repr=False)  # once it is closed
    undo: bool
    reopen: bool
    steps: bool
    hold: bool
    lift: bool
    move: bool


def offered(reading: Reading) -> Offered:
    """What READING's reader can do."""
    turn, case, person, school = reading.turn, reading.case, reading.person, reading.turn.school
    buttons = {choice.value: choice.label for choice in case_offers.offers(case, school, person)}
    gone, is_open, theirs = case.purged_at is not None, case.status is not Status.CLOSED, may_work(case, person.id)
    why_not = write.refused(turn, case, person)
    may_say = is_open and concerning.may_say(person, case)
    hands = case_buttons.HAND_ON in buttons and not gone
    return Offered(
        acknowledge=case_buttons.ACKNOWLEDGE in buttons,
        take=buttons.get(case_buttons.TAKE, ""),
        hand_on=roles(school, reading.open_to) if hands else (),
        hand_on_to_nobody=wording_cases.NOBODY_TO_HAND.format(reference=case.reference) if hands and not reading.open_to else "",
        urgencies=urgencies(case) if case_buttons.URGENCY in buttons else (),
        write=why_not is None and not gone,
        no_write="" if why_not is None or gone else why_not.replies[0].text,
        heading=write.heading(turn, case, person),
        how=wording_case_forms.REPORTER_HOW.format(reference=case.reference),
        replies=ready_replies.ready(case, school),
        note=Wish.NOTE in buttons,
        link=Wish.LINK in buttons,
        concerns=tuple(school.roles.items()) if may_say else (),
        no_concerns=concerning.HELD_FIRST.format(reference=case.reference) if is_open and not may_say else "",
        aside=is_open,
        decide=_decides(reading),
        no_decide=_decides_not(reading),
        close=is_open and theirs and not gone,
        no_close=wording_case_forms.CLOSE_NOT_YOURS.format(reference=case.reference) if is_open and not theirs else "",
        endings=tuple((one.value, words) for one, words in wording_case_forms.ENDINGS.items()),
        reporter_reads=close.reporter_line(turn, case) if is_open and theirs else "",
        undo=_undoes(reading),
        reopen=Wish.REOPEN in buttons,
        steps=is_open and not gone,
        hold=case.held_at is None and not gone,
        lift=case.held_at is not None,
        move=not is_open and not gone and case.recorded_as is None and bool(school.record_system),
    )


def _asked(reading: Reading) -> bool:
    return deciding.asks(reading.case) and reading.case.status is not Status.CLOSED


def _decides(reading: Reading) -> bool:
    role = deciding.deciding_role(reading.case, reading.turn.school, reading.person)
    return _asked(reading) and role is not None and not reading.own


def _decides_not(reading: Reading) -> str:
    """Why somebody who reads a request that is not decided does not decide it."""
    if not _asked(reading) or _decides(reading):
        return ""
    case, school = reading.case, reading.turn.school
    return deciding.own(case).text if reading.own else deciding.not_for_you(case, school).text


def _undoes(reading: Reading) -> bool:
    """Whether it was closed just now, by hand: what was decided about a request was told, and is not undone by a button."""
    case = reading.case
    if case.closed_at is None or case.ending is None or case.purged_at is not None:
        return False
    return reading.turn.now - case.closed_at <= UNDO_WITHIN
