"""`signpost show`: what a safeguarding lead reads and signs off is what the reports do, to the last combination of answers."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import schools, wording
from bot.commands._show import outcomes, page
from bot.commands._show.sheet import sheet
from bot.commands._show.tree import ANYTHING, Way, answers, leads
from bot.commands._show.words import boxes, condition, only_after
from bot.config.names import school_names
from bot.summaries import role_words
from flows import catalogue
from flows.cases.routing import CHAIR, HEADTEACHER, rungs
from flows.flow import Flow, ask, questions
from flows.matters import matter
from flows.question import NOT_ASKED, Choice, Question, asked_here
from flows.setting import Reading, Setting
from tests.terminal import done, signpost

EVERY = catalogue.names()
SCHOOLS = tuple(schools.load(name) for name in school_names())
ANYWHERE = Setting(workspace=True, readings={"code_of_conduct": Reading("", "3")})
TODAY = date(2026, 3, 27)


def asked_of(name: str) -> tuple[Question, ...]:
    """Every question of the report called NAME."""
    return asked_here(questions(catalogue.flow(name)), ANYWHERE)


@st.composite
def filled_in(draw: st.DrawFn, name: str) -> tuple[dict[str, object], Flow]:
    """A report called NAME as anybody might fill it in, any number of boxes ticked: the answers, and the report itself."""
    said: dict[str, object] = {}
    for question in asked_of(name):
        if not question.comes_up({key: sorted(one) if isinstance(one, frozenset) else one for key, one in said.items()}):
            continue
        choices = answers(question)
        on = sorted(box for one in choices if isinstance(one, frozenset) for box in one)
        several = st.sets(st.sampled_from(on), min_size=1).map(frozenset) if on else st.nothing()
        said[question.name] = draw(st.sampled_from([one for one in choices if not isinstance(one, frozenset)] or [None]) | several)
        if said[question.name] is None and not question.optional:
            said[question.name] = draw(several)
    flow = catalogue.flow(name)
    unasked = {question.name: NOT_ASKED for question in asked_of(name) if question.name not in said}
    return said, flow.model_construct(**said, **unasked)


def goes(way: Way, said: Mapping[str, object], asked: Mapping[str, Question]) -> bool:
    """Whether the answers SAID are what WAY tells its reader."""
    for name, values in way.items():
        if asked[name].kind == "ticks" and name in said:
            if not boxes(asked[name], values).holds(said[name]):
                return False
        elif said.get(name, NOT_ASKED) not in values:
            return False
    return True


def holding(found: Mapping[object, tuple[Way, ...]], said: Mapping[str, object], name: str) -> set[object]:
    """Which of what was FOUND has a condition that holds for the answers SAID."""
    by_name = {question.name: question for question in asked_of(name)}
    return {result for result, ways in found.items() if any(goes(way, said, by_name) for way in ways)}


# --- what is printed is true ---


@pytest.mark.parametrize("name", EVERY)
@given(data=st.data())
def test_the_conditions_say_where_every_report_goes(name: str, data: st.DataObject):
    """Whatever was answered, the one matter whose conditions hold is what the report is about; and so with what goes besides."""
    said, report = data.draw(filled_in(name))
    assert holding(outcomes.matters(name), said, name) == {report.matter()}
    assert holding(outcomes.besides(name), said, name) == {(part.matter, part.shows) for part in report.also()}


@pytest.mark.parametrize("name", EVERY)
@given(data=st.data())
def test_the_conditions_say_how_soon_and_what_is_said_then(name: str, data: st.DataObject):
    """The most urgent pace whose conditions hold is the report's, its matter's own where none does; advice is said when it says."""
    said, report = data.draw(filled_in(name))
    usual = matter(report.matter()).severity
    paces = {(to, sooner): ways for to, sooner, ways in outcomes.paces(name)}
    there = holding(paces, said, name)
    faster = [to for to, sooner in there if sooner and outcomes.speed(to) < outcomes.speed(usual)]
    slower = [to for to, sooner in there if not sooner]
    assert report.severity() is min(faster or slower or [usual], key=outcomes.speed)
    assert holding(outcomes.advice(name), said, name) == set(report.advice())


@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.name)
@pytest.mark.parametrize("name", EVERY)
def test_who_is_told_is_who_would_be(name: str, school: schools.School):
    """Every matter at every school is shown with the school's own roles, and with the chair where it is about the headteacher."""
    shown = sheet(name, [school])
    for name_of, end in zip(outcomes.matters(name), shown.ends, strict=False):
        (told,) = end.told
        never = outcomes.always_about(name)[name_of]
        ladder = rungs(school.routes[name_of], never)
        # What is always about the chair leaves nobody at the school: that is what the sheet has to say.
        assert [told.first, *told.then] == ([role_words(school, rung) for rung in ladder] or [wording.NOBODY_SEES])
        assert told.label == school.routes[name_of].label
        rest = tuple(left for rung in ladder if (left := tuple(role for role in rung if role != HEADTEACHER)))
        # Where the chair is all that is left without the headteacher, that the headteacher is left out says it.
        if HEADTEACHER not in never and ladder and rest != ((CHAIR,),):
            assert [whom for about, whom in told.about if "an adult nobody named" in about] == [role_words(school, (CHAIR,))]


