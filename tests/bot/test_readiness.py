"""What a school still lacks: found before anything starts, and again, more strictly, before it goes live."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import wording, wording_sent
from bot.messages import Reply
from bot.readiness import lint
from bot.schools import CONTACTS, SHIPPED, load
from flows.matters import MATTERS
from knowledge import services

TODAY = date(2026, 11, 21)
SCHOOLS = sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir())
# What everybody knows, and may be told at any hour without anybody having checked it.
KNOWN_BY_ALL = {"999", "0800 1111"}
NUMBER = re.compile(r"(?<![\d-])(?:999|0\d{2,4} \d{3,4}(?: \d{3,4})?|0\d{9,10})(?![\d-])")


def found(folder: Path, *, live: bool, level: str) -> set[str]:
    """The keys that lint finds at LEVEL."""
    return {finding.key for finding in lint(load("hill", folder), TODAY, live=live) if finding.level == level}


def test_what_a_school_must_fill_in_stops_it_only_when_it_goes_live(own):
    """In a rehearsal the same findings are warnings."""
    folder = own("[calendar]", "[calendar]")
    to_fill_in = {"calendar.terms", *(f"contacts.{key}.value" for key in CONTACTS)}
    assert to_fill_in <= found(folder, live=True, level="error")
    assert found(folder, live=False, level="error") == set()
    assert to_fill_in <= found(folder, live=False, level="warning")


@pytest.mark.parametrize(
    ("day", "good"), [("2026-11-21", True), ("2026-08-23", True), ("2026-08-22", False), ("2027-01-01", False)]
)
def test_a_contact_is_believed_for_ninety_days(own, day, good):
    """After that somebody has to try it again; a day that has not come yet is a slip."""
    folder = own('[contacts.office]\nvalue = ""', f'[contacts.office]\nvalue = "01234 567890"\nverified_on = {day}')
    to_check = {key for key in found(folder, live=True, level="error") if key.startswith("contacts.office")}
    assert (not to_check) is good


def test_a_reference_that_leads_nowhere_is_an_error(own):
    """In a rehearsal too: whoever gets the report would look for a rule that is not there."""
    folder = own('ref = ["6.2", "8", "3"]', 'ref = ["6.2", "88"]')
    assert "routes.contact_pupil_to_staff.ref" in found(folder, live=False, level="error")


@pytest.mark.parametrize("name", sorted(MATTERS))
def test_a_matter_without_a_route_is_an_error(name):
    """Nothing that can be reported may end with nobody; the event is named, so that its row in the policy is found."""
    whole = load("rosebrook")
    school = replace(whole, routes={other: route for other, route in whole.routes.items() if other != name})
    (missing,) = [one for one in lint(school, TODAY, live=False) if one.level == "error"]
    assert (Path(missing.file).name, missing.key) == ("school.toml", f"routes.{name}")
    assert missing.text.startswith(f"{MATTERS[name].event}: nobody" if MATTERS[name].event else "nobody")
    assert missing.text.endswith("Add the route.")


def test_a_flow_that_does_not_exist_is_an_error(own):
    """A school cannot offer what is not there."""
    folder = own('flows = ["friend_request"', 'flows = ["friend_requests"')
    assert "flows" in found(folder, live=False, level="error")


def test_a_report_that_shows_a_passage_needs_one(own):
    """A school that offers the code to be signed has to say where it stands: the file, the key, and what to write."""
    folder = own("flows = [", 'flows = ["code_of_conduct", ')
    (missing,) = [one for one in lint(load("hill", folder), TODAY, live=False) if one.level == "error"]
    assert (Path(missing.file).name, missing.key) == ("school.toml", "readings.code_of_conduct")
    assert 'Write refs = ["…"] under [readings.code_of_conduct]' in missing.text
    own("[calendar]", '[readings.code_of_conduct]\nrefs = ["6.2"]\n\n[calendar]')
    assert found(folder, live=False, level="error") == set()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('decides = ["headteacher", "dsl"]', 'decides = ["chair"]', "never told"),
        ("[routes.site_to_open]", '[routes.site_to_open]\ndecides = ["it"]', "Nothing is asked for"),
    ],
)
def test_only_somebody_who_is_told_can_decide_and_only_about_a_request(own, old, new, says):
    """A request that nobody can answer would wait for ever."""
    folder = own(old, new)
    (wrong,) = [one for one in lint(load("hill", folder), TODAY, live=False) if one.level == "error"]
    assert says in wrong.text


def test_an_overdue_review_and_our_own_wording_are_pointed_out(own):
    """Neither stops the school; both should be known."""
    folder = own("title", "title")
    assert {"dates.next_review", "edition"} <= found(folder, live=True, level="warning")
    own('next_review = "2024-12"', 'next_review = "2027-01"', "policy.md")
    assert "dates.next_review" not in found(folder, live=True, level="warning")
    own('next_review = "2027-01"', 'next_review = "2026-12"', "policy.md")
    assert "dates.next_review" in found(folder, live=True, level="warning")


def test_a_school_may_verify_the_services_itself(own):
    """Its own services.toml takes the place of the shipped one."""
    folder = own("title", "title")
    shipped = (SHIPPED.parent / "services.toml").read_text(encoding="utf-8")
    (folder / "hill" / "services.toml").write_text(
        shipped.replace('verified_on = ""', 'verified_on = "2026-11-01"'), encoding="utf-8"
    )
    assert not any(key.endswith(".verified_on") for key in found(folder, live=True, level="error"))


@pytest.mark.parametrize("name", SCHOOLS)
def test_what_a_shipped_school_lacks_is_what_it_fills_in_itself(name):
    """Days, contacts and the review of its own policy are the school's; everything else is in order as shipped."""
    theirs = re.compile(r"calendar\.terms|contacts\..+|.+\.verified_on|dates\.next_review|edition")
    ours = [one for one in lint(load(name), TODAY, live=True) if not theirs.fullmatch(one.key)]
    assert ours == []


