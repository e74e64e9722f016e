"""Wake-ups: whoever waits for work hears at once that there is some. Polling stays the safety net, so a lost one costs a second."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

import sqlalchemy as sa

log = logging.getLogger(__name__)

REMEMBERED = 4096  # topics woken while nobody waited for them
CHANNEL = "signpost"
AGAIN = (0.2, 0.5, 1.0, 2.0)  # seconds between attempts to listen again
LISTEN_FOR = 0.5  # seconds after which the listener looks whether it should end


class Wakes:
    """Topics within this process. Only ever touched from the event loop."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._missed: OrderedDict[str, None] = OrderedDict()

    def wake(self, topics: Iterable[str]) -> None:
        """Wake whoever waits for TOPICS; remember those that nobody waits for just now."""
        for topic in topics:
            waiting = self._waiting.pop(topic, None)
            if waiting is None:
                self._missed[topic] = None
                self._missed.move_to_end(topic)
                if len(self._missed) > REMEMBERED:
                    self._missed.popitem(last=False)
                continue
            for one in waiting:
                if not one.done():
                    one.set_result(None)

    async def wait(self, topic: str, timeout: float) -> bool:  # noqa: ASYNC109 - a wait with an end is what this is
        """True once TOPIC is woken, at once if that happened while nobody waited; False after TIMEOUT seconds."""
        if topic in self._missed:
            del self._missed[topic]
            await asyncio.sleep(0)
            return True
        one = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(topic, set()).add(one)
        try:
            async with asyncio.timeout(max(timeout, 0)):
                await one
        except TimeoutError:
            return False
        else:
            return True
        finally:
            waiting = self._waiting.get(topic)
            if waiting is not None:
                waiting.discard(one)
                if not waiting:
                    del self._waiting[topic]


def tell(connection: sa.Connection, origin: str, topics: Iterable[str]) -> None:
    """Notify every process of TOPICS, once CONNECTION's transaction is committed. ORIGIN has woken its own already."""
    for topic in sorted(topics):
        connection.execute(sa.select(sa.func.pg_notify(CHANNEL, f"{origin} {topic}")))


class Listener:
    """Hears PostgreSQL's notifications in a thread of its own, and goes back to listening whenever the server was away."""

    def __init__(self, engine: sa.Engine, origin: str, heard: Callable[[set[str]], None]) -> None:
        self._engine = engine
        self._origin = origin
        self._heard = heard
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._ending.set()
        # Only so that the thread looks up at once; without a server it does within LISTEN_FOR.
        with contextlib.suppress(sa.exc.SQLAlchemyError), self._engine.begin() as connection:
            tell(connection, self._origin, ("",))
        self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._ending.is_set():
            try:
                with contextlib.closing(self._engine.raw_connection()) as connection:
                    driver = connection.driver_connection
                    assert driver is not None  # noqa: S101 - a connection just taken from the pool has one
                    try:
                        driver.autocommit = True
                        driver.execute(f"LISTEN {CHANNEL}")
                        failures = 0
                        self._listen(driver)
                    finally:
                        connection.invalidate()  # it listens: nobody else may get it from the pool
            except Exception as error:  # noqa: BLE001 - must outlive the server; polling carries on meanwhile
                log.warning("not listening for wake-ups: %s", type(error).__name__)
                self._ending.wait(AGAIN[min(failures, len(AGAIN) - 1)])
                failures += 1

    def _listen(self, driver: object) -> None:
        while not self._ending.is_set():
            heard = driver.notifies(timeout=LISTEN_FOR, stop_after=1)  # type: ignore[attr-defined]  # psycopg's own, behind SQLAlchemy's untyped handle
            parts = [notify.payload.partition(" ") for notify in heard]
            topics = {topic for origin, _, topic in parts if origin != self._origin}
            if topics:
                self._heard(topics)
