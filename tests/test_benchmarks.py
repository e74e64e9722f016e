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


def test_the_flood_is_measured_in_one_command(tmp_path: Path):
    """`flood.py --quick --json`: every message handled, every case pushed, none lost, and the lead's page does not fill up."""
    command = [sys.executable, ROOT / "benchmarks" / "flood.py", "--quick", "--json", "--folder", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["handled"] == found["said"] > 70
    assert found["cases"] == found["pushed"] == 12
    assert (found["lost"], found["unanswered"]) == (0, 0)
    assert found["gathered"] == 12 - 4, "four cards of their own, the rest as one"
    assert found["lead_lines"] <= 4 + 2
    assert 0 < found["reply_ms"]["p50"] <= found["reply_ms"]["p95"]
    assert found["to_peer"] > 0
    assert not list(tmp_path.iterdir()), "it cleans up behind itself"


def test_the_search_is_measured_in_one_command():
    """`search.py --quick --json` has quality with bounds, cost, memory and the targets, for ours and a peer on the same rules."""
    command = [sys.executable, ROOT / "benchmarks" / "search.py", "--quick", "--json", "--only", "ours", "fts5"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found["rankers"]) == {"ours", "fts5"}
    for one in found["rankers"].values():
        low, high = one["hit_at_3_bounds"]
        assert 0 <= low <= one["hit_at_3"] <= high <= 1
        assert one["hit_at_1"] <= one["hit_at_3"]
        assert 0 < one["p50_ms"] <= one["p99_ms"]
        assert min(one["load_s"], one["school_ms"], one["memory_mb"]) > 0
    assert found["rankers"]["fts5"]["sure_share"] == 0, "only ours knows when it is sure"
    assert set(found["schools"]) == {"1", "5"}
    assert len(found["targets"]) == 8


def test_the_worth_of_a_larger_bank_is_measured_in_one_command():
    """`learning_curve.py --quick --json` has the figures at each size of each shelf, and what 500 more phrases bring."""
    command = [sys.executable, ROOT / "benchmarks" / "learning_curve.py", "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for shelf in ("precedents", "phrases"):
        assert len(found[shelf]) == 2
        assert all(0 <= share <= 1 for figures in found[shelf].values() for share in figures.values())
        assert -1 <= found["gain"][shelf]["hit_at_1"] <= 1
    assert len(found["policies"]) == 2
    assert all(0 <= share <= 1 for figures in found["policies"].values() for share in figures.values())


def test_every_answer_of_the_judging_questions_is_an_anchor_of_its_school():
    """A question whose answer no rule can stand in would count as missed for ever, by every way to search."""
    known = json.loads((ROOT / "benchmarks" / "judging" / "anchors.json").read_text())
    for file in (ROOT / "benchmarks" / "judging").glob("questions-*.jsonl"):
        for line in file.read_text().splitlines():
            one = json.loads(line)
            assert set(one["answers"]) <= set(known[one["school"]]), one["id"]


def test_the_desk_is_measured_in_one_command(tmp_path: Path):
    """`desk.py --quick --json`: the page lists all of its cases, and the figures of both desks are there."""
    command = [sys.executable, ROOT / "benchmarks" / "desk.py", "--quick", "--json", "--folder", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert all(0 < found[one]["p50_ms"] <= found[one]["p95_ms"] for one in ("small", "large"))
    assert found["ratio"] > 0
    assert not list(tmp_path.iterdir()), "it cleans up behind itself"


def test_the_first_page_is_measured_in_one_command(tmp_path: Path):
    """`first_page.py --quick --json`: time, bytes and the peer. That it stays small depends on no machine: it is tested here."""
    command = [sys.executable, ROOT / "benchmarks" / "first_page.py", "--quick", "--json", "--folder", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"rosebrook", "look.css", "chat.js"} < set(found["parts"])
    assert 0 < found["page_ms"]["p50"] <= found["page_ms"]["p95"]
    assert found["plain_files_ms"]["cpu"] > 0
    assert found["to_peer"] > 0
    assert sum(found["parts"].values()) == found["bytes"] < 60_000
    assert not list(tmp_path.iterdir()), "it cleans up behind itself"
