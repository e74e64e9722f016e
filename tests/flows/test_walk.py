"""Walks the flows at random, with restarts in between, beside a plain model of what was said: the two must never differ."""

from __future__ import annotations

import os
from collections import Counter
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from flows.engine import Finished, Reviewing, Stage, Stale, Stopped, about_of, again, begin, confirm, lock, silence
from flows.flow import questions
from flows.frame import Report
from flows.setting import SHORT
from tests.flows.oracle import asked_of, comes_up
from tests.flows.telling import FLOWS, NOW, QUIET, WORKSPACE, clicks, kept_and_read, types

# `make walk` goes further. Each example takes up to fifty steps, and one in so many arrives at a report that is sent.
EXAMPLES = int(os.environ.get("WALK", "120"))
STEPS_EACH = 20
ONE_ARRIVES_IN = 12

# When each conditional question comes up, written down a second time and in other words than the flows do. For a question that
# is not in here, its own conditions are read by the oracle.
RNS = "rather_not_say"
ROLES = {question.name for flow in FLOWS.values() for question in questions(flow) if question.kind == "role"}
FRAME = {
    "workspace": lambda said: said.get("adult_part") not in (None, "no"),
    "adult_role": lambda said: said.get("adult_part") == "yes",
    "door": lambda said: RNS in {said.get(name) for name in (*ROLES, "adult_part")},
}
CONDITIONS = {
    "knock": {
        "which_adult": lambda said: said.get("sender") == "adult_at_school" and said.get("adult_part") in ("no", "not_sure"),
    },
    "ticking": {"shade": lambda said: "blue" in said.get("kinds", ())},
    "winding": {
        "way": lambda said: said.get("gate") is True,
        "bridge": lambda said: said.get("way") == "left",
        "crossed": lambda said: said.get("bridge") == "yes",
        "steps": lambda said: said.get("gate") is False or said.get("way") == "right",
    },
}
QUIET_WORDS = ("why?", "help", "where am i", "back", "keep", "send it", "talk to a person")
BUTTONS = ("choice", "yes_no", "platform", "role")

# Marked, so that it is no command, no choice, and can be looked for wherever it must not be.
words = st.text(max_size=40).map(lambda text: f"zqx {text} x")
times = st.sampled_from(("yesterday", "last Tuesday", "since half term", "two weeks ago", "this morning")) | words


def inherited(flow):
    """The conditions of the frame that FLOW has not declared anew."""
    own = {name for one in flow.__mro__ if Report in one.__mro__[1:] for name in vars(one).get("__annotations__", {})}
    return {name: holds for name, holds in FRAME.items() if issubclass(flow, Report) and name not in own}


