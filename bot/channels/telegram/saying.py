"""A Reply as Telegram shows it: plain text in parts it accepts, bold by position and never by markup, buttons below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from bot.channels.telegram.buttons import CHOSEN, data
from bot.lock_screen import clock, covers, rest
from bot.messages import Reply
from bot.paging import short

MOST = 4096  # UTF-16 units in one message, which is how Telegram counts
MOST_BUTTONS = 100
LABEL = 48  # letters that a phone shows of a button with a row to itself
IN_A_ROW, ROW_WIDTH = 3, 30

Rows = tuple[tuple[tuple[str, str], ...], ...]  # rows of (what stands on the button, what it carries)

# Where a long answer is cut, the best first: between paragraphs, lines, sentences, words.
_BREAKS = (re.compile(r"\n\n+"), re.compile(r"\n+"), re.compile(r"(?<=[.!?…])[\"”’)]*\s+"), re.compile(r"\s+"))
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Part:
    """One message. What is bold, italic, or covered until it is tapped, as (offset, length) in the UTF-16 units of Telegram."""

    text: str = field(repr=False)
    bold: tuple[tuple[int, int], ...] = ()
    italic: tuple[tuple[int, int], ...] = ()
    covered: tuple[tuple[int, int], ...] = ()
    rows: Rows = field(default=(), repr=False)


def parts(reply: Reply, notice: str = "", school: str = "") -> tuple[Part, ...]:
    """REPLY as the messages it takes, NOTICE in italics at its end. SCHOOL is named where a bot serves several.

    No text is ever read as markup: whatever somebody wrote stays as they wrote it.
    """
    whole = _composed(reply, notice)
    units = list(accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in whole.text), initial=0))
    done = [
        Part(
            whole.text[start:end],
            _within(whole.bold, start, end, units),
            _within(whole.italic, start, end, units),
            _within(whole.covered, start, end, units),
        )
        for start, end in _cuts(whole.text, units)
    ]
    if done and reply.choices:
        done[-1] = replace(done[-1], rows=rows(reply, school))
    return tuple(done)


def rows(reply: Reply, school: str = "") -> Rows:
    """The buttons of REPLY: short ones beside each other, the others in rows of their own."""
    done: list[list[tuple[str, str]]] = []
    for label, carried in _buttons(reply, school):
        row = done[-1] if done else []
        widest = max((len(each) for each, _ in [*row, (label, carried)]), default=0)
        if row and len(row) < IN_A_ROW and widest * (len(row) + 1) <= ROW_WIDTH:
            row.append((label, carried))
        else:
            done.append([(label, carried)])
    return tuple(tuple(row) for row in done)


def chosen(label: str) -> Rows:
    """What stays below a question that was answered by a button: what was chosen, with nothing behind it."""
    return (((f"✓ {label}", CHOSEN),),)


def units(text: str) -> int:
    """How long TEXT is to Telegram."""
    return sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)


def _buttons(reply: Reply, school: str) -> Iterator[tuple[str, str]]:
    listed = _listed(reply)
    for number, choice in enumerate(reply.choices[:MOST_BUTTONS], 1):
        label = choice.label.strip() or "…"
        yield short(f"{number}. {label}" if listed else label, LABEL), data(reply.about, choice.value, school)


def _listed(reply: Reply) -> bool:
    """Whether the labels must stand in the text, numbered: a phone would cut one of them, or there is no text to hang them on."""
    wordless = not (reply.title.strip() or reply.text.strip() or reply.facts)
    return wordless or len(reply.choices) > MOST_BUTTONS or any(len(choice.label) > LABEL for choice in reply.choices)


@dataclass(slots=True)
class _Composed:
    """The whole text as it grows, and where in it, by letter, it is bold, italic, and covered."""

    text: str = ""
    bold: list[tuple[int, int]] = field(default_factory=list)
    italic: list[tuple[int, int]] = field(default_factory=list)
    covered: list[tuple[int, int]] = field(default_factory=list)

    def paragraph(self, words: str) -> tuple[int, int]:
        """Add WORDS below what there is; from where to where they stand."""
        if words:
            self.text = _joined(self.text, words)
        return len(self.text) - len(words), len(self.text)

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Add FACTS, a line each, their labels in bold."""
        for number, (label, value) in enumerate(facts):
            line = f"{label}: {value.rstrip()}"
            self.text = f"{self.text}\n{line}" if number else _joined(self.text, line)
            start = len(self.text) - len(line)
            self.bold.append((start, start + len(label) + 1))


def _composed(reply: Reply, notice: str) -> _Composed:
    """REPLY as one text. Unasked, it shows a locked phone a reference and a clock; the rest is covered until somebody taps it."""
    done = _Composed()
    if title := reply.title.strip():
        done.bold.append(done.paragraph(title))
    if covers(reply):
        done.facts(clock(reply))
        above = len(done.text)
        done.facts(rest(reply))
        done.paragraph(reply.text.strip())
        done.covered.append((above, len(done.text)))
    else:
        done.paragraph(reply.text.strip())
        done.facts(reply.facts)
    if _listed(reply):
        done.paragraph("\n".join(f"{number}. {choice.label.strip()}" for number, choice in enumerate(reply.choices, 1)))
    if notice:
        done.italic.append(done.paragraph(notice))
    return done


def _joined(above: str, below: str) -> str:
    return f"{above}\n\n{below}" if above else below


def _cuts(text: str, before: list[int]) -> Iterator[tuple[int, int]]:
    """Where each message begins and ends. BEFORE holds the units before each letter."""
    start = len(text) - len(text.lstrip())  # Telegram leaves out the blanks at both ends, and would count from there
    while start < len(text):
        end = start
        while end < len(text) and before[end + 1] - before[start] <= MOST:
            end += 1
        if end < len(text):
            end = _break(text, start, end)
        stop = start + len(text[start:end].rstrip())
        if stop > start:
            yield start, stop
        start = end + len(text[end:]) - len(text[end:].lstrip())


def _break(text: str, start: int, end: int) -> int:
    """The best place before END to cut what begins at START; not in the first half, where a message would be a scrap."""
    half = start + (end - start) // 2
    for where in _BREAKS:
        if found := [match.end() for match in where.finditer(text, half, end)]:
            return found[-1]
    whole = end
    while whole > half and _belongs_to_the_one_before(text, whole):
        whole -= 1
    return whole if whole > half else end


def _belongs_to_the_one_before(text: str, at: int) -> bool:
    """Whether a cut at AT would tear one picture or accented letter in two."""
    letter = text[at]
    joined = letter == _JOINER or text[at - 1] == _JOINER
    return joined or bool(unicodedata.combining(letter)) or unicodedata.category(letter) in {"Mn", "Me", "Sk"}


def _within(spans: list[tuple[int, int]], start: int, end: int, before: list[int]) -> tuple[tuple[int, int], ...]:
    """Those SPANS that lie between START and END, in units from START."""
    cut = [(max(first, start), min(last, end)) for first, last in spans]
    return tuple((before[first] - before[start], before[last] - before[first]) for first, last in cut if first < last)
