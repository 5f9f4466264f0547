"""Events of a channel with a history are numbered, and others are as they always were."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from kabar.engines.realtime.apps.history_rules import HistoryRule
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.history.support import after, app_with, come, event, heard, keeping, say
from tests.engines.realtime.node.test_nodes import Wire
from tests.engines.realtime.support import APP, Loopless, frame

KINDS = ["x", "private-x", "private-encrypted-x", "presence-x", "cache-x"]


@pytest.mark.parametrize("channel", KINDS)
def test_every_event_carries_its_place(channel: str) -> None:
    loopless = Loopless(keeping())
    socket, succeeded, _ = come(loopless, channel)
    assert succeeded["offset"] == 0
    say(loopless, channel, "a", "b")
    first, second = heard(loopless, socket)
    assert first == {
        "event": "e",
        "channel": channel,
        "data": "a",
        "id": first["id"],
        "offset": 1,
        "epoch": succeeded["epoch"],
    }
    assert (second["offset"], second["epoch"]) == (2, first["epoch"])
    assert second["id"] != first["id"]


@pytest.mark.parametrize("channel", KINDS)
def test_without_a_rule_not_a_byte_is_added(channel: str) -> None:
    loopless = Loopless(app_with(HistoryRule(prefix="elsewhere-")))
    socket, succeeded, _ = come(loopless, channel)
    say(loopless, channel, "a")
    (told,) = heard(loopless, socket)
    assert set(succeeded) == set(told) == {"event", "channel", "data"}


def test_an_app_without_rules_names_no_events_and_keeps_nothing(loopless: Loopless) -> None:
    socket, _, _ = come(loopless, "x")
    carried = event("x")
    loopless.node.publish(carried)
    loopless.turns.take_all()
    assert socket.frames == [b'{"event":"e","channel":"x","data":"1"}']
    assert not loopless.node.hub.space(APP.id).history._streams  # type: ignore[attr-defined]
    assert carried.id is None


def test_an_event_on_several_channels_has_one_id_and_a_place_on_each() -> None:
    loopless = Loopless(app_with(HistoryRule(prefix="news-")))
    say(loopless, "news-a", "earlier")
    socket, _, _ = come(loopless, "news-a")
    for channel in ("news-b", "plain"):
        come(loopless, channel, on=socket)
    loopless.node.publish(event("news-a", "news-b", "plain"))
    on_a, on_b, on_plain = sorted(heard(loopless, socket), key=lambda each: each["channel"])
    assert on_a["id"] == on_b["id"]
    assert [on_a["offset"], on_b["offset"]] == [2, 1]
    assert on_a["epoch"] != on_b["epoch"]
    assert set(on_plain) == {"event", "channel", "data"}


def test_what_clients_say_is_numbered_with_the_rest_and_who_said_it_is_spared() -> None:
    loopless = Loopless(keeping())
    alice, _, _ = come(loopless, "presence-x")
    bob, _, _ = come(loopless, "presence-x")
    say(loopless, "presence-x", "a")
    loopless.say(alice, frame("client-a", "hello", channel="presence-x"))
    say(loopless, "presence-x", "b")
    assert [each["offset"] for each in heard(loopless, alice)] == [1, 3]
    told = heard(loopless, bob)
    assert [each["offset"] for each in told] == [1, 2, 3]
    assert (told[1]["event"], told[1]["user_id"]) == ("client-a", "u")


def test_what_the_protocol_itself_says_has_no_number() -> None:
    app = replace(keeping(), subscription_count=True)
    loopless = Loopless(app)
    alice, _, _ = come(loopless, "presence-x")
    loopless.join(loopless.connect(app), "bob", "presence-x")
    (added,) = heard(loopless, alice)
    assert set(added) == {"event", "channel", "data"}
    on_x, _, _ = come(loopless, "x")
    (count,) = heard(loopless, on_x)
    assert count["event"] == "pusher_internal:subscription_count"
    assert set(count) == {"event", "channel", "data"}
    say(loopless, "x", "first")
    assert heard(loopless, on_x)[0]["offset"] == 1


def test_an_empty_channel_is_remembered_and_another_app_knows_nothing_of_it() -> None:
    other = replace(keeping(), id="2", key="other", secret="s")
    loopless = Loopless(keeping(), other)
    say(loopless, "x", "a")
    _, succeeded, events = come(loopless, "x", rewind=9)
    assert [each["data"] for each in events] == ["a"]
    stranger = loopless.connect(other)
    loopless.subscribe(stranger, "x", rewind=9)
    (theirs,) = stranger.heard
    assert theirs["offset"] == 0
    assert theirs["epoch"] != succeeded["epoch"]


def test_the_members_of_a_presence_channel_are_told_as_ever() -> None:
    _, succeeded, _ = come(Loopless(keeping()), "presence-x")
    assert json.loads(succeeded["data"])["presence"]["ids"] == ["u"]


def test_an_event_that_is_too_large_to_keep_is_heard_all_the_same() -> None:
    loopless = Loopless(keeping(), limits=RealtimeLimits(max_history_bytes=2_000))
    socket, _, _ = come(loopless, "x")
    say(loopless, "x", "x" * 5_000, "small")
    assert [len(each["data"]) for each in heard(loopless, socket)] == [5_000, 5]


def test_two_nodes_that_number_apart_do_not_take_one_for_the_other() -> None:
    """Until they share a home: one id everywhere, and whoever comes from elsewhere is told so."""
    wire = Wire()
    here, there = (Loopless(keeping(), broker=wire) for _ in range(2))
    alice, _, _ = come(here, "x")
    bob, _, _ = come(there, "x")
    say(here, "x", "a")
    (on_here,), (on_there,) = heard(here, alice), heard(there, bob)
    assert on_here["id"] == on_there["id"]
    _, succeeded, events = come(there, "x", **after(on_here))
    assert (succeeded["recovered"], events) == (False, [])
