"""Whole conversations, replayed word for word: the dialogue is the test, and a safeguarding lead can read it."""

import os
from pathlib import Path

from tests.script import play, read, write
from tests.talk import settings, talking


async def test_the_conversation_goes_as_it_is_written(conversation: Path, tmp_path: Path):
    """Every word that comes back is the word in the file. WRITE_CONVERSATIONS=1 writes them anew, for a person to read."""
    script = read(conversation)
    async with talking(settings(tmp_path, script.school), cast=script.cast) as talk:
        went = await play(script, talk)
    if os.environ.get("WRITE_CONVERSATIONS"):
        write(conversation, went)
        script = read(conversation)
    assert went == script.text


def test_there_are_conversations():
    """An empty folder would pass everything."""
    assert len(list((Path(__file__).parent.parent / "conversations").glob("*.txt"))) >= 8
