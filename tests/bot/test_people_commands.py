"""Who holds which role, at the command line: what is said before and after, what can be undone, and what nobody reads there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from typer.main import get_command

from bot import __main__ as command_line
from flows.cases.case import Case
from flows.matters import matter
from tests.bot.test_case_commands import ANSWER, CHAIR, HEAD, LEAD, SECRET, at_the_site
from tests.bot.test_case_commands import case as case  # noqa: PLC0414 - a fixture is used by its name
from tests.terminal import done, signpost

# Those that serve, or make or replace a whole site, and so cannot be tried on one that is there.
NOT_TRIED = {"run", "chat", "init", "restore", "upgrade", "key", "eval"}
IN_SHORT = {"drill": ("--wait", "0s")}  # what would otherwise go on for long
FURTHER = (("--format", "json"), ("--place", "web:parent"))  # what might show more, where a command has it


def lines_to(site, place: str) -> list[str]:
    """What waits to be said at PLACE."""

    async def read(store, work) -> list[str]:
        dues = await work.claim_replies("t", ("web",), datetime.now(UTC), 50, timedelta(seconds=0))
        return [due.body for due in dues if due.place == place]

    return at_the_site(site, read)


def test_the_first_holders_are_confirmed_at_once_and_it_says_so(site):
    """While there is no report."""
    told = done("people", "add", LEAD, "--role", "dsl", "--place", "web:lead")
    assert "No report has come yet" in told
    assert "confirmed at once" in told
    assert "while the school was set up" in done("people", "show", LEAD)


def test_later_a_role_waits_for_one_of_those_who_lead(site, case):
    """It says for what it works meanwhile and who is asked; `list` marks it and `show` says who could confirm it."""
    told = done("people", "role", "D. Nobody", "deputy_dsl")
    assert "works for new reports now" in told
    assert "the Chair of the Local Academy Committee" in told
    assert "deputy_dsl*" in done("people", "list")
    assert f"could be by {LEAD}, {HEAD}, {CHAIR}" in " ".join(done("people", "show", "D. Nobody").split())
    body = lines_to(site, "chair")[-1]
    assert "confirm deputy_dsl" in body
    assert "at the command line" in body
    assert case.reference not in body


@pytest.mark.parametrize("answer", ["y", "n"])
def test_where_nobody_could_confirm_it_says_so_before_anything_is_written(site, case, answer):
    """And what to do; a no changes nothing."""
    for name, role in ((HEAD, "headteacher"), (HEAD, "dsl"), (CHAIR, "chair")):
        done("people", "role", name, role, "--take")
    told = signpost("people", "role", "D. Nobody", "chair", "--as", LEAD, typed=answer)
    assert "Nobody could confirm this" in told.out
    assert "signpost people add NAME --role chair" in told.out
    assert ("chair*" in done("people", "list")) is (answer == "y")
    assert told.code == (0 if answer == "y" else 2)
    if answer == "n":
        assert "Nobody can confirm it yet." in done("people", "role", "D. Nobody", "chair", "--as", LEAD, "--yes")


def test_a_role_is_taken_again_with_one_command(site, case):
    """Undone, with nothing left of it; taking what nobody has is refused, and so is giving it twice or to oneself."""
    done("people", "role", "D. Nobody", "deputy_dsl")
    assert "any more" in done("people", "role", "D. Nobody", "deputy_dsl", "--take")
    assert "deputy_dsl" not in done("people", "list")
    assert "does not hold" in signpost("people", "role", "D. Nobody", "deputy_dsl", "--take").err
    assert "holds the role dsl already" in signpost("people", "role", LEAD, "dsl").err
    assert "Nobody gives themselves a role" in signpost("people", "role", LEAD, "chair", "--as", LEAD).err
    assert "whole" in done("audit", "verify")


def test_what_a_leaver_had_goes_on_to_the_others(site, case):
    """Taken from whoever has a report, the role takes the report with it, and the chain stays whole."""

    async def takes(store, work) -> None:
        from flows.cases.case import acknowledge  # noqa: PLC0415 - said where it is used once
        from storage.kept import Recording  # noqa: PLC0415 - as above

        people = {person.name: person for person in await store.people.list()}
        lead = people[LEAD]
        (mine,) = await store.seen_by(lead).open()
        taken = acknowledge(mine, lead.id, datetime.now(UTC))
        await store.record(Recording(datetime.now(UTC), changed=(taken,), settled=(mine.id,)), timedelta(seconds=60))

    at_the_site(site, takes)
    done("people", "role", "D. Nobody", "dsl")
    done("people", "role", LEAD, "dsl", "--take")
    assert "They hold no role" in signpost("case", "export", case.reference, "--as", LEAD).err
    assert "whole" in done("audit", "verify")


def test_absences_are_whole_days_with_somebody_in_their_place(site):
    """Read back with the day they are back; shown in the list; told to those who lead and to whoever stands in."""
    done("people", "add", LEAD, "--role", "dsl", "--place", "web:lead")
    done("people", "add", HEAD, "--role", "headteacher", "--place", "web:head")
    lines_to(site, "head")
    told = done("people", "away", LEAD, "--from", "2999-03-03", "--until", "2999-03-11", "--stands-in", HEAD)
    assert "is away from Sunday 3 March to Sunday 10 March, and back on Monday 11 March." in told
    listed = done("people", "list")
    assert f"from 03 Mar 2999, back 11 Mar 2999; {HEAD} stands in" in listed
    assert any("You stand in for" in body for body in lines_to(site, "head"))
    assert "is back" in done("people", "away", LEAD, "--back")
    assert "2999" not in done("people", "list")


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--until", "2999-03-01", "--from", "2999-03-01"), "comes later"),
        (("--until", "2999-03-01", "--from", "soon"), "2026-09-01"),
        (("--until", "2020-03-01"), "gone by"),
        (("--back", "--stands-in", HEAD), "leave out"),
        (("--until", "2999-03-01", "--stands-in", LEAD), "themselves"),
        (("--until", "2999-03-01", "--stands-in", "D. Nobody"), "holds a role"),
        (("--until", "2999-03-01", "--stands-in", "E. Unknown"), "Nobody goes by that"),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(site, args, why):
    """And changes nothing."""
    done("people", "add", LEAD, "--role", "dsl")
    done("people", "add", HEAD, "--role", "headteacher")
    done("people", "add", "D. Nobody")
    told = signpost("people", "away", LEAD, *args)
    assert told.code == 2
    assert why in told.err
    assert "back" not in done("people", "list")


def test_help_shows_how_it_is_written():
    """With examples that are commands."""
    told = done("people", "--help")
    assert 'signpost people role "A. Person" deputy_dsl --take' in " ".join(told.split())
    for name in ("add", "role", "away", "link", "remove"):
        assert "Example: signpost people" in " ".join(done("people", name, "--help").split()), name


# --- whoever installs reads no case ---


def leaves() -> Iterator[tuple[str, ...]]:
    """Every command there is, as it is typed."""
    for name in get_command(command_line.cli).list_commands(None):
        if name not in NOT_TRIED:
            found = command_line._real(name)
            subs = sorted(getattr(found, "commands", ()))
            yield from ((name, sub) for sub in subs)
            if not subs:
                yield (name,)


def filled_in(words: tuple[str, ...]) -> Iterator[list[str]]:
    """The command with everything that it needs, except who asks; and once more with each option that might show more."""
    found = command_line._real(words[0])
    command = found.commands[words[1]] if words[1:] else found
    args = [*words, *IN_SHORT.get(words[0], ())]
    for one in command.params:
        if one.param_type_name == "argument":
            args.append("SP-7K2M4" if words[0] in ("case", "audit", "figures", "drill") else LEAD)
        elif one.required and one.opts[0] != "--as":
            args += [one.opts[0], "because"]
    yield args
    yield from ([*args, *more] for more in FURTHER if any(more[0] in one.opts for one in command.params))


@pytest.mark.parametrize("words", list(leaves()), ids=" ".join)
def test_whoever_installs_reads_no_case(site, case: Case, words: tuple[str, ...]):
    """No command shows what was reported, what it is about, or its reference, to somebody who does not say who they are."""
    for args in filled_in(words):
        told = signpost(*args, typed="y\ny\n")
        said = re.sub(re.escape(shlex.join(args)), "", told.out + told.err)
        assert SECRET not in said
        assert ANSWER not in said
        assert matter(case.matter).title not in said
        assert "Traceback" not in said
        if "SP-7K2M4" not in args:
            assert case.reference not in said
        if "SP-7K2M4" in args and words[0] == "case":
            assert told.code == 2, said
