"""What was said, stored and sent, side by side: what is missing, what came twice without reason, and the figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import sqlalchemy as sa

from bot import wording
from flows.cases.case import Case
from storage.kept import Link
from storage.store import Store
from storage.store.cases import load
from storage.store.scope import Scope
from storage.tables import Push, Reply, table
from tests.crash.courses import Course, refers_to
from tests.crash.exchange import Delivery
from tests.crash.life import SCHOOL
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
    acknowledged: int
    twice: int
    excluded: int
    told_them: int
    deliveries: int
    repeats: int

    def __str__(self) -> str:
        return (
            f"{self.store:10} {self.kills} kills, {self.accepted} accepted, {self.lost} lost; "
            f"{self.cases} cases, {self.climbed} climbed to the end, {self.acknowledged} acknowledged, {self.twice} by two; "
            f"{self.excluded} times somebody was left out, {self.told_them} of them were told all the same; "
            f"{self.deliveries} deliveries, {self.repeats} repeated"
            + (f" ({self.repeats / self.kills:.2f} a kill)" if self.kills else "")
        )


@dataclass
class Verdict:
    """Everything that is wrong, one sentence each."""

    storm: Storm
    by_key: dict[str, list[Delivery]]
    courses: tuple[Course, ...]
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
            cases=len(self.courses),
            climbed=sum(course.case.waiting for course in self.courses),
            acknowledged=sum(len(course.acknowledgements()) for course in self.courses),
            twice=sum(course.had_by_two() for course in self.courses),
            excluded=sum(len(course.concerned) for course in self.courses),
            told_them=sum(course.told_them() for course in self.courses),
            deliveries=deliveries,
            repeats=deliveries - len(self.by_key),
        )

    def lost(self) -> list[str]:
        """What was accepted and has no outcome, or more than one; what had to be said and was not."""
        return [*self._messages(), *self._counts(), *self._cases(), *self._sends()]

    def wrong(self) -> list[str]:
        """All of it: what was lost, what was repeated without a death, and what was sent although somebody had it."""
        return [*self.lost(), *self._repeats(), *self._late(), *([self.chain] if self.chain else [])]

    def must_stand(self, when: str = "") -> None:
        """AssertionError with everything that is wrong, in full."""
        wrong = self.wrong()
        assert not wrong, "\n".join((when, *wrong))

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
        """Each danger is one case, which ran its course."""
        reported = Counter(course.case.said[0].answer.split(", ")[-1] for course in self.courses)
        danger = Counter(one.word for one in self.storm.crowd.said.values() if one.kind.startswith("danger"))
        if reported != danger:
            yield f"{danger.total()} dangers were told and {reported.total()} cases opened"
        for course in self.courses:
            wrong = list(course.wrong())
            yield from wrong
            yield from (course.story() for _ in wrong[:1])

    def _sends(self) -> Iterator[str]:
        """Every reply was sent, every card sent or withdrawn, every notice done or withdrawn; nothing was sent from nowhere."""
        if set(self.rows["reply"]) - {"sent"}:
            yield f"replies are {dict(self.rows['reply'])}"
        if set(self.rows["notice"]) - {"done", "passed", "withdrawn"}:
            yield f"notices are {dict(self.rows['notice'])}"
        if set(self.rows["push"]) - {"sent", "withdrawn"}:
            yield f"cards are {dict(self.rows['push'])}"
        # What was said of a case to whoever it turned out to be about is deleted with its row.
        taken_back = {one.key for course in self.courses for one in course.seen if one.place in course.concerned}
        unknown = self.by_key.keys() - self.replies - self.cards - taken_back
        yield from (f"a send has the unknown key {key}" for key in unknown)

    def _repeats(self) -> Iterator[str]:
        """A second send needs a death, or a doze, of the life that sent it first; and that repeats one reply to a place at most."""
        in_flight: Counter[tuple[str, str]] = Counter()
        for key, deliveries in self.by_key.items():
            for first, second in pairwise(deliveries):
                if not self._thought_dead(first.life, second):
                    yield f"{key} was sent by {first.life} and again by {second.life} although the first was awake"
                if self._means(first) != self._means(second):
                    yield f"{key} was sent to {first.place} and {second.place}, and was not the same thing"
                if key in self.replies:
                    in_flight[first.life, first.place] += 1
        yield from (f"{life} had {n} replies to {place} in flight" for (life, place), n in in_flight.items() if n > 1)

    def _means(self, one: Delivery) -> tuple[object, ...]:
        """What a repeat has to have in common with the first: all of it; but a card says what is true when it is sent."""
        return (one.place, one.reply) if one.key in self.replies else (one.place, one.reply.about)

    def _thought_dead(self, life: str, then: Delivery) -> bool:
        """Whether LIFE was dead when THEN was sent, or whoever sent first or second had dozed and found their lease run out."""
        died = self.storm.killed.get(life)
        dozes = (self.storm.dozed.get(life), self.storm.dozed.get(then.life))
        return (died is not None and died <= then.at) or any(doze is not None and doze[0] <= then.at for doze in dozes)

    def _late(self) -> Iterator[str]:
        """No card was claimed once an acknowledgement had committed; the answer to it was sent after that moment."""
        for course in self.courses:
            if course.case.waiting:
                continue
            mine = wording.ACKNOWLEDGED.split(" Press", maxsplit=1)[0].format(reference=course.case.reference)
            seen = [one.at for one in course.seen if one.reply.text.startswith(mine)]
            for one in course.seen:
                if seen and one.card == course.case.id and one.claimed is not None and one.claimed > seen[-1]:
                    yield f"{course.case.reference} was pushed to {one.place} after it was acknowledged"

    def _keys_at(self, place: str) -> list[str]:
        return [key for key, deliveries in self.by_key.items() if deliveries[0].place == place]


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
        await _courses(storm, store, tuple(deliveries[0] for deliveries in by_key.values())),
        rows,
        frozenset(await _read(storm, "SELECT key FROM reply")),
        frozenset(await _read(storm, "SELECT key FROM push")),
        "" if whole.whole else whole.why,
    )


async def _courses(storm: Storm, store: Store, shown: tuple[Delivery, ...]) -> tuple[Course, ...]:
    """Every case with what became of it; and that nobody it concerns can find it is seen on the way."""
    names = {person.id: person.name for person in await store.people.list()}
    decided = await _decided(storm)
    links = await _links(store)
    said = storm.crowd.said.values()
    courses = []
    for case in await _everything(storm):
        concerned = frozenset(names[person] for person in case.concerns)
        for person in await store.people.list():
            if person.id in case.concerns:
                assert await store.seen_by(person).by_id(case.id) is None, "somebody can read a case that concerns them"
        word = case.said[0].answer.split(", ")[-1]
        courses.append(
            Course(
                case,
                next((one.place for one in said if one.word == word), "nobody"),
                tuple(link for link in links if link.case == case.id),
                tuple(one for one in shown if refers_to(case, one)),
                concerned,
                frozenset(one.place for one in said if one.kind == "acknowledge" and one.word == case.id),
                decided,
                names,
            )
        )
    return tuple(courses)


async def _everything(storm: Storm) -> tuple[Case, ...]:
    """Every case there is, whoever may see it."""
    vault = storm.database.vault
    return await storm.database.read(lambda session: load(Scope.of(session, vault, SCHOOL), sa.true()))


async def _links(store: Store) -> tuple[Link, ...]:
    """The whole audit chain."""
    links: list[Link] = []
    while more := await store.audit.links(after=len(links), limit=500):
        links += more
    return tuple(links)


async def _decided(storm: Storm) -> dict[str, datetime]:
    """When each thing that was to be sent was decided, by its key."""
    return await storm.database.read(
        lambda session: {
            row.key: row.created_at
            for rows in (table(Reply), table(Push))
            for row in session.connection().execute(sa.select(rows.c.key, rows.c.created_at))
        }
    )


async def _states(storm: Storm, name: str) -> Counter[str]:
    return Counter(await _read(storm, f"SELECT state FROM {name}"))


async def _read(storm: Storm, statement: str) -> list[str]:
    return await storm.database.read(lambda session: list(session.connection().execute(sa.text(statement)).scalars()))
