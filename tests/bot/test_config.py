"""signpost.toml and the environment: what is accepted, and how everything else is refused."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.config import Config, ConfigError, example, load
from bot.config.model import NOT_IN_THE_FILE
from bot.config.names import CHANNELS, SCHOOLS, channel_names, school_names

GOOD = 'schools = ["rosebrook"]\nchannels = ["web"]\n'


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder to keep a configuration in, a sealed-off key beside it, and names that exist whatever else is being written."""
    schools = tmp_path / "shipped"
    for name in ("rosebrook", "oakfield"):
        (schools / name).mkdir(parents=True)
        (schools / name / "school.toml").write_text("")
    channels = tmp_path / "channels"
    (channels / "web").mkdir(parents=True)
    (channels / "web" / "__init__.py").write_text("")
    for name in ("console", "telegram", "_private"):
        (channels / f"{name}.py").write_text("")
    monkeypatch.setattr("bot.config.names.SCHOOLS", schools)
    monkeypatch.setattr("bot.config.names.CHANNELS", channels)
    key = tmp_path / "keys" / "signpost.key"
    key.parent.mkdir()
    key.write_text("made up")
    key.chmod(0o600)
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def write(place: Path, text: str, *, key: bool = True) -> Path:
    """A signpost.toml with TEXT in it."""
    file = place / "signpost.toml"
    file.write_text((f'key_file = "{place.parent}/keys/signpost.key"\n' if key else "") + text)
    return file


def problems(file: Path, environ: dict[str, str] | None = None, **how) -> list[str]:
    """Everything `load` has against FILE, one line each."""
    with pytest.raises(ConfigError) as caught:
        load(file, environ or {}, **how)
    return [str(problem) for problem in caught.value.problems]


def test_paths_count_from_the_folder_of_the_file(place):
    """Started from anywhere, the same file means the same places."""
    config = load(write(place, GOOD + 'data_folder = "data"\ndatabase = "sqlite:///store/bot.db"\n'), {})
    assert config.data_folder == place / "data"
    assert config.database_url == f"sqlite:///{place / 'store' / 'bot.db'}"
    assert config.file == place / "signpost.toml"
    assert not config.rehearsal


def test_without_a_database_everything_is_one_file_in_the_data_folder(place):
    """The default needs nothing installed beside Python."""
    config = load(write(place, GOOD), {})
    assert config.database_url == f"sqlite:///{place / 'signpost-data' / 'signpost.db'}"
    assert config.base_url == "http://127.0.0.1:8080"


def test_everything_that_is_wrong_is_said_at_once(place):
    """Mistakes of different kinds do not hide one another; each names the file, the key and what to write."""
    text = """\
schools = ["rosbrook"]
channels = ["web", "telegarm"]
chanels = ["web"]
rehearsal = true
[web]
port = "8080"
hst = "127.0.0.1"
[logging]
level = "loud"
[heartbeat]
every_seconds = 1
"""
    said = problems(write(place, text), {"SIGNPOST_STATUS_TOKN": "x"})
    for wanted in (
        'signpost.toml: schools: "rosbrook": No folder of this name holds a school.toml. Did you mean "rosebrook"?',
        'signpost.toml: channels: "telegarm": There is no file or folder of this name in bot/channels/. Did you mean "telegram"?',
        'signpost.toml: chanels: There is no such key. Did you mean "channels"?',
        "signpost.toml: rehearsal: This is not a setting. Rehearsals are chosen on the command line: signpost run --rehearsal.",
        "signpost.toml: web.port: Write a whole number without quotation marks.",
        'signpost.toml: web.hst: There is no such key. Did you mean "host"?',
        "signpost.toml: logging.level: Write one of: 'debug', 'info', 'warning' or 'error'.",
        "signpost.toml: heartbeat.every_seconds: Write a number of at least 5.",
        'environment: SIGNPOST_STATUS_TOKN: Nothing reads this. Did you mean "SIGNPOST_STATUS_TOKEN"?',
    ):
        assert wanted in said
    assert len(said) == 9


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("schools = []", "schools", 'schools = ["rosebrook"]'),
        ('schools = "rosebrook"', "schools", 'schools = ["…"]'),
        ('schools = ["rosebrook", "rosebrook"]', "schools", "twice"),
        (GOOD.replace('"web"', ""), "channels", 'channels = ["web"]'),
        (GOOD + "data_folder = 3", "data_folder", "quotation marks"),
        (GOOD + "web = 3", "web", "[web]"),
        (GOOD + 'schools_folder = "nowhere"', "schools_folder", "Make it, or remove the key"),
        (GOOD + 'data_folder = "signpost.toml"', "data_folder", "Name a folder"),
        (GOOD + 'database = "mysql://x"', "database", "postgresql+psycopg://"),
        (GOOD + 'database = "sqlite://user@host/name"', "database", "sqlite:///"),
        (GOOD + 'database = "sqlite:///:memory:"', "database", "sqlite:///"),
        (GOOD + '[status]\nhost = "0.0.0.0"', "status.host", "SIGNPOST_STATUS_TOKEN"),
        (GOOD + "[status]\nport = 8080", "status.port", "another number"),
        (GOOD + '[web]\nhost = "0.0.0.0"', "web.base_url", "https://"),
        (GOOD + '[web]\nbase_url = "http://ask.school.example"', "web.base_url", "unencrypted"),
        (GOOD + '[web]\nbase_url = "https://ask.school.example/"', "web.base_url", "without a slash"),
        (GOOD + '[web]\nbase_url = "ask.school.example"', "web.base_url", "whole address"),
        (GOOD + '[heartbeat]\nurl = "http://watcher.example"', "heartbeat.url", "https://"),
        (GOOD + '[secrets]\nkeys = "x"', "secrets", "Remove it"),
    ],
)
def test_each_mistake_names_its_key_and_its_remedy(place, text, key, remedy):
    """One mistake gives one line."""
    (said,) = problems(write(place, text))
    assert said.startswith(f"signpost.toml: {key}: ")
    assert remedy in said


