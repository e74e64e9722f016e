"""Pictures and files are never taken: an open report keeps its question, and its case says that something was offered."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from tests.filling import asked_in, begins, fills, sends
from tests.talk import Talk, transcript

PICTURE = "https://files.platform.example/pictures/4711.jpg"


async def page_of(talk: Talk, name: str = "Lead") -> str:
    """The report as NAME reads it."""
    await talk[name].reads()
    page = await talk[name].clicks("Open")
    offered = {choice.label for reply in page for choice in reply.choices}
    return transcript(await talk[name].clicks("All of it") if "All of it" in offered else page)


async def test_a_picture_in_the_middle_of_a_report_is_not_taken_and_the_question_stands(talk: Talk):
    """The person hears so, keeps it where it is, and is asked the same thing once more."""
    parent = talk["Parent"]
    asked = (await begins(parent, until="happened"))[-1]
    said, again = await parent.says("", attachments=("image",))
    assert "cannot take pictures" in said.text
    assert again.about == asked.about
    assert "media offered" in [link.act for link in await talk.app.stores["rosebrook"].audit.links()]
    await fills(parent, [again])
    await parent.says("send")
    assert "Pictures or files offered\n  1. None was opened, looked at or kept." in await page_of(talk)


async def test_every_file_of_a_report_is_counted_and_none_of_another_one(talk: Talk):
    """Three were offered while this one was written; the one thrown away before had one more."""
    parent = talk["Parent"]
    await begins(parent, until="sender")
    await parent.says("", attachments=("image",))
    await parent.says("cancel")
    await parent.clicks("Throw it away")
    replies = await begins(parent, until="happened")
    await parent.says("", attachments=("image", "video"))
    replies = await parent.says("", attachments=("file",))
    await fills(parent, replies)
    await parent.says("send")
    assert "3. None was opened" in await page_of(talk)


async def test_what_is_typed_below_a_picture_is_no_answer(talk: Talk):
    """A caption belongs to what we did not look at."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    replies = await parent.says("this is what he wrote", attachments=("image",))
    assert asked_in(replies) == "happened"


async def test_a_caption_that_hints_at_a_child_stops_the_report(talk: Talk):
    """It is words like any other for that."""
    parent = talk["Parent"]
    await begins(parent, until="happened")
    first, *more = await parent.says("the naked picture of the girl", attachments=("image",))
    assert "must not be sent to anybody" in first.text
    assert "Please stop there" in transcript(more)
    page = await page_of(talk)
    assert "the naked picture of the girl" in page
    assert "1. None was opened" in page


async def test_after_a_hint_the_reason_is_said(talk: Talk):
    """Somebody frightened sends it all the same: no reproach, and why not even those who help may have it."""
    parent = talk["Parent"]
    await begins(parent, until="you")
    await parent.says("there is a naked picture of my son")
    why, again = await parent.says("", attachments=("image",))
    assert "must not be sent to anybody, not even to those who help" in why.text
    assert asked_in([again]) == "adult_part"
    await parent.says("no")
    assert "1. None was opened" in await page_of(talk)


async def test_a_file_offered_with_words_that_are_added_later_is_mentioned_with_them(talk: Talk):
    """The addition says that one was offered, too."""
    parent = talk["Parent"]
    await sends(parent)
    await parent.clicks("Add something")
    await parent.says("", attachments=("image",))
    *_, kept = await parent.says("He has written again.")
    assert "I have added that" in kept.text
    page = await page_of(talk)
    assert page.index("He has written again.") < page.index("1. None was opened")


async def test_nothing_that_was_sent_is_ever_fetched(talk: Talk, monkeypatch: pytest.MonkeyPatch):
    """Before a report, in the middle, after a hint and after it was sent: no connection is opened by anybody, to anywhere."""
    fetched: list[object] = []

    async def fetches(*where: object, **_: object) -> None:
        fetched.append(where)
        raise OSError("There is no network in this test.")

    def connects(*where: object, **_: object) -> None:
        fetched.append(where)
        raise OSError("There is no network in this test.")

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", fetches)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", connects)
    monkeypatch.setattr(asyncio, "open_connection", fetches)
    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", fetches)
    monkeypatch.setattr(socket, "create_connection", connects)
    monkeypatch.setattr(socket.socket, "connect", connects)
    parent = talk["Parent"]
    offered = {"attachments": (PICTURE,)}
    await parent.says("", **offered)
    await begins(parent, until="happened")
    await parent.says(PICTURE, **offered)
    await parent.says("it is a naked picture of a girl in year 5", **offered)
    await parent.says("", **offered)
    await parent.clicks("Add something")
    await parent.says("", **offered)
    assert fetched == []
    assert PICTURE not in await page_of(talk)
