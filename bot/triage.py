"""Emergency first: what danger words add before anything a handler says. A step of the one path, in a flow or out of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot import changing_roles, glances, receipts, wording, wording_case_forms
from bot.case_commands import says_nothing_else
from bot.case_forms import written_about
from bot.messages import Choice, Reply
from bot.opening import open_case
from bot.summaries import added, role_words, telling
from bot.turn import Outcome, Turn
from flows.answers import answers_it
from flows.cases.case import Case, Said, Severity
from flows.cases.routing import UNNAMED_ADULT, rungs
from flows.finishing import PICTURE
from flows.matters import DANGER, TELL_THE_LEAD
from flows.progress import Progress, Stage
from flows.question import NAMED
from flows.setting import RATHER_NOT_SAY, SOMEONE_ELSE
from flows.showing import open_question
from flows.when import read
from flows.words import command
from knowledge.pictures import hinted
from knowledge.risk import Risk
from storage.kept import Act, Addition

EMERGENCY = "emergency"  # memory: the case this conversation's danger words opened
WORRY = "worry"  # memory: words that may need the lead, until the button is pressed or the next worry comes
WORRY_ID = "worry_id"
WORRY_NAMES = "worry_names"  # the roles that those words name
WORRY_BUTTON = "worry:"  # about: followed by the id, so that an old button is known
TELL, ABOUT_THEM, NOT_ABOUT_THEM = "tell-the-lead", "about-them", "not-about-them"
ASKED_OF_THEM = "What they wrote"

# Words that follow an emergency within this time belong to the same case; later ones open a new one.
SAME_EMERGENCY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What triage puts in front of the handlers' outcome. `quiet` when there is nothing."""

    outcome: Outcome = field(default_factory=Outcome)
    memory: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def quiet(self) -> bool:
        return not self.outcome.replies


async def alarm(turn: Turn, risk: Risk) -> Alarm:
    """What RISK calls for: 999 and a case at once, one line and a button, or nothing."""
    if says_nothing_else(turn.message.text, turn.school) or changing_roles.typed(turn.message.text) is not None:
        return Alarm()
    if risk.level != "none" and (case := await written_about(turn)) is not None:
        # Whoever works on a case writes of danger, and those whom an emergency would tell may be those it is kept from.
        help_first = Reply(wording_case_forms.DANGER.format(reference=case.reference), about=f"case:{case.id}")
        return Alarm(Outcome((help_first,))) if risk.level == "immediate" else Alarm()
    if risk.level == "immediate":
        return await _emergency(turn, risk)
    if risk.level == "high" and not _a_button(turn):
        return _worry(turn)
    return Alarm()


def _a_button(turn: Turn) -> bool:
    """Whether what was typed is what a button of the open question says, a word that steers, or when it was: none of it is news."""
    progress, text = turn.progress, turn.message.text
    if progress is None:
        return False
    asked = None if progress.stage is Stage.REVIEWING else open_question(progress)
    if asked is not None and (answers_it(asked, text) or (asked.kind == "when" and read(text, turn.now).earliest is not None)):
        return True
    return command(text) is not None


async def _emergency(turn: Turn, risk: Risk) -> Alarm:
    said = (Said(ASKED_OF_THEM, turn.message.text), *_unsafe(turn))
    earlier = turn.memory.get(EMERGENCY)
    for case in await turn.own() if earlier else ():
        # A report in progress and its emergency are one case, also when somebody has taken it already.
        same = case.waiting or turn.progress is not None
        if case.id == earlier and same and turn.now - case.opened_at < SAME_EMERGENCY:
            return _again(case, said)
    involved = risk.names_roles | part_of(turn.progress)
    opened = await open_case(turn, DANGER, Severity.IMMEDIATE, said, involved=involved)
    case = opened.case
    told = telling(turn.school, case, wording.TOLD_EMERGENCY, opened.told)
    if (left_out := sorted(involved - {UNNAMED_ADULT})) and case.rungs:
        told += " " + wording.LEFT_OUT.format(roles=role_words(turn.school, left_out))
    return Alarm(
        Outcome((Reply(f"{wording.NINE_NINE_NINE}\n\n{told}"),), opened=(case,), notices=opened.notices, audit=(opened.act,)),
        {EMERGENCY: case.id},
    )


def _unsafe(turn: Turn) -> tuple[Said, ...]:
    """The answer in the open report that it is not safe to write here: it holds for whatever else is told in the middle of it."""
    if turn.progress is None or receipts.is_safe(turn.progress.said):
        return ()
    return tuple(one for one in turn.progress.said if one.name == receipts.SAFE)