def test_a_missing_file_and_a_broken_one_name_themselves(place):
    """The way out of having no configuration is `signpost init`; a slip of the pen is found by its line."""
    (said,) = problems(place / "signpost.toml")
    assert said.endswith("signpost.toml: There is no such file. `signpost init` writes one.")
    (said,) = problems(write(place, "\nschools = \n", key=False))
    assert "line 2" in said
    (place / "signpost.toml").write_bytes(b"schools = ['\xff']")
    (said,) = problems(place / "signpost.toml")
    assert "not UTF-8" in said


def test_the_key_may_not_lie_with_the_data(place):
    """Whoever copies the data must not find the key beside it: in the data folder, or in the database's own folder."""
    key = place / "signpost-data" / "signpost.key"
    key.parent.mkdir()
    key.write_text("made up")
    key.chmod(0o600)
    (said,) = problems(write(place, GOOD + f'key_file = "{key}"', key=False))
    assert "lies with the data" in said
    (said,) = problems(write(place, GOOD + 'database = "sqlite:///../keys/bot.db"'))
    assert "lies with the data" in said


def test_a_key_must_be_there_and_private(place):
    """No key, a missing key file and one that others can read all stop the start."""
    (said,) = problems(write(place, GOOD, key=False))
    assert "signpost.toml: key_file: There is no key" in said
    file = write(place, GOOD)
    (place.parent / "keys" / "signpost.key").chmod(0o644)
    (said,) = problems(file)
    assert "chmod 600" in said
    (place.parent / "keys" / "signpost.key").unlink()
    (said,) = problems(file)
    assert "signpost restore" in said
    assert load(file, {}, key_needed=False).key_file is not None


def test_a_setting_in_two_places_is_a_contradiction(place):
    """The file and the environment may not both have a say: one of them would be believed and not be in force."""
    file = write(place, GOOD + 'database = "sqlite:///bot.db"\n[heartbeat]\nurl = "https://watcher.example"')
    environ = {
        "SIGNPOST_KEYS": "k",
        "SIGNPOST_DATABASE": "sqlite:///x.db",
        "SIGNPOST_HEARTBEAT_URL": "https://w.example",
    }
    said = problems(file, environ)
    assert [line.split(": ")[1] for line in said] == ["database", "heartbeat.url", "key_file"]


def test_a_status_port_for_others_needs_a_token_that_guards(place):
    """A token opens the port to other machines, and a short one does not."""
    file = write(place, GOOD + '[status]\nhost = "0.0.0.0"')
    assert load(file, {"SIGNPOST_STATUS_TOKEN": "0123456789abcdef"}).status.host == "0.0.0.0"
    (said,) = problems(file, {"SIGNPOST_STATUS_TOKEN": "short"})
    assert said.startswith("environment: SIGNPOST_STATUS_TOKEN: Too short")


