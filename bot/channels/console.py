"""The terminal as a channel, for rehearsals: one person at the keyboard who can be anybody, and sees what reaches the others."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

from rich.console import Console as Screen
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text
from starlette.routing import BaseRoute

from bot.channel import ChannelContext, Misconfigured, Receive, SendFailed, numbered
from bot.clock import RehearsalClock
from bot.messages import Address, Choice, IncomingMessage, Reply
from bot.rehearsal import PERSONAS, RATES, Persona, Rehearsal, cast, persona
from storage.work import Work

HELP = """\
Type as you would write to the bot; a number presses the button of that number.
  /as          who you can be          /as lead     be the safeguarding lead
  /speed 60    a minute a second       /next        skip to what is due next
  /help        these lines             /quit        stop"""
ANSWER_WITHIN = 10.0  # real seconds: how long a line from a pipe waits for its answer
SETTLED_AFTER = 0.3  # and how long it must have been quiet before the next line is read


def make(context: ChannelContext) -> Console:
    """The console for the first of the schools in CONTEXT."""
    return Console(context, Screen(highlight=False, soft_wrap=not sys.stdin.isatty()))


class Console:
    """Prints what the bot says, and sends what is typed. Nothing that was typed is kept: no history file, nothing to find later."""

    name = "console"

    def __init__(self, context: ChannelContext, screen: Screen, lines: Callable[[], AsyncIterator[str]] | None = None) -> None:
        self._context = context
        self._screen = screen
        self._lines = lines or (_typed if sys.stdin.isatty() else _piped)
        self._school = next(iter(context.schools))
        self._who = PERSONAS[0]
        self._shown: dict[str, Reply] = {}  # the buttons each persona saw last, so that "2" can mean one
        self._heard = asyncio.Event()
        self._said = asyncio.Event()
        self.finished = asyncio.Event()

    async def run(self, receive: Receive) -> None:
        """Read and send lines until there are no more, then let the last answers arrive."""
        clock = self._context.clock
        if not isinstance(clock, RehearsalClock):
            raise Misconfigured("The console is for rehearsals only. Remove it from `channels`; `signpost chat` starts it.")
        self._stage = Rehearsal(clock, Work(self._context.database), (self.name,))
        self._print_welcome()
        try:
            async for line in self._lines():
                if not await self._one(line.strip(), receive):
                    break
        finally:
            self.finished.set()

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        """Print REPLY: plainly for whoever is at the keyboard, as a marked block for everybody else."""
        who = next((one for one in PERSONAS if one.place(self.name) == to.place), None)
        if who is None:
            raise SendFailed("There is nobody of that name in the terminal.", permanent=True)
        if reply.choices:
            self._shown[who.key] = reply
        self._screen.print(self._block(who, reply))
        self._said.set()
        if who is self._who:
            self._heard.set()
        return key

    async def edit(self, to: Address, card: str, reply: Reply, key: str) -> str:
        """What was printed stays; what it has become is printed below, and a number goes on meaning what was asked last."""
        await self.send(to, replace(reply, choices=()), key)
        return card

    def private_address(self, sender: str) -> Address:
        return Address(self.name, sender)

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    async def _one(self, line: str, receive: Receive) -> bool:
        """Do what LINE says. False: it was the wish to stop."""
        if line == "/quit":
            return False
        if line.startswith("/"):
            await self._command(*line[1:].split(maxsplit=1))
            return True
        if not line:
            return True
        self._heard.clear()
        if self._lines is _typed:
            await receive(self._school, self._message(line))
            return True
        self._screen.print(Text(f"› {line}"))  # nobody saw it being typed
        await receive(self._school, self._message(line))
        await self._answered()
        return True

    def _message(self, line: str) -> IncomingMessage:
        button = self._button(line)
        about = self._shown[self._who.key].about if button else ""
        place = self._who.place(self.name)
        return IncomingMessage(
            id=secrets.token_hex(12),
            sender=place,
            address=Address(self.name, place),
            received_at=self._context.clock.now(),
            text=button.value if button else line,
            about=about,
            pressed=button is not None,
        )

    def _button(self, line: str) -> Choice | None:
        shown = self._shown.get(self._who.key)
        if shown is None or not line.isdecimal() or not 0 < int(line) <= len(shown.choices):
            return None
        return shown.choices[int(line) - 1]

    async def _answered(self) -> None:
        """Wait for the answer to what a pipe just sent, and for whatever comes right behind it."""
        if not await _within(self._heard, ANSWER_WITHIN):
            self._tell("No answer yet: the bot goes on trying.")
        await self._quiet()

    async def _quiet(self) -> None:
        """Until nothing was printed for a moment."""
        self._said.clear()
        while await _within(self._said, SETTLED_AFTER):
            self._said.clear()

    async def _command(self, name: str = "help", rest: str = "") -> None:
        known = cast(self._context.schools[self._school])
        if name == "as" and (who := persona(rest)) in known:
            self._who = who
            self._tell(f"You are now {who.title}.")
        elif name == "as":
            self._tell("You can be: " + ", ".join(f"/as {(one.words or (one.key,))[0]}" for one in known) + ".")
        elif name == "speed" and rest in {str(rate) for rate in RATES}:
            self._stage.pace(int(rest))
            self._tell(f"The clock now runs {rest} times as fast.")
        elif name == "speed":
            self._tell(f"Speeds: {', '.join(f'/speed {rate}' for rate in RATES)}.")
        elif name == "next":
            await self._skip()
        else:
            self._tell(HELP)

    async def _skip(self) -> None:
        self._said.clear()
        if await self._stage.skip() is None:
            self._tell("Nothing is waiting to happen.")
            return
        local = self._context.schools[self._school].calendar.local(self._context.clock.now())
        self._tell(f"It is now {local:%A %H:%M}.")
        if await _within(self._said, ANSWER_WITHIN):
            await self._quiet()

    def _block(self, who: Persona, reply: Reply) -> Text | Padding | Panel:
        words = Text(numbered(reply))
        mine = who is self._who
        if not self._screen.is_terminal:
            sign = "  " if mine else "  | "
            heading = [] if mine else [f"→ to {who.title}"]
            return Text("\n".join([*heading, *(f"{sign}{line}".rstrip() for line in words.plain.splitlines()), ""]))
        return Padding(words, (0, 0, 1, 2)) if mine else Panel(words, title=f"→ to {who.title}", title_align="left", style="yellow")

    def _tell(self, words: str) -> None:
        self._screen.print(Text(words), style="dim")

    def _print_welcome(self) -> None:
        school = self._context.schools[self._school].title
        self._tell(f"REHEARSAL: {school}. Nobody here is real. You are {self._who.title}.\n{HELP}\n")


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """True when EVENT came within so many real SECONDS."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def _piped() -> AsyncIterator[str]:
    """Lines from a pipe, read beside the loop so that nothing else waits."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


async def _typed() -> AsyncIterator[str]:
    """Lines from a person, with the arrow keys bringing back what was typed in this sitting and nowhere else."""
    from prompt_toolkit import PromptSession  # noqa: PLC0415 - 0.1 s to import, and a pipe never needs it
    from prompt_toolkit.history import InMemoryHistory  # noqa: PLC0415 - same
    from prompt_toolkit.patch_stdout import patch_stdout  # noqa: PLC0415 - same

    prompt: PromptSession[str] = PromptSession("› ", history=InMemoryHistory())
    with patch_stdout(raw=True):
        while True:
            try:
                yield await prompt.prompt_async()
            except (EOFError, KeyboardInterrupt):
                return
