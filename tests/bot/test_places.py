"""A person has several places: a card goes to the first that is up, then to the next, then to somebody else; all of it is told."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.routing import BaseRoute

from bot import app as composition
from bot import wording_sent
from bot.channel import Channel, Receive, SendFailed, Unproved
from bot.messages import Address, Reply
from bot.pushing import Ways, first_place, pursue
from bot.record import record
from bot.turn import Outcome
from flows.cases.case import Case, Said, Severity, Status, acknowledge, reference
from flows.cases.chronology import chronology
from flows.cases.clocks import notices
from storage.kept import Act, Person, Recording, Tried
from storage.staffing import PlaceUnlinked, WentAway
from tests.fakes import MONDAY, FakeChannel, HandClock
from tests.talk import Talk, settings, transcript

HOLD = timedelta(seconds=60)


@dataclass
class Chat(FakeChannel):
    """A platform that knows whether it is connected."""

    standing: str = "up"


class Mail:
    """A platform that says only that it took something, and cannot change what it sent."""

    def __init__(self, clock: HandClock, name: str = "mail") -> None:
        self.name = name
        self.standing = "up"
        self.inner = FakeChannel(name=name, clock=clock)

    async def run(self, receive: Receive) -> None:
        await self.inner.run(receive)

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        return Unproved(await self.inner.send(to, reply, key))

    def private_address(self, sender: str) -> Address:
        return self.inner.private_address(sender)

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def at(self, place: str) -> list[Reply]:
        return self.inner.at(place)


@dataclass
class Desk:
    """A bot with three platforms: two chats and the post. The lead is in a chat first, then in another, then in the post."""

    talk: Talk
    chat: Chat
    other: Chat
    mail: Mail
    people: dict[str, Person] = field(default_factory=dict)

    async def opens(self, severity: Severity = Severity.HIGH, *, reporter: str | None = None, **more: object) -> Case:
        """A report that waits for the lead, then for the head, then for the chair; pushed as far as it goes by now."""
        now = self.talk.clock.now()
        case = Case(
            id=f"case-{reference('X')}", reference=reference(), matter="bullying_of_pupil", severity=severity, opened_at=now,
            rungs=(("dsl",), ("headteacher",), ("chair",)), said=(Said("What happened?", "zqx", "happened"),), reporter=reporter,
        )  # fmt: skip
        case = replace(case, **more)  # type: ignore[arg-type]  # a test names what it changes
        school = self.talk.app.schools[self.talk.school]
        made = notices(case, school.calendar, now)
        await self.store.record(Recording(now, opened=(case,), notices=made, acts=(Act("case opened", case.id),)), HOLD)
        await self.settled()
        return case

    @property
    def store(self):
        return self.talk.app.stores[self.talk.school]

    def down(self, name: str, state: str = "retrying") -> None:
        """The channel called NAME finds that it does not work."""
        {"chat": self.chat, "other": self.other, "mail": self.mail}[name].standing = state

    async def settled(self) -> None:
        """Until nothing is due: what a platform refuses is due later."""
        app = self.talk.app
        async with asyncio.timeout(20):
            await app.conversations.finish()
            while any(one.waiting for one in (await app.work.lag(self.talk.clock.now())).values()):
                app.database.wake("outbox")
                await asyncio.sleep(0.01)

    async def passes(self, **span: float) -> None:
        """Let time go by, and let the bot do what falls due meanwhile."""
        self.talk.clock.tick(**span)
        await self.settled()

    async def takes(self, case: Case, name: str) -> None:
        """The person called NAME acknowledges CASE."""
        theirs = acknowledge(await self.reads(case, name), self.people[name].id, self.talk.clock.now())
        acts = (Act("case acknowledged", case.id, self.people[name].id),)
        await self.store.record(Recording(self.talk.clock.now(), changed=(theirs,), settled=(case.id,), acts=acts), HOLD)
        await self.settled()

    async def reads(self, case: Case, name: str) -> Case:
        found = await self.store.seen_by(self.people[name]).by_id(case.id)
        assert found is not None
        return found

    async def told(self, case: Case, name: str = "Lead") -> list[str]:
        """What the chronology of CASE says, in its words, for the person called NAME."""
        history = await self.store.seen_by(self.people[name]).history(case.reference)
        assert history is not None
        return [f"{entry.what} {' '.join(words for _, words in entry.words)}".strip() for entry in chronology(history)]


@asynccontextmanager
async def desk_at(folder: Path) -> AsyncIterator[Desk]:
    """A desk with its three platforms."""
    clock = HandClock()
    chat, other, mail = Chat("chat", clock), Chat("other", clock), Mail(clock)
    channels: dict[str, Channel] = {"chat": chat, "other": other, "mail": mail}
    async with composition.running(settings(folder), clock, channels=channels) as app:
        people = app.stores["rosebrook"].people
        desk = Desk(Talk(app, chat, clock), chat, other, mail)
        for name, role, places in (
            ("Lead", "dsl", ("chat", "other", "mail")),
            ("Head", "headteacher", ("other", "mail")),
            ("Chair", "chair", ("mail",)),
        ):
            desk.people[name] = await people.add(name, (role,), [(place, name) for place in places])
        yield desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The lead's desk on a Monday morning in term."""
    async with desk_at(tmp_path) as desk:
        yield desk


