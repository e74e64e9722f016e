"""Reads a conversation written as people talk, plays it to the real bot, and writes down what was really said.

    A line before the first person speaks    is for the reader.
    School: trent                            among them: which school it is, where it is not Rosebrook.
    With: Office (office), Tech (it)         among them: who holds further roles there.
    Parent: someone keeps adding my son      is typed by that person.
    Parent presses: Yes                      is a button.
    Parent presses an old button: Yes        is that button where it was shown first, further up.
    Parent sends it again                    is the same message once more, as a phone without signal sends it.
    Parent changes it to: three times        edits what was typed last.
    Parent sends a picture                   is anything that is not words.
    (3 hours pass)                           moves the clock.
    (the bot stops and starts)               is a restart.
    (the command line gives Teacher the role dsl)  is what whoever looks after Signpost does; "takes … from Teacher" takes it away.
    Signpost to Parent:                      and the indented lines below it are what must come back, word for word.

Random references are written SP-*****. `WRITE_CONVERSATIONS=1 pytest tests/bot/test_conversations.py` writes the answers anew,
for a person to read and sign off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.channel import numbered
from bot.messages import Reply
from flows.cases.case import ALPHABET
from tests.talk import Talk

TYPED = re.compile(r"^([A-Z][a-z]+): (.*)$")
PRESSED = re.compile(r"^([A-Z][a-z]+) presses: (.*)$")
OLD = re.compile(r"^([A-Z][a-z]+) presses an old button: (.*)$")
AGAIN = re.compile(r"^([A-Z][a-z]+) sends it again$")
CHANGED = re.compile(r"^([A-Z][a-z]+) changes it to: (.*)$")
PICTURE = re.compile(r"^([A-Z][a-z]+) sends a picture$")
PASSES = re.compile(r"^\((\d+) (second|minute|hour|day)s? pass(?:es)?\)$")
RESTART = "(the bot stops and starts)"
STAFFED = re.compile(
    r"^\(the command line (?:gives ([A-Z][a-z]+) the role ([a-z_]+)|takes the role ([a-z_]+) from ([A-Z][a-z]+))\)$"
)
ACTS = (TYPED, PRESSED, OLD, AGAIN, CHANGED, PICTURE, PASSES, STAFFED)
SCHOOL = re.compile(r"^School: ([a-z-]+)$")
WITH = re.compile(r"([A-Z][a-z]+) \(([a-z_]+)\)")
HEARD = re.compile(r"^Signpost to ")
REFERENCE = re.compile(rf"SP-[{ALPHABET}]{{5}}")
CODE = re.compile(rf"(confirm [a-z_]+|not right [a-z_]+) ([{ALPHABET}]{{5}})\b")  # by which a new role is confirmed
LAST_CODE = "CODE"  # in what a person types: the code that was given last
LAST = "SP-LAST"  # in what a person types: the reference that was given last


@dataclass(frozen=True)
class Script:
    """One file: its heading, and what people do."""

    heading: tuple[str, ...]
    acts: tuple[str, ...]
    text: str

    @property
    def school(self) -> str:
        """The school it happens at."""
        return next((found[1] for line in self.heading if (found := SCHOOL.match(line))), "rosebrook")

    @property
    def cast(self) -> dict[str, tuple[str, ...]]:
        """Who holds a role there besides those who always do."""
        return {name: (role,) for line in self.heading if line.startswith("With: ") for name, role in WITH.findall(line)}


def read(path: Path) -> Script:
    """The script in PATH."""
    text = path.read_text(encoding="utf-8")
    heading: list[str] = []
    acts: list[str] = []
    for line in text.splitlines():
        if not acts and line.startswith(("School: ", "With: ")):
            heading.append(line)
        elif line == RESTART or any(form.match(line) for form in ACTS):
            acts.append(line)
        elif not acts and line.strip() and not HEARD.match(line) and not line.startswith(" "):
            heading.append(line)
    if not heading or not acts:
        raise ValueError(f"{path}: a conversation needs a heading and somebody who says something.")
    return Script(tuple(heading), tuple(acts), text)


def write(path: Path, went: str) -> None:
    """Put down what was really said, for a person to read."""
    path.write_text(went, encoding="utf-8")


async def play(script: Script, talk: Talk) -> str:
    """The whole conversation as it really went, in the form of the file."""
    lines = [*script.heading, ""]
    last = code = ""
    for act in script.acts:
        lines.append(act)
        before = len(talk.channel.sent)
        await _do(act.replace(LAST, last).replace(LAST_CODE, code), talk)
        _put_in_order(talk, before)
        for name, replies in await _heard(talk):
            lines.append(f"Signpost to {name}:")
            for reply in replies:
                shown = numbered(reply)
                if found := REFERENCE.findall(shown):
                    last = found[-1]
                if codes := CODE.findall(shown):
                    code = codes[-1][1]
                hidden = CODE.sub(r"\1 *****", REFERENCE.sub("SP-*****", shown))
                lines += [f"    {line}".rstrip() for line in hidden.splitlines()]
                lines.append("")
            lines.pop()
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _put_in_order(talk: Talk, before: int) -> None:
    """Two cards that fall due at the same moment may arrive either way round; here they stand in the order of their words."""
    arrived = talk.channel.sent[before:]
    cards = [(at, one) for at, one in enumerate(arrived) if one.reply.title and one.reply.about.startswith("case:")]
    for place in {one.to.place for _, one in cards}:
        here = [(at, one) for at, one in cards if one.to.place == place]
        ordered = sorted((one for _, one in here), key=lambda one: REFERENCE.sub("", numbered(one.reply)), reverse=True)
        for (at, _), one in zip(here, ordered, strict=True):
            talk.channel.sent[before + at] = one


async def _do(act: str, talk: Talk) -> None:
    if act == RESTART:
        await talk.restarts()
    elif (passes := PASSES.match(act)) is not None:
        await talk.passes(**{f"{passes[2]}s": float(passes[1])})
    elif (staffed := STAFFED.match(act)) is not None:
        await talk.staffs(staffed[1] or staffed[4], staffed[2] or staffed[3], take=staffed[3] is not None)
    elif (pressed := PRESSED.match(act)) is not None:
        voice = talk[pressed[1]]
        reply, choice = voice.button(pressed[2])
        await talk.send(voice.name, choice.value, about=reply.about, pressed=True)
    elif (old := OLD.match(act)) is not None:
        await _press_old(talk, old[1], old[2])
    elif (again := AGAIN.match(act)) is not None:
        last = talk.last[again[1]]
        await talk.send(again[1], last.text, message_id=last.id, about=last.about, pressed=last.pressed)
    elif (changed := CHANGED.match(act)) is not None:
        await talk.send(changed[1], changed[2], edited=True)
    elif (picture := PICTURE.match(act)) is not None:
        await talk.send(picture[1], "", attachments=("image",))
    elif (typed := TYPED.match(act)) is not None:
        await talk.send(typed[1], typed[2])
    await talk.settled()


async def _press_old(talk: Talk, name: str, label: str) -> None:
    """Press LABEL under the first thing that showed it."""
    shown = ((reply, one) for reply in talk.channel.at(name) for one in reply.choices if one.label == label)
    reply, choice = next(shown)
    await talk.send(name, choice.value, about=reply.about, pressed=True)


async def _heard(talk: Talk) -> list[tuple[str, list[Reply]]]:
    places = dict.fromkeys(sent.to.place for sent in talk.channel.sent)
    heard = [(place, await talk[place].reads()) for place in places]
    return [(place, replies) for place, replies in heard if replies]
