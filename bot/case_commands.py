"""What somebody types who decides on a case: “take SP-7K2M4”, “hand on SP-7K2M4 to the chair”, “urgency SP-7K2M4 high: …”. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from bot import case_list
from bot.case_answers import role_meant
from bot.schools import School
from flows.cases.case import ALPHABET, Severity

_CASE = rf"SP-?(?P<case>[{ALPHABET}]{{5}})\b"
_TAKE = re.compile(rf"(?:i(?:'ll| will)?\s+)?take\s+(?:over\s+)?{_CASE}(?:\s+over)?[.!]?", re.IGNORECASE)
_HAND = re.compile(
    rf"(?:please\s+)?hand\s+(?:(?:on|over)\s+{_CASE}|{_CASE.replace('case', 'second')}(?:\s+on|\s+over)?)"
    r"(?:\s+to\b)?\s*(?P<whom>.*?)[.!]?",
    re.IGNORECASE | re.DOTALL,
)
_URGENT = re.compile(
    rf"(?:change\s+(?:the\s+)?)?urgency\s+(?:of\s+)?{_CASE}(?:\s+(?:to|is)\b)?(?:\s+(?P<how>{'|'.join(Severity)})\b)?"
    r"(?:\s+(?:because|since|as)\b)?[\s:,–-]*(?P<why>.*)",
    re.IGNORECASE | re.DOTALL,
)
ACKNOWLEDGE_WORDS = ("acknowledge", "ack", "seen", "got it")
ALL_WORDS = ("all of it", "all of", "all about", "everything")
_LOOK = re.compile(rf"(?:(?:{'|'.join(('open', 'show', *ACKNOWLEDGE_WORDS, *ALL_WORDS))})\s+)?{_CASE}[.!?]?", re.IGNORECASE)


class Act(StrEnum):
    """What is wished."""

    TAKE = "take"
    HAND_ON = "hand on"
    URGENCY = "urgency"


@dataclass(frozen=True, slots=True)
class Command:
    """A wish about the case with that REFERENCE: to WHOM it is to go, or HOW urgent it is to be and WHY."""

    act: Act
    reference: str
    whom: str = field(default="", repr=False)
    how: str = ""
    why: str = field(default="", repr=False)


def command(text: str) -> Command | None:
    """The wish that TEXT is, as a whole; None when it is anything else."""
    plain = text.strip()
    if (said := _TAKE.fullmatch(plain)) is not None:
        return Command(Act.TAKE, _spelt(said["case"]))
    if (said := _HAND.fullmatch(plain)) is not None:
        return Command(Act.HAND_ON, _spelt(said["case"] or said["second"]), whom=said["whom"].strip())
    if (said := _URGENT.fullmatch(plain)) is not None:
        return Command(Act.URGENCY, _spelt(said["case"]), how=(said["how"] or "").casefold(), why=said["why"].strip())
    return None


def says_nothing_else(text: str, school: School) -> bool:
    """Whether TEXT is a wish without a word of one's own in it: nothing in it could be news of any danger."""
    if case_list.wish(text) is not None or _LOOK.fullmatch(text.strip()) is not None:
        return True
    wished = command(text)
    return wished is not None and not wished.why and (not wished.whom or role_meant(wished.whom, school) is not None)


def _spelt(letters: str) -> str:
    return f"SP-{letters.upper()}"
