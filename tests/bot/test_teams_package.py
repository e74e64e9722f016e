"""`signpost deploy teams`: the package that is uploaded to Teams says who we are, asks for little, and keeps to Teams' limits."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands import deploy
from bot.commands._shared import Refused

APP = "6F1D1C52-0F3F-4A8E-9D5E-0C5B6F0A1B2C"
RUN = CliRunner()


def written(folder: Path, *, app: str = APP, address: str = "https://ask.school.example") -> Path:
    """A signpost.toml of a school that is about to go to Teams; nothing else is set up yet."""
    file = folder / "signpost.toml"
    file.write_text(f'schools = ["rosebrook"]\n[web]\nbase_url = "{address}"\n[teams]\napp_id = "{app}"\n')
    return file


def made(folder: Path, *more: str, **how: str) -> zipfile.ZipFile:
    """The package that the command writes in FOLDER."""
    result = RUN.invoke(deploy.app, ["teams", "--out", str(folder), "--config", str(written(folder, **how)), *more])
    assert result.exit_code == 0, result.output
    return zipfile.ZipFile(folder / deploy.PACKAGE)


def manifest(package: zipfile.ZipFile) -> dict:
    """What the package says of itself."""
    return json.loads(package.read("manifest.json"))


def test_it_holds_the_manifest_and_both_icons(tmp_path: Path):
    """And nothing else: Teams refuses a package with anything more at its top."""
    package = made(tmp_path)
    assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
    for icon, size in (("color.png", 192), ("outline.png", 32)):
        assert package.read(icon)[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", package.read(icon)[16:24]) == (size, size)


def test_the_manifest_keeps_to_the_limits_of_teams(tmp_path: Path):
    """A package that is a letter too long is refused with a message that nobody at a school can read."""
    said = manifest(made(tmp_path, "--privacy", "https://school.example/privacy", "--number", "1.2.3"))
    assert said["id"] == said["bots"][0]["botId"] == APP.lower()
    assert said["version"] == "1.2.3"
    assert 0 < len(said["developer"]["name"]) <= 32
    assert len(said["name"]["short"]) <= 30
    assert len(said["name"]["full"]) <= 100
    assert len(said["description"]["short"]) <= 80
    assert len(said["description"]["full"]) <= 4000
    assert {address for key, address in said["developer"].items() if key != "name"} == {
        "https://ask.school.example",
        "https://school.example/privacy",
    }
    commands = said["bots"][0]["commandLists"][0]["commands"]
    assert len(commands) <= 10
    assert all(len(one["title"]) <= 32 and len(one["description"]) <= 128 for one in commands)
    assert not [text for text in _texts(said) if text.startswith("{")]


def test_the_app_asks_for_little(tmp_path: Path):
    """It reads no channel, opens no file, looks nobody up, and acts for nobody."""
    said = manifest(made(tmp_path))
    assert set(said["permissions"]) == {"identity", "messageTeamMembers"}
    assert not {"webApplicationInfo", "authorization", "composeExtensions", "staticTabs", "configurableTabs"} & said.keys()
    assert said["bots"][0]["supportsFiles"] is False
    assert said["validDomains"] == []


def test_the_same_settings_make_the_same_file(tmp_path: Path):
    """Whoever compares two packages sees whether anything changed."""
    made(tmp_path)
    first = (tmp_path / deploy.PACKAGE).read_bytes()
    made(tmp_path, "--force")
    assert (tmp_path / deploy.PACKAGE).read_bytes() == first


@pytest.mark.parametrize(
    ("how", "more", "says"),
    [
        ({"app": ""}, (), "teams.app_id"),
        ({"address": ""}, (), "web.base_url"),
        ({"address": "http://127.0.0.1:8080"}, (), "web.base_url"),
        ({}, ("--privacy", "school.example/privacy"), "--privacy"),
        ({}, ("--out", "/no/such/folder"), "/no/such/folder"),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(tmp_path: Path, how: dict, more: tuple[str, ...], says: str):
    """No package is written that Teams would refuse, or that would lead nowhere."""
    file = written(tmp_path, **how)
    with pytest.raises(Refused, match=says):
        RUN.invoke(deploy.app, ["teams", "--out", str(tmp_path), "--config", str(file), *more], catch_exceptions=False)
    assert not (tmp_path / deploy.PACKAGE).exists()


def test_a_package_that_is_there_is_not_written_over(tmp_path: Path):
    """Unless somebody says so."""
    made(tmp_path)
    with pytest.raises(Refused, match="--force"):
        RUN.invoke(
            deploy.app, ["teams", "--out", str(tmp_path), "--config", str(tmp_path / "signpost.toml")], catch_exceptions=False
        )


def _texts(said: object) -> list[str]:
    if isinstance(said, dict):
        return [text for value in said.values() for text in _texts(value)]
    if isinstance(said, list):
        return [text for value in said for text in _texts(value)]
    return [said] if isinstance(said, str) else []
