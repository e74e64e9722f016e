"""What is kept beside a report while it is written, and goes with it when it is sent. Nothing of it answers a question."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace

from bot import wording
from flows.cases.case import Said

BESIDE = "beside"  # in the conversation's memory


@dataclass(frozen=True, slots=True)
class Beside:
    """For the report with the id `report`: roles its words name, files offered, words that came with none of its questions.

    `belongs` is the reference of an earlier report that this one goes on from.
    """

    report: str
    named: tuple[str, ...] = ()
    media: int = 0
    words: tuple[str, ...] = field(default=(), repr=False)
    belongs: str = ""

    def naming(self, roles: frozenset[str]) -> Beside:
        """The same, its words naming ROLES too."""
        return replace(self, named=tuple(sorted({*self.named, *roles})))

    def saying(self, words: str) -> Beside:
        """The same with WORDS kept, once."""
        return self if not words.strip() or words in self.words else replace(self, words=(*self.words, words))

    @property
    def said(self) -> tuple[Said, ...]:
        """As it stands in the case, behind the answers."""
        lines = [Said(wording.ALSO_WROTE, words) for words in self.words]
        if self.media:
            lines.append(Said(wording.FILES_OFFERED, wording.FILES_NOT_TAKEN.format(number=self.media)))
        if self.belongs:
            lines.append(Said(wording.BELONGS, self.belongs))
        return tuple(lines)


def recall(memory: dict[str, str], report: str) -> Beside:
    """What MEMORY holds beside the report with the id REPORT; what belonged to another one is not carried over."""
    kept = json.loads(memory[BESIDE]) if BESIDE in memory else {}
    if kept.get("report") != report:
        return Beside(report)
    return Beside(report, tuple(kept["named"]), kept["media"], tuple(kept["words"]), kept["belongs"])


def remember(memory: dict[str, str], beside: Beside) -> dict[str, str]:
    """MEMORY with BESIDE in it."""
    if beside == Beside(beside.report):
        return forget(memory)
    return {**memory, BESIDE: json.dumps(asdict(beside), ensure_ascii=False)}


def forget(memory: dict[str, str]) -> dict[str, str]:
    """MEMORY after the report went or was thrown away."""
    return {key: value for key, value in memory.items() if key != BESIDE}
