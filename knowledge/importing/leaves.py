"""Turns what stands below a heading into leaves: one rule each, with the lead-in that says whom it binds; short lists whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice, takewhile

from knowledge.importing.document import Line
from knowledge.importing.kinds import Block, Kind
from knowledge.importing.lists import is_short, nested, run_on
from knowledge.importing.marks import follows, letters, like
from knowledge.importing.tables import rows

_SENTENCE = re.compile(r"(?<=[.!?])([”\"’)]?)\s+(?=[A-Z“\"‘'(•])")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|vs|cf|p|para|approx|Rev|Prof)\.|\b[A-Z]\.)$")
_LONG = 130  # words of a paragraph that is more than one rule
_GOOD = 60  # words that its parts should have
_EXPLAINED = 20  # words of a numbered sentence that the paragraph under it explains


@dataclass(frozen=True, slots=True)
class Leaf:
    """One rule, or one fact about the document."""

    text: str = field(repr=False)
    number: int  # the line it begins on
    label: str = ""
    lead: str = field(default="", repr=False)
    title: str = field(default="", repr=False)
    fact: bool = False


@dataclass(slots=True)
class _Hook:
    """What items hang on: the words before the colon, and the number of the rule that ends in it."""

    lead: str = field(repr=False)
    label: str  # with the numbers around it, as in 4.2.a; empty for a plain lead-in
    own: str = ""  # as it is printed
    items: str = ""  # the number of the last item
    done: bool = False  # its list was one of bullets: a number after them hangs on something else


def leaves(blocks: list[Block]) -> list[Leaf]:
    """The leaves of BLOCKS, in order."""
    return _Harvest(blocks).leaves()


class _Harvest:
    """Goes through the blocks below one heading and remembers what the next items hang on."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._place = 0
        self._hooks: list[_Hook] = []  # the innermost last
        self._found: list[Leaf] = []

    def leaves(self) -> list[Leaf]:
        steps = {
            Kind.ROW: self._rows,
            Kind.FORM: self._form,
            Kind.BULLET: self._bullets,
            Kind.RULE: self._rule,
            Kind.TEXT: self._text,
        }
        while self._place < len(self._blocks):
            steps[self._blocks[self._place].kind]()
        return self._found

    def _line(self) -> Line:
        return self._blocks[self._place].line

    def _run(self, kind: Kind) -> list[Line]:
        """The lines of KIND that stand together here; they are used up."""
        run = [block.line for block in takewhile(lambda block: block.kind is kind, islice(self._blocks, self._place, None))]
        self._place += len(run)
        return run

    @property
    def _lead(self) -> str:
        return self._hooks[-1].lead if self._hooks else ""

    @property
    def _label(self) -> str:
        return self._hooks[-1].label if self._hooks else ""

    def _hang(self, lead: str = "", label: str = "", own: str = "") -> None:
        """What comes next hangs on LEAD alone, or on nothing."""
        self._hooks = [_Hook(lead, label, own)] if lead or label else []

    def _unhook(self, label: str) -> None:
        """Ends what a rule numbered LABEL no longer hangs on: the rule that LABEL comes after, a list of bullets, another list."""
        for place, hook in enumerate(self._hooks):
            if follows(label, hook.own) or hook.done or (hook.items and not like(label, hook.items)):
                del self._hooks[place:]
                return

    def _rows(self) -> None:
        lead = self._lead
        for text, number, head, title, fact in rows(self._run(Kind.ROW)):
            self._found.append(Leaf(text, number, lead=head or lead, title=title, fact=fact))
        self._hang()

    def _form(self) -> None:
        """Lines of a form or an address, as one fact; the columns of a signature belong to it."""
        run = self._run(Kind.FORM)
        if run[-1].text.endswith(":") and run[-1].text.casefold().startswith("sign"):
            run += self._run(Kind.ROW)
        text = " • ".join(" | ".join(cell for cell in line.cells if cell) or line.text for line in run)
        key, colon, value = text.partition(":")
        if colon and value.strip(" •") and len(key.split()) <= 8 and (len(run) == 1 or run[0].text == f"{key}:"):
            self._found.append(Leaf(value.strip(" •"), run[0].number, title=key.strip(), fact=True))
        else:
            self._found.append(Leaf(text, run[0].number, lead=self._lead, fact=True))
        self._hang()

    def _bullets(self) -> None:
        """A list: one leaf where its items are names, one leaf an item where they are rules."""
        run = self._run(Kind.BULLET)
        if is_short(run, self._lead):
            self._found.append(Leaf(run_on(run).removeprefix("• "), run[0].number, self._label, self._lead))
            del self._hooks[-1:]
            return
        for count, (line, below) in enumerate(nested(run)):
            label = f"{self._label}.{letters(count)}" if self._label else ""
            if below and line.text.endswith(":") and not self._hooks and not is_short(below, line.text):
                self._found += [Leaf(one.text, one.number, lead=line.text) for one in below]
                continue
            text = f"{line.text} {run_on(below)}" if below else line.text
            self._found.append(Leaf(text, line.number, label, self._lead))
        if self._hooks:
            self._hooks[-1].done = not self._hooks[-1].items

    def _rule(self) -> None:
        line = self._line()
        self._place += 1
        if "." in line.label or " " in line.label:
            self._hang()
        self._unhook(line.label)
        lead, label = self._lead, f"{self._label}.{line.label}" if self._label else line.label
        if self._hooks:
            self._hooks[-1].items = line.label
        if not self._opens(line):
            self._found.append(Leaf(self._with_body(line), line.number, label, lead))
            return
        items = self._items()
        if is_short(items, sentences(line.text)[-1]):
            self._found.append(Leaf(f"{line.text} {run_on(items)}", line.number, label, lead))
            self._place += len(items)
            return
        *before, last = sentences(line.text)
        if before:
            self._found.append(Leaf(" ".join(before), line.number, label, lead))
        self._hooks.append(_Hook(last, label, line.label))

    def _text(self) -> None:
        line = self._line()
        self._place += 1
        if not self._opens(line):
            self._found += [Leaf(part, line.number) for part in parted(line.text)]
            self._hang()
            return
        *before, last = sentences(line.text)
        if before:
            self._found += [Leaf(part, line.number) for part in parted(" ".join(before))]
        self._hang(last)
        if is_short(items := self._items(), last):
            self._found.append(Leaf(run_on(items).removeprefix("• "), items[0].number, lead=last))
            self._place += len(items)
            self._hang()

    def _items(self) -> list[Line]:
        """The items of the list that begins here: bullets, or letters. They are not used up."""
        rest = islice(self._blocks, self._place, None)
        if self._place < len(self._blocks) and self._blocks[self._place].kind is Kind.BULLET:
            return [block.line for block in takewhile(lambda block: block.kind is Kind.BULLET, rest)]
        return [block.line for block in takewhile(lambda block: block.kind is Kind.RULE and "." not in block.line.label, rest)]

    def _opens(self, line: Line) -> bool:
        """Whether LINE is what the items after it hang on."""
        after = self._blocks[self._place] if self._place < len(self._blocks) else None
        if after is None or after.kind not in {Kind.BULLET, Kind.RULE, Kind.ROW, Kind.FORM}:
            return False
        if line.text.endswith((":", ":-", "…", " –", " -")):
            return not (
                after.kind is Kind.RULE
                and "." in after.line.label
                and "." in line.label
                and after.line.label.count(".") <= line.label.count(".")
            )
        # A lead-in that has lost its colon: “Staff must” stands before its bullets without any end.
        return after.kind is Kind.BULLET and not line.text.endswith((".", "!", "?", ";")) and len(line.text.split()) >= 2

    def _with_body(self, line: Line) -> str:
        """A short numbered sentence with the paragraph that stands right under it, which explains it."""
        after = self._blocks[self._place] if self._place < len(self._blocks) else None
        if (
            after is not None
            and after.kind is Kind.TEXT
            and len(line.text.split()) <= _EXPLAINED
            and not after.line.gap
            and (self._place < 2 or self._blocks[self._place - 2].kind is not Kind.RULE)
            and not after.line.text.endswith(":")
        ):
            self._place += 1
            return f"{line.text} {after.line.text}"
        return line.text


def sentences(text: str) -> list[str]:
    """The sentences of TEXT; an abbreviation does not end one."""
    found: list[str] = []
    start = 0
    for cut in _SENTENCE.finditer(text):
        part = text[start : cut.end(1)].strip()
        if not _NO_END.search(part):
            found.append(part)
            start = cut.end()
    return [*found, text[start:].strip()]


def parted(text: str) -> list[str]:
    """A paragraph as one part, or, where it is long, as several that end with a sentence."""
    if len(text.split()) <= _LONG:
        return [text]
    parts: list[str] = []
    for sentence in sentences(text):
        if parts and len(parts[-1].split()) + len(sentence.split()) <= _GOOD:
            parts[-1] += f" {sentence}"
        else:
            parts.append(sentence)
    return parts