async def test_a_card_goes_to_the_first_place_and_to_no_other(desk: Desk):
    """The chat took it: that proves the delivery, and nobody else hears of it."""
    case = await desk.opens()
    assert case.reference in transcript(desk.chat.at("Lead"))
    await desk.passes(minutes=50)
    assert desk.other.sent == desk.mail.inner.sent == []


async def test_a_card_goes_to_the_first_place_that_is_up(desk: Desk):
    """The first chat is known to be down: the card does not wait for it."""
    desk.down("chat")
    case = await desk.opens()
    assert desk.chat.sent == []
    assert case.reference in transcript(desk.other.at("Lead"))


@pytest.mark.parametrize("state", ["retrying", "misconfigured", "ended"])
async def test_where_no_place_is_up_the_first_is_tried_until_it_is_back(desk: Desk, state: str):
    """Nothing waits for good: the best place takes the card once it can."""
    for name in ("chat", "other", "mail"):
        desk.down(name, state)
    case = await desk.opens()
    assert case.reference in transcript(desk.chat.at("Lead"))


async def test_a_place_that_fails_twice_is_followed_by_the_next(desk: Desk):
    """One refusal is bad luck; after a second one the other chat gets the card, and the first goes on being tried."""
    desk.chat.down = True
    case = await desk.opens()
    assert desk.other.sent == []
    await desk.passes(seconds=2)
    assert case.reference in transcript(desk.other.at("Lead"))
    desk.chat.down = False
    await desk.passes(minutes=6)
    assert case.reference in transcript(desk.chat.at("Lead"))
    assert len(desk.other.at("Lead")) == 1


async def test_a_place_that_refuses_for_good_is_followed_at_once(desk: Desk):
    """Somebody has left the first chat."""
    desk.chat.failures = [SendFailed("not in this team any more", permanent=True)]
    case = await desk.opens()
    assert case.reference in transcript(desk.other.at("Lead"))


async def test_what_nobody_proves_goes_to_the_next_place_in_time(desk: Desk):
    """The post takes everything and proves nothing: after five minutes something urgent is tried elsewhere, or goes on."""
    desk.down("chat")
    desk.down("other")
    case = await desk.opens()
    assert case.reference in transcript(desk.mail.at("Lead"))
    await desk.passes(minutes=4)
    assert desk.chat.sent == []
    await desk.passes(minutes=1, seconds=1)
    assert case.reference in transcript(desk.chat.at("Lead"))


async def test_once_every_place_was_silent_an_urgent_case_climbs_at_once(desk: Desk):
    """The post is all that works, and it proves nothing: the head hears after five minutes, not after the hour of the ladder."""
    desk.chat.down = desk.other.down = True
    desk.down("chat")
    desk.down("other")
    case = await desk.opens()
    assert desk.mail.at("Head") == []
    for _ in range(40):
        await desk.passes(seconds=30)
    assert case.reference in transcript(desk.mail.at("Head"))
    assert case.reference in transcript(desk.mail.at("Chair"))


async def test_silence_about_what_can_wait_is_left_to_the_clock_of_the_ladder(desk: Desk):
    """A chair who reads post once a day is no emergency: what may wait a school day does not go round the school in an hour."""
    await desk.opens(Severity.MEDIUM, rungs=(("chair",), ("headteacher",)))
    await desk.passes(hours=3)
    assert desk.other.at("Head") == []
    await desk.passes(days=3)
    assert len(desk.other.at("Head")) == 1


