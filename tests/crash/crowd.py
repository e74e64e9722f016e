"""The people of the crash tests: some count, some greet, some are in danger; those who are told have each case's fate in hand."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot import concerning
from bot.messages import Address, IncomingMessage, Reply
from flows.cases.case import ALPHABET
from tests.crash.exchange import Delivery, Exchange
from tests.crash.life import CHANNEL

# Who can be told in an emergency at Rosebrook; two of them share a role. The chair is, when it is about the headteacher.
HOLDERS = {
    "Lead": ("dsl",),
    "Colleague": ("dsl",),
    "Deputy": ("deputy_dsl",),
    "Head": ("headteacher",),
    "Senior": ("slt",),
    "Chair": ("chair",),
}
UNANSWERED = 100  # so many at once speak and have heard nothing; then the others wait their turn, however slow the machine is
COUNTERS = tuple(f"Counter {number}" for number in range(1, 7))
WORD = re.compile(r"\bw\d{5}\b")
REFERENCE = re.compile(rf"SP-[{ALPHABET}]{{5}}")

# What becomes of a case: nobody stirs and it climbs to the end; the lead acknowledges; three do at the same moment; the
# headteacher says whom it is about; and the headteacher says that it is about the lead, who has just acknowledged.
FATES = {"climbs": 40, "one": 20, "several": 20, "about": 10, "about the lead": 10}
ACKNOWLEDGE = {"one": ("Lead",), "several": ("Lead", "Deputy", "Head"), "about the lead": ("Lead",)}
ABOUT = {"about": ("Colleague", "Deputy", "Senior"), "about the lead": ("Lead",)}
WHO_SAYS_IT = "Head"
KEPT_FROM = concerning.KEPT.split("{reference}")[0]


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something somebody said, by what must come of it."""

    kind: str  # "count", "greet", "danger", "danger from the head", "acknowledge", "concerns", "sure", "look"
    word: str  # found again in the bot's answer, or in the case; of what is said about a case, its id
    place: str

    @property
    def id(self) -> str:
        """The platform's own id of the message."""
        return f"{self.kind}-{self.word}-{self.place}"


