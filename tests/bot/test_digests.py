"""What digests say, to whom, on which days: through the real outbox, by the school's own calendar and clock."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import schools
from bot.channel import SendFailed
from bot.digests import DAILY, WEEKLY, may_go, planned
from bot.messages import Address, Reply
from bot.record import written
from bot.schools import SchoolError
from bot.wording_digests import DAILY_TITLE, WEEKLY_TITLE
from flows.cases.calendar import Calendar
from flows.cases.case import Case, Severity, acknowledge, reference
from flows.cases.clocks import notices
from storage.kept import Act, Asked, Person, Recording, ToPerson
from storage.store.taking_back import DIGEST_ABOUT
from tests.fakes import MONDAY, FakeChannel, HandClock
from tests.storage.conftest import HOLD
from tests.talk import Talk, settings, talking

LONDON = ZoneInfo("Europe/London")
EIGHT_THIRTY = time(8, 30)
TUESDAY = MONDAY + timedelta(days=1)


async def reports(
    talk: Talk, *, severity: Severity = Severity.MEDIUM, concerns: tuple[Person, ...] = (), drill: bool = False
) -> Case:
    """A report that the first rung is told of at once."""
    case = Case(
        id=reference("ID"),
        reference=reference(),
        matter="tell_the_lead",
        severity=severity,
        opened_at=talk.clock.now(),
        rungs=(("dsl",), ("deputy_dsl",)),
        concerns=frozenset(person.id for person in concerns),
        drill=drill,
    )
    due = notices(case, talk.app.schools[talk.school].calendar, talk.clock.now())
    act = Act("case opened", case.id)
    await talk.app.stores[talk.school].record(Recording(talk.clock.now(), opened=(case,), notices=due, acts=(act,)), HOLD)
    await talk.settled()
    return case


async def takes(talk: Talk, case: Case, person: Person) -> None:
    """PERSON says that they have it."""
    taken = acknowledge(case, person.id, talk.clock.now())
    act = Act("case acknowledged", case.id, person.id)
    await talk.app.stores[talk.school].record(Recording(talk.clock.now(), changed=(taken,), settled=(case.id,), acts=(act,)), HOLD)
    await talk.settled()


async def person(talk: Talk, role: str) -> Person:
    """Whoever holds ROLE."""
    (found,) = await talk.app.stores[talk.school].people.holders(role)
    return found


async def begins(talk: Talk) -> None:
    """The school has had a digest before, so that the next is no first."""
    await talk.app.digests.look(talk.school)


async def at(talk: Talk, moment: datetime) -> dict[str, list[str]]:
    """The clock is moved to MOMENT; the digests that each person got there."""
    talk.clock.tick(seconds=(moment - talk.clock.now()).total_seconds())
    await talk.settled()
    before = {name: len(talk.channel.at(name)) for name in ("Lead", "Deputy", "Head", "Chair", "Teacher")}
    await talk.app.digests.look(talk.school)
    await talk.settled()
    new = {name: [f"{one.title}\n{one.text}" for one in talk.channel.at(name)[number:]] for name, number in before.items()}
    return {name: [text for text in texts if text.startswith((DAILY_TITLE, WEEKLY_TITLE))] for name, texts in new.items()}


async def test_each_school_day_the_lead_and_the_deputy_read_what_needs_somebody(talk: Talk):
    """By reference, urgency and since when: no event, no name, no word. Whoever else holds a role reads nothing."""
    await begins(talk)
    case = await reports(talk)
    found = await at(talk, datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    (lead,) = found["Lead"]
    assert f"• {case.reference}, medium, since Monday 23 November at 10:00" in lead
    assert "A worry" not in lead
    assert found["Head"] == found["Chair"] == found["Teacher"] == []


async def test_three_reasons_are_told_apart(talk: Talk):
    """Not acknowledged, not acknowledged in time, and left alone for too long by whoever has it."""
    await begins(talk)
    left = await reports(talk)
    await takes(talk, left, await person(talk, "dsl"))
    await at(talk, MONDAY + timedelta(days=14))
    late = await reports(talk, severity=Severity.HIGH)
    await talk.passes(hours=2)
    fresh = await reports(talk, severity=Severity.LOW)
    found = await at(talk, datetime(2026, 12, 8, 8, 30, tzinfo=UTC))
    blocks = found["Lead"][0].removeprefix(DAILY_TITLE).strip().split("\n\n")
    headed = {
        reference_: block.splitlines()[0]
        for block in blocks
        for reference_ in (left.reference, late.reference, fresh.reference)
        if reference_ in block
    }
    assert "in time" in headed[late.reference]
    assert headed[fresh.reference].startswith("Sent, and nobody")
    assert headed[left.reference].startswith("Somebody has it")


async def test_nothing_to_say_is_said_once_a_week_and_not_every_day(talk: Talk):
    """Silence must never be mistaken for safety, and a message without news every morning would be."""
    await begins(talk)
    assert not any((await at(talk, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))).values())
    found = await at(talk, datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
    for name in ("Lead", "Deputy", "Head"):
        (week,) = found[name]
        assert "No report came in." in week
        assert "All places can be reached." in week
        assert "No drill has been held yet." in week
    assert found["Chair"] == found["Teacher"] == []


async def test_the_week_counts_what_each_may_see(talk: Talk):
    """A report about the lead is in nobody's figures who may not know of it, and a drill in nobody's at all."""
    await begins(talk)
    lead = await person(talk, "dsl")
    await takes(talk, await reports(talk), lead)
    about = await reports(talk, concerns=(lead,))
    await reports(talk, drill=True)
    await talk.passes(hours=24)  # the next rung is told: the deputy sees what is about the lead
    found = await at(talk, datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
    mine = next(text for text in found["Lead"] if text.startswith(WEEKLY_TITLE))
    assert "Reports that came in: 1." in mine
    assert "• 1 × A worry for the safeguarding lead" in mine
    assert "within a minute" in mine
    deputy = next(text for text in found["Deputy"] if text.startswith(WEEKLY_TITLE))
    assert "Not acknowledged yet: 1." in deputy
    assert about.reference not in "".join(found["Lead"])
    assert about.reference in "".join(found["Deputy"])


async def test_the_week_says_what_failed(talk: Talk):
    """A channel that is down and cards that did not go out are said to those who hear of them by another way, or afterwards."""
    await begins(talk)
    talk.app.supervisor._channels["slack"] = talk.channel
    talk.app.supervisor._states["slack"] = "misconfigured"
    await talk.app.stores[talk.school].record(Recording(talk.clock.now(), asked=Asked("parent", "no")), HOLD)
    found = await at(talk, datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
    (week,) = found["Lead"]
    assert "Slack is not working (misconfigured)." in week
    assert "All places can be reached." not in week
    assert "did not answer for sure: 1." in week


async def test_the_head_that_it_names_shows_a_tail_that_was_cut(talk: Talk):
    """What stands in somebody's chat cannot be changed at the machine: `audit verify --head` compares."""
    await begins(talk)
    await reports(talk)
    found = await at(talk, datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    head = found["Lead"][0].rpartition("--head ")[2].split("”")[0]
    chain = talk.app.stores[talk.school].audit
    assert len(head) == 16
    assert (await chain.verify(head)).whole
    assert not (await chain.verify("f" * 16)).whole
    assert not (await chain.verify(head[:8])).whole, "so little could be made to fit"


async def test_whoever_has_a_case_that_waits_for_a_word_reads_of_that_one_only(talk: Talk):
    """The headteacher took one and left it; of the others they read in the lists."""
    await begins(talk)
    theirs, other = await reports(talk), await reports(talk)
    await takes(talk, theirs, await person(talk, "headteacher"))
    found = await at(talk, datetime(2026, 12, 8, 8, 30, tzinfo=UTC))
    daily = [text for text in found["Head"] if text.startswith(DAILY_TITLE)]
    assert len(daily) == 1
    assert theirs.reference in daily[0]
    assert other.reference not in daily[0]


async def test_no_digest_while_the_school_is_closed_and_one_when_it_opens(talk: Talk):
    """Not at the weekend, not at night: and three days without the machine are one digest, not three."""
    await begins(talk)
    await reports(talk)
    assert not any((await at(talk, datetime(2026, 11, 24, 8, 29, tzinfo=UTC))).values())
    assert not any((await at(talk, datetime(2026, 11, 24, 15, 31, tzinfo=UTC))).values())
    assert not any((await at(talk, datetime(2026, 11, 28, 10, 0, tzinfo=UTC))).values())
    found = await at(talk, datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    assert [text.splitlines()[0] for text in found["Lead"]] == [DAILY_TITLE, WEEKLY_TITLE]
    assert not any((await at(talk, datetime(2026, 11, 30, 13, 0, tzinfo=UTC))).values())


async def test_a_restart_sends_nothing_twice(tmp_path):
    """The row is done: whoever starts again finds it so."""
    async with talking(settings(tmp_path)) as talk:
        await begins(talk)
        await reports(talk)
        assert len((await at(talk, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)))["Lead"]) == 1
        await talk.restarts()
        assert (await at(talk, datetime(2026, 11, 24, 10, 0, tzinfo=UTC)))["Lead"] == []


async def test_whoever_is_away_reads_none(talk: Talk):
    """They read the next one when they are back."""
    await begins(talk)
    await reports(talk)
    lead = await person(talk, "dsl")
    await talk.app.stores[talk.school].people.away(lead.id, MONDAY + timedelta(days=2))
    assert (await at(talk, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)))["Lead"] == []
    assert len((await at(talk, datetime(2026, 11, 26, 9, 0, tzinfo=UTC)))["Lead"]) == 1


