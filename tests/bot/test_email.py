"""The e-mail channel over real sockets: what a message carries, what each refusal means, and that nothing is said unencrypted."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from bot.channel import Edits, Misconfigured, SendFailed, Unproved
from bot.channels.email import trouble
from bot.channels.email.post import AT_ONCE, Unreachable
from bot.config.model import Web
from bot.messages import Address, Choice, Reply
from bot.supervisor import Supervisor
from bot.wording import ADDED
from bot.wording_digests import HEAD, WEEKLY_KIND
from bot.wording_sent import NUDGED
from storage.store.taking_back import DIGEST_ABOUT
from tests.bot.mailing import CARD, CHAIR, PAGE, REFERENCE, channel_of, running, settings, stands, until
from tests.fakes import MONDAY
from tests.mail_wire import HANG, LATER, NEVER, PASSWORD, RESET, MailServer, mail_server


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[MailServer]:
    """A provider that asks for STARTTLS and a password."""
    async with mail_server(tmp_path / "server") as wire:
        yield wire


# What a message carries.


async def test_a_card_goes_out_encrypted_and_signed_in(wire: MailServer, tmp_path: Path):
    """STARTTLS first, then the password, then the message; and that the server takes it proves no delivery."""
    receipt = await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")
    (mail,) = wire.mails
    assert mail.encrypted
    assert mail.signed_in
    assert (mail.sender, mail.to) == ("signpost@school.example", ("chair@school.example",))
    assert isinstance(receipt, Unproved)


async def test_a_card_says_reference_urgency_clock_and_link_and_nothing_else(wire: MailServer, tmp_path: Path):
    """No name, no word of what was written, not even what kind of thing it is: e-mail is read by others."""
    await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")
    (mail,) = wire.mails
    assert mail.message["Subject"] == f"Signpost: {REFERENCE} needs you"
    for form in ("plain", "html"):
        words = mail.part(form)
        assert REFERENCE in words
        assert "within one school hour" in words
        assert "Monday 23 November at 10:00" in words
        assert f"{PAGE}/desk/rosebrook" in words
        for kept in ("Jamie", "Oak", "follows", "pupil", "parents", "Acknowledge"):
            assert kept not in words
            assert kept.encode() not in mail.raw


async def test_the_headers_are_those_of_a_machine(wire: MailServer, tmp_path: Path):
    """So that nobody's out-of-office answers; and no way to unsubscribe from a duty."""
    await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")
    message = wire.mails[0].message
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Unsubscribe"] is None
    assert parsedate_to_datetime(message["Date"]) == MONDAY
    assert message["From"].addresses[0].addr_spec == "signpost@school.example"
    assert message.get_content_type() == "multipart/alternative"


async def test_the_page_of_a_message_loads_nothing(wire: MailServer, tmp_path: Path):
    """Whoever opens it tells nobody that they did."""
    await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")
    page = wire.mails[0].part("html")
    assert not any(tag in page for tag in ("<img", "<script", "<link", "<style", "src=", "url("))


async def test_every_attempt_has_the_same_number_and_two_cards_have_two(wire: MailServer, tmp_path: Path):
    """A repeat is recognised as one, also by another process and after a restart."""
    await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")
    await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")
    await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-2")
    await channel_of(settings(tmp_path, wire)).send(Address("email", "head@school.example"), CARD, "key-1")
    numbers = [mail.message["Message-ID"] for mail in wire.mails]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


async def test_a_digest_goes_out_whole_without_what_is_typed_in_a_chat(wire: MailServer, tmp_path: Path):
    """It is made of references and counts, and the head of the record in it is to be kept."""
    digest = Reply(f"Waiting:\n• {REFERENCE}, <soon>\nType “cases” to read them.", title="Signpost: today", about=DIGEST_ABOUT)
    await channel_of(settings(tmp_path, wire)).send(CHAIR, digest, "key-1")
    (mail,) = wire.mails
    assert mail.message["Subject"] == "Signpost: your digest"
    assert f"• {REFERENCE}, <soon>" in mail.part("plain")
    assert f"• {REFERENCE}, &lt;soon&gt;" in mail.part("html")
    assert "Type" not in mail.part("plain")


