"""What the bot remembers of a conversation between two messages: the draft, and a few words for the next turn."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.messages import REPLY, IncomingMessage, Reply
from bot.turn import Kept, Outcome
from flows.engine import Progress, Setting, Vanished

OFFERED = "offered"  # the buttons last shown outside a report, so that "2" or a label typed means the button
DRAFT = "draft"  # memory: a report put aside, as it stood
ADDING = "adding"  # memory: what is being added to a report that was sent, until it is kept or given up
REMINDER = "draft:"  # about: the buttons of a reminder, followed by the id of the report they belong to


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as it stands between two messages."""

    progress: Progress | None = None
    memory: dict[str, str] = field(default_factory=dict, repr=False)
    lost: Vanished | None = None  # a report that could not be carried on: said once, with everything the person had said
    unread: str | None = field(default=None, repr=False)  # that report, as it was sealed
    since: dict[str, datetime] = field(default_factory=dict)  # since when what is kept here has been left alone
    reminded: tuple[str, ...] = ()  # the reports that the person was reminded of
    owed: tuple[Reply, ...] = field(default=(), repr=False)  # to be said as soon as the person writes again, and not before

    def written(self) -> str:
        """As it is sealed into the conversation's row."""
        kept = {
            "progress": self.progress.to_json() if self.progress is not None else self.unread,
            "memory": self.memory,
            "since": {key: at.isoformat() for key, at in self.since.items()},
            "reminded": self.reminded,
            "owed": [REPLY.dump_python(reply) for reply in self.owed],
        }
        return json.dumps(kept, ensure_ascii=False)


def recall(state: str | None, setting: Setting) -> Talk:
    """The Talk that STATE holds, at a school and in a channel as SETTING says; a conversation that never spoke has none."""
    if state is None:
        return Talk()
    kept = json.loads(state)
    talk = Talk(
        memory=kept["memory"],
        since={key: datetime.fromisoformat(at) for key, at in kept.get("since", {}).items()},
        reminded=tuple(kept.get("reminded", ())),
        owed=tuple(REPLY.validate_python(reply) for reply in kept.get("owed", ())),
    )
    if kept["progress"] is None:
        return talk
    draft = Progress.from_json(kept["progress"], setting)
    return replace(talk, lost=draft, unread=kept["progress"]) if isinstance(draft, Vanished) else replace(talk, progress=draft)


def after(talk: Talk, outcome: Outcome) -> Talk:
    """TALK as it stands once OUTCOME is recorded, and what was lost or owed is said."""
    progress = talk.progress if isinstance(outcome.progress, Kept) else outcome.progress
    memory = talk.memory if isinstance(outcome.memory, Kept) else outcome.memory
    return replace(talk, progress=progress, memory=memory, lost=None, unread=None, owed=())


def as_pressed(message: IncomingMessage, talk: Talk) -> IncomingMessage:
    """MESSAGE as the button it names by number or by label, when buttons were shown that belong to no question of a report."""
    if message.pressed or message.edited or OFFERED not in talk.memory:
        return message
    wish = message.text.strip().casefold()
    for number, (label, value, about) in enumerate(json.loads(talk.memory[OFFERED]), 1):
        if talk.progress is not None and not about.startswith(REMINDER):
            return message  # while a report is open, what is typed answers its question, unless it was reminded of just now
        if wish in (str(number), label.casefold()):
            return replace(message, text=value, about=about, pressed=not about.startswith(REMINDER))
    return message


def offered(outcome: Outcome, memory: dict[str, str]) -> dict[str, str]:
    """MEMORY with the buttons that OUTCOME shows, in the order a person would count them."""
    buttons = [(choice.label, choice.value, reply.about) for reply in outcome.replies for choice in reply.choices]
    kept = {key: value for key, value in memory.items() if key != OFFERED}
    return {**kept, OFFERED: json.dumps(buttons, ensure_ascii=False)} if buttons else kept
