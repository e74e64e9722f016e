"""Keeps every channel running: starts it in the background, brings it back with growing patience, and says how it stands."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from bot.channel import Channel, Misconfigured, Receive
from bot.logs import log

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
SETTLED_AFTER = 60.0  # a channel that ran this long starts again with the short wait


@runtime_checkable
class Stands(Protocol):
    """A channel that can be running without reaching anybody yet, and says so: "up", or why not."""

    standing: str


@runtime_checkable
class StandsBySchool(Protocol):
    """A channel that can reach one school while it does not reach another."""

    def standing_at(self, school: str) -> str:
        """How it stands at SCHOOL: "up", or why not."""
        ...


class Supervisor:
    """One task a channel. A channel that cannot start never holds up the others, nor the start of the whole."""

    def __init__(self, channels: Mapping[str, Channel], receive: Receive) -> None:
        self._channels = channels
        self._receive = receive
        self._states: dict[str, str] = dict.fromkeys(channels, "starting")

    @property
    def states(self) -> dict[str, str]:
        """How each channel stands. One that runs, and knows that it is not connected, is not up."""
        return {name: self._standing(name, state) for name, state in self._states.items()}

    def states_at(self, school: str) -> dict[str, str]:
        """How each channel stands at SCHOOL: one of its bots may be refused where another's goes on."""
        return {name: self._at(school, name, state) for name, state in self.states.items()}

    def everywhere(self, schools: Iterable[str]) -> dict[str, str]:
        """How each channel stands, and below it the SCHOOLS at which it stands otherwise: whoever looks after it is told which."""
        whole = self.states
        apart = {
            f"{name} of {school}": state
            for school in schools
            for name, state in self.states_at(school).items()
            if state != whole[name]
        }
        return whole | apart

    def _at(self, school: str, name: str, state: str) -> str:
        channel = self._channels[name]
        return channel.standing_at(school) if self._states[name] == "up" and isinstance(channel, StandsBySchool) else state

    def _standing(self, name: str, state: str) -> str:
        channel = self._channels[name]
        return channel.standing if state == "up" and isinstance(channel, Stands) else state

    async def run(self) -> None:
        """Run all channels until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for name, channel in self._channels.items():
                tasks.create_task(self._keep(name, channel), name=f"channel {name}")

    async def _keep(self, name: str, channel: Channel) -> None:
        wait = FIRST_WAIT
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                self._states[name] = "up"
                await channel.run(self._receive)
                self._states[name] = "ended"
                log.info("channel ended", channel=name, state="ended")
            except Misconfigured as error:
                self._states[name] = "misconfigured"
                log.error("channel misconfigured: not retried, its settings must be changed", channel=name, exc_info=error)
                return
            except Exception as error:  # noqa: BLE001 - a channel may fail in any way; it is started again and logged by type
                self._states[name] = "retrying"
                log.warning("channel failed", channel=name, state="retrying", seconds=round(wait, 1), exc_info=error)
            else:
                return
            if loop.time() - began > SETTLED_AFTER:
                wait = FIRST_WAIT
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
            wait = min(wait * 2, LONGEST_WAIT)
