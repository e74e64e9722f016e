"""What the code has that could say something of a case, found by looking: a registry kept by hand would forget what is new."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from bot import handlers, summaries
from bot.__main__ import Commands, _real
from bot.case_commands import Act as Command
from bot.case_wishes import Wish
from bot.desk import desk, sign_in
from bot.pages import static
from flows.cases.notice import NoticeKind
from storage.kept import Recording
from storage.store import Store
from storage.store.cards import Cards
from storage.store.cases import Seen
from storage.store.subject import Subjects
from storage.work import Work

if TYPE_CHECKING:
    from storage.database import Database

BOT = Path(handlers.__file__).parents[1]
DESK, FILES = Path(desk.__file__), Path(static.__file__)


def code_paths() -> frozenset[str]:
    """Every piece of code by which a case could come to light, as `covers` in the registry names them."""
    return frozenset((
        *(f"handler {one.__module__.rpartition('.')[2]}" for one in handlers.IN_ORDER),
        *(f"command {one}" for one in commands()),
        *(f"store {one}" for one in _public(Store)),
        *(f"work {one}" for one in _public(Work)),
        *(f"read {part.__name__}.{one}" for part in parts() for one in _public(part)),
        *(f"route {one}" for one in routes()),
        *(f"loop {one}" for one in loops()),
        *(f"summary {name}" for name, one in vars(summaries).items() if _own(name, one)),
        *(f"recording {one.name}" for one in fields(Recording)),
        *(f"notice {one}" for one in NoticeKind),
        *(f"wish {one.name.lower()}" for one in (*Wish, *Command)),
    ))  # fmt: skip


def commands() -> Iterator[str]:
    """Every command as it is typed, those of a group after its name."""
    known = Commands(name="signpost")
    for name in known.list_commands(None):
        found = _real(name)
        yield from (f"{name} {one}" for one in getattr(found, "commands", {})) if hasattr(found, "commands") else (name,)


def parts() -> tuple[type, ...]:
    """The parts of a school's store, those that read for one person, and what a web page reads cards by."""
    kept = vars(Store(cast("Database", SimpleNamespace(vault=None)), "nowhere")).values()
    return (*(type(one) for one in kept if type(one).__module__.startswith("storage.store")), Seen, Subjects, Cards)


def _public(part: type) -> Iterator[str]:
    return (name for name, one in vars(part).items() if inspect.isfunction(one) and not name.startswith("_"))


def _own(name: str, one: object) -> bool:
    return inspect.isfunction(one) and one.__module__ == summaries.__name__ and not name.startswith("_")


def routes() -> Iterator[str]:
    """The address of every web route that any module of the bot makes."""
    for file in BOT.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        known = _constants(tree)
        for one in _calls(tree, "Route") if _imports_routes(tree) else ():
            address = one.args[0]
            if file not in (DESK, FILES):  # whose addresses stand below
                yield (
                    str(address.value)
                    if isinstance(address, ast.Constant)
                    else known.get(ast.unparse(address), _computed(file, address))
                )
    for module in (sign_in, *desk.MODULES):
        for pages in ("OPEN", "PAGES", "FORMS"):
            yield from getattr(module, pages, ())
    yield from ("/desk", "/desk-files/{name}", "/static/{name}")


def _computed(file: Path, address: ast.expr) -> str:
    """An address that is put together when the bot starts, by the file that does it."""
    code = ast.unparse(address).strip("f'").replace("{{", "{").replace("}}", "}")
    return f"{file.relative_to(BOT / 'channels')} {code}"


def _imports_routes(tree: ast.AST) -> bool:
    return any(
        isinstance(one, ast.ImportFrom) and one.module == "starlette.routing" and any(name.name == "Route" for name in one.names)
        for one in ast.walk(tree)
    )


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        one.targets[0].id: str(one.value.value)
        for one in tree.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and isinstance(one.value, ast.Constant)
    }


def loops() -> Iterator[str]:
    """What `bot.app.running` keeps going."""
    for one in _calls(ast.parse((BOT / "app.py").read_text(encoding="utf-8")), "create_task"):
        yield from (
            keyword.value.value for keyword in one.keywords if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
        )


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for one in ast.walk(tree):
        called = one.func if isinstance(one, ast.Call) else None
        if name in (getattr(called, "id", ""), getattr(called, "attr", "")):
            assert isinstance(one, ast.Call)
            yield one