async def test_a_long_list_is_cut_and_counted(talk: Talk):
    """A message that no channel would take says how many more there are; those that are urgent come first."""
    await begins(talk)
    for _ in range(12):
        await reports(talk)
    urgent = await reports(talk, severity=Severity.HIGH)
    found = await at(talk, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    text = "\n".join(found["Lead"])
    assert text.count("• SP-") == 10
    assert urgent.reference in text
    assert "• and 3 more" in text


async def concerns(talk: Talk, case: Case, lead: Person) -> None:
    """Somebody says that CASE is about the lead."""
    found = await talk.app.stores[talk.school].seen_by(lead).by_id(case.id)
    assert found is not None
    theirs = replace(found, concerns=frozenset({lead.id}))
    await talk.app.stores[talk.school].record(Recording(talk.clock.now(), changed=(theirs,)), HOLD)
    await talk.settled()


async def test_a_digest_that_names_what_turns_out_to_be_about_its_reader_is_taken_back(talk: Talk):
    """It was sent in good faith, and is blanked like the card; the deputy's stays as it is."""
    await begins(talk)
    case = await reports(talk)
    await talk.passes(hours=24)
    await at(talk, datetime(2026, 11, 24, 10, 30, tzinfo=UTC))
    receipts = {
        one.to.place: f"receipt-{number}"
        for number, one in enumerate(talk.channel.sent, 1)
        if one.reply.title == DAILY_TITLE and case.reference in one.reply.text
    }
    assert receipts.keys() == {"Lead", "Deputy"}
    await concerns(talk, case, await person(talk, "dsl"))
    assert receipts["Lead"] in talk.channel.edited
    assert talk.channel.at("Lead")[-1].text == "This message was withdrawn."
    assert receipts["Deputy"] not in talk.channel.edited
    kept = await talk.app.stores[talk.school].conversations.transcript("fake", "Lead", "Lead", 50)
    assert case.reference not in "".join(line.body for line in kept)


async def test_a_digest_that_has_not_gone_out_by_then_never_does(talk: Talk):
    """The platform was down from before the school opened until after somebody said whom it is about."""
    await begins(talk)
    case = await reports(talk)
    talk.channel.down = True
    talk.clock.tick(seconds=(datetime(2026, 11, 24, 10, 30, tzinfo=UTC) - talk.clock.now()).total_seconds())
    await talk.app.digests.look(talk.school)
    await concerns(talk, case, await person(talk, "dsl"))
    talk.channel.down = False
    await talk.passes(hours=1)
    assert not [one for one in talk.channel.sent if one.to.place == "Lead" and one.reply.title == DAILY_TITLE]


class Gate(FakeChannel):
    """A platform that has a digest for the lead in hand until the gate is opened, and then takes it, or refuses it once."""

    def __init__(self, clock: HandClock, refuses: SendFailed | None) -> None:
        super().__init__(clock=clock)
        self.refuses = refuses
        self.in_hand, self.opened = asyncio.Event(), asyncio.Event()

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        if (to.place, reply.title) == ("Lead", DAILY_TITLE) and not self.opened.is_set():
            self.in_hand.set()
            await self.opened.wait()
            if self.refuses is not None:
                raise self.refuses
        return await super().send(to, reply, key)


@pytest.mark.parametrize(
    "refuses",
    [None, SendFailed("the line broke"), SendFailed("blocked by the user", permanent=True)],
    ids=["arrives", "fails", "refused"],
)
async def test_a_digest_that_is_in_the_hands_of_the_platform_by_then_is_blanked_or_never_tried_again(tmp_path, refuses):
    """Its send is under way at the very moment somebody says whom it is about, and ends after that. What is behind it is said."""
    clock = HandClock()
    gate = Gate(clock, refuses)
    async with talking(settings(tmp_path), clock, gate) as talk:
        await begins(talk)
        case, lead = await reports(talk), await person(talk, "dsl")
        talk.clock.tick(seconds=(datetime(2026, 11, 24, 10, 30, tzinfo=UTC) - talk.clock.now()).total_seconds())
        await talk.app.digests.look(talk.school)
        await asyncio.wait_for(gate.in_hand.wait(), 15)
        behind = ToPerson(lead.id, written(Reply("Something else.")))
        await talk.app.stores[talk.school].record(Recording(talk.clock.now(), to_people=(behind,)), HOLD)
        await concerns(talk, case, lead)
        gate.opened.set()
        for _ in range(4):
            await talk.passes(hours=1)
        digests = [
            f"receipt-{number}"
            for number, one in enumerate(gate.sent, 1)
            if one.to.place == "Lead" and one.reply.title == DAILY_TITLE
        ]
        assert digests == [card for card in gate.edited if card in digests], "whatever arrived is blanked"
        assert len(digests) == (refuses is None)
        assert "Something else." in [one.text for one in talk.channel.at("Lead")]


async def test_what_was_claimed_with_it_and_is_about_the_same_report_is_not_even_begun(tmp_path):
    """It waits behind what is in the hands of the platform, and goes after that: by then somebody has said whom it is about."""
    clock = HandClock()
    gate = Gate(clock, None)
    async with talking(settings(tmp_path), clock, gate) as talk:
        case, lead = await reports(talk), await person(talk, "dsl")
        first = Reply(f"• {case.reference}, medium", title=DAILY_TITLE, about=DIGEST_ABOUT)
        second = Reply(f"Words were added to {case.reference}.", about=f"case:{case.id}")
        both = tuple(ToPerson(lead.id, written(one)) for one in (first, second))
        await talk.app.stores[talk.school].record(Recording(talk.clock.now(), to_people=both), HOLD)
        await asyncio.wait_for(gate.in_hand.wait(), 15)
        await concerns(talk, case, lead)
        gate.opened.set()
        await talk.passes(hours=1)
        assert first.text in [one.text for one in gate.at("Lead")]
        assert second.text not in [one.text for one in gate.at("Lead")]


SCHOOL = schools.load("rosebrook")


def with_days(**days: object) -> schools.School:
    """Rosebrook with a calendar of its own."""
    return replace(SCHOOL, calendar=Calendar(**days))


def test_the_week_begins_on_its_first_school_day():
    """After a bank holiday on Monday the week's digest is Tuesday's; a week without a school day has none, nor has a closed day."""
    bank = with_days(holidays=((date(2027, 5, 3), date(2027, 5, 3)),))
    assert planned(bank, datetime(2027, 5, 5, 6, 0, tzinfo=UTC)) == {
        (DAILY, "2027-05-05"): datetime(2027, 5, 5, 7, 30, tzinfo=UTC),
        (WEEKLY, "2027-05-04"): datetime(2027, 5, 4, 7, 30, tzinfo=UTC),
    }
    half_term = with_days(holidays=((date(2026, 10, 26), date(2026, 10, 30)),))
    assert planned(half_term, datetime(2026, 10, 28, 10, 0, tzinfo=UTC)) == {}


@given(st.integers(min_value=0, max_value=2 * 365 * 24 * 60))
def test_a_digest_is_due_at_its_hour_on_the_schools_own_clock(minutes: int):
    """Summer or winter, on both days on which the clocks change, and never on a day on which the school is closed."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for (kind, day), due in planned(SCHOOL, moment).items():
        local = due.astimezone(LONDON)
        assert (local.time(), local.date().isoformat()) == (EIGHT_THIRTY, day)
        assert SCHOOL.calendar.is_school_day(local.date())
        assert local.isocalendar()[:2] == moment.astimezone(LONDON).isocalendar()[:2]
        assert may_go(SCHOOL, due)
        assert kind in (DAILY, WEEKLY)


def test_a_school_chooses_its_hour_and_is_told_of_a_slip(own):
    """Before it closes: a digest that comes when everybody is gone helps nobody that day."""
    folder = own("[roles]", "[digest]\nat = 07:45:00\n\n[roles]")
    assert schools.load("hill", folder).digest_at == time(7, 45)
    own("at = 07:45:00", "at = 16:00:00")
    with pytest.raises(
        SchoolError, match=r"hill/school\.toml: digest\.at: the school closes at 15:30\. Write a time before that\."
    ):
        schools.load("hill", folder)


async def test_the_link_in_the_audit_names_nobody(talk: Talk):
    """Kind, day and how many people."""
    await begins(talk)
    await reports(talk)
    await at(talk, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    links = [link for link in await talk.app.stores[talk.school].audit.links() if link.act == "digest sent"]
    assert [json.loads(link.details or "") for link in links] == [{"kind": "daily", "day": "2026-11-24", "people": 2}]
