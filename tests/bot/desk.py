"""What the tests of the case forms share: a report somebody sent and the lead has, and what the record says of it afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.cases.case import ALPHABET, Case
from flows.cases.chronology import Entry, chronology
from storage.kept import Person
from tests.talk import Talk, transcript

STORY = "zqx he is picked on in the class chat"
REFERENCE = re.compile(rf"SP-[{ALPHABET}]{{5}}")


@dataclass
class Desk:
    """A bot with one report in it."""

    talk: Talk
    reference: str

    async def case(self, name: str = "Lead") -> Case | None:
        """The case as NAME sees it."""
        return await self._seen(await self.person(name)).by_reference(self.reference)

    async def person(self, name: str) -> Person:
        """Whoever is called NAME."""
        return next(one for one in await self.talk.app.stores[self.talk.school].people.list() if one.name == name)

    async def record(self, name: str = "Lead") -> tuple[Entry, ...]:
        """What was done about the case, as NAME may read it."""
        history = await self._seen(await self.person(name)).history(self.reference)
        assert history is not None
        return chronology(history)

    async def acts(self, act: str) -> list[dict[str, str]]:
        """The words of each such act in the record, in order."""
        return [dict(one.words) for one in await self.record() if one.act == act]

    def _seen(self, person: Person):
        return self.talk.app.stores[self.talk.school].seen_by(person)


async def sent(talk: Talk, *, story: str = STORY, to: str = "The safeguarding lead", by: str = "Parent") -> str:
    """A report that BY sends, told STORY; its reference."""
    await talk[by].says("just tell somebody")
    await talk[by].says(story)
    await talk[by].clicks(to)
    await talk[by].clicks("Send")
    return REFERENCE.findall(transcript(talk.channel.at(by)))[-1]


async def at_work(talk: Talk) -> Desk:
    """A report that the lead has."""
    desk = Desk(talk, await sent(talk))
    await talk["Lead"].clicks("Acknowledge")
    await talk["Parent"].reads()
    return desk


def text(replies) -> str:
    """REPLIES as one text."""
    return transcript(replies)
