"""Members of presence channels."""

from __future__ import annotations

from kabar.engines.realtime.hub.presence import Presence
from kabar.engines.realtime.protocol.frames import Member


def test_a_user_with_three_sockets_comes_once_and_goes_once() -> None:
    presence, alice = Presence(), Member("alice")
    assert [presence.join("c", alice, "n") for _ in range(3)] == [True, False, False]
    assert presence.members("c") == [alice]
    assert [presence.leave("c", "alice", "n") for _ in range(3)] == [False, False, True]
    assert presence.members("c") == []


def test_channels_do_not_know_of_each_other() -> None:
    presence = Presence()
    presence.join("c", Member("alice"), "n")
    presence.join("d", Member("bob"), "n")
    assert presence.has("c", "alice")
    assert not presence.has("d", "alice")
    assert presence.count("c") == presence.count("d") == 1
    assert presence.count("e") == 0


def test_an_empty_channel_is_not_kept() -> None:
    presence = Presence()
    presence.join("c", Member("alice"), "n")
    presence.leave("c", "alice", "n")
    assert not presence._rosters


def test_a_user_is_there_while_any_node_has_a_socket_of_theirs() -> None:
    presence, alice = Presence(), Member("alice")
    assert [presence.join("c", alice, node) for node in "aab"] == [True, False, False]
    assert [presence.leave("c", "alice", node) for node in "aaa"] == [False, False, False]
    assert presence.has("c", "alice")
    assert [presence.leave("c", "alice", node) for node in "xbb"] == [False, True, False]
    assert not presence._rosters
