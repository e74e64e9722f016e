"""What must hold before e-mail can be used: the library is there, a server and a sender are named, and the line is encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec

from bot.config.addresses import loopback
from bot.config.model import Config
from bot.mail_address import mail_address

CHANNEL = "email"
PASSWORD = "SIGNPOST_SMTP_PASSWORD"  # noqa: S105 - the name of the variable, not what is in it
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")


def password_of(config: Config) -> str:
    """What the bot signs in with; empty where it does not."""
    secret = config.secrets.smtp_password
    return secret.get_secret_value() if secret is not None else ""


def broken(config: Config) -> Iterator[tuple[str, str]]:
    """Every rule about e-mail that CONFIG breaks: (key or variable, what is wrong and what to write)."""
    for name in sorted(config.secrets.channels.get(CHANNEL, {})):
        yield f"SIGNPOST_EMAIL_{name.upper()}", f"Nothing reads this. The password is {PASSWORD}; all else stands under [email]."
    if CHANNEL not in config.channels:
        return
    email = config.email
    if find_spec("aiosmtplib") is None:
        yield "channels", "E-mail needs its library: pip install 'signpost[email]'."
    if not _HOST.fullmatch(email.host):
        yield "email.host", 'Name the mail server alone, for instance host = "smtp.school.example".'
    if mail_address(email.sender) is None:
        yield "email.sender", 'Write the one address that messages come from, for instance sender = "signpost@school.example".'
    if email.encryption == "none" and not loopback(email.host):
        yield "email.encryption", 'Without encryption others can read along: write "starttls", or "tls" with port = 465.'
    if email.ca_file is not None and not email.ca_file.is_file():
        yield "email.ca_file", f"There is no file {email.ca_file}. Leave the key out where the certificate is an ordinary one."
    if email.user and not password_of(config):
        yield PASSWORD, "email.user is to sign in at the mail server: set this to their password."
    if password_of(config) and not email.user:
        yield "email.user", f"{PASSWORD} is set. Write who signs in with it, or unset it where nobody has to."
