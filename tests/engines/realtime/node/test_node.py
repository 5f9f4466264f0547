"""What happens between sockets, the hub and the broker."""

from __future__ import annotations

import json

import pytest

from kabar.engines.broker import Asked, Expelled, Revoked, Signed
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import errors
from tests.engines.realtime.support import APP, OTHER_APP, Loopless, frame, handshake, sign_in


def events(loopless: Loopless, socket) -> list[tuple[str, object]]:  # type: ignore[no-untyped-def]
    """What a socket heard: names, and data as far as it is JSON."""
    loopless.turns.take_all()
    found = []
    for each in socket.heard:
        data = each["data"]
        found.append((each["event"], json.loads(data) if isinstance(data, str) else data))
    return found


def test_a_subscription_is_confirmed_before_anything_is_heard(loopless: Loopless) -> None:
    alice, bob = loopless.connect(), loopless.connect()
    loopless.subscribe(alice, "private-x")
    loopless.subscribe(bob, "private-x")
    loopless.say(alice, frame("client-a", {"b": 1}, channel="private-x"))
    assert [name for name, _ in events(loopless, bob)] == [
        "pusher_internal:subscription_succeeded",
        "client-a",
    ]
    assert [name for name, _ in events(loopless, alice)] == [
        "pusher_internal:subscription_succeeded"
    ]


def test_members_are_users_and_not_sockets(loopless: Loopless) -> None:
    alice, bob, bobs_tab = (loopless.connect() for _ in range(3))
    loopless.join(alice, "alice")
    roster = events(loopless, alice)[0][1]
    assert roster == {"presence": {"count": 1, "ids": ["alice"], "hash": {"alice": None}}}

    loopless.join(bob, "bob")
    loopless.join(bobs_tab, "bob")
    assert events(loopless, alice) == [
        ("pusher_internal:member_added", {"user_id": "bob", "user_info": None})
    ]
    [(name, roster)] = events(loopless, bobs_tab)
    assert name == "pusher_internal:subscription_succeeded"
    assert isinstance(roster, dict)
    assert roster["presence"]["ids"] == ["alice", "bob"]
    # Nobody hears of their own coming.
    assert len(events(loopless, bob)) == 1

    loopless.say(bob, frame("pusher:unsubscribe", {"channel": "presence-room"}))
    assert events(loopless, alice) == []
    loopless.node.disconnect(bobs_tab, "127.0.0.1")
    assert events(loopless, alice) == [("pusher_internal:member_removed", {"user_id": "bob"})]


def test_a_full_presence_channel_takes_those_who_are_in_it() -> None:
    loopless = Loopless(limits=RealtimeLimits(max_presence_members=2))
    alice, bob, carol, alices_tab = (loopless.connect() for _ in range(4))
    loopless.join(alice, "alice")
    loopless.join(bob, "bob")
    loopless.join(carol, "carol")
    assert events(loopless, carol) == [
        ("pusher:error", {"code": None, "message": "presence-room has 2 members, the most it may"})
    ]
    assert carol.connection.subscriptions == {}
    loopless.join(alices_tab, "alice")
    assert events(loopless, alices_tab)[0][0] == "pusher_internal:subscription_succeeded"
    loopless.say(bob, frame("pusher:unsubscribe", {"channel": "presence-room"}))
    loopless.join(carol, "carol")
    assert events(loopless, carol)[0][0] == "pusher_internal:subscription_succeeded"


def test_a_join_costs_one_frame_a_member() -> None:
    loopless = Loopless()
    sockets = [loopless.connect() for _ in range(100)]
    for number, socket in enumerate(sockets):
        loopless.join(socket, str(number))
    loopless.turns.take_all()
    before = loopless.node.stats.messages_out
    loopless.say(sockets[0], frame("pusher:unsubscribe", {"channel": "presence-room"}))
    loopless.turns.take_all()
    loopless.join(sockets[0], "0")
    loopless.turns.take_all()
    # 99 hear that one went, 99 that one came; and the one who came hears who is there.
    assert loopless.node.stats.messages_out - before <= 99 + 100


# ── revocation ───────────────────────────────────────────────────────────────────────────────


def test_revoking_reaches_all_sockets_of_the_user_and_only_those(loopless: Loopless) -> None:
    alice, alices_tab, bob = (loopless.connect() for _ in range(3))
    for socket, user_id in ((alice, "alice"), (alices_tab, "alice"), (bob, "bob")):
        loopless.sign(socket, user_id, "private-x", "private-y")
        loopless.subscribe(socket, "private-x")
        loopless.subscribe(socket, "private-y")
        assert len(socket.heard) == 2

    loopless.broker.publish(Revoked(APP.id, "private-x", "alice"))
    for socket in (alice, alices_tab):
        [(name, data)] = events(loopless, socket)
        assert name == "pusher:error"
        assert data == {"code": None, "message": "Subscription to channel private-x was revoked"}
    loopless.say(bob, frame("client-a", "", channel="private-x"))
    loopless.say(bob, frame("client-b", "{}", channel="private-y"))
    assert [name for name, _ in events(loopless, alice)] == ["client-b"]
    assert events(loopless, bob) == []
    assert bob.closed is None


