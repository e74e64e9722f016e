"""Whom words name among those who could read them: roles that the words mention, and role holders mentioned by name."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from bot.turn import Turn
from knowledge.language import everyday
from knowledge.words import words
from storage.kept import Person

TITLES = frozenset({"mr", "mrs", "miss", "ms", "mx", "dr", "sir", "madam", "rev", "reverend", "father", "prof", "professor"})
_SHORTEST = 3  # letters; a shorter name alone is a word or an initial


async def named_in(turn: Turn, text: str) -> frozenset[str]:
    """The roles that TEXT may mean. A name is matched to its roles here and goes no further: nobody is told whose it is."""
    named = {role for person in await turn.people.list() if names(text, person) for role in person.roles}
    return turn.named | (named & turn.school.roles.keys())


def names(text: str, person: Person) -> bool:
    """Whether TEXT names PERSON: whole words only, the full name, a title and the last name, or a name that is no other word."""
    said = words(text)
    own = [word for word in words(person.name) if word not in TITLES]
    if not own:
        return False
    whole = len(own) > 1 and _follow(said, own)
    titled = any(before in TITLES and word == own[-1] for before, word in pairwise(said))
    alone = any(len(word) >= _SHORTEST and not everyday(word) and word in said for word in _telling(own))
    return whole or titled or alone


def _telling(own: list[str]) -> Iterable[str]:
    """The parts of a name that somebody is called by: the first and the last."""
    return dict.fromkeys((own[0], own[-1]))


def _follow(said: list[str], own: list[str]) -> bool:
    return any(said[place : place + len(own)] == own for place in range(len(said) - len(own) + 1))
