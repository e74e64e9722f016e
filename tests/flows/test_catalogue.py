"""How flows are found, and how a declaration that cannot work is refused."""

from __future__ import annotations

import pytest

from flows import catalogue
from flows.flow import FlowError, questions

HEAD = """
from typing import Literal
from flows.flow import ANY_ROLE, Flow, NotAsked, Role, When, ask
"""
SHELL = """
class Lost(Flow):
    title = "Lost property"
    heard_as = ("i lost my coat",)
    intro = "A coat is soon found."
    {field}
    def matter(self) -> str:
        return "tell_the_lead"
"""


def write(folder, name, source):
    """Drop a flow file into FOLDER and look for flows there."""
    (folder / f"{name}.py").write_text(f"{HEAD}{source}", encoding="utf-8")
    return catalogue.find(folder)


def test_a_file_dropped_into_the_folder_is_a_flow_of_that_name(tmp_path):
    """Adding a guided report is adding one file: nothing else is registered or changed, and private files are passed over."""
    (tmp_path / "_shared.py").write_text("raise RuntimeError", encoding="utf-8")
    found = write(tmp_path, "lost_property", SHELL.format(field='colour: str = ask("What colour is it?")'))
    assert list(found) == ["lost_property"]
    assert found["lost_property"](colour="red").matter() == "tell_the_lead"


def test_the_shipped_catalogue_is_the_folder():
    """Each file of flows/catalogue is a flow under its file name."""
    files = {file.stem for file in catalogue.FOLDER.glob("*.py")} - {"__init__"}
    assert set(catalogue.names()) == files
    assert "friend_request" in files


def test_an_unknown_flow_names_those_that_exist():
    """A slip in a school's settings can be mended from the message alone."""
    with pytest.raises(catalogue.UnknownFlow, match=r"“frend_request”.*friend_request"):
        catalogue.flow("frend_request")


LONG_LABEL = 'labels={"a": "twenty-five characters abc", "b": "B"}'

