"""Tells headings from short sentences: by what the format says, by numbers, by bold type, and by how they stand."""

from __future__ import annotations

import re

from knowledge.importing.contents import title_key
from knowledge.importing.document import Line
from knowledge.importing.fields import CONTACT, DATE, FIELD
from knowledge.importing.joins import ENDS
from knowledge.importing.marks import shape

_SAYS = re.compile(
    r"\b(?:must|should|shall|will|may not|can|cannot|can't|is|are|was|were|has|have|do not|don't|never|agree|understand)\b",
    re.IGNORECASE,
)
_SMALL_WORDS = "a an and as at by for from in into is of off on or our the to up via with your their its it vs be not under this"
_SMALL = frozenset(_SMALL_WORDS.split())
# What is no whole sentence however much it says: “If it has happened”, “Why this page was written”.
_BRANCH = re.compile(r"(?:if|when|where|why|what|who|whom|how|which)\b", re.IGNORECASE)
_SERIES = re.compile(
    r"(?:procedure|protocol|topic|unit|module|scenario|situation|area|rule|principle|standard|promise)\s+(?:\d{1,2}|[A-Z])\b",
    re.IGNORECASE,
)
# A title that turns round what stands below it.
TURNS = re.compile(
    r"(?:\b(?:must|shall|should|will|do|may|can) not|\bcannot|\bnever|n['’]ts?"
    r"|\b(?:not allowed|not permitted|forbidden|prohibited|banned))\W*$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST_MARKED, _LONGEST, _LONGEST_BOLD, _LONGEST_NUMBERED, _LONGEST_PLAIN, _LONGEST_ENDED = 25, 15, 12, 10, 9, 3  # words


def is_heading(lines: list[Line], place: int, titles: frozenset[str]) -> bool:
    """Whether the line at PLACE is a heading; TITLES are those of the table of contents. The surest signs come first."""
    line = lines[place]
    declared = _declared(line)
    if declared is not None:
        return declared
    if _cannot(line):
        return False
    if title_key(line.text) in titles and not line.bullet:
        return True
    if line.text[0].islower() or line.bullet or place + 1 == len(lines):
        return False
    return _numbered(line) if line.label else _unnumbered(lines, place)


def _declared(line: Line) -> bool | None:
    """What the document itself says: a style, the sign of a heading, or “Appendix”. None where it says nothing."""
    count = len(line.text.split())
    if line.level:
        return count <= _LONGEST_MARKED and not (count > _LONGEST_BOLD and line.text.endswith("."))
    if " " in line.label and count <= _LONGEST_BOLD:
        return not line.text.endswith((".", ";", ",")) or count <= 6
    return None


def _cannot(line: Line) -> bool:
    text = line.text
    long = len(text.split()) > _LONGEST
    return long or not text or text.endswith((".", ";", ",")) or bool(CONTACT.search(text) or DATE.match(text))


def _numbered(line: Line) -> bool:
    """Whether a short numbered line without a full stop is a heading and not a rule."""
    if shape(line.label) in {"a", "i"} or line.text.endswith(":") or len(line.text.split()) > _LONGEST_NUMBERED:
        return False
    return not _SAYS.search(line.text) or _capitals(line.text) or is_titled(line.text) or line.text.endswith("?")


def can_head(line: Line) -> bool:
    """Whether a numbered line can be a heading at all, although it reads like a sentence."""
    text, count = line.text, len(line.text.split())
    ended = text.endswith((";", ",", ":")) or (text.endswith(".") and count > _LONGEST_ENDED)
    return count <= _LONGEST and not ended and not text[:1].islower() and shape(line.label) not in {"a", "i"}


def _unnumbered(lines: list[Line], place: int) -> bool:
    """Whether a short line without any number is a heading."""
    line, after = lines[place], lines[place + 1]
    text, count = line.text, len(line.text.split())
    if FIELD.match(text):
        return False
    if text.endswith(":"):
        opens_list = after.bullet or bool(after.label)
        return count <= 6 and not opens_list and len(after.text.split()) > 6 and (line.strong or (line.gap and is_titled(text)))
    if text.endswith("?"):
        return is_body(after)
    if line.strong:
        return count <= _LONGEST_BOLD and not after.cells
    return _plain(lines, place)


def _plain(lines: list[Line], place: int) -> bool:
    """Whether a short line that nothing marks is a heading: by its words, and by how it stands."""
    line, after = lines[place], lines[place + 1]
    text = line.text
    outside = _BRACKETS.sub("", text).strip()
    apart = line.gap and (after.gap or not after.bullet)
    one_of_many = _SERIES.match(outside) and not _SERIES.match(after.text)
    if apart and (_BRANCH.match(outside) or one_of_many or TURNS.search(outside)) and "," not in outside:
        return len(text.split()) <= _LONGEST
    if not outside or len(outside.split()) > _LONGEST_PLAIN or not _alone(lines, place):
        return False
    stands = is_body(after) or (line.gap and after.gap)
    return _capitals(text) or is_titled(text) or (stands and not _SAYS.search(outside))


def _alone(lines: list[Line], place: int) -> bool:
    """Whether the line does not stand among others of its kind: lines of an address, names in a list, a title over two lines."""
    line, after = lines[place], lines[place + 1]
    before = lines[place - 1] if place else None
    if is_bare(after) and not after.gap:
        # Two lines may be one title; three are a list.
        third = lines[place + 2] if place + 2 < len(lines) else None
        return line.gap and third is not None and not (is_bare(third) and not third.gap) and is_body(third)
    if before is not None and not line.gap and is_bare(before) and not is_body(after):
        return False
    return line.gap or is_body(after)


def is_bare(line: Line) -> bool:
    """A short line without an end: it may be a title, and it may be an item."""
    marked = line.bullet or bool(line.label) or bool(line.cells)
    return not marked and len(line.text.split()) <= _LONGEST_PLAIN and not line.text.endswith(ENDS)


def is_body(line: Line) -> bool:
    """Whether LINE can be what stands under a heading."""
    marked = line.bullet or bool(line.label) or bool(line.cells)
    return marked or len(line.text.split()) > _LONGEST_PLAIN or line.text.endswith(ENDS)


def _capitals(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 4 and sum(sign.isupper() for sign in letters) >= 0.7 * len(letters)


def is_titled(text: str) -> bool:
    """Whether nearly every word that carries meaning begins with a capital, as in titles."""
    words = [word for word in re.findall(r"[A-Za-z][\w’'-]*", text) if word.lower() not in _SMALL]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.6 * len(words) and words[0][0].isupper()
