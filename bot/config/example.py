"""Writes signpost.toml: every setting there is, each under the comment that explains it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.config.model import NOT_IN_THE_FILE, Config

HEAD = """\
# Signpost's settings. `signpost init` asks the few questions it needs and writes this file again, keeping a copy of the old one;
# `signpost check` tells whether everything fits together. Paths count from the folder this file lies in.
# Secrets are not written here: SIGNPOST_KEYS, SIGNPOST_STATUS_TOKEN, SIGNPOST_HEARTBEAT_URL, SIGNPOST_SMTP_PASSWORD and
# SIGNPOST_DATABASE are read from the environment.
"""


def example(values: Mapping[str, Any] | None = None) -> str:
    """The whole file, commented. VALUES by key, as in {"schools": ["rosebrook"], "web": {"port": 80}}; all else at its default."""
    chosen = values or {}
    lines = [HEAD]
    groups = []
    for name, field in Config.model_fields.items():
        if name in NOT_IN_THE_FILE:
            continue
        if isinstance(field.default, BaseModel):
            groups += ["", *_comment(field), f"[{name}]"]
            for key, part in type(field.default).model_fields.items():
                groups += _setting(key, part, chosen.get(name, {}))
        else:
            lines += [*_setting(name, field, chosen), ""]
    return "\n".join([*lines[:-1], *groups]) + "\n"


def _setting(key: str, field: FieldInfo, chosen: Mapping[str, Any]) -> list[str]:
    if key in chosen and chosen[key] is not None:
        return [*_comment(field), f"{key} = {_toml(chosen[key])}"]
    if field.default in (None, "", (), {}):
        # Shown, but not in force: what stands here would otherwise be somebody else's school.
        return [*_comment(field), f"# {key} = {_toml((field.examples or [''])[0])}"]
    return [*_comment(field), f"{key} = {_toml(field.default)}"]


def _comment(field: FieldInfo) -> list[str]:
    return [f"# {line}" for line in (field.description or "").splitlines()]


def _toml(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_toml(key)} = {_toml(item)}' for key, item in value.items())} }}"
    # JSON's strings, whole numbers and booleans are also TOML's, once nothing outside ASCII is written as a surrogate pair.
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