def test_a_report_that_always_goes_round_the_headteacher_says_so():
    """Whoever chooses the chair in "Just tell us" reads who that is; the headteacher is nowhere on that way."""
    (end,) = [end for end in sheet("tell_us", SCHOOLS).ends if end.title == "A concern about the headteacher"]
    assert end.when == ("question 2 (Who should know?) is “The chair of governors”",)
    for told in end.told:
        assert "headteacher" not in " ".join((told.first, *told.then, *(f"{about} {whom}" for about, whom in told.about)))


# --- in words ---

ASKED = {
    "who": Question("who", "Who?", choices=tuple(Choice(one.upper(), one) for one in "abcdef"), kind="choice"),
    "sure": Question("sure", "Are you sure of all that you have written down here so far?", kind="yes_no",
                     choices=(Choice("Yes", "yes"), Choice("No", "no"))),
    "boxes": Question("boxes", "Tick all.", kind="ticks", optional=True,
                      choices=tuple(Choice(one.upper(), one) for one in "abcd")),
    "words": Question("words", "Words?", optional=True),
}  # fmt: skip
NUMBER = {name: number for number, name in enumerate(ASKED, 1)}


def ticked(*sets: str) -> frozenset[frozenset[str]]:
    """Each of SETS as the boxes with those letters."""
    return frozenset(frozenset(one) for one in sets)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ({}, "always"),
        ({"who": frozenset("a")}, "question 1 (Who?) is “A”"),
        ({"who": frozenset("ab")}, "question 1 (Who?) is “A” or “B”"),
        ({"who": frozenset("abcde")}, "question 1 (Who?) is anything but “F”"),
        ({"sure": frozenset({True})}, "question 2 (Are you sure of all that you have written down…) is “Yes”"),
        ({"words": frozenset({ANYTHING})}, "question 4 (Words?) is answered"),
        ({"words": frozenset({None})}, "question 4 (Words?) is left out"),
        ({"words": frozenset({NOT_ASKED})}, "question 4 (Words?) does not come up"),
        ({"who": frozenset("a"), "words": frozenset({ANYTHING})}, "question 1 (Who?) is “A”, and question 4 (Words?) is answered"),
        ({"boxes": ticked("a", "ab", "ac", "ad")}, "question 3 (Tick all.) has “A” ticked"),
        ({"boxes": ticked("a", "ab", "ac")}, "question 3 (Tick all.) has “A” ticked, and none of “D”"),
        ({"boxes": ticked("a") | {None}}, "question 3 (Tick all.) has nothing but “A” ticked or left out"),
        ({"boxes": ticked("a", "b", "c", "ab", "ac", "bc") | {None}}, "question 3 (Tick all.) has none of “D” ticked"),
        ({"boxes": ticked("a", "b", "c", "ab", "ac", "bc")}, "question 3 (Tick all.) has boxes ticked, but none of “D”"),
        ({"boxes": ticked("ab")}, "question 3 (Tick all.) has “A” and “B” ticked"),
        ({"boxes": ticked("a", "b", "c", "d", "ab", "ac", "ad", "bc", "bd", "cd")}, "question 3 (Tick all.) has any box ticked"),
        ({"boxes": frozenset({None})}, "question 3 (Tick all.) is left out"),
    ],
)  # fmt: skip
def test_a_condition_reads_like_a_sentence(way: Way, words: str):
    """With the number of the question, as much of it as is needed to know it, and the very words on the buttons."""
    assert condition(way, NUMBER, ASKED) == words


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        ((), ""),
        (({"who": "a"},), "only after “A” to question 1"),
        (({"who": ("a", "b")},), "only after “A” or “B” to question 1"),
        (({"sure": True},), "only after “Yes” to question 2"),
        (({"who": "a", "sure": True},), "only after “A” to question 1 and “Yes” to question 2"),
        (({"who": "a"}, {"sure": False}), "only after “A” to question 1, or after “No” to question 2"),
        (({"who": "a"}, {"boxes": "a"}), "only after “A” to question 1 or 3"),
    ],
)
def test_when_a_question_comes_up_is_said_with_the_answers_it_waits_for(ways, words: str):
    """The same answer to several questions is said once."""
    assert only_after(Question("more", "More?", when=ways), NUMBER, ASKED) == words


