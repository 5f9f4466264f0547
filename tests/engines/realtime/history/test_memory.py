"""How much memory a history takes, and what is dropped first."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from kabar.core.events import Publication
from kabar.engines.realtime.apps.history_rules import HistoryRule
from kabar.engines.realtime.history.memory import MemoryHistory
from kabar.engines.realtime.history.stream import Stream
from tests.engines.realtime.history.support import event

RULE = HistoryRule(prefix="", size=10_000, seconds=1_000)
SHORT = HistoryRule(prefix="short-", size=10_000, seconds=10)


def offsets(stream: Stream) -> list[int]:
    return [kept.offset for kept in stream.kept]


def require_consistent(history: MemoryHistory) -> None:
    """Everything is counted once, and nothing that is gone."""
    kept = [each for stream in history._streams.values() for each in stream.kept]
    by_retention = [each for shelf in history._by_retention.values() for each in shelf]
    assert set(kept) == set(by_retention)
    assert len(kept) == len(by_retention)
    idle = {name: stream for name, stream in history._streams.items() if not stream.kept}
    assert dict(history._idle) == idle
    for stream in list(history._streams.values()):
        while stream.kept:
            history._drop_oldest(stream)
        history._forget(stream.channel)
    assert history._bytes == 0


def test_of_one_channel_so_many_are_kept_as_its_rule_says() -> None:
    rule = HistoryRule(prefix="", size=3)
    history = MemoryHistory(max_bytes=1 << 20)
    for _ in range(10):
        history.keep([rule], event("x"), 0.0)
    assert offsets(history.stream(rule, "x", 0.0)) == [8, 9, 10]
    require_consistent(history)


def test_too_old_is_each_by_its_own_rule_and_takes_no_room() -> None:
    history = MemoryHistory(max_bytes=1 << 20)
    history.keep([RULE, SHORT], event("long-x"), 0.0)
    history.keep([RULE, SHORT], event("short-x"), 1.0)
    history.keep([RULE, SHORT], event("short-y"), 5.0)
    history.keep([RULE, SHORT], event("plain"), 11.0)
    assert offsets(history.stream(RULE, "long-x", 11.0)) == [1]
    assert offsets(history.stream(SHORT, "short-x", 11.0)) == []
    assert offsets(history.stream(SHORT, "short-y", 11.0)) == [1]
    assert len(history._by_retention[10]) == 1
    require_consistent(history)


def test_the_oldest_events_give_way_whichever_channel_they_are_of() -> None:
    history = MemoryHistory(max_bytes=100_000)
    for number in range(400):
        rules = [RULE, SHORT]
        history.keep(rules, event(("x", "short-y")[number % 2], data="x" * 1_000), number / 1_000)
        assert history._bytes <= 100_000
    x, y = history.stream(RULE, "x", 0.4), history.stream(SHORT, "short-y", 0.4)
    assert (offsets(x)[-1], offsets(y)[-1]) == (200, 200)
    assert 20 <= len(x.kept) <= 60
    assert abs(len(x.kept) - len(y.kept)) <= 1
    require_consistent(history)


def test_a_flood_of_names_pushes_no_event_out() -> None:
    """Anybody may subscribe to public channels, and each that has a rule begins a stream."""
    history = MemoryHistory(max_bytes=100_000)
    for _ in range(10):
        history.keep([RULE], event("x", data="x" * 1_000), 0.0)
    epoch = history.stream(RULE, "x", 0.0).epoch
    for number in range(10_000):
        history.stream(RULE, f"flood-{number}", 0.0)
        assert history._bytes <= 100_000
    assert len(offsets(history.stream(RULE, "x", 0.0))) == 10
    assert history.stream(RULE, "x", 0.0).epoch == epoch
    require_consistent(history)


def test_a_stream_that_was_forgotten_begins_another_life() -> None:
    history = MemoryHistory(max_bytes=5_000)
    before = history.stream(RULE, "x", 0.0)
    for number in range(10):
        history.stream(RULE, f"y-{number}", 0.0)
    after = history.stream(RULE, "x", 0.0)
    assert (after.offset, after.epoch == before.epoch) == (0, False)


def test_a_quiet_channel_that_is_asked_for_outlives_one_that_is_not() -> None:
    history = MemoryHistory(max_bytes=5_000)
    asked = history.stream(RULE, "asked", 0.0)
    for number in range(10):
        history.stream(RULE, f"y-{number}", 0.0)
        assert history.stream(RULE, "asked", 0.0) is asked


def test_another_rule_for_the_same_channel_begins_another_life() -> None:
    history = MemoryHistory(max_bytes=1 << 20)
    history.keep([RULE], event("x"), 0.0)
    before = history.stream(RULE, "x", 0.0)
    after = history.stream(HistoryRule(prefix="", size=5), "x", 0.0)
    assert (after.offset, after.epoch == before.epoch) == (0, False)
    require_consistent(history)


def test_what_does_not_fit_at_all_leaves_nothing_behind() -> None:
    history = MemoryHistory(max_bytes=2_000)
    assert set(history.keep([RULE], event("x", data="x" * 5_000), 0.0)) == {"x"}
    assert history._bytes <= 2_000
    require_consistent(history)


@pytest.mark.parametrize("text", ["x" * 10, "x" * 2_000, "ä" * 500, "語" * 500, "👋" * 500])
@pytest.mark.parametrize("channels", [1, 1_000])
def test_it_takes_no_more_than_it_counts(text: str, channels: int) -> None:
    """What Python really takes is less than what is counted, and not much less."""
    history = MemoryHistory(max_bytes=1 << 30)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(2_000):
            # As they come from a socket: nothing of one is shared with another.
            history.keep([RULE], _fresh(f"channel-{number % channels}", text), number / 10_000)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert 0.5 * history._bytes < taken <= history._bytes


def _fresh(channel: str, text: str) -> Publication:
    return event(channel, data=text[:1] + text[1:], id=None)


def test_streams_without_events_take_no_more_than_is_counted() -> None:
    history = MemoryHistory(max_bytes=1 << 30)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(2_000):
            history.stream(RULE, f"channel-{number}", 0.0)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert 0.5 * history._bytes < taken <= history._bytes