@pytest.mark.parametrize(("severity", "within"), [(Severity.IMMEDIATE, 6), (Severity.HIGH, 25), (Severity.MEDIUM, 120)])
async def test_when_nobody_can_be_reached_the_reporter_is_told_to_phone(desk: Desk, severity: Severity, within: int):
    """Every platform of every role holder refuses everything: the truth goes to whoever sent it, long before the ladder would."""
    await desk.talk.send("Parent", "hello")
    await desk.settled()
    reporter = desk.talk.app.database.vault.look_up("conversation", "rosebrook", "chat", "Parent", "Parent")
    desk.other.down = desk.mail.inner.down = True
    await desk.store.record(Recording(desk.talk.clock.now(), people=(PlaceUnlinked(desk.people["Lead"].id, "chat", "Lead"),)), HOLD)
    case = await desk.opens(severity, reporter=reporter)
    for _ in range(within * 2):
        await desk.passes(seconds=30)
    told = transcript(desk.chat.at("Parent"))
    assert wording_sent.PHONE.split("{ring}")[0].format(reference=case.reference) in told


async def test_an_acknowledgement_stops_it_everywhere(desk: Desk):
    """Sent to one place and waiting for another: once somebody has it nothing more is sent, and what was sent says so."""
    desk.chat.down = True
    case = await desk.opens()
    await desk.passes(seconds=2)
    assert len(desk.other.at("Lead")) == 1
    desk.people["Deputy"] = await desk.store.people.add("Deputy", ("dsl",), (("other", "Deputy"),))
    await desk.takes(case, "Lead")
    desk.chat.down = False
    await desk.passes(hours=4)
    assert desk.chat.sent == []
    assert desk.mail.inner.sent == []


async def test_every_card_of_somebody_is_changed_in_every_place(desk: Desk):
    """The head has it from two places; the lead takes it: both of the head's say so, and the post, which cannot, gets one line."""
    desk.other.failures = [SendFailed("gone", permanent=True)]
    case = await desk.opens(rungs=(("headteacher", "dsl"),))
    await desk.passes(minutes=7)
    assert [len(desk.other.at("Head")), len(desk.mail.at("Head")), len(desk.chat.at("Lead"))] == [1, 1, 1]
    await desk.takes(case, "Lead")
    assert desk.other.edited == ["receipt-1"]
    assert "already" in transcript(desk.mail.at("Head")[1:])


async def test_what_must_be_blanked_says_nothing_where_nothing_can_be_changed(desk: Desk):
    """It comes out that it is about the head: their chat's card is blanked, and the post brings no second letter."""
    desk.other.failures = [SendFailed("gone", permanent=True)]
    case = await desk.opens(rungs=(("headteacher", "dsl"),))
    await desk.passes(minutes=7)
    now = await desk.reads(case, "Lead")
    about = replace(now, concerns=frozenset({desk.people["Head"].id}))
    await desk.store.record(Recording(desk.talk.clock.now(), changed=(about,)), HOLD)
    await desk.settled()
    assert desk.other.edited == ["receipt-1"]
    assert case.reference not in desk.other.at("Head")[-1].text
    assert len(desk.mail.at("Head")) == 1


async def test_a_card_that_can_no_longer_be_changed_is_left(desk: Desk):
    """The message was deleted: nothing is said again to whom it is about, and nothing is tried for ever."""
    case = await desk.opens(rungs=(("headteacher", "dsl"),))
    desk.other.failures = [SendFailed("no such message", permanent=True)]
    about = replace(await desk.reads(case, "Lead"), concerns=frozenset({desk.people["Head"].id}))
    await desk.store.record(Recording(desk.talk.clock.now(), changed=(about,)), HOLD)
    await desk.passes(days=2)
    assert len(desk.other.at("Head")) == 1
    assert (await desk.talk.app.work.lag(desk.talk.clock.now()))["pushes"].waiting == 0


async def test_a_place_that_was_taken_away_gets_no_card(desk: Desk):
    """Between the decision and the sending the lead's chat was unlinked: the card goes to the place that is left."""
    desk.chat.down = True
    case = await desk.opens()
    now = desk.talk.clock.now()
    await desk.store.record(Recording(now, people=(PlaceUnlinked(desk.people["Lead"].id, "chat", "Lead"),)), HOLD)
    desk.chat.down = False
    await desk.passes(minutes=6)
    assert desk.chat.sent == []
    assert case.reference in transcript(desk.other.at("Lead"))
    assert "are not reached there any more" in "\n".join(await desk.told(case))