@dataclass
class Crowd:
    """Talks to the exchange until told to stop; remembers everything it said."""

    exchange: Exchange
    chance: random.Random
    thinking: float = 0.03  # seconds the bot takes over a number: a process can be killed, or stopped, in the middle of it
    fates: dict[str, int] = field(default_factory=FATES.copy)
    soon: float = 1.5  # seconds at most until somebody who is told does something about it
    said: dict[str, Utterance] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)  # what of it was answered, by its word
    fate: dict[str, str] = field(default_factory=dict)  # case -> what becomes of it
    _moments: dict[str, float] = field(default_factory=dict)  # case -> when everybody acts who acts
    _shown_to: set[tuple[str, str]] = field(default_factory=set)
    _naming: str = ""  # the case the headteacher is being asked about: one after the other, as people do
    _spoken: int = 0
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _saying: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[None]:
        """Everybody talks while this is open."""
        self.listen()
        talk = asyncio.create_task(self._talk())
        try:
            yield
        finally:
            talk.cancel()
            with suppress(asyncio.CancelledError):
                await talk

    def listen(self) -> None:
        """Those who are told look at their screens from now on."""
        self.exchange.shown = self._shown

    async def _talk(self) -> None:
        """Say something about ten times a second, one to four things at once, until cancelled."""
        kinds = {"count": 6, "greet": 2, "danger": 2, "danger from the head": 1}
        while True:
            for _ in range(self.chance.randint(1, 4) if self._spoken - len(self.heard) < UNANSWERED else 0):
                (kind,) = self.chance.choices(list(kinds), list(kinds.values()))
                self._soon(self.say(kind, copies=self.chance.choice((1, 1, 1, 2))))
            await asyncio.sleep(self.chance.uniform(0.05, 0.15))

    @property
    def busy(self) -> bool:
        """Whether something was said, or is about to be, that has not been kept yet."""
        return bool(self._saying)

    def begins(self, kind: str) -> None:
        """Somebody is about to say one thing of that KIND."""
        self._soon(self.say(kind))

    async def say(self, kind: str, *, place: str | None = None, copies: int = 1) -> None:
        """Say one thing of that KIND, and see it kept."""
        word = f"w{next(self._numbers):05}"
        self._spoken += 1
        if place is None:
            place = self.chance.choice(COUNTERS) if kind == "count" else f"Parent {word}"
        text = {
            "count": f"please count me in, tally {word} {self.thinking}",
            "greet": "hello",
            "danger": f"He is going to kill her now, {word}",
            "danger from the head": f"The headteacher is going to kill her now, {word}",
        }[kind]
        await self._bring(Utterance(kind, word, place), text, copies)

    def _shown(self, delivery: Delivery) -> None:
        """Something appeared on somebody's screen: whoever it is may do something about it, once."""
        self.heard.update(WORD.findall(f"{delivery.place} {delivery.reply.text}")[:1])
        if self._naming and delivery.place == WHO_SAYS_IT:
            self._goes_on(delivery.reply)
        case = delivery.card
        if case is None or (case, delivery.place) in self._shown_to:
            return
        self._shown_to.add((case, delivery.place))
        fate = self._fate(case)
        if delivery.place in ACKNOWLEDGE.get(fate, ()):
            self._soon(self._acknowledge(case, delivery.place))
        if delivery.place == WHO_SAYS_IT and fate in ABOUT and not self._naming:
            self._naming = case
            self._soon(self._names(case, delivery.reply, self.chance.choice(ABOUT[fate])))

    def _fate(self, case: str) -> str:
        if case not in self.fate:
            (self.fate[case],) = self.chance.choices(list(self.fates), list(self.fates.values()))
            self._moments[case] = asyncio.get_running_loop().time() + self.chance.uniform(0, self.soon)
        return self.fate[case]

    async def _acknowledge(self, case: str, place: str) -> None:
        """Press the button; several who do press it at the same moment."""
        await asyncio.sleep(self._moments[case] - asyncio.get_running_loop().time())
        await self._bring(Utterance("acknowledge", case, place), "acknowledge", 1, about=f"case:{case}", pressed=True)

    async def _names(self, case: str, card: Reply, whom: str) -> None:
        """Say that the case on this CARD concerns WHOM; it is asked once whether that is right."""
        later = self.soon if self.fate[case] == "about the lead" else 0.0
        await asyncio.sleep(self._moments[case] - asyncio.get_running_loop().time() + later)
        reference = REFERENCE.findall(card.title)[0]
        await self._bring(Utterance("concerns", case, WHO_SAYS_IT), f"{reference} concerns {whom}", 1)

    def _goes_on(self, reply: Reply) -> None:
        """What the bot said to the headteacher, who is naming somebody: yes, it is right; and then everybody looks at the case."""
        if any(choice.value == concerning.YES for choice in reply.choices) and reply.about.startswith(f"case:{self._naming}:"):
            sure = Utterance("sure", self._naming, WHO_SAYS_IT)
            if sure.id not in self.said:
                self._soon(self._bring(sure, concerning.YES, 1, about=reply.about, pressed=True))
        elif reply.text.startswith(KEPT_FROM):
            case, self._naming = self._naming, ""
            for place in HOLDERS:
                self._soon(self._bring(Utterance("look", case, place), REFERENCE.findall(reply.text)[0], 1))

    async def _bring(self, utterance: Utterance, text: str, copies: int, **more: object) -> None:
        self.said[utterance.id] = utterance
        message = IncomingMessage(
            id=utterance.id,
            sender=utterance.place,
            address=Address(CHANNEL, utterance.place),
            received_at=self.exchange.clock.now(),
            text=text,
            **more,
        )
        await self.exchange.bring(message, copies)

    def _soon(self, saying: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(saying)
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)
