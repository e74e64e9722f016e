"""The sixteen rules on conflicts of interest, each on the real bot: who is told, who never is, and what they can see."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.asking import asked
from bot.beside import Beside
from bot.handlers.report_named import asked_about
from bot.handlers.report_sent import send
from bot.messages import Address, IncomingMessage
from bot.opening import open_case
from bot.record import record
from bot.schools import SHIPPED, load
from bot.turn import Outcome, Turn
from flows.cases.case import Case, Said, Severity
from flows.cases.routing import CHAIR, HEADTEACHER, UNNAMED_ADULT, ask_two_doors, rungs
from flows.engine import Asking, Finished, Reviewing
from flows.matters import COMPLAINT, MATTERS
from tests.flows.filled import report, walked
from tests.flows.telling import clicks
from tests.talk import Talk, settings, talking

HOLD = timedelta(seconds=60)
WORDS = "zqx was seen at the window"
SCHOOLS = sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir())
# At Edith Cavell one person is headteacher, safeguarding lead and e-safety officer.
ONE_PERSON = {"Head": ("headteacher", "dsl", "eso"), "Lead": ("staff",), "Officer": ("staff",)}
EVERYBODY = {"Senior": ("slt",), "Tech": ("it",), "Office": ("office",)}

Opens = Callable[..., AbstractAsyncContextManager["Scene"]]


@dataclass
class Scene:
    """One school's bot with people in its roles, and what is asked of it in every rule."""

    talk: Talk

    def turn(self, sender: str = "Parent") -> Turn:
        """What a decision rests on when SENDER writes."""
        store, school = self.talk.app.stores[self.talk.school], self.talk.app.schools[self.talk.school]
        place = Address(self.talk.channel.name, sender)
        message = IncomingMessage(id=uuid.uuid4().hex, sender=sender, address=place, received_at=self.talk.clock.now())
        here = f"conversation of {sender}"
        return Turn(
            message=message, conversation=here, person=None, progress=None, memory={}, school=school,
            cases=store.seen_by(None), own=lambda: store.own(here), climbs=lambda case: store.climbs(here, case),
            due=lambda case: store.due(here, case, school.calendar),
            people=store.people, invites=store.invites, now=self.talk.clock.now(),
        )  # fmt: skip

    async def decided(self, outcome: Outcome) -> None:
        """OUTCOME becomes real, and what is due is sent."""
        await record(self.talk.app.stores[self.talk.school], outcome, at=self.talk.clock.now(), hold=HOLD)
        await self.talk.settled()

    async def about(self, matter: str, *roles: str, severity: Severity = Severity.HIGH, sender: str = "Parent") -> Case:
        """A report on MATTER with an adult in one of ROLES in it."""
        said = (Said("What happened?", WORDS, "happened"),)
        opened = await open_case(self.turn(sender), matter, severity, said, involved=frozenset(roles))
        await self.decided(Outcome(opened=(opened.case,), notices=opened.notices, audit=(opened.act,)))
        return opened.case

    def told(self, case: Case) -> set[str]:
        """Everybody who was pushed CASE so far."""
        cards = (one for one in self.talk.channel.sent if one.reply.title == f"Signpost: {case.reference} needs you")
        return {one.to.place for one in cards}

    async def in_the_end(self, case: Case) -> set[str]:
        """Everybody who was pushed CASE when nobody opened it for a week."""
        for _ in range(6):
            await self.talk.passes(hours=2)
        await self.talk.passes(days=7)
        return self.told(case)

    async def reads(self, name: str, case: Case) -> str:
        """All that NAME is shown when they ask for CASE in every way there is."""
        await self.talk[name].reads()
        wishes = (
            case.reference,
            "cases",
            "my cases",
            "open cases",
            "late cases",
            f"all of {case.reference}",
            f"open {case.reference}",
            f"status {case.reference}",
            f"acknowledge {case.reference}",
        )
        replies = [reply for words in wishes for reply in await self.talk[name].says(words)]
        return "\n".join(f"{one.title} {one.text} {one.facts}" for one in replies)


