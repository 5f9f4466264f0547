"""What the observer records and counts, and how little of it is kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kabar.core.times import utc_now
from kabar.engines.broker.memory import MemoryBroker
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.observing.observer import WATCH_SECONDS
from kabar.engines.realtime.observing.records import MAX_EVENTS, MAX_SAMPLES, MAX_TEXT
from kabar.engines.realtime.protocol import errors
from kabar.engines.realtime.webhooks.delivery import Delivery
from kabar.engines.realtime.webhooks.post import ObservedPost
from tests.engines.realtime.inspection.observed import ObservedNode
from tests.engines.realtime.support import APP, OTHER_APP, frame, handshake


def test_messages_are_counted_for_their_app_in_both_directions() -> None:
    engine = ObservedNode()
    ann, ben, other = engine.connect(), engine.connect(), engine.connect(OTHER_APP)
    for socket in (ann, ben):
        engine.subscribe(socket, "private-x")
    engine.subscribe(other, "a")

    engine.trigger("private-x")
    engine.say_to_all(ann, "private-x")

    ours, theirs = engine.observer.record(APP.id), engine.observer.record(OTHER_APP.id)
    # Two greetings, two confirmations, an event for two, and ann's for ben alone.
    assert (ours.connections, ours.messages_in, ours.messages_out) == (2, 3, 7)
    assert (theirs.connections, theirs.messages_in, theirs.messages_out) == (1, 1, 2)
    assert engine.node.stats.messages_out == 9


def test_who_leaves_is_counted_out_and_forgotten() -> None:
    engine = ObservedNode()
    ann, _ben = engine.connect(), engine.connect()

    engine.node.disconnect(ann, "127.0.0.1")

    assert engine.observer.record(APP.id).connections == 1
    assert ann not in engine.observer.arrivals


def test_every_ten_seconds_a_sample_is_taken_of_what_happened_since_the_last() -> None:
    engine = ObservedNode()
    ann = engine.connect()
    engine.subscribe(ann, "a")
    engine.turns.pass_time(10)
    engine.say(ann, frame("pusher:ping", {}))
    engine.turns.pass_time(20)

    assert list(engine.observer.record(APP.id).samples) == [(1, 1, 2), (1, 1, 1), (1, 0, 0)]
    assert list(engine.observer.record(OTHER_APP.id).samples) == [(0, 0, 0)] * 3


def test_an_hour_is_kept_and_no_more() -> None:
    engine = ObservedNode()
    engine.turns.pass_time(2 * 3600)

    assert len(engine.observer.record(APP.id).samples) == MAX_SAMPLES == 360
    assert len(engine.observer.sampled_at) == MAX_SAMPLES
    assert engine.turns.waiting == 1
    engine.observer.close()
    assert engine.turns.waiting == 0


def test_events_are_kept_only_while_somebody_looks() -> None:
    engine = ObservedNode()
    engine.connect()
    engine.trigger("a", "unseen")
    assert kept_of(engine) is None

    engine.observer.watch(APP.id)
    engine.trigger("a", "seen")
    engine.trigger("a", "others'", app=OTHER_APP)
    assert kept_of(engine) == ["seen"]

    engine.turns.pass_time(WATCH_SECONDS - 5)
    engine.observer.watch(APP.id)
    engine.turns.pass_time(WATCH_SECONDS - 5)
    assert kept_of(engine) == ["seen"]
    engine.turns.pass_time(15)
    assert kept_of(engine) is None


def kept_of(engine: ObservedNode) -> list[str] | None:
    kept = engine.observer.record(APP.id).events
    return None if kept is None else [seen.data for seen in kept]


def test_a_flood_of_large_events_takes_bounded_memory() -> None:
    engine = ObservedNode()
    engine.observer.watch(APP.id)
    for number in range(2 * MAX_EVENTS):
        engine.trigger("a", str(number) + "x" * 2 * MAX_TEXT)

    kept = engine.observer.record(APP.id).events
    assert kept is not None
    assert [seen.number for seen in kept] == list(range(MAX_EVENTS + 1, 2 * MAX_EVENTS + 1))
    assert {len(seen.data) for seen in kept} == {MAX_TEXT}
    assert all(seen.is_cut for seen in kept)


def test_an_error_that_a_client_is_told_is_kept_with_whose_it_was() -> None:
    engine = ObservedNode()
    ann = engine.connect()
    engine.say(ann, frame("pusher:unsubscribe", {"channel": "nowhere"}))
    for _ in range(300):
        engine.say(ann, "nonsense")

    errors = engine.observer.record(APP.id).errors
    assert len(errors) == 100
    assert errors[-1].socket_id == ann.connection.socket_id
    assert errors[-1].address == "127.0.0.1"
    assert errors[-1].message
    told = [each["data"]["message"] for each in ann.heard if each["event"] == "pusher:error"]
    assert told[-1] == errors[-1].message


@pytest.mark.parametrize(
    ("app", "path", "is_of_app"),
    [
        (APP, "/app/wrong-key", False),
        (APP, "/nowhere", False),
        (App(id="1", key="app-key", secret="s", enabled=False), "/app/app-key", True),
    ],
)
def test_who_is_refused_at_the_handshake_is_remembered(
    app: App, path: str, is_of_app: bool
) -> None:
    engine = ObservedNode(app)
    with pytest.raises(errors.Fatal) as refused:
        engine.node.connect(handshake(path))

    ours = [error.code for error in engine.observer.record(app.id).errors]
    nobodys = [error.code for error in engine.observer.errors_of_nobody]
    code = [refused.value.code]
    assert (ours, nobodys) == ((code, []) if is_of_app else ([], code))


def test_an_app_that_is_gone_is_forgotten_when_its_last_connection_is() -> None:
    engine = ObservedNode()
    other = engine.connect(OTHER_APP)
    engine.apps.become(APP)

    engine.turns.pass_time(10)
    assert engine.observer.record(OTHER_APP.id).messages_out == 1
    engine.node.disconnect(other, "127.0.0.1")
    engine.turns.pass_time(10)
    assert engine.observer.record(OTHER_APP.id).messages_out == 0


async def test_what_became_of_a_webhook_is_kept() -> None:
    engine = ObservedNode()
    failures = iter(["status 500", None])

    async def post(_app: App, _delivery: Delivery) -> str | None:
        await asyncio.sleep(0)
        return next(failures)

    observed = ObservedPost(post, engine.observer)
    delivery = Delivery("d", APP.id, "http://a", "x", "b" * 2 * MAX_TEXT, utc_now())

    answers: list[Any] = [await observed(APP, delivery), await observed(APP, delivery)]

    attempts = engine.observer.record(APP.id).attempts
    assert answers == [attempt.failure for attempt in attempts] == ["status 500", None]
    assert {len(attempt.body) for attempt in attempts} == {MAX_TEXT}
    assert not engine.observer.record(OTHER_APP.id).attempts


def test_an_engine_that_nobody_may_look_into_observes_nothing() -> None:
    plain = Realtime(apps=Apps([APP]), broker=MemoryBroker(), limits=RealtimeLimits())
    assert plain.inspection is None
    assert plain._node._observer is None
