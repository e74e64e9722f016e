"""Telegram's settings: every school has a bot or nothing starts, and each problem names what to write where."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.config import ConfigError, load
from storage.vault import Keyring

ONE, OTHER = "123456789:AAF-one_one_one_one_one_one_one_one", "987654321:AAF-two_two_two_two_two_two_two"
FILE = """
schools = [{schools}]
channels = [{channels}]
data_folder = "data"
{more}
"""


@dataclass
class Setting:
    """A signpost.toml and its environment."""

    folder: Path
    environ: dict[str, str] = field(default_factory=lambda: {"SIGNPOST_KEYS": Keyring.new().dump()})

    def loads(self, schools: str = '"rosebrook"', channels: str = '"telegram"', more: str = "", **tokens: str):
        """The configuration, TOKENS by the end of their variables' names."""
        file = self.folder / "signpost.toml"
        file.write_text(FILE.format(schools=schools, channels=channels, more=more))
        return load(file, self.environ | {f"SIGNPOST_TELEGRAM_{name}": token for name, token in tokens.items()})

    def refuses(self, *args: str, **tokens: str) -> str:
        """What is wrong."""
        with pytest.raises(ConfigError) as told:
            self.loads(*args, **tokens)
        return str(told.value)


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """An empty folder."""
    return Setting(tmp_path)


def test_a_bot_for_each_school_or_one_for_all_will_do(setting: Setting):
    """And a mixture: a school without its own is served by the common one."""
    both = '"rosebrook", "edith-cavell"'
    assert setting.loads(TOKEN_ROSEBROOK=ONE).channels == ("telegram",)
    setting.loads(both, TOKEN=ONE)
    setting.loads(both, TOKEN_ROSEBROOK=ONE, TOKEN=OTHER)
    setting.loads(both, TOKEN_ROSEBROOK=ONE, TOKEN_EDITH_CAVELL=OTHER)


def test_a_school_without_a_bot_is_found_before_the_start(setting: Setting):
    """The message names the variable to set."""
    told = setting.refuses('"rosebrook", "trent"', TOKEN_ROSEBROOK=ONE)
    assert "SIGNPOST_TELEGRAM_TOKEN_TRENT" in told
    assert "@BotFather" in told


@pytest.mark.parametrize(
    "wrong", ["token", "123:short", '"123456789:AAF-one_one_one_one_one_one_one_one"', "AAF-one_one_one_one_one"]
)
def test_what_is_no_token_is_not_tried(setting: Setting, wrong: str):
    """A whole line of an e-mail, quotation marks, the half behind the colon; and it is not repeated in the message."""
    told = setting.refuses(TOKEN_ROSEBROOK=wrong)
    assert "SIGNPOST_TELEGRAM_TOKEN_ROSEBROOK" in told
    assert wrong not in told.replace("no token", "")


def test_a_mistyped_school_or_a_token_twice_is_said(setting: Setting):
    """Two schools with one token would read each other's messages."""
    assert "SIGNPOST_TELEGRAM_TOKEN_ROSEBROK" in setting.refuses(TOKEN_ROSEBROK=ONE, TOKEN=OTHER)
    told = setting.refuses('"rosebrook", "trent"', TOKEN_ROSEBROOK=ONE, TOKEN_TRENT=ONE)
    assert "same token" in told
    assert ONE not in told


def test_nothing_travels_unencrypted(setting: Setting):
    """Telegram calls https only, and a Bot API of one's own elsewhere must be encrypted too."""
    assert "telegram.webhook" in setting.refuses('"rosebrook"', '"telegram"', "[telegram]\nwebhook = true", TOKEN=ONE)
    assert "telegram.api" in setting.refuses('"rosebrook"', '"telegram"', '[telegram]\napi = "http://api.example"', TOKEN=ONE)
    setting.loads('"rosebrook"', '"telegram"', '[telegram]\napi = "http://127.0.0.1:8081"', TOKEN=ONE)
    called = '[telegram]\nwebhook = true\n[web]\nbase_url = "https://ask.school.example"'
    assert setting.loads('"rosebrook"', '"telegram"', called, TOKEN=ONE).telegram.webhook


def test_the_library_is_loaded_only_where_telegram_is_used():
    """A school without it pays nothing for it."""
    code = "import sys, bot.app, bot.config; sys.exit('telegram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_the_token_is_in_no_repr(setting: Setting):
    """Whoever prints the configuration shows no secret."""
    assert ONE not in repr(setting.loads(TOKEN=ONE))
