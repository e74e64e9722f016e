"""What can change about the people of a school, as plain values. Each is written in one transaction with what is said about it.

`by` is the id of whoever did it; None is the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flows.cases.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody the school did not know before, with the roles they hold from now on. `confirmed` as in `RoleGiven`."""

    person: str
    name: str = field(repr=False)
    roles: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    confirmed: bool | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """PERSON holds ROLE from now on.

    As long as the school has no report, the role is confirmed at once; afterwards another holder confirms it. `confirmed` is what
    whoever decided this took it for, and Overtaken is raised where it has changed meanwhile; None leaves it to the store.
    """

    person: str
    role: str
    confirmed: bool | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class RoleTaken:
    """PERSON holds ROLE no longer. What they had in it goes on to the others by the school's CALENDAR."""

    person: str
    role: str
    by: str | None = None
    calendar: Calendar = field(default_factory=Calendar, repr=False)


@dataclass(frozen=True, slots=True)
class RoleConfirmed:
    """BY, who is neither the person nor the giver, says that the holding from SINCE is right."""

    person: str
    role: str
    since: datetime
    by: str


@dataclass(frozen=True, slots=True)
class RoleRefused:
    """BY says that the holding from SINCE, which nobody has confirmed, is not right. Then as `RoleTaken`."""

    person: str
    role: str
    since: datetime
    by: str
    calendar: Calendar = field(default_factory=Calendar, repr=False)


@dataclass(frozen=True, slots=True)
class WentAway:
    """PERSON is away UNTIL then, from SINCE or from now on; STANDS_IN is told in their place."""

    person: str
    until: datetime
    since: datetime | None = None
    stands_in: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class CameBack:
    """PERSON is there again, or will not be away after all."""

    person: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceLinked:
    """PERSON is also reached, and recognised, at PLACE in CHANNEL."""

    person: str
    channel: str
    place: str = field(repr=False)
    by: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceProved:
    """The CODE that was sent to PLACE, which was entered for PERSON, has come back: from now on the place counts."""

    person: str
    channel: str
    place: str = field(repr=False)
    code: str = field(repr=False)
    by: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceUnlinked:
    """PLACE is no longer PERSON's."""

    person: str
    channel: str
    place: str = field(repr=False)
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Whoever writes at PLACE in CHANNEL showed the code of an invitation, and is PERSON there from now on. A code works once."""

    person: str
    channel: str
    place: str = field(repr=False)
    invite: str = field(repr=False)  # the key of the invitation, as `Invites.find` gave it

    @property
    def by(self) -> str:
        """Nobody but the person themselves can have done it."""
        return self.person


@dataclass(frozen=True, slots=True)
class Invited:
    """PERSON can show who they are with CODE, in CHANNEL or in any; an earlier code of theirs ends. Only its digest is stored."""

    person: str
    code: str = field(repr=False)
    channel: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class InviteEnded:
    """No code of PERSON works any more."""

    person: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """PERSON has left: they are recognised nowhere, hold no role, and what they had goes on to the others by the CALENDAR."""

    person: str
    by: str | None = None
    calendar: Calendar = field(default_factory=Calendar, repr=False)


Change = (
    Entered
    | RoleGiven
    | RoleTaken
    | RoleConfirmed
    | RoleRefused
    | WentAway
    | CameBack
    | PlaceLinked
    | PlaceProved
    | PlaceUnlinked
    | Invited
    | InviteEnded
    | Joined
    | Removed
)


@dataclass(frozen=True, slots=True)
class Holding:
    """A role somebody holds: since when, who gave it, and whether anybody has confirmed it."""

    person: str
    role: str
    since: datetime
    given_by: str | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None

    @property
    def confirmed(self) -> bool:
        """Whether it opens reports from before it was given."""
        return self.confirmed_at is not None
