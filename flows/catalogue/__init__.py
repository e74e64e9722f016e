"""The guided reports the bot knows: one file each in this folder, and the file's name is the report's name."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType

from flows.flow import Flow, FlowError, questions

FOLDER = Path(__file__).parent


class UnknownFlow(LookupError):
    """No guided report goes by that name; the message lists those that exist."""


def flow(name: str) -> type[Flow]:
    """The guided report called NAME."""
    try:
        return _known()[name]
    except KeyError:
        raise UnknownFlow(f"There is no guided report “{name}”. Known: {', '.join(names())}.") from None


def names() -> tuple[str, ...]:
    """The names of all guided reports, in alphabetical order."""
    return tuple(_known())


def find(folder: Path, package: str = "") -> Mapping[str, type[Flow]]:
    """Every flow in FOLDER by the name of its file. PACKAGE is its import name when it is one."""
    files = sorted(file for file in folder.glob("*.py") if not file.name.startswith("_"))
    return MappingProxyType({file.stem: _only_flow(_load(file, package), file) for file in files})


@cache
def _known() -> Mapping[str, type[Flow]]:
    return find(FOLDER, __name__)


def _load(file: Path, package: str) -> ModuleType:
    if package:
        return importlib.import_module(f"{package}.{file.stem}")
    name = f"_flows_from_{file.parent.name}_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise FlowError(file.name, "", "it cannot be read as Python; check the file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic looks the module up to read the types of a flow's fields
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _only_flow(module: ModuleType, file: Path) -> type[Flow]:
    own = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Flow) and one.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise FlowError(file.name, "", f"it holds {len(own)} flows; one file is one flow, a class that begins `class …(Flow):`.")
    found = own[0]
    for key in ("title", "heard_as", "intro"):
        if not getattr(found, key):
            raise FlowError(file.name, key, f"every flow says its own; write `{key} = …` in the class.")
    if not found.intro.rstrip().endswith((".", "?", "!")):
        raise FlowError(file.name, "intro", "it must end like a sentence.")
    if found.matter is Flow.matter:
        raise FlowError(file.name, "matter", "nobody would know where to send it; write `def matter(self) -> str:`.")
    if not questions(found):
        raise FlowError(file.name, "", "it asks nothing; give it at least one field with `ask(…)`.")
    return found
