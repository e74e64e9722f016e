"""A case at the command line: its record goes to who may have it, for anybody else there is no such case, and every act is kept."""

from __future__ import annotations

import asyncio
import json
import shutil
import stat
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import Reply
from bot.record import written
from bot.schools import SHIPPED
from flows.cases.case import Case, Said, Severity
from flows.cases.notice import Notice, NoticeKind
from storage.database import Database
from storage.kept import Arrival, Letter, Recording
from storage.keyring import Keyring
from storage.store import Store
from storage.vault import Vault
from storage.work import Work
from tests.storage.conftest import tell_all
from tests.terminal import done, signpost

SECRET = "They post about her every evening"
ANSWER = "Thank you, I have passed it on"
HOLD = timedelta(seconds=60)
LEAD, HEAD, CHAIR = "A. Lead", "B. Head", "C. Chair"


def at_the_site(site, job: Callable[[Store, Work], Awaitable[object]]):
    """Do JOB with the site's database, as the running bot would."""

    async def run() -> object:
        ring = Keyring.parse((site.parent / "keys" / "signpost.key").read_text())
        database = Database.open(f"sqlite:///{site}/signpost-data/signpost.db", Vault(ring))
        try:
            return await job(Store(database, "rosebrook"), Work(database))
        finally:
            await database.close()

    return asyncio.run(run())


@pytest.fixture
def case(site) -> Case:
    """A report by a parent, of which the lead was told, and which is about the headteacher."""
    done("people", "add", LEAD, "--role", "dsl", "--place", "web:lead")
    done("people", "add", HEAD, "--role", "headteacher", "--role", "dsl", "--place", "web:head")
    done("people", "add", CHAIR, "--role", "chair", "--place", "web:chair")
    done("people", "add", "D. Nobody")
    return at_the_site(site, _reported)


async def _reported(store: Store, work: Work) -> Case:
    people = {person.name: person for person in await store.people.list()}
    now = datetime.now(UTC)
    body = json.dumps(
        {
            "id": "1",
            "sender": "parent",
            "address": {"channel": "web", "place": "parent"},
            "received_at": now.isoformat(),
            "text": SECRET,
        }
    )
    _, lease = await store.inbox.keep(Arrival("1", "web", "parent", "parent", now, body), "t", now, HOLD)
    assert lease is not None
    assert lease.next is not None
    case = Case(
        uuid.uuid4().hex,
        "SP-7K2M4",
        "bullying_of_pupil",
        Severity.MEDIUM,
        now,
        rungs=(("dsl",), ("chair",)),
        said=(Said("What happened?", SECRET),),
        reporter=lease.conversation,
        concerns=frozenset({people[HEAD].id}),
    )
    letters = (
        Letter("web", "parent", written(Reply(ANSWER))),
        Letter("web", "parent", written(Reply("another's", about="case:c2"))),
    )
    opened = Recording(
        now,
        lease=lease,
        message=lease.next.id,
        opened=(case,),
        letters=letters,
        notices=(Notice(case.id, 0, NoticeKind.PUSH, now),),
    )
    recorded = await store.record(opened, HOLD)
    await work.finish_many([(due, "r") for due in recorded.sends], now)
    await work.expand(now, 10, tell_all)
    await work.finish_many([(due, "r") for due in await work.claim_pushes("t", ("web",), now, 10, HOLD)], now)
    return replace(case, version=0)


def close(*more: str, outcome: str = "dealt_with") -> str:
    """The lead closes the case."""
    return done("case", "close", "SP-7K2M4", "--as", LEAD, "--outcome", outcome, "--reason", "The family was met.", *more)


def whole() -> bool:
    """Whether the audit finds nothing."""
    return "rosebrook: whole" in done("audit", "verify")


