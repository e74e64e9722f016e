"""`signpost eval` and `signpost ask --json`: figures and answers that other programs read."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from bot.schools import SHIPPED
from knowledge import markdown
from knowledge.intents import readings
from knowledge.risk import Triage
from tests.terminal import done, signpost

JUDGING = Path(__file__).parents[2] / "benchmarks" / "judging"

QUESTION = {
    "id": "q1",
    "school": "rosebrook",
    "audience": "staff",
    "question": "May I accept a friend request from a pupil?",
    "answers": ["6.2", "8"],
    "kind": "answerable",
    "style": "plain",
}


def written(folder: Path, *lines: object, name: str = "set.jsonl") -> str:
    """A file in FOLDER with LINES, each as JSON unless it is text already."""
    file = folder / name
    file.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines), encoding="utf-8")
    return str(file)


def table(folder: Path) -> str:
    """The anchors of the schools we ship."""
    file = folder / "table.json"
    file.write_bytes((JUDGING / "anchors.json").read_bytes())
    return str(file)


def constants_refused(name: str) -> float:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise AssertionError(name)


def last(printed: str) -> dict[str, object]:
    """The line of figures that every score ends with."""
    return json.loads(printed.rstrip("\n").split("\n")[-1], parse_constant=constants_refused)


# --- eval questions ---


def test_questions_end_with_one_line_of_figures(place):
    """The named figures with bounds and counts, and again for each school, audience and style."""
    unanswerable = {**QUESTION, "id": "q2", "answers": [], "kind": "unanswerable", "question": "When is the summer fair?"}
    told = done("eval", "questions", written(place, QUESTION, "", unanswerable), "--sections", table(place))
    assert "95 % bounds" in told
    figures = last(told)
    for name in ("hit_at_1", "hit_at_3", "sure_share", "sure_wrong", "unanswerable_sure"):
        assert name in figures
        low, high = figures[f"{name}_bounds"]
        assert 0 <= low <= high <= 1
    assert (figures["hit_at_1_of"], figures["unanswerable_sure_of"]) == (1, 1)
    assert figures["school"].keys() == {"rosebrook"}
    assert figures["audience"].keys() == {"staff"}
    assert figures["style"]["plain"]["hit_at_1_of"] == 1


def test_with_json_the_line_stands_alone(place):
    """A program reads it without looking for it."""
    told = done("eval", "questions", written(place, QUESTION), "--sections", table(place), "--json")
    assert told.count("\n") == 1
    assert last(told)["hit_at_1_of"] == 1


def test_two_sets_may_use_the_same_names(place):
    """Writers number their questions from one: neither answer is taken for the other's."""
    other = {**QUESTION, "question": "When is the summer fair?", "answers": [], "kind": "unanswerable"}
    files = (written(place, QUESTION, name="a.jsonl"), written(place, other, name="b.jsonl"))
    figures = last(done("eval", "questions", *files, "--sections", table(place), "--json"))
    alone = last(done("eval", "questions", files[0], "--sections", table(place), "--json"))
    assert figures["sure_share"] == alone["sure_share"]
    assert figures["unanswerable_sure_of"] == 1


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b"])
def test_a_line_ends_where_the_file_says(place, sign):
    """People type characters that some programs take for the end of a line."""
    line = json.dumps({**QUESTION, "question": f"May I accept{sign}a request?"}, ensure_ascii=sign == "\x0b")
    assert last(done("eval", "questions", written(place, line), "--sections", table(place), "--json"))["hit_at_1_of"] == 1


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["{"], "set.jsonl:1"),
        ([json.dumps(QUESTION), '{"id": 3}'], "set.jsonl:2"),
        ([json.dumps({**QUESTION, "kind": "maybe"})], "kind"),
        ([json.dumps({**QUESTION, "school": "hogwarts"})], "There is no policy for hogwarts. Known: "),
        ([""], "no line"),
    ],
)
def test_a_set_that_cannot_be_scored_is_refused_with_its_place(place, lines, why):
    """The file, the line and the key; no figures."""
    told = signpost("eval", "questions", written(place, *lines), "--sections", table(place))
    assert told.code == 2
    assert why in told.err
    assert told.out == ""


def test_without_a_table_of_sections_nothing_is_scored(place):
    """Every answer would count as wrong, and nobody would know why."""
    told = signpost("eval", "questions", written(place, QUESTION), "--sections", "nowhere.json")
    assert told.code == 2
    assert "--sections" in told.err
    told = signpost("eval", "questions", written(place, QUESTION), "--import-from", "nowhere")
    assert told.code == 2
    assert "nowhere" in told.err


