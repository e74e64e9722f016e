"""Pictures, videos and files that were sent: none is ever fetched, opened or kept, and the report says that they were offered."""

from __future__ import annotations

import json
from dataclasses import replace

from bot import beside, wording
from bot.handlers import adding
from bot.handlers.report_shown import locked
from bot.messages import Reply
from bot.turn import Outcome, Turn
from knowledge.pictures import hinted
from storage.kept import Act


async def answer(turn: Turn) -> Outcome | None:
    """Take every message with something attached. An open report keeps its question; what was typed below it is no answer."""
    files = len(turn.message.attachments)
    if not files:
        return None
    offered = Act("media offered", details=json.dumps({"files": files}))
    progress = turn.progress
    if progress is None:
        return Outcome((Reply(wording.MEDIA),), memory=adding.offered(turn, files), audit=(offered,))
    kept = beside.recall(turn.memory, progress.id)
    turn = replace(turn, memory=beside.remember(turn.memory, replace(kept, media=kept.media + files)))
    if not progress.locked and hinted(turn.message.text):
        stopped = await locked(turn, progress, turn.message.text)
        return replace(stopped, replies=(Reply(wording.MEDIA_LOCKED), *stopped.replies), audit=(*stopped.audit, offered))
    text = wording.MEDIA_LOCKED if progress.locked else wording.MEDIA_IN_REPORT
    return Outcome((Reply(text),), memory=turn.memory, audit=(offered,))
