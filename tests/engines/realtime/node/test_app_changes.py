"""What happens to open connections and calls when apps change."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from kabar.core.events import Publication
from kabar.engines.broker import Asked, Expelled, SignedIn
from kabar.engines.realtime.apps.app import App, AppKey
from kabar.engines.realtime.node.app_changes import change_apps
from kabar.engines.realtime.protocol import errors
from tests.engines.realtime.api_client import call
from tests.engines.realtime.support import (
    APP,
    OTHER_APP,
    ListSocket,
    Loopless,
    client,
    frame,
    handshake,
    running,
    sign_in,
    subscribe,
)

FRESH = replace(
    OTHER_APP,
    key="fresh-key",
    secret="fresh-secret",
    older_keys=(AppKey(key="other-key", secret="other-secret"),),
)
FORMER = OTHER_APP
NEWEST = replace(FRESH, older_keys=())


def settled(loopless: Loopless, *sockets: ListSocket) -> None:
    """Everything so far has been heard."""
    loopless.turns.take_all()
    for socket in sockets:
        socket.frames.clear()


def test_a_disabled_app_lets_nobody_stay_and_nobody_in(loopless: Loopless) -> None:
    ann, bob = loopless.connect(OTHER_APP), loopless.connect(OTHER_APP)
    stranger = loopless.connect(APP)
    for socket in (ann, bob, stranger):
        loopless.subscribe(socket, "room")
    settled(loopless, ann, bob, stranger)

    change_apps(loopless.node, [APP, replace(OTHER_APP, enabled=False)])

    for socket in (ann, bob):
        assert socket.closed == (4003, "App disabled")
        assert socket.heard == [
            {"event": "pusher:error", "data": {"code": 4003, "message": "App disabled"}}
        ]
    with pytest.raises(errors.AppDisabled):
        loopless.connect(OTHER_APP)
    assert (stranger.closed, stranger.heard) == (None, [])
    space = loopless.node.hub.space(OTHER_APP.id)
    assert not space.by_id
    assert not list(space.counts)

    change_apps(loopless.node, [APP, OTHER_APP])
    loopless.subscribe(loopless.connect(OTHER_APP), "room")
    assert space.counts.of("room") == 1


def test_a_removed_app_leaves_nothing_behind(loopless: Loopless) -> None:
    ann, bob = loopless.connect(OTHER_APP), loopless.connect(OTHER_APP)
    for number, socket in enumerate((ann, bob)):
        user = {"id": str(number), "watchlist": ["0", "1"]}
        loopless.say(socket, sign_in(user, socket_id=socket.connection.socket_id, app=OTHER_APP))
        loopless.join(socket, str(number))
        loopless.subscribe(socket, "cache-x")
    loopless.node.publish(said(OTHER_APP, "cache-x"))
    settled(loopless, ann, bob)

    change_apps(loopless.node, [APP])
    loopless.turns.take_all()

    for socket in (ann, bob):
        assert socket.closed == (4001, "This app has been removed")
        assert socket.heard[-1]["event"] == "pusher:error"
    with pytest.raises(errors.NoSuchApp):
        loopless.connect(OTHER_APP)
    # What other nodes still say of it makes no new place for it.
    for carried in (
        said(OTHER_APP, "cache-x"),
        Asked(OTHER_APP.id, "1.1", "7"),
        SignedIn("another-node", OTHER_APP.id, "7"),
        Expelled(OTHER_APP.id, "7"),
    ):
        loopless.broker.publish(carried)
    assert set(loopless.node.hub._spaces) <= {APP.id}
    assert loopless.node.stats.connections == 0


def test_an_app_with_the_id_of_one_that_was_removed_starts_with_nothing(
    loopless: Loopless,
) -> None:
    old = loopless.connect(OTHER_APP)
    loopless.join(old, "7", "presence-cache-x")
    loopless.node.publish(said(OTHER_APP, "presence-cache-x"))
    change_apps(loopless.node, [APP])
    heir = App(id=OTHER_APP.id, key="heir", secret="heir", max_connections=1)
    change_apps(loopless.node, [APP, heir])
    new = loopless.connect(heir)
    settled(loopless, old, new)
    loopless.join(new, "8", "presence-cache-x")
    succeeded, miss = new.heard
    assert json.loads(succeeded["data"])["presence"]["ids"] == ["8"]
    assert miss["event"] == "pusher:cache_miss"
    assert old.heard == []
    with pytest.raises(errors.OverQuota):
        loopless.connect(heir)


def test_many_connections_are_closed_in_turns_and_others_are_served_in_between(
    loopless: Loopless,
) -> None:
    sockets = [loopless.connect(OTHER_APP) for _ in range(1_200)]
    for socket in sockets:
        loopless.subscribe(socket, "x")
    bystander = loopless.connect(APP)
    loopless.subscribe(bystander, "x")
    settled(loopless, bystander, *sockets)
    change_apps(loopless.node, [APP])
    assert [socket.closed is None for socket in sockets].count(False) == 500
    loopless.node.publish(said(APP, "x"))
    loopless.node.publish(said(OTHER_APP, "x"))
    sockets[-1].close(1000, "")
    loopless.turns.take_one()
    assert [each["event"] for each in bystander.heard] == ["e"]
    assert sockets[-2].closed is None
    assert sockets[-2].heard == []
    loopless.turns.take_all()
    assert {socket.closed for socket in sockets[:-1]} == {(4001, "This app has been removed")}
    assert sockets[-1].closed == (1000, "")
    assert set(loopless.node.hub._spaces) == {APP.id}


def test_nobody_of_a_removed_app_is_left_when_its_id_is_given_again() -> None:
    """Not even of so many that their farewell is still going on."""
    loopless = Loopless()
    old = [loopless.connect(OTHER_APP) for _ in range(600)]
    for socket in old:
        loopless.subscribe(socket, "x")
    settled(loopless, *old)
    loopless.edges.all.clear()
    heir = App(id=OTHER_APP.id, key="heir", secret="heir", max_connections=1)
    change_apps(loopless.node, [APP])
    change_apps(loopless.node, [APP, heir])
    assert {socket.closed and socket.closed[0] for socket in old} == {4001}
    new = loopless.connect(heir)
    loopless.subscribe(new, "x")
    loopless.turns.take_all()
    assert new.closed is None
    assert loopless.node.hub.space(heir.id).counts.of("x") == 1
    # That the others went is nothing that the new one is told.
    assert [edge.name for _, edge in loopless.edges.all] == [
        "channel_occupied",
        "subscription_count",
    ]
    change_apps(loopless.node, [APP])
    loopless.turns.take_all()
    assert OTHER_APP.id not in loopless.node.hub._spaces


def said(app: App, channel: str) -> Publication:
    return Publication(channels=(channel,), event="e", data="d", app_id=app.id)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "signed_with", "is_good"),
    [
        (FRESH, FORMER, True),
        (FRESH, NEWEST, True),
        (NEWEST, NEWEST, True),
        (NEWEST, FORMER, False),
        (FRESH, replace(NEWEST, secret="other-secret"), False),
        (FRESH, replace(FORMER, secret="fresh-secret"), False),
        (FRESH, APP, False),
    ],
)
def test_a_rotated_app_takes_each_key_that_is_good_with_its_own_secret(
    loopless: Loopless, now: App, signed_with: App, is_good: bool
) -> None:
    """Those who were connected before stay, whatever they connected with."""
    socket = loopless.connect(OTHER_APP)
    change_apps(loopless.node, [APP, now])
    settled(loopless, socket)
    socket_id = socket.connection.socket_id
    loopless.say(socket, subscribe("private-x", socket_id=socket_id, app=signed_with))
    loopless.say(socket, sign_in({"id": "7"}, socket_id=socket_id, app=signed_with))
    assert socket.closed is None
    errors = [each for each in socket.heard if each["event"] == "pusher:error"]
    assert len(errors) == (0 if is_good else 2)


def test_one_connects_with_every_key_that_is_good(loopless: Loopless) -> None:
    change_apps(loopless.node, [APP, FRESH])
    for key in ("other-key", "fresh-key"):
        assert loopless.node.connect(handshake(f"/app/{key}")).app == FRESH
    change_apps(loopless.node, [APP, NEWEST])
    with pytest.raises(errors.NoSuchApp):
        loopless.node.connect(handshake("/app/other-key"))


async def test_calls_are_taken_with_every_key_that_is_good() -> None:
    async with running(APP, OTHER_APP) as server:
        for now, signed_with, status in (
            (FRESH, FORMER, 200),
            (FRESH, NEWEST, 200),
            (FRESH, replace(FORMER, secret="fresh-secret"), 401),
            (NEWEST, FORMER, 400),
            (NEWEST, NEWEST, 200),
            (replace(NEWEST, enabled=False), NEWEST, 403),
        ):
            server.realtime.change_apps([APP, now])
            answer = await call(server, "GET", "/apps/2/channels", app=signed_with)
            assert answer.status == status, answer
        server.realtime.change_apps([APP])
        answer = await call(server, "GET", "/apps/2/channels", app=NEWEST)
        assert (answer.status, answer.text) == (400, "Unknown auth_key\n")


async def test_kabars_own_app_signs_with_its_newest_key() -> None:
    old = AppKey(key=APP.key, secret=APP.secret)
    async with running(APP) as server, client(server) as ann:
        server.realtime.change_apps([replace(APP, key="k2", secret="s2", older_keys=(old,))])
        signed = server.realtime.authorize(ann.socket_id, "private-x")
        assert signed["auth"].startswith("k2:")
        await ann.say(frame("pusher:subscribe", {"channel": "private-x", **signed}))
        assert (await ann.hear())["event"] == "pusher_internal:subscription_succeeded"
        user = server.realtime.authenticate_user(ann.socket_id, {"id": "7"})
        await ann.say(frame("pusher:signin", user))
        assert (await ann.hear())["event"] == "pusher:signin_success"


# ── what an app allows ───────────────────────────────────────────────────────────────────────


def test_a_change_holds_for_those_who_are_connected(loopless: Loopless) -> None:
    ann = loopless.connect(OTHER_APP)
    loopless.subscribe(ann, "private-x")
    change_apps(loopless.node, [APP, replace(OTHER_APP, client_events=False)])
    settled(loopless, ann)
    loopless.say(ann, frame("client-a", {}, channel="private-x"))
    (refusal,) = ann.heard
    assert "you must enable this feature" in refusal["data"]["message"]
    assert [edge.name for _, edge in loopless.edges.all] == ["channel_occupied"]


def test_a_smaller_quota_closes_nobody_and_lets_nobody_in(loopless: Loopless) -> None:
    sockets = [loopless.connect(OTHER_APP) for _ in range(3)]
    small = replace(OTHER_APP, max_connections=2)
    change_apps(loopless.node, [APP, small])
    assert [socket.closed for socket in sockets] == [None] * 3
    for socket in sockets[:2]:
        with pytest.raises(errors.OverQuota):
            loopless.connect(small)
        socket.close(1000, "")
    loopless.connect(small)


def test_what_counts_to_the_quota_is_counted_anew(loopless: Loopless) -> None:
    """Nobody who signed in is a stranger, because the app asks for it only now."""
    known, stranger = loopless.connect(OTHER_APP), loopless.connect(OTHER_APP)
    loopless.subscribe(known, "private-x")
    strict = replace(OTHER_APP, authorized_connections=True, max_connections=1)
    change_apps(loopless.node, [APP, strict])
    assert (known.connection.authorization_seconds, stranger.connection.authorization_seconds) == (
        None,
        30,
    )
    space = loopless.node.hub.space(OTHER_APP.id)
    assert space.quota.is_used_up(strict)
    assert not space.quota.is_exceeded(strict)
    loopless.subscribe(stranger, "private-x")
    assert stranger.closed == (4004, "Account over quota")
    change_apps(loopless.node, [APP, OTHER_APP])
    known.close(1000, "")
    space.quota.take()
    assert space.quota.is_used_up(strict)
    assert not space.quota.is_exceeded(strict)


def test_apps_that_do_not_fit_together_change_nothing(loopless: Loopless) -> None:
    ann = loopless.connect(OTHER_APP)
    thief = App(id="3", key="k", secret="s", older_keys=(AppKey(key=APP.key, secret="s"),))
    for apps in ([], [APP, thief], [APP, APP]):
        with pytest.raises(ValueError):
            change_apps(loopless.node, apps)
        assert list(loopless.node.apps) == [APP, OTHER_APP]
    assert ann.closed is None