def test_the_record_goes_to_somebody_who_was_told(case, site):
    """In three forms, each of them a line in its own record; a file is readable by its owner only and never written over."""
    for form in ("md", "html", "json"):
        told = done("case", "export", "sp-7k2m4", "--as", LEAD, "--format", form, "--out", f"case.{form}")
        assert f"case.{form}: written" in told
        file = site / f"case.{form}"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert SECRET in file.read_text()
    assert "is there already" in signpost("case", "export", "SP-7K2M4", "--as", LEAD, "--out", "case.md").err
    printed = done("case", "export", "SP-7K2M4", "--as", LEAD)
    assert printed.count("Took a copy of the record") == 8  # four times, each in the chronology and among the copies
    assert whole()


EVERYTHING = [
    ("case", "export", "{ref}", "--as", "{who}"),
    ("case", "export", "{ref}", "--as", "{who}", "--referral", "--to", "the police"),
    ("case", "close", "{ref}", "--as", "{who}", "--outcome", "advice", "--reason", "none"),
    ("case", "transfer", "{ref}", "--as", "{who}", "--recorded-as", "1"),
    ("case", "hold", "{ref}", "--as", "{who}", "--reason", "none"),
    ("case", "hold", "{ref}", "--as", "{who}", "--reason", "none", "--lift"),
    ("case", "erase", "{ref}", "--as", "{who}", "--reason", "none", "--confirm", "{ref}"),
    ("person", "export", "--case", "{ref}", "--as", "{who}"),
]


@pytest.mark.parametrize("command", EVERYTHING, ids=lambda command: " ".join(command[:2]) + f" {len(command)}")
@pytest.mark.parametrize("who", [HEAD, CHAIR])
def test_whoever_it_is_about_is_told_what_anybody_is_told_of_no_case_at_all(case, site, command, who):
    """The headteacher, whom it is about, and the chair, who was not told: the same words as for a reference that never was."""
    links = at_the_site(site, lambda store, _: store.audit.head())
    real = signpost(*(part.format(ref="SP-7K2M4", who=who) for part in command))
    none = signpost(*(part.format(ref="SP-QQQQQ", who=who) for part in command))
    assert (real.code, real.out, real.err.replace("SP-7K2M4", "SP-QQQQQ")) == (none.code, none.out, none.err)
    assert real.code == 2
    assert SECRET not in real.out + real.err
    assert at_the_site(site, lambda store, _: store.audit.head()) == links


def test_whoever_holds_no_role_works_on_no_case(case):
    """A member of staff is known to the bot, and reads no report."""
    assert "hold no role" in signpost("case", "export", "SP-7K2M4", "--as", "D. Nobody").err
    assert "Nobody goes by that" in signpost("case", "export", "SP-7K2M4", "--as", "E. Stranger").err


def test_a_referral_says_whom_it_is_for_and_stands_in_the_record(case):
    """Who was given what, when: in the sheet itself, and in the record ever after."""
    assert "--to" in signpost("case", "export", "SP-7K2M4", "--as", LEAD, "--referral").err
    sheet = done("case", "export", "SP-7K2M4", "--as", LEAD, "--referral", "--to", "children's social care")
    assert "# Referral" in sheet
    assert "To: children's social care" in sheet
    assert SECRET in sheet
    assert "To: children's social care" in done("case", "export", "SP-7K2M4", "--as", LEAD)


def test_closing_says_how_long_the_words_are_kept(case, site):
    """The outcome and the reason are in the record; whoever sent it hears that it is closed, and neither of the two."""
    assert "until `signpost case transfer SP-7K2M4`" in close()
    record = done("case", "export", "SP-7K2M4", "--as", LEAD)
    assert "Dealt with by the school" in record
    assert "Reason: The family was met." in record
    said = at_the_site(site, lambda store, _: store.conversations.transcript("web", "parent", "parent", 9))
    assert "has been closed" in said[-1].body
    assert "family" not in said[-1].body
    assert "already been closed" in signpost("case", "close", "SP-7K2M4", "--as", LEAD, "--outcome", "advice", "--reason", "x").err
    assert "30 days" not in record
    assert "Its words are kept until " in done("case", "transfer", "SP-7K2M4", "--as", LEAD, "--recorded-as", "4711")
    assert whole()


