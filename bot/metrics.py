"""What is counted about the running bot, for Prometheus: how much, how fast, how far behind. No person, no place, no word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from storage.kept import Lag
from storage.standing import Waits

# A registry of our own: what libraries put into the shared one has not been checked for personal labels.
registry = CollectorRegistry()

messages = Counter("signpost_messages", "Messages that came in", ("channel", "outcome"), registry=registry)
sends = Counter("signpost_sends", "Attempts to send something", ("channel", "kind", "result"), registry=registry)
message_seconds = Histogram(
    "signpost_message_seconds",
    "From a message in hand to its answer recorded",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=registry,
)
_waiting = Gauge("signpost_waiting", "Things that wait to be done", ("queue",), registry=registry)
_overdue = Gauge("signpost_overdue_seconds", "For how long the oldest of them has been due", ("queue",), registry=registry)
_channel_up = Gauge("signpost_channel_up", "1 while the channel works", ("channel",), registry=registry)
_longest = Gauge(
    "signpost_cases_waiting_longest_seconds", "Since the urgent report came that nobody has for longest", registry=registry
)
_used_up = Gauge("signpost_ladder_used_up", "Urgent reports that everybody was told of and nobody has", registry=registry)
_since_tick = Gauge("signpost_loop_idle_seconds", "Since the loop last went round", ("loop",), registry=registry)


def exposition(
    lag: Mapping[str, Lag], channels: Mapping[str, str], ticks: Mapping[str, datetime], waits: Waits, now: datetime
) -> bytes:
    """Everything in Prometheus' own format, the queues and channels as they stand NOW."""
    _longest.set((now - waits.waiting_since).total_seconds() if waits.waiting_since else 0.0)
    _used_up.set(waits.used_up)
    for gauge in (_waiting, _overdue, _channel_up, _since_tick):
        gauge.clear()  # a queue or channel that is gone must not live on with its last value
    for queue, behind in lag.items():
        _waiting.labels(queue).set(behind.waiting)
        _overdue.labels(queue).set(seconds_overdue(behind, now))
    for name, state in channels.items():
        _channel_up.labels(name).set(state == "up")
    for loop, at in ticks.items():
        _since_tick.labels(loop).set((now - at).total_seconds())
    return generate_latest(registry)


def seconds_overdue(behind: Lag, now: datetime) -> float:
    """For how long the oldest waiting thing has been due; 0 when nothing is."""
    return max(0.0, (now - behind.oldest_due).total_seconds()) if behind.oldest_due else 0.0
