"""What the store takes in and hands out: plain frozen values in domain words. No row and no session gets past them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from flows.cases.case import Case, Said
from flows.cases.notice import Notice
from storage.staffing import Change


class Fenced(Exception):
    """The lease was lost, or the message was finished by somebody else: nothing was recorded."""


class Overtaken(Exception):
    """The case changed since it was read: nothing was recorded, read it again and decide again."""


class RepeatedForm(Exception):
    """That form was carried out before: nothing was recorded, and nothing needs to be."""


class Unknown(Exception):
    """That id names nothing in this school: nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the school knows: the roles they hold today and the places they can be reached, best first."""

    id: str
    name: str = field(repr=False)
    roles: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (channel, place)
    away_until: datetime | None = None
    away_from: datetime | None = None  # None, with an end: from now on
    stands_in: str | None = None  # the id of whoever is told in their place while they are away
    unconfirmed: frozenset[str] = frozenset()  # those of their roles that nobody has confirmed yet
    vouched: frozenset[tuple[str, str]] = frozenset()  # each of those that somebody of the school gave, with the id of who did
    stand_in: Person | None = None  # that person, where a due notice needs them

    def is_away(self, now: datetime) -> bool:
        """Whether they are passed over at NOW."""
        return self.away_until is not None and self.away_until > now and (self.away_from is None or self.away_from <= now)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as a channel brought it. `message_id` is unique per school and channel; `body` is sealed before it is stored."""

    message_id: str
    channel: str
    place: str = field(repr=False)
    sender: str = field(repr=False)
    received_at: datetime
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored message that nobody has handled yet. `attempts` counts how often handling began."""

    id: int
    message_id: str
    received_at: datetime
    body: str = field(repr=False)
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to decide for one conversation, until `until`. Recording needs its token and its version."""

    school: str
    conversation: str
    channel: str
    place: str = field(repr=False)
    sender: str = field(repr=False)
    token: str
    version: int
    until: datetime
    state: str | None = field(default=None, repr=False)
    person: Person | None = None
    next: Waiting | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A reply to be sent to one place; `body` is opaque to the store and sealed."""

    channel: str
    place: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """One link of the audit chain to be: what was done, to which case, by whom. `details` are committed to and sealed."""

    act: str
    case: str | None = None
    person: str | None = None
    details: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Addition:
    """Something said about a case after it was opened: kept beside the report with its time, never over it."""

    case: str
    said: tuple[Said, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToReporter:
    """A reply to wherever the report of CASE came from; the store knows the address."""

    case: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToHolder:
    """A line to whoever has CASE, at the place they are best reached; nobody is written to whom the case concerns."""

    case: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToInformed:
    """A line about CASE to one PERSON who knows of it, at the place they are best reached; to nobody whom the case concerns."""

    case: str
    person: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToRoles:
    """A line that is about no case, to everybody who holds one of ROLES by then, each once, less WITHOUT (ids of people)."""

    roles: tuple[str, ...]
    body: str = field(repr=False)
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ToPerson:
    """A line that is about no case, to the person with that id, at the place they are best reached."""

    person: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was not answered, or whose answer somebody rated. `words` only if the person agreed to pass them on.

    Recorded again under the same `key`, it adds what is new, the rating or the words, to what was kept before.
    """

    audience: str
    band: str  # "yes" | "maybe" | "no": how sure the answer was
    version: int | None = None  # the published version of the policy; None: the school's folder
    refs: tuple[str, ...] = ()  # the rules that were shown
    helpful: bool | None = None
    words: str | None = field(default=None, repr=False)
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    at: datetime | None = None  # when it was asked; set by the store


@dataclass(frozen=True, slots=True)
class Code:
    """The secret CODE that opens the report CASE from anywhere, told to whoever sent it; only a digest of it is stored."""

    case: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Published:
    """One published version of a school's policy, as it was and stays. `by` is a person's id; None: at the command line."""

    number: int
    at: datetime
    by: str | None
    markdown: str = field(repr=False)
    topics: str | None = field(repr=False)
    sha256: str
    restores: int | None = None  # the earlier version that this one brings back


