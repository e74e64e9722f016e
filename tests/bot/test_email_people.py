"""At the command line: an address is entered, a code goes there, and it counts once the code has come back. And the settings."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import ConfigError, example, load
from storage.vault import Keyring
from tests.mail_wire import PASSWORD, USER, MailServer, mail_server
from tests.terminal import done, signpost

CHAIR, PLACE = "C. Chair", "email:chair@school.example"


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server with a loop of its own: a command has its own too."""
    ready, end = threading.Event(), asyncio.Event()
    found: list[MailServer] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with mail_server(tmp_path / "server") as server:
            found.append(server)
            ready.set()
            await end.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(5)
        yield found[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(5)
        loop.close()


@pytest.fixture
def mailing(site: Path, wire: MailServer, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """The site, with e-mail among its channels and a chair who is in no chat."""
    values = {
        "schools": ["rosebrook"],
        "channels": ["web", "email"],
        "key_file": str(site.parent / "keys" / "signpost.key"),
        "email": {"host": "127.0.0.1", "port": wire.port, "user": USER, "sender": USER, "ca_file": str(wire.ca_file)},
    }
    (site / "signpost.toml").write_text(example(values))
    monkeypatch.setenv("SIGNPOST_SMTP_PASSWORD", PASSWORD)
    done("people", "add", CHAIR, "--role", "chair", "--yes")
    return wire


def code_in(wire: MailServer) -> str:
    """The code in the newest message."""
    found = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", wire.mails[-1].part("plain"))
    assert found is not None
    return found.group()


def test_an_address_is_proved_by_the_code_that_was_sent_there(mailing: MailServer):
    """From entering it to being reached there; the code is in the mailbox and nowhere on the screen."""
    told = done("people", "link", CHAIR, "email: Chair@School.example")
    assert mailing.mails[0].to == ("chair@school.example",)
    assert mailing.mails[0].message["Subject"] == "Signpost: your code"
    code = code_in(mailing)
    assert code not in told
    assert "Not used until its code has come back: email:chair@school.example" in done("people", "show", CHAIR)
    assert "reached at 1 place" in done("people", "link", CHAIR, PLACE, "--code", code.lower())
    shown = done("people", "show", CHAIR)
    assert "Reached at: email:chair@school.example" in shown
    assert "Not used" not in shown
    assert "whole" in done("audit", "verify")


def test_a_wrong_code_says_what_to_do_and_a_second_one_can_be_sent(mailing: MailServer):
    """The same code as before, within the day: whichever message arrives first will do."""
    done("people", "link", CHAIR, PLACE)
    refused = signpost("people", "link", CHAIR, PLACE, "--code", "22222-22222")
    assert refused.code
    assert "Without --code" in refused.err
    done("people", "link", CHAIR, PLACE)
    assert len(mailing.mails) == 2
    done("people", "link", CHAIR, PLACE, "--code", code_in(mailing))
    assert "Nothing waits" in signpost("people", "link", CHAIR, PLACE, "--code", code_in(mailing)).err


def test_an_address_that_does_not_exist_is_said_at_once(mailing: MailServer):
    """While somebody still sits there who can look at what they typed."""
    mailing.refuse["chair@school.example"] = "550 5.1.1 No such user"
    refused = signpost("people", "link", CHAIR, PLACE)
    assert "does not take messages for that address (550)" in refused.err
    assert "--remove" in refused.err
    done("people", "link", CHAIR, PLACE, "--remove")
    assert "Not used" not in done("people", "show", CHAIR)


def test_what_is_no_address_and_a_school_without_email_are_refused(site: Path, mailing: MailServer):
    """Each with what to write instead."""
    assert "email:office@school.example" in signpost("people", "link", CHAIR, "email:chair").err
    assert "either" in signpost("people", "link", CHAIR, PLACE, "--remove", "--code", "x").err
    text = (site / "signpost.toml").read_text().replace('channels = ["web", "email"]', 'channels = ["web"]')
    (site / "signpost.toml").write_text(text)
    assert "docs/channels/email.md" in signpost("people", "link", CHAIR, PLACE).err
    assert not mailing.mails


def test_whoever_is_added_with_an_address_is_told_how_it_comes_to_count(mailing: MailServer):
    """Nothing is sent by adding somebody."""
    told = done("people", "add", "D. Deputy", "--place", "email:deputy@school.example")
    assert "sends a code there" in told
    assert not mailing.mails


def test_check_says_what_stands_between_the_bot_and_its_mail_server(mailing: MailServer, monkeypatch: pytest.MonkeyPatch):
    """And sends nothing."""
    assert "can be started" in signpost("check").out
    monkeypatch.setenv("SIGNPOST_SMTP_PASSWORD", "guess")
    assert "SIGNPOST_SMTP_PASSWORD" in signpost("check").out
    assert not mailing.mails


GOOD = 'host = "smtp.school.example"\nsender = "signpost@school.example"\n'


@pytest.mark.parametrize(
    ("written", "password", "key"),
    [
        ("", "", "email.host"),
        ('host = "smtp.school.example"', "", "email.sender"),
        (GOOD + 'user = "signpost"', "", "SIGNPOST_SMTP_PASSWORD"),
        (GOOD, "secret", "email.user"),
        (GOOD + 'encryption = "none"', "", "email.encryption"),
        (GOOD + 'ca_file = "nowhere.pem"', "", "email.ca_file"),
        (GOOD + 'password = "secret"', "", "email.password"),
        (GOOD.replace("signpost@school.example", "a@b.example, c@d.example"), "", "email.sender"),
        (GOOD.replace("smtp.school.example", "smtp://smtp.school.example"), "", "email.host"),
    ],
)
def test_each_setting_that_does_not_fit_is_named_with_what_to_write(tmp_path: Path, written: str, password: str, key: str):
    """Before anything starts; and no secret is repeated."""
    file = tmp_path / "signpost.toml"
    file.write_text(f'schools = ["rosebrook"]\nchannels = ["email"]\n[email]\n{written}\n')
    environ = {"SIGNPOST_KEYS": Keyring.new().dump(), **({"SIGNPOST_SMTP_PASSWORD": password} if password else {})}
    with pytest.raises(ConfigError) as told:
        load(file, environ)
    assert key in str(told.value)
    assert "secret" not in str(told.value)


def test_a_password_under_another_name_is_not_taken_for_one(tmp_path: Path):
    """It would be read by nothing, and nobody would know why the server says no."""
    file = tmp_path / "signpost.toml"
    file.write_text(f'schools = ["rosebrook"]\nchannels = ["email"]\n[email]\n{GOOD}\n')
    with pytest.raises(ConfigError, match="SIGNPOST_SMTP_PASSWORD") as told:
        load(file, {"SIGNPOST_KEYS": Keyring.new().dump(), "SIGNPOST_EMAIL_PASSWORD": "zqxsecret"})
    assert "SIGNPOST_EMAIL_PASSWORD" in str(told.value)
    assert "zqxsecret" not in str(told.value)


def test_a_relay_on_this_machine_needs_neither_password_nor_encryption(tmp_path: Path):
    """And the password, where there is one, is in no repr."""
    file = tmp_path / "signpost.toml"
    relay = GOOD.replace("smtp.school.example", "127.0.0.1") + 'encryption = "none"\nport = 25'
    file.write_text(f'schools = ["rosebrook"]\nchannels = ["email"]\n[email]\n{relay}\n')
    environ = {"SIGNPOST_KEYS": Keyring.new().dump()}
    assert load(file, environ).email.port == 25
    file.write_text(f'schools = ["rosebrook"]\nchannels = ["email"]\n[email]\n{GOOD}user = "signpost"\n')
    assert "zqxsecret" not in repr(load(file, environ | {"SIGNPOST_SMTP_PASSWORD": "zqxsecret"}))
