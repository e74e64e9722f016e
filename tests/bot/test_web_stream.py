"""The stream behind an open page: what it sends, when it breathes, how it ends, and that nothing slips past it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.channel import ChannelContext
from bot.channels.web.history import History
from bot.channels.web.marks import Mark, Marks
from bot.channels.web.session import Session
from bot.channels.web.visits import Visit
from bot.clock import SystemClock
from bot.config import Config
from bot.messages import REPLY, Reply
from bot.pages import stream as streaming
from bot.pages.forms import Refused
from bot.pages.stream import EACH, PING, RETRY, Streams
from bot.schools import load
from storage.database import Database
from storage.kept import Letter, Recording
from storage.store import Store
from storage.work import Work
from tests.fakes import MONDAY
from tests.storage.conftest import HOLD, School


async def nothing(mark: str) -> tuple[str, Sequence[tuple[str, str]]]:
    """No news."""
    return mark, []


async def a_moment(seconds: float) -> bool:
    """A wait that is short whatever was asked for."""
    await asyncio.sleep(min(seconds, 0.005))
    return False


async def test_a_quiet_stream_breathes(monkeypatch: pytest.MonkeyPatch):
    """A line on which nothing is heard is cut by whatever lies between: a comment now and then keeps it open."""
    monkeypatch.setattr(streaming, "PING_EVERY", 0.02)
    events = Streams(asyncio.Event()).events("me", "0.0.0", nothing, a_moment)
    assert [await anext(events) for _ in range(3)] == [RETRY, PING, PING]
    await events.aclose()


async def test_a_stream_ends_by_itself_in_the_end(monkeypatch: pytest.MonkeyPatch):
    """No connection is for ever: the browser comes back with its mark."""
    monkeypatch.setattr(streaming, "AT_MOST", 0.02)
    assert [part async for part in Streams(asyncio.Event()).events("me", "", nothing, a_moment)] == [RETRY]


async def test_a_closed_page_makes_room_for_another():
    """Places are counted while they are open, and given back however the stream ends."""
    streams = Streams(asyncio.Event())
    opened = [streams.events("me", "", nothing, a_moment) for _ in range(EACH)]
    for one in opened:
        await anext(one)
    with pytest.raises(Refused):
        streams.check("me")
    streams.check("somebody else")
    await opened[0].aclose()
    streams.check("me")
    for one in opened[1:]:
        await one.aclose()


async def test_nobody_takes_all_places_by_making_cookies(monkeypatch: pytest.MonkeyPatch):
    """By one line to the internet there is room for a school, and not for everything: other lines go on."""
    monkeypatch.setattr(streaming, "BEHIND_ONE", 3)
    streams = Streams(asyncio.Event())
    opened = [streams.events(f"browser {number}", "", nothing, a_moment, b"a line") for number in range(3)]
    for one in opened:
        await anext(one)
    with pytest.raises(Refused):
        streams.check("one more", b"a line")
    streams.check("one more", b"another line")
    for one in opened:
        await one.aclose()
    streams.check("one more", b"a line")


async def test_a_wait_that_fails_ends_the_stream_instead_of_spinning():
    """With the database gone the page is told by the broken line, and tries again in its own time."""
    calls = 0

    async def breaks(seconds: float) -> bool:
        nonlocal calls
        calls += 1
        raise ConnectionError

    with pytest.raises(ConnectionError):
        _ = [part async for part in Streams(asyncio.Event()).events("me", "", nothing, breaks)]
    assert calls == 1


# What it reads ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def context(database: Database) -> ChannelContext:
    """A web channel's surroundings on either database."""
    return ChannelContext(
        Config(), SystemClock(), {"rosebrook": load("rosebrook")}, lambda name: Store(database, name), database, asyncio.Event()
    )


@pytest.fixture
def here(context: ChannelContext) -> Visit:
    """Somebody's page."""
    session = Session("s" * 43)
    place = session.place("rosebrook")
    return Visit(context.schools["rosebrook"], session, place, place, MONDAY)


