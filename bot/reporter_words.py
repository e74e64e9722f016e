"""What the person who sent a report reads of it, in the words of `[reporter_words]` in school.toml; in ours otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType

from bot import wording_sent

LONGEST = 600  # letters of one sentence: it has to fit on a lock screen's first look


@dataclass(frozen=True, slots=True)
class ReporterWords:
    """The sentences by what has happened. `replies` are the two that whoever has a report can send without typing."""

    seen: str = wording_sent.SEEN
    taken: str = "Your report {reference} was seen {when} by {role}, who is dealing with it."
    stands: str = wording_sent.STATUS_SEEN
    update: str = wording_sent.UPDATE
    overdue: str = wording_sent.OVERDUE
    closed: str = wording_sent.STATUS_CLOSED
    reopened: str = "The school has opened your report {reference} again."
    message: str = "From {role}, about your report {reference}:"
    replies: tuple[str, str] = (
        (
            "Thank you for telling us. What you wrote has been read, and somebody at the school is looking into it. Not everything "
            "that follows can be told to you. If anything changes for you, please say so here."
        ),
        "Thank you for telling us. May we ask you something about it? Please say when, and how, it would suit you to speak.",
    )


OURS = ReporterWords()
# What stands in the place of each mark, and which of them a sentence has to have: somebody may have sent several reports.
MARKS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "seen": frozenset({"reference", "when", "role"}),
        "taken": frozenset({"reference", "when", "role"}),
        "stands": frozenset({"reference", "when"}),
        "update": frozenset({"day"}),
        "overdue": frozenset({"day"}),
        "closed": frozenset({"reference"}),
        "reopened": frozenset({"reference"}),
        "message": frozenset({"reference", "role"}),
        "replies": frozenset(),
    }
)
NEEDED = MappingProxyType(
    {
        "reference": "does not say which report it is. Write {reference} where its reference is to stand.",
        "day": "does not say by when. Write {day} where the day is to stand.",
    }
)


def problem(key: str, sentence: str) -> str:
    """What is wrong with SENTENCE in the place of KEY, with what to write instead; nothing when it is right."""
    known = MARKS[key]
    allowed = " or ".join(f"{{{mark}}}" for mark in sorted(known)) or "no mark in braces"
    try:
        # A mark is a name and nothing more: “{when:…}” is no mark we know, so that it is refused here and not when it is said.
        parts = [(name, extra or turned) for _, name, extra, turned in Formatter().parse(sentence) if name is not None]
    except ValueError:
        return f"has a brace without its other half. Write {allowed}, or leave braces out."
    marks = {f"{name}:…" if more else name for name, more in parts}
    if unknown := sorted(marks - known):
        return f"names {{{unknown[0]}}}, which nothing stands for there. Write {allowed}."
    if missing := [remedy for mark, remedy in NEEDED.items() if mark in known - marks]:
        return missing[0]
    if not sentence.strip():
        return "is empty. Write what the person who sent the report is to read, or leave the line out."
    if len(sentence) > LONGEST:
        return f"has {len(sentence)} letters. Write at most {LONGEST}."
    return ""
