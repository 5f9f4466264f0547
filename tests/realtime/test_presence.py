"""Members of presence channels."""

from __future__ import annotations

from kabar.realtime.presence import Presence
from kabar.realtime.protocol import Member


def test_a_user_with_three_sockets_comes_once_and_goes_once() -> None:
    presence, alice = Presence(), Member("alice")
    assert [presence.join("c", alice) for _ in range(3)] == [True, False, False]
    assert presence.members("c") == [alice]
    assert [presence.leave("c", "alice") for _ in range(3)] == [False, False, True]
    assert presence.members("c") == []


def test_channels_do_not_know_of_each_other() -> None:
    presence = Presence()
    presence.join("c", Member("alice"))
    presence.join("d", Member("bob"))
    assert presence.has("c", "alice")
    assert not presence.has("d", "alice")
    assert presence.count("c") == presence.count("d") == 1
    assert presence.count("e") == 0


def test_an_empty_channel_is_not_kept() -> None:
    presence = Presence()
    presence.join("c", Member("alice"))
    presence.leave("c", "alice")
    assert not presence._rosters
