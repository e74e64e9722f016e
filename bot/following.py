"""What a short follow-up means: "and what about parents?" is half a question, and the other half was asked before it. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from bot.last_question import LastQuestion
from knowledge import search
from knowledge.policy import Policy
from knowledge.search import Answer
from knowledge.words import STOP, words

_OPENS = re.compile(
    r"\s*(?:ok(?:ay)?\b|so\b|and\b|but\b|or\b|also\b|even\b|(?:what|how)\s+(?:about|if)\b|wh?at\s+abt\b)", re.IGNORECASE
)
_FEW = 8  # words

_PEOPLE = """
    parent parents carer carers mum mums mom dad dads mother mothers father fathers family families grandparent grandparents
    gran nan grandad granny staff teacher teachers teaching ta tas assistant assistants head headteacher governor governors
    volunteer volunteers helper helpers visitor visitors supply student students trainee pupil pupils child children kid kids
    boy boys girl girls son daughter everyone everybody else others people colleague colleagues us me
"""
_WHETHER = """
    allowed allow apply applies applied same different rule rules policy true count counts include includes included ok okay
    too well either case abt regards regarding mean means meant differ
"""
# Whom a rule may be about: a follow-up that names nobody and nothing else has no topic of its own.
_WHO = frozenset(_PEOPLE.split())
# Words that say nothing about a topic; the second kind asks whether the same holds.
_EMPTY = STOP | frozenset(_WHETHER.split())


def leans(text: str, last: LastQuestion | None, now: datetime) -> bool:
    """Whether TEXT, said at NOW, may be the rest of LAST."""
    said = words(text)
    if last is None or not last.fresh(now) or not 0 < len(said) <= _FEW:
        return False
    return _OPENS.match(text) is not None or bare(text)


def bare(text: str) -> bool:
    """Whether TEXT says about whom and nothing else."""
    said = [word for word in words(text) if word not in _EMPTY]
    return bool(said) and all(word in _WHO for word in said)


def ask(policy: Policy, text: str, audience: str, last: LastQuestion | None, now: datetime) -> tuple[tuple[Answer, ...], str]:
    """The answers to TEXT, and the whole question as it was taken."""
    before = last.quoted if last is not None and last.fresh(now) else None
    if last is None or not leans(text, last, now):
        return search.parts(policy, text, audience, before), text
    both = f"{last.text} {text}"
    joined = search.find(policy, both, audience, before)
    if bare(text):
        return (joined,), last.text
    alone = search.find(policy, text, audience, before)
    return ((joined,), both) if joined.right >= alone.right else ((alone,), text)
