"""A Reply as Teams shows it: cards within Teams' limits, nothing in them read as markup, the choices as buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from microsoft_teams.cards import ActionSet, AdaptiveCard, CardElement, ExecuteAction, OpenUrlAction, RichTextBlock, TextRun
from microsoft_teams.cards import TeamsCardProperties as Width

from bot.cutting import pieces
from bot.messages import Choice, Reply
from bot.paging import short
from bot.wording_teams import NEWS

# Teams refuses a message of over 100,000 bytes of UTF-16, and asks for less than 80,000. A byte here is two there, at most.
TEXT, BUTTONS = 15_000, 9_000  # bytes
PIECE = 5_000  # bytes: a paragraph longer than this is cut between sentences
LABEL, MOST_BUTTONS = 48, 60  # letters that Teams shows of a button before it cuts it off, without a word
IN_A_ROW, ROW_WIDTH = 4, 40  # letters: what a telephone shows side by side without cutting a label

VERB = "choose"
CARD = "case:"  # about: a card or a page about a case. Its buttons stay until the outbox changes it.
VERSION = "1.4"  # of the cards; the first that knows Action.Execute
_BLOCK, _ACTION = 110, 150  # bytes that go along with each block and each button, at most
_OPENING = re.compile(r"\{(?=\{)")
_URL = re.compile(r"https?://[^\s<>|\"“”]*[^\s<>|\"“”.,;:!?)\]’]")


@dataclass(frozen=True, slots=True)
class Said:
    """One message to Teams. `notice` is what a lock screen shows: never what was written in a report."""

    notice: str = field(repr=False)
    card: AdaptiveCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str = field(repr=False)
    label: str = field(default="", repr=False)
    title: bool = False
    apart: bool = False  # the first line of a paragraph

    @property
    def size(self) -> int:
        links = len(_URL.findall(self.text)) * 3  # a link cuts its line in up to three
        return (
            _BLOCK * (1 + links) + _bytes(self.label) + 2 * _bytes(self.text) if links else _BLOCK + _bytes(self.label + self.text)
        )


def messages(reply: Reply, school: str = "") -> tuple[Said, ...]:
    """REPLY as the messages it takes, the buttons below the last. SCHOOL goes along with each, where several share one."""
    buttons = _buttons(reply, school)
    parts = _parts(reply, listed=_listed(reply, len(buttons)))
    shown = [tuple(map(_block, part)) for part in parts]
    return tuple(
        _said(reply, (*blocks, *_rows(buttons)) if number == len(shown) else blocks) for number, blocks in enumerate(shown, 1)
    )


def pressed(reply: Reply, value: str) -> AdaptiveCard | None:
    """The card that REPLY ended with, once its choice VALUE was pressed: that stands below, and nothing can be pressed.

    None where REPLY offers no such choice.
    """
    label = next((choice.label for choice in reply.choices if choice.value == value), None)
    if label is None:
        return None
    listed = _listed(reply, len(_buttons(reply, "")))
    chosen = _Line(f"✓ {short(label.strip(), LABEL)}", apart=True)
    return _said(reply, tuple(map(_block, (*_parts(reply, listed=listed)[-1], chosen)))).card


def asked(text: str, about: str, value: str, schools: Mapping[str, str]) -> Said:
    """The question which of SCHOOLS (name -> title) is meant: each button means the same VALUE there."""
    buttons = [_button(Choice(title, value), about, school) for school, title in schools.items()]
    return _card(NEWS, (_block(_Line(text)), *_rows(buttons)))


def plain(text: str) -> Said:
    """TEXT and nothing else, with itself as its notice: for what anybody may read."""
    return _card(text, (_block(_Line(text)),))


def notification(reply: Reply) -> str:
    """What may stand on a lock screen: the title of a card, which holds a reference and no more, or that there is something."""
    return short(reply.title, 150) if reply.title and reply.about.startswith(CARD) else NEWS


def _said(reply: Reply, body: Sequence[CardElement]) -> Said:
    return _card(notification(reply), body)


def _card(notice: str, body: Sequence[CardElement]) -> Said:
    card = AdaptiveCard(version=VERSION, body=list(body), fallback_text=notice, msteams=Width(width="full"))
    return Said(notice, card)


def _parts(reply: Reply, *, listed: bool) -> list[list[_Line]]:
    """The lines of each message."""
    parts: list[list[_Line]] = [[]]
    room = TEXT
    for line in _lines(reply, listed=listed):
        if parts[-1] and line.size > room:
            parts.append([])
            room = TEXT
        parts[-1].append(line)
        room -= line.size
    if not parts[-1]:
        parts[-1].append(_Line("…"))
    return parts


def _lines(reply: Reply, *, listed: bool) -> Iterator[_Line]:
    if title := reply.title.strip():
        yield from _cut(_Line(title, title=True))
    if text := reply.text.strip():
        yield from _paragraphs(text)
    for number, (label, value) in enumerate(reply.facts):
        yield from _cut(_Line(value.strip(), f"{label}: ", apart=not number))
    if listed:
        for number, choice in enumerate(reply.choices, 1):
            yield from _cut(_Line(f"{number}. {choice.label.strip()}", apart=number == 1))


def _paragraphs(text: str) -> Iterator[_Line]:
    apart = True
    for line in text.splitlines():
        if line.strip():
            yield from _cut(_Line(line.rstrip(), apart=apart))
        apart = not line.strip()


def _cut(line: _Line) -> Iterator[_Line]:
    """LINE in pieces that fit a message, the label before the first."""
    first = True
    for piece in pieces(line.text, PIECE, _bytes) if line.text else ("",):
        yield replace(line, text=piece.strip(), label=line.label if first else "", apart=line.apart and first)
        first = False


def _block(line: _Line) -> RichTextBlock:
    """LINE as text that no client reads as markup: only a TextBlock is, and there is none in our cards."""
    weight = "Bolder" if line.title else None
    runs = [TextRun(text=_literal(line.label), weight="Bolder")] if line.label else []
    at = 0
    for found in _URL.finditer(line.text):
        if found.start() > at:
            runs.append(TextRun(text=_literal(line.text[at : found.start()]), weight=weight))
        runs.append(TextRun(text=_literal(found[0]), select_action=OpenUrlAction(url=found[0])))
        at = found.end()
    if at < len(line.text) or not runs:
        runs.append(TextRun(text=_literal(line.text[at:]) or " ", weight=weight, size="Medium" if line.title else None))
    return RichTextBlock(inlines=[*runs], spacing="Default" if line.apart or line.title else "None")


def _literal(text: str) -> str:
    """TEXT as it is: {{DATE(…)}} would be worked out, even where nothing else is."""
    return _OPENING.sub("{\u2060", text)


def _bytes(text: str) -> int:
    """How much of a message TEXT takes; what JSON has to write in another way counts as that."""
    return sum(len(letter.encode()) if letter >= " " and letter not in '"\\' else 6 for letter in text)


def _listed(reply: Reply, buttons: int) -> bool:
    """Whether the labels must also stand in the text, numbered: a button cannot hold one of them, or there are too many."""
    return buttons < len(reply.choices) or any(len(choice.label) > LABEL for choice in reply.choices)


def _buttons(reply: Reply, school: str) -> list[ExecuteAction]:
    """As many as a message can hold; what is left over is typed, and its number stands in the text."""
    done: list[ExecuteAction] = []
    room = BUTTONS
    numbered = any(len(choice.label) > LABEL for choice in reply.choices)
    for number, choice in enumerate(reply.choices[:MOST_BUTTONS], 1):
        shown = replace(choice, label=f"{number}. {choice.label}") if numbered else choice
        room -= _ACTION + _bytes(reply.about + choice.value + school) + 4 * min(len(shown.label), LABEL)
        if room < 0:
            break
        done.append(_button(shown, reply.about, school))
    return done


def _button(choice: Choice, about: str, school: str) -> ExecuteAction:
    data = {"about": about, "value": choice.value, **({"school": school} if school else {})}
    return ExecuteAction(title=short(choice.label.strip() or "…", LABEL), verb=VERB, data=data)


def _rows(buttons: Sequence[ExecuteAction]) -> Iterator[ActionSet]:
    """The buttons, long ones below each other, so that no client cuts a label or hides a button behind dots."""
    row: list[ExecuteAction] = []
    for button in buttons:
        letters = sum(len(each.title or "") + 3 for each in (*row, button))
        if row and (len(row) == IN_A_ROW or letters > ROW_WIDTH):
            yield ActionSet(actions=[*row], spacing="Small")
            row = []
        row.append(button)
    if row:
        yield ActionSet(actions=[*row], spacing="Small")
