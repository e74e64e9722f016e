"""Walks the flows at random, with restarts in between, beside a plain model of what was said: the two must never differ."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from flows.engine import Finished, Progress, Reviewing, Stage, Stale, Stopped, about_of, again, begin, hear

NOW = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)
ENOUGH = 2000  # steps, of which this many arrive at a report that is sent:
ARRIVED = 5

# When each conditional question comes up, written down a second time and in other words than the flows do.
CONDITIONS = {
    "friend_request": {
        "adult_part": lambda said: said.get("sender") not in (None, "adult_at_school"),
        "adult_role": lambda said: said.get("sender") == "adult_at_school" or said.get("adult_part") == "yes",
    },
    "winding": {
        "way": lambda said: said.get("gate") is True,
        "bridge": lambda said: said.get("way") == "left",
        "crossed": lambda said: said.get("bridge") == "yes",
        "steps": lambda said: said.get("gate") is False or said.get("way") == "right",
    },
}
QUIET = ("why?", "help", "where am i", "back", "keep", "send it")

# Marked, so that it is no command, no choice, and can be looked for wherever it must not be.
words = st.text(max_size=40).map(lambda text: f"zqx {text} x")


class Walk(RuleBasedStateMachine):
    """A person who does anything at all, in any order."""

    steps = 0
    sent = 0

    def __init__(self):
        super().__init__()
        self.count = 0
        self.shown = []

    @initialize(flow=st.sampled_from(sorted(CONDITIONS)))
    def begin(self, flow):
        """Start a fresh report, with nothing said."""
        self.count += 1
        self.said = {}
        self.step = begin(flow, f"w{self.count}")

    def begins_another(self):
        """Start a report of the other kind."""
        self.begin(next(flow for flow in CONDITIONS if flow != self.progress.flow))

    def hears(self, text, *, pressed=False, about=""):
        """Send TEXT to the engine and take its step."""
        Walk.steps += 1
        before = self.step.progress
        self.shown.append(about_of(before))
        step = hear(before, text, pressed=pressed, about=about, now=NOW)
        assert "zqx" not in repr(step)
        if isinstance(step, Stale):
            assert step.step.progress == before
            step = step.step
        self.step = step
        return step

    def says(self, name, value):
        """Note that VALUE was answered to NAME, and forget what can no longer come up."""
        self.said[name] = value
        for later, comes_up in CONDITIONS[self.progress.flow].items():
            if later in self.said and not comes_up(self.said):
                del self.said[later]

    @property
    def progress(self) -> Progress:
        return self.step.progress

    @property
    def stage(self) -> Stage:
        return self.progress.stage

    def asks(self, *kinds):
        """Whether an ordinary question of one of KINDS is open."""
        return self.stage is Stage.ASKING and self.step.question.kind in kinds

    @precondition(lambda self: self.stage is Stage.ASKING)
    @rule(data=st.data(), count=st.integers(1, 10))
    def carries_on(self, data, count):
        """Most people mostly answer: without this the walk would hardly ever arrive."""
        for _ in range(count):
            if self.asks("text"):
                self.answers_in_own_words(data.draw(words))
            elif self.asks("number"):
                self.answers_with_a_number(data.draw(st.integers(0, 50)))
            elif self.stage is Stage.ASKING:
                self.answers_by_choice(data, data.draw(st.sampled_from(("press", "label"))))

    @precondition(lambda self: self.asks("choice", "yes_no", "platform"))
    @rule(data=st.data(), how=st.sampled_from(("press", "label", "number", "shout")))
    def chooses(self, data, how):
        self.answers_by_choice(data, how)

    @precondition(lambda self: self.asks("text"))
    @rule(text=words)
    def writes(self, text):
        self.answers_in_own_words(text)

    @precondition(lambda self: self.asks("number"))
    @rule(number=st.integers(0, 10**9 - 1))
    def counts(self, number):
        self.answers_with_a_number(number)

    def answers_by_choice(self, data, how):
        """Answer the open question with one of its choices."""
        question, about = self.step.question, about_of(self.progress)
        number, choice = data.draw(st.sampled_from(list(enumerate(question.choices, 1))))
        text = {"press": choice.value, "label": choice.label, "number": f"{number}.", "shout": f" {choice.label.upper()}! "}[how]
        step = self.hears(text, pressed=how == "press", about=about if how == "press" else "")
        if choice.value in question.stops:
            assert isinstance(step, Stopped)
            assert step.because == choice.value
            self.begins_another()
        else:
            self.says(question.name, choice.value == "yes" if question.kind == "yes_no" else choice.value)

    def answers_in_own_words(self, text):
        """Answer the open question by writing."""
        name = self.step.question.name
        self.hears(text)
        kept = self.progress.answers[name]
        assert kept.startswith("zqx")
        assert kept.endswith("x")
        self.says(name, kept)

    def answers_with_a_number(self, number):
        """Answer the open question with a number."""
        name = self.step.question.name
        self.hears(str(number))
        self.says(name, number)

    @precondition(lambda self: not self.asks("text"))
    @rule(text=words)
    def says_something_else(self, text):
        assert not self.hears(text).understood

    @rule(text=st.sampled_from(QUIET))
    def steers(self, text):
        if (self.stage, text) in ((Stage.REVIEWING, "send it"), (Stage.STOPPING, "keep")):
            return  # there these words do decide
        assert not isinstance(self.hears(text), Finished | Stopped)

    @precondition(lambda self: self.stage in (Stage.ASKING, Stage.REVIEWING))
    @rule(text=st.sampled_from(("skip", "rather not", "don't know")), number=st.integers(0, 12))
    def skips_or_edits(self, text, number):
        if text == "rather not" or self.stage is Stage.REVIEWING:
            self.hears(f"edit {number}")
            return
        question = self.step.question
        offered = {choice.value for choice in question.choices}
        self.hears(text)
        if text == "don't know" and "not_sure" in offered:
            self.says(question.name, "not_sure")
        elif question.optional:
            self.says(question.name, None)

    @rule(pressed=st.booleans())
    def cancels(self, pressed):
        typed_in_own_words = self.asks("text") and not pressed
        nothing_said = not self.said
        before = self.stage
        step = self.hears("cancel", pressed=pressed, about=about_of(self.progress) if pressed else "")
        if isinstance(step, Stopped):
            assert nothing_said
            assert not step.kept
            self.begins_another()
        elif before in (Stage.ASKING, Stage.REVIEWING):
            assert self.stage is (Stage.DOUBT if typed_in_own_words else Stage.STOPPING)

    @precondition(lambda self: self.asks("text"))
    @rule()
    def writes_the_word_stop(self):
        self.cancels(pressed=False)

    @rule()
    def wants_to_start_again(self):
        self.hears("start again")

    @precondition(lambda self: self.stage in (Stage.STOPPING, Stage.DOUBT, Stage.RESTARTING))
    @rule(data=st.data())
    def decides(self, data):
        was, name, pending = self.stage, self.progress.asked, self.progress.pending
        value = data.draw(st.sampled_from(self.step.question.choices)).value
        step = self.hears(value, pressed=True, about=about_of(self.progress))
        match was, value:
            case Stage.RESTARTING, "yes":
                self.said = {}
            case Stage.DOUBT, "answer":
                self.says(name, pending)
            case (Stage.STOPPING, "no") | (Stage.DOUBT, "halt") if isinstance(step, Stopped):
                assert not step.kept
                self.begins_another()
            case Stage.STOPPING, "yes":
                assert step.kept
                self.step = again(step.progress)

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def presses_an_old_button(self, data):
        about = data.draw(st.sampled_from(self.shown))
        if about != about_of(self.progress):
            before = self.progress
            value = data.draw(st.sampled_from(("yes", "no", "send", "back", "cancel", "staff", "left", "skip")))
            self.hears(value, pressed=True, about=about)
            assert self.progress == before

    @precondition(lambda self: self.stage is Stage.REVIEWING)
    @rule(pressed=st.booleans())
    def sends(self, pressed):
        lines = self.step.lines
        done = self.hears("send", pressed=pressed, about=about_of(self.progress) if pressed else "")
        assert isinstance(done, Finished)
        assert [(one.question, one.answer) for one in done.said] == [(question, answer) for _, question, answer in lines]
        plain = done.report.model_dump(mode="json", include=set(self.said))
        assert plain == self.said
        assert not any(getattr(done.report, name) for name in set(type(done.report).model_fields) - set(self.said))
        Walk.sent += 1
        self.begins_another()

    @rule()
    def restarts(self):
        back = Progress.from_json(self.progress.to_json())
        assert back == self.progress
        self.step = again(back)

    @invariant()
    def holds_exactly_what_was_said(self):
        """No answer is lost, changed, or given to another question, and what is open can be open."""
        assert dict(self.progress.answers) == self.said
        names = [question.name for question in self.progress.coming_up]
        if self.stage is Stage.REVIEWING:
            assert isinstance(self.step, Reviewing)
            assert set(names) == set(self.said)
            labels = {one.name: one.answer for one in self.progress.said}
            assert [answer for _, _, answer in self.step.lines] == [labels[name] for name in names]
        else:
            assert self.progress.asked == "review" or self.progress.asked in names


def test_a_random_walk_never_fails_and_the_review_is_what_was_said(both):
    """However people wander through a report, and whenever the bot restarts, what is sent is what they said."""
    Walk.steps = Walk.sent = 0
    run_state_machine_as_test(Walk, settings=settings(max_examples=100, stateful_step_count=50, deadline=None))
    assert Walk.steps >= ENOUGH
    assert Walk.sent >= ARRIVED
