"""Runs one part of the search benchmark in a process of its own: its name on the command line, what it needs and finds as JSON."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def alone(part: str, job: dict[str, Any]) -> Any:
    """What `parts.PART.ask` says to JOB, with one thread for sums, as the bot has it."""
    here = {"PYTHONPATH": str(Path(__file__).parent.parent), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "parts.alone", part]
    done = subprocess.run(command, input=json.dumps(job), env={**os.environ, **here}, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    json.dump(importlib.import_module(f"parts.{sys.argv[1]}").ask(json.load(sys.stdin)), sys.stdout)
