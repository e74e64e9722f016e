"""The policies a running bot answers from: it takes up what was published, here or on another machine, without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, MutableMapping

from bot.logs import log
from bot.schools import School
from knowledge.policy import Policy
from knowledge.search import find
from storage.database import Database
from storage.kept import Published
from storage.store import Store
from storage.store.policies import TOPIC
from storage.work import Work

# A version published by another process is seen within this many seconds where the database cannot wake us: on SQLite.
LOOK_EVERY = 20.0


class Editions:
    """Looks for versions that went live, and puts each in the place of what SCHOOLS held before.

    LOAD reads a school with a version of its policy, and refuses one that its routes do not fit.
    """

    def __init__(
        self,
        schools: MutableMapping[str, School],
        stores: Mapping[str, Store],
        load: Callable[[str, Published], School],
        database: Database,
        work: Work,
    ) -> None:
        self._schools = schools
        self._stores = stores
        self._load = load
        self._database = database
        self._work = work
        self._complained: set[tuple[str, int]] = set()
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Look again and again, at once when somebody publishes."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - this loop must outlive its database; the error is logged by type
                log.error("published policies could not be looked for", exc_info=error)
            await self._database.wait(TOPIC, LOOK_EVERY)

    async def look(self) -> None:
        """Take up every version that went live since the last look."""
        async with self._looking:  # two at once would both take up, and both complain of, the same version
            for name, number in (await self._work.live_versions()).items():
                if name in self._schools and self._schools[name].published != number:
                    await self._take_up(name)

    async def warm(self) -> None:
        """Ask every policy once, so that the first person to ask does not wait for what is made on the first question."""
        for school in tuple(self._schools.values()):
            try:
                await asyncio.to_thread(_ask_once, school.policy)
            except Exception as error:  # noqa: BLE001 - whoever asks this school meets the same, and is told so then
                log.error("policy could not be made ready", school=school.name, exc_info=error)

    async def _take_up(self, name: str) -> None:
        version = await self._stores[name].policies.live()
        if version is None:
            return
        try:
            school = await asyncio.to_thread(self._ready, name, version)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the school is answered from what held before
            # It was in order where it was published: this machine's own folder of the school does not fit it. Tried again at
            # every look, since somebody may put that right; said once.
            if (name, version.number) not in self._complained:
                self._complained.add((name, version.number))
                log.error("published policy not taken up: run signpost check", school=name, number=version.number, exc_info=error)
            return
        self._schools[name] = school
        log.info("published policy taken up", school=name, number=version.number)

    def _ready(self, name: str, version: Published) -> School:
        """Runs in a thread: to read a policy and to make its vectors takes a second or two, in which others are answered."""
        school = self._load(name, version)
        _ask_once(school.policy)
        return school


def _ask_once(policy: Policy) -> None:
    find(policy, policy.title, "staff")
