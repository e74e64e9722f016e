"""What the forms about a case have in common: what they ask with, how words are taken, in whose name something is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import case_drafts, wording_case_forms
from bot.case_answers import open_question
from bot.case_commands import command
from bot.case_drafts import CaseDraft
from bot.case_form_buttons import CHANGE, LEAVE, SAVE
from bot.case_wishes import typed
from bot.drill import marked
from bot.messages import Choice, Reply
from bot.schools import School
from bot.summaries import role_words
from bot.turn import Outcome, Turn
from flows.answers import clean
from flows.cases.case import Case
from storage.kept import Person

MOST = 2000  # letters of one text: it is read back whole, and the strictest platform takes 3,000 with what stands around them


def asking(turn: Turn, case: Case, draft: CaseDraft, text: str, choices: Sequence[Choice] = ()) -> Outcome:
    """TEXT about CASE, with CHOICES and the way out below it, while DRAFT waits for the answer."""
    leave = Choice(wording_case_forms.LEAVE, LEAVE)
    reply = Reply(text, choices=(*choices, leave), about=draft.about)
    return Outcome((marked(case, reply),), memory=case_drafts.remember(turn.memory, draft))


def reading_back(turn: Turn, case: Case, draft: CaseDraft, text: str, sure: str) -> Outcome:
    """TEXT about CASE before anything is done, with the button SURE that does it."""
    choices = (Choice(sure, SAVE), Choice(wording_case_forms.CHANGE, CHANGE))
    return asking(turn, case, draft, text, choices)


def saying(turn: Turn, case: Case, text: str, choices: Sequence[Choice] = ()) -> Outcome:
    """TEXT, and no form is open any more; CHOICES are buttons about CASE."""
    reply = Reply(text, choices=tuple(choices), about=f"case:{case.id}")
    return Outcome((marked(case, reply),), memory=case_drafts.forget(turn.memory))


def words_of(text: str) -> tuple[str, str]:
    """TEXT as it is kept, or why it cannot be: what is too long is said to be, and never cut."""
    words = clean(text)
    if not words:
        return "", wording_case_forms.IN_WORDS
    if len(words) > MOST:
        return "", wording_case_forms.TOO_LONG.format(letters=len(words), most=MOST)
    return words, ""


def in_role(case: Case, person: Person, school: School) -> str:
    """The role in which PERSON has to do with CASE, in the school's words: whoever hears of them hears a role, never a name."""
    route = [role for rung in case.rungs for role in rung]
    held = [role for role in (*route, *person.roles) if role in person.roles and role in school.roles]
    return role_words(school, held[:1]) if held else wording_case_forms.FROM_SCHOOL


def day(moment: datetime, school: School) -> str:
    """The day of MOMENT at the school, such as "3 May 2027"."""
    local = moment.astimezone(school.zone)
    return f"{local.day} {local:%B %Y}"


async def written_about(turn: Turn) -> Case | None:
    """The case that TURN's typed words are about, where whoever typed them may see it: a form waits for them, or they name it."""
    message = turn.message
    if message.pressed or turn.person is None or turn.progress is not None:
        return None
    if (wish := typed(message.text)) is not None:
        return await turn.cases.by_reference(wish.reference)
    if (wished := command(message.text)) is not None:
        return await turn.cases.by_reference(wished.reference)
    if (asked := open_question(turn.memory)) is not None:
        return await turn.cases.by_id(asked[0])
    draft = case_drafts.recall(turn.memory)
    return await turn.cases.by_id(draft.case) if draft is not None and draft.fresh(turn.now) else None
