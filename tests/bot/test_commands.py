"""The command line as somebody at a terminal meets it: real processes, real files, a real database."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.commands import _problems
from bot.commands._keyfile import put_in_place
from storage.database import Database
from storage.keyholders import say
from storage.keyring import Keyring
from storage.vault import Vault
from tests.terminal import done, signpost

ROOT = Path(__file__).parents[2]


def process(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


# --- the command line itself ---


def test_every_file_is_a_command_and_says_what_it_is_for():
    """A command is added by adding a file; its first sentence is its line in the list."""
    files = {path.stem for path in (ROOT / "bot" / "commands").glob("[a-z]*.py")}
    assert {"init", "check", "run", "chat", "ask", "show", "people", "audit", "backup", "restore", "upgrade", "key"} <= files
    for name in files:
        module = importlib.import_module(f"bot.commands.{name}")
        assert hasattr(module, "command") != hasattr(module, "app"), f"{name}.py needs one of `command` and `app`"
        assert re.fullmatch(rf"`signpost {name}`: \w.*\.", module.__doc__.split("\n")[0]), f"{name}.py's first line"


def test_listing_the_commands_imports_none_of_them(place):
    """`signpost --help` answers at once: what the commands need is loaded by the one that is called."""
    script = (
        "import sys; from bot.__main__ import main; sys.argv[1:] = ['--help']\ntry: main()\nfinally: print(sorted(sys.modules))"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, "-c", script], cwd=place, env=environ, capture_output=True, text=True, check=True).stdout
    assert "Examples" in told
    assert "restore" in told
    for heavy in ("sqlalchemy", "starlette", "bot.config", "pydantic"):
        assert f"'{heavy}'" not in told


def test_a_command_that_is_not_there_is_named_with_the_nearest_one(place):
    """A slip of the finger is told what was probably meant."""
    told = process("restroe", cwd=place)
    assert told.returncode == 2
    assert "Did you mean “restore”?" in told.stderr


def test_a_failure_is_one_line_and_no_traceback(place):
    """Whatever goes wrong, the terminal shows what to do; `--debug` adds the places in the code, and still no values."""
    told = process("check", cwd=place)
    assert told.returncode == 1
    assert "`signpost init` writes one" in told.stdout
    told = process("people", "list", cwd=place)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "✗ signpost.toml: There is no such file. `signpost init` writes one.\n"
    told = process("--debug", "people", "list", cwd=place)
    assert "Traceback" not in told.stderr
    assert "bot/config/reading.py:" in told.stderr


@pytest.mark.parametrize("name", sorted(_problems.MEANT_FOR_PEOPLE | _problems.IN_OUR_WORDS.keys()))
def test_exceptions_that_are_shown_to_people_exist(name):
    """The list names classes as text, so that nothing is loaded for it; a class that moves must not fall off it."""
    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), kind), Exception)


def test_an_exception_nobody_expected_shows_no_message():
    """It may quote what somebody wrote; its type and place are enough to report it."""
    try:
        int("what somebody wrote")
    except ValueError as error:
        said = _problems.sentence(ExceptionGroup("what somebody wrote", [error]))
    assert "what somebody wrote" not in said
    assert "ValueError at tests/bot/test_commands.py:" in said


# --- setting up ---


def test_init_sets_up_everything_that_check_wants(site):
    """After the few questions the settings load, the key exists and only the owner can read it, and nothing is broken."""
    key = site.parent / "keys" / "signpost.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    told = done("check")
    assert "signpost.toml is complete" in told
    assert "There is none yet" in told
    assert "✗" not in told
    assert not (site / "signpost-data" / "signpost.db").exists()


def test_init_prints_a_sheet_for_each_of_two_holders(place):
    """Two people, so that one of them being away, or being the matter, locks nobody out."""
    told = done("init", "--yes", "--school", "rosebrook", "--key", str(place.parent / "k" / "key"))
    assert told.count("SIGNPOST RECOVERY SHEET") == 2
    assert re.findall(r"Held by: +(.*)", told) == ["the headteacher", "the chair of governors"]


def test_init_again_keeps_answers_and_key_and_a_copy_of_the_old_file(site):
    """Pressing Return all the way changes nothing; a new answer replaces the file, and the old one stays beside it."""
    key = site.parent / "keys" / "signpost.key"
    before, sealed = (site / "signpost.toml").read_text(), key.read_text()
    told = done("init", typed="\n" * 6)
    assert "stays as it is" in told
    assert "RECOVERY SHEET" not in told
    assert (site / "signpost.toml").read_text() == before
    done("init", typed="\n\nelsewhere\n\n")
    assert 'data_folder = "elsewhere"' in (site / "signpost.toml").read_text()
    (copy,) = site.glob("signpost.toml.*")
    assert copy.read_text() == before
    assert key.read_text() == sealed


def test_init_asks_again_when_a_name_is_not_known(place):
    """A school or channel that is not there is noticed while somebody sits at the keyboard."""
    told = signpost("init", "--key", str(place.parent / "k" / "key"), typed="rosebrok\nrosebrook\nwebb\nweb\n\n\n")
    assert told.code == 0
    assert 'Did you mean "rosebrook"?' in told.out + told.err
    assert 'Did you mean "web"?' in told.out + told.err


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--yes",), "--school NAME"),
        (("--yes", "--school", "rosebrok"), 'Did you mean "rosebrook"?'),
        (("--yes", "--school", "rosebrook", "--key", "signpost-data/key"), "lies with the data"),
    ],
)
def test_init_leaves_nothing_behind_when_it_refuses(place, args, why):
    """Settings that would not start are not written, and no key is made for them."""
    told = signpost("init", *args)
    assert told.code == 2
    assert why in told.err
    assert list(place.iterdir()) == []


def test_init_puts_the_key_outside_unless_told(place, monkeypatch):
    """Whoever copies the site's folder does not copy the key with it."""
    monkeypatch.setenv("HOME", str(place.parent / "home"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    done("init", "--yes", "--school", "rosebrook")
    assert (place.parent / "home" / ".config" / "signpost" / "site.key").is_file()


def test_init_writes_no_key_where_the_environment_holds_it(place, monkeypatch):
    """In a container the key comes with the environment: a second one in a file would be a contradiction."""
    monkeypatch.setenv("SIGNPOST_KEYS", "lookup:x 1:y")
    told = done("init", "--yes", "--school", "rosebrook")
    assert "The key is the one in SIGNPOST_KEYS" in told
    assert "\n# key_file" in (place / "signpost.toml").read_text()


def test_init_names_what_it_leaves_out(site):
    """A key of the old file that is no setting does not vanish in silence."""
    (site / "signpost.toml").write_text('chanels = ["web"]\n' + (site / "signpost.toml").read_text())
    assert "chanels is not a setting: left out" in done("init", "--yes")
    assert "chanels" not in (site / "signpost.toml").read_text()


def test_a_bot_that_was_just_set_up_starts(site):
    """From the few questions to a page that answers there is no step in between, and the data are for its owner only."""
    text = (site / "signpost.toml").read_text()
    (site / "signpost.toml").write_text(text.replace("port = 8080", "port = 0").replace("port = 8081", "port = 0"))
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=site, env=environ, stdout=subprocess.PIPE, text=True) as bot:
        page = next(line for line in bot.stdout if "Chat page" in line).split()[-1]
        ready = httpx.get(f"{page}readyz", timeout=10).text
        bot.terminate()
        assert bot.wait(timeout=10) == 0
    assert ready == "ready\n"
    assert stat.S_IMODE((site / "signpost-data").stat().st_mode) == 0o700
    assert "schema" in done("check")


# --- checking ---


def test_check_lists_all_that_is_wrong_with_the_settings(site):
    """The same list as at the start, with exit code 1, and nothing is made or sent."""
    text = (site / "signpost.toml").read_text()
    (site / "signpost.toml").write_text(text.replace("port = 8080", 'port = "x"').replace('["web"]', '["wep"]'))
    told = signpost("check")
    assert told.code == 1
    assert "web.port: Write a whole number" in told.out
    assert 'Did you mean "web"?' in told.out


def test_check_wants_a_person_for_every_role_before_going_live(site):
    """A report on its way to nobody is found before there is a report: a warning now, an error with `--live`."""
    done("people", "add", "Somebody", "--role", "dsl", "--place", "web:somebody")
    told = done("check")
    assert "Nobody is the headteacher" in told
    assert "--role dsl" not in told
    strict = signpost("check", "--live")
    assert strict.code == 1
    assert re.search(r"✗ +rosebrook +Nobody is the headteacher", strict.out)


def test_check_finds_the_wrong_key(site):
    """A key that opens nothing that was written is found now, and not when a report has to be read."""
    done("people", "add", "Somebody", "--role", "dsl")
    assert "opens what was written last" in done("check")
    key = site.parent / "keys" / "signpost.key"
    key.unlink()
    done("init", "--yes")
    told = signpost("check")
    assert told.code == 1
    assert "this is another key" in told.out


def test_check_says_that_a_key_file_is_damaged_and_goes_on(site):
    """One broken thing does not hide what else there is to see to."""
    (site.parent / "keys" / "signpost.key").write_text("lookup:x")
    told = signpost("check")
    assert told.code == 1
    assert "Copy the key file again" in told.out
    assert "signpost.toml is complete" in told.out


# --- asking and reading ---


def test_ask_answers_without_any_configuration(place):
    """Somebody who only wants to know what the policy says needs nothing set up."""
    told = json.loads(done("ask", "--json", "--audience", "staff", "May I accept a friend request from a pupil?"))
    assert told["school"] == "rosebrook"
    assert told["band"] in {"sure", "unsure"}
    assert any(section["ref"].startswith("6.2") for section in told["sections"])
    assert all(section["text"] and section["cite"] for section in told["sections"])
    assert list(place.iterdir()) == []


def test_ask_says_when_the_policy_is_silent(place):
    """It does not make something up, nor quote the nearest thing as an answer."""
    assert "does not seem to say" in done("ask", "how much are school dinners?")
    assert list(place.iterdir()) == []


def test_show_reads_a_report_as_it_will_be_asked():
    """Every question with its buttons, what it depends on and why it is asked."""
    assert "friend_request" in done("show")
    told = done("show", "friend_request")
    assert "1. Is anyone in danger right now?" in told
    assert "why: " in told
    assert "may be skipped" in told
    assert "only after" in told
    assert "Known: adult_concern" in signpost("show", "friend").err


# --- people ---


def test_people_hold_roles_are_away_and_are_reached(site):
    """Everything that decides who is told, from the command line, each change a link in the audit."""
    added = done("people", "add", "Somebody", "--role", "dsl", "--place", "web:one")
    person = added.split()[1].rstrip(".")
    done("people", "role", "somebody", "chair")
    done("people", "role", person, "dsl", "--take")
    done("people", "link", person, "console:two")
    done("people", "away", person, "--until", "2999-01-04")
    told = done("people", "list")
    assert re.search(rf"{person} +Somebody +chair +web:one, console:two +back 04 Jan 2999", told)
    done("people", "away", person, "--back")
    done("people", "link", person, "web:one", "--remove")
    assert re.search(rf"{person} +Somebody +chair +console:two *\n", done("people", "list"))
    acts = done("audit", "log")
    assert len(re.findall(r"^ +\d+ ", acts, re.MULTILINE)) == 7
    assert "Somebody" not in acts


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("add", "X", "--role", "dls"), 'Did you mean "dsl"?'),
        (("add", "X", "--place", "web"), "CHANNEL:PLACE"),
        (("add", "X", "--place", "wep:x"), 'Did you mean "web"?'),
        (("add", "X", "--place", "web:one"), "already"),
        (("role", "nobody", "dsl"), "signpost people list"),
        (("role", "somebody", "dsl"), "Several people go by that"),
        (("away", "somebody"), "--until"),
        (("away", "somebody", "--until", "soon", "--back"), "--until"),
        (("list", "--school", "elsewhere"), "--school: rosebrook"),
    ],
)
def test_people_refuses_what_it_cannot_understand(site, args, why):
    """A role, channel, person or day that does not exist changes nothing, and says how to write it."""
    done("people", "add", "Somebody", "--place", "web:one")
    done("people", "add", "Somebody")
    told = signpost("people", *args)
    assert told.code == 2
    assert why in told.err
    assert len(re.findall("Somebody", done("people", "list"))) == 2


