"""Fills a report in as a person would, by the names of its questions: what is not given is skipped, or answered harmlessly."""

from __future__ import annotations

from bot.messages import Reply
from tests.talk import Voice

# What somebody answers who has nothing special to say; everything else that may be left out is left out.
PLAINLY = {
    "danger": "no",
    "you": "parent",
    "safe": "yes",
    "adult_part": "no",
    "sender": "pupil",
    "receiver": "my child",
    "happened": "He keeps asking, and we have not answered.",
}


def asked_in(replies: list[Reply]) -> str:
    """The name of the question that REPLIES ask last, or "review", or nothing."""
    for reply in reversed(replies):
        parts = reply.about.split(":")
        if len(parts) > 1 and reply.title.startswith(("Question", "Before it is sent")):
            return parts[1]
    return ""


async def fills(voice: Voice, replies: list[Reply], *, until: str = "review", **answers: str) -> list[Reply]:
    """Answer question after question, beginning with the one asked in REPLIES, up to the one called UNTIL; the last replies."""
    for _ in range(40):
        name = asked_in(replies)
        if name in ("", until):
            return replies
        replies = await voice.says(answers.get(name, PLAINLY.get(name, "skip")))
    raise AssertionError(f"{voice.name} never came to {until}")


async def begins(
    voice: Voice, title: str = "Unwanted friend or follow request", *, until: str = "review", **answers: str
) -> list[Reply]:
    """Choose the report called TITLE and fill it in up to the question called UNTIL."""
    await voice.says("report something")
    return await fills(voice, await voice.clicks(title), until=until, **answers)


async def sends(voice: Voice, title: str = "Unwanted friend or follow request", **answers: str) -> list[Reply]:
    """Fill in the report called TITLE and send it; what comes back."""
    await begins(voice, title, **answers)
    return await voice.says("send")