@dataclass(frozen=True, slots=True)
class SignIn:
    """A link to the desk for one PERSON, once; only a digest of its CODE is stored. AT is by the wall, not a rehearsal's."""

    person: str
    code: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything one decision changes. It is written in one transaction or not at all."""

    at: datetime
    lease: Lease | None = None
    message: int | None = None  # the inbox message this finishes; needs `lease`
    failed: str | None = None  # error reference: the message is finished as failed
    state: str | None = field(default=None, repr=False)  # the conversation's new state; None keeps the old
    wake_at: datetime | None = None  # with `state`: when the conversation must be looked at although nobody writes
    quiet: bool = False  # with `lease`: only if nobody has written meanwhile; Fenced otherwise
    opened: tuple[Case, ...] = ()
    changed: tuple[Case, ...] = ()  # each with the version it was read at; Overtaken when that moved
    added: tuple[Addition, ...] = field(default=(), repr=False)
    notices: tuple[Notice, ...] = ()
    replanned: tuple[str, ...] = ()  # ids of cases whose waiting notices are withdrawn for those in `notices`
    settled: tuple[str, ...] = ()  # ids of cases whose waiting notices and unsent pushes are withdrawn
    letters: tuple[Letter, ...] = field(default=(), repr=False)
    to_reporters: tuple[ToReporter, ...] = field(default=(), repr=False)
    to_holders: tuple[ToHolder, ...] = field(default=(), repr=False)
    to_informed: tuple[ToInformed, ...] = field(default=(), repr=False)
    to_roles: tuple[ToRoles, ...] = field(default=(), repr=False)
    to_people: tuple[ToPerson, ...] = field(default=(), repr=False)
    people: tuple[Change, ...] = ()  # who holds which role, is reached where, and is away; written before any line is addressed
    linked: tuple[tuple[str, str], ...] = ()  # pairs of cases that belong together from now on
    unlinked: tuple[tuple[str, str], ...] = ()
    acts: tuple[Act, ...] = ()
    asked: Asked | None = None
    codes: tuple[Code, ...] = field(default=(), repr=False)
    news_to: str | None = field(default=None, repr=False)  # with `lease`: where to say that there is news; "" destroys it
    sign_ins: tuple[SignIn, ...] = field(default=(), repr=False)
    once: str = field(default="", repr=False)  # the form of the desk that this carries out; RepeatedForm where that was done
    down: frozenset[str] = frozenset()  # channels that take nothing at the moment: a line goes to another place if there is one


@dataclass(frozen=True, slots=True)
class Gathering:
    """What one message tells of at once: cases that wait and that its reader may see, the oldest first, without their words."""

    cases: tuple[Case, ...] = ()
    since: datetime | None = None  # when the first of them was to be told


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to send, leased to this process. A reply carries its `body`; a push carries its case and person."""

    id: int
    kind: str  # "reply" | "push" | "rolling" (several cards in one) | one of EDITS: a card already sent changes
    key: str  # the same on every attempt: the platform or the reader can recognise a repeat
    school: str
    channel: str
    place: str = field(repr=False)
    token: str
    attempts: int
    created_at: datetime
    body: str = field(default="", repr=False)
    case: Case | None = None
    person: Person | None = None
    card: str = field(default="", repr=False)  # of an edit: what the platform called the card that is to be edited
    gathered: bool = False  # one of several cards that one message tells of
    members: tuple[Due, ...] = ()  # of such a message: the cards it stands for
    gathering: Gathering | None = None  # what it says


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a Recording: the renewed lease (with the next waiting message, or None when released) and what to send now."""

    lease: Lease | None
    sends: tuple[Due, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nothing proves that a card arrived. `look_at` is when to look whether it has; None where nothing would follow from it."""

    look_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """One place at which somebody was sent the card of a case in its present lap, and what came of it."""

    person: Person
    channel: str
    place: str = field(repr=False)
    created_at: datetime
    sent_at: datetime | None = None  # when the platform took it
    reached: bool = False  # something proves that they have it
    withdrawn: bool = False
    attempts: int = 0
    why: str = ""  # the kind of failure that came last


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a due notice becomes, decided by a pure function inside the claiming transaction."""

    pushes: tuple[tuple[str, str, str], ...] = ()  # (person id, channel, place)
    letters: tuple[Letter, ...] = field(default=(), repr=False)
    to_reporters: tuple[ToReporter, ...] = field(default=(), repr=False)
    acts: tuple[Act, ...] = ()
    look_at: datetime | None = None  # when to look again whether anybody has really got it
    climb_now: bool = False  # nobody is left on this rung: the next one is due at once
    nobody: bool = False  # nobody of this rung is told of it, now or before
    back_at: tuple[datetime, ...] = ()  # when those of this rung who are away are back: told then, if it still waits


@dataclass(frozen=True, slots=True)
class Lag:
    """How far behind we are: how many things wait, and since when the oldest has been due. No place, no person, no word."""

    waiting: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a school's audit chain, as read back. `details` is None once the words were purged; the commitment stays."""

    seq: int
    at: datetime
    act: str
    case: str | None
    person: str | None
    commitment: str
    hash: str
    details: str | None = field(default=None, repr=False)
