"""What is different between two versions of a policy, section by section and word by word, for somebody who has to agree to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from knowledge.policy import Policy, Section

Kind = Literal["same", "gone", "new"]

_PIECE = re.compile(r"\s+|[^\s\w]|\w+(?:['’-]\w+)*")
_FRONT = ("school", "title", "version", "edition", "numbered")
_DATES = ("published", "approved", "changed", "next_review")


@dataclass(frozen=True, slots=True)
class Change:
    """A section or rule that is in both versions and does not say the same, or not under the same reference."""

    before: Section
    after: Section

    def details(self) -> Iterator[tuple[str, str, str]]:
        """What changed beside the text: its name, what it was and what it is."""
        for name, before, after in (
            ("reference", self.before.ref, self.after.ref),
            ("title", self.before.title, self.after.title),
            ("for", _listed(self.before.audience), _listed(self.after.audience)),
            ("hangs on", self.before.lead, self.after.lead),
            ("see also", _listed(self.before.also), _listed(self.after.also)),
            ("same as", _listed(self.before.aliases), _listed(self.after.aliases)),
            ("fact about the document", _yes(self.before.fact), _yes(self.after.fact)),
        ):
            if before != after:
                yield name, before, after


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that is different. `moved` are rules that say the same under another reference."""

    front: tuple[tuple[str, str, str], ...]
    added: tuple[Section, ...]
    removed: tuple[Section, ...]
    changed: tuple[Change, ...]
    moved: tuple[Change, ...]

    def __bool__(self) -> bool:
        return any((self.front, self.added, self.removed, self.changed, self.moved))


def between(old: Policy, new: Policy) -> Changes:
    """What NEW says that OLD did not, says no more, or says otherwise. Order and layout of the file do not count."""
    known = {section.ref for section in old.sections}
    removed = [section for section in old.sections if section.ref not in new]
    added = [section for section in new.sections if section.ref not in known and not _merged(section, old)]
    moved = tuple(_moves(removed, added))
    gone, come = {move.before.ref for move in moved}, {move.after.ref for move in moved}
    kept = (Change(section, new.section(section.ref)) for section in old.sections if section.ref in new)
    return Changes(
        front=tuple(_front(old, new)),
        added=tuple(section for section in added if section.ref not in come),
        removed=tuple(section for section in removed if section.ref not in gone),
        changed=tuple(one for one in kept if one.before.text != one.after.text or any(one.details())),
        moved=moved,
    )


def words(before: str, after: str) -> Iterator[tuple[Kind, str]]:
    """BEFORE and AFTER as one text: runs of words that stayed, went and came, in order."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(old[i:j])
            continue
        if i < j:
            yield "gone", "".join(old[i:j])
        if k < m:
            yield "new", "".join(new[k:m])


def _moves(removed: list[Section], added: list[Section]) -> Iterator[Change]:
    """The same words under another reference, where it is plain which went where."""
    for before in removed:
        twins = [section for section in added if _said(section) == _said(before)]
        if len(twins) == 1 and sum(_said(section) == _said(before) for section in removed) == 1:
            yield Change(before, twins[0])


def _merged(section: Section, old: Policy) -> bool:
    """A rule with a new reference that now stands for an old one is shown as that one, changed."""
    return any(alias in {one.ref for one in old.sections} for alias in section.aliases)


def _said(section: Section) -> tuple[str, str]:
    # A rule is what it says; a heading, which says nothing, is its title.
    return (section.lead, section.text) if section.text else ("", section.title)


def _front(old: Policy, new: Policy) -> Iterator[tuple[str, str, str]]:
    pairs = [(name, str(getattr(old, name)), str(getattr(new, name))) for name in _FRONT]
    pairs += [(f"dates.{name}", str(getattr(old.dates, name) or ""), str(getattr(new.dates, name) or "")) for name in _DATES]
    yield from (pair for pair in pairs if pair[1] != pair[2])


def _listed(names: frozenset[str] | tuple[str, ...]) -> str:
    return " ".join(sorted(names))


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the value itself is what is put in words
    return "yes" if is_so else "no"
