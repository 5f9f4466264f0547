"""Which past events a subscriber gets: all that it missed, or the news that it cannot have them."""

from __future__ import annotations

from typing import Any

import pytest

from kabar.engines.realtime.apps.history_rules import HistoryRule
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.history.support import (
    after,
    app_with,
    come,
    data_of,
    event,
    heard,
    keeping,
    leave,
    say,
)
from tests.engines.realtime.support import ListSocket, Loopless, frame, sign_in, subscribe


@pytest.mark.parametrize("channel", ["x", "private-x", "private-encrypted-x", "presence-x"])
def test_who_comes_back_hears_exactly_what_it_missed(channel: str) -> None:
    loopless = Loopless(keeping())
    alice, _, _ = come(loopless, channel)
    say(loopless, channel, "a", "b")
    last = heard(loopless, alice)[-1]
    alice.close(1000, "")
    say(loopless, channel, "c", "d")
    back, succeeded, events = come(loopless, channel, **after(last))
    assert (succeeded["recovered"], succeeded["offset"]) == (True, 2)
    assert data_of(events) == ["c", "d"]
    assert [each["offset"] for each in events] == [3, 4]
    say(loopless, channel, "e")
    assert data_of(heard(loopless, back)) == ["e"]


def test_who_heard_nothing_yet_knows_where_it_stood() -> None:
    loopless = Loopless(keeping())
    alice, start, _ = come(loopless, "x")
    alice.close(1000, "")
    say(loopless, "x", "a")
    assert data_of(come(loopless, "x", **after(start))[2]) == ["a"]


def test_who_missed_nothing_is_told_so() -> None:
    loopless = Loopless(keeping())
    say(loopless, "x", "a")
    _, start, _ = come(loopless, "x")
    _, succeeded, events = come(loopless, "x", **after(start))
    assert (succeeded["recovered"], events) == (True, [])


def test_after_a_long_silence_nothing_was_missed_either() -> None:
    """The events are too old to be kept; but none of them is asked for."""
    loopless = Loopless(keeping(seconds=10))
    say(loopless, "x", "a")
    _, start, _ = come(loopless, "x")
    loopless.turns.pass_time(1_000)
    _, succeeded, events = come(loopless, "x", **after(start))
    assert (succeeded["recovered"], events) == (True, [])


def test_what_is_on_its_way_is_heard_once() -> None:
    """An event of the same turn is told as missed, and not again with those of the turn."""
    loopless = Loopless(keeping())
    early, start, _ = come(loopless, "x")
    say(loopless, "x", "a")
    late, _, events = come(loopless, "x", **after(start))
    say(loopless, "x", "b")
    assert data_of(events) == ["a"]
    assert data_of(heard(loopless, late)) == ["b"]
    assert data_of(heard(loopless, early)) == ["a", "b"]


def test_what_leaves_in_slices_is_not_heard_twice_by_who_comes_back_between_them() -> None:
    loopless = Loopless(keeping())
    loopless.node.hub.fan_out._slice_size = 1
    people = [come(loopless, "x")[:2] for _ in range(3)]
    say(loopless, "x", "a")
    loopless.turns.take_one()
    waiting = [(socket, start) for socket, start in people if not socket.frames]
    assert len(waiting) == 2
    for socket, start in waiting:
        leave(loopless, socket, "x")
        assert data_of(come(loopless, "x", on=socket, **after(start))[2]) == ["a"]
    say(loopless, "x", "b")
    for socket, _ in waiting:
        assert data_of(heard(loopless, socket)) == ["b"]


@pytest.mark.parametrize(
    "change",
    [{"epoch": "another"}, {"epoch": ""}, {"offset": 6}, {"offset": 10**30}, {"offset": 1}],
)
def test_who_cannot_be_told_everything_is_told_so_and_nothing_else(change: dict[str, Any]) -> None:
    """Of another life, from the future, or too old."""
    loopless = Loopless(keeping(size=3))
    say(loopless, "x", *"abcde")
    _, start, _ = come(loopless, "x")
    _, succeeded, events = come(loopless, "x", recover={**after(start)["recover"], **change})
    assert (succeeded["recovered"], succeeded["offset"], events) == (False, 5, [])
    assert succeeded["epoch"] == start["epoch"]


