"""What is kept as long as it must be, and no longer: the words go, the stub and the proof stay."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from flows.cases.acts import Doing, note, told
from flows.cases.case import Case, Ending, NotPossible, Said, Status
from flows.cases.closing import close, hold, lift, reopen, transfer
from flows.cases.retention import Retention
from storage import audit
from storage.audit import LINK
from storage.kept import Act, Addition, Asked, Person, Recording
from storage.reseal import count, reseal
from storage.store.cases import ADDITION, CASE, CONCERN
from storage.tables import Row
from tests.storage.conftest import HOLD, School

SECRET = "Nobody-else-may-read-this"
KEPT = Retention({Ending.ADVICE.value: 10, Ending.NO_ACTION.value: 20, Ending.REFERRED.value: None}, transferred=5)


async def reported(school: School, lead: Person, concerns: tuple[Person, ...] = ()) -> Case:
    """A report with an addition and a note, of which the lead was told, has read it, and has it."""
    lease = await school.hears(SECRET)
    case = replace(school.case(reporter=lease.conversation, concerns=concerns), said=(Said("What happened?", SECRET, "what"),))
    opened = Act(Doing.OPENED, case.id, details=told(severity="medium"))
    recorded = await school.says(lease, f"thank you: {SECRET}", opened=(case,), notices=school.notices(case), acts=(opened,))
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in (*await school.pushes(), *recorded.sends)], school.now)
    taken = await school.takes(case, lead)
    added = Addition(case.id, (Said("What they added", SECRET),))
    acts = (Act(Doing.ADDED, case.id), Act(Doing.NOTE, case.id, lead.id, note(SECRET)))
    await school.store.record(Recording(school.tick(minutes=1), added=(added,), acts=acts), HOLD)
    return taken


async def ended(school: School, case: Case, lead: Person, ending: Ending = Ending.ADVICE, **more: str) -> Case:
    """The lead closes CASE."""
    closed = close(case, lead.id, ending, school.now, **more)
    act = Act(Doing.CLOSED, case.id, lead.id, told(reason=SECRET))
    return await writes(school, closed, act)


async def writes(school: School, case: Case, *acts: Act) -> Case:
    """CASE as it is now, recorded."""
    await school.store.record(Recording(school.now, changed=(case,), settled=(case.id,), acts=acts), HOLD)
    return replace(case, version=case.version + 1)


async def everything_sealed(school: School) -> str:
    """Every value of every table that is about the school, opened and joined: where words could still be."""
    from storage.sealed import SEALED, record_id  # noqa: PLC0415 - only here

    vault = school.store._database.vault

    def read(session) -> list[str]:
        found = []
        for name, (keys, columns) in SEALED.items():
            for row in session.connection().execute(sa.select(Row.metadata.tables[name])).mappings():
                found += [vault.opened(name, column, record_id(row, keys), row[column]) or "" for column in columns]
        return found

    return "\n".join(await school.store._database.read(read))


async def purged(school: School) -> list[str]:
    """What the night destroys."""
    due = await school.store.keeping.due(KEPT, school.now, 100)
    return [case for case in due if await school.store.keeping.purge(case, KEPT, school.now)]


async def whole(school: School) -> bool:
    """Whether the audit finds nothing."""
    return (await school.store.audit.verify()).whole


async def test_a_closed_case_becomes_a_stub_when_its_days_are_over(school: School, lead: Person) -> None:
    """Reference, matter, dates and outcome stay; not a word that anybody wrote is left in any table; the chain is whole."""
    case = await ended(school, await reported(school, lead), lead)
    school.tick(days=9)
    assert await purged(school) == []
    assert SECRET in await everything_sealed(school)
    school.tick(days=1)
    assert await purged(school) == [case.id]
    assert SECRET not in await everything_sealed(school)
    stub = await school.store.seen_by(lead).by_id(case.id)
    assert stub is not None
    assert (stub.reference, stub.matter, stub.opened_at, stub.closed_at, stub.ending) == (
        case.reference,
        case.matter,
        case.opened_at,
        case.closed_at,
        Ending.ADVICE,
    )
    assert (stub.said, stub.reporter, stub.purged_at, stub.status) == ((), None, school.now, Status.CLOSED)
    assert await whole(school)
    assert await purged(school) == []
    acts = [link.act for link in await school.store.audit.links() if link.case == case.id]
    assert acts[-2:] == ["details purged", Doing.PURGED]


async def test_each_outcome_has_its_own_days(school: School, lead: Person) -> None:
    """What was referred is kept until it has been transferred, and then as long as the school set for that."""
    advised = await ended(school, await reported(school, lead), lead, Ending.ADVICE)
    looked_into = await ended(school, await reported(school, lead), lead, Ending.NO_ACTION)
    referred = await ended(school, await reported(school, lead), lead, Ending.REFERRED)
    school.tick(days=10)
    assert await purged(school) == [advised.id]
    school.tick(days=10)
    assert await purged(school) == [looked_into.id]
    school.tick(days=5000)
    assert await purged(school) == []
    await writes(school, transfer(referred, "CPOMS 4711", school.now))
    school.tick(days=5)
    assert await purged(school) == [referred.id]
    stub = await school.store.seen_by(lead).by_id(referred.id)
    assert stub is not None
    assert stub.recorded_as == "CPOMS 4711"
    assert await whole(school)


async def test_a_hold_stops_the_night_and_the_hand(school: School, lead: Person) -> None:
    """While it is held nothing of it goes, its messages included; once lifted it is due at once."""
    case = await ended(school, await reported(school, lead), lead)
    held = await writes(school, hold(case, school.now), Act(Doing.HELD, case.id, lead.id, told(reason="an inquiry")))
    school.tick(days=400)
    assert await purged(school) == []
    with pytest.raises(NotPossible, match="Lift the hold"):
        await school.store.keeping.erase(case.id, lead.id, "please", school.now)
    assert await school.store.keeping.forget_messages(school.now, school.now, 100) == 0
    assert SECRET in await everything_sealed(school)
    await writes(school, lift(held), Act(Doing.LIFTED, case.id, lead.id, told(reason="it is over")))
    assert await purged(school) == [case.id]
    assert await whole(school)


async def test_a_case_opened_again_is_not_due(school: School, lead: Person) -> None:
    """Also when the night had already found it: it is looked at once more under its lock."""
    case = await ended(school, await reported(school, lead), lead)
    school.tick(days=11)
    assert await school.store.keeping.due(KEPT, school.now, 10) == (case.id,)
    await writes(school, reopen(case, lead.id, school.now), Act(Doing.REOPENED, case.id, lead.id))
    assert await school.store.keeping.purge(case.id, KEPT, school.now) is False
    assert SECRET in await everything_sealed(school)


async def test_two_nights_at_once_make_one_stub(school: School, lead: Person) -> None:
    """Two processes find the same case: one of them purges it, and the chain says so once."""
    case = await ended(school, await reported(school, lead), lead)
    school.tick(days=11)
    both = await asyncio.gather(*(school.store.keeping.purge(case.id, KEPT, school.now) for _ in range(2)))
    assert sorted(both) == [False, True]
    assert [link.act for link in await school.store.audit.links(limit=1000)].count(Doing.PURGED) == 1
    assert await whole(school)


async def test_erasing_needs_a_closed_case_and_keeps_the_reason(school: School, lead: Person) -> None:
    """Who, when and why is what is left in its history; a second time there is nothing left to erase."""
    case = await reported(school, lead)
    with pytest.raises(NotPossible, match="Close it first"):
        await school.store.keeping.erase(case.id, lead.id, "they asked", school.now)
    await ended(school, case, lead, Ending.REFERRED)
    await school.store.keeping.erase(case.id, lead.id, "they asked", school.now)
    assert SECRET not in await everything_sealed(school)
    history = await school.store.seen_by(lead).history(case.reference)
    assert history is not None
    last = history.happened[-1]
    assert (last.act, last.person, last.details) == (Doing.ERASED, lead.id, {"reason": "they asked"})
    assert all(one.details is None for one in history.happened[:-2])
    assert await whole(school)
    with pytest.raises(NotPossible, match="only its stub"):
        await school.store.keeping.erase(case.id, lead.id, "again", school.now)


async def test_a_stub_is_hidden_from_whom_the_case_was_about(school: School, lead: Person, deputy: Person) -> None:
    """They had no sight of the case, and have none of what is left of it."""
    case = await ended(school, await reported(school, lead, concerns=(deputy,)), lead)
    await school.store.keeping.erase(case.id, lead.id, "they asked", school.now)
    seen = school.store.seen_by(deputy)
    assert await seen.by_id(case.id) is None
    assert await seen.by_reference(case.reference) is None
    assert await seen.history(case.reference) is None
    assert await school.store.seen_by(lead).by_id(case.id) is not None


async def test_another_report_from_the_same_person_keeps_its_words(school: School, lead: Person) -> None:
    """The talk goes with the case it belongs to; what another case holds of it stays with that case."""
    gone = await ended(school, await reported(school, lead), lead)
    stays = await reported(school, lead)
    await school.store.keeping.erase(gone.id, lead.id, "they asked", school.now)
    other = await school.store.seen_by(lead).by_id(stays.id)
    assert other is not None
    assert [one.answer for one in other.said] == [SECRET, SECRET]
    assert await whole(school)


async def test_a_talk_that_belongs_to_a_held_case_stays(school: School, lead: Person) -> None:
    """Two reports from one conversation: while one is held, what was said there is not erased with the other."""
    gone = await ended(school, await reported(school, lead), lead)
    beside = await reported(school, lead)
    held = await writes(school, hold(beside, school.now), Act(Doing.HELD, beside.id, lead.id))
    before = await school.store.conversations.transcript("web", "parent", "parent", 9)
    await school.store.keeping.erase(gone.id, lead.id, "they asked", school.now)
    assert await school.store.conversations.transcript("web", "parent", "parent", 9) == before
    await writes(school, lift(held), Act(Doing.LIFTED, beside.id, lead.id))
    assert await school.store.keeping.forget_messages(school.tick(days=1), school.now, 100) > 0


async def test_what_was_shown_of_a_case_goes_with_it(school: School, lead: Person) -> None:
    """The page that the lead opened in the chat lies in the outbox: erased with the case, while other lines stay."""
    case = await ended(school, await reported(school, lead), lead)
    lease = await school.hears("open it", sender="lead")
    recorded = await school.says(lease, f'{{"text": "{SECRET}", "about": "case:{case.id}"}}', "something else")
    await school.work.finish_many([(due, "receipt") for due in recorded.sends], school.now)
    await school.store.keeping.erase(case.id, lead.id, "they asked", school.now)
    assert SECRET not in await everything_sealed(school)
    assert "something else" in await everything_sealed(school)


async def test_messages_go_after_their_days_and_what_waits_stays(school: School, lead: Person) -> None:
    """Dealt with and old: gone, and counted in the audit. Waiting, however old: kept."""
    case = await reported(school, lead)
    old = school.tick(days=31)
    await school.hears("still waiting", sender="another")
    await school.store.record(Recording(school.now), HOLD)
    assert await school.store.keeping.forget_messages(old, school.now, 100) > 0
    assert await school.store.keeping.forget_messages(old + timedelta(days=1), school.now, 100) == 0
    assert "still waiting" in await everything_sealed(school)
    assert await school.store.conversations.transcript("web", "parent", "parent", 100) == ()
    seen = await school.store.seen_by(lead).by_id(case.id)
    assert seen is not None
    assert seen.said[0].answer == SECRET
    assert (await school.store.audit.links(limit=1000))[-1].act == "messages destroyed"
    assert await whole(school)


async def test_words_of_questions_go_and_the_counts_stay(school: School) -> None:
    """What was asked in vain is still counted; nobody can read it any more."""
    await school.store.record(Recording(school.now, asked=Asked("parent", "no", words=SECRET)), HOLD)
    later = school.tick(days=181)
    await school.store.record(Recording(later, asked=Asked("parent", "no", words="a new one")), HOLD)
    assert await school.store.keeping.forget_questions(later - timedelta(days=180), later) == 1
    asked = await school.store.questions.in_vain(later - timedelta(days=1000))
    assert [one.words for one in asked] == ["a new one", None]
    assert await school.store.keeping.forget_questions(later - timedelta(days=180), later) == 0


# --- the record proves itself ---


@pytest.mark.parametrize(
    "tampering",
    [
        pytest.param(lambda case: sa.update(CASE).values(status="open"), id="a status changed"),
        pytest.param(lambda case: sa.update(CASE).values(severity="low"), id="an urgency changed"),
        pytest.param(lambda case: sa.update(CASE).values(holder=None), id="a holder taken away"),
        pytest.param(lambda case: sa.update(CASE).values(said=sa.literal(b"\x01\x00\x01" + b"0" * 40)), id="the words overwritten"),
        pytest.param(lambda case: sa.delete(ADDITION), id="an addition deleted"),
        pytest.param(lambda case: sa.update(ADDITION).values(at=sa.literal_column("at + 1")), id="an addition moved"),
        pytest.param(lambda case: sa.delete(CONCERN), id="a person let back in"),
        pytest.param(
            lambda case: sa.update(LINK).where(LINK.c.case_id == case.id, LINK.c.act == Doing.NOTE).values(details=None),
            id="a note made to look purged",
        ),
    ],
)
async def test_a_case_changed_by_hand_is_found(school: School, lead: Person, chair: Person, tampering) -> None:
    """The chain promises what every case looks like: whoever changes the row, its words or what was added is found out."""
    case = await ended(school, await reported(school, lead, concerns=(chair,)), lead)
    assert await whole(school)

    def tamper(session) -> None:
        session.connection().execute(tampering(case))

    await school.store._database.write(tamper)
    verdict = await school.store.audit.verify()
    assert not verdict.whole
    assert verdict.why
    assert SECRET not in verdict.why


async def test_a_case_deleted_by_hand_is_found(school: School, lead: Person) -> None:
    """With everything that refers to it: the links about it stay, and say that there was one."""
    case = await ended(school, await reported(school, lead), lead)

    def delete(session) -> None:
        for rows in ("case_addition", "case_concern", "notice", "push"):
            session.connection().execute(sa.text(f"DELETE FROM {rows}"))
        session.connection().execute(sa.delete(CASE).where(CASE.c.id == case.id))

    await school.store._database.write(delete)
    verdict = await school.store.audit.verify()
    assert "is missing" in verdict.why


async def test_rotation_purge_and_erasure_leave_the_chain_whole(school: School, lead: Person) -> None:
    """One after the other, with cases in every state, and a head written down before is still in it."""
    cases = [await reported(school, lead) for _ in range(4)]
    kept = (await school.store.audit.head())[1]
    await ended(school, cases[0], lead)
    await ended(school, cases[1], lead, Ending.REFERRED)
    database = school.store._database
    before = database.vault.keyring
    database.vault.adopt(before.with_next())
    database.vault.adopt(database.vault.keyring.settled())
    while await reseal(database, 7):
        assert await whole(school)
    assert await database.read(lambda session: count(session, database.vault)) == 0
    school.tick(days=11)
    assert await purged(school) == [cases[0].id]
    await school.store.keeping.erase(cases[1].id, lead.id, "they asked", school.now)
    verdict = await school.store.audit.verify(kept)
    assert verdict.whole
    found = await school.store.seen_by(lead).by_id(cases[2].id)
    assert found is not None
    assert found.said[0].answer == SECRET


async def test_a_check_while_others_write_raises_no_false_alarm(
    school: School, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks at one moment: what is written between its first look and its last belongs to the next check."""
    case = await reported(school, lead)
    database = school.store._database
    walk = audit._walk

    def interrupted(session: Session, name: str) -> Iterator[sa.RowMapping]:
        yield from walk(session, name)
        with Session(database.engine) as other, other.begin():
            other.connection().execute(sa.update(CASE).where(CASE.c.id == case.id).values(severity="high"))
            audit.append(other, database.vault, name, (Act("case viewed", case.id),), school.now)

    monkeypatch.setattr(audit, "_walk", interrupted)
    assert (await school.store.audit.verify()).why == ""
    monkeypatch.undo()
    assert "not as it was written" in (await school.store.audit.verify()).why