@pytest.mark.parametrize("day", ["soon", "2020-01-01"])
def test_people_are_not_away_until_a_day_that_is_none(site, day):
    """A day that is no day, or has gone by, is refused."""
    done("people", "add", "Somebody")
    assert signpost("people", "away", "somebody", "--until", day).code == 2


# --- audit ---


def test_audit_is_whole_and_a_head_from_elsewhere_shows_a_cut(site):
    """Verify walks the chain; a head that was never in it, or is no more, is told apart from one that is."""
    done("people", "add", "Somebody")
    name, links, head = done("audit", "head").split()
    assert (name, links) == ("rosebrook", "1")
    done("people", "role", "somebody", "dsl")
    assert "rosebrook: whole, 2 links" in done("audit", "verify")
    assert "whole" in done("audit", "verify", "--head", head)
    cut = signpost("audit", "verify", "--head", "0" * 64)
    assert cut.code == 1
    assert "NOT whole" in cut.out


# --- backup, restore, upgrade, key ---


def lines_of_the_sheet() -> str:
    """The numbered lines of one recovery sheet."""
    sheet = done("key", "sheet", "--holder", "the test")
    return "".join(f"{line}\n" for line in sheet.splitlines() if re.match(r"\s*\d+\. ", line))


def test_a_lost_machine_comes_back_from_backup_and_paper(site, tmp_path):
    """With the backup and the recovery sheet everything is there again; with a wrong line, its number is said."""
    done("people", "add", "Somebody", "--role", "dsl", "--place", "web:one")
    done("backup", str(tmp_path / "backup.zip"))
    paper = lines_of_the_sheet()
    key = site.parent / "keys" / "signpost.key"
    key.unlink()
    (site / "signpost-data").rename(tmp_path / "lost")

    slip = signpost("restore", str(tmp_path / "backup.zip"), typed=paper.replace(" 2. ", " 2. XX"))
    assert slip.code == 2
    assert "Line 2 of the recovery sheet" in slip.err
    assert not key.exists()

    told = done("restore", str(tmp_path / "backup.zip"), typed=f"SIGNPOST RECOVERY SHEET\n\n{paper}\n")
    assert "are back" in told
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "Somebody" in done("people", "list")
    assert "restored from backup" in done("audit", "log")
    assert "whole" in done("audit", "verify")