async def test_the_weekly_digest_counts_without_saying_what_it_was(wire: MailServer, tmp_path: Path):
    """At a small school “1 × …” says as much as a name; the head of the record goes with it, to be kept."""
    lines = ("Reports that came in: 2.", WEEKLY_KIND.format(number=1, title="Somebody follows a pupil"), HEAD.format(head="3f2a"))
    await channel_of(settings(tmp_path, wire)).send(CHAIR, Reply("\n".join(lines), title="The week", about=DIGEST_ABOUT), "key-1")
    words = wire.mails[0].part("plain")
    assert "Reports that came in: 2." in words
    assert "--head 3f2a" in words.replace("\n", " ")
    assert "follows" not in words


async def test_several_cards_in_one_name_each_reference(wire: MailServer, tmp_path: Path):
    """What the outbox gathers is one message here too."""
    several = Reply(f"2 more reports. The newest is {REFERENCE}. SP-9Q4XB", choices=(Choice("Open cases", "open"),), about="cases:")
    await channel_of(settings(tmp_path, wire)).send(CHAIR, several, "key-1")
    (mail,) = wire.mails
    assert mail.message["Subject"] == f"Signpost: {REFERENCE} and others need you"
    assert f"{REFERENCE}, SP-9Q4XB" in mail.part("plain")


@pytest.mark.parametrize("line", [ADDED, NUDGED])
async def test_a_line_that_asks_for_somebody_goes_out_as_a_card_without_its_words(wire: MailServer, tmp_path: Path, line: str):
    """More was said, or nothing has happened: whoever has the report by e-mail alone must hear that it needs them."""
    said = Reply(line.format(reference=REFERENCE), choices=(Choice("Open", "open"),), about="case:3f2a")
    await channel_of(settings(tmp_path, wire)).send(CHAIR, said, "key-1")
    (mail,) = wire.mails
    assert mail.message["Subject"] == f"Signpost: {REFERENCE} needs you"
    assert line.format(reference=REFERENCE) not in " ".join(mail.part("plain").split())


async def test_a_drill_is_called_one(wire: MailServer, tmp_path: Path):
    """Nobody may take it for the real thing, nor the real thing for it."""
    await channel_of(settings(tmp_path, wire)).send(CHAIR, replace(CARD, title=f"DRILL: {CARD.title}"), "key-1")
    assert wire.mails[0].message["Subject"] == f"DRILL: Signpost: {REFERENCE} needs you"


@pytest.mark.parametrize(
    "reply",
    [
        Reply("Hello, what happened?"),
        Reply("Which platform was it?", choices=(Choice("One", "1"),), about="q:1"),
        Reply(f"You told me about {REFERENCE}.", about="case:3f2a"),
    ],
    ids=["words", "a question", "a line that needs nothing"],
)
async def test_what_is_no_card_and_no_digest_is_refused_for_good(wire: MailServer, tmp_path: Path, reply: Reply):
    """Nobody talks to the bot by e-mail: such a line goes to another place of theirs, and no word of it goes out here."""
    with pytest.raises(SendFailed, match="only cards, digests") as refusal:
        await channel_of(settings(tmp_path, wire)).send(CHAIR, reply, "key-1")
    assert refusal.value.permanent
    assert not wire.heard


async def test_it_changes_nothing_that_was_sent_and_does_not_write_again_to_say_that_it_is_over(wire: MailServer, tmp_path: Path):
    """It has no `edit`; that the gathered reports are all in hand is no reason for one more message."""
    channel = channel_of(settings(tmp_path, wire))
    assert not isinstance(channel, Edits)
    assert await channel.send(CHAIR, Reply("All in hand.", about="cases:"), "key-1") == ""
    assert not wire.heard


@pytest.mark.parametrize("reached", [False, True], ids=["no address", "an address"])
async def test_where_nobody_said_where_the_desk_is_the_message_says_where_else(wire: MailServer, tmp_path: Path, reached: bool):
    """A link that leads nowhere is worse than none."""
    config = settings(tmp_path, wire)
    config = config if reached else config.model_copy(update={"web": Web()})
    await channel_of(config).send(CHAIR, CARD, "key-1")
    assert (f"{PAGE}/desk/rosebrook" in wire.mails[0].part("plain")) is reached
    assert ("where you talk to Signpost" in wire.mails[0].part("plain")) is not reached