def test_a_rule_that_says_whom_to_tell_wants_a_route_that_does(own):
    """Who is told in the policy's own words is told by the bot: a warning at first, an error when the school goes live."""
    folder = own(
        "- **Following the school.**", "- **Lost phones.** Tell the IT provider. {#8.z}\n- **Following the school.**", "policy.md"
    )
    assert "routes" in found(folder, live=True, level="error")
    assert found(folder, live=False, level="error") == set()
    (duty,) = [one for one in lint(load("hill", folder), TODAY, live=False) if one.key == "routes"]
    assert "8.z, “Lost phones”, says to tell IT provider, and no route" in duty.text
    own("[calendar]", '[lint]\nno_route = [{ ref = "8.z", why = "They ask at the desk." }]\n\n[calendar]')
    assert "routes" not in found(folder, live=True, level="error")


def test_a_route_to_somebody_else_does_not_do(own):
    """A route may give the right section and still tell the wrong person."""
    folder = own('[routes.site_to_block]\nto = ["it"]', '[routes.site_to_block]\nto = ["slt"]')
    own('[routes.site_to_open]\nto = ["it"]', '[routes.site_to_open]\nto = ["slt"]')
    (duty,) = [one for one in lint(load("hill", folder), TODAY, live=True) if one.key == "routes"]
    assert "10.d" in duty.text


def test_a_duty_towards_somebody_outside_wants_a_step(own):
    """The police stand on no rung, so a step has to say who calls them."""
    path = own("title", "title") / "hill" / "school.toml"
    written = path.read_text(encoding="utf-8")
    path.write_text(re.sub("police", "constable", written), encoding="utf-8")
    (duty,) = [one for one in lint(load("hill", path.parents[1]), TODAY, live=True) if one.key == "routes"]
    assert "9.e" in duty.text
    assert "the police" in duty.text


def test_an_exception_that_is_not_needed_is_pointed_out(own):
    """The list says what nobody sees to; it must not grow stale."""
    folder = own("[calendar]", '[lint]\nno_route = [{ ref = "9.b", why = "Once it was." }]\n\n[calendar]')
    assert "lint.no_route" in found(folder, live=True, level="warning")
    own('ref = "9.b", why', 'ref = "9.zz", why')
    assert "lint.no_route" in found(folder, live=False, level="error")


