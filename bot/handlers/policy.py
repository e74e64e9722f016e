"""Answers from this school's own policy, with the reference; or says honestly that it is silent, and who to ask."""

from __future__ import annotations

from bot import wording
from bot.messages import Choice, Reply
from bot.turn import Outcome, Turn
from knowledge.intents import understand
from knowledge.policy import Section
from knowledge.search import Answer, Sure, find

SECTION = "section"
CLOSEST = "closest"
NOT_OURS = ("smalltalk", "talk_to_human")
ASKED = "asked"  # memory: the last question, so that "show the closest anyway" knows what was meant


async def answer(turn: Turn) -> Outcome | None:
    """Take what reads like a question, and the buttons of an earlier answer."""
    message = turn.message
    if message.pressed:
        return _pressed(turn)
    if message.attachments or not message.text.strip():
        return None
    kind = understand(message.text, {}).kind
    if kind in NOT_OURS:
        return None
    found = find(turn.school.policy, message.text, audience(turn))
    if found.sure is not Sure.YES and kind != "question" and (turn.alarmed or found.sure is Sure.NO):
        return None
    return Outcome((_told(turn, found),), memory={**turn.memory, ASKED: message.text})


def audience(turn: Turn) -> str:
    """Whose rules apply to the person asking: staff hold a role, anybody else is taken for a parent."""
    return "staff" if turn.person is not None and turn.person.roles else "parent"


def _pressed(turn: Turn) -> Outcome | None:
    wish, policy = turn.message.text, turn.school.policy
    if turn.message.about == SECTION:
        return Outcome((shown(turn, (policy.section(wish),)) if wish in policy else Reply(wording.SECTION_GONE),))
    if turn.message.about == CLOSEST and ASKED in turn.memory:
        found = find(policy, turn.memory[ASKED], audience(turn))
        return Outcome((_unsure(turn, found) if found.sections else Reply(wording.SECTION_GONE),))
    return None


def _told(turn: Turn, found: Answer) -> Reply:
    if found.sure is Sure.YES:
        best = found.sections[0].section
        together = tuple(hit.section for hit in found.sections if hit.section is best or hit.section.ref in best.also)
        return shown(turn, together)
    if found.sure is Sure.MAYBE:
        return _unsure(turn, found)
    text = wording.POLICY_SILENT.format(school=turn.school.title, role=turn.school.roles["headteacher"])
    choices = (Choice(wording.CLOSEST_ANYWAY, "closest"),) if found.sections else ()
    return Reply(text, choices=choices, about=CLOSEST)


def _unsure(turn: Turn, found: Answer) -> Reply:
    cite = turn.school.policy.cite
    choices = tuple(Choice(f"{hit.section.title} ({cite(hit.section)})", hit.section.ref) for hit in found.sections[:3])
    return Reply(wording.POLICY_UNSURE, choices=choices, about=SECTION)


def shown(turn: Turn, sections: tuple[Section, ...]) -> Reply:
    """SECTIONS as the policy's answer, each with its reference, and the review warning where one is due."""
    policy = turn.school.policy
    parts = [f"{wording.POLICY_SAYS.format(cited=policy.cite(one))}\n{one.text}" for one in sections]
    facts = [("From", wording.EDITIONS[policy.edition].format(title=policy.title, version=policy.version))]
    today = turn.now.astimezone(turn.school.zone).date()
    if (warning := policy.review_warning(today)) is not None:
        facts.append(("Please note", warning))
    return Reply("\n\n".join(parts), facts=tuple(facts))
