"""The rows of the fault table, in its order: what is done, and where it cannot be done and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import coming_in, going_out, odd_things

Doing = Callable[[Path, str], Awaitable[str]]

NOBODY_WRITES = "nobody writes in by e-mail."
NOTHING_CALLED = "nothing is called: what is said lies where the page reads it."
A_TERMINAL = "a terminal is no service: it neither refuses nor waits."
TYPED_ONCE = "a line that was typed comes once, in its order."


@dataclass(frozen=True)
class Row:
    """One fault: its heading, what does it, and the columns it does not apply to, each with the reason."""

    heading: str
    does: Doing
    not_for: Mapping[str, str] = field(default_factory=dict)


ROWS: Mapping[str, Row] = {
    "429": Row("429 with Retry-After", going_out.too_many, {"web": NOTHING_CALLED, "console": A_TERMINAL}),
    "5xx": Row("5xx", going_out.broken, {"web": NOTHING_CALLED, "console": A_TERMINAL}),
    "reset": Row("The line is cut behind the request", going_out.reset, {"console": A_TERMINAL}),
    "hang": Row("No answer ever comes", going_out.hangs, {"console": A_TERMINAL}),
    "half": Row("The answer breaks off in the middle", going_out.half, {"console": A_TERMINAL}),
    "credentials": Row(
        "Wrong credentials", coming_in.credentials, {"console": "whoever sits at the machine is let in; nobody signs in."}
    ),
    "duplicate": Row(
        "The same delivery again", coming_in.duplicate, {"email": NOBODY_WRITES, "console": TYPED_ONCE}
    ),
    "order": Row("The second message first", coming_in.out_of_order, {"email": NOBODY_WRITES, "console": TYPED_ONCE}),
    "poison": Row(
        "Something that cannot be read, with a message behind it",
        odd_things.poison,
        {"email": NOBODY_WRITES, "console": "every line is words; there is nothing to be read out of it."},
    ),
    "edited": Row(
        "Somebody changes what they sent",
        coming_in.edited,
        {
            "email": NOBODY_WRITES,
            "web": "what was sent from the page cannot be changed there.",
            "console": "what was typed cannot be changed.",
        },
    ),
    "deleted": Row(
        "Somebody deletes what they sent",
        coming_in.deleted,
        {
            "telegram, asked": "Telegram tells no bot what is deleted.",
            "telegram, calling": "Telegram tells no bot what is deleted.",
            "email": NOBODY_WRITES,
            "web": "what was sent from the page cannot be deleted there.",
            "console": "what was typed cannot be deleted.",
        },
    ),
    "oversized": Row("Two million letters in one message", odd_things.oversized, {"email": NOBODY_WRITES}),
    "junk": Row("Junk, or a stranger", odd_things.junk),
    "restart": Row(
        "The bot is stopped in the middle of a send, and started again",
        going_out.restart,
        {"console": "the terminal is the bot: whoever types starts it again, and what was printed stays."},
    ),
}  # fmt: skip
