"""A mail server as a school's provider runs one: it encrypts, asks for a password, is strict, and fails as the real ones do.

    async with mail_server(tmp_path) as wire:
        wire.port, wire.ca_file         # what the configuration needs
        wire.refuse["x@y.example"] = "550 5.1.1 No such user"
        wire.faults.append(HANG)        # for the next message
        wire.mails                      # everything it has taken, as read from the bytes that came

The server is aiosmtpd's own, over a real socket and with a certificate made here. In front of the parts that a fault is about
stands what a server in trouble does.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

USER, PASSWORD = "signpost@school.example", "correct horse battery staple"
LATER, NEVER = "451 4.3.0 Come again later", "550 5.7.1 Not wanted"
HANG, RESET = "hang", "reset after DATA"  # neither says whether it has the message: HANG has not, RESET has


@dataclass
class Taken:
    """One message that the server said it has."""

    sender: str
    to: tuple[str, ...]
    raw: bytes
    encrypted: bool
    signed_in: bool

    @property
    def message(self) -> EmailMessage:
        """What a mail program makes of it."""
        read = message_from_bytes(self.raw, policy=POLICY)
        assert isinstance(read, EmailMessage)
        return read

    def part(self, kind: str) -> str:
        """The words in that form: "plain" or "html"."""
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class MailServer:
    """What the server knows, does and is told to do badly."""

    ca_file: Path
    wants_password: bool = True
    password: str = PASSWORD
    signs_in: str = ""  # an answer instead of checking the password, as "454 4.7.0 Temporary failure"
    sender_refused: str = ""
    refuse: dict[str, str] = field(default_factory=dict)  # address -> the answer to RCPT
    faults: list[str] = field(default_factory=list)  # for each message, in order: an answer to DATA, HANG or RESET
    mails: list[Taken] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)
    passwords: list[str] = field(default_factory=list)
    lines: list[asyncio.Transport] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0
    port: int = 0

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        self.passwords.append(data.password.decode())
        if self.signs_in:
            return AuthResult(success=False, handled=False, message=self.signs_in)
        right = data.login.decode() == USER and data.password.decode() == self.password
        # `handled` must be said: left out, the server answers nothing to a wrong password and the client waits for ever.
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        self.heard["MAIL"] += 1
        if self.wants_password and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.sender_refused:
            return self.sender_refused
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        self.heard["RCPT"] += 1
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.heard["DATA"] += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == HANG:
            await asyncio.Event().wait()
        if fault and fault != RESET:
            return fault
        assert isinstance(envelope.content, bytes)
        assert envelope.mail_from is not None
        _strictly(envelope.content)
        assert server.transport is not None
        encrypted = server.transport.get_extra_info("ssl_object") is not None
        self.mails.append(
            Taken(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content, encrypted, bool(session.authenticated))
        )
        if fault == RESET:
            server.transport.abort()
        return "250 OK"


def _strictly(raw: bytes) -> None:
    """What a careful server refuses: bare line ends, lines that are too long, eight bits that were not announced, no Date."""
    assert b"\n" not in raw.replace(b"\r\n", b""), "a bare line feed"
    assert b"\r" not in raw.replace(b"\r\n", b""), "a bare carriage return"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n")), "a line over 998"
    assert all(byte < 128 for byte in raw), "eight bits"
    message = message_from_bytes(raw, policy=POLICY)
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        assert len(message.get_all(name, [])) == 1, f"not one {name}"
    assert not message.defects


@dataclass
class _Counting:
    """Counts how many connections are open at a time, as Microsoft's server does."""

    wire: MailServer

    def factory(self, settings: dict[str, object]) -> SMTP:
        wire = self.wire

        class Line(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                if self.transport is None:  # a second time when it becomes encrypted
                    wire.open_now += 1
                    wire.most_open = max(wire.most_open, wire.open_now)
                super().connection_made(transport)
                assert isinstance(transport, asyncio.Transport)
                wire.lines.append(transport)

            def connection_lost(self, error: Exception | None) -> None:
                wire.open_now -= 1
                super().connection_lost(error)

        return Line(wire, hostname="mail.school.example", loop=asyncio.get_running_loop(), **settings)


@asynccontextmanager
async def mail_server(folder: Path, *, how: str = "starttls", name: str = "127.0.0.1") -> AsyncIterator[MailServer]:
    """A mail server that encrypts by HOW ("starttls", "tls", "none"), with a certificate for NAME."""
    context, ca_file = certificate(folder, name)
    wire = MailServer(ca_file, wants_password=how != "none")
    encrypts = how == "starttls"
    settings: dict[str, object] = {
        "tls_context": context if encrypts else None,
        "require_starttls": encrypts,
        "authenticator": wire.authenticate,
        "auth_require_tls": encrypts,
        "auth_exclude_mechanism": ["LOGIN"],
    }
    counting = _Counting(wire)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire.port = listener.getsockname()[1]
        server = await asyncio.get_running_loop().create_server(
            lambda: counting.factory(settings), sock=listener, ssl=context if how == "tls" else None
        )
        try:
            yield wire
        finally:
            server.close()
            for line in wire.lines:
                line.abort()
            await asyncio.sleep(0.01)


# That it issues certificates, and lists those that count no more.
AUTHORITY_MAY = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A certificate for NAME, and the file of the authority that issued it."""
    now = dt.datetime.now(dt.UTC)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The school's own authority")])

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        )

    root = (
        builder(authority, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(AUTHORITY_MAY, critical=True)  # Python 3.13 takes no authority that does not say so
        .sign(authority_key, hashes.SHA256())
    )
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    leaf = (
        builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key.public_key())
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    ca_file, both = folder / "authority.pem", folder / "server.pem"
    pem = serialization.Encoding.PEM
    ca_file.write_bytes(root.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(private + leaf.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(both)
    return context, ca_file