@pytest.fixture
def opens(tmp_path) -> Opens:
    """Starts a school's bot, with further people in roles."""

    @asynccontextmanager
    async def start(school: str = "rosebrook", cast: Mapping[str, tuple[str, ...]] = EVERYBODY) -> AsyncIterator[Scene]:
        async with talking(settings(tmp_path, school), cast=cast) as talk:
            yield Scene(talk)

    return start


async def test_rule_1_exclusion_is_by_person_and_one_person_is_told_once(opens):
    """Three roles in one person are one push; when it is about any of them, nothing of it comes by the other two."""
    async with opens("edith-cavell", ONE_PERSON) as scene:
        usual = await scene.about("disclosure")
        cards = [one for one in scene.talk.channel.sent if usual.reference in one.reply.title]
        assert [one.to.place for one in cards] == ["Head"]
        case = await scene.about("disclosure", "eso")
        assert "Head" not in await scene.in_the_end(case)
        shown = await scene.reads("Head", case)
        assert case.reference not in shown.replace(usual.reference, "")


@pytest.mark.parametrize("school", SCHOOLS)
async def test_rule_2_about_the_headteacher_goes_to_the_chair_and_to_nobody_who_works_for_them(opens, school):
    """At every school, whatever the matter, now and when it has climbed as far as it goes."""
    async with opens(school) as scene:
        for matter in ("contact_staff_to_pupil", "tell_the_lead", "disclosure", "complaint"):
            case = await scene.about(matter, HEADTEACHER)
            assert scene.told(case) == {"Chair"}
        assert await scene.in_the_end(case) == {"Chair"}
        assert WORDS not in await scene.reads("Lead", case)


@pytest.mark.parametrize("role", ["dsl", "eso", "headteacher"])
async def test_rule_3_at_edith_cavell_about_the_lead_is_about_the_headteacher(opens, role):
    """The colleague who supports the headteacher is not told either."""
    async with opens("edith-cavell", ONE_PERSON) as scene:
        case = await scene.about("staff_conduct", role)
        assert await scene.in_the_end(case) == {"Chair"}


async def test_rule_3_the_preview_says_what_the_receipt_will_say(opens):
    """Before it is sent, too, a concern about Edith Cavell's lead is shown to go to the chair and to nobody else."""
    _, step = walked("adult_concern", you="staff", adult_part="yes", adult_role="dsl", what="other", children="none")
    assert isinstance(step, Reviewing)
    async with opens("edith-cavell", ONE_PERSON) as scene:
        turn = scene.turn()
        turn = replace(turn, school=replace(turn.school, held=await turn.people.held()))
        assert "It goes to the Chair of Governors." in asked(step, turn.school).text
        finished = clicks(step, "send")
        assert isinstance(finished, Finished)
        assert "I am telling the Chair of Governors now" in (await send(turn, finished)).replies[0].text


async def test_rule_4_at_rosebrook_about_a_lead_goes_to_the_headteacher(opens):
    """About the headteacher and a lead together it goes to the chair; about senior leaders or the office to the headteacher."""
    async with opens() as scene:
        lead = await scene.about("bullying_of_pupil", "dsl")
        assert scene.told(lead) == {"Head"}
        assert not await scene.in_the_end(lead) & {"Lead", "Deputy"}
        assert scene.told(await scene.about("bullying_of_pupil", "dsl", HEADTEACHER)) == {"Chair"}
        for role, name in (("slt", "Senior"), ("dpo", "Head"), ("office", "Office")):
            case = await scene.about("abuse_on_school_account", role)
            assert "Head" in scene.told(case)
            assert name == "Head" or name not in await scene.in_the_end(case)