def test_revoking_cuts_off_what_is_already_on_its_way(loopless: Loopless) -> None:
    alice, bob = loopless.connect(), loopless.connect()
    for socket, user_id in ((alice, "alice"), (bob, "bob")):
        loopless.sign(socket, user_id, "private-x")
        loopless.subscribe(socket, "private-x")
    assert len(alice.heard) == 1
    loopless.say(bob, frame("client-secret", "", channel="private-x"))
    loopless.broker.publish(Revoked(APP.id, "private-x", "alice"))
    assert [name for name, _ in events(loopless, alice)] == ["pusher:error"]


def test_an_unknown_subscriber_of_a_revoked_channel_must_come_back(loopless: Loopless) -> None:
    stranger, elsewhere = loopless.connect(), loopless.connect()
    loopless.subscribe(stranger, "private-x")
    loopless.subscribe(elsewhere, "private-y")
    loopless.broker.publish(Revoked(APP.id, "private-x", "alice"))
    assert stranger.closed is not None
    assert stranger.closed[0] == 4200
    assert elsewhere.closed is None


def test_whoever_was_revoked_before_subscribing_does_not_get_in(loopless: Loopless) -> None:
    alice = loopless.connect()
    loopless.sign(alice, "alice", "private-x")
    loopless.broker.publish(Revoked(APP.id, "private-x", "alice"))
    loopless.subscribe(alice, "private-x")
    assert alice.closed is not None
    assert alice.closed[0] == 4200
    assert not loopless.node.hub.space(APP.id).channels


def test_news_of_sockets_that_are_gone_or_elsewhere_changes_nothing(loopless: Loopless) -> None:
    loopless.broker.publish(Asked(APP.id, "99.99", "alice"))
    loopless.broker.publish(Signed(APP.id, "99.99", "private-x", "alice"))
    loopless.broker.publish(Revoked(APP.id, "private-x", "alice"))
    loopless.broker.publish(Expelled(APP.id, "alice"))
    assert not loopless.node.hub.space(APP.id).by_user


# ── users ────────────────────────────────────────────────────────────────────────────────────


def test_expelling_closes_what_the_user_signed_in_on_and_nothing_else(loopless: Loopless) -> None:
    signed_in, member, known, elsewhere = (
        loopless.connect(),
        loopless.connect(),
        loopless.connect(),
        loopless.connect(OTHER_APP),
    )
    loopless.say(signed_in, sign_in({"id": "7"}, socket_id=signed_in.connection.socket_id))
    loopless.say(
        elsewhere,
        sign_in({"id": "7"}, socket_id=elsewhere.connection.socket_id, app=OTHER_APP),
    )
    loopless.join(member, "7")
    loopless.sign(known, "7", "private-x")
    loopless.subscribe(known, "private-x")

    loopless.broker.publish(Expelled(APP.id, "7"))

    assert signed_in.closed is not None
    assert signed_in.closed[0] == 4009
    assert [socket.closed for socket in (member, known, elsewhere)] == [None] * 3


def test_a_guard_of_kabars_own_app_is_nothing_to_others() -> None:
    loopless = Loopless(guarded=("user-",))
    ours, theirs = loopless.connect(), loopless.connect(OTHER_APP)
    loopless.subscribe(ours, "user-7")
    loopless.subscribe(theirs, "user-7")
    assert events(loopless, ours)[0][0] == "pusher:error"
    assert events(loopless, theirs)[0][0] == "pusher_internal:subscription_succeeded"


# ── room for more ────────────────────────────────────────────────────────────────────────────


def test_an_app_has_its_quota_of_connections() -> None:
    small = App(id="1", key="app-key", secret="s", max_connections=2)
    loopless = Loopless(small, OTHER_APP)
    first = loopless.connect(small)
    loopless.connect(small)
    with pytest.raises(errors.OverQuota):
        loopless.connect(small)
    loopless.connect(OTHER_APP)
    loopless.node.disconnect(first, "127.0.0.1")
    loopless.connect(small)


def test_a_node_and_an_address_have_their_limits_too() -> None:
    loopless = Loopless(limits=RealtimeLimits(max_connections=1))
    loopless.connect()
    with pytest.raises(errors.OverCapacity):
        loopless.connect(OTHER_APP)

    loopless = Loopless(limits=RealtimeLimits(max_connections_per_address=1))
    socket = loopless.connect()
    with pytest.raises(errors.OverCapacity, match="one address"):
        loopless.node.connect(handshake())
    loopless.node.disconnect(socket, "127.0.0.1")
    loopless.connect()


def test_a_node_without_sockets_keeps_nothing(loopless: Loopless) -> None:
    sockets = [loopless.connect() for _ in range(5)]
    for number, socket in enumerate(sockets):
        loopless.subscribe(socket, f"private-{number % 2}")
        loopless.join(socket, str(number % 2))
        loopless.say(socket, sign_in({"id": "7"}, socket_id=socket.connection.socket_id))
    for socket in sockets:
        socket.close(1000, "")
    loopless.turns.take_all()
    space = loopless.node.hub.space(APP.id)
    assert [space.by_id, space.by_user, space.channels, space.presence._rosters] == [{}] * 4
    assert loopless.node.stats.connections == 0
    assert len(loopless.node._capacity.addresses) == 0
