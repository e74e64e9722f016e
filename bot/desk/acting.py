"""What somebody does at the desk goes the way of everything else: a decision, written in one transaction, and only then said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot import wording_desk
from bot.clock import Clock
from bot.conversation import DECIDE_AGAIN, HOLD, Surroundings
from bot.desk.door import SignedIn
from bot.messages import Address, IncomingMessage, Reply
from bot.record import record
from bot.turn import Outcome, Turn
from flows.cases.case import Case
from storage.kept import Due, Overtaken, Person, RepeatedForm

CHANNEL = "desk"

Decide = Callable[[Turn, Case, Person], Awaitable[Outcome]]


class Gone(Exception):
    """There is no such case, or it is not theirs to see: nobody can tell which."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a form. Where nothing was `changed`, `said` tells why, and their words are still theirs."""

    said: tuple[Reply, ...] = field(default=(), repr=False)
    changed: bool = False
    danger: bool = False  # what they wrote may be about danger: they are shown what to do first


@dataclass(frozen=True, slots=True)
class Acting:
    """Carries out what is decided at the desk."""

    around: Surroundings
    dispatch: Callable[[Sequence[Due]], Awaitable[None]]

    async def on_case(self, who: SignedIn, reference: str, form: str, decide: Decide, words: str = "") -> Done:
        """DECIDE about the case with REFERENCE and write it down, once for each FORM. WORDS are what they wrote, for triage.

        Decided anew where the case moved meanwhile. Gone where they may not see it, or not any longer.
        """

        async def on_it(turn: Turn) -> Outcome:
            case = await turn.cases.by_reference(reference)
            if case is None:
                raise Gone
            return await decide(turn, case, who.person)

        danger = await self.danger(words)  # before anything is done: what to do first must not depend on what comes of it
        return replace(await self._carried_out(who, form, on_it, words), danger=danger)

    async def on_school(self, who: SignedIn, form: str, decide: Callable[[Turn], Awaitable[Outcome]]) -> Done:
        """DECIDE about the school, its people for one, and write it down, once for each FORM."""
        return await self._carried_out(who, form, decide, "")

    async def _carried_out(self, who: SignedIn, form: str, decide: Callable[[Turn], Awaitable[Outcome]], words: str) -> Done:
        store = self.around.stores[who.school.name]
        for _ in range(DECIDE_AGAIN):
            outcome = await decide(self.turn(who, words))
            done = Done(outcome.replies, changed=_writes(outcome))
            if not done.changed:
                # Sent twice, the second finds everything done, and the case changed since: that is no failure.
                return Done(changed=True) if await store.sign_ins.carried_out(form) else done
            try:
                await self.write(store.school, outcome, form)
            except Overtaken:
                continue
            except RepeatedForm:
                return replace(done, said=())
            return done
        return Done((Reply(wording_desk.AT_ONCE),))

    async def look(self, who: SignedIn, outcome: Outcome) -> None:
        """Write down what OUTCOME says that somebody looked at."""
        await self.write(who.school.name, outcome)

    async def write(self, school: str, outcome: Outcome, form: str = "") -> None:
        """Write OUTCOME down at SCHOOL, once for each FORM, and send what it says."""
        now, hold = self.around.clock.now(), self._hold
        down = self.around.down(school)
        recorded = await record(self.around.stores[school], outcome, at=now, hold=hold, once=form, down=down)
        if recorded.sends:
            await self.dispatch(recorded.sends)

    def turn(self, who: SignedIn, words: str = "") -> Turn:
        """What a page may ask, and what is decided on: WORDS are what WHO wrote."""
        store, clock = self.around.stores[who.school.name], self.around.clock
        message = IncomingMessage(
            id="", sender=who.person.id, address=Address(CHANNEL, who.person.id), received_at=clock.now(), text=words, staff=True
        )
        return Turn(
            message=message,
            conversation="",
            person=who.person,
            progress=None,
            memory={},
            school=who.school,
            cases=store.seen_by(who.person),
            own=_nothing_own,
            climbs=_no_climbs,
            due=_nothing_due,
            people=store.people,
            invites=store.invites,
            now=clock.now(),
            wall=clock.real_now(),
        )

    async def danger(self, words: str) -> bool:
        """Whether WORDS may be about danger, by the same triage as in a chat."""
        if not words:
            return False
        risk = await asyncio.to_thread(self.around.triage.weigh, words, "staff")
        return risk.level == "immediate"

    @property
    def _hold(self) -> timedelta:
        clock: Clock = self.around.clock
        return clock.lasting(HOLD)


def _writes(outcome: Outcome) -> bool:
    """Whether OUTCOME changes anything, or puts anything on record."""
    return bool(
        outcome.changed or outcome.opened or outcome.added or outcome.audit or outcome.people or outcome.linked or outcome.unlinked
    )


async def _nothing_own() -> tuple[Case, ...]:
    return ()


async def _no_climbs(case: str) -> tuple[()]:  # noqa: ARG001 - as a conversation is asked
    return ()


async def _nothing_due(case: str) -> None:  # noqa: ARG001 - as a conversation is asked
    return None
