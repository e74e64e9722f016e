"""A Reply as Slack shows it: blocks within Slack's limits, every sign of its markup escaped, the choices as buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cutting import pieces
from bot.messages import Choice, Reply
from bot.paging import short
from bot.wording_slack import NEWS

Block = Mapping[str, Any]

# Slack's limits, in UTF-16 units. The last is in no manual: somewhat above 11,000 signs in all blocks together are refused.
SECTION, TITLE, LABEL, VALUE, ELEMENTS = 3000, 150, 75, 2000, 25
BLOCKS, MESSAGE = 40, 9000
MOST_BUTTONS, LONGEST_SCHOOL = 100, 60

CARD = "case:"  # about: a card or a page about a case. Its buttons stay until the outbox changes it.
_CHOICES = "choices"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_URL = re.compile(r"https?://[^\s<>|\"“”]*[^\s<>|\"“”.,;:!?)\]’]")


@dataclass(frozen=True, slots=True)
class Said:
    """One message to Slack. `text` is what a lock screen shows: never what was written in a report."""

    text: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)


def messages(reply: Reply, school: str = "") -> tuple[Said, ...]:
    """REPLY as the messages it takes, the buttons below the last. SCHOOL goes along with each, where several share a workspace."""
    heading, listed = _heading(reply.title), _listed(reply)
    done: list[list[Block]] = [[heading] if heading else []]
    room = MESSAGE - _length(reply.title)
    for part in pieces(_body(reply, listed=listed, titled=heading is not None), SECTION, size):
        section = _section(part)
        length = _length(section["text"]["text"])
        if done[-1] and (length > room or len(done[-1]) >= BLOCKS):
            done.append([])
            room = MESSAGE
        room -= length
        done[-1].append(section)
    done[-1] += _actions(reply, school, listed=listed)
    notice = notification(reply)
    return tuple(Said(notice, tuple(blocks) or (_section("…"),)) for blocks in done)


def notification(reply: Reply) -> str:
    """What may stand on a lock screen: the title of a card, which holds a reference and no more, or that there is something."""
    return escaped(short(reply.title, TITLE)) if reply.title and reply.about.startswith(CARD) else NEWS


def pressed(blocks: Sequence[Block], label: str) -> tuple[Block, ...]:
    """BLOCKS of a message once its button LABEL was pressed: what was chosen stands there, and nothing can be pressed."""
    kept = tuple(block for block in blocks if block.get("type") != "actions")
    chosen = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"✓ {escaped(label)}", "verbatim": True}]}
    return (*kept, chosen)


def asked(text: str, about: str, value: str, schools: Mapping[str, str]) -> Said:
    """The question which of SCHOOLS (name -> title) is meant: each button means the same VALUE there."""
    buttons = [_button(title, _value(school, about, value), number) for number, (school, title) in enumerate(schools.items(), 1)]
    return Said(NEWS, (_section(text), *_rows(buttons)))


def armed(value: str) -> tuple[str, str, str]:
    """(school, about, value) as they were put into a button."""
    school, _, rest = value.partition("\n")
    about, _, meant = rest.partition("\n")
    return school, about, meant


def escaped(text: str) -> str:
    """TEXT so that Slack reads no name, link or call to everybody into it."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def size(letter: str) -> int:
    """How much of a section LETTER takes once it is escaped."""
    return len(_ESCAPES.get(letter, letter)) + (ord(letter) > 0xFFFF)


def _length(text: str) -> int:
    return sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)


def _body(reply: Reply, *, listed: bool, titled: bool) -> str:
    parts = [] if titled else [reply.title.strip()]
    parts.append(reply.text.strip())
    parts.append("\n".join(f"{label}: {value}" for label, value in reply.facts))
    if listed:
        parts.append("\n".join(f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, 1)))
    return "\n\n".join(part for part in parts if part)


def _heading(title: str) -> Block | None:
    """TITLE as a heading; None where there is none, or where it is too long for one and stands in the text."""
    if not title.strip() or _length(title) > TITLE:
        return None
    return {"type": "header", "text": {"type": "plain_text", "text": title.strip(), "emoji": False}}


def _section(text: str) -> dict[str, Any]:
    # `verbatim`: Slack must not make names and channels out of words. Links are ours to mark.
    return {"type": "section", "text": {"type": "mrkdwn", "text": _linked(text) or " ", "verbatim": True}}


def _linked(text: str) -> str:
    done, at = [], 0
    for found in _URL.finditer(text):
        done += [escaped(text[at : found.start()]), f"<{escaped(found[0])}>"]
        at = found.end()
    marked = "".join([*done, escaped(text[at:])])
    return marked if _length(marked) <= SECTION else escaped(text)


def _listed(reply: Reply) -> bool:
    """Whether the labels must also stand in the text, numbered: a button cannot hold one of them, or there are too many."""
    return len(reply.choices) > MOST_BUTTONS or any(
        len(choice.label) > LABEL or not _carried(reply, choice) for choice in reply.choices
    )


def _carried(reply: Reply, choice: Choice) -> bool:
    """Whether a button can carry CHOICE, with the longest name that a school may have."""
    return _length(_value("", reply.about, choice.value)) <= VALUE - LONGEST_SCHOOL


def _actions(reply: Reply, school: str, *, listed: bool) -> Iterator[Block]:
    return _rows(
        [
            _button(f"{number}. {choice.label}" if listed else choice.label, _value(school, reply.about, choice.value), number)
            for number, choice in enumerate(reply.choices[:MOST_BUTTONS], 1)
            if _carried(reply, choice)  # what no button can carry is typed: its number stands in the text
        ]
    )


def _rows(buttons: Sequence[Block]) -> Iterator[Block]:
    for start in range(0, len(buttons), ELEMENTS):
        yield {"type": "actions", "block_id": f"{_CHOICES}-{start}", "elements": buttons[start : start + ELEMENTS]}


def _button(label: str, value: str, number: int) -> Block:
    text = {"type": "plain_text", "text": short(label.strip() or "…", LABEL), "emoji": False}
    return {"type": "button", "action_id": f"choice-{number}", "text": text, "value": value}


def _value(school: str, about: str, value: str) -> str:
    return f"{school}\n{about}\n{value}"