BAD_FIELDS = {
    "a field that asks nothing": ("colour: str", r"ask\("),
    "a field with a bare default": ('colour: str = "red"', r"ask\("),
    "a question without an end mark": ('colour: str = ask("What colour is it")', "end in"),
    "a label no button can hold": (f'colour: Literal["a", "b"] = ask("Which?", {LONG_LABEL})', "26 characters; a button holds 24"),
    "two choices that look alike": ('colour: Literal["a", "b"] = ask("Which?", labels={"a": "B"})', "tell them apart"),
    "a choice nobody can type": ('colour: Literal["a", "b"] = ask("Which?", labels={"a": "👍"})', "no letter"),
    "a choice that steers the report": ('colour: Literal["back", "front"] = ask("Which?")', "steers every report"),
    "a choice whose value steers the report": (
        'colour: Literal["stop", "b"] = ask("Which?", labels={"stop": "Red"})',
        "steers every report",
    ),
    "a label for no choice": ('colour: Literal["a", "b"] = ask("Which?", labels={"c": "C"})', "“c”"),
    "an end on no choice": ('colour: Literal["a", "b"] = ask("Which?", stops={"c": "Bye."})', "“c”"),
    "a condition on an unknown question": (
        'colour: str | NotAsked = ask("What colour?", when={"kind": "coat"})',
        "“kind”.*known: none",
    ),
    "a condition on itself": ('colour: Literal["a"] | NotAsked = ask("What colour?", when={"colour": "a"})', "no earlier question"),
    "a skippable question whose type hides it": ('colour: str = ask("What colour?", optional=True)', "None"),
    "a type that can be empty without being skippable": ('colour: str | None = ask("What colour?")', "optional=True"),
    "a conditional type without a condition": ('colour: str | NotAsked = ask("What colour?")', "when="),
    "a type nobody can answer": ('colour: bytes = ask("What colour?")', "nobody can answer"),
    "two types in one": ('colour: str | int = ask("What colour?")', "one type"),
    "choices that are no words": ('colour: Literal[1, 2] = ask("Which?")', "word"),
    "another name for no choice": ('colour: Literal["a", "b"] = ask("Which?", heard={"c": ["crimson"]})', "heard=.*“c”"),
    "a label for no box": ('colour: frozenset[Literal["a", "b"]] = ask("Which?", labels={"c": "C"})', "labels=.*“c”"),
    "a box no button can hold": (f'colour: frozenset[Literal["a", "b"]] = ask("Which?", {LONG_LABEL})', "button holds 24"),
    "boxes that are no words": ('colour: frozenset[int] = ask("Which?")', "nobody can answer"),
    "boxes that steer the report": ('colour: frozenset[Literal["done", "b"]] = ask("Which?")', "steers every report"),
    "a lock on no choice": ('colour: Literal["a", "b"] = ask("Which?", locks=("c",))', "locks=.*“c”"),
    "a lock on own words": ('colour: str = ask("Which?", locks=("c",))', "locks=.*“c”"),
    "a lock on a role": ('colour: Role = ask("Which?", locks=("dsl",))', "locks=.*“dsl”"),
    "a silence that is no choice": ('colour: Literal["a", "b"] = ask("Which?", silence="c")', "silence=.*“c”"),
    "a silence where words are wanted": ('colour: str = ask("Which?", silence="a")', "only a choice"),
    "a silence that is neither yes nor no": ('colour: bool = ask("Is it red?", silence="yes")', "only a choice"),
    "a silence at boxes": ('colour: frozenset[Literal["a", "b"]] = ask("Which?", silence="a")', "only a choice"),
    "a passage without its version": ('colour: Literal["a", "b"] = ask("Which?", reading="code")', r"\{version\}"),
    "a question for a workspace whose type hides it": ('colour: str = ask("Which?", workspace=True)', "workspace="),
    "a condition on any role where there is none": (
        'colour: str | NotAsked = ask("Which?", when={ANY_ROLE: "rather_not_say"})',
        "no earlier question is of type Role",
    ),
}


