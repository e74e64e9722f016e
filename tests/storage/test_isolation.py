"""No call of one school's store shows or changes anything of another's, whatever ids it is given."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from flows.cases.calendar import Calendar
from flows.cases.case import Case, Ending, Said, acknowledge
from flows.cases.notice import Notice, NoticeKind
from flows.cases.retention import Retention
from storage.kept import (
    Addition,
    Asked,
    Code,
    Fenced,
    Lease,
    Overtaken,
    Person,
    Recording,
    SignIn,
    ToHolder,
    ToInformed,
    ToPerson,
    ToReporter,
    Unknown,
)
from storage.staffing import (
    CameBack,
    Invited,
    InviteEnded,
    Joined,
    PlaceLinked,
    PlaceProved,
    PlaceUnlinked,
    Removed,
    RoleConfirmed,
    RoleGiven,
    RoleRefused,
    RoleTaken,
    WentAway,
)
from storage.store import Store
from storage.store.cards import Cards
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
from storage.store.signing_in import SignIns
from storage.store.subject import Subjects
from storage.tables import Row
from tests.storage.conftest import HOLD, School

REFUSED = (Unknown, Fenced, Overtaken)
NOTHING = (None, (), 0, {}, frozenset())
LONG_AGO, MUCH_LATER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
AT_ONCE = Retention(dict.fromkeys((*Ending, ""), 0))


@dataclass
class Theirs:
    """Everything another school has, and the stranger's store that tries to get at it."""

    mine: School
    school: School
    person: Person
    case: Case
    lease: Lease
    drill: Case
    code: str
    invite: str
    proof: str
    link: str
    browser: str
    secret: str

    @property
    def seen(self) -> Seen:
        """Their person's eyes, borrowed by our store."""
        return self.mine.store.seen_by(self.person)

    def records(self, **more: object) -> Callable[[], Awaitable[object]]:
        """Our store is asked to record something of theirs."""
        return lambda: self.mine.store.record(Recording(self.mine.now, **more), HOLD)


