"""What can be done on a case's page. Each takes a form as it came in and hands it to whatever decides that in a chat, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import MappingProxyType

from bot import concerning, deciding, wording_case_desk, wording_case_forms, wording_cases
from bot.case_drafts import SURE, CaseDraft
from bot.case_wishes import Typed, Wish, references
from bot.desk.case_filled import Amiss, Fields, needed, perhaps, shown
from bot.desk.case_keeping import hold, lift, moved
from bot.handlers import case_handing, case_steps, case_taking, case_urgency, cases, decisions
from bot.handlers import concerning as concerns
from bot.handlers.case_forms import close, link, note, reopen, write
from bot.handlers.case_forms.form import Form
from bot.handlers.case_standing import changed_since
from bot.messages import Reply
from bot.summaries import role_words
from bot.turn import Outcome, Turn
from flows.answers import clean
from flows.cases.case import Case, Ending, Severity
from storage.kept import Person

DECISIONS = MappingProxyType({deciding.APPROVE: True, deciding.DECLINE: False})
HERE = "desk"  # in place of the form that a chat remembers

Act = Callable[[Turn, Case, Person, Fields], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done. WORDS are the fields in which somebody wrote freely; `leaves` takes the case from their sight.

    What is only added to a case needs no `fresh` page: it undoes nothing that somebody else did meanwhile.
    """

    act: Act
    words: tuple[str, ...] = ()
    fresh: bool = True
    purged: bool = False  # may be done although the words are gone

    async def decide(self, turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
        """What comes of it, unless the case has changed since their page was made."""
        if case.purged_at is not None and not self.purged:
            return Outcome((Reply(wording_case_forms.GONE_WORDS.format(reference=case.reference)),))
        if self.fresh and (given := fields.get("shown", "")) != shown(case):
            return await self._changed(turn, case, person, given)
        return await self.act(turn, case, person, fields)

    async def _changed(self, turn: Turn, case: Case, person: Person, given: str) -> Outcome:
        """Nothing is done. A page that only lacks what was said meanwhile is told so."""
        if given.partition("-")[0] == str(case.version):
            return Outcome((Reply(wording_case_desk.ADDED_MEANWHILE.format(reference=case.reference)),))
        changed = await changed_since(turn, case, person)
        words = wording_case_desk.CHANGED_WORDS_KEPT if self.words else wording_case_desk.CHANGED
        return Outcome((Reply(words.format(changed=changed.replies[0].text)),))


async def _acknowledge(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:  # noqa: ARG001 - as every act
    return await cases.acknowledged(turn, case, person)


async def _take(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:  # noqa: ARG001 - as every act
    # The page says who has it, and the button says that it is taken over: that is the question a chat asks first.
    return await case_taking.taken(turn, case, person)


async def _hand_on(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    role = fields.get("role", "")
    if not role:
        raise Amiss("role", wording_case_desk.WHICH_ROLE)
    return await case_handing.to_role(turn, case, person, role if role in turn.school.roles else None)


async def _urgency(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    how = fields.get("urgency", "")
    if how not in set(Severity):
        raise Amiss("urgency", wording_case_desk.WHICH_URGENCY)
    reason = clean(fields.get("reason", ""))
    if not reason:
        raise Amiss("reason", wording_case_desk.WHY)
    if len(reason) > case_urgency.REASON:
        raise Amiss("reason", wording_cases.REASON_TOO_LONG.format(most=case_urgency.REASON))
    return await case_urgency.chosen(turn, case, person, how, reason)


async def _note(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    said = {"text": needed(fields, "text")}
    if key := fields.get("of", ""):
        history = await turn.cases.history(case.reference)
        there = next((one for one in note.notes(history.happened) if one.key == key), None) if history is not None else None
        if there is None or str(there.versions) != fields.get("versions", ""):
            return Outcome((Reply(wording_case_desk.NOTE_MOVED),))
        said |= {"of": key, "number": str(there.number)}
    return await _done(note.FORM, turn, case, person, said)


async def _write(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    if (why_not := write.refused(turn, case, person)) is not None:
        return why_not
    return await _done(write.FORM, turn, case, person, {"text": needed(fields, "text")})


async def _link(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    named = references(fields.get("other", ""))
    if len(named) != 1:
        raise Amiss("other", wording_case_desk.WHICH_REPORT)
    return await link.begun(turn, case, person, Typed(Wish.LINK, case.reference, other=named[0]))


async def _unlink(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    return await link.cut(turn, case, person, fields.get("other", ""))


async def _concerns(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    if not concerning.may_say(person, case):
        return Outcome((concerning.said(case, concerning.HELD_FIRST),))
    role, name = fields.get("role", ""), fields.get("name", "").strip()
    if bool(role) is bool(name):
        raise Amiss("name", wording_case_desk.ONE_OF_BOTH if role else wording_case_desk.ABOUT_WHOM)
    meant = concerning.meant(role or name, await turn.people.list(), turn.school)
    if not meant.sure:
        raise Amiss("name", wording_case_desk.NOT_SURE_WHOM)
    if not fields.get("sure"):
        raise Amiss("sure", wording_case_desk.TICK_SURE)
    whom = role_words(turn.school, [meant.role]) if meant.role else name
    return await concerns.keep_from(turn, case, person, frozenset(one.id for one in meant.people), whom)


async def _aside(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:  # noqa: ARG001 - as every act
    return await concerns.step_aside(turn, case, person)


async def _decide(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    decision = fields.get("decision", "")
    if decision not in DECISIONS:
        return Outcome((Reply(wording_case_desk.WHICH_DECISION),))
    return await decisions.answered(turn, case, person, perhaps(fields, "note"), approved=DECISIONS[decision])


async def _close(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    ending = fields.get("ending", "")
    if ending not in set(Ending):
        raise Amiss("ending", wording_case_desk.WHICH_ENDING)
    said = {
        close.ENDING: ending,
        close.REASON: needed(fields, "reason", wording_case_desk.WHY),
        close.ACTION: perhaps(fields, "action"),
        close.RECORDED: perhaps(fields, "recorded_as"),
    }
    return await _done(close.FORM, turn, case, person, said)


async def _undo(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:  # noqa: ARG001 - as every act
    return close.taken_back(turn, case, person)


async def _reopen(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    return await _done(reopen.FORM, turn, case, person, {"text": needed(fields, "reason", wording_case_desk.WHY)})


async def _step(turn: Turn, case: Case, person: Person, fields: Fields) -> Outcome:
    number = fields.get("number", "")
    which = int(number) if number.isdecimal() and len(number) <= len("100") else 0
    return await case_steps.ticked(turn, case, person, which, done=fields.get("done") == "yes")


async def _done(form: Form, turn: Turn, case: Case, person: Person, said: dict[str, str]) -> Outcome:
    """What the form of a chat does once all is said: here the page itself has shown what was written."""
    return await form.done(turn, case, person, CaseDraft(HERE, case.id, SURE, turn.now, said=said))


DEEDS = MappingProxyType(
    {
        "acknowledge": Deed(_acknowledge, fresh=False),
        "take": Deed(_take),
        "hand-on": Deed(_hand_on),
        "urgency": Deed(_urgency, ("reason",)),
        "note": Deed(_note, ("text",), fresh=False),
        "write": Deed(_write, ("text",)),
        "link": Deed(_link, fresh=False),
        "unlink": Deed(_unlink, fresh=False),
        "concerns": Deed(_concerns),
        "aside": Deed(_aside, fresh=False),
        "decide": Deed(_decide, ("note",)),
        "close": Deed(_close, ("reason", "action")),
        "undo": Deed(_undo, fresh=False),
        "reopen": Deed(_reopen, ("reason",)),
        "step": Deed(_step, fresh=False),
        "hold": Deed(hold, ("reason",)),
        "lift": Deed(lift, ("reason",)),
        "moved": Deed(moved),
    }
)
