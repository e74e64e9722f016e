"""How questions and rules are written down for the encoder: who asks in front of what, and a rule under its headings."""

from __future__ import annotations

import hashlib

from knowledge.policy import Section

_HEARD_AS = {"staff": "staff", "volunteer": "staff", "governor": "staff", "pupil": "pupil", "parent": "parent"}


def asked_by(audience: str, text: str) -> str:
    """TEXT as somebody of AUDIENCE says it: "I" is another person for a teacher than for a mother."""
    known = _HEARD_AS.get(audience)
    return f"{known}: {text}" if known else text


def rule_words(rule: Section) -> str:
    """RULE with what stands above it, since a bullet alone seldom says whom it binds."""
    above = [title for title in rule.path[-2:] if title and title != rule.title]
    return ". ".join([*above, *([rule.title] if rule.title else [])]) + ": " + rule.text


def mark(text: str) -> int:
    """A number that only this TEXT has: by it a vector that was made of it long ago is found again."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
