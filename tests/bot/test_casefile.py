"""The record of a case as a document: complete, in the order an inspector asks for, and safe whatever people wrote in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from bot import schools
from bot.casefile import FORMS, Document, Form, Maker, document, referral
from bot.casefile.forms import html, markdown
from bot.summaries import role_words
from flows.cases.acts import Doing
from flows.cases.case import Case, Ending, Said, Severity, Status
from flows.cases.chronology import Happened, History, RoleChange
from flows.cases.routing import UNNAMED_ADULT

SCHOOL = schools.load("rosebrook")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = {"ann": "A. Lead", "bob": "B. Deputy"}
CHANGES = (RoleChange(1, "ann", ("dsl",), held=True), RoleChange(2, "bob", ("deputy_dsl",), held=True))
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)


def history(words: str = "They post about her every evening.", reason: str = "The family was met.") -> History:
    """A case from the report to its end, with everything in it that a record has."""
    case = Case(
        "c1",
        "SP-7K2M4",
        "bullying_of_pupil",
        Severity.MEDIUM,
        NOW,
        Status.CLOSED,
        "ann",
        rungs=(("dsl",), ("headteacher",)),
        said=(Said("What happened?", words), Said("What they added", words, at=NOW + timedelta(hours=2))),
        acknowledged_at=NOW + timedelta(hours=1),
        closed_at=NOW + timedelta(days=3),
        ending=Ending.DEALT_WITH,
        recorded_as="4711",
    )
    did = [
        (0, Doing.OPENED, None, {"matter": "bullying_of_pupil", "severity": "medium"}),
        (0, Doing.TOLD, "ann", {}),
        (1, Doing.VIEWED, "bob", {}),
        (1, Doing.ACKNOWLEDGED, "ann", {}),
        (2, Doing.ADDED, None, {}),
        (3, Doing.NOTE, "ann", {"note": "n1", "text": words}),
        (4, Doing.URGENCY, "ann", {"before": "medium", "severity": "high", "reason": reason}),
        (5, Doing.DISCLOSED, "ann", {"what": "the referral sheet", "to": "children's social care", "form": "html"}),
        (72, Doing.CLOSED, "ann", {"ending": "dealt_with", "reason": reason}),
    ]
    happened = (Happened(10 + n, NOW + timedelta(hours=hour), act, who, what) for n, (hour, act, who, what) in enumerate(did))
    return History(case, tuple(happened), CHANGES)


def made(kept: History | None = None, make=document, reader: str = "ann") -> Document:
    """A document as the lead would get it."""
    return make(kept or history(), SCHOOL, NAMES, Maker(reader, "A. Lead, the lead"), NOW)


def test_it_has_what_keeping_children_safe_asks_for_in_that_order():
    """Summary, how it was followed up, actions and decisions with reasons, outcome; then everything in order."""
    titles = [section.title for section in made().sections]
    assert titles == [
        "Summary",
        "The report, as asked and as answered",
        "How it was followed up",
        "Actions and decisions, with reasons",
        "Outcome",
        "Chronology",
        "Who has read it",
        "Who was given what of it, and when",
    ]
    written = markdown(made())
    for part in (
        "SP",
        "Dealt with by the school",
        "Reason: The family was met",
        "23 Nov 2026 09:00",
        "4711",
        "B. Deputy",
        "social care",
    ):
        assert part in written, part


@pytest.mark.parametrize("make", [document, referral])
def test_the_record_of_a_drill_says_that_it_is_one(make):
    """A page that lies about in the printer must not be taken for a report; and a real one not for a drill."""
    kept = history()
    drilled = replace(kept, case=replace(kept.case, drill=True))
    assert made(drilled, make).title.startswith("DRILL: ")
    assert "<h1>DRILL: " in html(made(drilled, make))
    assert "DRILL" not in html(made(kept, make))


def test_the_chronology_holds_every_act_but_the_looks():
    """Each with its time, the role held by then, and the words; who only read it stands in a list of its own."""
    sections = {section.title: section for section in made().sections}
    chronology = sections["Chronology"].rows
    assert [row.what for row in chronology] == [
        "Sent the report",
        "Was told of the report",
        "Acknowledged it",
        "Added to the report",
        "Noted",
        "Changed how urgent it is",
        "Gave the record, or part of it, to somebody outside",
        "Closed it",
    ]
    assert chronology[0].who == "the person who sent the report"
    assert chronology[2].who.startswith("A. Lead, the safeguarding lead")
    assert chronology[5].words == (("Before", "medium"), ("Urgency", "high"), ("Reason", "The family was met."))
    assert chronology[7].words[0] == ("Outcome", "Dealt with by the school")
    assert ("Reason", "The family was met.") in sections["Outcome"].facts
    assert [row.who.split(",")[0] for row in sections["Who has read it"].rows] == ["B. Deputy"]


def test_whoever_holds_no_role_for_reports_stands_there_as_a_member_of_staff():
    """The name of an adult whom a report did not name is for that adult, and for nobody else who works there."""
    assert role_words(SCHOOL, ("staff", "dsl")) == "a member of staff and the safeguarding lead (DSL)"
    assert role_words(SCHOOL, (UNNAMED_ADULT,)) == "the adult you did not name"


def test_whom_it_concerns_is_told_to_whoever_holds_it_and_to_nobody_else():
    """Others see that somebody lost sight of it, and when."""
    kept = history()
    said = Happened(30, NOW + timedelta(hours=4), Doing.CONCERNS, "ann", {"people": ["bob"]})
    kept = replace(kept, happened=(*kept.happened, said))
    assert "Whom: B. Deputy" in markdown(made(kept))
    for reader in ("bob", "carol"):
        written = markdown(made(kept, reader=reader))
        assert "they have no sight of it" in written
        assert "Whom" not in written


def test_a_referral_tells_the_worry_and_not_the_schools_comings_and_goings():
    """What was said and done, and who else was given what; not who read it, nor each step of the ladder."""
    titles = [section.title for section in made(make=referral).sections]
    assert titles == [
        "What is referred",
        "The report, as asked and as answered",
        "What the school has done",
        "Who was given what of it, and when",
    ]
    assert "Was told of the report" not in markdown(made(make=referral))


def test_a_stub_says_that_its_words_are_gone():
    """Nothing is made up for what was destroyed, and nothing is hidden."""
    kept = history()
    case = replace(kept.case, said=(), purged_at=NOW)
    gone = History(case, tuple(replace(one, details=None) for one in kept.happened), CHANGES)
    written = markdown(made(gone))
    assert "no longer kept" in written
    assert "Words destroyed" in written
    assert "every evening" not in written


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("make", [document, referral])
def test_every_form_holds_the_same_words(form: Form, make):
    """What stands in one stands in all."""
    written = FORMS[form](made(make=make)).replace("\\", "")
    for words in ("They post about her every evening.", "The family was met.", "children", "SP-7K2M4"):
        assert words in written, words


def test_json_is_read_back_as_it_was_written():
    """Another system gets sections with facts and rows, and moments with their time zone."""
    read = json.loads(FORMS[Form.JSON](made()))
    assert read["reference"] == "SP-7K2M4"
    rows = next(section["rows"] for section in read["sections"] if section["title"] == "Chronology")
    assert datetime.fromisoformat(rows[0]["at"]) == NOW


@given(TEXT, TEXT)
def test_html_takes_nothing_that_was_written_for_more_than_text(words: str, reason: str):
    """Whatever is in it: no element, no attribute and no script comes from what people wrote."""
    page = HTMLParser(html(made(history(f"<script>{words}</script>", f'"><img src=x onerror={reason}>'))))
    plain = HTMLParser(html(made()))
    assert sorted(node.tag for node in page.css("*")) == sorted(node.tag for node in plain.css("*"))
    assert not page.css("script, img, a, link, iframe")


def test_the_page_loads_nothing_and_prints():
    """No address in it, a policy that forbids any, and rules for paper."""
    page = html(made())
    assert not re.search(r"(?:https?:)?//[a-z]", page)
    assert "default-src 'none'" in page
    assert "@media print" in page
    assert "@page" in page


@given(TEXT)
def test_markdown_takes_nothing_that_was_written_for_more_than_text(words: str):
    """No heading, link, picture, code or HTML comes out of it, also where the words have several lines."""
    tricky = f"{words}\n# A heading\n[a link](http://example.org) ![p](x) <b>bold</b> `code`\n\n- {words}"
    ours = [token.type for token in MarkdownIt("commonmark").parse(markdown(made(history(tricky, tricky))))]
    theirs = [token.type for token in MarkdownIt("commonmark").parse(markdown(made(history("words", "words"))))]
    assert ours == theirs
    rendered = HTMLParser(MarkdownIt("commonmark").render(markdown(made(history(tricky, tricky)))))
    assert not rendered.css("a, img, code, b, h3")
    assert len(rendered.css("h1")) == 1


def test_nothing_of_a_document_shows_in_a_repr():
    """It may be in hand when something fails."""
    shown = repr(made())
    assert "every evening" not in shown
    assert "A. Lead" not in shown
