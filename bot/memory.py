"""What the bot remembers of a conversation between two messages: the draft, and a few words for the next turn."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from bot.messages import IncomingMessage
from bot.turn import Kept, Outcome
from flows.engine import Progress, Setting, Vanished

OFFERED = "offered"  # the buttons last shown outside a report, so that "2" or a label typed means the button


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as it stands between two messages."""

    progress: Progress | None = None
    memory: dict[str, str] = field(default_factory=dict, repr=False)
    lost: Vanished | None = None  # a report that could not be carried on: said once, with everything the person had said

    def written(self) -> str:
        """As it is sealed into the conversation's row."""
        draft = self.progress.to_json() if self.progress is not None else None
        return json.dumps({"progress": draft, "memory": self.memory}, ensure_ascii=False)


def recall(state: str | None, setting: Setting) -> Talk:
    """The Talk that STATE holds, at a school and in a channel as SETTING says; a conversation that never spoke has none."""
    if state is None:
        return Talk()
    kept = json.loads(state)
    if kept["progress"] is None:
        return Talk(None, kept["memory"])
    draft = Progress.from_json(kept["progress"], setting)
    return Talk(None, kept["memory"], draft) if isinstance(draft, Vanished) else Talk(draft, kept["memory"])


def after(talk: Talk, outcome: Outcome) -> Talk:
    """TALK as it stands once OUTCOME is recorded."""
    progress = talk.progress if isinstance(outcome.progress, Kept) else outcome.progress
    memory = talk.memory if isinstance(outcome.memory, Kept) else outcome.memory
    return Talk(progress, memory)


def as_pressed(message: IncomingMessage, talk: Talk) -> IncomingMessage:
    """MESSAGE as the button it names by number or by label, when buttons were shown and no report is open."""
    if message.pressed or message.edited or talk.progress is not None or OFFERED not in talk.memory:
        return message
    wish = message.text.strip().casefold()
    for number, (label, value, about) in enumerate(json.loads(talk.memory[OFFERED]), 1):
        if wish in (str(number), label.casefold()):
            return replace(message, text=value, about=about, pressed=True)
    return message


def offered(outcome: Outcome, memory: dict[str, str]) -> dict[str, str]:
    """MEMORY with the buttons that OUTCOME shows, in the order a person would count them."""
    buttons = [(choice.label, choice.value, reply.about) for reply in outcome.replies for choice in reply.choices]
    kept = {key: value for key, value in memory.items() if key != OFFERED}
    return {**kept, OFFERED: json.dumps(buttons, ensure_ascii=False)} if buttons else kept
