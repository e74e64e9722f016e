"""One turn of a conversation: what a handler is given, and what it decides. A handler changes nothing itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.messages import Address, IncomingMessage, Reply
from flows.cases.case import Case
from flows.cases.climbing import Climb
from flows.cases.notice import Notice
from storage.kept import Act, Addition, Asked, Code, Person, SignIn
from storage.staffing import Change

if TYPE_CHECKING:
    from bot.schools import School
    from flows.engine import Progress
    from storage.store.cases import Seen
    from storage.store.invites import Invites
    from storage.store.people import People


class Kept:
    """The draft stays as it is."""

    def __repr__(self) -> str:
        return "KEPT"


KEPT = Kept()


@dataclass(frozen=True, slots=True)
class Followed:
    """A report that reference and code have opened: the KEY to remember, and the readers of a Turn with it."""

    key: str = field(repr=False)
    own: Callable[[], Awaitable[tuple[Case, ...]]]
    climbs: Callable[[str], Awaitable[tuple[Climb, ...]]]
    due: Callable[[str], Awaitable[datetime | None]]


async def _opens_nothing(_reference: str, _code: str) -> Followed | None:
    return None


@dataclass(frozen=True, slots=True)
class Turn:
    """A message together with everything a decision may rest on.

    `cases` reads only what this person may see; `own()` are the reports sent from this very conversation or followed in it,
    `climbs(case)` says how far one of them has climbed, and `due(case)` by when whoever has it has to do something.
    `follow(reference, code)` opens one that was sent elsewhere.
    """

    message: IncomingMessage
    conversation: str
    person: Person | None
    progress: Progress | None
    memory: dict[str, str] = field(repr=False)
    school: School
    cases: Seen
    own: Callable[[], Awaitable[tuple[Case, ...]]]
    climbs: Callable[[str], Awaitable[tuple[Climb, ...]]]
    due: Callable[[str], Awaitable[datetime | None]]
    people: People
    invites: Invites
    now: datetime
    wall: datetime | None = None  # the real time, where `now` may be a rehearsal's
    alarmed: bool = False  # triage has already answered: nobody needs to say that they did not understand
    raised: tuple[Case, ...] = ()  # the emergency that triage opens by this very decision
    named: frozenset[str] = frozenset()  # the roles that the words may name
    follow: Callable[[str, str], Awaitable[Followed | None]] = _opens_nothing
    mails: bool = False  # an e-mail can be sent that says where the page is

    @property
    def audience(self) -> str:
        """Whose rules apply to whoever writes: staff hold a role or sit in the school's workspace; anybody else is a parent."""
        return "staff" if self.message.staff or (self.person is not None and self.person.roles) else "parent"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision. It becomes real when `bot.record` has written it, and only then is anything said."""

    replies: tuple[Reply, ...] = ()
    progress: Progress | Kept | None = KEPT
    memory: dict[str, str] | Kept = field(default=KEPT, repr=False)
    opened: tuple[Case, ...] = ()
    changed: tuple[Case, ...] = ()
    notices: tuple[Notice, ...] = ()
    replanned: tuple[str, ...] = ()  # cases whose notices take the place of those that still wait
    settled: tuple[str, ...] = ()
    added: tuple[Addition, ...] = ()
    to_reporter: tuple[tuple[Case, Reply], ...] = ()  # said where the report came from
    to_holder: tuple[tuple[Case, Reply], ...] = ()  # said to whoever has the case by then, if anybody has
    to_informed: tuple[tuple[Case, str, Reply], ...] = ()  # said about a case to one person, by id, unless it concerns them
    to_roles: tuple[tuple[tuple[str, ...], Reply, frozenset[str]], ...] = ()  # about no case: roles, what is said, people left out
    to_person: tuple[tuple[str, Reply], ...] = ()  # about no case, to one person, by id
    to_places: tuple[tuple[Address, Reply], ...] = ()  # about no case, at that very place
    people: tuple[Change, ...] = ()  # what changes about the people of the school; the lines go to whoever holds the roles then
    linked: tuple[tuple[str, str], ...] = ()  # pairs of cases, by id, that belong together from now on
    unlinked: tuple[tuple[str, str], ...] = ()
    audit: tuple[Act, ...] = ()
    passed_on: bool = False  # the words are on their way to the school by this very decision: triage need not offer it
    sign_ins: tuple[SignIn, ...] = field(default=(), repr=False)  # links to the desk
    codes: tuple[Code, ...] = field(default=(), repr=False)  # secret codes that the replies tell, of reports that are opened
    news_to: str | None = field(default=None, repr=False)  # where to say that there is news; "" destroys the address
    asked: Asked | None = None  # a question asked in vain, or a rating: what `signpost policy unanswered` shows


# None: not mine, ask the next handler.
Handler = Callable[[Turn], Awaitable[Outcome | None]]
