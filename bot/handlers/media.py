"""Pictures, videos and files that were sent: none is ever fetched, opened or kept, and the report says that they were offered."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from bot import beside, wording
from bot.handlers import adding
from bot.handlers.report_shown import locked
from bot.messages import Reply
from bot.turn import Outcome, Turn
from knowledge.pictures import hinted
from storage.kept import Act

_OFFER = re.compile(
    r"\b(?:shall|should|can|could|may|do|want me to|let me) (?:i )?(?:just )?(?:send|show|forward|upload|give)\b"
    r".{0,12}\b(?:you|u|it|them)\b.{0,30}\b(?:pics?|pictures?|photos?|screen ?shots?|videos?|images?|proof)\b",
    re.IGNORECASE,
)


async def answer(turn: Turn) -> Outcome | None:
    """Take every message with something attached, and the offer to send a picture.

    An open report keeps its question: what was typed below a picture is no answer.
    """
    files = len(turn.message.attachments)
    if not files:
        return Outcome((Reply(wording.SEND_NONE),)) if _offers(turn) else None
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


def _offers(turn: Turn) -> bool:
    """Whether somebody asks if a picture is wanted, where it cannot be the answer to a question."""
    return (turn.progress is None or turn.progress.locked) and not turn.message.pressed and bool(_OFFER.search(turn.message.text))
