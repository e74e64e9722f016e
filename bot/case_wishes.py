"""What somebody who works on a case types: “note SP-7K2M4 …”, “close SP-7K2M4”, “log a report”. Pure: words in, a wish out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from flows.cases.case import ALPHABET


class Wish(StrEnum):
    """One form of the case work. The value is also what its button on a case's page means."""

    NOTE = "note"
    NOTES = "notes"
    WRITE = "write"
    CLOSE = "close"
    REOPEN = "reopen"
    LINK = "link"
    UNLINK = "unlink"


@dataclass(frozen=True, slots=True)
class Typed:
    """A wish as it was typed: about which case, with the WORDS after it, the NUMBER of a note, or the OTHER case it names."""

    wish: Wish
    reference: str
    words: str = field(default="", repr=False)
    number: int = 0
    other: str = ""


_CASE = rf"SP-?(?P<case>[{ALPHABET}]{{5}})\b"
_WORDS = r"\s*[:,–-]?\s*(?P<words>.*)"
_FORMS = (
    # The changed note first: “again” would otherwise be what is to be noted.
    (Wish.NOTE, rf"(?:change\s+)?note\s+{_CASE}\s+(?P<number>[0-9]{{1,3}})\s+again\b{_WORDS}"),
    (Wish.NOTE, rf"(?:change\s+)?note\s+(?P<number>[0-9]{{1,3}})\s+(?:of\s+)?{_CASE}\s+again\b{_WORDS}"),
    (Wish.NOTE, rf"(?:add\s+(?:a\s+)?)?note\s+(?:to\s+|on\s+|about\s+)?{_CASE}{_WORDS}"),
    (Wish.NOTES, rf"notes\s+(?:of\s+|on\s+|about\s+)?{_CASE}[.?!]?"),
    (Wish.WRITE, rf"(?:write|message|reply)\s+(?:to\s+)?(?:the\s+reporter\s+of\s+)?{_CASE}{_WORDS}"),
    (Wish.CLOSE, rf"close\s+{_CASE}{_WORDS}"),
    (Wish.REOPEN, rf"(?:re-?\s?open\s+{_CASE}|open\s+{_CASE.replace('case', 'second')}\s+again)(?:\s+because\b)?{_WORDS}"),
    (Wish.LINK, rf"link\s+{_CASE}[\s,]*(?:with\s+|to\s+|and\s+)?(?:SP-?(?P<other>[{ALPHABET}]{{5}}))?[.!]?"),
    (Wish.UNLINK, rf"unlink\s+{_CASE}[\s,]*(?:from\s+|and\s+)?SP-?(?P<other>[{ALPHABET}]{{5}})[.!]?"),
)
_TYPED = tuple((wish, re.compile(form, re.IGNORECASE | re.DOTALL)) for wish, form in _FORMS)
REFERENCE = re.compile(rf"\bSP-?([{ALPHABET}]{{5}})\b", re.IGNORECASE)
_LOG = re.compile(
    r"(?:please )?log (?:(?:a|this|the) )?(?:new )?(?:report|call|phone call|visit|letter)"
    r"(?: (?:received |that came )?(?:by (?:the )?(?:phone|telephone|letter|e-?mail)|in person))?[.!]?",
    re.IGNORECASE,
)


def typed(text: str) -> Typed | None:
    """The wish that TEXT is, as a whole; None when it is anything else."""
    plain = text.strip()
    for wish, form in _TYPED:
        if (said := form.fullmatch(plain)) is not None:
            given = said.groupdict()
            return Typed(
                wish,
                reference=_spelt(given["case"] or given.get("second") or ""),
                words=(given.get("words") or "").strip(),
                number=int(given.get("number") or 0),
                other=_spelt(given.get("other") or ""),
            )
    return None


def wants_to_log(text: str) -> bool:
    """Whether TEXT asks to write down a report that came by phone or in person."""
    return _LOG.fullmatch(" ".join(text.split())) is not None


def references(text: str) -> tuple[str, ...]:
    """Every reference in TEXT, spelt as we spell it, each once."""
    return tuple(dict.fromkeys(_spelt(found) for found in REFERENCE.findall(text)))


def _spelt(letters: str) -> str:
    return f"SP-{letters.upper()}" if letters else ""
