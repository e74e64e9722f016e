"""Which names a configuration may use: a channel is a file or folder in bot/channels/, a school is a folder of its own."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parents[1]
CHANNELS = HERE / "channels"
SCHOOLS = HERE.parent / "knowledge" / "schools"


def channel_names() -> tuple[str, ...]:
    """Every channel there is a file or a package for."""
    files = (path.stem for path in CHANNELS.glob("*.py"))
    packages = (path.parent.name for path in CHANNELS.glob("*/__init__.py"))
    return tuple(sorted(name for name in (*files, *packages) if not name.startswith("_")))


def school_names(own: Path | None = None) -> tuple[str, ...]:
    """Every school there is a folder for: those we ship, and those in the school's OWN folder."""
    folders = [SCHOOLS] if own is None else [SCHOOLS, own]
    return tuple(sorted({path.parent.name for folder in folders for path in folder.glob("*/school.toml")}))
