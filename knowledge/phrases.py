"""A small language for word patterns, so that the danger words are data a safeguarding lead can read, not regular expressions.

<child> ~ bleeding       a word of the list "child", at most four words, "bleeding", within one sentence
[my] phone|tablet        "my" may be missing; either of the two
threat*  ~~  photo*      any ending; at most nine words between
far_right|extremis*      a choice of two words is joined with an underscore
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"~~?|\[(?P<maybe>[a-z0-9|*<>_]+)\]|(?P<word>[a-z0-9|*<>_]+)")
_GAPS = {"~": "(?:[a-z0-9]+ ){0,4}?", "~~": "(?:[a-z0-9]+ ){0,9}?"}


class PhraseError(ValueError):
    """A pattern is not written in the language above; the message shows it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One pattern, ready for use. `needs` are sets of words of which each must have one in the text, or no search is made."""

    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]
    vocabulary: frozenset[str]

    def found(self, text: str, seen: frozenset[str]) -> bool:
        """Whether TEXT, whose words are SEEN, holds the phrase."""
        # A plain loop: hundreds of phrases are looked for in every message, and nearly all of them end here.
        for need in self.needs:
            if need.isdisjoint(seen):
                return False
        return self.pattern.search(text) is not None

    def blanked(self, text: str) -> str:
        """TEXT without the phrase; a stop stands in its place, so that what was apart does not become one sentence."""
        return self.pattern.sub(".", text)


def compiled(written: str, lists: Mapping[str, Iterable[str]]) -> Phrase:
    """The phrase WRITTEN, its <lists> filled in. PhraseError when it cannot be read or would match anything."""
    parts: list[str] = []
    needs: list[frozenset[str]] = []
    vocabulary: set[str] = set()
    for token in written.split():
        found = _TOKEN.fullmatch(token)
        if found is None:
            raise PhraseError(f"“{written}”: {token} is not understood")
        if token in _GAPS:
            parts.append(_GAPS[token])
            continue
        forms = _forms(found["maybe"] or found["word"], written, lists)
        vocabulary.update(word for form in forms for word in form.split() if "*" not in word)
        body = "|".join(
            re.escape(form).replace(r"\*", "[a-z0-9]*").replace(r"\ ", " ") for form in sorted(forms, key=len, reverse=True)
        )
        parts.append(f"(?:(?:{body}) )?" if found["maybe"] else f"(?:{body}) ")
        if not found["maybe"] and not any("*" in form.split()[0] for form in forms):
            needs.append(frozenset(form.split()[0] for form in forms))
    if not parts or not all(part.startswith("(?:") and part.endswith(") ") for part in (parts[0], parts[-1])):
        raise PhraseError(f"“{written}”: a phrase begins and ends with a word that has to be there")
    # Every part ends with the space behind its word; the last word needs none.
    return Phrase(re.compile(rf"(?<![a-z0-9]){''.join(parts)[:-1]}(?![a-z0-9])"), tuple(needs), frozenset(vocabulary))


def _forms(token: str, written: str, lists: Mapping[str, Iterable[str]]) -> list[str]:
    forms: list[str] = []
    for form in token.split("|"):
        if form.startswith("<") and form.endswith(">"):
            if form[1:-1] not in lists:
                raise PhraseError(f"“{written}”: there is no list {form} under [words]")
            forms += lists[form[1:-1]]
        else:
            forms.append(form.replace("_", " "))
    if not all(forms):
        raise PhraseError(f"“{written}”: an empty alternative")
    return forms
