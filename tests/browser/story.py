"""A rehearsal in which a few days have passed: reports of several kinds, new and old, seen and closed. Nobody in it is real."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.clock import RehearsalClock
from flows.cases.chronology import History
from tests.desk_site import AtTheDesk, at_the_desk
from tests.fakes import MONDAY
from tests.plain_browser import PlainBrowser, Shown
from tests.site import CHAT, Site, rehearsing, serving

REFERENCE = re.compile(r"SP-[0-9A-Z]{5}")
REPORTS_FROM = MONDAY - timedelta(days=5)

FRIEND = {
    "Who are you": "parent",
    "safe for us": "yes",
    "Who sent it": "a former pupil",
    "under 18": "no",
    "Who received it": "my child",
    "Tick what you know": "none of these",
    "How did it come": "a follow request",
    "Where did it happen": "TikTok",
    "How often": "several times",
    "What has been done": "declined",
    "own words": "He left two years ago. He has asked my daughter three times to follow him back, and she finds it odd.",
}
BULLIED = {
    "Who are you": "member of staff",
    "safe for us": "yes",
    "Who is it happening": "a pupil",
    "Who is doing it": "a pupil, or several",
    "Tick what fits": "insults, left out",
    "Where is it happening": "WhatsApp",
    "still happening": "yes",
    "How are they": "upset",
    "in school, or out": "both",
    "own words": "Four of them made a second class chat without her and pass on what she writes. She told me after lunch.",
}
FILMED = "Two girls in Year 6 are filming each other in the toilets at break. I saw the phone, not the films."
DANGER = "My nephew says he wants to kill himself tonight because of what they post about him"
QUESTION = "Can a teacher accept a friend request from a pupil?"


@dataclass
class Story:
    """The site on which it happened, whose browsers were part of it, and the reports by what they are about."""

    site: Site
    browsers: dict[str, PlainBrowser | AtTheDesk] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of those who hold roles, by their ids
    people: dict[str, str] = field(default_factory=dict)  # their ids, by a role of theirs

    async def record(self, name: str) -> History:
        """The whole record of the report called NAME, as the safeguarding lead reads it."""
        store = self.site.app.stores["rosebrook"]
        (lead,) = await store.people.holders("dsl")
        history = await store.seen_by(lead).history(self.references[name])
        assert history is not None
        return history

    def cookies(self, whose: str) -> list[dict[str, str]]:
        """The cookies of the browser called WHOSE, as another browser takes them over."""
        jar = self.browsers[whose].client.cookies.jar
        return [{"name": one.name, "value": one.value or "", "url": self.site.address} for one in jar]


@asynccontextmanager
async def told(folder: Path) -> AsyncIterator[Story]:
    """The site as it stands on a Monday morning after the days of the story, with everything it keeps in FOLDER."""
    clock = RehearsalClock(REPORTS_FROM)
    async with serving(rehearsing(folder), clock) as site:
        story = Story(site)
        await site.app.digests.look("rosebrook")  # plans what is told of the days to come, and below carries it out
        for day, tell in enumerate((_wednesday, _thursday)):
            clock.move_to(REPORTS_FROM + timedelta(days=day))
            await tell(story)
        clock.move_to(MONDAY)
        await site.app.digests.look("rosebrook")
        await _shown(story.browsers["lead"], "the week at a glance")
        await _monday(story)
        story.browsers |= {f"{one}'s desk": await at_the_desk(site, who) for one, who in (("lead", "dsl"), ("office", "office"))}
        people = site.app.stores["rosebrook"].people
        for one in await people.list():
            story.names[one.id] = one.name
            story.people |= dict.fromkeys(one.roles, one.id)
        newcomer = await people.add("Demo newcomer", ("office",), at=MONDAY)  # who is reached nowhere yet
        story.people["newcomer"] = newcomer.id
        yield story


async def _wednesday(story: Story) -> None:
    """A teacher reports bullying; the lead has it at once."""
    teacher = await _enters(story, "teacher", f"{CHAT}?as=teacher")
    await _reports(story, teacher, "bullied", "Bullying or threats online", BULLIED)
    await _acknowledged(story, "bullied")


async def _thursday(story: Story) -> None:
    """Somebody just tells, in two steps, and the lead has that too."""
    await _reports(
        story, await _enters(story, "neighbour"), "filmed", "Just tell us", {"like to tell us": FILMED, "should know": "lead"}
    )
    await _acknowledged(story, "filmed")


async def _monday(story: Story) -> None:
    """A question and a report, words of danger, a report that is being written, and one that is about to be sent."""
    parent = await _enters(story, "parent", f"{CHAT}?as=parent")
    await _answered(parent, await parent.says(QUESTION))
    await _reports(story, parent, "followed", "Unwanted friend or follow request", FRIEND)
    aunt = await _enters(story, "aunt")
    await _answered(aunt, await aunt.says(DANGER))
    asked = await _enters(story, "asked")
    await _answers(asked, "Bullying or threats online", BULLIED, until="How are they")
    review = await _enters(story, "review")
    await _answers(review, "Unwanted friend or follow request", FRIEND)


async def _enters(story: Story, name: str, path: str = CHAT) -> PlainBrowser:
    browser = story.site.browser(path)
    await browser.loads()
    story.browsers[name] = browser
    return browser


async def _reports(story: Story, browser: PlainBrowser, name: str, title: str, answers: Mapping[str, str]) -> None:
    """Fill in the report called TITLE, send it, and keep its reference under NAME."""
    lines = await _answers(browser, title, answers)
    if _can_send(lines[-1]):
        lines = await _answered(browser, await browser.clicks("Send"))
    story.references[name] = _references(lines)[-1]


async def _answered(browser: PlainBrowser, lines: list[Shown]) -> list[Shown]:
    """LINES, once the last word in them is the bot's: a machine that is busy may take longer than a page waits."""
    async with asyncio.timeout(30):
        while lines[-1].kind.endswith(" me"):
            await asyncio.sleep(0.05)
            lines = await browser.loads()
    return lines


async def _answers(browser: PlainBrowser, title: str, answers: Mapping[str, str], until: str = "") -> list[Shown]:
    """Choose TITLE and answer each question by the words of it that ANSWERS knows, up to its end or the question UNTIL."""
    await _answered(browser, await browser.says("report something"))
    known = _references(lines := await _answered(browser, await browser.clicks(title)))
    for _ in range(30):
        question = lines[-1].text
        if _can_send(lines[-1]) or _references(lines) != known or (until and until in question):
            return lines
        words = next((words for asked, words in answers.items() if asked in question), _usual(question))
        lines = await _answered(browser, await browser.says(words))
    raise AssertionError(f"{title} never came to an end; the last question was: {lines[-1].text}")


def _can_send(line: Shown) -> bool:
    return any(button.label.strip().startswith("Send") for button in line.buttons)


def _references(lines: list[Shown]) -> list[str]:
    return [one for line in lines for one in REFERENCE.findall(line.text)]


def _usual(question: str) -> str:
    return "no" if "danger" in question or "adult" in question else "skip"


async def _acknowledged(story: Story, name: str) -> None:
    """The lead presses Acknowledge on the card of the report called NAME, once it has come."""
    lead = await _enters(story, "lead", f"{CHAT}?as=dsl")
    await _shown(lead, story.references[name])
    await lead.clicks("Acknowledge")


async def _shown(browser: PlainBrowser, words: str) -> None:
    """Wait until WORDS stand on the page of BROWSER."""
    async with asyncio.timeout(30):
        while not any(words in line.text for line in await browser.loads()):  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.05)