class Walk(RuleBasedStateMachine):
    """A person who does anything at all, in any order."""

    count: ClassVar[Counter[str]] = Counter()

    @initialize(flow=st.sampled_from(sorted(FLOWS)), setting=st.sampled_from((QUIET, WORKSPACE)))
    def begins(self, flow, setting):
        """Start a fresh report, with nothing said."""
        self.count["reports"] += 1
        self.flow, self.setting = flow, setting
        self.asked = asked_of(flow, setting)
        self.conditions = {**inherited(FLOWS[flow]), **CONDITIONS.get(flow, {})}
        self.forgets()
        self.shown = getattr(self, "shown", [])
        self.step = begin(flow, f"w{self.count['reports']}", setting)

    def forgets(self):
        """Nothing is said, ticked, named or locked."""
        self.said, self.ticked, self.named, self.locked = {}, [], [], False

    def ends(self):
        """A report is over; another one begins."""
        names = sorted(FLOWS)
        self.begins(names[(names.index(self.flow) + 1) % len(names)], self.setting)

    def comes_up(self, question):
        """Whether QUESTION comes up with what was said, in the words above where they have it."""
        by_hand = self.conditions.get(question.name)
        return by_hand(self.said) if by_hand else comes_up(question, self.said)

    def coming_up(self):
        """The names of what comes up, and when the report is locked, of what is still asked."""
        names = [one.name for one in self.asked if self.comes_up(one)]
        gates = {one.name for one in self.asked if one.gate}
        names = [name for name in names if not self.locked or name in self.said or name in gates]
        story = ["happened"] if self.locked and "happened" in self.said and "happened" not in names else []
        return [*names, *story, *(f"named_{role}" for role in self.named)]

    def takes(self, step):
        """STEP is where the report is now; a stale button has changed nothing."""
        self.count["steps"] += 1
        before = self.step.progress
        self.shown.append(about_of(before))
        assert "zqx" not in repr(step)
        if isinstance(step, Stale):
            assert step.step.progress == before
            step = step.step
        self.step = getattr(step, "step", step)
        return step

    def hears(self, text, *, press=False):
        """Type TEXT, or press the button that means it."""
        return self.takes(clicks(self.step, text) if press else types(self.step, text))

    def says(self, name, value, step):
        """Note that VALUE was answered to NAME and led to STEP, and forget what can no longer come up."""
        self.said[name] = value
        question = next((one for one in self.asked if one.name == name), None)
        told = [
            ("yes" if one else "no") if isinstance(one, bool) else one for one in (value if isinstance(value, list) else [value])
        ]
        if question and any(one in question.stops for one in told if isinstance(one, str)):
            assert isinstance(step, Stopped)
            assert step.because in told
            self.ends()
            return
        self.locked = self.locked or bool(question and any(one in question.locks for one in told))
        for later in self.asked:
            if later.name in self.said and not self.comes_up(later):
                del self.said[later.name]
        self.ticked = []
        if isinstance(step, Finished):
            assert self.locked
            self.was_sent(step)

    def was_sent(self, done):
        """DONE is what was said, all of it and nothing else, whatever way it went out."""
        assert {one.name for one in done.said} == set(self.said)
        assert done.progress.answers == self.said
        assert all(set(other.said) <= set(done.said) for other in done.openings)
        concerned = {
            name.removeprefix("named_") for name, value in self.said.items() if name.startswith("named_") and value == "yes"
        }
        roles = {self.said[name] for name in ROLES & set(self.said)} & set(SHORT) if self.is_report else set()
        assert all(concerned | roles <= set(one.concerned) for one in done.openings)
        if self.locked:
            assert [one.matter for one in done.openings] == ["image_by_pupil"]
        report = {name: getattr(done.report, name) for name in self.said if name in type(done.report).model_fields}
        for name, value in report.items():
            said = self.said[name]
            if isinstance(said, dict):
                assert (value.words, value.to_json()) == (said["words"], said)
            else:
                assert (set(said) if isinstance(said, list) else said) == getattr(value, "value", value)
        assert not any(getattr(done.report, name) for name in set(type(done.report).model_fields) - set(self.said))
        self.count["sent"] += 1
        self.count["locked"] += self.locked
        self.ends()

    @property
    def is_report(self):
        return issubclass(FLOWS[self.flow], Report)

    @property
    def progress(self):
        return self.step.progress

    @property
    def stage(self):
        return self.progress.stage

    def asks(self, *kinds):
        """Whether an ordinary question of one of KINDS is open."""
        return self.stage is Stage.ASKING and self.step.question.kind in kinds

    @precondition(lambda self: self.stage is Stage.ASKING)
    @rule(data=st.data(), count=st.integers(1, 20))
    def carries_on(self, data, count):
        """Most people mostly answer: without this the walk would hardly ever arrive."""
        for _ in range(count):
            if self.asks("text", "when"):
                self.answers_in_own_words(data.draw(times if self.asks("when") else words))
            elif self.asks("number"):
                self.answers_with_a_number(data.draw(st.integers(0, 50)))
            elif self.asks("ticks"):
                self.names_several(data, data.draw(st.booleans()))
            elif self.stage is Stage.ASKING:
                self.answers_by_choice(data, data.draw(st.sampled_from(("press", "label"))))

    @precondition(lambda self: self.asks(*BUTTONS))
    @rule(data=st.data(), how=st.sampled_from(("press", "label", "number", "shout")))
    def chooses(self, data, how):
        self.answers_by_choice(data, how)

    @precondition(lambda self: self.asks("text", "when"))
    @rule(text=times)
    def writes(self, text):
        self.answers_in_own_words(text)

    @precondition(lambda self: self.asks("number"))
    @rule(number=st.integers(0, 10**9 - 1))
    def counts(self, number):
        self.answers_with_a_number(number)

    def answers_by_choice(self, data, how):
        """Answer the open question with one of its choices."""
        question = self.step.question
        number, choice = data.draw(st.sampled_from(list(enumerate(question.choices, 1))))
        text = {"press": choice.value, "label": choice.label, "number": f"{number}.", "shout": f" {choice.label.upper()}! "}[how]
        step = self.hears(text, press=how == "press")
        self.says(question.name, choice.value == "yes" if question.kind == "yes_no" else choice.value, step)

    def answers_in_own_words(self, text):
        """Answer the open question by writing."""
        name = self.step.question.name
        step = self.hears(text)
        kept = self.progress.answers[name]
        assert (kept["words"] if isinstance(kept, dict) else kept).split()[0] == text.split()[0]
        self.says(name, kept, step)

    def answers_with_a_number(self, number):
        """Answer the open question with a number."""
        name = self.step.question.name
        self.says(name, number, self.hears(str(number)))

    @precondition(lambda self: self.asks("ticks"))
    @rule(data=st.data())
    def taps(self, data):
        before = set(self.progress.ticked)
        value = data.draw(st.sampled_from(self.step.question.choices)).value
        self.hears(value, press=True)
        assert set(self.progress.ticked) == before ^ {value}

    @precondition(lambda self: self.asks("ticks"))
    @rule(press=st.booleans())
    def has_ticked_enough(self, press):
        question, ticked = self.step.question, self.progress.ticked
        step = self.hears("done", press=press)
        if ticked or question.optional:
            self.says(question.name, [one.value for one in question.choices if one.value in ticked] or None, step)

    @precondition(lambda self: self.asks("ticks"))
    @rule(data=st.data(), number=st.booleans())
    def names_several(self, data, number):
        question, before = self.step.question, self.progress
        boxes = list(enumerate(question.choices, 1))
        chosen = data.draw(st.lists(st.sampled_from(boxes), min_size=1, max_size=3))
        step = self.hears(", ".join(str(place) if number else choice.label for place, choice in chosen))
        meant = {choice.value for _, choice in chosen} | (set(before.ticked) if before.tapping else set())
        self.says(question.name, [one.value for one in question.choices if one.value in meant], step)

    @precondition(lambda self: not self.asks("text", "when"))
    @rule(text=words)
    def says_something_else(self, text):
        assert not self.hears(text).understood

    @rule(text=st.sampled_from(QUIET_WORDS))
    def steers(self, text):
        if (self.stage, text) in ((Stage.REVIEWING, "send it"), (Stage.STOPPING, "keep")):
            return  # there these words do decide
        assert not isinstance(self.hears(text), Finished | Stopped)

    @precondition(lambda self: self.stage in (Stage.ASKING, Stage.REVIEWING))
    @rule(text=st.sampled_from(("skip", "rather not", "don't know")), number=st.integers(0, 16))
    def skips_or_edits(self, text, number):
        if text == "rather not" or self.stage is Stage.REVIEWING:
            self.hears(f"edit {number}")
            return
        question = self.step.question
        step = self.hears(text)
        if text == "don't know" and any(choice.value == "not_sure" for choice in question.choices):
            self.says(question.name, ["not_sure"] if question.kind == "ticks" else "not_sure", step)
        elif question.optional or question.silence:
            self.says(question.name, question.silence or None, step)

    @rule(press=st.booleans())
    def cancels(self, press):
        doubted = self.asks("text", "when") and not press
        before, nothing_said = self.stage, not self.said
        step = self.hears("cancel", press=press)
        if isinstance(step, Stopped):
            assert nothing_said
            assert not step.kept
            self.ends()
        elif before in (Stage.ASKING, Stage.REVIEWING):
            assert self.stage is (Stage.DOUBT if doubted else Stage.STOPPING)

    @precondition(lambda self: self.asks("text", "when"))
    @rule(text=st.sampled_from(("stop", "human", "call me")))
    def writes_a_word_that_may_be_a_wish(self, text):
        self.hears(text)
        assert self.stage is Stage.DOUBT

    @rule()
    def wants_to_start_again(self):
        before = self.progress
        self.hears("start again")
        if not self.said and before.stage is Stage.ASKING and not self.locked:
            self.forgets()
        assert not self.locked or self.progress == before

    @precondition(lambda self: self.stage in (Stage.STOPPING, Stage.DOUBT, Stage.RESTARTING))
    @rule(data=st.data())
    def decides(self, data):
        was, name, pending = self.stage, self.progress.asked, self.progress.pending
        value = data.draw(st.sampled_from(self.step.question.choices)).value
        step = self.hears(value, press=True)
        match was, value:
            case Stage.RESTARTING, "yes":
                self.forgets()
            case Stage.DOUBT, "answer":
                kept = self.progress.answers[name]
                assert (kept["words"] if isinstance(kept, dict) else kept) == pending
                self.says(name, kept, step)
            case (Stage.STOPPING, "no") | (Stage.DOUBT, "halt") if isinstance(step, Stopped):
                assert not step.kept
                self.ends()
            case Stage.STOPPING, "yes":
                assert step.kept
                self.step = again(step.progress)

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def presses_an_old_button(self, data):
        about = data.draw(st.sampled_from(self.shown))
        if about != about_of(self.progress):
            before = self.progress
            value = data.draw(st.sampled_from(("yes", "no", "send", "back", "cancel", "staff", "left", "skip", "done")))
            self.takes(clicks(self.step, value, about=about))
            assert self.progress == before

    @rule(role=st.sampled_from(sorted(SHORT)))
    def names_somebody(self, role):
        before = self.progress
        after = confirm(before, role)
        if after == before:
            assert role in self.named or role in self.said.values()
            return
        self.named.append(role)
        self.step = again(after)

    @precondition(lambda self: len(self.said) > 3)
    @rule(number=st.integers(0, 4), dice=st.integers(0, 5))
    def shows_that_there_is_a_picture(self, number, dice):
        if dice:
            return  # or no report would ever be read through
        text = f"zqx picture {number}"
        before = self.said.get("happened")
        self.locked = True
        step = self.takes(lock(self.progress, text, NOW))
        self.says("happened", before if before and text in before else f"{before}\n\n{text}" if before else text, step)

    @rule(sends=st.booleans())
    def says_nothing_for_a_while(self, sends):
        sent = silence(self.progress)
        if sent is None:
            assert self.stage is not Stage.ASKING or not self.step.question.silence
            return
        assert self.locked or self.step.question.name == "door"
        if sends:
            self.said = dict(sent.progress.answers)
            self.was_sent(sent)

    @precondition(lambda self: self.stage is Stage.REVIEWING)
    @rule(press=st.booleans())
    def sends(self, press):
        lines = self.step.lines
        done = self.hears("send", press=press)
        assert isinstance(done, Finished)
        assert [(one.question, one.answer) for one in done.said] == [(question, answer) for _, question, answer in lines]
        self.was_sent(done)

    @rule()
    def restarts(self):
        back = kept_and_read(self.progress)
        assert back == self.progress
        self.step = again(back)

    @invariant()
    def holds_exactly_what_was_said(self):
        """No answer is lost, changed, or given to another question, and what is open can be open."""
        assert dict(self.progress.answers) == self.said
        assert self.progress.locked is self.locked
        names = self.coming_up()
        if self.stage is Stage.REVIEWING:
            assert isinstance(self.step, Reviewing)
            assert not self.locked
            assert set(names) == set(self.said)
            assert len(self.step.lines) == len(names)
        else:
            assert self.progress.asked == "review" or self.progress.asked in names


def test_a_random_walk_never_fails_and_the_review_is_what_was_said(both, figure):
    """However people wander through a report, and whenever the bot restarts, what is sent is what they said."""
    Walk.count.clear()
    run_state_machine_as_test(Walk, settings=settings(max_examples=EXAMPLES, stateful_step_count=50, deadline=None))
    figure(f"random walk: {', '.join(f'{number} {what}' for what, number in sorted(Walk.count.items()))}")
    assert Walk.count["steps"] >= EXAMPLES * STEPS_EACH
    assert Walk.count["sent"] >= EXAMPLES // ONE_ARRIVES_IN
    assert Walk.count["locked"]
