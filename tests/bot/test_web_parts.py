"""The web channel's pure parts: sessions, forms, lines and what a page may never contain."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import channel
from bot.channels.web.lines import Line, card, heard, labels, said, settled
from bot.channels.web.page import Form, Pages
from bot.channels.web.session import Session, remember, session_of
from bot.messages import INCOMING, REPLY, Address, Choice, IncomingMessage, Reply
from bot.pages.forms import LARGEST, Refused, form
from bot.pages.making import new_nonce, security
from bot.pages.static import Files
from bot.pages.stream import event
from flows.cases.calendar import Calendar

CHAT_FILES = Path(channel.__file__).parent / "static"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SESSION = Session("a" * 43)
FORM = Form("rosebrook", SESSION, Calendar(), NOW)
PAGES = Pages(Files("/static", CHAT_FILES), framed=False)


def asking(body: bytes, *, kind: str = "application/x-www-form-urlencoded", length: int | None = None, cookie: str = "") -> Request:
    """A request whose body comes in small pieces, as it does over a slow line."""
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)] or [b""]

    async def receive() -> dict:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    headers = [(b"content-type", kind.encode()), (b"cookie", cookie.encode())]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    return Request(scope, receive)


def message(text: str, **more: object) -> str:
    """What the inbox keeps of a message."""
    return INCOMING.dump_json(IncomingMessage("m", "s", Address("web", "p"), NOW, text, **more)).decode()


def test_the_place_of_a_session_cannot_be_turned_back_and_differs_by_school():
    """Neither the database nor a log that held a place would let anybody take over the browser behind it."""
    places = {SESSION.place("rosebrook"), SESSION.place("another")}
    assert len(places) == 2
    assert not any(SESSION.id in place for place in places)
    assert SESSION.id not in repr(SESSION)
    assert Session("b" * 43).place("rosebrook") not in places


def test_a_form_token_belongs_to_one_session():
    """A token from somebody else's page, or none, is refused."""
    assert SESSION.sent_this_form(SESSION.csrf)
    for wrong in ("", "é", Session("b" * 43).csrf, SESSION.csrf[:-1]):
        assert not SESSION.sent_this_form(wrong)


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_guarded(secure: bool):
    """No script reads it, no other site's form sends it, and over an encrypted line it is bound to this very host."""
    answer = Response()
    remember(answer, SESSION, secure=secure)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert ("; Secure" in cookie) is secure
    assert cookie.startswith("__Host-") is secure


@given(st.text(max_size=80))
def test_a_made_up_cookie_gets_a_session_of_its_own(value: str):
    """Only what looks like one of ours is believed; nobody can choose a short or readable session for somebody else."""
    header = value.encode("utf-8", "ignore").decode("latin-1").replace(";", "").replace("\r", "").replace("\n", "")
    session = session_of(asking(b"", cookie=f"signpost={header}"), secure=False)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", session.id)


async def test_a_form_is_read_field_by_field():
    """Signs of every kind arrive as they were typed."""
    fields = await form(asking(b"text=caf%C3%A9+%F0%9F%98%80&about=", length=40))
    assert fields == {"text": "café 😀", "about": ""}


@pytest.mark.parametrize("length", [None, 10, LARGEST + 1], ids=["not said", "a lie", "said"])
async def test_a_body_that_is_too_large_is_refused_before_it_is_parsed(length: int | None):
    """Whether the size was announced, kept quiet about, or lied about: never more than the limit is held."""
    with pytest.raises(Refused) as refused:
        await form(asking(b"text=" + b"a" * (LARGEST + 1), length=length))
    assert refused.value.status == 413


@pytest.mark.parametrize("body", [b"text=\xff", b"text=%ff", b"&".join(b"a=1" for _ in range(50))])
async def test_a_form_no_browser_sends_is_refused(body: bytes):
    """Broken signs and floods of fields end as one clear refusal that repeats nothing."""
    with pytest.raises(Refused) as refused:
        await form(asking(body))
    assert refused.value.status == 400
    assert "text" not in str(refused.value)


async def test_only_forms_are_read():
    """A page elsewhere can send plain text without asking; ours takes no such thing."""
    with pytest.raises(Refused) as refused:
        await form(asking(b"text=a", kind="text/plain"))
    assert refused.value.status == 415


@given(st.text(max_size=300))
def test_nothing_that_was_written_becomes_markup(words: str):
    """Whatever people or policies contain, the page shows it as words: in a text, a title, a fact, a button, a question's name."""
    hostile = words + "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    line = Line("r1", "bot", NOW, hostile, hostile, ((hostile, hostile),), (Choice(hostile, hostile),), hostile)
    html = PAGES.fragment(line, FORM, rehearsal=False)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count('"><') == html.replace(hostile, "").count('"><')
    assert len(re.findall(r"<button", html)) == 1


