"""What the commands on people share: who is meant, which role and place, and writing a change with what is said about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot import schools
from bot.changing_roles import STAFF, Staff
from bot.commands._shared import Refused, one_person
from bot.config import channel_names
from bot.config.rules import did_you_mean
from bot.mail_address import mail_address
from bot.record import record
from bot.turn import Outcome
from storage.kept import Overtaken, Person
from storage.store import Store
from storage.store.persons import TO_PROVE

PersonName = Annotated[str, typer.Argument(help="Their name, or the beginning of their id, as `signpost people list` shows it.")]
By = Annotated[str, typer.Option("--as", help="Who you are, if you hold a role yourself: those who are told read your role.")]
_HOLD = timedelta(seconds=60)


async def staff_of(store: Store, school: schools.School) -> Staff:
    """The school's people as they are now."""
    people = {one.id: one for one in await store.people.list()}
    return Staff(school, people, await store.people.holdings(), await store.people.set_up())


def called(staff: Staff, given: str) -> Person:
    """Whoever of STAFF goes by GIVEN."""
    return one_person(tuple(staff.people.values()), given)


def giver(staff: Staff, given: str) -> str | None:
    """The id of whoever works at the command line, if they say so."""
    if not given:
        return None
    person = called(staff, given)
    if not person.roles:
        raise Refused("Whoever you name with --as holds no role at the school. Leave it out.")
    return person.id


async def write(store: Store, outcome: Outcome, at: datetime) -> None:
    """Write OUTCOME whole, with the lines about it; refused when the school's people changed at this very moment."""
    try:
        await record(store, outcome, at=at, hold=_HOLD)
    except Overtaken:
        raise Refused("Something changed at this moment. Look at `signpost people list`, and give the command again.") from None


def role_called(school: schools.School, role: str) -> str:
    """ROLE, if SCHOOL has it."""
    known = (*school.roles, STAFF)
    if role not in known:
        raise Refused(f"There is no role “{role}”. {did_you_mean(role, known)}")
    return role


def place_called(written: str) -> tuple[str, str]:
    """The channel and the place that WRITTEN says."""
    channel, _, place = written.partition(":")
    if not place:
        raise Refused("Write a place as CHANNEL:PLACE, for instance telegram:12345.")
    if channel not in channel_names():
        raise Refused(f"There is no channel “{channel}”. {did_you_mean(channel, channel_names())}")
    if channel in TO_PROVE:
        if (address := mail_address(place)) is None:
            raise Refused("That is no e-mail address. Write it plainly, as in email:office@school.example.")
        return channel, address
    return channel, place
