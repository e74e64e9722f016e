"""One school's store, in domain words: messages in, conversations, cases, people and their roles, its policy's versions."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.cases.calendar import Calendar
from flows.cases.case import Case
from flows.cases.climbing import Climb
from storage.database import Database
from storage.kept import Person, Recorded, Recording
from storage.store.cases import Seen
from storage.store.chain import Chain
from storage.store.conversations import Conversations
from storage.store.digests import Digests
from storage.store.figures import Figures
from storage.store.following import Following
from storage.store.inbox import Inbox
from storage.store.invites import Invites
from storage.store.keeping import Keeping
from storage.store.news import News
from storage.store.people import People
from storage.store.policies import Policies
from storage.store.proving import Proving
from storage.store.questions import Questions
from storage.store.recording import record
from storage.store.reports import Asker, Reports
from storage.store.scope import Scope
from storage.store.signing_in import SignIns
from storage.store.subject import Subjects


class Store:
    """Everything one school keeps. It is bound to its school when it is made: no call can name another."""

    def __init__(self, database: Database, school: str) -> None:
        self.school = school
        self.inbox = Inbox(database, school)
        self.conversations = Conversations(database, school)
        self.people = People(database, school)
        self.invites = Invites(database, school)
        self.proving = Proving(database, school)
        self.sign_ins = SignIns(database, school)
        self.audit = Chain(database, school)
        self.policies = Policies(database, school)
        self.questions = Questions(database, school)
        self.keeping = Keeping(database, school)
        self.figures = Figures(database, school)
        self.digests = Digests(database, school)
        self.following = Following(database, school)
        self.news = News(database, school)
        self._reports = Reports(database, school)
        self._database = database

    async def record(self, recording: Recording, hold: timedelta) -> Recorded:
        """Write everything RECORDING changes, or nothing: Fenced and Overtaken say why. What to send now comes back leased."""
        return await self._database.write(
            lambda session: record(Scope.of(session, self._database.vault, self.school), recording, hold)
        )

    def seen_by(self, person: Person | None) -> Seen:
        """The cases PERSON may see: the only way to read one."""
        return Seen(self._database, self.school, person)

    def subjects(self, person: Person | None) -> Subjects:
        """Those who wrote to the school, as far as PERSON may see every report they sent."""
        return Subjects(self._database, self.school, person)

    async def own(self, conversation: str, keys: frozenset[str] = frozenset(), person: str | None = None) -> tuple[Case, ...]:
        """The reports sent from CONVERSATION or opened by KEYS, newest first: where they stand, and nothing that was written."""
        return await self._reports.own(Asker(conversation, keys, person))

    async def climbs(
        self, conversation: str, case: str, keys: frozenset[str] = frozenset(), person: str | None = None
    ) -> tuple[Climb, ...]:
        """How far the report CASE, sent from CONVERSATION or opened by KEYS, has climbed; nothing of any other."""
        return await self._reports.climbs(Asker(conversation, keys, person), case)

    async def due(
        self, conversation: str, case: str, calendar: Calendar, keys: frozenset[str] = frozenset(), person: str | None = None
    ) -> datetime | None:
        """By when whoever has the report CASE, sent from CONVERSATION or opened by KEYS, has to act; None: nobody has it."""
        return await self._reports.due(Asker(conversation, keys, person), case, calendar)