def _again(case: Case, said: tuple[Said, ...]) -> Alarm:
    """More words of danger: they join CASE, and whoever has it hears of them."""
    lines = (wording.NINE_NINE_NINE, wording.TOLD_AGAIN.format(reference=case.reference))
    return Alarm(
        Outcome(
            (Reply("\n\n".join(lines)),),
            added=(Addition(case.id, said),),
            to_holder=() if case.waiting else ((case, added(case)),),
            audit=(Act("words added", case.id),),
        )
    )


def _worry(turn: Turn) -> Alarm:
    part = part_of(turn.progress)
    glance = glances.begin(turn.memory, turn.named | part, turn.school, turn.now)
    if part:
        # The open report already goes past whoever it is about; the lead's door could be the wrong one, so it is not offered.
        return Alarm(Outcome((Reply(wording.NINE_NINE_NINE_SHORT),)), glance)
    kept = {**keep_words(turn), **glance}
    button = Reply(wording.WORRIED, choices=(Choice(wording.TELL_THE_LEAD, TELL),), about=f"{WORRY_BUTTON}{kept[WORRY_ID]}")
    return Alarm(Outcome((button,)), kept)


def keep_words(turn: Turn, words: str | None = None) -> dict[str, str]:
    """What has to be remembered for a button that passes on WORDS, or what was just written: TELL, its `about` ending in the id."""
    said = turn.message.text if words is None else words
    return {WORRY: said, WORRY_ID: uuid.uuid4().hex[:8], WORRY_NAMES: " ".join(sorted(turn.named))}


async def told_the_lead(turn: Turn) -> Outcome:
    """Somebody pressed "Tell the lead now": the words they wrote become a report. If they name who would read it, that is asked."""
    if turn.message.about.rpartition(":")[2] != turn.memory.get(WORRY_ID) or WORRY not in turn.memory:
        return Outcome((Reply(wording.WORRY_GONE),))
    known = part_of(turn.progress)
    named = frozenset(turn.memory.get(WORRY_NAMES, "").split()) - known
    # Words that may be about a picture of a child go the way such pictures go, however they came to be passed on.
    picture = hinted(turn.memory[WORRY])
    matter, severity = (PICTURE, Severity.IMMEDIATE) if picture else (TELL_THE_LEAD, Severity.HIGH)
    route = turn.school.routes[matter]
    if turn.message.text == TELL and named & {role for rung in rungs(route, frozenset()) for role in rung}:
        return Outcome((_about_whom(turn, named),))
    involved = (named if turn.message.text == ABOUT_THEM else frozenset()) | known
    said = (Said(ASKED_OF_THEM, turn.memory[WORRY]), *_unsafe(turn))
    opened = await open_case(turn, matter, severity, said, involved=involved)
    case = opened.case
    text = telling(turn.school, case, wording.LEAD_TOLD, opened.told)
    memory = {key: value for key, value in turn.memory.items() if key not in (WORRY, WORRY_ID, WORRY_NAMES)}
    told = replace(receipts.buttons(case), text=text)
    replies = (Reply(wording.PICTURE_STOP), told, receipts.after_a_picture(turn.school, turn.now)) if picture else (told,)
    return Outcome(replies, memory=memory, opened=(case,), notices=opened.notices, audit=(opened.act,))


def part_of(progress: Progress | None) -> frozenset[str]:
    """The roles that the open report already says are part of what happened: none of them may be told of what is written in it."""
    if progress is None:
        return frozenset()
    answers = [(one, progress.answers.get(one.name)) for one in progress.questions]
    roles = {str(said) for one, said in answers if one.kind == "role" and said not in (None, SOMEONE_ELSE, RATHER_NOT_SAY)}
    confirmed = {one.name.removeprefix(NAMED) for one, said in answers if one.name.startswith(NAMED) and said == "yes"}
    unnamed = {UNNAMED_ADULT} if RATHER_NOT_SAY in [said for one, said in answers if one.gate] else set()
    return frozenset(roles | confirmed | unnamed)


def _about_whom(turn: Turn, named: frozenset[str]) -> Reply:
    """Words that name a role that would read them may be about whoever holds it: only the writer knows."""
    text = wording.IS_IT_ABOUT.format(roles=role_words(turn.school, sorted(named)))
    choices = (Choice(wording.KEEP_IT_FROM_THEM, ABOUT_THEM), Choice(wording.TELL_THEM_TOO, NOT_ABOUT_THEM))
    return Reply(text, choices=choices, about=f"{WORRY_BUTTON}{turn.memory[WORRY_ID]}")
