"""What was said, stored and sent, side by side: what is missing, what came twice without reason, and the figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa

from bot import wording, wording_sent
from flows.cases.case import Case, Status
from storage.kept import Person
from storage.store import Store
from tests.crash.crowd import HOLDERS, WHO_ACKNOWLEDGES
from tests.crash.exchange import Delivery
from tests.crash.life import CHANNEL, SCHOOL
from tests.crash.storm import Storm


@dataclass(frozen=True, slots=True)
class Figures:
    """One line of the table."""

    store: str
    kills: int
    accepted: int
    lost: int
    cases: int
    climbed: int
    deliveries: int
    repeats: int

    def __str__(self) -> str:
        return (
            f"{self.store:10} {self.kills} kills, {self.accepted} accepted, {self.lost} lost; "
            f"{self.cases} cases, {self.climbed} climbed to the end; "
            f"{self.deliveries} deliveries, {self.repeats} repeated ({self.repeats / max(1, self.kills):.2f} a kill)"
        )


@dataclass
class Verdict:
    """Everything that is wrong, one sentence each."""

    storm: Storm
    by_key: dict[str, list[Delivery]]
    cases: tuple[Case, ...]
    rows: dict[str, Counter[str]]  # table -> how many rows in which state
    replies: frozenset[str]  # the keys of all replies that were ever to be sent
    cards: frozenset[str]  # the same of cards and their edits
    chain: str  # why the audit chain is not whole

    def figures(self) -> Figures:
        """The line of the table."""
        deliveries = len(self.storm.exchange.deliveries)
        return Figures(
            store="SQLite" if self.storm.database.is_sqlite else "PostgreSQL",
            kills=len(self.storm.killed),
            accepted=len(self.storm.exchange.kept),
            lost=len(self.lost()),
            cases=len(self.cases),
            climbed=sum(case.status is Status.OPEN for case in self.cases),
            deliveries=deliveries,
            repeats=deliveries - len(self.by_key),
        )

    def lost(self) -> list[str]:
        """What was accepted and has no outcome, or more than one; what had to be said and was not."""
        return [*self._messages(), *self._counts(), *self._cases(), *self._sends()]

    def wrong(self) -> list[str]:
        """All of it: what was lost, what was repeated without a death, and what was sent although somebody had it."""
        return [*self.lost(), *self._repeats(), *self._late(), *([self.chain] if self.chain else [])]

    def _messages(self) -> Iterator[str]:
        said, kept = self.storm.crowd.said, self.storm.exchange.kept
        yield from (f"{one} was never kept" for one in said.keys() - kept.keys())
        yield from (f"{one} was kept {sum(new)} times as new" for one, new in kept.items() if sum(new) > 1)
        if self.rows["inbox"] != {"done": len(said)}:
            yield f"{len(said)} messages were said, and the inbox holds {dict(self.rows['inbox'])}"
        for one in said.values():
            if one.kind == "greet" and (answers := len(self._keys_at(one.place))) != 1:
                yield f"{one.id} has {answers} answers"

    def _counts(self) -> Iterator[str]:
        """Each word once, numbered without a gap, and first shown in the order of the numbers."""
        words: dict[str, list[str]] = defaultdict(list)
        for one in self.storm.crowd.said.values():
            if one.kind == "count":
                words[one.place].append(one.word)
        for place, expected in words.items():
            answers = [self.by_key[key][0].reply.text.split(" is number ") for key in self._keys_at(place)]
            if sorted(word for word, _ in answers) != sorted(expected):
                yield f"{place} said {len(expected)} words, and {len(answers)} answers came"
            if [int(number) for _, number in answers] != list(range(1, len(answers) + 1)):
                yield f"{place} heard the answers out of order"

    def _cases(self) -> Iterator[str]:
        """Each danger is one case; its holders were told; and it climbed to the reporter unless somebody acknowledged it."""
        reported = Counter(case.said[0].answer.split(", ")[-1] for case in self.cases)
        danger = {one.word: one for one in self.storm.crowd.said.values() if one.kind == "danger"}
        if reported != Counter(danger.keys()):
            yield f"{len(danger)} dangers were told and {reported.total()} cases opened"
        acknowledged = {one.word for one in self.storm.crowd.said.values() if one.kind == "acknowledge"}
        for case in self.cases:
            word = case.said[0].answer.split(", ")[-1]
            yield from self._case(case, danger[word].place, acknowledged=case.id in acknowledged)

    def _case(self, case: Case, reporter: str, *, acknowledged: bool) -> Iterator[str]:
        receipt = wording.TOLD_EMERGENCY.split("{roles}")[0].format(reference=case.reference)
        if self._told(reporter, receipt) != 1:
            yield f"the reporter of {case.reference} was given it {self._told(reporter, receipt)} times"
        told = {delivery.place for delivery in self.storm.exchange.deliveries if delivery.card == case.id}
        if acknowledged:
            mine = wording.ACKNOWLEDGED.split(" Press")[0].format(reference=case.reference)
            if case.status is not Status.ACKNOWLEDGED or self._told(WHO_ACKNOWLEDGES, mine) != 1:
                yield f"{case.reference} was acknowledged, and is {case.status}"
            taken = wording.ALREADY.format(reference=case.reference)
            yield from (
                f"{name} still has a card about {case.reference} that asks for them"
                for name in told - {WHO_ACKNOWLEDGES}
                if not self._told(name, taken)
            )
            return
        everybody = {name for rung in case.rungs for role in rung for name, roles in HOLDERS.items() if role in roles}
        if told != everybody:
            yield f"{case.reference} was never put before {sorted(everybody - told)}"
        if self._told(reporter, wording_sent.PHONE.split("{ring}")[0].format(reference=case.reference)) != 1:
            yield f"the reporter of {case.reference} was not told to phone"

    def _sends(self) -> Iterator[str]:
        """Every reply was sent, every card sent or withdrawn, every notice done or withdrawn; nothing was sent from nowhere."""
        if set(self.rows["reply"]) - {"sent"}:
            yield f"replies are {dict(self.rows['reply'])}"
        if set(self.rows["notice"]) - {"done", "withdrawn"}:
            yield f"notices are {dict(self.rows['notice'])}"
        if set(self.rows["push"]) - {"sent", "withdrawn"}:
            yield f"cards are {dict(self.rows['push'])}"
        yield from (f"a send has the unknown key {key}" for key in self.by_key.keys() - self.replies - self.cards)

    def _repeats(self) -> Iterator[str]:
        """A second send needs a death, or a doze, of the life that sent it first; and that repeats one reply to a place at most."""
        in_flight: Counter[tuple[str, str]] = Counter()
        for key, deliveries in self.by_key.items():
            for first, second in pairwise(deliveries):
                if not self._thought_dead(first.life, second):
                    yield f"{key} was sent by {first.life} and again by {second.life} although the first was awake"
                if (first.place, first.reply) != (second.place, second.reply):
                    yield f"{key} carried two different things"
                if key in self.replies:
                    in_flight[first.life, first.place] += 1
        yield from (f"{life} had {n} replies to {place} in flight" for (life, place), n in in_flight.items() if n > 1)

    def _thought_dead(self, life: str, then: Delivery) -> bool:
        """Whether LIFE was dead when THEN was sent, or whoever sent first or second had dozed and found their lease run out."""
        died = self.storm.killed.get(life)
        dozes = (self.storm.dozed.get(life), self.storm.dozed.get(then.life))
        return (died is not None and died <= then.at) or any(doze is not None and doze[0] <= then.at for doze in dozes)

    def _late(self) -> Iterator[str]:
        """No card was claimed once an acknowledgement had committed; the answer to it was sent after that moment."""
        for case in self.cases:
            mine = wording.ACKNOWLEDGED.split(" Press")[0].format(reference=case.reference)
            seen = [one.at for one in self.storm.exchange.deliveries if one.reply.text.startswith(mine)]
            for one in self.storm.exchange.deliveries:
                if seen and one.card == case.id and one.claimed is not None and one.claimed > seen[0]:
                    yield f"{case.reference} was pushed to {one.place} after it was acknowledged"

    def _keys_at(self, place: str) -> list[str]:
        return [key for key, deliveries in self.by_key.items() if deliveries[0].place == place]

    def _told(self, place: str, text: str) -> int:
        return sum(text in self.by_key[key][0].reply.text for key in self._keys_at(place))


async def compared(storm: Storm) -> Verdict:
    """The verdict on STORM once it has settled."""
    by_key: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in storm.exchange.deliveries:
        by_key[delivery.key].append(delivery)
    store = Store(storm.database, SCHOOL)
    rows = {name: await _states(storm, name) for name in ("inbox", "reply", "notice", "push")}
    whole = await store.audit.verify()
    return Verdict(
        storm,
        dict(by_key),
        await _everything(storm, store),
        rows,
        frozenset(await _read(storm, "SELECT key FROM reply")),
        frozenset(await _read(storm, "SELECT key FROM push")),
        "" if whole.whole else whole.why,
    )


async def _everything(storm: Storm, store: Store) -> tuple[Case, ...]:
    """Every case, as the people who may see it see it."""
    seen: dict[str, Case] = {}
    for name in HOLDERS:
        person = await store.people.by_place(CHANNEL, name)
        assert isinstance(person, Person)
        for key in await _read(storm, "SELECT id FROM cases"):
            if key not in seen and (case := await store.seen_by(person).by_id(key)) is not None:
                seen[key] = case
    return tuple(seen.values())


async def _states(storm: Storm, table: str) -> Counter[str]:
    return Counter(await _read(storm, f"SELECT state FROM {table}"))


async def _read(storm: Storm, statement: str) -> list[str]:
    return await storm.database.read(lambda session: list(session.connection().execute(sa.text(statement)).scalars()))
