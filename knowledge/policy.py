"""A school's policy as sections and rules that can be quoted, and what it says about itself. Read from a file by markdown.py."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

# What the document prints beside its text, so that a reference can be looked up in it: a number on every rule, on every
# section, or headings only (the references of such a policy are ours, and are never shown).
Numbered = Literal["rules", "sections", "headings"]

# A reference that stands in the document itself begins with its number or letter; those that are words are ours.
_PRINTED = re.compile(r"(?:\d+|[A-Z](?![A-Za-z-]))\d*(?:\.(?:\d+|[a-z])(?![A-Za-z0-9-]))*")

AUDIENCES = frozenset({"staff", "volunteer", "parent", "pupil", "governor"})


class PolicyError(Exception):
    """A policy file cannot be read; the message names the file, the line and what to write there."""


@dataclass(frozen=True, slots=True)
class When:
    """A date as exact as the document gives it: a month, or a day."""

    year: int
    month: int
    day: int | None = None

    @property
    def last_day(self) -> date:
        """The last day that this date can mean."""
        return date(self.year, self.month, self.day or monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        """The date in words: 13 October 2024, or December 2024."""
        return " ".join(str(part) for part in (self.day, month_name[self.month], self.year) if part)


@dataclass(frozen=True, slots=True)
class Dates:
    """What the document says about its own age. None where it is silent."""

    published: When | None = None
    approved: When | None = None
    changed: When | None = None
    next_review: When | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section or one rule of it. `path` is the titles from the top down; `within` is the section a rule belongs to.

    `lead` is the half sentence that a rule hangs on in the document ("Staff must not:"), and `aliases` are the references of
    other places that say the very same.
    """

    ref: str
    title: str
    audience: frozenset[str]
    text: str
    also: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    within: str | None = None
    fact: bool = False
    lead: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One school's policy as published. Two readings are two policies: it is compared by identity."""

    school: str
    title: str
    version: str
    edition: Literal["plain-language", "verbatim"]
    numbered: Numbered
    dates: Dates
    sections: tuple[Section, ...] = field(repr=False)
    # Which rules answer a topic of the phrase bank here, best first. Empty where nobody went through the policy by hand;
    # otherwise a topic that is missing is one this policy is silent on.
    answers: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    _by_ref: dict[str, Section] = field(repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_ref.update({alias: section for section in self.sections for alias in section.aliases})
        self._by_ref.update({section.ref: section for section in self.sections})

    @property
    def facts(self) -> Mapping[str, str]:
        """What the document says about itself, by its short name: version, filter, linked policies."""
        return {section.title: section.text for section in self.sections if section.fact}

    def __contains__(self, ref: str) -> bool:
        return ref in self._by_ref

    def section(self, ref: str) -> Section:
        """The section or rule called REF; KeyError when there is none."""
        return self._by_ref[ref]

    def rules(self, ref: str) -> tuple[Section, ...]:
        """The rules that stand directly in section REF, in order."""
        return tuple(section for section in self.sections if section.within == ref)

    def leaves(self) -> tuple[Section, ...]:
        """Everything that can be an answer: each rule, and each section that has words of its own."""
        return tuple(section for section in self.sections if section.text)

    def home(self, section: Section) -> Section:
        """The section or rule that can be looked up in the document: where a rule has no number, the section around it."""
        numbered = self.numbered == "rules" and _PRINTED.match(section.ref)
        return section if numbered or not section.within else self._by_ref[section.within]

    def number(self, section: Section) -> str:
        """The number under which the document prints SECTION: 6.2, or D4. Empty where it prints a heading only."""
        found = None if self.numbered == "headings" else _PRINTED.match(self.home(section).ref)
        return found[0] if found else ""

    def place(self, section: Section) -> str:
        """Where SECTION is found in the document, in a word or two."""
        number = self.number(section)
        return f"section {number}" if number else f"“{self.home(section).title}”"

    def cite(self, section: Section) -> str:
        """How an answer names its source."""
        place = self.place(section)
        return f"{place}, {self.home(section).title}" if self.number(section) else place

    def review_warning(self, today: date) -> str | None:
        """What has to be said with every answer about the policy's age on TODAY; None when all is in order."""
        due = self.dates.next_review
        if due is None:
            return "This policy names no date for its next review, so please check with the school that it still applies."
        if due.last_day < today:
            return f"This policy was due for review in {due} and that has gone by: please check with the school."
        if self.dates.approved is None:
            return "The document does not show when, or whether, this policy was approved."
        return None
