"""A finished report becomes a case, or joins the case that its emergency opened before it was finished."""

from __future__ import annotations

from dataclasses import replace

from bot import beside, logged, receipts, wording
from bot.memory import DRAFT
from bot.messages import Reply
from bot.opening import Opened, further, open_case, past
from bot.summaries import added, role_words
from bot.triage import EMERGENCY
from bot.turn import Outcome, Turn
from flows.cases.acts import Doing
from flows.cases.case import Case, Said
from flows.engine import Finished, Opening
from storage.kept import Act, Addition, Person


async def send(turn: Turn, step: Finished) -> Outcome:
    """Open the cases of STEP. The receipt is said by the same decision, so nobody is told before it is durable."""
    kept = beside.recall(turn.memory, step.progress.id).said
    memory = {key: value for key, value in beside.forget(turn.memory).items() if key not in (DRAFT, EMERGENCY)}
    early = turn.memory.get(EMERGENCY)
    logger = logged.logger(turn.person, turn.school, step)
    for case in (*turn.raised, *await turn.own()) if early else ():
        if case.id == early:
            joined = await _joined(turn, step, case, kept)
            by = () if logger is None else (Act(Doing.LOGGED, case.id, logger.id),)
            return replace(joined, progress=None, memory=memory, audit=(*joined.audit, *by))
    report = step.openings[0]
    said = (*report.said, *kept)
    if logger is not None:
        return replace(await _written_down(turn, step, said, logger), progress=None, memory=memory)
    main = await open_case(turn, report.matter, report.severity, said, involved=frozenset(report.concerned))
    parts = further(turn.school, step.openings)
    opened = (main, *await _parts(turn, parts))
    sent = receipts.Sent(tuple(one.case for one in opened), step, parts, main.told)
    return Outcome(
        receipts.receipt(sent, turn.school, turn.now),
        progress=None,
        memory=memory,
        opened=sent.cases,
        notices=tuple(notice for one in opened for notice in one.notices),
        audit=tuple(one.act for one in opened),
        passed_on=True,
    )


async def _written_down(turn: Turn, step: Finished, said: tuple[Said, ...], logger: Person) -> Outcome:
    """A report that LOGGER wrote down for somebody else: nobody is written to about it, and it is routed like any other."""
    report = step.openings[0]
    opened = await open_case(turn, report.matter, report.severity, said, involved=frozenset(report.concerned), logger=logger)
    picture = (receipts.after_a_picture(turn.school, turn.now),) if step.progress.locked else ()
    return Outcome(
        (*logged.receipt(opened.case, step, turn.school), *picture),
        opened=(opened.case,),
        notices=opened.notices,
        audit=(opened.act,),
        passed_on=True,
    )


async def _parts(turn: Turn, parts: tuple[Opening, ...]) -> tuple[Opened, ...]:
    """What others get of the report who may see only some of its answers."""
    return tuple(
        [await open_case(turn, one.matter, one.severity, one.said, involved=frozenset(one.concerned), part=True) for one in parts]
    )


async def _joined(turn: Turn, step: Finished, case: Case, kept: tuple[Said, ...]) -> Outcome:
    """The finished report is added to its emergency. Whoever it names loses the case, and who should have had it is told now."""
    report = step.openings[0]
    involved = frozenset(report.concerned)
    passed = await past(turn, case, report.matter, involved)
    told = {role for rung in passed.case.rungs[:1] for role in rung} - involved
    parts = await _parts(turn, further(turn.school, step.openings, told))
    lines = [wording.JOINED.format(reference=case.reference)]
    if involved:
        lines.append(wording.KEPT_FROM.format(roles=role_words(turn.school, sorted(involved))))
    if passed.door:
        lines.append(wording.NOW_ALSO.format(roles=role_words(turn.school, passed.door)))
    return Outcome(
        (Reply(" ".join(lines)), *receipts.joined(receipts.Sent((passed.case,), step), turn.school, turn.now)),
        opened=tuple(one.case for one in parts),
        changed=() if passed.case == case else (passed.case,),
        replanned=passed.replanned,
        notices=(*passed.notices, *(notice for one in parts for notice in one.notices)),
        added=(Addition(case.id, (*step.said, *kept)),),
        to_holder=((case, added(case)),),
        audit=(passed.act, *(one.act for one in parts)),
        passed_on=True,
    )