def test_the_oldest_that_is_kept_is_told() -> None:
    loopless = Loopless(keeping(size=3))
    say(loopless, "x", *"abcde")
    _, start, _ = come(loopless, "x")
    replay = {"epoch": start["epoch"], "offset": 2}
    _, succeeded, events = come(loopless, "x", recover=replay)
    assert (succeeded["recovered"], data_of(events)) == (True, ["c", "d", "e"])


def test_what_is_too_old_is_not_told() -> None:
    loopless = Loopless(keeping(seconds=10))
    _, start, _ = come(loopless, "x")
    say(loopless, "x", "a")
    loopless.turns.pass_time(6)
    say(loopless, "x", "b")
    loopless.turns.pass_time(4)
    _, succeeded, events = come(loopless, "x", **after(start))
    assert (succeeded["recovered"], events) == (False, [])
    assert data_of(come(loopless, "x", rewind=9)[2]) == ["b"]


def test_a_restart_begins_another_life() -> None:
    before, restarted = Loopless(keeping()), Loopless(keeping())
    _, start, _ = come(before, "x")
    say(restarted, "x", "a")
    _, succeeded, events = come(restarted, "x", **after(start))
    assert (succeeded["recovered"], events) == (False, [])


def test_on_a_channel_without_history_nothing_is_recovered(loopless: Loopless) -> None:
    _, succeeded, events = come(loopless, "x", recover={"epoch": "e", "offset": 0})
    assert (succeeded["recovered"], events) == (False, [])
    assert not {"epoch", "offset"} & set(succeeded)
    assert set(come(loopless, "x", rewind=5)[1]) == {"event", "channel", "data"}


def test_what_it_said_itself_is_spared_the_socket_that_said_it_and_no_other() -> None:
    """Back on another socket nobody knows who it is; the same one was never away."""
    loopless = Loopless(keeping())
    alice, start, _ = come(loopless, "private-x")
    loopless.say(alice, frame("client-a", "mine", channel="private-x"))
    loopless.node.publish(
        event("private-x", data="by http", except_socket=alice.connection.socket_id)
    )
    leave(loopless, alice, "private-x")
    say(loopless, "private-x", "others'")
    assert data_of(come(loopless, "private-x", on=alice, **after(start))[2]) == ["others'"]
    alice.close(1000, "")
    events = come(loopless, "private-x", **after(start))[2]
    assert data_of(events) == ["mine", "by http", "others'"]


# ── rewind ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("by_rule", "replay", "told"),
    [
        (0, {}, ""),
        (2, {}, "de"),
        ("2", {}, "de"),
        ("100s", {}, "abcde"),
        ("5s", {}, "cde"),
        (2, {"rewind": 0}, ""),
        (2, {"rewind": "4"}, "bcde"),
        (0, {"rewind": 3}, "cde"),
        (0, {"rewind": "5s"}, "cde"),
        (0, {"rewind": 999_999_999}, "abcde"),
        (0, {"rewind": "999999999s"}, "abcde"),
        (2, {"rewind": None}, "de"),
    ],
)
def test_a_newcomer_hears_the_last_events(
    by_rule: str | int, replay: dict[str, Any], told: str
) -> None:
    """As many as it asks for, or the rule says; never more than are kept."""
    loopless = Loopless(keeping(rewind=by_rule))
    say(loopless, "x", *"ab")
    loopless.turns.pass_time(6)
    say(loopless, "x", *"cde")
    socket, succeeded, events = come(loopless, "x", **replay)
    assert data_of(events) == list(told)
    assert succeeded["offset"] == 5 - len(told)
    assert "recovered" not in succeeded
    say(loopless, "x", "f")
    assert data_of(heard(loopless, socket)) == ["f"]


