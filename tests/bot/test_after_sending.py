"""After a report was sent: add to it, ask how it stands, say that nothing has happened; and nobody else can do any of it."""

from __future__ import annotations

import re

import pytest

from tests.filling import asked_in, begins, sends
from tests.talk import Talk, transcript

STRANGER = "I cannot show you a report with that reference."


def reference(replies) -> str:
    """The reference that REPLIES give."""
    return re.findall(r"SP-[2-9A-Z]{5}", transcript(replies))[0]


def unoffered(replies):
    """REPLIES without what triage offers: it weighs the letters of a reference, too, and those are drawn."""
    return [one for one in replies if not one.about.startswith("worry:")]


async def page_of(talk: Talk, name: str = "Lead") -> str:
    """The report as NAME reads it, when they press Open on the last card."""
    await talk[name].reads()
    page = await talk[name].clicks("Open")
    offered = {choice.label for reply in page for choice in reply.choices}
    return transcript(await talk[name].clicks("All of it") if "All of it" in offered else page)


async def worried(talk: Talk, **more: str) -> str:
    """A parent's report for the lead; its reference."""
    return reference(await sends(talk["Parent"], "Just tell us", who="the safeguarding lead", **more))


class TestAdding:
    """What is said later is kept beside the report, with its time."""

    async def test_by_button(self, talk: Talk):
        """The next message is what is added; the report itself stays as it was."""
        await worried(talk)
        await talk.passes(hours=0.5)
        parent = talk["Parent"]
        (prompt,) = await parent.clicks("Add something")
        assert "What would you like to add" in prompt.text
        *_, kept = await parent.says("He wrote again at seven.")
        assert "Nobody has said yet that they have it" in kept.text
        page = await page_of(talk)
        assert "He keeps asking" in page
        assert "Added on Monday 23 November at 10:30:\nWhat they added\n  He wrote again at seven." in page

    @pytest.mark.parametrize(
        "words", ["add {}: he wrote again", "Add {}: he wrote again", "add: he wrote again", "add to my report: he wrote again"]
    )
    async def test_in_one_message(self, talk: Talk, words: str):
        """Who knows the reference, or has one report only, needs no button."""
        mine = await worried(talk)
        *_, kept = await talk["Parent"].says(words.format(mine))
        assert f"I have added that to {mine}" in kept.text
        assert "he wrote again" in await page_of(talk)

    @pytest.mark.parametrize("words", ["add", "add {}", "add something", "add to my report"])
    async def test_asked_for_by_word(self, talk: Talk, words: str):
        """The wish alone asks for the words, as the button does."""
        mine = await worried(talk)
        *_, prompt = await talk["Parent"].says(words.format(mine))
        assert f"add to {mine}" in prompt.text
        assert "he wrote again" not in prompt.text

    async def test_whoever_has_it_hears_of_it(self, talk: Talk):
        """One line, without a word of what was added."""
        await worried(talk)
        await talk["Lead"].reads()
        await talk["Lead"].clicks("Acknowledge")
        await talk["Parent"].reads()
        *_, kept = await talk["Parent"].says("add: he wrote again")
        assert "Whoever has it is told" in kept.text
        (line,) = await talk["Lead"].reads()
        assert "Something was added" in line.text
        assert "wrote again" not in line.text

    async def test_can_be_given_up(self, talk: Talk):
        """By word or by button; what is typed after that is a message like any other."""
        await worried(talk)
        parent = talk["Parent"]
        await parent.clicks("Add something")
        assert "nothing was added" in (await parent.says("cancel"))[0].text
        await parent.clicks("Add something")
        assert "nothing was added" in (await parent.clicks("Stop"))[0].text
        assert "I have added" not in transcript(await parent.says("hello"))

    async def test_is_forgotten_after_half_an_hour(self, talk: Talk):
        """Whoever comes back later and asks something else does not find it in their report."""
        await worried(talk)
        parent = talk["Parent"]
        await parent.clicks("Add something")
        await talk.passes(hours=0.6)
        await parent.reads()
        assert "I have added" not in transcript(await parent.says("hello"))

    async def test_twice_tapped_asks_twice_and_adds_once(self, talk: Talk):
        """A second tap on the same button is harmless."""
        await worried(talk)
        parent = talk["Parent"]
        await parent.clicks("Add something")
        await parent.clicks("Add something")
        await parent.says("He wrote again.")
        assert (await page_of(talk)).count("He wrote again.") == 1

    async def test_naming_somebody_who_would_read_it_is_asked_about_first(self, talk: Talk):
        """Nothing is kept before the answer; after a yes they lose the report, and whoever should have it is told."""
        await sends(talk["Teacher"], "Just tell us", who="the headteacher")
        await talk["Head"].reads()
        *_, ask = await talk["Teacher"].says("add: the headteacher told me to accept it")
        assert "Is the headteacher part of what worries you?" in ask.text
        assert "accept it" not in await page_of(talk, "Head")
        again = await talk["Teacher"].says("hello?")
        assert "Is the headteacher part of what worries you?" in again[-1].text
        (kept,) = await talk["Teacher"].clicks("Yes, part of it")
        assert "From now on I keep it from the headteacher. I am telling the Chair" in kept.text
        assert "cannot show you a case" in await page_of(talk, "Head")
        assert "told me to accept it" in await page_of(talk, "Chair")

    async def test_naming_somebody_who_is_no_part_of_it_only_adds(self, talk: Talk):
        """An answer of “no” keeps the words and takes the report from nobody; the same button pressed again does nothing."""
        await sends(talk["Teacher"], "Just tell us", who="the headteacher")
        await talk["Teacher"].says("add: I showed it to the headteacher")
        (kept,) = await talk["Teacher"].clicks("No")
        assert "I have added that" in kept.text
        assert "earlier question" in (await talk["Teacher"].clicks("Yes, part of it"))[0].text
        assert "I showed it to the headteacher" in await page_of(talk, "Head")

    async def test_a_hint_of_a_picture_becomes_an_urgent_report_of_its_own(self, talk: Talk):
        """The first report may lie with somebody for two days: this one goes out at once, and says where it belongs."""
        mine = await worried(talk)
        await talk["Lead"].reads()
        said = await talk["Parent"].says("add: now he has sent her a naked picture of a boy")
        assert "Please stop there" in transcript(said)
        assert asked_in(said) == "adult_part"
        receipt = await talk["Parent"].says("no")
        assert reference(receipt) != mine
        page = await page_of(talk)
        assert "naked picture of a boy" in page
        assert f"Belongs with an earlier report\n  {mine}" in page

    async def test_danger_in_it_comes_first(self, talk: Talk):
        """The words are an emergency and an addition: 999, then what became of them."""
        await worried(talk)
        said = transcript(await talk["Parent"].says("add: he says he is outside her school now and will kill her"))
        assert said.index("ring 999") < said.index("I have added that")

    async def test_with_another_report_open_nothing_is_mixed_up(self, talk: Talk):
        """The button says how; words with the reference are kept, and the open question stands."""
        mine = await worried(talk)
        parent = talk["Parent"]
        await begins(parent, until="happened")
        how, question = await parent.clicks("Add something")
        assert f"type “add {mine}:”" in how.text
        assert asked_in([question]) == "happened"
        kept, question = await parent.says(f"add {mine}: he wrote again")
        assert "I have added that" in kept.text
        assert asked_in([question]) == "happened"
        answered = await parent.says("any news")
        assert asked_in(answered) == "when", "without a reference it is an answer"