# Every public method, with what it does when it is given another school's ids. A new method that is missing here fails below.
ATTEMPTS: dict[str, Callable[[Theirs], list[Callable[[], Awaitable[object]]]]] = {
    "Store.own": lambda t: [lambda: t.mine.store.own(t.lease.conversation)],
    "Store.due": lambda t: [lambda: t.mine.store.due(t.lease.conversation, t.case.id, Calendar())],
    "Store.climbs": lambda t: [lambda: t.mine.store.climbs(t.lease.conversation, t.case.id)],
    "Following.opens": lambda t: [lambda: t.mine.store.following.opens(t.case.reference, t.secret)],
    "News.shown": lambda t: [lambda: t.mine.store.news.shown("web", "parent", "parent", 99)],
    "News.tell": lambda t: [lambda: t.mine.store.news.tell("hello", MUCH_LATER, HOLD, lambda _: True)],
    "Store.seen_by": lambda t: [t.seen.open],
    "Store.record": lambda t: [
        t.records(lease=t.lease),
        t.records(lease=t.lease, message=t.lease.next.id if t.lease.next else 0),
        t.records(lease=replace(t.lease, school="rosebrook")),
        t.records(changed=(acknowledge(t.case, t.person.id, t.mine.now),)),
        t.records(added=(Addition(t.case.id, (Said("q", "a"),)),)),
        t.records(settled=(t.case.id,)),
        t.records(replanned=(t.case.id,)),
        t.records(notices=(Notice(t.case.id, 0, NoticeKind.PUSH, t.mine.now),)),
        t.records(opened=(t.case,)),
        t.records(opened=(replace(t.mine.case(), concerns=frozenset({t.person.id})),)),
        t.records(to_reporters=(ToReporter(t.case.id, "hello"),)),
        t.records(to_holders=(ToHolder(t.case.id, "hello"),)),
        t.records(to_people=(ToPerson(t.person.id, "hello"),)),
        t.records(people=(RoleGiven(t.person.id, "chair"),)),
        t.records(people=(RoleTaken(t.person.id, "dsl"),)),
        t.records(people=(RoleConfirmed(t.person.id, "dsl", t.school.now, t.person.id),)),
        t.records(people=(RoleRefused(t.person.id, "dsl", t.school.now, t.person.id),)),
        t.records(people=(WentAway(t.person.id, t.mine.now),)),
        t.records(people=(CameBack(t.person.id),)),
        t.records(people=(PlaceLinked(t.person.id, "web", "elsewhere"),)),
        t.records(people=(PlaceUnlinked(t.person.id, "web", "lead"),)),
        t.records(people=(PlaceProved(t.person.id, "email", "lead@school.example", t.proof),)),
        t.records(people=(Joined(t.person.id, "web", "elsewhere", t.invite),)),
        t.records(codes=(Code(t.case.id, "ANOTHER"),)),
        t.records(sign_ins=(SignIn(t.person.id, "a code", MUCH_LATER),)),
        t.records(people=(Invited(t.person.id, "B" * 10),)),
        t.records(people=(InviteEnded(t.person.id),)),
        t.records(people=(Removed(t.person.id),)),
        t.records(to_informed=(ToInformed(t.case.id, t.person.id, "hello"), ToInformed(t.mine.case().id, t.person.id, "hello"))),
        t.records(asked=Asked("parent", "yes", helpful=True, words="mine", key="theirs")),
    ],
    "Cards.shown_to": lambda t: [lambda: Cards(t.mine.store._database, "rosebrook").shown_to(t.person, "web", 10)],
    "Cards.gathered": lambda t: [lambda: Cards(t.mine.store._database, "rosebrook").gathered(t.person, "web", t.mine.now)],
    "Cards.arrived": lambda t: [lambda: Cards(t.mine.store._database, "rosebrook").arrived(t.person, "web", [1, 2, 3], t.mine.now)],
    "Cards.taken_from": lambda t: [lambda: Cards(t.mine.store._database, "rosebrook").taken_from(t.person, "web", 10)],
    "Seen.open": lambda t: [t.seen.open],
    "Seen.mine": lambda t: [t.seen.mine],
    "Seen.listed": lambda t: [t.seen.listed, lambda: t.seen.listed(closed=True)],
    "Seen.some": lambda t: [lambda: t.seen.some({t.case.reference})],
    "Seen.around": lambda t: [lambda: t.seen.around(t.case.opened_at, timedelta(days=1), 9)],
    "Seen.sent": lambda t: [lambda: t.seen.sent(t.case.id)],
    "Seen.by_reference": lambda t: [lambda: t.seen.by_reference(t.case.reference)],
    "Seen.by_id": lambda t: [lambda: t.seen.by_id(t.case.id)],
    "Seen.climbs": lambda t: [lambda: t.seen.climbs(t.case.id)],
    "Seen.told": lambda t: [lambda: t.seen.told(t.case.id)],
    "Seen.due": lambda t: [lambda: t.seen.due(t.case.id, Calendar())],
    "Seen.late": lambda t: [lambda: t.seen.late(Calendar(), MUCH_LATER)],
    "Seen.linked": lambda t: [lambda: t.seen.linked(t.case.id)],
    "Seen.history": lambda t: [lambda: t.seen.history(t.case.reference)],
    "Store.subjects": lambda t: [lambda: t.mine.store.subjects(t.person).who_sent(t.case.reference)],
    "Subjects.who_sent": lambda t: [lambda: t.mine.store.subjects(t.person).who_sent(t.case.reference)],
    "Subjects.who_writes": lambda t: [lambda: t.mine.store.subjects(t.person).who_writes("web", "parent", "parent")],
    "Keeping.due": lambda t: [lambda: t.mine.store.keeping.due(AT_ONCE, MUCH_LATER, 10)],
    "Keeping.purge": lambda t: [lambda: t.mine.store.keeping.purge(t.case.id, AT_ONCE, MUCH_LATER)],
    "Keeping.erase": lambda t: [lambda: t.mine.store.keeping.erase(t.case.id, t.person.id, "they asked", MUCH_LATER)],
    "Keeping.forget_questions": lambda t: [lambda: t.mine.store.keeping.forget_questions(MUCH_LATER, MUCH_LATER)],
    "Keeping.forget_messages": lambda t: [lambda: t.mine.store.keeping.forget_messages(MUCH_LATER, MUCH_LATER, 10)],
    "Inbox.keep": lambda t: [],  # takes no id; what it writes is its own school's, as the test of places shows
    "Conversations.release": lambda t: [lambda: t.mine.store.conversations.release(replace(t.lease, school="rosebrook"))],
    "Conversations.renew": lambda t: [
        lambda: t.mine.store.conversations.renew(replace(t.lease, school="rosebrook"), t.mine.now, HOLD),
    ],
    "Conversations.transcript": lambda t: [lambda: t.mine.store.conversations.transcript("web", "parent", "parent", 10)],
    "Conversations.reached": lambda t: [lambda: t.mine.store.conversations.reached("web", "parent")],
    "Conversations.said_since": lambda t: [lambda: t.mine.store.conversations.said_since("web", "parent", 0, 10)],
    "People.add": lambda t: [],  # makes somebody new
    "People.list": lambda t: [t.mine.store.people.list],
    "People.by_id": lambda t: [lambda: t.mine.store.people.by_id(t.person.id)],
    "People.holders": lambda t: [lambda: t.mine.store.people.holders("dsl")],
    "People.held": lambda t: [t.mine.store.people.held],
    "People.holdings": lambda t: [t.mine.store.people.holdings],
    "People.reached": lambda t: [t.mine.store.people.reached],
    "People.set_up": lambda t: [t.mine.store.people.set_up],
    "People.by_place": lambda t: [lambda: t.mine.store.people.by_place("web", "lead")],
    "People.give_role": lambda t: [lambda: t.mine.store.people.give_role(t.person.id, "chair")],
    "People.take_role": lambda t: [lambda: t.mine.store.people.take_role(t.person.id, "dsl")],
    "People.away": lambda t: [lambda: t.mine.store.people.away(t.person.id, t.mine.now)],
    "People.link": lambda t: [lambda: t.mine.store.people.link(t.person.id, "web", "elsewhere")],
    "People.unlink": lambda t: [lambda: t.mine.store.people.unlink(t.person.id, "web", "lead")],
    "Proving.waiting": lambda t: [lambda: t.mine.store.proving.waiting(t.person.id)],
    "Proving.code": lambda t: [lambda: t.mine.store.proving.code(t.person.id, "email", "lead@school.example", t.mine.now)],
    "SignIns.make": lambda t: [lambda: t.mine.store.sign_ins.make(t.person.id, t.mine.now)],
    "SignIns.use": lambda t: [lambda: t.mine.store.sign_ins.use(t.link, t.mine.now)],
    "SignIns.signed_in": lambda t: [lambda: t.mine.store.sign_ins.signed_in(t.browser, t.mine.now)],
    "SignIns.carried_out": lambda t: [lambda: t.mine.store.sign_ins.carried_out("their form")],
    "SignIns.sign_out": lambda t: [lambda: t.mine.store.sign_ins.sign_out(t.browser, t.mine.now)],
    "Invites.make": lambda t: [lambda: t.mine.store.invites.make(t.person.id, at=t.mine.now)],
    "Invites.find": lambda t: [lambda: t.mine.store.invites.find(t.code, "web", t.mine.now)],
    "Invites.by_key": lambda t: [lambda: t.mine.store.invites.by_key(t.invite, "web", t.mine.now)],
    "Invites.waiting": lambda t: [lambda: t.mine.store.invites.waiting(LONG_AGO)],
    "Invites.verified": lambda t: [lambda: t.mine.store.invites.verified(t.person.id)],
    "Policies.publish": lambda t: [lambda: t.mine.store.policies.publish("ours", None, after=1)],
    "Policies.live": lambda t: [t.mine.store.policies.live],
    "Policies.version": lambda t: [lambda: t.mine.store.policies.version(1)],
    "Policies.history": lambda t: [t.mine.store.policies.history],
    "Questions.in_vain": lambda t: [lambda: t.mine.store.questions.in_vain(LONG_AGO)],
    "Questions.counts": lambda t: [lambda: t.mine.store.questions.counts(LONG_AGO)],
    "Figures.opened": lambda t: [lambda: t.mine.store.figures.opened(t.person, LONG_AGO, MUCH_LATER)],
    "Figures.in_vain": lambda t: [lambda: t.mine.store.figures.in_vain(LONG_AGO, MUCH_LATER)],
    "Figures.asked_in_vain": lambda t: [lambda: t.mine.store.figures.asked_in_vain(LONG_AGO, MUCH_LATER)],
    "Figures.drill": lambda t: [lambda: t.mine.store.figures.drill(t.drill.reference)],
    "Figures.drills": lambda t: [t.mine.store.figures.drills],
    "Figures.drills_open": lambda t: [lambda: t.mine.store.figures.drills_open(MUCH_LATER)],
    "Digests.plan": lambda t: [],  # writes rows of its own school only: tested below
    "Digests.carry_out": lambda t: [lambda: t.mine.store.digests.carry_out(MUCH_LATER, ("dsl",), lambda _: ())],
    "Chain.append": lambda t: [],  # writes to its own school's chain only
    "Chain.links": lambda t: [t.mine.store.audit.links],
    "Chain.head": lambda t: [],  # its own head: compared below
    "Chain.verify": lambda t: [],  # its own chain: compared below
    "Chain.purge": lambda t: [],  # adds a link to its own chain: tested below
}


