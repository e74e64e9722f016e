"""The Telegram channel: every school's bot, what each brings in, and the bot's replies out to where they belong."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import OrderedDict
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channel import ChannelContext, Misconfigured, Receive, SendFailed
from bot.channels.telegram import saying
from bot.channels.telegram.calls import from_receipt, keeps, receipt
from bot.channels.telegram.hearing import NAME, Heard
from bot.channels.telegram.keeping import Keeping
from bot.channels.telegram.lines import ROUTE, lines, unserved
from bot.channels.telegram.one_bot import Keep, OneBot
from bot.channels.telegram.places import Place
from bot.channels.telegram.saying import Part
from bot.logs import log
from bot.measured import TooLong, body_of
from bot.messages import Address, Reply
from bot.wording_telegram import NOTICE

LARGEST = 1_000_000  # bytes of one update; Telegram's own are far below
BEGUN = 1000  # replies of several parts that were sent in part
TOLD = 10_000  # chats that are known to have read the notice


def make(context: ChannelContext) -> Telegram:
    """The bots of all schools of CONTEXT."""
    return Telegram(context)


class Telegram:
    """Any number of bots, each for one school or for several."""

    name = NAME

    def __init__(self, context: ChannelContext) -> None:
        self._context = context
        self._served = {served.line.id: served for served in lines(context.config)}
        self._bots = {number: OneBot(served.line, context.clock) for number, served in self._served.items()}
        self._keepings = {number: Keeping(context, self._served[number], bot.calls) for number, bot in self._bots.items()}
        self._receive: Receive | None = None
        self._begun: OrderedDict[str, list[int]] = OrderedDict()  # key -> the parts that have arrived already
        self._told: OrderedDict[str, None] = OrderedDict()

    async def run(self, receive: Receive) -> None:
        """Keep every bot going until cancelled. One whose token is wrong ends alone, unless it is the only one."""
        self._receive = receive
        if missing := unserved(self._context.config):
            raise Misconfigured(f"{missing}: There is no token in it. @BotFather gives one; write it into the environment.")
        if len(self._bots) == 1:
            for number, bot in self._bots.items():
                await bot.run(self._keep(number))
        async with asyncio.TaskGroup() as tasks:
            for number, bot in self._bots.items():
                tasks.create_task(self._one(bot, number), name=f"telegram bot {number}")
        raise Misconfigured("Telegram knows none of the tokens. Copy each anew from @BotFather into the environment.")

    @property
    def standing(self) -> str:
        """How those bots stand that are let in: one school's wrong token is that school's trouble."""
        let_in = [bot for bot in self._bots.values() if not bot.refused]
        if not let_in:
            return "misconfigured"
        return "up" if all(bot.listening for bot in let_in) else "starting"

    def standing_at(self, school: str) -> str:
        """How the bot of SCHOOL stands."""
        bot = next(self._bots[number] for number, served in self._served.items() if school in served.schools)
        if bot.refused:
            return "misconfigured"
        return "up" if bot.listening else "starting"

    async def send(self, to: Address, reply: Reply, key: str) -> str:
        """Send REPLY in as many messages as it takes; a further attempt goes on behind the part that arrived last."""
        bot, place = self._where(to)
        notice = NOTICE if await self._is_first(to, place, reply) else ""
        done = self._begun.setdefault(key, [])
        while len(self._begun) > BEGUN:
            self._begun.popitem(last=False)
        for part in _parts(reply, notice, place.school)[len(done) :]:
            done.append(await bot.calls.show(place.chat, part, kept=keeps(reply.about)))
        self._begun.pop(key, None)
        if not keeps(reply.about):
            self._remember_told(to.place)
        if reply.choices and not keeps(reply.about):
            bot.asked(place.chat, done[-1])
        return receipt(place.chat, done)

    async def edit(self, to: Address, card: str, reply: Reply, key: str) -> str:  # noqa: ARG002 - an edit made twice is one
        """Put REPLY in the place of CARD. What the card had more messages than REPLY takes says nothing any more."""
        bot, place = self._where(to)
        chat, messages = from_receipt(card)
        if chat != place.chat:
            raise SendFailed("That card is in another chat.", permanent=True)
        parts = _parts(reply, "", place.school)
        for number, part in zip(messages, parts, strict=False):
            await bot.calls.change(chat, number, part)
        for number in messages[len(parts) :]:
            await bot.calls.change(chat, number, Part("…"))
        more = [await bot.calls.show(chat, part, kept=keeps(reply.about)) for part in parts[len(messages) :]]
        return receipt(chat, (*messages, *more))

    def private_address(self, sender: str) -> Address:
        return Address(self.name, sender)

    def routes(self) -> Sequence[BaseRoute]:
        if not self._context.config.telegram.webhook:
            return ()
        return (Route(f"{ROUTE}/{{bot:int}}", self._called, methods=["POST"]),)

    async def _one(self, bot: OneBot, number: int) -> None:
        try:
            await bot.run(self._keep(number))
        except Misconfigured as error:
            for school in self._served[number].schools:
                log.error("a school's bot is misconfigured: its token must be changed", channel=NAME, school=school, exc_info=error)

    def _keep(self, number: int) -> Keep:
        keeping = self._keepings[number]

        async def keep(found: Heard) -> None:
            assert self._receive is not None  # noqa: S101 - a bot that runs was started by `run`
            await keeping.keep(found, self._receive)

        return keep

    async def _is_first(self, to: Address, place: Place, reply: Reply) -> bool:
        """Whether REPLY is the first thing to be said there. A card is none: it goes to whoever knows this place already."""
        if to.place in self._told or keeps(reply.about):
            return False
        school = place.school or self._served[place.bot].schools[0]
        return not await self._context.store(school).conversations.reached(self.name, to.place)

    def _remember_told(self, place: str) -> None:
        self._told[place] = None
        while len(self._told) > TOLD:
            self._told.popitem(last=False)

    def _where(self, to: Address) -> tuple[OneBot, Place]:
        place = Place.read(to.place) if to.channel == self.name else None
        served = self._served.get(place.bot) if place is not None else None
        if place is None or served is None or (served.line.shared and place.school not in served.schools):
            raise SendFailed("This is not an address of a bot that we have.", permanent=True)
        return self._bots[place.bot], place

    async def _called(self, request: Request) -> Response:
        """Telegram brings one update. Anything but 200 makes it come again, so 200 is said once it is kept."""
        bot = self._bots.get(request.path_params["bot"])
        shown = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
        if bot is None or not hmac.compare_digest(shown, bot.line.secret.encode()):
            return PlainTextResponse("That is not for you.\n", 403)
        if not bot.listening:
            return PlainTextResponse("Not yet.\n", 503)
        try:
            body = await body_of(request, LARGEST)
        except TooLong:
            return PlainTextResponse("Too large.\n", 413)
        try:
            raw = json.loads(body)
        except ValueError:
            raw = None
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return PlainTextResponse("That is no update.\n", 400)
        try:
            await bot.take(raw)
        except Exception as error:  # noqa: BLE001 - whatever it was, Telegram hears "no" and brings the update again
            log.error("an update could not be kept", channel=NAME, exc_info=error)
            return PlainTextResponse("Not kept.\n", 503)
        return Response(status_code=200)


def _parts(reply: Reply, notice: str, school: str) -> tuple[Part, ...]:
    parts = saying.parts(reply, notice, school)
    if not parts:
        raise SendFailed("There is nothing in that reply.", permanent=True)
    return parts
