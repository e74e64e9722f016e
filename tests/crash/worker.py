"""The real bot as a process that can be killed: `python -m tests.crash.worker` reads from its input which lives to begin and end.

It imports everything once and forks for each life, so that a start costs tens of milliseconds and not two seconds of a
shared processor. Every life is a process of its own, with its own connections, threads and event loop.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg  # noqa: F401 - imported once here instead of in every life
from pydantic import SecretStr

from bot import app, conversation, handlers, logs, outbox
from bot.clock import SystemClock
from bot.config import Config
from bot.config.model import Secrets
from bot.messages import Address, IncomingMessage, Reply
from bot.turn import Outcome, Turn
from storage.kept import Due
from storage.keyring import Keyring
from storage.store import inbox
from storage.work import Work
from tests.crash.doom import Doom, doomed
from tests.crash.life import CHANNEL, LEASE, SCHOOL, Life
from tests.crash.wire import Wire
from tests.fakes import FakeChannel

TALLY = "please count me in, tally"  # words in which nobody hears a worry, which would be a second reply


async def tally(turn: Turn) -> Outcome | None:
    """Read, think, write: put one more word on the list this conversation remembers, and say which number it is."""
    if not turn.message.text.startswith(TALLY):
        return None
    word, thinking = turn.message.text.removeprefix(TALLY).split()
    await asyncio.sleep(float(thinking))
    counted = [*json.loads(turn.memory.get(TALLY, "[]")), word]
    return Outcome((Reply(f"{word} is number {len(counted)}"),), memory={**turn.memory, TALLY: json.dumps(counted)})


async def live(life: Life) -> None:
    """Be the bot until told to stop, or killed."""
    logs.setup("json", "info", (SCHOOL,))
    conversation.HOLD = outbox.HOLD = LEASE
    # In a storm the innocent die as often as the guilty. How a message that kills is given up is tested where nobody else dies.
    conversation.ATTEMPTS = inbox.ATTEMPTS = 1000
    handlers.IN_ORDER = (tally, *handlers.IN_ORDER)
    config = Config(
        schools=(SCHOOL,),
        channels=(),
        database=life.database,
        data_folder=Path(life.log).parent,
        secrets=Secrets(keys=SecretStr(life.keys)),
    )
    wire = Wire(life.name, life.exchange)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with app.running(config, life.clock, {wire.name: wire}) as running:
        note_claims(running.work, wire)
        if life.dies_at:
            doomed(running.database, Doom(life.dies_at, life.dies_committed))
        await stopped.wait()


def note_claims(work: Work, wire: Wire) -> None:
    """Let WIRE tell when the claim behind each push began: only then can be said whether it was sent after an acknowledgement."""
    claim = work.claim_pushes

    async def noted(token: str, channels: Sequence[str], now: datetime, *terms: Any, **more: Any) -> tuple[Due, ...]:
        dues = await claim(token, channels, now, *terms, **more)
        wire.claimed.update((due.key, now) for due in dues)
        return dues

    work.claim_pushes = noted  # type: ignore[method-assign]  # on this one object


def begin(life: Life) -> int:
    """Fork; the pid of the new life."""
    pid = os.fork()
    if pid:
        return pid
    log = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for standard, own in enumerate((nothing, log, log)):
        os.dup2(own, standard)
    sys.stdout.reconfigure(line_buffering=True)  # a killed process loses what it had not yet let go of
    try:
        asyncio.run(live(life))
    finally:
        sys.stdout.flush()
    os._exit(0)


def end(pid: int, how: int) -> int:
    """Send the signal and wait; the exit code, negative for a signal, as `subprocess` has it."""
    os.kill(pid, how)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def ended(pid: int) -> bool:
    """Whether that life has come to an end by itself."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def ready_to_fork() -> None:
    """Live once, through one emergency, so that what is read, imported and put together at a start is there before each fork."""
    with tempfile.TemporaryDirectory(prefix="signpost-") as folder:
        asyncio.run(_once(Path(folder)))


async def _once(folder: Path) -> None:
    keys = SecretStr(Keyring.new().dump())
    config = Config(schools=(SCHOOL,), channels=(), data_folder=folder, secrets=Secrets(keys=keys))
    nowhere = FakeChannel(CHANNEL, SystemClock())
    async with app.running(config, nowhere.clock, {CHANNEL: nowhere}) as running:
        message = IncomingMessage("1", "Parent", Address(CHANNEL, "Parent"), running.clock.now(), "He is going to kill her now")
        await running.conversations.receive(SCHOOL, message)
        await running.conversations.finish()


def main() -> None:
    """Do as told, one line at a time; when nobody is there any more to tell, end what was begun."""
    ready_to_fork()
    alive: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "begin" in order:
            answer = begin(Life(**order["begin"]))
            alive.add(answer)
        elif "ended" in order:
            answer = int(ended(order["ended"]))
        elif "tell" in order:
            os.kill(order["tell"], order["signal"])
            answer = 0
        else:
            alive.discard(order["end"])
            answer = end(order["end"], order["signal"])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for pid in alive:
        end(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
