"""No path reveals a case to whoever it is about: two worlds that differ by that case give them the same, to the letter.

`make conflicts` walks the whole sample of all pairs and prints how much that is; `make test` takes a part of it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from types import MappingProxyType

from flows.cases.routing import Involved
from tests.bot import coming_about
from tests.bot.code_paths import code_paths
from tests.bot.coming_about import comes_so_far, happens, lived_in, peopled
from tests.bot.matrix import SCHOOLS
from tests.bot.pairs import Row, covering, every_pair, pairs_of
from tests.bot.paths import PATHS, reveals
from tests.bot.paths_asked import TYPED
from tests.bot.paths_beside import BESIDE
from tests.bot.staging import Stage, stage
from tests.bot.worlds import MATTERS, MOMENTS, SHARED, WHO, Setting, World

WHOLE = "CONFLICTS" in os.environ
SEED = 5
AT_ONCE = 24  # worlds in one bot, and as many twins
FEW = 12  # of the sample, where time is short
FACTORS = MappingProxyType(
    {"school": SCHOOLS, "matter": MATTERS, "who": WHO, "shared": SHARED, "moment": MOMENTS, "path": tuple(PATHS)}
)


@dataclass
class Compared:
    """How much was compared."""

    worlds: int = 0
    texts: int = 0
    revealed: list[str] = field(default_factory=list)

    def __add__(self, more: Compared) -> Compared:
        return Compared(self.worlds + more.worlds, self.texts + more.texts, self.revealed + more.revealed)


async def come_about(here: Stage, rows: Sequence[Row]) -> None:
    """Everything up to the moment at which they begin to look: the same in the worlds and their twins, but for the case."""
    for world, row in zip(here.worlds, (row for row in rows for _ in "ab"), strict=True):
        world.path = PATHS[row["path"]]
    await here.all([peopled(world, on_the_page=world.path.on_the_page) for world in here.worlds])
    await here.all([lived_in(world) for world in here.worlds])
    await here.all([world.path.before(world) for world in here.worlds if world.path.before is not None])
    here.clock.tick(minutes=1)
    read = len(here.channel.sent)
    await here.all([happens(world) for world in here.worlds])
    here.clock.tick(minutes=1)
    await here.settled()
    await here.all([comes_so_far(world) for world in here.worlds])
    for world in here.worlds:
        # Where it was said later whom it is about, they may have known of it until now.
        world.read = len(here.channel.sent) if world.setting.moment == "said later" else read
    await here.all([world.path.meanwhile(world) for world in here.worlds if world.path.meanwhile is not None])
    await here.passes(here.worlds[0].path.later)


async def compared(folder: Path, rows: Sequence[Row]) -> Compared:
    """Walk the paths of ROWS, all of them equally late, in each world and its twin."""
    settings = [Setting(**{name: value for name, value in row.items() if name != "path"}) for row in rows]
    found: dict[str, list[str]] = {}

    async def look(world: World) -> None:
        found[world.name] = await reveals(world, world.path)

    async with stage(folder, settings) as here:
        await come_about(here, rows)
        await here.all([look(world) for world in here.worlds])
        pairs = zip(here.worlds[::2], here.worlds[1::2], rows, strict=True)
        told = [(row, difference(found[twin.name], found[one.name])) for one, twin, row in pairs]
    revealed = [f"{row} reveals that there is a case:\n{what}" for row, what in told if what]
    return Compared(len(rows), sum(map(len, found.values())) // 2, revealed)


def difference(without: Sequence[str], having: Sequence[str]) -> str:
    """What a world HAVING the case gives them that the twin does not, or the other way round, by the line."""
    one, other = ([line for text in texts for line in (*text.splitlines(), "")] for texts in (without, having))
    return "\n".join(unified_diff(one, other, "without it", "with it", lineterm="", n=2))


def sample() -> list[Row]:
    """All pairs, or, where time is short, those rows of it in which the most of them meet."""
    rows = covering(FACTORS, SEED)
    return rows if WHOLE else rows[:FEW]


def lots(rows: Sequence[Row]) -> list[list[Row]]:
    """ROWS for one bot each: those whose paths are walked equally late."""
    by_time: dict[object, list[Row]] = {}
    for row in rows:
        by_time.setdefault(PATHS[row["path"]].later, []).append(row)
    return [several[start : start + AT_ONCE] for several in by_time.values() for start in range(0, len(several), AT_ONCE)]


async def test_no_path_gives_anything_of_a_case_to_whoever_it_is_about(tmp_path, figure, monkeypatch):
    """Whatever they ask, press, forge, load or are sent, on whichever roles they hold: as if it had never happened."""
    monkeypatch.setenv("COLUMNS", "400")  # a table that is cut off is cut at random ids
    done = Compared()
    for number, rows in enumerate(lots(sample())):
        done += await compared(tmp_path / str(number), rows)
    figure(f"paths: {len(PATHS)} walked in {done.worlds} worlds and their twins, {done.texts:,} texts compared")
    assert not done.revealed, "\n\n".join(done.revealed)


async def test_a_case_that_is_not_kept_from_them_is_noticed(tmp_path, monkeypatch):
    """The comparison can fail: where nobody is taken for part of it, cards, lists and pages tell of it."""
    monkeypatch.setattr(coming_about, "entangled", lambda *_: Involved(frozenset(), frozenset()))
    walked = ("what is pushed at once", "lists and their counts", "its reference, typed")
    row = {"school": "rosebrook", "matter": "disclosure", "who": "dsl", "shared": "separate", "moment": "waiting"}
    found = await compared(tmp_path, [row | {"path": name} for name in walked])
    assert len(found.revealed) == len(walked)


def test_the_sample_has_every_pair_in_it():
    """Two hundred worlds at the least, in which each two values of different factors meet."""
    rows = covering(FACTORS, SEED)
    assert set().union(*map(pairs_of, rows)) == every_pair(FACTORS)
    assert len(rows) >= 200


def test_whatever_could_say_something_of_a_case_is_registered():
    """A new handler, command, reader, route, loop, summary, wish or field fails here until somebody has thought of it."""
    covered = frozenset[str]().union(*(path.covers for path in PATHS.values()))
    there = code_paths()
    new = sorted(there - covered - BESIDE.keys())
    assert not new, (
        f"New, and by nobody looked at: {', '.join(new)}. Walk it in tests/bot/paths.py as whoever a case is about, and name it in"
        " `covers`; or, if it cannot give anything of a case to anybody, say why in tests/bot/paths_beside.py."
    )
    gone = sorted((covered | BESIDE.keys()) - there)
    assert not gone, f"Registered, and not there any more: {', '.join(gone)}."
    assert not covered & BESIDE.keys(), "walked, and left out at the same time"


def test_every_wish_is_typed():
    """What can be typed about a case is typed with the reference of a hidden one."""
    wishes = {name.removeprefix("wish ") for name in code_paths() if name.startswith("wish ")}
    assert {wish.name.lower() for wish in TYPED} == wishes
