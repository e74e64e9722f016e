"""`signpost people link`: where somebody is reached, and recognised."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import schools, verifying
from bot.changing_roles import Staff, changed
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, SchoolName, at_school, settings
from bot.commands._staffing import By, PersonName, called, giver, place_called, staff_of, write
from bot.config import Config
from bot.turn import Outcome
from storage.kept import Person
from storage.staffing import PlaceLinked, PlaceProved, PlaceUnlinked
from storage.store import Store
from storage.store.persons import TO_PROVE
from storage.store.proving import NotTheCode


def command(
    person: PersonName,
    place: Annotated[str, typer.Argument(help="CHANNEL:PLACE, as in telegram:12345 or email:office@school.example.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="They are no longer reached or recognised there.")] = False,
    code: Annotated[
        str, typer.Option("--code", help="The code that was sent to an e-mail address: with it the address counts.")
    ] = "",
    by: By = "",
    school: SchoolName = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Say where somebody is reached and recognised. Whoever writes from there is taken for them, so those who lead are told.

    To an e-mail address a code is sent first; it is used, and told of, once the code has come back.

    Example: signpost people link "A. Person" telegram:12345
    """
    chosen = settings(config)
    if remove and code:
        raise Refused("Give either --remove or --code.")

    async def work(store: Store, known: schools.School) -> None:
        staff = await staff_of(store, known)
        who, now, where, did_it = called(staff, person), datetime.now(UTC), place_called(place), giver(staff, by)
        to_prove = where[0] in TO_PROVE and where not in who.places
        if remove:
            wish = PlaceUnlinked(who.id, *where, did_it)
            # What never counted is nobody's news.
            await write(store, Outcome(people=(wish,)) if to_prove else changed(wish, staff, now), now)
        elif code:
            await _prove(store, PlaceProved(who.id, *where, code, did_it), staff, now)
        elif to_prove:
            await _send_code(store, PlaceLinked(who.id, *where, did_it), chosen, known, now)
            return
        else:
            await write(store, changed(PlaceLinked(who.id, *where, did_it), staff, now), now)
        _say(who, await store.people.by_id(who.id))

    at_school(config, school, work, make=True)


async def _send_code(store: Store, wish: PlaceLinked, config: Config, school: schools.School, now: datetime) -> None:
    """Keep the address, which does not count yet, and send the code there. Given again, the command sends it once more."""
    await write(store, verifying.entered(wish), now)
    code = await store.proving.code(wish.person, wish.channel, wish.place, now)
    if code is None:
        raise Refused("That address was proved, or taken away, at this moment. Look at `signpost people show`.")
    try:
        await verifying.send(config, school, wish.place, code, now)
    except verifying.NotSent as why:
        raise Refused(f"{why} The address is kept and not used: give the command again, or once more with --remove.") from None
    typer.echo(f"A code is on its way to {wish.place}. The address is not used until it has come back:")
    typer.echo(f"signpost people link {wish.person[:8]} {wish.channel}:{wish.place} --code CODE")


async def _prove(store: Store, wish: PlaceProved, staff: Staff, now: datetime) -> None:
    if (wish.channel, wish.place) not in await store.proving.waiting(wish.person):
        raise Refused("Nothing waits to be proved there. `signpost people show` says where they are reached.")
    try:
        await write(store, verifying.proved(wish, staff, now), now)
    except NotTheCode as why:
        raise Refused(f"{why} Without --code, this command does that.") from None


def _say(was: Person, now: Person | None) -> None:
    places = len(now.places) if now is not None else 0
    typer.echo(f"{was.id[:8]}: {', '.join(was.roles) or 'no role'}; reached at {places} {'place' if places == 1 else 'places'}.")