def test_restore_never_writes_over_a_database_nor_keeps_a_key_that_does_not_fit(site, tmp_path):
    """A restore by mistake harms nothing; a sheet of another installation is refused and leaves no key behind."""
    done("people", "add", "Somebody")
    done("backup", str(tmp_path / "backup.zip"))
    full = signpost("restore", str(tmp_path / "backup.zip"))
    assert full.code == 2
    assert "Somebody" in done("people", "list")

    key = site.parent / "keys" / "signpost.key"
    key.unlink()
    (site / "signpost-data").rename(tmp_path / "lost")
    done("init", "--yes")
    others = tmp_path / "sheet.txt"
    others.write_text(lines_of_the_sheet())
    key.unlink()
    wrong = signpost("restore", str(tmp_path / "backup.zip"), "--sheet", str(others))
    assert wrong.code == 2
    assert not key.exists()
    assert signpost("restore", "nowhere.zip", "--sheet", str(others)).code == 2
    assert not key.exists()


def test_backup_goes_to_the_data_folder_and_never_over_another_file(site, tmp_path):
    """Two backups are two files; there is nothing to back up before there is a database."""
    assert "There is no database yet" in signpost("backup").err
    done("people", "add", "Somebody")
    done("backup")
    assert len(list((site / "signpost-data" / "backups").glob("signpost-*.zip"))) == 1
    (tmp_path / "there.zip").write_text("")
    assert "is there already" in signpost("backup", str(tmp_path / "there.zip")).err


