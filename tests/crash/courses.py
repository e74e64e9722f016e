"""The course of each case, as the audit chain tells it, beside what people were shown: nobody too few, too late or too many."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot import wording, wording_sent
from flows.cases.acts import Doing
from flows.cases.case import Case, Status
from storage.kept import Link
from tests.crash.crowd import HOLDERS, KEPT_FROM, WHO_SAYS_IT
from tests.crash.exchange import Delivery

PHONED = "reporter told to phone"


@dataclass(frozen=True, slots=True)
class Course:
    """One case with everything that was done about it and all that anybody saw of it. People go by the place they sit at."""

    case: Case
    reporter: str
    links: tuple[Link, ...]
    seen: tuple[Delivery, ...]  # each key once: what was repeated is judged elsewhere
    concerned: frozenset[str]
    pressed: frozenset[str]  # those who pressed “Acknowledge”
    decided: Mapping[str, datetime]  # key of what was sent -> when it was decided
    names: Mapping[str, str]  # a person's id -> where they sit

    def wrong(self) -> Iterator[str]:
        """One sentence for each thing that is wrong."""
        yield from self._receipt()
        yield from self._had()
        yield from self._shown()
        yield from self._phoned()
        yield from self._kept_from()

    def story(self) -> str:
        """What was done, in order: for whoever has to find out why."""
        acts = ", ".join(f"{link.at:%H:%M:%S} {link.act} ({self.names.get(link.person or '', '-')})" for link in self.links)
        shown = ", ".join(f"{one.at:%H:%M:%S} {one.place}: {(one.reply.title or one.reply.text)[:40]!r}" for one in self.seen)
        return f"{self.case.reference} {self.case.status.value}, ladder {self.case.rungs}\n  done: {acts}\n  shown: {shown}"

    def acknowledgements(self) -> list[str]:
        """Who acknowledged it, one after the other."""
        return [self.names[link.person] for link in self.links if link.act == Doing.ACKNOWLEDGED and link.person is not None]

    def had_by_two(self) -> bool:
        """Whether somebody was let in while somebody else had it."""
        return any(first is not None and second is not None for first, second in pairwise(self._holders()))

    def told_them(self) -> int:
        """How many were sent something that names it although it is kept from them."""
        return len(set(self._told_all_the_same()))

    def told(self, place: str, text: str) -> int:
        """How many different things that say TEXT with this case's reference were shown at PLACE."""
        return sum(text.format(reference=self.case.reference) in one.reply.text for one in self.seen if one.place == place)

    def _receipt(self) -> Iterator[str]:
        receipt = wording.TOLD_EMERGENCY.split("{roles}", maxsplit=1)[0]
        if (times := self.told(self.reporter, receipt)) != 1:
            yield f"the reporter of {self.case.reference} was given it {times} times"

    def _had(self) -> Iterator[str]:
        """Never two at once: each acknowledgement found it open, was answered as such to one person, and the reporter heard."""
        if self.had_by_two():
            yield f"{self.case.reference} was acknowledged by a second person while somebody had it"
        holder = self._holders()[-1]
        at_last = None if self.case.holder is None else self.names[self.case.holder]
        if holder != at_last or (holder is not None) != (self.case.status is Status.ACKNOWLEDGED):
            yield f"{self.case.reference} is {self.case.status.value}, and its chain says otherwise"
        mine = wording.ACKNOWLEDGED.split(" Press", maxsplit=1)[0]
        yours, had = Counter({place: self.told(place, mine) for place in HOLDERS}), Counter(self.acknowledgements())
        # An answer that was still to be sent when the case turned out to be about whoever had pressed is not sent any more.
        if yours - had or (had - yours).keys() - self.concerned:
            yield f"{sorted(yours.elements())} were told that they have {self.case.reference}; those who do are {sorted(had)}"
        seen = wording_sent.SEEN.split("{when}", maxsplit=1)[0]
        if self.told(self.reporter, seen) != had.total():
            yield f"the reporter of {self.case.reference} heard {self.told(self.reporter, seen)} times that it was seen"
        if not had and self.pressed - self.concerned:
            yield f"{sorted(self.pressed)} acknowledged {self.case.reference}, and nobody has it"

    def _holders(self) -> list[str | None]:
        """Who had it, from one act to the next: nobody, somebody, and nobody again when it turned out to be about them."""
        holders: list[str | None] = [None]
        for link in self.links:
            if link.act == Doing.ACKNOWLEDGED and link.person is not None:
                holders.append(self.names[link.person])
            elif link.act == Doing.CONCERNS and holders[-1] in self._named(link):
                holders.append(None)
        return holders

    def _shown(self) -> Iterator[str]:
        """Open: everybody on its ladder has a card. Acknowledged: every other card says so."""
        carded = {one.place for one in self.seen if one.card == self.case.id}
        if self.case.waiting:
            ladder = {name for rung in self.case.rungs for role in rung for name, roles in HOLDERS.items() if role in roles}
            if missing := ladder - self.concerned - carded - self._taken_from():
                yield f"{self.case.reference} was never put before {sorted(missing)}"
            return
        for place in sorted(carded - self.concerned - {self.names[self.case.holder]}):
            if not self.told(place, wording.ALREADY):
                yield f"{place} still has a card about {self.case.reference} that asks for them"

    def _taken_from(self) -> frozenset[str]:
        """Those whose card was perhaps withdrawn on its way because somebody had the case by then. What goes on, goes past them."""
        acts = [link.act for link in self.links]
        last = max((at for at, act in enumerate(acts) if act == Doing.ACKNOWLEDGED), default=0)
        return frozenset(self.names[link.person] for link in self.links[:last] if link.act == Doing.TOLD and link.person)

    def _phoned(self) -> Iterator[str]:
        """The reporter hears that nobody is left as often as the chain says, and at the end of a ladder that nobody stopped."""
        phone = wording_sent.PHONE.split("{ring}", maxsplit=1)[0]
        acts = [link.act for link in self.links]
        if self.told(self.reporter, phone) != acts.count(PHONED):
            yield f"the reporter of {self.case.reference} was told {self.told(self.reporter, phone)} times to phone"
        replanned = max((at for at, act in enumerate(acts) if act == Doing.CONCERNS), default=0)
        if self.case.waiting and PHONED not in acts[replanned:]:
            yield f"the reporter of {self.case.reference} was not told to phone"

    def _kept_from(self) -> Iterator[str]:
        """From the moment it is kept from somebody they are sent nothing that names it, and what they had is blank."""
        yield from (
            f"{place} was sent something about {self.case.reference}, which concerns them" for place in self._told_all_the_same()
        )
        # A card whose sender died before it was told the card's receipt cannot be changed: nobody knows what it is called.
        known = {
            self.names[link.person] for link in self.links if link.act in (Doing.CARD_SENT, Doing.CARD_ARRIVED) and link.person
        }
        for place in sorted(self.concerned & known):
            mine = [one for one in self.seen if one.place == place]
            if any(one.card == self.case.id for one in mine) and not any(one.reply.text == wording.BLANKED for one in mine):
                yield f"{place} still has a card about {self.case.reference}, which concerns them"

    def _told_all_the_same(self) -> Iterator[str]:
        """Who was sent something decided after it had been kept from them: after whoever said so was told that it is."""
        said = [one.at for one in self.seen if one.place == WHO_SAYS_IT and one.reply.text.startswith(KEPT_FROM)]
        for place in sorted(self.concerned):
            since = min(said) if place in self._later() and said else self.case.opened_at
            for one in self.seen:
                # Without a row it was taken back at that moment, so it was decided before.
                if one.place == place and self._names_it(one) and (one.claimed or self.decided.get(one.key, since)) > since:
                    yield place

    def _names_it(self, delivery: Delivery) -> bool:
        return self.case.reference in f"{delivery.reply.title} {delivery.reply.text}"

    def _later(self) -> frozenset[str]:
        """Whom it turned out to concern only after it had been opened."""
        named = (self._named(link) for link in self.links if link.act == Doing.CONCERNS)
        return frozenset(name for names in named for name in names)

    def _named(self, link: Link) -> frozenset[str]:
        return frozenset(self.names[person] for person in json.loads(link.details or "{}").get("people", ()))


def refers_to(case: Case, delivery: Delivery) -> bool:
    """Whether DELIVERY is about CASE, by what it says or by what its buttons stand for."""
    reply = delivery.reply
    return reply.about.startswith(f"case:{case.id}") or case.reference in f"{reply.title} {reply.text}"
