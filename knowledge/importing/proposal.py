"""From a document to a proposal: the policy as it was understood, what was left out and why, and whom it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.importing import apart, front, replacing, twins
from knowledge.importing.contents import without_contents
from knowledge.importing.document import CannotImport, Document, Dropped
from knowledge.importing.footers import without_footers
from knowledge.importing.joins import joined
from knowledge.importing.kinds import sorted_out
from knowledge.importing.leaves import Leaf, leaves
from knowledge.importing.marks import all_marked
from knowledge.importing.refs import Refs
from knowledge.importing.replacing import Found
from knowledge.importing.sections import facts, grown, signed
from knowledge.importing.tree import Node, planted
from knowledge.importing.writing import written
from knowledge.policy import Numbered, Policy, Section

ABOUT = "About this document"
_TITLE = 14  # words
_FIRST = 60  # lines in which a title page stands


@dataclass(frozen=True, slots=True)
class Proposal:
    """A policy as the importer understood it. Nothing is published by it: a person reads and corrects it first."""

    policy: Policy
    dropped: tuple[Dropped, ...] = field(repr=False)
    people: tuple[Found, ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    def markdown(self) -> str:
        """The policy as the file that a person edits."""
        return written(self.policy)


def propose(file: Path, school: str, *, keep_people: bool = False, say: Callable[[str], None] = lambda _: None) -> Proposal:
    """What the document FILE of SCHOOL says, section by section, or CannotImport. SAY hears what is being done."""
    say(f"Reading {file.name}")
    document = apart.read(file)
    say(f"{len(document.lines)} lines read, looking for sections")
    return proposed(document, school, keep_people=keep_people)


def proposed(document: Document, school: str, *, keep_people: bool = False) -> Proposal:
    """The proposal made of DOCUMENT."""
    body, footers = without_footers(list(document.lines))
    listed = without_contents(body)
    blocks = sorted_out(joined(all_marked(listed.lines)), listed.titles)
    blocks, found = replacing.replaced(blocks, keep=keep_people)
    first, blocks = front.split(blocks)
    # A title that stands right above text is a heading like others; it still says what the document is called.
    top = [block.line.text for block in blocks[:3] if len(block.line.text.split()) <= _TITLE]
    name = front.of_school([*first.titles, *top], school)
    title = front.title([line for line in (*first.titles, *top[:1]) if line.casefold() != name.casefold()], name, _stem(document))
    sections, facts_found = _sections(first, planted(blocks))
    if not any(re.search(r"[^\W\d_]{2}", section.text) for section in sections):
        raise CannotImport(f"{document.name}: there is no text in it that could be a policy.")
    sections, twice = twins.merged(sections)
    policy = Policy(
        name, title, front.version(facts_found), "verbatim", _numbered(sections), front.dates(facts_found), tuple(sections)
    )
    titles = _title_page(document, first.titles, {name.casefold(), title.casefold()})
    dropped = sorted((*footers, *listed.dropped, *titles, *twice), key=lambda one: one.number)
    return Proposal(policy, tuple(dropped), found, document.notes)


def _sections(first: front.Front, root: Node) -> tuple[list[Section], list[Leaf]]:
    """The sections, what the document says about itself first; and those facts as they were found."""
    if root.blocks:
        root.children.insert(0, Node(next(iter(first.titles), "Introduction"), blocks=root.blocks))
    refs = Refs()
    own = leaves(first.blocks)
    about = facts([*own, *signed(root)], first.heading or ABOUT, "document control", refs)
    return [*about, *grown(root, refs)], own


def _title_page(document: Document, titles: list[str], kept: set[str]) -> list[Dropped]:
    """The lines of the title page that are neither the title nor the school."""
    number = {line.text: line.number for line in document.lines[:_FIRST]}
    return [Dropped(number.get(line, 1), line, "a line of the title page") for line in titles if line.casefold() not in kept]


def _stem(document: Document) -> str:
    return document.name.partition(".")[0]


def _numbered(sections: list[Section]) -> Numbered:
    """What carries printed numbers in this document."""
    rules = [section for section in sections if section.within and not section.fact]
    headings = [section for section in sections if section.within is None]
    if rules and sum(section.ref.rsplit(".", maxsplit=1)[-1].isdigit() for section in rules) >= 0.5 * len(rules):
        return "rules"
    if headings and sum(section.ref[0].isdigit() for section in headings) >= 0.5 * len(headings):
        return "sections"
    return "headings"
