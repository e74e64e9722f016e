"""Tells lists of names, which are one leaf, from lists of rules, where each item is one; and puts items below items."""

from __future__ import annotations

import re
from itertools import islice, takewhile

from knowledge.importing.document import Line

_MODAL = re.compile(r"\b(?:must|should|shall|will|may|can|cannot|never|always|not|don't|won't|is|are|has|have)\b")
_VERBS = """
    ensure report do don't avoid keep use be make take give tell ask inform contact respect follow never always check think post
    share set talk turn save block remember only no not any all
"""
_ORDER = re.compile(rf"(?:please )?(?:{'|'.join(_VERBS.split())}|\w{{3,}}ing)\b", re.IGNORECASE)
_NAMES = r"safeguarding|\S*bullying|training|computing|\S*blogging|\S*networking|messaging|online|gaming|\S*sharing"
_NO_ORDER = re.compile(rf"(?:{_NAMES})\b", re.IGNORECASE)
_LONGEST_ITEM, _MEAN, _WHOLE = 18, 9, 120  # words


# A lead-in that makes a rule of each item, however short: “Parents must not:”, “We ask families to:”.
_FORBIDS = r"\b(?:must|shall|should|may|will|can|do)\s+(?:not|never)\b|\bcannot\b|\b(?:don|won|can)['’]t\b|\bnot to\b"
_FOR_NOBODY = r"^(?:no|nobody|never)\b"
_ASKS = r"\b(?:ask|asked|asks|expect|expected|required|advised)\b.*\bto\W*$"
_OPEN = r"\b(?:must|shall|should|may|will|please|never|always|not)\W*$"
_BINDING = re.compile(rf"{_FORBIDS}|{_FOR_NOBODY}|{_ASKS}|{_OPEN}", re.IGNORECASE)


def is_short(lines: list[Line], lead: str = "") -> bool:
    """Whether LINES, below LEAD, are names, or things too short to be quoted alone: laws, other policies, apps."""
    if len(lines) < 2:
        return False
    counts = [len(line.text.split()) for line in lines]
    if max(counts) <= 3:
        return True
    if _BINDING.search(lead):
        return False
    if max(counts) > _LONGEST_ITEM or sum(counts) > _WHOLE or sum(counts) / len(counts) > _MEAN:
        return False
    return sum(_binds(line.text) for line in lines) <= 0.25 * len(lines)


def _binds(text: str) -> bool:
    """Whether an item says what to do, and is not only the name of something."""
    return bool(_MODAL.search(text) or (_ORDER.match(text) and not _NO_ORDER.match(text) and len(text.split()) > 3))


def nested(lines: list[Line]) -> list[tuple[Line, list[Line]]]:
    """The items of a list, each with the items below it."""
    found: list[tuple[Line, list[Line]]] = []
    place = 0
    first = min(line.indent for line in lines) if lines else 0
    while place < len(lines):
        own = lines[place]
        deeper = list(takewhile(lambda line, own=own: line.indent > own.indent, islice(lines, place + 1, None)))  # type: ignore[misc]
        # Extraction puts the first item of a flat list further left than the rest; then nothing is below anything.
        if len(lines) > 2 and place == 0 and len(deeper) == len(lines) - 1 and own.indent == first and not own.text.endswith(":"):
            return [(line, []) for line in lines]
        found.append((own, deeper))
        place += 1 + len(deeper)
    return found


def run_on(lines: list[Line]) -> str:
    """LINES as one text, each item behind its bullet or the letter that was printed."""
    return " ".join(f"({line.label}) {line.text}" if line.label else f"• {line.text}" for line in lines)
