"""Finds a part of the document that is printed twice, such as a code of conduct that comes again as an appendix to sign."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from knowledge.importing.document import Dropped
from knowledge.policy import Section

_FEWEST = 3  # rules in a row that say the same are one part; fewer are a rule that binds two groups, and both stay


def merged(sections: list[Section]) -> tuple[list[Section], list[Dropped]]:
    """SECTIONS with each part that comes again kept once, under both references."""
    first: dict[str, Section] = {}
    pairs: list[tuple[Section, Section]] = []
    part: dict[str, str] = {}  # for each section the part of the document it stands in: the heading at the top
    top = ""
    for section in sections:
        top = section.ref if len(section.path) == 1 and section.within is None else top
        part[section.ref] = top
        key = _key(section)
        if key and not section.fact:
            if key in first:
                pairs.append((first[key], section))
            else:
                first[key] = section
    between: dict[tuple[str, str], list[tuple[Section, Section]]] = defaultdict(list)
    for one, other in pairs:
        between[part[one.ref], part[other.ref]].append((one, other))
    gone: dict[str, Section] = {}
    for (here, there), same in between.items():
        if here != there and len(same) >= _FEWEST:
            gone.update({twin.ref: original for original, twin in same})
    return _without(sections, gone)


def _key(section: Section) -> str:
    text = section.text
    return re.sub(r"[\W_]+", "", f"{section.lead}{text}".casefold()) if len(text.split()) > 2 else ""


def _without(sections: list[Section], gone: dict[str, Section]) -> tuple[list[Section], list[Dropped]]:
    aliases: dict[str, list[str]] = defaultdict(list)
    kept: list[Section] = []
    dropped: list[Dropped] = []
    for section in sections:
        original = gone.get(section.ref)
        if original is None:
            kept.append(section)
        elif section.within is None:
            kept.append(replace(section, text="", also=(original.ref,)))  # the heading stays: things may stand below it
        else:
            aliases[original.ref].append(section.ref)
            dropped.append(
                Dropped(0, section.text, f"the same words stand elsewhere too; {section.ref} now leads to {original.ref}")
            )
    return [replace(section, aliases=tuple(aliases[section.ref])) for section in kept], dropped