@pytest.fixture
async def theirs(school: School, other: School) -> Theirs:
    """The other school has a person, a conversation in hand, a taken case, an answer, a published policy and a question."""
    person = await other.store.people.add("Lead", ("dsl",), (("web", "lead"),), at=other.now)
    lease = await other.hears()
    case = other.case(reporter=lease.conversation)
    kept = {"codes": (Code(case.id, "SECRET"),), "news_to": "parent@home.example"}
    await other.says(lease, "thank you", opened=(case,), notices=other.notices(case), **kept)
    await other.expands()
    await other.work.finish_many([(due, "r") for due in await other.pushes()], other.now)
    drill = await other.opens(replace(other.case(), drill=True))
    await other.store.digests.plan({("daily", "2026-11-23"): other.now + HOLD}, other.now)
    await other.store.policies.publish("theirs", None, after=0, at=other.now)
    await other.store.record(Recording(other.now, asked=Asked("parent", "no", words="their words", key="theirs")), HOLD)
    code = await other.store.invites.make(person.id, at=other.now)
    found = await other.store.invites.find(code, "web", other.now)
    assert found is not None
    await other.store.record(Recording(other.now, people=(Joined(person.id, "web", "phone", found.key),)), HOLD)
    code = await other.store.invites.make(person.id, at=other.now)
    found = await other.store.invites.find(code, "web", other.now)
    assert found is not None
    await other.store.people.link(person.id, "email", "lead@school.example", at=other.now)
    proof = await other.store.proving.code(person.id, "email", "lead@school.example", other.now)
    assert proof is not None
    signed_in = await other.store.sign_ins.use(await other.store.sign_ins.make(person.id, other.now), other.now)
    assert signed_in is not None
    link = await other.store.sign_ins.make(person.id, other.now)
    lease = await other.hears("second")
    return Theirs(school, other, person, case, lease, drill, code, found.key, proof, link, signed_in[0], "SECRET")


