"""Users who watch others come and go."""

from __future__ import annotations

import json
from typing import Any

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.effects import ComeOnline, Watch
from tests.engines.realtime.support import (
    APP,
    OTHER_APP,
    Client,
    ListSocket,
    Loopless,
    Running,
    client,
    error_of,
    new_connection,
    said_to,
    sign_in,
)

EVENTS = "pusher_internal:watchlist_events"


def signed_in(loopless: Loopless, user: dict[str, Any], app: App = APP) -> ListSocket:
    socket = loopless.connect(app)
    loopless.say(socket, sign_in(user, socket_id=socket.connection.socket_id, app=app))
    return socket


def statuses(socket: ListSocket) -> list[dict[str, list[str]]]:
    """What a socket heard of others: one entry a frame."""
    return [
        {event["name"]: event["user_ids"] for event in json.loads(each["data"])["events"]}
        for each in socket.heard
        if each["event"] == EVENTS
    ]


def test_signing_in_tells_who_is_online_after_it_is_confirmed(loopless: Loopless) -> None:
    signed_in(loopless, {"id": "bob"})
    alice = signed_in(loopless, {"id": "alice", "watchlist": ["bob", "carol", "bob"]})
    confirmed, told = alice.heard
    assert confirmed["event"] == "pusher:signin_success"
    assert told == {
        "event": EVENTS,
        "data": (
            '{"events":[{"name":"online","user_ids":["bob"]},'
            '{"name":"offline","user_ids":["carol"]}]}'
        ),
    }


def test_a_watchlist_without_anybody_is_no_news(loopless: Loopless) -> None:
    assert statuses(signed_in(loopless, {"id": "alice", "watchlist": []})) == []
    assert statuses(signed_in(loopless, {"id": "alice"})) == []
    assert statuses(signed_in(loopless, {"id": "alice", "watchlist": None})) == []


def test_users_are_online_while_they_have_a_socket_they_signed_in_on(loopless: Loopless) -> None:
    alice = signed_in(loopless, {"id": "alice", "watchlist": ["bob"]})
    assert statuses(alice) == [{"offline": ["bob"]}]
    bob, bobs_tab = signed_in(loopless, {"id": "bob"}), signed_in(loopless, {"id": "bob"})
    assert statuses(alice) == [{"online": ["bob"]}]
    loopless.say(bob, sign_in({"id": "bob"}, socket_id=bob.connection.socket_id))
    bob.close(1000, "")
    assert statuses(alice) == []
    bobs_tab.close(1000, "")
    assert statuses(alice) == [{"offline": ["bob"]}]


def test_members_of_presence_channels_and_users_of_other_apps_are_not_online(
    loopless: Loopless,
) -> None:
    alice = signed_in(loopless, {"id": "alice", "watchlist": ["bob"]})
    assert statuses(alice) == [{"offline": ["bob"]}]
    loopless.join(loopless.connect(), "bob")
    signed_in(loopless, {"id": "bob"}, OTHER_APP)
    assert statuses(alice) == []


def test_signing_in_again_changes_whom_one_watches(loopless: Loopless) -> None:
    alice = signed_in(loopless, {"id": "alice", "watchlist": ["bob"]})
    again = {"id": "alice", "watchlist": ["carol"]}
    loopless.say(alice, sign_in(again, socket_id=alice.connection.socket_id))
    assert statuses(alice) == [{"offline": ["bob"]}, {"offline": ["carol"]}]
    signed_in(loopless, {"id": "bob"})
    signed_in(loopless, {"id": "carol"})
    assert statuses(alice) == [{"online": ["carol"]}]


def test_who_is_gone_is_told_nothing_and_remembered_by_nobody(loopless: Loopless) -> None:
    alice = signed_in(loopless, {"id": "alice", "watchlist": ["alice", "bob"]})
    assert statuses(alice) == [{"online": ["alice"], "offline": ["bob"]}]
    alice.close(1000, "")
    signed_in(loopless, {"id": "bob"})
    assert statuses(alice) == []
    assert loopless.node.hub.space(APP.id).watchers._by_user == {}


def test_of_a_watchlist_that_is_too_long_the_first_hundred_count() -> None:
    connection = new_connection()
    user_ids = [str(number) for number in range(101)]
    effects = said_to(connection, sign_in({"id": "7", "watchlist": user_ids}))
    assert effects[2:4] == [ComeOnline("7"), Watch(tuple(user_ids[:100]))]
    assert error_of(effects[4:]) == {"code": 4302, "message": "Watchlist limit exceeded"}
    effects = said_to(new_connection(), sign_in({"id": "7", "watchlist": user_ids[:100]}))
    assert effects[-1] == Watch(tuple(user_ids[:100]))


def test_an_app_may_go_without() -> None:
    unwatched = App(id="1", key="app-key", secret="app-secret", watchlist=False)
    connection = new_connection(unwatched)
    effects = said_to(connection, sign_in({"id": "7", "watchlist": ["8"]}))
    assert effects[-1] == ComeOnline("7")


def test_a_watchlist_is_a_list_of_strings() -> None:
    connection = new_connection()
    effects = said_to(connection, sign_in({"id": "7", "watchlist": [8]}))
    assert "user_data must be a JSON object" in error_of(effects)["message"]
    assert connection.user is None


async def test_real_clients_see_each_other_come_and_go(server: Running) -> None:
    async def heard(person: Client) -> list[dict[str, Any]]:
        found = await person.hear()
        assert found["event"] == EVENTS
        events: list[dict[str, Any]] = json.loads(found["data"])["events"]
        return events

    async with client(server) as alice, client(server) as bob:
        user = {"id": "alice", "watchlist": ["bob"]}
        await alice.say(sign_in(user, socket_id=alice.socket_id))
        assert (await alice.hear())["event"] == "pusher:signin_success"
        assert await heard(alice) == [{"name": "offline", "user_ids": ["bob"]}]
        await bob.say(sign_in({"id": "bob"}, socket_id=bob.socket_id))
        assert await heard(alice) == [{"name": "online", "user_ids": ["bob"]}]
        bob.websocket.transport.abort()
        assert await heard(alice) == [{"name": "offline", "user_ids": ["bob"]}]