async def test_where_several_schools_share_the_server_the_link_leads_to_all_their_pages(wire: MailServer, tmp_path: Path):
    """An address does not say which school is meant, and a wrong page would be worse than one more click."""
    config = settings(tmp_path, wire).model_copy(update={"schools": ("rosebrook", "trent")})
    await channel_of(config).send(CHAIR, CARD, "key-1")
    words = wire.mails[0].part("plain")
    assert f"{PAGE}/desk" in words.split()
    assert "rosebrook" not in words


# What an answer of the server means.


async def test_come_again_later_is_tried_again_under_the_same_number(wire: MailServer, tmp_path: Path):
    """451 after the message was said, and a greylisted address: both pass."""
    channel = channel_of(settings(tmp_path, wire))
    wire.faults.append(LATER)
    with pytest.raises(SendFailed, match="451") as busy:
        await channel.send(CHAIR, CARD, "key-1")
    assert not busy.value.permanent
    wire.refuse[CHAIR.place] = "450 4.2.0 Greylisted"
    with pytest.raises(SendFailed, match="450") as later:
        await channel.send(CHAIR, CARD, "key-1")
    assert not later.value.permanent
    wire.refuse.clear()
    await channel.send(CHAIR, CARD, "key-1")
    assert len(wire.mails) == 1


async def test_never_is_never_for_that_address_alone(wire: MailServer, tmp_path: Path):
    """550 for the address or for the message: the next place is tried, and other addresses go on."""
    channel = channel_of(settings(tmp_path, wire))
    wire.refuse[CHAIR.place] = "550 5.1.1 No such user here: chair@school.example"
    with pytest.raises(SendFailed, match="550") as unknown:
        await channel.send(CHAIR, CARD, "key-1")
    assert unknown.value.permanent
    assert "chair" not in str(unknown.value)
    wire.faults.append(NEVER)
    with pytest.raises(SendFailed, match="550") as unwanted:
        await channel.send(Address("email", "head@school.example"), CARD, "key-2")
    assert unwanted.value.permanent
    await channel.send(Address("email", "head@school.example"), CARD, "key-2")
    assert len(wire.mails) == 1


async def test_a_server_that_hangs_is_given_up_and_may_have_it_or_not(wire: MailServer, tmp_path: Path, monkeypatch):
    """No answer after the message was said: no SendFailed, for nobody can say that it was not delivered."""
    monkeypatch.setattr("bot.channels.email.post.ANSWER_WITHIN", 0.3)
    wire.faults.append(HANG)
    async with asyncio.timeout(3):
        with pytest.raises(TimeoutError, match="did not say"):
            await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")