async def everything(school: School) -> dict[str, list[dict[str, object]]]:
    """All rows of a school."""

    def read(session) -> dict[str, list[dict[str, object]]]:
        found = {}
        for name, rows in Row.metadata.tables.items():
            if "school" in rows.c:
                mine = sa.select(rows).where(rows.c.school == school.store.school).order_by(*rows.primary_key.columns)
                found[name] = [dict(row) for row in session.connection().execute(mine).mappings()]
        return found

    return await school.store._database.read(read)


def public(of: type) -> list[str]:
    """The public methods of a class, as it is spelt in ATTEMPTS."""
    return [f"{of.__name__}.{name}" for name, _ in inspect.getmembers(of, inspect.isfunction) if not name.startswith("_")]


def test_every_public_method_is_tried() -> None:
    """Whoever adds a method to a store adds an attempt to misuse it."""
    parts = (
        Store,
        Seen,
        Cards,
        Inbox,
        Conversations,
        People,
        Invites,
        Proving,
        SignIns,
        Policies,
        Questions,
        Chain,
        Keeping,
        Subjects,
        Figures,
        Following,
        News,
    )
    assert sorted(name for part in (*parts, Digests) for name in public(part)) == sorted(ATTEMPTS)


@pytest.mark.parametrize("method", sorted(ATTEMPTS))
async def test_no_method_reaches_across(method: str, theirs: Theirs) -> None:
    """It shows nothing or refuses, and the other school's rows are exactly as they were."""
    before = await everything(theirs.school)
    for attempt in ATTEMPTS[method](theirs):
        try:
            found = await attempt()
        except REFUSED:
            found = None
        if method != "Store.record":
            assert found in NOTHING
    assert await everything(theirs.school) == before


async def test_a_note_to_anothers_reporter_or_holder_goes_nowhere(theirs: Theirs) -> None:
    """Recording it is no error in itself, for a report may come from nowhere; but nothing is written to anybody."""
    await theirs.school.takes(theirs.case, theirs.person)
    await theirs.records(to_reporters=(ToReporter(theirs.case.id, "hello"),), to_holders=(ToHolder(theirs.case.id, "hello"),))()
    assert (await everything(theirs.mine))["reply"] == []


async def test_the_same_place_in_two_schools_is_two_conversations(school: School, other: School) -> None:
    """One parent, two schools, one chat: nothing of the one shows in the other."""
    one, two = await school.hears("for one"), await other.hears("for two")
    assert one.conversation != two.conversation
    assert [line.body for line in await school.store.conversations.transcript("web", "parent", "parent", 5)] == ["for one"]


async def test_purging_a_case_of_another_school_erases_nothing(theirs: Theirs) -> None:
    """The details of their links stay."""
    before = await everything(theirs.school)
    assert await theirs.mine.store.audit.purge(theirs.case.id, theirs.mine.now) == 0
    assert await everything(theirs.school) == before


async def test_each_school_has_its_own_head(theirs: Theirs) -> None:
    """An act in one does not move the other's chain."""
    before = await theirs.school.store.audit.head()
    await theirs.mine.store.people.add("New", at=theirs.mine.now)
    assert await theirs.school.store.audit.head() == before
    assert (await theirs.mine.store.audit.head())[0] == 1
    assert (await theirs.mine.store.audit.verify()).links == 1