async def test_rule_5_at_trent_the_e_safety_team_is_no_address(opens):
    """Every teacher is in it. About the ICT Lead Teacher it goes to the headteacher, about the headteacher to the chair."""
    routes = load("trent").routes.values()
    told = {role for route in routes for rung in (route.to, route.also, *route.climb) for role in rung}
    assert not told & {"class_teacher", "eso", "oso"}
    async with opens("trent", {**EVERYBODY, "Tech": ("computing_lead",)}) as scene:
        case = await scene.about("content_met_by_staff", "computing_lead")
        assert scene.told(case) == {"Head"}
        assert await scene.in_the_end(case) == {"Head", "Chair"}


async def test_rule_6_at_congerstone_somebody_comes_after_the_headteacher_and_about_the_chair_nobody_is_told(opens):
    """Its policy knows one recipient. Away, somebody else is told; about a governor the chair is, about the chair nobody there."""
    for route in load("congerstone").routes.values():
        assert route.climb or route.to == (CHAIR,), route.matter
    async with opens("congerstone") as scene:
        assert scene.told(await scene.about("about_governor")) == {"Chair"}
        for matter in ("about_governor", "staff_conduct", "disclosure"):
            case = await scene.about(matter, CHAIR)
            assert case.rungs == ()
            assert await scene.in_the_end(case) == set()


async def test_rule_7_at_mosaic_a_class_teacher_is_not_told_and_the_designated_officer_is_a_step(opens):
    """About a class teacher: headteacher and child protection person; about that person: headteacher; about the head: the chair."""
    async with opens("mosaic") as scene:
        assert scene.told(await scene.about("contact_staff_to_pupil")) == {"Head", "Lead"}
        assert scene.told(await scene.about("contact_staff_to_pupil", "dsl")) == {"Head"}
        case = await scene.about("about_headteacher", HEADTEACHER)
        assert scene.told(case) == {"Chair"}
        assert any("designated officer" in step or "LADO" in step for step in case.steps)


async def test_rule_8_it_people_see_site_time_device_and_reference(opens):
    """Their card, page, list and search: no child, nobody's words, not who reported; what is added later does not reach them."""
    _, step = walked(
        "content", you="staff", who_met_it="pupils", where="school_device", sort={"violence"}, appeared=WORDS,
        site="badsite.example", device="room 4", block="yes", happened=WORDS, contact="zqx 07700 900000",
    )  # fmt: skip
    async with opens() as scene:
        finished = clicks(step, "send")
        assert isinstance(finished, Finished)
        outcome = await send(scene.turn(), finished)
        await scene.decided(outcome)
        (part,) = [case for case in outcome.opened if case.matter == "site_to_block"]
        (main,) = [case for case in outcome.opened if case is not part]
        assert scene.told(part) == {"Tech"}
        assert part.reporter is None
        shown = await scene.reads("Tech", part)
        assert "badsite.example" in shown
        assert "room 4" in shown
        assert "zqx" not in shown
        assert {one.name for one in part.said} <= {"site", "when", "device"}
        assert "Tech" not in await scene.in_the_end(main)
        assert main.reference not in await scene.reads("Tech", main)


@pytest.mark.parametrize("role", ["it", "office"])
async def test_rule_8_about_an_it_person_the_headteacher_alone_is_told(opens, role):
    """Whoever looks after the machines, or the paper, is no matter for the lead or for senior leaders."""
    async with opens() as scene:
        case = await scene.about("content_met_by_staff", role)
        assert scene.told(case) == {"Head"}
        assert await scene.in_the_end(case) == {"Head", "Chair"}


async def test_rule_9_an_adult_nobody_named_may_be_the_headteacher(opens):
    """Two doors are offered; unanswered it is the chair's. An emergency does not wait for the chair: all who can act are told."""
    assert ask_two_doors({UNNAMED_ADULT})
    async with opens() as scene:
        assert scene.told(await scene.about("staff_conduct", UNNAMED_ADULT)) == {"Chair"}
        urgent = await scene.about("danger", UNNAMED_ADULT, severity=Severity.IMMEDIATE)
        assert scene.told(urgent) == {"Lead", "Deputy", "Head"}
    assert (
        UNNAMED_ADULT
        in report("adult_concern", adult_part="rather_not_say", what="niggle", children="none", door="chair").concerned_roles()
    )