# --- the command ---


def test_without_a_name_the_reports_are_listed_with_the_schools_that_offer_them(place):
    """One line a report; nothing has to be set up, and nothing is."""
    told = done("show")
    for name in EVERY:
        assert name in told
    assert re.search(r"code_of_conduct .* edith-cavell *$", told, re.MULTILINE)
    assert re.search(r"friend_request .* every school *$", told, re.MULTILINE)
    assert list(place.iterdir()) == []


def test_a_report_is_read_as_it_will_be_asked(place):
    """Number, words, buttons, why, help, what it waits for, what ends it, what locks it, and who is told by which rule."""
    told = done("show", "friend_request", "--school", "trent")
    assert "1. Is anyone in danger right now?" in told
    for said in (
        "why: If somebody is, help comes first and this report can wait.",
        "only after “Yes” to question 4",
        "may be skipped",
        "5. I am under 18  → ends here: Thank you for writing.",
        "6. A sexual picture, maybe  → nothing more is asked, and it is sent at once",
        "decides who must not be told",
        "without an answer within ten minutes it counts as “Chair of governors”",
        "→ Trent CE Primary School: the ",
        "our default: the policy names nobody",
        "about the headteacher, or an adult nobody named: ",
    ):
        assert said in told


def test_a_school_reads_its_own_words(place):
    """The passage that staff sign stands there whole, with the version it is from, and a school without it says so."""
    told = done("show", "code_of_conduct", "--school", "edith-cavell")
    school = next(school for school in SCHOOLS if school.name == "edith-cavell")
    assert school.readings["code_of_conduct"].version in told
    assert school.readings["code_of_conduct"].text.splitlines()[0][:60] in told
    assert "offered by no school here; not by" in done("show", "code_of_conduct", "--school", "mosaic")


def test_for_one_audience_the_rest_is_left_out(place):
    """A parent is never asked which device it was, and no way leads a parent to what only staff report."""
    staff, parent = (done("show", "friend_request", "--school", "rosebrook", "--audience", one) for one in ("staff", "parent"))
    assert "A pupil tried to connect with a member of staff online" in staff
    assert "An adult from the school was in touch with a parent or carer online" not in staff
    assert "An adult from the school was in touch with a parent or carer online" in parent
    assert "Do you know them in another way?" not in parent
    assert "Parent or carer" in parent
    assert "I work at the school" not in parent


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        (["friend"], "Known: adult_concern,"),
        (["friend_request", "--school", "hill"], "Choose one with --school: congerstone,"),
        (["--html", "all.html"], "Add --all for every one of them"),
        (["friend_request", "--html", "there.html"], "add --force to write over it"),
        (["friend_request", "--html", "nowhere/all.html"], "There is no folder nowhere"),
    ],
)
def test_what_cannot_be_done_says_what_can(place, line: list[str], remedy: str):
    """And a page that is there is not written over unasked."""
    (place / "there.html").write_text("mine")
    answer = signpost("show", *line)
    assert answer.code == 2
    assert remedy in answer.err
    assert (place / "there.html").read_text() == "mine"
    assert done("show", "tell_us", "--html", "there.html", "--force") == "1 report of 5 schools is in there.html.\n"
    assert (place / "there.html").read_text().startswith("<!doctype html>")


def test_the_command_explains_itself(place):
    """With examples that work."""
    told = done("show", "--help")
    examples = re.findall(r"^ *signpost (show.*)$", told, re.MULTILINE)
    assert len(examples) == 3
    for line in examples:
        assert done(*line.split())


# --- the page ---


class Read(HTMLParser):
    """What stands on a page: its tags with their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every TAG."""
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def whole() -> str:
    """The page with every report and every school."""
    return page.render([sheet(name, SCHOOLS) for name in EVERY], SCHOOLS, TODAY)


def test_the_page_needs_nothing_else(whole: str):
    """No script, no picture, no font, no address that is not on the page itself: it can be kept, sent and printed."""
    read = Read(whole)
    assert not read.all("script")
    assert not read.all("img")
    assert not read.all("link")
    assert all((attributes["href"] or "").startswith("#") for attributes in read.all("a"))
    assert not re.search(r"url\(|@import|https?://|src=", whole)