@pytest.mark.parametrize("role", ["headteacher", "dsl", "slt", "office"])
def test_about_the_headteacher_is_for_the_chair_alone(own, role):
    """Everybody else works for the headteacher: with any of them on the route nothing starts."""
    folder = own('[routes.about_headteacher]\nto = ["chair"]', f'[routes.about_headteacher]\nto = ["chair"]\nclimb = [["{role}"]]')
    assert "routes.about_headteacher.to" in found(folder, live=False, level="error")


def test_every_class_teacher_is_too_many(own):
    """A report goes to everybody who holds the role, and only one of them teaches the child."""
    folder = own("[routes.bullying_of_pupil]\nto = [", '[routes.bullying_of_pupil]\nto = ["class_teacher", ')
    own('dpo = "data', 'class_teacher = "class teacher"\ndpo = "data')
    assert "routes.bullying_of_pupil.to" in found(folder, live=False, level="warning")


def test_a_route_without_a_next_rung_is_pointed_out(own):
    """Somebody is ill one day. Only a concern about those at the top has nobody above."""
    folder = own('[routes.danger]\nto = ["dsl", "deputy_dsl", "headteacher"]\nclimb = [["slt"]]', '[routes.danger]\nto = ["dsl"]')
    climbs = {key for key in found(folder, live=False, level="warning") if key.endswith(".climb")}
    assert climbs == {"routes.danger.climb"}


def test_what_the_policy_is_said_to_say_needs_its_reference(own):
    """Nobody may take our fallback for the school's rule."""
    folder = own('ref = ["10"]\nthen = "The IT provider blocks it', 'then = "The IT provider blocks it')
    assert "routes.site_to_block.ref" in found(folder, live=False, level="error")


def text_of(replies: list[Reply]) -> Iterator[str]:
    """Everything of REPLIES that somebody reads."""
    for reply in replies:
        yield from (reply.title, reply.text, *(part for fact in reply.facts for part in fact))
        yield from (choice.label for choice in reply.choices)


async def test_somebody_frightened_reads_no_number_that_nobody_checked_and_no_word_about_checking(talk):
    """What is unverified stands in `signpost check`; a person in need hears 999 and Childline, and nothing to doubt."""
    lacking = {one.key.split(".")[0] for one in lint(talk.app.schools["rosebrook"], TODAY, live=True) if "verified_on" in one.key}
    assert lacking == {one.key for one in services.load()}
    parent = talk["Parent"]
    heard = [
        *await parent.says("he says he is outside her school now and will kill her"),
        *await parent.says("help"),
        *await parent.says("who can I ring? somebody sends my daughter nude pictures"),
        *await parent.says("cancel"),
        *await parent.clicks("Throw it away"),
        *await parent.says("I want to talk to a person"),
        *await parent.says("report something"),
        *await parent.clicks("Unwanted friend or follow request"),
        *await parent.says("yes"),
    ]
    ours = [words for one in (wording, wording_sent) for words in vars(one).values() if isinstance(words, str)]
    said = " ".join([*text_of(heard), *ours])
    assert "999" in said
    assert "0800 1111" in said
    assert set(NUMBER.findall(said)) == KNOWN_BY_ALL
    assert not re.search(r"verif|not checked|unchecked|out of date", said, re.IGNORECASE)
    for one in services.load():
        assert one.contact in KNOWN_BY_ALL or one.contact not in said


def test_no_number_ships_that_was_not_read_in_a_source():
    """999 and Childline apart, a number stands in services.toml with the page that gives it, and nowhere else."""
    root = SHIPPED.parents[1]
    told = [path for part in ("bot", "knowledge") for path in (root / part).rglob("*") if path.suffix in {".toml", ".md", ".html"}]
    written = {
        (path.name, number)
        for path in (*told, *(root / "flows").rglob("*.py"), root / "bot" / "wording.py")
        for number in NUMBER.findall(path.read_text(encoding="utf-8"))
        if number not in KNOWN_BY_ALL
    }
    assert written == {("services.toml", one.contact) for one in services.load() if one.read_in and NUMBER.fullmatch(one.contact)}
    assert all(one.read_in or one.contact in KNOWN_BY_ALL for one in services.load())
