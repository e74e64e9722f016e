"""What was said at one place, as lines: read from the store for a whole page, and from a mark onwards for a stream."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot import rolling, summaries
from bot.channel import ChannelContext
from bot.channels.web.lines import GONE, ROLL, Line, card, gone, heard, labels, roll, said, settled
from bot.channels.web.marks import Mark
from bot.channels.web.visits import Visit
from storage.kept import Person
from storage.store.cards import Card, Cards, Gone

CHANNEL = "web"
SHOWN = 200  # lines on a page: weeks of talk
# PostgreSQL gives out ids before it commits: a line may appear after one with a higher id. So a stream looks back this far
# each time, and leaves out what it has sent.
LATE = 100
AT_ONCE = LATE + 50  # lines a stream takes from the store in one go: always more than it looks back


@dataclass
class History:
    """One visit's view of the store, which hands out each line once. Only a `person` whom the school knows has cards."""

    context: ChannelContext
    here: Visit
    person: Person | None
    _sent: set[str] = field(default_factory=set)

    @classmethod
    async def of(cls, context: ChannelContext, here: Visit) -> History:
        """The view of the visit HERE."""
        store = context.store(here.school.name)
        return cls(context, here, await store.people.by_place(CHANNEL, here.sender))

    async def page(self) -> tuple[tuple[Line, ...], Mark]:
        """Everything to show, oldest first, and the mark from which a stream goes on."""
        conversations = self.context.store(self.here.school.name).conversations
        rows = await conversations.transcript(CHANNEL, self.here.place, self.here.sender, SHOWN)
        cards = await self._cards()
        replies = {row.id: said(row.id, row.at, row.body) for row in rows if row.kind == "said"}
        known = labels(replies.values())
        lines = [replies[row.id] if row.kind == "said" else heard(row.id, row.at, row.body, known) for row in rows]
        lines += [self._card(one) for one in cards]
        lines += await self._roll()
        shown = sorted((line for line in lines if line.at >= self.here.since and self._first(line)), key=lambda line: line.at)
        mark = Mark(max(replies, default=0), max((one.id for one in cards), default=0), _done(cards))
        await self._shown(mark.reply)
        return settled(shown), mark

    async def since(self, mark: Mark) -> tuple[Mark, Sequence[tuple[Mark, Line]]]:
        """Where to go on after MARK; and what is new or has changed, each line with the mark that holds once it was shown."""
        # A stream stays open for hours, in which whoever sits here may have joined by a code, or left the school.
        self.person = await self.context.store(self.here.school.name).people.by_place(CHANNEL, self.here.sender)
        conversations = self.context.store(self.here.school.name).conversations
        before = mark.reply
        after = mark.reply if self.context.database.is_sqlite else max(0, mark.reply - LATE)
        rows = await conversations.said_since(CHANNEL, self.here.place, after, AT_ONCE)
        news: list[tuple[Mark, Line]] = []
        for row in rows:
            mark = Mark(max(mark.reply, row.id), mark.card, mark.done)
            news.append((mark, said(row.id, row.at, row.body)))
        cards = await self._cards()
        changed = _done(cards) != mark.done
        for one in cards:
            if one.id > mark.card or (changed and not one.case.waiting):
                mark = Mark(mark.reply, max(mark.card, one.id), _done(cards))
                news.append((mark, self._card(one)))
        news += [(mark, line) for line in await self._roll()]
        news += [(mark, gone(one.id, one.at)) for one in await self._gone() if one.id <= mark.card]
        if mark.reply > before:
            await self._shown(mark.reply)
        return mark, [(at, line) for at, line in news if line.at >= self.here.since and self._first(line)]

    async def answered(self, mark: Mark, seconds: float) -> None:
        """Wait until something is new after MARK, at most so many real SECONDS."""
        try:
            async with asyncio.timeout(seconds):
                while all(line.who == GONE for _, line in (await self.since(mark))[1]):
                    await self.wait(seconds)
        except TimeoutError:
            return  # the page is shown as it stands; the answer comes with the next look

    async def wait(self, seconds: float) -> bool:
        """Until this place is woken, at most so many real SECONDS."""
        database = self.context.database
        return await database.wait(database.place_topic(self.here.school.name, CHANNEL, self.here.place), seconds)

    async def _shown(self, reply: int) -> None:
        """Whoever left an address is told only of what no page has shown them."""
        await self.context.store(self.here.school.name).news.shown(CHANNEL, self.here.place, self.here.sender, reply)

    async def _cards(self) -> tuple[Card, ...]:
        if self.person is None:
            return ()
        cards = Cards(self.context.database, self.here.school.name)
        shown = await cards.shown_to(self.person, CHANNEL, AT_ONCE)
        if unproved := [one.id for one in shown if not one.arrived]:
            await cards.arrived(self.person, CHANNEL, unproved, self.context.clock.now())
        return shown

    async def _roll(self) -> tuple[Line, ...]:
        """What came too fast for a card each, as one line that changes with it."""
        if self.person is None:
            return ()
        cards = Cards(self.context.database, self.here.school.name)
        one = await cards.gathered(self.person, CHANNEL, self.context.clock.now())
        if one is None:
            return ()
        if not one.arrived:
            await cards.arrived(self.person, CHANNEL, one.ids, self.context.clock.now())
        return (roll(one.ids[0], one.at, rolling.message(one.gathering, self.here.school), waits=bool(one.gathering.cases)),)

    async def _gone(self) -> tuple[Gone, ...]:
        if self.person is None:
            return ()
        return await Cards(self.context.database, self.here.school.name).taken_from(self.person, CHANNEL, AT_ONCE)

    def _card(self, one: Card) -> Line:
        """A card as it stands: whoever took the case reads that they have it, the others that somebody does."""
        case, school = one.case, self.here.school
        if case.waiting:
            return card(one.id, one.at, summaries.push(case, school), live=True, done=False)
        if self.person is not None and case.holder == self.person.id:
            return card(one.id, one.at, summaries.held(case, school), live=True, done=True)
        return card(one.id, one.at, summaries.taken(case, school), live=False, done=True)

    def _first(self, line: Line) -> bool:
        """Whether this view has not handed out LINE, in this state, before."""
        # A line that tells of several cards changes with them, under the same id.
        words = f".{line.text}" if line.id.startswith(ROLL) else ""
        known = f"{line.id}{'.done' if line.done else ''}{'.gone' if line.who == GONE else ''}{words}"
        if known in self._sent:
            return False
        self._sent.add(known)
        return True


def wake(context: ChannelContext, place: str) -> None:
    """Wake every page that shows PLACE. It begins with the school's name, except at the fixed places of a rehearsal."""
    school = place.partition("/")[0]
    for name in (school,) if school in context.schools else context.schools:
        context.database.wake(context.database.place_topic(name, CHANNEL, place))


def _done(cards: Iterable[Card]) -> int:
    return sum(not one.case.waiting for one in cards)
