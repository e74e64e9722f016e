"""The sheet and the letter for parents: what stands on them comes from the school's file, and nothing that is not sure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
import segno

from bot import schools
from bot.config.names import school_names
from bot.poster import html, made
from bot.schools import Contact, School
from bot.ways_in import TELEGRAM, WEB, Way, picture
from tests.terminal import done, signpost

TODAY = date(2026, 11, 23)
PAGE = Way(WEB, "Web page", "https://ask.school.example/chat/rosebrook")
BOT = Way(TELEGRAM, "Telegram", "https://t.me/RosebrookSignpostBot")


def words(page: str) -> str:
    """What a person reads on PAGE."""
    text = re.sub(r"<(style|svg|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("’", "'").split())


def printed(school: School, *ways: Way, today: date = TODAY) -> str:
    """What is read on the sheet and the letter of SCHOOL."""
    return words(html(made(school, ways or (PAGE,), today)))


@pytest.fixture
def rosebrook() -> School:
    """Rosebrook as we ship it: no dates, no numbers of its own."""
    return schools.load("rosebrook")


@pytest.mark.parametrize("name", school_names())
def test_who_reads_a_report_is_said_by_role_and_as_the_routes_say(name: str) -> None:
    """For each kind of report those of the first rung; what is about the headteacher is read by somebody else."""
    school = schools.load(name)
    readers = {one.what: one for one in made(school, (PAGE,), TODAY).readers}
    for role in school.routes["bullying_of_pupil"].to:
        assert school.roles[role] in readers["A child is bullied online"].first
    about_the_head = readers["Anything about the headteacher"]
    assert school.roles["chair"] in about_the_head.first
    assert school.roles["headteacher"] not in about_the_head.first + about_the_head.then


def test_the_two_numbers_that_everybody_knows_are_always_there_and_no_other_unless_it_was_checked(rosebrook: School) -> None:
    """999 and Childline; the rest only within ninety days of the day somebody compared it, and none that refuses parents."""
    text = printed(rosebrook)
    assert "999 A child is in danger now" in text
    assert "0800 1111 Childline" in text
    assert "NSPCC" not in text
    checked = replace(rosebrook, services=tuple(replace(one, verified_on=date(2026, 11, 1)) for one in rosebrook.services))
    assert "NSPCC Helpline 0808 800 5000" in printed(checked)
    assert "Professionals" not in printed(checked)
    assert "NSPCC" not in printed(checked, today=date(2027, 3, 1))


def test_the_office_is_named_only_with_a_number_that_was_checked(rosebrook: School) -> None:
    """A parent who hears nothing must not ring a wrong number."""
    stale = Contact("office", "01234 567890", date(2026, 1, 1))
    assert "01234" not in printed(replace(rosebrook, contacts={**rosebrook.contacts, "office": stale}))
    fresh = replace(stale, verified_on=date(2026, 11, 1))
    assert "ring the school office: 01234 567890" in printed(replace(rosebrook, contacts={**rosebrook.contacts, "office": fresh}))


def test_hours_and_terms_are_the_schools_own(rosebrook: School) -> None:
    """Terms that are over are not printed; where none are known, none are."""
    terms = ((date(2026, 4, 1), date(2026, 7, 20)), (date(2026, 9, 1), date(2026, 12, 18)))
    text = printed(replace(rosebrook, calendar=replace(rosebrook.calendar, terms=terms)))
    assert "On school days between 08:30 and 15:30" in text
    assert "in term: 1 September 2026 to 18 December 2026." in text
    assert "July" not in text
    assert "in term" not in printed(rosebrook)


def test_what_telegram_can_read_is_said_where_it_is_a_way_in(rosebrook: School) -> None:
    """And nowhere else."""
    assert "Telegram" not in printed(rosebrook)
    assert "messages pass through that company, which could read them" in printed(rosebrook, PAGE, BOT)


def test_what_it_is_not_is_said(rosebrook: School) -> None:
    """No emergency service, not for children, no pictures, no secrets."""
    text = printed(rosebrook)
    for said in ("no emergency service", "for adults", "takes no pictures", "cannot promise to keep a secret"):
        assert said in text


class Loads(HTMLParser):
    """Collects whatever a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {key}" for key, _ in attrs if key in {"src", "srcset", "data", "onload", "onclick"}]
        self.found += [tag] if tag in {"script", "link", "iframe", "img", "object"} else []


def test_the_file_stands_alone(rosebrook: School) -> None:
    """No script, nothing from outside; whatever stands in the school's file stays text."""
    page = html(made(replace(rosebrook, title="<script>alert(1)</script>"), (PAGE, BOT), TODAY))
    loads = Loads()
    loads.feed(page)
    assert loads.found == []
    assert "url(" not in page
    assert "@import" not in page
    assert "&lt;script&gt;" in page


def test_a_quarter_of_the_code_may_be_smudged() -> None:
    """It is as large as the link needs at the second-best level of correction, with the white edge that cameras look for."""
    code = segno.make(PAGE.link, error="q", micro=False)
    assert code.error == "Q"
    width = code.symbol_size(border=4)[0]
    assert f'viewBox="0 0 {width} {width}"' in picture(PAGE.link)


def test_the_command_writes_it_and_says_what_is_missing(site) -> None:
    """A page, two of A4; what could not be printed is named with the file and key that lacks."""
    refused = signpost("poster")
    assert refused.code == 2
    assert "web.base_url" in refused.err
    toml = site / "signpost.toml"
    toml.write_text(re.sub(r"# ?base_url = .*", 'base_url = "https://ask.school.example"', toml.read_text(encoding="utf-8")))
    told = done("poster", "--out", "poster.html")
    assert "two pages of A4" in told
    assert "calendar.terms" in told
    assert "contacts.office" in told
    assert "ask.school.example/chat/rosebrook" in (site / "poster.html").read_text(encoding="utf-8")
    assert signpost("poster", "--out", "poster.html").code == 2
    assert "poster.html: a sheet" in done("poster", "--out", "poster.html", "--force")
