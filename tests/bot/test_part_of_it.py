"""What the worried line above an open report must not do: reach whoever it is about, or answer to a button that was typed."""

from __future__ import annotations

import pytest

from bot.triage import part_of
from knowledge.risk import Risk
from tests.filling import begins
from tests.talk import Talk, transcript

CONCERN = "A concern about an adult at school"
WORRYING = "She has a private chat with one boy, and deletes it when somebody comes in."
DANGER = "He is going to jump from the roof of the school right now"


async def about(talk: Talk, role: str, *, until: str = "happened"):
    """A concern about ROLE, up to the question called UNTIL."""
    return await begins(
        talk["Teacher"], CONCERN, until=until, you="staff", adult_part="yes", adult_role=role, what="pupil contact", children="one"
    )


async def test_the_lead_is_not_offered_what_is_about_the_lead(talk: Talk):
    """Worrying words in a report about the lead bring 999, and no button that would hand them to the lead."""
    await about(talk, "safeguarding lead")
    said = transcript(await talk["Teacher"].says(WORRYING))
    assert "999" in said
    assert "Tell the lead" not in said
    assert await talk["Lead"].reads() == []


async def test_a_button_from_before_the_lead_was_named_passes_nothing_to_the_lead(talk: Talk):
    """It was shown when nothing was known; pressed later, the words go past the lead and the deputy."""
    teacher = talk["Teacher"]
    await teacher.says(WORRYING)
    await teacher.says("cancel")
    await about(talk, "safeguarding lead", until="what")
    said = transcript(await teacher.clicks("Tell the lead now"))
    assert "headteacher" in said
    assert await talk["Lead"].reads() == []
    assert await talk["Deputy"].reads() == []
    assert len(await talk["Head"].reads()) == 1


async def test_an_emergency_in_a_report_leaves_out_whoever_the_report_is_about(talk: Talk):
    """Words that name nobody open an emergency in a report about the headteacher: everybody is told but the headteacher."""
    await about(talk, "headteacher")
    said = transcript(await talk["Teacher"].says(DANGER))
    assert "I am not telling the headteacher" in said
    assert await talk["Head"].reads() == []
    assert len(await talk["Lead"].reads()) == 1


async def test_without_an_adult_in_it_the_button_is_offered_as_ever(talk: Talk):
    """Nothing changes for everybody else."""
    await begins(talk["Parent"], until="happened")
    assert "Tell the lead now" in transcript(await talk["Parent"].says("A man waits for her and asks her to keep it a secret."))


@pytest.mark.parametrize("wish", ["rather not say"])
async def test_who_is_not_named_counts_as_anybody(talk: Talk, wish: str):
    """It may be the lead, so the lead's button is not offered."""
    await begins(talk["Parent"], until="happened", adult_part=wish)
    assert "Tell the lead" not in transcript(await talk["Parent"].says(WORRYING))


async def test_a_button_that_is_typed_is_no_worry(talk: Talk):
    """“Rather not say” and “I am under 18” sound like something; they are what the question offered."""
    parent = talk["Parent"]
    await begins(parent, CONCERN, until="adult_name", adult_part="yes", adult_role="someone else", job="volunteers",
                 what="a niggling worry", children="not sure")  # fmt: skip
    assert "Tell the lead" not in transcript(await parent.says("rather not say"))
    await begins(talk["Child"], until="you")
    assert "Tell the lead" not in transcript(await talk["Child"].says("I am under 18"))


async def test_when_it_was_is_no_worry(talk: Talk, monkeypatch: pytest.MonkeyPatch):
    """A day that was asked for says nothing new, however it sounds; what is no day at all is heard as ever."""
    parent = talk["Parent"]
    await begins(parent, until="when")
    monkeypatch.setattr("knowledge.risk.Triage.weigh", lambda *_: Risk("high"))
    assert "Tell the lead" not in transcript(await parent.says("last night"))
    assert "Tell the lead" in transcript(await parent.says("he frightens her"))


def test_without_a_report_nobody_is_part_of_it():
    """There is nothing to read it from."""
    assert part_of(None) == frozenset()
