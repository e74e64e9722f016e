"""Turns what a person typed or pressed into the answer to one question, or says kindly that it did not understand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from rapidfuzz import fuzz, process

from flows.platforms import NICKNAMES, Platform
from flows.question import JSON, Question
from flows.when import read
from flows.words import DONT_KNOW, RATHER_NOT, normal

# What one answer in a person's own words may hold.
LONGEST_TEXT = 4000
LONGEST_DATE = 200
LONGEST_NUMBER = 9

# How alike typed words and a label must be (of 100), and how far ahead of the next label, before we believe it.
ALIKE = 82
AHEAD = 6
# Below this many letters a slip turns one word into another ("me", "no"): short words count only when whole.
LONG_ENOUGH = 4
# Nobody misspells a label at this length: it is a sentence, and a sentence is not an answer to a choice.
TOO_LONG = 60

_YES = frozenset(
    {"yes", "y", "ye", "yh", "yess", "yea", "yeah", "yep", "yup", "ya", "aye", "yes please", "sure", "correct", "true"}
)
_NO = frozenset({"no", "n", "nope", "nah", "no thanks", "false"})

_NUMBERED = re.compile(r"(?:option|number|no|nr|answer)?\s*([0-9]{1,2})\s*(?:st|nd|rd|th)?")
# What stands between several choices named in one message. A label may hold such a mark or word itself.
_BETWEEN = re.compile(r"[,;/+&\n]|\band\b", re.IGNORECASE)
# Marks that reorder or hide what is written; joiners that emoji and many scripts need stay.
_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


class NotUnderstood(Exception):
    """What was said fits no answer to this question. `hint` says what would; it never repeats what was written."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as it is kept, and what the person should know about how it was kept."""

    value: JSON = field(repr=False)
    note: str = field(default="", repr=False)