async def test_whoever_goes_away_is_passed_over_and_told_on_return(desk: Desk):
    """The lead's card waits, and the lead goes away: it is not sent, the head is told at once; the lead hears on return."""
    desk.chat.down = desk.other.down = desk.mail.inner.down = True
    case = await desk.opens()
    now, lead = desk.talk.clock.now(), desk.people["Lead"]
    until = now + timedelta(days=2)
    await desk.store.record(Recording(now, people=(WentAway(lead.id, until, now),)), HOLD)
    desk.chat.down = desk.other.down = desk.mail.inner.down = False
    await desk.passes(seconds=30)
    assert desk.chat.at("Lead") == []
    assert case.reference in transcript(desk.other.at("Head"))


async def test_all_of_it_is_in_the_chronology_and_no_link_for_each_attempt(desk: Desk):
    """The first failure, the next place, the arrival: ten refusals are not ten lines."""
    desk.chat.down = True
    case = await desk.opens()
    for _ in range(10):
        await desk.passes(minutes=5)
    desk.chat.down = False
    await desk.passes(minutes=6)
    told = await desk.told(case)
    assert [line for line in told if "card" in line] == [
        "Could not be sent the card at the first attempt chat it was not taken",
        "Was sent the card at their next place as well other",
        "Has the card other",
        "Has the card chat",
    ]
    assert told[:2] == ["Sent the report", "Was told of the report"]


async def test_a_receipt_that_proves_nothing_is_told_as_such(desk: Desk):
    """The post took it; that it was read shows when somebody acknowledges it."""
    case = await desk.opens(rungs=(("chair",),))
    assert "Was sent the card: nothing shows yet that it arrived mail" in await desk.told(case, "Chair")


async def test_a_case_opened_again_goes_out_again_to_the_first_place(desk: Desk):
    """A new lap is a new round: nobody is passed over because of the one before."""
    case = await desk.opens()
    await desk.takes(case, "Lead")
    again = replace(await desk.reads(case, "Lead"), status=Status.OPEN, lap=1, holder=None)
    made = notices(again, desk.talk.app.schools["rosebrook"].calendar, desk.talk.clock.now())
    await desk.store.record(Recording(desk.talk.clock.now(), changed=(again,), notices=made), HOLD)
    await desk.settled()
    assert len([reply for reply in desk.chat.at("Lead") if case.reference in reply.title]) == 2


async def test_a_line_to_whoever_has_a_case_goes_to_a_place_that_is_up(desk: Desk):
    """The lead has it, their chat is down by now: that the reporter added something is said in the other chat, at once."""
    case = await desk.opens()
    await desk.takes(case, "Lead")
    desk.down("chat")
    theirs = await desk.reads(case, "Lead")
    line = Outcome(to_holder=((theirs, Reply("something was added")),))
    down = desk.talk.app.conversations._around.down(desk.store.school)
    await record(desk.store, line, at=desk.talk.clock.now(), hold=HOLD, down=down)
    await desk.settled()
    assert [reply.text for reply in desk.other.at("Lead")] == ["something was added"]


async def test_a_line_that_one_place_refuses_for_good_goes_to_the_next(desk: Desk):
    """Nobody's fault, nobody's loss: each place is asked once, and the last refusal ends it."""
    case = await desk.opens()
    await desk.takes(case, "Lead")
    await desk.settled()
    refused = SendFailed("blocked", permanent=True)
    desk.chat.failures, desk.other.failures, desk.mail.inner.failures = [refused], [refused], []
    line = Outcome(to_holder=((await desk.reads(case, "Lead"), Reply("something was added")),))
    await record(desk.store, line, at=desk.talk.clock.now(), hold=HOLD)
    await desk.settled()
    assert [reply.text for reply in desk.mail.at("Lead")] == ["something was added"]
    assert not any("added" in reply.text for reply in (*desk.chat.at("Lead"), *desk.other.at("Lead")))
    desk.mail.inner.failures = [refused]
    desk.chat.failures, desk.other.failures = [refused], [refused]
    await record(desk.store, line, at=desk.talk.clock.now(), hold=HOLD)
    await desk.passes(hours=30)
    assert (await desk.talk.app.work.lag(desk.talk.clock.now()))["replies"].waiting == 0


