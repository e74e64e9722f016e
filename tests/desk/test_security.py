"""What strangers, colleagues and broken browsers try at the desk: refused with a clear page, and nothing of it in the log."""

from __future__ import annotations

import logging
import re

import pytest
from starlette.routing import Route

from bot import logs
from bot.desk import desk as desk_module
from bot.desk import sign_in
from bot.pages.forms import LARGEST
from flows.cases.case import Said
from tests.desk_site import DESK, AtTheDesk, a_case, at_the_desk
from tests.site import Site

FORMS = sorted({path for module in desk_module.MODULES for path in module.FORMS})
PAGES = sorted({path for module in desk_module.MODULES for path in module.PAGES if not path.endswith("/events")})
SCRIPT = '"><script>alert("xylophone")</script><img src=x onerror=alert(1)>'
NONCE = re.compile(r'(nonce|csrf)" value="[^"]*"')


def filled(path: str, reference: str = "SP-ZZZZZ") -> str:
    """PATH with something in each of its places."""
    return path.format(school="rosebrook", reference=reference, person="nobody", table="reports")


async def token(desk: AtTheDesk) -> dict[str, str]:
    """What every form that was given to this browser carries."""
    await desk.opens(DESK)
    return desk.form("/out").fields


def test_every_page_of_the_desk_is_tried(site: Site):
    """What is listed here is what the site really serves."""
    served = {route.path for route in site.app.web.routes if isinstance(route, Route) and route.path.startswith("/desk/")}
    known = {*FORMS, *PAGES, *sign_in.OPEN, *sign_in.FORMS, "/desk/{school}/events"}
    assert served == known


@pytest.mark.parametrize("path", PAGES)
async def test_whoever_is_not_signed_in_sees_how_to_get_in_and_nothing_else(site: Site, path: str):
    """Every page, without a session, with one that was made up, and with one of another school."""
    case = await a_case(site)
    stranger = AtTheDesk(site.browser().client)
    wanted = await stranger.opens(filled(path, case.reference))
    assert "There is no password" in stranger.shows
    assert case.reference not in wanted.text
    stranger.client.cookies.set("desk-rosebrook", "A" * 43)
    assert NONCE.sub("", (await stranger.opens(filled(path, case.reference))).text) == NONCE.sub("", wanted.text)


async def test_no_form_is_taken_without_its_token_from_elsewhere_or_broken(site: Site):
    """Each form of the desk: no token, another browser's, another site, too much, no form at all, not even text."""
    desk, other = await at_the_desk(site), await at_the_desk(site, "headteacher")
    case = await a_case(site)
    mine, theirs = await token(desk), await token(other)
    before = len(await site.app.stores["rosebrook"].audit.links(limit=1000))
    for path in FORMS:
        at = filled(path, case.reference)
        tries = (
            (403, {"data": {"nonce": mine["nonce"]}}),
            (403, {"data": theirs}),
            (403, {"data": {**mine, "nonce": "../../etc/passwd"}}),
            (403, {"data": mine, "headers": {"sec-fetch-site": "cross-site"}}),
            (413, {"content": b"a=" + b"x" * (LARGEST + 1), "headers": {"content-type": "application/x-www-form-urlencoded"}}),
            (415, {"json": mine}),
            (400, {"content": b"\xff\xfe=%zz", "headers": {"content-type": "application/x-www-form-urlencoded"}}),
        )
        for status, sent in tries:
            answer = await desk.client.post(at, **sent)
            assert answer.status_code == status, (path, status, answer.status_code)
            assert "<h1>" in answer.text
    assert len(await site.app.stores["rosebrook"].audit.links(limit=1000)) == before, "nothing was done and nothing looked at"


@pytest.mark.parametrize("path", [path for path in (*PAGES, *FORMS) if "{reference}" in path])
async def test_a_hidden_case_another_schools_and_none_are_answered_alike(site: Site, path: str):
    """Whoever it concerns, whoever guesses: the same page to the letter, by every page and every form of a case."""
    store = site.app.stores["rosebrook"]
    head = await store.people.by_place("web", "rehearsal-headteacher")
    assert head is not None
    hidden = await a_case(site, tell=("dsl", "headteacher"), concerns=frozenset({head.id}))
    desk = await at_the_desk(site, "headteacher")
    carried = await token(desk)
    answers = []
    for reference in (hidden.reference, "SP-ZZZZZ", "..%2F..%2Fetc%2Fpasswd", "SP-ZZZZZ%0d%0aset-cookie:%20x=1"):
        at = filled(path, reference)
        if path in FORMS:
            answer = await desk.client.post(at, data={**carried, "reason": "because", "text": "words", "version": "0"})
        else:
            answer = await desk.client.get(at)
        answers.append(
            (answer.status_code, NONCE.sub("", answer.text.replace(reference, "REFERENCE")), "set-cookie" in answer.headers)
        )
    assert answers[0] == answers[1]
    assert {status for status, _, _ in answers} == {404}


async def test_words_in_every_field_stay_words_and_reach_no_log(site: Site, capfd, caplog):
    """HTML and script in a report and in every field of the case's page come back escaped; the log has none of it."""
    logs.setup("json", "debug")
    caplog.set_level(logging.DEBUG)
    case = await a_case(site, said=(Said("What happened?", SCRIPT, "happened"), Said(SCRIPT, "quokka", "x")))
    desk = await at_the_desk(site)
    await desk.opens(f"{DESK}/case/{case.reference}")
    assert "&lt;script&gt;" in desk.page.text
    tried = 0
    for form in desk.forms():
        typed = [name for name in form.fields if name not in {"csrf", "nonce", "version"}]
        if form.method != "post" or not typed or "/case/" not in form.action:
            continue
        tried += 1
        answer = await desk.client.post(form.action, data={**form.fields, **dict.fromkeys(typed, SCRIPT)}, follow_redirects=True)
        assert answer.status_code < 500, form.action
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
    assert tried > 3
    await desk.opens(f"{DESK}/case/{case.reference}")
    assert "<script>alert" not in desk.page.text
    emitted = "".join(capfd.readouterr()) + caplog.text
    assert "xylophone" not in emitted
    assert "quokka" not in emitted


async def test_every_page_carries_the_strict_policy_and_is_kept_by_nobody(site: Site):
    """Signed in or not: no script or style inside a page, no frame, no copy in a cache, no address handed on."""
    case = await a_case(site)
    for desk in (await at_the_desk(site), AtTheDesk(site.browser().client)):
        for path in PAGES:
            answer = await desk.opens(filled(path, case.reference))
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.text)


async def test_a_page_that_breaks_says_so_with_a_code_and_nothing_of_what_was_written(site: Site, capfd, monkeypatch):
    """Whoever sits at the desk is given a code that stands in the log, beside the place and without the words."""
    logs.setup("json", "debug")

    async def breaks(*_: object) -> None:
        raise ValueError("xylophone")

    desk = await at_the_desk(site)
    monkeypatch.setattr("storage.store.cases.Seen.listed", breaks)
    answer = await desk.opens(DESK)
    assert answer.status_code == 500
    code = re.search(r"E-\w{5}", desk.shows)[0]
    emitted = "".join(capfd.readouterr())
    assert code in emitted
    assert "xylophone" not in emitted + answer.text
    assert "content-security-policy" in answer.headers