async def say(context: ChannelContext, here: Visit, words: str) -> None:
    """The bot says WORDS at that place."""
    body = REPLY.dump_json(Reply(words)).decode()
    await context.store("rosebrook").record(Recording(MONDAY, letters=(Letter("web", here.place, body),)), HOLD)


async def test_what_the_page_shows_and_what_the_stream_brings_fit_together(context: ChannelContext, here: Visit):
    """The stream goes on exactly where the page ends, and a second look brings nothing twice."""
    await say(context, here, "first")
    view = await History.of(context, here)
    lines, mark = await view.page()
    assert [line.text for line in lines] == ["first"]
    assert (await view.since(mark))[1] == []
    await say(context, here, "second")
    further, news = await view.since(mark)
    assert [line.text for _, line in news] == ["second"]
    assert news[-1][0] == further
    assert (await view.since(further))[1] == []


async def test_a_card_leaves_an_open_page_once_it_is_about_whoever_sits_there(context: ChannelContext, here: Visit):
    """The stream takes it off, and says nothing in its place; a page that is opened afterwards never heard of it."""
    store = context.store("rosebrook")
    school = School(store, Work(context.database), MONDAY)
    person = await store.people.add("Lead", ("dsl",), (("web", here.sender),), at=MONDAY)
    case = await school.opens(school.case())
    await school.expands()
    for due in await school.pushes():
        await school.work.finish(due, "receipt", MONDAY)
    view = await History.of(context, here)
    (shown,), mark = await view.page()
    assert case.reference in shown.title
    await store.record(Recording(MONDAY, changed=(replace(case, concerns=frozenset({person.id})),)), HOLD)
    ((_, line),) = (await view.since(mark))[1]
    assert (line.id, line.who, line.text, line.title, line.choices) == (shown.id, "gone", "", "", ())
    assert (await view.since(mark))[1] == []
    assert (await (await History.of(context, here)).page())[0] == ()


async def test_a_mark_we_never_gave_begins_at_the_beginning_and_gets_on(context: ChannelContext, here: Visit):
    """Somebody else's mark, a broken one, or one hidden by a new round: the stream must not stop at what it may not show."""
    for number in range(3):
        await say(context, here, f"line {number}")
    marks = Marks(context.database.vault, here.place)
    elsewhere = Marks(context.database.vault, "rosebrook/elsewhere").written(Mark(7, 7, 7))
    for wrong in ("../etc", "", "1.2.3", elsewhere, "é", "A" * 10_000, marks.written(Mark(7))[:-4]):
        assert marks.read(wrong) == Mark()
    later = replace(here, since=MONDAY.replace(year=2027))
    further, news = await (await History.of(context, later)).since(Mark())
    assert news == []
    assert further.reply > 0


async def test_a_page_is_woken_by_what_is_said_at_its_place(context: ChannelContext, here: Visit):
    """Only by that: another person's answer wakes nobody else's page."""
    view = await History.of(context, here)
    database = context.database
    database.wake(database.place_topic("rosebrook", "web", "somewhere else"))
    assert not await view.wait(0.05)
    database.wake(database.place_topic("rosebrook", "web", here.place))
    assert await view.wait(5)


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_line_that_was_committed_late_is_not_passed_over(context: ChannelContext, here: Visit):
    """PostgreSQL counts before it commits: a lower number may come after a higher one was shown, and must still appear."""
    await say(context, here, "early")
    view = await History.of(context, here)
    _, mark = await view.page()

    def count_from(number: int):
        return lambda session: session.connection().execute(sa.text(f"SELECT setval('reply_id_seq', {number})"))

    await context.database.write(count_from(mark.reply + 20))
    await say(context, here, "high")
    mark, news = await view.since(mark)
    assert [line.text for _, line in news][-1] == "high"
    await context.database.write(count_from(mark.reply - 10))
    await say(context, here, "late")
    assert [line.text for _, line in (await view.since(mark))[1]] == ["late"]