@pytest.mark.parametrize("does", [True, False])
def test_who_recovers_is_not_rewound(does: bool) -> None:
    loopless = Loopless(keeping(rewind=5))
    say(loopless, "x", *"abc")
    _, start, _ = come(loopless, "x", rewind=0)
    say(loopless, "x", "d")
    replay = after(start)["recover"] if does else {"epoch": "another", "offset": 1}
    _, succeeded, events = come(loopless, "x", recover=replay, rewind=2)
    assert succeeded["recovered"] is does
    assert data_of(events) == (["d"] if does else [])


# ── cache channels ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rewind", "told"),
    [(0, ["a server's"]), (1, ["a server's", "a client's"]), (2, ["a server's", "a client's"])],
)
def test_on_a_cache_channel_nothing_is_shown_twice_and_the_last_event_always(
    rewind: int, told: list[str]
) -> None:
    loopless = Loopless(keeping())
    say(loopless, "private-cache-x", "a server's")
    alice, _, _ = come(loopless, "private-cache-x")
    loopless.say(alice, frame("client-a", "a client's", channel="private-cache-x"))
    assert data_of(come(loopless, "private-cache-x", rewind=rewind)[2]) == told


def test_on_a_cache_channel_who_recovers_is_told_no_miss_and_nothing_again() -> None:
    loopless = Loopless(keeping())
    _, start, events = come(loopless, "cache-x")
    assert [each["event"] for each in events] == ["pusher:cache_miss"]
    assert come(loopless, "cache-x", **after(start))[2] == []
    say(loopless, "cache-x", "a")
    _, start, events = come(loopless, "cache-x")
    assert data_of(events) == ["a"]
    assert come(loopless, "cache-x", **after(start))[2] == []
    failed = come(loopless, "cache-x", recover={"epoch": "another", "offset": 0})
    assert (failed[1]["recovered"], data_of(failed[2])) == (False, ["a"])


# ── who may, and how much ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("channel", ["private-x", "presence-x", "#server-to-user-1", "user-1"])
def test_who_may_not_subscribe_hears_nothing_of_the_past(channel: str) -> None:
    loopless = Loopless(keeping(rewind=9), guarded=("user-",))
    say(loopless, channel, "secret")
    socket = loopless.connect(loopless.node.apps.own)
    loopless.say(socket, frame("pusher:subscribe", {"channel": channel, "auth": "app-key:0"}))
    assert [each["event"] for each in heard(loopless, socket)] == ["pusher:error"]


def test_a_user_hears_what_was_said_to_them_while_they_were_away() -> None:
    loopless = Loopless(app_with(HistoryRule(prefix="#server-to-user-")))
    channel = "#server-to-user-7"
    alice = loopless.connect(loopless.node.apps.own)
    say(loopless, channel, "a")
    loopless.say(alice, sign_in({"id": "7"}, socket_id=alice.connection.socket_id))
    alice.frames.clear()
    assert data_of(come(loopless, channel, on=alice, rewind=5)[2]) == ["a"]


def test_who_was_put_out_gets_nothing_by_coming_back() -> None:
    loopless = Loopless(keeping())
    socket, start, _ = come(loopless, "presence-x")
    loopless.node.perform(socket, socket.connection.revoke("presence-x", "u"))
    say(loopless, "presence-x", "secret")
    assert [each["event"] for each in heard(loopless, socket)] == ["pusher:error"]
    loopless.subscribe(socket, "presence-x", channel_data='{"user_id":"u"}', **after(start))
    assert [each["event"] for each in socket.heard] == ["pusher:error"]
    assert socket.closed is not None
    assert socket.closed[0] == 4200


def test_a_full_channel_tells_nothing_of_its_past() -> None:
    loopless = Loopless(keeping(), limits=RealtimeLimits(max_presence_members=1))
    loopless.join(loopless.connect(loopless.node.apps.own), "alice", "presence-x")
    say(loopless, "presence-x", "secret")
    bob = loopless.connect(loopless.node.apps.own)
    loopless.subscribe(bob, "presence-x", channel_data='{"user_id":"bob"}', rewind=9)
    assert [each["event"] for each in heard(loopless, bob)] == ["pusher:error"]


