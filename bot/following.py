"""What a short follow-up means: "and what about parents?" is half a question, and the other half was asked before it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.last_question import LastQuestion
from knowledge import search
from knowledge.policy import Policy, Section
from knowledge.search import Answer, Sure
from knowledge.words import STOP, words

_OPENS = re.compile(
    r"\s*(?:ok(?:ay)?\b|so\b|and\b|but\b|or\b|also\b|even\b|(?:what|how)\s+(?:about|if)\b|wh?at\s+abt\b)", re.IGNORECASE
)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_FEW = 8  # words

# Whom a rule may be about.
_GROUPS = {
    "parent": "parent parents carer carers mum mums mom dad dads mother mothers father fathers family families grandparent "
    "grandparents gran nan grandad granny",
    "staff": "staff teacher teachers ta tas assistant assistants head headteacher colleague colleagues",
    "pupil": "pupil pupils child children kid kids boy boys girl girls son daughter student students",
    "governor": "governor governors",
    "volunteer": "volunteer volunteers helper helpers visitor visitors",
}
_GROUP = {word: group for group, said in _GROUPS.items() for word in said.split()}
_WHETHER = """
    allowed allow apply applies applied same different rule rules policy true count counts include includes included ok okay
    too well either case abt regards regarding mean means meant differ else others people everyone everybody
"""
# Words that say nothing about a topic; the second kind asks whether the same holds.
_EMPTY = STOP | frozenset(_WHETHER.split())


@dataclass(frozen=True, slots=True)
class Taken:
    """How a message was taken: the whole QUESTION, and what answers it."""

    question: str
    answers: tuple[Answer, ...]


def leans(text: str, last: LastQuestion | None, now: datetime) -> bool:
    """Whether TEXT, said at NOW, may be the rest of LAST."""
    if last is None or not last.fresh(now) or not 0 < len(words(text)) <= _FEW:
        return False
    return _OPENS.match(text) is not None or bare(text)


def bare(text: str) -> bool:
    """Whether TEXT says about whom and nothing else."""
    said = [word for word in words(text) if word not in _EMPTY]
    return bool(said) and all(word in _GROUP for word in said)


def ask(policy: Policy, text: str, audience: str, last: LastQuestion | None, now: datetime) -> Taken:
    """TEXT as a question of its own or as the rest of LAST, whichever is answered more surely."""
    before = last.quoted if last is not None and last.fresh(now) else None
    if last is None or not leans(text, last, now):
        return Taken(text, search.parts(policy, text, audience, before))
    asks: list[tuple[str, str | None]] = [(other, None) for other in _of_others(last.text, text)] or [
        (f"{last.text} {text}", before)
    ]
    if not bare(text):
        asks = [(text, before), *asks]
    found = [(search.find(policy, question, audience, near), question) for question, near in asks]
    answer, question = max(found, key=lambda one: one[0].right)
    return Taken(question, (_about(answer, _groups(text) - _groups(last.text)),))


def _of_others(asked: str, text: str) -> Iterator[str]:
    """ASKED about those whom TEXT names instead: once for each of its people, since either side may be meant."""
    named = next((word for word in words(text) if word in _GROUP), None)
    if named is None or not bare(text):
        return
    for found in _WORD.finditer(asked):
        if _GROUP.get(found[0].casefold(), _GROUP[named]) != _GROUP[named]:
            yield f"{asked[: found.start()]}{named}{asked[found.end() :]}"


def _about(answer: Answer, groups: frozenset[str]) -> Answer:
    """ANSWER, but not as a sure one when its rule is not about the GROUPS that were asked about: it would answer somebody else."""
    if answer.sure is not Sure.YES or not groups or _concerns(answer.sections[0].section, groups):
        return answer
    return replace(answer, sure=Sure.MAYBE)


def _concerns(rule: Section, groups: Iterable[str]) -> bool:
    return bool(frozenset(groups) & (rule.audience | _groups(" ".join((*rule.path, rule.text)))))


def _groups(text: str) -> frozenset[str]:
    return frozenset(_GROUP[word] for word in words(text) if word in _GROUP)