@pytest.mark.parametrize(("field", "words"), BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_a_bad_declaration_fails_with_its_file_and_field(tmp_path, field, words):
    """Whoever writes a flow learns at once which file, which field, and what to write instead."""
    with pytest.raises(FlowError, match=words) as refused:
        write(tmp_path, "lost_property", SHELL.format(field=field))
    assert (refused.value.file, refused.value.field) == ("lost_property.py", "colour")
    assert str(refused.value).startswith("lost_property.py: colour: ")


ROLE_FIRST = 'who: Role = ask("Who is it?")\n    '


@pytest.mark.parametrize(
    ("when", "words"),
    [('{ANY_ROLE: "king"}', "“king”.*“who”.*rather_not_say"), ('{"who": True}', "no answer"), ('{"when": "x"}', "“when”")],
)
def test_a_condition_on_a_role_is_checked_against_every_role_there_is(tmp_path, when, words):
    """Which roles a school has is its own to say, but none has this one."""
    with pytest.raises(FlowError, match=words):
        write(tmp_path, "lost_property", SHELL.format(field=f'{ROLE_FIRST}colour: str | NotAsked = ask("Which?", when={when})'))


def test_a_condition_on_any_role_means_each_question_for_one(tmp_path):
    """Written once, it waits for all of them, together with whatever else it needs."""
    fields = (
        'who: Role = ask("Who is it?")\n    kind: Literal["coat", "bag"] = ask("What is it?")\n    other: Role = ask("Who else?")'
        '\n    colour: str | NotAsked = ask("Which?", when={ANY_ROLE: "rather_not_say", "kind": "coat"})'
    )
    asked = {one.name: one for one in questions(write(tmp_path, "lost_property", SHELL.format(field=fields))["lost_property"])}
    assert asked["colour"].when == ({"who": "rather_not_say", "kind": "coat"}, {"other": "rather_not_say", "kind": "coat"})


def test_what_comes_last_comes_after_the_questions_of_whoever_inherits_it(tmp_path):
    """A frame closes after its flow's own questions, and what sends by silence closes after everything."""
    fields = (
        'door: Literal["a", "b"] = ask("Which door?", silence="a")\n    end: str = ask("Anything else?", last=True)'
        '\n    colour: str = ask("Which colour?")'
    )
    flow = write(tmp_path, "lost_property", SHELL.format(field=fields))["lost_property"]
    assert [one.name for one in questions(flow)] == ["colour", "end", "door"]


@pytest.mark.parametrize("type_", ['Literal["a", "b"]', "str | NotAsked"])
def test_the_question_for_the_story_is_always_asked_in_own_words(tmp_path, type_):
    """The words that lock a report are kept there, so it must be a place for words."""
    when = ', when={"kind": "coat"}' if "NotAsked" in type_ else ""
    field = f'kind: Literal["coat", "bag"] = ask("What is it?")\n    happened: {type_} = ask("What happened?"{when})'
    with pytest.raises(FlowError, match="always asked") as refused:
        write(tmp_path, "lost_property", SHELL.format(field=field))
    assert refused.value.field == "happened"


GATE = 'kind: Literal["coat", "bag"] = ask("What is it?")\n    wet: bool = ask("Is it wet?")\n    '


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ('{"kind": "hat"}', "“hat”.*bag, coat"),
        ('{"kind": True}', "no answer"),
        ('{"wet": "yes"}', "no answer"),
        ('({"kind": "coat"}, {"kind": ("bag", "hat")})', "“hat”"),
    ],
)
def test_a_condition_no_answer_can_meet_is_refused(tmp_path, when, words):
    """A question that waits for an answer nobody can give would never be asked, and nobody would notice."""
    field = f'{GATE}colour: str | NotAsked = ask("What colour?", when={when})'
    with pytest.raises(FlowError, match=words) as refused:
        write(tmp_path, "lost_property", SHELL.format(field=field))
    assert refused.value.field == "colour"


@pytest.mark.filterwarnings("ignore:Field name")  # pydantic warns of the shadowed method too; we refuse it
@pytest.mark.parametrize("name", ["review", "severity", "title", "also", "advice", "named_dsl"])
def test_a_field_cannot_take_a_name_the_engine_needs(tmp_path, name):
    """A question called "review" would be mistaken for the review itself."""
    with pytest.raises(FlowError, match="another one") as refused:
        write(tmp_path, "lost_property", SHELL.format(field=f'{name}: str = ask("Which?")'))
    assert refused.value.field == name


FIELD = 'colour: str = ask("What colour is it?")'
WHOLE = SHELL.format(field=FIELD)

BAD_FILES = {
    "no title": (WHOLE.replace('title = "Lost property"', ""), "title"),
    "nothing it is heard as": (WHOLE.replace('("i lost my coat",)', "()"), "heard_as"),
    "no introduction": (WHOLE.replace('"A coat is soon found."', '""'), "intro"),
    "an introduction that does not end": (WHOLE.replace("soon found.", "soon found"), "intro"),
    "no matter": (WHOLE.replace("def matter", "def other"), "matter"),
    "no question": (WHOLE.replace(FIELD, ""), ""),
    "no flow at all": ("", ""),
    "two flows": (WHOLE + WHOLE.replace("Lost(", "Found("), ""),
}


@pytest.mark.parametrize(("source", "field"), BAD_FILES.values(), ids=BAD_FILES)
def test_an_incomplete_flow_file_is_refused(tmp_path, source, field):
    """One file is one whole flow: title, what it is heard as, introduction, questions and where it goes."""
    with pytest.raises(FlowError) as refused:
        write(tmp_path, "lost_property", source)
    assert (refused.value.file, refused.value.field) == ("lost_property.py", field)
