"""Finds the people a document names, with their phones and e-mail addresses, and puts their role in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from knowledge.importing.kinds import Block, Kind
from knowledge.importing.roles import ROLE, SOMEBODY, called

_TITLE = r"(?:Mr|Mrs|Miss|Ms|Mx|Dr|Rev|Revd|Reverend|Father|Fr|Sister|Canon|Cllr|Sir|Dame|Prof)\.?"
_PART = r"(?:(?:Mc|Mac|O['’]|D['’]|St\.? )?[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)*)"
_INITIALS = r"(?:[A-Z]\.?\s?){1,3}"
_TITLED = re.compile(rf"\b{_TITLE}\s+(?:{_INITIALS}\s?)?{_PART}(?:\s+{_PART})?\b")
_NAMED = re.compile(rf"\b{_PART}(?:\s+(?:[A-Z]\.?|{_PART})){{0,1}}\s+{_PART}\b")
_SIGNED = re.compile(rf"\b(?:{_PART}|{_INITIALS})\s*{_PART}(?:\s+{_PART})?\b")
_MAIL = re.compile(r"(?<![\w.+-])(?P<who>[\w.+-]{1,64})@(?P<where>[\w-]+(?:\.[\w-]+)+)")
_PHONE = re.compile(r"(?<![\d/.-])(?:\+44[\s-]?(?:\(0\)[\s-]?)?|\(?0)[127](?:[\s()-]{0,2}\d){8,9}(?![\d/])")
# Whoever signs, writes or owns a document stands behind one of these, or in a column that is headed so.
_FIELD = re.compile(
    r"\b(?:signed|signature|author|written by|prepared by|produced by|reviewed by|approved by|agreed by|ratified by|owner|lead|contact|name|named|"
    r"responsible|completed by|updated by|by|who|staff member|post ?holder|governor)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"^(?:office|admin|info|enquir\w*|reception|school|contact|mail|post|hello|bursar|secretary)\b", re.IGNORECASE)
_POST_MAIL = (
    (re.compile(r"^(?:dsl|safeguarding|cp|childprotection)", re.IGNORECASE), "the designated safeguarding lead"),
    (re.compile(r"^(?:chair|cog|governors?|clerk)", re.IGNORECASE), "the chair of governors"),
    (re.compile(r"^(?:head|principal|headteacher)", re.IGNORECASE), "the headteacher"),
)
# National services and authorities: their addresses belong to nobody, and people need them.
_PUBLIC = re.compile(r"(?:nspcc|childline|saferinternet|iwf|ceop|ico|samaritans|internetmatters|swgfl|barnardos|themix)\.|gov\.uk$|police\.uk$|nhs\.uk$", re.IGNORECASE)
_NEVER = frozenset(
    "the a an and or of to in on for with by this that all any our your their no not if when where who staff school primary junior infant infants academy "
    "college nursery trust federation governor governors governing body board committee local authority council county city head teacher headteacher deputy "
    "chair vice acting policy policies procedure code conduct social media online safety data protection child children pupil pupils parent parents carer "
    "carers class year key stage early years behaviour anti bullying acceptable use agreement safeguarding lead officer designated senior leadership team "
    "manager computing ict network internet mobile phone phones email facebook twitter instagram snapchat whatsapp tiktok youtube linkedin google microsoft "
    "january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday spring "
    "summer autumn winter term church england catholic roman christian st saint mr mrs miss ms equality act human rights keeping education department "
    "updated published reviewed approved format version date author name signed review next new first website road lane street avenue close drive way "
    "house court park hill view full business every everyone none n/a tbc uk british english wales scotland ireland north south east west great royal".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody, or how to reach them, and what stands there now."""

    kind: str  # name, phone, e-mail
    text: str = field(repr=False)
    role: str
    number: int  # the line


@dataclass(slots=True)
class _Person:
    """Somebody the document names: all the ways it writes the name, and what it calls the post."""

    surname: str
    forms: set[str] = field(default_factory=set)
    role: str = SOMEBODY


def replaced(blocks: list[Block], *, keep: bool) -> tuple[list[Block], tuple[Found, ...]]:
    """BLOCKS with roles in place of people, and who was found. Where KEEP says so everybody is found and nobody replaced."""
    people = _Register(blocks).people
    found: list[Found] = []
    changed = [_without(block, people, found) for block in blocks]
    return (blocks if keep else _posts_once(changed, {person.role for person in people.values()})), tuple(found)


