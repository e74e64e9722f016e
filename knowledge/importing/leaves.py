"""Turns what stands below a heading into leaves: one rule each, with the lead-in that says whom it binds; short lists whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import takewhile

from knowledge.importing.document import Line
from knowledge.importing.kinds import Block, Kind
from knowledge.importing.tables import rows

_SENTENCE = re.compile(r"(?<=[.!?])[”\"’)]?\s+(?=[A-Z“\"‘'(])")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|vs|cf|p|para|approx|Rev|Prof)\.|\b[A-Z]\.)$")
# What makes an item of a list a rule of its own and not one name among others.
_BINDS = re.compile(
    r"\b(?:must|should|shall|will|may|can|cannot|not|never|no|always|ensure|report|do|don't|avoid|keep|use|be|is|are|has|have|make|take|give|tell|ask|"
    r"inform|contact|respect|follow|\w{3,}ing)\b",
    re.IGNORECASE,
)
_SHORT, _SHORT_WHOLE = 9, 60  # words of an item, of the list
_LONG = 130  # words of a paragraph that is more than one rule
_GOOD = 60  # words that its parts should have


@dataclass(frozen=True, slots=True)
class Leaf:
    """One rule, or one fact about the document."""

    text: str = field(repr=False)
    number: int  # the line it begins on
    label: str = ""
    lead: str = field(default="", repr=False)
    title: str = field(default="", repr=False)
    fact: bool = False


def leaves(blocks: list[Block]) -> list[Leaf]:
    """The leaves of BLOCKS, in order."""
    found: list[Leaf] = []
    place, lead, label = 0, "", ""
    while place < len(blocks):
        block = blocks[place]
        line = block.line
        rest = blocks[place + 1 :]
        if block.kind is Kind.ROW:
            run = _run(blocks, place, Kind.ROW)
            found += [
                Leaf(text, number, lead=head or lead, title=title, fact=fact)
                for text, number, head, title, fact in rows([one.line for one in run])
            ]
            place += len(run)
            continue
        if block.kind is Kind.FORM:
            run = _run(blocks, place, Kind.FORM)
            found.append(_form(run))
            place += len(run)
            continue
        if block.kind is Kind.BULLET:
            run = _run(blocks, place, Kind.BULLET)
            found += _bullets([one.line for one in run], lead, label)
            place += len(run)
            continue
        if block.kind is Kind.RULE:
            above = lead if line.label and not line.label[0].isdigit() else ""
            if not above:
                label = ""
            if _opens(block, rest):
                run = _items(blocks, place + 1)
                own, lead, label = _split_lead(line), _last_sentence(line.text), _below(label, line.label)
                if own:
                    found.append(Leaf(own, line.number, label, above))
                if _is_short([one.line for one in run]):
                    found.append(Leaf(_listed(lead, run), line.number, label, above))
                    place += len(run)
                    lead, label = "", ""
                place += 1
                continue
            text, used = _with_body(line, rest)
            found.append(Leaf(text, line.number, _below(label, line.label), above))
            place += 1 + used
            continue
        if _opens(block, rest):
            if own := _split_lead(line):
                found += _paragraph(replace(line, text=own))
            lead, label = _last_sentence(line.text), ""
            if len(takeable := _items(blocks, place + 1)) and _is_short([one.line for one in takeable]):
                found.append(Leaf(_listed("", takeable), takeable[0].line.number, lead=lead))
                place += len(takeable)
                lead = ""
            place += 1
            continue
        lead, label = "", ""
        found += _paragraph(line)
        place += 1
    return found


def _run(blocks: list[Block], start: int, kind: Kind) -> list[Block]:
    return list(takewhile(lambda block: block.kind is kind, blocks[start:]))


def _items(blocks: list[Block], start: int) -> list[Block]:
    """The items of the list that begins at START: bullets, or numbered lines of one kind."""
    if start < len(blocks) and blocks[start].kind is Kind.BULLET:
        return _run(blocks, start, Kind.BULLET)
    return list(takewhile(lambda block: block.kind is Kind.RULE and not block.line.label[0].isdigit(), blocks[start:]))


def _opens(block: Block, rest: list[Block]) -> bool:
    """Whether BLOCK is what the items after it hang on."""
    if not rest or rest[0].kind not in {Kind.BULLET, Kind.RULE}:
        return False
    if rest[0].kind is Kind.RULE and block.kind is Kind.RULE and rest[0].line.label[0].isdigit() and "." not in block.line.label:
        return block.line.text.endswith(":")
    return block.line.text.endswith((":", ":-", "…", " –", " -")) or (rest[0].kind is Kind.BULLET and _hangs(block.line.text))


def _hangs(text: str) -> bool:
    """A lead-in that has lost its colon: “Staff must” stands before its items without any end."""
    return not text.endswith((".", "!", "?", ";")) and len(text.split()) >= 2


def _below(label: str, own: str) -> str:
    """The label of an item below LABEL: (a) below 4.2 is 4.2.a."""
    return f"{label}.{own}" if label and not own.startswith(f"{label}.") else own


def _with_body(line: Line, rest: list[Block]) -> tuple[str, int]:
    """A short numbered sentence with the paragraph that stands right under it, which explains it."""
    if (
        len(line.text.split()) <= 20
        and rest
        and rest[0].kind is Kind.TEXT
        and not rest[0].line.gap
        and not rest[0].line.text.endswith(":")
    ):
        return f"{line.text} {rest[0].line.text}", 1
    return line.text, 0


def _bullets(lines: list[Line], lead: str, label: str) -> list[Leaf]:
    """A list: one leaf where its items are names, one leaf an item where they are rules. Items below an item follow it."""
    if _is_short(lines):
        return [Leaf(" • ".join(line.text for line in lines), lines[0].number, label, lead)]
    found: list[Leaf] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        below = list(takewhile(lambda one, own=line: one.indent > own.indent, lines[place + 1 :]))  # type: ignore[misc]  # bound at once
        if below:
            found.append(Leaf(" • ".join([line.text, *(one.text for one in below)]), line.number, "", lead))
        else:
            found.append(Leaf(line.text, line.number, "", lead))
        place += 1 + len(below)
    return [replace(leaf, label=f"{label}.{_letter(number)}") if label else leaf for number, leaf in enumerate(found)]


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else _letter(number // 26 - 1) + _letter(number % 26)


def _is_short(lines: list[Line]) -> bool:
    """Whether LINES are a list of names, or of things too short to be quoted alone."""
    if len(lines) < 2:
        return False
    counts = [len(line.text.split()) for line in lines]
    if max(counts) <= 3:
        return True
    binding = sum(1 for line in lines if _BINDS.search(line.text))
    return (
        max(counts) <= 2 * _SHORT
        and sum(counts) <= _SHORT_WHOLE * 2
        and sum(counts) / len(counts) <= _SHORT
        and binding <= 0.25 * len(lines)
    )


def _listed(lead: str, items: list[Block]) -> str:
    """A short list as one text; letters that were printed stay."""
    words = [f"({block.line.label}) {block.line.text}" if block.line.label else f"• {block.line.text}" for block in items]
    return " ".join([lead, *words]) if lead else " ".join(words).removeprefix("• ")


def _form(run: list[Block]) -> Leaf:
    """Lines of a form or an address, as one fact."""
    text = " • ".join(block.line.text for block in run)
    key, colon, value = text.partition(":")
    if len(run) == 1 and colon and value.strip() and len(key.split()) <= 8:
        return Leaf(value.strip(), run[0].line.number, title=key.strip(), fact=True)
    return Leaf(text, run[0].line.number, fact=True)


def sentences(text: str) -> list[str]:
    """The sentences of TEXT; an abbreviation does not end one."""
    found: list[str] = []
    for part in _SENTENCE.split(text):
        if found and _NO_END.search(found[-1]):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def _last_sentence(text: str) -> str:
    return sentences(text)[-1]


def _split_lead(line: Line) -> str:
    """What a lead-in says before its last sentence."""
    return " ".join(sentences(line.text)[:-1])


def _paragraph(line: Line) -> list[Leaf]:
    """A paragraph as one leaf, or, where it is long, as several that end with a sentence."""
    if len(line.text.split()) <= _LONG:
        return [Leaf(line.text, line.number)]
    parts: list[str] = []
    for sentence in sentences(line.text):
        if parts and len(parts[-1].split()) + len(sentence.split()) <= _GOOD:
            parts[-1] += f" {sentence}"
        else:
            parts.append(sentence)
    return [Leaf(part, line.number) for part in parts]
