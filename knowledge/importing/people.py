"""Finds the people whom a document names, and what it calls their post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from knowledge.importing.kinds import Block, Kind
from knowledge.importing.roles import ROLE, SOMEBODY, called

_TITLE = r"(?:Mr|Mrs|Miss|Ms|Mx|Dr|Rev|Revd|Reverend|Father|Fr|Sister|Canon|Cllr|Sir|Dame|Prof)\.?"
_PART = r"(?:(?:Mc|Mac|O['’]|D['’]|St\.? )?[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)*)"
_LOUD = r"[A-Z]{2,}(?:[-'’][A-Z]+)*"
_INITIALS = r"(?:[A-Z]\.?\s?){1,3}"
_TITLED = re.compile(rf"\b(?i:{_TITLE})\s+(?:{_INITIALS}\s?)?(?:{_PART}(?:\s+{_PART})?|{_LOUD}(?:\s+{_LOUD})?)\b")
_NAMED = re.compile(rf"\b(?:{_PART}(?:\s+(?:[A-Z]\.?|{_PART}))?\s+{_PART}|{_LOUD}\s+{_LOUD})\b")
_SIGNED = re.compile(rf"\b(?:{_PART}|{_INITIALS})\s*{_PART}(?:\s+{_PART})?\b")
# Whoever signs, writes or owns a document stands behind one of these, or in a column that is headed so.
_FIELD = re.compile(
    r"\b(?:signed|signature|author|written by|prepared by|produced by|reviewed by|approved by|agreed by|ratified by|owner|lead|"
    r"contact|name|named|responsible|completed by|updated by|by|who|staff member|post ?holder|governor)\b",
    re.IGNORECASE,
)
_PLACES = """
    School Academy College Nursery Foundation Trust House Hall Street Road Lane Avenue Close Centre Hospital Institute
    Society Federation Report Act Award Ltd Church Policy Policies Procedure Procedures Guide Guidelines Agreement Handbook Charter
"""
PLACE = re.compile(rf"(?:{'|'.join(_PLACES.split())})\b")
# The words that stand between the name of a school and what it is: “Robin Hill C of E Primary School”, in any type.
_KINDS = """
    primary infants? juniors? nursery first middle special and c of e england church roman catholic rc ce methodist jewish muslim
    community village foundation voluntary aided controlled free