async def test_an_answer_stays_in_the_conversation_it_belongs_to(desk: Desk):
    """What somebody asked in one chat is not answered in another, and never in a letter."""
    desk.chat.failures = [SendFailed("blocked", permanent=True)]
    await desk.talk.send("Lead", "hello")
    await desk.passes(minutes=1)
    assert desk.other.sent == desk.mail.inner.sent == []


def person(*places: str) -> Person:
    """Somebody who is reached at PLACES."""
    return Person("p", "x", ("dsl",), tuple((name, "there") for name in places))


def test_the_choice_of_a_place():
    """The first that is up; where none is, the first; never one whose channel does not run here, nor one that was tried."""
    up = Ways(("chat", "mail"), MONDAY)
    one_down = Ways(("chat", "mail"), MONDAY, frozenset({"chat"}))
    all_down = Ways(("chat", "mail"), MONDAY, frozenset({"chat", "mail"}))
    three = person("pigeon", "chat", "mail")
    assert [first_place(three, ways) for ways in (up, one_down, all_down)] == [
        ("chat", "there"),
        ("mail", "there"),
        ("chat", "there"),
    ]
    assert first_place(three, up, {("chat", "there")}) == ("mail", "there")
    assert first_place(person("pigeon"), up) is None


def test_nothing_tried_is_a_failure_and_one_who_has_it_is_enough(rosebrook):
    """A bot that was off for an hour has not failed yet: it tries. And where one of two has the card, nobody else is called."""
    case = Case("c", "SP-22222", "bullying_of_pupil", Severity.HIGH, MONDAY - timedelta(hours=1), rungs=(("dsl",),))
    ways, long_ago = Ways(("chat",), MONDAY), MONDAY - timedelta(hours=1)
    lead = person("chat")
    waiting = Tried(lead, "chat", "there", long_ago)
    assert not pursue(case, rosebrook, (lead,), (waiting,), ways).climb_now
    failing = replace(waiting, attempts=3, why="SendFailed")
    assert pursue(case, rosebrook, (lead,), (failing,), ways).climb_now
    deputy = replace(lead, id="q")
    has_it = Tried(deputy, "chat", "there", long_ago, sent_at=long_ago, reached=True)
    assert not pursue(case, rosebrook, (lead, deputy), (failing, has_it), ways).climb_now


@pytest.fixture
def rosebrook():
    """A school with its calendar."""
    from bot import schools  # noqa: PLC0415 - only here

    return schools.load("rosebrook")


def outcomes() -> Sequence[tuple[str, ...]]:
    """What may become of a card at each of three places."""
    return list(itertools.product(("refused", "failing", "silent", "arrived"), repeat=3))


@pytest.mark.parametrize("became", outcomes(), ids="-".join)
def test_whatever_became_of_it_somebody_has_it_or_it_goes_on(rosebrook, became: tuple[str, ...]):
    """At every mix of outcomes after its time: either it arrived somewhere, or another place is tried, or the case climbs."""
    case = Case("c", "SP-22222", "bullying_of_pupil", Severity.HIGH, MONDAY - timedelta(hours=1), rungs=(("dsl",),))
    long_ago, lead = MONDAY - timedelta(hours=1), person("a", "b", "c")
    made: dict[str, dict[str, object]] = {
        "refused": {"attempts": 1, "why": "refused"},
        "failing": {"attempts": 4, "why": "SendFailed"},
        "silent": {"attempts": 1, "sent_at": long_ago},
        "arrived": {"attempts": 1, "sent_at": long_ago, "reached": True},
    }
    for count in range(1, 4):
        tried = tuple(
            replace(Tried(lead, channel, "there", long_ago), **made[what])  # type: ignore[arg-type]  # fields by name
            for channel, what in zip("abc"[:count], became, strict=False)
        )
        found = pursue(case, rosebrook, (lead,), tried, Ways(("a", "b", "c"), datetime.fromisoformat("2026-11-23T10:00:00+00:00")))
        arrived = "arrived" in became[:count]
        assert arrived == (not found.pushes and not found.climb_now)
        assert bool(found.pushes) == (not arrived and count < 3)