def clean(text: str) -> str:
    """TEXT without control characters, lone surrogates and marks that reorder or hide what is read."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = _HIDDEN.sub("", plain)
    return "".join(mark for mark in plain if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs")).strip()


def understand(question: Question, text: str, now: datetime, *, pressed: bool = False) -> Heard:
    """What TEXT, said at NOW, answers to QUESTION; NotUnderstood when it answers nothing."""
    match question.kind:
        case "text":
            return _own_words(text)
        case "when":
            return _date(text, now)
        case "number":
            return _number(text)
        case "ticks":
            return _ticked(question, text)
    value = _pressed(question, text) if pressed else _typed(question, text)
    return Heard(value == "yes" if question.kind == "yes_no" else value)


def answers_it(question: Question, text: str) -> bool:
    """Whether TEXT, word for word, is one of the choices: then it is an answer even where it could be a command."""
    return bool(question.choices) and _whole(question, normal(text)) is not None


def _own_words(text: str, longest: int = LONGEST_TEXT) -> Heard:
    words = clean(text)
    if not any(unicodedata.category(mark)[0] in "LN" for mark in words):
        raise NotUnderstood("Could you put it in a few words?")
    if len(words) <= longest:
        return Heard(words)
    kept = words[:longest].rstrip()
    ending = " ".join(kept[-60:].split())
    note = f"One answer holds {longest:,} characters, so we kept the first {len(kept):,}. What we kept ends with: “…{ending}”"
    return Heard(kept, note)


def _date(text: str, now: datetime) -> Heard:
    words = _own_words(text, LONGEST_DATE)
    return Heard(dict(read(str(words.value), now).to_json()), words.note)


def _ticked(question: Question, text: str) -> Heard:
    """Several choices named at once, by number or by words, in the order they are offered."""
    named = set(_each_of(question, clean(text)))
    if not named or None in named:
        # One part that means nothing would quietly be lost, so everything is asked for again.
        raise NotUnderstood(f"{_hint(question)} You can name several, such as “1, 2”.")
    return Heard([choice.value for choice in question.choices if choice.value in named])


def _each_of(question: Question, said: str) -> Iterator[str | None]:
    """The choice that each part of SAID names, None for a part that names none; what is one label is never taken for two."""
    edges = [0, *(place for between in _BETWEEN.finditer(said) for place in between.span()), len(said)]
    parts = [(start, end) for start, end in list(pairwise(edges))[::2] if normal(said[start:end])]
    place = 0
    while place < len(parts):
        start = parts[place][0]
        together = (
            (after, _whole(question, normal(said[start : parts[after - 1][1]]))) for after in range(len(parts), place + 1, -1)
        )
        alone = (place + 1, _one_of(question, normal(said[start : parts[place][1]])))
        place, found = next(((after, found) for after, found in together if found), alone)
        yield found


def _number(text: str) -> Heard:
    # Only plain digits: a sign or a fraction that is quietly dropped makes a wrong number, which is worse than asking again.
    if found := re.fullmatch(rf"([0-9]{{1,{LONGEST_NUMBER}}})\.?", clean(text)):
        return Heard(int(found.group(1)))
    raise NotUnderstood("Please answer with a whole number, such as 3.")


def _pressed(question: Question, text: str) -> str:
    if any(choice.value == text for choice in question.choices):
        return text
    raise NotUnderstood(_hint(question))


def _typed(question: Question, text: str) -> str:
    found = _one_of(question, normal(clean(text)))
    if found is None:
        raise NotUnderstood(_hint(question))
    return found


def _one_of(question: Question, said: str) -> str | None:
    return _whole(question, said) or _by_number(question, said) or _by_likeness(question, said)


def _names(question: Question) -> dict[str, str]:
    """Everything each choice may be called, in its compared form, and the value it stands for."""
    known = (*question.choices, *question.more)
    names = {normal(choice.label): choice.value for choice in known}
    for choice in known:
        # What is written on a button outranks every other name.
        names.setdefault(normal(choice.value), choice.value)
        names.setdefault(_bare(normal(choice.label)), choice.value)
        nicknames = NICKNAMES[Platform(choice.value)] if question.kind == "platform" else ()
        for other in (*nicknames, *(normal(heard) for heard in choice.heard)):
            names.setdefault(other, choice.value)
    # “a pupil” for “A pupil, or several”, where no other choice begins like that.
    heads = [(normal(choice.label.partition(",")[0]), choice.value) for choice in known if "," in choice.label]
    for head, value in heads:
        if sum(label == head for label, _ in heads) == 1:
            names.setdefault(head, value)
            names.setdefault(_bare(head), value)
    return names


def _bare(said: str) -> str:
    """SAID without the little word in front that labels have, or people add."""
    return re.sub(r"^(?:a|an|the|my|i am|im|i)\s+", "", said)


def _whole(question: Question, said: str) -> str | None:
    names = _names(question)
    if found := names.get(said) or names.get(_bare(said)):
        return found
    for words, meant in ((_YES, "yes"), (_NO, "no"), (DONT_KNOW, "not_sure"), (RATHER_NOT, "rather_not_say")):
        if said in words and any(choice.value == meant for choice in question.choices):
            return meant
    return None


def _by_number(question: Question, said: str) -> str | None:
    found = _NUMBERED.fullmatch(said)
    position = int(found.group(1)) if found else 0
    return question.choices[position - 1].value if 0 < position <= len(question.choices) else None


def _by_likeness(question: Question, said: str) -> str | None:
    if not LONG_ENOUGH <= len(said) <= TOO_LONG:
        return None
    names = {name: value for name, value in _names(question).items() if len(name) >= LONG_ENOUGH}
    best: dict[str, float] = {}
    for name, score, _ in process.extract(said, list(names), scorer=fuzz.ratio, limit=None):
        best[names[name]] = max(best.get(names[name], 0.0), score)
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < ALIKE:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= AHEAD else None


def _hint(question: Question) -> str:
    labels = [f"“{choice.label}”" for choice in question.choices]
    return f"Please choose one of these, by its words or its number: {', '.join(labels)}."
