"""`signpost deploy`: what a platform wants to be given before the bot can be there: for Teams, the app package."""

from __future__ import annotations

import json
import zipfile
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from bot import schools
from bot.commands._shared import DEFAULT_FILE, ConfigFile, Refused, settings
from bot.config import Config
from bot.config.teams import STEPS
from bot.paging import short

FOLDER = Path(__file__).parents[2] / "deploy" / "teams"
PACKAGE = "signpost-teams.zip"
ICONS = ("color.png", "outline.png")
DEVELOPER = 32  # letters that Teams gives the name of whoever runs an app
_WHEN = (2026, 1, 1, 0, 0, 0)  # the same settings make the same file, byte for byte

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What a platform wants to be given before the bot can be there.")

Out = Annotated[Path, typer.Option("--out", "-o", help=f"The folder that {PACKAGE} is written to.", show_default=False)]
Privacy = Annotated[str, typer.Option("--privacy", help="The address of the school's privacy notice.")]
Number = Annotated[
    str, typer.Option("--number", help="The package's own number; Teams takes a new package only under a higher one.")
]


@app.callback()
def which() -> None:
    """What a platform wants to be given before the bot can be there."""


@app.command()
def teams(
    out: Out,
    privacy: Privacy = "",
    number: Number = "",
    force: Annotated[bool, typer.Option("--force", help="Write it even if the file is there.")] = False,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Write the app package that is uploaded to Teams: the manifest and two icons. It needs no key, and nothing is sent.

    Example: signpost deploy teams --out . --privacy https://school.example/privacy
    """
    chosen = settings(config, key_needed=False)
    package = packed(chosen, privacy, number or version("signpost"), str(chosen.file or config))
    file = out / PACKAGE
    if not out.is_dir():
        raise Refused(f"There is no folder {out}. Make it first, or choose another place.")
    if file.exists() and not force:
        raise Refused(f"{file} is there already. Choose another folder, or add --force to write over it.")
    file.write_bytes(package)
    typer.echo(f"{file}: upload it in the Teams admin centre, under Manage apps. {STEPS} goes on from there.")
    if not privacy:
        typer.echo("Its privacy notice is the bot's own address: name the school's with --privacy ADDRESS, and write it again.")


def packed(config: Config, privacy: str, number: str, where: str) -> bytes:
    """The package for CONFIG, which stands in the file WHERE."""
    app_id, website = config.teams.app_id, config.web.base_url
    if not app_id:
        raise Refused(f"{where}: teams.app_id: Write the Application (client) ID first. {STEPS} shows where it stands.")
    if urlsplit(website).scheme != "https":
        raise Refused(f"{where}: web.base_url: Teams calls encrypted addresses only: write the https:// address of the bot.")
    if urlsplit(privacy or website).scheme != "https":
        raise Refused("--privacy: Write a whole address that begins with https://.")
    if not FOLDER.is_dir():
        raise Refused(f"There is no folder {FOLDER}. It is part of Signpost's checkout: start this command there.")
    values = {
        "app": app_id.lower(),
        "number": number,
        "school": short(_school(config), DEVELOPER),
        "website": website,
        "privacy": privacy or website,
        "terms": privacy or website,
    }
    manifest = _filled(json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8")), values)
    return _zipped(
        {"manifest.json": json.dumps(manifest, indent=2, ensure_ascii=False).encode()}
        | {icon: (FOLDER / icon).read_bytes() for icon in ICONS}
    )


def _school(config: Config) -> str:
    """Who runs the app, as people see it."""
    titles = [schools.load(name, config.schools_folder).title for name in config.schools]
    return titles[0] if len(titles) == 1 else "Signpost"


def _filled(template: Any, values: dict[str, str]) -> Any:
    """TEMPLATE with each "{name}" replaced by its value."""
    if isinstance(template, dict):
        return {key: _filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(each, values) for each in template]
    if isinstance(template, str) and template.startswith("{"):
        return values[template.strip("{}")]
    return template


def _zipped(files: dict[str, bytes]) -> bytes:
    done = BytesIO()
    with zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return done.getvalue()