def test_a_channel_finds_its_own_secrets(place):
    """A new channel's secrets need no change here: the variable carries the channel's name."""
    config = load(write(place, GOOD), {"SIGNPOST_TELEGRAM_BOT_TOKEN": "123:abc", "SIGNPOST_CONFIG": "x"})
    assert config.secrets.channels["telegram"]["bot_token"].get_secret_value() == "123:abc"


# Begins with a character that none of our own sentences holds, so that a hit is a leak and no coincidence.
secret = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=16, max_size=40).map("~".__add__)


@given(secret)
def test_secrets_never_appear_in_output(tmp_path_factory, value):
    """Neither a repr, nor a dump, nor an error shows what came from the environment or stands in the database's address."""
    folder = tmp_path_factory.mktemp("secrets")
    environ = {"SIGNPOST_KEYS": value, "SIGNPOST_STATUS_TOKEN": value, "SIGNPOST_DATABASE": value, "SIGNPOST_HEARTBEAT_URL": value}
    said = problems(write(folder, "[heartbeat]\nurl = 3\n[web]\nport = []", key=False), environ)
    assert value not in "\n".join(said)
    config = Config.model_validate({"database": f"postgresql://u:{value}@h/x", "secrets": {"keys": value}})
    assert value not in repr(config)
    assert value not in str(config)


def test_a_rehearsal_keeps_to_itself(place):
    """It needs no file; with one it still never opens the real data, the real key or a channel that reaches real people."""
    config = load(place / "signpost.toml", {"SIGNPOST_DATABASE": "sqlite:////real.db"}, rehearsal=True)
    assert config.rehearsal
    assert config.schools == ("rosebrook",)
    text = (
        'schools = ["oakfield"]\nchannels = ["telegram"]\ndatabase = "sqlite:////real.db"\n[heartbeat]\nurl = "https://w.example"'
    )
    config = load(write(place, text), {}, rehearsal=True)
    assert config.schools == ("oakfield",)
    assert config.channels == ("web",)
    assert config.database_url == f"sqlite:///{place / 'signpost-data' / 'rehearsal' / 'signpost.db'}"
    assert config.key_file.is_relative_to(place / "signpost-data" / "rehearsal")
    assert config.heartbeat_url is None


def test_a_rehearsal_stays_on_this_machine(place):
    """Anybody may play the lead there, so nobody else may reach it."""
    text = GOOD + '[web]\nhost = "0.0.0.0"\nbase_url = "https://ask.school.example"'
    (said,) = problems(write(place, text), rehearsal=True)
    assert said.startswith("signpost.toml: web.host: In a rehearsal")


def test_the_example_holds_every_setting_and_loads(place):
    """The file that `init` writes cannot fall behind the settings there are."""
    text = example({"schools": ["rosebrook"], "key_file": f"{place.parent}/keys/signpost.key"})
    (place / "signpost.toml").write_text(text)
    config = load(place / "signpost.toml", {})
    assert config == load(write(place, 'schools = ["rosebrook"]'), {})
    shown = tomllib.loads(re.sub(r"\n# (url|base_url|hosts|names|host|user|sender|ca_file|app_id|tenants) =", r"\n\1 =", text))
    for name, field in Config.model_fields.items():
        if isinstance(field.default, BaseModel) and name not in NOT_IN_THE_FILE:
            assert shown[name].keys() == type(field.default).model_fields.keys()
        elif name not in NOT_IN_THE_FILE:
            assert f"\n{name} = " in text or f"\n# {name} = " in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_whatever_is_answered_is_written_as_it_was_meant(value):
    """Quotation marks, backslashes and emoji in an answer come back as they were."""
    assert tomllib.loads(example({"data_folder": value, "schools": [value]}))["data_folder"] == value


def test_names_are_files_and_folders(place):
    """No registry: what lies in the folder is what can be named; a leading underscore marks what cannot."""
    assert channel_names() == ("console", "telegram", "web")
    (place / "schools" / "ours").mkdir(parents=True)
    (place / "schools" / "ours" / "school.toml").write_text("")
    assert school_names(place / "schools") == ("oakfield", "ours", "rosebrook")


def test_the_names_we_ship_come_from_this_repository():
    """The folders looked into are the package's own."""
    assert CHANNELS.is_dir()
    assert SCHOOLS.is_dir()