def test_answers_can_come_from_a_document_imported_now(place):
    """Only there is looked whether the words that must be mentioned are shown, since only there they are the document's."""
    (place / "docs").mkdir()
    (place / "docs" / "hill.md").write_text(
        "# Online policy\n\n## 1 Pictures\n\n1.1 Parents may take pictures at the summer play for their own use only.\n\n"
        "## 2 Friends\n\n2.1 Staff never accept a friend request from a pupil on any social network.\n",
        encoding="utf-8",
    )
    anchors = {
        "hill": [
            {"anchor": "1", "starts_with": "Pictures 1.1 Parents may", "ends_with": "their own use only"},
            {"anchor": "2", "starts_with": "Friends 2.1 Staff never", "ends_with": "any social network"},
        ]
    }
    (place / "anchors.json").write_text(json.dumps(anchors), encoding="utf-8")
    asked = {**QUESTION, "school": "hill", "answers": ["2"], "must_mention": ["never accept"]}
    away = {**asked, "id": "q2", "answers": ["99"]}
    options = ("--import-from", "docs", "--sections", "anchors.json", "--json")
    figures = last(done("eval", "questions", written(place, asked), *options))
    assert (figures["hit_at_1"], figures["hits_that_mention"]) == (1.0, 1.0)
    assert last(done("eval", "questions", written(place, away), *options))["hits_that_mention"] is None


# --- eval intents and risk ---


def test_intents_end_with_figures_and_what_was_mixed_up(place):
    """One line: accuracy, questions against reports, and what was taken for what."""
    said = [("I want to talk to a person please", "talk_to_human"), ("hello", "friend_request")]
    lines = [{"id": str(n), "audience": "parent", "text": text, "intent": intent} for n, (text, intent) in enumerate(said)]
    figures = last(done("eval", "intents", written(place, *lines)))
    assert figures["accuracy_of"] == 2
    assert figures["question_or_report_of"] == 1
    assert sum(figures["confusion"].values()) == 2
    assert all(" > " in pair for pair in figures["confusion"])


def test_risk_ends_with_figures_and_the_worst_misses(place):
    """One line: flagged at all, above the upper threshold, false alarms; the ids of what was missed."""
    said = [("he says he wants to die", "immediate"), ("ok", "immediate"), ("thank you", "none")]
    lines = [{"id": f"r{n}", "audience": "parent", "text": text, "risk": risk, "why": ""} for n, (text, risk) in enumerate(said)]
    figures = last(done("eval", "risk", written(place, *lines), "--json"))
    assert (figures["recall_immediate"], figures["recall_immediate_of"]) == (0.5, 2)
    assert figures["missed_immediate_ids"] == ["r1"]
    assert figures["false_cases_ids"] == []
    assert figures["false_cases"] == 0.0
    assert math.isclose(figures["case_immediate"], 0.5)


# --- ask ---


@pytest.mark.parametrize(
    ("asked", "audience"),
    [
        ("May I accept a friend request from a pupil?", "staff"),
        ("when is the summer fair", "parent"),
        ("he says he wants to die", "parent"),
        ("", "parent"),
        ("مدرسة", "parent"),
        ("one\ntwo", "governor"),
    ],
)
def test_ask_prints_one_line_of_json(place, asked, audience):
    """The band, the rules with their scores, the words, the intent and the risk: stable, since others script it."""
    told = done("ask", "--school", "trent", "--audience", audience, "--json", asked)
    assert told.count("\n") == 1
    line = last(told)
    assert line["band"] in {"sure", "unsure", "no"}
    policy = markdown.load(SHIPPED / "trent" / "policy.md")
    scores = [section["score"] for section in line["sections"]]
    assert scores == sorted(scores, reverse=True)
    for section in line["sections"]:
        assert isinstance(section["score"], float)
        assert section["text"] == policy.section(section["ref"]).text
    if line["band"] == "sure":
        assert line["text"] == line["sections"][0]["text"]
    else:
        assert line["text"]
        assert line["text"] not in [section["text"] for section in line["sections"]]
    assert line["intent"] == readings(asked, audience)[0][0]
    assert line["risk"] == Triage.load().weigh(asked, audience).level
    assert list(place.iterdir()) == []


def test_ask_hears_danger_in_a_question(place):
    """Whoever scripts it sees what the bot would have put first."""
    assert last(done("ask", "--json", "my daughter says she wants to die, what does the policy say"))["risk"] == "immediate"


def test_ask_refuses_a_school_that_is_not_there(place):
    """One line with what to do, and nothing for the program to misread."""
    told = signpost("ask", "--school", "rosebrok", "--json", "hello?")
    assert told.code == 2
    assert told.out == ""
    assert "rosebrook" in told.err
