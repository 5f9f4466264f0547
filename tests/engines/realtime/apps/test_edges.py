"""Edges: what changes on an app's channels, as webhooks tell it."""

from __future__ import annotations

from kabar.engines.realtime.apps.app import App
from tests.engines.realtime.support import OTHER_APP, Loopless, frame

COUNTING = App(id="1", key="app-key", secret="app-secret", client_events_per_second=0)


def leave(loopless: Loopless, socket, channel: str) -> None:  # type: ignore[no-untyped-def]
    loopless.say(socket, frame("pusher:unsubscribe", {"channel": channel}))


def test_a_channel_is_occupied_by_its_first_subscriber_and_vacated_by_its_last(
    loopless: Loopless,
) -> None:
    alice, bob = loopless.connect(), loopless.connect()
    loopless.subscribe(alice, "x")
    assert loopless.edges.told == ['{"name":"channel_occupied","channel":"x"}']
    loopless.subscribe(bob, "x")
    leave(loopless, alice, "x")
    assert loopless.edges.told == []
    bob.close(1000, "")
    assert loopless.edges.told == ['{"name":"channel_vacated","channel":"x"}']


def test_members_are_told_of_as_users(loopless: Loopless) -> None:
    alice, alices_tab, bob = (loopless.connect() for _ in range(3))
    loopless.join(alice, "alice")
    loopless.join(alices_tab, "alice")
    loopless.join(bob, "bob")
    assert loopless.edges.told == [
        '{"name":"channel_occupied","channel":"presence-room"}',
        '{"name":"member_added","channel":"presence-room","user_id":"alice"}',
        '{"name":"member_added","channel":"presence-room","user_id":"bob"}',
    ]
    for socket in (alice, bob, alices_tab):
        socket.close(1000, "")
    assert loopless.edges.told == [
        '{"name":"member_removed","channel":"presence-room","user_id":"bob"}',
        '{"name":"member_removed","channel":"presence-room","user_id":"alice"}',
        '{"name":"channel_vacated","channel":"presence-room"}',
    ]


def test_client_events_are_told_with_who_said_them(loopless: Loopless) -> None:
    alice = loopless.connect()
    loopless.subscribe(alice, "private-x")
    loopless.join(alice, "alice")
    assert len(loopless.edges.told) == 3
    loopless.say(alice, frame("client-a", {"b": 1}, channel="private-x"))
    loopless.say(alice, frame("client-b", "text", channel="presence-room"))
    loopless.say(alice, frame("client-c", "refused", channel="x"))
    socket_id = alice.connection.socket_id
    assert loopless.edges.told == [
        (
            '{"name":"client_event","channel":"private-x","event":"client-a",'
            f'"data":"{{\\"b\\": 1}}","socket_id":"{socket_id}"}}'
        ),
        (
            '{"name":"client_event","channel":"presence-room","event":"client-b",'
            f'"data":"text","socket_id":"{socket_id}","user_id":"alice"}}'
        ),
    ]


def test_a_cache_miss_is_told_once_while_it_lasts(loopless: Loopless) -> None:
    miss = '{"name":"cache_miss","channel":"cache-x"}'
    sockets = [loopless.connect() for _ in range(3)]
    for socket in sockets[:2]:
        loopless.subscribe(socket, "cache-x")
    assert loopless.edges.told == ['{"name":"channel_occupied","channel":"cache-x"}', miss]
    loopless.say(sockets[0], frame("pusher:unsubscribe", {"channel": "cache-x"}))
    loopless.subscribe(sockets[2], "cache-x")
    assert loopless.edges.told == []
    # Everybody gone, it may be told again.
    for socket in sockets:
        socket.close(1000, "")
    loopless.subscribe(loopless.connect(), "cache-x")
    assert miss in loopless.edges.told


def test_counts_are_told_where_they_are_told_to_subscribers() -> None:
    loopless = Loopless(COUNTING, OTHER_APP)
    alice = loopless.connect(COUNTING)
    loopless.subscribe(alice, "x")
    leave(loopless, alice, "x")
    assert loopless.edges.told == [
        '{"name":"channel_occupied","channel":"x"}',
        '{"name":"subscription_count","channel":"x","subscription_count":1}',
        '{"name":"subscription_count","channel":"x","subscription_count":0}',
        '{"name":"channel_vacated","channel":"x"}',
    ]


def test_who_does_not_get_in_changes_nothing(loopless: Loopless) -> None:
    socket = loopless.connect()
    loopless.say(socket, frame("pusher:subscribe", {"channel": "private-x", "auth": "no:no"}))
    socket.close(1000, "")
    assert loopless.edges.told == []


def test_edges_belong_to_their_app(loopless: Loopless) -> None:
    loopless.subscribe(loopless.connect(OTHER_APP), "x")
    [(app_id, _)] = loopless.edges.all
    assert app_id == OTHER_APP.id
