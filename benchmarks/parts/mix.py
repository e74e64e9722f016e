"""What people say to the bot in a benchmark: half of them ask about the policy, half go through a guided report to its end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from flows import catalogue

PEOPLE = 50
QUESTIONS = (
    "Can I add a parent on Facebook?",
    "May we film the nativity play?",
    "Can I message a pupil from my own phone?",
    "Are photos of the class allowed on my page?",
    "hello",
)
REPORT = (
    "report something",
    catalogue.flow("friend_request").title,
    *("no", "I work at the school", "yes", "no", "pupil", "me", "no", "skip", "insta", "skip", "skip", "skip", "skip"),
    "He requested me twice last night, I have not accepted.",
    *("skip", "no", "skip", "send"),
)


def lines(person: int) -> Iterator[str]:
    """What the person of that number says, without end. No two reporters are at the same question at the start."""
    if person % 2 == 0:
        return cycle(QUESTIONS[person // 2 % len(QUESTIONS) :] + QUESTIONS[: person // 2 % len(QUESTIONS)])
    return cycle(REPORT)


def head_start(person: int) -> int:
    """How many lines the person of that number has said before anything is measured."""
    return person // 2 % len(REPORT) if person % 2 else 0