class TestNews:
    """How a report stands, as it really is."""

    async def test_who_was_told_and_who_comes_next(self, talk: Talk):
        """By role and by the clock, until somebody has it."""
        mine = await worried(talk)
        (state,) = await talk["Parent"].clicks("Any news?")
        assert "So far I told the safeguarding lead (DSL)." in state.text
        assert "the deputy safeguarding lead will be told at 11:00" in state.text
        await talk.passes(hours=1)
        await talk["Parent"].reads()
        (state,) = await talk["Parent"].says(f"status {mine}")
        assert "I told the safeguarding lead (DSL) and the deputy safeguarding lead." in state.text
        await talk["Deputy"].clicks("Acknowledge")
        await talk["Parent"].reads()
        (state,) = await talk["Parent"].says("any news?")
        assert f"{mine} was seen by the school at 11:00." in state.text

    @pytest.mark.parametrize(
        "words", ["status", "any news", "Any news?", "is there any news", "any news on {}?", "{}", "status {}"]
    )
    async def test_in_whatever_words(self, talk: Talk, words: str):
        """With the reference or, as there is only one, without."""
        mine = await worried(talk)
        assert mine in transcript(await talk["Parent"].says(words.format(mine)))

    async def test_of_several_reports_each_is_said(self, talk: Talk):
        """Two were sent: both stand there, each with its own buttons."""
        first, second = await worried(talk), await worried(talk)
        said = await talk["Parent"].says("status")
        assert {reference([one]) for one in said[1:]} == {first, second}
        assert len({one.about for one in said[1:]}) == 2

    async def test_where_nothing_was_sent(self, talk: Talk):
        """That is said; it is no question about the policy."""
        (said,) = await talk["Parent"].says("any news?")
        assert "No report was sent from here" in said.text