@asynccontextmanager
async def odd_server(folder: Path, says: Sequence[bytes]) -> AsyncIterator[MailServer]:
    """What takes a connection and says one of SAYS every now and then; nothing when there is none."""
    lines: list[asyncio.StreamWriter] = []

    async def answer(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        lines.append(out)
        for words in says:
            out.write(words)
            await asyncio.sleep(0.05)
        await asyncio.sleep(9)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield MailServer(folder, port=server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for line in lines:
            line.transport.abort()
        await asyncio.sleep(0.01)


async def test_a_server_that_hangs_from_the_start_has_nothing(tmp_path: Path, monkeypatch):
    """It takes the connection and never says a word."""
    monkeypatch.setattr("bot.channels.email.post.ANSWER_WITHIN", 0.3)
    async with odd_server(tmp_path, ()) as wire, asyncio.timeout(3):
        with pytest.raises(Unreachable, match="in time"):
            await channel_of(settings(tmp_path, wire, encryption="none", ca_file=None)).send(CHAIR, CARD, "key-1")


async def test_a_server_that_says_a_little_at_a_time_hangs_too(tmp_path: Path, monkeypatch):
    """Each line comes in time, and the answer never ends."""
    monkeypatch.setattr("bot.channels.email.post.WITHIN", 0.5)
    async with odd_server(tmp_path, [b"220-wait\r\n"] * 100) as wire, asyncio.timeout(3):
        with pytest.raises(TimeoutError):
            await channel_of(settings(tmp_path, wire, encryption="none", ca_file=None)).send(CHAIR, CARD, "key-1")


async def test_a_line_that_breaks_after_the_message_may_mean_a_repeat_and_never_a_loss(wire: MailServer, tmp_path: Path):
    """The server had it all the same: the second one carries the same number."""
    channel = channel_of(settings(tmp_path, wire))
    wire.faults.append(RESET)
    with pytest.raises(ConnectionResetError, match="before it said"):
        await channel.send(CHAIR, CARD, "key-1")
    await channel.send(CHAIR, CARD, "key-1")
    assert len({mail.message["Message-ID"] for mail in wire.mails}) == 1
    assert len(wire.mails) == 2


async def test_only_a_few_connections_at_a_time(wire: MailServer, tmp_path: Path):
    """Microsoft's server refuses the fourth from one mailbox."""
    channel = channel_of(settings(tmp_path, wire))
    await asyncio.gather(*(channel.send(CHAIR, CARD, f"key-{number}") for number in range(12)))
    assert len(wire.mails) == 12
    assert 1 < wire.most_open <= AT_ONCE


@pytest.mark.parametrize(
    "place", ["", "chair", "chair@", "a@b", "a@x.example, b@x.example", "a@x.example\r\nRCPT TO:<b@x.example>"]
)
async def test_what_is_no_address_is_refused_for_good(wire: MailServer, tmp_path: Path, place: str):
    """Nothing is said to the server."""
    with pytest.raises(SendFailed) as refusal:
        await channel_of(settings(tmp_path, wire)).send(Address("email", place), CARD, "key-1")
    assert refusal.value.permanent
    assert not wire.heard


# Encryption, the certificate and the password.


async def test_a_line_that_is_encrypted_from_the_first_byte(tmp_path: Path):
    """What port 465 is for."""
    async with mail_server(tmp_path / "server", how="tls") as wire:
        await channel_of(settings(tmp_path, wire, encryption="tls")).send(CHAIR, CARD, "key-1")
        assert wire.mails[0].signed_in


async def test_a_server_without_encryption_hears_no_password_and_no_message(tmp_path: Path):
    """Whoever takes STARTTLS out on the way gets nothing."""
    async with mail_server(tmp_path / "server", how="none") as wire:
        channel = channel_of(settings(tmp_path, wire))
        with pytest.raises(Misconfigured, match=r"email\.encryption"):
            await channel.run(lambda *_: asyncio.sleep(0))
        with pytest.raises(SendFailed, match="settings"):
            await channel.send(CHAIR, CARD, "key-1")
        assert not wire.heard
        assert not wire.passwords


async def test_on_this_very_machine_plain_is_allowed_if_somebody_writes_so(tmp_path: Path):
    """A relay beside the bot."""
    async with mail_server(tmp_path / "server", how="none") as wire:
        config = settings(tmp_path, wire, encryption="none", user="", password="", ca_file=None)
        await channel_of(config).send(CHAIR, CARD, "key-1")
        assert not wire.mails[0].encrypted


@pytest.mark.parametrize("how", ["starttls", "tls"])
async def test_a_certificate_that_nobody_vouches_for_ends_it_before_the_password(tmp_path: Path, how: str):
    """The school's own authority is believed only where the settings say so; and it may heal, so it is tried again."""
    async with mail_server(tmp_path / "server", how=how) as wire:
        channel = channel_of(settings(tmp_path, wire, encryption=how, ca_file=None))
        with pytest.raises(Unreachable, match="certificate") as untrusted:
            await channel.send(CHAIR, CARD, "key-1")
        assert not untrusted.value.permanent
        assert not wire.passwords


async def test_a_certificate_for_another_name_is_none(tmp_path: Path):
    """Somebody else's server with a perfectly good certificate."""
    async with mail_server(tmp_path / "server", name="mail.other.example") as wire:
        with pytest.raises(Unreachable, match="certificate"):
            await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")
        assert not wire.passwords


async def test_a_wrong_password_is_loud_and_not_tried_again(wire: MailServer, tmp_path: Path):
    """The supervisor says "misconfigured"; a mailbox is locked after a few wrong ones, so nothing more is tried."""
    channel = channel_of(settings(tmp_path, wire, password="guess"))
    with pytest.raises(Misconfigured, match="SIGNPOST_SMTP_PASSWORD") as told:
        await channel.run(lambda *_: asyncio.sleep(0))
    assert "guess" not in str(told.value)
    tried = len(wire.passwords)
    for number in range(3):
        with pytest.raises(SendFailed, match="settings") as refusal:
            await channel.send(CHAIR, CARD, f"key-{number}")
        assert not refusal.value.permanent
    assert len(wire.passwords) == tried


async def test_a_password_that_is_changed_while_it_runs_ends_the_channel_as_loudly(wire: MailServer, tmp_path: Path):
    """The next message finds out; until then it stood as up."""
    channel = channel_of(settings(tmp_path, wire))
    async with running(channel) as task:
        await stands(channel, "up")
        wire.password = "another"
        with pytest.raises(SendFailed):
            await channel.send(CHAIR, CARD, "key-1")
        with pytest.raises(Misconfigured):
            await task


async def test_a_server_that_cannot_check_passwords_just_now_is_an_outage(wire: MailServer, tmp_path: Path):
    """454 is no wrong password."""
    wire.signs_in = "454 4.7.0 Temporary authentication failure"
    with pytest.raises(Unreachable, match="454"):
        await channel_of(settings(tmp_path, wire)).send(CHAIR, CARD, "key-1")


async def test_a_sender_that_the_server_does_not_take_is_a_setting_to_change(wire: MailServer, tmp_path: Path):
    """Not the fault of whoever is written to: their address is not given up."""
    wire.sender_refused = "553 5.7.1 Sender address rejected: not owned by user"
    channel = channel_of(settings(tmp_path, wire))
    async with running(channel) as task:
        await stands(channel, "up")
        with pytest.raises(SendFailed) as refusal:
            await channel.send(CHAIR, CARD, "key-1")
        assert not refusal.value.permanent
        with pytest.raises(Misconfigured, match=r"email\.sender"):
            await task


# How it stands.


async def test_it_is_tried_out_in_the_background_and_says_how_it_stands(wire: MailServer, tmp_path: Path):
    """Up once the server let it in, without a message; down as soon as one cannot be handed over."""
    channel = channel_of(settings(tmp_path, wire))
    assert channel.standing == "starting"
    async with running(channel) as task:
        await stands(channel, "up")
        assert wire.passwords == [PASSWORD]
        assert not wire.heard
        wire.signs_in = "454 4.7.0 Temporary authentication failure"
        with pytest.raises(Unreachable):
            await channel.send(CHAIR, CARD, "key-1")
        with pytest.raises(Unreachable):
            await task
    assert channel.standing == "retrying"


async def test_the_supervisor_brings_it_back(wire: MailServer, tmp_path: Path, monkeypatch):
    """The state that the status port shows follows the server, down and up again."""
    monkeypatch.setattr("bot.supervisor.FIRST_WAIT", 0.05)
    channel = channel_of(settings(tmp_path, wire))
    wire.signs_in = "454 4.7.0 Temporary authentication failure"
    supervisor = Supervisor({"email": channel}, lambda *_: asyncio.sleep(0))
    task = asyncio.create_task(supervisor.run())
    try:
        await until(lambda: supervisor.states["email"] == "retrying")
        wire.signs_in = ""
        await until(lambda: supervisor.states["email"] == "up")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_check_tries_the_server_out_and_sends_nothing(wire: MailServer, tmp_path: Path):
    """What `signpost check` says of it: the key and the remedy, or nothing."""
    assert await trouble(settings(tmp_path, wire)) == ""
    assert "SIGNPOST_SMTP_PASSWORD" in await trouble(settings(tmp_path, wire, password="guess"))
    assert "certificate" in await trouble(settings(tmp_path, wire, ca_file=None))
    assert "email.host" in await trouble(settings(tmp_path, wire, port=1))
    assert not wire.heard


def test_the_library_is_loaded_only_where_email_is_used():
    """A school without it pays nothing for it."""
    code = "import sys, bot.app, bot.config; sys.exit('aiosmtplib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0
