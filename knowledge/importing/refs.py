"""Gives every section and rule a reference: the number that is printed there, or else a few words of its title."""

from __future__ import annotations

import re
from collections import Counter

from knowledge.importing.leaves import Leaf
from knowledge.importing.marks import letters, shape
from knowledge.importing.tree import Node

_LONGEST = 5  # words of a title in a reference
_SLIGHT_WORDS = "a an the of to and or for on in at by with our your this its is are be as from"
_SLIGHT = frozenset(_SLIGHT_WORDS.split())


class Refs:
    """The references given so far; each is given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: Counter[str] = Counter()  # how far the letters of a section, or the copies of a reference, have come

    def for_heading(self, node: Node, above: str, labels: list[str]) -> str:
        """The reference of NODE, below the section ABOVE; LABELS are the numbers printed on its rules."""
        label = node.label.split()[-1] if node.label.startswith(("section", "part", "chapter")) else node.label.replace(" ", "-")
        own = re.sub(r"[^A-Za-z0-9.-]+", "", label)
        if own and (not above or own.startswith(f"{above}.") or "." in own or _lettered(own, above)) and own not in self._taken:
            return self._take(own)
        if own:
            return self._take(f"{above}.{own}" if above else own)
        if (number := _shared_number(labels)) and number not in self._taken:
            return self._take(number)
        words = slug(node.title)
        return self._take(f"{above}.{words}" if above else words)

    def for_rule(self, leaf: Leaf, home: str, above: list[str]) -> str:
        """The reference of LEAF in the section HOME; ABOVE are the sections around it, HOME included."""
        label = re.sub(r"[^A-Za-z0-9.-]+", "", leaf.label)
        within = any(label.startswith(f"{one}.") or _lettered(label, one) for one in above)
        if label and label not in self._taken and within:
            return self._take(label)
        if label:
            return self._take(f"{home}.{label}")
        if leaf.fact and leaf.title:
            return self._take(f"{home}.{slug(leaf.title)}")
        return self._next_letter(home)

    def _next_letter(self, home: str) -> str:
        while (ref := f"{home}.{letters(self._counts[home])}") in self._taken:
            self._counts[home] += 1
        return self._take(ref)

    def _take(self, wanted: str) -> str:
        ref = wanted
        while ref in self._taken:
            self._counts[f"{wanted}-"] += 1
            ref = f"{wanted}-{self._counts[f'{wanted}-'] + 1}"
        self._taken.add(ref)
        return ref


def _lettered(label: str, above: str) -> bool:
    """Whether LABEL says itself that it stands in the part ABOVE: A2 in A."""
    return len(above) == 1 and above.isupper() and label.startswith(above) and label[1:2].isdigit()


def slug(title: str) -> str:
    """A few words of TITLE as a reference."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", title.casefold()))
    heavy = [word for word in words if word not in _SLIGHT] or words
    return "-".join(heavy[:_LONGEST]) or "section"


def _shared_number(labels: list[str]) -> str:
    """The number of a heading that has lost it: 1, where the rules below are 1.1, 1.2, …."""
    first = {label.split(".")[0] for label in labels if label[0].isdigit() and "." in label}
    return first.pop() if len(first) == 1 and all(shape(label).startswith("1.1") for label in labels) else ""