class TestNothingHasHappened:
    """The clock goes one step up, once a step, and in the end the truth is said."""

    async def test_the_next_person_is_told_now(self, talk: Talk):
        """The deputy would have heard an hour later."""
        mine = await worried(talk)
        (said,) = await talk["Parent"].clicks("Nothing has happened")
        assert f"I am telling the deputy safeguarding lead about {mine} now." in said.text
        assert mine in transcript(await talk["Deputy"].reads())
        assert await talk["Head"].reads() == []

    async def test_a_double_tap_is_one_step(self, talk: Talk):
        """By button and by word, at once and a little later."""
        await worried(talk)
        parent = talk["Parent"]
        await parent.clicks("Nothing has happened")
        assert "I told the deputy safeguarding lead" in (await parent.clicks("Nothing has happened"))[0].text
        await talk.passes(minutes=10)
        await parent.reads()
        assert "I told the deputy safeguarding lead" in (await parent.says("still waiting"))[0].text
        assert await talk["Head"].reads() == []
        assert len(await talk["Deputy"].reads()) == 1

    async def test_the_rest_of_the_ladder_comes_one_step_sooner(self, talk: Talk):
        """The headteacher would have heard after two hours; now it is one."""
        await worried(talk)
        await talk["Parent"].clicks("Nothing has happened")
        await talk.passes(hours=1)
        assert len(await talk["Head"].reads()) == 1

    async def test_at_the_top_they_are_told_whom_to_ring(self, talk: Talk):
        """Everybody has been told: that is said, and no card goes out again."""
        mine = await worried(talk)
        for _ in range(2):
            await talk.passes(hours=1)
        await talk["Parent"].reads()
        cards = [len(await talk[name].reads()) for name in ("Lead", "Deputy", "Head")]
        assert cards == [1, 1, 1]
        (said,) = await talk["Parent"].says("nothing has happened")
        assert "Please ring the school office now and give this reference" in said.text
        assert mine in said.text
        assert [len(await talk[name].reads()) for name in ("Lead", "Deputy", "Head")] == [0, 0, 0]

    async def test_of_a_report_that_somebody_has_the_next_one_is_told(self, talk: Talk):
        """Whoever had it hears why; the deputy can take it, and the first one still sees it."""
        mine = await worried(talk)
        await talk["Lead"].reads()
        await talk["Lead"].clicks("Acknowledge")
        await talk["Parent"].reads()
        await talk.passes(days=1)
        (said,) = await talk["Parent"].says("nothing has happened")
        assert "I am telling the deputy safeguarding lead" in said.text
        (nudge,) = (one for one in await talk["Lead"].reads() if "nothing has happened" in one.text)
        assert mine in nudge.text
        await talk["Deputy"].reads()
        await talk["Deputy"].clicks("Acknowledge")
        assert "by the deputy safeguarding lead" in transcript(await talk["Parent"].reads())
        assert mine in transcript(await talk["Lead"].says(mine))

    async def test_of_a_report_that_was_opened_again_the_ladder_goes_on_to_the_phone(self, talk: Talk):
        """Nobody above takes it either: in the end the reporter is told to phone."""
        await worried(talk)
        await talk["Lead"].reads()
        await talk["Lead"].clicks("Acknowledge")
        await talk["Parent"].reads()
        await talk["Parent"].says("nothing has happened")
        for _ in range(3):
            await talk.passes(hours=1)
        assert "there is nobody left whom I could tell" in transcript(await talk["Parent"].reads())
        assert len(await talk["Head"].reads()) == 1

    async def test_where_nothing_was_sent_it_is_a_sentence_like_any_other(self, talk: Talk):
        """Somebody who answers a question of ours with it is not told about reports."""
        assert "reference" not in transcript(await talk["Parent"].says("nothing happened"))


class TestStrangers:
    """A reference alone opens nothing: not even whether there is such a report."""

    @pytest.mark.parametrize(
        "words", ["status {}", "add {}: it was all made up", "add {}", "any news on {}", "nothing has happened {}"]
    )
    async def test_the_same_words_for_a_report_there_is_and_for_none(self, talk: Talk, words: str):
        """Word for word the same answer, and nothing is kept or told."""
        mine = await worried(talk)
        await talk["Lead"].reads()
        real = transcript(unoffered(await talk["Stranger"].says(words.format(mine))))
        none = transcript(unoffered(await talk["Nobody"].says(words.format("SP-22222"))))
        assert real.replace(mine, "SP-22222") == none
        assert STRANGER in real
        assert await talk["Deputy"].reads() == []
        assert "made up" not in await page_of(talk)

    async def test_a_button_carried_elsewhere_does_nothing(self, talk: Talk):
        """The id in a button is no key."""
        await worried(talk)
        reply, choice = talk["Parent"].button("Nothing has happened")
        await talk.send("Stranger", choice.value, about=reply.about, pressed=True)
        (said,) = await talk["Stranger"].reads()
        assert STRANGER in said.text
        assert await talk["Deputy"].reads() == []
