"""The benchmarks run, and say what they promise to say. How fast it was is no test's business: that depends on the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_message_path_is_measured_in_one_command(tmp_path: Path):
    """`message_path.py --quick --json` ends well and has every figure: peers, ratios, parts, waits, what batching bought."""
    command = [sys.executable, ROOT / "benchmarks" / "message_path.py", "--quick", "--json", "--folder", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found["cpu_us"]) > {"echo", "sqlite", "sqlmodel", "one", "burst", "burst_slack", "paced"}
    assert all(spent > 0 for spent in found["cpu_us"].values())
    assert set(found["parts_us"]) == {"keep", "decide", "record", "finish", "rest"}
    assert all(ratio > 0 for ratio in found["to_peers"].values())
    assert found["paced_ms"]["messages"] > 0
    assert 0 < found["paced_ms"]["p50"] <= found["paced_ms"]["p99"]
    assert found["burst_ms"]["worst"] > 0
    assert all(ratio > 0 for ratio in found["batching"].values())
    assert len(found["targets"]) == 4
    assert not list(tmp_path.iterdir()), "it cleans up behind itself"
