"""Rows of the torture matrix: the words that steer, and what makes a report go another way."""

from __future__ import annotations

from flows.engine import Asking, Finished, Reviewing, Stage, Stopped, ToPerson, again, confirm, lock, silence
from tests.flows.checking import GIBBERISH, WORDS, Rows, answered, back_here, questions_of, unchanged
from tests.flows.oracle import coming_up, kept_as, left_standing, open_after, usual
from tests.flows.telling import NOW, clicks, kept_and_read, types

row = Rows()


@row
def why(place):
    """“Why?” is answered with the reason, and the question stays."""
    note = unchanged(place, types(place.step, "why?")).note
    assert note == place.step.question.why if isinstance(place.step, Asking) and place.step.question.why else note


@row
def help_(place):
    """“Help” explains this very question and names the ways out."""
    note = unchanged(place, types(place.step, "help")).note
    assert "cancel" in note
    assert isinstance(place.step, Reviewing) or note.startswith(place.step.question.help)


@row
def where_am_i(place):
    """How far it is, counted over what comes up, and that nothing was sent."""
    note = unchanged(place, types(place.step, "where am i?")).note
    names = coming_up(questions_of(place), place.said)
    far = f"question {names.index(place.name) + 1} of {len(names)}" if place.name in names else "answered everything"
    assert far in note
    assert "Nothing has been sent" in note


@row
def cancel(place):
    """It asks once what becomes of the words, where words are wanted whether it was one; and every way back leads here."""
    wished = types(place.step, "cancel")
    pressed = clicks(place.step, "cancel")
    if not place.said:
        assert isinstance(pressed, Stopped)
        assert not pressed.kept
        return
    assert pressed.progress.stage is Stage.STOPPING
    doubted = place.name != "review" and place.step.question.kind in WORDS
    assert wished.progress.stage is (Stage.DOUBT if doubted else Stage.STOPPING)
    for step in (wished, pressed):
        back_here(place, types(step, "back"))
        back_here(place, clicks(step, "on"))
        for words in ("why?", "help", "where am i", GIBBERISH, "😀", "edit 1", "skip", "send"):
            assert types(step, words).progress == step.progress
        back_here(place, clicks(again(kept_and_read(step.progress)), "on"))
    if doubted:
        meant = clicks(again(kept_and_read(wished.progress)), "answer")
        answered(place, meant, meant.progress.answers[place.name])
        assert "cancel" in meant.progress.to_json()
    gone = clicks(pressed, "no")
    assert isinstance(gone, Stopped)
    assert not gone.kept


@row
def keep_draft(place):
    """A draft is sent to nobody, and carries on at this question."""
    if not place.said:
        return
    kept = types(clicks(place.step, "cancel"), "keep a draft")
    assert isinstance(kept, Stopped)
    assert kept.kept
    back_here(place, again(kept_and_read(kept.progress)))


@row
def back(place):
    """One question back, with the answer given there; “keep” comes back here."""
    names = [name for name in coming_up(questions_of(place), place.said) if name in place.said]
    step = types(place.step, "back")
    if not names:
        assert step.progress == place.step.progress
        return
    assert step.progress.asked == names[-1]
    assert dict(step.progress.answers) == place.said
    assert "You said" in step.note
    back_here(place, types(step, "keep"))


@row
def edit_each(place):
    """Each answer can be looked at by its number; a question still to come cannot."""
    names = coming_up(questions_of(place), place.said)
    for number, name in enumerate(names, 1):
        step = types(place.step, f"edit {number}")
        if name in place.said:
            assert step.progress.asked == name
            back_here(place, types(step, "keep"))
        else:
            assert not unchanged(place, step).understood
    assert not unchanged(place, types(place.step, "edit 0")).understood


@row
def change_each(place):
    """Another answer takes the old one's place, and takes along whatever no longer comes up; what comes up instead is open."""
    asked = {one.name: one for one in questions_of(place)}
    for number, name in enumerate(coming_up(questions_of(place), place.said), 1):
        others = [one.value for one in asked[name].choices if one.value not in (*asked[name].stops, *asked[name].locks)]
        for value in (others if place.name == "review" else others[-1:]) if name in place.said else ():
            step = types(place.step, f"edit {number}", next(one.label for one in asked[name].choices if one.value == value))
            said = left_standing(questions_of(place), {**place.said, name: kept_as(asked[name], value)})
            assert dict(step.progress.answers) == said
            assert step.progress.asked == open_after(questions_of(place), said)


@row
def skip(place):
    """What may be left out is; silence that means something means it; anything else says why it is needed."""
    step = types(place.step, "skip")
    if place.name == "review":
        unchanged(place, step)
    elif place.step.question.optional or place.step.question.silence:
        answered(place, step, place.step.question.silence or None)
    else:
        assert "We do need" in unchanged(place, step).note


@row
def talk_to_a_person(place):
    """Somebody to talk to is named, and the report waits."""
    step = types(place.step, "Can I talk to a person?")
    assert isinstance(step, ToPerson)
    unchanged(place, step.step)


@row
def start_again(place):
    """It is asked before anything is cleared; then nothing is left."""
    step = types(place.step, "start again")
    first = questions_of(place)[0].name
    if place.said:
        assert step.progress.stage is Stage.RESTARTING
        back_here(place, clicks(step, "no"))
        back_here(place, types(step, "back"))
        step = clicks(again(kept_and_read(step.progress)), "yes")
    assert (step.progress.asked, dict(step.progress.answers)) == (first, {})


@row
def a_picture_of_a_child(place):
    """The lock: only the gate is asked, and everything said goes with the words."""
    step = lock(place.step.progress, "zqx picture", NOW)
    gates = {one.name for one in questions_of(place) if one.gate}
    while isinstance(step, Asking):
        assert step.progress.locked
        assert step.question.name in gates
        assert kept_and_read(step.progress) == step.progress
        assert silence(step.progress).openings[0].matter == "image_by_pupil"
        step = types(step, usual(step.question))
    assert isinstance(step, Finished)
    (opening,) = step.openings
    assert opening.matter == "image_by_pupil"
    said = {one.name: one.answer for one in opening.said}
    assert "zqx picture" in said["happened"]
    assert set(place.said) <= set(said) <= set(place.said) | gates | {"happened"}


@row
def a_role_that_the_words_name(place):
    """It is asked about once, before anything can be sent, and every answer stays."""
    progress = confirm(place.step.progress, "office")
    if progress == place.step.progress:
        assert "office" in place.said.values()
        return
    assert dict(progress.answers) == place.said
    names = [one.name for one in progress.coming_up]
    assert "named_office" in names
    assert kept_and_read(progress) == progress
    step = again(progress)
    while isinstance(step, Asking):
        text = "yes" if step.question.name == "named_office" else usual(step.question)
        step = types(step, text)
    assert "office" in types(step, "send").openings[0].concerned