def test_where_there_is_a_record_system_closing_asks_for_its_reference(case, site):
    """With it the words go after the days for what was transferred; left empty they stay until it is."""
    _record_system(site, "CPOMS")
    told = done("case", "close", "SP-7K2M4", "--as", LEAD, "--outcome", "referred", "--reason", "x", typed="4711\n")
    assert "Its reference in CPOMS" in told
    assert "then a stub is left" in told
    assert "In CPOMS as:** 4711" in done("case", "export", "SP-7K2M4", "--as", LEAD)


def _record_system(site, name: str) -> None:
    """The school keeps its own files, and says in them what it records in."""
    home = site / "schools" / "rosebrook"
    shutil.copytree(SHIPPED / "rosebrook", home)
    text = (home / "school.toml").read_text()
    (home / "school.toml").write_text(text.replace('record_system = ""', f'record_system = "{name}"', 1))
    settings = (site / "signpost.toml").read_text()
    (site / "signpost.toml").write_text(f'schools_folder = "schools"\n{settings}')


def test_erasing_asks_once_more_and_leaves_a_stub(case, site):
    """Only a closed case, only when its reference was typed again; afterwards the words are nowhere, and the chain is whole."""
    erase = ("case", "erase", "SP-7K2M4", "--as", LEAD, "--reason", "They asked for it.")
    assert "Close it first" in signpost(*erase).err
    close()
    assert "another reference" in signpost(*erase, typed="SP-QQQQQ\n").err
    assert SECRET in done("case", "export", "SP-7K2M4", "--as", LEAD)
    assert "are erased" in done(*erase, typed="sp-7k2m4\n")
    stub = done("case", "export", "SP-7K2M4", "--as", LEAD)
    assert SECRET not in stub
    assert "family" not in stub
    assert "They asked for it" in stub
    assert at_the_site(site, lambda store, _: store.conversations.transcript("web", "parent", "parent", 9))[:-1] == ()
    assert whole()


def test_a_hold_is_set_and_lifted_with_a_reason(case):
    """While it is held nothing can be erased; both acts and their reasons are in the record."""
    close()
    done("case", "hold", "SP-7K2M4", "--as", LEAD, "--reason", "An inquiry.")
    erase = ("case", "erase", "SP-7K2M4", "--as", LEAD, "--reason", "x", "--confirm", "SP-7K2M4")
    assert "Lift the hold first" in signpost(*erase).err
    assert "held already" in signpost("case", "hold", "SP-7K2M4", "--as", LEAD, "--reason", "y").err
    done("case", "hold", "SP-7K2M4", "--as", LEAD, "--reason", "It is over.", "--lift")
    record = done("case", "export", "SP-7K2M4", "--as", LEAD)
    for words in ("Set a legal hold", "Reason: An inquiry.", "Lifted the legal hold", "Reason: It is over."):
        assert words in record
    done(*erase)


def test_somebody_who_asks_gets_everything_that_is_kept_of_them(case):
    """Their own words, what they were told, and where their report stands; what was shown to them of others is not theirs."""
    told = json.loads(done("person", "export", "--case", "SP-7K2M4", "--as", LEAD))
    assert [(line["who"], line["said"]) for line in told["talk"]] == [("they", SECRET), ("the bot", ANSWER)]
    assert told["reports"][0]["said"] == [{"asked": "What happened?", "answered": SECRET, "added": None}]
    assert json.loads(done("person", "export", "--place", "web:parent", "--as", LEAD)) == told
    assert "Nothing is kept there" in signpost("person", "export", "--place", "web:parent", "--as", HEAD).err
    assert "Nothing is kept there" in signpost("person", "export", "--place", "web:elsewhere", "--as", LEAD).err
    assert "either with --case" in signpost("person", "export", "--as", LEAD).err
    assert "Took a copy of what the person who sent the report had said" in done("case", "export", "SP-7K2M4", "--as", LEAD)
