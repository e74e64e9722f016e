"""Where the key that seals what people write comes from: the environment, its own file, or, in a rehearsal, made on the spot."""

from __future__ import annotations

import os
from pathlib import Path

from bot.config import Config
from storage.vault import Keyring


class NoKey(Exception):
    """There is no key to seal with; the message says where one is looked for and how to make it."""


def keyring(config: Config) -> Keyring:
    """The keyring that CONFIG names. Nothing starts without one."""
    if config.rehearsal:
        return _rehearsal(rehearsal_key(config))
    if config.secrets.keys is not None:
        return Keyring.parse(config.secrets.keys.get_secret_value())
    if config.key_file is None:
        raise NoKey(
            "No key: set SIGNPOST_KEYS, or `key_file` in signpost.toml. `signpost init` makes a key and its recovery sheet."
        )
    try:
        return Keyring.parse(config.key_file.read_text(encoding="ascii"))
    except FileNotFoundError:
        raise NoKey(
            f"The key file {config.key_file} does not exist. "
            "Put it back from its safe place, or run `signpost restore` with the recovery sheet."
        ) from None


def rehearsal_key(config: Config) -> Path:
    """Where a rehearsal keeps its own key: beside its data, which is why a rehearsal is never for real reports."""
    return config.data_folder / "rehearsal.key"


def _rehearsal(path: Path) -> Keyring:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(fresh, "w", encoding="ascii") as file:
            file.write(Keyring.new().dump())
    return Keyring.parse(path.read_text(encoding="ascii"))
