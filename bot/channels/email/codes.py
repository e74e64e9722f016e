"""The one e-mail that is no card and no digest: a code that proves an address, sent when somebody enters it."""

from __future__ import annotations

from datetime import datetime

from bot.channels.email.post import Post
from bot.channels.email.writing import code_letter, written
from bot.config import Config


async def send_code(config: Config, to: str, code: str, *, school: str, until: str, at: datetime) -> None:
    """Send CODE, which is good UNTIL then, to the address TO. SendFailed, Misconfigured or an OSError where that does not work."""
    message = written(code_letter(code, school, until), sender=config.email.sender, to=to, key=f"code {code}", at=at)
    await Post(config).deliver(to, message.as_bytes())
