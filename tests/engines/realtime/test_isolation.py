"""Nothing crosses between apps, though they use the same names for everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from kabar.core.events import Publication
from kabar.engines.broker import Came, Carried, Expelled, Outdated, Revoked, SignedIn, Went
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.node.app_changes import change_apps
from tests.engines.realtime.api_client import call
from tests.engines.realtime.support import (
    ListSocket,
    Loopless,
    client,
    frame,
    join_as,
    rules,
    running,
    sign_in,
    subscribe,
)

HERE = App(id="1", key="here-key", secret="here-secret", max_connections=4)
THERE = App(id="2", key="there-key", secret="there-secret", max_connections=4)
PRESENCE = "presence-cache-x"


class World:
    """An app with three sockets. In every world they have the same ids, users and channels."""

    def __init__(self, loopless: Loopless, app: App) -> None:
        self.app = app
        self._loopless = loopless
        self.ann, self.bob, self.eve = (self._socket(number) for number in (1, 2, 3))
        for user, socket in (("ann", self.ann), ("bob", self.bob)):
            self.say(socket, sign_in, {"id": user, "watchlist": ["ann", "bob", "eve"]})
            self.say(socket, join_as, user, PRESENCE)
            for channel in ("x", "private-x", "cache-x"):
                self.say(socket, subscribe, channel)
        self.publish("cache-x")

    def _socket(self, number: int) -> ListSocket:
        connection = Connection(self.app, f"{number}.1", rules())
        socket = ListSocket(connection, node=self._loopless.node)
        self._loopless.node.welcome(socket, "127.0.0.1")
        return socket

    def say(self, socket: ListSocket, make: Callable[..., str], *what: Any) -> None:
        about = {"socket_id": socket.connection.socket_id, "app": self.app}
        self._loopless.say(socket, make(*what, **about))

    def say_plainly(self, socket: ListSocket, event: str, data: Any, **more: Any) -> None:
        self._loopless.say(socket, frame(event, data, **more))

    def publish(self, channel: str, **more: Any) -> None:
        self._loopless.node.publish(
            Publication(channels=(channel,), event="e", data="d", app_id=self.app.id, **more)
        )

    def carry(self, *carried: Any) -> None:
        for each in carried:
            self._loopless.broker.publish(each)

    def change(self, *apps: App) -> None:
        change_apps(self._loopless.node, apps)

    def heard(self) -> list[Any]:
        return [
            (socket.connection.socket_id, socket.closed, socket.heard)
            for socket in (self.ann, self.bob, self.eve)
            if socket.frames or socket.closed
        ]

    def state(self) -> dict[str, Any]:
        """Everything that the node knows of the app."""
        space = self._loopless.node.hub.space(self.app.id)
        return {
            "sockets": set(space.by_id),
            "users": {user: len(theirs) for user, theirs in space.by_user.items()},
            "listeners": {name: len(each.listeners) for name, each in space.channels.items()},
            "counts": {name: space.counts.of(name) for name in space.counts},
            "online": {name: space.online.of(name) for name in space.online},
            "members": [member.user_id for member in space.presence.members(PRESENCE)],
            "quota": space.quota._used,
            "cached": {name: kept.data for name, kept in space.cache._events.items()},
            "subscriptions": [
                dict(socket.connection.subscriptions) for socket in (self.ann, self.bob, self.eve)
            ],
            "barred": [
                socket.connection.holding._barred for socket in (self.ann, self.bob, self.eve)
            ],
        }


@dataclass
class Deed:
    """Something that one app does or has done to it."""

    name: str
    do: Callable[[World], object]


DEEDS = [
    Deed("subscribes", lambda w: w.say(w.eve, subscribe, "x")),
    Deed("joins a presence channel", lambda w: w.say(w.eve, join_as, "eve", PRESENCE)),
    Deed("signs in", lambda w: w.say(w.eve, sign_in, {"id": "eve"})),
    Deed("unsubscribes", lambda w: w.say_plainly(w.ann, "pusher:unsubscribe", {"channel": "x"})),
    Deed(
        "leaves a presence channel",
        lambda w: w.say_plainly(w.ann, "pusher:unsubscribe", {"channel": PRESENCE}),
    ),
    Deed(
        "sends a client event",
        lambda w: w.say_plainly(w.ann, "client-a", {}, channel="private-x"),
    ),
    Deed("goes", lambda w: w.ann.close(1000, "")),
    Deed("publishes", lambda w: w.publish("x")),
    Deed("publishes for a cache channel", lambda w: w.publish("cache-x")),
    Deed("spares a socket", lambda w: w.publish("x", except_socket="1.1")),
    Deed("ends a user's connections", lambda w: w.carry(Expelled(w.app.id, "ann"))),
    Deed("lets a user show who she is", lambda w: w.carry(Outdated(w.app.id, "ann"))),
    Deed("cuts a user off", lambda w: w.carry(Revoked(w.app.id, PRESENCE, "ann"))),
    Deed(
        "hears of another node",
        lambda w: w.carry(
            Came("n", w.app.id, PRESENCE, "9.9", "eve", b"{}"), SignedIn("n", w.app.id, "eve")
        ),
    ),
    Deed(
        "hears that somebody on another node went",
        lambda w: w.carry(
            Came("n", w.app.id, PRESENCE, "9.9", "eve", b"{}"),
            Went("n", w.app.id, PRESENCE, "9.9", "eve"),
        ),
    ),
    Deed("is disabled", lambda w: w.change(replace(HERE, enabled=False), THERE)),
    Deed("is removed", lambda w: w.change(THERE)),
]


@pytest.mark.parametrize("deed", DEEDS, ids=[deed.name for deed in DEEDS])
def test_nobody_in_another_app_hears_or_loses_anything(deed: Deed) -> None:
    loopless = Loopless(HERE, THERE)
    here, there = World(loopless, HERE), World(loopless, THERE)
    loopless.turns.take_all()
    for world in (here, there):
        world.heard()
    before = there.state()
    loopless.edges.all.clear()

    deed.do(here)
    loopless.turns.take_all()

    assert here.heard() != [], "it is something to those in the same app"
    assert there.heard() == []
    assert there.state() == before
    assert {app_id for app_id, _ in loopless.edges.all} <= {HERE.id}


@pytest.mark.parametrize(
    ("key", "secret"),
    [("there-key", "there-secret"), ("here-key", "there-secret"), ("there-key", "here-secret")],
)
def test_a_signature_of_one_app_is_none_in_another(key: str, secret: str) -> None:
    loopless = Loopless(HERE, THERE)
    here, _ = World(loopless, HERE), World(loopless, THERE)
    loopless.turns.take_all()
    here.heard()
    signer = replace(HERE, key=key, secret=secret)
    about: dict[str, Any] = {"socket_id": here.eve.connection.socket_id, "app": signer}
    for text in (
        subscribe("private-x", **about),
        join_as("eve", PRESENCE, **about),
        sign_in({"id": "eve"}, **about),
    ):
        loopless.say(here.eve, text)
        (refusal,) = here.eve.heard
        assert refusal["data"]["message"].startswith(("Invalid key", "Invalid signature"))
    assert here.eve.connection.subscriptions == {}
    assert here.eve.connection.user is None


def test_quotas_do_not_share() -> None:
    loopless = Loopless(HERE, THERE)
    World(loopless, HERE)
    full = loopless.node.hub.space(HERE.id).quota
    full.take()
    assert full.is_used_up(HERE)
    for _ in range(4):
        loopless.connect(THERE)
    assert loopless.node.hub.space(THERE.id).quota.is_used_up(THERE)
    assert not full.is_exceeded(HERE)


async def test_calls_see_and_end_what_is_their_own() -> None:
    async with (
        running(HERE, THERE) as server,
        client(server, "/app/here-key?protocol=7") as ann,
        client(server, "/app/there-key?protocol=7") as bob,
    ):
        for each, app in ((ann, HERE), (bob, THERE)):
            user_id = f"user-of-{app.id}"
            await each.say(join_as(user_id, socket_id=each.socket_id, app=app))
            await each.hear()
            await each.say(sign_in({"id": "7"}, socket_id=each.socket_id, app=app))
            await each.hear()
            await each.subscribe(f"only-{app.id}")
            await each.hear()

        for app, other in ((HERE, THERE), (THERE, HERE)):
            path = f"/apps/{app.id}"
            listed = await call(server, "GET", f"{path}/channels", app=app)
            assert set(listed.json["channels"]) == {"presence-room", f"only-{app.id}"}
            users = await call(server, "GET", f"{path}/channels/presence-room/users", app=app)
            assert users.json == {"users": [{"id": f"user-of-{app.id}"}]}
            empty = await call(server, "GET", f"{path}/channels/only-{other.id}", app=app)
            assert empty.json == {"occupied": False}
            foreign = await call(server, "GET", f"{path}/channels", app=other)
            assert (foreign.status, foreign.text) == (400, "Not authorized for that app\n")
            forged = replace(app, secret=other.secret)
            assert (await call(server, "GET", f"{path}/channels", app=forged)).status == 401

        # A socket of the other app excludes nobody here.
        event = {"name": "e", "channel": "presence-room", "data": "d", "socket_id": ann.socket_id}
        assert (await call(server, "POST", "/apps/2/events", event, app=THERE)).status == 200
        assert (await bob.hear())["event"] == "e"
        assert await ann.is_silent()

        ended = await call(server, "POST", "/apps/1/users/7/terminate_connections", app=HERE)
        assert ended.json == {}
        assert (await ann.closing())[0] == 4009
        assert await bob.is_silent()


def test_every_fact_that_is_carried_names_its_app() -> None:
    """What would not, could not be kept apart."""
    for kind in get_args(Carried):
        assert "app_id" in {field.name for field in msgspec.structs.fields(kind)}, kind
