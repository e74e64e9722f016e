"""A model that understands what a test says it does: for tests of what is made of an answer, not of how it is found."""

from __future__ import annotations

import pytest

from knowledge.danger import Heard
from knowledge.intents import Intent
from knowledge.search import Answer, Hit, Sure

QUESTION = Intent("question", margin=1.0)


class Model:
    """Finds what it is told to find, and knows nothing else. `asked` is what it was asked: words, audience, rule before."""

    def __init__(self) -> None:
        self.bands: dict[str, tuple[Sure, tuple[str, ...]]] = {}
        self.intents: dict[str, Intent] = {}
        self.asked: list[tuple[str, str, str | None]] = []

    def knows(self, question: str, *refs: str, sure: Sure = Sure.YES) -> None:
        """Let QUESTION find the rules REFS, as surely as SURE."""
        self.bands[question] = (sure, refs)

    def find(self, policy, question, audience, before=None) -> Answer:
        self.asked.append((question, audience, before))
        sure, refs = self.bands.get(question, (Sure.NO, ("1.a", "3.b", "8.a", "12.d")))
        right = {Sure.YES: 0.9, Sure.MAYBE: 0.5, Sure.NO: 0.1}[sure]
        return Answer(sure, tuple(Hit(policy.section(ref), 1.0) for ref in refs), right, right)

    def parts(self, policy, question, audience, before=None) -> tuple[Answer, ...]:
        asks = [ask.strip() + "?" for ask in question.split("?") if ask.strip()]
        return tuple(self.find(policy, ask, audience, before) for ask in (asks if len(asks) > 1 else [question]))

    def understand(self, text, flows, audience="") -> Intent:
        return self.intents.get(text, QUESTION)

    def put_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the bot ask this model; of danger only the patterns stay."""
        monkeypatch.setattr("knowledge.search.find", self.find)
        monkeypatch.setattr("knowledge.search.parts", self.parts)
        for handler in ("report", "policy", "help"):
            monkeypatch.setattr(f"bot.handlers.{handler}.understand", self.understand)
        monkeypatch.setattr("bot.conversation.readings", lambda text, audience: [])
        monkeypatch.setattr("knowledge.risk.danger.heard", lambda text, audience: Heard("none", possible=True, conceivable=True))