def test_upgrade_says_when_there_is_nothing_to_do(site):
    """A database of this version's schema is left alone, without a backup nobody needs."""
    assert "There is no database yet" in signpost("upgrade").err
    done("people", "add", "Somebody")
    assert "Nothing to do" in done("upgrade")
    assert not (site / "signpost-data" / "backups").exists()


def test_a_rotated_key_opens_the_old_and_seals_the_new(site):
    """A fresh key joins the ring; the old sheets are said to be out of date, and new ones are printed."""
    done("people", "add", "Somebody")
    told = done("key", "rotate")
    assert "Key 2 is on the ring" in told
    assert told.count("SIGNPOST RECOVERY SHEET") == 2
    assert stat.S_IMODE((site.parent / "keys" / "signpost.key").stat().st_mode) == 0o600
    done("people", "add", "Another")
    assert "key 2" in done("check")
    people = done("people", "list")
    assert "Somebody" in people
    assert "Another" in people
    assert "key rotated" in done("audit", "log")


def test_a_rotation_that_was_stopped_goes_on_where_it_was(site):
    """The key was on the ring and did not seal yet: running it again makes it seal, and adds no third one."""
    done("people", "add", "Somebody")
    file = site.parent / "keys" / "signpost.key"
    put_in_place(file, Keyring.parse(file.read_text()).with_next())
    assert "Somebody" in done("people", "list")
    assert "Key 2 is on the ring" in done("key", "rotate")
    ring = Keyring.parse(file.read_text())
    assert (ring.newest, ring.sealing) == (2, 2)
    assert "whole" in done("audit", "verify")


def test_a_running_bot_that_lacks_the_key_stops_the_rotation(site):
    """It would not be able to read what is sealed with it: nothing changes, and what to do is said."""
    done("people", "add", "Somebody")
    database = Database.open(f"sqlite:///{site}/signpost-data/signpost.db", Vault(Keyring.new()))
    asyncio.run(say(database, "elsewhere", datetime.now(UTC)))
    asyncio.run(database.close())
    told = signpost("key", "rotate", "--wait", "0")
    assert told.code == 2
    assert "1 running bot(s) have not taken up key 2" in told.err
    assert Keyring.parse((site.parent / "keys" / "signpost.key").read_text()).sealing == 1
    assert "key 1" in done("check")


def test_a_key_in_the_environment_is_not_rotated_into_thin_air(site, monkeypatch):
    """We cannot write into somebody's environment: the way to rotate is said instead."""
    monkeypatch.setenv("SIGNPOST_KEYS", (site.parent / "keys" / "signpost.key").read_text())
    text = (site / "signpost.toml").read_text()
    (site / "signpost.toml").write_text(re.sub("(?m)^key_file = .*$", "", text))
    assert "then rotate" in signpost("key", "rotate").err
