"""Every setting there is, with the comment that explains it in the file that `signpost init` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, Strict

FILE = "signpost.toml"
Port = Annotated[int, Strict(), Field(ge=0, le=65535)]


class _Part(BaseModel):
    """Unknown keys are refused everywhere: a mistyped one would quietly switch off whatever it was meant to set."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Web(_Part):
    """The address people reach."""

    host: str = Field(
        default="127.0.0.1",
        description='Where the bot listens. "127.0.0.1" keeps it to this machine, behind a web server that encrypts.',
    )
    port: Port = Field(default=8080, description="0 takes any free port.")
    base_url: str = Field(
        default="",
        description="The address people type, without a slash at the end. Empty means http://HOST:PORT.",
        examples=["https://ask.school.example"],
    )
    hosts: Mapping[str, str] = Field(
        default={},
        description="Host names that belong to one school: whoever comes by one of them is at that school and is asked no more.\n"
        "Every other name leads to the list of schools.",
        examples=[{"chat.rosebrook.example": "rosebrook"}],
    )

    def page(self, school: str) -> str:
        """Where people open the chat page of SCHOOL, under its own host name if it has one; empty while nobody said where.

        Not just any of the addresses: a browser keeps what was said to itself, host name by host name.
        """
        own = next((name for name, its in self.hosts.items() if its == school), None)
        reached = self.base_url if own is None else f"{self.base_url.partition('://')[0]}://{own}"
        return f"{reached}/chat/{school}" if self.base_url else ""


class StatusPort(_Part):
    """The pages for whoever looks after the machine."""

    host: str = Field(
        default="127.0.0.1", description="Anything but this machine itself also needs a token, in SIGNPOST_STATUS_TOKEN."
    )
    port: Port = Field(default=8081, description="/status and /metrics are served here and nowhere else.")


class Heartbeat(_Part):
    """A watcher outside the building."""

    url: SecretStr | None = Field(
        default=None,
        description="An address called while all is well; whoever runs it raises the alarm when the calls stop.\n"
        "Such an address is often a secret itself: then leave this out and set SIGNPOST_HEARTBEAT_URL.",
        examples=["https://watcher.example/ping/your-own-id"],
    )
    every_seconds: Annotated[int, Strict(), Field(ge=5, le=86400)] = Field(default=60, description="How often it is called.")


class Logging(_Part):
    """What is written about the running of the bot."""

    format: Literal["console", "json"] = Field(default="console", description='"console" for people, "json" for a log collector.')
    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="The least that is worth a line.")


class Telegram(_Part):
    """How Telegram and the bot reach each other. Tokens are SIGNPOST_TELEGRAM_TOKEN_SCHOOL, or SIGNPOST_TELEGRAM_TOKEN for all."""

    webhook: Annotated[bool, Strict()] = Field(
        default=False,
        description="false: the bot asks Telegram for messages, which needs no address of its own. true: Telegram calls the bot\n"
        "at web.base_url, which must be https; write that where several processes run.",
    )
    names: tuple[str, ...] = Field(
        default=(),
        description="What @BotFather calls the bot, without the @: for the links in invitations and on posters. One bot for all\n"
        "schools is one name; where each school has its own, they stand here in the order of `schools`.",
        examples=[["RosebrookSignpostBot"]],
    )
    api: str = Field(
        default="https://api.telegram.org",
        description="Where the Bot API is. Only a school that runs a server for it writes another address here.",
    )


class Slack(_Part):
    """Where Slack is. Its tokens are SIGNPOST_SLACK_BOT_TOKEN and what docs/channels/slack.md names beside it."""

    api: str = Field(
        default="https://slack.com/api",
        description="Without a slash at the end. Only a workspace in another of Slack's clouds has another address.",
    )


class Teams(_Part):
    """Which Microsoft 365 staff are in. The app's secret is SIGNPOST_TEAMS_CLIENT_SECRET: see docs/channels/teams.md."""

    app_id: str = Field(
        default="",
        description="Application (client) ID of the registration that the bot goes by.",
        examples=["00000000-0000-0000-0000-000000000001"],
    )
    tenants: tuple[str, ...] = Field(
        default=(),
        description="Directory (tenant) IDs of those who may write, first the one the app is registered in. Nobody else is heard.",
        examples=[["00000000-0000-0000-0000-000000000002"]],
    )
    staff: Annotated[bool, Strict()] = Field(
        default=True,
        description="true: whoever has an account there, and is no guest, reads the staff rules of the policy. Write false where\n"
        "pupils can reach the app too: then a role, or an invitation, is what makes somebody staff.",
    )
    login: str = Field(
        default="https://login.microsoftonline.com",
        description="Where the bot signs in. These three are other addresses only in another of Microsoft's clouds.",
    )
    keys: str = Field(
        default="https://login.botframework.com/v1/.well-known/keys",
        description="Where the keys are published that Teams signs its calls with.",
    )
    service: str = Field(
        default="https://smba.trafficmanager.net/teams",
        description="Where the bot writes to somebody who has not written to it since it was started.",
    )