def test_every_link_leads_somewhere(whole: str):
    """Each name is given once, and whatever is linked is there."""
    read = Read(whole)
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["href"] for attributes in read.all("a")} <= {f"#{one}" for one in ids}


def test_the_page_can_be_heard_as_well_as_seen(whole: str):
    """A language, one title, headings without a gap, named tables and landmarks, a way past the contents."""
    read = Read(whole)
    assert read.all("html") == [{"lang": "en-GB"}]
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(deeper - before <= 1 for before, deeper in pairwise(levels))
    assert len(read.all("caption")) == len(read.all("table")) > 0
    assert all("scope" in attributes for attributes in read.all("th"))
    assert {tag for tag, _ in read.tags} >= {"header", "nav", "main", "article"}
    assert read.all("a")[0] == {"class": "skip", "href": "#reports"}


def test_everything_that_is_asked_stands_on_the_page(whole: str):
    """Every report has every question, every button, every why, every school, and a box to sign."""
    words = " ".join(Read(whole).words.split())
    for name in EVERY:
        flow = catalogue.flow(name)
        assert flow.title in words
        for question in asked_of(name):
            text = question.text.split("{", maxsplit=1)[0].split("(3)", maxsplit=1)[0]
            assert " ".join(text.split()) in words
            assert question.why in words
            for choice in () if question.kind == "role" else question.choices:
                assert choice.label[1:] in words
    assert whole.count('class="sign"') == len(EVERY)
    for school in SCHOOLS:
        assert school.title in words
    for label in ("Policy", "Our default", "General practice", "27 March 2026"):
        assert label in words


def test_what_a_school_writes_cannot_become_part_of_the_page():
    """A title with marks of its own is shown as it was written."""
    school = next(school for school in SCHOOLS if school.name == "rosebrook")
    odd = replace(school, title="<b onmouseover=x>Hill & Dale</b>")
    html = page.render([sheet("friend_request", [odd])], [odd], TODAY)
    assert "&lt;b onmouseover=x&gt;Hill &amp; Dale&lt;/b&gt;" in html
    assert "<b onmouseover" not in html


@pytest.mark.parametrize("start", [":root {", "prefers-color-scheme: dark"])
def test_every_pair_of_colours_can_be_read(start: str):
    """4.5 to 1 or better for every ink on every ground it stands on, in light and in dark."""
    look = (Path(page.__file__).parent / "page.css").read_text(encoding="utf-8").split(start, 1)[1].split("}", 1)[0]
    colour = dict(re.findall(r"--(\w+): (#[0-9a-f]+)", look))
    everywhere = ("ink", "soft", "brand", "danger")
    grounds = {"paper": everywhere, "card": everywhere, "policy": everywhere, "default": ("ink",), "outside": ("ink",)}
    for ground, inks in grounds.items():
        for ink in inks:
            assert contrast(colour[ink], colour[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    """How well ONE is read on OTHER, as accessibility rules count it."""
    light, dark = sorted((_light(one), _light(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- the page that tells how to add one ---

ADDING = (Path(__file__).parents[2] / "docs" / "flows.md").read_text(encoding="utf-8")


def test_the_report_on_the_page_works_as_it_stands(tmp_path):
    """Saved as one file it loads, is shown, and goes where the page says; what it names is there."""
    (block,) = re.findall(r"```python\n(.*?)```", ADDING, re.DOTALL)
    (tmp_path / "lost_device.py").write_text(block, encoding="utf-8")
    flow = catalogue.find(tmp_path)["lost_device"]
    assert [question.name for question in questions(flow)][:5] == ["danger", "you", "safe", "adult_part", "workspace"]
    found = leads(flow, questions(flow), lambda report: (report.matter(), report.advice()))
    assert {about for about, _ in found} == {"tell_the_headteacher", "data_breach"}
    assert all(matter(about) for about, _ in found)


def test_the_commands_on_the_page_run(place):
    """As they are written."""
    for line in re.findall(r"^\.venv/bin/signpost (.*)$", ADDING, re.MULTILINE):
        assert done(*line.split())


def test_everything_the_page_names_is_there():
    """Files, parameters of a question, and what a report may say."""
    root = Path(__file__).parents[2]
    for named in re.findall(r"`((?:bot|flows|tests|docs)/[\w./]+)`", ADDING):
        assert (root / named).exists(), named
    parameters = set(inspect.signature(ask).parameters)
    assert set(re.findall(r"`(\w+)=(?:True)?`", ADDING)) <= parameters
    assert all(callable(getattr(Flow, said)) for said in re.findall(r"^- `(\w+)\(\)`:", ADDING, re.MULTILINE))
