"""What several nodes know together: each hears the others' facts, and tells its own sockets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kabar.core.events import Publication
from kabar.engines.broker import Came, Carried, Deliver, SignedOut, Went
from kabar.engines.realtime.apps.app import App
from tests.engines.realtime.support import APP, ListSocket, Loopless, frame, sign_in

COUNTING = App(id="1", key="app-key", secret="app-secret")


class Wire:
    """Carries what any node says to all of them."""

    def __init__(self) -> None:
        self.nodes: list[Deliver] = []
        #: what is lost on the way: a broker may
        self.loses: tuple[type[Carried], ...] = ()

    async def start(self, deliver: Deliver) -> None:
        self.nodes.append(deliver)

    def publish(self, carried: Carried) -> None:
        if not isinstance(carried, self.loses):
            for deliver in self.nodes:
                deliver(carried)

    async def close(self) -> None:
        self.nodes.clear()


@pytest.fixture
def wire() -> Wire:
    return Wire()


def nodes(wire: Wire, *apps: App) -> tuple[Loopless, Loopless]:
    return Loopless(*apps, broker=wire), Loopless(*apps, broker=wire)


def heard(loopless: Loopless, socket: ListSocket) -> list[tuple[str, Any]]:
    loopless.turns.take_all()
    return [(each["event"].split(":")[-1], json.loads(each["data"])) for each in socket.heard]


def test_members_see_each_other_across_nodes(wire: Wire) -> None:
    here, there = nodes(wire)
    alice, bob, bobs_tab = here.connect(), there.connect(), here.connect()
    here.join(alice, "alice")
    assert heard(here, alice)[0][1]["presence"]["ids"] == ["alice"]
    there.join(bob, "bob")
    assert heard(there, bob)[0][1]["presence"]["ids"] == ["alice", "bob"]
    assert heard(here, alice) == [("member_added", {"user_id": "bob", "user_info": None})]

    here.join(bobs_tab, "bob")
    bob.close(1000, "")
    assert heard(here, alice) == []
    bobs_tab.close(1000, "")
    assert heard(here, alice) == [("member_removed", {"user_id": "bob"})]
    for node in (here, there):
        space = node.node.hub.space(APP.id)
        assert [member.user_id for member in space.presence.members("presence-room")] == ["alice"]


def test_counts_are_those_of_all_nodes(wire: Wire) -> None:
    here, there = nodes(wire, COUNTING)
    alice, bob = here.connect(COUNTING), there.connect(COUNTING)
    here.subscribe(alice, "x")
    there.subscribe(bob, "x")
    counts = [data for name, data in heard(here, alice) if name == "subscription_count"]
    assert counts == [{"subscription_count": 1}, {"subscription_count": 2}]
    assert heard(there, bob)[-1] == ("subscription_count", {"subscription_count": 2})
    there.say(bob, frame("pusher:unsubscribe", {"channel": "x"}))
    assert heard(here, alice) == [("subscription_count", {"subscription_count": 1})]
    assert [node.node.hub.space("1").counts.of("x") for node in (here, there)] == [1, 1]


def test_every_node_sees_the_same_edges(wire: Wire) -> None:
    """So that it takes no talk to leave them to the one that the channel belongs to."""
    here, there = nodes(wire)
    alice, bob = here.connect(), there.connect()
    here.join(alice, "alice")
    there.join(bob, "bob")
    alice.close(1000, "")
    bob.close(1000, "")
    told = here.edges.told
    assert len(told) == 6
    assert there.edges.told == told


def test_users_are_online_wherever_they_are(wire: Wire) -> None:
    here, there = nodes(wire)
    alice, bob = here.connect(), there.connect()
    there.say(bob, sign_in({"id": "bob"}, socket_id=bob.connection.socket_id))
    watching = sign_in({"id": "alice", "watchlist": ["bob"]}, socket_id=alice.connection.socket_id)
    here.say(alice, watching)
    online = {"events": [{"name": "online", "user_ids": ["bob"]}]}
    assert heard(here, alice)[-1] == ("watchlist_events", online)
    bob.close(1000, "")
    offline = {"events": [{"name": "offline", "user_ids": ["bob"]}]}
    assert heard(here, alice) == [("watchlist_events", offline)]


def test_every_node_remembers_the_last_event(wire: Wire) -> None:
    here, there = nodes(wire)
    here.node.publish(Publication(channels=("cache-x",), event="e", data='{"a":1}', app_id=APP.id))
    bob = there.connect()
    there.subscribe(bob, "cache-x")
    assert heard(there, bob)[1:] == [("e", {"a": 1})]


def test_a_node_knows_its_own_sockets_whatever_is_lost(wire: Wire) -> None:
    here, there = nodes(wire)
    wire.loses = (Came, Went)
    alice, bob = here.connect(), there.connect()
    here.join(alice, "alice")
    there.join(bob, "bob")
    assert heard(there, bob)[0][1]["presence"]["ids"] == ["bob"]
    # What went was never known to have come: that is nobody's departure.
    wire.loses = ()
    alice.close(1000, "")
    assert heard(there, bob) == []
    assert there.node.hub.space(APP.id).counts.of("presence-room") == 1


@pytest.mark.parametrize(
    "fact",
    [
        Came("far", "no-app", "presence-x", "1.1", "7"),
        Went("far", "no-app", "presence-x", "1.1", "7"),
        Went("far", APP.id, "presence-x", "1.1", "7"),
        SignedOut("far", APP.id, "7"),
    ],
)
def test_a_fact_about_what_this_node_does_not_know_changes_nothing(fact: Carried) -> None:
    loopless = Loopless()
    loopless.broker.publish(fact)
    space = loopless.node.hub.space(APP.id)
    assert [list(space.counts), list(space.online), space.presence._rosters] == [[], [], {}]
    assert loopless.edges.told == []
