"""The registry: every path by which something of a case could reach a person, each walked through the real thing.

A path is walked as the person whom a case is about, in a world in which it happened and in a twin in which it did not. What comes
back must be the same to the letter. `covers` names the code it goes through; `tests/bot/test_paths.py` finds what nobody covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tests.bot import paths_asked, paths_desk, paths_desk_case, paths_desk_people, paths_elsewhere, paths_unasked
from tests.bot.walking import ENTERED, Path
from tests.bot.worlds import World

FROM = (paths_unasked, paths_asked, paths_elsewhere, paths_desk, paths_desk_case, paths_desk_people)
PATHS: Mapping[str, Path] = MappingProxyType(ENTERED)


async def reveals(world: World, walked: Path) -> list[str]:
    """Everything that WALKED gives to whoever the case is about."""
    await walked.walk(world)
    return world.heard()