def test_the_policy_for_browsers_allows_no_inline_script_or_style():
    """Even if markup got through, a browser would not run it."""
    policy = security(framed=False)["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    page = PAGES.page("schools.html", schools=()).body.decode()
    assert not re.search(r"<style|style=|<script(?! src)|\son\w+=|javascript:", page)


def test_each_rendered_form_is_a_message_of_its_own():
    """The number in a form is what makes a second tap the same message; two forms never share one."""
    line = Line("r1", "bot", NOW, "Which?", choices=(Choice("A", "a"),), about="q")
    numbers = {re.search(r'name="nonce" value="([^"]+)"', PAGES.fragment(line, FORM, rehearsal=False))[1] for _ in range(20)}
    assert len(numbers) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16,64}", number) for number in {new_nonce(), *numbers})


def test_a_pressed_button_reads_as_what_stood_on_it():
    """The page shows "Report something", not the word the machine uses for it."""
    question = said(1, NOW, REPLY.dump_json(Reply("What?", (Choice("Report something", "report"),), about="menu")).decode())
    known = labels([question])
    assert heard(2, NOW, message("report", about="menu", pressed=True), known).text == "Report something"
    assert heard(3, NOW, message("report"), known).text == "report"


def test_old_buttons_cannot_be_pressed_but_a_card_keeps_its_own():
    """What came before the person's last words is settled; a card waits until somebody has the case."""
    choices = (Choice("Yes", "y"),)
    old = Line("r1", "bot", NOW, "old", choices=choices)
    waiting = card(1, NOW, Reply("card", choices), live=True, done=False)
    mine = Line("h1", "me", NOW, "words")
    new = Line("r2", "bot", NOW, "new", choices=choices)
    taken = card(2, NOW, Reply("card", choices), live=False, done=True)
    assert [line.live for line in settled((old, waiting, mine, new, taken))] == [False, True, True, True, False]


@given(st.text(max_size=200))
def test_an_event_is_one_event_whatever_it_carries(html: str):
    """A line break inside would end the event early and let words pass for fields of their own."""
    lines = event("1.2.3", html).decode().split("\n")
    assert lines[:2] == ["event: said", "id: 1.2.3"]
    assert lines[-2:] == ["", ""]
    assert all(line.startswith("data: ") for line in lines[2:-2])
    assert "\r" not in "".join(lines)


def test_a_line_shows_its_day_unless_it_is_today():
    """Somebody who comes back on Tuesday must not take Monday's "14:30" for today's; a late evening in UTC is the next day."""
    assert FORM.clock(NOW) == "10:00"
    assert FORM.clock(NOW - timedelta(days=3)) == "Fri 20 Nov, 10:00"
    summer = Form("rosebrook", SESSION, Calendar(), datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert summer.clock(datetime(2026, 7, 1, 22, 0, tzinfo=UTC)) == "Wed 1 Jul, 23:00"


def test_static_files_have_their_own_type_and_a_mark_that_changes_with_them(tmp_path):
    """A browser never guesses what a file is, and never shows an old one."""
    files = Files("/static", CHAT_FILES)
    assert files["chat.js"].type.startswith("text/javascript")
    assert files["look.css"].type.startswith("text/css")
    (tmp_path / "a.css").write_text("a{}")
    first = Files("/static", tmp_path).address("a.css")
    (tmp_path / "a.css").write_text("b{}")
    assert Files("/static", tmp_path).address("a.css") != first


def test_a_static_file_of_an_unknown_kind_is_refused_at_the_start(tmp_path):
    """A guessed type could turn data into a script; the message says where to add it."""
    (tmp_path / "a.exe").write_text("x")
    with pytest.raises(ValueError, match=r"TYPES in static\.py"):
        Files("/static", tmp_path)


def test_two_files_of_one_name_are_refused_at_the_start(tmp_path):
    """One would silently take the place of the other on every page."""
    (tmp_path / "look.css").write_text("a{}")
    with pytest.raises(ValueError, match="one of its own"):
        Files("/static", tmp_path)


def test_only_the_way_in_to_the_desk_becomes_a_link():
    """Not an address that somebody wrote, not markup beside it, and not one that only looks like it."""
    desk = "https://ask.school.example/desk/rosebrook"
    form = Form("rosebrook", SESSION, Calendar(), NOW, desk=desk)
    text = f"<b>Here:</b> {desk}/in?code=abc-DEF_1 and https://evil.example{desk}/in?code=x"
    linked = form.linked(f"{text} {desk}.evil.example/in?code=y")
    assert f'<a href="{desk}/in?code=abc-DEF_1"' in linked
    assert "&lt;b&gt;" in linked
    assert "evil.example/in" not in re.findall(r'href="([^"]*)"', linked)
    assert all(found.startswith(f"{desk}/in?code=") for found in re.findall(r'href="([^"]*)"', linked))
    assert "<a" not in FORM.linked(text)