"""
_TEACHES = re.compile(
    rf"(?:\s+(?:{'|'.join(_KINDS.split())})\b)*\s+(?:schools?|academy|academies|nursery|federation|trust)\b"
    r"(?!\s+(?:business|office|secretary|administrator|manager|nurse|council|lead|leader|director|governor|board|improvement)\b)",
    re.IGNORECASE,
)
_REACH = 80  # signs between a name and the post beside it
_MOST = 300  # people in one document


@dataclass(slots=True)
class Person:
    """Somebody the document names: all the ways it writes the name, and what it calls the post."""

    surname: str
    forms: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)  # its parts, where they mean nobody else
    role: str = SOMEBODY


class Register:
    """Everybody a document names, by surname."""

    def __init__(self, blocks: list[Block]) -> None:
        self._lower = {word for block in blocks for word in re.findall(r"\b[a-z][a-z'’-]+\b", block.line.text)}
        self._schools = {found[0].casefold() for block in blocks for found in _schools_in(block.line.text)}
        self.people: dict[str, Person] = {}
        heads: tuple[str, ...] = ()
        for place, block in enumerate(blocks):
            around = [
                blocks[near].line.text
                for near in (place + 1, place - 1)
                if 0 <= near < len(blocks) and blocks[near].kind is Kind.FORM
            ]
            heads = _heads(block, heads)
            for name, role in self._in_block(block, heads):
                self._enter(name, role or (_role_in(around) if block.kind is Kind.FORM else ""))

    def _enter(self, name: str, role: str) -> None:
        surname = name.rsplit(maxsplit=1)[-1].casefold()
        if surname not in self.people and len(self.people) >= _MOST:
            return  # a telephone book is no policy; nobody is left out of one
        person = self.people.setdefault(surname, Person(surname))
        *_, first, last = name.split()
        person.forms.update({name, *(f"{title} {last}" for title in ("Mr", "Mrs", "Miss", "Ms", "Dr", f"{first[0]}.", first[0]))})
        # A first name or a surname alone is that person's too, unless the document has it as an ordinary word.
        person.alone.update(word for word in (first, last) if len(word) > 2 and word in _given() | {last} and self._is_rare(word))
        if role and person.role == SOMEBODY:
            person.role = called(role)

    def _in_block(self, block: Block, heads: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        text = block.line.text
        for found in _TITLED.finditer(text):
            if _is_place(found, text):
                continue
            name = self._shortened(found[0])
            yield name, _role_beside(text, found.start(), found.start() + len(name))
        for found in _NAMED.finditer(text):
            words = found[0].split()
            if _is_place(found, text) or found[0].casefold() in self._schools:
                continue
            beside = _role_beside(text, found.start(), found.end(), near=True)
            bracketed = text[found.end() : found.end() + 2] == " (" or text[: found.start()].endswith("(")
            if self._nameable(words) and (words[0].title() in _given() or (beside and bracketed) or block.kind is Kind.FORM):
                yield found[0], beside or _role_beside(text, found.start(), found.end())
        if block.kind in {Kind.FORM, Kind.ROW}:
            yield from self._in_fields(block, heads)

    def _in_fields(self, block: Block, heads: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Names that only their place gives away: after “Signed:”, or in the column “Author”."""
        cells = (
            block.line.cells
            if heads and len(block.line.cells) == len(heads)
            else [cell for cell in block.line.cells if cell] or [block.line.text]
        )
        for place, cell in enumerate(cells):
            key, colon, value = cell.partition(":")
            before = key if colon and value.strip() else cells[place - 1] if place else ""
            head = heads[place] if len(heads) == len(cells) else ""
            words = value if colon and value.strip() else cell
            post = next((ROLE.search(part) for part in (before, head) if ROLE.search(part)), None)
            if not (_FIELD.search(before) or _FIELD.search(head) or post):
                continue
            for found in _SIGNED.finditer(words):
                place_name = _is_place(found, words) or found[0].casefold() in self._schools
                if self._nameable(found[0].split()) and not place_name:
                    after = cells[place + 1] if place + 1 < len(cells) else ""
                    role = ROLE.search(words[found.end() :]) or ROLE.search(after) or post
                    yield found[0], role[0] if role else ""

    def _is_rare(self, word: str) -> bool:
        return word.casefold() not in _never() and word.casefold() not in self._lower

    def _nameable(self, words: list[str]) -> bool:
        """Whether WORDS can be somebody's name: none of them is a word that documents use."""
        plain = [word.strip(".").casefold() for word in words]
        surname = plain[-1]
        return (
            len(surname) > 1
            and surname not in self._lower
            and not any(word in _never() or (len(word) > 2 and word in self._lower) for word in plain)
        )

    def _shortened(self, name: str) -> str:
        """A titled NAME without a word behind it that is none: “Mrs Smith Headteacher”."""
        words = name.split()
        while len(words) > 2 and (words[-1].casefold() in _never() or words[-1].casefold() in self._lower):
            words.pop()
        return " ".join(words)


@cache
def _given() -> frozenset[str]:
    return _listed("given_names.txt")


@cache
def _never() -> frozenset[str]:
    return _listed("not_names.txt")


def _listed(file: str) -> frozenset[str]:
    text = (files("knowledge.importing") / file).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _heads(block: Block, before: tuple[str, ...]) -> tuple[str, ...]:
    """The heads of the columns that BLOCK stands in."""
    if block.kind is not Kind.ROW:
        return ()
    cells = block.line.cells
    is_head = len([cell for cell in cells if cell]) > 2 and not any(re.search(r"\d", cell) for cell in cells)
    return cells if is_head else before


def _role_in(texts: list[str]) -> str:
    return next((found[0] for text in texts if (found := ROLE.search(text))), "")


def _role_beside(text: str, start: int, end: int, *, near: bool = False) -> str:
    """The post that TEXT gives the name from START to END: beside it, or in the words that say who somebody is."""
    after = re.match(
        rf"\s*[,(|•–-]?\s*(?:(?:is|as|who is) )?(?:the school['’]s |our school['’]s |the |our )?({ROLE.pattern})",
        text[end : end + _REACH],
        re.IGNORECASE,
    )
    if after:
        return after[1]
    before = re.search(rf"({ROLE.pattern})\s*[,(:|•–-]?\s*(?:is |named )?$", text[max(0, start - _REACH) : start], re.IGNORECASE)
    if before:
        return before[1]
    if near:
        return ""
    sentence = text[max(text.rfind(".", 0, start) + 1, start - 2 * _REACH, 0) : end + 2 * _REACH]
    found = re.search(rf"\b(?:is|as)(?: also)? (?:the |our )?({ROLE.pattern})", sentence, re.IGNORECASE)
    return found[1] if found else ""


def _schools_in(text: str) -> Iterator[re.Match[str]]:
    """What looks like a name in TEXT and is that of a school; it is one wherever else it stands."""
    return (found for found in _NAMED.finditer(text) if _TEACHES.match(text[found.end() :]))


def _is_place(found: re.Match[str], text: str) -> bool:
    """Whether what looks like a name is that of a school, a street or a charity."""
    return PLACE.match(found[0].rsplit(maxsplit=1)[-1]) is not None or PLACE.match(text[found.end() :].lstrip()) is not None
