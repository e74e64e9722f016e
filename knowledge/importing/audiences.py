"""Whom a section or a rule is for, as far as its words say."""

from __future__ import annotations

import re

EVERYBODY = frozenset({"staff", "parent", "pupil", "governor"})
_GROUPS = (
    (
        frozenset({"staff", "volunteer"}),
        re.compile(
            r"\b(?:staff|employees?|teachers?|teaching|adults|workers?|head ?teacher|dsl|slt|leaders?|senco)\b", re.IGNORECASE
        ),
    ),
    (frozenset({"volunteer"}), re.compile(r"\b(?:volunteers?|helpers?|pta|friends of)\b", re.IGNORECASE)),
    (frozenset({"parent"}), re.compile(r"\b(?:parents?|carers?|families|family|guardians?)\b", re.IGNORECASE)),
    (frozenset({"pupil", "parent"}), re.compile(r"\b(?:pupils?|students?|child|children|learners?)\b", re.IGNORECASE)),
    (frozenset({"governor"}), re.compile(r"\b(?:governors?|governing|trustees?|academy committee|lac|board)\b", re.IGNORECASE)),
)
_SUBJECT = 5  # words in which a rule says whom it binds


def of_heading(title: str, texts: list[str], around: frozenset[str]) -> frozenset[str]:
    """Whom a section is for: the groups its title names, else those around it, else everybody."""
    del texts
    return _named(title) or around or EVERYBODY


def of_rule(text: str, around: frozenset[str]) -> frozenset[str]:
    """Whom a rule binds, where its first words say so; a rule about staff is still for whoever the section is for to read."""
    return _named(" ".join(text.split()[:_SUBJECT])) or around


def _named(text: str) -> frozenset[str]:
    return frozenset().union(*(group for group, pattern in _GROUPS if pattern.search(text)))
