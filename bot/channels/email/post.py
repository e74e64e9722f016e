"""The mail server: one connection a message, encrypted and checked before the password is said, and what its answers mean."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.channel import Misconfigured, SendFailed
from bot.config import Config
from bot.config.email import PASSWORD, password_of

ANSWER_WITHIN = 8.0  # seconds for one answer
WITHIN = 15.0  # for a whole message; below the outbox's own patience, so that we can still say what it was
GOODBYE_WITHIN = 1.0
AT_ONCE = 3  # Microsoft's server takes no more from one mailbox at a time and refuses the fourth
FOR_GOOD = 500  # answers from here on do not change by asking again


class Unreachable(SendFailed):
    """The server could not be talked to at all, so other messages will fare no better."""


class Post:
    """The way to the one mail server of the configuration."""

    def __init__(self, config: Config) -> None:
        self._settings = config.email
        self._password = password_of(config)
        self._domain = self._settings.sender.rpartition("@")[2]
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def look(self) -> None:
        """Connect, sign in, and send nothing. Unreachable or Misconfigured where that does not work."""
        async with self._connected():
            pass

    async def deliver(self, to: str, message: bytes) -> None:
        """Hand MESSAGE over for the one address TO.

        SendFailed: the server does not have it. A TimeoutError or ConnectionError: nobody can say whether it has.
        """
        async with self._turn, self._connected() as server:
            await self._envelope(server, to)
            try:
                await server.data(message)
            except SMTPResponseException as refusal:
                raise _refused(refusal) from None
            except TimeoutError:
                raise TimeoutError("The mail server did not say whether it has the message.") from None
            except (ConnectionError, SMTPException):
                raise ConnectionResetError("The mail server hung up before it said whether it has the message.") from None

    async def _envelope(self, server: SMTP, to: str) -> None:
        try:
            await server.mail(self._settings.sender)
            await server.rcpt(to)
        except SMTPSenderRefused as refusal:
            if refusal.code >= FOR_GOOD:
                raise Misconfigured(
                    f"email.sender: The mail server does not take messages from this address ({refusal.code}). "
                    f"Write one that email.user may send from, or set email.user and {PASSWORD}."
                ) from None
            raise _refused(refusal) from None
        except (SMTPRecipientRefused, SMTPResponseException) as refusal:
            raise _refused(refusal) from None
        except (OSError, SMTPException) as error:
            raise _unreachable(error) from None

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        """A connection over which nobody reads along, signed in.

        All that is done over it must be done WITHIN: a server that answers a byte at a time is one that hangs.
        """
        settings = self._settings
        server = SMTP(
            hostname=settings.host,
            port=settings.port,
            local_hostname=self._domain,  # the name of this machine is nobody's business
            timeout=ANSWER_WITHIN,
            use_tls=settings.encryption == "tls",
            start_tls=False,  # done below, where "it offers none" can be told from "it did not work"
            tls_context=self._trust() if settings.encryption == "tls" else None,
        )
        try:
            async with asyncio.timeout(WITHIN):
                await self._open(server)
                yield server
            await _goodbye(server)
        finally:
            server.close()

    async def _open(self, server: SMTP) -> None:
        try:
            await server.connect()
            await server.ehlo()
            if self._settings.encryption == "starttls":
                await self._encrypt(server)
            if self._settings.user:
                await self._sign_in(server)
        except SMTPResponseException as refusal:
            raise Unreachable(f"The mail server does not want to talk to us now ({refusal.code}).") from None
        except (OSError, SMTPException) as error:
            raise _unreachable(error) from None

    async def _encrypt(self, server: SMTP) -> None:
        if not server.supports_extension("starttls"):
            raise Misconfigured(
                "email.encryption: The mail server offers no encryption on this port, so nothing was said to it. "
                'Write encryption = "tls" and port = 465 if it has that, or ask the provider.'
            )
        await server.starttls(tls_context=self._trust())

    async def _sign_in(self, server: SMTP) -> None:
        try:
            await server.login(self._settings.user, self._password)
        except SMTPAuthenticationError as refusal:
            if refusal.code < FOR_GOOD:
                raise Unreachable(f"The mail server cannot check passwords at the moment ({refusal.code}).") from None
            raise Misconfigured(
                f"{PASSWORD}: The mail server does not accept it for email.user ({refusal.code}). Set it anew."
            ) from None
        except SMTPException as error:
            if server.is_connected and not isinstance(error, (OSError, SMTPResponseException)):
                raise Misconfigured(
                    "email.user: Nobody can sign in at this mail server by password. Ask the provider how."
                ) from None
            raise

    def _trust(self) -> ssl.SSLContext:
        """Whose certificates are believed: those that this machine believes, or the school's own and no other."""
        file = self._settings.ca_file
        try:
            return ssl.create_default_context(cafile=None if file is None else str(file))
        except (ssl.SSLError, OSError):
            raise Misconfigured(f"email.ca_file: {file} is no certificate that can be read. Write one in PEM form.") from None


async def trouble(config: Config) -> str:
    """What stands between the bot and its mail server; empty where nothing does. For `signpost check`: nothing is sent."""
    try:
        await Post(config).look()
    except (Misconfigured, SendFailed) as found:
        return str(found)
    except TimeoutError:
        return f"email.host: {config.email.host} does not answer in time on port {config.email.port}."
    return ""


async def _goodbye(server: SMTP) -> None:
    """End politely. What was sent is with the server by now: how it takes leave changes nothing."""
    try:
        await server.quit(timeout=GOODBYE_WITHIN)
    except (OSError, SMTPException):
        return


def _refused(refusal: SMTPResponseException) -> SendFailed:
    """The server said no. The words of its answer are left out: they repeat the address."""
    if refusal.code >= FOR_GOOD:
        return SendFailed(f"The mail server does not take messages for that address ({refusal.code}).", permanent=True)
    return SendFailed(f"The mail server asks us to come again ({refusal.code}).")


def _unreachable(error: Exception) -> Unreachable:
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return Unreachable(
            "email.host: Nobody this machine trusts vouches for the mail server's certificate, or it is for another name. "
            "Write the name that the provider gives; where the school issues its own, set email.ca_file."
        )
    if isinstance(error, TimeoutError):
        return Unreachable("email.host: The mail server does not answer in time.")
    return Unreachable("email.host: The mail server cannot be reached, or hung up.")
