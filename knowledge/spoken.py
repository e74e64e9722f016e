"""How questions and rules are written down for the encoder: who asks in front of what, and a rule under its headings."""

from __future__ import annotations

import hashlib

from knowledge.policy import Section

_HEARD_AS = {"staff": "staff", "volunteer": "staff", "governor": "staff", "pupil": "pupil", "parent": "parent"}


def asked_by(audience: str, text: str) -> str:
    """TEXT as somebody of AUDIENCE says it: "I" is another person for a teacher than for a mother."""
    known = _HEARD_AS.get(audience)
    return f"{known}: {text}" if known else text


def heading(rule: Section) -> str:
    """RULE's title; nothing where that is only how its text begins, as an import makes one for a rule that has none."""
    number, _, rest = rule.title.partition(" ")
    said = (rest if rest and any(sign.isdigit() for sign in number) else rule.title).casefold()
    text = rule.text.casefold()
    begins = text.startswith(said.rstrip(" …")) if said.endswith("…") else text.rstrip(" .;") == said.rstrip(" .;")
    return "" if begins else rule.title


def above(rule: Section) -> str:
    """The title of what RULE stands under."""
    return ". ".join(title for title in rule.path[-2:] if title and title != rule.title)


def rule_words(rule: Section) -> str:
    """RULE with what stands above it and what it hangs on, since a bullet alone seldom says whom it binds, or that it forbids."""
    heads = ". ".join(title for title in (above(rule), heading(rule)) if title)
    says = f"{rule.lead} {rule.text}" if rule.lead else rule.text
    return f"{heads}: {says}"


def mark(text: str) -> int:
    """A number that only this TEXT has: by it a vector that was made of it long ago is found again."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