NO_RECOVER: list[object] = [1, "e", [], True, {}, {"epoch": "e"}, {"offset": 1}]
NO_EPOCH: list[object] = [1, None, []]
NO_OFFSET: list[object] = ["1", -1, 1.5, True, False, None, []]
NO_REWIND: list[object] = [-1, "soon", 1.5, True, [], {}, "", "5m", 10**12]


@pytest.mark.parametrize(
    ("replay", "says"),
    [
        *(({"recover": wrong}, "data.recover must be an object with") for wrong in NO_RECOVER),
        *(
            ({"recover": {"epoch": wrong, "offset": 1}}, "data.recover must be an object with")
            for wrong in NO_EPOCH
        ),
        *(
            ({"recover": {"epoch": "e", "offset": wrong}}, "data.recover must be an object with")
            for wrong in NO_OFFSET
        ),
        *(({"rewind": wrong}, "data.rewind: it must be a number of events") for wrong in NO_REWIND),
    ],
)
def test_a_replay_that_makes_no_sense_is_refused_and_the_connection_stays(
    replay: dict[str, Any], says: str
) -> None:
    loopless = Loopless(keeping())
    socket = loopless.connect(loopless.node.apps.own)
    loopless.say(socket, subscribe("x", **replay))
    (error,) = socket.heard
    assert error["event"] == "pusher:error"
    assert says in error["data"]["message"]
    assert socket.closed is None
    come(loopless, "x", on=socket)


def test_who_missed_more_than_a_socket_takes_is_told_so_and_not_cut_off() -> None:
    """Cut off as a slow reader, it would come back and ask the same again."""
    loopless = Loopless(keeping(size=1_000), limits=RealtimeLimits(socket_queue_bytes=100_000))
    _, start, _ = come(loopless, "x")
    say(loopless, "x", *["x" * 10_000] * 4)
    assert come(loopless, "x", **after(start))[1]["recovered"] is True
    say(loopless, "x", "x" * 10_000)
    _, succeeded, events = come(loopless, "x", **after(start))
    assert (succeeded["recovered"], events) == (False, [])

    _, succeeded, events = come(loopless, "x", rewind=9)
    assert [each["offset"] for each in events] == [2, 3, 4, 5]
    assert succeeded["offset"] == 1


def test_what_waits_to_be_written_already_counts() -> None:
    loopless = Loopless(keeping(), limits=RealtimeLimits(socket_queue_bytes=100_000))
    _, start, _ = come(loopless, "x")
    say(loopless, "x", "x" * 10_000)
    for unsent, recovered in ((39_000, True), (41_000, False), (1 << 20, False)):
        socket = loopless.connect(loopless.node.apps.own)
        socket.unsent = unsent
        assert come(loopless, "x", on=socket, **after(start))[1]["recovered"] is recovered
        leave(loopless, socket, "x")
        assert len(come(loopless, "x", on=socket, rewind=1)[2]) == recovered


class Narrow(ListSocket):
    """Too slow for the answer to a subscription."""

    def send(self, frame: bytes) -> None:
        super().send(frame)
        if b"subscription_succeeded" in frame and self.node is not None:
            self.node.cut_off_slow(self)


def test_who_is_cut_off_by_the_answer_is_written_nothing_more_and_leaves_nothing_behind() -> None:
    """Nor is it let into the channels that it asked for at the same time."""
    loopless = Loopless(keeping(rewind=9), guarded=("user-",), can_identify=True)
    say(loopless, "user-1", "a")
    socket = Narrow(loopless.connect(loopless.node.apps.own).connection, node=loopless.node)
    loopless.node.hub.add(socket)
    for channel in ("user-1", "user-2"):
        loopless.subscribe(socket, channel)
    loopless.answer(socket, "1")
    assert [each["event"] for each in socket.heard] == ["pusher_internal:subscription_succeeded"]
    assert loopless.node.hub.space("1").channels == {}