class Email(_Part):
    """The mail server that takes what the bot writes. Its password is SIGNPOST_SMTP_PASSWORD, and nowhere else."""

    host: str = Field(default="", description="The server, as your mail provider names it.", examples=["smtp.school.example"])
    port: Port = Field(default=587, description="587 for STARTTLS, 465 where the line is encrypted from the first byte.")
    encryption: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description='"starttls" is usual; "tls" goes with port 465. "none" is only for a server on this very machine.',
    )
    user: str = Field(default="", description="Who signs in there. Empty: nobody does.", examples=["signpost@school.example"])
    sender: str = Field(
        default="",
        description="The address that the messages come from. Somebody should look into it: refusals come back there.",
        examples=["signpost@school.example"],
    )
    ca_file: Path | None = Field(
        default=None,
        description="Only where the server's certificate was issued by the school itself: the certificate that vouches for it.",
        examples=["/etc/signpost/school-ca.pem"],
    )


class Secrets(_Part):
    """What must never stand in a file that is passed around: read from SIGNPOST_ variables, never printed."""

    keys: SecretStr | None = None
    status_token: SecretStr | None = None
    heartbeat_url: SecretStr | None = None
    database: SecretStr | None = None
    smtp_password: SecretStr | None = None
    # SIGNPOST_SLACK_BOT_TOKEN is channels["slack"]["bot_token"]: a new channel needs no line here.
    channels: Mapping[str, Mapping[str, SecretStr]] = Field(default_factory=dict)


class Config(_Part):
    """Everything that can be set. All paths are absolute once `load` has handed it out."""

    schools: tuple[str, ...] = Field(
        default=(),
        description="The schools served. Each is the name of a folder with a policy.md and a school.toml in it.",
        examples=[["rosebrook"]],
    )
    schools_folder: Path | None = Field(
        default=None,
        description="Where your own school folders are. One found there wins over one of the same name that we ship.",
        examples=["schools"],
    )
    channels: tuple[str, ...] = Field(
        default=("web",),
        description="Where people talk to the bot. Each is the name of a file or folder in bot/channels/.",
    )
    data_folder: Path = Field(default=Path("signpost-data"), description="Where everything that is stored lies.")
    database: str = Field(
        default="",
        repr=False,
        description="Empty means one SQLite file in the data folder. Several processes or machines share a PostgreSQL;\n"
        "an address with a password in it belongs in SIGNPOST_DATABASE.",
        examples=["postgresql+psycopg://signpost@db.school.example/signpost"],
    )
    key_file: Path | None = Field(
        default=None,
        description="The key that seals what people write. It must not lie in the data folder: whoever copies the data\n"
        "must not find the key beside it. Instead of a file, SIGNPOST_KEYS may hold the key itself.",
        examples=["/etc/signpost/signpost.key"],
    )
    web: Web = Field(default=Web(), description="The address people reach.")
    status: StatusPort = Field(default=StatusPort(), description="Lag, channel states and metrics, for whoever looks after it.")
    slack: Slack = Field(default=Slack(), description='Only read where "slack" is among the channels.')
    teams: Teams = Field(default=Teams(), description='Only read where "teams" is among the channels.')
    telegram: Telegram = Field(default=Telegram(), description='Only read where "telegram" is among the channels.')
    email: Email = Field(default=Email(), description='Only read where "email" is among the channels.')
    heartbeat: Heartbeat = Field(default=Heartbeat(), description="An alarm from outside the building if the bot falls silent.")
    logging: Logging = Field(default=Logging(), description="Whatever is chosen here, no log carries a word that anybody wrote.")

    # These three are not for the file: they say how it came to be read.
    file: Path | None = Field(default=None, exclude=True)
    rehearsal: bool = Field(default=False, exclude=True)
    secrets: Secrets = Field(default=Secrets(), exclude=True, repr=False)

    @property
    def database_url(self) -> str:
        """The database in use."""
        if self.secrets.database is not None and not self.rehearsal:
            return self.secrets.database.get_secret_value()
        return self.database or f"sqlite:///{self.data_folder / 'signpost.db'}"

    @property
    def base_url(self) -> str:
        """The address people type, without a slash at the end."""
        return self.web.base_url or f"http://{self.web.host}:{self.web.port}"

    @property
    def heartbeat_url(self) -> SecretStr | None:
        """The watcher's address, if there is one. A rehearsal has none: it must not vouch for the real thing."""
        return None if self.rehearsal else self.secrets.heartbeat_url or self.heartbeat.url


NOT_IN_THE_FILE = ("file", "rehearsal", "secrets")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: in which file (or the environment), under which key, and what to write there."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.text) if part)


class ConfigError(Exception):
    """The configuration cannot be used. `problems` is everything that is wrong with it, not just the first thing."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
