"""A Reply as Telegram shows it: plain text in parts it accepts, bold by position and never by markup, buttons below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from bot.channels.telegram.buttons import CHOSEN, data
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
    """One message. `bold` and `italic` are (offset, length) in UTF-16 units, as Telegram counts them."""

    text: str = field(repr=False)
    bold: tuple[tuple[int, int], ...] = ()
    italic: tuple[tuple[int, int], ...] = ()
    rows: Rows = field(default=(), repr=False)


def parts(reply: Reply, notice: str = "", school: str = "") -> tuple[Part, ...]:
    """REPLY as the messages it takes, NOTICE in italics at its end. SCHOOL is named where a bot serves several.

    No text is ever read as markup: whatever somebody wrote stays as they wrote it.
    """
    text, bold, italic = _composed(reply, notice)
    units = list(accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in text), initial=0))
    done = [
        Part(text[start:end], _within(bold, start, end, units), _within(italic, start, end, units))
        for start, end in _cuts(text, units)
    ]
    if done and reply.choices:
        last = done[-1]
        done[-1] = Part(last.text, last.bold, last.italic, rows(reply, school))
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


def _composed(reply: Reply, notice: str) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
    """The whole text, and where in it, by letter, it is bold and italic."""
    bold: list[tuple[int, int]] = []
    italic: list[tuple[int, int]] = []
    text = reply.title.strip()
    if text:
        bold.append((0, len(text)))
    if words := reply.text.strip():
        text = _joined(text, words)
    for number, (label, value) in enumerate(reply.facts):
        line = f"{label}: {value.rstrip()}"
        text = f"{text}\n{line}" if number else _joined(text, line)
        bold.append((len(text) - len(line), len(text) - len(line) + len(label) + 1))
    if _listed(reply):
        text = _joined(text, "\n".join(f"{number}. {choice.label.strip()}" for number, choice in enumerate(reply.choices, 1)))
    if notice:
        text = _joined(text, notice)
        italic.append((len(text) - len(notice), len(text)))
    return text, bold, italic


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
