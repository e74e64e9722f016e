"""The whole bot beside a real mail server: a card finds its way whatever the server answers, and nothing but cards goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import app as composition
from bot import logs
from bot.app import App
from bot.changing_roles import Staff, changed
from bot.drill import mark
from bot.glances import ask, begin
from bot.memory import Talk
from bot.messages import Reply
from bot.record import record, written
from bot.wording_email import LOOK, PEOPLE_CHANGED, PEOPLE_CHANGED_HOW
from flows.cases.case import Case, Said, Severity, acknowledge, reference
from flows.cases.notice import Notice, NoticeKind
from storage.kept import Person, Recording, ToPerson
from storage.staffing import PlaceProved, RoleGiven, RoleTaken
from tests.bot.mailing import settings
from tests.drivers import Patience
from tests.fakes import HandClock
from tests.mail_wire import LATER, PASSWORD, RESET, USER, MailServer, Taken, mail_server

HOLD = timedelta(seconds=60)
FIRST, SECOND = "lead@school.example", "lead@home.example"


@dataclass
class Office:
    """A school whose lead is reached by e-mail alone, at two addresses; the chair at a third."""

    app: App
    wire: MailServer
    lead: Person

    @property
    def store(self):
        return self.app.stores["rosebrook"]

    async def opens(self, *, drill: bool = False) -> Case:
        """An urgent report that waits for the lead."""
        now = self.app.clock.now()
        case = Case(
            id=reference("X"), reference=reference(), matter="bullying_of_pupil", severity=Severity.HIGH, opened_at=now,
            rungs=(("dsl",), ("chair",)), said=(Said("What happened?", "zqx", "happened"),), drill=drill,
        )  # fmt: skip
        await self.store.record(Recording(now, opened=(case,), notices=(Notice(case.id, 0, NoticeKind.PUSH, now),)), HOLD)
        return case

    async def arrives(self, place: str, times: int = 1) -> None:
        """Wait until that many messages have come to PLACE."""

        async def there() -> bool:
            return sum(mail.to == (place,) for mail in self.wire.mails) >= times

        await Patience(self.app).until(there, f"{times} at {place}")


@asynccontextmanager
async def office(folder: Path, wire: MailServer, **more: object) -> AsyncIterator[Office]:
    """The bot with e-mail as its only channel."""
    async with composition.running(settings(folder, wire, channels=("email",), **more), HandClock()) as app:
        store = app.stores["rosebrook"]
        lead = await store.people.add("Lead", ("dsl",), (("email", FIRST), ("email", SECOND)))
        chair = await store.people.add("Chair", ("chair",), (("email", "chair@school.example"),))
        for person, place in ((lead, FIRST), (lead, SECOND), (chair, "chair@school.example")):
            code = await store.proving.code(person.id, "email", place, app.clock.now())
            assert code is not None
            proof = PlaceProved(person.id, "email", place, code)
            await store.record(Recording(app.clock.now(), people=(proof,)), HOLD)
        yield Office(app, wire, lead)


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[MailServer]:
    """The provider."""
    async with mail_server(tmp_path / "server") as wire:
        yield wire


async def test_a_card_arrives_and_its_state_is_shown(wire: MailServer, tmp_path: Path):
    """The status port says "up"; the card says the reference and not what was written."""
    async with office(tmp_path, wire) as here:
        case = await here.opens()
        await here.arrives(FIRST)
        assert here.app.supervisor.states == {"email": "up"}
        assert wire.mails[0].message["Subject"] == f"Signpost: {case.reference} needs you"
        assert all(b"zqx" not in mail.raw for mail in wire.mails)
        assert all(b"ullying" not in mail.raw for mail in wire.mails)


async def test_an_address_that_is_refused_for_good_is_followed_by_the_next_at_once(wire: MailServer, tmp_path: Path):
    """550: the other address of the same person, and nobody else."""
    wire.refuse[FIRST] = "550 5.1.1 No such user"
    async with office(tmp_path, wire) as here:
        await here.opens()
        await here.arrives(SECOND)
        assert {mail.to for mail in wire.mails} == {(SECOND,)}


@pytest.mark.parametrize("fault", [LATER, RESET])
async def test_a_fault_that_passes_costs_a_repeat_at_most_and_the_repeat_is_known_as_one(
    wire: MailServer, tmp_path: Path, fault: str
):
    """451 before the server has it, a reset after: the same number on both attempts."""
    wire.faults.append(fault)
    async with office(tmp_path, wire) as here:
        await here.opens()
        await here.arrives(FIRST, 2 if fault == RESET else 1)
        assert len({mail.message["Message-ID"] for mail in wire.mails if mail.to == (FIRST,)}) == 1


async def test_a_wrong_password_shows_and_everything_else_goes_on(wire: MailServer, tmp_path: Path):
    """The bot starts, says "misconfigured" on the status port, and keeps the card for when it is mended."""
    async with office(tmp_path, wire, password="guess") as here:
        await here.opens()

        async def shown() -> bool:
            return here.app.supervisor.states == {"email": "misconfigured"}

        await Patience(here.app).until(shown, "misconfigured on the status port")
        assert await here.app.health.ready()
        tried = len(wire.passwords)
        here.app.database.wake("outbox")
        assert not wire.mails
        lag = await here.app.work.lag(here.app.clock.now())
        assert lag["pushes"].waiting + lag["notices"].waiting
        assert len(wire.passwords) <= tried + 1


async def test_that_somebody_has_it_by_now_is_no_further_message(wire: MailServer, tmp_path: Path):
    """An e-mail cannot be changed, and one more would only say that nothing is to be done."""
    async with office(tmp_path, wire) as here:
        case = await here.opens()
        await here.arrives(FIRST)
        now = here.app.clock.now()
        stored = await here.store.seen_by(here.lead).by_id(case.id)
        assert stored is not None
        await here.store.record(Recording(now, changed=(acknowledge(stored, here.lead.id, now),), settled=(case.id,)), HOLD)

        async def quiet() -> bool:
            waiting = (await here.app.work.lag(here.app.clock.now())).values()
            return not any(one.waiting for one in waiting)

        await Patience(here.app).until(quiet, "nothing left to send")
        assert {mail.message["Subject"] for mail in wire.mails} == {f"Signpost: {case.reference} needs you"}


async def test_a_line_that_is_no_card_is_not_sent_here(wire: MailServer, tmp_path: Path):
    """Names and roles stay out of e-mail; it ends as undeliverable where there is no other place."""
    async with office(tmp_path, wire) as here:
        line = written(replace(Reply("Somebody now holds the role of zqx."), anywhere=True))
        await here.store.record(Recording(here.app.clock.now(), to_people=(ToPerson(here.lead.id, line),)), HOLD)

        async def given_up() -> bool:
            return not (await here.app.work.lag(here.app.clock.now()))["replies"].waiting

        await Patience(here.app).until(given_up, "the line given up")
        assert not wire.mails


async def test_that_roles_have_changed_is_told_without_a_word_of_whose(wire: MailServer, tmp_path: Path):
    """Who is reached by e-mail alone, as a chair is, hears that something has changed and where to see it: no name and no role."""
    async with office(tmp_path, wire) as here:
        now = here.app.clock.now()
        person = await here.store.people.add("Zqxname", ("staff",), (("email", "zqx@school.example"),))
        people = {one.id: one for one in await here.store.people.list()}
        staff = Staff(here.app.schools["rosebrook"], people, await here.store.people.holdings())
        for wish in (RoleGiven(person.id, "headteacher"), RoleTaken(person.id, "headteacher")):
            outcome = changed(wish, staff, now)
            assert any(reply.choices for _, reply, _ in outcome.to_roles) is isinstance(wish, RoleGiven), "one is to be confirmed"
            await record(here.store, outcome, at=now, hold=HOLD)
        await here.arrives("chair@school.example", 2)
        await here.arrives(FIRST, 2)
        for mail in wire.mails:
            assert mail.message["Subject"] == PEOPLE_CHANGED
            assert PEOPLE_CHANGED_HOW in _plain(mail)
            assert not any(word in mail.raw.lower() for word in (b"zqxname", b"headteacher", b"confirm"))


async def test_whoever_is_asked_to_be_easy_to_find_is_asked_by_e_mail_as_well(wire: MailServer, tmp_path: Path):
    """The quiet word says nothing of anybody; without this a lead with no chat would never hear it."""
    async with office(tmp_path, wire) as here:
        now = here.app.clock.now()
        talk = Talk(memory=begin({}, (), here.app.schools["rosebrook"], now))
        outcome = ask(talk, here.app.schools["rosebrook"], await here.store.people.list(), None, now)
        await record(here.store, outcome, at=now, hold=HOLD)
        await here.arrives(FIRST)
        (mail,) = wire.mails
        assert mail.message["Subject"] == LOOK
        assert "may need you" in _plain(mail)


async def test_a_drill_is_said_to_be_one(wire: MailServer, tmp_path: Path):
    """In the subject, which a locked screen shows."""
    async with office(tmp_path, wire) as here:
        case = await here.opens(drill=True)
        await here.arrives(FIRST)
        assert wire.mails[0].message["Subject"] == mark(case, f"Signpost: {case.reference} needs you")


@pytest.mark.parametrize("trouble", ["refused", "reset", "signing in"])
async def test_no_address_and_no_answer_of_the_server_is_logged(wire: MailServer, tmp_path: Path, trouble: str, capsys):
    """Whatever goes wrong: the server's words repeat the address, and the library's exceptions repeat the server's words."""
    logs.setup("json", "debug")
    if trouble == "refused":
        wire.refuse[FIRST] = f"550 5.1.1 zqxserver knows no {FIRST}"
    elif trouble == "reset":
        wire.faults.append(RESET)
    else:
        wire.signs_in = f"454 4.7.0 zqxserver has trouble with {USER}"
    async with office(tmp_path, wire) as here:
        await here.opens()
        if trouble == "signing in":
            await Patience(here.app).until(lambda: _stands(here, "retrying"), "an outage")
        else:
            await here.arrives(SECOND if trouble == "refused" else FIRST)
    said = capsys.readouterr()
    assert '"channel": "email"' in said.err or trouble == "refused"  # a refusal is noted with the card, and is no log line
    assert not any(word in said.out + said.err for word in ("school.example", "home.example", "zqxserver", PASSWORD))


def _plain(mail: Taken) -> str:
    """The words of MAIL, without how its lines were broken on the way."""
    body = mail.message.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


async def _stands(here: Office, state: str) -> bool:
    return here.app.supervisor.states == {"email": state}
