"""Requests that somebody has to approve or decline: who may, what their card offers, and what is said once it is decided. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot import wording, wording_sent
from bot.messages import Choice, Reply
from bot.schools import School
from bot.summaries import role_words
from flows.cases.case import Case, Status
from flows.cases.routing import deciders
from flows.matters import matter
from storage.kept import Person

APPROVE, DECLINE = "approve", "decline"


def deciding_role(case: Case, school: School, person: Person | None) -> str | None:
    """The role in which PERSON may decide what CASE asks for; None when they may not, or when nothing is asked for."""
    held = person.roles if person is not None else ()
    return next((role for role in deciders(school.routes[case.matter]) if role in held), None)


def offering(reply: Reply, case: Case, school: School, person: Person | None) -> Reply:
    """REPLY about CASE, with the buttons that decide it where PERSON may and nobody has yet."""
    if case.status is Status.CLOSED or deciding_role(case, school, person) is None:
        return reply
    buttons = (Choice(wording.APPROVE, APPROVE), Choice(wording.DECLINE, DECLINE))
    # A card that somebody else has acknowledged has no button left, and whoever decides has to be able to read before they do.
    rest = reply.choices or (Choice(wording.OPEN, "open"),)
    return replace(reply, choices=(*buttons, *rest))


def card_after(case: Case, school: School) -> Reply:
    """What a card becomes once CASE is decided, and what anybody hears who presses a button of it too late."""
    return Reply(_stands(case, school), about=f"case:{case.id}")


def asker_told(case: Case, school: School, role: str, note: str, carried_out_by: tuple[str, ...]) -> Reply:
    """What whoever asked hears: what was decided, by which role, what was written with it, and who sees to it now."""
    assert case.decision is not None  # noqa: S101 - only called with a case that was decided; said for the type checker
    lines = [
        wording.DECIDED_BY.format(reference=case.reference, decision=case.decision.value, role=role_words(school, [role])),
        wording.DECIDED_NOTE.format(note=note) if note else "",
        wording.ASKED_TO_SEE_TO_IT.format(roles=role_words(school, carried_out_by)) if carried_out_by else "",
    ]
    return Reply(" ".join(line for line in lines if line))


def decider_told(case: Case, school: School, carried_out_by: tuple[str, ...]) -> Reply:
    """What whoever decided hears."""
    assert case.decision is not None  # noqa: S101 - as above
    lines = [wording.YOU_DECIDED.format(reference=case.reference, decision=case.decision.value)]
    if carried_out_by:
        lines.append(wording.TOLD_SITE_ONLY.format(roles=role_words(school, carried_out_by)))
    return Reply(" ".join(lines))


def not_for_you(case: Case, school: School) -> Reply:
    """Somebody who may read a request may still not be the one to decide it."""
    roles = role_words(school, deciders(school.routes[case.matter]))
    return Reply(wording.NOT_YOURS_TO_DECIDE.format(reference=case.reference, roles=roles), about=f"case:{case.id}")


def own(case: Case) -> Reply:
    """Nobody decides about what they asked for themselves."""
    return Reply(wording.YOUR_OWN_REQUEST.format(reference=case.reference), about=f"case:{case.id}")


def asks(case: Case) -> bool:
    """Whether there is anything to decide."""
    return matter(case.matter).asks


def _stands(case: Case, school: School) -> str:
    if case.decision is None or case.closed_at is None:
        return wording_sent.STATUS_CLOSED.format(reference=case.reference)
    when = wording.day_and_clock(case.closed_at, school.zone)
    return wording.ALREADY_DECIDED.format(reference=case.reference, decision=case.decision.value, when=when)
