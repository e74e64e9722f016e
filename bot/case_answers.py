"""What is asked and answered when a case is taken, handed on, or becomes more or less urgent. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot import wording, wording_cases
from bot.case_buttons import ABOUT, HOW, LEAVE, TAKE, TAKE_OVER, TO
from bot.drill import mark
from bot.memory import OFFERED
from bot.messages import Choice, Reply
from bot.schools import School
from bot.summaries import role_words
from flows.cases.case import Case, Severity
from flows.cases.notice import NoticeKind
from flows.cases.past import Past
from flows.setting import SHORT

WHY = "why-"  # about: below the question for a reason, followed by how urgent it is to be
_OPEN = Choice(wording.OPEN, "open")
_LEAVE = Choice(wording_cases.LEAVE_IT, LEAVE)


def said(case: Case, text: str, choices: Sequence[Choice] = (), shown_with: str = "") -> Reply:
    """TEXT about CASE with CHOICES; what they were SHOWN_WITH tells whether they have grown old when one is pressed."""
    about = f"{ABOUT}{case.id}:{shown_with}" if shown_with else f"{ABOUT}{case.id}"
    return Reply(mark(case, text), choices=tuple(choices), about=about)


def with_open(case: Case, text: str) -> Reply:
    """TEXT about CASE, with the button that opens it."""
    return said(case, text, (_OPEN,))


def yours_already(case: Case, school: School, now: datetime) -> Reply:
    """They pressed twice, or forgot that they have it."""
    since = wording.at(case.acknowledged_at or case.opened_at, now, school.zone).removeprefix("at ").removeprefix("on ")
    return with_open(case, wording_cases.YOURS_ALREADY.format(reference=case.reference, when=since))


def sure_take(case: Case, school: School, role: str, now: datetime) -> Reply:
    """Somebody else has it: it is asked once whether they should lose it."""
    since = wording.at(case.acknowledged_at or case.opened_at, now, school.zone).removeprefix("at ").removeprefix("on ")
    text = wording_cases.SURE_TAKE.format(reference=case.reference, role=role, when=since)
    return said(case, text, (Choice(wording_cases.SURE_TAKE_YES, TAKE_OVER), _LEAVE), str(case.version))


def can_take_over(case: Case, text: str) -> Reply:
    """TEXT, with the way to have it nevertheless."""
    return said(case, text, (Choice(wording_cases.TAKE_OVER, TAKE), _OPEN))


def role_meant(words: str, school: School) -> str | None:
    """The role of SCHOOL that WORDS mean, by its own name or by ours: the whole name, or a part that only one of them has."""
    plain = " ".join(words.casefold().split()).strip(".!? ").removeprefix("to ").removeprefix("the ")
    called = {role: {role, SHORT.get(role, role).casefold(), own.casefold()} for role, own in school.roles.items()}
    exact = [role for role, names in called.items() if plain in names]
    near = exact or [role for role, names in called.items() if len(plain) > 1 and any(plain in name for name in names)]
    return near[0] if len(near) == 1 else None


def to_whom(case: Case, school: School, roles: Sequence[str], before: str = "") -> Reply:
    """The roles it can be handed to; BEFORE says what was not possible."""
    if not roles:
        text = wording_cases.NOBODY_TO_HAND.format(reference=case.reference)
        return said(case, f"{before} {text}".strip())
    asked = wording_cases.OR_ONE_OF if before else wording_cases.TO_WHOM.format(reference=case.reference)
    choices = [Choice(SHORT.get(role, school.roles[role]), f"{TO}{role}") for role in roles]
    return said(case, f"{before} {asked}".strip(), (*choices, _LEAVE), str(case.version))


def cannot_hand(case: Case, school: School, role: str | None) -> str:
    """It cannot be handed to ROLE: for one of several reasons, and nobody learns which."""
    if role is None:
        return wording_cases.CANNOT_HAND_WORDS
    return wording_cases.CANNOT_HAND.format(reference=case.reference, role=role_words(school, [role]))


def handed_on(case: Case, school: School, role: str) -> Reply:
    """It is on its way to ROLE."""
    return with_open(case, wording_cases.HANDED_ON.format(reference=case.reference, roles=role_words(school, [role])))


def how_urgent(case: Case) -> Reply:
    """The other three degrees."""
    choices = [Choice(wording_cases.URGENT[one.value], f"{HOW}{one.value}") for one in Severity if one is not case.severity]
    text = wording_cases.HOW_URGENT.format(reference=case.reference, now=wording_cases.URGENT[case.severity.value])
    return said(case, text, (*choices, _LEAVE), str(case.version))


def why_urgent(case: Case, severity: Severity, before: str = "") -> Reply:
    """The next message is the reason; BEFORE says why the last one was not."""
    text = wording_cases.WHY_URGENT.format(reference=case.reference, now=wording_cases.URGENT[severity.value])
    return said(case, f"{before} {text}".strip(), (_LEAVE,), f"{WHY}{severity.value}")


def urgent_now(before: Case, after: Past, reason: str, school: School, now: datetime) -> Reply:
    """What changed, the reason as it is kept, and what the clock does now."""
    case = after.case
    names = {one: wording_cases.URGENT[which.severity.value] for one, which in (("before", before), ("now", case))}
    lines = [wording_cases.URGENT_NOW.format(reference=case.reference, reason=reason, **names)]
    pushes = [one for one in after.notices if one.kind is NoticeKind.PUSH]
    if pushes:
        when = wording.at(pushes[0].due_at, now, school.zone)
        lines.append(wording_cases.CLOCK_ANEW.format(roles=role_words(school, case.rungs[pushes[0].rung]), when=when))
    elif after.notices:
        when = wording.at(after.notices[-1].due_at, now, school.zone).removeprefix("at ").removeprefix("on ")
        lines.append(wording_cases.CLOCK_LAST.format(when=when))
    return with_open(case, " ".join(lines))


def open_question(memory: Mapping[str, str]) -> tuple[str, str] | None:
    """The case, by id, and the urgency whose reason was asked for by the very last thing that was said; None when none was."""
    for _, _, about in json.loads(memory.get(OFFERED, "[]")):
        case, _, how = about.removeprefix(ABOUT).partition(f":{WHY}")
        if about.startswith(ABOUT) and how:
            return case, how
    return None
