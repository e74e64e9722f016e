"""An e-mail address counts once a code that was sent to it has come back: entering it, sending the code, and the code's return."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from importlib import import_module

from bot.changing_roles import Staff, changed
from bot.channel import Misconfigured, SendFailed
from bot.config import Config, ConfigError, Problem
from bot.schools import School
from bot.turn import Outcome
from bot.ways_in import grouped
from bot.wording import day_and_clock
from storage.staffing import PlaceLinked, PlaceProved
from storage.store.invites import GOOD_FOR

CHANNEL = "email"


class NotSent(Exception):
    """The code could not be sent; the message says why, in words for whoever entered the address."""


def entered(wish: PlaceLinked) -> Outcome:
    """The address is kept and not used. Nobody is told yet: as long as it proves to be nobody's, nothing has changed."""
    return Outcome(people=(wish,))


def proved(wish: PlaceProved, staff: Staff, now: datetime) -> Outcome:
    """The address counts from now on, and is told of like any other place: to those who lead, and to whoever it is for."""
    return replace(changed(PlaceLinked(wish.person, wish.channel, wish.place, wish.by), staff, now), people=(wish,))


async def send(config: Config, school: School, address: str, code: str, now: datetime) -> None:
    """Send CODE to ADDRESS at once: whoever entered it sits there and wants to know whether it works."""
    if CHANNEL not in config.channels:
        raise ConfigError((Problem(str(config.file or "signpost.toml"), "channels", f'Add "{CHANNEL}": docs/channels/email.md.'),))
    until = day_and_clock(now + GOOD_FOR, school.zone)
    # Its library is there only where the channel is used, so it is not loaded before.
    send_code = import_module("bot.channels.email.codes").send_code
    try:
        await send_code(config, address, grouped(code), school=school.title, until=until, at=now)
    except (SendFailed, Misconfigured) as error:
        raise NotSent(str(error)) from None
    except (TimeoutError, ConnectionError):
        raise NotSent("The mail server did not say whether it took the message.") from None
