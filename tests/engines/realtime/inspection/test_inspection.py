"""What the engine answers to the operator's console."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kabar.core.errors import NotFound
from kabar.core.times import utc_now
from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.inspection.inspection import Inspection
from kabar.engines.realtime.webhooks.delivery import Delivery
from tests.engines.realtime.inspection.observed import ObservedNode
from tests.engines.realtime.support import APP, OTHER_APP, sign_in


async def test_a_connection_is_shown_with_who_it_is_and_what_it_listens_to() -> None:
    engine = ObservedNode()
    ann = engine.connect()
    for channel in ("a", "b", "c", "d"):
        engine.subscribe(ann, channel)
    engine.say(ann, sign_in({"id": "ann"}, socket_id=ann.connection.socket_id))

    page = await engine.inspection.connections(APP.id, "")

    [shown] = page.connections
    assert (shown.socket_id, shown.user_id) == (ann.connection.socket_id, "ann")
    assert (shown.address, shown.transport, shown.since) == ("127.0.0.1", "list", 1_800_000_000.0)
    assert (shown.subscriptions, shown.channels) == (4, ["a", "b", "c"])
    whole = engine.inspection.connection(APP.id, shown.socket_id)
    assert whole.channels == ["a", "b", "c", "d"]
    assert engine.inspection.overview(APP.id).users == 1


async def test_a_connection_is_found_by_id_user_and_address() -> None:
    engine = ObservedNode()
    ann, _ben = engine.connect(), engine.connect()
    engine.say(ann, sign_in({"id": "ann"}, socket_id=ann.connection.socket_id))

    for search in ("an", ann.connection.socket_id):
        page = await engine.inspection.connections(APP.id, search)
        assert [each.socket_id for each in page.connections] == [ann.connection.socket_id]
        assert (page.found, page.total) == (1, 2)
    assert (await engine.inspection.connections(APP.id, "127.")).found == 2
    assert (await engine.inspection.connections(APP.id, "nobody")).found == 0


async def test_channels_are_listed_with_the_largest_first() -> None:
    engine = ObservedNode()
    sockets = [engine.connect() for _ in range(3)]
    for count, channel in ((1, "b"), (3, "c"), (1, "a"), (2, "cache-x")):
        for socket in sockets[:count]:
            engine.subscribe(socket, channel)

    page = await engine.inspection.channels(APP.id, "")
    assert [(each.name, each.subscriptions) for each in page.channels] == [
        ("c", 3),
        ("cache-x", 2),
        ("a", 1),
        ("b", 1),
    ]
    page = await engine.inspection.channels(APP.id, "ca")
    assert [each.name for each in page.channels] == ["cache-x"]
    assert (page.found, page.total) == (1, 4)


def test_a_channel_tells_who_listens_as_whom_and_what_came_last() -> None:
    engine = ObservedNode()
    ann = engine.connect()
    engine.join(ann, "ann", "presence-cache-x")
    engine.inspection.overview(APP.id)
    engine.trigger("presence-cache-x", "1")
    engine.trigger("presence-cache-x", "2")
    engine.say_to_all(ann, "presence-cache-x", 3)

    found = engine.inspection.channel(APP.id, "presence-cache-x")

    assert [(each.socket_id, each.user_id) for each in found.listeners] == [
        (ann.connection.socket_id, "ann")
    ]
    assert (found.channel.users, found.member_ids) == (1, ["ann"])
    assert found.cached is not None
    # What a client says is not for later, but it is what came last.
    assert (found.cached.data, found.cached.seconds_left) == ("2", 1800)
    assert found.last_event is not None
    assert (found.last_event.origin, found.last_event.data) == ("client", "3")
    assert found.last_event.user_id == "ann"
    assert found.last_event.reached == 0

    nobody = engine.inspection.channel(APP.id, "nobody")
    assert (nobody.channel.subscriptions, nobody.listeners, nobody.last_event) == (0, [], None)


def test_events_come_after_the_last_that_was_seen_and_say_what_was_missed() -> None:
    engine = ObservedNode()
    assert engine.inspection.events(APP.id, 0).events == []
    engine.trigger("a", "1")
    engine.trigger("a", "2")

    first = engine.inspection.events(APP.id, 0)
    assert ([each.data for each in first.events], first.last) == (["1", "2"], 2)
    assert engine.inspection.events(APP.id, 2).events == []
    engine.trigger("a", "3")
    second = engine.inspection.events(APP.id, 2)
    assert ([each.data for each in second.events], second.missed) == (["3"], 0)

    for _ in range(310):
        engine.trigger("a")
    third = engine.inspection.events(APP.id, 3)
    assert (len(third.events), third.missed, third.last) == (300, 10, 313)


def test_a_number_from_before_a_restart_asks_for_everything() -> None:
    engine = ObservedNode()
    engine.inspection.events(APP.id, 0)
    engine.trigger("a", "new")
    page = engine.inspection.events(APP.id, 5_000)
    assert ([each.data for each in page.events], page.last) == (["new"], 1)


def test_members_that_come_are_told_as_kabars_own_events() -> None:
    engine = ObservedNode()
    engine.inspection.events(APP.id, 0)
    engine.join(engine.connect(), "ann")
    [seen] = engine.inspection.events(APP.id, 0).events
    assert (seen.origin, seen.event) == ("kabar", "pusher_internal:member_added")


def test_the_hour_of_an_app_that_came_later_begins_with_zeros() -> None:
    engine = ObservedNode(APP)
    engine.turns.pass_time(20)
    engine.apps.become(APP, OTHER_APP)
    engine.connect(OTHER_APP)
    engine.turns.pass_time(10)

    samples = engine.inspection.overview(OTHER_APP.id).samples
    assert len(samples.at) == 3
    assert samples.connections == [0, 0, 1]
    assert samples.messages_out == [0, 0, 1]


async def test_nothing_of_another_app_is_shown() -> None:
    engine = ObservedNode()
    ann = engine.connect()
    engine.join(ann, "member-x", "presence-secret")
    engine.inspection.overview(APP.id)
    engine.trigger("presence-secret", '"secret"')
    engine.say(ann, "secret nonsense")
    engine.turns.pass_time(10)

    shown = await everything(engine.inspection, OTHER_APP.id)
    for word in ("secret", "member-x", ann.connection.socket_id, APP.key):
        assert word not in shown
    with pytest.raises(NotFound):
        engine.inspection.connection(OTHER_APP.id, ann.connection.socket_id)
    detail = engine.inspection.channel(OTHER_APP.id, "presence-secret")
    assert (detail.listeners, detail.member_ids, detail.last_event) == ([], [], None)
    # The other way round, so that it is known that there was something to see.
    assert "secret" in await everything(engine.inspection, APP.id)


async def test_an_apps_secret_stays_where_it_is() -> None:
    engine = ObservedNode()
    engine.connect()
    shown = await everything(engine.inspection, APP.id)
    assert APP.key in shown
    assert APP.secret not in shown


async def test_an_app_that_there_is_not_is_not_found() -> None:
    inspection = ObservedNode().inspection
    for ask in (inspection.overview, inspection.webhooks, inspection.require_app):
        with pytest.raises(NotFound):
            ask("nobody's")
    for ask_slowly in (inspection.connections, inspection.channels):
        with pytest.raises(NotFound):
            await ask_slowly("nobody's", "")


def test_a_webhook_is_told_once_with_what_became_of_it() -> None:
    webhook = Webhook(url="http://a", events=("channel_occupied",))
    app = App(id="1", key="k", secret="s", webhooks=(webhook,))
    engine = ObservedNode(app)
    tried, lost, done = (_delivery(name, lane=name) for name in ("tried", "lost", "done"))
    for delivery in (tried, tried, lost, done):
        _attempted(engine, app, delivery, "status 500")
    _attempted(engine, app, done, None)
    assert engine.queues.reserve(tried)
    engine.queues.of(tried.endpoint).append(tried)

    page = engine.inspection.webhooks("1")

    assert [(each.id, each.status, each.failure) for each in page.attempts] == [
        ("done", "arrived", None),
        ("lost", "given_up", "status 500"),
        ("tried", "retrying", "status 500"),
    ]
    [endpoint] = page.endpoints
    assert (endpoint.url, endpoint.waiting, endpoint.is_full) == ("http://a", 1, False)


async def everything(inspection: Inspection, app_id: str) -> str:
    """All that may be asked of an app without knowing more of it, as JSON."""
    found: list[Any] = [
        inspection.overview(app_id),
        await inspection.connections(app_id, ""),
        await inspection.channels(app_id, ""),
        inspection.events(app_id, 0),
        inspection.webhooks(app_id),
    ]
    return msgspec.json.encode(found).decode()


def _delivery(name: str, lane: str) -> Delivery:
    return Delivery(name, "1", "http://a", lane, '{"events":[]}', utc_now())


def _attempted(engine: ObservedNode, app: App, delivery: Delivery, failure: str | None) -> None:
    engine.observer.attempted(
        app,
        delivery_id=delivery.id,
        url=delivery.url,
        lane=delivery.lane,
        body=delivery.body,
        failure=failure,
        seconds=0.1,
    )
