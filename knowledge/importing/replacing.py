"""Puts the role of people in the place of their names, phone numbers and e-mail addresses, and says whom it found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from knowledge.importing.kinds import Block, Kind
from knowledge.importing.people import PLACE, Person, Register
from knowledge.importing.roles import ROLE, SOMEBODY, called

_MAIL = re.compile(r"(?<![\w.+-])(?P<who>[\w.+-]{1,64})@(?P<where>[\w-]+(?:\.[\w-]+)+)")
_PHONE = re.compile(r"(?<![\d/.-])(?:\+44[\s-]?(?:\(0\)[\s-]?)?|\(?0)[127](?:[\s()-]{0,2}\d){8,9}(?![\d/])")
_OFFICE = re.compile(r"^(?:office|admin|info|enquir\w*|reception|school|contact|mail|post|hello|bursar|secretary)\b", re.IGNORECASE)
_POST_MAIL = (
    (re.compile(r"^(?:dsl|safeguarding|cp|childprotection)", re.IGNORECASE), "the designated safeguarding lead"),
    (re.compile(r"^(?:chair|cog|governors?|clerk)", re.IGNORECASE), "the chair of governors"),
    (re.compile(r"^(?:head|principal|headteacher)", re.IGNORECASE), "the headteacher"),
)
# National services and authorities: their addresses belong to nobody, and people need them.
_PUBLIC = re.compile(
    r"(?:nspcc|childline|saferinternet|iwf|ceop|ico|samaritans|internetmatters|swgfl|barnardos|themix)\.|gov\.uk$|police\.uk$|nhs\.uk$",
    re.IGNORECASE,
)
_HOLE = "\ue000"  # stands for a name while it is taken out; cleaned text never holds it
_POST = rf"(?P<post>{ROLE.pattern})"
_THE = r"(?:the |our )?"
_POST_THEN_HOLE = re.compile(
    rf"{_POST}(?:\s*\(\s*{_HOLE}\s*\)|\s*[,–-]\s*{_HOLE}(?:,(?=\s\w))?(?!['’]s)|\s+{_HOLE}(?!['’]s))", re.IGNORECASE
)
_HOLE_THEN_POST = re.compile(
    rf"{_HOLE}(?:\s*\(\s*{_THE}{_POST}\s*\)|\s*,\s*{_THE}(?P<other>{ROLE.pattern})(?:,(?=\s\w))?)", re.IGNORECASE
)
_HOLE_BEFORE_POST = re.compile(rf"{_HOLE}\s+[|•–-]?\s*(?={_THE}{ROLE.pattern})", re.IGNORECASE)
_WHO_IS = re.compile(
    rf"{_HOLE}\s+is(?: also)? {_THE}{_POST}|(?P<other>{ROLE.pattern})(?: \(\w+\))?\s+is\s+(?:currently )?{_HOLE}", re.IGNORECASE
)
_ANY_HOLE = re.compile(rf"(?:\b(?:the|our)\s+)?{_HOLE}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody, or how to reach them, and what stands there now."""

    kind: str  # name, phone, e-mail
    text: str = field(repr=False)
    role: str
    number: int  # the line


def replaced(blocks: list[Block], *, keep: bool) -> tuple[list[Block], tuple[Found, ...]]:
    """BLOCKS with roles in place of people, and who was found. Where KEEP says so everybody is found and nobody replaced."""
    people = Register(blocks).people
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


def _without(block: Block, people: dict[str, Person], found: list[Found]) -> Block:
    """BLOCK with roles in place of people; who was found is added to FOUND."""
    line = block.line
    if line.cells:
        cells = _once(
            tuple(_replaced(cell, people, found, line.number) for cell in line.cells), {person.role for person in people.values()}
        )
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
        kept.append(
            f"{key}{colon}".strip() if role in roles and role.removeprefix("the ").removeprefix("acting ") in others else cell
        )
    return tuple(kept)


def _replaced(text: str, people: dict[str, Person], found: list[Found], number: int) -> str:
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
    words = {re.sub(r"['’]s$", "", word) for word in re.findall(r"[\w'’-]+", text.casefold())}
    for person in [one for one in people.values() if one.surname in words or not words.isdisjoint(map(str.casefold, one.alone))]:
        for form in (*sorted(person.forms, key=len, reverse=True), *sorted(person.alone)):
            text, count = _shape(form, form in person.alone).subn(_HOLE, text)
            found += [Found("name", form, person.role, number)] * count
        text = _filled(text, person.role)
    return text


@lru_cache(maxsize=4096)
def _shape(name: str, as_written: bool) -> re.Pattern[str]:  # noqa: FBT001 - a key of the cache
    """NAME however it is spaced, and in capitals or not unless AS_WRITTEN."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)(?!\s+{PLACE.pattern})", re.NOFLAG if as_written else re.IGNORECASE)


def _mailbox(who: str, people: dict[str, Person]) -> str:
    """Whose e-mail address it is."""
    if _OFFICE.match(who):
        return "the school office"
    owner = next(
        (one for one in people.values() if any(len(part) > 2 and part in who.casefold() for part in one.surname.split("-"))), None
    )
    if owner is not None:
        return owner.role
    return next((role for pattern, role in _POST_MAIL if pattern.match(who)), SOMEBODY)


def _filled(text: str, role: str) -> str:
    """TEXT with ROLE in the holes where a name stood; where the post stands beside the hole, the post alone is left."""

    def post(one: re.Match[str]) -> str:
        return _begun(called(one["post"] or one["other"]), one.string, one.start())

    def who(one: re.Match[str]) -> str:
        # “The headteacher is the headteacher” tells nobody anything.
        put = SOMEBODY if called(one["post"] or one["other"]) == role else role
        return one[0].replace(_HOLE, _begun(put, one.string, one.start() + one[0].index(_HOLE)))

    text = _POST_THEN_HOLE.sub(lambda one: one["post"], text)
    text = _HOLE_THEN_POST.sub(post, text)
    text = _HOLE_BEFORE_POST.sub("", text)
    text = _WHO_IS.sub(who, text)
    return _ANY_HOLE.sub(lambda one: _begun(role, one.string, one.start()), text)


def _begun(role: str, text: str, place: int) -> str:
    """ROLE with a capital where it begins a sentence."""
    before = text[:place].rstrip()
    return role[0].upper() + role[1:] if not before or before.endswith((".", "!", "?", "•")) else role
