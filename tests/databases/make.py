"""Makes the fixture of the newest schema: a small school with something of everything. Run it once for each new migration.

python -m tests.databases.make
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flows.cases.case import Ending, Said, decide
from flows.cases.closing import close, hold
from storage.backup import backup
from storage.database import Database
from storage.kept import Act, Addition, Asked, Letter, Recording
from storage.migrate import migrate
from storage.schema import head
from storage.staffing import Joined
from storage.store import Store
from storage.vault import Keyring, Vault
from storage.work import Work
from tests.storage.conftest import HOLD, School

FOLDER = Path(__file__).parent
KEYS = FOLDER / "keys-made-for-tests.txt"


async def fill(school: School) -> None:
    """Two people, a case in each state, an addition, a draft, a reply, policies, a question, invitations, the desk, the audit."""
    people = school.store.people
    lead = await people.add("Lead", ("dsl",), (("web", "lead"),), at=school.now)
    deputy = await people.add("Deputy", ("deputy_dsl",), (("web", "deputy"),), at=school.tick(seconds=1))
    lease = await school.hears()
    taken = school.case(reporter=lease.conversation, rungs=(("dsl",),))
    waiting = replace(school.case(reporter=lease.conversation), rungs=(("dsl",), ("deputy_dsl",)))
    notices = (*school.notices(taken), *school.notices(waiting))
    act = Act("case opened", taken.id, details="contact_pupil_to_staff")
    draft = {"state": "a draft", "wake_at": school.now + timedelta(days=7)}
    recorded = await school.says(lease, "thank you", **draft, opened=(taken, waiting), notices=notices, acts=(act,))
    await school.work.finish_many([(due, "receipt") for due in recorded.sends], school.now)
    await school.expands()
    await school.work.finish_many([(due, "receipt") for due in await school.pushes()], school.now)
    await school.takes(taken, lead)
    asked_for = await school.opens(school.case(reporter=lease.conversation, rungs=(("dsl",),)))
    approved = decide(asked_for, lead.id, school.now, approved=True)
    await school.store.record(Recording(school.now, changed=(approved,), settled=(asked_for.id,)), HOLD)
    told_of = await school.opens(school.case(rungs=(("dsl",),)))
    closed = hold(close(told_of, lead.id, Ending.REFERRED, school.now, recorded_as="4711"), school.now)
    end = Act("case closed", told_of.id, lead.id, '{"reason": "referred"}')
    await school.store.record(Recording(school.now, changed=(closed,), settled=(told_of.id,), acts=(end,)), HOLD)
    added = Addition(taken.id, (Said("And?", "it happened again"),))
    await school.store.record(Recording(school.now, added=(added,), letters=(Letter("web", "parent", "still on its way"),)), HOLD)
    first = await school.store.policies.publish("the first version", None, after=0, at=school.now)
    await school.store.policies.publish("the second version", "its topics", after=first.number, by=lead.id, at=school.now)
    asked = Asked("parent", "no", version=2, refs=("8.1",), words="may the dog come?", key="a-question")
    await school.store.record(Recording(school.now, asked=asked), HOLD)
    invites = school.store.invites
    used = await invites.find(await invites.make(deputy.id, at=school.now), "web", school.now)
    assert used is not None
    await school.store.record(Recording(school.now, people=(Joined(deputy.id, "web", "phone", used.key),)), HOLD)
    await invites.make(deputy.id, at=school.now)
    sign_ins = school.store.sign_ins
    await sign_ins.use(await sign_ins.make(lead.id, school.now), school.now)
    await sign_ins.make(deputy.id, school.now)
    await school.store.record(Recording(school.now, once="a form of the desk"), HOLD)


async def main() -> None:
    """Write the fixture beside this file."""
    if not KEYS.exists():
        KEYS.write_text(Keyring.new().dump())
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{folder}/made.db", Vault(Keyring.parse(KEYS.read_text())))
        await migrate(database)
        await fill(School(Store(database, "rosebrook"), Work(database)))
        await backup(database, FOLDER / f"schema-{head()}.zip")
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