@pytest.mark.parametrize(("named", "asks"), [("dsl", True), ("headteacher", True), ("chair", False)])
async def test_rule_10_words_that_name_a_reader_trigger_one_question_and_no_guess(opens, named, asks):
    """Whoever would read it, now or when it climbs, is asked about once; whoever would not is not worth a question."""
    _, step = walked("tell_us", happened="somebody said so", who="lead")
    assert isinstance(step, Reviewing)
    async with opens() as scene:
        kept = Beside(step.progress.id, (named,))
        found = asked_about(scene.turn(), step, kept)
        assert isinstance(found, Asking if asks else Reviewing)
        if isinstance(found, Asking):
            answered = clicks(found, "no")
            assert isinstance(asked_about(scene.turn(), answered, kept), Reviewing)


async def test_rule_11_who_is_related_to_a_party_passes_it_on(opens):
    """They lose it, and the next is told. How it is said, and what the log keeps of it, stands in test_concerning."""
    async with opens() as scene:
        case = await scene.about("bullying_of_pupil")
        await scene.talk["Lead"].says(f"pass on {case.reference}")
        assert "Deputy" in scene.told(case)
        assert case.reference not in await scene.reads("Lead", case)


async def test_rule_12_who_reported_is_said_to_nobody_by_the_card(opens):
    """A push has no place, no sender and no conversation in it; nor has the page, unless they left a way to be reached."""
    async with opens() as scene:
        case = await scene.about("bullying_of_pupil", sender="Zqxparent")
        cards = [one.reply for one in scene.talk.channel.sent if case.reference in one.reply.title]
        assert cards
        assert "zqx" not in str([(one.text, one.title, one.facts) for one in cards]).casefold()
        assert "zqxparent" not in (await scene.reads("Lead", case)).casefold()


async def test_rule_13_a_complaint_never_goes_to_whoever_handled_the_report(opens):
    """The headteacher has this family's report: their complaint goes to the chair. Somebody else's goes the usual way."""
    async with opens() as scene:
        handled = await scene.about("post_by_staff")
        await scene.talk["Head"].says(f"acknowledge {handled.reference}")
        complaint = await scene.about(COMPLAINT)
        assert scene.told(complaint) == {"Chair"}
        assert complaint.reference not in await scene.reads("Head", complaint)
        assert scene.told(await scene.about(COMPLAINT, sender="Another")) == {"Head"}


def test_rule_13_the_chair_sees_no_report_about_pupils():
    """Only what is about adults of the school, and complaints, ever climbs to the chair."""
    for school in SCHOOLS:
        for matter in ("bullying_of_pupil", "disclosure", "image_by_pupil", "grooming", "pupil_conduct", "content_met_by_pupil"):
            assert CHAIR not in {role for rung in rungs(load(school).routes[matter], frozenset()) for role in rung}


async def test_rule_14_the_headteachers_copy_is_dropped(opens):
    """Rosebrook copies what staff report to the headteacher; not where the headteacher, or an adult nobody named, is part of it."""
    async with opens() as scene:
        assert "Head" in scene.told(await scene.about("bullying_of_pupil"))
        for role in (HEADTEACHER, UNNAMED_ADULT):
            assert await scene.in_the_end(await scene.about("bullying_of_pupil", role)) == {"Chair"}


def test_rule_15_telling_of_oneself_is_no_allegation():
    """A declaration, and a request that oneself received, are about nobody."""
    assert report("friend_request", you="staff", sender="pupil", receiver="me").concerned_roles() == ()
    assert not MATTERS["existing_relationship"].asks


async def test_rule_16_what_nobody_opens_goes_to_the_next_who_is_not_involved(opens):
    """The deputy is part of it: after the lead and the headteacher comes whoever follows, and the deputy is passed over."""
    async with opens() as scene:
        case = await scene.about("bullying_of_pupil", "deputy_dsl")
        assert scene.told(case) == {"Lead", "Head"}
        assert await scene.in_the_end(case) == {"Lead", "Head", "Senior"}
