"""Rows of the torture matrix: what can be said or pressed at a question, and what can happen to it meanwhile."""

from __future__ import annotations

from flows.engine import Asking, Finished, Stale, about_of, again, silence
from tests.flows.checking import GIBBERISH, WORDS, Rows, answered, typed, unchanged
from tests.flows.oracle import kept_as, usual
from tests.flows.telling import clicks, kept_and_read, types

row = Rows()


@row
def every_answer(place):
    """Each choice, by button, by its words and by its number, is kept and followed by the right question."""
    if place.name == "review":
        done = clicks(place.step, "send")
        assert isinstance(done, Finished)
        assert [(one.question, one.answer) for one in done.said] == [(line[1], line[2]) for line in place.step.lines]
        return
    question = place.step.question
    for number, choice in enumerate(question.choices, 1):
        value = kept_as(question, choice.value)
        presses = (choice.value, "done") if question.kind == "ticks" else (choice.value,)
        for step in (clicks(place.step, *presses), types(place.step, choice.label), types(place.step, str(number))):
            answered(place, step, value)
    if not question.choices:
        step = types(place.step, usual(question))
        answered(place, step, step.progress.answers[place.name])


@row
def policy_question(place):
    """A question about the policy is no answer to buttons (the bot answers it and asks again); own words may hold one."""
    typed(place, "Who may follow the school online?")


@row
def garbage(place):
    """Letters that mean nothing are asked about again, or are somebody’s words."""
    typed(place, GIBBERISH)


@row
def very_long_text(place):
    """Too much is kept up to the limit, which is said; where words are not wanted it is not understood."""
    kind = "" if place.name == "review" else place.step.question.kind
    typed(place, "zqx long " * 700, longest=200 if kind == "when" else 4000)
    assert kind not in WORDS or "holds" in types(place.step, "zqx long " * 700).note


@row
def emoji_only(place):
    """A face says nothing that somebody could act on."""
    assert not unchanged(place, types(place.step, "😀👍🏽")).understood


@row
def hidden_and_reordering_characters(place):
    """Marks that hide or turn text around change neither what is understood nor what is kept."""
    if place.name == "review":
        unchanged(place, types(place.step, "\u202e\x00\u200b"))
        return
    question = place.step.question
    plain = usual(question)
    step = types(place.step, f"\u202e{plain[:3]}\x07\u2066{plain[3:]}\u200b")
    answered(place, step, types(place.step, plain).progress.answers[place.name])
    assert all(mark not in step.progress.to_json() for mark in ("\u202e", "\\u202e", "\u2066", "\u200b", "\\u0007"))


@row
def double_tap(place):
    """The second tap finds its question gone."""
    about = about_of(place.step.progress)
    first = clicks(place.step, "cancel")
    if isinstance(first, Asking):
        late = clicks(first, "cancel", about=about)
        assert isinstance(late, Stale)
        assert late.step.progress == first.progress
    if place.name == "review" or not place.step.question.choices:
        return
    value = next(one.value for one in place.step.question.choices if one.label == usual(place.step.question))
    first = clicks(place.step, value)
    late = clicks(first, value, about=about)
    assert isinstance(late, Stale)
    assert late.step.progress == first.progress


@row
def stale_button(place):
    """No button of another question, another report or another stage does anything."""
    for about in (*place.shown, "m2:danger", "m1:nowhere", f"{about_of(place.step.progress)}:stopping"):
        for value in ("yes", "no", "send", "cancel", "skip", "done", "1"):
            late = clicks(place.step, value, about=about)
            assert isinstance(late, Stale)
            unchanged(place, late.step)


@row
def same_message_twice(place):
    """Deciding changes nothing by itself: the same message decided twice comes to the same (the inbox drops the second)."""
    for text in ("why?", "back", "cancel", GIBBERISH, "skip"):
        first, second = types(place.step, text), types(place.step, text)
        assert (type(first), first.progress) == (type(second), second.progress)
    unchanged(place, again(place.step.progress))


@row
def restart(place):
    """After a restart the same question is open, and every answer leads where it would have led."""
    there = again(kept_and_read(place.step.progress))
    unchanged(place, there)
    text = "send" if place.name == "review" else usual(place.step.question)
    after, before = types(there, text), types(place.step, text)
    assert (type(after), after.progress) == (type(before), before.progress)


@row
def idle(place):
    """Silence sends only where the question said so, and sends that very answer."""
    sent = silence(place.step.progress)
    meant = "" if place.name == "review" else place.step.question.silence
    assert (sent is not None) is bool(meant)
    if sent:
        assert sent.progress.answers == {**place.said, place.name: meant}
