"""Turns the tree into the sections of a policy: references, titles, and whom each is for."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.importing.audiences import of_heading, of_rule
from knowledge.importing.headings import TURNS
from knowledge.importing.leaves import Leaf, leaves
from knowledge.importing.refs import Refs
from knowledge.importing.tree import Node
from knowledge.policy import Section

_TITLE = 8  # words
_SLIGHT = """
    and or the a an of to in on for with by from their our its that which as at be is are any all this not will must should may can
"""
_TRAILING = re.compile(rf"(?:[\s,;:(–-]+|\s(?:{'|'.join(_SLIGHT.split())}))+$", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:signed|signature|dated?|last review|review|reviewed|approved|adopted|ratified|agreed|written|updated|version"
    r"|next review)\b",
    re.IGNORECASE,
)
_TO_SIGN = re.compile(r"(?:print )?(?:name|role|position)\s*:", re.IGNORECASE)
# A rule that has its own “not”, and one that is a sentence by itself: neither is turned round by the title above it.
_FORBIDDEN = re.compile(r".{0,60}\b(?:not|never|no|nobody|cannot|\w+n['’]t)\b", re.IGNORECASE)
_SUBJECTS = """
    the an? we you i it this these they any anyone anybody our your each every all if when where in on for as
    staff parents? carers? pupils? children child governors? volunteers? employees? members? families visitors?
"""
_SENTENCE = re.compile(
    rf"(?:{'|'.join(_SUBJECTS.split())})\b[^.]*\b(?:will|must|shall|should|may|can|is|are|has|have)\b", re.IGNORECASE
)
_UNSAFE = re.compile(r"\*\*|[{}]")


def facts(found: list[Leaf], heading: str, ref: str, refs: Refs) -> list[Section]:
    """What the document says about itself, as the first section."""
    if not found:
        return []
    audience = frozenset({"staff", "governor", "parent"})
    node = Node(heading)
    home = Section(refs.for_heading(Node(ref), "", []), safe(node.title), audience, "", path=(safe(node.title),))
    rules = [_rule(replace(leaf, fact=True), home, [home.ref], refs) for leaf in found]
    return [home, *rules]


def signed(root: Node) -> list[Leaf]:
    """Signatures and dates that stand elsewhere than on the first page: they say something about the document, not a rule."""
    found: list[Leaf] = []
    for node in root.children:
        found += [leaf for leaf in leaves(node.blocks) if _about(leaf)]
        found += signed(node)
    return found


def _about(leaf: Leaf) -> bool:
    if not leaf.fact:
        return False
    return _ABOUT.match(leaf.title or leaf.text) is not None or (not leaf.title and _TO_SIGN.match(leaf.text) is not None)


def _told(leaf: Leaf) -> Leaf:
    """A row of a table among the rules as a rule: what stands in its first column says whom or what the rest is about."""
    return replace(leaf, fact=False, title="", text=f"{leaf.title}: {leaf.text}" if leaf.title else leaf.text)


def _forbidden(leaf: Leaf, title: str) -> Leaf:
    """LEAF with the TITLE above it as its lead-in where only the title says “must not”: without it the rule says the opposite."""
    if leaf.lead or not TURNS.search(title) or _FORBIDDEN.match(leaf.text) or _SENTENCE.match(leaf.text):
        return leaf
    return replace(leaf, lead=f"{title.rstrip(':')}:")


def grown(root: Node, refs: Refs) -> list[Section]:
    """The sections below ROOT, in order."""
    found: list[Section] = []
    for node in root.children:
        _add(node, (), [], refs, found, around=frozenset())
    return found


def _add(node: Node, path: tuple[str, ...], above: list[str], refs: Refs, found: list[Section], *, around: frozenset[str]) -> None:
    own = [_forbidden(_told(leaf), node.title) for leaf in leaves(node.blocks) if not _about(leaf)]
    ref = refs.for_heading(node, above[-1] if above else "", [leaf.label for leaf in own if leaf.label])
    title = safe(node.title) or ref
    audience = of_heading(title, [leaf.text for leaf in own], around)
    only = own[0] if len(own) == 1 and not own[0].label and not own[0].lead and _plain(own[0].text) else None
    path = (*path, title)
    home = Section(ref, title, audience, safe(only.text) if only else "", path=path)
    found.append(home)
    if only is None:
        found += [_rule(leaf, home, [*above, ref], refs) for leaf in own]
    for child in node.children:
        _add(child, path, [*above, ref], refs, found, around=audience)


def _rule(leaf: Leaf, home: Section, above: list[str], refs: Refs) -> Section:
    ref = refs.for_rule(leaf, home.ref, above)
    title = safe(leaf.title).rstrip(".") or short(leaf.text)
    audience = of_rule(leaf.lead, frozenset()) or of_rule(f"{leaf.lead} {leaf.text}", home.audience)
    return Section(
        ref, title, audience, safe(leaf.text), path=(*home.path, title), within=home.ref, fact=leaf.fact, lead=safe(leaf.lead)
    )


def short(text: str) -> str:
    """The first words of TEXT, to call it by on a button."""
    words = safe(text).split()
    if len(words) <= _TITLE:
        return " ".join(words).rstrip(".;,: ") or "–"
    cut = _TRAILING.sub("", " ".join(words[:_TITLE]))
    return f"{cut or ' '.join(words[:_TITLE])} …"


def safe(text: str) -> str:
    """TEXT without the few signs that mean something in our Markdown, on one line."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def _plain(text: str) -> bool:
    """Whether TEXT can stand as a paragraph and is not taken for a heading, a rule or a lead-in."""
    return not text.startswith(("#", "-", ">", "+++"))
