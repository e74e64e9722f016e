"""The posts that school documents name, and how to speak of whoever holds one."""

from __future__ import annotations

import re

SOMEBODY = "a member of staff"
_BEFORE = r"(?:acting |interim |executive |associate |assistant |deputy |vice[- ]|co-|joint |lead |named |school )*"
_BOARD = r"(?:the )?(?:governors|governing body|trustees|directors|board|lac|local (?:academy|governing) (?:committee|board))"
_POSTS = (
    r"head ?teacher",
    r"head of (?:the )?(?:school|year|computing|ict)",
    r"principal",
    rf"chair(?:person|man|woman)? of {_BOARD}",
    r"chair(?:person)?",
    r"vice chair",
    r"designated safeguarding leads?",
    r"designated (?:senior )?(?:person|lead|officer|teacher)(?: for [a-z ]{3,30}?)?",
    r"d?dsl",
    r"safeguarding (?:lead|officer|governor|leader|manager|team)",
    r"child protection (?:officer|lead|person|co-?ordinator)",
    r"(?:e-?safety|online safety|e-?safeguarding) (?:officer|lead|leader|co-?ordinator|governor|manager)",
    r"(?:computing|ict|it|pshe|subject|curriculum) (?:lead teacher|lead|leader|co-?ordinator|manager|technician|teacher|support)",
    r"network manager",
    r"(?:school )?business (?:manager|leader)",
    r"office manager",
    r"data protection officer",
    r"dpo|senco|bursar|secretary|caretaker|ceo|director|lado",
    r"clerk(?: to (?:the )?governors)?",
    r"(?:class|form) teacher|teaching assistant|site manager|administrator|parish priest",
    r"governor|trustee",
    r"chief executive(?: officer)?",
    r"local authority designated officer",
    r"head",
)
ROLE = re.compile(rf"\b{_BEFORE}(?:{'|'.join(_POSTS)})\b", re.IGNORECASE)
_KEPT = re.compile(r"\b(?:DSL|DDSL|DPO|SENCO|LADO|CEO|ICT|IT|PSHE|LAC)\b", re.IGNORECASE)


def called(role: str) -> str:
    """How to speak of whoever holds ROLE: the headteacher, the DSL."""
    words = " ".join(role.split()).lower()
    return f"the {_KEPT.sub(lambda found: found[0].upper(), words)}"
