"""The questions that judge, as they are kept: one JSON object a line, a file for each person who wrote some."""

from __future__ import annotations

from pathlib import Path

from knowledge.evaluating.scoring import Question


def read(folder: Path) -> list[Question]:
    """The judging questions in FOLDER."""
    files = sorted(folder.glob("questions-*.jsonl"))
    return [Question.model_validate_json(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