def _posts_once(blocks: list[Block], roles: set[str]) -> list[Block]:
    """BLOCKS without a role that was put in place of a name on a line of its own, where the next line names the post anyway."""
    kept: list[Block] = []
    for place, block in enumerate(blocks):
        role = block.line.text.casefold()
        after = blocks[place + 1].line.text.casefold() if place + 1 < len(blocks) else ""
        if not (block.kind is Kind.FORM and role in roles and role.removeprefix("the ") in after):
            kept.append(block)
    return kept


class _Register:
    """Everybody a document names, by surname."""

    def __init__(self, blocks: list[Block]) -> None:
        self._lower = {word for block in blocks for word in re.findall(r"\b[a-z][a-z'’-]+\b", block.line.text)}
        self.people: dict[str, _Person] = {}
        heads: tuple[str, ...] = ()
        for place, block in enumerate(blocks):
            around = [blocks[near].line.text for near in (place + 1, place - 1) if 0 <= near < len(blocks) and blocks[near].kind is Kind.FORM]
            heads = _heads(block, heads)
            for name, role in self._in_block(block, heads):
                self._enter(name, role or (_role_in(around) if block.kind is Kind.FORM else ""))

    def _enter(self, name: str, role: str) -> None:
        surname = name.split()[-1].casefold()
        person = self.people.setdefault(surname, _Person(surname))
        person.forms.add(name)
        if role and person.role == SOMEBODY:
            person.role = called(role)

    def _in_block(self, block: Block, heads: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        text = block.line.text
        for found in _TITLED.finditer(text):
            name = self._shortened(found[0])
            yield name, _role_beside(text, found.start(), found.start() + len(name))
        for found in _NAMED.finditer(text):
            words = found[0].split()
            beside = _role_beside(text, found.start(), found.end(), near=True)
            bracketed = text[found.end() : found.end() + 2] == " (" or text[: found.start()].endswith("(")
            if self._nameable(words) and (words[0] in _given() or (beside and bracketed) or block.kind is Kind.FORM):
                yield found[0], beside or _role_beside(text, found.start(), found.end())
        if block.kind in {Kind.FORM, Kind.ROW}:
            yield from self._in_fields(block, heads)

    def _in_fields(self, block: Block, heads: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Names that only their place gives away: after “Signed:”, or in the column “Author”."""
        cells = block.line.cells if len(block.line.cells) == len(heads) else [cell for cell in block.line.cells if cell] or [block.line.text]
        for place, cell in enumerate(cells):
            key, colon, value = cell.partition(":")
            before = key if colon and value.strip() else cells[place - 1] if place else ""
            head = heads[place] if len(heads) == len(cells) else ""
            words = value if colon and value.strip() else cell
            post = next((ROLE.search(part) for part in (before, head) if ROLE.search(part)), None)
            if not (_FIELD.search(before) or _FIELD.search(head) or post):
                continue
            for found in _SIGNED.finditer(words):
                if self._nameable(found[0].split()):
                    after = cells[place + 1] if place + 1 < len(cells) else ""
                    role = ROLE.search(words[found.end() :]) or ROLE.search(after) or post
                    yield found[0], role[0] if role else ""

    def _nameable(self, words: list[str]) -> bool:
        """Whether WORDS can be somebody's name: none of them is a word that documents use."""
        plain = [word.strip(".").casefold() for word in words]
        surname = plain[-1]
        return len(surname) > 1 and surname not in self._lower and not any(word in _NEVER or (len(word) > 2 and word in self._lower) for word in plain)

    def _shortened(self, name: str) -> str:
        """A titled NAME without a word behind it that is none: “Mrs Smith Headteacher”."""
        words = name.split()
        while len(words) > 2 and (words[-1].casefold() in _NEVER or words[-1].casefold() in self._lower):
            words.pop()
        return " ".join(words)


@cache
def _given() -> frozenset[str]:
    text = (files("knowledge.importing") / "given_names.txt").read_text(encoding="utf-8")
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
    after = re.match(rf"\s*[,(|•–-]?\s*(?:(?:is|as|who is) )?(?:the |our )?({ROLE.pattern})", text[end:], re.IGNORECASE)
    if after:
        return after[1]
    before = re.search(rf"({ROLE.pattern})\s*[,(:|•–-]?\s*(?:is |named )?$", text[:start], re.IGNORECASE)
    if before:
        return before[1]
    if near:
        return ""
    sentence = text[max(text.rfind(".", 0, start) + 1, 0) : end + 120]
    found = re.search(rf"\b(?:is|as)(?: also)? (?:the |our )?({ROLE.pattern})", sentence, re.IGNORECASE)
    return found[1] if found else ""


def _without(block: Block, people: dict[str, _Person], found: list[Found]) -> Block:
    """BLOCK with roles in place of people; who was found is added to FOUND."""
    line = block.line
    if line.cells:
        cells = _once(tuple(_replaced(cell, people, found, line.number) for cell in line.cells), {person.role for person in people.values()})
        return Block(replace(line, text=" ".join(cell for cell in cells if cell), cells=cells), block.kind)
    text = _replaced(line.text, people, found, line.number)
    return Block(replace(line, text=text), block.kind) if text != line.text else block


def _once(cells: tuple[str, ...], roles: set[str]) -> tuple[str, ...]:
    """CELLS without the role that was put in place of a name where the next cell names the post anyway."""
    kept: list[str] = []
    for place, cell in enumerate(cells):
        others = " ".join((*cells[:place], *cells[place + 1 :])).casefold()
        key, colon, value = cell.rpartition(":")
        role = value.strip().casefold()
        kept.append(f"{key}{colon}".strip() if role in roles and role.removeprefix("the ").removeprefix("acting ") in others else cell)
    return tuple(kept)


def _replaced(text: str, people: dict[str, _Person], found: list[Found], number: int) -> str:
    def mail(one: re.Match[str]) -> str:
        if _PUBLIC.search(one["where"]):
            return one[0]
        role = _mailbox(one["who"], people)
        found.append(Found("e-mail", one[0], role, number))
        return f"[e-mail of {role}]"

    def phone(one: re.Match[str]) -> str:
        found.append(Found("phone", one[0], "the school office", number))
        return "[phone number of the school office]"

    text = _PHONE.sub(phone, _MAIL.sub(mail, text))
    for person in people.values():
        for form in sorted(person.forms | {f"{title} {person.surname.title()}" for title in ("Mr", "Mrs", "Miss", "Ms", "Dr")}, key=len, reverse=True):
            if form.casefold() in text.casefold():
                text = _unnamed(text, form, person.role, found, number)
    return text


def _mailbox(who: str, people: dict[str, _Person]) -> str:
    """Whose e-mail address it is."""
    if _OFFICE.match(who):
        return "the school office"
    owner = next((person for surname, person in people.items() if len(surname) > 2 and surname in who.casefold()), None)
    if owner is not None:
        return owner.role
    return next((role for pattern, role in _POST_MAIL if pattern.match(who)), SOMEBODY)


def _unnamed(text: str, name: str, role: str, found: list[Found], number: int) -> str:
    """TEXT with ROLE where NAME stood; where the post stands beside the name, the post alone is left."""
    shape = re.escape(name).replace(r"\ ", r"\s+")

    def noted(put: str) -> str:
        found.append(Found("name", name, role, number))
        return put

    post = rf"(?P<post>{ROLE.pattern})"
    rest = re.sub(rf"{post}\s*\(\s*{shape}\s*\)", lambda one: noted(one["post"]), text, flags=re.IGNORECASE)
    rest = re.sub(rf"\b{shape}\s*\(\s*(?:the |our )?{post}\s*\)", lambda one: noted(_begun(called(one["post"]), one.string, one.start())), rest, flags=re.IGNORECASE)
    rest = re.sub(rf"{post}\s*[,–-]\s*{shape}\b(?:,(?=\s\w))?(?!['’]s)", lambda one: noted(one["post"]), rest, flags=re.IGNORECASE)
    rest = re.sub(rf"\b{shape}\s*,\s*(?:the |our )?{post}\b(?:,(?=\s\w))?", lambda one: noted(_begun(called(one["post"]), one.string, one.start())), rest, flags=re.IGNORECASE)
    rest = re.sub(rf"{post}\s+{shape}\b(?!['’]s)", lambda one: noted(one["post"]), rest, flags=re.IGNORECASE)
    rest = re.sub(rf"\b{shape}\s+[|•–-]?\s*(?=(?:the |our )?{post}\b)", lambda one: noted(""), rest, flags=re.IGNORECASE)
    return re.sub(rf"(?:\b(?:the|our)\s+)?\b{shape}\b", lambda one: noted(_begun(role, one.string, one.start())), rest, flags=re.IGNORECASE)


def _begun(role: str, text: str, place: int) -> str:
    """ROLE with a capital where it begins a sentence."""
    before = text[:place].rstrip()
    return role[0].upper() + role[1:] if not before or before.endswith((".", "!", "?", "•")) else role
