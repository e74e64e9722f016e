"""How tests tell a report: in words or by button, anywhere or in a workspace; and every flow there is to tell one in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flows import catalogue
from flows.engine import Asking, Progress, Reviewing, Step, about_of, hear
from flows.flow import questions
from flows.setting import SHORT, Reading, Setting

# A Friday evening in term, where the school is.
NOW = datetime(2026, 3, 27, 20, 0, tzinfo=ZoneInfo("Europe/London"))

SHIPPED = catalogue.find(catalogue.FOLDER, "flows.catalogue")
# Flows that bend wherever a flow can bend.
BENDING = catalogue.find(Path(__file__).parent / "catalogue")
FLOWS = {**SHIPPED, **BENDING}

_SHOWN = {question.reading for flow in FLOWS.values() for question in questions(flow) if question.reading}
# A place where nobody reads along and one where somebody may, with every passage that is shown.
QUIET = Setting(SHORT, readings={name: Reading(f"The passage called {name}.", "3") for name in _SHOWN})
WORKSPACE = replace(QUIET, workspace=True)


def types(step: Asking | Reviewing, *texts: str) -> Step:
    """The step after the person has typed TEXTS, one after the other."""
    for text in texts:
        step = hear(step.progress, text, pressed=False, about="", now=NOW)
    return step


def clicks(step: Asking | Reviewing, *values: str, about: str = "") -> Step:
    """The step after the person has pressed VALUES, each under what was shown last, or under what ABOUT names."""
    for value in values:
        step = hear(step.progress, value, pressed=True, about=about or about_of(step.progress), now=NOW)
    return step


def asked(step: Asking | Reviewing) -> str:
    """The name of the open question."""
    return step.question.name if isinstance(step, Asking) else step.progress.asked


def kept_and_read(progress: Progress) -> Progress:
    """PROGRESS after a restart."""
    back = Progress.from_json(progress.to_json(), progress.setting)
    assert isinstance(back, Progress)
    return back
