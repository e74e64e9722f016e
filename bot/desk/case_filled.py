"""What somebody had filled in when nothing came of it: it stands in the form again, with what was wrong beside the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.case_forms import words_of
from flows.cases.case import Case

Fields = Mapping[str, str]


class Amiss(Exception):
    """A field of a form is not as it has to be; `words` say what is wrong, and never what was written."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(name)
        self.name = name
        self.words = words


@dataclass(frozen=True, slots=True)
class Sent:
    """The form of the page that came in, by its name, with its fields and the number that it is carried out under."""

    form: str
    fields: Fields = field(repr=False)
    number: str = field(repr=False)

    @property
    def back_in(self) -> str:
        """The form in which its words stand again: a note that was to be changed has one of its own."""
        return "note-again" if self.form == "note" and self.fields.get("of") else self.form


@dataclass(frozen=True, slots=True)
class Filled:
    """One form of the page as it came back. `problem` says what was wrong, and `name` with which field."""

    form: str = ""
    fields: Fields = field(default_factory=dict, repr=False)
    problem: str = field(default="", repr=False)
    name: str = ""
    danger: bool = False
    preview: str = field(default="", repr=False)  # a message as whoever sent the report will read it
    warning: str = field(default="", repr=False)

    def value(self, form: str, name: str, otherwise: str = "") -> str:
        """What stands in the field NAME of FORM."""
        return self.fields.get(name, otherwise) if form == self.form else otherwise

    def wrong(self, form: str, name: str) -> bool:
        """Whether that field is what was wrong."""
        return bool(self.problem) and (form, name) == (self.form, self.name)


def shown(case: Case) -> str:
    """What a form of the page of CASE brings along, so that nobody acts on what they have not read: it moves with every change."""
    return f"{case.version}-{len(case.said)}"


def needed(fields: Fields, name: str, why: str = "") -> str:
    """The words in the field NAME, as they are kept. WHY says what is missing where there are none."""
    words, problem = words_of(fields.get(name, ""))
    if problem:
        raise Amiss(name, why if why and not fields.get(name, "").strip() else problem)
    return words


def perhaps(fields: Fields, name: str) -> str:
    """The words in the field NAME, where there are any."""
    return needed(fields, name) if fields.get(name, "").strip() else ""
