"""The posts that school documents name, and how to speak of whoever holds one."""

from __future__ import annotations

import re

SOMEBODY = "a member of staff"
_BEFORE = r"(?:acting |interim |executive |associate |assistant |deputy |vice[- ]|co-|joint |lead |named |school )*"
_POSTS = (
    r"head ?teacher|head of (?:school|year|computing|ict|the school)|principal|chair(?:person|man|woman)? of (?:the )?(?:governors|governing body|"
    r"trustees|directors|the board|the lac|the local (?:academy|governing) (?:committee|board))|chair(?:person)?|vice chair|designated safeguarding lead(?:s)?|"
    r"designated (?:senior )?(?:person|lead|officer|teacher)(?: for [a-z ]{3,30}?)?|dsl|ddsl|safeguarding (?:lead|officer|governor|leader|manager|team)|"
    r"child protection (?:officer|lead|person|co-?ordinator)|(?:e-?safety|online safety|e-?safeguarding) (?:officer|lead|leader|co-?ordinator|governor|manager)|"
    r"(?:computing|ict|it|pshe|subject|curriculum) (?:lead|leader|co-?ordinator|manager|technician|teacher|support|lead teacher)|network manager|"
    r"(?:school )?business (?:manager|leader)|office manager|data protection officer|dpo|senco|clerk(?: to (?:the )?governors)?|"
    r"(?:class|form) teacher|teaching assistant|site manager|caretaker|bursar|secretary|administrator|parish priest|governor|trustee|"
    r"ceo|chief executive(?: officer)?|director|local authority designated officer|lado|head"
)
ROLE = re.compile(rf"\b{_BEFORE}(?:{_POSTS})\b", re.IGNORECASE)
_KEPT = re.compile(r"\b(?:DSL|DDSL|DPO|SENCO|LADO|CEO|ICT|IT|PSHE|LAC)\b", re.IGNORECASE)


def called(role: str) -> str:
    """How to speak of whoever holds ROLE: the headteacher, the DSL."""
    words = " ".join(role.split()).lower()
    return f"the {_KEPT.sub(lambda found: found[0].upper(), words)}"
