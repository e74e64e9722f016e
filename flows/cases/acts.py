"""What can be done about a case, by the name under which the audit keeps it, with what a reader of the record is told of each."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Doing(StrEnum):
    """The acts on a case that carry words, or that others than the clock do. The value is what stands in the audit."""

    OPENED = "case opened"
    TOLD = "person told"
    CARD_SENT = "card sent"
    CARD_ARRIVED = "card arrived"
    CARD_FAILED = "card not taken"
    CARD_MOVED = "card sent elsewhere"
    CARD_WITHDRAWN = "card withdrawn"
    NOBODY_REACHED = "nobody reached"
    VIEWED = "case viewed"
    ACKNOWLEDGED = "case acknowledged"
    TAKEN = "case taken"
    HANDED_ON = "case handed on"
    NOTE = "note written"
    URGENCY = "urgency changed"
    WROTE_TO_REPORTER = "reporter written to"
    STEP_DONE = "step done"
    STEP_UNDONE = "step not done"
    CONCERNS = "person concerned"
    STEPPED_ASIDE = "person stepped aside"
    ADDED = "words added"
    JOINED = "report added"
    CLOSED = "case closed"
    REOPENED = "case opened again"
    TRANSFERRED = "case transferred"
    LINKED = "case linked"
    UNLINKED = "link taken away"
    LOGGED = "report logged"
    HELD = "hold set"
    LIFTED = "hold lifted"
    EXPORTED = "case exported"
    DISCLOSED = "case disclosed"
    SUBJECT = "subject exported"
    PURGED = "case purged"
    ERASED = "case erased"


REPORTER, SIGNPOST = "the person who sent the report", "Signpost"


@dataclass(frozen=True, slots=True)
class Meaning:
    """How one act reads in a chronology: what was done and, where no person is named with it, who did it."""

    what: str
    who: str = SIGNPOST


MEANINGS = MappingProxyType(
    {
        Doing.OPENED: Meaning("Sent the report", REPORTER),
        Doing.TOLD: Meaning("Was told of the report"),
        Doing.CARD_SENT: Meaning("Was sent the card: nothing shows yet that it arrived"),
        Doing.CARD_ARRIVED: Meaning("Has the card"),
        Doing.CARD_FAILED: Meaning("Could not be sent the card at the first attempt"),
        Doing.CARD_MOVED: Meaning("Was sent the card at their next place as well"),
        Doing.CARD_WITHDRAWN: Meaning("Was not sent the card after all: they are away, or are not reached there any more"),
        Doing.NOBODY_REACHED: Meaning("Found that nobody who was told can be reached, and went on at once"),
        Doing.VIEWED: Meaning("Read the report"),
        Doing.ACKNOWLEDGED: Meaning("Acknowledged it"),
        Doing.TAKEN: Meaning("Took it"),
        Doing.HANDED_ON: Meaning("Handed it on"),
        Doing.NOTE: Meaning("Noted"),
        Doing.URGENCY: Meaning("Changed how urgent it is"),
        Doing.WROTE_TO_REPORTER: Meaning("Wrote to the person who sent the report"),
        Doing.STEP_DONE: Meaning("Ticked a step of the policy as done"),
        Doing.STEP_UNDONE: Meaning("Took the tick from a step of the policy: it is not done"),
        Doing.CONCERNS: Meaning("Said whom it concerns: they have no sight of it from here on"),
        Doing.STEPPED_ASIDE: Meaning("Stepped aside: it went to the next person"),
        Doing.ADDED: Meaning("Added to the report", REPORTER),
        Doing.JOINED: Meaning("Added to the report", REPORTER),
        Doing.CLOSED: Meaning("Closed it"),
        Doing.REOPENED: Meaning("Opened it again"),
        Doing.TRANSFERRED: Meaning("Moved it to the school's record system"),
        Doing.LINKED: Meaning("Linked it with another report"),
        Doing.UNLINKED: Meaning("Took away the link with another report"),
        Doing.LOGGED: Meaning("Wrote down a report for somebody who told them of it"),
        Doing.HELD: Meaning("Set a legal hold"),
        Doing.LIFTED: Meaning("Lifted the legal hold"),
        Doing.EXPORTED: Meaning("Took a copy of the record"),
        Doing.DISCLOSED: Meaning("Gave the record, or part of it, to somebody outside"),
        Doing.SUBJECT: Meaning("Took a copy of what the person who sent the report had said"),
        Doing.PURGED: Meaning("Destroyed the words: they had been kept as long as the school keeps them"),
        Doing.ERASED: Meaning("Erased the words"),
        "request approved": Meaning("Approved the request"),
        "request declined": Meaning("Declined the request"),
        "rung told before": Meaning("Went on: everybody on this step had been told before"),
        "holder left": Meaning("Went on: whoever had it does not hold that role any more"),
        "nobody to tell": Meaning("Found nobody to tell on this step, and went on to the next"),
        "reporter told to phone": Meaning("Told the person who sent the report to phone: nobody had it yet"),
        "whoever wrote it down told to phone": Meaning("Was told that nobody had it yet, and to speak to somebody who can act"),
        "reporter not written to: it is not safe": Meaning("Did not write to the person who sent the report: it is not safe"),
        "reporter says nothing has happened": Meaning("Said that nothing has happened", REPORTER),
    }
)
# Those who only looked, and what belongs to the keeping of the audit, stand apart from what was done.
LOOKS = frozenset({Doing.VIEWED})
BOOKKEEPING = frozenset({"details purged", "case written"})
COPIES = frozenset({Doing.EXPORTED, Doing.DISCLOSED, Doing.SUBJECT})

# In the details of a link: the id of the other case. Only a reader who may see that one is told of the link, by its reference.
OTHER = "other"

# What of an act's details a reader of the record is shown. Whatever is not named here stays in the audit: who a case concerns is.
SHOWN = MappingProxyType(
    {
        "text": "",
        "step": "Step",
        "reason": "Reason",
        "action": "Action",
        "decision": "Decision",
        "ending": "Outcome",
        "before": "Before",
        "severity": "Urgency",
        "to": "To",
        "what": "What",
        "form": "Form",
        "through": "Through",
        "why": "Because",
        "recorded_as": "Recorded as",
        "with": "With",
        "opened": "Opened",
    }
)


def note(text: str, of: str | None = None) -> str:
    """The details of a note, new or, with OF, a later version of the one that was given that key. Earlier versions stay."""
    return json.dumps({"note": of or uuid.uuid4().hex, "text": text}, ensure_ascii=False)


def told(**what: str | None) -> str:
    """The details of an act; what is None is left out. The names are those of `SHOWN`."""
    if unknown := what.keys() - SHOWN.keys():
        raise ValueError(f"Nobody would be shown {', '.join(sorted(unknown))}: name it in SHOWN.")
    return json.dumps({name: value for name, value in what.items() if value is not None}, ensure_ascii=False)


def not_taken(why: str) -> str:
    """A kind of failure in the words of a chronology."""
    return {"refused": "it was refused there", "perhaps shown": "no answer came; it may have arrived"}.get(why, "it was not taken")
