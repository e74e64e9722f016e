"""What a school holds on one person who wrote to the bot, for when they ask to see it: the talk, and the reports sent from it."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.case import Case
from storage.database import Database
from storage.kept import Person
from storage.store.cases import CASE, load, visible_to
from storage.store.conversations import Line, transcript
from storage.store.inbox import CONVERSATION
from storage.store.left_out import without
from storage.store.scope import Scope

EVERYTHING = 1_000_000  # lines: nobody has said more


@dataclass(frozen=True, slots=True)
class Subject:
    """All that is held on whoever wrote in one conversation. `draft`: a report was begun there, or something is remembered."""

    channel: str
    place: str = field(repr=False)
    sender: str = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)
    cases: tuple[Case, ...] = field(repr=False)
    draft: bool


class Subjects:
    """The people who wrote to one school, through the eyes of one person.

    A report that is hidden from that person is left out with all that was said of it: nobody can tell it from none.
    """

    def __init__(self, database: Database, school: str, person: Person | None) -> None:
        self._database = database
        self._school = school
        self._person = person

    async def who_sent(self, reference: str) -> Subject | None:
        """Whoever sent the report with that reference."""
        return await self._database.read(lambda session: self._who_sent(self._scope(session), reference))

    async def who_writes(self, channel: str, place: str, sender: str) -> Subject | None:
        """Whoever writes as SENDER at PLACE in CHANNEL."""
        return await self._database.read(
            lambda session: self._of(scope := self._scope(session), scope.conversation(channel, place, sender))
        )

    def _scope(self, session: Session) -> Scope:
        return Scope.of(session, self._database.vault, self._school)

    def _who_sent(self, scope: Scope, reference: str) -> Subject | None:
        if self._person is None:
            return None
        ours = (CASE.c.school == scope.school, CASE.c.reference == reference, visible_to(self._person.id))
        conversation = scope.connection.execute(sa.select(CASE.c.reporter).where(*ours)).scalar()
        return None if conversation is None else self._of(scope, conversation)

    def _of(self, scope: Scope, conversation: str) -> Subject | None:
        ours = sa.select(CONVERSATION).where(CONVERSATION.c.id == conversation, CONVERSATION.c.school == scope.school)
        row = scope.connection.execute(ours).mappings().first()
        if row is None or self._person is None:
            return None
        sent = CASE.c.reporter == conversation
        # Not "NOT visible": a case nobody holds yet would be neither, since nobody is unknown to SQL.
        visible = sa.select(CASE.c.id).where(sent, visible_to(self._person.id))
        cases = load(scope, sa.and_(sent, CASE.c.id.in_(visible)))
        place = scope.vault.open("conversation", "place", conversation, row["place"])
        sender = scope.vault.open("conversation", "sender", conversation, row["sender"])
        talk = transcript(scope, row["channel"], place, sender, EVERYTHING)
        lines = without(talk, load(scope, sa.and_(sent, CASE.c.id.not_in(visible))))
        if not lines and not cases:
            return None
        return Subject(
            channel=row["channel"],
            place=place,
            sender=sender,
            lines=lines,
            cases=cases,
            draft=row["state"] is not None,
        )
