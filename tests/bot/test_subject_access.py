"""Somebody asks what is held on them: whoever may not see one of their reports takes out what there would be without it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.messages import Reply
from flows.cases.case import ALPHABET
from tests.talk import Talk, settings, talking

REFERENCE = re.compile(rf"SP-[{ALPHABET}]{{5}}")
TO_ALL = "dont know if this is the right place, but two mums were filming the children with their phones at the gate"
TO_CHAIR = "The head posts about families in a closed group, with their first names. I have seen it twice now."
WORRY = "my little one is scared to go to school because of what someone sends her every single night"

Part = Callable[[Talk], Awaitable[None]]


async def types(talk: Talk, words: str) -> list[Reply]:
    """The parent types WORDS, a while after what came before."""
    talk.clock.tick(seconds=20)
    return await talk["Parent"].says(words)


async def to_lead(talk: Talk) -> None:
    """A report that the lead is told of."""
    for words in ("I need to get something off my chest", TO_ALL, "The safeguarding lead", "send"):
        await types(talk, words)


async def to_chair(talk: Talk) -> None:
    """One that goes to the chair alone, with a question in the middle of it and something added later."""
    for words in ("I need to get something off my chest", TO_CHAIR, "who sees this?", "chair", "send"):
        replies = await types(talk, words)
    reference = REFERENCE.search(replies[0].text)
    assert reference is not None
    for words in (f"add {reference[0]}: she also named a boy", f"status {reference[0]}"):
        await types(talk, words)


async def by_a_button(talk: Talk) -> None:
    """Words that were no report, and are made one by a press after something else was said: the lead is told."""
    await types(talk, WORRY)
    await question(talk)
    talk.clock.tick(seconds=20)
    await talk["Parent"].clicks("Tell the lead now")


async def question(talk: Talk) -> None:
    """Something about no report."""
    await types(talk, "What age is Instagram for?")


async def taken_out(folder: Path, who: str, *parts: Part) -> object:
    """What WHO is given of the parent's talk, after PARTS: without its moments and the letters of its references."""
    folder.mkdir()  # noqa: ASYNC240 - an empty folder of a test
    async with talking(settings(folder, "mosaic")) as talk:
        for part in parts:
            await part(talk)
        store = talk.app.stores["mosaic"]
        people = {person.name: person for person in await store.people.list()}
        place = talk["Parent"].name
        found = await store.subjects(people[who]).who_writes(talk.channel.name, place, place)
        if found is None:
            return None
        talked = [(line.kind, _text(line.body)) for line in found.lines]
        return talked, [REFERENCE.sub("SP", one.answer) for case in found.cases for one in case.said], found.draft


def _text(body: str) -> str:
    said = json.loads(body)
    return REFERENCE.sub("SP", f"{said.get('title', '')} {said['text']}")


@pytest.mark.parametrize("order", ["before", "after", "between"])
async def test_a_hidden_report_reads_as_if_it_had_never_been(tmp_path: Path, order: str) -> None:
    """Not a word of it, no turn of it, and no gap that anything else does not have: the same is taken out as where it never was."""
    parts = {
        "before": (to_chair, to_lead, question),
        "after": (to_lead, question, to_chair),
        "between": (to_lead, to_chair, question),
    }[order]
    with_it = await taken_out(tmp_path / "one", "Lead", *parts)
    assert with_it == await taken_out(tmp_path / "other", "Lead", *(part for part in parts if part is not to_chair))
    assert TO_CHAIR not in json.dumps(with_it)
    assert TO_ALL in json.dumps(with_it)


async def test_words_that_became_a_report_later_are_left_out_with_it(tmp_path: Path) -> None:
    """They are worth as much as the report: the turn in which they were typed goes, and what was asked meanwhile stays."""
    with_it = await taken_out(tmp_path / "one", "Chair", to_chair, by_a_button)
    assert with_it == await taken_out(tmp_path / "other", "Chair", to_chair, question)
    assert WORRY not in json.dumps(with_it)
    assert WORRY in json.dumps(await taken_out(tmp_path / "third", "Lead", by_a_button))


async def test_somebody_whose_only_report_is_hidden_wrote_nothing(tmp_path: Path) -> None:
    """As for a place from which nobody ever wrote."""
    assert await taken_out(tmp_path / "one", "Lead", to_chair) is None
    assert await taken_out(tmp_path / "other", "Lead") is None
    assert await taken_out(tmp_path / "third", "Chair", to_chair) is not None
