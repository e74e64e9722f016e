"""Looking through the policy without a question: its sections as buttons, a few at a time, down to a rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot import wording
from bot.answering import CONTENTS, WHOLE, label
from bot.messages import Choice, Reply
from knowledge import lexical
from knowledge.policy import Policy, Section

PAGE = "-page"
BUTTONS = 8  # more of them are a wall, not a choice
WORDS = frozenset({"browse", "contents", "sections", "table of contents", "show me the policy", "show me the contents"})
_SEARCH = "search "
_FEW = 4  # words


def contents(policy: Policy, page: int = 0) -> Reply:
    """The top of the policy."""
    tops = [section for section in policy.sections if len(section.path) == 1]
    return _listed(policy, wording.CONTENTS_OF.format(title=policy.title), tops, page)


def within(policy: Policy, section: Section, page: int = 0) -> Reply:
    """What stands in SECTION: its parts and its rules."""
    listed = _listed(policy, wording.IN_SECTION, tuple(parts(policy, section)), page, section)
    own = section.text or policy.rules(section.ref)
    whole = (Choice(wording.WHOLE_SECTION, f"{WHOLE} {section.ref} 0"),) if own and not page else ()
    return replace(listed, title=section.title, choices=(*whole, *listed.choices))


def parts(policy: Policy, section: Section) -> Iterator[Section]:
    """The sections and rules directly below SECTION, in order."""
    after = False
    for one in policy.sections:
        if after and one.path[: len(section.path)] != section.path:
            return
        if after and len(one.path) == len(section.path) + 1:
            yield one
        after = after or one is section


def sought(text: str) -> str | None:
    """The words to look for, when TEXT says "search …"."""
    wish = text.strip()
    few = len(wish.split()) <= _FEW and "?" not in wish  # "search a pupil's bag, may we?" is a question
    return wish[len(_SEARCH) :].strip() or None if few and wish.casefold().startswith(_SEARCH) else None


def having(policy: Policy, words: str) -> Reply | None:
    """The rules that hold WORDS, as buttons; None when no rule does."""
    lexicon = lexical.of(policy)
    asked = lexicon.asked(words)
    scores = [(lexicon.score(number, asked), rule) for number, rule in enumerate(lexicon.leaves)] if asked else []
    rules = [rule for score, rule in sorted(scores, key=lambda one: -one[0]) if score > 0][:BUTTONS]
    return _listed(policy, wording.HAVING, rules) if rules else None


def _listed(policy: Policy, text: str, things: Sequence[Section], page: int = 0, within: Section | None = None) -> Reply:
    """One page of THINGS as buttons; the last leads to the next page of WITHIN, or of the contents."""
    choices = [Choice(label(policy, one, within), one.ref) for one in things[page * BUTTONS : (page + 1) * BUTTONS]]
    if len(things) > (page + 1) * BUTTONS:
        choices.append(Choice(wording.MORE, f"{PAGE} {page + 1} {within.ref if within else ''}".strip()))
    return Reply(text, choices=tuple(choices), about=CONTENTS)
